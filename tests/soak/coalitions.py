"""Does a coalition protect what a case without the outsiders' sites protects? Random clauses, as JSON.

    python -m tests.soak.coalitions [REGIMES] [SEED]

Four owners with four batteries; hosts, operators, clauses and coalitions are drawn. The case is stripped by
plain code: sites by name, clauses one by one. Both are played on the same luck; not a person may differ.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from synaspis.model.agreement import Authority, Clause, Consent
from synaspis.model.case import Case
from synaspis.studies.arena import arena, pure
from synaspis.studies.coalition_stage import Stage
from synaspis.studies.paired import measures
from tests.engine.scene import NATIONS, authority, four_owners, mandate, permit, rule_of, with_file

PRODUCTS = ("alert", "track", "fire_control_track", "measurement", "engagement_status")
TRIALS = 20
COALITIONS = 3


def some(rng: random.Random, least: int = 1, most: int = 4) -> tuple[str, ...]:
    """Some of the nations, in order."""
    chosen = rng.sample(NATIONS, rng.randint(least, most))
    return tuple(n for n in NATIONS if n in chosen)


def drawn(rng: random.Random) -> tuple[Case, list[Any]]:
    """A case with hosts and operators, and the clauses of its one regime."""
    case = four_owners()
    batteries = tuple(
        replace(b, host=rng.choice(("", *NATIONS)), operator=rng.choice(("", "", *NATIONS)))
        for b in case.file.batteries
    )
    sensors = tuple(
        replace(s, operator=rng.choice(("", "", *NATIONS)), availability=rng.choice((1.0, 0.7)))
        for s in case.file.sensors
    )
    clauses = [*_orders(rng), *_released(rng)]
    clauses += [Consent(id=f"c{b.name}", by=b.host, sites=(b.name,)) for b in batteries if b.host]
    if rng.random() < 0.5:
        site = rng.choice([s.name for s in (*sensors, *batteries)])
        clauses.append(Consent(id="port", by=rng.choice(NATIONS), sites=(site,)))
    return with_file(case, sensors=sensors, batteries=batteries), clauses


def _released(rng: random.Random) -> list[Any]:
    """Who sees what, and whom rounds defend."""
    releases = [
        permit(f"r{i}", rng.choice(PRODUCTS), owners=some(rng), recipients=some(rng),
               delay_s=rng.choice((0.0, 10.0)), onward=some(rng, 0, 2),
               effect="permit" if rng.random() < 0.85 else "forbid")
        for i in range(rng.randint(1, 5))
    ]  # fmt: skip
    mandates = [
        mandate(f"m{i}", owners=some(rng), defends=some(rng), in_order=rng.random() < 0.5)
        for i in range(rng.randint(1, 3))
    ]
    return [*releases, *mandates]


def _orders(rng: random.Random) -> list[Any]:
    """Who decides."""
    clauses: list[Any] = [authority("own", decision_s=rng.choice((5.0, 40.0)))] if rng.random() < 0.7 else []
    for i in range(rng.randint(0, 3)):
        deciders = some(rng, 0)
        clauses.append(
            authority(f"a{i}", owners=some(rng, 2), protocol=rng.choice(("consensus", "delegated")),
                      deciders=deciders, votes=rng.randint(0, max(len(deciders), 1)), decision_s=4.0,
                      spread=0.3, veto=some(rng, 0, 1), refuses=rng.choice((0.0, 0.4)))
        )  # fmt: skip
    return clauses


def stripped(case: Case, clauses: list[Any], inside: tuple[str, ...]) -> tuple[Case, list[Clause]]:
    """What is left of both, read as a lawyer would."""
    within, kept = set(inside), list[Clause]()
    for c in clauses:
        if isinstance(c, Consent):
            kept += [c] if c.by in within else []
            continue
        owners = tuple(n for n in c.owners if n in within)
        if not owners:
            continue
        if isinstance(c, Authority):
            seats = tuple(n for n in c.deciders if n in within)
            if c.deciders and len(seats) < (c.votes or len(c.deciders)):
                continue
            if c.deciders and not seats:
                continue
            c = replace(c, deciders=seats, veto=tuple(n for n in c.veto if n in within))
        kept.append(replace(c, owners=owners))

    def works(site: Any) -> bool:
        named = {c.by for c in clauses if isinstance(c, Consent) and site.name in c.sites}
        return {site.owner, site.operator or site.owner, site.host or site.owner, *named} <= within

    sensors, batteries = (tuple(filter(works, found)) for found in (case.file.sensors, case.file.batteries))
    return with_file(case, sensors=sensors, batteries=batteries), kept


def differences(regimes: int, seed: int) -> dict[str, int]:
    """How many coalitions were held against their own case, how many protect anybody, how many differ."""
    told = {"coalitions": 0, "protect": 0, "differ": 0}
    for number in range(regimes):
        rng = random.Random(regimes * seed + number)
        case, clauses = drawn(rng)
        stage = Stage(arena(case, 1), rule_of(clauses), seed, TRIALS)
        for _ in range(COALITIONS):
            inside = some(rng, 0)
            (place,) = stage.play([inside])
            alone, left = stripped(case, clauses, inside)
            a = arena(alone, 1)
            expected = measures(a.w, a.play(pure(rule_of(left)), seed, TRIALS)).protected.mean(axis=0)
            told["coalitions"] += 1
            told["protect"] += bool(expected.any())
            told["differ"] += not np.allclose(stage.rows[place].protected, expected, atol=1e-6)
    return told


if __name__ == "__main__":
    regimes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    found = differences(regimes, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(json.dumps(found))
    sys.exit(bool(found["differ"]) or 10 * found["protect"] < found["coalitions"])
