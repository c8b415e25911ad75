"""An exercise gone on with under another regime: on the same luck, and by nobody's hand."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from synaspis.cli.replay_beside import against_command, render_what_if, what_if_command
from synaspis.errors import InputError
from synaspis.exercise.again import Document, replayed
from synaspis.exercise.rooms import room_of
from synaspis.exercise.what_if import WhatIf, what_if

from .played import played

pytestmark = pytest.mark.long

FROM_S, UNTIL_S = 60.0, 240.0


def silent(_nation: str, _told: Document, _waited_s: float) -> None:
    """Nobody says anything."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """United States' people let nothing go, as they never answer."""
    found = tmp_path_factory.mktemp("record") / "x.log"
    played(found, "first-light", "allied", UNTIL_S, ("USA",), silent)
    return found


@pytest.fixture(scope="module")
def found(log: Path) -> WhatIf:
    return what_if(lambda: replayed(log, room_of), "national", FROM_S, UNTIL_S)


def test_what_people_did_and_what_a_regime_does_are_told_apart(found: WhatIf) -> None:
    assert (found.played.people, found.same.people, found.other.people) == (True, False, False)
    assert (found.played.regime, found.same.regime, found.other.regime) == ("allied", "allied", "national")
    assert "Bucharest" not in found.played.warned, "who could tell it told nothing"
    assert FROM_S < found.same.warned["Bucharest"] < UNTIL_S
    assert "Bucharest" not in found.other.warned, "no clause lets tracks go to Romania"
    assert {c.ends_s for c in (found.played, found.same, found.other)} == {UNTIL_S}
    assert {c.in_flight + c.shot_down + c.came_down for c in (found.same, found.other)} == {3}


def test_it_is_the_same_each_time(log: Path, found: WhatIf) -> None:
    assert what_if(lambda: replayed(log, room_of), "national", FROM_S, UNTIL_S) == found


def test_a_moment_that_was_never_played(log: Path) -> None:
    with pytest.raises(ValueError, match="from 0 to 240 s, and 900 s is not in it"):
        what_if(lambda: replayed(log, room_of), "national", 900.0)


def test_what_is_wrong_with_the_question_is_said(log: Path) -> None:
    with pytest.raises(InputError, match="the case has no regime `natoinal`"):
        what_if_command(log, None, "natoinal", None, False)
    with pytest.raises(InputError, match="900 s is not in it"):
        what_if_command(log, None, "national", 900.0, False)


def test_it_is_told_in_a_table(found: WhatIf) -> None:
    console = Console(file=io.StringIO(), width=100)
    render_what_if(found, console)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert told.startswith("From 60 s on under national: 0 come down on target, under allied 0;")
    assert "Bucharest warned, s" in told and "protocol" in told
    json.dumps(found.__dict__, default=vars, allow_nan=False)


def test_an_exercise_beside_itself_is_the_same(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    against_command(log, None, log, True)
    told = json.loads(capsys.readouterr().out)
    assert told["one"]["regime"] == "allied"
    assert all(row["one"] == row["other"] for row in told["figures"])
    asked = [row["one"] for row in told["figures"] if (row["about"], row["what"]) == ("release", "asked")]
    assert asked[0] > 0
    against_command(log, None, log, False)
    assert "median seconds to an answer" in capsys.readouterr().out
