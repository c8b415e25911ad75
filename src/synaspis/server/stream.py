"""What a seat is sent: on each tick one frame, the same to all who sit there.

A frame is worked out once for a seat, however many look. Frames of all seats are worked out first and leave
together, so that when a seat's frame comes tells nothing of what another seat was sent.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from synaspis.server.ledger import Ledger
from synaspis.server.patches import difference, without_none
from synaspis.server.play import Document, Play

TICK_S: Final = 0.5
LEAD_S: Final = 0.07
"""Frames leave so long after whole ticks of the monotonic clock: whoever plays steps at whole ticks, and what
came of it in this time is in the frame of the same tick."""
LOOK_S: Final = 0.004
"""How often it is asked whether the play has stepped, in that time."""
MOST_ACKS: Final = 256

GONE, TOO_SLOW, ENDED, UNFIT = 1012, 4008, 4001, 1008
"""Why a connection is closed: the server ends; it reads too slowly; its session ended; what it sent."""


class Line:
    """One connection to a seat: what waits to be sent to it."""

    def __init__(self, session: str, most: int) -> None:
        """At most `most` frames wait."""
        self.session, self._most = session, most
        self._frames: deque[str] = deque()
        self._there = asyncio.Event()
        self.wants_whole = False
        """It has missed something: its next frame holds the whole document."""
        self.ended = asyncio.Event()
        self.closed = 0
        """The code with which it is to be closed, 0 where it is open."""

    def put(self, frame: str) -> None:
        """To be sent when the client takes it."""
        if len(self._frames) >= self._most:
            self.close(TOO_SLOW)
            return
        self._frames.append(frame)
        self._there.set()

    def close(self, code: int) -> None:
        """Nothing more is sent; the connection ends."""
        self.closed = self.closed or code
        self._frames.clear()
        self._there.set()
        self.ended.set()

    async def take(self) -> str | None:
        """The next frame, when there is one; None at the end."""
        while not self._frames and not self.closed:
            self._there.clear()
            await self._there.wait()
        return None if self.closed else self._frames.popleft()


class Stream:
    """One seat's frames. For the thread of the event loop alone."""

    def __init__(self, seat: str, play: Play, ledger: Ledger) -> None:
        self.seat, self._play, self._ledger = seat, play, ledger
        self.lines: list[Line] = []
        self._n = 0
        self._held: Document = {}
        self._acks: deque[dict[str, Any]] = deque(maxlen=MOST_ACKS)
        self._made: list[tuple[Line, str]] = []

    def join(self, line: Line) -> None:
        """From now on the line gets each frame, beginning with the whole document."""
        if not self.lines:
            self._held, self._n = self._document(), self._n + 1  # nobody looked: nothing was worked out
        self.lines.append(line)
        line.put(self._whole())

    def part(self, line: Line) -> None:
        """The line gets nothing more."""
        if line in self.lines:
            self.lines.remove(line)

    def answered(self, id: str, ok: bool, words: str) -> None:
        """What came of an input; it leaves with the next frame."""
        self._acks.append({"id": id, "ok": ok, "words": words})

    def missed(self, line: Line, have: int) -> None:
        """The line says that `have` is the last frame that it has."""
        line.wants_whole = line.wants_whole or have != self._n

    def make(self) -> None:
        """Work out the frame of this tick; nothing where nobody looks."""
        self._made = []
        if not self.lines:
            return
        now = self._document()
        patch = difference(self._held, now)
        self._held, self._n = now, self._n + 1
        acks = list(self._acks)
        self._acks.clear()
        frame = _encoded({"n": self._n, "patch": patch, "acks": acks})
        whole = self._whole(acks) if any(line.wants_whole for line in self.lines) else ""
        self._made = [(line, whole if line.wants_whole else frame) for line in self.lines]
        for line in self.lines:
            line.wants_whole = False  # not when they are sent: it may miss another until then

    def send(self) -> None:
        """Let the frames of this tick go."""
        for line, frame in self._made:
            line.put(frame)
        self._made = []

    def _document(self) -> Document:
        """The seat's document; the last one where it cannot be had, so that the other seats go on."""
        try:
            return self._play.document(self.seat)
        except Exception as problem:
            self._ledger.refused(self.seat, f"no document: {type(problem).__name__}: {problem}")
            return self._held

    def _whole(self, acks: list[dict[str, Any]] | None = None) -> str:
        told = {"n": self._n, "doc": without_none(self._held)}
        return _encoded(told if acks is None else {**told, "acks": acks})


def _encoded(frame: dict[str, Any]) -> str:
    return msgspec.json.encode(frame).decode()


class Beat:
    """The fixed tick on which frames leave, whatever happens in any seat.

    They leave at `lead_s` after whole multiples of `period_s` of the machine's monotonic clock. They are
    worked out in that time, as soon as the play has stepped.
    """

    def __init__(
        self, streams: Iterable[Stream], version: Callable[[], int], period_s: float = TICK_S,
        lead_s: float = LEAD_S,
    ) -> None:  # fmt: skip
        """`version` is another number whenever some document may be another."""
        self._streams, self._version = tuple(streams), version
        self._period_s, self._lead_s = period_s, lead_s
        self._seen, self._making_s = -1, 0.0

    async def run(self) -> None:
        """Beat until cancelled. A tick that was missed is not made up for: there is one frame a tick."""
        loop = asyncio.get_running_loop()
        count = int((loop.time() - self._lead_s) // self._period_s) + 1
        while True:
            stepped_s = count * self._period_s
            due_s = stepped_s + self._lead_s
            await asyncio.sleep(max(stepped_s - loop.time(), 0.0))
            await self._stepped(due_s)
            began_s = loop.time()
            for stream in self._streams:
                stream.make()
            self._making_s = loop.time() - began_s
            await asyncio.sleep(max(due_s - loop.time(), 0.0))
            for stream in self._streams:
                stream.send()
            count = max(count + 1, int((loop.time() - self._lead_s) // self._period_s))

    async def _stepped(self, due_s: float) -> None:
        """Wait until the play has stepped, or there is no more time than the last frames took to make."""
        loop = asyncio.get_running_loop()
        while self._version() == self._seen and loop.time() + LOOK_S + 1.5 * self._making_s < due_s:
            await asyncio.sleep(LOOK_S)
        self._seen = self._version()
