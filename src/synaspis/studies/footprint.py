"""Which ground each battery, each nation and the coalition really defends, free of any raid.

As `studies.coverage` does for places, every class that the case declares from every area flies at every
cell; a cell is defended when each of those that get there can be engaged. Classes that an interceptor does
not list do not count against its battery; they do against nations and the coalition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import sensor_rows
from synaspis.engine.world import world
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.footprint import MET, TOO_HIGH, TOO_LOW
from synaspis.kernels.plane import Plane
from synaspis.model.answers import SiteMark
from synaspis.model.borders import Borders
from synaspis.model.case import Case
from synaspis.model.footprint import BatteryFootprint, FootprintAnswer, RegimeFootprint, Soil
from synaspis.sharing.rules import rules
from synaspis.studies.arena import Progress, silent
from synaspis.studies.footprint_aims import Reach, declared, reach
from synaspis.studies.footprint_battery import MODES, Flown, Ground, Scene, only, scene
from synaspis.studies.footprint_extent import Over, extents
from synaspis.studies.footprint_ground import (
    Found,
    Grid,
    flown_over,
    grid_over,
    put,
    ready,
    search_box,
    wide_flights,
)
from synaspis.studies.marks import asset_marks, battery_marks
from synaspis.studies.soil import Cells, nation_at, soil_cells

Floats = NDArray[np.float64]
CELLS = 200
"""Cells along the longer side of a battery's box."""


@dataclass(frozen=True)
class Places:
    """What is asked about besides a battery's own cells: the case's assets, then cells of soil.

    grounds[ground] is whose they are.
    """

    place: Floats
    ground: NDArray[np.int64]
    grounds: tuple[Ground, ...]
    assets: int
    cells: Cells


@dataclass(frozen=True)
class Tally:
    """Over `Places` P, for every class D: reached (D, P), engagements by regime (R, D, P), and whether some
    launch of any battery meets it, or it passes too low or too high for one in range (D, P)."""

    reached: NDArray[np.bool_]
    count: NDArray[np.int64]
    met: NDArray[np.bool_]
    outside: NDArray[np.bool_]


def footprint(
    case: Case,
    batteries: Sequence[str] | None,
    regimes: Sequence[str] | None,
    jobs: int,
    version: str,
    borders: Borders,
    progress: Progress = silent,
    cells: int = CELLS,
) -> FootprintAnswer:
    """The defended ground of the case's batteries (or those named) under its regimes (or those named)."""
    names = tuple(regimes or (r.name for r in case.file.regimes))
    given = tuple(rules(case, case.regime(n)) for n in names)
    which = tuple(dict.fromkeys(batteries or (b.name for b in case.file.batteries)))
    progress("how far the classes reach", 0.0)
    w = world(case, ())
    reaches = [reach(d, jobs) for d in declared(case)]
    listed = {f.battery.name: f.interceptor.engages for f in w.batteries if f.battery.name in which}
    needed = {category for engages in listed.values() for category in engages}
    wide = {
        x.declared.name: flown
        for x in reaches
        if x.declared.threat.category in needed and (flown := wide_flights(x, jobs)) is not None
    }
    places = _places(case, borders, reaches)
    tally = _empty(reaches, places, len(names))
    sensors = sensor_rows(w.stations)
    found = {}
    marks = {m.name: m for m in battery_marks(w)}
    for i, name in enumerate(which):
        progress(f"footprint of {name}", (1 + i) / (1 + len(which)))
        s = scene(case, name, places.grounds, given, jobs)
        found[name] = _battery(s, marks[name], names, sensors, reaches, wide, borders, places, tally, cells)
    progress("done", 1.0)
    compare = case.file.compare
    return FootprintAnswer(
        case=case.name,
        title=case.file.title,
        date=case.file.date.isoformat(),
        version=version,
        headline=compare.headline if compare.headline in names else names[-1],
        against=compare.against if compare.against in names else names[0],
        classes=tuple(x.declared.name for x in reaches),
        batteries=found,
        whole=len(which) == len(case.file.batteries),
        regimes={n: _regime(case, n, r, places, tally) for r, n in enumerate(names)},
        assets=tuple(asset_marks(w)),
        areas=tuple(_area(x) for x in reaches),
        notes=case.file.notes,
    )


def _area(x: Reach) -> SiteMark:
    area = x.declared.area
    return SiteMark(
        name=area.name, kind="launch area", type=x.declared.threat.name, owner=area.nation,
        operator=area.nation, host=area.nation, latitude_deg=float(np.degrees(area.latitude_rad)),
        longitude_deg=float(np.degrees(area.longitude_rad)), facing_deg=0.0, sector_deg=0.0, reach_km=0.0,
        population=0.0,
    )  # fmt: skip


def _places(case: Case, borders: Borders, reaches: Sequence[Reach]) -> Places:
    codes = tuple(n.code for n in case.file.nations)

    def wanted(middles: Floats) -> NDArray[np.bool_]:
        gets: NDArray[np.bool_] = np.any([x.gets_to(middles) for x in reaches], axis=0)
        return gets

    edges = [(x.declared.area.latitude_rad, float(x.far_m.max()) / MEAN_RADIUS_M) for x in reaches]
    south, north = min(f - d for f, d in edges), max(f + d for f, d in edges)
    cells = soil_cells(borders, codes, wanted, south, north)
    assets = case.file.assets
    grounds = dict.fromkeys([*(Ground(c) for c in codes), Ground("")])
    grounds |= dict.fromkeys(Ground(a.nation, a.forces) for a in assets)
    rows = {g: i for i, g in enumerate(grounds)}
    own = [rows[Ground(a.nation, a.forces)] for a in assets]
    of_cells = [rows[Ground(str(c))] for c in cells.nation]
    at = np.array([[a.latitude_rad, a.longitude_rad] for a in assets]).reshape(-1, 2)
    return Places(
        np.concatenate([at, cells.place]), np.array([*own, *of_cells], np.int64), tuple(grounds), len(assets),
        cells,
    )  # fmt: skip


