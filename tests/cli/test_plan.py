"""`synaspis plan`: one JSON document, a folder in one move, and every mistake told at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import synaspis
from synaspis.model.plan import document
from tests.cli.calling import call


def test_json_is_one_document_and_the_folder_holds_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "planned"
    asked = ["plan", "first-light", "--trials", "20", "--seed", "3", "--json", "--out", str(out)]
    assert call(asked, monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert told == json.loads(json.dumps(document(synaspis.plan("first-light", trials=20, seed=3))))
    assert {p.name for p in out.iterdir()} == {"case.yaml", "manifest.json", "report.html", "plan.json"}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["trials"], manifest["regimes"]) == ("plan", 20, ["allied"])


def test_words_fit_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    asked = ["plan", "first-light", "--trials", "20", "--regime", "national", "--out", str(tmp_path / "o")]
    assert call(asked, monkeypatch) == 0
    told = capsys.readouterr().out
    assert "deveselu (USA)" in told and "USA's rounds defend BGR" in told and "proven" in told
    report = told.index("Report:")
    assert all(len(line) <= 80 for line in told[:report].splitlines())


@pytest.mark.parametrize(("arguments", "told"), [
    (["--objective", "most"], ["--objective", "`most` is none"]),
    (["--budget", "1e9"], ["--budget", "nothing is to be added", "--add"]),
    (["--protect", "0.5"], ["--protect", "would not heed it", "--objective cost"]),
    (["--add", "1", "--allow", "warp-drive"], ["--allow", "no battery type and no radar"]),
    (["--add", "-1", "--regime", "nowhere"], ["--add", "--regime", "2 problems"]),
    (["--add", "1", "--budget", "-5"], ["--budget", "is -5", "above 0"]),
    (["--allow", "thaad-battery"], ["--allow", "nothing is to be added"]),
    (["--add", "1", "--allow", "patriot-mse", "--budget", "1000000"], ["--budget", "the cheapest choice"]),
])  # fmt: skip
def test_mistakes_are_told(
    arguments: list[str], told: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert call(["plan", "first-light", *arguments], monkeypatch) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(words in said.err for words in told)


def test_what_plans_need_is_not_loaded_for_what_does_not() -> None:
    code = (
        "import sys\n"
        "from synaspis.cli.main import app\n"
        "from synaspis.files.case import check\n"
        "check('europe')\n"
        "print(sorted({'numba', 'scipy'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
