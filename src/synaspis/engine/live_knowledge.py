"""What the holder of a live track knows of the missile that clauses ask about, and which places it threatens.

Judged from the estimate alone: an ellipse tells whom a missile threatens once it is no wider than the widest
warning zone, as in `PictureMaker`; a class is told once its chance is SURE; a launch area is the nearest one
that the estimate of the launch point allows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.engine.live_feeds import Snapshot
from synaspis.engine.world import World
from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic, enu_axes
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
        self._places = _places([(a.latitude_rad, a.longitude_rad) for a in w.assets])
        self._radii_m = np.array([a.radius_m for a in w.assets])
        self._areas = _places([(a.latitude_rad, a.longitude_rad) for a in w.case.file.launch_areas])
        self._of: Snapshot | None = None
        self._known: dict[int, Missile] = {}

    def threatened(self, spots: Spots, i: int, least_m: float = 0.0) -> list[int]:
        """Rows of the assets that the 90 % ellipse meets, nearest first; none without an estimate.

        `least_m`: the ellipse is taken to be at least so large.
        """
        if not math.isfinite(float(spots.semi_major_m[i])):
            return []
        major, minor = max(float(spots.semi_major_m[i]), least_m), max(float(spots.semi_minor_m[i]), least_m)
        far, bearing = _way(spots, i, self._places)
        off = bearing - float(spots.bearing_rad[i])
        along, across = (
            far * np.cos(off) / (major + self._radii_m),
            far * np.sin(off) / (minor + self._radii_m),
        )
        met = np.flatnonzero(along**2 + across**2 <= 1.0)
        found: list[int] = met[np.argsort(far[met], kind="stable")].tolist()
        return found

    def nearest(self, spots: Spots, i: int) -> tuple[int, float]:
        """Row of the asset nearest to an estimate, and how far it is; -1 and inf where there is none."""
        if not len(self._places) or not math.isfinite(float(spots.latitude_rad[i])):
            return -1, math.inf
        far, _ = _way(spots, i, self._places)
        row = int(far.argmin())
        return row, float(far[row])

    def area(self, launch: Spots, i: int) -> int:
        """Row of the launch area that an estimate of the launch point means, -1 for none."""
        if not math.isfinite(float(launch.latitude_rad[i])) or not len(self._areas):
            return -1
        far, _ = _way(launch, i, self._areas)
        row = int(far.argmin())
        return row if far[row] <= max(AREA_M, float(launch.semi_major_m[i])) else -1

    def known(self, s: Snapshot, i: int) -> Missile:
        """What clauses may be judged by, of track `i` of a snapshot: None where it is not known."""
        if self._of is not s:
            self._of, self._known = s, {}
        if i not in self._known:
            self._known[i] = self._judged(s, i)
        return self._known[i]

    def _judged(self, s: Snapshot, i: int) -> Missile:
        row, whence = self.area(s.launch, i), None
        if row >= 0:
            area = self.w.case.file.launch_areas[row]
            whence = frozenset({area.name, area.nation})
        return self.told_by(s.impact, i, s.chances[i], whence)

    def told_by(
        self, impact: Spots, i: int, chances: Floats, whence: frozenset[str] | None = None
    ) -> Missile:
        """What follows from an impact estimate, the chances (classes,) and the launch area where known."""
        if not float(impact.semi_major_m[i]) <= self.zone_m:
            return UNKNOWN._replace(launched_from=whence)
        met = [self.w.assets[row] for row in self.threatened(impact, i)]
        threatens = frozenset(n for a in met for n in (a.nation, *a.forces))
        lands = {a.nation for a in met}
        return Missile(
            threatens=threatens or None, category=told_class(chances)[0] or None, launched_from=whence,
            lands_in=next(iter(lands)) if len(lands) == 1 else None,
        )  # fmt: skip


def _places(spots: Sequence[tuple[float, float]]) -> Floats:
    """(N, 3) ECEF of places on the ellipsoid, latitude and longitude in rad."""
    return ecef_from_geodetic(np.array([(*spot, 0.0) for spot in spots], float).reshape(-1, 3))


def _way(spots: Spots, i: int, places: Floats) -> tuple[Floats, Floats]:
    """Distances and bearings (N,) from an estimate to `places` (N, 3), on a sphere: within a hundredth."""
    here = np.array([[float(spots.latitude_rad[i]), float(spots.longitude_rad[i]), 0.0]])
    line = places - ecef_from_geodetic(here)[0]
    east, north, _ = enu_axes(here)[0]
    chord = np.minimum(np.linalg.norm(line, axis=1) / (2.0 * MEAN_RADIUS_M), 1.0)
    return 2.0 * MEAN_RADIUS_M * np.arcsin(chord), np.arctan2(line @ east, line @ north)


def told_class(chances: Floats) -> tuple[str, float]:
    """The class that is SURE, or "", and the chance of the likeliest; NaN where nothing is known."""
    if not np.isfinite(chances).all():
        return "", math.nan
    best = int(chances.argmax())
    return (CLASSES[best] if chances[best] >= SURE else ""), float(chances[best])
