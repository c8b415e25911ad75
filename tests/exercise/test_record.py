"""A record: signed and chained, so that any change shows; closed, so that an end cut off shows too."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synaspis.errors import JournalError
from synaspis.exercise.entries import Marked, Opened, Refused, Seated
from synaspis.exercise.inputs import Answer, Played
from synaspis.exercise.record import KEEPER, Record, key_path, read, verify
from synaspis.journal.entry import expected_hash, first_hash
from synaspis.journal.reading import COLUMNS, entry_of

CASE = "case: text\n"


def begun(log: Path) -> Record:
    return Record.create(
        log, case_sha256="ab" * 32, case_name="x.yaml", case=CASE.encode(), regime="r", seed=1
    )


def written(log: Path, close: bool = True) -> Record:
    """A record of six entries; with `close`, the sixth closes it."""
    record = begun(log)
    record.append(Played(3, "AAA", "1", Answer("q", True), 1500))
    record.append(Refused("AAA", "1", "no such question"), durable=False)
    record.append(Seated("AAA", "redeemed", 20), durable=False)
    record.append(Marked(10, "00" * 32, 5000))
    if close:
        record.close(12)
    else:
        record.append(Marked(20, "00" * 32, 9000))
        record.leave()
    return record


def tampered(log: Path, change: Callable[[sqlite3.Connection], Any]) -> None:
    """The file as somebody leaves it who may write it, but has no key."""
    with sqlite3.connect(log) as connection:
        connection.execute("DROP TRIGGER no_update")
        connection.execute("DROP TRIGGER no_delete")
        change(connection)
    connection.close()


def chained_anew(connection: sqlite3.Connection) -> None:
    """All hashes made to fit again, and the head with them: what signatures alone can tell."""
    before = first_hash("ab" * 32, KEEPER)
    rows = connection.execute(f"SELECT {COLUMNS} FROM entries ORDER BY position").fetchall()
    for row in rows:
        entry = entry_of(row)
        before = expected_hash(before, entry)
        connection.execute("UPDATE entries SET hash = ? WHERE position = ?", (before, entry.position))
    connection.execute("UPDATE head SET position = ?, hash = ?", (rows[-1][0], before))


def test_what_is_written_is_read_and_verified(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    record = written(log)
    verdict = verify(log)
    assert (verdict.state, verdict.entries, verdict.first_bad) == ("closed", 6, 0)
    assert verdict.key == record.key and verify(log, record.key).state == "closed"
    lines = read(log)
    assert isinstance(lines[0], Opened) and lines[0].case == CASE and lines[0].key == record.key
    assert lines[1] == Played(3, "AAA", "1", Answer("q", True), 1500)


def test_the_key_is_its_owners_and_goes_when_the_record_is_closed(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    record = begun(log)
    assert stat.S_IMODE(key_path(log).stat().st_mode) == 0o600
    assert verify(log).state == "open"
    record.close(0)
    assert not key_path(log).exists()
    with pytest.raises(JournalError, match="closed"):
        Record.reopen(log)


def test_a_record_is_not_written_over_nor_its_key(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    written(log, close=False)
    before = log.read_bytes()
    with pytest.raises(JournalError, match="there already"):
        begun(log)
    assert log.read_bytes() == before
    key_path(tmp_path / "y.log").write_text("")
    with pytest.raises(JournalError, match=r"y\.log\.key is there already"):
        begun(tmp_path / "y.log")
    with pytest.raises(JournalError, match="mend"):
        begun(tmp_path / "none" / "y.log")


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET payload = CAST(replace(payload, 'true', 'false') AS BLOB) WHERE position = 2",
        "UPDATE entries SET at_ns = at_ns + 1 WHERE position = 2",
        "UPDATE entries SET kind = 'seat' WHERE position = 2",
        "DELETE FROM entries WHERE position = 2",
        "UPDATE entries SET payload = zeroblob(3) WHERE position = 2",
    ],
)
def test_any_change_shows_where_it_is(tmp_path: Path, change: str, anew: bool) -> None:
    """Also where the chain was made to fit again: the hash before is signed, so what follows tells."""
    log = tmp_path / "x.log"
    written(log)

    def spoil(connection: sqlite3.Connection) -> None:
        assert connection.execute(change).rowcount == 1
        if anew:
            chained_anew(connection)

    tampered(log, spoil)
    verdict = verify(log)
    assert (verdict.state, verdict.first_bad, verdict.entries) == ("broken", 2, 1)
    with pytest.raises(JournalError):
        read(log)


def test_another_key_is_told_from_the_one_that_was_noted(tmp_path: Path) -> None:
    """A record made anew is good in itself; only the key that was printed at the start tells."""
    ours = written(tmp_path / "x.log")
    written(tmp_path / "y.log")
    assert verify(tmp_path / "y.log").state == "closed"
    verdict = verify(tmp_path / "y.log", ours.key)
    assert verdict.state == "broken" and "not the one given" in verdict.words


def test_an_end_cut_off_shows_once_closed_and_before_that_it_says_open(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    written(log)
    tampered(log, lambda c: c.execute("DELETE FROM entries WHERE position > 4"))
    assert verify(log).state == "broken"
    with sqlite3.connect(log) as connection:
        chained_anew(connection)
    connection.close()
    verdict = verify(log)
    assert verdict.state == "open" and "cut off" in verdict.words
    with pytest.raises(JournalError, match=r"x\.log\.key cannot be read"):
        Record.reopen(log)


def test_nothing_can_stand_behind_the_last_entry(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    written(log)

    def add(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO entries SELECT 7, at_ns, 'seat', owner, recipient, sequence, through, payload, hash"
            " FROM entries WHERE position = 4"
        )
        chained_anew(connection)

    tampered(log, add)
    verdict = verify(log)
    assert (verdict.state, verdict.first_bad) == (
        "broken",
        7,
    ) and "behind the entry that closed" in verdict.words


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_file_cut_off_is_said_to_be_damaged(tmp_path: Path, cut: float) -> None:
    log = tmp_path / "x.log"
    record = begun(log)
    for i in range(60):
        record.append(Seated("AAA", "x" * 200, i), durable=False)
    record.close(1)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith("-wal")], "one file has it all"
    data = log.read_bytes()
    log.write_bytes(data[: int(len(data) * cut)])
    with pytest.raises(JournalError, match="cannot be read"):
        verify(log)


def test_a_page_of_the_file_overwritten_is_told_if_it_held_anything(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    record = begun(log)
    for i in range(60):
        record.append(Seated("AAA", "x" * 200, i), durable=False)
    record.close(1)
    states, lines = set(), read(log)
    data = log.read_bytes()
    for at in range(4096, len(data), 4096):
        log.write_bytes(data[:at] + b"\xee" * 4096 + data[at + 4096 :])
        try:
            states.add(verify(log).state)
            assert read(log) == lines, "the page held nothing of the record, such as an index"
        except JournalError:
            states.add("broken")
    assert "broken" in states


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no record")
    for name in ("text", "none"):
        with pytest.raises(JournalError):
            verify(tmp_path / name)
    from synaspis.journal import Journal

    Journal.open(tmp_path / "node", case_sha256="ab" * 32, keeper="AAA").close()
    with pytest.raises(JournalError, match="journal of AAA"):
        verify(tmp_path / "node")
    Journal.open(tmp_path / "empty", case_sha256="ab" * 32, keeper=KEEPER).close()
    assert verify(tmp_path / "empty").state == "broken"


def test_a_record_of_another_version_is_verified_and_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "x.log"
    with monkeypatch.context() as other:
        other.setattr("synaspis.exercise.record.ours", lambda: "0.0.0")
        written(log, close=False)
    assert verify(log).state == "open"
    with pytest.raises(JournalError, match=r"made by synaspis 0\.0\.0"):
        Record.reopen(log)


def test_a_reopened_record_goes_on_with_the_chain(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    written(log, close=False)
    record, lines = Record.reopen(log)
    assert len(lines) == 6 and record.position == 6
    record.append(Marked(30, "00" * 32, 12000))
    record.close(31)
    assert (verify(log).state, verify(log).entries) == ("closed", 8)


def test_the_key_of_another_record_does_not_go_on_with_this_one(tmp_path: Path) -> None:
    written(tmp_path / "x.log", close=False)
    written(tmp_path / "y.log", close=False)
    key_path(tmp_path / "x.log").write_bytes(key_path(tmp_path / "y.log").read_bytes())
    with pytest.raises(JournalError, match="not the key"):
        Record.reopen(tmp_path / "x.log")
