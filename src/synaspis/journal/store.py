"""The file of a journal: SQLite in WAL mode, written by one process and one thread.

A batch is one transaction: after a crash it is there whole or not at all, and so the chain is valid. A
commit with `full` is on the disk when it returns (survives loss of power); one without survives the end of
the process, and loss of power from the next full commit on (SQLite, "Write-Ahead Logging" and "PRAGMA
synchronous", www.sqlite.org).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from synaspis.errors import JournalError
from synaspis.journal.entry import Channel, canonical, chained, expected_hash, first_hash
from synaspis.journal.ranges import Ranges
from synaspis.journal.reading import APPLICATION_ID, COLUMNS, FORMAT, entry_of, identity
from synaspis.journal.sequences import Marks
from synaspis.journal.waiting import Draft

PRIVATE = 0o600
BUSY_S = 5.0
ROWS_AT_ONCE = 256
SCHEMA = f"""
BEGIN;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
  position INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL,
  recipient TEXT NOT NULL, sequence INTEGER NOT NULL, through INTEGER NOT NULL, payload BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE UNIQUE INDEX once ON entries (owner, recipient, sequence) WHERE sequence > 0;
CREATE TABLE channels (
  owner TEXT, recipient TEXT, complete INTEGER NOT NULL, reserved INTEGER NOT NULL,
  PRIMARY KEY (owner, recipient)
) WITHOUT ROWID;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TRIGGER no_update BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'entries are append-only'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'entries are append-only'); END;
INSERT INTO meta VALUES ('case_sha256', ?), ('keeper', ?);
INSERT INTO head VALUES (1, 0, ?);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
COMMIT;
"""


class Store:
    """An open journal file. `position` and `head` are those of the last entry written.

    Without `lasting` nothing waits for the disk: for a file that is removed before it could be needed.
    """

    def __init__(self, path: Path, case_sha256: str, keeper: str, lasting: bool = True) -> None:
        self.path, self._lasting = path, lasting
        with _told(path), contextlib.ExitStack() as undone:
            self._lock = undone.enter_context(contextlib.closing(_locked(path)))
            self._connection = undone.enter_context(contextlib.closing(_connected(path, case_sha256, keeper)))
            _of_the_same(self._connection, path, case_sha256, keeper)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'OFF'}")
            self._full = True
            first = first_hash(case_sha256, keeper)
            self.position, self.head = _last(self._connection, path, first)
            undone.pop_all()

    def channels(self) -> dict[Channel, tuple[Ranges, int]]:
        """Of every channel: which sequences are recorded, and up to which its owner may have used them."""
        found = {}
        for owner, recipient, complete, reserved in self._connection.execute(
            "SELECT * FROM channels"
        ).fetchall():
            ranges = Ranges()
            if complete:
                ranges.add(1, complete)
            above = self._connection.execute(
                "SELECT sequence, through FROM entries"
                " WHERE owner = ? AND recipient = ? AND sequence > ? ORDER BY sequence",
                (owner, recipient, complete),
            )
            for first, last in above:
                ranges.add(first, last)
            found[Channel(owner, recipient)] = (ranges, reserved)
        return found

    def write(self, batch: Sequence[Draft], marks: Mapping[Channel, Marks], *, full: bool) -> None:
        """Put the drafts behind the chain in one transaction. On sqlite3.Error nothing has changed."""
        position, head = self.position, self.head
        values: list[object] = []
        for d in batch:
            position += 1
            head = chained(
                head, canonical(position, d.at_ns, d.kind, d.channel, d.sequence, d.through, d.payload)
            )
            values += (position, d.at_ns, d.kind, *d.channel, d.sequence, d.through, d.payload, head)
        self._synchronous(full)
        run = self._connection.execute
        try:
            run("BEGIN IMMEDIATE")
            self._insert(f"INSERT INTO entries ({COLUMNS})", COLUMNS.count(",") + 1, values)
            told = [value for channel, mark in marks.items() for value in (*channel, *mark)]
            self._insert("INSERT OR REPLACE INTO channels", 4, told)
            run("UPDATE head SET position = ?, hash = ?", (position, head))
            run("COMMIT")
        except sqlite3.Error:
            # Where the disk failed to sync, the batch may still be found after a crash: recorded, though
            # nobody was told so. What it was for was not acknowledged, and comes again or not at all.
            if self._connection.in_transaction:
                run("ROLLBACK")
            raise
        self.position, self.head = position, head

    def _insert(self, into: str, width: int, values: Sequence[object]) -> None:
        """Many rows a statement: the thread waits for the interpreter after each statement, not each row."""
        rows = ROWS_AT_ONCE
        while values:
            while rows * width > len(values):
                rows //= 2
            part, values = values[: rows * width], values[rows * width :]
            places = ",".join([f"({','.join('?' * width)})"] * rows)
            self._connection.execute(f"{into} VALUES {places}", part)

    def _synchronous(self, full: bool) -> None:
        if self._lasting and full != self._full:
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if full else 'NORMAL'}")
            self._full = full

    def close(self) -> None:
        self._connection.close()
        self._lock.close()


def trouble(error: sqlite3.Error, path: Path) -> str:
    """What an error of the disk means for a journal, and how to mend it."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    told = {
        sqlite3.SQLITE_FULL: ("the disk is full", "free space there; what waits is then written"),
        sqlite3.SQLITE_IOERR: ("the disk fails to write", "look at the disk, and at the limits of file size"),
        sqlite3.SQLITE_READONLY: ("it may not be written", "give the node the right to write there"),
        sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "give a folder that exists and may be written"),
        sqlite3.SQLITE_CORRUPT: ("it is damaged", "keep it for examination, and begin another journal"),
        sqlite3.SQLITE_NOTADB: ("it is no journal", "name another file; this one is left as it is"),
        sqlite3.SQLITE_BUSY: ("another process holds it", "end that process, or name another journal"),
    }.get(code, (str(error), "look at the disk"))
    return f"{path}: {told[0]} ({error})\n    mend: {told[1]}"


