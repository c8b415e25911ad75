"""What `synaspis timeline` answers, as frozen nouns, and its JSON document."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from synaspis.model.answers import Spread, Tables, Warning
from synaspis.model.plan import Price


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over trials with its standard error; `value` is a difference on the same luck where said."""

    value: float
    error: float


@dataclass(frozen=True, kw_only=True)
class NationYear:
    """One nation in one year under one regime. People are counts of people."""

    protected_population: float
    population_at_risk: float
    covered_population: float
    warning_s: Warning


@dataclass(frozen=True, kw_only=True)
class RegimeYear:
    """What a regime means with what is there, in force and to be feared on the day of a year."""

    protected_population: Estimate
    protected_spread: Spread
    population_at_risk: float
    covered_population: float
    covered_twice_population: float
    covered_by_class: Mapping[str, float]
    """People in places covered against a declared class, whatever the others may do."""
    leakers: Spread
    warning_s: Warning
    """Over all attacked assets, weighted by people."""
    warned_people: Mapping[int, float]
    nations: Mapping[str, NationYear]
    kills: Mapping[str, float]
    """By owner: missiles that would have landed, killed by its batteries, mean over trials."""
    shapley: Mapping[str, Estimate] = field(default_factory=dict)
    """Each member's Shapley value of the coalition, in people protected, where asked for."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that comes into force or is there from a day on, or ends with it.

    `kind`: site, agreement, clause or threat. `regimes`: those that have the agreement, empty for all.
    """

    kind: str
    name: str
    title: str
    begins: bool
    date: str
    source: str
    regimes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Year:
    """One year, judged on one day of it: who is there, what is new since the year before, what it means.

    `cost` by regime is what all pay in the calendar year, `paid` what each pays under the headline regime.
    """

    year: int
    day: str
    sites: tuple[str, ...]
    raid: Mapping[str, int]
    changes: tuple[Change, ...]
    regimes: Mapping[str, RegimeYear]
    cost: Mapping[str, Price]
    paid: Mapping[str, Price]


