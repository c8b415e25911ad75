"""Turns before the raid in a room: people play them, then comes the raid under what they agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.errors import JournalError
from synaspis.exercise.again import Replayed, replayed
from synaspis.exercise.inputs import (
    DIRECTOR,
    OBSERVER,
    Agree,
    Control,
    Deploy,
    Draft,
    EndTurn,
    Hold,
    Input,
    Say,
    Take,
    WarnPublic,
)
from synaspis.exercise.plan import Plan, Turn, named
from synaspis.exercise.record import Record
from synaspis.exercise.review import review
from synaspis.exercise.room import Room
from synaspis.exercise.rooms import room_of, told_plan
from synaspis.exercise.running import Running
from synaspis.exercise.what_if import what_if
from synaspis.files.case import load
from synaspis.model.planning import PlanSite
from tests.exercise.drill import as_bytes, first_light, play, until

BUZAU = PlanSite(name="Buzau", host="ROU", latitude_rad=0.788, longitude_rad=0.4677)
PLAN = Plan(
    turns=(Turn("Two days before", 5.0, ("draft", "deploy")), Turn("The eve", may=("warn_public",))),
    sites=(BUZAU,), starts_s=60.0,
)  # fmt: skip
DRAFT = Draft("USA", "BGR", "track", 2.0)
DEPLOY = Deploy("bucharest-patriot", "Buzau")
IN_TURN_1: tuple[tuple[str, Input], ...] = (
    ("USA", DRAFT), ("BGR", Agree(named("USA", DRAFT))), ("ROU", DEPLOY), ("USA", Say("BGR", "well done")),
    (DIRECTOR, Take("BGR", True)),
)  # fmt: skip


def turned(*told: tuple[str, Input], regime: str = "national") -> Room:
    """A room in its first turn, with what was done in it."""
    room = Room(first_light(), regime, 1, PLAN)
    for i, (seat, what) in enumerate(told):
        assert play(room, seat, what, str(i)) == "", (seat, what)
    return room


def to_the_raid(room: Room) -> None:
    assert play(room, DIRECTOR, EndTurn(), "end 1") == play(room, DIRECTOR, EndTurn(), "end 2") == ""
    room.advance()


def test_a_turn_ends_when_its_time_is_over_and_the_clock_stands() -> None:
    room = turned(("USA", DRAFT))
    assert room.before and not room.over and room.ends_s == float("inf")
    for left_s in (4.5, 4.0):
        room.advance()
        shown = room.document("USA")
        assert (shown["clock"]["case_s"], shown["turns"]["left_s"]) == (60.0, left_s)
    assert (shown["turns"]["turn"], shown["turns"]["of"], shown["turns"]["title"]) == (
        1,
        2,
        "Two days before",
    )
    assert "not for this turn" in play(room, "ROU", WarnPublic())
    for _ in range(8):
        room.advance()
    shown = room.document("ROU")
    assert shown["turns"]["turn"] == 2 and "left_s" not in shown["turns"], "it lasts until it is ended"
    assert play(room, "ROU", WarnPublic()) == "" and "not for this turn" in play(room, "ROU", DEPLOY)
    assert "not for the turns" in play(room, "ROU", Hold("bucharest-patriot", True))
    assert "only the director" in play(room, "ROU", EndTurn())
    room.close()


@pytest.mark.long
def test_the_raid_begins_under_what_was_agreed() -> None:
    with turned(*IN_TURN_1) as room:
        table = room.document(OBSERVER)["turns"]["table"]
        assert table == {}, "an observer sees nothing of two nations' own"
        assert room.document(DIRECTOR)["nations"]["BGR"] == {"taken": True, "tabled": 0, "waits": 0}
        to_the_raid(room)
        assert not room.before and room.now_s == 60.0 and room.tick_at(60.0) == room.tick == 1
        still = room.still("BGR")
        assert still["stage"] == room.document("BGR")["stage"] == "raid"
        assert "USA-BGR-track-2" in still["clauses"] and "USA-BGR-track-2" not in room.still("ROU")["clauses"]
        assert "USA-BGR-track-2" in room.still(DIRECTOR)["clauses"]
        assert still["regime"] == "national", "that others agreed on something is not told by a name"
        assert round(room.still("ROU")["batteries"]["bucharest-patriot"]["lat"], 1) == 45.1
        (message,) = room.document("BGR")["messages"].values()
        assert (message["from"], message["text"]) == ("USA", "well done")
        assert room.document(DIRECTOR)["nations"]["BGR"]["taken"]
        assert "are over" in play(room, "USA", DRAFT)
        until(room, 140.0)
        assert room.document("BGR")["had"]["USA"]["clauses"] == ["USA-BGR-track-2"]


@pytest.mark.long
def test_what_two_nations_agree_changes_nothing_that_a_third_is_shown() -> None:
    streams = []
    for told in ((), IN_TURN_1[:2]):
        with turned(*told) as room:
            found = [as_bytes(room.still("TUR")), as_bytes(room.document("TUR"))]
            to_the_raid(room)
            found.append(as_bytes(room.still("TUR")))
            while room.now_s < 130.0:
                found.append(as_bytes(room.document("TUR")))
                room.advance()
            streams.append(found)
    assert streams[0] == streams[1]


def running(log: Path) -> Running:
    """An exercise that was recorded up to 70 s of the raid."""
    case = load("first-light")
    record = Record.create(
        log, case_sha256=case.sha256, case_name=case.name, case=case.text, regime="national", seed=1,
        plan=told_plan(PLAN),
    )  # fmt: skip
    found = Running.fresh(record, room_of)
    found.submit(DIRECTOR, "start", Control("start"))
    found.tick()
    for i, (seat, what) in enumerate(IN_TURN_1):
        assert found.submit(seat, str(i), what).ok, (seat, what)
    assert not found.submit("ROU", "x", WarnPublic()).ok
    for _ in range(12):
        found.tick()
    assert found.submit(DIRECTOR, "end", EndTurn()).ok
    while found.room.now_s < 70.0:
        found.tick()
    assert found.submit(DIRECTOR, "pause", Control("pause")).ok
    return found


@pytest.mark.long
def test_a_record_with_turns_is_played_again_resumed_stepped_back_and_reviewed(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    one = running(log)
    shown = one.documents(0.0)["BGR"]
    one.leave()
    record, lines = Record.reopen(log)
    again = Running.resumed(record, lines, room_of)
    assert again.trouble == "" and again.documents(0.0)["BGR"] == shown
    assert again.submit(DIRECTOR, "back", Control("back", 65.0)).ok and again.step_back(lambda: None)
    assert again.room.now_s == 65.0 and not again.room.before
    again.close()
    again.leave()
    for branch in (0, 1):
        beside = replayed(log, room_of, branch)
        found = review(beside)
        beside.close()
        assert found.differs_s is None
        assert [(t["by"], t["holds"]) for t in found.tabled] == [("USA", ["USA", "BGR"]), ("ROU", ["ROU"])]
    courses = what_if(lambda: replayed(log, room_of, 0), "allied", 62.0, 64.0)
    assert courses.other.ends_s == 64.0


def test_an_exercise_that_ended_in_its_turns_has_nothing_to_review(tmp_path: Path) -> None:
    case = load("first-light")
    record = Record.create(
        tmp_path / "x.log", case_sha256=case.sha256, case_name=case.name, case=case.text, regime="national",
        seed=1, plan=told_plan(PLAN),
    )  # fmt: skip
    found = Running.fresh(record, room_of)
    found.tick()
    found.close()
    found.leave()
    again: Replayed = replayed(tmp_path / "x.log", room_of)
    with pytest.raises(JournalError, match="ended in the turns before the raid"):
        review(again)
    again.close()
