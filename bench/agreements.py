"""How fast the sharing rules decide one message, and how fast they compile to masks; one core."""

from __future__ import annotations

import random
import time

from synaspis.model.agreement import PRODUCTS, Condition, Release
from synaspis.sharing.conditions import Missile
from synaspis.sharing.masks import masks
from synaspis.sharing.release import decide, door
from synaspis.sharing.rules import Rules

Row = dict[str, float | str | None]

NATIONS = tuple(f"N{i:02d}" for i in range(30))
CATEGORIES = ("srbm", "mrbm", "irbm", "icbm")
CLAUSES, MESSAGES, TRACKS, REPEATS = 200, 100_000, 100, 5

Asked = tuple[str, str, str, str | None, Missile]


def bench() -> dict[str, Row]:
    """`agreement_decisions` a second with reasons, conditions and all, and `agreement_masks` in ms.

    The first is a stream of messages about `TRACKS` missiles, of which each owner's knowledge stays the same
    over many messages; `agreement_first_decisions` are messages about what no door was asked before.
    No peer: general policy engines decide about requests, not about what a picture shows.
    """
    rng = random.Random(1)
    given = _rules(rng)
    tracks = [_known(rng) for _ in range(TRACKS)]
    asked = [(*_ask(rng), rng.choice(tracks)) for _ in range(MESSAGES)]
    first = _first(given, [(*_ask(rng), _known(rng)) for _ in range(MESSAGES)])
    _decide(given, asked)
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    return {
        "agreement_first_decisions": {"value": MESSAGES / first, "unit": "1/s", **none},
        "agreement_decisions": {
            "value": MESSAGES / _best(lambda: _decide(given, asked)),
            "unit": "1/s",
            **none,
        },
        "agreement_masks": {"value": 1000.0 * _best(lambda: masks(given, NATIONS)), "unit": "ms", **none},
    }


def _decide(given: Rules, asked: list[Asked]) -> None:
    for owner, recipient, product, sensor, missile in asked:
        decide(given, owner, recipient, product, sensor, missile)


def _first(given: Rules, asked: list[Asked]) -> float:
    """Seconds for `asked` once all doors are made and know nothing of these missiles."""
    for owner, recipient, product, sensor, _ in asked:
        door(given, owner, recipient, product, sensor)
    start = time.perf_counter()
    _decide(given, asked)
    return time.perf_counter() - start


def _best(work: object) -> float:
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()  # type: ignore[operator]
        best = min(best, time.perf_counter() - start)
    return best


def _rules(rng: random.Random) -> Rules:
    releases = tuple(_clause(rng, f"c{i}") for i in range(CLAUSES))
    return Rules(releases=releases, mandates=(), authorities=(), consents=(), agreement_of={})


def _clause(rng: random.Random, name: str) -> Release:
    when = Condition(
        threatens=("recipient", *rng.sample(NATIONS, 3)) if rng.random() < 0.5 else (),
        category=tuple(rng.sample(CATEGORIES, 2)) if rng.random() < 0.4 else (),
        lands_in=tuple(rng.sample(NATIONS, 10)) if rng.random() < 0.2 else (),
    )
    return Release(
        id=name,
        effect="forbid" if rng.random() < 0.15 else "permit",
        owners=tuple(rng.sample(NATIONS, rng.choice((1, 2, 30)))),
        recipients=tuple(rng.sample(NATIONS, rng.choice((1, 5, 30)))),
        products=tuple(rng.sample(PRODUCTS, 2)),
        delay_s=rng.choice((0.0, 5.0, 30.0)),
        when=when,
    )


def _ask(rng: random.Random) -> tuple[str, str, str, None]:
    owner, recipient = rng.sample(NATIONS, 2)
    return owner, recipient, rng.choice(PRODUCTS), None


def _known(rng: random.Random) -> Missile:
    return Missile(
        threatens=frozenset(rng.sample(NATIONS, 2)),
        category=rng.choice(CATEGORIES),
        launched_from=frozenset({"AAA"}),
        lands_in=rng.choice(NATIONS),
    )
