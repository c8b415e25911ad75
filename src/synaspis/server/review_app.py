"""An exercise played again, in a browser of this machine: its page, what it shows, and what ifs it asks for.

Behind the gate of the server of seats. Who has the link, which the terminal of whoever may read the record
prints, may see all of it; the token is in its fragment, and the page's script shows it with each request.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import threading
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from synaspis.errors import SynaspisError
from synaspis.server import pages
from synaspis.server.app import HTML, JSON, add_assets, answer, misread, refused
from synaspis.server.gate import Gate, Names
from synaspis.server.ledger import Ledger
from synaspis.server.limits import Limits

Told = Callable[[str, float], None]
Plays = Callable[[str, float, Told], dict[str, Any]]
"""Goes on under a regime from a second of the case's clock, saying its stage and how far it is (0 to 1)."""
BUSY: Final = "another is being played; stop it, or wait for its end"


class Asked(BaseModel):
    """Under which regime, and from which second of the case's clock."""

    model_config = ConfigDict(extra="forbid")
    regime: Annotated[str, Field(min_length=1, max_length=120)]
    from_s: Annotated[float, Field(allow_inf_nan=False, ge=-1e7, le=1e7)]


class Stopped(Exception):
    """Somebody does not want to wait."""


class WhatIfs:
    """What ifs of one record, one at a time, each in a thread of its own; all that were found are kept."""

    def __init__(self, plays: Plays) -> None:
        self._plays, self._lock = plays, threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._now: dict[str, Any] | None = None
        self._found: list[dict[str, Any]] = []
        self._words = ""

    def ask(self, regime: str, from_s: float) -> bool:
        """Begin one; False while another is being played."""
        with self._lock:
            if self._now is not None:
                return False
            self._now = {"regime": regime, "from_s": from_s, "stage": "", "share": 0.0}
            self._words = ""
            self._stop.clear()
            self._thread = threading.Thread(target=self._play, args=(regime, from_s), daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Let go what is being played; it ends soon after."""
        self._stop.set()

    def shown(self) -> dict[str, Any]:
        """What is being played now (or null), why the last one failed, and all that were found."""
        with self._lock:
            return {"now": self._now, "words": self._words, "found": list(self._found)}

    def close(self) -> None:
        """End what is being played."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10.0)

    def _told(self, stage: str, share: float) -> None:
        if self._stop.is_set():
            raise Stopped
        with self._lock:
            if self._now is not None:
                self._now = {**self._now, "stage": stage, "share": round(share, 4)}

    def _play(self, regime: str, from_s: float) -> None:
        found, words = None, ""
        try:
            found = self._plays(regime, from_s, self._told)
        except Stopped:
            words = "stopped"
        except (ValueError, SynaspisError) as error:
            words = str(error)
        except Exception as error:
            words = f"it could not be played: {type(error).__name__}"
        with self._lock:
            self._now, self._words = None, words
            if found is not None:
                self._found.append(found)


def review_app(
    title: str, document: bytes, what_ifs: WhatIfs, names: Names, limits: Limits, token: str
) -> Gate:
    """The application. `document` is what the page shows, as JSON."""
    return Gate(inner(title, document, what_ifs, token), names, limits, Ledger(lambda _seat, _what: None))


def inner(title: str, document: bytes, what_ifs: WhatIfs, token: str) -> FastAPI:
    """The paths, without the gate."""

    def shown(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "open the link that the terminal printed")

    may = [Depends(shown)]

    @contextlib.asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(what_ifs.close)

    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=alive, redirect_slashes=False)
    add_assets(made.router)
    made.add_exception_handler(HTTPException, refused)
    made.add_exception_handler(RequestValidationError, misread)

    @made.get("/")
    async def page() -> Response:
        """The page; its script asks for the rest."""
        return Response(pages.replay_page(title), media_type=HTML)

    @made.get("/replay.json", dependencies=may)
    async def replay() -> Response:
        """All that the page shows."""
        return Response(document, media_type=JSON)

    @made.get("/what-if", dependencies=may)
    async def state() -> Response:
        """What is being played, and what was found."""
        return answer(what_ifs.shown())

    @made.post("/what-if", dependencies=may)
    async def ask(told: Asked, request: Request) -> Response:
        """Go on from a moment under another regime."""
        if not what_ifs.ask(told.regime, told.from_s):
            raise HTTPException(409, BUSY)
        return answer(what_ifs.shown(), 202)

    @made.post("/what-if/stop", dependencies=may)
    async def stop(request: Request) -> Response:
        """Do not wait for it."""
        what_ifs.stop()
        return answer(what_ifs.shown())

    return made


def encoded(document: Any) -> bytes:
    """As the page reads it."""
    return msgspec.json.encode(document)
