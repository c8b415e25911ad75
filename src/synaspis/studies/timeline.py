"""Year by year: protection, warning and cost as sites, agreements and threats come, and as was planned.

A year is what a run says on one day of it. Years on which the same sites stand, the same clauses hold and the
same missiles are to be feared are one state and are played once; all states meet the same luck and the same
sky, that of the case's own date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from synaspis.model.buildup import PlannedYears, missiles_by_class
from synaspis.model.case import Case
from synaspis.model.timeline import (
    Amount,
    Estimate,
    Moved,
    PlanAnswered,
    RegimeYear,
    Shortfall,
    TimelineAnswer,
    Year,
)
from synaspis.studies.arena import Progress, silent
from synaspis.studies.changes import changes
from synaspis.studies.year_tables import year_tables
from synaspis.studies.years import (
    Found,
    State,
    as_planned,
    play_states,
    standard_error,
    state_on,
    turning_days,
)

YEAR_DAYS = 365.25


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
class Gap:
    """Days [start, end) on which a plan's state is another than that which happened."""

    start: dt.date
    end: dt.date
    happened: State
    planned: State

    @property
    def years(self) -> float:
        return (self.end - self.start).days / YEAR_DAYS


def timeline(
    case: Case, asked: Asked, jobs: int, version: str, progress: Progress = silent, costs: bool = True
) -> TimelineAnswer:
    """Every year of `asked` under each of its regimes, and each of its plans beside it."""
    progress("reading the years", 0.0)
    course = Course(case, asked.regimes)
    days = {year: course.state("", lambda: case, asked.day(year)) for year in asked.years}
    plans = [_planned(course, asked, case.file.timeline.plan(name)) for name in asked.plans]
    course.played = play_states(course.states, asked.regimes, asked.trials, asked.seed, jobs, progress)
    bills = _bills(case, asked) if costs else {}
    years = tuple(_year(course, asked, year, state, bills) for year, state in days.items())
    answered = tuple(_answered(course, p) for p in plans)
    compare = case.file.compare
    headline = compare.headline if compare.headline in asked.regimes else asked.regimes[-1]
    against = compare.against if compare.against in asked.regimes else asked.regimes[0]
    fired = missiles_by_class(case.file.raid)
    listed = {h.threat for h in case.file.timeline.threats}
    whole = case.every_site
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
        against=against,
        years=years,
        plans=answered,
        played=len(course.played),
        undated=(
            *(s.name for s in whole.sensors if s.since is None),
            *(b.name for b in whole.batteries if b.since is None),
        ),
        always=tuple(name for name in fired if name not in listed),
        hypothetical=tuple(name for name in fired if case.threats[name].status == "hypothetical"),
        prices=None,
        notes=case.file.notes,
        tables=year_tables(years, answered),
    )
