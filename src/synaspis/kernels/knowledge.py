"""How well a nation knows where a missile will fall, at given times."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.bound import COUNTS, ROWS, error_m
from synaspis.kernels.jit import lean_kernel

Floats = NDArray[np.float64]
Arrays = tuple[Any, ...]


@lean_kernel
def impact_errors(
    asked: Arrays, when_s: Floats, impact_s: Floats, impact_rows: Floats, sources: Arrays, store: Arrays,
    dt_s: float, room: Arrays, out: Floats,
) -> None:  # fmt: skip
    """Semi-major axis of the 90 % impact ellipse of each flight at given times; fills `out` (U, J).

    when_s (U, J) seconds after launch; impact_rows (U, 2, 6); `asked`, `sources`, `store` and `room` as in
    `kernels.bound`. inf where nothing is known yet, NaN once the missile is down.
    """
    rows = room[ROWS]
    for u in range(out.shape[0]):
        for g in range(room[COUNTS].shape[0]):
            room[COUNTS][g] = 0  # what was kept of boost is the last flight's
        for i in range(2):
            for j in range(6):
                rows[i, j] = impact_rows[u, i, j]
        for k in range(out.shape[1]):
            out[u, k] = np.nan
            if when_s[u, k] < impact_s[u]:
                out[u, k] = error_m(u, when_s[u, k], rows, asked, sources, store, dt_s, room, -1.0)
