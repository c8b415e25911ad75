"""`synaspis timeline`: one JSON document, a folder in one move, and every mistake told at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from synaspis.cli.main import main
from tests.built_up import text


def call(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["synaspis", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "built-up.yaml"
    path.write_text(text(), encoding="utf-8")
    return str(path)


def test_json_is_one_document_and_the_folder_holds_the_rest(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "years"
    asked = [
        "timeline",
        case,
        "--from",
        "2014",
        "--to",
        "2017",
        "--trials",
        "10",
        "--json",
        "--out",
        str(out),
    ]
    assert call(asked, monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "timeline.json").read_text(encoding="utf-8"))
    names = {"case.yaml", "manifest.json", "report.html", "timeline.json", "years.parquet", "nations.parquet"}
    assert {p.name for p in out.iterdir()} == names
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["trials"], manifest["regimes"]) == (
        "timeline",
        10,
        ["national", "allied"],
    )
    rows = duckdb.sql(
        f"SELECT year, course, regime, protected_population FROM '{out / 'years.parquet'}'"
        " WHERE regime = 'allied' AND year = 2016 ORDER BY course"
    ).fetchall()
    happened = told["years"][2]["regimes"]["allied"]["protected_population"]
    planned = told["plans"][0]["years"][2]["regimes"]["allied"]["protected_population"]
    assert rows == [(2016, "as it happened", "allied", happened), (2016, "planned", "allied", planned)]


def test_words_fit_a_terminal(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    asked = [
        "timeline",
        case,
        "--from",
        "2014",
        "--to",
        "2017",
        "--trials",
        "10",
        "--out",
        str(tmp_path / "o"),
    ]
    assert call(asked, monkeypatch) == 0
    told = capsys.readouterr().out
    lines = told[: told.index("Report:")].splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert [line[:4] for line in lines if re.match(r"20\d\d +\d", line)] == ["2014", "2015", "2016", "2017"]
    assert "deveselu was planned for 2015-01-01" in told and "people-years" in told


@pytest.mark.parametrize(("arguments", "told"), [
    (["--to", "2017"], ["--from", "is not given"]),
    (["--from", "x", "--to", "2017"], ["--from", "`x` is no year"]),
    (["--from", "2017", "--to", "2014", "--plan", "y"], ["--to", "--plan", "2 problems"]),
    (["--from", "1950", "--to", "2020"], ["71 years", "at most 60"]),
])  # fmt: skip
def test_mistakes_are_told(
    case: str, arguments: list[str], told: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert call(["timeline", case, *arguments], monkeypatch) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(words in said.err for words in told)


def test_help_needs_no_kernels() -> None:
    code = (
        "import sys\n"
        "from synaspis.cli.main import main\n"
        "sys.argv = ['synaspis', 'timeline', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numba', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--from" in done.stdout and "timeline europe" in done.stdout
    assert done.stdout.strip().endswith("[]")
