"""Random agreements and asks, drawn fast enough to try ten thousand sets of clauses."""

from __future__ import annotations

import random
from dataclasses import replace

from synaspis.model.agreement import PRODUCTS, PURPOSES, Condition, Release
from synaspis.sharing.conditions import Missile
from synaspis.sharing.rules import Rules

NATIONS = ("AAA", "BBB", "CCC", "DDD")
SENSORS = ("north", "south", "space")
AREAS = ("east area", "west area")
CATEGORIES = ("srbm", "mrbm", "icbm")

Ask = tuple[str, str, str, str | None]


def some(rng: random.Random, values: tuple[str, ...], least: int = 1) -> tuple[str, ...]:
    """From `least` to three of `values`."""
    return tuple(rng.sample(values, rng.randint(least, min(3, len(values)))))


def condition(rng: random.Random) -> Condition:
    """Half of them empty."""
    if rng.random() < 0.5:
        return Condition()
    return Condition(
        threatens=some(rng, ("recipient", *NATIONS), 0),
        category=some(rng, CATEGORIES, 0),
        launched_from=some(rng, AREAS, 0),
        lands_in=some(rng, ("recipient", *NATIONS), 0),
    )


def release(rng: random.Random, effects: tuple[str, ...] = ("permit", "permit", "forbid")) -> Release:
    """One clause; its id is for the caller to give."""
    return Release(
        id="x",
        effect=rng.choice(effects),
        owners=some(rng, NATIONS),
        recipients=some(rng, NATIONS),
        products=some(rng, PRODUCTS),
        sensors=some(rng, SENSORS, 0) if rng.random() < 0.4 else (),
        delay_s=rng.choice([0.0, 5.0, 30.0]),
        when=condition(rng),
        purposes=PURPOSES if rng.random() < 0.6 else some(rng, PURPOSES),
        onward=some(rng, NATIONS) if rng.random() < 0.3 else (),
        degraded_to_m=rng.choice([0.0, 0.0, 5000.0]),
        revoked_s=rng.choice([float("inf"), float("inf"), 300.0]),
    )


def rules_of(*clauses: Release) -> Rules:
    """The clauses in force together, numbered c0, c1 ... in their order."""
    named = tuple(replace(c, id=f"c{i}") for i, c in enumerate(clauses))
    return Rules(releases=named, mandates=(), authorities=(), consents=(), agreement_of={})


def clauses(rng: random.Random, most: int = 6) -> list[Release]:
    """From none to `most` clauses."""
    return [release(rng) for _ in range(rng.randint(0, most))]


def missile(rng: random.Random) -> Missile:
    """What an owner may know of a missile; each part is unknown now and then."""

    def known(value: object) -> object:
        return None if rng.random() < 0.25 else value

    return Missile(
        threatens=known(frozenset(some(rng, NATIONS, 0))),  # type: ignore[arg-type]
        category=known(rng.choice(CATEGORIES)),  # type: ignore[arg-type]
        launched_from=known(frozenset({rng.choice(AREAS)})),  # type: ignore[arg-type]
        lands_in=known(rng.choice(NATIONS)),  # type: ignore[arg-type]
    )


def ask(rng: random.Random) -> Ask:
    """Owner, recipient, product, sensor."""
    owner, recipient = rng.choice(NATIONS), rng.choice(NATIONS)
    return owner, recipient, rng.choice(PRODUCTS), rng.choice((*SENSORS, None))
