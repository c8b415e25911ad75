"""The ground about one battery, cut into cells of equal area, and what the battery can do over each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.flights import fly
from synaspis.engine.geometry import STEP_S, Geometry, cross_sections, flyout_row, timetable
from synaspis.engine.weather import skies
from synaspis.engine.workers import in_chunks
from synaspis.engine.world import World
from synaspis.kernels import footprint as kernel
from synaspis.kernels.earth import MEAN_RADIUS_M, geodetic_from_ecef
from synaspis.kernels.flyout import MAX_ALT, RANGE
from synaspis.kernels.plane import Plane
from synaspis.studies.coverage import shots
from synaspis.studies.footprint_aims import Declared, Lattice, Reach, lattice, whole
from synaspis.studies.footprint_battery import (
    INTERCEPT_S,
    MOST_FINE,
    SIDE,
    Flown,
    Scene,
    flown_of,
    fly_at,
    nodes_of,
    settings_of,
    slices,
    told_of,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGE_POINTS = 48
LOOK_CELLS = 40
"""Points along a side of the coarse look."""
WIDEST_M = 6_000_000.0
MARGIN_M = 10_000.0
MOST_INTERCEPTS = 40


@dataclass(frozen=True)
class Box:
    """A rectangle of the plane, metres."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Grid:
    """Square cells of `cell_m` from the south-west corner of a box, `shape` (rows north, columns east)."""

    plane: Plane
    west_m: float
    south_m: float
    cell_m: float
    shape: tuple[int, int]

    def middles(self) -> Floats:
        """(rows * columns, 2) latitude and longitude of the cells' middles, rad."""
        y = self.south_m + (np.arange(self.shape[0]) + 0.5) * self.cell_m
        x = self.west_m + (np.arange(self.shape[1]) + 0.5) * self.cell_m
        flat = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        return self.plane.places(flat)

    def places(self, at: Floats) -> Floats:
        """(N, 2) latitude and longitude, rad, of (N, 2) columns and rows from the first cell's middle."""
        corner = np.array([self.west_m, self.south_m])
        return self.plane.places(corner + (at + 0.5) * self.cell_m)

    def degrees(self, at: Floats) -> Floats:
        """(N, 2) longitude and latitude, degrees, of the same."""
        return np.degrees(self.places(at)[:, ::-1])


@dataclass(frozen=True)
class Ready:
    """Lattices flown over a search box, with all that is told of them: places can be put to them."""

    scene: Scene
    flown: Mapping[str, Flown]
    told: Mapping[str, tuple[Floats, Floats, Ints, Floats]]
    setting: Ints
    """Row in the times that are told of each setting of `settings_of`."""
    battery: Mapping[str, tuple[Any, ...]]
    views: Ints

    @property
    def names(self) -> tuple[str, ...]:
        """The classes, in order."""
        return tuple(self.flown)


@dataclass(frozen=True)
class Found:
    """What a battery can do about each of its classes D, from their areas, at each of P places.

    kind (D, P) as in `kernels.footprint`; count (D, V, P) engagements; figures (D, V, 3, P) of the first.
    """

    kind: NDArray[np.uint8]
    count: NDArray[np.uint8]
    figures: NDArray[np.float32]


def search_half_m(s: Scene, classes: Sequence[Reach], jobs: int) -> float:
    """How far from the battery ground may lie whose missiles pass through what it reaches, at most."""
    f = s.w.batteries[0]
    row = flyout_row(f)
    here = np.array([f.battery.latitude_rad, f.battery.longitude_rad])
    farthest = 0.0
    for reached in classes:
        d = reached.declared
        bearing, distance = d.polar(here)
        limit = float(reached.at(bearing))
        aims = np.unique(np.clip(np.array([0.6, 1.0, 1.3, 1.7]) * distance, reached.near_m, 0.99 * limit))
        flown = fly(d.orders(d.places(np.full(len(aims), bearing), aims)), STEP_S, jobs)
        for track, settled, impact in zip(flown.states, flown.settled_s, flown.impact_s, strict=True):
            if impact > 0.0:
                farthest = max(farthest, _left_m(track, float(settled), float(impact), row[MAX_ALT]))
    return float(min(row[RANGE] + 1.25 * farthest + MARGIN_M, WIDEST_M))


