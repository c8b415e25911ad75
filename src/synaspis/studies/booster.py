"""A generic booster scaled to a flight: flown, fitted to an apogee and a place, and flown as far as it goes.

The booster is the catalogue's, as ratios; its one free figure is the ideal speed of its stages, which
sets their masses. How it is turned to fit a claim is an inner unknown and goes no further than here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.boost import boost
from synaspis.kernels.earth import (
    EQUATORIAL_RADIUS_M,
    GRAVITY_M3PS2,
    J2,
    ROTATION_RADPS,
    STANDARD_GRAVITY_MPS2,
    ecef_from_geodetic,
    enu_axes,
    geodetic_from_ecef,
)
from synaspis.kernels.flight import LONGEST_FLIGHT_S, fall
from synaspis.kernels.geodesic import geodesic, geodesic_point
from synaspis.model.booster import Booster
from synaspis.model.reconstruction import HALF_EARTH_M, Profile

Floats = NDArray[np.float64]

_LAUNCH_KG = 1000.0  # any: masses count only as shares of it
_STEP_S = 0.5
_CLOSE_M = 50.0
_ROUNDS = 14
_HALVINGS = 6
_DIFFERENCES = (1.0, 1e-4, 1e-4)
_LONGEST_STEPS = (700.0, 0.15, 0.15)
_LOWEST_LOFT = math.radians(4.0)
_LEAST_LEFT = 0.002
# Shares of the ellipse's lean and speeds lost, tried in turn.
_GUESSES = ((1.0, 1200.0), (0.9, 2000.0), (1.0, 500.0), (0.7, 1200.0), (0.5, 2000.0), (0.9, 3500.0))
# The lofts among which the farthest flight is looked for: a coarse look, then golden sections.
_LOFTS = np.radians(np.arange(8.0, 60.0, 6.0))
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
_GOLDEN_ROUNDS = 9


@dataclass(frozen=True)
class Pad:
    """Where it flies from: radians, and the turn (rad/s) and oblateness of the Earth taken there."""

    latitude: float
    longitude: float
    rotation: float = ROTATION_RADPS
    j2: float = J2


STILL = Pad(0.0, 0.0, 0.0, 0.0)
"""The equator of an Earth that does not turn."""


@dataclass(frozen=True)
class Flown:
    """One flight to the ground: SI and radians. `rows` (K, 6) are states every `every_s`."""

    apogee_m: float
    latitude: float
    longitude: float
    time_s: float
    burn_s: float
    left_share: float
    burnout: Floats
    every_s: float
    rows: Floats


@dataclass(frozen=True)
class Fit:
    """The flight that fits: its booster, ideal speed (m/s), and the flight itself."""

    booster: Booster
    speed_mps: float
    flown: Flown


def stage_table(booster: Booster, speed_mps: float) -> tuple[Floats, float] | None:
    """Stages (n, 4) as `kernels.boost` reads them and the mass left at burnout, for an ideal speed.

    Tsiolkovsky's equation, stage by stage. None where nothing would be left.
    """
    shares = sum(stage.speed_share for stage in booster.stages)
    table = np.zeros((len(booster.stages), 4))
    mass = 1.0
    for i, stage in enumerate(booster.stages):
        jet = stage.specific_impulse_s * STANDARD_GRAVITY_MPS2
        propellant = mass * (1.0 - math.exp(-speed_mps * stage.speed_share / shares / jet))
        burn = propellant * stage.specific_impulse_s / (stage.thrust_to_weight * mass)
        dropped = booster.dropped_share * propellant if i + 1 < len(booster.stages) else 0.0
        table[i] = burn, propellant * _LAUNCH_KG, dropped * _LAUNCH_KG, stage.specific_impulse_s
        mass -= propellant + dropped
        if not mass > _LEAST_LEFT:
            return None
    return table, mass * _LAUNCH_KG


def fly(
    booster: Booster, pad: Pad, speed_mps: float, tilt: tuple[float, float], every_s: float
) -> Flown | None:
    """One flight; `tilt` leans the thrust from the vertical, rad to the east and north.

    None where it has no mass left, meets the ground under power or never comes down.
    """
    made = stage_table(booster, speed_mps)
    lean = math.hypot(*tilt)
    if made is None or lean > 0.5 * math.pi - _LOWEST_LOFT:
        return None
    table, left_kg = made
    place = np.array([[pad.latitude, pad.longitude, 0.0]])
    state = np.zeros(6)
    state[:3] = ecef_from_geodetic(place)[0]
    east, north, up = enu_axes(place)[0]
    ahead = (tilt[0] * east + tilt[1] * north) / lean if lean > 0.0 else north
    diameter = math.sqrt(4.0 * _LAUNCH_KG / (math.pi * booster.sectional_load_kgpm2))
    rows = np.empty((int(LONGEST_FLIGHT_S / every_s) + 1, 6))
    burn_s = boost(
        state, np.concatenate([ahead, up]), table, left_kg, diameter, 0.5 * math.pi - lean,
        float(table[:, 0].sum()), _STEP_S, pad.rotation, pad.j2, every_s, rows,
    )  # fmt: skip
    if burn_s < 0.0:
        return None
    powered = np.vstack([rows[1 : int(burn_s / every_s) + 1, :3], state[:3]])
    if not (np.isfinite(state).all() and geodetic_from_ecef(powered)[:, 2].min() > 0.0):
        return None
    burnout = state.copy()
    time_s = fall(
        state,
        burn_s,
        1.0 / booster.ballistic_coefficient_kgpm2,
        0.0,
        pad.rotation,
        pad.j2,
        1.0,
        every_s,
        rows,
    )
    if math.isnan(time_s):
        return None
    end = geodetic_from_ecef(state[None, :3])[0]
    rows = rows[: int(time_s / every_s) + 1]
    if rows.shape[0] < 3:
        return None
    return Flown(
        _apogee_m(rows), float(end[0]), float(end[1]), time_s, burn_s, left_kg / _LAUNCH_KG, burnout, every_s,
        np.vstack([rows, state]),
    )  # fmt: skip


def _apogee_m(rows: Floats) -> float:
    """The top of the parabola through the highest row and its neighbours."""
    height = geodetic_from_ecef(np.ascontiguousarray(rows[:, :3]))[:, 2]
    k = int(np.argmax(height))
    if k in (0, height.size - 1):
        return float(height[k])
    before, top, after = height[k - 1 : k + 2]
    return float(top - (after - before) ** 2 / (8.0 * (before - 2.0 * top + after)))


def sampling_s(apogee_m: float) -> float:
    """Seconds between rows: some hundreds over a flight of this apogee."""
    return 2.0 if apogee_m < 400e3 else 10.0


def fit(booster: Booster, pad: Pad, apogee_m: float, range_m: float, bearing: float) -> Fit | None:
    """The flight of `booster` with that apogee which lands at that distance and bearing; None if none.

    Newton's method in ideal speed and lean, with differences for slopes.
    """
    latitude, longitude, _ = geodesic_point(pad.latitude, pad.longitude, bearing, range_m)
    every_s = sampling_s(apogee_m)

    def miss(x: Floats) -> tuple[Floats, Flown] | None:
        flown = fly(booster, pad, float(x[0]), (float(x[1]), float(x[2])), every_s)
        if flown is None:
            return None
        away, azimuth, _ = geodesic(latitude, longitude, flown.latitude, flown.longitude)
        gap = np.array([flown.apogee_m - apogee_m, away * math.sin(azimuth), away * math.cos(azimuth)])
        return (gap, flown) if np.isfinite(gap).all() else None

    for x in _starts(apogee_m, range_m, bearing):
        now = miss(x)
        for _ in range(_ROUNDS):
            if now is None:
                break
            if np.abs(now[0]).max() < _CLOSE_M:
                return Fit(booster, float(x[0]), now[1])
            x, now = _newton(miss, x, now)
    return None


Miss = tuple[Floats, Flown]


def _starts(apogee_m: float, range_m: float, bearing: float) -> Iterator[Floats]:
    """Ideal speeds and leans to begin with: those of the ellipse from the ground, and guesses at losses."""
    radius = EQUATORIAL_RADIUS_M
    axis, e = ellipse(radius, radius + apogee_m, range_m / radius)
    speed = math.sqrt(GRAVITY_M3PS2 * (2.0 / radius - 1.0 / axis))
    level = math.sqrt(GRAVITY_M3PS2 * axis * (1.0 - e * e)) / radius
    lean = math.asin(min(1.0, level / speed))
    for share, lost in _GUESSES:
        yield np.array([speed + lost, share * lean * math.sin(bearing), share * lean * math.cos(bearing)])


def ellipse(radius: float, apogee: float, angle: float) -> tuple[float, float]:
    """Semi-major axis and eccentricity from `radius` over the apogee's radius to `radius`, `angle` away."""
    e = (apogee - radius) / (apogee - radius * math.cos(0.5 * angle))
    return apogee / (1.0 + e), e


