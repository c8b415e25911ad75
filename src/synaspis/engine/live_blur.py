"""The error that an owner adds to what it releases: drawn once for each track, and the same while it lasts.

So it cannot be averaged away, and what is told of its size is true. Everybody gets the same error of a track:
two recipients cannot find it by comparing.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M
from synaspis.model.draw import die
from synaspis.model.estimate import Spots

Errors = Callable[[int], Floats]
"""Of a track's number: (3,) standard normal numbers, always the same."""
LEAST_COSINE = 0.01
"""Towards the poles a metre is ever more of longitude."""


@dataclass(frozen=True, kw_only=True)
class Blur:
    """The luck of the errors that owners add in one trial of a seed."""

    seed: int
    trial: int = 0

    def of(self, owner: str) -> Errors:
        """The errors of an owner's tracks."""

        @functools.cache
        def errors(number: int) -> Floats:
            normal, name = NormalDist(), f"{owner} {number}"
            return np.array([normal.inv_cdf(die(self.seed, "blur", name, self.trial, n)) for n in range(3)])

        return errors


def blurred_spot(spots: Spots, i: int, floor_m: float, errors: Floats) -> Spots:
    """Row `i` alone, off by `errors` (2,) times `floor_m` to the east and north, and as uncertain as that."""
    east_m, north_m = (floor_m * float(error) for error in errors[:2])
    one = Spots(**{name: column[i : i + 1].copy() for name, column in vars(spots).items()})
    covs = one.covs.copy()
    covs[:, [0, 1], [0, 1]] += floor_m**2
    shrink = max(math.cos(float(one.latitude_rad[0])), LEAST_COSINE)
    latitude = np.clip(one.latitude_rad + north_m / EQUATORIAL_RADIUS_M, -0.5 * math.pi, 0.5 * math.pi)
    longitude = one.longitude_rad + east_m / (EQUATORIAL_RADIUS_M * shrink)
    return replace(
        one, latitude_rad=latitude, longitude_rad=np.remainder(longitude + math.pi, 2.0 * math.pi) - math.pi,
        covs=covs, semi_major_m=np.hypot(one.semi_major_m, ELLIPSE_90 * floor_m),
        semi_minor_m=np.hypot(one.semi_minor_m, ELLIPSE_90 * floor_m),
    )  # fmt: skip
