"""What a battery's shots are worth and whom they are for: chances, salvos, and missiles by their value."""

from __future__ import annotations

import functools
import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.world import World
from synaspis.model.battery import Battery, Interceptor

Floats = NDArray[np.float64]

ALONE = -1.0
"""TOGETHER of a pair whose shots are independent."""
STEPS = 1024
"""Entries of a table of shared chances."""


def lone_p_kill(interceptor: Interceptor, category: str) -> float:
    """Chance that one shot kills where nothing common fails: its chance over all raids is `p_kill`."""
    sound = 1.0 - interceptor.p_type_defect
    told = 1.0 - (interceptor.p_confusion if interceptor.layer == "midcourse" else 0.0)
    return interceptor.p_kill.get(category, 0.0) / (sound * told)


def salvo_at(battery: Battery, people: float) -> int:
    """Rounds fired together at a missile aimed at a place of so many people."""
    lines = [line for line in battery.salvo_by_value if people >= line.at_least_people]
    return max(lines, key=lambda line: line.at_least_people).salvo if lines else battery.salvo


def value(w: World) -> Floats:
    """(T,) people where each missile is aimed; 0 at open ground."""
    return np.array([w.assets[m.target].population if m.target >= 0 else 0.0 for m in w.missiles], float)


def arm(bt: Floats, w: World) -> None:
    """Fill P_KILL, EXPECTED, SALVO and TOGETHER of `bt` (13, B, T)."""
    categories = [m.threat.category for m in w.missiles]
    kinds, kind = np.unique(np.array(categories, object), return_inverse=True)
    places, place = np.unique(value(w), return_inverse=True)
    for b, f in enumerate(w.batteries):
        bt[rows.P_KILL, b] = np.array([lone_p_kill(f.interceptor, c) for c in kinds])[kind]
        bt[rows.EXPECTED, b] = np.array([f.interceptor.p_kill.get(c, 0.0) for c in kinds])[kind]
        bt[rows.SALVO, b] = np.array([salvo_at(f.battery, people) for people in places])[place]


def shared_chances(w: World, bt: Floats) -> Floats:
    """`chances` (C, STEPS) of the pairs whose shots fail together; TOGETHER of `bt` (13, B, T) is set.

    A row for each mean and correlation; one row of zeros where all shots are independent.
    """
    known: dict[tuple[float, float], int] = {}
    bt[rows.TOGETHER] = ALONE
    for b, f in enumerate(w.batteries):
        rho = f.interceptor.correlation
        for mean in np.unique(bt[rows.P_KILL, b]) if rho > 0.0 else ():
            if 0.0 < mean < 1.0:
                row = known.setdefault((float(mean), rho), len(known))
                bt[rows.TOGETHER, b, bt[rows.P_KILL, b] == mean] = row
    return np.array([beta_steps(*key) for key in known] or [np.zeros(1)])


@functools.lru_cache(maxsize=4096)
def beta_steps(mean: float, rho: float) -> Floats:
    """(STEPS,) of the Beta distribution of `mean` and intra-class correlation `rho`, both within (0, 1).

    Entry i is the mean of the distribution between its quantiles i / STEPS and (i + 1) / STEPS: so the
    mean is exact, and the variance lacks what varies within a step. a + b = 1 / rho - 1 (Griffiths,
    Biometrics 29, 1973, doi:10.2307/2529131: the beta-binomial by its mean and correlation).
    """
    special: Any = importlib.import_module("scipy.special")  # only where something is correlated
    a, b = mean * (1.0 / rho - 1.0), (1.0 - mean) * (1.0 / rho - 1.0)
    u = np.arange(STEPS + 1) / STEPS
    kill, miss = special.betaincinv(a, b, u), special.betaincinv(b, a, 1.0 - u)
    out = np.diff(mean * special.betainc(a + 1.0, b, kill)) * STEPS
    # Near 1 what is left to 1 is exact, and the chance itself is not.
    high = 1.0 + np.diff((1.0 - mean) * special.betainc(b + 1.0, a, miss)) * STEPS
    middle = int(np.searchsorted(kill, 0.5))
    out[middle:] = high[middle:]
    join = min(middle, STEPS) - 1 if middle > 0 else 0
    out[join] += mean * STEPS - out.sum()  # the step in which both meet: the mean is exact
    return np.clip(out, 0.0, 1.0)


def ranked(bt: Floats, people: Floats, names: NDArray[np.uint64]) -> tuple[NDArray[np.int64], Floats]:
    """`wants` (B, T) and WANTED (B,); ABOVE of `bt` (13, B, T) is set.

    Missiles that a battery may meet by rank of their mandate, then people aimed at (the more first), then
    the last launch (the sooner first), then names' hashes. ABOVE counts those of a better rank, or of the
    same and more people.
    """
    may = (bt[rows.GATE] < 0.0) & (bt[rows.MANDATE] > 0.0) & (bt[rows.FIRE_CONTROL] <= bt[rows.LAST])
    wants = np.full(may.shape, -1, np.int64)
    for b in range(len(wants)):
        rank, own = bt[rows.RANK, b], np.flatnonzero(may[b])
        order = own[np.lexsort((names[own], bt[rows.LAST, b, own], -people[own], rank[own]))]
        wants[b, : len(order)] = order
        fresh = np.ones(len(order), np.bool_)
        fresh[1:] = np.diff(rank[order]).astype(bool) | np.diff(people[order]).astype(bool)
        bt[rows.ABOVE, b, order] = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    return wants, (bt[rows.SALVO] * may).sum(axis=1)
