"""An exercise of nothing, and a server of its seats, for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import websockets.sync.client as client

from synaspis.server.app import app
from synaspis.server.gate import Names
from synaspis.server.house import House
from synaspis.server.invitations import Doors
from synaspis.server.limits import Limits
from synaspis.server.listening import Serving, bound, names, place, serving

TITLES = {"director": "Director", "POL": "Poland", "DEU": "Germany", "observer": "Observer"}
SECRET = "what only Germany knows"
TICK_S = 0.02


class Nothing:
    """A play that counts. Each document of a seat is its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.noted: list[tuple[str, str]] = []
        self.taken: list[tuple[str, bool]] = []
        self.done: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.count = 0

    def seats(self) -> Mapping[str, str]:
        return TITLES

    def still(self, seat: str) -> dict[str, Any]:
        return {"seat": seat, "secret": SECRET if seat == "DEU" else ""}

    def document(self, seat: str) -> dict[str, Any]:
        with self.lock:
            self.count += 1
            told = {"secret": {"says": SECRET}} if seat == "DEU" else {}
            done = {id: dict(what) for (of, id), what in self.done.items() if of == seat}
            return {"clock": {"case_s": self.count}, "seat": seat, "done": done, **told}

    def version(self) -> int:
        return self.count

    def submit(self, seat: str, id: str, told: Mapping[str, Any]) -> tuple[bool, str]:
        with self.lock:
            self.done.setdefault((seat, id), told)
        return True, f"{seat} did {id}"

    def seated(self, seat: str, taken: bool) -> None:
        self.taken.append((seat, taken))

    def logged(self, seat: str, what: str) -> None:
        self.noted.append((seat, what))


def house(play: Nothing, limits: Limits | None = None, names: Names | None = None) -> House:
    """For requests that go through no socket."""
    given = limits or Limits()
    told = names or Names(hosts=("127.0.0.1:8478", "localhost:8478"), tls=False)
    return House(play, Doors(limits=given), told, given, TICK_S)


@contextmanager
def open_house(play: Nothing, limits: Limits | None = None) -> Iterator[House]:
    """Served on a free port of the loopback."""
    with served(play, limits) as (made, _):
        yield made


@contextmanager
def served(play: Nothing, limits: Limits | None = None) -> Iterator[tuple[House, Serving]]:
    """As `open_house`, with the server."""
    at = place("127.0.0.1:0", None, None)
    listening = bound(at)
    made = house(play, limits, names(at, listening.getsockname()[1]))
    with serving(app(made), at, listening) as server:
        yield made, server


def joined(house: House, seat: str) -> str:
    """The cookie of somebody who sits there, as a header has it."""
    admission = house.doors.redeem(seat, house.doors.invite(seat))
    return f"{house.cookie}={admission.cookie}"


def connected(
    house: House, seat: str, cookie: str, origin: str | None = "", **more: Any
) -> client.ClientConnection:
    """A connection to a seat, as a browser opens it. It pings nobody: a test may leave it open."""
    told = house.names.base if origin == "" else origin
    return client.connect(
        f"ws{house.names.base[4:]}/seats/{seat}/ws", origin=told, compression=None, ping_interval=None,
        additional_headers={"Cookie": cookie} if cookie else {}, **more,
    )  # fmt: skip


def asking(house: House, cookie: str = "", **headers: str) -> httpx.Client:
    """Requests over the network, as our own pages make them."""
    told = {"Origin": house.names.base, **({"Cookie": cookie} if cookie else {}), **headers}
    return httpx.Client(base_url=house.names.base, headers=told, timeout=10.0, trust_env=False)
