"""Who is warned, and when: under each regime, what each nation knows of every launch towards it.

Times of single places are those without luck: every missile flies, and every first scan detects. Percentiles
and numbers of people are over trials on the same dice as a run's: with the same seed and number of
trials they are the run's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes
from synaspis.engine.ellipses import impact_errors_m
from synaspis.engine.workers import pool_of
from synaspis.model.answers import Tables
from synaspis.model.case import Case
from synaspis.model.early_warning import (
    STAGES,
    AssetWarning,
    Change,
    Constellation,
    FirstSight,
    Known,
    NationWarning,
    RegimeWarning,
    WarnAnswer,
)
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Begun, Progress, arena, pure, silent
from synaspis.studies.constellation import merits
from synaspis.studies.first_sight import first_sights
from synaspis.studies.knowledge import LAUNCH, NOTICED_S, Reasons, launch_point
from synaspis.studies.marks import flights, sites
from synaspis.studies.protection import WARNING_STEPS_S, warned_people, weighted_warning

Floats = NDArray[np.float64]

ELLIPSE_AFTER_S = (0.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0, 420.0, 600.0, 900.0, 1200.0)
"""Seconds after burnout at which the impact ellipse is told."""
CHANGES = ("alert_s", "impact_50km_s", "impact_10km_s", "track_s", "fire_control_s", "warned_s")
"""What is compared between the headline regime and the one it is held against."""


def warn(
    case: Case,
    regimes: Sequence[str] | None,
    trials: int,
    seed: int,
    jobs: int,
    version: str,
    progress: Progress = silent,
) -> WarnAnswer:
    """What each nation knows of the case's raid under each regime, and who is warned of it."""
    names = tuple(regimes or (r.name for r in case.file.regimes))
    progress("flying the raid", 0.0)
    with pool_of(jobs) as pool:
        a = arena(case, jobs, pool=pool)
        begun = {name: a.begin(pure(a.rules(name)), seed, trials) for name in names}
        found = {}
        for i, name in enumerate(names):
            progress(f"pictures under {name}", (1 + i) / (2 + len(names)))
            found[name] = _regime(a, name, begun[name])
        progress("launches over the grid", (1 + len(names)) / (2 + len(names)))
        coverage = first_sights(a, names)
    compare = case.file.compare
    headline = compare.headline if compare.headline in names else names[-1]
    against = compare.against if compare.against in names else names[0]
    changes = () if headline == against else _changes(found[headline], found[against])
    progress("done", 1.0)
    return WarnAnswer(
        case=case.name,
        title=case.file.title,
        date=case.file.date.isoformat(),
        version=version,
        seed=seed,
        trials=trials,
        headline=headline,
        against=against,
        regimes=found,
        changes=changes,
        coverage=coverage,
        constellations=constellations(case, jobs),
        flights=flights(a),
        sites=sites(a),
        tables=_tables(found, coverage),
        notes=case.file.notes,
    )


def constellations(case: Case, jobs: int) -> Mapping[str, Constellation]:
    """The merits of the case's constellations, as numbers."""
    return {
        name: Constellation(
            satellites=m.satellites,
            coverage_min=m.coverage_min,
            coverage_mean=m.coverage_mean,
            persistent_stereo=m.persistent_stereo,
            stereo_share=m.stereo_share,
            worst_gap_s=m.worst_gap_s,
        )
        for name, m in merits(case, jobs).items()
    }


def _regime(a: Arena, name: str, begun: Begun) -> RegimeWarning:
    given = a.rules(name)
    reasons = Reasons(a, given)
    out = begun.outcomes()
    first = _first_to_arrive(a)
    codes = [code for code in a.w.nations if any(x.nation == code for x in a.w.assets)]
    nations = {code: _nation(a, code, given, reasons, first, out) for code in codes}
    return RegimeWarning(title=a.w.case.regime(name).title, nations=nations)


