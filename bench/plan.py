"""How long a plan takes: responsibility in `europe`, with its proof, and a laydown of two additions."""

from __future__ import annotations

import time

from synaspis.engine.workers import jobs_or_default
from synaspis.files.case import load, with_types
from synaspis.studies.planning.study import Request, choose

Row = dict[str, float | str | None]
TYPES = ("thaad-battery", "patriot-mse")


def bench() -> dict[str, Row]:
    """Seconds from a loaded case to the proven choice, after one that compiles, and its gap in per cent.

    No peer: OR-Tools' CP-SAT solves no such program with a bound in comparable time (see plan-models.md).
    """
    case = load("europe")
    jobs = jobs_or_default(None)
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    ask = Request(regime=case.file.compare.headline)
    choose(case, ask, jobs)
    start = time.perf_counter()
    made = choose(case, ask, jobs)
    alone = time.perf_counter() - start
    start = time.perf_counter()
    choose(with_types(case, TYPES), Request(regime=ask.regime, add=2, allowed=TYPES), jobs)
    added = time.perf_counter() - start
    return {
        "plan_responsibility": {"value": alone, "unit": "s", **none},
        "plan_gap": {"value": 100.0 * made.last.gap, "unit": "%", **none},
        "plan_two_additions": {"value": added, "unit": "s", **none},
    }
