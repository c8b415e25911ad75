"""Lattices of aims about a launch area: where a class gets, and the flights that others lie between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.flights import Order, fly
from synaspis.engine.geometry import STEP_S
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.geodesic import geodesic
from synaspis.model.case import Case
from synaspis.model.threat import LaunchArea, Threat
from synaspis.studies.coverage import REACH_GRACE

Floats = NDArray[np.float64]

BEARINGS = 18
"""Bearings along which a class's reach is found; between them it is smooth."""
CLEAR = 0.9995
"""Share of the reach up to which aims are flown: a flight at the very end of it may not close."""
SHORTEST = 0.01
"""Share of its range than which no class is flown shorter."""
_EDGE = 0.3
"""How far outside a lattice, in rows and columns, places are still told."""
FULL_CIRCLE_RAD = 1.5 * math.pi
ROW_RAD, COLUMN_M = math.radians(4.0), 90_000.0
ROWS, COLUMNS = (9, 40), (9, 25)


@dataclass(frozen=True)
class Declared:
    """A class that the case declares to fly from an area."""

    threat: Threat
    area: LaunchArea

    @property
    def name(self) -> str:
        return f"{self.threat.name} from {self.area.name}"

    def polar(self, places: Floats) -> tuple[Floats, Floats]:
        """Bearing (rad, clockwise from north) and distance (m) on a sphere of places (..., 2), rad."""
        f0, f = self.area.latitude_rad, places[..., 0]
        turn = places[..., 1] - self.area.longitude_rad
        east = np.cos(f) * np.sin(turn)
        north = math.cos(f0) * np.sin(f) - math.sin(f0) * np.cos(f) * np.cos(turn)
        up = math.sin(f0) * np.sin(f) + math.cos(f0) * np.cos(f) * np.cos(turn)
        return np.arctan2(east, north), MEAN_RADIUS_M * np.arctan2(np.hypot(east, north), up)

    def places(self, bearing: Floats, distance_m: Floats) -> Floats:
        """(..., 2) the inverse of `polar`, rad."""
        f0, angle = self.area.latitude_rad, distance_m / MEAN_RADIUS_M
        sine = math.sin(f0) * np.cos(angle) + math.cos(f0) * np.sin(angle) * np.cos(bearing)
        f = np.arcsin(np.clip(sine, -1.0, 1.0))
        east = np.sin(bearing) * np.sin(angle) * math.cos(f0)
        turn = np.arctan2(east, np.cos(angle) - math.sin(f0) * sine)
        return np.stack([f, self.area.longitude_rad + turn], axis=-1)

    def orders(self, places: Floats) -> list[Order]:
        """Missiles at places (N, 2), on the standard shape."""
        start = (self.area.latitude_rad, self.area.longitude_rad)
        return [Order(self.threat, start, (f, x), "minimum-energy") for f, x in places.tolist()]


def declared(case: Case) -> tuple[Declared, ...]:
    """Every class from every area that the case's raid names."""
    areas = {a.name: a for a in case.file.launch_areas}
    pairs = dict.fromkeys((f.threat, f.launch) for f in case.file.raid)
    return tuple(Declared(case.threats[t], areas[a]) for t, a in pairs)