def _first_to_arrive(a: Arena) -> dict[int, int]:
    """By attacked asset: the missile that comes down there first."""
    first: dict[int, int] = {}
    for t, m in enumerate(a.w.missiles):
        if m.target >= 0 and (m.target not in first or _impact_s(a, t) < _impact_s(a, first[m.target])):
            first[m.target] = t
    return first


def _impact_s(a: Arena, t: int) -> float:
    """From the start of the raid."""
    return a.w.missiles[t].launch_s + float(a.g.impact_s[a.g.flight_of[t]])


def _nation(
    a: Arena, code: str, given: Rules, reasons: Reasons, first: Mapping[int, int], out: Outcomes
) -> NationWarning:
    own = np.array([x.nation == code for x in a.w.assets])
    people = np.array([x.population for x in a.w.assets]) * own
    when = a.g.settled_s[:, None] + np.array(ELLIPSE_AFTER_S)
    errors = impact_errors_m(a.maker, a.pictures(given), code, when)
    attacked = [row for row in np.flatnonzero(own).tolist() if row in first]
    assets = {}
    for row in attacked:
        t = first[row]
        u = int(a.g.flight_of[t])
        ellipse = {float(s): float(m) for s, m in zip(when[u], errors[u], strict=True) if not np.isnan(m)}
        asset, missile = a.w.assets[row], a.w.missiles[t]
        known = _known(a, code, given, reasons, row, u, ellipse)
        assets[asset.name] = AssetWarning(
            population=asset.population,
            flight=missile.name,
            threat=missile.threat.name,
            launch=missile.launch.name,
            impact_s=float(a.g.impact_s[u]),
            burnout_s=float(a.g.burnout_s[u]),
            known=known,
            warning_s=_warning_s(a, code, reasons.times["warned_s"], row, t),
            luck=weighted_warning(out.warning_s[:, [row]], np.array([asset.population])),
        )
    return NationWarning(
        assets=assets,
        population_attacked=float(people[attacked].sum()),
        warned_people={s: warned_people(out.warning_s[:, own], people[own], s) for s in WARNING_STEPS_S},
        warned_needlessly=float(out.needless.mean(axis=0) @ people),
        luck=weighted_warning(out.warning_s[:, own], people[own]),
    )


def _dissemination_s(a: Arena, code: str) -> float:
    nation = a.w.case.file.nations[a.w.nation(code)]
    return float(a.w.case.warnings[nation.warning].dissemination_s)


def _warning_s(a: Arena, code: str, warned_s: Floats, row: int, first: int) -> float:
    """First impact at an asset less the first warning of any missile at it, as the engine counts it."""
    told = min(
        m.launch_s + float(warned_s[a.w.nation(code), a.g.flight_of[t]])
        for t, m in enumerate(a.w.missiles)
        if m.target == row
    )
    return max(_impact_s(a, first) - told - _dissemination_s(a, code), 0.0)


def _known(
    a: Arena, code: str, given: Rules, reasons: Reasons, row: int, u: int, ellipse: Mapping[float, float]
) -> Known:
    n = a.w.nation(code)
    at = {stage: float(reasons.times[stage][n, u]) for stage in reasons.times if stage != LAUNCH}
    heard_s = at["warned_s"] + _dissemination_s(a, code)
    at["warned_s"] = heard_s if heard_s < a.g.impact_s[u] else np.inf
    because = {stage: reasons.of(stage, n, u) if np.isfinite(at[stage]) else () for stage in at}
    duty = a.orders(pure(given)).mandate[:, row]
    fire = a.orders(pure(given)).fire
    own = [b for b, f in enumerate(a.w.batteries) if f.battery.owner == code]
    defends = [b for b, clause in enumerate(duty) if clause and fire[b]]
    for stage, batteries in (("fire_control_s", own), ("defended_s", defends)):
        best = min(batteries, key=lambda b: float(reasons.times[LAUNCH][b, u]), default=-1)
        at[stage] = float(reasons.times[LAUNCH][best, u]) if best >= 0 else np.inf
        because[stage] = reasons.of(LAUNCH, best, u) if best >= 0 else ()
        if stage == "defended_s" and np.isfinite(at[stage]):
            because[stage] = (*because[stage], str(duty[best]))
    whence = launch_point(a, a.pictures(given), code, u)
    return Known(
        **at,
        because={stage: because[stage] for stage in STAGES},
        launch_point_s=whence[0],
        launch_point_m=whence[1],
        ellipse_s=tuple(ellipse),
        ellipse_m=tuple(ellipse.values()),
    )


