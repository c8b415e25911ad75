"""What is asked for again: decided again by the rules of now, and answered, or said to hold nothing.

Three answers: the frame as it was; a frame that stands for it, with another label or with a tombstone where a
message may no longer be told; or, in a `Standing`, that the number holds nothing that may be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Final

import msgspec

from synaspis.journal import Channel, Journal
from synaspis.network.keyring import Signer
from synaspis.network.message import (
    FORMAT,
    MOST_RANGES,
    NO_FRAME,
    PURPOSE,
    Frame,
    Message,
    Range,
    Standing,
    Tombstone,
    encode,
    key_of,
    seal,
)
from synaspis.network.outbox import Outbox, Parcel
from synaspis.network.rulebook import Offer
from synaspis.network.sent import SENT, opened
from synaspis.network.tally import Clock, Tally

ANSWERS_AT_ONCE: Final = 512
"""Frames sent again for one request."""
AGAIN_NS: Final = 1_000_000_000
"""A frame is not sent again more often than this."""


class Repair:
    """Answers what partners ask for again. Not to be used from two threads at once."""

    def __init__(
        self, identity: Signer, case: bytes, outbox: Outbox, journal: Journal, clock: Clock, tally: Tally
    ) -> None:
        self.me = identity.nation
        self._sign, self._case, self._outbox = identity.sign, case, outbox
        self._journal, self._clock, self._tally = journal, clock, tally
        self._again_ns: dict[tuple[str, int], int] = {}

    def standing(
        self,
        recipient: str,
        void: Iterable[Range],
        held: int,
        missing: Iterable[Range],
        heard: tuple[int, int],
    ) -> Parcel:
        """The frame without a number that tells a partner how far each has come."""
        told = Standing(
            self._outbox.sent(recipient),
            tuple(void)[:MOST_RANGES],
            held,
            tuple(missing)[:MOST_RANGES],
            *heard,
        )
        now_ns = self._clock.utc_ns()
        frame = Frame(FORMAT, PURPOSE, self._case, self.me, recipient, 0, now_ns, NO_FRAME, b"", (told,))
        return key_of(frame), seal(encode(frame), self._sign)

    def answer(self, recipient: str, missing: Iterable[Range]) -> tuple[list[Parcel], list[Range]]:
        """What is sent again of the numbers that `recipient` misses, and those that hold nothing to tell.

        At most `ANSWERS_AT_ONCE` frames; the rest is answered when it is asked for again.
        """
        channel, top, now_ns = Channel(self.me, recipient), self._outbox.sent(recipient), self._clock.utc_ns()
        parcels: list[Parcel] = []
        void: list[Range] = []
        for first, last in missing:
            last = min(last, top)
            if last < first or len(parcels) >= ANSWERS_AT_ONCE:
                continue
            room = ANSWERS_AT_ONCE - len(parcels)
            entries = self._journal.read(channel, first, last, room)
            upto = last if len(entries) < room else max(entries[-1].through, first)
            held = {e.sequence: e.payload for e in entries if e.kind == SENT}
            void += _between(first, upto, held)
            for sequence, payload in sorted(held.items()):
                if now_ns - self._again_ns.get((recipient, sequence), -AGAIN_NS) < AGAIN_NS:
                    continue
                parcel = self._sent_again(recipient, payload)
                if parcel is None:
                    void.append((sequence, sequence))
                else:
                    self._again_ns[recipient, sequence] = now_ns
                    parcels.append(parcel)
        self._forget(now_ns)
        if void:
            self._tally.note("void", recipient, ranges=void)
        return parcels, _merged(void)

    def _forget(self, now_ns: int) -> None:
        if len(self._again_ns) > 4 * ANSWERS_AT_ONCE:
            self._again_ns = {k: t for k, t in self._again_ns.items() if now_ns - t < AGAIN_NS}

    def _sent_again(self, recipient: str, payload: bytes) -> Parcel | None:
        """A frame as it was, or with tombstones and narrower labels where the rules have changed since."""
        found = opened(payload)
        if found is None:
            return None
        was, kept = found
        now_s = self._clock.case_s()
        messages = [
            self._asked_again(recipient, ground, floor_m, message, now_s)
            for ground, floor_m, message in zip(kept.grounds, kept.floors_m, was.frame.messages, strict=True)
        ]
        if all(m is None for m in messages):
            return None
        self._tally.counts["sent_again", recipient] += 1
        if tuple(messages) == was.frame.messages:
            return key_of(was.frame), kept.sealed
        told = [m for m in messages if m is not None]
        closed = () if len(told) == len(messages) else (Tombstone(),)
        frame = msgspec.structs.replace(
            was.frame, sent_ns=self._clock.utc_ns(), stands_for=was.identity, messages=(*told, *closed)
        )
        return key_of(frame), seal(encode(frame), self._sign)

    def _asked_again(
        self, recipient: str, ground: Offer, floor_m: float, message: object, now_s: float
    ) -> Message | None:
        """A message sent before, by the rules of now: as it was, under another label, or None."""
        assert isinstance(message, Message)
        leave = self._outbox.still(ground, recipient, floor_m, inf, now_s)
        if leave is None or not set(message.purposes) & set(leave.purposes):
            return None
        if (
            set(message.clauses) <= set(leave.clauses)
            and message.label.within(leave.label)
            and set(message.purposes) <= set(leave.purposes)
        ):
            return message
        purposes = tuple(p for p in message.purposes if p in leave.purposes)
        return msgspec.structs.replace(message, purposes=purposes, label=leave.label, clauses=leave.clauses)


def _between(first: int, last: int, held: Iterable[int]) -> list[Range]:
    """The ranges of `first` to `last` with none of `held` in them."""
    found, due = [], first
    for number in sorted(held):
        if number > due:
            found.append((due, number - 1))
        due = number + 1
    if due <= last:
        found.append((due, last))
    return found


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, those that touch made one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
