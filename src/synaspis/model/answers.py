"""What studies return. Plain frozen data: files write it, reports draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

CAUSES = ("not_seen", "not_released", "no_mandate", "no_authority", "too_late", "no_rounds")
"""Gates that a shot must pass, in order; a lost shot is counted under the first that failed."""

SWITCHES = ("information", "mandate", "authority", "coordination")
"""The four groups of clauses into which the difference of two regimes is split."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Luck: the mean and the 5th and 95th percentile over trials."""

    mean: float
    p05: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class Warning:
    """Seconds of warning over trials and attacked assets, weighted by population; zeros included."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class NationAnswer:
    """What a regime means for one nation. People are counts of people, times are seconds."""

    warning_s: Warning
    warned_people: Mapping[int, float]
    """People with at least 90, 300 and 600 s of warning, mean over trials."""
    leakers_mean: float
    protected_population: float
    population_at_risk: float
    covered_population: float
    covered_twice_population: float
    warned_needlessly: float = 0.0
    """People warned of a missile that would not have landed on them, mean over trials."""


@dataclass(frozen=True, kw_only=True)
class LostShot:
    """Shots that a battery never fired at a threat within its reach: the first gate that failed."""

    battery: str
    threat: str
    cause: str
    mean: float
    clauses: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """The same raid with simple countermeasures: how far exo-atmospheric defence then falls."""

    leakers: Spread
    p_no_leaker: float
    protected_population: float


@dataclass(frozen=True, kw_only=True)
class RegimeAnswer:
    """One regime's outcome over all trials."""

    name: str
    title: str
    leakers: Spread
    p_no_leaker: float
    protected_population: float
    protected_spread: Spread
    population_at_risk: float
    prevented_impacts: Spread
    covered_population: float
    covered_twice_population: float
    rounds: Mapping[str, float]
    rounds_spread: Mapping[str, Spread]
    kills: Mapping[str, float]
    kills_by_layer: Mapping[str, float]
    nations: Mapping[str, NationAnswer]
    shots_lost: Mapping[str, float]
    lost: tuple[LostShot, ...]
    simple_countermeasures: Column | None = None