@contextlib.contextmanager
def _told(path: Path):  # type: ignore[no-untyped-def]
    try:
        yield
    except sqlite3.Error as error:
        raise JournalError(trouble(error, path)) from error
    except OSError as error:
        raise JournalError(
            f"{path}: {error.strerror}\n    mend: give a folder that may be written"
        ) from error


def _locked(path: Path) -> sqlite3.Connection:
    """The right to write the journal: held until the process ends, however it ends."""
    lock = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY:
            raise
        raise JournalError(
            f"{path} is in use by another process\n    mend: end that node, or name another journal"
        ) from error
    return lock


def _connected(path: Path, case_sha256: str, keeper: str) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))  # SQLite gives its other files the same mode
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            _create(connection, case_sha256, keeper)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection, case_sha256: str, keeper: str) -> None:
    """All of the schema or none: a crash before the end leaves an empty file, which is begun again."""
    values = iter((case_sha256, keeper, first_hash(case_sha256, keeper)))
    statement = ""
    for part in SCHEMA.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            connection.execute(statement, [next(values) for _ in range(statement.count("?"))])
            statement = ""


def _of_the_same(connection: sqlite3.Connection, path: Path, case_sha256: str, keeper: str) -> None:
    """JournalError with every difference if the file is another case's or another keeper's."""
    case, kept_by = identity(connection, path)
    wrong = []
    if case != case_sha256:
        wrong.append(f"of the case {case[:8]}, and this one is {case_sha256[:8]}")
    if kept_by != keeper:
        wrong.append(f"of {kept_by}, and this node is {keeper}")
    if wrong:
        raise JournalError(
            f"{path} is the journal {'; '.join(wrong)}\n"
            "    mend: name another file for this node and case; this one is left as it is"
        )


def _last(connection: sqlite3.Connection, path: Path, first: bytes) -> tuple[int, bytes]:
    """Where the chain goes on. JournalError if its end is not what was written; the rest is `verify`'s."""
    position, head = connection.execute("SELECT position, hash FROM head").fetchone()
    rows = connection.execute(f"SELECT {COLUMNS} FROM entries ORDER BY position DESC LIMIT 2").fetchall()
    before = rows[1][-1] if len(rows) > 1 else first
    have = (0, first)
    if rows:
        entry = entry_of(rows[0])
        have = (entry.position, expected_hash(before, entry))
    if have != (position, head):
        raise JournalError(
            f"{path} does not end as it was written (entry {position})\n"
            "    mend: keep it for examination, and begin another journal"
        )
    return position, head
