"""Who is warned, and when: the answer of `synaspis warn` and its stable document.

The document's schema is docs/contracts/warn.schema.json.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Flight, SiteMark, Tables, Warning

STAGES = (
    "alert_s", "class_s", "impact_50km_s", "impact_10km_s", "impact_1km_s", "track_s", "fire_control_s",
    "defended_s", "warned_s",
)  # fmt: skip
"""What a nation comes to know of a launch, as seconds after it; inf for never."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What one nation knows of one flight: all times in seconds after its launch, inf for never.

    `alert_s` first report of the launch; `class_s` range class told; `impact_*_s` 90 % ellipse of the impact
    point within so much; `track_s` a track good enough; `fire_control_s` first launch that a fire-control
    track allows one of the nation's own batteries, `defended_s` any battery with a mandate for the place;
    `warned_s` people hear of it in time. `because` holds the clauses that each of these rests on.
    `launch_point_m` is the semi-major axis of the 90 % ellipse of the launch point at the first infrared
    report that the nation gets, `launch_point_s`; NaN and inf without one.
    """

    alert_s: float
    class_s: float
    impact_50km_s: float
    impact_10km_s: float
    impact_1km_s: float
    track_s: float
    fire_control_s: float
    defended_s: float
    warned_s: float
    because: Mapping[str, tuple[str, ...]]
    launch_point_s: float
    launch_point_m: float
    ellipse_s: tuple[float, ...]
    ellipse_m: tuple[float, ...]
    """Semi-major axis of the 90 % ellipse of the impact point at `ellipse_s`; inf where it is not known."""


@dataclass(frozen=True, kw_only=True)
class AssetWarning:
    """One attacked place: what its nation knows of the missile that comes down there first.

    `warning_s` is the warning if every first scan detects (no luck), `luck` its percentiles over trials;
    zero where nobody is warned in time.
    """

    population: float
    flight: str
    threat: str
    launch: str
    impact_s: float
    burnout_s: float
    known: Known
    warning_s: float
    luck: Warning


@dataclass(frozen=True, kw_only=True)
class NationWarning:
    """One nation under one regime. People are means over trials; `luck` is weighted by population."""

    assets: Mapping[str, AssetWarning]
    population_attacked: float
    warned_people: Mapping[int, float]
    warned_needlessly: float
    luck: Warning


@dataclass(frozen=True, kw_only=True)
class RegimeWarning:
    """One regime."""

    title: str
    nations: Mapping[str, NationWarning]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the headline regime changes for one place, against the regime it is held against."""

    nation: str
    asset: str
    stage: str
    before_s: float
    after_s: float
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    """How one nation sees launches from each cell under one regime.

    report_s (C,) seconds from launch to its first report, inf for never; at_once (C,) the most sensors
    whose reports it gets and that see the missile at the same time, while it burns.
    """

    report_s: NDArray[np.float64]
    at_once: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class FirstSight:
    """A missile of one class rising straight up from each cell of a grid, until it burns out.

    cells (C, 2) latitude and longitude of the middles, degrees; `cell_deg` their width.
    views[regime][nation]; the nation "" stands for all working sensors, as if one held them.
    """

    threat: str
    title: str
    burn_s: float
    burnout_km: float
    cell_deg: float
    cells: NDArray[np.float64]
    views: Mapping[str, Mapping[str, View]]


@dataclass(frozen=True, kw_only=True)
class Constellation:
    """Satellites taken together: how many of them see each cell of the Earth over a day.

    `coverage_min` at the worst cell and time, `coverage_mean` over time and area; `worst_gap_s` is the
    longest that any cell is seen by fewer than two, `stereo_share` the share seen by two or more.
    """

    satellites: int
    coverage_min: int
    coverage_mean: float
    persistent_stereo: bool
    stereo_share: float
    worst_gap_s: float