def _empty(reaches: Sequence[Reach], places: Places, regimes: int) -> Tally:
    reached = np.array([x.gets_to(places.place) for x in reaches])
    return Tally(
        reached, np.zeros((regimes, *reached.shape), np.int64), np.zeros_like(reached), np.zeros_like(reached)
    )


def _battery(
    s: Scene, mark: SiteMark, names: Sequence[str], sensors: Floats, reaches: Sequence[Reach],
    wide: Mapping[str, Flown], borders: Borders, places: Places, tally: Tally, cells: int,
) -> BatteryFootprint:  # fmt: skip
    """One battery's footprint; what it does for `places` is added to the tally."""
    f = s.w.batteries[0]
    listed = [x for x in reaches if x.declared.threat.category in f.interceptor.engages]
    plane = Plane(f.battery.latitude_rad, f.battery.longitude_rad)
    box = search_box(s, sensors, plane, [wide[x.declared.name] for x in listed if x.declared.name in wide])
    grid = grid_over(plane, box, cells)
    middles = grid.middles()
    also = _within(grid, places.place)
    soil, of = np.unique(nation_at(borders, middles), return_inverse=True)
    rows = {ground: i for i, ground in enumerate(s.grounds)}
    nobody = rows[Ground("")]
    everywhere = np.concatenate([
        np.array([rows.get(Ground(c), nobody) for c in soil.tolist()], np.int64)[of], places.ground[also],
    ])  # fmt: skip
    used, ground = np.unique(everywhere, return_inverse=True)
    s = only(s, used)
    r = ready(s, *flown_over(s, plane, listed, box))
    found = put(r, np.concatenate([middles, places.place[also]]), ground)
    here, there = ground[: len(middles)], ground[len(middles) :]
    assets = also < places.assets
    over = Over(s, r, grid, found, here, also[assets], there[assets])
    _add(s, found, r.names, also, there, tally, reaches, over.mandate)
    return extents(over, mark, names, s.case.file.assets, [x.declared for x in reaches])


def _within(grid: Grid, place: Floats) -> NDArray[np.int64]:
    """Rows of the places that lie in the box of a grid."""
    flat = grid.plane.flat(place)
    column = (flat[:, 0] - grid.west_m) / grid.cell_m
    row = (flat[:, 1] - grid.south_m) / grid.cell_m
    inside = (column >= 0.0) & (column <= grid.shape[1]) & (row >= 0.0) & (row <= grid.shape[0])
    return np.flatnonzero(inside)


def _add(
    s: Scene, found: Found, names: Sequence[str], also: NDArray[np.int64], ground: NDArray[np.int64],
    tally: Tally, reaches: Sequence[Reach], mandate: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Add what a battery does about each class over the places of rows `also`, the last points of `found`."""
    order = {x.declared.name: i for i, x in enumerate(reaches)}
    first = found.kind.shape[1] - len(also)
    for d, name in enumerate(names):
        kind, i = found.kind[d, first:], order[name]
        tally.met[i, also] |= kind == MET
        tally.outside[i, also] |= (kind == TOO_LOW) | (kind == TOO_HIGH)
        for r in range(len(s.regimes)):
            count = found.count[d, MODES + 2 * r + 1, first:]
            tally.count[r, i, also] += np.where(mandate[r, ground], count, 0)


def _regime(case: Case, name: str, r: int, places: Places, tally: Tally) -> RegimeFootprint:
    threatened: NDArray[np.bool_] = np.any(tally.reached, axis=0)
    least: NDArray[np.int64] = np.where(tally.reached, tally.count[r], np.iinfo(np.int64).max).min(axis=0)
    once, twice = threatened & (least >= 1), threatened & (least >= 2)
    gap: NDArray[np.bool_] = np.any(tally.reached & ~tally.met & tally.outside, axis=0)
    assets, n = case.file.assets, places.assets
    people = np.array([a.population for a in assets])
    home = np.array([a.nation for a in assets], dtype=object)

    def soil(own: NDArray[np.bool_], ours: NDArray[np.bool_]) -> Soil:
        size = places.cells.area_m2 * own

        def both(which: NDArray[np.bool_]) -> tuple[float, float]:
            return float((size * which[n:]).sum()), float((people * ours * which[:n]).sum())

        (reached, at_risk), (area, held) = both(threatened), both(once)
        (double, held_twice), (between, in_gap) = both(twice), both(gap)
        return Soil(
            threatened_m2=reached, area_m2=area, twice_m2=double, gap_m2=between,
            threatened_population=at_risk, population=held, twice_population=held_twice,
            gap_population=in_gap, cells=places.cells.corners[own & once[n:]],
        )  # fmt: skip

    nations = {c.code: soil(places.cells.nation == c.code, home == c.code) for c in case.file.nations}
    whole = np.ones(len(places.cells.nation), np.bool_), np.ones(len(assets), np.bool_)
    return RegimeFootprint(title=case.regime(name).title, nations=nations, coalition=soil(*whole))
