"""A case on other days: what there is, what changes when, and the raid played for each different state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes
from synaspis.engine.layout import LEAKED
from synaspis.engine.workers import pool_of
from synaspis.model.answers import Spread, Warning
from synaspis.model.battery import Battery
from synaspis.model.buildup import PlannedSite, PlannedYears
from synaspis.model.case import Case
from synaspis.model.sensor import Sensor
from synaspis.model.timeline import Estimate, NationYear, RegimeYear
from synaspis.sharing.rules import rules
from synaspis.studies.arena import Arena, Progress, arena, protected_by_trial, pure
from synaspis.studies.coverage import least_by_class, probe_arena
from synaspis.studies.protection import (
    WARNING_STEPS_S,
    kills_of,
    nation_answers,
    warned_people,
    weighted_warning,
)
from synaspis.studies.spreads import spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
State = tuple[object, ...]
"""What tells two days apart: the sites that are there, the raid, and the clauses in force by regime."""


@dataclass(frozen=True)
class Found:
    """A regime in one state: its figures, people protected by trial (K,) and by asset (A,), covered (A,).

    `covered_existing` (A,): hypothetical classes left aside.
    """

    year: RegimeYear
    by_trial: Floats
    by_asset: Floats
    covered: NDArray[np.bool_]
    covered_existing: NDArray[np.bool_]


def as_planned(case: Case, plan: PlannedYears, only: Iterable[str] | None = None) -> Case:
    """The case with the plan's dates for its sites, or for those named in `only`."""
    dates = {p.site: p for p in plan.sites if only is None or p.site in set(only)}
    whole = case.every_site
    moved = replace(
        whole,
        sensors=tuple(_sensor(s, dates.get(s.name)) for s in whole.sensors),
        batteries=tuple(_battery(b, dates.get(b.name)) for b in whole.batteries),
    )
    return replace(case, whole=moved)


def _sensor(site: Sensor, p: PlannedSite | None) -> Sensor:
    return site if p is None else replace(site, since=p.since, until=p.until)


def _battery(site: Battery, p: PlannedSite | None) -> Battery:
    return site if p is None else replace(site, since=p.since, until=p.until)


def state_on(case: Case, regimes: Sequence[str], day: dt.date) -> tuple[State, Case]:
    """The state of the case on `day`, and the case as of it."""
    now = case.in_year(day)
    file = now.file
    clauses = tuple(rules(now, now.regime(name)).ids() for name in regimes)
    sites = tuple(s.name for s in file.sensors), tuple(b.name for b in file.batteries)
    return (*sites, file.raid, clauses), now


