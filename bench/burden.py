"""How long the worth of every coalition of twelve takes: 4,096 of them, 500 trials each, on the same luck.

`europe` has ten members whose presence can change anything. Here Bulgaria and Hungary also own a Patriot
battery each, at Sofia and at Budapest, with a mandate and a chain of command like those of the other owners.
They have none on record: this is a load, not a case.
"""

from __future__ import annotations

import time
from dataclasses import replace

from synaspis.engine.workers import jobs_or_default
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.studies.coalitions import coalitions

Row = dict[str, float | str | None]
TRIALS = 500
MORE = {"BGR": "Sofia", "HUN": "Budapest"}


def bench() -> dict[str, Row]:
    """Seconds from a loaded case to every member's value, after a run that compiles, and how many distinct
    tables were played.

    No peer: nobody else plays a raid against coalitions.
    """
    jobs = jobs_or_default(None)
    small, case = load("first-light"), twelve(load("europe"))
    coalitions(small, small.file.compare.headline, 10, 1, jobs)
    start = time.perf_counter()
    made = coalitions(case, case.file.compare.headline, TRIALS, 1, jobs)
    taken = time.perf_counter() - start
    assert made.exact and len(made.players) == 12
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    return {
        "burden_12_members": {"value": taken, "unit": "s", **none},
        "burden_12_members_tables": {"value": float(made.played), "unit": "tables", **none},
    }


def twelve(case: Case) -> Case:
    """`europe` with two more owners of batteries."""
    pattern = next(b for b in case.file.batteries if b.name == "warsaw-patriot")
    places = {a.name: a for a in case.file.assets}
    batteries = tuple(
        replace(
            pattern,
            name=f"{city.lower()}-patriot",
            owner=nation,
            latitude_rad=places[city].latitude_rad,
            longitude_rad=places[city].longitude_rad,
        )
        for nation, city in MORE.items()
    )
    own = next(a for a in case.file.agreements if a.name == "own-affairs")
    mandates = (replace(own.mandates[0], id=f"own-{n.lower()}", owners=(n,), defends=(n,)) for n in MORE)
    order = own.authorities[-1]
    settled = replace(
        own,
        parties=(*own.parties, *MORE),
        mandates=(*own.mandates, *mandates),
        authorities=(*own.authorities[:-1], replace(order, owners=(*order.owners, *MORE))),
    )
    agreements = tuple(settled if a is own else a for a in case.file.agreements)
    file = replace(
        case.file, case="twelve", batteries=(*case.file.batteries, *batteries), agreements=agreements
    )
    return replace(case, file=file)