def _newton(miss: Callable[[Floats], Miss | None], x: Floats, now: Miss) -> tuple[Floats, Miss | None]:
    """One step, halved until it flies and does not make the worst miss much worse."""
    slopes = np.empty((3, 3))
    for c, move in enumerate(_DIFFERENCES):
        beside = x.copy()
        beside[c] += move
        there = miss(beside)
        if there is None:
            return x, None
        slopes[:, c] = (there[0] - now[0]) / move
    try:
        step = -np.linalg.solve(slopes, now[0])
    except np.linalg.LinAlgError:
        return x, None
    step *= min(1.0, *(most / max(abs(s), 1e-12) for most, s in zip(_LONGEST_STEPS, step, strict=True)))
    worst = np.abs(now[0]).max()
    for _ in range(_HALVINGS):
        there = miss(x + step)
        if there is not None and np.abs(there[0]).max() < 1.5 * worst:
            return x + step, there
        step = 0.5 * step
    return x, None


def farthest(booster: Booster, pad: Pad, speed_mps: float, bearing: float) -> tuple[float, Flown | None]:
    """Ground range (m) of the farthest flight with that ideal speed, and the flight.

    HALF_EARTH_M, with the flight that comes nearest to it, where it goes half round the Earth or farther.
    """
    flights: dict[float, tuple[float, Flown | None]] = {}

    def reach(loft: float) -> float:
        lean = 0.5 * math.pi - loft
        tilt = (lean * math.sin(bearing), lean * math.cos(bearing))
        flown = fly(booster, pad, speed_mps, tilt, 2.0 if speed_mps < 4000.0 else 10.0)
        flights[loft] = _ground_m(pad, flown), flown
        return flights[loft][0]

    best = int(np.argmax([reach(float(loft)) for loft in _LOFTS]))
    low, high = float(_LOFTS[max(0, best - 1)]), float(_LOFTS[min(_LOFTS.size - 1, best + 1)])
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = reach(left), reach(right)
    for _ in range(_GOLDEN_ROUNDS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = reach(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = reach(right)
    return max(flights.values(), key=lambda f: f[0])


def _ground_m(pad: Pad, flown: Flown | None) -> float:
    """Ground distance flown, half the Earth at most; 0 for no flight."""
    if flown is None:
        return 0.0
    if _turned(flown) >= math.pi:
        return HALF_EARTH_M
    return _apart_m(pad, flown.latitude, flown.longitude)


def _apart_m(pad: Pad, latitude: float, longitude: float) -> float:
    """Geodesic distance from the pad; half the Earth where that does not settle, close to the antipode."""
    apart = float(geodesic(pad.latitude, pad.longitude, latitude, longitude)[0])
    return HALF_EARTH_M if math.isnan(apart) else apart


def _turned(flown: Flown) -> float:
    """Angle about the Earth's centre along the ground, from launch to impact."""
    unit = flown.rows[:, :3] / np.linalg.norm(flown.rows[:, :3], axis=1)[:, None]
    across = np.linalg.norm(np.cross(unit[:-1], unit[1:]), axis=1)
    return float(np.arctan2(across, np.sum(unit[:-1] * unit[1:], axis=1)).sum())


def surface_speed_mps(pad: Pad, flown: Flown) -> float:
    """Surface-equivalent burnout speed: that with which it would have to leave the pad, were there no air.

    Speed over the ground, from the energy that free flight keeps in the turning frame (Jacobi's
    integral, Bate, Mueller & White chapter 1 with the centrifugal potential), without J2.
    """
    start = ecef_from_geodetic(np.array([[pad.latitude, pad.longitude, 0.0]]))[0]

    def potential(at: Floats) -> float:
        spin = 0.5 * pad.rotation**2 * (at[0] ** 2 + at[1] ** 2)
        return float(-GRAVITY_M3PS2 / np.linalg.norm(at[:3]) - spin)

    speed2 = float(np.sum(flown.burnout[3:] ** 2)) + 2.0 * (potential(flown.burnout) - potential(start))
    return math.sqrt(max(0.0, speed2))


def with_more_left(booster: Booster, speed_mps: float, factor: float) -> float:
    """Ideal speed of the same booster with `factor` times the mass left at burnout."""
    made = stage_table(booster, speed_mps)
    if made is None:
        return 0.0
    table, left_kg = made
    mass = factor * left_kg + float(table[:, 1:3].sum())
    total = 0.0
    for _, propellant, dropped, impulse in table:
        total += impulse * STANDARD_GRAVITY_MPS2 * math.log(mass / (mass - propellant))
        mass -= propellant + dropped
    return total


def profile(pad: Pad, flown: Flown) -> Profile:
    """Ground distance from the pad and height, from launch to impact."""
    geo = geodetic_from_ecef(np.ascontiguousarray(flown.rows[:, :3]))
    away = [_apart_m(pad, lat, lon) for lat, lon, _ in geo]
    points = np.stack([np.array(away), geo[:, 2]], axis=1)
    points[0], points[-1, 1] = 0.0, 0.0
    return Profile(points=points, burnout=math.ceil(flown.burn_s / flown.every_s))
