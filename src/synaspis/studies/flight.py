"""One trajectory of a class between two places: how long, how high, how fast, and over whom.

Out of it go times, heights, speeds and the ground track. The kernels' inner unknowns stay there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.flights import Order, prescribed
from synaspis.engine.flights import fly as fly_orders
from synaspis.errors import UnreachableError
from synaspis.kernels.earth import MEAN_RADIUS_M, geodetic_from_ecef
from synaspis.kernels.flight import propagate
from synaspis.kernels.geodesic import geodesic
from synaspis.model.answers import FlyAnswer, Stretch
from synaspis.model.borders import Borders
from synaspis.model.threat import Threat
from synaspis.studies import overflight

Floats = NDArray[np.float64]
Degrees = tuple[float, float]

STEP_S = 1.0
TRACK_SPACING_M = 1000.0
REENTRY_M = 100_000.0
"""Height at which the re-entry angle is taken; flights that stay below it have theirs at the ground."""
NEAREST_M = 1000.0
MOST_POINTS = 240
_FINE_STEPS = 64

GENERIC = "The class is generic, from public figures: it stands for no particular missile."
MAP = (
    "Borders are drawn at 1:50 million and may be some kilometres off; disputed areas go to whom the map "
    "draws them with, which is no view on their status. Territorial seas are not counted."
)


@dataclass(frozen=True)
class _Flown:
    """A flight from launch to impact: times (K,), states (K, 6), the last at impact; `burnout` (6,)."""

    times: Floats
    states: Floats
    burnout_s: float
    burnout: Floats
    closure_m: float


def distance_m(start: Degrees, end: Degrees) -> float:
    """Length of the geodesic; where the places are nearly antipodal, of the great circle."""
    lat1, lon1, lat2, lon2 = (math.radians(x) for x in (*start, *end))
    found = geodesic(lat1, lon1, lat2, lon2)[0]
    if not math.isnan(found):
        return found
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return MEAN_RADIUS_M * math.acos(max(-1.0, min(1.0, cosine)))


def fly(
    threat: Threat,
    start: Degrees,
    end: Degrees,
    shape: str,
    borders: Borders,
    via: tuple[Degrees, ...] = (),
) -> FlyAnswer:
    """Fly `threat` from `start` to `end`, (latitude, longitude) in degrees, both at height 0.

    `shape` is one of `SHAPES`; a prescribed profile has none but its own. `via` are the waypoints of a cruise
    missile. UnreachableError, with the reach, where the class does not get there.
    """
    if distance_m(start, end) < NEAREST_M:
        raise _out_of_reach(threat, start, end, threat.range_m)
    order = Order(threat, _radians(start), _radians(end), shape, tuple(map(_radians, via)))
    flown = _prescribed(order, start, end) if threat.prescribed else _flown(order, start, end)
    track = _track(flown)
    found = overflight.stretches(borders, track)
    height, angle = _reentry(flown, track)
    return FlyAnswer(
        threat=threat.name,
        title=threat.title,
        status=threat.status,
        shape=threat.flight if threat.prescribed else shape,
        start=start,
        end=end,
        distance_km=distance_m(start, end) / 1000.0,
        time_s=float(flown.times[-1]),
        apogee_km=float(track[:, 3].max()),
        burnout_time_s=flown.burnout_s,
        burnout_speed_mps=_speed(flown.burnout),
        impact_speed_mps=_speed(flown.states[-1]),
        reentry_angle_deg=angle,
        reentry_height_km=height / 1000.0,
        closure_error_m=flown.closure_m,
        track_km=overflight.length_km(track),
        overflown=overflight.nations(found),
        stretches=found,
        points=_thinned(track),
        borders=borders.source,
        notes=_notes(borders, start, end, found),
    )


def _radians(place: Degrees) -> Degrees:
    return math.radians(place[0]), math.radians(place[1])


def _flown(order: Order, start: Degrees, end: Degrees) -> _Flown:
    f, threat = fly_orders([order], STEP_S), order.threat
    times, states, burnout_s, impact_s = f.times, f.states, f.burnout_s, f.impact_s
    if math.isnan(impact_s[0]):
        raise _out_of_reach(threat, start, end, float(f.reach_m[0]))
    beta = np.array([threat.ballistic_coefficient_kgpm2])
    last = int(np.flatnonzero(np.isfinite(states[0, :, 0]))[-1])
    impact = _moved(states[0, last], float(impact_s[0] - times[last]), beta)
    # The first sample in free flight, flown back: at the sample before burnout the motor still burns.
    first = min(last, math.ceil(burnout_s[0] / STEP_S))
    burnout = _moved(states[0, first], float(burnout_s[0] - times[first]), beta)
    return _Flown(
        np.append(times[: last + 1], impact_s[0]),
        np.concatenate([states[0, : last + 1], impact[None]]),
        float(burnout_s[0]),
        burnout,
        float(f.closure_m[0]),
    )


def _prescribed(order: Order, start: Degrees, end: Degrees) -> _Flown:
    found = prescribed(order)
    if not len(found.rows):
        raise _out_of_reach(order.threat, start, end, found.reach_m)
    end_s = float(found.rows[-1, 0])
    times = np.append(np.arange(math.ceil(end_s / STEP_S)) * STEP_S, end_s)
    burnout = found.states(np.array([found.burnout_s]))[0]
    return _Flown(times, found.states(times), found.burnout_s, burnout, found.closure_m)


def _moved(state: Floats, by_s: float, beta: Floats) -> Floats:
    return propagate(state[None, :].copy(), beta, by_s / _FINE_STEPS, _FINE_STEPS)[0]


def _out_of_reach(threat: Threat, start: Degrees, end: Degrees, reach_m: float) -> UnreachableError:
    away_m = distance_m(start, end)
    what = f"{threat.name} does not fly from {said(start)} to {said(end)}, {away_m / 1000:,.0f} km away"
    if reach_m > away_m:
        return UnreachableError(f"{what}: too near for it\n    mend: take a place farther off", reach_m)
    that_way = "" if math.isnan(reach_m) else f": that way it flies {reach_m / 1000:,.0f} km"
    if that_way and not threat.prescribed and away_m <= threat.range_m:
        that_way += f" (its {threat.range_m / 1000:,.0f} km are those of an Earth that does not turn)"
    return UnreachableError(
        f"{what}{that_way}\n    mend: take a nearer place, or a class of longer range", reach_m
    )


def said(place: Degrees) -> str:
    """`39.28 N 125.87 E`."""
    latitude, longitude = place[0], (place[1] + 180.0) % 360.0 - 180.0
    return f"{abs(latitude):.2f} {'NS'[latitude < 0]} {abs(longitude):.2f} {'EW'[longitude < 0]}"


def _track(flown: _Flown) -> Floats:
    """(N, 4): time s, latitude and longitude deg, altitude km; points at most TRACK_SPACING_M apart.

    Between samples a cubic through both ends' positions and velocities: within millimetres in free flight.
    """
    times, states = flown.times, flown.states
    steps = np.diff(times)
    widest = float(np.linalg.norm(np.diff(states[:, :3], axis=0), axis=1).max())
    parts = max(1, math.ceil(widest / TRACK_SPACING_M))
    u = (np.arange(parts) / parts)[None, :, None]
    a, b = states[:-1, None, :3], states[1:, None, :3]
    va, vb = states[:-1, None, 3:] * steps[:, None, None], states[1:, None, 3:] * steps[:, None, None]
    bend, pull = va - (b - a), -vb + (b - a)
    inner = (1 - u) * a + u * b + u * (1 - u) * ((1 - u) * bend + u * pull)
    points = np.concatenate([inner.reshape(-1, 3), states[-1:, :3]])
    when = np.append((times[:-1, None] + steps[:, None] * u[:, :, 0]).ravel(), times[-1])
    geodetic = geodetic_from_ecef(np.ascontiguousarray(points))
    return np.column_stack([when, np.degrees(geodetic[:, :2]), geodetic[:, 2] / 1000.0])


def _speed(state: Floats) -> float:
    return float(np.linalg.norm(state[3:]))


def _reentry(flown: _Flown, track: Floats) -> tuple[float, float]:
    """Height (m) and angle below the level (deg) of re-entry."""
    height_m = 1000.0 * np.interp(flown.times, track[:, 0], track[:, 3])
    high = np.flatnonzero(height_m >= REENTRY_M)
    if high.size == 0:
        return 0.0, _angle_deg(flown.states[-1])
    i = int(high[-1])
    share = (height_m[i] - REENTRY_M) / (height_m[i] - height_m[i + 1])
    return REENTRY_M, (1.0 - share) * _angle_deg(flown.states[i]) + share * _angle_deg(flown.states[i + 1])


def _angle_deg(state: Floats) -> float:
    """How steeply a state descends, against the level of the ellipsoid."""
    latitude, longitude, _ = geodetic_from_ecef(state[None, :3].copy())[0]
    up = np.array(
        [
            math.cos(latitude) * math.cos(longitude),
            math.cos(latitude) * math.sin(longitude),
            math.sin(latitude),
        ]
    )
    return math.degrees(math.asin(-float(up @ state[3:]) / _speed(state)))


def _thinned(track: Floats) -> Floats:
    """At most MOST_POINTS rows, the first, the highest and the last among them."""
    rows = np.linspace(0, len(track) - 1, min(len(track), MOST_POINTS - 1)).round().astype(int)
    return track[np.unique(np.append(rows, int(track[:, 3].argmax())))]


def _notes(borders: Borders, start: Degrees, end: Degrees, found: tuple[Stretch, ...]) -> tuple[str, ...]:
    ashore = overflight.on_land(borders, (start, end))
    at_sea = [
        f"The {what} place, {said(place)}, lies at sea: in no nation's land."
        for what, place, land in zip(("launch", "target"), (start, end), ashore, strict=True)
        if not land
    ]
    bare = dict.fromkeys(s.name for s in found if not s.nation)
    disputed = [f"{name} is claimed by more than one state and counted to none." for name in bare]
    return (*at_sea, *disputed, GENERIC, MAP)
