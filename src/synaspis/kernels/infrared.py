"""What infrared sensors see: burning missiles against anything, cold bodies against space alone.

A satellite looks within a cone about the geocentric nadir, an aircraft all round. Rays run straight: at the
heights of sensors and targets air bends infrared by less than the limb is sharp. A line of sight must clear
the cloud's top (burning) or, on into space, a height above the limb where the Earth no longer glows
(cold). Nothing is seen near the Sun, unless the Earth hides it.

Source: point-source irradiance falls with the square of range (Hudson, Infrared System Engineering, 1969,
chapter 2); the plume's dimming between 70 and 90 km is an input.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, POLAR_RADIUS_M
from synaspis.kernels.jit import inlined
from synaspis.kernels.radar import COLUMNS

Floats = NDArray[np.float64]

SUN, REGARD, SUN_COSINE, COLD_RANGE, LIMB = 3, 6, 7, 8, 9
"""Columns of an infrared sensor in place of those of `radar.radar_table`, behind its place: direction of the
Sun (3), cosines of half the field of regard and of the exclusion about the Sun (-2, 2 for none), metres."""
GEO_RANGE_M = 3.6e7
"""Distance at which an infrared sensor's `minimum_intensity` is given: geostationary height."""


def infrared_table(
    place: Floats, field_rad: Floats, exclusion_rad: Floats, cold_range_m: Floats, limb_m: Floats
) -> Floats:
    """What looks need to know of S sensors, (S, radar.COLUMNS).

    `place` (S, 3) ECEF, metres; the rest (S,): full field of regard (2 pi for all round), angle from the
    Sun within which nothing is seen, range to a cold body, height that its line of sight must clear.
    """
    table = np.zeros((len(place), COLUMNS))
    table[:, :SUN] = place
    table[:, REGARD] = np.where(field_rad >= 2.0 * math.pi, -2.0, np.cos(0.5 * field_rad))
    table[:, SUN_COSINE] = np.where(exclusion_rad > 0.0, np.cos(exclusion_rad), 2.0)
    table[:, COLD_RANGE], table[:, LIMB] = cold_range_m, limb_m
    return table


@inlined
def stand(row: Floats, tracks: Floats, sun: Floats, station: int, at: float) -> None:
    """Put the sensor of `row` where it is, and the Sun, at the fractional sample `at` of the tracks.

    Shapes: tracks (G, M, 3), sun (G, 3). `station` is its row among the tracks, -1 if it stands still.
    """
    i = int(at)
    part = at - i
    for c in range(3):
        if station >= 0:
            row[c] = tracks[i, station, c] + part * (tracks[i + 1, station, c] - tracks[i, station, c])
        row[SUN + c] = sun[i, c] + part * (sun[i + 1, c] - sun[i, c])


@inlined
def _in_regard(row: Floats, dx: float, dy: float, dz: float, r: float) -> bool:
    """Whether the sensor can turn to a point `d` metres from it, and is not dazzled there."""
    px, py, pz = row[0], row[1], row[2]
    down = -(px * dx + py * dy + pz * dz)
    square = px * px + py * py + pz * pz
    if not down * abs(down) >= row[REGARD] * abs(row[REGARD]) * square * r * r:
        return False
    if dx * row[SUN] + dy * row[SUN + 1] + dz * row[SUN + 2] < row[SUN_COSINE] * r:
        return True
    behind = -(px * row[SUN] + py * row[SUN + 1] + pz * row[SUN + 2])
    return row[SUN_COSINE] > 1.0 or (behind > 0.0 and square - behind * behind < POLAR_RADIUS_M**2)


@inlined
def _clear(row: Floats, dx: float, dy: float, dz: float, height: float, on: bool) -> bool:
    """Whether the line of sight stays `height` above the ellipsoid up to a point `d` from the sensor.

    `on`: and beyond that point, on into space.
    """
    px, py, pz = row[0], row[1], row[2]
    # The raised ellipsoid as the unit sphere; `low` of `ray` is the way to the lowest point.
    flat = 1.0 / (EQUATORIAL_RADIUS_M + height) ** 2
    tall = 1.0 / (POLAR_RADIUS_M + height) ** 2
    above = (px * px + py * py) * flat + pz * pz * tall - 1.0
    ray = (dx * dx + dy * dy) * flat + dz * dz * tall
    low = -((px * dx + py * dy) * flat + pz * dz * tall)
    return low <= 0.0 or (low >= ray and not on) or above * ray >= low * low


@inlined
def burning_strength(
    row: Floats, x: float, y: float, z: float, ratio: float, altitude: float, sky: Floats
) -> tuple[bool, float, float]:
    """(in view, strength over the faintest detected, range) of a burning missile.

    `ratio` is its intensity over the sensor's faintest; `sky` is (cloud top, low, high, factor): between
    the heights low and high the plume is as bright as the factor says. Strength falls as range squared.
    """
    dx, dy, dz = x - row[0], y - row[1], z - row[2]
    r = math.sqrt(dx * dx + dy * dy + dz * dz)
    if altitude < sky[0] or not _in_regard(row, dx, dy, dz, r) or not _clear(row, dx, dy, dz, sky[0], False):
        return False, 0.0, r
    if sky[1] <= altitude <= sky[2]:
        ratio = ratio * sky[3]
    return True, ratio * (GEO_RANGE_M / r) ** 2, r


@inlined
def cold_strength(row: Floats, x: float, y: float, z: float) -> tuple[bool, float, float]:
    """(in view, strength over the faintest detected, range) of a body after burnout, against cold space."""
    dx, dy, dz = x - row[0], y - row[1], z - row[2]
    r = math.sqrt(dx * dx + dy * dy + dz * dz)
    if (
        row[COLD_RANGE] <= 0.0
        or not _in_regard(row, dx, dy, dz, r)
        or not _clear(row, dx, dy, dz, row[LIMB], True)
    ):
        return False, 0.0, r
    return True, (row[COLD_RANGE] / r) ** 2, r
