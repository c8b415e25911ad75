"""What a tracker makes of measurements: tracks by time, where they come from and go, and how good that is.

The document's schema is docs/contracts/track.schema.json.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.declare import quantity, text
from synaspis.model.estimate import Count
from synaspis.model.measurement import LATEST_S, Rejection
from synaspis.model.track_quality import AirPicture, Consistency

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FARTHEST_M = 60_000e3
LEAST_SAMPLES = 10
"""With fewer tracked objects a band is too wide to tell a good filter from a poor one."""


@dataclass(frozen=True, kw_only=True)
class TruthRow:
    """One row of a table of truth: where an object was at a time, Earth-fixed."""

    time_s: float = quantity("s", "when", at_least=0, at_most=LATEST_S)
    object: str = text("its name", names="object")
    x_m: float = quantity("km", "place, Earth-fixed")
    y_m: float = quantity("km", "place, Earth-fixed")
    z_m: float = quantity("km", "place, Earth-fixed")
    vx_mps: float = quantity("mps", "velocity, Earth-fixed")
    vy_mps: float = quantity("mps", "velocity, Earth-fixed")
    vz_mps: float = quantity("mps", "velocity, Earth-fixed")


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """What there was: N objects by name, each with times (K,) that rise and ECEF states (K, 6)."""

    names: tuple[str, ...]
    times_s: tuple[Floats, ...]
    states: tuple[Floats, ...]

    def at(self, time_s: float) -> tuple[Ints, Floats]:
        """Which objects there are then (M,), and their states (M, 6): a cubic between two rows."""
        found, who = [], []
        for i, (times, states) in enumerate(zip(self.times_s, self.states, strict=True)):
            if not times[0] <= time_s <= times[-1]:
                continue
            k = min(int(np.searchsorted(times, time_s, side="right")) - 1, max(len(times) - 2, 0))
            who.append(i)
            found.append(_between(times[k : k + 2], states[k : k + 2], time_s))
        return np.array(who, np.int64), np.array(found).reshape(-1, 6)


def _between(times: Floats, states: Floats, time_s: float) -> Floats:
    if len(times) < 2 or time_s == times[0]:
        return np.asarray(states[0])
    step = times[1] - times[0]
    w = (time_s - times[0]) / step
    left, right = states
    place = (
        (2.0 * w**3 - 3.0 * w**2 + 1.0) * left[:3] + (3.0 * w**2 - 2.0 * w**3) * right[:3]
        + step * ((w**3 - 2.0 * w**2 + w) * left[3:] + (w**3 - w**2) * right[3:])
    )  # fmt: skip
    pace = (
        6.0 * (w**2 - w) / step * (left[:3] - right[:3])
        + (3.0 * w**2 - 4.0 * w + 1.0) * left[3:] + (3.0 * w**2 - 2.0 * w) * right[3:]
    )  # fmt: skip
    return np.concatenate([place, pace])


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place on the ground and a time, with its 90 % ellipse and the bearing of the long axis."""

    latitude_rad: float
    longitude_rad: float
    time_s: float
    sigma_s: float
    semi_major_m: float
    semi_minor_m: float
    bearing_rad: float


@dataclass(frozen=True, kw_only=True)
class TrackState:
    """One track at one time.

    `phases` and `classes` are chances by name; `exists` the chance that it is of something. `impact` is None
    under power, `launch` None where the track was never well known under power.
    """

    number: int
    phases: Mapping[str, float]
    classes: Mapping[str, float]
    exists: float
    latitude_rad: float
    longitude_rad: float
    height_m: float
    east_mps: float
    north_mps: float
    up_mps: float
    sigma_position_m: float
    sigma_velocity_mps: float
    launch: Spot | None
    impact: Spot | None


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How far a picture is from the truth: OSPA and GOSPA in position, and the mean normalised error squared
    of tracks on objects for each of their six numbers (1 is right), NaN where there is none."""

    ospa_m: float
    gospa_m: float
    missed: int
    false: int
    nees: float


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All confirmed tracks at one time; `count` is how many separate objects they are thought to be."""

    time_s: float
    tracks: tuple[TrackState, ...]
    count: Count
    quality: Quality | None


@dataclass(frozen=True, kw_only=True)
class Life:
    """One track from its first to its last detection, and how many each station gave."""

    number: int
    first_s: float
    last_s: float
    detections: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class StationBias:
    """What a station adds to range (m) and its two angles (rad): azimuth and elevation of a radar, the angles
    about the nadir of a satellite, towards east and north. What is not `observable` was not corrected."""

    station: str
    kind: str
    looks: int
    mean: tuple[float, ...]
    sigma: tuple[float, ...]
    observable: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good all pictures together are.

    SIAP; changes of assignment; `gospa_m`, the mean of GOSPA with a penalty for those (that of a picture has
    none); and `last_consistency`, that of the last picture, in which each tracked object is one sample.
    """

    air_picture: AirPicture
    switches: float
    gospa_m: float
    last_consistency: Consistency

    @property
    def consistent(self) -> bool | None:
        """Whether the last picture's errors are as large as it says; None where too few objects tell."""
        enough = self.last_consistency.samples + self.last_consistency.singular >= LEAST_SAMPLES
        return self.last_consistency.consistent if enough else None


