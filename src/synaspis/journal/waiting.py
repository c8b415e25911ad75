"""What waits to be written, bounded, with the policy for when there is more than fits: latest track wins.

A draft that names what it `replaces` (a track's name) may lose its payload to a later draft of that name,
and only when there is no room otherwise: it then stands in the chain as `superseded`, with its sequence and
the digest of what it held, so that no sequence is unaccounted for. A draft that names nothing (an alert, an
order, a request, a vote, a tombstone) is never dropped: where it does not fit, its sender waits or is told.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from synaspis.journal.entry import HASH_BYTES, Channel, digest

ROOM_BYTES = 16 * 2**20
OVERHEAD_BYTES = 256
"""What a draft is counted at beside its payload, so that empty ones are bounded too."""
SUPERSEDED = "superseded"


@dataclass(slots=True, eq=False)
class Draft:
    """An entry that has no place in the chain yet; fields as in `Entry`. A caller waits for a `durable`."""

    kind: str
    channel: Channel
    sequence: int
    through: int
    payload: bytes
    at_ns: int
    replaces: str = ""
    durable: bool = False
    taken: bool = field(default=False, init=False)
    done: bool = field(default=False, init=False)

    @property
    def cost_bytes(self) -> int:
        return len(self.payload) + OVERHEAD_BYTES

    @property
    def freed_bytes(self) -> int:
        """What `supersede` makes free; less than nothing for the smallest."""
        return len(self.payload) - HASH_BYTES

    def supersede(self) -> None:
        self.payload, self.kind, self.replaces = digest(self.payload), SUPERSEDED, ""


class Waiting:
    """The queue before the disk, in the order of appending. Its user holds the lock."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self.room_bytes = room_bytes
        self.used_bytes = 0
        self.superseded = 0
        self._queue: deque[Draft] = deque()
        self._latest: dict[str, Draft] = {}
        self._outdated: deque[Draft] = deque()
        self._of: Counter[Channel] = Counter()

    def __len__(self) -> int:
        return len(self._queue)

    def holds(self, channel: Channel) -> bool:
        """Whether anything about `channel` waits."""
        return self._of[channel] > 0

    def has_room(self, draft: Draft) -> bool:
        """Whether `draft` fits, if need be by taking the payload of what it or another draft outdates."""
        over_bytes = self.used_bytes + draft.cost_bytes - self.room_bytes
        while over_bytes > 0 and self._outdated and not self._outdated[0].taken:
            old = self._outdated.popleft()
            if not old.done and old.freed_bytes > 0:
                over_bytes -= self._supersede(old)
        last = self._latest.get(draft.replaces)
        # What `draft` itself outdates is touched only if `draft` is then sure to be put.
        if over_bytes > 0 and last is not None and not last.taken and last.freed_bytes >= over_bytes:
            del self._latest[draft.replaces]
            over_bytes -= self._supersede(last)
        return over_bytes <= 0

    def _supersede(self, old: Draft) -> int:
        freed_bytes = old.freed_bytes
        old.supersede()
        self.used_bytes -= freed_bytes
        self.superseded += 1
        return freed_bytes

    def put(self, draft: Draft) -> None:
        self._queue.append(draft)
        self._of[draft.channel] += 1
        self.used_bytes += draft.cost_bytes
        if draft.replaces:
            before = self._latest.get(draft.replaces)
            if before is not None:
                self._outdated.append(before)
            self._latest[draft.replaces] = draft

    def take(self) -> list[Draft]:
        """All that waits, to be written; it stays here until `written` or `give_back`."""
        for draft in self._queue:
            draft.taken = True
        return list(self._queue)

    def written(self, batch: list[Draft]) -> None:
        for draft in batch:
            self._leave(draft)
            self._queue.popleft()
        while self._outdated and self._outdated[0].done:
            self._outdated.popleft()

    def give_back(self, batch: list[Draft]) -> list[Draft]:
        """After a failure: all but the durable ones wait on. Those are withdrawn, and returned."""
        withdrawn = [d for d in batch if d.durable]
        for draft in batch:
            draft.taken = False
        for draft in withdrawn:
            self._leave(draft)
        if withdrawn:
            self._queue = deque(d for d in self._queue if not d.done)
        return withdrawn

    def _leave(self, draft: Draft) -> None:
        draft.done = True
        self._of[draft.channel] -= 1
        self.used_bytes -= draft.cost_bytes
        if self._latest.get(draft.replaces) is draft:
            del self._latest[draft.replaces]
