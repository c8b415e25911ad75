"""The command line: help, exit codes, one JSON document, and a quick start."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import synaspis
from synaspis.errors import InputError, Problem, RunFolderError, SynaspisError
from synaspis.model.summary import summary
from tests.cli.calling import call
from tests.report.fake import fake_answer


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> types.ModuleType:
    """A stand-in for the work itself."""
    stand_in = types.ModuleType("synaspis.api")
    asked: dict[str, Any] = {}

    def run(case: object, **options: object) -> object:
        asked.update(options)
        return fake_answer()

    stand_in.asked = asked  # type: ignore[attr-defined]
    stand_in.load = lambda name: name  # type: ignore[attr-defined]
    stand_in.run = run  # type: ignore[attr-defined]
    stand_in.write = lambda case, answer, out=None: tmp_path  # type: ignore[attr-defined]
    stand_in.explain = lambda run, asset, regime=None, trial=None: f"{asset} {regime} {trial}"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "synaspis.api", stand_in)
    monkeypatch.setattr(synaspis, "api", stand_in, raising=False)
    return stand_in


def failing(api: types.ModuleType, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def load(name: str) -> object:
        raise error

    monkeypatch.setattr(api, "load", load)


@pytest.mark.parametrize(
    "command", ["run", "warn", "check", "explain", "catalog", "reconstruct", "warmup", "bench", "version"]
)
def test_every_command_has_help_and_an_example(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call([command, "--help"], monkeypatch) == 0
    assert f"Example: synaspis {command}" in " ".join(capsys.readouterr().out.split())


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["version"], monkeypatch) == 0
    assert capsys.readouterr().out == f"synaspis {synaspis.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["version"], ["--help"], ["run", "--help"], ["reconstruct", "--help"], ["agreements", "rank", "--help"]],
)
def test_the_start_imports_no_numerical_part(arguments: list[str]) -> None:
    script = (
        "import sys; from synaspis.cli.main import main\n"
        f"sys.argv = ['synaspis', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = sorted({'numba', 'numpy', 'scipy', 'duckdb', 'yaml'} & set(sys.modules))\n"
        "print('heavy:', heavy)"
    )
    environment = {"PYTHONPATH": str(Path(synaspis.__file__).parents[1]), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.stdout.splitlines()[-1] == "heavy: []", done.stderr


def test_run_prints_the_table_and_where_the_report_is(
    api: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert (
        call(["run", "europe", "--regime", "a", "--regime", "b", "--trials", "7", "--seed", "3"], monkeypatch)
        == 0
    )
    told = capsys.readouterr()
    assert "The allied regime protects" in told.out
    assert str(tmp_path / "report.html") in told.out
    assert told.err == ""
    assert api.asked == {"regimes": ["a", "b"], "trials": 7, "seed": 3, "jobs": None, "progress": None,
                         "draws": 0}  # fmt: skip
    assert call(["run", "europe", "--draws", "5"], monkeypatch) == 0
    assert api.asked["draws"] == 5


def test_json_is_one_document(
    api: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["run", "europe", "--json"], monkeypatch) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(summary(fake_answer())))


def test_explain(
    api: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        call(["explain", "runs/x", "--asset", "Sofia", "--regime", "allied", "--trial", "37"], monkeypatch)
        == 0
    )
    assert capsys.readouterr().out == "Sofia allied 37\n"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError([Problem("a.yaml", 3, 5, "`rang_km` is unknown", "say `range_km`")]), 2, "a.yaml:3:5"),
        (RunFolderError("runs/x holds no manifest.json"), 2, "holds no manifest.json"),
        (SynaspisError("no room"), 1, "synaspis: no room"),
        (OSError(28, "No space left on device"), 1, "No space left"),
        (ValueError("odd"), 1, "fault of the program"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_errors_become_codes_without_a_traceback(
    error: BaseException,
    code: int,
    said: str,
    api: types.ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    failing(api, monkeypatch, error)
    assert call(["run", "europe"], monkeypatch) == code
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


def test_debug_shows_the_traceback(
    api: types.ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SYNASPIS_DEBUG", "1")
    failing(api, monkeypatch, ValueError("odd"))
    assert call(["run", "europe"], monkeypatch) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["run"], ["run", "x", "--trials", "0"], ["nonsense"], ["run", "x", "--seed", "a"]]
)
def test_wrong_usage_is_wrong_input(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(arguments, monkeypatch) == 2
