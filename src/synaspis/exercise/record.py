"""The record of an exercise: a journal whose entries are signed, and whose last one closes it.

The key (Ed25519) is made when the record is opened and kept beside it, for its owner alone, until it is
closed; its public half is in the first entry, and whoever has noted it can tell a record made anew. What is
signed of an entry covers the hash of the entry before it, so none can be changed, moved or left out.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from synaspis.errors import JournalError
from synaspis.exercise.entries import FORMAT, KIND_OF, Closed, Line, Opened, body_of, line_of
from synaspis.journal import Entry, Journal
from synaspis.journal.entry import NO_CHANNEL, canonical, chained, first_hash
from synaspis.journal.reading import Reader

KEEPER: Final = "exercise"
PRIVATE: Final = 0o600
SIGNATURE_BYTES: Final = 64
SECRET_BYTES: Final = 16
_PURPOSE: Final = b"synaspis exercise record\n"  # keeps these signatures apart from any other of the key


def key_path(log: Path) -> Path:
    """Where the private key of an open record is kept."""
    return log.with_name(f"{log.name}.key")


def signed_bytes(before: bytes, position: int, at_ns: int, kind: str, body: bytes) -> bytes:
    """What the signature of an entry covers; `before` is the hash of the entry before it."""
    return _PURPOSE + before + canonical(position, at_ns, kind, NO_CHANNEL, 0, 0, body)


class Record:
    """An open record, for one thread: `append` returns when the entry is on the disk."""

    def __init__(self, journal: Journal, key: Ed25519PrivateKey, opened: Opened, opened_ns: int) -> None:
        self.path = journal.path
        self.opened, self.opened_ns = opened, opened_ns
        self._journal, self._key = journal, key
        self.position, self.head = journal.head()
        self.closed = False

    @classmethod
    def create(
        cls, log: Path, *, case_sha256: str, case_name: str, case: bytes, regime: str, seed: int,
        plan: dict[str, object] | None = None,
    ) -> Record:  # fmt: skip
        """A new record in a file. JournalError where there is one already, or the file cannot be made."""
        if log.exists():
            raise JournalError(
                f"{log} is there already\n    mend: name another file with --log, or go on with it"
            )
        key = _new_key(key_path(log))
        opened = Opened(
            format=FORMAT, version=ours(), key=public_hex(key.public_key()),
            case_name=case_name, case=case.decode(), regime=regime, seed=seed, plan=plan or {},
            secret=secrets.token_hex(SECRET_BYTES),
        )  # fmt: skip
        try:
            journal = Journal.open(log, case_sha256=case_sha256, keeper=KEEPER)
        except JournalError:
            key_path(log).unlink()
            raise
        record = cls(journal, key, opened, time.time_ns())
        record.append(opened, at_ns=record.opened_ns)
        return record

    @classmethod
    def reopen(cls, log: Path) -> tuple[Record, list[Line]]:
        """A record to go on with, and what it holds.

        JournalError where it is not whole, is closed, is of another version, or its key is not beside it.
        """
        verdict = verify(log)
        if verdict.state == "closed":  # a crash may have come before this was done
            key_path(log).unlink(missing_ok=True)
        if verdict.state != "open":
            mend = "open another" if verdict.state == "closed" else "keep it for examination; open another"
            raise JournalError(f"{log}: nothing can be added: {verdict.words}\n    mend: {mend}")
        lines, opened_ns = _lines(log)
        opened = lines[0]
        assert isinstance(opened, Opened)
        refuse_other_version(log, opened)
        key = _own_key(key_path(log), opened.key)
        with contextlib.closing(Reader(log)) as reader:
            case_sha256 = reader.case_sha256
        journal = Journal.open(log, case_sha256=case_sha256, keeper=KEEPER)
        return cls(journal, key, opened, opened_ns), lines

    @property
    def key(self) -> str:
        """The public key, 64 hex digits."""
        return public_hex(self._key.public_key())

    @property
    def trouble(self) -> str:
        """Why the disk takes nothing, with the mend; empty when all is well."""
        return self._journal.trouble

    def wall_ms(self) -> int:
        """Since the record was opened, by the clock of this machine; never less than 0."""
        return max((time.time_ns() - self.opened_ns) // 1_000_000, 0)

    def append(self, line: Line, *, durable: bool = True, at_ns: int | None = None) -> None:
        """Sign and record a line. NotRecordedError: the disk did not take it, and nothing has changed.

        Without `durable` it is on the disk with the next that is.
        """
        kind, body, told_ns = KIND_OF[type(line)], body_of(line), time.time_ns() if at_ns is None else at_ns
        position = self.position + 1
        payload = self._key.sign(signed_bytes(self.head, position, told_ns, kind, body)) + body
        self._journal.append(kind, payload, durable=durable, at_ns=told_ns)
        told = canonical(position, told_ns, kind, NO_CHANNEL, 0, 0, payload)
        self.position, self.head = position, chained(self.head, told)

    def close(self, tick: int) -> None:
        """The last entry; then nobody has the key any more. NotRecordedError: it is still open."""
        if self.closed:
            return
        self.append(Closed(tick, self.position + 1, self.wall_ms()))
        self.closed = True
        self._journal.close()
        key_path(self.path).unlink(missing_ok=True)

    def leave(self) -> None:
        """Close the file and leave the record open, to be gone on with."""
        self._journal.close()


def ours() -> str:
    """The version that this is."""
    return importlib.metadata.version("synaspis")


def public_hex(key: Ed25519PublicKey) -> str:
    """A public key as 64 hex digits."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def refuse_other_version(log: Path, opened: Opened) -> None:
    """JournalError where another version made the record: the same inputs may give another exercise."""
    if opened.version != ours():
        raise JournalError(
            f"{log} was made by synaspis {opened.version}, and this is {ours()}\n"
            f"    mend: use that version; `synaspis replay {log} --verify` needs none"
        )


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `state`: open (its end is not signed), closed, or broken from `first_bad` on.

    `first_bad` is a position, 0 where nothing is wrong or it is the file as a whole. `head` is the last
    entry's hash, `key` the public key of the first entry, both hex.
    """

    state: str
    entries: int
    first_bad: int
    words: str
    key: str
    head: str


def verify(log: Path, key: str | None = None) -> Verdict:
    """Whether a record is as it was written. `key`: the public key that was noted when it was opened.

    JournalError where the file is no record at all.
    """
    found = ""
    try:
        with contextlib.closing(Reader(log)) as reader:
            if reader.keeper != KEEPER:
                raise JournalError(f"{log} is the journal of {reader.keeper}, no record of an exercise")
            head = reader.head()
            signed = _signed(reader)
            found = signed.key
            if signed.wrong:
                return Verdict("broken", signed.entries, signed.entries + 1, signed.wrong, found, "")
            faults = reader.verify().faults
            if faults:
                return Verdict("broken", signed.entries, signed.entries + 1, faults[0], found, head[1].hex())
    except sqlite3.Error as error:
        return Verdict("broken", 0, 0, f"the file is damaged: {error}", found, "")
    if key is not None and key.strip().lower() != found:
        words = f"it is signed by the key {found}, which is not the one given"
        return Verdict("broken", signed.entries, 1, words, found, head[1].hex())
    words = "whole and closed: nothing was changed, and nothing is missing"
    if not signed.closed:
        words = "whole so far, and open: it was not closed, or its end was cut off"
    state = "closed" if signed.closed else "open"
    return Verdict(state, signed.entries, 0, words, found, head[1].hex())


def read(log: Path) -> list[Line]:
    """Every line of a record that is whole, open or closed. JournalError where it is not."""
    verdict = verify(log)
    if verdict.state == "broken":
        raise JournalError(f"{log}: entry {verdict.first_bad}: {verdict.words}")
    return _lines(log)[0]


def _lines(log: Path) -> tuple[list[Line], int]:
    """Every line, and when the first was written, UTC in nanoseconds."""
    with contextlib.closing(Reader(log)) as reader:
        entries = list(_entries(reader))
    return [line_of(e.kind, e.payload[SIGNATURE_BYTES:]) for e in entries], entries[0].at_ns


@dataclass
class _Signed:
    """How far the signatures are good: so many entries, then what is wrong with the next."""

    entries: int = 0
    wrong: str = ""
    key: str = ""
    closed: bool = False


def _signed(reader: Reader) -> _Signed:
    found, before = _Signed(), first_hash(reader.case_sha256, KEEPER)
    for entry in _entries(reader):
        found.wrong = _wrong(entry, found, before)
        if found.wrong:
            return found
        found.entries, before = found.entries + 1, entry.hash
        found.closed = entry.kind == "closed"
    if not found.entries:
        found.wrong = "there is no entry: it was never opened"
    return found


def _wrong(entry: Entry, found: _Signed, before: bytes) -> str:
    """What is wrong with the entry after those that were `found` good; empty when nothing is."""
    if found.closed:
        return "it stands behind the entry that closed the record"
    signature, body = entry.payload[:SIGNATURE_BYTES], entry.payload[SIGNATURE_BYTES:]
    try:
        line = line_of(entry.kind, body)
    except ValueError as error:
        return f"it does not read as what it says it is: {error}"
    if isinstance(line, Opened) != (found.entries == 0):
        return "a record is opened by its first entry, and only by that"
    if isinstance(line, Opened):
        if line.format != FORMAT:
            return f"the record has the format {line.format}, and this version reads {FORMAT}"
        found.key = line.key
    if entry.position != found.entries + 1:
        return f"entries {found.entries + 1} to {entry.position - 1} are missing"
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.key))
        public.verify(signature, signed_bytes(before, entry.position, entry.at_ns, entry.kind, body))
    except (ValueError, InvalidSignature):
        return "it is not what was signed there, or the one before it is not"
    return ""


def _entries(reader: Reader) -> Iterator[Entry]:
    """All that is written now, in order."""
    after = 0
    while page := reader.entries(after):
        yield from page
        after = page[-1].position


def _new_key(path: Path) -> Ed25519PrivateKey:
    """A new key in a file of its own. JournalError where there is one: a record may still need it."""
    key = Ed25519PrivateKey.generate()
    told = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE), "wb") as file:
            file.write(told)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        mend = "name another file with --log, or move the key of a record that is no more"
        raise JournalError(f"{path} is there already\n    mend: {mend}") from error
    except OSError as error:
        raise JournalError(
            f"{path}: {error.strerror}\n    mend: give a folder that may be written"
        ) from error
    return key


def _own_key(path: Path, public: str) -> Ed25519PrivateKey:
    """The key beside a record. JournalError where it is not there or is another's."""
    mend = "    mend: put the key of this record back beside it; without it nothing can be signed"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise JournalError(f"{path} cannot be read as a key\n{mend}") from error
    if not isinstance(key, Ed25519PrivateKey) or public_hex(key.public_key()) != public:
        raise JournalError(f"{path} is not the key that the record was opened with\n{mend}")
    return key
