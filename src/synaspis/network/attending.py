"""A node's end of the seam: what the range tells it goes to the node, where its radars look goes back.

The case's clock of a node is the range's, with the difference between the two machines' clocks taken off.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from synaspis.network import seam
from synaspis.network.keyring import Ring, Signer
from synaspis.network.link import Link, from_range
from synaspis.network.message import Refusal
from synaspis.network.node import Node
from synaspis.network.seam import RANGE, Looks, Ordered, Over, Ready, Started, Told
from synaspis.network.tally import Tally
from synaspis.network.transport import Transport

READY_NS: Final = 1_000_000_000
"""A node says so often that it is there, until the range has heard it."""
MOST_WAITING: Final = 20_000
BEFORE_S: Final = -1.0
"""What the case's clock says before anybody has told how it stands."""


class CaseClock:
    """This machine's clock, and the case's as it was told: by the range, or with a recording."""

    def __init__(self) -> None:
        self.start_ns: int | None = None
        self.speed = 1.0
        self.ahead_ns = 0
        self.most_s = math.inf
        """It goes no further, however late it is; for recordings."""

    def utc_ns(self) -> int:
        """UTC in nanoseconds."""
        return time.time_ns()

    def case_s(self) -> float:
        """Seconds since the start of the raid; below 0 before it."""
        if self.start_ns is None:
            return BEFORE_S
        return min((self.utc_ns() + self.ahead_ns - self.start_ns) / 1e9 * self.speed, self.most_s)


def _nothing() -> None:
    """Nobody waits."""


def _nobody(_: Told) -> None:
    """Nobody has ordered anything."""


class Attending:
    """Moved on by `step`, by the thread that steps the node. `over`: the end of the raid was told."""

    def __init__(
        self, identity: Signer, case_sha256: str, *, transport: Transport, keyring: Ring,
        clock: CaseClock, tally: Tally,
    ) -> None:  # fmt: skip
        self.clock, self.over = clock, False
        self._link = Link(identity, case_sha256, (RANGE,), keyring=keyring, clock=clock, tally=tally)
        self._transport = transport
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=MOST_WAITING)
        self._ready_ns = 0
        self._wake: Callable[[], None] = _nothing
        self._told: Callable[[Told], None] = _nobody
        transport.subscribe(f"syn/{RANGE}/{identity.nation}", self._came)

    @property
    def lost(self) -> int:
        """Of what the range told, what never came."""
        return self._link.others[RANGE].lost

    @property
    def heard_ns(self) -> int:
        """When the range last spoke, by its clock; 0 for never."""
        return self._link.others[RANGE].clocks.heard_ns

    def heeding(self, wake: Callable[[], None], told: Callable[[Told], None]) -> None:
        """Have `wake` called when something comes, and `told` with what became of orders."""
        self._wake, self._told = wake, told

    def _came(self, key: str, data: bytes) -> None:
        self._waiting.append((key, data))
        self._wake()

    def step(self, node: Node) -> None:
        """Take what came to the node, and say what is due."""
        while self._waiting:
            note = self._link.take(*self._waiting.popleft())
            if not isinstance(note, Refusal):
                for said in from_range(note):
                    self._heed(said, node)
        now_ns = self.clock.utc_ns()
        if self.clock.start_ns is None and now_ns - self._ready_ns >= READY_NS:
            self._ready_ns = now_ns
            self._transport.put(*self._link.say(RANGE, Ready()))
        parcel = self._link.heard()
        if parcel is not None:
            self._transport.put(*parcel)

    def _heed(self, said: Started | Looks | Told | Over, node: Node) -> None:
        match said:
            case Started():
                self.clock.start_ns, self.clock.speed = said.start_ns, said.speed
                self.clock.ahead_ns = self._link.others[RANGE].clocks.ahead_ns or 0
            case Looks():
                node.seen(said)
            case Told():
                self._told(said)
            case Over():
                self.over = True

    def order(self, ordered: Ordered) -> None:
        """Send an order of the exercise to the range; it is repeated until it is answered."""
        self._transport.put(*self._link.say(RANGE, ordered))

    def cue(self, frame: int, node: Node) -> None:
        """Say where the node's radars are to look from the frame after `frame` on."""
        own, whole = node.cues()
        self._transport.put(*self._link.say(RANGE, seam.cue_of(frame, own, whole)))