@dataclass(frozen=True)
class Reach:
    """How far a class gets from an area, by bearing, and how near it may be aimed, in metres of `polar`."""

    declared: Declared
    far_m: Floats
    """(BEARINGS,) at even bearings from north."""
    near_m: float

    def at(self, bearing: Floats) -> Floats:
        """Reach along bearings, by the cubic through the nearest four."""
        x = np.mod(bearing / (2.0 * math.pi), 1.0) * BEARINGS
        k = np.floor(x).astype(np.int64)
        t = x - k
        w = (
            -t * (t - 1.0) * (t - 2.0) / 6.0, (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
            -(t + 1.0) * t * (t - 2.0) / 2.0, (t + 1.0) * t * (t - 1.0) / 6.0,
        )  # fmt: skip
        total: Floats = sum(w[i] * self.far_m[(k + i - 1) % BEARINGS] for i in range(4))
        return total

    def gets_to(self, places: Floats) -> NDArray[np.bool_]:
        """Which of places (..., 2), rad, the class may be aimed at: neither too far nor too near."""
        bearing, distance = self.declared.polar(places)
        return (distance <= self.at(bearing)) & (distance >= self.near_m)


def reach(d: Declared, jobs: int) -> Reach:
    """Fly the class as far as a raid may aim it, along every bearing."""
    bearings: Floats = np.arange(BEARINGS, dtype=np.float64) * (2.0 * math.pi / BEARINGS)
    limit: Floats = np.full(BEARINGS, d.threat.range_m * REACH_GRACE)
    most = 0.98 * math.pi * MEAN_RADIUS_M
    for _ in range(3):  # metres on a sphere that are the limit on the ellipsoid
        ends = d.places(bearings, np.minimum(limit, most))
        told = [geodesic(d.area.latitude_rad, d.area.longitude_rad, f, x)[0] for f, x in ends.tolist()]
        limit = np.minimum(limit * d.threat.range_m * REACH_GRACE / np.array(told), most)
    flown = fly(d.orders(d.places(bearings, limit)), STEP_S, jobs)
    short = ~(np.nan_to_num(flown.impact_s) > 0.0)
    far = np.where(short, CLEAR * np.nan_to_num(flown.reach_m), limit)
    return Reach(
        d, np.minimum(far, limit), _nearest(d) if d.threat.prescribed else SHORTEST * d.threat.range_m
    )


def _nearest(d: Declared) -> float:
    """The shortest flight of a prescribed profile, by halves; its bearing makes no difference."""
    low, high = 0.0, d.threat.range_m
    for _ in range(8):
        middle = 0.5 * (low + high)
        flown = fly(d.orders(d.places(np.zeros(1), np.array([middle]))), STEP_S)
        low, high = (low, middle) if np.nan_to_num(flown.impact_s)[0] > 0.0 else (middle, high)
    return high


@dataclass(frozen=True)
class Lattice:
    """Aims by row (bearing) and column (distance), and where others lie among them.

    Rows go from `start_rad` in steps of `step_rad`; columns from `near_m` to `far_m`, or to the reach along
    the row where that is None.
    """

    reach: Reach
    start_rad: float
    step_rad: float
    rows: int
    columns: int
    near_m: float
    far_m: float | None
    wraps: bool = False
    """Whether rows go all round, the first ones again at the end."""

    @property
    def declared(self) -> Declared:
        return self.reach.declared

    @cached_property
    def aims(self) -> Floats:
        """(rows, columns, 2) rad."""
        i, j = np.meshgrid(np.arange(self.rows), np.arange(self.columns), indexing="ij")
        return self.place(i.astype(float), j.astype(float))

    def place(self, u: Floats, v: Floats) -> Floats:
        """(..., 2) the place at (u, v), rad."""
        bearing: Floats = self.start_rad + u * self.step_rad
        far = self._far(bearing)
        return self.declared.places(bearing, self.near_m + v / (self.columns - 1) * (far - self.near_m))

    def _far(self, bearing: Floats) -> Floats:
        return self.reach.at(bearing) if self.far_m is None else np.full(np.shape(bearing), self.far_m)

    def at(self, places: Floats) -> Floats:
        """(P, 2) where places (P, 2) lie, in rows and columns; NaN where the class does not get."""
        bearing, distance = self.declared.polar(places)
        before = -1.0 if self.wraps else _EDGE
        u = (
            np.mod((bearing - self.start_rad) / self.step_rad + before, 2.0 * math.pi / self.step_rad)
            - before
        )
        v = (distance - self.near_m) / (self._far(bearing) - self.near_m) * (self.columns - 1)
        outside = (u > self.rows - 1.0 + _EDGE) | (v < -_EDGE) | (v > self.columns - 1.0 + _EDGE)
        lost = outside | ~self.reach.gets_to(places)
        out = np.stack([u, v], axis=-1)
        out[lost] = np.nan
        return out

    @property
    def spacing_m(self) -> float:
        """The widest gap between neighbours."""
        bearings: Floats = self.start_rad + self.step_rad * np.arange(self.rows, dtype=np.float64)
        far = float(np.max(self._far(bearings)))
        return max(self.step_rad * far, (far - self.near_m) / (self.columns - 1))


def whole(reached: Reach) -> Lattice:
    """A wide lattice over all that a class gets to: for a look at what a battery may reach at all."""
    return Lattice(reached, -math.pi, 2.0 * math.pi / BEARINGS, BEARINGS + 3, 10, reached.near_m, None, True)


def lattice(reached: Reach, outline: Floats, inside: bool) -> Lattice | None:
    """A lattice over ground with the edge `outline` (N, 2), rad; `inside`: the launch area lies in it.

    None where the class does not get to any of it.
    """
    bearing, distance = reached.declared.polar(outline)
    middle = math.atan2(float(np.sin(bearing).sum()), float(np.cos(bearing).sum()))
    off = np.mod(bearing - middle + math.pi, 2.0 * math.pi) - math.pi
    low, high = float(off.min()), float(off.max())
    near = reached.near_m if inside else max(float(distance.min()), reached.near_m)
    far = float(distance.max())
    wraps = inside or high - low > FULL_CIRCLE_RAD
    if wraps:
        rows = ROWS[1]
        step, start = 2.0 * math.pi / (rows - 3), -math.pi
        along = reached.far_m
    else:
        rows = min(max(math.ceil((high - low) / ROW_RAD) + 1, ROWS[0]), ROWS[1])
        step, start = (high - low) / (rows - 1), middle + low
        bearings: Floats = start + step * np.arange(rows, dtype=np.float64)
        along = reached.at(bearings)
    if near >= float(along.max()):
        return None
    bounded = far < float(along.min())
    span = (far if bounded else float(along.max())) - near
    columns = min(max(math.ceil(span / COLUMN_M) + 1, COLUMNS[0]), COLUMNS[1])
    if not bounded and near >= 0.9 * float(along.min()):
        near = max(reached.near_m, 0.8 * float(along.min()))
    return Lattice(reached, start, step, rows, columns, near, far if bounded else None, wraps)
