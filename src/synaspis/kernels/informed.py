"""From when a track is good enough for an intercept at a given time, whatever the interceptor."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.bound import (
    BURNOUT,
    ROWS,
    Arrays,
    error_m,
    forget,
    position_rows,
)
from synaspis.kernels.jit import lean_kernel

Floats = NDArray[np.float64]

FINENESS_S = 0.125
"""Step of the grid, from burnout on, on which launches are told."""


@lean_kernel
def informed_from(
    asked: Arrays, limit_m: float, intercept_s: Floats, phi: Floats, sources: Arrays, store: Arrays,
    dt_s: float, room: Arrays, first: int, last: int, out: Floats,
) -> None:  # fmt: skip
    """First launch from which the error predicted to each of `intercept_s` (U, Q) is within `limit_m`.

    Fills out (U, Q) for flights `first` to `last`; the intercept's own time where no launch before it will
    do. Information only grows, so the time is bisected, for each intercept from where the one before it lay.
    """
    rows = room[ROWS]
    for u in range(first, last):
        forget(room)
        begin_s, good = store[BURNOUT][u], 0
        for q in range(intercept_s.shape[1]):
            out[u, q] = intercept_s[u, q]
            most = math.floor((intercept_s[u, q] - begin_s) / FINENESS_S)
            if not most >= 1:
                continue
            position_rows(phi, u, intercept_s[u, q], dt_s, rows)
            bad, good, step = -1, min(good, most), 1
            # Outwards from the last answer, then by halves.
            while good <= most:
                now = begin_s + good * FINENESS_S
                if error_m(u, now, rows, asked, sources, store, dt_s, room, limit_m) <= limit_m:
                    break
                bad, good, step = good, min(good + step, most) if good < most else most + 1, 4 * step
            if good > most:
                good = most
                continue
            while good - bad > 1:
                middle = (good + bad) // 2 if bad >= 0 else good // 2
                now = begin_s + middle * FINENESS_S
                if error_m(u, now, rows, asked, sources, store, dt_s, room, limit_m) <= limit_m:
                    good = middle
                else:
                    bad = middle
            out[u, q] = begin_s + good * FINENESS_S