def turning_days(case: Case, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Days within [first, last] on which something begins, or has ended the day before."""
    whole, one = case.every_site, dt.timedelta(days=1)
    dated = [(s.since, s.until) for s in whole.sensors] + [(b.since, b.until) for b in whole.batteries]
    dated += [(h.since, h.until) for h in whole.timeline.threats]
    dated += [(a.since, a.until) for a in whole.agreements]
    dated += [(c.since, c.until) for a in whole.agreements for c in a.clauses]
    begin = {since for since, _ in dated if since is not None}
    end = {until + one for _, until in dated if until is not None and until < dt.date.max}
    return tuple(sorted(day for day in begin | end if first <= day <= last))


def play_states(
    cases: Mapping[State, Case],
    regimes: Sequence[str],
    trials: int,
    seed: int,
    jobs: int,
    progress: Progress,
) -> dict[State, dict[str, Found]]:
    """The raid of every state under every regime, all on the same luck."""
    found = {}
    with pool_of(jobs) as pool:
        for i, (state, case) in enumerate(cases.items()):
            progress(f"{case.day.year}, state {i + 1} of {len(cases)}", i / len(cases))
            found[state] = _play(case, regimes, trials, seed, jobs, pool)
    return found


def _play(
    case: Case, regimes: Sequence[str], trials: int, seed: int, jobs: int, pool: Executor | None
) -> dict[str, Found]:
    if not case.file.raid:
        return {name: _nothing(case, trials) for name in regimes}
    a = arena(case, jobs, pool=pool)
    begun = {name: a.begin(pure(a.rules(name)), seed, trials) for name in regimes}
    probing = probe_arena(case, jobs)
    least = {name: least_by_class(probing, name) for name in regimes}
    return {name: _found(a, begun[name].outcomes(), least[name]) for name in regimes}


def _found(a: Arena, out: Outcomes, least: Mapping[str, Ints]) -> Found:
    """The figures of a run, by the same sums in the same order."""
    covered, twice = (_covered(least.values(), times, len(a.w.assets)) for times in (1, 2))
    people = np.array([x.population for x in a.w.assets])
    undefended, defended = protected_by_trial(a.w, out)
    saved = undefended - defended
    by_trial = saved @ people
    kills: dict[str, float] = {}
    for f, count in zip(a.w.batteries, kills_of(a, out), strict=True):
        kills[f.battery.owner] = kills.get(f.battery.owner, 0.0) + float(count)
    nations = nation_answers(a, out, undefended, saved, covered, twice)
    year = RegimeYear(
        protected_population=Estimate(
            value=float((saved.mean(axis=0) * people).sum()), error=standard_error(by_trial)
        ),
        protected_spread=spread(by_trial),
        population_at_risk=float((undefended.mean(axis=0) * people).sum()),
        covered_population=float(people[covered].sum()),
        covered_twice_population=float(people[twice].sum()),
        covered_by_class={name: float(people[count >= 1].sum()) for name, count in least.items()},
        leakers=spread((out.fate == LEAKED).sum(axis=1)),
        warning_s=weighted_warning(out.warning_s, people),
        warned_people={s: warned_people(out.warning_s, people, s) for s in WARNING_STEPS_S},
        nations={
            code: NationYear(
                protected_population=n.protected_population,
                population_at_risk=n.population_at_risk,
                covered_population=n.covered_population,
                warning_s=n.warning_s,
            )
            for code, n in nations.items()
        },
        kills=kills,
    )
    real = [count for name, count in least.items() if a.w.case.threats[name].status != "hypothetical"]
    return Found(year, by_trial, saved.mean(axis=0) * people, covered, _covered(real, 1, len(a.w.assets)))


def _covered(least: Iterable[Ints], times: int, assets: int) -> NDArray[np.bool_]:
    """(A,) whether every class that reaches an asset can be engaged so often, and some class does."""
    reached, enough = np.zeros(assets, np.bool_), np.ones(assets, np.bool_)
    for count in least:
        reached |= count >= 0
        enough &= (count < 0) | (count >= times)
    covered: NDArray[np.bool_] = reached & enough
    return covered


def _nothing(case: Case, trials: int) -> Found:
    """No missile to be feared: nobody is at risk, and nobody need be protected, covered or warned."""
    none, never = Spread(mean=0.0, p05=0.0, p95=0.0), Warning(p05=0.0, p50=0.0, p95=0.0)
    nation = NationYear(
        protected_population=0.0, population_at_risk=0.0, covered_population=0.0, warning_s=never
    )
    attacked = {x.nation for x in case.file.assets}
    year = RegimeYear(
        protected_population=Estimate(value=0.0, error=0.0),
        protected_spread=none,
        population_at_risk=0.0,
        covered_population=0.0,
        covered_twice_population=0.0,
        covered_by_class={},
        leakers=none,
        warning_s=never,
        warned_people=dict.fromkeys(WARNING_STEPS_S, 0.0),
        nations={n.code: nation for n in case.file.nations if n.code in attacked},
        kills={},
    )
    assets = len(case.file.assets)
    nobody = np.zeros(assets, np.bool_)
    return Found(year, np.zeros(trials), np.zeros(assets), nobody, nobody)


def standard_error(values: Floats) -> float:
    """Of the mean of (K,) values; 0 of one."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
