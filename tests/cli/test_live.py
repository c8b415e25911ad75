"""`synaspis warn --live`: lines in order of time, JSON lines by their contract, mistakes told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import synaspis
from synaspis.model.live_warning import LiveEvent
from synaspis.studies.live import Unfolding
from tests.cli.calling import call
from tests.files.contract import wrong

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/contracts/warn-live.schema.json").read_text())
ASKED = ["warn", "first-light", "--live", "--speed", "0"]


def test_json_lines_keep_the_contract(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call([*ASKED, "--regime", "national", "--seed", "2", "--json"], monkeypatch) == 0
    told: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [wrong(line, SCHEMA) for line in told] == [[]] * len(told)
    assert (told[0]["event"], told[0]["regime"], told[0]["seed"]) == ("raid", "national", 2)
    assert told[-1]["event"] == "table"
    assert told[-1]["finished"] is True
    sofia = next(w for w in told[-1]["warned"] if w["asset"] == "Sofia")
    assert (sofia["warned_s"], sofia["warning_s"], sofia["bound"]["warned_s"]) == (None, 0.0, None)
    assert wrong({**told[1], "event": "rumour"}, SCHEMA) != []


def test_the_terminal_says_it_in_lines_and_ends_with_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert call(ASKED, monkeypatch) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert any("ROU" in x and "warned" in x and "Bucharest" in x and "bmd-1" in x for x in lines)
    assert any("USA" in x and "detected" in x and "kurecik" in x for x in lines)
    assert "2 of 2 attacked places are warned" in out


def test_ctrl_c_ends_it_with_the_table_so_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Unfolding.events

    def interrupted(self: Unfolding) -> Any:
        for event in whole(self):
            if event.kind == "track":
                raise KeyboardInterrupt
            yield event

    monkeypatch.setattr(Unfolding, "events", interrupted)
    assert call([*ASKED, "--json"], monkeypatch) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["event"], last["finished"]) == ("table", False)
    assert last["until_s"] < 120.0
    assert {w["warned_s"] for w in last["warned"]} == {None}


def test_speed_waits_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 10 s of raid to one of the clock an event 50 s on comes 5 s after the start."""
    from synaspis.cli import live

    told = [LiveEvent(time_s=50.0, kind="launch")]
    waits: list[float] = []
    monkeypatch.setattr(live.time, "monotonic", lambda: 7.0)
    monkeypatch.setattr(live.time, "sleep", waits.append)
    for speed in (10.0, 0.0, float("inf")):
        assert list(live.paced(told, lambda event: event.time_s, speed)) == told
    assert waits == [5.0]


@pytest.mark.parametrize(("more", "said"), [
    (["--speed", "-1"], "--speed"), (["--speed", "nan"], "--speed"),
    (["--regime", "national", "--regime", "allied"], "--regime"), (["--regime", "alliedd"], "alliedd"),
    (["--trials", "7"], "--trials"), (["--out", "elsewhere"], "--out"),
])  # fmt: skip
def test_mistakes_leave_with_2(
    more: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["warn", "first-light", "--live", *more], monkeypatch) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_speed_without_live_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["warn", "first-light", "--speed", "5", "--trials", "1"], monkeypatch) == 2
    assert "--speed" in capsys.readouterr().err


def test_from_python_the_headline_is_the_default() -> None:
    raid = synaspis.unfold("first-light", jobs=1)
    assert raid.regime == "allied"
    table = raid.table()
    assert (table.until_s, table.finished) == (0.0, False)
    assert [(w.nation, w.asset) for w in table.warned] == [("ROU", "Bucharest"), ("BGR", "Sofia")]
