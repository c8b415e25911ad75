"""How fast the event kernel plays trials, on two threads: the shipped European case, and a great raid."""

from __future__ import annotations

import time
from dataclasses import replace

from synaspis.engine.batch import play
from synaspis.engine.tables import EngineTables
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.studies.arena import arena, pure

Row = dict[str, float | str | None]

TRIALS = 8000
GREAT_TRIALS = 2000
THREADS = 2
REPEATS = 3
THREATS, BATTERIES = 100, 30
AGAIN_S = 60.0
"""Between one raid and the same again, in the great one."""


def great(case: Case) -> Case:
    """The case with its raid fired again and again to 100 missiles, and its batteries doubled to 30."""
    batteries = list(case.file.batteries)
    twins = (replace(b, name=f"{b.name}-2") for b in case.file.batteries)
    batteries += [b for b, _ in zip(twins, range(BATTERIES - len(batteries)), strict=False)]
    raid, left, start_s = [], THREATS, 0.0
    while left > 0:
        for firing in case.file.raid:
            count = min(firing.count, left)
            if count > 0:
                raid.append(replace(firing, count=count, start_s=firing.start_s + start_s))
                left -= count
        start_s += AGAIN_S
    return replace(case, file=replace(case.file, batteries=tuple(batteries), raid=tuple(raid)))


def speeds(tables: EngineTables, trials: int) -> tuple[float, float]:
    """Events and trials a second, the best of some tries."""
    play(tables, 1, 200, THREADS)
    best, events = float("inf"), 0
    for _ in range(REPEATS):
        start = time.perf_counter()
        outcomes = play(tables, 1, trials, THREADS)
        best = min(best, time.perf_counter() - start)
        events = int(outcomes.events.sum())
    return events / best, trials / best


def bench() -> dict[str, Row]:
    """Events and trials a second of `europe`, and of a raid of 100 missiles on 30 batteries.

    Under the headline regime. No peer: nobody else's engine plays sharing rules, so there is nothing to set
    beside it.
    """
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    found: dict[str, Row] = {}
    case = load("europe")
    for name, played, trials in (("engine", case, TRIALS), ("engine_100x30", great(case), GREAT_TRIALS)):
        a = arena(played, THREADS)
        assert name == "engine" or (a.w.missiles[THREATS - 1 :] and len(a.w.batteries) == BATTERIES)
        events, trials_s = speeds(a.tables(pure(a.rules(case.file.compare.headline))), trials)
        found[f"{name}_events"] = {"value": events, "unit": "events/s", **none}
        found[f"{name}_trials"] = {"value": trials_s, "unit": "trials/s", **none}
    return found
