"""Which sequences of which channels are taken, and which the owner may use next. Its user holds the lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synaspis.journal.entry import Channel
from synaspis.journal.ranges import Range, Ranges
from synaspis.journal.waiting import Draft

BLOCK = 1024
"""Sequences reserved at a time. A crash leaves at most so many unused: a gap, and a tombstone."""

Marks = tuple[int, int]
"""Of a channel: up to which sequence all are recorded, and up to which its owner may have used them."""


@dataclass(slots=True)
class _Own:
    """An own channel: the next sequence, the last that the disk says may be used, and the last wished for."""

    next: int
    reserved: int
    wanted: int


class Sequences:
    """Every channel's sequences: `known` are recorded or wait to be, `recorded` are in the file."""

    def __init__(self, found: Mapping[Channel, tuple[Ranges, int]]) -> None:
        self._recorded = {channel: ranges for channel, (ranges, _) in found.items()}
        self._known = {channel: ranges.copy() for channel, (ranges, _) in found.items()}
        self._reserved = {channel: reserved for channel, (_, reserved) in found.items()}
        self._own: dict[Channel, _Own] = {}

    def known(self, channel: Channel) -> Ranges:
        return self._known.get(channel) or Ranges()

    def is_free(self, draft: Draft) -> bool:
        """Whether nothing has any of the draft's sequences; one without a channel is always free."""
        if not draft.sequence:
            return True
        return self.known(draft.channel).missing(draft.sequence, draft.through) == [_range(draft)]

    def claim(self, draft: Draft) -> None:
        if draft.sequence:
            self._known.setdefault(draft.channel, Ranges()).add(*_range(draft))

    def withdraw(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            if draft.sequence:
                self._known[draft.channel].remove(*_range(draft))

    def next(self, channel: Channel) -> int:
        """A sequence of an own channel that no crash can bring again, 0 if more must be reserved first."""
        own = self._own.get(channel)
        if own is None:
            used = max(self._reserved.get(channel, 0), self.known(channel).high)
            own = self._own[channel] = _Own(used + 1, used, used)
        given = own.next if own.next <= own.reserved else 0
        if given:
            own.next += 1
        if own.reserved - own.next < BLOCK // 2:
            own.wanted = own.next + BLOCK - 1
        return given

    def marks(self, batch: Iterable[Draft], *, last: bool) -> dict[Channel, Marks]:
        """What the file says of the channels once `batch` is in it. With `last`, no reserve is kept."""
        told = {}
        for draft in batch:
            if draft.sequence:
                ranges = self._recorded.setdefault(draft.channel, Ranges())
                ranges.add(*_range(draft))
                told[draft.channel] = (ranges.complete, self._reserved.get(draft.channel, 0))
        for channel, own in self._own.items():
            reserved = own.next - 1 if last else max(own.wanted, own.reserved)
            if channel in told or reserved != own.reserved:
                ranges = self._recorded.get(channel) or Ranges()
                told[channel] = (ranges.complete, reserved)
        return told

    def reserves(self) -> bool:
        """Whether an own channel wishes for more than the disk says."""
        return any(own.wanted > own.reserved for own in self._own.values())

    def settle(self, marks: Mapping[Channel, Marks]) -> None:
        """`marks` are in the file."""
        for channel, (_, reserved) in marks.items():
            self._reserved[channel] = reserved
            if channel in self._own:
                self._own[channel].reserved = reserved

    def undo(self, batch: Iterable[Draft]) -> None:
        """`batch` is not in the file after all."""
        for draft in batch:
            if draft.sequence:
                self._recorded[draft.channel].remove(*_range(draft))


def _range(draft: Draft) -> Range:
    return draft.sequence, draft.through
