"""A drill to other programs while it is played: what a moment of it is, and the thread that tells it.

The thread asks for the moment again and again and sends what the feeds make of it. It holds nothing of the
drill: if it fails, or nobody listens, the drill does not notice.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from synaspis.interop.udp import Sender
from synaspis.model.answers import SceneEvent, SiteMark

EACH_S: Final = 0.2
"""Of the wall clock: a moment is asked for so often."""
WAITING, RUNNING, PAUSED, OVER = "waiting", "running", "paused", "over"
Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Drill:
    """What a feed is made for. `starts`: UTC of the raid's second 0."""

    name: str
    starts: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Flying:
    """A missile in flight, its class, and that class's category."""

    name: str
    type: str
    category: str
    latitude_deg: float
    longitude_deg: float
    height_m: float


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A drill at `time_s`, s of the raid. `ended` says of missiles that fly no more how: down (shot) or hit
    (it landed); `events` are shots, what came of them and landings so far, perhaps without the oldest."""

    state: str = WAITING
    speed: float = 1.0
    time_s: float = 0.0
    sites: tuple[SiteMark, ...] = ()
    flying: Mapping[str, Flying]
    ended: Mapping[str, str]
    events: tuple[SceneEvent, ...] = ()


class Feed(Protocol):
    """Makes datagrams of moments, in one format. It remembers what it told."""

    def datagrams(self, moment: Moment, real_s: float) -> Iterable[bytes]:
        """What is to be told at this moment, which is Unix time `real_s` (s) of the world."""
        ...


def moment(
    clock: Document, sites: tuple[SiteMark, ...], missiles: Document, happened: Iterable[Document]
) -> Moment:
    """A moment out of what who directs is shown (`network/truth.py`). Before the start nothing flies."""
    state = str(clock.get("state", WAITING))
    missiles = {} if state == WAITING else missiles
    return Moment(
        state=state, speed=float(clock.get("speed", 1.0)),
        time_s=float(clock.get("case_s", 0.0)), sites=sites,
        flying={
            name: Flying(
                name=name, type=str(told["threat"]), category=str(told["category"]),
                latitude_deg=told["lat"], longitude_deg=told["lon"], height_m=1e3 * told["height_km"],
            )
            for name, told in missiles.items() if told["state"] == "flying" and "lat" in told
        },
        ended={name: told["state"] for name, told in missiles.items() if told["state"] in ("down", "hit")},
        events=tuple(_event(told) for told in happened if "lat" in told),
    )  # fmt: skip


def _event(told: Document) -> SceneEvent:
    return SceneEvent(
        time_s=told["at_s"], kind=told["kind"], who=told["who"], nation="", threat=told["missile"],
        latitude_deg=told["lat"], longitude_deg=told["lon"], height_km=told["height_km"],
        text=f"{told['who']} {told['kind']} {told['missile']}".strip(),
    )  # fmt: skip


def mark(name: str, told: Document) -> SiteMark:
    """A site as the director's seat has it."""
    return SiteMark(
        name=name, kind=str(told["kind"]), type=str(told.get("type", "")), owner=str(told["owner"]),
        operator=str(told["owner"]), host="", latitude_deg=told["lat"], longitude_deg=told["lon"],
        facing_deg=told.get("facing_deg", 0.0), sector_deg=told.get("sector_deg", 0.0), reach_km=0.0,
        population=0.0, domain=str(told.get("domain", "land")),
    )  # fmt: skip


class Stream:
    """Tells moments to feeds until it is closed; then that the drill is over. `trouble` is said once."""

    def __init__(
        self,
        source: Callable[[], Moment],
        outlets: Sequence[tuple[Feed, Sender]],
        said: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._source, self._outlets, self._said = source, outlets, said
        self._ends = threading.Event()
        self._last: Moment | None = None
        self.failed = 0
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ends.wait(EACH_S):
            self._tell()
        self._tell(ends=True)

    def _tell(self, ends: bool = False) -> None:
        """Whatever goes wrong here is counted, and tried again with the next moment."""
        try:
            self._last = self._source()
        except Exception as error:
            self._fails(f"{type(error).__name__}: {error}")
        if self._last is None:
            return
        now = replace(self._last, state=OVER) if ends else self._last
        for feed, sender in self._outlets:
            try:
                for payload in feed.datagrams(now, time.time()):
                    sender.send(payload)
            except Exception as error:
                self._fails(f"{type(error).__name__}: {error}")
            if sender.trouble:
                self._fails(sender.trouble, count=0)

    def _fails(self, why: str, count: int = 1) -> None:
        self.failed += count
        if not self.trouble:
            self.trouble = why
            self._said(f"the stream has trouble, and goes on as it can: {why}")

    def close(self) -> None:
        """Say that the drill is over, and end."""
        self._ends.set()
        self._thread.join(2.0)
        for _, sender in self._outlets:
            sender.close()


@contextlib.contextmanager
def streaming(
    source: Callable[[], Moment], outlets: Sequence[tuple[Feed, Sender]], said: Callable[[str], None]
) -> Iterator[None]:
    """A stream while something is played; none where there is nowhere to send to."""
    if not outlets:
        yield
        return
    stream = Stream(source, outlets, said)
    try:
        yield
    finally:
        stream.close()
