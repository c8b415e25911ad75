"""A room played tick by tick: what seats show, what people's inputs do, and what is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Answer, Hold, Say, Take
from synaspis.exercise.plan import Plan
from synaspis.exercise.room import Room
from tests.exercise.drill import first_light, play, questions, until


def opened(*taken: str) -> Room:
    room = Room(first_light(), "allied", 1)
    for nation in taken:
        assert play(room, DIRECTOR, Take(nation=nation, taken=True)) == ""
    return room


@pytest.fixture(scope="module")
def alone() -> Iterator[Room]:
    """Nobody sits anywhere; three minutes of the raid."""
    with opened() as room:
        until(room, 180.0)
        yield room


def test_an_empty_seat_shows_what_its_node_holds(alone: Room) -> None:
    shown = alone.document("ROU")
    assert shown["clock"]["case_s"] == 180.0
    assert {t["level"] for t in shown["tracks"].values()} <= {"alert", "track"}
    assert all(t["from"] == ["USA"] and not t["own"] for t in shown["tracks"].values())
    assert shown["warned"]["Bucharest"]["people"] == 1_716_961
    assert shown["had"]["USA"]["clauses"] == ["bmd-1"] and not shown["given"]
    assert shown["events"]["1"]["kind"] == "released"


def test_the_owner_of_the_sensors_knows_more_and_earlier(alone: Room) -> None:
    usa, rou = alone.document("USA"), alone.document("ROU")
    assert all(t["own"] and not t["because"] for t in usa["tracks"].values())
    assert min(t["since_s"] for t in usa["tracks"].values()) < min(
        t["since_s"] for t in rou["tracks"].values()
    )
    assert usa["given"].keys() == {"ROU", "TUR", "BGR"}
    assert usa["sensors"]["kurecik"]["tracks"] > 0


def test_an_empty_seat_asks_nobody_and_its_protocol_answers(alone: Room) -> None:
    assert play(alone, "USA", Answer(question="1", yes=True)) == "nobody sits in this seat"


def test_what_never_changes_names_own_sites_with_figures_and_others_without(alone: Room) -> None:
    still = alone.still("ROU")
    assert still["title"] == "Romania" and still["batteries"].keys() == {"bucharest-patriot"}
    assert "rounds" not in still["sites"]["deveselu"] and "launch_areas" not in still
    assert still["sites"]["deveselu"]["domain"] == "land"
    assert still["clauses"]["bmd-1"]["agreement"] == "nato-bmd"
    assert "launch_areas" in alone.still(DIRECTOR)


def test_the_director_sees_the_truth_and_nobody_else(alone: Room) -> None:
    truth = alone.document(DIRECTOR)["truth"]
    assert {m["state"] for m in truth.values()} == {"flying"} and len(truth) == 3
    assert all("truth" not in alone.document(seat) for seat in ("ROU", OBSERVER))
    assert "ends_s" in alone.document(DIRECTOR)["clock"] and "ends_s" not in alone.document("ROU")["clock"]


def test_an_observer_sees_what_is_public(alone: Room) -> None:
    shown = alone.document(OBSERVER)
    assert shown.keys() == {"clock", "warned", "impacts"}
    assert "Bucharest" in shown["warned"]["ROU"]


def test_nothing_goes_that_nobody_let_go() -> None:
    with opened("USA") as room:
        until(room, 150.0)
        assert questions(room, "USA", "release")
        assert not room.document("ROU")["tracks"] and not room.document("ROU")["had"]
        (key,) = [
            k for k, q in questions(room, "USA", "release").items()
            if q["recipient"] == "ROU" and q.get("track") == "3"
        ]  # fmt: skip
        asked = questions(room, "USA", "release")[key]
        assert asked["clause"] == "bmd-1" and "after 10" in asked["says"] and "until_s" not in asked
        assert play(room, "USA", Answer(question=key, yes=True)) == ""
        until(room, 156.0)
        assert len(room.document("ROU")["tracks"]) == 1 and not room.document("BGR")["tracks"]
        assert play(room, "USA", Answer(question=key, yes=True)) != ""


def test_a_yes_to_all_lets_go_what_comes_later_too_and_a_no_stays() -> None:
    with opened("USA") as room:
        until(room, 125.0)
        for key, q in questions(room, "USA", "release").items():
            if q["recipient"] != "TUR" and key in questions(room, "USA", "release"):
                assert play(room, "USA", Answer(question=f"{key}/all", yes=q["recipient"] == "ROU")) == ""
        until(room, 200.0)
        tracks = [t for t in room.document("ROU")["tracks"].values() if t["level"] == "track"]
        assert len(tracks) == 3 and not room.document("BGR")["tracks"]
        assert {q["recipient"] for q in questions(room, "USA", "release").values()} == {"TUR"}
        assert play(room, "USA", Take(nation="USA", taken=False)) == ""
        until(room, 216.0)
        assert room.document("TUR")["tracks"], "nobody sits there: the clause's time stands again"
        assert not room.document("BGR")["tracks"], "what was refused stays refused"


@pytest.mark.long
def test_leave_to_fire_is_what_the_seat_says() -> None:
    with opened("USA") as room:
        until(room, 135.0)
        fire = {k: q for k, q in questions(room, "USA", "fire").items() if "track" in q}
        assert {q["battery"] for q in fire.values()} == {"deveselu"}
        assert all(q["clauses"] == ["own-2", "bmd-3"] for q in fire.values()), "asked once, under both"
        assert all("own-2:" in q["says"] and "bmd-3:" in q["says"] for q in fire.values())
        assert len({q["track"] for q in fire.values()}) == len(fire)
        first = max(fire, key=int)
        assert play(room, "USA", Answer(question=first, yes=True)) == ""
        assert first not in room.document("USA")["questions"]
        assert play(room, "USA", Answer(question=first, yes=True)).startswith("that question no longer waits")
        for key, q in questions(room, "USA", "fire").items():
            if q.get("track") != fire[first].get("track"):
                assert play(room, "USA", Answer(question=key, yes=False)) == ""
        until(room, 315.0)
        shown = room.document("USA")
        fired = [e for e in shown["engagements"].values() if e["phase"] in ("fired", "hit", "missed")]
        assert len(fired) == 1 and fired[0]["because"][0] in fire[first]["clauses"]
        assert shown["batteries"]["deveselu"]["rounds"] < 24


def test_a_battery_that_is_held_asks_for_nothing() -> None:
    with opened("USA") as room:
        assert play(room, "USA", Hold(battery="deveselu", held=True)) == ""
        assert play(room, "USA", Hold(battery="bucharest-patriot", held=True)) != ""
        until(room, 130.0)
        assert room.document("USA")["batteries"]["deveselu"]["state"] == "held"
        assert not questions(room, "USA", "fire")
        assert play(room, "USA", Hold(battery="deveselu", held=False)) == ""
        until(room, 135.0)
        assert questions(room, "USA", "fire")


def test_messages_go_where_a_clause_lets_something_go() -> None:
    with opened("USA", "ROU") as room:
        assert play(room, "USA", Say(to="ROU", text="two launches")) == ""
        assert play(room, "ROU", Say(to="USA", text="and?")) == (
            "no clause in force lets ROU release anything to USA, so no message goes there"
        )
        assert play(room, DIRECTOR, Say(to="all", text="begin")) == ""
        assert play(room, "BGR", Say(to=DIRECTOR, text="ready")) == ""
        for to in ("XXX", "USA"):
            assert play(room, "USA", Say(to=to, text="?")) == f"no other seat is called {to}"
        until(room, 1.0)
        heard = [(m["from"], m["text"]) for m in room.document("ROU")["messages"].values()]
        assert heard == [(DIRECTOR, "begin"), ("USA", "two launches")]
        assert [m["text"] for m in room.document("TUR")["messages"].values()] == ["begin"]
        read = [m["text"] for m in room.document(DIRECTOR)["messages"].values()]
        assert read == ["two launches", "begin", "ready"]


def test_only_the_director_or_the_seat_itself_says_who_sits_there() -> None:
    with opened() as room:
        assert play(room, "ROU", Take(nation="USA", taken=True)).startswith("only the director")
        assert play(room, DIRECTOR, Take(nation="XXX", taken=True)) == "no nation XXX is in this case"
        assert play(room, "ROU", Take(nation="ROU", taken=True)) == ""
        assert play(room, OBSERVER, Hold(battery="deveselu", held=True)) == "that is not for this seat"


def test_what_comes_down_on_own_soil_is_seen_whoever_shares_what() -> None:
    with Room(first_light(), "national", 1, Plan(starts_s=730.0)) as room:
        for nation in ("USA", "ROU"):
            play(room, DIRECTOR, Take(nation=nation, taken=True))
        until(room, 760.0)
        assert not room.document("ROU")["had"]
        assert room.document("ROU")["impacts"] == room.document(DIRECTOR)["impacts"]
        assert [i["place"] for i in room.document("ROU")["impacts"].values()] == ["Bucharest"]
        assert not room.document("BGR")["impacts"]


def test_a_room_removes_what_it_wrote() -> None:
    room = opened()
    folder: Path = room._parts.folder
    assert folder.exists()
    room.close()
    assert not folder.exists()
