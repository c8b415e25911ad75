"""Which radar each source of a recording is: in a line, or in a YAML file, with all that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.errors import Problem
from synaspis.files import source_map


def read(given: str) -> tuple[dict[str, str], list[Problem]]:
    problems: list[Problem] = []
    return source_map.read(problems, "--stations", given), problems


def test_a_line_and_a_file_say_the_same(tmp_path: Path) -> None:
    wanted = {"25/10": "kurecik", "25/11": "deveselu/radar"}
    (tmp_path / "map.yaml").write_text("25/10: kurecik\n25/11: deveselu/radar\n", encoding="utf-8")
    assert read(" 25/10 = kurecik,25/11=deveselu/radar") == (wanted, [])
    assert read(str(tmp_path / "map.yaml")) == (wanted, [])


@pytest.mark.parametrize(("given", "count"), [("25/10=", 1), ("=a", 1), ("1/2=a,1/2=b", 1), ("1/2=a,,b", 2)])
def test_a_line_that_says_nothing_or_twice(given: str, count: int) -> None:
    problems = read(given)[1]
    assert len(problems) == count and all(p.file == "--stations" and p.mend for p in problems)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- kurecik\n", 1, "this is no map"),
        ("25/10: kurecik\n25/11: [a]\n", 2, "`25/11` has no name"),
        ("25/10: a\n25/10: b\n", 2, "25/10"),
        ("25/10: 'a\n", 0, ""),
    ],
)
def test_a_file_is_refused_with_its_place(text: str, line: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(text, encoding="utf-8")
    (problem,) = read(str(file))[1]
    assert problem.file == str(file) and said in problem.what
    assert line in (0, problem.line)


def test_no_such_file_is_said() -> None:
    assert "there is no such file" in read("nowhere.yaml")[1][0].what
