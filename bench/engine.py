"""How fast the event kernel plays trials of the shipped European case, on two threads."""

from __future__ import annotations

import time

from synaspis.engine.batch import play
from synaspis.files.case import load
from synaspis.studies.arena import arena, pure

Row = dict[str, float | str | None]

TRIALS = 8000
THREADS = 2
REPEATS = 3


def bench() -> dict[str, Row]:
    """`engine_events` and `engine_trials` a second under the headline regime.

    No peer: nobody else's engine plays sharing rules, so there is nothing to set beside it.
    """
    case = load("europe")
    a = arena(case, THREADS)
    tables = a.tables(pure(a.rules(case.file.compare.headline)))
    play(tables, 1, 200, THREADS)
    best, events = float("inf"), 0
    for _ in range(REPEATS):
        start = time.perf_counter()
        outcomes = play(tables, 1, TRIALS, THREADS)
        best = min(best, time.perf_counter() - start)
        events = int(outcomes.events.sum())
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    return {
        "engine_events": {"value": events / best, "unit": "events/s", **none},
        "engine_trials": {"value": TRIALS / best, "unit": "trials/s", **none},
    }
