"""What a server of seats notes of its clients, so that a hostile one cannot fill the disk with it."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Final

FIRST: Final = 8
"""So many of each kind are noted one by one; then those whose count is a power of two."""
MOST_KINDS: Final = 1_000
MOST_WAITING: Final = 1_000


class Ledger:
    """Notes that are written by a thread of its own: whoever notes never waits for the disk."""

    def __init__(self, write: Callable[[str, str], None]) -> None:
        """`write` is told the seat (or an empty text) and what happened, in words."""
        self._write = write
        self._waiting: queue.Queue[tuple[str, str] | None] = queue.Queue(MOST_WAITING)
        self._counts: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        self.refusals = 0
        """All refusals so far, noted or not."""
        self._writer: threading.Thread | None = None

    def note(self, seat: str, what: str) -> None:
        """Something that happens seldom."""
        with self._lock:
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name="ledger", daemon=True)
                self._writer.start()
        with contextlib.suppress(queue.Full):  # a disk this slow is the record's trouble, and said there
            self._waiting.put_nowait((seat, what))

    def refused(self, seat: str, kind: str) -> None:
        """A refusal, which a client may provoke at will: of each kind the first few, then seldom."""
        with self._lock:
            self.refusals += 1
            key = (seat, kind)
            if key not in self._counts and len(self._counts) >= MOST_KINDS:
                return
            count = self._counts[key] = self._counts.get(key, 0) + 1
        if count <= FIRST:
            self.note(seat, f"refused: {kind}")
        elif count & (count - 1) == 0:
            self.note(seat, f"refused: {kind} ({count} times so far)")

    def close(self) -> None:
        """Write what waits, and end."""
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join(5.0)

    def _run(self) -> None:
        while (noted := self._waiting.get()) is not None:
            with contextlib.suppress(Exception):  # a note that cannot be kept must not end those after it
                self._write(*noted)
