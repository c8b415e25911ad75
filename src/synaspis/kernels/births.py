"""First states of tracks from one look: a radar's point, a line of sight at a height, two lines that meet.

A velocity is not measured: it is thought to be of some size in any direction, and what comes next tells.
Under power it must not be nought, since thrust goes along it: there it is upward at first.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import ekf, initiate
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, FLATTENING
from synaspis.kernels.flight import quick_height_of
from synaspis.kernels.initiate import _line
from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.kernels.motion import FRESH, FRESH_VARIANCE, KIND, SEVENTH, STATES, THRUST
from synaspis.kernels.sight import ERROR, PARTS, RANGE, ROW_COLUMNS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

POLAR_RADIUS_M = EQUATORIAL_RADIUS_M * (1.0 - FLATTENING)


@lean_inlined
def _fill(
    place: Floats, spread: Floats, up_mps: float, sigma_mps: float, modes: Floats, means: Floats, covs: Floats
) -> None:
    """All modes' states from a place (3,) and its covariance (3, 3)."""
    distance = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    for j in range(modes.shape[0]):
        speed = up_mps if modes[j, KIND] == THRUST else 0.0
        for a in range(STATES):
            for b in range(STATES):
                covs[j, a, b] = 0.0
        for i in range(3):
            means[j, i] = place[i]
            means[j, 3 + i] = speed * place[i] / distance
            covs[j, 3 + i, 3 + i] = sigma_mps * sigma_mps
            for k in range(3):
                covs[j, i, k] = spread[i, k]
        means[j, SEVENTH] = modes[j, FRESH]
        covs[j, SEVENTH, SEVENTH] = modes[j, FRESH_VARIANCE]


@lean_kernel
def from_points(
    rows: Floats, station: Floats, up_mps: float, sigma_mps: float, modes: Floats, means: Floats,
    covs: Floats, good: Flags, pair: Floats, room: Floats,
) -> None:  # fmt: skip
    """States of all modes from a radar's rows (N, ROW_COLUMNS), each by itself: means (N, K, 7), covs.

    `good` (N,) is False where a row fixes no place. Range rates are taken in as well. `station`
    (1, STATION_COLUMNS); working arrays: `pair` (2, ROW_COLUMNS), `room` as `ekf.ROOM`.
    """
    place, spread, rate = room[6, 3], room[4], pair[0]
    for n in range(rows.shape[0]):
        good[n] = initiate.locate(rows[n : n + 1], station, room, place, spread)
        if not good[n]:
            continue
        _fill(place, spread, up_mps, sigma_mps, modes, means[n], covs[n])
        if rows[n, ERROR + PARTS - 1] < np.inf:
            for c in range(ROW_COLUMNS):
                rate[c] = rows[n, c]
            for part in range(PARTS - 1):
                rate[ERROR + part] = np.inf
            for j in range(modes.shape[0]):
                ekf.correct(means[n, j], covs[n, j], rate, station[0], room)


@lean_inlined
def _meets(station: Floats, line: Floats, height_m: float) -> float:
    """How far along `line` from the station the Earth's ellipsoid, raised by `height_m`, is met; NaN for
    never."""
    wide, high = 1.0 / (EQUATORIAL_RADIUS_M + height_m), 1.0 / (POLAR_RADIUS_M + height_m)
    a, b, c = 0.0, 0.0, -1.0
    for i in range(3):
        scale = high if i == 2 else wide
        one, two = line[i] * scale, station[i] * scale
        a += one * one
        b += one * two
        c += two * two
    under = b * b - a * c
    if not (under > 0.0 and b < 0.0):
        return math.nan
    return (-b - math.sqrt(under)) / a


