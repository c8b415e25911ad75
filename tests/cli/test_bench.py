"""Benchmarks are gathered from a checkout; their page keeps what was not measured again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from synaspis.cli.bench import bench_table, by_title, run_benches
from synaspis.cli.bench_report import KEPT, write_report
from synaspis.errors import SynaspisError

SEEING = {"value": 2e8, "unit": "tests/s", "peer": "NumPy", "peer_value": 1e7, "ratio": 20.0}
APART = {
    "value": 4e3,
    "unit": "steps/s",
    "peer": "Other | one",
    "peer_value": 8e3,
    "ratio": 0.5,
    "agreement_m": 6.2e-8,
}


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A checkout with one benchmark, one on request, and a module that is none."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "docs").mkdir()
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "seeing.py").write_text(
        f'"""How fast it sees.\n\nMore of it.\n"""\ndef bench():\n    return {{"seeing": {SEEING!r}}}\n'
    )
    (folder / "apart.py").write_text(
        f'"""Beside another."""\nON_REQUEST = True\ndef bench():\n    return {{"apart": {APART!r}}}\n'
    )
    (folder / "shared.py").write_text("")
    yield tmp_path
    if str(tmp_path) in sys.path:
        sys.path.remove(str(tmp_path))


def test_outside_a_checkout_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SynaspisError, match="clone it"):
        run_benches(tmp_path)


def test_every_module_is_gathered(root: Path) -> None:
    (bench,) = run_benches(root)
    assert (bench.name, bench.what) == ("seeing", "How fast it sees.")
    assert by_title((bench,)) == {"seeing": SEEING}
    assert bench_table(by_title((bench,))).row_count == 1


def test_a_benchmark_with_a_peer_to_install_runs_only_when_named(root: Path) -> None:
    named = by_title(run_benches(root, only="apart"))
    assert named == {"apart": APART}
    assert "at most 6.2e-08 m apart" in str(bench_table(named).caption)
    with pytest.raises(SynaspisError, match="there are apart, seeing"):
        run_benches(root, only="apert")


def test_the_page_keeps_what_is_not_measured_again(root: Path) -> None:
    write_report(root, run_benches(root))
    told = write_report(root, run_benches(root, only="apart")).read_text(encoding="utf-8")
    assert "**Of 2 comparisons with a peer 1 come out ahead, by ratios of 0.5 to 20.**" in told
    assert "| seeing | 200 million | tests/s | NumPy | 10 million | 20 |" in told
    assert r"| apart | 4,000 | steps/s | Other \| one | 8,000 | 0.5 |" in told
    assert "How fast it sees.\n" in told
    assert "More of it" not in told
    assert "at most 6.2e-08 m apart" in told
    kept = json.loads((root / KEPT).read_text(encoding="utf-8"))
    assert list(kept) == ["apart", "seeing"]
    assert kept["seeing"]["figures"] == {"seeing": SEEING}


def test_the_page_names_the_commit_and_says_where_it_was_changed(root: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)

    benches = run_benches(root)
    assert "commit not known" in write_report(root, benches).read_text(encoding="utf-8")
    git("init", "-q")
    git("add", "bench")
    git("commit", "-qm", "one")
    assert "with changes" not in write_report(root, benches).read_text(encoding="utf-8")
    (root / "bench" / "seeing.py").write_text("")
    assert "with changes" in write_report(root, benches).read_text(encoding="utf-8")


@pytest.mark.parametrize("spoilt", ["", "[]", '{"a": 1}', '{"a": {"figures": {"b": {}}}}', "\x00"])
def test_kept_figures_that_cannot_be_read_are_not_lost_in_silence(root: Path, spoilt: str) -> None:
    (root / KEPT).write_text(spoilt, encoding="utf-8")
    with pytest.raises(SynaspisError, match=r"performance\.json does not hold"):
        write_report(root, run_benches(root))
    assert (root / KEPT).read_text(encoding="utf-8") == spoilt
