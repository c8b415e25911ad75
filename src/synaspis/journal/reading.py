"""Looking at a journal, also while another process writes it: by channel, in order, and is it whole."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synaspis.errors import JournalError
from synaspis.journal.entry import Channel, Entry, expected_hash, first_hash
from synaspis.journal.ranges import Ranges

APPLICATION_ID = 0x53594E4A  # "SYNJ": what SQLite's file header says that the file is
FORMAT = 1
PAGE = 1000
FAULTS_TOLD = 20
COLUMNS = "position, at_ns, kind, owner, recipient, sequence, through, payload, hash"


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many entries, the last one's hash, and every fault in words."""

    entries: int
    head: bytes
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.faults


class Reader:
    """A journal opened for reading alone. Usable from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise JournalError(f"{path} is not there\n    mend: name the journal of a node that has run")
        try:
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            self._lock = threading.Lock()
            self._closed = False
            self.case_sha256, self.keeper = identity(self._connection, path)
        except sqlite3.Error as error:
            raise JournalError(f"{path} cannot be read: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._connection.close()

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            if self._closed:
                raise JournalError(f"{self.path}: the journal is closed")
            return self._connection.execute(query, values).fetchall()

    def channel(self, channel: Channel, first: int, last: int, limit: int = PAGE) -> list[Entry]:
        """Entries that cover any of `first` to `last` of a channel, in order of sequence, at most `limit`."""
        rows = self._rows(
            f"SELECT {COLUMNS} FROM entries WHERE owner = ?1 AND recipient = ?2 AND sequence > 0"
            " AND sequence <= ?4 AND through >= ?3 AND sequence >= coalesce("
            "   (SELECT max(sequence) FROM entries WHERE owner = ?1 AND recipient = ?2"
            "     AND sequence > 0 AND sequence <= ?3), ?3)"
            " ORDER BY sequence LIMIT ?5",
            *channel,
            first,
            last,
            limit,
        )
        return [entry_of(row) for row in rows]

    def entries(self, after: int = 0, limit: int = PAGE) -> list[Entry]:
        """Entries behind position `after`, in order, at most `limit`."""
        rows = self._rows(
            f"SELECT {COLUMNS} FROM entries WHERE position > ? ORDER BY position LIMIT ?", after, limit
        )
        return [entry_of(row) for row in rows]

    def head(self) -> tuple[int, bytes]:
        """The last entry's position and hash, as kept beside the entries."""
        position, told = self._rows("SELECT position, hash FROM head")[0]
        return position, told  # type: ignore[return-value]

    def verify(self) -> Verdict:
        """Every hash, position and sequence held against each other, up to where the journal is now."""
        position, head = self.head()
        marks = self._rows("SELECT owner, recipient, complete FROM channels ORDER BY 1, 2")
        count, faults = 0, []
        known: dict[Channel, Ranges] = {}
        before, due = first_hash(self.case_sha256, self.keeper), 1
        for entry in self._up_to(position):
            count += 1
            faults += _links(entry, before, due) + _once(entry, known)
            before, due = entry.hash, entry.position + 1
        if (due - 1, before) != (position, head):
            faults.append(
                f"the last entry is {due - 1}, and {position} was written: the end is missing or changed"
            )
        for owner, recipient, complete in marks:
            have = known.get(Channel(str(owner), str(recipient)), Ranges()).complete
            if have < int(str(complete)):
                faults.append(f"{owner} to {recipient}: complete up to {have}, and {complete} was written")
        return Verdict(count, before, tuple(faults[:FAULTS_TOLD]))

    def _up_to(self, position: int) -> Iterator[Entry]:
        after = 0
        while page := [e for e in self.entries(after) if e.position <= position]:
            yield from page
            after = page[-1].position


def identity(connection: sqlite3.Connection, path: Path) -> tuple[str, str]:
    """Case and keeper of a journal. JournalError if the file is none, or of another format."""
    application, form = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if application != APPLICATION_ID:
        raise JournalError(f"{path} is no journal\n    mend: name another file; this one is left as it is")
    if form != FORMAT:
        raise JournalError(
            f"{path} has the format {form}, and this version reads {FORMAT}\n"
            "    mend: read it with the version that wrote it, or begin another journal"
        )
    told = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    if not {"case_sha256", "keeper"} <= told.keys():
        raise JournalError(f"{path} is damaged: it does not say whose it is\n    mend: take a copy of it")
    return told["case_sha256"], told["keeper"]


def entry_of(row: tuple[object, ...]) -> Entry:
    """The entry of a row of `COLUMNS`."""
    position, at_ns, kind, owner, recipient, sequence, through, payload, told = row
    return Entry(position, at_ns, kind, Channel(owner, recipient), sequence, through, payload, told)  # type: ignore[arg-type]


def _links(entry: Entry, before: bytes, due: int) -> list[str]:
    """What is wrong between an entry and the one before it."""
    faults = []
    if entry.position != due:
        faults.append(f"entries {due} to {entry.position - 1} are missing")
    if entry.hash != expected_hash(before, entry):
        faults.append(f"entry {entry.position} is not what was written there, or the one before it is not")
    return faults


def _once(entry: Entry, known: dict[Channel, Ranges]) -> list[str]:
    """What is wrong with the sequences of an entry; those are then known."""
    if not entry.sequence:
        return []
    ranges = known.setdefault(entry.channel, Ranges())
    free = ranges.missing(entry.sequence, entry.through)
    ranges.add(entry.sequence, entry.through)
    if free == [(entry.sequence, entry.through)]:
        return []
    return [f"entry {entry.position}: {'-'.join(entry.channel)} {entry.sequence} is recorded twice"]
