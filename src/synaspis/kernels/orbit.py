"""Kepler's relations for ballistic missiles on a spherical Earth without air, and Lambert's problem.

`q` is the dimensionless burnout energy v^2 r / mu; `path` the flight-path angle above the level, rad;
`angle` the free-flight range angle at the Earth's centre, rad.
Source: Bate, Mueller & White, Fundamentals of Astrodynamics (1971), chapter 6 (equations cited).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import GRAVITY_M3PS2, MEAN_RADIUS_M
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

_ROUNDS = 40
_TOLERANCE = 1e-13


@kernel
def energy_ratio(speed: float, radius: float) -> float:
    """q = v^2 r / mu (6.2-1)."""
    return speed * speed * radius / GRAVITY_M3PS2


@kernel
def free_flight_angle(q: float, path: float) -> float:
    """Range angle from burnout to re-entry at burnout's height (6.2-12); NaN where it escapes."""
    square = math.cos(path) ** 2
    below = 1.0 + q * (q - 2.0) * square
    if q >= 2.0 or below <= 0.0:
        return np.nan
    return 2.0 * math.acos(max(-1.0, min(1.0, (1.0 - q * square) / math.sqrt(below))))


@kernel
def flight_paths(q: float, angle: float) -> tuple[float, float]:
    """The high and the low flight-path angle that fly `angle` (6.2-16); NaN where q is too small.

    A low path that is negative means that only the high one leaves the ground (q above 1).
    """
    sine = (2.0 - q) / q * math.sin(0.5 * angle)
    if abs(sine) > 1.0:
        return np.nan, np.nan
    low = math.asin(sine)
    return 0.5 * (math.pi - low - 0.5 * angle), 0.5 * (low - 0.5 * angle)


@kernel
def best_path(angle: float) -> float:
    """Flight-path angle that needs the least energy for `angle` (6.2-18)."""
    return 0.25 * (math.pi - angle)


@kernel
def farthest_angle(q: float) -> float:
    """The greatest range angle for `q` (6.2-19); NaN for q of 1 and above, which reach everything."""
    return 2.0 * math.asin(q / (2.0 - q)) if q < 1.0 else np.nan


@kernel
def required_q(angle: float) -> float:
    """The least q that reaches `angle` (6.2-20)."""
    sine = math.sin(0.5 * angle)
    return 2.0 * sine / (1.0 + sine)


@kernel
def free_flight_s(q: float, path: float, radius: float) -> float:
    """Time of free flight back to burnout's radius (6.2-22, 6.2-23); NaN where it escapes."""
    if q >= 2.0:
        return np.nan
    axis = radius / (2.0 - q)
    ecc = math.sqrt(max(0.0, 1.0 + q * (q - 2.0) * math.cos(path) ** 2))
    if ecc == 0.0:
        return np.nan
    anomaly = math.acos(max(-1.0, min(1.0, (1.0 - radius / axis) / ecc)))
    swept = math.pi - anomaly + ecc * math.sin(anomaly)
    return 2.0 * math.sqrt(axis / GRAVITY_M3PS2) * axis * swept


@kernel
def minimum_energy(range_m: float, radius: float) -> tuple[float, float, float, float]:
    """Speed (m/s), flight path (rad), apogee height (m) and time (s) of the least-energy flight.

    From surface to surface of a sphere of `radius`, over a ground distance of `range_m`.
    """
    angle = range_m / radius
    q = required_q(angle)
    path = best_path(angle)
    axis = radius / (2.0 - q)
    ecc = math.sqrt(1.0 + q * (q - 2.0) * math.cos(path) ** 2)
    speed = math.sqrt(q * GRAVITY_M3PS2 / radius)
    return speed, path, axis * (1.0 + ecc) - radius, free_flight_s(q, path, radius)


@inlined
def _time_of(x: float, lam: float, revs: int) -> float:
    """Dimensionless time of flight (Izzo 2015, equation 9; near x = 1 Battin's series)."""
    near = abs(1.0 - x)
    y = math.sqrt(1.0 - lam * lam * (1.0 - x * x))
    if revs == 0 and near < 0.02:
        eta = y - lam * x
        s = 0.5 * (1.0 - lam - x * eta)
        term, total = 1.0, 1.0
        for n in range(60):  # the hypergeometric function 2F1(3, 1; 5/2; s)
            term *= (3.0 + n) / (2.5 + n) * s
            total += term
            if abs(term) < 1e-16:
                break
        return 0.5 * (eta**3 * 4.0 / 3.0 * total + 4.0 * lam * eta)
    if x < 1.0:
        psi = math.atan2((y - x * lam) * math.sqrt(1.0 - x * x), x * y + lam * (1.0 - x * x))
    else:
        psi = math.asinh((y - x * lam) * math.sqrt(x * x - 1.0))
    return ((psi + revs * math.pi) / math.sqrt(abs(1.0 - x * x)) - x + lam * y) / (1.0 - x * x)


@inlined
def _slopes(x: float, time: float, lam: float) -> tuple[float, float, float]:
    """First three derivatives of the time by x (Izzo 2015, equation 22)."""
    y = math.sqrt(1.0 - lam * lam * (1.0 - x * x))
    flat = 1.0 - x * x
    d1 = (3.0 * time * x - 2.0 + 2.0 * lam**3 * x / y) / flat
    d2 = (3.0 * time + 5.0 * x * d1 + 2.0 * (1.0 - lam * lam) * lam**3 / y**3) / flat
    d3 = (7.0 * x * d2 + 8.0 * d1 - 6.0 * (1.0 - lam * lam) * lam**5 * x / y**5) / flat
    return d1, d2, d3


