"""Which rows of a scan cannot be, and whether a station's own row can be: numbers checked before use."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import lean_kernel
from synaspis.kernels.sight import (
    ERROR,
    FIRST_ANGLE,
    FRAME,
    PARTS,
    RANGE,
    RATE,
    SECOND_ANGLE,
    STATION_COLUMNS,
    TIME,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GOOD, NOT_FINITE, WRONG_TIME, SINGULAR, OUT_OF_LIMITS, VAGUE = range(6)
LEAST = (1e-2, 1e-8, 1e-8, 1e-4)
"""Smallest errors that are taken at their word: m, rad, rad, m/s."""
GREATEST = (1e6, 1.0, 1.0, 15_000.0)
"""Errors above which a measurement tells nothing: m, rad across the sky, rad, m/s."""
FASTEST_MPS = 15_000.0
SQUARE = 1e-6
"""How far the axes of a frame may be from being of length one and at right angles."""


@lean_kernel
def judge(rows: Floats, time_s: float, ranges: bool, longest_m: float, out: Ints) -> None:
    """Fill `out` (D,) with the first thing that is wrong with each of `rows` (D, ROW_COLUMNS), or GOOD.

    Both angles must be measured, and a range where `ranges`.
    """
    for d in range(rows.shape[0]):
        row, found = rows[d], GOOD
        for part in range(PARTS):
            value, error = row[RANGE + part], row[ERROR + part]
            needed = part == FIRST_ANGLE - RANGE or part == SECOND_ANGLE - RANGE or (ranges and part == 0)
            lost = error < np.inf and not abs(value) < np.inf
            if lost or math.isnan(error) or (needed and not error < np.inf):
                found = NOT_FINITE
        if found == GOOD and row[TIME] != time_s:
            found = NOT_FINITE if math.isnan(row[TIME]) else WRONG_TIME
        if found == GOOD:
            for part in range(PARTS):
                error = row[ERROR + part]
                if error < LEAST[part]:
                    found = SINGULAR
                # Towards the poles of its frame an angle covers less and less of the sky.
                scale = math.cos(row[SECOND_ANGLE]) if part == FIRST_ANGLE - RANGE else 1.0
                if GREATEST[part] < scale * error < np.inf:
                    found = VAGUE
        if found == GOOD:
            if row[ERROR] < np.inf and not 0.0 < row[RANGE] <= longest_m:
                found = OUT_OF_LIMITS
            if abs(row[FIRST_ANGLE]) > 2.0 * math.pi or abs(row[SECOND_ANGLE]) > 0.5 * math.pi:
                found = OUT_OF_LIMITS
            if row[ERROR + PARTS - 1] < np.inf and abs(row[RATE]) > FASTEST_MPS:
                found = OUT_OF_LIMITS
        out[d] = found


@lean_kernel
def place_m(station: Floats) -> float:
    """Distance of a station (STATION_COLUMNS,) from the Earth's centre.

    NaN where its frame is none, infinite where anything is not finite.
    """
    for c in range(STATION_COLUMNS):
        if not abs(station[c]) < np.inf:
            return math.inf
    for i in range(3):
        for j in range(3):
            total = -1.0 if i == j else 0.0
            for k in range(3):
                total += station[FRAME + 3 * i + k] * station[FRAME + 3 * j + k]
            if not abs(total) < SQUARE:
                return math.nan
    return math.sqrt(station[0] * station[0] + station[1] * station[1] + station[2] * station[2])
