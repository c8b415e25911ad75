"""What can be refused without any work is refused before it: the folder, and luck that cannot be drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import call

QUESTIONS = {
    "run": ["run"],
    "warn": ["warn"],
    "footprint": ["footprint"],
    "plan": ["plan"],
    "boost layer": ["plan", "--constellation"],
    "burden": ["burden"],
    "timeline": ["timeline", "--from", "2010", "--to", "2011"],
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_folder_of_other_things_is_left_alone(
    question: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Said before the case is even read: this one does not exist."""
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    assert call([*question, "no-such-case", "--out", str(tmp_path)], monkeypatch) == 2
    assert "is no run folder; choose another --out" in " ".join(capsys.readouterr().err.split())
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("question", ["run", "warn", "plan", "burden"])
def test_luck_that_cannot_be_drawn_is_said_with_all_else(
    question: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [question, "first-light", "--regime", "nobody", "--trials", str(10**9), "--seed", str(2**70)]
    assert call(asked, monkeypatch) == 2
    told = capsys.readouterr().err
    assert "--trials: is 1000000000" in told and "--seed: is " in told and "--regime: `nobody`" in told
