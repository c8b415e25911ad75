"""Killed or torn at any moment, a journal has what was acknowledged, and its chain is valid."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.journal import Entry, Journal
from tests.journal import crashing
from tests.journal.crashing import CASE, IN, OUT

KILLS = 5
ROOT = Path(__file__).resolve().parents[2]


def begin(path: Path) -> Journal:
    return Journal.open(path, case_sha256=CASE, keeper="POL")


@pytest.mark.long
def test_killed_at_random_moments_it_keeps_every_promise(tmp_path: Path) -> None:
    path, luck = tmp_path / "journal", random.Random(10)
    durable: list[int] = []
    given_out: list[int] = []
    for _ in range(KILLS):
        for line in _killed(path, 0.02 + 0.3 * luck.random()):
            kind, number = line.split()
            (durable if kind == "D" else given_out).append(int(number))
        with begin(path) as journal:
            assert journal.verify().faults == ()
            kept = {e.sequence: e.payload for e in _all(journal)}
            assert {n: kept.get(n) for n in durable} == {n: b"%d" % n for n in durable}
            assert journal.gaps(IN) == []
    assert len(durable) > KILLS and len(given_out) > KILLS
    assert len(set(given_out)) == len(given_out)


def _killed(path: Path, after_s: float) -> list[str]:
    """What the process had said when it was killed, `after_s` after its first word."""
    process = subprocess.Popen(
        [sys.executable, crashing.__file__, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        time.sleep(after_s)
    finally:
        process.kill()  # SIGKILL
    rest, _ = process.communicate()
    assert first
    return [first, *rest.splitlines()]


def _all(journal: Journal) -> Iterator[Entry]:
    after = 0
    while page := journal.entries(after):
        yield from (e for e in page if e.channel == IN)
        after = page[-1].position


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, list[str]]:
    """The two files of a journal that is open, with twelve batches in the second; and the payloads."""
    path = tmp_path_factory.mktemp("whole") / "journal"
    with begin(path) as journal:
        for batch in range(12):
            for i in range(5):
                journal.append("track", b"%d" % (5 * batch + i), channel=OUT, sequence=5 * batch + i + 1)
            journal.flush()
        return path.read_bytes(), Path(f"{path}-wal").read_bytes(), [str(i) for i in range(60)]


@given(st.data())
@settings(max_examples=40)
def test_a_file_torn_anywhere_is_a_shorter_journal(
    tmp_path_factory: pytest.TempPathFactory, batches: tuple[bytes, bytes, list[str]], data: st.DataObject
) -> None:
    """Loss of power leaves some of the bytes that were not synced, and rubbish behind them."""
    main, wal, payloads = batches
    cut = data.draw(st.integers(0, len(wal)))
    path = tmp_path_factory.mktemp("torn") / "journal"
    path.write_bytes(main)
    Path(f"{path}-wal").write_bytes(wal[:cut] + data.draw(st.binary(max_size=60)))
    with begin(path) as journal:
        assert journal.verify().faults == ()
        kept = [e.payload.decode() for e in journal.entries()]
        assert kept == payloads[: len(kept)] and len(kept) % 5 == 0  # whole batches, from the first on
        assert (len(kept) == 60) == (cut == len(wal))
        assert journal.append("track", b"", channel=OUT, sequence=len(kept) + 1, durable=True)
        assert journal.verify().whole
