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

SALVOS_A_LOOK = {"shoot-shoot-look": 2.0}
"""By doctrine; 1 for the others."""
ALONE = -1.0
"""TOGETHER of a pair whose shots are independent."""
STEPS = 256
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
    """Fill P_KILL, EXPECTED and SALVO of `bt` (13, B, T)."""
    kinds = list(dict.fromkeys(m.threat.category for m in w.missiles))
    kind = np.array([kinds.index(m.threat.category) for m in w.missiles], np.int64)
    people = value(w)
    for b, f in enumerate(w.batteries):
        bt[rows.P_KILL, b] = np.array([lone_p_kill(f.interceptor, c) for c in kinds])[kind]
        bt[rows.EXPECTED, b] = np.array([f.interceptor.p_kill.get(c, 0.0) for c in kinds])[kind]
        bt[rows.SALVO, b] = f.battery.salvo
        if f.battery.salvo_by_value:
            bt[rows.SALVO, b] = [salvo_at(f.battery, each) for each in people]


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
    rank = np.where(may, bt[rows.RANK], np.inf)  # those that are never met come last
    people, names = np.broadcast_to(-people, may.shape), np.broadcast_to(names, may.shape)
    order = np.lexsort((names, bt[rows.LAST], people, rank), axis=1)
    sorted_rank = np.take_along_axis(np.where(may, rank, -1.0), order, axis=1)
    fresh = np.ones(may.shape, np.bool_)
    fresh[:, 1:] = np.diff(sorted_rank, axis=1) != 0.0
    fresh[:, 1:] |= np.diff(np.take_along_axis(people, order, axis=1), axis=1) != 0.0
    above = np.maximum.accumulate(np.where(fresh, np.arange(may.shape[1]), 0), axis=1)
    np.put_along_axis(bt[rows.ABOVE], order, above.astype(float), axis=1)
    count = may.sum(axis=1)[:, None]
    wants = np.where(np.arange(may.shape[1]) < count, order, -1)
    return wants, (bt[rows.SALVO] * may).sum(axis=1)
