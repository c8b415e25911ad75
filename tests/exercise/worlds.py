"""Pairs of worlds, drawn at random, that differ in what some nations are not to learn of.

Romania and Bulgaria look on. They are given what clauses drawn at random let them have. In the other world
of a pair missiles fly besides at Türkiye, from any of three areas and in any place of the raid, its people
decide and write otherwise, and its sensors and agreements fail. What the two worlds share is drawn too.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Final

from synaspis.exercise.inputs import (
    DIRECTOR,
    FalseAlarm,
    Hold,
    Input,
    Lose,
    Say,
    Suspend,
    Take,
    Unreachable,
)
from synaspis.model.case import Case

from .drill import Document, case_of, told

WITNESSES: Final = ("ROU", "BGR")
STARTS_S, UNTIL_S = 60.0, 160.0
PRODUCTS: Final = ("alert", "impact_estimate", "track", "fire_control_track")
TARGETS: Final = ("Bucharest", "Constanta", "Sofia", "Varna")
AREAS: Final = ("Mashhad area", "Kermanshah area", "Khorramabad area")

FROM: Final = {"Van": AREAS, "Ankara": AREAS[1:], "Adana": AREAS[1:]}
"""Within reach."""

Act = tuple[float, str, Input]
"""At which time of the case's clock which seat does what."""


@dataclass(frozen=True)
class World:
    """A case, what is done in it besides what the witnesses do, and whose dice Türkiye answers by (0: nobody
    sits there). With `lets_go` somebody sits in the American seat and lets the witnesses have all."""

    case: Case
    acts: tuple[Act, ...]
    turkish_dice: int
    lets_go: bool


@dataclass(frozen=True)
class Pair:
    """Two worlds, and in words how they differ."""

    seed: int
    one: World
    other: World
    differ: tuple[str, ...]


def drawn_pair(seed: int) -> Pair:
    """The pair of that seed."""
    dice = random.Random(f"worlds {seed}")
    clauses, raid = drawn(dice), _raid(dice)
    differ = tuple(sorted(dice.sample(("missiles", "people", "injects"), dice.randint(1, 3))))
    lets_go, shared = dice.random() < 0.4, _shared(dice)
    one = World(world(clauses, raid), tuple(sorted(shared, key=lambda act: act[0])), 0, lets_go)
    more = _more(dice, raid) if "missiles" in differ else raid
    acts = (
        *shared,
        *(_people(dice) if "people" in differ else ()),
        *(_injects(dice) if "injects" in differ else ()),
    )
    turkish = dice.randint(1, 10**6) if "people" in differ else 0
    other = World(world(clauses, more), tuple(sorted(acts, key=lambda act: act[0])), turkish, lets_go)
    return Pair(seed, *((one, other) if dice.random() < 0.5 else (other, one)), differ)


# -- agreements ------------------------------------------------------------------------------------


def drawn(dice: random.Random) -> list[Document]:
    """Clauses in place of the alliance's: each lets a nation have what threatens that nation."""
    found: list[Document] = [_clause(dice, "USA", nation) for nation in ("ROU", "TUR", "BGR")]
    found += [_clause(dice, *dice.choice((("TUR", "ROU"), ("ROU", "BGR"), ("ROU", "TUR"))))]
    if dice.random() < 0.5:
        found.append({
            "id": "draw-all", "effect": "permit", "owners": ["USA"], "recipients": ["TUR"],
            "products": ["track", "engagement_status"], "assumed": True,
        })  # fmt: skip
    return found


def _clause(dice: random.Random, owner: str, recipient: str) -> Document:
    clause: Document = {
        "id": f"draw-{owner}-{recipient}", "effect": "permit", "owners": [owner], "recipients": [recipient],
        "products": dice.sample(PRODUCTS, dice.randint(1, 3)), "when": {"threatens": [recipient]},
        "assumed": True,
    }  # fmt: skip
    if dice.random() < 0.4:
        clause["delay_s"] = dice.choice([2, 5, 9])
    if dice.random() < 0.4:
        clause["degraded_to_km"] = dice.choice([1, 5, 20])
    if dice.random() < 0.2:
        clause["onward"] = dice.sample([n for n in ("ROU", "BGR", "TUR") if n != recipient], 1)
    return clause


# -- raids -----------------------------------------------------------------------------------------


def _raid(dice: random.Random) -> list[Document]:
    return [
        {"threat": "mrbm-2000", "launch": "Tabriz area", "target": target, "start_s": dice.randint(15, 35)}
        for target in dice.sample(TARGETS, dice.randint(1, 3))
    ]