@dataclass(frozen=True, kw_only=True)
class Lag:
    """Days from `start` up to `end` on which a plan's state is another, and what it would give more."""

    start: str
    end: str
    covered: float
    protected: float


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """What a plan would have given more than what happened, under one regime.

    `people_years` are those of the plan less those that happened, to the day: `covered` free of any raid,
    `protected` in the raid, with its standard error on the same luck. `by_year` splits them by calendar year.
    """

    covered: float
    covered_existing: float
    """The same with hypothetical classes left aside: against those that exist alone."""
    protected: Estimate
    covered_by_year: Mapping[int, float]
    protected_by_year: Mapping[int, float]
    nations: Mapping[str, float]
    """Covered people-years by nation."""
    lags: tuple[Lag, ...]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A site that came at another time than planned. `alone`: by regime, had it alone come as planned."""

    site: str
    planned: str
    happened: str | None
    late_days: int | None
    alone: Mapping[str, Shortfall]


@dataclass(frozen=True, kw_only=True)
class PlanAnswered:
    """The same years as planned, regime by regime, beside those that happened."""

    name: str
    title: str
    source: str
    note: str
    years: Mapping[int, Mapping[str, RegimeYear]]
    shortfall: Mapping[str, Shortfall]
    moved: tuple[Moved, ...]
    only_by_hypothetical: Mapping[str, float]
    """By regime, protected people-years short against classes that are hypothetical."""


@dataclass(frozen=True, kw_only=True)
class TimelineAnswer:
    """Everything that `synaspis timeline` found."""

    case: str
    title: str
    date: str
    version: str
    seed: int
    trials: int
    first_year: int
    last_year: int
    on: str
    regimes: tuple[str, ...]
    regime_titles: Mapping[str, str]
    headline: str
    against: str
    years: tuple[Year, ...]
    plans: tuple[PlanAnswered, ...]
    played: int
    """Different states of the world that were played: equal years share one."""
    undated: tuple[str, ...]
    """Sites whose date is not known: taken as always there."""
    always: tuple[str, ...]
    """Classes of the raid of which no date is given: taken as always there."""
    hypothetical: tuple[str, ...]
    shares: bool
    """Whether Shapley values were asked for, of the headline regime."""
    prices: int
    """The year whose prices the costs are in, millions of US dollars."""
    unpriced: tuple[str, ...]
    """Figures that are not known, and what they would have been for: not counted."""
    notes: tuple[str, ...]
    tables: Tables


def document(answer: TimelineAnswer) -> dict[str, object]:
    """The JSON document of `timeline --json`."""
    a = answer
    return {
        "case": a.case,
        "title": a.title,
        "date": a.date,
        "version": a.version,
        "seed": a.seed,
        "trials": a.trials,
        "from": a.first_year,
        "to": a.last_year,
        "on": a.on,
        "headline": a.headline,
        "against": a.against,
        "played": a.played,
        "shares": a.shares,
        "prices": a.prices,
        "unpriced": list(a.unpriced),
        "undated": list(a.undated),
        "always": list(a.always),
        "hypothetical": list(a.hypothetical),
        "years": [_year(y) for y in a.years],
        "plans": [_plan(p) for p in a.plans],
        "notes": list(a.notes),
    }


def _year(y: Year) -> dict[str, object]:
    return {
        "year": y.year,
        "day": y.day,
        "sites": list(y.sites),
        "raid": dict(y.raid),
        "changes": [{**vars(c), "regimes": list(c.regimes)} for c in y.changes],
        "regimes": {name: {**_regime(r), "cost": _plain(y.cost[name])} for name, r in y.regimes.items()},
        "paid": {payer: _plain(amount) for payer, amount in y.paid.items()},
    }


def _regime(r: RegimeYear) -> dict[str, object]:
    return {
        "protected_population": _number(r.protected_population.value),
        "protected_error": _number(r.protected_population.error),
        "protected_spread": _plain(r.protected_spread),
        "population_at_risk": _number(r.population_at_risk),
        "covered_population": _number(r.covered_population),
        "covered_twice_population": _number(r.covered_twice_population),
        "covered_by_class": {name: _number(n) for name, n in r.covered_by_class.items()},
        "leakers": _plain(r.leakers),
        "warning_s": _plain(r.warning_s),
        "warned_people": {str(least): _number(n) for least, n in r.warned_people.items()},
        "kills": {owner: _number(n) for owner, n in r.kills.items()},
        "shapley": {member: _plain(x) for member, x in r.shapley.items()},
        "nations": {code: {**_plain(n), "warning_s": _plain(n.warning_s)} for code, n in r.nations.items()},
    }


def _plan(p: PlanAnswered) -> dict[str, object]:
    return {
        "name": p.name,
        "title": p.title,
        "source": p.source,
        "note": p.note,
        "years": [
            {"year": year, "regimes": {name: _regime(r) for name, r in regimes.items()}}
            for year, regimes in p.years.items()
        ],
        "people_years": {name: _shortfall(s) for name, s in p.shortfall.items()},
        "hypothetical_people_years": {name: _number(n) for name, n in p.only_by_hypothetical.items()},
        "sites": [
            {
                "site": m.site,
                "planned": m.planned,
                "happened": m.happened,
                "late_days": m.late_days,
                "people_years": {name: _shortfall(s) for name, s in m.alone.items()},
            }
            for m in p.moved
        ],
    }


def _shortfall(s: Shortfall) -> dict[str, object]:
    return {
        "covered": _number(s.covered),
        "covered_existing": _number(s.covered_existing),
        "protected": _number(s.protected.value),
        "protected_error": _number(s.protected.error),
        "covered_by_year": {str(year): _number(n) for year, n in s.covered_by_year.items()},
        "protected_by_year": {str(year): _number(n) for year, n in s.protected_by_year.items()},
        "lags": [_plain(lag) for lag in s.lags],
        "covered_by_nation": {code: _number(n) for code, n in s.nations.items()},
    }


def _plain(noun: object) -> dict[str, object]:
    return {k: _number(v) if isinstance(v, float) else v for k, v in vars(noun).items()}


def _number(value: float) -> float | None:
    """The value as it is: a year's figures are those of a `run` on that day."""
    return value if math.isfinite(value) else None
