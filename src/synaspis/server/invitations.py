"""Who may sit where: invitations that are redeemed once, and the sessions that come of them.

Only hashes are kept of what opens a seat. With a file they outlive the process, so that after a crash people
stay in their seats and a link that was redeemed stays so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec

from synaspis.errors import ServerError
from synaspis.server.limits import Limits
from synaspis.server.play import DIRECTOR

TOKEN_BYTES: Final = 32
SESSION_BYTES: Final = 16

NO_SUCH: Final = "this link is not valid: it was used, revoked or is too old; ask the director for another"
ANOTHER_DIRECTOR: Final = (
    "somebody directs this exercise already; when they have left the seat this link will open it"
)
FULL: Final = "this seat is full; ask the director"


class Invitation(msgspec.Struct, forbid_unknown_fields=True):
    """A link that was given out: SHA-256 of its token, the seat, and until when (seconds since 1970).

    `over`: whoever redeems it takes the place of those who sit there: links from the machine's own terminal.
    """

    sha256: str
    seat: str
    until_s: float
    over: bool = False


class Sitting(msgspec.Struct, forbid_unknown_fields=True):
    """A session: SHA-256 of its random name, the seat, and until when."""

    sha256: str
    seat: str
    until_s: float


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """What is kept: the key of the cookies, invitations not redeemed, sessions not ended."""

    key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    invitations: list[Invitation] = []
    sittings: list[Sitting] = []


@dataclass(frozen=True, kw_only=True)
class Admission:
    """A cookie's value, or why there is none. `ended`: sessions that ended so that this one could begin."""

    cookie: str = ""
    words: str = ""
    ended: tuple[str, ...] = ()


class Doors:
    """All invitations and sessions of an exercise. May be used from any thread."""

    def __init__(
        self, kept: Path | None = None, limits: Limits | None = None, now: Callable[[], float] = time.time
    ) -> None:
        """`kept`: the file in which they outlive the process. ServerError where it cannot be read as one."""
        self._kept, self._limits, self._now = kept, limits or Limits(), now
        self._lock = threading.Lock()
        self._book = _read(kept) if kept is not None and kept.exists() else Book(secrets.token_bytes(32))

    def invite(self, seat: str, *, over: bool = False) -> str:
        """A new token for the seat: 256 random bits, of which only the hash is kept."""
        token = _text(secrets.token_bytes(TOKEN_BYTES))
        until_s = self._now() + self._limits.invitation_s
        with self._lock:
            self._tidy()
            self._keep(invitations=[*self._book.invitations, Invitation(_hash(token), seat, until_s, over)])
        return token

    def redeem(self, seat: str, token: str) -> Admission:
        """A session for who shows a token of this seat: once."""
        told = _hash(token)
        with self._lock:
            self._tidy()
            open_now = [i for i in self._book.invitations if i.seat == seat]
            found = [i for i in open_now if hmac.compare_digest(i.sha256, told)]
            if not found:
                return Admission(words=NO_SUCH)
            invitation, sitting = found[0], self._sitting(seat)
            if sitting and seat == DIRECTOR and not invitation.over:
                return Admission(words=ANOTHER_DIRECTOR)
            if len(sitting) >= self._limits.sessions and not invitation.over:
                return Admission(words=FULL)
            ended = tuple(s.sha256 for s in sitting) if invitation.over else ()
            name = _text(secrets.token_bytes(SESSION_BYTES))
            until_s = self._now() + self._limits.session_s
            stay = [s for s in self._book.sittings if s.sha256 not in ended]
            self._keep(
                invitations=[i for i in self._book.invitations if i is not invitation],
                sittings=[*stay, Sitting(_hash(name), seat, until_s)],
            )
            return Admission(cookie=f"{name}.{self._signature(seat, name)}", ended=ended)

    def session(self, seat: str, cookie: str) -> str | None:
        """The session that a cookie of this seat stands for; None where it stands for none."""
        name, _, signature = cookie.partition(".")
        if not hmac.compare_digest(self._signature(seat, name).encode(), signature.encode(errors="replace")):
            return None
        told = _hash(name)
        with self._lock:
            now_s = self._now()
            live = (s for s in self._book.sittings if s.seat == seat and s.until_s > now_s)
            return told if any(s.sha256 == told for s in live) else None

    def leave(self, seat: str, session: str) -> None:
        """The session is over."""
        with self._lock:
            gone = (seat, session)
            self._keep(sittings=[s for s in self._book.sittings if (s.seat, s.sha256) != gone])

    def revoke(self, seat: str) -> tuple[int, int]:
        """No link and no session of the seat is valid any more: how many links and sessions there were."""
        with self._lock:
            self._tidy()
            links = sum(i.seat == seat for i in self._book.invitations)
            sittings = len(self._sitting(seat))
            self._keep(
                invitations=[i for i in self._book.invitations if i.seat != seat],
                sittings=[s for s in self._book.sittings if s.seat != seat],
            )
            return links, sittings

    def count(self, seat: str) -> tuple[int, int]:
        """Links that wait to be redeemed, and sessions, of the seat."""
        with self._lock:
            self._tidy()
            return sum(i.seat == seat for i in self._book.invitations), len(self._sitting(seat))

    def _sitting(self, seat: str) -> list[Sitting]:
        return [s for s in self._book.sittings if s.seat == seat]

    def _tidy(self) -> None:
        now_s = self._now()
        self._book.invitations = [i for i in self._book.invitations if i.until_s > now_s]
        self._book.sittings = [s for s in self._book.sittings if s.until_s > now_s]

    def _signature(self, seat: str, name: str) -> str:
        told = f"{seat}\n{name}".encode(errors="replace")
        return _text(hmac.digest(self._book.key, told, "sha256"))

    def _keep(
        self, invitations: list[Invitation] | None = None, sittings: list[Sitting] | None = None
    ) -> None:
        """Go by these from now on, once they are on the disk. OSError: all is as it was."""
        book = Book(
            self._book.key,
            self._book.invitations if invitations is None else invitations,
            self._book.sittings if sittings is None else sittings,
        )
        if self._kept is not None:
            _write(self._kept, book)
        self._book = book


def _write(path: Path, book: Book) -> None:
    """Written beside and renamed: the file is whole at any moment, and nobody else may read it."""
    beside = path.with_name(f"{path.name}.new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(book))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _read(path: Path) -> Book:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Book)
    except (OSError, msgspec.DecodeError) as problem:
        raise ServerError(
            f"{path} does not hold the invitations of an exercise: {problem}\n"
            "    mend: remove it; new links will be printed, and people join again"
        ) from problem


def _text(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
