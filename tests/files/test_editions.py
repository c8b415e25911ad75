"""Cases of other editions of the format: an earlier one is read, a later one is said to be later."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.files.case import load, resolve
from synaspis.model.case import FORMAT

WRITTEN = Path(__file__).parent / "editions"
"""Cases as they once were, a file each: `NAME-EDITION.yaml`. None of them is ever changed."""
SMALL = (Path(__file__).parent / "small.yaml").read_bytes()


def with_format(value: str) -> bytes:
    return b"format: " + value.encode() + b"\n" + SMALL


@pytest.mark.parametrize("file", sorted(WRITTEN.iterdir()), ids=lambda p: p.name)
def test_what_was_written_long_ago_is_read(file: Path) -> None:
    case = load(file)
    assert case.file.raid
    assert case.file.format == int(file.stem.rsplit("-", 1)[1])


def test_each_edition_has_its_witness() -> None:
    assert {int(p.stem.rsplit("-", 1)[1]) for p in WRITTEN.iterdir()} == set(range(1, FORMAT + 1))


def test_a_case_may_say_its_edition_and_changes_nothing_by_it() -> None:
    case, problems = resolve(with_format("1"), "own.yaml")
    plain, _ = resolve(SMALL, "own.yaml")
    assert case is not None and plain is not None and not problems
    assert case.file == plain.file


def test_a_later_edition_is_said_and_nothing_else() -> None:
    data = with_format(str(FORMAT + 1)) + b"doctrine: [what this edition does not know]\n"
    case, (problem,) = resolve(data, "own.yaml")
    assert case is None
    assert str(problem).startswith("own.yaml:1:9: the case is written in edition 2 of the format")
    assert "or a newer one" in problem.mend


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "one", "[1]", ".inf"])
def test_what_is_no_edition_is_refused(value: str) -> None:
    case, problems = resolve(with_format(value), "own.yaml")
    assert case is None
    assert (problems[0].line, problems[0].column) == (1, 9)
