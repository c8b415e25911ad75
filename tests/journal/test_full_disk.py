"""The disk takes nothing: said at once, nothing acknowledged, what waits is kept, and then all goes on."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from synaspis.errors import JournalError, NotRecordedError
from synaspis.journal import Channel, Journal, writer
from synaspis.journal.sequences import BLOCK
from synaspis.journal.waiting import SUPERSEDED

CASE = "ab" * 32
IN, OUT = Channel("DEU", "POL"), Channel("POL", "DEU")
ROOM_BYTES = 20_000
PATIENCE_S = 60.0
ROOT = Path(__file__).resolve().parents[2]
OPEN_TO_THE_BRIM = 2**30


class Watched:
    """A journal, what it said of its disk, and a disk that can be full: SQLite's own limit of pages."""

    def __init__(self, path: Path) -> None:
        self.heard: list[str] = []
        self.changed = threading.Condition()
        self.path = path
        self.journal = self.open()

    def open(self) -> Journal:
        return Journal.open(self.path, case_sha256=CASE, keeper="POL", told=self._hear, room_bytes=ROOM_BYTES)

    def _hear(self, text: str) -> None:
        with self.changed:
            self.heard.append(text)
            self.changed.notify_all()

    def await_word(self, count: int) -> None:
        """Until the journal has said `count` things of its disk."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.heard) >= count, PATIENCE_S)

    def fill(self) -> None:
        self._limit(1)  # SQLite takes the size that the file has

    def free(self) -> None:
        self._limit(OPEN_TO_THE_BRIM)

    def _limit(self, pages: int) -> None:
        self.journal._writer._store._connection.execute(f"PRAGMA max_page_count = {pages}")


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(writer, "RETRY_S", 0.02)
    found = Watched(tmp_path / "journal")
    yield found
    if not found.journal._writer._finished and not found.journal._writer._stopped:
        found.free()
        found.journal.close()


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotRecordedError) as caught:
        act()
    return str(caught.value)


def test_a_full_disk_is_said_at_once_and_mended_by_itself(watched: Watched) -> None:
    journal = watched.journal
    assert journal.append("order", b"before", channel=IN, sequence=1, durable=True)
    watched.fill()

    def order() -> object:
        return journal.append("order", bytes(50_000), channel=IN, sequence=2, durable=True)

    assert "the disk is full" in refused(order) and "mend: free space" in refused(order)
    watched.await_word(1)
    assert journal.trouble == watched.heard[0] and "the disk is full" in journal.trouble
    assert not journal.seen(IN, 2) and journal.high(IN) == 1  # refused, and so free
    for sequence in (3, 4):
        assert journal.append("track", bytes(5_000), channel=IN, sequence=sequence)  # these can wait
    assert journal.gaps(IN) == [(2, 2)]
    watched.free()
    watched.await_word(2)
    assert watched.heard[1] == "" and journal.trouble == ""
    assert order()
    told = [(e.kind, e.sequence) for e in journal.entries()]
    assert told == [("order", 1), ("track", 3), ("track", 4), ("order", 2)]
    assert journal.verify().whole and journal.gaps(IN) == []


def test_while_it_is_full_the_latest_tracks_wait_and_alerts_are_never_dropped(watched: Watched) -> None:
    journal = watched.journal
    journal.append("order", b"", durable=True)
    watched.fill()
    kept: dict[int, str] = {}
    refused(lambda: journal.append("order", bytes(50_000), durable=True))
    for sequence in range(1, 200):
        track = sequence % 3 > 0
        try:
            journal.append(
                "track" if track else "alert",
                bytes(1_000),
                channel=IN,
                sequence=sequence,
                replaces=f"track {sequence % 3}" if track else "",
            )
        except NotRecordedError as error:
            told = str(error)
            break
        kept[sequence] = "track" if track else "alert"
    assert "the disk is full" in told and not journal.seen(IN, len(kept) + 1)
    assert 20 < len(kept) < 199 and journal.superseded > 10
    watched.free()
    watched.await_word(2)
    kinds = {e.sequence: e.kind for e in journal.read(IN, 1, 999)}
    assert sorted(kinds) == sorted(kept)  # every sequence is accounted for
    alerts = [n for n in kept if kept[n] == "alert"]
    assert alerts and all(kinds[n] == "alert" for n in alerts)
    for last in (1, 2):
        tracks = [n for n in kept if n % 3 == last]
        assert kinds[tracks[-1]] == "track"
    assert sum(kind == SUPERSEDED for kind in kinds.values()) == journal.superseded
    assert journal.verify().whole


def test_own_sequences_last_for_a_while_and_then_are_refused(watched: Watched) -> None:
    journal = watched.journal
    assert journal.next_sequence(OUT) == 1
    _fail(journal, sqlite3.SQLITE_FULL)
    given: list[int] = []
    for _ in range(BLOCK - 1):
        given.append(journal.next_sequence(OUT))
    assert given == list(range(2, BLOCK + 1))
    assert "the disk is full" in refused(lambda: journal.next_sequence(OUT))
    assert "the disk is full" in refused(lambda: journal.next_sequence(Channel("POL", "FRA")))
    _mend(journal)
    assert journal.next_sequence(OUT) == BLOCK + 1


def test_what_the_disk_says_is_told_with_its_mend(watched: Watched) -> None:
    journal = watched.journal
    for code, words in {
        sqlite3.SQLITE_IOERR | 3 << 8: "fails to write",
        sqlite3.SQLITE_READONLY: "may not be written",
        sqlite3.SQLITE_CORRUPT: "damaged",
        sqlite3.SQLITE_ERROR: "injected",
    }.items():
        _fail(journal, code)
        told = refused(lambda: journal.append("order", b"", durable=True))
        assert words in told and "mend: " in told and str(journal.path) in told
    _mend(journal)
    assert journal.append("order", b"", durable=True)


def test_a_withdrawn_order_is_not_taken_for_recorded(watched: Watched) -> None:
    """An order comes twice, and the first fails while the second waits: that is not told that it is known."""
    journal = watched.journal
    begun, go_on = _held_up(journal, fails=True)
    outcomes: dict[str, object] = {}

    def order(name: str) -> None:
        try:
            outcomes[name] = journal.append("order", name.encode(), channel=IN, sequence=1, durable=True)
        except NotRecordedError as error:
            outcomes[name] = error

    first = threading.Thread(target=order, args=("first",))
    first.start()
    assert begun.wait(PATIENCE_S)
    second = threading.Thread(target=order, args=("second",))
    second.start()
    _await(lambda: len(journal._writer._tickets) > 1)  # it waits for the batch behind the one in hand
    go_on.set()
    for thread in (first, second):
        thread.join()
    assert isinstance(outcomes["first"], NotRecordedError) and outcomes["second"] is True
    assert [e.payload for e in journal.read(IN, 1, 1)] == [b"second"]


def test_a_refused_order_leaves_no_mark(watched: Watched) -> None:
    journal = watched.journal
    _fail(journal, sqlite3.SQLITE_FULL)
    refused(lambda: journal.append("order", b"", channel=IN, sequence=1, durable=True))
    _mend(journal)
    assert journal.append("order", b"", channel=IN, sequence=2, durable=True)
    assert journal.gaps(IN) == [(1, 1)] and journal.verify().whole


def test_who_waits_for_room_finds_out_that_another_was_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is full while the disk is slow; two come with the same sequence, and one of them is taken."""
    monkeypatch.setattr(writer, "PATIENCE_S", PATIENCE_S)
    with Journal.open(tmp_path / "journal", case_sha256=CASE, keeper="POL", room_bytes=2_000) as journal:
        begun, go_on = _held_up(journal)
        journal.append("track", bytes(1_000), channel=IN, sequence=1)
        assert begun.wait(PATIENCE_S)
        taken: list[bool] = []

        def append() -> None:
            taken.append(journal.append("track", bytes(1_000), channel=IN, sequence=2))

        threads = [threading.Thread(target=append) for _ in range(2)]
        for thread in threads:
            thread.start()
        _await(lambda: len(journal._writer._tickets) == 2)
        go_on.set()
        for thread in threads:
            thread.join()
        assert sorted(taken) == [False, True]
        assert [e.sequence for e in journal.read(IN, 1, 9)] == [1, 2] and journal.verify().whole


