"""Linear programs of few columns and very many rows, solved from the few rows that bind.

A game of 17 players has 131,070 coalitions that might complain, and some twenty that do. The program is
solved with some rows; those that its solution breaks join; until it breaks none (constraint generation,
R. E. Gomory and T. C. Hu, 1962). The solution is then that of all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AT_ONCE = 2_000
"""Rows up to which a program is solved whole."""
SLACK = 1e-10
"""By how much a row may be missed, in the program's scale: HiGHS's own tolerance here."""


@dataclass(frozen=True)
class Solved:
    """The least of the program, where it is taken, and the price of each row (0: it does not bind)."""

    least: float
    at: Floats
    prices: Floats


def least(
    c: Floats,
    rows: Floats,
    limits: Floats,
    equal: Floats,
    sums: Floats,
    bounds: Sequence[tuple[float | None, float | None]],
    first: NDArray[np.bool_] | None = None,
) -> Solved | None:
    """Least c @ x with rows @ x <= limits, equal @ x = sums and x within `bounds`; None where none is.

    Shapes: c (V,), rows (R, V), limits (R,), equal (E, V), sums (E,). `first` (R,) marks rows to start from,
    with which the program must not be unbounded. ArithmeticError where HiGHS gives up.
    """
    inside = np.ones(len(rows), np.bool_) if len(rows) <= AT_ONCE or first is None else first.copy()
    while True:
        used = np.flatnonzero(inside)
        found = _solve(c, rows[used], limits[used], equal, sums, bounds)
        if found is None:
            return None
        over = rows @ found.at - limits
        over[used] = 0.0
        broken = np.flatnonzero(over > SLACK)
        if not len(broken):
            prices = np.zeros(len(rows))
            prices[used] = found.prices
            return Solved(found.least, found.at, prices)
        worst = broken[np.argsort(-over[broken], kind="stable")[: 4 * rows.shape[1]]]
        inside[worst] = True


def _solve(
    c: Floats,
    rows: Floats,
    limits: Floats,
    equal: Floats,
    sums: Floats,
    bounds: Sequence[tuple[float | None, float | None]],
) -> Solved | None:
    from scipy.optimize import linprog

    found = linprog(
        c=c,
        A_ub=rows,
        b_ub=limits,
        A_eq=equal,
        b_eq=sums,
        bounds=list(bounds),
        method="highs-ds",
        options={"primal_feasibility_tolerance": SLACK, "dual_feasibility_tolerance": SLACK},
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise ArithmeticError(f"HiGHS did not solve a linear program of the game: {found.message}")
    return Solved(float(found.fun), np.asarray(found.x), -np.asarray(found.ineqlin.marginals))