def _left_m(track: Floats, settled_s: float, impact_s: float, highest_m: float) -> float:
    """Ground that a missile covers after it comes below `highest_m` for good, or after it has settled."""
    k = np.arange(math.ceil(settled_s / STEP_S), int(impact_s / STEP_S) + 1)
    points = track[k, :3]
    heights = geodetic_from_ecef(np.ascontiguousarray(points))[:, 2]
    above = np.flatnonzero(heights > highest_m)
    begin = points[above[-1]] if len(above) else points[0]
    end = points[-1]
    cosine = begin @ end / np.linalg.norm(begin) / np.linalg.norm(end)
    return float(MEAN_RADIUS_M * math.acos(min(max(cosine, -1.0), 1.0)))


def _edge(plane: Plane, box: Box) -> Floats:
    x, y = np.linspace(box.west, box.east, EDGE_POINTS), np.linspace(box.south, box.north, EDGE_POINTS)
    flat = np.concatenate([
        np.stack([x, np.full_like(x, box.north)], -1), np.stack([x, np.full_like(x, box.south)], -1),
        np.stack([np.full_like(y, box.east), y], -1), np.stack([np.full_like(y, box.west), y], -1),
    ])  # fmt: skip
    return plane.places(flat)


def wide_flights(reached: Reach, jobs: int) -> Flown | None:
    """Flights of a class to a wide lattice over all its reach."""
    x = whole(reached)
    flown = fly(x.declared.orders(x.aims.reshape(-1, 2)), STEP_S, jobs)
    ends = np.nan_to_num(flown.settled_s), np.nan_to_num(flown.impact_s)
    return flown_of(x, flown.states, *ends, lambda _states, _phases: 0.0)


def search_box(s: Scene, sensors: Floats, plane: Plane, wide: Sequence[Flown]) -> Box:
    """The box of the ground whose missiles some launch can meet, by a coarse look with wide lattices."""
    half = search_half_m(s, [x.lattice.reach for x in wide], s.jobs)
    step = 2.0 * half / LOOK_CELLS
    along = -half + step * (np.arange(LOOK_CELLS) + 0.5)
    flat = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
    places = plane.places(flat)
    met = np.zeros(len(flat), np.bool_)
    for x in wide:
        at = x.lattice.at(places)
        drop(at, x.flies)
        met |= kinds(s, sensors, x, at) == kernel.MET
    if not met.any():
        return Box(-half, -half, half, half)
    low, high = flat[met].min(axis=0) - 1.5 * step, flat[met].max(axis=0) + 1.5 * step
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def lattices(plane: Plane, classes: Sequence[Reach], box: Box) -> dict[str, Lattice]:
    """A lattice for every class over a box, where it gets there."""
    found = {}
    edge = _edge(plane, box)
    for reached in classes:
        d = reached.declared
        x, y = plane.flat(np.array([d.area.latitude_rad, d.area.longitude_rad])).tolist()
        inside = box.west <= x <= box.east and box.south <= y <= box.north
        made = lattice(reached, edge, inside)
        if made is not None:
            found[d.name] = made
    return found


def flown_over(
    s: Scene, plane: Plane, classes: Sequence[Reach], box: Box
) -> tuple[World, Geometry, dict[str, Flown]]:
    """Lattices of every class over a box."""
    made = lattices(plane, classes, box)
    w, g = fly_at(s, [(x.declared, x.aims.reshape(-1, 2)) for x in made.values()])
    rows = slices({n: x.rows * x.columns for n, x in made.items()})
    flown = {n: nodes_of(s, g, rows[n], x) for n, x in made.items()}
    return w, g, {n: x for n, x in flown.items() if x is not None}


def battery_of(s: Scene, sensors: Floats, d: Declared) -> tuple[Any, ...]:
    """The battery as the kernel takes it, against one class."""
    f = s.w.batteries[0]
    row, radar = flyout_row(f), s.w.stations[f.radar]
    weather = skies(s.case)
    pace = np.array([f.interceptor.assess_s, f.system.launch_interval_s, *shots(f, 2)], np.float64)
    return (
        row, timetable(tuple(row)), sensors[f.radar].copy(), cross_sections([radar], [d.threat])[0, 0],
        np.ascontiguousarray(weather.rows[weather.usual]), pace,
    )  # fmt: skip