@dataclass(frozen=True, kw_only=True)
class WarnAnswer:
    """Everything that `synaspis warn` found."""

    case: str
    title: str
    date: str
    version: str
    seed: int
    trials: int
    headline: str
    against: str
    regimes: Mapping[str, RegimeWarning]
    changes: tuple[Change, ...]
    coverage: tuple[FirstSight, ...]
    constellations: Mapping[str, Constellation]
    flights: tuple[Flight, ...]
    sites: tuple[SiteMark, ...]
    tables: Tables
    notes: tuple[str, ...] = field(default=())


def document(answer: WarnAnswer) -> dict[str, object]:
    """The JSON document of `warn --json`: times as numbers of seconds, null for never."""
    return {
        "case": answer.case,
        "title": answer.title,
        "date": answer.date,
        "version": answer.version,
        "seed": answer.seed,
        "trials": answer.trials,
        "headline": answer.headline,
        "against": answer.against,
        "regimes": {
            name: {
                "title": r.title,
                "nations": {code: _nation(n) for code, n in r.nations.items()},
            }
            for name, r in answer.regimes.items()
        },
        "changes": [
            {
                "nation": c.nation,
                "asset": c.asset,
                "what": c.stage,
                "before_s": _time(c.before_s),
                "after_s": _time(c.after_s),
                "because": list(c.because),
            }
            for c in answer.changes
        ],
        "coverage": {c.threat: _coverage(c) for c in answer.coverage},
        "constellations": {name: dict(vars(c)) for name, c in answer.constellations.items()},
    }


def _nation(n: NationWarning) -> dict[str, object]:
    return {
        "population_attacked": n.population_attacked,
        "warning_s": _luck(n.luck),
        "warned_people": {str(s): people for s, people in n.warned_people.items()},
        "warned_needlessly": n.warned_needlessly,
        "assets": {name: _asset(a) for name, a in n.assets.items()},
    }


def _asset(a: AssetWarning) -> dict[str, object]:
    known = a.known
    cited = dict.fromkeys(c for stage in STAGES for c in known.because.get(stage, ()))
    return {
        "population": a.population,
        "flight": a.flight,
        "threat": a.threat,
        "launch": a.launch,
        "burnout_s": _time(a.burnout_s),
        "impact_s": _time(a.impact_s),
        **{stage: _time(float(getattr(known, stage))) for stage in STAGES},
        "warning_s": _time(a.warning_s),
        "warning_luck_s": _luck(a.luck),
        "launch_point_s": _time(known.launch_point_s),
        "launch_point_km": _kilometres(known.launch_point_m),
        "impact_ellipse": [
            {"time_s": _time(t), "semi_major_km": _kilometres(m)}
            for t, m in zip(known.ellipse_s, known.ellipse_m, strict=True)
        ],
        "because": list(cited),
        "rests_on": {stage: list(known.because[stage]) for stage in STAGES if known.because.get(stage)},
    }


def _luck(w: Warning) -> dict[str, float]:
    return {"p05": round(w.p05, 2), "p50": round(w.p50, 2), "p95": round(w.p95, 2)}


def _coverage(c: FirstSight) -> dict[str, object]:
    return {
        "burn_s": _time(c.burn_s),
        "burnout_km": round(c.burnout_km, 1),
        "cell_deg": c.cell_deg,
        "cells": len(c.cells),
        "regimes": {
            regime: {code: seen_by(v) for code, v in views.items() if code}
            for regime, views in c.views.items()
        },
    }


def seen_by(v: View) -> dict[str, object]:
    """Shares of cells seen at all and by two sensors at once, and the spread of times to the first report."""
    seen = np.isfinite(v.report_s)
    times: Sequence[float] = np.sort(v.report_s[seen]).tolist()
    return {
        "seen": float(seen.mean()),
        "stereo": float((v.at_once >= 2).mean()),
        "report_median_s": _time(times[len(times) // 2]) if times else None,
        "report_last_s": _time(times[-1]) if times else None,
    }


def _time(seconds: float) -> float | None:
    """To a hundredth: the grid that times are found on is a sixty-fourth."""
    return round(seconds, 2) + 0.0 if math.isfinite(seconds) else None


def _kilometres(metres: float) -> float | None:
    return round(metres / 1000.0, 3) if math.isfinite(metres) else None