def test_who_asks_while_it_closes_is_answered(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal", case_sha256=CASE, keeper="POL")
    begun, go_on = _held_up(journal)
    journal.append("track", b"", channel=IN, sequence=1)
    closing = threading.Thread(target=journal.close)
    closing.start()
    assert begun.wait(PATIENCE_S)
    _await(lambda: journal._writer._closing)
    asked: list[object] = []

    def ask() -> None:
        try:
            asked.append(journal.read(IN, 1, 1))
        except JournalError as error:
            asked.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    _await(lambda: len(journal._writer._tickets) == 1)
    go_on.set()
    asking.join(PATIENCE_S)
    closing.join()
    assert len(asked) == 1


def test_a_faulty_writer_stops_and_says_so(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours: nobody waits for ever, and nothing is acknowledged."""
    seen: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: seen.append(told.exc_type))
    told: list[str] = []
    journal = watched.journal
    journal._writer._store.write = lambda *_, **__: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    journal._writer._told = told.append
    journal.append("track", b"", channel=IN, sequence=1)
    assert "ZeroDivisionError" in refused(lambda: journal.append("order", b"", durable=True))
    for act in (
        lambda: journal.append("track", b""),
        lambda: journal.flush(),
        lambda: journal.next_sequence(OUT),
    ):
        assert "the writer stopped" in refused(act)
    journal._writer._thread.join()
    assert seen in ([], [NotRecordedError]), "whoever wrote hears of it"
    assert len(told) == 1 and "ZeroDivisionError" in told[0]
    assert journal.read(IN, 1, 1) == []
    with pytest.raises(NotRecordedError, match="1 entries were not written"):
        journal.close()


def test_what_could_not_be_written_is_said_at_the_end(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal", case_sha256=CASE, keeper="POL")
    journal.append("order", b"", durable=True)
    _fail(journal, sqlite3.SQLITE_FULL)
    for sequence in (1, 2):
        journal.append("track", b"", channel=IN, sequence=sequence)
    with pytest.raises(NotRecordedError, match=r"2 entries were not written.*the disk is full"):
        journal.close()
    with Journal.open(tmp_path / "journal", case_sha256=CASE, keeper="POL") as journal:
        assert journal.verify().entries == 1 and journal.high(IN) == 0


def _error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("injected")
    error.sqlite_errorcode = code
    return error


def _held_up(journal: Journal, *, fails: bool = False) -> tuple[threading.Event, threading.Event]:
    """The next batch begins (the first event) and goes on, or fails, when the second is set."""
    store, begun, go_on = journal._writer._store, threading.Event(), threading.Event()
    write = store.write

    def once(*given: Any, **named: Any) -> None:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        store.write = write  # type: ignore[method-assign]
        if fails:
            raise _error(sqlite3.SQLITE_FULL)
        write(*given, **named)

    store.write = once  # type: ignore[method-assign]
    return begun, go_on


def _fail(journal: Journal, code: int) -> None:
    def write(*_: Any, **__: Any) -> None:
        raise _error(code)

    journal._writer._store.write = write  # type: ignore[method-assign, assignment]


def _mend(journal: Journal) -> None:
    del journal._writer._store.write  # type: ignore[method-assign]


def _await(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come")


SCRIPT = """
import os, sys
from pathlib import Path
from synaspis.errors import JournalError, NotRecordedError
from synaspis.journal import Channel, Journal
folder, channel, sequence = Path(sys.argv[1]), Channel("DEU", "POL"), 0
def begin(name):
    return Journal.open(folder / name, case_sha256="ab" * 32, keeper="POL")
def order(size):
    return journal.append("order", bytes(size), channel=channel, sequence=sequence, durable=True)
def refused(act):
    try:
        act()
    except (JournalError, NotRecordedError) as error:
        print(str(error).splitlines()[0].split(": ", 1)[1].split(" (")[0])
journal = begin("one")
with open(folder / "ballast", "wb", buffering=0) as ballast:
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError as error:
        print(error.strerror)
while True:
    sequence += 1
    try:
        order(5000)
    except NotRecordedError as error:
        break
refused(lambda: order(5000))
refused(lambda: begin("two"))
os.unlink(folder / "ballast")
print(order(5000), journal.high(channel) == sequence, journal.verify().faults)
"""


def test_on_a_small_disk_of_its_own(tmp_path: Path) -> None:
    """ENOSPC as the kernel says it: a disk of 1 MB in memory, where a user may mount one."""
    unshare = shutil.which("unshare")
    mount = f"mount -t tmpfs -o size=1m tmpfs {tmp_path}"
    if not unshare or subprocess.run([unshare, "-Urm", "sh", "-c", mount], capture_output=True).returncode:
        pytest.skip("no disk may be mounted here; the other tests use SQLite's own limit")
    done = subprocess.run(
        [unshare, "-Urm", "sh", "-c", f'{mount} && exec "$0" -c "$1" {tmp_path}', sys.executable, SCRIPT],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "No space left on device",
        "the disk is full",
        "the disk is full",
        "True True ()",
    ]


def test_a_full_disk_at_the_start_is_said_with_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def small(path: object, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(path, *args, **kwargs)  # type: ignore[call-overload]
        if not str(path).endswith(".lock"):
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(JournalError, match=r"(?s)the disk is full.*mend: free space"):
        Journal.open(tmp_path / "journal", case_sha256=CASE, keeper="POL")
    monkeypatch.undo()
    Journal.open(tmp_path / "journal", case_sha256=CASE, keeper="POL").close()  # nothing is left half made
