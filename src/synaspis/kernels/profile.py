"""Prescribed profiles laid over the Earth: a path along geodesics, and states on a grid of times.

A profile is rows (K, 6) of `glide`: time, ground distance, height, speed and angle. It knows no place.
The path says where each ground distance lies; on it a flight ends where it should by construction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic
from synaspis.kernels.geodesic import geodesic, geodesic_point
from synaspis.kernels.glide import ANGLE, FALLING, GROUND, HEIGHT, PHASE, SPEED, TIME

Floats = NDArray[np.float64]

NODE_SPACING_M = 2000.0
"""Between nodes a path is a cubic: within a millimetre of the geodesic on a leg, and it rounds corners."""


@dataclass(frozen=True)
class Path:
    """Nodes along the ground: length (M,) m, ECEF points (M, 3) at height 0 and unit verticals (M, 3)."""

    length: Floats
    points: Floats
    up: Floats


def path_along(places: Floats, sideways_share: float = 0.0) -> Path:
    """The path through `places` (L + 1, 2) latitude, longitude (rad) along geodesics.

    With `sideways_share` each leg bows to the right by at most that share of its length, as a squared sine.
    """
    nodes = [places[:1]]
    for (lat1, lon1), (lat2, lon2) in zip(places[:-1].tolist(), places[1:].tolist(), strict=True):
        length, azimuth, _ = geodesic(lat1, lon1, lat2, lon2)
        count = max(4, math.ceil(length / NODE_SPACING_M))
        leg = np.empty((count, 2))
        for k in range(1, count + 1):
            lat, lon, ahead = geodesic_point(lat1, lon1, azimuth, length * k / count)
            aside = sideways_share * length * math.sin(math.pi * k / count) ** 2
            if aside != 0.0:
                lat, lon, _ = geodesic_point(lat, lon, ahead + 0.5 * math.pi, aside)
            leg[k - 1] = lat, lon
        leg[-1] = lat2, lon2
        nodes.append(leg)
    flat = np.concatenate(nodes)
    points = ecef_from_geodetic(np.column_stack([flat, np.zeros(len(flat))]))
    up = np.column_stack([
        np.cos(flat[:, 0]) * np.cos(flat[:, 1]), np.cos(flat[:, 0]) * np.sin(flat[:, 1]), np.sin(flat[:, 0]),
    ])  # fmt: skip
    chords = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return Path(np.concatenate([[0.0], np.cumsum(chords)]), points, up)


def _cubic(x: Floats, y: Floats, slope: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Values and derivatives of Hermite's cubics through (x, y) with `slope`, at `at` (N,) within x."""
    row = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    h = (x[row + 1] - x[row]).reshape(-1, *([1] * (y.ndim - 1)))
    u = (at - x[row]).reshape(h.shape) / h
    a, b, c, d = y[row], y[row + 1], slope[row] * h, slope[row + 1] * h
    value = a + u * (c + u * (3.0 * (b - a) - 2.0 * c - d + u * (2.0 * (a - b) + c + d)))
    rate = (c + u * (2.0 * (3.0 * (b - a) - 2.0 * c - d) + 3.0 * u * (2.0 * (a - b) + c + d))) / h
    return value, rate


def states_at(rows: Floats, path: Path, times: Floats) -> Floats:
    """(N, 6) ECEF states at `times` (N,) s of the flight `rows` along `path`; NaN outside its time."""
    inside = (times >= 0.0) & (times <= rows[-1, TIME])
    at = np.clip(times, 0.0, rows[-1, TIME])
    level = rows[:, SPEED] * np.cos(rows[:, ANGLE]) * MEAN_RADIUS_M / (MEAN_RADIUS_M + rows[:, HEIGHT])
    climb = rows[:, SPEED] * np.sin(rows[:, ANGLE])
    ground, ground_rate = _cubic(rows[:, TIME], rows[:, GROUND], level, at)
    height, height_rate = _cubic(rows[:, TIME], rows[:, HEIGHT], climb, at)
    ground = np.clip(ground, 0.0, path.length[-1])
    point, along = _cubic(path.length, path.points, np.gradient(path.points, path.length, axis=0), ground)
    up, tilt = _cubic(path.length, path.up, np.gradient(path.up, path.length, axis=0), ground)
    out = np.empty((len(times), 6))
    out[:, :3] = point + height[:, None] * up
    out[:, 3:] = (along + height[:, None] * tilt) * ground_rate[:, None] + up * height_rate[:, None]
    out[~inside] = np.nan
    return out


def cruise_rows(
    length_m: float, speed_mps: float, height_m: float, climb_rad: float, dive_rad: float
) -> Floats:
    """A flight at constant speed over `length_m`: climb, level and dive as straight lines; (6, 6).

    No rows where there is no room for climb and dive.
    """
    up, down = height_m / math.tan(climb_rad), height_m / math.tan(dive_rad)
    if up + down > length_m:
        return np.empty((0, 6))
    angles = np.array([climb_rad, 0.0, -dive_rad])
    ground = np.array([0.0, up, length_m - down, length_m])
    heights = np.array([0.0, height_m, height_m, 0.0])
    middle = 0.5 * (heights[1:] + heights[:-1])
    rates = speed_mps * np.cos(angles) * MEAN_RADIUS_M / (MEAN_RADIUS_M + middle)
    times = np.concatenate([[0.0], np.cumsum(np.diff(ground) / rates)])
    # Every corner twice, a microsecond apart: one row for either side of it.
    rows = np.empty((6, 6))
    for leg in range(3):
        for end in range(2):
            k = leg + end
            rows[2 * leg + end] = (
                times[k] + (1e-6 if leg and not end else 0.0),
                ground[k], heights[k], speed_mps, angles[leg], FALLING if leg == 2 else 0.0,
            )  # fmt: skip
    return rows


def phase_start_s(rows: Floats, phase: int) -> float:
    """When the flight `rows` first is in `phase` or a later one; its end where it never is."""
    found = np.flatnonzero(rows[:, PHASE] >= phase)
    return float(rows[found[0] if found.size else -1, TIME])
