"""A first state from first measurements: a place from those of one time, a velocity from two places.

One radar's range and angles fix a place; so do the angles of two satellites. Where more is measured than a
place needs, the best one is found by Gauss and Newton's method from a first guess.
Source: Bar-Shalom, Li and Kirubarajan, Estimation with Applications to Tracking and Navigation (2001):
two-point differencing, and maximum likelihood by least squares.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import motion
from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.kernels.motion import FRESH, FRESH_VARIANCE, KIND, SEVENTH, STATES, THRUST
from synaspis.kernels.sight import ERROR, FRAME, PARTS, RANGE, expect_slopes, wrapped

Floats = NDArray[np.float64]

ROUNDS = 20
CLOSE_M = 1e-3
FAR_M = 1e8
"""Farther than this from the Earth's centre no place is looked for."""


@lean_inlined
def _line(row: Floats, station: Floats, out: Floats) -> None:
    """The unit vector along the measured angles, ECEF, into `out` (3,)."""
    flat = math.cos(row[RANGE + 2])
    a, b, c = flat * math.sin(row[RANGE + 1]), flat * math.cos(row[RANGE + 1]), math.sin(row[RANGE + 2])
    for i in range(3):
        out[i] = a * station[FRAME + i] + b * station[FRAME + 3 + i] + c * station[FRAME + 6 + i]


@lean_kernel
def _invert(m: Floats, out: Floats) -> bool:
    """Inverse of the symmetric 3 x 3 `m`; False where it is not positive definite."""
    a, b, c = m[0, 0], m[0, 1], m[0, 2]
    d, e, f = m[1, 1], m[1, 2], m[2, 2]
    out[0, 0], out[0, 1], out[0, 2] = d * f - e * e, c * e - b * f, b * e - c * d
    out[1, 1], out[1, 2], out[2, 2] = a * f - c * c, b * c - a * e, a * d - b * b
    whole = a * out[0, 0] + b * out[0, 1] + c * out[0, 2]
    if not (a > 0.0 and out[2, 2] > 0.0 and whole > 1e-12 * a * out[0, 0]):
        return False
    for i in range(3):
        for j in range(i, 3):
            out[i, j] /= whole
            out[j, i] = out[i, j]
    return True


@lean_inlined
def _gather(place: Floats, row: Floats, station: Floats, room: Floats) -> None:
    """Add what a row tells of `place` to the information `room[0]` (3, 3) and to the pull `room[1, 0]`."""
    seen, by = room[2, 0], room[3]
    expect_slopes(place, station, seen, by)
    for part in range(PARTS - 1):
        error = row[ERROR + part]
        if not error < np.inf:
            continue
        left = row[RANGE + part] - seen[part]
        if part > 0:
            left = wrapped(left)
        weight = 1.0 / (error * error)
        for i in range(3):
            room[1, 0, i] += weight * left * by[part, i]
            for j in range(3):
                room[0, i, j] += weight * by[part, i] * by[part, j]


@lean_kernel
def _guess(rows: Floats, stations: Floats, room: Floats, place: Floats) -> bool:
    """A first `place`: along a range, or nearest to all the lines of sight. False where they are parallel."""
    line, info, pull = room[4, 0], room[0], room[1, 0]
    for i in range(STATES):
        place[i], pull[i] = 0.0, 0.0
        for j in range(STATES):
            info[i, j] = 0.0
    for k in range(rows.shape[0]):
        if not (rows[k, ERROR + 1] < np.inf and rows[k, ERROR + 2] < np.inf):
            continue
        _line(rows[k], stations[k], line)
        if rows[k, ERROR] < np.inf:
            for i in range(3):
                place[i] = stations[k, i] + rows[k, RANGE] * line[i]
            return True
        for i in range(3):
            for j in range(3):
                across = (1.0 if i == j else 0.0) - line[i] * line[j]
                info[i, j] += across
                pull[i] += across * stations[k, j]
    if not _invert(info, room[5]):
        return False
    for i in range(3):
        place[i] = room[5, i, 0] * pull[0] + room[5, i, 1] * pull[1] + room[5, i, 2] * pull[2]
    return True


@lean_kernel
def locate(rows: Floats, stations: Floats, room: Floats, place: Floats, spread: Floats) -> bool:
    """The likeliest `place` (7,; the first three are filled, ECEF) of what is measured at one time.

    Shapes: rows (M, ROW_COLUMNS), stations (M, STATION_COLUMNS), room as `ekf.ROOM`. `spread` (3, 3) gets its
    covariance, m2. Range rates are not used. False where the rows fix no place.
    """
    if not _guess(rows, stations, room, place):
        return False
    for _ in range(ROUNDS):
        for i in range(3):
            room[1, 0, i] = 0.0
            for j in range(3):
                room[0, i, j] = 0.0
        for k in range(rows.shape[0]):
            _gather(place, rows[k], stations[k], room)
        if not _invert(room[0], spread):
            return False
        moved = 0.0
        for i in range(3):
            by = spread[i, 0] * room[1, 0, 0] + spread[i, 1] * room[1, 0, 1] + spread[i, 2] * room[1, 0, 2]
            place[i] += by
            moved = max(moved, abs(by))
        if not moved < FAR_M:
            return False
        if moved < CLOSE_M:
            break
    return True


@lean_kernel
def start(
    before: Floats, before_spread: Floats, now: Floats, now_spread: Floats, dt_s: float, mode: Floats,
    mean: Floats, cov: Floats,
) -> None:  # fmt: skip
    """Fill `mean` (7,) and `cov` (7, 7) from two places `dt_s` > 0 apart: the state at the later one.

    The velocity is the difference, corrected by half a step of gravity and
    of the thrust that is thought, drag left out. The seventh number is what the
    `mode` (MODE_COLUMNS,) thinks before anything is seen.
    """
    per = 1.0 / dt_s
    for i in range(3):
        mean[i] = 0.5 * (before[i] + now[i])
        mean[3 + i] = (now[i] - before[i]) * per
    mean[SEVENTH] = mode[FRESH] if mode[KIND] == THRUST else 0.0
    pull = motion.powered(mean)
    for i in range(3):
        mean[i] = now[i]
        mean[3 + i] += 0.5 * dt_s * pull[i]
    mean[SEVENTH] = mode[FRESH]
    for i in range(STATES):
        cov[i, SEVENTH] = 0.0
        cov[SEVENTH, i] = 0.0
    for i in range(3):
        for j in range(3):
            cov[i, j] = now_spread[i, j]
            cov[i, 3 + j] = now_spread[i, j] * per
            cov[3 + i, j] = now_spread[i, j] * per
            cov[3 + i, 3 + j] = (now_spread[i, j] + before_spread[i, j]) * per * per
    cov[SEVENTH, SEVENTH] = mode[FRESH_VARIANCE]
