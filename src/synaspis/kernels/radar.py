"""Geometric visibility to ground radars: range, sector, elevation, horizon. No trigonometry per test.

Refraction bends rays as on an Earth of 4/3 the radius (Skolnik, Radar Handbook, 3rd ed. 2008, chapter
26), but only in the lowest 10 km: beyond them rays run straight, or far targets would seem to
stand degrees too high.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic, enu_axes
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

EARTH_FACTOR = 4.0 / 3.0
BENDING_TOP_M = 10_000.0

POSITION, FACING, UP, RANGE_SQUARED, COS_HALF, LOW, HIGH, BEND, BEND_RANGE = 0, 3, 6, 9, 10, 11, 12, 13, 14
"""Columns of a radar table (S, 15); the first three take three columns each."""
COLUMNS = 15
_BLOCK = 512


def radar_table(
    place: Floats,
    range_m: Floats,
    facing_rad: Floats,
    sector_rad: Floats,
    low_rad: Floats,
    high_rad: Floats,
) -> Floats:
    """What `visible` needs to know of S radars, (S, 15).

    `place` (S, 3): latitude, longitude (rad), height (m); the rest (S,): range limit, azimuth of the
    middle of the sector, full width of the sector, lowest and highest apparent elevation. The lowest
    is raised to the horizon that a radar at that height sees.
    """
    axes = enu_axes(place)
    table = np.empty((place.shape[0], COLUMNS))
    table[:, POSITION:FACING] = ecef_from_geodetic(place)
    table[:, FACING:UP] = np.sin(facing_rad)[:, None] * axes[:, 0] + np.cos(facing_rad)[:, None] * axes[:, 1]
    table[:, UP:RANGE_SQUARED] = axes[:, 2]
    table[:, RANGE_SQUARED] = range_m**2
    half = 0.5 * sector_rad
    table[:, COS_HALF] = np.where(half >= math.pi - 1e-9, -2.0, np.cos(np.minimum(half, math.pi)))
    bent = EARTH_FACTOR * MEAN_RADIUS_M
    dip = np.arccos(np.minimum(1.0, bent / (bent + np.maximum(place[:, 2], 0.0))))
    low = np.maximum(low_rad, -dip)
    table[:, LOW] = np.sin(low)
    table[:, HIGH] = np.where(high_rad >= 0.5 * math.pi - 1e-9, 2.0, np.sin(high_rad))
    # A ray at the lowest elevation leaves the bending air at this distance.
    sine, square = np.sin(low), np.cos(low) ** 2
    top = BENDING_TOP_M - np.minimum(place[:, 2], 0.9 * BENDING_TOP_M)
    table[:, BEND_RANGE] = bent * (np.sqrt(sine**2 + 2.0 * top * square / bent) - sine) / square
    table[:, BEND] = square * (1.0 - 1.0 / EARTH_FACTOR) / (2.0 * MEAN_RADIUS_M)
    return table


@inlined
def apparent(row: Floats, up: float, distance: float) -> float:
    """Sine of the apparent elevation times `distance` of a point that is `up` metres above the horizontal."""
    bent: float = up + row[BEND] * min(distance, row[BEND_RANGE]) * distance
    return bent


@inlined
def in_view(row: Floats, dx: float, dy: float, dz: float) -> bool:
    """Whether the radar of `row` may see a point `d` metres from it.

    The sine of the apparent elevation is that of the geometric one plus the bend up to the point.
    Elevations are compared times the distance and the sector times itself with its sign kept, which
    leaves one root and no quotient; `&` rather than `and` keeps the test free of branches.
    """
    square = dx * dx + dy * dy + dz * dz
    up = dx * row[6] + dy * row[7] + dz * row[8]
    ahead = dx * row[3] + dy * row[4] + dz * row[5]
    distance = math.sqrt(square)
    side = row[COS_HALF] * abs(row[COS_HALF])
    return bool(
        (square <= row[RANGE_SQUARED])
        & (apparent(row, up, distance) >= row[LOW] * distance)
        & (up <= row[HIGH] * distance)
        & (ahead * abs(ahead) >= side * (square - up * up))
    )


@kernel
def _see(x: Floats, y: Floats, z: Floats, count: int, row: Floats, out: NDArray[np.bool_]) -> None:
    """One radar, `count` points given by coordinate."""
    own = np.empty(COLUMNS)  # a copy that nothing else writes to stays in registers
    for c in range(COLUMNS):
        own[c] = row[c]
    for k in range(count):
        out[k] = in_view(own, x[k] - own[0], y[k] - own[1], z[k] - own[2])


@kernel
def visible_into(points: Floats, table: Floats, out: NDArray[np.bool_]) -> None:
    """`visible` for (K, 3) points into `out` (S, K); threads may run it on chunks of points at once."""
    x, y, z = np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK)
    for first in range(0, points.shape[0], _BLOCK):
        count = min(_BLOCK, points.shape[0] - first)
        for k in range(count):
            x[k], y[k], z[k] = points[first + k, 0], points[first + k, 1], points[first + k, 2]
        for s in range(table.shape[0]):
            _see(x, y, z, count, table[s], out[s, first : first + count])


def visible(points: Floats, table: Floats) -> NDArray[np.bool_]:
    """Which points which radars can see: (..., 3) ECEF, (S, 15) of `radar_table` -> (S, ...) of bool.

    A point that is NaN is not visible.
    """
    flat = np.ascontiguousarray(points, dtype=np.float64).reshape(-1, 3)
    out = np.empty((table.shape[0], flat.shape[0]), dtype=np.bool_)
    visible_into(flat, table, out)
    return out.reshape(table.shape[0], *points.shape[:-1])
