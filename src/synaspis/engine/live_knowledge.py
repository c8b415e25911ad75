"""What the holder of a live track knows of the missile that clauses ask about, and which places it threatens.

Judged from the estimate alone: an ellipse tells whom a missile threatens once it is no wider than the widest
warning zone, as in `PictureMaker`; a class is told once its chance is SURE; a launch area is the nearest one
that the estimate of the launch point allows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import Floats
from synaspis.engine.live_feeds import Snapshot
from synaspis.engine.live_joined import Once
from synaspis.engine.world import World
from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic, enu_axes
from synaspis.model.estimate import CLASSES, Spots
from synaspis.sharing.conditions import UNKNOWN, Missile

Ints = NDArray[np.int64]

SURE = 0.9
"""Chance from which a class counts as told: the bound asks for as much."""
MOST_ALONE = 4_096
"""Estimates of which a judge remembers what they threaten."""
AREA_M = 150_000.0
"""A launch area is a region: a launch this near its middle, or as near as the ellipse is long, is of it."""


class Judge:
    """Reads estimates against the map of a world. It may be one for several nations of a process: what it
    remembers, and what `once` does, follows from what it is asked, and tells nobody who asked."""

    def __init__(self, w: World) -> None:
        self.w, self.once = w, Once()
        self.zone_m = max(practice.zone_m for practice in w.case.warnings.values())
        self._places = _places([(a.latitude_rad, a.longitude_rad) for a in w.assets])
        self._radii_m = np.array([a.radius_m for a in w.assets])
        self._areas = _places([(a.latitude_rad, a.longitude_rad) for a in w.case.file.launch_areas])
        self._asked: Spots | None = None
        self._meet: list[list[int]] = []
        self._alone: dict[tuple[float, ...], list[int]] = {}
        self._of: Snapshot | None = None
        self._known: dict[int, Missile] = {}
        self._met: dict[int, list[int]] = {}

    def threatened(self, spots: Spots, i: int, least_m: float = 0.0) -> list[int]:
        """Rows of the assets that the 90 % ellipse meets, nearest first; none without an estimate.

        `least_m`: the ellipse is taken to be at least so large.
        """
        if least_m > 0.0 or len(spots.semi_major_m) == 1:
            return self._of_one(spots, i, least_m)
        if self._asked is not spots:  # of one look all are asked, and often more than once
            self._asked, self._meet = spots, self._threatened(spots, np.arange(len(spots.semi_major_m)))
        return self._meet[i]

    def _of_one(self, spots: Spots, i: int, least_m: float) -> list[int]:
        """Of one estimate, which is asked for at each look until there is another, by each who holds it."""
        s = spots
        asked = (s.semi_major_m, s.semi_minor_m, s.bearing_rad, s.latitude_rad, s.longitude_rad)
        key = (*[float(a[i]) for a in asked], least_m)
        if not math.isfinite(key[0]):
            return []
        if key not in self._alone:
            if len(self._alone) >= MOST_ALONE:
                self._alone.clear()
            self._alone[key] = self._threatened(spots, np.array([i]), least_m)[0]
        return self._alone[key]

    def _threatened(self, spots: Spots, rows: Ints, least_m: float = 0.0) -> list[list[int]]:
        """The same of several estimates at once."""
        known = np.isfinite(spots.semi_major_m[rows])
        found: list[list[int]] = [[] for _ in rows]
        if not known.any() or not len(self._places):
            return found
        some = rows[known]
        major, minor = (
            np.maximum(axis[some], least_m)[:, None] for axis in (spots.semi_major_m, spots.semi_minor_m)
        )
        far, bearing = _ways(spots, some, self._places)
        off = bearing - spots.bearing_rad[some][:, None]
        along = far * np.cos(off) / (major + self._radii_m)
        across = far * np.sin(off) / (minor + self._radii_m)
        meets = along**2 + across**2 <= 1.0
        for k, row in enumerate(np.flatnonzero(known)):
            met = np.flatnonzero(meets[k])
            found[row] = met[np.argsort(far[k][met], kind="stable")].tolist()
        return found

    def nearest(self, spots: Spots, i: int) -> tuple[int, float]:
        """Row of the asset nearest to an estimate, and how far it is; -1 and inf where there is none."""
        if not len(self._places) or not math.isfinite(float(spots.latitude_rad[i])):
            return -1, math.inf
        far = _ways(spots, np.array([i]), self._places)[0][0]
        row = int(far.argmin())
        return row, float(far[row])

    def area(self, launch: Spots, i: int) -> int:
        """Row of the launch area that an estimate of the launch point means, -1 for none."""
        if not math.isfinite(float(launch.latitude_rad[i])) or not len(self._areas):
            return -1
        far = _ways(launch, np.array([i]), self._areas)[0][0]
        row = int(far.argmin())
        return row if far[row] <= max(AREA_M, float(launch.semi_major_m[i])) else -1

    def known(self, s: Snapshot, i: int) -> Missile:
        """What clauses may be judged by, of track `i` of a snapshot: None where it is not known."""
        if self._of is not s:
            self._of, self._known = s, {}
            rows = np.flatnonzero(s.impact.semi_major_m <= self.zone_m)
            self._met = dict(zip(rows.tolist(), self._threatened(s.impact, rows), strict=True))
        if i not in self._known:
            self._known[i] = self._judged(s, i)
        return self._known[i]

    def _judged(self, s: Snapshot, i: int) -> Missile:
        row, whence = self.area(s.launch, i), None
        if row >= 0:
            area = self.w.case.file.launch_areas[row]
            whence = frozenset({area.name, area.nation})
        return self._follows(self._met.get(i), s.chances[i], whence)

    def told_by(self, impact: Spots, i: int, chances: Floats) -> Missile:
        """What follows from an impact estimate and the chances (classes,), where no launch point is known."""
        good = float(impact.semi_major_m[i]) <= self.zone_m
        return self._follows(self.threatened(impact, i) if good else None, chances, None)

    def _follows(self, rows: list[int] | None, chances: Floats, whence: frozenset[str] | None) -> Missile:
        """Of the assets that an ellipse small enough to tell meets, None for one that is not."""
        if rows is None:
            return UNKNOWN._replace(launched_from=whence)
        met = [self.w.assets[row] for row in rows]
        threatens = frozenset(n for a in met for n in (a.nation, *a.forces))
        lands = {a.nation for a in met}
        return Missile(
            threatens=threatens or None, category=told_class(chances)[0] or None, launched_from=whence,
            lands_in=next(iter(lands)) if len(lands) == 1 else None,
        )  # fmt: skip


def _places(spots: Sequence[tuple[float, float]]) -> Floats:
    """(N, 3) ECEF of places on the ellipsoid, latitude and longitude in rad."""
    return ecef_from_geodetic(np.array([(*spot, 0.0) for spot in spots], float).reshape(-1, 3))


def _ways(spots: Spots, rows: Ints, places: Floats) -> tuple[Floats, Floats]:
    """Distances and bearings (M, N) from estimates `rows` (M,) to `places` (N, 3), on a sphere: within a
    hundredth."""
    here = np.column_stack([spots.latitude_rad[rows], spots.longitude_rad[rows], np.zeros(len(rows))])
    line = places - ecef_from_geodetic(here)[:, None]
    axes = enu_axes(here)
    chord = np.minimum(np.linalg.norm(line, axis=2) / (2.0 * MEAN_RADIUS_M), 1.0)
    east, north = np.einsum("mnk,mk->mn", line, axes[:, 0]), np.einsum("mnk,mk->mn", line, axes[:, 1])
    return 2.0 * MEAN_RADIUS_M * np.arcsin(chord), np.arctan2(east, north)


def told_class(chances: Floats) -> tuple[str, float]:
    """The class that is SURE, or "", and the chance of the likeliest; NaN where nothing is known."""
    if not np.isfinite(chances).all():
        return "", math.nan
    best = int(chances.argmax())
    return (CLASSES[best] if chances[best] >= SURE else ""), float(chances[best])
