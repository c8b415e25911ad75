"""What a live picture says of missiles: where they were launched and will fall, of what class, how many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CLASSES = ("srbm", "mrbm", "irbm", "icbm")
"""Range classes in the order of the columns of chances: the catalogue's categories that fly ballistically."""
CLASS_RANGES_M = (1.0e6, 3.0e6, 5.5e6)
"""Short, medium, intermediate and intercontinental range meet here (NASIC, Ballistic and Cruise Missile
Threat, 2020)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Spots:
    """N places on the ground, each with a time: launches or impacts, as far as they are known.

    `latitude_rad`, `longitude_rad`, `time_s` (N,): the estimate. `covs` (N, 3, 3): covariance of metres east,
    metres north and seconds. `semi_major_m`, `semi_minor_m` (N,): the 90 % ellipse; `bearing_rad` (N,): its
    long axis, clockwise from north, 0 to pi. All are NaN where a track allows no estimate.
    """

    latitude_rad: Floats
    longitude_rad: Floats
    time_s: Floats
    covs: Floats
    semi_major_m: Floats
    semi_minor_m: Floats
    bearing_rad: Floats

    @property
    def sigma_s(self) -> Floats:
        """(N,) standard deviation of the times."""
        found: Floats = np.sqrt(self.covs[:, 2, 2])
        return found


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many separate objects a picture holds: the mean, and an interval of at least 90 %."""

    expected: float
    low: int
    high: int
