"""A node's journal: append from any thread; one at a time writes, in batches, off the path of what arrives.

- `durable`: the entry is on the disk when `append` returns. For orders, requests, votes, alerts.
- else it is written within `writer.BATCH_S`, and on the disk with the next durable one. For tracks.
- A sequence of a channel is recorded once: what comes again is refused, also after a restart.
- When the disk takes nothing, that is told at once; durable entries are refused and withdrawn, the others
  wait as far as there is room (`waiting.py`), and all goes on when there is space again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from synaspis.errors import NotRecordedError
from synaspis.journal.entry import NO_CHANNEL, Channel, Entry, why_not
from synaspis.journal.ranges import Range
from synaspis.journal.reading import PAGE, Reader, Verdict
from synaspis.journal.sequences import Sequences
from synaspis.journal.store import Store
from synaspis.journal.waiting import ROOM_BYTES, Draft, Waiting
from synaspis.journal.writer import Ticket, Writer

TOMBSTONE = "tombstone"


def _quietly(_: str) -> None:
    """Nobody listens."""


class Journal:
    """An open journal. Close it, or use it in a `with`; the process may also be killed at any time."""

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        case_sha256: str,
        keeper: str,
        told: Callable[[str], None] = _quietly,
        room_bytes: int = ROOM_BYTES,
        lasting: bool = True,
    ) -> Journal:
        """The journal in a file, begun if it is not there.

        `keeper` is the nation whose node it is. `told` hears of trouble with the disk at once, from another
        thread, and of its end by an empty text. Without `lasting` nothing waits for the disk: for what is
        removed in the end. JournalError where the file is in use, damaged, no journal, or the journal of
        another case or keeper.
        """
        store = Store(path, case_sha256, keeper, lasting)
        try:
            return cls(store, Reader(path), keeper, told, room_bytes)
        except BaseException:
            store.close()
            raise

    def __init__(
        self, store: Store, reader: Reader, keeper: str, told: Callable[[str], None], room_bytes: int
    ) -> None:
        self.path, self.keeper = store.path, keeper
        self._reader = reader
        self._sequences = Sequences(store.channels())
        self._writer = Writer(store, self._sequences, Waiting(room_bytes), told, f"journal-{keeper}")
        self._closed = threading.Lock()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def trouble(self) -> str:
        """Why the disk takes nothing, with the mend; empty when all is well."""
        return self._writer.trouble

    @property
    def waits(self) -> int:
        """How many entries wait to be written."""
        return len(self._writer.waiting)

    @property
    def superseded(self) -> int:
        """How many entries since the opening lost their payload to a later one, as there was no room."""
        return self._writer.waiting.superseded

    def seen(self, channel: Channel, sequence: int) -> bool:
        """Whether a sequence is recorded or about to be, or closed by a tombstone."""
        with self._writer.lock:
            return sequence in self._sequences.known(channel)

    def high(self, channel: Channel) -> int:
        """The highest sequence seen on a channel, 0 for none."""
        with self._writer.lock:
            return self._sequences.known(channel).high

    def gaps(self, channel: Channel) -> list[Range]:
        """Ranges (first, last) below the highest sequence seen that were not seen."""
        with self._writer.lock:
            known = self._sequences.known(channel)
            return known.missing(1, known.high)

    def append(
        self,
        kind: str,
        payload: bytes,
        *,
        channel: Channel = NO_CHANNEL,
        sequence: int = 0,
        durable: bool = False,
        replaces: str = "",
        at_ns: int | None = None,
    ) -> bool:
        """Record an entry. False if the channel's sequence was recorded before: then nothing is written.

        `replaces` names what a later entry of that name makes worthless, as a track's; without it an entry
        is never dropped. `at_ns` is UTC, now where it is not given. With `durable`, a return (True or False)
        means that the entry of that sequence is on the disk. NotRecordedError: it was not taken, as the disk
        or the queue is full; nothing is to be acknowledged, and the sequence stays free. ValueError: our own
        mistake.
        """
        draft = _draft(kind, payload, channel, sequence, sequence, at_ns, durable)
        draft.replaces = "" if durable else replaces
        while True:
            with self._writer.lock:
                fresh = self._writer.admit(draft)
                ticket = self._on_disk(durable)
            if ticket is not None:
                self._writer.wait(ticket)
            # Whoever had claimed the sequence may have been refused while this call waited: then it is free.
            if fresh or not durable or self.seen(channel, sequence):
                return fresh

    def tombstone(
        self,
        channel: Channel,
        first: int,
        last: int,
        why: bytes,
        *,
        durable: bool = True,
        at_ns: int | None = None,
    ) -> list[Range]:
        """Close what is still open of `first` to `last` of a channel; returns the ranges that were open.

        What comes later under one of these sequences is refused. Errors as of `append`.
        """
        closed: list[Range] = []
        with self._writer.lock:
            while open_ := self._sequences.known(channel).missing(first, last):
                if self._writer.admit(_draft(TOMBSTONE, why, channel, *open_[0], at_ns, durable)):
                    closed.append(open_[0])
            ticket = self._on_disk(durable)
        if ticket is not None:
            self._writer.wait(ticket)
        return closed

    def next_sequence(self, channel: Channel) -> int:
        """A sequence of an own channel that was never given before, also not before a crash.

        Waits for the disk once in `sequences.BLOCK`. NotRecordedError when the disk takes nothing and the
        reserve is used up.
        """
        if channel.owner != self.keeper:
            raise ValueError(f"{self.keeper} numbers its own channels, not {channel.owner}'s")
        while True:
            with self._writer.lock:
                self._writer.refuse_if_closed()
                given = self._sequences.next(channel)
                if given:
                    return given
                ticket = self._writer.ticket(full=True)
            self._writer.wait(ticket)

    def read(self, channel: Channel, first: int, last: int, limit: int = PAGE) -> list[Entry]:
        """Entries of a channel that cover any of `first` to `last`, in order of sequence, at most `limit`.

        What waits is written first, where the disk takes it.
        """
        with self._writer.lock:
            ticket = self._writer.ticket(full=False) if self._writer.waiting.holds(channel) else None
        if ticket is not None:
            self._writer.settle(ticket)
        return self._reader.channel(channel, first, last, limit)

    def entries(self, after: int = 0, limit: int = PAGE) -> list[Entry]:
        """Entries written behind position `after`, in order, at most `limit`."""
        return self._reader.entries(after, limit)

    def head(self) -> tuple[int, bytes]:
        """Position and hash of the last entry written: whoever has noted it can tell a truncation."""
        return self._reader.head()

    def verify(self) -> Verdict:
        """Every hash, position and sequence held against each other, up to what is written now."""
        return self._reader.verify()

    def flush(self, *, durable: bool = False) -> None:
        """Return when all that was appended before is written; with `durable`, on the disk."""
        with self._writer.lock:
            self._writer.refuse_if_closed()
            ticket = self._on_disk(True) if durable else self._writer.ticket(full=False)
        if ticket is not None:
            self._writer.wait(ticket)

    def close(self) -> None:
        """Write what waits and close the file. NotRecordedError, with the file closed, if it could not be."""
        if not self._closed.acquire(blocking=False):
            return
        self._reader.close()  # first: the last to close leaves one file, and only who may write can do that
        lost = self._writer.close()
        if lost:
            raise NotRecordedError(f"{lost} entries were not written: {self.trouble}")

    def _on_disk(self, durable: bool) -> Ticket | None:
        """Under the lock: what to wait for until all that was admitted is on the disk; None if it is."""
        return self._writer.ticket(full=True) if durable and self._writer.unsettled() else None


def _draft(
    kind: str, payload: bytes, channel: Channel, sequence: int, through: int, at_ns: int | None, durable: bool
) -> Draft:
    told_ns = time.time_ns() if at_ns is None else at_ns
    wrong = why_not(told_ns, kind, channel, sequence, through, payload)
    if wrong:
        raise ValueError(wrong)
    return Draft(kind, channel, sequence, through, payload, told_ns, durable=durable)