_NOTHING = (
    np.zeros((1, 2, 2, 3)),
    np.zeros((1, 1, 2, 2, 3)),
    np.full((1, 1), -1, np.int64),
    np.array([0.0, 1.0]),
)


def kinds(s: Scene, sensors: Floats, x: Flown, at: Floats) -> NDArray[np.uint8]:
    """(P,) whether a launch can meet the missile at each of `at` (P, 2), and if not why."""
    kind = np.zeros(len(at), np.uint8)
    none = np.zeros(0, np.int64), np.zeros((1, 0), np.int64), np.zeros(len(at), np.int64)
    kernel.places(
        at, (x.nodes, x.ends, x.phases), _NOTHING, battery_of(s, sensors, x.lattice.declared), *none, kind,
        np.zeros((0, len(at)), np.uint8), np.zeros((0, 3, len(at)), np.float32),
    )  # fmt: skip
    return kind


def ready(s: Scene, w: World, g: Geometry, flown: Mapping[str, Flown]) -> Ready:
    """All that is told of the lattices' flights, from finer ones where knowledge ends between them."""
    longest = max((x.span_s for x in flown.values()), default=0.0)
    steps = min(max(math.ceil(longest / INTERCEPT_S) + 1, 4), MOST_INTERCEPTS)
    spans = slices({n: x.lattice.rows * x.lattice.columns for n, x in flown.items()})
    base = _told(s, w, g, flown, steps, spans)
    cut = {n: _to_cut(s, g, x, base[:, spans[n]], MOST_FINE // len(flown)) for n, x in flown.items()}
    finer = {n: _cut_up(flown[n].lattice, c) for n, c in cut.items()}
    fine_spans = slices({n: len(aims) for n, (aims, _) in finer.items()})
    fine = np.zeros((len(base), 0, 1 + steps))
    if any(len(c) for c in cut.values()):
        pairs = [(flown[n].lattice.declared, aims) for n, (aims, _) in finer.items()]
        fine = _told(s, *fly_at(s, pairs), flown, steps, fine_spans)
    kept, setting = _distinct(base, fine)
    told = {}
    for n, x in flown.items():
        shape = (x.lattice.rows, x.lattice.columns)
        fine_of = np.full((shape[0] - 1, shape[1] - 1), -1, np.int64)
        fine_of[cut[n][:, 0], cut[n][:, 1]] = np.arange(len(cut[n]))
        told[n] = (
            np.ascontiguousarray(base[kept][:, spans[n]].reshape(len(kept), *shape, 1 + steps)),
            np.ascontiguousarray(fine[kept][:, fine_spans[n]][:, finer[n][1]]),
            fine_of,
            x.intercepts(steps),
        )
    needs = int(s.w.batteries[0].interceptor.remote != "engage")
    battery = {n: battery_of(s, g.sensors, x.lattice.declared) for n, x in flown.items()}
    views = np.array([1, 1, 1, 0] + [needs] * (2 * len(s.regimes)), np.int64)
    return Ready(s, flown, told, setting, battery, views)


def _told(
    s: Scene, w: World, g: Geometry, flown: Mapping[str, Flown], steps: int, spans: Mapping[str, slice]
) -> Floats:
    """(S, T, 1 + steps) what is told of each missile, by setting."""
    when = np.zeros((len(g.impact_s), steps))
    for name, missiles in spans.items():
        first, step = flown[name].intercepts(steps)
        rows = g.flight_of[missiles]
        settled, impact = g.settled_s[rows, None], g.impact_s[rows, None]
        when[rows] = settled + (impact - settled) * (first + step * np.arange(steps))
    return told_of(s, w, g, when)[:, g.flight_of]


def _distinct(base: Floats, fine: Floats) -> tuple[Ints, Ints]:
    """Settings that differ, and for each setting which of those it is."""
    seen: dict[bytes, int] = {}
    kept: list[int] = []
    of = []
    for i in range(len(base)):
        key = base[i].tobytes() + fine[i].tobytes()
        if key not in seen:
            seen[key] = len(kept)
            kept.append(i)
        of.append(seen[key])
    return np.array(kept, np.int64), np.array(of, np.int64)


def _to_cut(s: Scene, g: Geometry, x: Flown, times: Floats, most: int) -> Ints:
    """(F, 2) cells of a lattice near what a launch meets, in which some knowledge begins or ends."""
    shape = (x.lattice.rows, x.lattice.columns)
    steps = times.shape[2] - 1
    ends = x.ends.reshape(-1, 2)
    first, step = x.intercepts(steps)
    meets = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * (first + step * np.arange(steps))
    latest = np.concatenate([ends[:, 1:], meets], axis=1)
    without = (times >= latest - 1e-6).reshape(len(times), *shape, 1 + steps)
    corners: NDArray[np.bool_] = np.stack(
        [without[:, a : shape[0] - 1 + a, b : shape[1] - 1 + b] for a in (0, 1) for b in (0, 1)]
    )
    mixed = (np.any(corners, axis=0) & ~np.all(corners, axis=0)).any(axis=(0, 3))
    at = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1).reshape(-1, 2).astype(np.float64)
    drop(at, x.flies)
    met = (kinds(s, g.sensors, x, at) == kernel.MET).reshape(shape)
    near = np.stack([met[a : shape[0] - 1 + a, b : shape[1] - 1 + b] for a in (0, 1) for b in (0, 1)]).any(
        axis=0
    )
    wide = np.pad(near, 1)
    about = np.any(
        [wide[a : a + near.shape[0], b : b + near.shape[1]] for a in range(3) for b in range(3)], axis=0
    )
    first = np.argwhere(mixed & near)
    found = np.concatenate([first, np.argwhere(mixed & about & ~near)])
    return found[:most].astype(np.int64)


def _cut_up(x: Lattice, cells: Ints) -> tuple[Floats, Ints]:
    """(N, 2) aims of finer lattices in some cells, rad, and the rows (F, SIDE + 1, SIDE + 1) of each cell's.

    Cells that touch share the aims between them.
    """
    part = np.arange(SIDE + 1)
    u = SIDE * cells[:, 0, None, None] + part[:, None]
    v = SIDE * cells[:, 1, None, None] + part[None, :]
    pairs = np.stack(np.broadcast_arrays(u, v), axis=-1).reshape(-1, 2)
    unique, rows = np.unique(pairs, axis=0, return_inverse=True)
    at = unique / SIDE
    return x.place(at[:, 0], at[:, 1]), rows.reshape(len(cells), SIDE + 1, SIDE + 1)


def put(r: Ready, places: Floats, group: Ints) -> Found:
    """What the battery can do over places (P, 2), rad, on the scene's grounds of rows `group` (P,)."""
    view_of = r.setting[settings_of(r.scene)]
    classes, views, count = len(r.flown), len(r.views), len(places)
    found = Found(
        np.zeros((classes, count), np.uint8),
        np.zeros((classes, views, count), np.uint8),
        np.empty((classes, views, 3, count), np.float32),
    )
    for i, (name, x) in enumerate(r.flown.items()):
        at = x.lattice.at(places)
        drop(at, x.flies)
        given: tuple[Any, ...] = (
            (x.nodes, x.ends, x.phases),
            r.told[name],
            r.battery[name],
            r.views,
            view_of,
        )

        def task(a: int, b: int, i: int = i, at: Floats = at, given: tuple[Any, ...] = given) -> None:
            flown, told, battery, views, view_of = given
            out = found.kind[i, a:b], found.count[i, :, a:b], found.figures[i, :, :, a:b]
            kernel.places(at[a:b], flown, told, battery, views, view_of, group[a:b], *out)

        in_chunks(task, count, r.scene.jobs)
    return found


def drop(at: Floats, flies: NDArray[np.bool_]) -> None:
    """Take out places of which a corner of their cell of the lattice does not fly."""
    if flies.all():
        return
    whole = flies[:-1, :-1] & flies[1:, :-1] & flies[:-1, 1:] & flies[1:, 1:]
    known = np.flatnonzero(~np.isnan(at[:, 0]))
    i = np.clip(at[known, 0].astype(np.int64), 0, whole.shape[0] - 1)
    j = np.clip(at[known, 1].astype(np.int64), 0, whole.shape[1] - 1)
    at[known[~whole[i, j]]] = np.nan


def grid_over(plane: Plane, box: Box, cells: int) -> Grid:
    """`cells` square cells along the longer side of a box."""
    width, height = box.east - box.west, box.north - box.south
    cell = max(width, height) / cells
    shape = max(1, math.ceil(height / cell - 1e-9)), max(1, math.ceil(width / cell - 1e-9))
    return Grid(plane, box.west, box.south, cell, shape)
