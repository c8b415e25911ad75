"""The range as a party on the bus: it alone holds the raid, tells each nation what its own stations see, and
carries out orders.

The case's clock runs by this machine's, at a speed. A frame is played when its time has come: first the
orders given for a time before its end, with the kills that come of them, then what stations see of what still
flies. A cue of frame k is heeded from frame k + 1 on, whenever in between it came, so that what is detected
does not hang on how quick the bus is; one that comes later is heeded late, and counted. No nation is waited
for once the raid runs.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import Final

from synaspis.engine.detections import FRAME_S, Range, Seen
from synaspis.engine.manual import Engagements
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.kernels import sight
from synaspis.network import seam
from synaspis.network.keyring import Ring, Signer
from synaspis.network.link import Link, from_node
from synaspis.network.message import Refusal
from synaspis.network.range_orders import RangeOrders
from synaspis.network.seam import RANGE, Cue, Heard, Look, Looks, Ordered, Over, Ready, Started, look_of
from synaspis.network.tally import Clock, Tally
from synaspis.network.transport import ROOT, Transport

KIND: Final = "range"
"""What its journal calls what it told and was told: the payload is the note as it was sealed."""
TOLD_NS: Final = 1_000_000_000
"""Each nation hears so often how the case's clock stands."""
LEAD_NS: Final = 1_000_000_000
"""From when all nations are ready to the start of the raid."""
PATIENCE_NS: Final = 15_000_000_000
"""Then the raid begins without those that are not ready."""
AFTER_S: Final = 30.0
"""From the last impact to the end: looks and reports of satellites come late."""
CLOSES_NS: Final = 5_000_000_000
"""So long the end is said again."""
AGAIN_NS: Final = 50_000_000
"""A nation that asks for what it missed more often than this is not answered."""
MOST_NEW: Final = 20
"""New orders of one nation in a second; others wait until they are repeated. It is no radar."""
MOST_WAITING: Final = 20_000
"""Notes that wait for the next step."""
ROOM_BYTES: Final = seam.LARGEST_BYTES // 2
"""Of the rows in one note."""


