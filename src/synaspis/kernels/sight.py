"""What a radar or an infrared satellite measures of a state: range, two angles, range rate.

A station is a row (STATION_COLUMNS,): ECEF place, then a frame of three unit vectors. The first angle is
atan2 of the components along the first and second, the second the elevation above the plane of both. A
radar's frame is east, north, up: azimuth and elevation. A satellite's is east, nadir, north: two angles
about the nadir, which are regular all over the Earth. Stations stand still; a satellite's row is that of the
moment.

A measurement is a row (ROW_COLUMNS,): time (s), range (m), first and second angle (rad), range rate (m/s),
and a one-sigma error for each of the four. What a sensor does not measure has the error inf.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import ecef_from_geodetic, enu_axes
from synaspis.kernels.jit import fma, lean_inlined, lean_kernel

Floats = NDArray[np.float64]

PLACE, FRAME = 0, 3
STATION_COLUMNS = 12
TIME, RANGE, FIRST_ANGLE, SECOND_ANGLE, RATE = range(5)
ERROR = 5
ROW_COLUMNS = 9
PARTS = 4
"""What may be measured: range, two angles, range rate, in this order."""


def radar_stations(geodetic: Floats) -> Floats:
    """(S, 3) latitude, longitude (rad), height (m) -> (S, STATION_COLUMNS)."""
    return np.hstack([ecef_from_geodetic(geodetic), enu_axes(geodetic).reshape(-1, 9)])


def satellite_stations(places: Floats) -> Floats:
    """(S, 3) ECEF places of satellites -> (S, STATION_COLUMNS). On the Earth's axis east is along y."""
    down = -places / np.linalg.norm(places, axis=1)[:, None]
    east = np.stack([down[:, 1], -down[:, 0], np.zeros(len(places))], axis=1)
    level = np.linalg.norm(east, axis=1)
    polar = level < 1e-9
    east[polar], level[polar] = (0.0, 1.0, 0.0), 1.0
    east /= level[:, None]
    return np.hstack([places, east, down, np.cross(east, down)])


@lean_inlined
def wrapped(angle: float) -> float:
    """The angle in [-pi, pi], rad."""
    return angle - 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)


@lean_kernel
def expect(mean: Floats, station: Floats, seen: Floats) -> None:
    """Fill `seen` (PARTS,) with what `station` would measure of `mean` (7,) without error."""
    dx, dy, dz = mean[0] - station[0], mean[1] - station[1], mean[2] - station[2]
    across = station[3] * dx + station[4] * dy + station[5] * dz
    ahead = station[6] * dx + station[7] * dy + station[8] * dz
    up = station[9] * dx + station[10] * dy + station[11] * dz
    distance = math.sqrt(fma(dx, dx, fma(dy, dy, dz * dz)))
    seen[0] = distance
    seen[1] = math.atan2(across, ahead)
    seen[2] = math.atan2(up, math.sqrt(fma(across, across, ahead * ahead)))
    seen[3] = fma(dx, mean[3], fma(dy, mean[4], dz * mean[5])) / distance


@lean_kernel
def expect_slopes(mean: Floats, station: Floats, seen: Floats, by: Floats) -> None:
    """`expect`, and its derivative by position and velocity in `by` (PARTS or more, 6 or more).

    Only the range rate depends on velocity: of the others the first three columns alone are filled.
    """
    expect(mean, station, seen)
    inverse = 1.0 / seen[0]
    dx, dy, dz = mean[0] - station[0], mean[1] - station[1], mean[2] - station[2]
    across = station[3] * dx + station[4] * dy + station[5] * dz
    ahead = station[6] * dx + station[7] * dy + station[8] * dz
    up = station[9] * dx + station[10] * dy + station[11] * dz
    square = fma(across, across, ahead * ahead)
    per_square = 1.0 / square
    per_flat = math.sqrt(per_square)
    d = (dx, dy, dz)
    for j in range(3):
        line = d[j] * inverse
        by[0, j] = line
        by[1, j] = (ahead * station[3 + j] - across * station[6 + j]) * per_square
        by[2, j] = (station[9 + j] - up * line * inverse) * per_flat
        by[3, j] = (mean[3 + j] - seen[3] * line) * inverse
        by[3, 3 + j] = line
