"""`synaspis plan`: responsibility, laydown, rounds and doctrine, with proof and the price of each rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from synaspis.errors import InputError, Problem
from synaspis.model.case import Case
from synaspis.model.plan import Binding, Clash, PlanAnswer, Price
from synaspis.sharing.rules import rules
from synaspis.studies.arena import Progress, silent
from synaspis.studies.coverage import covered_assets, probe_arena
from synaspis.studies.marks import sites as marks
from synaspis.studies.planning import lifts, tell
from synaspis.studies.planning.clash import clash
from synaspis.studies.planning.ground import Asked, Ground, ground, program
from synaspis.studies.planning.options import Option
from synaspis.studies.planning.play import orders, play
from synaspis.studies.planning.program import COST, PROTECTED, WORST, Program
from synaspis.studies.planning.shots import Duties
from synaspis.studies.planning.sites import Candidate, candidates, with_candidates
from synaspis.studies.planning.solve import Solution, solve

COST_ADDS = 3
"""How many additions the cheapest laydown may have where nobody says."""
COST_GOAL = 0.95
"""What of the best laydown's gain the cheapest one must reach where nobody says what it must protect."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a plan is asked for. `protect` is a share of the people at risk up to 1, else people."""

    objective: str = PROTECTED
    regime: str
    add: int = 0
    budget_usd: float | None = None
    protect: float | None = None
    allowed: tuple[str, ...] = ()
    trials: int = 1000
    seed: int = 1
    members: tuple[str, ...] = ()
    """Whose sites and property alone may be added to (all nations' where empty)."""

    @property
    def most_added(self) -> int:
        """Additions at most: as asked, or a few where the cheapest laydown is asked for."""
        return self.add or (COST_ADDS if self.objective == COST else 0)

    @property
    def budget_musd(self) -> float:
        return math.inf if self.budget_usd is None else self.budget_usd / 1e6


@dataclass
class Planned:
    """A plan in the making."""

    request: Request
    big: Ground
    p: Program
    first: Solution
    clash: Clash | None
    small: Ground
    q: Program
    options: tuple[Option, ...]
    duty: Duties
    last: Solution
    notes: list[str]


def plan(case: Case, request: Request, jobs: int, version: str, progress: Progress = silent) -> PlanAnswer:
    """The plan, checked by playing it. InputError where the budget buys nothing that may be had."""
    made = choose(case, request, jobs, progress)
    binding, tried = _binding(made, progress)
    progress("playing the plan", 0.9)
    launches = [g.missiles for g in made.small.groups]
    chosen = [made.options[o] for o in made.last.chosen]
    by, held = tell.doctrines(made.small, made.last), tell.rounds(made.small, made.last)
    told = orders(made.small.a, chosen, launches, by, held)
    before = (
        ground(case, request.regime, (), jobs)
        if made.big.candidates or made.small is not made.big
        else made.small
    )
    played = play((before.a, before.given), (made.small.a, made.small.given), told, request.seed,
                  request.trials, jobs)  # fmt: skip
    progress("responsibilities for every corridor", 0.95)
    probing = probe_arena(made.small.case, jobs)
    people = np.array([x.population for x in case.file.assets])
    covered = float(people[covered_assets(probing, request.regime)[0]].sum())
    standing = probing if made.small.case is case else probe_arena(case, jobs)
    now = float(people[covered_assets(standing, request.regime)[0]].sum())
    answer = _answer(case, made, version, binding, tried)
    answer = replace(
        answer,
        played=played,
        covered_population=covered,
        covered_population_now=now,
        responsibility=(
            *answer.responsibility,
            *tell.of_probes(made.small, probing, request.regime, made.last),
        ),
    )
    progress("done", 1.0)
    return answer


def choose(case: Case, request: Request, jobs: int, progress: Progress = silent) -> Planned:
    """The choice alone, without what each rule costs and without the engine's word on it."""
    progress("what could be added, and where", 0.0)
    found: tuple[Candidate, ...] = ()
    regime = case.regime(request.regime)
    if request.most_added:
        found = candidates(case, rules(case, regime), request.allowed, request.members)
    big = ground(case, request.regime, found, jobs)
    _affordable(big, request)
    progress("who could fire at what, and when", 0.1)
    asked = Asked(request.objective, request.regime, request.most_added, request.budget_musd)
    p, options, duty = program(big, asked)
    notes = _notes(big, p, duty)
    p = _with_goal(p, request, notes)
    progress("choosing", 0.35)
    first = solve(p)
    wrong = None
    if first is None:
        wrong, first = clash(p)
    if not big.candidates:
        return Planned(request, big, p, first, wrong, big, p, options, duty, first, notes)
    progress("choosing responsibilities", 0.45)
    settled = with_candidates(case, [big.candidates[c] for c in first.added])
    small = ground(settled, request.regime, (), jobs)
    inner = Asked(PROTECTED if request.objective == COST else request.objective, request.regime)
    q, options, duty = program(small, inner, counted=tuple(p.nations))
    if wrong is not None:
        q = replace(q, elastic=True)
    last = solve(q) or solve(replace(q, elastic=True))
    assert last is not None  # floors may be missed there
    return Planned(request, big, p, first, wrong, small, q, options, duty, last, notes)


