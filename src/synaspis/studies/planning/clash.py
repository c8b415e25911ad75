"""Why there is no plan: an irreducible set of constraints that cannot all hold, and the nearest plan.

The set is found by a deletion filter: each constraint is left out in turn and stays out where the rest still
clash (J. Chinneck, Feasibility and Infeasibility in Optimization, 2008, section 6.2). The nearest plan lets
floors be missed by as little as can be (elastic programming, section 6.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from synaspis.model.plan import Clash
from synaspis.studies.planning.program import COST, PROTECTED, Program
from synaspis.studies.planning.sites import HOSTS, Bar
from synaspis.studies.planning.solve import Solution, solve

MOST_MORE = 4
"""How many additions beyond those allowed are tried for the nearest plan."""
Rule = tuple[str, Callable[[Program], Program]]
"""A constraint in words, and the program without it."""


def clash(p: Program) -> tuple[Clash, Solution]:
    """The constraints of a program that has no solution, and the nearest plan to it."""
    kept = irreducible(p)
    nearest, closest = _nearest(p, kept)
    return Clash(constraints=tuple(what for what, _ in kept), nearest=nearest), closest


def irreducible(p: Program) -> list[Rule]:
    """Constraints that clash, of which none can be left out."""
    kept = rules(p)
    now = p
    for rule in list(kept):
        without = rule[1](now)
        if not feasible(without):
            now = without
            kept.remove(rule)
    return kept


def feasible(p: Program) -> bool:
    """Whether the program has a solution."""
    if p.objective == COST:
        # What can be protected at most tells it sooner than the cheapest way there.
        best = solve(replace(p, objective=PROTECTED))
        return best is not None and best.worth.total >= p.goal * (1.0 - 1e-6)
    return solve(p) is not None


def rules(p: Program) -> list[Rule]:
    """Every constraint that may be to blame: resources first, so that what is asked for stays longest."""
    found: list[Rule] = [
        ("the rounds in the magazines", lambda q: replace(q, limits=q.limits - {"rounds"})),
        ("the batteries' channels", lambda q: replace(q, limits=q.limits - {"channels"})),
    ]
    if p.additions:
        bars = {b for a in p.additions for b in a.bars if isinstance(b, Bar)}
        for kind, what in (("transfer", "makers that do not sell"), (HOSTS, "hosts that are not willing")):
            own = frozenset(b for b in bars if b.kind == kind)
            if own:
                found.append((what, _lifting(own)))
        if math.isfinite(p.budget):
            found.append((f"the budget of {p.budget:,.0f} M USD", lambda q: replace(q, budget=math.inf)))
        if math.isfinite(p.most_added):
            what = f"at most {p.most_added:.0f} additions"
            found.append((what, lambda q: replace(q, most_added=math.inf)))
    found += [(x.name, _dropping(x.name)) for x in p.least]
    if p.objective == COST:
        found.append((f"at least {p.goal:,.0f} people protected", lambda q: replace(q, goal=0.0)))
    return found


def _lifting(bars: frozenset[Bar]) -> Callable[[Program], Program]:
    return lambda q: replace(q, lifted=q.lifted | bars)


def _dropping(name: str) -> Callable[[Program], Program]:
    return lambda q: replace(q, least=tuple(x for x in q.least if x.name != name))


def _nearest(p: Program, kept: list[Rule]) -> tuple[tuple[str, ...], Solution]:
    """What would have to give, each alone, in words; and the plan that misses by least."""
    goal = PROTECTED if p.objective == COST else p.objective
    closest = solve(replace(p, objective=goal, elastic=True))
    assert closest is not None  # nothing chosen meets every limit
    said = []
    names = {what for what, _ in kept}
    for least in p.least:
        if least.name in names:
            had = sum(closest.worth.protected[a] for a in least.assets)
            risk = sum(p.at_risk[a] for a in least.assets)
            who = least.name.rpartition(" at least")[0]
            said.append(f"{who}: {had / risk:.0%} of its people at risk, not {least.share:.0%}")
    if p.objective == COST:
        said.append(f"protect {closest.worth.total:,.0f} people, not {p.goal:,.0f}")
        said += _dearer(p)
    return tuple(said), closest


def _dearer(p: Program) -> list[str]:
    """The least budget, and the least number of additions, with which the goal can be reached."""
    said = []
    if math.isfinite(p.budget):
        found = solve(replace(p, budget=math.inf))
        if found is not None:
            said.append(f"a budget of {found.worth.cost:,.0f} M USD, not {p.budget:,.0f}")
    for more in range(1, MOST_MORE + 1):
        bigger = replace(p, most_added=p.most_added + more)
        if p.additions and math.isfinite(p.most_added) and feasible(bigger):
            said.append(f"{p.most_added + more:.0f} additions, not {p.most_added:.0f}")
            break
    return said