@dataclass(frozen=True, kw_only=True)
class ClauseGain:
    """People no longer protected when this one clause of the headline regime is left out."""

    id: str
    agreement: str
    group: str
    gain: float
    assumed: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`headline` minus `against` in protected people, split over the four switches (they add up)."""

    headline: str
    against: str
    whole: float
    information: float
    mandate: float
    authority: float
    coordination: float
    clauses: tuple[ClauseGain, ...]


@dataclass(frozen=True, kw_only=True)
class Flight:
    """One missile of the raid, for pictures.

    `points` (P, 4): time s, latitude deg, longitude deg, altitude km.
    """

    threat: str
    type: str
    status: str
    launch: str
    target: str
    nation: str
    launch_s: float
    burnout_s: float
    impact_s: float
    apogee_km: float
    range_km: float
    points: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SiteMark:
    """A sensor, battery or asset on a map. `reach_km` is a radar's instrumented range or a battery's."""

    name: str
    kind: str
    type: str
    owner: str
    operator: str
    host: str
    latitude_deg: float
    longitude_deg: float
    facing_deg: float
    sector_deg: float
    reach_km: float
    population: float


@dataclass(frozen=True, kw_only=True)
class SceneEvent:
    """Something that happened in the shown trial, where it happened, in words.

    `kind`: seen, known, ordered, fired, hit, missed, failed (in flight) or landed.
    """

    time_s: float
    kind: str
    who: str
    nation: str
    threat: str
    latitude_deg: float
    longitude_deg: float
    height_km: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One trial of a regime, event by event: what a picture plays."""

    trial: int
    events: tuple[SceneEvent, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionTime:
    """The price of a second: people covered at least once and twice if every decision took `decision_s`.

    Arrays run over `decision_s`; `nations` holds (once, twice) of each nation.
    """

    decision_s: tuple[float, ...]
    once: tuple[float, ...]
    twice: tuple[float, ...]
    nations: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Arrays behind the answer, by table and column, as written to Parquet."""

    columns: Mapping[str, Mapping[str, NDArray[np.generic]]]


@dataclass(frozen=True, kw_only=True)
class RunAnswer:
    """Everything a run found."""

    case: str
    title: str
    date: str
    seed: int
    trials: int
    version: str
    regimes: Mapping[str, RegimeAnswer]
    difference: Difference | None
    flights: tuple[Flight, ...]
    sites: tuple[SiteMark, ...]
    tables: Tables
    self_check: Mapping[str, float]
    notes: tuple[str, ...]
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    price_of_a_second: Mapping[str, DecisionTime] = field(default_factory=dict)


def summary(answer: RunAnswer) -> dict[str, object]:
    """The stable document of a run (`summary.json`; schema in docs/contracts)."""
    return {
        "case": answer.case,
        "title": answer.title,
        "date": answer.date,
        "seed": answer.seed,
        "trials": answer.trials,
        "version": answer.version,
        "regimes": {name: _regime(r) for name, r in answer.regimes.items()},
        "difference": None if answer.difference is None else _difference(answer.difference),
        "price_of_a_second": {name: _price(p) for name, p in answer.price_of_a_second.items()},
        "self_check": dict(answer.self_check),
    }


def _price(p: DecisionTime) -> dict[str, object]:
    return {
        "decision_s": list(p.decision_s),
        "once": list(p.once),
        "twice": list(p.twice),
        "nations": {code: {"once": list(o), "twice": list(t)} for code, (o, t) in p.nations.items()},
    }


def _spread(s: Spread) -> dict[str, float]:
    return {"mean": s.mean, "p05": s.p05, "p95": s.p95}


def _regime(r: RegimeAnswer) -> dict[str, object]:
    return {
        "title": r.title,
        "leakers": _spread(r.leakers),
        "columns": _columns(r),
        "p_no_leaker": r.p_no_leaker,
        "protected_population": r.protected_population,
        "protected_spread": _spread(r.protected_spread),
        "population_at_risk": r.population_at_risk,
        "prevented_impacts": _spread(r.prevented_impacts),
        "covered_population": r.covered_population,
        "covered_twice_population": r.covered_twice_population,
        "rounds": dict(r.rounds),
        "kills": dict(r.kills),
        "kills_by_layer": dict(r.kills_by_layer),
        "nations": {code: _nation(n) for code, n in r.nations.items()},
        "shots_lost": dict(r.shots_lost),
        "lost": [
            {
                "battery": x.battery,
                "threat": x.threat,
                "cause": x.cause,
                "mean": x.mean,
                "clauses": list(x.clauses),
                "why": x.why,
            }
            for x in r.lost
        ],
    }


def _columns(r: RegimeAnswer) -> dict[str, object]:
    """Exo-atmospheric results always come in two columns."""
    columns: dict[str, object] = {
        "no_countermeasures": {
            "leakers": _spread(r.leakers),
            "p_no_leaker": r.p_no_leaker,
            "protected_population": r.protected_population,
        }
    }
    c = r.simple_countermeasures
    if c is not None:
        columns["simple_countermeasures"] = {
            "leakers": _spread(c.leakers),
            "p_no_leaker": c.p_no_leaker,
            "protected_population": c.protected_population,
        }
    return columns


def _nation(n: NationAnswer) -> dict[str, object]:
    return {
        "warning_s": {"p05": n.warning_s.p05, "p50": n.warning_s.p50, "p95": n.warning_s.p95},
        "warned_people": {str(seconds): people for seconds, people in n.warned_people.items()},
        "leakers_mean": n.leakers_mean,
        "protected_population": n.protected_population,
        "population_at_risk": n.population_at_risk,
        "covered_population": n.covered_population,
        "covered_twice_population": n.covered_twice_population,
        "warned_needlessly": n.warned_needlessly,
    }


def _difference(d: Difference) -> dict[str, object]:
    return {
        "headline": d.headline,
        "against": d.against,
        "whole": d.whole,
        "information": d.information,
        "mandate": d.mandate,
        "authority": d.authority,
        "coordination": d.coordination,
        "clauses": [
            {
                "id": c.id,
                "agreement": c.agreement,
                "group": c.group,
                "gain": c.gain,
                "assumed": c.assumed,
                "note": c.note,
            }
            for c in d.clauses
        ],
    }
