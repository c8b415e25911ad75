"""What the holder of a live track knows of the missile that clauses ask about, and which places it threatens.

Judged from the estimate alone: an ellipse tells whom a missile threatens once it is no wider than the widest
warning zone, as in `PictureMaker`; a class is told once its chance is SURE; a launch area is the nearest one
that the estimate of the launch point allows.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import Floats
from synaspis.engine.world import World
from synaspis.kernels.geodesic import geodesic
from synaspis.model.estimate import CLASSES, Spots
from synaspis.sharing.conditions import UNKNOWN, Missile

SURE = 0.9
"""Chance from which a class counts as told: the bound asks for as much."""
AREA_M = 150_000.0
"""A launch area is a region: a launch this near its middle, or as near as the ellipse is long, is of it."""


class Judge:
    """Reads estimates against the map of a world."""

    def __init__(self, w: World) -> None:
        self.w = w
        self.zone_m = max(practice.zone_m for practice in w.case.warnings.values())
        self._places = [(a.latitude_rad, a.longitude_rad, a.radius_m) for a in w.assets]
        self._areas = [(a, a.latitude_rad, a.longitude_rad) for a in w.case.file.launch_areas]

    def threatened(self, spots: Spots, i: int, least_m: float = 0.0) -> list[int]:
        """Rows of the assets that the 90 % ellipse meets, nearest first; none without an estimate.

        `least_m`: the ellipse is taken to be at least so large.
        """
        if not math.isfinite(float(spots.semi_major_m[i])):
            return []
        major, minor = max(float(spots.semi_major_m[i]), least_m), max(float(spots.semi_minor_m[i]), least_m)
        found = []
        for row, (latitude, longitude, radius_m) in enumerate(self._places):
            far, bearing = self._way(spots, i, latitude, longitude)
            off = bearing - float(spots.bearing_rad[i])
            along, across = far * math.cos(off), far * math.sin(off)
            if (along / (major + radius_m)) ** 2 + (across / (minor + radius_m)) ** 2 <= 1.0:
                found.append((far, row))
        return [row for _, row in sorted(found)]

    def nearest(self, spots: Spots, i: int) -> tuple[int, float]:
        """Row of the asset nearest to an estimate, and how far it is; -1 and inf where there is none."""
        if not self._places or not math.isfinite(float(spots.latitude_rad[i])):
            return -1, math.inf
        far = [self._way(spots, i, latitude, longitude)[0] for latitude, longitude, _ in self._places]
        row = int(np.argmin(far))
        return row, far[row]

    def area(self, launch: Spots, i: int) -> str:
        """Name of the launch area that an estimate of the launch point means, "" for none."""
        if not math.isfinite(float(launch.latitude_rad[i])) or not self._areas:
            return ""
        far, name = min((self._way(launch, i, lat, lon)[0], a.name) for a, lat, lon in self._areas)
        return name if far <= max(AREA_M, float(launch.semi_major_m[i])) else ""

    def known(self, impact: Spots, launch: Spots, chances: NDArray[np.float64], i: int) -> Missile:
        """What clauses may be judged by, of estimate `i`: None where it is not known."""
        area = self.area(launch, i)
        whence = None
        if area:
            nation = next(a.nation for a, _, _ in self._areas if a.name == area)
            whence = frozenset({area, nation})
        if not float(impact.semi_major_m[i]) <= self.zone_m:
            return UNKNOWN._replace(launched_from=whence)
        rows = self.threatened(impact, i)
        threatens = frozenset(
            n for row in rows for n in (self.w.assets[row].nation, *self.w.assets[row].forces)
        )
        lands = {self.w.assets[row].nation for row in rows}
        return Missile(
            threatens=threatens or None, category=told_class(chances[i])[0] or None, launched_from=whence,
            lands_in=next(iter(lands)) if len(lands) == 1 else None,
        )  # fmt: skip

    def _way(self, spots: Spots, i: int, latitude: float, longitude: float) -> tuple[float, float]:
        """Distance and bearing from an estimate to a place."""
        here = float(spots.latitude_rad[i]), float(spots.longitude_rad[i])
        found = geodesic(*here, latitude, longitude)
        return float(found[0]), float(found[1])


def told_class(chances: Floats) -> tuple[str, float]:
    """The class that is SURE, or "", and the chance of the likeliest; NaN where nothing is known."""
    if not np.isfinite(chances).all():
        return "", math.nan
    best = int(chances.argmax())
    return (CLASSES[best] if chances[best] >= SURE else ""), float(chances[best])