@lean_kernel
def from_lines(
    rows: Floats, station: Floats, height_m: float, height_sigma_m: float, up_mps: float, sigma_mps: float,
    modes: Floats, means: Floats, covs: Floats, good: Flags, room: Floats,
) -> None:  # fmt: skip
    """The same from lines of sight, each where it first meets `height_m`, known to `height_sigma_m`.

    `good` is False where a line meets no such place.
    """
    line, place, spread = room[0, 0], room[0, 1], room[1]
    for n in range(rows.shape[0]):
        _line(rows[n], station, line)
        along = _meets(station, line, height_m)
        good[n] = along > 0.0
        if not good[n]:
            continue
        square = 0.0
        for i in range(3):
            place[i] = station[i] + along * line[i]
            square += place[i] * place[i]
        sine = 0.0
        for i in range(3):
            sine -= line[i] * place[i] / math.sqrt(square)
        error = max(rows[n, ERROR + 1] * math.cos(rows[n, RANGE + 2]), rows[n, ERROR + 2]) * along
        far = height_sigma_m / max(sine, 0.05)
        for i in range(3):
            for k in range(3):
                level = 1.0 if i == k else 0.0
                spread[i, k] = far * far * line[i] * line[k] + error * error * (level - line[i] * line[k])
        _fill(place, spread, up_mps, sigma_mps, modes, means[n], covs[n])


@lean_kernel
def crossings(
    rows: Floats, station: Floats, others: Floats, stations: Floats, of_other: Ints, speed_mps: float,
    cloud_m: float, higher_m: float, low_m: float, high_m: float, limit: float, squares: Floats, room: Floats,
) -> None:  # fmt: skip
    """How well lines of one satellite meet earlier ones of others: `squares` (N, M), infinite for not at all.

    rows (N, ROW_COLUMNS) of `station`; others (M, ROW_COLUMNS) of stations (M, STATION_COLUMNS). The square
    is that of the least distance over its error, one degree of freedom, at most `limit`; what was seen moves
    at `speed_mps` between the two times. Where they meet must lie between two heights above the ellipsoid; of
    several places that nearest to `cloud_m`, in units of `higher_m`, has a little the better of it.
    """
    one, two, middle = room[0, 0], room[0, 1], room[0, 2]
    for n in range(rows.shape[0]):
        _line(rows[n], station, one)
        for m in range(others.shape[0]):
            squares[n, m] = np.inf
            if of_other[m] < 0:
                continue
            _line(others[m], stations[m], two)
            both, to_one, to_two = 0.0, 0.0, 0.0
            for i in range(3):
                off = stations[m, i] - station[i]
                both += one[i] * two[i]
                to_one += one[i] * off
                to_two += two[i] * off
            sine2 = 1.0 - both * both
            if not sine2 > 1e-6:
                continue
            along = (to_one - both * to_two) / sine2
            back = (both * to_one - to_two) / sine2
            if not (along > 0.0 and back > 0.0):
                continue
            apart = 0.0
            for i in range(3):
                here, there = station[i] + along * one[i], stations[m, i] + back * two[i]
                apart += (here - there) * (here - there)
                middle[i] = 0.5 * (here + there)
            height = quick_height_of(middle)
            if not low_m <= height <= high_m:
                continue
            moved = speed_mps * (rows[n, 0] - others[m, 0])
            error = (along * rows[n, ERROR + 2]) ** 2 + (back * others[m, ERROR + 2]) ** 2 + moved * moved
            square = apart / error
            if square <= limit:
                rise = (height - cloud_m) / higher_m
                squares[n, m] = min(square + rise * rise / (1.0 + 0.25 * rise * rise), limit)


@lean_kernel
def from_pairs(
    rows: Floats, station: Floats, others: Floats, stations: Floats, speed_mps: float, up_mps: float,
    sigma_mps: float, modes: Floats, means: Floats, covs: Floats, good: Flags, pair: Floats, both: Floats,
    room: Floats,
) -> None:  # fmt: skip
    """The same as `from_points`, from lines of two satellites (N each) that meet.

    `pair` (2, ROW_COLUMNS) and `both` (2, STATION_COLUMNS) are working arrays.
    """
    place, spread = room[6, 3], room[4]
    for n in range(rows.shape[0]):
        for c in range(pair.shape[1]):
            pair[0, c], pair[1, c] = rows[n, c], others[n, c]
        for c in range(both.shape[1]):
            both[0, c], both[1, c] = station[c], stations[n, c]
        good[n] = initiate.locate(pair, both, room, place, spread)
        if good[n]:
            moved = speed_mps * (rows[n, 0] - others[n, 0])
            for i in range(3):
                spread[i, i] += moved * moved
            _fill(place, spread, up_mps, sigma_mps, modes, means[n], covs[n])
