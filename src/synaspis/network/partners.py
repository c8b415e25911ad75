"""What is known of a partner: how far it has come, when it last spoke, how its clock differs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from synaspis.network.message import MOST_RANGES, Frame, Range, Standing

SAMPLES: Final = 8
"""Comparisons of clocks that are kept: the one with the shortest way there and back counts."""
NOTHING: Final = (-1, -1)
"""What a partner was told of the numbers between the two where it was told nothing."""


@dataclass
class Clocks:
    """How another's clock differs from this one, by what the two tell each other."""

    heard_ns: int = 0
    """When what came last was sent, by the other's clock, and when it came, by this one; 0 for never."""
    heard_at_ns: int = 0
    _samples: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    def hear(self, sent_ns: int, heard_ns: int, heard_at_ns: int, now_ns: int) -> None:
        """Something came that was sent at `sent_ns`; at `heard_at_ns`, by its own clock, the other heard what
        this one sent at `heard_ns`."""
        if heard_ns:
            # Four times, as in the Network Time Protocol (RFC 5905, section 8): our sending and its hearing,
            # its sending and our hearing.
            there_ns, back_ns = heard_at_ns - heard_ns, now_ns - sent_ns
            self._samples.append((there_ns + back_ns, (there_ns - back_ns) // 2))
        self.heard_ns, self.heard_at_ns = sent_ns, now_ns

    @property
    def ahead_ns(self) -> int | None:
        """How far its clock is ahead of this one; None where it is not known yet."""
        return min(self._samples)[1] if self._samples else None


@dataclass
class Partner:
    """A partner as its `Standing`s tell.

    `sent` is the last number that it says it sent; `acknowledged` that up to which it holds all of ours;
    `heard_ns` when its last Standing was sent by its clock, and `heard_at_ns` when it came by ours;
    `answered_ns` when it was last answered what it misses, and `void` the numbers in that answer that hold
    nothing to tell.
    """

    sent: int = 0
    acknowledged: int = 0
    heard_ns: int = 0
    heard_at_ns: int = 0
    void: tuple[Range, ...] = ()
    answered_ns: int = 0
    top: int = 0
    """The highest number known at the last look: gaps below it are old enough to be asked for."""
    told_ns: int = 0
    """When it was last told where this node stands."""
    stood: tuple[int, int] = NOTHING
    """And what was told: the last number sent to it, and the highest that came from it."""
    _clocks: Clocks = field(default_factory=Clocks)

    def hear(self, frame: Frame, told: Standing, now_ns: int) -> None:
        """Take in what a partner says."""
        self._clocks.hear(frame.sent_ns, told.heard_ns, told.heard_at_ns, now_ns)
        self.sent = max(self.sent, told.sent)
        self.acknowledged = max(self.acknowledged, told.held)
        self.heard_ns, self.heard_at_ns = frame.sent_ns, now_ns

    @property
    def ahead_ns(self) -> int | None:
        """How far its clock is ahead of this one; None where it is not known yet."""
        return self._clocks.ahead_ns

    def settled(self, sent: int, gaps: list[Range], high: int) -> bool:
        """Whether nothing is new or missing on either side since it was last told where this node stands."""
        news = self.stood != (sent, high) or self.ahead_ns is None
        return not (news or gaps or self.sent > high or self.acknowledged < sent)


def to_ask(gaps: list[Range], high: int, partner: Partner) -> tuple[tuple[Range, ...], int]:
    """The missing numbers to ask for now, and the highest number known to be there.

    What went missing since the last look may still be under way: it is asked for at the next.
    """
    top = max(high, partner.sent)
    missing = [*gaps, *([(high + 1, top)] if top > high else [])]
    old = [(first, min(last, partner.top)) for first, last in missing if first <= partner.top]
    return tuple(old[:MOST_RANGES]), top
