"""What a director does to an exercise, seen in the seats; and what is refused in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from synaspis.exercise.inputs import (
    DIRECTOR,
    OBSERVER,
    EndTurn,
    FalseAlarm,
    Inject,
    Input,
    Launch,
    Lose,
    Suspend,
    Take,
    Unreachable,
    Weather,
)
from synaspis.exercise.plan import Plan, Spare, Timed
from synaspis.exercise.room import Room
from synaspis.model.threat import Firing
from tests.exercise.drill import as_bytes, first_light, play, until

pytestmark = pytest.mark.long

SPARES = tuple(
    Spare(name, Firing(threat="mrbm-2000", launch="Tabriz area", target="Bucharest"))
    for name in ("early", "late")
)
PLAN = Plan(
    injects=(
        Timed(30.0, Launch("early"), "nobody knows"),
        Timed(40.0, Launch("early")),
        Timed(900.0, Launch("late")),
    ),
    spares=SPARES,
)
EARLY = "mrbm-2000 to Bucharest #3 (Tabriz area)"


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """A minute of the raid, with all that the plan has by then."""
    with Room(first_light(), "allied", 1, PLAN) as made:
        until(made, 29.5)
        assert made.document(DIRECTOR)["truth"][EARLY]["state"] == "waiting"
        until(made, 60.0)
        yield made


def test_the_plan_is_played_and_says_what_came_of_it(room: Room) -> None:
    shown = room.document(DIRECTOR)
    assert shown["truth"][EARLY]["state"] == "flying"
    first, again, later = (shown["injects"][id] for id in "123")
    assert (first["time_s"], first["done"], first["note"]) == (30.0, True, "nobody knows")
    assert first["what"] == {"type": "launch", "spare": "early"}
    assert not again["done"] and "was launched at 30 s" in again["refused"]
    assert not later["done"] and "refused" not in later
    assert shown["spares"]["early"]["launched_s"] == 30.0 and shown["spares"]["late"]["state"] == "waiting"


def test_the_raid_lasts_as_long_as_the_plan_has_missiles(room: Room) -> None:
    assert room.ends_s > 900.0 + 600.0


def test_no_nation_sees_injects_or_spares(room: Room) -> None:
    for seat in ("ROU", OBSERVER):
        told = as_bytes(room.document(seat)) + as_bytes(room.still(seat))
        assert b"early" not in told and b"#3" not in told and b"injects" not in told


@pytest.mark.parametrize(("what", "why"), [
    (Lose("kurecek"), "no sensor is called `kurecek`: did you mean `kurecik`"),
    (Lose("kurecik", False), "kurecik works"),
    (Suspend("nato-bdm"), "not in force in this regime: did you mean `nato-bmd`"),
    (Suspend("bmd-1", False), "bmd-1 is in force"),
    (FalseAlarm("moon"), "no sensor is called `moon`"),
    (FalseAlarm("bucharest-patriot/radar"), ""),
    (Weather("Tabris area", True), "did you mean `Tabriz area`"),
    (Unreachable("FRA"), "no nation FRA"),
    (Launch("lat"), "did you mean `late`"),
    (Launch("early"), "was launched at 30 s"),
])  # fmt: skip
def test_what_does_not_exist_is_refused_in_words(room: Room, what: Inject, why: str) -> None:
    before = room.document(DIRECTOR)["injects"]
    told = play(room, DIRECTOR, what)
    assert why in told
    if told:
        assert room.document(DIRECTOR)["injects"] == before


@pytest.mark.parametrize("seat", ["ROU", OBSERVER])
def test_only_the_director_injects(room: Room, seat: str) -> None:
    assert play(room, seat, Lose("geo-east")) == "that is not for this seat"
    assert room.document("USA")["sensors"]["geo-east"]["state"] == "works"


def test_turns_before_the_raid_are_over(room: Room) -> None:
    assert play(room, DIRECTOR, EndTurn()) == "the turns before the raid are over"


def test_who_is_party_to_it_is_told(room: Room) -> None:
    counts = {n: len(room.document(n)["events"]) for n in ("USA", "ROU", "TUR", "BGR")}
    assert play(room, DIRECTOR, Lose("geo-west")) == "" and "already" in play(
        room, DIRECTOR, Lose("geo-west")
    )
    assert room.document("USA")["sensors"]["geo-west"]["state"] == "lost"
    assert play(room, DIRECTOR, Suspend("own-affairs")) == ""
    new = {n: len(room.document(n)["events"]) - counts[n] for n in counts}
    assert new == {"USA": 2, "ROU": 1, "TUR": 0, "BGR": 0}
    last = list(room.document("ROU")["events"].values())[-1]
    assert (last["kind"], last["text"]) == ("agreement", "own-affairs is suspended")
    assert last["because"] == ["own-1", "own-2"]
    assert play(room, DIRECTOR, Suspend("own-affairs", False)) == ""
    assert play(room, DIRECTOR, Lose("geo-west", False)) == ""


def drilled(**at: Input) -> Room:
    """A room where ROU is taken; inputs of the director at `t40` and the like; 190 s."""
    made = Room(first_light(), "allied", 1)
    assert play(made, DIRECTOR, Take("ROU", True)) == ""
    when = {float(name[1:]): what for name, what in at.items()}

    def each(room: Room) -> None:
        if room.now_s in when:
            assert play(room, DIRECTOR, when[room.now_s]) == ""

    until(made, 190.0, each)
    return made


def test_a_suspended_release_stops_there_and_an_unreachable_authority_answers_nobody() -> None:
    with drilled(t60=Suspend("bmd-1"), t70=Unreachable("ROU", 300.0)) as room:
        assert room.document("USA")["tracks"]
        assert not room.document("ROU")["tracks"] and not room.document("BGR")["tracks"]
        assert room.document("ROU")["warned"] == {}


def test_the_same_injects_at_the_same_ticks_give_the_same_documents() -> None:
    told = []
    for _ in range(2):
        with drilled(t20=Weather("Tabriz area", True), t40=FalseAlarm("geo-east", 60.0)) as room:
            told.append([as_bytes(room.document(seat)) for seat in ("USA", "ROU", DIRECTOR)])
    assert told[0] == told[1]


def test_what_could_have_met_a_spare_is_reckoned_from_its_launch() -> None:
    """A review asks until when a battery could have met each missile: of a spare too."""
    with Room(first_light(), "allied", 1, Plan(spares=SPARES)) as room:
        engagements, (early, late) = room.parts.host.orders.engagements, (3, 4)
        before = [engagements.last_s(b, early) for b in range(2)]
        until(room, 20.0)
        assert play(room, DIRECTOR, Launch("early")) == ""
        assert [engagements.last_s(b, early) for b in range(2)] == [s + 20.0 for s in before]
        assert [engagements.last_s(b, late) for b in range(2)] == before
