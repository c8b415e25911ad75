"""A boost-phase layer in orbit: the answer of `synaspis plan CASE --constellation` and its stable document.

The document's schema is docs/contracts/boost-layer.schema.json. Bands are the 5th and 95th percentile over
draws of the public figures; infinity, where no number of satellites is enough, becomes null.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from synaspis.model.answers import Band
from synaspis.model.space_interceptor import SpaceInterceptor

IN_REACH = "in reach"
VERDICTS = {
    IN_REACH: "interceptors in reach can meet it",
    "too late": "it has burnt out before an interceptor could leave its orbit",
    "too low": "it is met, if at all, below the lowest height at which interceptors work",
    "too far": "an interceptor straight above it would not come down to it in time",
    "no orbit": "no orbit of this inclination passes near enough",
}
"""Whether a launch can be met, and if not why."""


ASSURED = 0.95
"""Share of times that counts as always."""


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """How many of a Walker pattern's satellites are in reach of one launch, over the times of a day.

    `enough` is the share of times with as many as the engagements need. `burning` is the mean number that
    could meet the missile at some moment of its burn, not only at the last; NaN where that was not asked.
    """

    mean: float
    least: int
    p05: float
    p50: float
    most: int
    enough: float
    burning: float


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """One launch: a class out of a launch area, or the missile that the study takes for its measure.

    `in_reach` counts interceptors of the constellation; `satellites` are those needed for the engagements.
    `radius_m` is how far to the side of the missile the reach goes at the height of the orbits.
    """

    area: str
    nation: str
    threat: str
    latitude_deg: float
    burn_s: float
    height_m: float
    flight_s: float
    radius_m: float
    verdict: str
    in_reach: Band
    satellites: Band
    simulated: Simulated | None


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Satellites needed against the study's missile as one figure changes and the others stay."""

    name: str
    unit: str
    values: tuple[float, ...]
    satellites: tuple[Band, ...]
    at: float
    """Where the study's own figure lies."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What so many satellites cost over the study's years, millions of dollars; None where no price is known.

    `generations` is how often each place in orbit is filled; acquisition is procurement and launch.
    """

    satellites: float
    years: float | None
    generations: float
    procurement: Band | None
    launch: Band | None
    operation: Band | None
    acquisition: Band | None
    total: Band | None


@dataclass(frozen=True, kw_only=True)
class BoostAnswer:
    """Everything that `synaspis plan --constellation` found."""

    case: str
    title: str
    date: str
    version: str
    seed: int
    trials: int
    """Draws of the public figures behind the bands."""
    regimes: tuple[str, ...]
    """Those of the case; none of them changes this answer."""
    interceptor: SpaceInterceptor
    engagements: int
    satellites: int
    """Of the constellation: as the study publishes, else as its own missile needs."""
    planes: int
    share: float
    """Of the constellation that is in reach of the study's missile."""
    assured: int | None
    """Satellites of the first even pattern tried that has enough in reach at ASSURED of times, if any."""
    reference: Engagement
    launches: tuple[Engagement, ...]
    sweeps: tuple[Sweep, ...]
    latitudes_deg: tuple[float, ...]
    by_latitude: tuple[float, ...]
    """Interceptors of the constellation in reach of the study's missile, were it launched there."""
    published: Cost
    asked: Cost | None
    """For the satellites that the engagements need; None where no number is enough."""
    notes: tuple[str, ...] = field(default=())

    @property
    def needed(self) -> int:
        """Interceptors that the engagements take at once."""
        return self.engagements * self.interceptor.shots

    @property
    def absentee_ratio(self) -> float:
        """Satellites in orbit for each one in reach; inf where there is none."""
        return 1.0 / self.share if self.share > 0.0 else math.inf


def document(answer: BoostAnswer) -> dict[str, object]:
    """The JSON document of `plan --constellation --json`."""
    i = answer.interceptor
    return {
        "case": answer.case,
        "title": answer.title,
        "date": answer.date,
        "version": answer.version,
        "interceptor": {
            "name": i.name,
            "title": i.title,
            "fly_out_kmps": i.fly_out_mps / 1000.0,
            "detection_s": i.detection_s,
            "decision_s": i.decision_s,
            "altitude_km": i.altitude_m / 1000.0,
            "inclination_deg": round(math.degrees(i.inclination_rad), 6),
            "shots": i.shots,
        },
        "engagements": answer.engagements,
        "interceptors_needed": answer.needed,
        "constellation": {
            "satellites": answer.satellites,
            "planes": answer.planes,
            "absentee_ratio": _finite(answer.absentee_ratio, 1),
        },
        "assured": {"share": ASSURED, "satellites": answer.assured},
        "reference": _engagement(answer.reference),
        "launches": [_engagement(e) for e in answer.launches],
        "sweeps": {s.name: _sweep(s) for s in answer.sweeps},
        "by_latitude": [
            {"latitude_deg": lat, "in_reach": round(n, 4)}
            for lat, n in zip(answer.latitudes_deg, answer.by_latitude, strict=True)
        ],
        "cost": {
            "constellation": _cost(answer.published),
            "asked": None if answer.asked is None else _cost(answer.asked),
            "published": {
                "acquisition_musd": i.published_acquisition_musd,
                "total_musd": i.published_total_musd,
                "programme_musd": i.published_programme_musd,
            },
        },
        "notes": list(answer.notes),
    }


def _engagement(e: Engagement) -> dict[str, object]:
    return {
        "area": e.area,
        "nation": e.nation,
        "threat": e.threat,
        "latitude_deg": round(e.latitude_deg, 3),
        "burn_s": round(e.burn_s, 2),
        "height_km": round(e.height_m / 1000.0, 1),
        "flight_s": round(e.flight_s, 2),
        "radius_km": round(e.radius_m / 1000.0, 1),
        "verdict": e.verdict,
        "in_reach": _band(e.in_reach, 3),
        "satellites": _band(e.satellites, 0),
        "simulated": None if e.simulated is None else _simulated(e.simulated),
    }


def _simulated(s: Simulated) -> dict[str, object]:
    told: Mapping[str, float] = vars(s)
    return {key: _finite(value, 4) for key, value in told.items()}


def _sweep(s: Sweep) -> dict[str, object]:
    points = [{"at": round(at, 4), **_band(b, 0)} for at, b in zip(s.values, s.satellites, strict=True)]
    return {"unit": s.unit, "study": round(s.at, 4), "satellites": points}


def _cost(c: Cost) -> dict[str, object]:
    parts = ("procurement", "launch", "operation", "acquisition", "total")
    told = {p: getattr(c, p) for p in parts}
    return {
        "satellites": _finite(c.satellites, 0),
        "years": c.years,
        "generations": c.generations,
        **{f"{p}_musd": None if b is None else _band(b, 1) for p, b in told.items()},
    }


def _band(b: Band, digits: int) -> dict[str, float | None]:
    return {"value": _finite(b.value, digits), "low": _finite(b.low, digits), "high": _finite(b.high, digits)}


def _finite(value: float, digits: int) -> float | None:
    """Rounded; None where no number is."""
    return round(value, digits) + 0.0 if math.isfinite(value) else None