@inlined
def _first_guess(time: float, lam: float, revs: int, right: bool) -> float:
    """Izzo (2015), equations 30 and 31."""
    if revs > 0:
        ratio = 8.0 * time / (revs * math.pi) if right else (revs + 1.0) * math.pi / (8.0 * time)
        part = ratio ** (2.0 / 3.0)
        return (part - 1.0) / (part + 1.0)
    zero = math.acos(lam) + lam * math.sqrt(1.0 - lam * lam)
    one = 2.0 / 3.0 * (1.0 - lam**3)
    if time >= zero:
        return (zero / time) ** (2.0 / 3.0) - 1.0
    if time <= one:
        return 2.5 * one * (one - time) / (time * (1.0 - lam**5)) + 1.0
    return (time / zero) ** (math.log(2.0) / math.log(one / zero)) - 1.0


@kernel
def _least_time(lam: float, revs: int) -> float:
    """The shortest dimensionless time with `revs` whole turns, by Halley's method on its slope."""
    x = 0.1
    time = _time_of(x, lam, revs)
    for _ in range(_ROUNDS):
        d1, d2, d3 = _slopes(x, time, lam)
        move = 2.0 * d1 * d2 / (2.0 * d2 * d2 - d1 * d3)
        x = min(0.99, max(-0.99, x - move))
        time = _time_of(x, lam, revs)
        if abs(move) < 1e-12:
            break
    return time


@kernel
def _solve_x(time: float, lam: float, revs: int, right: bool) -> float:
    """x by Householder's method of third order; NaN where it does not settle."""
    x = _first_guess(time, lam, revs, right)
    for _ in range(_ROUNDS):
        now = _time_of(x, lam, revs)
        miss = now - time
        d1, d2, d3 = _slopes(x, now, lam)
        square = d1 * d1
        bottom = d1 * (square - miss * d2) + d3 * miss * miss / 6.0
        move = miss * (square - 0.5 * miss * d2) / bottom
        x -= move
        if abs(move) < _TOLERANCE * max(1.0, abs(x)):
            return x
    return np.nan


@kernel
def lambert(
    r1: Floats, r2: Floats, time_s: float, revs: int, right: bool, prograde: bool, mu: float, out: Floats
) -> bool:
    """Velocities (2, 3) in `out` at `r1` and `r2` (3,) of the orbit that joins them in `time_s`.

    `revs` whole turns, and for one or more of them the `right` or left branch; `prograde` turns
    about +z. False, and NaN in `out`, where the two are in line with the centre (the plane is then
    free), the time is too short for `revs`, or the iteration does not settle.
    Source: Izzo, Revisiting Lambert's problem, Celest. Mech. Dyn. Astr. 121, 1 (2015).
    """
    out[:] = np.nan
    cross = np.cross(r1, r2)
    length = math.sqrt(np.sum(cross * cross))
    a1, a2 = math.sqrt(np.sum(r1 * r1)), math.sqrt(np.sum(r2 * r2))
    if not (length > 1e-12 * a1 * a2 and time_s > 0.0):
        return False
    chord = math.sqrt(np.sum((r2 - r1) ** 2))
    half = 0.5 * (a1 + a2 + chord)
    lam = math.sqrt(1.0 - min(1.0, chord / half))
    normal = cross / length
    if (cross[2] < 0.0) == prograde:
        lam, normal = -lam, -normal
    time = math.sqrt(2.0 * mu / half**3) * time_s
    if revs > 0 and time < _least_time(lam, revs):
        return False
    x = _solve_x(time, lam, revs, right)
    if math.isnan(x):
        return False
    y = math.sqrt(1.0 - lam * lam * (1.0 - x * x))
    gamma = math.sqrt(0.5 * mu * half)
    rho = (a1 - a2) / chord
    sigma = math.sqrt(1.0 - rho * rho)
    u1, u2 = r1 / a1, r2 / a2
    around = gamma * sigma * (y + lam * x)
    out1 = gamma * ((lam * y - x) - rho * (lam * y + x)) / a1
    out2 = -gamma * ((lam * y - x) + rho * (lam * y + x)) / a2
    out[0] = out1 * u1 + around / a1 * np.cross(normal, u1)
    out[1] = out2 * u2 + around / a2 * np.cross(normal, u2)
    return True


def surface_speeds(states: Floats) -> tuple[Floats, Floats]:
    """The speed that each would have if it had been left behind at the surface, and its derivative by state.

    `states` (N, 6) ECEF -> (N,) m/s and (N, 6). The energy of burnout as one number, which tells range
    classes apart: on a sphere of the mean radius, in the turning frame.
    """
    place, velocity = states[:, :3], states[:, 3:6]
    radius = np.linalg.norm(place, axis=1)
    fall = 2.0 * GRAVITY_M3PS2 * (1.0 / MEAN_RADIUS_M - 1.0 / radius)
    speed = np.sqrt(np.maximum(np.einsum("ni,ni->n", velocity, velocity) + fall, 1.0))
    pull = (GRAVITY_M3PS2 / radius**3)[:, None] * place
    return speed, np.hstack([pull, velocity]) / speed[:, None]


def class_speeds(ranges_m: Sequence[float]) -> Floats:
    """The least surface speeds that fly so far: where range classes meet."""
    return np.array([minimum_energy(r, MEAN_RADIUS_M)[0] for r in ranges_m])