def _changes(after: RegimeWarning, before: RegimeWarning) -> tuple[Change, ...]:
    """What one regime changes for each place against another, largest places first."""
    found = []
    for code, nation in after.nations.items():
        for name, asset in nation.assets.items():
            other = before.nations[code].assets[name].known
            for stage in CHANGES:
                now, then = float(getattr(asset.known, stage)), float(getattr(other, stage))
                if now == then or abs(now - then) <= NOTICED_S:
                    continue
                cited = asset.known.because[stage] if now < then else other.because[stage]
                found.append((asset.population, Change(
                    nation=code, asset=name, stage=stage, before_s=then, after_s=now, because=cited,
                )))  # fmt: skip
    return tuple(change for _, change in sorted(found, key=lambda item: -item[0]))


# -- tables ------------------------------------------------------------------------------------


def _tables(found: Mapping[str, RegimeWarning], coverage: Sequence[FirstSight]) -> Tables:
    """Columns for Parquet: one row per place and regime, per ellipse, and per cell seen by a nation."""
    places: dict[str, list[Any]] = {}
    ellipses: dict[str, list[Any]] = {}
    for regime, r in found.items():
        for code, nation in r.nations.items():
            for name, x in nation.assets.items():
                key = {"regime": regime, "nation": code, "asset": name}
                cited = dict.fromkeys(c for stage in STAGES for c in x.known.because[stage])
                _row(places, **key, population=x.population, flight=x.flight, threat=x.threat,
                     launch=x.launch, burnout_s=x.burnout_s, impact_s=x.impact_s,
                     **{stage: _finite(float(getattr(x.known, stage))) for stage in STAGES},
                     warning_s=x.warning_s, warning_p05=x.luck.p05, warning_p50=x.luck.p50,
                     warning_p95=x.luck.p95, launch_point_km=x.known.launch_point_m / 1000.0,
                     because=" ".join(cited))  # fmt: skip
                for time_s, size_m in zip(x.known.ellipse_s, x.known.ellipse_m, strict=True):
                    _row(ellipses, **key, time_s=time_s, semi_major_km=_finite(size_m) / 1000.0)
    columns = {
        "warnings": {k: _column(v) for k, v in places.items()},
        "ellipses": {k: _column(v) for k, v in ellipses.items()},
        "launches": _launches(coverage),
    }
    return Tables(columns={name: table for name, table in columns.items() if table})


def _row(table: dict[str, list[Any]], **values: Any) -> None:
    for name, value in values.items():
        table.setdefault(name, []).append(value)


def _column(values: Sequence[Any]) -> NDArray[np.generic]:
    return np.array(values, object) if isinstance(values[0], str) else np.array(values, np.float64)


def _finite(value: float) -> float:
    """Never is no number in a table."""
    return value if np.isfinite(value) else np.nan


def _launches(coverage: Sequence[FirstSight]) -> dict[str, NDArray[np.generic]]:
    table: dict[str, list[NDArray[np.generic]]] = {}
    for c in coverage:
        for regime, views in c.views.items():
            for nation, view in views.items():
                count = len(c.cells)
                report = np.where(np.isfinite(view.report_s), view.report_s, np.nan)
                for name, column in (
                    ("threat", np.full(count, c.threat, object)), ("regime", np.full(count, regime, object)),
                    ("nation", np.full(count, nation or "all sensors", object)),
                    ("latitude_deg", c.cells[:, 0]), ("longitude_deg", c.cells[:, 1]), ("report_s", report),
                    ("sensors_at_once", view.at_once),
                ):  # fmt: skip
                    table.setdefault(name, []).append(column)
    return {name: np.concatenate(parts) for name, parts in table.items()}
