"""Year by year: protection, warning and cost as sites, agreements and threats come, and as was planned.

A year is what a run says on one day of it. Years on which the same sites stand, the same clauses hold and the
same missiles are to be feared are one state and are played once; all states meet the same luck and the same
sky, that of the case's own date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from synaspis.model.buildup import PlannedYears, missiles_by_class
from synaspis.model.case import Case, standing
from synaspis.model.cost import Bill
from synaspis.model.timeline import Estimate, Moved, PlanAnswered, TimelineAnswer, Year
from synaspis.studies.arena import Progress, silent
from synaspis.studies.changes import changes
from synaspis.studies.coalitions import coalitions
from synaspis.studies.cost import spent
from synaspis.studies.shortfall import Gap, against, attacked_only_by, shortfall, spans
from synaspis.studies.year_tables import year_tables
from synaspis.studies.years import Found, State, as_planned, play_states, state_on, turning_days


@dataclass(frozen=True)
class Asked:
    """What `timeline` is asked for; `on` is (month, day)."""

    first: int
    last: int
    on: tuple[int, int]
    regimes: tuple[str, ...]
    plans: tuple[str, ...]
    trials: int
    seed: int
    shares: bool = False

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)

    def day(self, year: int) -> dt.date:
        """The day on which a year is judged; the 28th where February has no 29th."""
        month, day = self.on
        leap = day == 29 and month == 2 and (year % 4 or (year % 100 == 0 and year % 400))
        return dt.date(year, month, 28 if leap else day)


@dataclass
class Course:
    """States of a case and of its plans by day; what they are is found first, then all are played."""

    case: Case
    regimes: tuple[str, ...]
    states: dict[State, Case] = field(default_factory=dict)
    played: dict[State, dict[str, Found]] = field(default_factory=dict)
    _days: dict[tuple[str, dt.date], State] = field(default_factory=dict)
    _variants: dict[str, Case] = field(default_factory=dict)

    def state(self, variant: str, made: Callable[[], Case], day: dt.date) -> State:
        """The state of a variant of the case on `day`, noted to be played."""
        key = (variant, day)
        if key not in self._days:
            if variant not in self._variants:
                self._variants[variant] = made()
            state, now = state_on(self._variants[variant], self.regimes, day)
            self.states.setdefault(state, now)
            self._days[key] = state
        return self._days[key]


@dataclass(frozen=True)
class Planned:
    """A plan with the days on which it differs from what happened; `alone` by site moved alone."""

    plan: PlannedYears
    years: Mapping[int, State]
    gaps: tuple[Gap, ...]
    alone: Mapping[str, tuple[Gap, ...]]


def timeline(
    case: Case, asked: Asked, jobs: int, version: str, progress: Progress = silent
) -> TimelineAnswer:
    """Every year of `asked` under each of its regimes, and each of its plans beside it."""
    progress("reading the years", 0.0)
    course = Course(case, asked.regimes)
    days = {year: course.state("", lambda: case, asked.day(year)) for year in asked.years}
    plans = [_planned(course, asked, case.file.timeline.plan(name)) for name in asked.plans]
    course.played = play_states(course.states, asked.regimes, asked.trials, asked.seed, jobs, progress)
    compare = case.file.compare
    headline = compare.headline if compare.headline in asked.regimes else asked.regimes[-1]
    other = compare.against if compare.against in asked.regimes else asked.regimes[0]
    if asked.shares:
        _share(course, asked, tuple(days.values()), headline, jobs, progress)
    progress("adding up the costs", 1.0)
    bills = {name: spent(case.at_all_times(), asked.first, asked.last, regime=name) for name in asked.regimes}
    years = tuple(_year(course, asked, year, state, bills, headline) for year, state in days.items())
    answered = tuple(_answered(course, asked, p) for p in plans)
    fired = missiles_by_class(case.file.raid)
    listed = {h.threat for h in case.file.timeline.threats}
    progress("done", 1.0)
    return TimelineAnswer(
        case=case.name,
        title=case.file.title,
        date=case.file.date.isoformat(),
        version=version,
        seed=asked.seed,
        trials=asked.trials,
        first_year=asked.first,
        last_year=asked.last,
        on=f"{asked.on[0]:02d}-{asked.on[1]:02d}",
        regimes=asked.regimes,
        regime_titles={name: case.regime(name).title for name in asked.regimes},
        headline=headline,
        against=other,
        years=years,
        plans=answered,
        played=len(course.played),
        undated=_undated(case),
        always=tuple(name for name in fired if name not in listed),
        hypothetical=tuple(name for name in fired if case.threats[name].status == "hypothetical"),
        shares=asked.shares,
        prices=bills[headline][asked.last].prices,
        unpriced=_unpriced(bills[headline].values()),
        notes=case.file.notes,
        tables=year_tables(years, answered),
    )


def _year(
    course: Course,
    asked: Asked,
    year: int,
    state: State,
    bills: Mapping[str, Mapping[int, Bill]],
    headline: str,
) -> Year:
    day, case = asked.day(year), course.states[state]
    found = course.played[state]
    return Year(
        year=year,
        day=day.isoformat(),
        sites=(*(s.name for s in case.file.sensors), *(b.name for b in case.file.batteries)),
        raid=missiles_by_class(case.file.raid),
        changes=changes(course.case, asked.regimes, asked.day(year - 1), day),
        regimes={name: found[name].year for name in asked.regimes},
        cost={name: bills[name][year].total() for name in asked.regimes},
        paid=bills[headline][year].by_member(),
    )


def _share(
    course: Course, asked: Asked, states: Iterable[State], headline: str, jobs: int, progress: Progress
) -> None:
    """Put each member's Shapley value beside the headline's figures in every state that a year has."""
    once = dict.fromkeys(states)
    for i, state in enumerate(once):
        case = course.states[state]

        def told(stage: str, part: float, i: int = i, year: int = case.day.year) -> None:
            progress(f"shares of {year}: {stage}", (i + part) / len(once))

        if not case.file.raid or not case.file.batteries:
            continue
        made = coalitions(case, headline, asked.trials, asked.seed, jobs, progress=told)
        values = {n: Estimate(value=g.value, error=g.error) for n, g in made.shapley.items()}
        found = course.played[state]
        year = replace(found[headline].year, shapley=values)
        course.played[state] = {**found, headline: replace(found[headline], year=year)}


def _undated(case: Case) -> tuple[str, ...]:
    """Sites whose date is not known."""
    whole = case.every_site
    sensors = (s.name for s in whole.sensors if s.since is None)
    return (*sensors, *(b.name for b in whole.batteries if b.since is None))


def _unpriced(bills: Iterable[Bill]) -> tuple[str, ...]:
    """What is not counted, each once."""
    missing = (f"{m.site}: {m.what}" if m.site else m.what for bill in bills for m in bill.missing)
    return tuple(dict.fromkeys(missing))


def _planned(course: Course, asked: Asked, plan: PlannedYears) -> Planned:
    """The states of a plan, and of each of its sites moved alone, noted to be played."""
    case = course.case
    years = {
        year: course.state(plan.name, lambda: as_planned(case, plan), asked.day(year)) for year in asked.years
    }
    moved = [p.site for p in plan.sites]
    alone = {site: _gaps(course, asked, plan, (site,)) for site in moved}
    return Planned(plan, years, _gaps(course, asked, plan, moved), alone)


def _gaps(course: Course, asked: Asked, plan: PlannedYears, sites: Iterable[str]) -> tuple[Gap, ...]:
    """Where the case with the plan's dates for `sites` is in another state than the case as it was."""
    only = tuple(sites)
    case, moved = course.case, as_planned(course.case, plan, only)
    name = plan.name if len(only) == len(plan.sites) else f"{plan.name}/{only[0]}"
    first, last = dt.date(asked.first, 1, 1), dt.date(asked.last, 12, 31)
    days = {*turning_days(case, first, last), *turning_days(moved, first, last)}
    found = []
    for start, end in spans(sorted(days), asked.first, asked.last):
        if _sites(case, start) != _sites(moved, start):
            happened = course.state("", lambda: case, start)
            found.append(Gap(start, end, happened, course.state(name, lambda: moved, start)))
    return tuple(found)


