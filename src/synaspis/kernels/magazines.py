"""Raid after raid: launchers fired empty and filled again from what is held, sent and made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import kernel, lean_inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FULL, BEHIND, LOADS = range(3)
"""Rows of `launchers`: rounds on full launchers, rounds held behind them, rounds loaded between two raids."""
DEPOT, MADE, LATE = range(3)
"""Rows of `pools`: rounds in depot, rounds made between two raids, raids until a delivery counts."""
READY, HELD, COMING, SHORT = range(4)
"""Rows of a battery's state: on launchers, behind them, on the way, and what it lacks."""


@lean_inlined
def _raid(first: bool, launchers: Floats, state: Floats, wanted: Floats, fired: Floats) -> None:
    """Launchers are filled as far as time and rounds allow, and fire what is wanted of them."""
    for b in range(wanted.shape[0]):
        load = min(launchers[FULL, b] - state[READY, b], state[HELD, b])
        if not first:
            load = min(load, launchers[LOADS, b])
        state[HELD, b] -= load
        state[READY, b] += load
        fired[b] = min(state[READY, b], wanted[b])
        state[READY, b] -= fired[b]
        there = state[READY, b] + state[HELD, b] + state[COMING, b]
        state[SHORT, b] = max(launchers[FULL, b] + launchers[BEHIND, b] - there, 0.0)


@lean_inlined
def _send(i: int, late: Floats, pool: Ints, state: Floats, depot: Floats, arriving: Floats) -> None:
    """A depot shares what it has by what is short."""
    for g in range(depot.shape[0]):
        short = 0.0
        for b in range(pool.shape[0]):
            if pool[b] == g:
                short += state[SHORT, b]
        share = min(depot[g] / short, 1.0) if short > 0.0 else 0.0
        depot[g] = max(depot[g] - share * short, 0.0)
        when = i + int(late[g])
        for b in range(pool.shape[0] if share > 0.0 else 0):
            if pool[b] == g:
                state[COMING, b] += share * state[SHORT, b]
                if when < arriving.shape[0]:
                    arriving[when, b] += share * state[SHORT, b]


@kernel
def spend(
    launchers: Floats, pools: Floats, pool: Ints, wanted: Floats, fired: Floats, left: Floats, depots: Floats
) -> None:
    """Fill `fired` (L, R, B), `left` (L, R, B) with what is on its way and `depots` (L, R, G), raid by raid.

    launchers (3, B), pools (3, G), pool (B,) the row of each battery's owner and type, wanted (L, B) in a
    raid. Rounds are counted as means, and may be fractions.
    """
    levels, raids, batteries = fired.shape
    for level in range(levels):
        state = np.zeros((4, batteries))
        state[READY], state[HELD] = launchers[FULL], launchers[BEHIND]
        depot, arriving = pools[DEPOT].copy(), np.zeros((raids, batteries))
        for i in range(raids):
            state[HELD] += arriving[i]
            state[COMING] -= arriving[i]
            _raid(i == 0, launchers, state, wanted[level], fired[level, i])
            depot += pools[MADE]
            _send(i, pools[LATE], pool, state, depot, arriving)
            left[level, i] = state[READY] + state[HELD] + state[COMING]
            depots[level, i] = depot
