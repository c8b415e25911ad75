"""What a plan would have given more than what happened, to the day.

Between two days on which anything changes the states are constant, so that people times years is a sum over
such spans of what the plan's state gives less what the real one gives, on the same luck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synaspis.model.case import Case
from synaspis.model.timeline import Estimate, Lag, Shortfall
from synaspis.studies.years import Found, State, standard_error

YEAR_DAYS = 365.25

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gap:
    """Days [start, end) of one calendar year on which a plan's state is another than that which happened."""

    start: dt.date
    end: dt.date
    happened: State
    planned: State

    @property
    def years(self) -> float:
        return (self.end - self.start).days / YEAR_DAYS


def spans(days: Sequence[dt.date], first: int, last: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """The years `first` to `last` cut at each of `days` and at every New Year, as [start, end)."""
    new_years = [dt.date(year, 1, 1) for year in range(first, last + 2)]
    inside = {day for day in days if new_years[0] < day < new_years[-1]}
    return tuple(pairwise(sorted({*new_years, *inside})))


def shortfall(
    gaps: Sequence[Gap], played: Mapping[State, Mapping[str, Found]], regime: str, case: Case, years: range
) -> Shortfall:
    """The plan less what happened under one regime, summed over `gaps`."""
    people = np.array([a.population for a in case.file.assets])
    by_asset = np.zeros(len(people))
    trials = len(next(iter(played.values()))[regime].by_trial)
    by_trial = np.zeros(trials)
    covered, protected = dict.fromkeys(years, 0.0), dict.fromkeys(years, 0.0)
    existing, lags = 0.0, []
    for gap in gaps:
        then, now = played[gap.planned][regime], played[gap.happened][regime]
        more = (then.covered.astype(np.float64) - now.covered) * people
        existing += (
            float((then.covered_existing.astype(np.float64) - now.covered_existing) @ people) * gap.years
        )
        saved = float((then.by_asset - now.by_asset).sum())
        by_asset += more * gap.years
        by_trial += (then.by_trial - now.by_trial) * gap.years
        covered[gap.start.year] += float(more.sum()) * gap.years
        protected[gap.start.year] += saved * gap.years
        start, end = gap.start.isoformat(), gap.end.isoformat()
        lags.append(Lag(start=start, end=end, covered=float(more.sum()), protected=saved))
    nations: dict[str, float] = {}
    for asset, count in zip(case.file.assets, by_asset.tolist(), strict=True):
        nations[asset.nation] = nations.get(asset.nation, 0.0) + count
    return Shortfall(
        covered=float(by_asset.sum()),
        covered_existing=existing,
        protected=Estimate(value=float(by_trial.mean()), error=standard_error(by_trial)),
        covered_by_year={year: count for year, count in covered.items() if count},
        protected_by_year={year: count for year, count in protected.items() if count},
        nations={code: count for code, count in nations.items() if count},
        lags=tuple(lags),
    )


def against(
    gaps: Sequence[Gap], played: Mapping[State, Mapping[str, Found]], regime: str, assets: NDArray[np.bool_]
) -> float:
    """The protected people-years of a shortfall that lie in some `assets` (A,)."""
    told = (
        float((played[g.planned][regime].by_asset - played[g.happened][regime].by_asset)[assets].sum())
        * g.years
        for g in gaps
    )
    return sum(told, 0.0)


def attacked_only_by(case: Case, threats: Sequence[str]) -> NDArray[np.bool_]:
    """(A,) whether the raid aims nothing at an asset but missiles of `threats`."""
    by: dict[str, set[str]] = {}
    for firing in case.file.raid:
        by.setdefault(firing.target, set()).add(firing.threat)
    return np.array([bool(by.get(a.name)) and by[a.name] <= set(threats) for a in case.file.assets])
