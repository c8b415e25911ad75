"""One day of a constellation's coverage of the whole Earth, against plain NumPy in the same run."""

from __future__ import annotations

import datetime as dt
import math
import time

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.satellites import Motion, places
from synaspis.kernels import constellation, satellite
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, POLAR_RADIUS_M
from synaspis.studies.constellation import DAY_S, STEP_S, grid

Floats = NDArray[np.float64]
Row = dict[str, float | str]

SATELLITES, PLANES = 135, 9
FIELD_RAD = math.radians(120.0)
THREADS = 2
PEER_TIMES = 24
START = dt.datetime(2024, 12, 1)


def numpy_counts(cells: Floats, where: Floats, field_rad: float) -> Floats:
    """(T, C) satellites that see each cell: the kernel's test with arrays for each time."""
    scale = np.array([EQUATORIAL_RADIUS_M, EQUATORIAL_RADIUS_M, POLAR_RADIUS_M])
    found = np.empty((len(where), len(cells)))
    for k, at in enumerate(where):
        away = cells[None] - at[:, None]
        length = np.sqrt((away**2).sum(axis=2) * (at**2).sum(axis=1)[:, None])
        inside = -(away * at[:, None]).sum(axis=2) >= math.cos(0.5 * field_rad) * length
        ray, foot = away / scale, (at / scale)[:, None]
        square = (ray**2).sum(axis=2)
        low = -(ray * foot).sum(axis=2)
        lowest = (foot**2).sum(axis=2) - low**2 / square
        found[k] = (inside & ((low <= 0.0) | (low >= square) | (lowest >= 1.0))).sum(axis=0)
    return found


def bench() -> dict[str, Row]:
    """`constellation_day`: 135 satellites, cells of 6 degrees, steps of 30 s, two threads, best of three.

    Orbits are part of it. The NumPy peer sees some of the times; its figure is for as many as the day has.
    """
    rows = satellite.walker(SATELLITES, PLANES, 1, 1e6, math.radians(80.0), False)
    moving = [Motion(elements=tuple(row)) for row in rows]
    seconds = np.arange(0.0, DAY_S, STEP_S)
    cells, _ = grid()
    fields = np.full(SATELLITES, FIELD_RAD)
    constellation.covered(cells, places(moving, START, seconds[:2]), fields, 2, THREADS)
    best = math.inf
    for _ in range(3):
        begin = time.perf_counter()
        where = places(moving, START, seconds)
        constellation.covered(cells, where, fields, 2, THREADS)
        best = min(best, time.perf_counter() - begin)
    begin = time.perf_counter()
    peer = numpy_counts(cells, where[:PEER_TIMES], FIELD_RAD)
    peer_s = (time.perf_counter() - begin) * len(seconds) / PEER_TIMES
    ours = constellation.covered(cells, where[:PEER_TIMES], fields, 2, THREADS)
    assert np.array_equal(ours[constellation.TOTAL], peer.sum(axis=0)), "the two answers differ"
    return {
        "constellation_day": {
            "value": best,
            "unit": "s",
            "peer": "NumPy, one thread",
            "peer_value": peer_s,
            "ratio": peer_s / best,
        }
    }
