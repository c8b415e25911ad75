"""What a journal promises while the disk does its part: each sequence once, in order, durable when said."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.errors import JournalError, NotRecordedError
from synaspis.journal import Channel, Journal
from synaspis.journal.reading import Reader
from synaspis.journal.sequences import BLOCK
from synaspis.journal.store import Store
from synaspis.journal.waiting import Draft

CASE = "ab" * 32
IN, OUT = Channel("DEU", "POL"), Channel("POL", "DEU")


def begin(path: Path, case: str = CASE, keeper: str = "POL") -> Journal:
    return Journal.open(path, case_sha256=case, keeper=keeper)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pol.journal"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with begin(path) as opened:
        yield opened


def test_entries_are_read_as_they_were_appended(journal: Journal) -> None:
    assert journal.append("frame", b"one", channel=IN, sequence=1, at_ns=7)
    assert journal.append("decision", b"\x00\xff", at_ns=8)
    assert journal.append("order", b"", channel=IN, sequence=2, durable=True, at_ns=9)
    told = [(e.position, e.at_ns, e.kind, e.channel, e.sequence, e.payload) for e in journal.entries()]
    assert told == [
        (1, 7, "frame", IN, 1, b"one"),
        (2, 8, "decision", ("", ""), 0, b"\x00\xff"),
        (3, 9, "order", IN, 2, b""),
    ]
    assert [e.position for e in journal.entries(after=1, limit=1)] == [2]
    verdict = journal.verify()
    assert verdict.whole and (verdict.entries, verdict.head) == (3, journal.entries()[-1].hash)
    assert journal.head() == (3, verdict.head)


def test_a_sequence_is_recorded_once_and_stays_so(path: Path) -> None:
    with begin(path) as journal:
        assert journal.append("frame", b"first", channel=IN, sequence=4)
        assert not journal.append("frame", b"replayed", channel=IN, sequence=4)
        assert not journal.append("frame", b"replayed", channel=IN, sequence=4, durable=True)
        assert journal.append("frame", b"another channel", channel=OUT, sequence=4)
        assert journal.gaps(IN) == [(1, 3)] and journal.high(IN) == 4 and journal.seen(IN, 4)
    with begin(path) as journal:
        assert not journal.append("frame", b"replayed", channel=IN, sequence=4)
        assert journal.gaps(IN) == [(1, 3)] and not journal.seen(IN, 3)
        assert [e.payload for e in journal.read(IN, 1, 9)] == [b"first"]


def test_a_tombstone_closes_what_is_open(path: Path) -> None:
    with begin(path) as journal:
        for sequence in (2, 5):
            journal.append("frame", b"", channel=IN, sequence=sequence)
        assert journal.tombstone(IN, 1, 6, b"revoked") == [(1, 1), (3, 4), (6, 6)]
        assert journal.tombstone(IN, 1, 6, b"revoked") == []
        assert not journal.append("frame", b"late", channel=IN, sequence=3)
        assert journal.gaps(IN) == [] and journal.high(IN) == 6
        assert [(e.kind, e.sequence, e.through) for e in journal.read(IN, 4, 5)] == [
            ("tombstone", 3, 4),
            ("frame", 5, 5),
        ]
        assert journal.read(IN, 7, 9) == []  # the last before it does not reach so far
        assert journal.tombstone(IN, 7, 2**40, b"never sent", durable=False) == [(7, 2**40)]
        assert [e.sequence for e in journal.read(IN, 2**39, 2**39)] == [7]
        with pytest.raises(ValueError, match="from 1 on"):
            journal.tombstone(IN, 0, 5, b"")
    with begin(path) as journal:
        assert journal.seen(IN, 2**40) and journal.gaps(IN) == [] and journal.verify().whole


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["batched", "durable"]), st.integers(1, 14), st.just(0)),
        st.tuples(st.just("tombstone"), st.integers(1, 14), st.integers(0, 4)),
        st.tuples(st.sampled_from(["reopen", "flush"]), st.just(0), st.just(0)),
    ),
    max_size=25,
)


@given(STEPS)
@settings(max_examples=25)
def test_each_sequence_once_whatever_comes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("once") / "journal"
    journal, known, due = begin(path), dict[int, bytes](), []
    for i, (act, sequence, more) in enumerate(steps):
        payload = b"%d" % i
        if act in ("batched", "durable"):
            fresh = journal.append("frame", payload, channel=IN, sequence=sequence, durable=act == "durable")
            assert fresh == (sequence not in known)
            if fresh:
                known[sequence] = payload
                due.append((sequence, sequence, payload))
        elif act == "tombstone":
            open_ = [n for n in range(sequence, sequence + more + 1) if n not in known]
            closed = journal.tombstone(IN, sequence, sequence + more, payload, durable=False)
            assert [n for a, b in closed for n in range(a, b + 1)] == open_
            known |= dict.fromkeys(open_, payload)
            due += [(a, b, payload) for a, b in closed]
        elif act == "flush":
            journal.flush()
        else:
            journal.close()
            journal = begin(path)
        assert journal.high(IN) == max(known, default=0)
        gaps = [n for a, b in journal.gaps(IN) for n in range(a, b + 1)]
        assert gaps == [n for n in range(1, journal.high(IN)) if n not in known]
    assert [(e.sequence, e.through, e.payload) for e in journal.read(IN, 1, 99)] == sorted(due)
    assert [(e.sequence, e.through, e.payload) for e in journal.entries()] == due
    assert journal.verify().whole
    journal.close()


def test_own_sequences_go_on_after_a_clean_end(path: Path) -> None:
    with begin(path) as journal:
        assert [journal.next_sequence(OUT) for _ in range(3)] == [1, 2, 3]
    with begin(path) as journal:
        assert journal.next_sequence(OUT) == 4
        with pytest.raises(ValueError, match="own channels"):
            journal.next_sequence(IN)


def test_own_sequences_are_never_given_twice(path: Path, tmp_path: Path) -> None:
    """A copy of the file as it stands is what a crash would leave."""
    left = tmp_path / "left.journal"
    with begin(path) as journal:
        given = [journal.next_sequence(OUT) for _ in range(2 * BLOCK + 5)]
        _copy(path, left)
    assert given == list(range(1, len(given) + 1))
    with begin(left) as journal:
        assert given[-1] < journal.next_sequence(OUT) <= given[-1] + BLOCK + 1


def test_more_sequences_are_reserved_before_they_are_used_up(path: Path) -> None:
    """And on the disk: after loss of power they are not given again either."""
    with begin(path) as journal:
        synced = _watch_syncs(journal)
        for _ in range(BLOCK // 2 + 1):
            journal.next_sequence(OUT)
        assert synced == [True]
        journal.append("track", b"", channel=OUT, sequence=1)
        journal.flush()
        assert synced == [True, True]
        for _ in range(BLOCK // 2 + 1):
            journal.next_sequence(OUT)
        assert synced == [True, True]  # nobody had to wait for more


def _watch_syncs(journal: Journal) -> list[bool]:
    """Of every commit from now on, whether it was on the disk."""
    store, synced = journal._writer._store, list[bool]()
    write = store.write

    def watched(batch: Any, marks: Any, *, full: bool) -> None:
        synced.append(full)
        write(batch, marks, full=full)

    store.write = watched  # type: ignore[method-assign]
    return synced


def _copy(path: Path, to: Path) -> None:
    for end in ("", "-wal"):
        Path(f"{to}{end}").write_bytes(Path(f"{path}{end}").read_bytes())


def test_many_threads_lose_and_double_nothing(path: Path) -> None:
    """Four threads append the same sequences of one channel: each is taken by one."""
    taken: list[int] = []
    lock = threading.Lock()

    def work(me: int) -> None:
        for sequence in range(1, 61):
            durable = (sequence + me) % 7 == 0
            if journal.append("frame", b"%d" % me, channel=IN, sequence=sequence, durable=durable):
                with lock:
                    taken.append(sequence)
            with lock:
                numbers.append(journal.next_sequence(OUT))

    numbers: list[int] = []
    with begin(path) as journal:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(taken) == list(range(1, 61))
        assert sorted(numbers) == list(range(1, 241))
        assert [e.sequence for e in journal.read(IN, 1, 99)] == list(range(1, 61))
        assert journal.verify().whole


def test_what_is_durable_is_synced_and_what_is_batched_is_not(path: Path) -> None:
    with begin(path) as journal:
        store, synced = journal._writer._store, _watch_syncs(journal)
        journal.append("frame", b"", channel=IN, sequence=1)
        journal.flush()
        assert synced == [False] and store._connection.execute("PRAGMA synchronous").fetchone() == (1,)
        # It comes again as a durable one: written, but not yet on the disk.
        assert not journal.append("frame", b"", channel=IN, sequence=1, durable=True)
        assert synced == [False, True] and store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert not journal.append("frame", b"", channel=IN, sequence=1, durable=True)
        journal.flush(durable=True)
        assert synced == [False, True]  # on the disk already
        assert journal.append("order", b"", durable=True)
        assert synced == [False, True, True]
    assert synced[-1]  # a clean end is on the disk


def test_a_batch_needs_nobody_to_ask_for_it(journal: Journal) -> None:
    journal.append("frame", b"", channel=IN, sequence=1)
    for _ in range(500):
        if journal.head()[0]:
            break
        threading.Event().wait(0.01)
    assert journal.head()[0] == 1 and journal.waits == 0


def test_another_case_or_keeper_is_refused_with_the_mend(path: Path) -> None:
    begin(path).close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match=r"(?s)of the case abababab.*of POL, and.*DEU.*mend: name another"):
        begin(path, "cd" * 32, "DEU")
    with pytest.raises(JournalError, match="of the case"):
        begin(path, "cd" * 32)
    assert path.read_bytes() == before
    begin(path).close()


def test_one_process_at_a_time(path: Path) -> None:
    with begin(path) as journal:
        with pytest.raises(JournalError, match=r"(?s)in use.*mend: end that node"):
            begin(path)
        journal.append("order", b"", durable=True)
        reader = Reader(path)  # looking is always allowed
        assert reader.verify().entries == 1 and (reader.keeper, reader.case_sha256) == ("POL", CASE)
        reader.close()
    begin(path).close()


def test_a_file_that_is_no_journal_is_left_alone(path: Path) -> None:
    path.write_bytes(b"minutes of the meeting " * 100)
    with pytest.raises(JournalError, match=r"(?s)no journal.*mend"):
        begin(path)
    assert path.read_bytes() == b"minutes of the meeting " * 100
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE meta (name, value)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="no journal"):
        begin(path)
    with pytest.raises(JournalError, match="no journal"):
        Reader(path)
    assert path.read_bytes() == before
    with pytest.raises(JournalError, match=r"(?s)cannot be opened.*mend: give a folder"):
        begin(path.parent / "nowhere" / "journal")
    with pytest.raises(JournalError, match=r"(?s)not there.*mend"):
        Reader(path.parent / "nowhere")


def test_a_later_format_is_refused(path: Path) -> None:
    begin(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 9")
    other.close()
    with pytest.raises(JournalError, match=r"(?s)format 9.*mend"):
        begin(path)


def test_only_its_owner_may_read_the_file(path: Path) -> None:
    with begin(path) as journal:
        journal.append("frame", b"", durable=True)
        modes = {stat.S_IMODE(p.stat().st_mode) for p in (path, Path(f"{path}-wal"), Path(f"{path}-shm"))}
    assert modes == {0o600}


def test_a_closed_journal_takes_nothing(path: Path) -> None:
    journal = begin(path)
    journal.close()
    journal.close()
    for act in (
        lambda: journal.append("frame", b""),
        lambda: journal.next_sequence(OUT),
        lambda: journal.tombstone(IN, 1, 2, b""),
        lambda: journal.flush(),
    ):
        with pytest.raises(NotRecordedError, match="closed"):
            act()
    with pytest.raises(JournalError, match="closed"):
        journal.read(IN, 1, 2)


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "journal", CASE, "POL")
    twice = [Draft("frame", IN, sequence, sequence, b"", 0) for sequence in (1, 2, 2)]
    with pytest.raises(sqlite3.IntegrityError):
        store.write(twice, {IN: (2, 0)}, full=True)
    store.write(twice[:1], {IN: (1, 0)}, full=True)
    assert store.position == 1 and [list(r) for r, _ in store.channels().values()] == [[(1, 1)]]
    store.close()
    with begin(tmp_path / "journal") as journal:
        assert journal.verify().whole


def test_what_is_no_entry_is_refused_before_it_is_queued(journal: Journal) -> None:
    for channel, sequence, at_ns in ((IN, 0, 0), (Channel("", ""), 1, 0), (IN, 2**63, 0), (IN, 1, 2**63)):
        with pytest.raises(ValueError, match="from"):
            journal.append("frame", b"", channel=channel, sequence=sequence, at_ns=at_ns)
    assert journal.append("frame", b"", channel=IN, sequence=1, durable=True)


TAMPERINGS = {
    "UPDATE entries SET payload = x'00' WHERE position = 3": "entry 3 is not what",
    "UPDATE entries SET at_ns = 1 WHERE position = 5": "entry 5 is not what",
    "DELETE FROM entries WHERE position = 2": "entries 2 to 2 are missing",
    "DELETE FROM entries WHERE position = 5": "the end is missing",
    "UPDATE entries SET sequence = 2, through = 3 WHERE position = 2": "is recorded twice",
    "UPDATE channels SET complete = 9": "complete up to 5, and 9",
    "UPDATE head SET hash = x'00'": "the end is missing or changed",
}


@pytest.mark.parametrize("change", TAMPERINGS)
def test_verify_tells_what_was_changed(path: Path, change: str) -> None:
    with begin(path) as journal:
        for sequence in range(1, 6):
            journal.append("frame", b"%d" % sequence, channel=IN, sequence=sequence)
    other = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute("DELETE FROM entries")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute("UPDATE entries SET kind = 'x'")
    for trigger in ("no_update", "no_delete"):
        other.execute(f"DROP TRIGGER {trigger}")
    other.execute("DROP INDEX once")
    other.execute(change)
    other.close()
    reader = Reader(path)
    verdict = reader.verify()
    reader.close()
    assert not verdict.whole and any(TAMPERINGS[change] in fault for fault in verdict.faults)
    if "position = 5" in change or "head" in change:
        with pytest.raises(JournalError, match=r"(?s)does not end as it was written.*mend"):
            begin(path)