def _affordable(g: Ground, request: Request) -> None:
    """InputError where the budget is below the cheapest thing that may be added."""
    if request.budget_usd is None or not request.most_added:
        return
    priced = [c for c in g.candidates if not c.bars and c.price is not None]
    if not priced:
        return
    least = min(priced, key=lambda c: (c.price.value if c.price else 0.0, c.name))
    assert least.price is not None
    if least.price.value > request.budget_musd:
        usd = f"{least.price.value * 1e6:,.0f}"
        what = f"{request.budget_usd:,.0f} USD buys nothing: the cheapest choice is {least.name}, {usd} USD"
        raise InputError([Problem("--budget", 0, 0, what, f"give at least {least.price.value * 1e6:.0f}")])


def _with_goal(p: Program, request: Request, notes: list[str]) -> Program:
    """What a cost must reach: as asked, or most of what the best laydown of that size protects."""
    if p.objective != COST:
        return p
    risk = sum(p.at_risk)
    if request.protect is not None:
        goal = request.protect * risk if request.protect <= 1.0 else request.protect
        return replace(p, goal=goal)
    best = solve(replace(p, objective=PROTECTED, budget=math.inf))
    none = solve(replace(p, objective=PROTECTED, most_added=0.0))
    top = 0.0 if best is None else best.worth.total
    low = 0.0 if none is None else none.worth.total
    goal = low + COST_GOAL * (top - low)
    notes.append(
        f"The goal was not given: {goal:,.0f} people, the {low:,.0f} that can be protected with what stands "
        f"and {COST_GOAL:.0%} of what the best {request.most_added} additions would add to it."
    )
    return replace(p, goal=goal)


def _notes(g: Ground, p: Program, duty: Duties) -> list[str]:
    """What a reader of the plan should know of what it was made from."""
    notes = list(tell.blind(g))
    attacked = {g.a.w.assets[x.asset].nation for x in g.groups if g.a.w.assets[x.asset].population > 0.0}
    left = sorted(attacked - set(p.nations))
    if p.objective == WORST and left:
        notes.append(f"Nothing that may be chosen helps {', '.join(left)}: the worst of the others counts.")
    if g.candidates and not any(not c.bars for c in g.candidates):
        notes.append("Nothing of the types allowed may be added: hosts or makers bar every candidate.")
    unpriced = sorted({c.type for c in g.candidates if c.price is None})
    if unpriced:
        notes.append(f"No public price: {', '.join(unpriced)}; where money counts they are left out.")
    return notes


def _binding(made: Planned, progress: Progress) -> tuple[tuple[Binding, ...], dict[str, int]]:
    """What each constraint costs; of a plan that cannot be, the clash says more."""
    if made.clash is not None:
        return (), {}

    def part(low: float, high: float) -> Progress:
        return lambda stage, fraction: progress(stage, low + (high - low) * fraction)

    found: list[Binding] = []
    if made.big.candidates:
        found += lifts.on_additions(made.p, made.first, part(0.5, 0.7))
    asked = Asked(made.request.objective, made.request.regime)
    clauses, tried = lifts.on_clauses(made.small, asked, made.last, tuple(made.p.nations), part(0.7, 0.9))
    found += clauses
    found += lifts.on_resources(made.small, made.q)
    return lifts.ranked(found), {"clauses": tried, "candidates": len(made.big.candidates)}


def _answer(
    case: Case, made: Planned, version: str, binding: Sequence[Binding], tried: dict[str, int]
) -> PlanAnswer:
    r, last = made.request, made.last
    cost = r.objective == COST
    value = made.first.worth.cost if cost else last.worth.of(r.objective)
    bound = made.first.bound if cost else max(made.first.bound, value)
    if cost and made.clash is not None:
        bound = value  # of the nearest plan nothing is proven
    added = [made.big.candidates[c] for c in made.first.added]
    proven = made.first if made.big.candidates else last
    return PlanAnswer(
        case=case.name,
        title=case.file.title,
        date=case.file.date.isoformat(),
        version=version,
        seed=r.seed,
        trials=r.trials,
        regime=r.regime,
        objective=r.objective,
        unit=lifts.UNITS[r.objective],
        add=r.most_added,
        budget_usd=r.budget_usd,
        protect=made.p.goal if cost else None,
        allowed=r.allowed if r.most_added else (),
        considered=len(made.big.candidates),
        barred=sum(bool(c.bars) for c in made.big.candidates),
        feasible=made.clash is None,
        value=value,
        bound=bound,
        gap=max(proven.gap, last.gap),
        protected=last.worth.total,
        at_risk=sum(made.q.at_risk),
        worst_nation=last.worth.worst,
        covered_population=0.0,
        covered_population_now=0.0,
        cost=_total([c.price for c in added]),
        responsibility=tell.responsibilities(made.small, made.options, last, made.duty),
        laydown=tuple(map(tell.added, added)),
        magazines=tell.magazines(made.small, made.options, last),
        nations=tell.nations(made.small, made.q, made.options, last),
        binding=tuple(binding),
        tried=tried,
        clash=made.clash,
        played=None,
        notes=tuple(made.notes),
        sites=marks(made.small.a),
    )


def _total(prices: Sequence[Price | None]) -> Price:
    known = [x for x in prices if x is not None]
    return Price(
        value=sum(x.value for x in known), low=sum(x.low for x in known), high=sum(x.high for x in known)
    )
