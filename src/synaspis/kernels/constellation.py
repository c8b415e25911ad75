"""How many satellites see each cell of the Earth, and for how long there are too few of them.

A satellite sees a target that lies within its field of regard, a cone about the geocentric nadir, and
whose line of sight clears the WGS84 ellipsoid. Rays run straight, and no range limits them.
"""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, POLAR_RADIUS_M
from synaspis.kernels.jit import kernel

Floats = NDArray[np.float64]

LEAST, TOTAL, ENOUGH, GAP, WORST = range(5)
"""Rows of the tally: fewest satellites, satellites summed over times, times with enough, gaps in times."""
TALLIES = 5
_FLAT = 1.0 / (EQUATORIAL_RADIUS_M * EQUATORIAL_RADIUS_M)
_TALL = 1.0 / (POLAR_RADIUS_M * POLAR_RADIUS_M)


@kernel
def _count(x: Floats, y: Floats, z: Floats, square: Floats, scaled: Floats, sat: Floats, see: Floats) -> None:
    """Add 1.0 to `see` (C,) where a satellite sees the cell; `sat` is its place and the cosine of its cone.

    `square` and `scaled` (C,): squared lengths of the cells, in metres and with the ellipsoid as unit sphere.
    """
    px, py, pz, cosine = sat[0], sat[1], sat[2], sat[3]
    p2 = px * px + py * py + pz * pz
    e2 = (px * px + py * py) * _FLAT + pz * pz * _TALL
    cone = cosine * abs(cosine) * p2
    for c in range(see.shape[0]):
        flat = px * x[c] + py * y[c]
        up = pz * z[c]
        away = p2 + square[c] - 2.0 * (flat + up)
        down = p2 - (flat + up)
        # The ray's lowest point, in the frame in which the ellipsoid is the unit sphere.
        dot = flat * _FLAT + up * _TALL
        ray = e2 + scaled[c] - 2.0 * dot
        low = e2 - dot
        clear = (low <= 0.0) | (low >= ray) | ((e2 - 1.0) * ray >= low * low)
        see[c] += 1.0 if (down * abs(down) >= cone * away) & clear else 0.0


@kernel
def tally(cells: Floats, places: Floats, cosines: Floats, enough: float, out: Floats) -> None:
    """What a constellation sees of each cell over time, into `out` (5, C), see the rows above.

    Shapes: cells (C, 3) and places (T, N, 3) ECEF, metres; cosines (N,) of half the field of regard.
    A satellite whose place is NaN sees nothing. A gap is a run of times with fewer than `enough`.
    """
    count = cells.shape[0]
    x, y, z = cells[:, 0].copy(), cells[:, 1].copy(), cells[:, 2].copy()
    square = x * x + y * y + z * z
    scaled = (x * x + y * y) * _FLAT + z * z * _TALL
    see, sat = np.empty(count), np.empty(4)
    out[:] = 0.0
    out[LEAST] = np.inf
    for k in range(places.shape[0]):
        see[:] = 0.0
        for n in range(places.shape[1]):
            sat[0], sat[1], sat[2], sat[3] = places[k, n, 0], places[k, n, 1], places[k, n, 2], cosines[n]
            _count(x, y, z, square, scaled, sat, see)
        for c in range(count):
            out[TOTAL, c] += see[c]
            out[LEAST, c] = min(out[LEAST, c], see[c])
            if see[c] >= enough:
                out[ENOUGH, c] += 1.0
                out[GAP, c] = 0.0
            else:
                out[GAP, c] += 1.0
                out[WORST, c] = max(out[WORST, c], out[GAP, c])


def covered(cells: Floats, places: Floats, field_rad: Floats, enough: int, threads: int = 1) -> Floats:
    """`tally` for full fields of regard `field_rad` (N,), threads over cells: (5, C)."""
    cosines = np.where(field_rad >= 2.0 * math.pi, -2.0, np.cos(0.5 * field_rad))
    bounds = np.linspace(0, len(cells), max(1, threads) + 1).astype(int)
    chunks = list(itertools.pairwise(bounds))
    parts = [np.empty((TALLIES, b - a)) for a, b in chunks]
    with ThreadPoolExecutor(max(1, threads)) as pool:
        jobs = [
            pool.submit(tally, cells[a:b], places, cosines, float(enough), part)
            for (a, b), part in zip(chunks, parts, strict=True)
        ]
        for job in jobs:
            job.result()
    return np.concatenate(parts, axis=1)
