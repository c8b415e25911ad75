"""Writes a journal: one batch after another, and what happens when the disk takes nothing.

Whoever waits for a batch writes it, without handing over to another thread; what nobody waits for is written
by a thread of the journal's own. One writes at a time.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from synaspis.errors import NotRecordedError
from synaspis.journal.sequences import Sequences
from synaspis.journal.store import Store, trouble
from synaspis.journal.waiting import Draft, Waiting

BATCH_S = 0.02
LINGER_S = 1.0
"""The thread sleeps until it is woken when nothing came for so long."""
RETRY_S = 1.0
PATIENCE_S = 1.0
"""How long `admit` waits for room while the disk still writes, before it says that there is none."""


@dataclass(slots=True, eq=False)
class Ticket:
    """Somebody waits until all that was admitted before is written; with `full`, on the disk."""

    full: bool
    settled: threading.Event = field(default_factory=threading.Event)
    failed: str = ""


class Writer:
    """Owns the file. What is not private is called with `lock` held, but for `wait` and `close`."""

    def __init__(
        self, store: Store, sequences: Sequences, waiting: Waiting, told: Callable[[str], None], name: str
    ) -> None:
        self.lock = threading.Condition()
        self.trouble = ""
        self.waiting = waiting
        self.unsynced = False
        self._store, self._sequences, self._told = store, sequences, told
        self._tickets: list[Ticket] = []
        self._writing = threading.Lock()
        self._stir = threading.Event()
        self._oldest_s = 0.0
        """When the oldest that waits came; where nothing waits, when a batch was last written."""
        self._sleeps = False
        self._closing = False
        self._finished = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def refuse_if_closed(self) -> None:
        if self._stopped:
            raise NotRecordedError(self.trouble)
        if self._closing:
            raise NotRecordedError(f"{self._store.path}: the journal is closed")

    def admit(self, draft: Draft) -> bool:
        """Queue a draft and claim its sequences. False, and nothing done, if one of them is taken.

        NotRecordedError if there is no room; a durable draft always has some, as its caller waits for it.
        """
        self.refuse_if_closed()
        if not self._sequences.is_free(draft):
            return False
        if not draft.durable and not self.waiting.has_room(draft):
            self._make_room(draft)
            if not self._sequences.is_free(draft):  # the lock was given away meanwhile
                return False
        self._sequences.claim(draft)
        if not len(self.waiting):
            self._oldest_s = time.monotonic()
            if self._sleeps:
                self._sleeps = False
                self._stir.set()
        self.waiting.put(draft)
        return True

    def _make_room(self, draft: Draft) -> None:
        until_s = time.monotonic() + PATIENCE_S
        self.ticket(full=False)
        self._stir.set()
        while not self.waiting.has_room(draft):
            left_s = until_s - time.monotonic()
            if self.trouble or left_s <= 0.0:
                raise NotRecordedError(
                    self.trouble
                    or f"{self._store.path}: more comes than the disk takes\n    mend: a faster disk"
                )
            self.lock.wait(left_s)
            self.refuse_if_closed()

    def ticket(self, *, full: bool) -> Ticket:
        """For all that was admitted so far to be written now: by `wait`, without the lock."""
        ticket = Ticket(full)
        if self._finished or self._stopped:
            self._settle([ticket], self.trouble)
        else:
            self._tickets.append(ticket)
        return ticket

    def wait(self, ticket: Ticket) -> None:
        """Write what the ticket is for, or wait for who does. NotRecordedError where it could not be."""
        self.settle(ticket)
        if ticket.failed:
            raise NotRecordedError(ticket.failed)

    def settle(self, ticket: Ticket) -> None:
        """As `wait`, whether it could be written or not."""
        self._write(lambda: not ticket.settled.is_set())

    def unsettled(self) -> bool:
        """Whether anything admitted may not be on the disk."""
        return self.unsynced or len(self.waiting) > 0

    def close(self) -> int:
        """Write what waits, end the thread, close the file. How many drafts could not be written."""
        with self.lock:
            self._closing = True
        self._stir.set()
        self._thread.join()
        self._store.close()
        return len(self.waiting)

    def _run(self) -> None:
        while self._await_work():
            self._write(self._due)

    def _due(self) -> bool:
        with self.lock:
            if self._finished or self._stopped:
                return False
            return bool(self._tickets or len(self.waiting) or self.trouble or self._closing)

    def _await_work(self) -> bool:
        """Sleep until there is something to write. False when all is done and the journal closes."""
        tried_s = time.monotonic()
        while True:
            self._stir.clear()  # before looking: what comes now stirs again
            with self.lock:
                if self._stopped or self._finished:
                    return False
                if self._tickets or self._closing:
                    return True
                now_s = time.monotonic()
                waits = self.trouble or len(self.waiting) > 0
                due_s = tried_s + RETRY_S if self.trouble else self._oldest_s + BATCH_S
                if waits and due_s <= now_s:
                    return True
                self._sleeps = not waits and now_s - self._oldest_s > LINGER_S
            # Not under the lock: who appends must not wait for this thread to get its turn. And to look now
            # and then costs less than to be woken by every batch's first entry.
            self._stir.wait(None if self._sleeps else due_s - now_s if waits else BATCH_S)

    def _write(self, due: Callable[[], bool]) -> None:
        """Write a batch, if that is still due once nobody else writes."""
        try:
            with self._writing:
                changed = due() and self._write_batch()
        except BaseException as error:
            with self.lock:
                self._stopped = True
                self.trouble = f"{self._store.path}: the writer stopped: {type(error).__name__}: {error}"
                tickets, self._tickets = self._tickets, []
                self._settle(tickets, self.trouble)
                self._sequences.withdraw(self.waiting.give_back(self.waiting.take()))
            self._stir.set()
            self._told(self.trouble)
            if isinstance(error, Exception):
                raise NotRecordedError(self.trouble) from error
            raise
        if changed:
            self._told(self.trouble)

    def _write_batch(self) -> bool:
        """Whether trouble came or went."""
        with self.lock:
            tickets = self._tickets.copy()
            batch = self.waiting.take()
            last = self._closing
            full = last or self._sequences.reserves() or any(t.full for t in tickets)
            marks = self._sequences.marks(batch, last=last)
        failed = ""
        try:
            self._store.write(batch, marks, full=full)
        except sqlite3.Error as error:
            failed = trouble(error, self._store.path)
        with self.lock:
            if failed:
                self._sequences.undo(batch)
                self._sequences.withdraw(self.waiting.give_back(batch))
            else:
                self._sequences.settle(marks)
                self.waiting.written(batch)
                self.unsynced = not full
                self._oldest_s = time.monotonic()
            changed, self.trouble = failed != self.trouble, failed
            # At the end, also who asked meanwhile: nothing comes after.
            settled = self._tickets if last else tickets
            self._tickets = [] if last else self._tickets[len(tickets) :]
            self._finished = last
            self._settle(settled, failed)
        return changed

    def _settle(self, tickets: list[Ticket], failed: str) -> None:
        for ticket in tickets:
            ticket.failed = failed
            ticket.settled.set()
        self.lock.notify_all()