def _sites(case: Case, day: dt.date) -> tuple[str, ...]:
    file = standing(case.every_site, day)
    return (*(s.name for s in file.sensors), *(b.name for b in file.batteries))


def _answered(course: Course, asked: Asked, planned: Planned) -> PlanAnswered:
    plan, case, played = planned.plan, course.case, course.played
    whole = case.every_site
    happened = {s.name: s.since for s in whole.sensors} | {b.name: b.since for b in whole.batteries}
    guesses = [n for n in missiles_by_class(case.file.raid) if case.threats[n].status == "hypothetical"]
    guessed = attacked_only_by(case, guesses)
    regimes = asked.regimes
    moved = []
    for p in plan.sites:
        since = happened[p.site]
        gaps = planned.alone[p.site]
        moved.append(Moved(
            site=p.site,
            planned=p.since.isoformat(),
            happened=None if since is None else since.isoformat(),
            late_days=None if since is None else (since - p.since).days,
            alone={name: shortfall(gaps, played, name, case, asked.years) for name in regimes},
        ))  # fmt: skip
    return PlanAnswered(
        name=plan.name,
        title=plan.title,
        source=plan.source,
        note=plan.note,
        years={year: {n: played[s][n].year for n in regimes} for year, s in planned.years.items()},
        shortfall={name: shortfall(planned.gaps, played, name, case, asked.years) for name in regimes},
        moved=tuple(moved),
        only_by_hypothetical={name: against(planned.gaps, played, name, guessed) for name in regimes},
    )
