"""The venue: what is for which seat to do, and people who sit down while nothing is taken."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from synaspis.exercise import venue as venues
from synaspis.exercise.again import Outcome
from synaspis.exercise.inputs import Answer, Control, Hold, Input, Launch, Lose, Say, Take
from synaspis.exercise.venue import LOOKS_ON, OF_DIRECTOR, OF_NATION, Venue

SHOWN: dict[str, dict[str, Any]] = {
    "director": {
        "clock": {},
        "truth": {"m": {"state": "flying"}, "spare": {"state": "waiting"}},
        "injects": {"1": {}},
        "messages": {},
        "spares": {},
        "health": {},
    },
    "POL": {"clock": {}, "tracks": {}},
    "observer": {"clock": {}},
}


class Session:
    """An exercise that takes everything but what `refuses` counts down."""

    def __init__(self, refuses: int = 0) -> None:
        self.told: list[tuple[str, str, Input | Control]] = []
        self.noted: list[tuple[str, str]] = []
        self.refuses = refuses

    def seats(self) -> Mapping[str, str]:
        return {seat: seat.title() for seat in SHOWN}

    def still(self, seat: str) -> dict[str, Any]:
        return {"seat": seat, "me": seat}

    def document(self, seat: str) -> dict[str, Any]:
        return SHOWN[seat]

    def version(self, seat: str) -> int:
        return 1

    def submit(self, seat: str, id: str, what: Input | Control) -> Outcome:
        if self.refuses > 0:
            self.refuses -= 1
            return Outcome(False, "stepping back")
        self.told.append((seat, id, what))
        return Outcome(True)

    def logged(self, seat: str, what: str) -> None:
        self.noted.append((seat, what))


ANSWER = {"type": "answer", "question": "q", "yes": True}
HOLD = {"type": "hold", "battery": "b", "held": True}
SAY = {"type": "say", "to": "DEU", "text": "hello"}
OWN, OTHERS = (
    {"type": "take", "nation": "POL", "taken": False},
    {"type": "take", "nation": "DEU", "taken": True},
)
LOSE, LAUNCH = {"type": "lose", "station": "s"}, {"type": "launch", "spare": "s"}
START = {"type": "control", "to": "start"}


@pytest.mark.parametrize(
    ("seat", "told", "refused"),
    [
        ("POL", ANSWER, ""), ("POL", HOLD, ""), ("POL", SAY, ""), ("POL", OWN, ""),
        ("POL", OTHERS, OF_DIRECTOR),
        ("POL", LOSE, OF_DIRECTOR), ("POL", LAUNCH, OF_DIRECTOR), ("POL", START, OF_DIRECTOR),
        ("director", ANSWER, OF_NATION), ("director", HOLD, OF_NATION), ("director", SAY, ""),
        ("director", OTHERS, ""), ("director", LOSE, ""), ("director", LAUNCH, ""), ("director", START, ""),
        *(("observer", told, LOOKS_ON) for told in (ANSWER, HOLD, SAY, OWN, LOSE, LAUNCH, START)),
    ],
)  # fmt: skip
def test_what_is_for_whom(seat: str, told: dict[str, Any], refused: str) -> None:
    session = Session()
    assert Venue(session).submit(seat, "1", told) == (not refused, refused)
    assert len(session.told) == (not refused)
    assert len(session.noted) == bool(refused)


def test_what_is_told_arrives_as_it_is_meant() -> None:
    session = Session()
    for told in (ANSWER, HOLD, SAY):
        Venue(session).submit("POL", "1", told)
    for told in (LOSE, LAUNCH, START):
        Venue(session).submit("director", "1", told)
    assert [what for _, _, what in session.told] == [
        Answer("q", True), Hold("b", True), Say("DEU", "hello"), Lose("s"), Launch("s"), Control("start"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        {}, {"type": "fire"}, {"type": "answer"}, {**ANSWER, "yes": 1}, {**ANSWER, "more": 1},
        {**SAY, "text": "x" * 501}, {**SAY, "text": ""}, {"type": "control", "to": "stop"},
        {"type": "false_alarm", "station": "s", "for_s": -1.0},
    ],
)  # fmt: skip
def test_what_is_nothing_is_said_in_words(told: dict[str, Any]) -> None:
    session = Session()
    ok, words = Venue(session).submit("director", "1", told)
    assert not ok
    assert words.startswith("not understood: ")
    assert session.told == []


def test_who_sits_down_takes_the_seat_and_who_leaves_frees_it() -> None:
    session = Session()
    venue = Venue(session)
    for seat in ("director", "observer", "POL"):
        venue.seated(seat, True)
    venue.seated("POL", False)
    assert [(seat, what) for seat, _, what in session.told] == [
        ("POL", Take("POL", True)), ("POL", Take("POL", False)),
    ]  # fmt: skip
    assert len({id for _, id, _ in session.told}) == 2


def test_a_seat_is_taken_in_the_end_although_nothing_was_taken_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(venues, "AGAIN_S", 0.01)
    session = Session(refuses=3)
    Venue(session).seated("POL", True)
    until_s = time.monotonic() + 10.0
    while not session.told and time.monotonic() < until_s:
        time.sleep(0.01)
    assert [what for _, _, what in session.told] == [Take("POL", True)]


def test_an_observer_sees_the_truth_only_where_the_director_lets_him() -> None:
    assert set(Venue(Session()).document("observer")) == {"clock"}
    seeing = Venue(Session(), observer_sees_truth=True)
    assert set(seeing.document("observer")) == {"clock", "truth"}
    assert set(seeing.document("observer")["truth"]) == {"m"}, "what is coming"
    assert seeing.still("observer")["me"] == "observer"
    assert seeing.still("observer")["seat"] == "observer"
    assert seeing.document("POL") == SHOWN["POL"]


def test_who_sits_there_already_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    monkeypatch.setitem(SHOWN["director"], "nations", {"POL": {"taken": True}})
    venue = Venue(session)
    venue.seated("POL", True)
    assert session.told == []
    venue.seated("POL", False)
    assert [what for _, _, what in session.told] == [Take("POL", False)]
