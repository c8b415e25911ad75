"""From what a battery can do over each cell to its defended ground: areas, outlines, people, and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.orders import authorities, mandates
from synaspis.kernels import footprint as kernel
from synaspis.kernels.geodesic import geodesic
from synaspis.model.answers import SiteMark
from synaspis.model.footprint import ARRIVALS, REASONS, BatteryFootprint, Extent, Figure, Under
from synaspis.model.footprint import MODES as MODE_NAMES
from synaspis.model.nation import Asset
from synaspis.studies.footprint_aims import Declared
from synaspis.studies.footprint_battery import MODE_OF, MODES, Scene
from synaspis.studies.footprint_ground import Found, Grid, Ready
from synaspis.studies.footprint_words import because
from synaspis.studies.outline import outlines

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PLACE = {kernel.OUT_OF_RANGE: "out_of_range", kernel.TOO_LOW: "too_low", kernel.TOO_HIGH: "too_high"}


@dataclass(frozen=True)
class Over:
    """A battery's box: `found` over its cells, each on a ground of the scene's, and then over the assets of
    rows `assets`, on the grounds `ground_of`, and whatever else."""

    s: Scene
    r: Ready
    grid: Grid
    found: Found
    ground: NDArray[np.int64]
    assets: NDArray[np.int64]
    ground_of: NDArray[np.int64]

    @property
    def points(self) -> int:
        """Cells and assets."""
        return len(self.ground) + len(self.assets)

    @cached_property
    def grounds(self) -> NDArray[np.int64]:
        """(points,) ground of each cell and asset."""
        return np.concatenate([self.ground, self.ground_of])

    @cached_property
    def reached(self) -> Bools:
        """(D, points) which classes get where."""
        return self.found.kind[:, : self.points] != kernel.UNREACHED

    @cached_property
    def mandate(self) -> Bools:
        """(R, G) whether the battery may defend a ground under a regime."""
        out = np.zeros((len(self.s.regimes), len(self.s.grounds)), np.bool_)
        own = np.array([g.nation != "" for g in self.s.grounds])
        for r, given in enumerate(self.s.regimes):
            out[r] = (mandates(self.s.w, given)[0][0] != "") & own
        return out

    def decides(self, r: int) -> Bools:
        """(G,) whether anybody may order the battery to fire at a missile at a ground under regime `r`."""
        routes, fire, _, _ = authorities(self.s.w, self.s.regimes[r])
        able = fire[0] and self.s.w.batteries[0].rounds > 0
        return np.array([able and any(way.holds_for(a) for way in routes[0]) for a in self.s.w.assets])

    def least(self, view: int) -> NDArray[np.int64]:
        """(points,) fewest engagements over the classes that get there in a view; 0 where none does."""
        count = np.where(self.reached, self.found.count[:, view, : self.points], 255).min(axis=0, initial=255)
        return np.where(self.reached.any(axis=0), count, 0).astype(np.int64)


def extents(
    o: Over, mark: SiteMark, names: Sequence[str], assets: Sequence[Asset], classes: Sequence[Declared]
) -> BatteryFootprint:
    """The footprint of the battery in every mode and regime."""
    f = o.s.w.batteries[0]
    cells = len(o.ground)
    cell_m2 = o.grid.cell_m**2
    modes = {name: _extent(o, o.least(v), v, assets) for v, name in enumerate(MODE_NAMES)}
    under = {}
    for r, name in enumerate(names):
        view = MODES + 2 * r + 1
        held = np.where(o.mandate[r, o.grounds], o.least(view), 0)
        extent = _extent(o, held, view, assets)
        lost = _lost(o, r)
        said = () if extent.area_m2 > 0.0 else because(o.s, r, lost, modes)
        under[name] = Under(extent=extent, lost_m2={k: v * cell_m2 for k, v in lost.items()}, because=said)
    listed = [d.name for d in classes if d.threat.category in f.interceptor.engages]
    return BatteryFootprint(
        site=mark,
        interceptor=f.interceptor.name,
        allowed=MODE_NAMES[MODE_OF[f.interceptor.remote]],
        classes=tuple(listed),
        unlisted=tuple(d.name for d in classes if d.name not in listed),
        cell_m=o.grid.cell_m,
        box_m2=cells * cell_m2,
        threatened_m2=float(o.reached[:, :cells].any(axis=0).sum()) * cell_m2,
        modes=modes,
        regimes=under,
    )


def _extent(o: Over, least: NDArray[np.int64], view: int, assets: Sequence[Asset]) -> Extent:
    cells = len(o.ground)
    people = np.array([assets[i].population for i in o.assets.tolist()])
    once, twice = least >= 1, least >= 2
    shape, cell_m2 = o.grid.shape, o.grid.cell_m**2
    drawn = [outlines(which[:cells].reshape(shape), o.grid.degrees) for which in (once, twice)]
    return Extent(
        area_m2=float(once[:cells].sum()) * cell_m2,
        twice_m2=float(twice[:cells].sum()) * cell_m2,
        across_m=_across_m(o.grid, once[:cells].reshape(shape)),
        population=float(people @ once[cells:]) if len(people) else 0.0,
        twice_population=float(people @ twice[cells:]) if len(people) else 0.0,
        arrival=_arrival(o, once[:cells], view),
        outline=drawn[0],
        twice_outline=drawn[1],
    )


def _arrival(o: Over, held: Bools, view: int) -> dict[str, Figure] | None:
    """Lowest, median and highest over defended cells and the classes that get there."""
    if not held.any():
        return None
    figures = o.found.figures[:, view, :, : len(held)][:, :, held].transpose(1, 0, 2).reshape(3, -1)
    kept = figures[:, ~np.isnan(figures[0])].astype(np.float64)
    return {
        name: Figure(low=float(row.min()), median=float(np.median(row)), high=float(row.max()))
        for name, row in zip(ARRIVALS, kept, strict=True)
    }


def _across_m(grid: Grid, held: Bools) -> float:
    """Greatest distance between the middles of two defended cells, and one cell more."""
    rows, columns = np.nonzero(held)
    if not len(rows):
        return 0.0
    # The farthest two lie on the edges of rows: a few hundred points.
    ends = []
    for row in np.unique(rows).tolist():
        own = columns[rows == row]
        ends += [(own.min(), row), (own.max(), row)]
    flat = np.unique(np.array(ends, float), axis=0)
    apart = np.hypot(*(flat[:, None, :] - flat[None, :, :]).transpose(2, 0, 1))
    near = np.argwhere(apart >= 0.98 * apart.max())
    places = grid.places(flat)
    if apart.max() == 0.0:
        return grid.cell_m
    best = near[np.argsort(-apart[near[:, 0], near[:, 1]], kind="stable")[:200]]
    return grid.cell_m + max(geodesic(*places[a], *places[b])[0] for a, b in best.tolist())


def _lost(o: Over, r: int) -> dict[str, int]:
    """Cells that some class gets to and that are not defended under regime `r`, by the first reason."""
    cells = len(o.ground)
    kind = o.found.kind[:, :cells]
    told, whole = o.found.count[:, MODES + 2 * r, :cells] > 0, o.found.count[:, MODES + 2 * r + 1, :cells] > 0
    potential = o.found.count[:, MODE_OF[o.s.w.batteries[0].interceptor.remote], :cells] > 0
    mandate = o.mandate[r, o.ground]
    nobody = np.array([g.nation == "" for g in o.s.grounds])[o.ground]
    decides = o.decides(r)[o.ground]
    tests = (
        *((name, kind == code) for code, name in PLACE.items()),
        ("not_seen", ~potential),
        ("not_released", ~told),
        ("nobodys_ground", np.broadcast_to(nobody, kind.shape)),
        ("no_mandate", np.broadcast_to(~mandate, kind.shape)),
        ("no_authority", ~whole & ~decides),
        ("too_late", ~whole),
    )
    worst = np.full(kind.shape, len(REASONS), np.int64)
    for name, fails in reversed(tests):
        worst[fails] = REASONS.index(name)
    worst[kind == kernel.UNREACHED] = len(REASONS)
    first = worst.min(axis=0, initial=len(REASONS))
    counted = np.bincount(first, minlength=len(REASONS) + 1)
    return {name: int(counted[i]) for i, name in enumerate(REASONS)}
