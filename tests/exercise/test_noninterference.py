"""What was not released is not there to leak: a seat's documents hang on nothing else.

Two worlds that differ only in what was not released to a nation give it the same documents, byte for byte at
every tick, under agreements drawn at random: a missile more that threatens others alone, and other decisions
of people elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from synaspis.exercise.inputs import DIRECTOR, Answer, Say, Take
from synaspis.exercise.plan import Plan
from synaspis.exercise.room import Room
from synaspis.model.case import Case
from tests.exercise.drill import Document, as_bytes, case_of, play, told

pytestmark = pytest.mark.long

STARTS_S, UNTIL_S = 60.0, 160.0
WITNESSES = ("ROU", "BGR")


def drawn(seed: int) -> list[Document]:
    """Clauses in place of the alliance's: each lets a nation have of the USA what threatens that nation."""
    dice, found = random.Random(seed), list[Document]()
    for nation in ("ROU", "TUR", "BGR"):
        clause: Document = {
            "id": f"draw-{nation}", "effect": "permit", "owners": ["USA"], "recipients": [nation],
            "products": dice.sample(["alert", "impact_estimate", "track", "fire_control_track"], 2),
            "when": {"threatens": [nation]}, "assumed": True,
        }  # fmt: skip
        if dice.random() < 0.5:
            clause["delay_s"] = dice.choice([2, 5, 9])
        if dice.random() < 0.4:
            clause["degraded_to_km"] = dice.choice([1, 5])
        found.append(clause)
    whole = {
        "id": "draw-all", "effect": "permit", "owners": ["USA"], "recipients": ["TUR"],
        "products": ["track", "engagement_status"], "assumed": True,
    }  # fmt: skip
    return [*found, whole] if dice.random() < 0.5 else found


def world(clauses: list[Document], *, more: bool) -> Case:
    """The smallest case under these clauses; with `more` a missile besides, flown first, at Türkiye.

    It flies far from the others: a station that took one for the other would tell of them otherwise.
    """
    text: Any = told()
    text["assets"].append(
        {"name": "Van", "nation": "TUR", "latitude_deg": 38.5, "longitude_deg": 43.4, "population": 1e6}
    )
    text["launch_areas"].append(
        {"name": "Mashhad area", "nation": "IRN", "latitude_deg": 36.3, "longitude_deg": 59.6}
    )
    (bmd,) = [a for a in text["agreements"] if a["name"] == "nato-bmd"]
    bmd["releases"] = clauses
    for firing in text["raid"]:
        firing["start_s"] = 10
    if more:
        text["raid"].insert(0, {"threat": "mrbm-2000", "launch": "Mashhad area", "target": "Van"})
    return case_of(text)


def streams(case: Case, act: Callable[[Room], None]) -> dict[str, list[bytes]]:
    """Each witness's documents, tick by tick."""
    found: dict[str, list[bytes]] = {n: [] for n in WITNESSES}
    with Room(case, "allied", 1, Plan(starts_s=STARTS_S)) as room:
        for nation in WITNESSES:
            found[nation].append(as_bytes(room.still(nation)))
        while room.now_s < UNTIL_S:
            act(room)
            room.advance()
            for nation in WITNESSES:
                found[nation].append(as_bytes(room.document(nation)))
    return found


def nobody(_: Room) -> None:
    """Nobody does anything."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_missile_that_is_not_released_changes_nothing(seed: int) -> None:
    clauses = drawn(seed)
    without, with_one = (streams(world(clauses, more=more), nobody) for more in (False, True))
    for nation in WITNESSES:
        assert without[nation] == with_one[nation]
    assert any(b'"level"' in without[n][-1] for n in WITNESSES), "something must have come"


def test_what_people_elsewhere_decide_changes_nothing_that_is_not_released() -> None:
    case = world(drawn(4), more=True)

    def busy(room: Room) -> None:
        if room.tick == 10:
            play(room, DIRECTOR, Take(nation="TUR", taken=True))
            play(room, DIRECTOR, Say(to="TUR", text="for you alone"))
            play(room, "TUR", Say(to=DIRECTOR, text="thank you"))
        for key in list(room.document("TUR")["questions"]):
            play(room, "TUR", Answer(question=key, yes=True))

    assert streams(case, nobody) == streams(case, busy)
