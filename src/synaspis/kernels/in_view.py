"""Which tracks a station may see: a rough look ahead, before any is carried to the time of a scan."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.jit import lean_kernel

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MARGIN_M = 20e3
"""Farther than this outside a station's view a track is not asked for, beyond three standard deviations."""
FALL_MPS2 = 50.0
"""What a path may bend, in the rough look ahead that says which tracks may be in view."""


@lean_kernel
def may_see(
    means: Floats, covs: Floats, weights: Floats, clocks: Floats, at_s: float, station: Floats,
    range_m: float, sine: float, out: Flags,
) -> None:  # fmt: skip
    """Which tracks may be in view at `at_s`, roughly: not one that is goes missing. Fills out (T,).

    View: within `range_m`, and higher above the station's horizon than an angle of this `sine`. A negative
    infinite one asks instead that the station be above the horizon of the track.
    """
    for t in range(means.shape[0]):
        best = 0
        for j in range(weights.shape[1]):
            if weights[t, j] > weights[t, best]:
                best = j
        mean, cov = means[t, best], covs[t, best]
        dt_s = at_s - clocks[t, 0]
        x, y, z = mean[0] + dt_s * mean[3], mean[1] + dt_s * mean[4], mean[2] + dt_s * mean[5]
        wide = cov[0, 0] + cov[1, 1] + cov[2, 2] + dt_s * dt_s * (cov[3, 3] + cov[4, 4] + cov[5, 5])
        margin = MARGIN_M + 0.5 * FALL_MPS2 * dt_s * dt_s + 3.0 * math.sqrt(max(wide, 0.0))
        dx, dy, dz = x - station[0], y - station[1], z - station[2]
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        if sine == -np.inf:
            up = -(dx * x + dy * y + dz * z) / math.sqrt(x * x + y * y + z * z)
            out[t] = up > -margin - math.sqrt(2.0 * MEAN_RADIUS_M * margin)
        else:
            up = station[9] * dx + station[10] * dy + station[11] * dz
            out[t] = distance <= range_m + margin and up >= sine * distance - 2.0 * margin