class RangeHost:
    """Moved on by `step`, called from one thread; what comes on the bus waits for it.

    `behind` counts frames played more than a frame late, `late_cues` cues that missed their frame.
    """

    def __init__(
        self, over: Range, engagements: Engagements, identity: Signer, case_sha256: str, *,
        transport: Transport, keyring: Ring, clock: Clock, journal: Journal, tally: Tally | None = None,
        speed: float = 1.0, start_ns: int | None = None, patience_ns: int = PATIENCE_NS,
    ) -> None:  # fmt: skip
        """`start_ns`, UTC, or when all nations are ready: `patience_ns` from now at the latest."""
        if identity.nation != RANGE:
            raise ValueError(f"the range's own key is {RANGE}'s")
        self.over, self.nations = over, over.w.nations
        self.tally = tally or Tally()
        self.orders = RangeOrders(over, engagements)
        self.link = Link(identity, case_sha256, self.nations, keyring=keyring, clock=clock, tally=self.tally)
        self.speed, self.start_ns = speed, start_ns
        self.frame = self.behind = self.late_cues = 0
        self.ready: set[str] = set()
        self.ends_s = over.ends_s + AFTER_S
        self._transport, self._clock, self._journal = transport, clock, journal
        self._waits_until_ns = clock.utc_ns() + patience_ns
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=MOST_WAITING)
        self._cues: dict[str, Cue] = {}
        self._heeded: dict[str, int] = {}
        self._coming: dict[str, list[tuple[float, int, Look]]] = {n: [] for n in self.nations}
        self._count = 0
        self._told_ns: int | None = None
        self._answered_ns: dict[str, int] = {}
        self._new: dict[str, int] = {}
        self._closes_ns: int | None = None
        transport.subscribe(f"{ROOT}/*/{RANGE}", lambda key, data: self._waiting.append((key, data)))

    def case_s(self) -> float:
        """Seconds since the start of the raid; below 0 before it, -inf while it is not known when."""
        if self.start_ns is None:
            return -float("inf")
        return (self._clock.utc_ns() - self.start_ns) / 1e9 * self.speed

    @property
    def ended(self) -> bool:
        """Whether the raid is over."""
        return self._closes_ns is not None

    def wait_s(self) -> float:
        """Seconds of this machine's clock until something is due, if nothing comes on the bus."""
        if self.start_ns is None:
            return 0.1
        due_s = [(self.frame + 1) * FRAME_S, *(c[0][0] for c in self._coming.values() if c)]
        told_s = 0.0 if self._told_ns is None else (self._told_ns + TOLD_NS - self._clock.utc_ns()) / 1e9
        return max(min((min(due_s) - self.case_s()) / self.speed, told_s), 0.0)

    def step(self) -> bool:
        """Do all that is due, one frame at most; False when the raid is over and that has been said."""
        while self._waiting:
            self._hear(*self._waiting.popleft())
        now_ns = self._clock.utc_ns()
        if self.start_ns is None:
            if self.ready.issuperset(self.nations) or now_ns >= self._waits_until_ns:
                self.start_ns = now_ns + LEAD_NS
                self.tally.note("started", ready=sorted(self.ready))
            else:
                return True
        self._play(self.case_s())
        self._tell_clock(now_ns)
        return self._closes_ns is None or now_ns < self._closes_ns

    # -- what comes --------------------------------------------------------------------------------

    def _hear(self, key: str, sealed: bytes) -> None:
        note = self.link.take(key, sealed)
        if isinstance(note, Refusal):
            return
        for said in from_node(note):
            match said:
                case Ready():
                    self.ready.add(note.owner)
                case Heard():
                    self._again(note.owner, said)
                case Cue():
                    self._record(sealed)
                    self._cue(note.owner, said)
                case Ordered():
                    self._order(note.owner, said, sealed)

    def _again(self, nation: str, heard: Heard) -> None:
        """Tell again what was lost on the way."""
        now_ns = self._clock.utc_ns()
        if heard.missing and now_ns - self._answered_ns.get(nation, 0) >= AGAIN_NS:
            self._answered_ns[nation] = now_ns
            for parcel in self.link.others[nation].again(heard.missing):
                self.tally.counts["again", nation] += 1
                self._transport.put(*parcel)

    def _cue(self, nation: str, cue: Cue) -> None:
        if cue.frame > self.frame:
            self.tally.note("not_heeded", "cue", owner=nation, frame=cue.frame)
            return
        if cue.frame <= max(self._heeded.get(nation, -1), self._newest(nation)):
            return
        self.late_cues += cue.frame < self.frame
        self._cues[nation] = cue

    def _newest(self, nation: str) -> int:
        return self._cues[nation].frame if nation in self._cues else -1

    def _order(self, nation: str, ordered: Ordered, sealed: bytes) -> None:
        """Take an order: on the disk first, then told."""
        told = self.orders.known(nation, ordered.id)
        if told is None:
            self._new[nation] = self._new.get(nation, 0) + 1
            if self._new[nation] > MOST_NEW or not 0.0 <= self.case_s() < self.ends_s:
                self.tally.note("not_heeded", "order", owner=nation, id=ordered.id)
                return
            if not self._record(sealed, durable=True):
                return
            told = self.orders.take(nation, ordered, self.case_s())
            self.tally.note("order", told.phase, owner=nation, battery=ordered.battery, why=told.why)
        self._say(nation, told)

    # -- time --------------------------------------------------------------------------------------

    def _play(self, now_s: float) -> None:
        number = self.frame + 1
        if number * FRAME_S <= min(now_s, self.ends_s):
            self.behind += now_s - number * FRAME_S > FRAME_S
            self._frame(number)
        elif self._closes_ns is None and now_s > self.ends_s:
            self._closes_ns = self._clock.utc_ns() + CLOSES_NS
            self.tally.note("over", frames=self.frame, behind=self.behind, late_cues=self.late_cues)
            self._told_ns = None  # said at once
        for nation, coming in self._coming.items():
            if coming and coming[0][0] <= now_s:
                self._looks(nation, self.frame, now_s, ends=False)

    def _frame(self, number: int) -> None:
        """Play one frame: orders, what flies on, what is seen of it."""
        time_s = number * FRAME_S
        for nation, cue in self._cues.items():
            found = seam.pointed(cue)
            self.over.cue(nation, found.own, found.whole, cue.frame * FRAME_S)
            self._heeded[nation] = cue.frame
        self._cues.clear()
        for nation, told in self.orders.advance(time_s):
            self.tally.note("order", told.phase, owner=nation, id=told.order, why=told.why)
            self._say(nation, told)
        self.frame = number
        self._queue(self.over.frame(number))
        for nation in self.nations:
            self._looks(nation, number, time_s, ends=True)

    def _queue(self, seen: Iterable[Seen]) -> None:
        """What stations saw, each on its way to its own nation."""
        for s in seen:
            station = self.over.w.stations[s.station]
            self._count += 1
            look = look_of(station.name, s.scan, s.free)
            heapq.heappush(self._coming[station.owner], (look.received_s, self._count, look))

    def _looks(self, nation: str, frame: int, now_s: float, *, ends: bool) -> None:
        coming, scans, room = self._coming[nation], list[Look](), 0
        while coming and coming[0][0] <= now_s:
            look = heapq.heappop(coming)[2]
            if scans and (room + len(look.rows) > ROOM_BYTES or len(scans) == seam.MOST_PARTS):
                self._say(nation, Looks(frame, tuple(scans)))
                scans, room = [], 0
            scans.append(look)
            room += len(look.rows) + 8 * sight.STATION_COLUMNS
        self._say(nation, Looks(frame, tuple(scans), ends))

    # -- what is told ------------------------------------------------------------------------------

    def _tell_clock(self, now_ns: int) -> None:
        """Once a second: where the case's clock stands, or that the raid is over."""
        if self._told_ns is not None and now_ns - self._told_ns < TOLD_NS:
            return
        assert self.start_ns is not None
        self._told_ns = now_ns
        self._new.clear()
        for nation in self.nations:
            if self.ended:
                self._transport.put(*self.link.say(nation, Over(self.ends_s)))
                continue
            other = self.link.others[nation]
            clocks = other.clocks
            said = Started(
                self.start_ns, self.speed, self.case_s(), other.sent, clocks.heard_ns, clocks.heard_at_ns
            )
            self._transport.put(*self.link.say(nation, said))

    def _say(self, nation: str, said: Looks | seam.Told) -> None:
        parcel = self.link.say(nation, said)
        self._record(parcel[1])
        self._transport.put(*parcel)

    def _record(self, sealed: bytes, *, durable: bool = False) -> bool:
        try:
            self._journal.append(KIND, sealed, durable=durable, at_ns=self._clock.utc_ns())
        except NotRecordedError as error:
            self.tally.note("disk", KIND, error=str(error))
            return False
        return True
