"""The same inputs at the same ticks give the same documents, byte for byte, whatever the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

UNTIL_S = "140"
ROOT = Path(__file__).resolve().parents[2]


def digest_of(hash_seed: str) -> str:
    paths = os.pathsep.join((str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    told = subprocess.run(
        [sys.executable, "-m", "tests.exercise.documents", UNTIL_S],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return told.stdout.strip()


def test_two_processes_with_other_hash_seeds_play_the_same_exercise() -> None:
    one, other = digest_of("1"), digest_of("2")
    assert len(one) == 64 and one == other
