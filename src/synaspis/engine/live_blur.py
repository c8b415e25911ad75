"""The error that an owner adds to what it releases: drawn once for each track, and the same while it lasts.

So it cannot be averaged away, and what is told of its size is true. All who get the same coarseness get the
same error of a track, two of them find nothing by comparing; another coarseness has an error of its own, so
that no two copies together tell more than the better one and a little.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M
from synaspis.model.draw import die
from synaspis.model.estimate import Spots

Errors = Callable[[Hashable], Floats]
"""Of a track: (3,) standard normal numbers, always the same."""
MOST_TRACKS = 4_096
LEAST_COSINE = 0.01
"""Towards the poles a metre is ever more of longitude."""


@dataclass(frozen=True, kw_only=True)
class Blur:
    """The luck of the errors that owners add in one trial of a seed."""

    seed: int
    trial: int = 0

    def of(self, owner: str, floor_m: float) -> Errors:
        """The errors of an owner's tracks at one coarseness."""

        @functools.lru_cache(maxsize=MOST_TRACKS)
        def errors(track: Hashable) -> Floats:
            normal, name = NormalDist(), f"{owner} {track} {floor_m:g}"
            return np.array([normal.inv_cdf(die(self.seed, "blur", name, self.trial, n)) for n in range(3)])

        return errors


def each_way_m(floor_m: float) -> float:
    """One-sigma error in each of three ways of a position that is `floor_m` off in all."""
    return floor_m / math.sqrt(3.0)


def off_place(
    latitude_rad: Floats, longitude_rad: Floats, floor_m: float, errors: Floats
) -> tuple[Floats, Floats]:
    """Places (N,) off by `errors` (2,) times `floor_m` to the east and north."""
    east_m, north_m = (floor_m * float(error) for error in errors[:2])
    shrink = np.maximum(np.cos(latitude_rad), LEAST_COSINE)
    latitude = np.clip(latitude_rad + north_m / EQUATORIAL_RADIUS_M, -0.5 * math.pi, 0.5 * math.pi)
    longitude = longitude_rad + east_m / (EQUATORIAL_RADIUS_M * shrink)
    return latitude, np.remainder(longitude + math.pi, 2.0 * math.pi) - math.pi


def wider_m(semi_axis_m: Floats, floor_m: float) -> Floats:
    """Semi-axes of 90 % ellipses of places that are as uncertain as that besides."""
    return np.hypot(semi_axis_m, ELLIPSE_90 * floor_m)


def blurred_spot(spots: Spots, i: int, floor_m: float, errors: Floats) -> Spots:
    """Row `i` alone, off by `errors` (2,) times `floor_m` to the east and north, and as uncertain as that."""
    one = Spots(**{name: column[i : i + 1].copy() for name, column in vars(spots).items()})
    covs = one.covs.copy()
    covs[:, [0, 1], [0, 1]] += floor_m**2
    latitude, longitude = off_place(one.latitude_rad, one.longitude_rad, floor_m, errors)
    return replace(
        one, latitude_rad=latitude, longitude_rad=longitude, covs=covs,
        semi_major_m=wider_m(one.semi_major_m, floor_m), semi_minor_m=wider_m(one.semi_minor_m, floor_m),
    )  # fmt: skip
