"""One end of the seam: seals what is said, doubts what comes, and asks again for what was lost on the way.

The range has one to all nodes, a node one to the range. What a node missed while it was away is lost; what
the bus lost in the last `KEPT_NS` is told again when it is asked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from synaspis.network import seam
from synaspis.network.inbox import FUTURE_NS
from synaspis.network.keyring import Ring, Signer
from synaspis.network.message import MOST_RANGES, PURPOSE, SIGNATURE_BYTES, Range, Refusal
from synaspis.network.partners import Clocks
from synaspis.network.seam import FromNode, FromRange, Heard, Note, Said, Started
from synaspis.network.tally import Clock, Tally
from synaspis.network.transport import parties

KEPT_NS: Final = 10_000_000_000
"""What was told is kept so long to be told again, and what is missing is asked for so long."""
KEPT_BYTES: Final = 32 * 2**20
HEARD_NS: Final = 1_000_000_000
"""A node says so often that it hears the range."""
ASK_NS: Final = 100_000_000
"""And so often, where something is missing."""
SHUFFLED: Final = 64
"""Of the notes before the first that comes, so many may still be under way. They are not asked for."""
MOST_MISSING: Final = 4_096

Parcel = tuple[str, bytes]
"""A key of the bus and what goes under it."""


@dataclass
class Other:
    """What is known of the other end. `lost` counts what never came, though it was asked for."""

    session: int = 0
    sent: int = 0
    high: int = 0
    lost: int = 0
    clocks: Clocks = field(default_factory=Clocks)
    told_ns: int = 0
    _open: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """Numbers that did not come: since when that is known, and whether they are to be asked for."""
    _kept: deque[tuple[int, int, Parcel]] = field(default_factory=deque)
    _bytes: int = 0

    def keep(self, sent_ns: int, number: int, parcel: Parcel) -> None:
        """Remember what was told, for as long as it may be told again."""
        self._kept.append((sent_ns, number, parcel))
        self._bytes += len(parcel[1])
        while self._kept and (self._kept[0][0] < sent_ns - KEPT_NS or self._bytes > KEPT_BYTES):
            self._bytes -= len(self._kept.popleft()[2][1])

    def again(self, ranges: Iterable[Range]) -> list[Parcel]:
        """What is kept of these numbers."""
        spans = tuple(ranges)
        return [p for _, n, p in self._kept if any(first <= n <= last for first, last in spans)]

    def begin(self, session: int) -> None:
        """The other end began anew: it counts from 1 again."""
        self.session, self.high, self.clocks = session, 0, Clocks()
        self._open.clear()

    def take(self, number: int, now_ns: int) -> bool:
        """Whether a number is new; then it counts as come."""
        if number <= self.high:
            return self._open.pop(number, None) is not None
        first = self.high == 0
        self._miss(max(self.high + 1, number - SHUFFLED if first else 1), number - 1, now_ns, not first)
        self.high = number
        return True

    def behind(self, sent: int, now_ns: int) -> None:
        """The other end says that it has told so many. Nothing before the first that came is missed."""
        if self.high:
            self._miss(self.high + 1, sent, now_ns, True)
            self.high = max(self.high, sent)
        elif sent:
            self._miss(max(sent - SHUFFLED + 1, 1), sent, now_ns, False)
            self.high = sent

    def _miss(self, first: int, last: int, now_ns: int, ask: bool) -> None:
        if last - first >= MOST_MISSING:
            self.lost += last - first + 1 - MOST_MISSING
            first = last + 1 - MOST_MISSING
        for number in range(first, last + 1):
            self._open[number] = (now_ns, ask)

    def missing(self, now_ns: int) -> tuple[Range, ...]:
        """What is to be asked for now. What was asked for long enough is lost."""
        for number, (since_ns, asked) in list(self._open.items()):
            if since_ns < now_ns - KEPT_NS:
                del self._open[number]
                self.lost += asked
        spans: list[Range] = []
        for number in sorted(n for n, (_, ask) in self._open.items() if ask):
            if spans and spans[-1][1] == number - 1:
                spans[-1] = (spans[-1][0], number)
            else:
                spans.append((number, number))
        return tuple(spans[:MOST_RANGES])


class Link:
    """Not to be used from two threads at once. `others` are all nations at the range, the range at a node."""

    def __init__(
        self, identity: Signer, case_sha256: str, others: Iterable[str], *, keyring: Ring, clock: Clock,
        tally: Tally,
    ) -> None:  # fmt: skip
        self.me = identity.nation
        self.others = {n: Other() for n in others if n != self.me}
        self._identity, self._case = identity, bytes.fromhex(case_sha256)
        self._keyring, self._clock, self._tally = keyring, clock, tally
        self._session = clock.utc_ns()

    def say(self, recipient: str, *said: Said) -> Parcel:
        """What is to be put on the bus so that `recipient` hears it."""
        now_ns, other = self._clock.utc_ns(), self.others[recipient]
        timely = any(isinstance(s, seam.TIMELY) for s in said)
        if not timely:
            other.sent += 1
        note = Note(
            seam.FORMAT, PURPOSE, self._case, self.me, recipient, self._session, 0 if timely else other.sent,
            now_ns, said,
        )  # fmt: skip
        parcel = (seam.key_of(self.me, recipient), seam.seal(note, self._identity.sign))
        if not timely and self.me == seam.RANGE:
            other.keep(now_ns, other.sent, parcel)
        return parcel

    def heard(self) -> Parcel | None:
        """A node's `Heard` to the range, when one is due."""
        now_ns, other = self._clock.utc_ns(), self.others[seam.RANGE]
        since_ns = now_ns - other.told_ns
        if since_ns < ASK_NS or not other.session:
            return None
        missing = other.missing(now_ns)
        if not missing and since_ns < HEARD_NS:
            return None
        other.told_ns = now_ns
        clocks = other.clocks
        return self.say(seam.RANGE, Heard(other.high, missing, clocks.heard_ns, clocks.heard_at_ns))

    def take(self, key: str, sealed: bytes) -> Note | Refusal:
        """What came on the bus: the note if it is to be heeded, or why not. Never raises."""
        found = self._opened(key, sealed)
        if isinstance(found, Note):
            found = self._fresh(found) or found
        if isinstance(found, Refusal):
            self._tally.note("refused", found.reason, what=found.what, key=key[:60])
        return found

    def _opened(self, key: str, sealed: bytes) -> Note | Refusal:
        owner, recipient = parties(key)
        if recipient != self.me or key != seam.key_of(owner, recipient):
            return Refusal("recipient", key[:60])
        if owner not in self.others:
            return Refusal("unknown_sender", owner[:8])
        if len(sealed) > SIGNATURE_BYTES + seam.LARGEST_BYTES:
            return Refusal("size", f"{len(sealed)} bytes")
        now_ns = self._clock.utc_ns()
        wrong = self._keyring.refuse(owner, sealed, now_ns, seam.SIGNED_AS)
        if wrong is not None:
            return wrong
        note = seam.open_sealed(sealed)
        if isinstance(note, Refusal):
            return note
        if (note.owner, note.recipient) != (owner, recipient):
            return Refusal("key", f"{note.owner} to {note.recipient} under {key[:60]}")
        if note.case != self._case:
            return Refusal("case", note.case.hex()[:8])
        if abs(note.sent_ns - now_ns) > FUTURE_NS:
            return Refusal("clock", f"sent {(note.sent_ns - now_ns) / 1e9:.0f} s from this clock's now")
        return note

    def _fresh(self, note: Note) -> Refusal | None:
        """Why a note is not heeded though it is the other's word: it was heeded before, or is of old."""
        other, now_ns = self.others[note.owner], self._clock.utc_ns()
        if note.session < other.session:
            return Refusal("replay", f"{note.owner} began anew since")
        if note.session > other.session:
            other.begin(note.session)
        if note.number:
            return None if other.take(note.number, now_ns) else Refusal("replay", f"number {note.number}")
        if note.sent_ns <= other.clocks.heard_ns:
            return Refusal("replay", f"{note.owner} spoke later")
        said = note.said[0]
        if isinstance(said, Started | Heard):
            other.clocks.hear(note.sent_ns, said.heard_ns, said.heard_at_ns, now_ns)
        else:
            other.clocks.hear(note.sent_ns, 0, 0, now_ns)
        if isinstance(said, Started):
            other.behind(said.sent, now_ns)
        return None


def from_range(note: Note) -> tuple[FromRange, ...]:
    """What the range says, for whom types matter."""
    return tuple(s for s in note.said if isinstance(s, FromRange))


def from_node(note: Note) -> tuple[FromNode, ...]:
    """What a node says."""
    return tuple(s for s in note.said if isinstance(s, FromNode))