@dataclass(frozen=True, kw_only=True)
class TrackingAnswer:
    """Tracks from a table of measurements, and why rows of it were not used.

    `used` rows went to the tracker. `rejected` counts rows by the reason for which they were turned away when
    read, `refused` rows and scans that the tracker did not take; `rejections` are the first of the former.
    """

    source: str
    version: str
    association: str
    stations: tuple[str, ...]
    used: int
    rejected: Mapping[str, int]
    refused: Mapping[str, int]
    rejections: tuple[Rejection, ...]
    lives: tuple[Life, ...]
    pictures: tuple[Picture, ...]
    score: Score | None
    biases: tuple[StationBias, ...] = ()
    """Where some stations were trusted: what the others add, as far as it shows."""


def document(answer: TrackingAnswer) -> dict[str, object]:
    """The JSON document: kilometres, degrees, metres per second; null where there is no figure."""
    return {
        "source": answer.source,
        "version": answer.version,
        "association": answer.association,
        "stations": list(answer.stations),
        "used": answer.used,
        "rejected": {reason: n for reason, n in answer.rejected.items() if n},
        "refused": {reason: n for reason, n in answer.refused.items() if n},
        "rejections": [{"row": r.row, "reason": r.reason, "what": r.what} for r in answer.rejections],
        "lives": [
            {"number": x.number, "first_s": x.first_s, "last_s": x.last_s, "detections": dict(x.detections)}
            for x in answer.lives
        ],
        "biases": [_bias(b) for b in answer.biases],
        "pictures": [_picture(p) for p in answer.pictures],
        "score": None if answer.score is None else _score(answer.score),
    }


def _bias(b: StationBias) -> dict[str, object]:
    """Metres and microradians; null where it does not show."""
    names = ("range_m", "first_angle_urad", "second_angle_urad")
    scales = (1.0, 1e6, 1e6)
    parts = zip(names, scales, b.mean, b.sigma, b.observable, strict=True)
    figures = {n: {"mean": k * m, "sigma": k * s} if seen else None for n, k, m, s, seen in parts}
    return {"station": b.station, "kind": b.kind, "looks": b.looks, **figures}


def _figure(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _picture(p: Picture) -> dict[str, object]:
    q = p.quality
    return {
        "time_s": p.time_s,
        "objects": {"expected": p.count.expected, "low": p.count.low, "high": p.count.high},
        "tracks": [_track(t) for t in p.tracks],
        "quality": None if q is None else {
            "ospa_m": q.ospa_m, "gospa_m": q.gospa_m, "missed": q.missed, "false": q.false,
            "nees": _figure(q.nees),
        },
    }  # fmt: skip


def _track(t: TrackState) -> dict[str, object]:
    return {
        "number": t.number,
        "phases": dict(t.phases),
        "classes": {name: _figure(chance) for name, chance in t.classes.items()},
        "exists": t.exists,
        "latitude_deg": math.degrees(t.latitude_rad),
        "longitude_deg": math.degrees(t.longitude_rad),
        "height_km": t.height_m / 1e3,
        "east_mps": t.east_mps,
        "north_mps": t.north_mps,
        "up_mps": t.up_mps,
        "sigma_position_m": t.sigma_position_m,
        "sigma_velocity_mps": t.sigma_velocity_mps,
        "launch": _spot(t.launch),
        "impact": _spot(t.impact),
    }


def _spot(s: Spot | None) -> dict[str, object] | None:
    return None if s is None else {
        "latitude_deg": math.degrees(s.latitude_rad),
        "longitude_deg": math.degrees(s.longitude_rad),
        "time_s": s.time_s,
        "sigma_s": s.sigma_s,
        "semi_major_km": s.semi_major_m / 1e3,
        "semi_minor_km": s.semi_minor_m / 1e3,
        "bearing_deg": math.degrees(s.bearing_rad),
    }  # fmt: skip


def _score(s: Score) -> dict[str, object]:
    a, c = s.air_picture, s.last_consistency
    return {
        "completeness": _figure(a.completeness),
        "ambiguity": _figure(a.ambiguity),
        "spuriousness": _figure(a.spuriousness),
        "position_m": _figure(a.position_m),
        "velocity_mps": _figure(a.velocity_mps),
        "number_changes_per_s": _figure(a.number_changes_per_s),
        "longest_segment": _figure(a.longest_segment),
        "switches": s.switches,
        "gospa_m": _figure(s.gospa_m),
        "last_nees": {
            "mean": _figure(c.mean), "low": _figure(c.low), "high": _figure(c.high), "samples": c.samples,
            "consistent": s.consistent,
        },
    }  # fmt: skip
