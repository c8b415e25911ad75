"""The optimum of a program, proven by HiGHS as far as its bound goes.

SciPy is imported here, when a plan is asked for, and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synaspis.studies.planning.program import (
    COST,
    PROTECTED,
    WORST,
    Least,
    Program,
    Worth,
    plainer,
    worth,
)
from synaspis.studies.planning.rows import Made, rows_of

GAP = 0.003
"""HiGHS stops when its own gap is as small; the bends of the objective add a little to it."""
LIMIT_S = 20.0
ENOUGH = 1e-6
SLIGHTLY = 1e-4
"""What the worst nation may lose, of its share, so that others gain."""
NOTHING = 2e-5
"""A distance to the bound that is none: a share of the people at risk, or of a nation's."""


@dataclass(frozen=True)
class Solution:
    """What was chosen, what it is truly worth, and the bound that no choice passes.

    `gap` is the distance to the bound over the greater of the two; `doctrines` by battery; `rounds` by
    battery where a stock is shared out. `seconds_ran_out`: HiGHS stopped for time.
    """

    chosen: tuple[int, ...]
    added: tuple[int, ...]
    doctrines: dict[int, int]
    rounds: dict[int, int]
    worth: Worth
    bound: float
    gap: float
    seconds_ran_out: bool = False


def solve(p: Program, limit_s: float = LIMIT_S, gap: float = GAP) -> Solution | None:
    """The best choice that HiGHS finds, None where there is none."""
    inside = p.within()
    found = _solved(inside, limit_s, gap)
    return None if found is None else replace(found, chosen=tuple(p.possible[o] for o in found.chosen))


def _solved(p: Program, limit_s: float, gap: float) -> Solution | None:
    if p.objective == COST:
        return _cheapest(p, limit_s, gap)
    made = rows_of(p)
    result = _milp(made, limit_s, gap)
    if result.x is None:
        return None
    found = _solution(p, made, result)
    return _then_most(p, found, limit_s, gap) if p.objective == WORST else found


def _then_most(p: Program, first: Solution, limit_s: float, gap: float) -> Solution:
    """Of the choices that leave the worst nation as well off, one that protects most people in all."""
    floors = tuple(Least(n, rows, first.worth.worst * (1.0 - SLIGHTLY)) for n, rows in p.nations.items())
    second = _solved(replace(p, objective=PROTECTED, least=(*p.least, *floors)), limit_s, gap)
    if second is None or second.worth.worst < first.worth.worst * (1.0 - 2.0 * SLIGHTLY):
        return first
    nought = NOTHING * ENOUGH
    return replace(second, bound=first.bound, gap=_gap(second.worth.worst, first.bound, nought))


def _cheapest(p: Program, limit_s: float, gap: float) -> Solution | None:
    """Bends lie above the truth, so a goal that is just missed is set a little higher, as often as needed."""
    goal, bound = p.goal, None
    for _ in range(8):
        made = rows_of(replace(p, goal=goal))
        result = _milp(made, limit_s, gap)
        if result.x is None:
            return None
        found = _solution(p, made, result)
        bound = found.bound if bound is None else bound
        if found.worth.total >= p.goal * (1.0 - ENOUGH):
            cost = found.worth.cost
            return replace(found, bound=min(bound, cost), gap=_gap(cost, min(bound, cost), NOTHING))
        goal += 1.5 * (p.goal - found.worth.total)
    return None


def relaxed(p: Program) -> float | None:
    """The bound of the program without whole numbers; None where even that has no solution."""
    made = rows_of(p.within())
    result = _milp(made, LIMIT_S, GAP, whole=False)
    return None if result.x is None else -float(result.fun)


def slopes(p: Program) -> dict[tuple[str, int], float]:
    """What one unit more of a named row's limit would add to the relaxed program: its dual.

    One battery's channels may run short at several moments: the largest counts.
    """
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    made = rows_of(p.within())
    r, matrix, low, high = _matrix(made)
    upper, lower = np.isfinite(high), np.isfinite(low)
    result = linprog(
        -np.array(r.gain),
        A_ub=vstack([matrix[upper], -matrix[lower]], format="csr"),
        b_ub=np.concatenate([high[upper], -low[lower]]),
        bounds=np.column_stack([r.low, r.high]),
        method="highs",
    )
    if result.x is None:
        return {}
    place = {int(row): i for i, row in enumerate(np.flatnonzero(upper))}
    found: dict[tuple[str, int], float] = {}
    for row, name in r.names.items():
        more = -float(result.ineqlin.marginals[place[row]])
        found[name] = max(found.get(name, 0.0), more)
    return found


def _matrix(made: Made) -> Any:
    from scipy.sparse import csr_array

    r = made.rows
    row_of = [i for i, (terms, _, _) in enumerate(r.rows) for _ in terms]
    columns = [col for terms, _, _ in r.rows for col in terms]
    values = [v for terms, _, _ in r.rows for v in terms.values()]
    matrix = csr_array((values, (row_of, columns)), shape=(len(r.rows), len(r.low)))
    low, high = (np.array([row[i] for row in r.rows]) for i in (1, 2))
    return r, matrix, low, high


def _milp(made: Made, limit_s: float, gap: float, whole: bool = True) -> Any:
    """SciPy's result, its objective and bound in the program's own unit."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    r, matrix, low, high = _matrix(made)
    scale = max((abs(g) for g in r.gain), default=1.0) or 1.0
    result = milp(
        -np.array(r.gain) / scale,
        constraints=LinearConstraint(matrix, low, high) if r.rows else None,
        integrality=np.array(r.whole, int) if whole else None,
        bounds=Bounds(np.array(r.low), np.array(r.high)),
        options={"time_limit": limit_s, "mip_rel_gap": gap, "presolve": True},
    )
    result.scale = scale
    if result.x is not None:
        result.fun = result.fun * scale
    return result


def _solution(p: Program, made: Made, result: Any) -> Solution:
    x = result.x
    chosen = tuple(o for o, col in enumerate(made.choices) if x[col] > 0.5)
    added = tuple(c for c, col in enumerate(made.additions) if x[col] > 0.5)
    doctrines = {b: d for (b, d), col in made.doctrines.items() if x[col] > 0.5}
    rounds = {b: round(float(x[col])) for b, col in made.rounds.items()}
    chosen, doctrines = plainer(p, chosen, doctrines)
    true = worth(p, chosen, added)
    dual = getattr(result, "mip_dual_bound", None)
    best = float(result.fun) if dual is None or not math.isfinite(dual) else float(dual) * result.scale
    bound = best if p.objective == COST else -best + made.slack
    if p.objective != COST:
        nothing = sum(p.people[a] * p.untouched(a) for a in {k.asset for k in p.attacks})
        bound = max(bound - (nothing if p.objective == PROTECTED else 0.0), true.of(p.objective))
    else:
        bound = min(bound + made.slack, true.cost)
    out = result.status == 1
    nought = NOTHING * (sum(p.at_risk) if p.objective == PROTECTED else ENOUGH)
    return Solution(
        chosen, added, doctrines, rounds, true, bound, _gap(true.of(p.objective), bound, nought), out
    )


def _gap(value: float, bound: float, nought: float) -> float:
    """The distance to the bound over the greater of the two; none where it is no more than `nought`."""
    most = max(abs(value), abs(bound))
    return 0.0 if abs(bound - value) <= max(nought, 1e-9) else abs(bound - value) / most