def _more(dice: random.Random, raid: list[Document]) -> list[Document]:
    """The raid with missiles besides that threaten others alone, some of which are seen before the others."""
    more = list(raid)
    for target in dice.sample(sorted(FROM), dice.randint(1, 2)):
        firing = {
            "threat": "mrbm-2000", "launch": dice.choice(FROM[target]), "target": target,
            "start_s": dice.choice((0, 5, 20, 60)),
        }  # fmt: skip
        more.insert(dice.randint(0, len(more)), firing)
    return more


def world(clauses: list[Document], raid: list[Document]) -> Case:
    """The smallest case under these clauses and this raid, with a radar and a battery of Türkiye's own."""
    text: Any = told()
    for name, nation, lat, lon in (
        ("Constanta", "ROU", 44.17, 28.64), ("Varna", "BGR", 43.21, 27.91), ("Van", "TUR", 38.5, 43.4),
        ("Ankara", "TUR", 39.93, 32.86), ("Adana", "TUR", 37.0, 35.32),
    ):  # fmt: skip
        text["assets"].append(
            {"name": name, "nation": nation, "latitude_deg": lat, "longitude_deg": lon, "population": 1e6}
        )
    for name, lat, lon in zip(AREAS, (36.3, 34.3, 33.5), (59.6, 47.1, 48.4), strict=True):
        text["launch_areas"].append(
            {"name": name, "nation": "IRN", "latitude_deg": lat, "longitude_deg": lon}
        )
    text["sensors"].append({
        "name": "diyarbakir", "type": "an-tpy-2-terminal", "owner": "TUR", "latitude_deg": 37.9,
        "longitude_deg": 40.2, "facing_deg": 100,
    })  # fmt: skip
    text["batteries"].append({
        "name": "ankara-patriot", "system": "patriot-mse", "owner": "TUR", "latitude_deg": 39.9,
        "longitude_deg": 32.8, "facing_deg": 110,
    })  # fmt: skip
    text["raid"] = raid
    _basing, own, bmd = text["agreements"]
    own["parties"].append("TUR")
    own["mandates"].append({"id": "own-3", "owners": ["TUR"], "defends": ["TUR"], "assumed": True})
    own["authorities"][0]["owners"].append("TUR")
    bmd["releases"] = clauses
    text["agreements"].append({
        "name": "turkish", "title": "What Türkiye tells the USA", "parties": ["TUR", "USA"],
        "source": "assumed", "since": "2010-01-01",
        "releases": [{
            "id": "tur-1", "effect": "permit", "owners": ["TUR"], "recipients": ["USA"],
            "products": ["alert", "track"], "assumed": True,
        }],
    })  # fmt: skip
    for regime in text["regimes"]:
        regime["agreements"].append("turkish")
    return case_of(text)


# -- what is done ----------------------------------------------------------------------------------


def _shared(dice: random.Random) -> tuple[Act, ...]:
    """What is done in both worlds."""
    acts: list[Act] = []
    if dice.random() < 0.5:
        acts.append((_when(dice), DIRECTOR, Take("ROU", True)))
    if dice.random() < 0.3:
        acts.append((_when(dice), DIRECTOR, Suspend("draw-USA-ROU")))
    if dice.random() < 0.2:
        acts.append((_when(dice), DIRECTOR, Lose("geo-west")))
    return tuple(acts)


def _people(dice: random.Random) -> list[Act]:
    """Türkiye's cell comes, writes to others and is written to, and holds its fire."""
    acts: list[Act] = [(STARTS_S + 1.0, DIRECTOR, Take("TUR", True))]
    for _ in range(dice.randint(0, 4)):
        what = dice.choice((
            ("TUR", Say("USA", "what do you see")), ("TUR", Say(DIRECTOR, "we are here")),
            (DIRECTOR, Say("TUR", "for you alone")), ("TUR", Hold("ankara-patriot", True)),
            ("TUR", Hold("ankara-patriot", False)),
        ))  # fmt: skip
        acts.append((_when(dice), *what))
    return acts


def _injects(dice: random.Random) -> list[Act]:
    """What befalls Türkiye's sensors, agreements and authority."""
    chosen = dice.sample(
        (FalseAlarm("diyarbakir"), Lose("diyarbakir"), Suspend("turkish"), Unreachable("TUR")),
        dice.randint(1, 3),
    )
    return [(_when(dice), DIRECTOR, what) for what in chosen]


def _when(dice: random.Random) -> float:
    return STARTS_S + dice.randint(2, round(UNTIL_S - STARTS_S) - 20)
