"""Which area of a political map a point lies in: even-odd along the meridian to the North Pole.

Borders are straight in longitude and latitude, as the map draws them. No area of the map holds the North
Pole, so a point lies in an area if the meridian from it northward crosses that area's border an odd number
of times; the date line and an area about the South Pole need no care of their own.
Source: the even-odd rule, Shimrat, Algorithm 112, Communications of the ACM 5 (1962), 434.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

STRIPES = 720
"""Stripes of longitude into which edges are sorted: a point looks at the edges of its own stripe."""

LON_A, LAT_A, LON_B, LAT_B = 0, 1, 2, 3
"""Columns of `edges` (E, 4), degrees; longitudes from -180 to 180."""


@kernel
def _stripe(longitude_deg: float) -> int:
    turn = (longitude_deg + 180.0) / 360.0
    return min(STRIPES - 1, int((turn - math.floor(turn)) * STRIPES))


@kernel
def _count(edges: Floats, first: Ints, rows: Ints, write: bool) -> None:
    """Count the edges of each stripe into `first` (STRIPES + 1,), or write their rows and move it on."""
    for e in range(edges.shape[0]):
        a, b = _stripe(edges[e, LON_A]), _stripe(edges[e, LON_B])
        # The shorter way round: an edge over the date line has its ends on either side of the map.
        span = (b - a + STRIPES) % STRIPES
        if 2 * span > STRIPES:
            a, span = b, STRIPES - span
        for k in range(span + 1):
            stripe = (a + k) % STRIPES
            if write:
                rows[first[stripe]] = e
                first[stripe] += 1
            else:
                first[stripe + 1] += 1


def stripes(edges: Floats) -> tuple[Ints, Ints]:
    """Sort edges (E, 4) by longitude: (first (STRIPES + 1,), rows), as `areas_at` wants them."""
    count = np.zeros(STRIPES + 1, dtype=np.int32)
    _count(edges, count, np.empty(0, dtype=np.int32), False)
    first = np.cumsum(count, dtype=np.int32)
    rows = np.empty(first[-1], dtype=np.int32)
    _count(edges, first[:-1].copy(), rows, True)
    return first, rows


@kernel
def _wrapped(degrees: float) -> float:
    return degrees - 360.0 * math.floor(degrees / 360.0 + 0.5)


@kernel
def areas_at(
    points: Floats, edges: Floats, sides: Ints, first: Ints, rows: Ints, odd: NDArray[np.bool_], found: Ints
) -> None:
    """Fill `found` (N,) with the area that each of `points` (N, 2: latitude, longitude, deg) lies in, or -1.

    `sides` (E, 2) holds the areas on either side of an edge, -1 for none; `odd` (areas,) is working space.
    A NaN lies nowhere.
    """
    for i in range(points.shape[0]):
        latitude, longitude = points[i, 0], points[i, 1]
        found[i] = -1
        if math.isnan(latitude) or math.isnan(longitude):
            continue
        odd[:] = False
        stripe = _stripe(longitude)
        for k in range(first[stripe], first[stripe + 1]):
            e = rows[k]
            a, b = _wrapped(edges[e, LON_A] - longitude), _wrapped(edges[e, LON_B] - longitude)
            if (a >= 0.0) == (b >= 0.0) or abs(a - b) > 180.0:
                continue
            if edges[e, LAT_A] + (edges[e, LAT_B] - edges[e, LAT_A]) * a / (a - b) > latitude:
                for side in range(2):
                    if sides[e, side] >= 0:
                        odd[sides[e, side]] = not odd[sides[e, side]]
        for area in range(odd.shape[0]):
            if odd[area]:
                found[i] = area
                break
