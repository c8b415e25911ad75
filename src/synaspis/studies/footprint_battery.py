"""One battery over one stretch of ground: what it can do about every declared class, place by place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import STEP_S, Geometry, flyout_row, geometry
from synaspis.engine.orders import Orders, authorities, mandates, ways
from synaspis.engine.pictures import PictureMaker
from synaspis.engine.serving import (
    Served,
    launches_from,
    served_by_all,
    served_by_own_radar,
    served_under,
    sources_under,
)
from synaspis.engine.world import Missile, World, world
from synaspis.kernels import footprint as kernel
from synaspis.kernels.flyout import HANDOVER, RANGE
from synaspis.kernels.sensing import UX, UZ, X, Z
from synaspis.model.case import Case
from synaspis.model.nation import Asset
from synaspis.sharing.rules import Rules
from synaspis.studies.coverage import answers_s
from synaspis.studies.footprint_aims import Declared, Lattice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OWN_RADAR, CUED, LAUNCH_ON_REMOTE, ENGAGE_ON_REMOTE, MODES = range(5)
"""Views that no regime changes; behind them two for each regime: what it is told, and what it may do."""
MODE_OF = {"own": CUED, "launch": LAUNCH_ON_REMOTE, "engage": ENGAGE_ON_REMOTE}
MOST_NODES = 900
NODE_S = 4.0
"""Time between the nodes of a flight."""
INTERCEPT_S = 20.0
"""Time between the intercepts for which knowledge is told."""
SIDE = 4
"""Parts into which a cell of the lattice is cut where knowledge ends in it."""
MOST_FINE = 72
"""Cells of lattices that are cut at most, all classes together."""


@dataclass(frozen=True)
class Ground:
    """People alike to every clause: of one nation, with forces of others; "" for nobody's."""

    nation: str
    forces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flown:
    """Lattice flights of one class: nodes, ends, phases as the kernel takes them; `rows` in the geometry."""

    lattice: Lattice
    nodes: Floats
    ends: Floats
    phases: Floats
    flies: NDArray[np.bool_]
    """(rows, columns); what does not fly has its neighbour's nodes."""

    @property
    def span_s(self) -> float:
        """The longest time from the first node to impact."""
        return float((1.0 - self.phases[0]) * (self.ends[..., 1] - self.ends[..., 0]).max())

    def intercepts(self, count: int) -> Floats:
        """(2,) phases of the intercepts for which knowledge is told: first, step."""
        return np.array([self.phases[0], (1.0 - self.phases[0]) / (count - 1)])


@dataclass(frozen=True)
class Scene:
    """One battery alone in the case's world with all its sensors, and the grounds that matter to it."""

    case: Case
    w: World
    grounds: tuple[Ground, ...]
    regimes: tuple[Rules, ...]
    jobs: int

    @property
    def views(self) -> int:
        return MODES + 2 * len(self.regimes)


def scene(case: Case, name: str, grounds: Sequence[Ground], regimes: Sequence[Rules], jobs: int) -> Scene:
    """The scene of the battery called `name`."""
    whole = world(case, ())
    one = tuple(f for f in whole.batteries if f.battery.name == name)
    assets = tuple(
        Asset(
            name=f"ground {i}", nation=g.nation, forces=g.forces, latitude_rad=0.0, longitude_rad=0.0,
            population=0.0,
        )
        for i, g in enumerate(grounds)
    )  # fmt: skip
    return Scene(case, replace(whole, batteries=one, assets=assets), tuple(grounds), tuple(regimes), jobs)


def only(s: Scene, rows: Ints) -> Scene:
    """The scene with the grounds of some rows alone."""
    assets = tuple(s.w.assets[i] for i in rows.tolist())
    return replace(s, w=replace(s.w, assets=assets), grounds=tuple(s.grounds[i] for i in rows.tolist()))


def fly_at(s: Scene, pairs: Sequence[tuple[Declared, Floats]]) -> tuple[World, Geometry]:
    """Missiles of each class at its places (N, 2), rad, and what is seen of them."""
    missiles = tuple(
        Missile(f"{d.name} {i}", d.threat, d.area, -1, (f, x, 0.0), 0.0, "minimum-energy")
        for d, places in pairs
        for i, (f, x) in enumerate(places.tolist())
    )
    w = replace(s.w, missiles=missiles)
    return w, geometry(w, s.jobs, False)


def slices(counts: Mapping[str, int]) -> dict[str, slice]:
    """Rows of each name, one after the other."""
    ends = np.cumsum([0, *counts.values()]).tolist()
    return {name: slice(*span) for name, span in zip(counts, pairwise(ends), strict=True)}


# -- flights of a lattice -----------------------------------------------------------------------


def flown_of(
    lattice: Lattice, track: Floats, settled: Floats, impact: Floats, begin: Callable[[Floats, Floats], float]
) -> Flown | None:
    """Flights (U,) of a lattice's aims as nodes, from the phase that `begin` finds; None if none flies.

    `begin` is given states (U, N, 6) at phases (N,).
    """
    flies = impact > settled
    if not flies.any():
        return None
    if not flies.all():
        good = np.flatnonzero(flies)
        stand_in = good[np.abs(np.arange(len(flies))[:, None] - good).argmin(axis=1)]
        settled, impact, track = settled[stand_in], impact[stand_in], track[stand_in]
    steps = int(min(max(math.ceil(float((impact - settled).max()) / NODE_S) + 1, 8), MOST_NODES))
    phases = np.linspace(0.0, 1.0, steps)
    states = _at_phases(track, settled, impact, phases)
    first = min(int(begin(states, phases) * (steps - 1)), steps - 1)
    shape = (lattice.rows, lattice.columns)
    return Flown(
        lattice,
        np.ascontiguousarray(states[:, first:].reshape(*shape, -1)),
        np.ascontiguousarray(np.stack([settled, impact], axis=-1).reshape(*shape, 2)),
        np.array([phases[first], phases[1]]),
        flies.reshape(shape),
    )


def nodes_of(s: Scene, g: Geometry, missiles: slice, lattice: Lattice) -> Flown | None:
    """The flights of a lattice, which are those of `missiles`, from where any comes near the battery."""
    rows = g.flight_of[missiles]
    settled, impact = g.settled_s[rows], g.impact_s[rows]
    row, radar = flyout_row(s.w.batteries[0]), g.sensors[s.w.batteries[0].radar]
    place = radar[X : Z + 1]
    up = radar[UX : UZ + 1]

    def begin(states: Floats, phases: Floats) -> float:
        off = states[:, :, :3] - place
        across = np.sqrt(np.maximum((off**2).sum(axis=-1) - (off @ up) ** 2, 0.0))
        near = np.flatnonzero((across <= row[RANGE] + lattice.spacing_m + kernel.SLACK_M).any(axis=0))
        if not len(near):
            return 1.0
        shortest = float(np.min((impact - settled)[impact > settled]))
        return max(float(phases[near[0]]) - row[HANDOVER] / shortest - 2.0 * float(phases[1]), 0.0)

    return flown_of(lattice, g.states[rows], settled, impact, begin)


def _at_phases(states: Floats, settled: Floats, impact: Floats, phases: Floats) -> Floats:
    """(U, N, 6) states at phases of each flight, by cubic Hermite between its samples."""
    when = settled[:, None] + (impact - settled)[:, None] * phases
    last = np.floor(impact / STEP_S).astype(np.int64)[:, None]
    k = np.clip(np.floor(when / STEP_S).astype(np.int64), 0, np.maximum(last - 1, 0))
    w = (when / STEP_S - k)[:, :, None]
    u = np.arange(len(states))[:, None]
    p0, p1 = states[u, k, :3], states[u, k + 1, :3]
    m0, m1 = states[u, k, 3:] * STEP_S, states[u, k + 1, 3:] * STEP_S
    a, b = 2 * p0 - 2 * p1 + m0 + m1, -3 * p0 + 3 * p1 - 2 * m0 - m1
    place = ((a * w + b) * w + m0) * w + p0
    pace = ((3 * a * w + 2 * b) * w + m0) / STEP_S
    return np.concatenate([place, pace], axis=-1)


# -- what is told of them -----------------------------------------------------------------------


def settings_of(s: Scene) -> Ints:
    """(G, V) the setting of each view on each ground: three free of regimes, then two a regime."""
    out = np.zeros((max(len(s.grounds), 1), s.views), np.int64)
    out[:, CUED] = 1
    out[:, LAUNCH_ON_REMOTE:MODES] = 2
    behind = 3 + np.arange(2 * len(s.regimes) * len(out)).reshape(len(s.regimes), len(out), 2)
    out[:, MODES:] = behind.transpose(1, 0, 2).reshape(len(out), -1)
    return out


def told_of(s: Scene, w: World, g: Geometry, intercept_s: Floats) -> Floats:
    """(S, U, 1 + Q) what the battery is told of flights, by setting.

    From when an order may stand, then from when the track allows a launch for each of `intercept_s` (U, Q);
    never is the impact, or that intercept.
    """
    never = np.concatenate([g.impact_s[:, None], intercept_s], axis=1)
    maker = PictureMaker(w, g, False)

    def setting(ordered_s: Floats, launches_s: Floats) -> Floats:
        return np.concatenate([np.minimum(ordered_s, g.impact_s)[:, None], launches_s], axis=1)

    def launches(of: PictureMaker, served: Served) -> Floats:
        return launches_from(of, 0, served, intercept_s, s.jobs)

    shared, cued = served_by_all(maker, 0)
    found = [setting(x.known_s, launches(maker, x)) for x in (served_by_own_radar(maker, 0), cued, shared)]
    aimed = [i if ground.nation else -1 for i, ground in enumerate(s.grounds)]
    worlds = [replace(w, missiles=tuple(replace(m, target=t) for m in w.missiles)) for t in aimed]
    makers = [PictureMaker(there, g, False) for there in worlds]
    for given in s.regimes:
        known: dict[object, tuple[Floats, Floats]] = {}
        clause, reserve, rank = mandates(w, given)
        routes, fire, consents, leave = authorities(w, given)
        told_nobody = np.zeros((0, 0), np.uint8)
        orders = Orders(clause, reserve, rank, routes, fire, consents, leave, told_nobody)
        for there, heard in zip(worlds, makers, strict=True):
            key = sources_under(heard, given, 0)
            if key not in known:
                served = served_under(heard, given, 0)
                known[key] = served.known_s, launches(heard, served)
            known_s, launches_s = known[key]
            found.append(setting(known_s, launches_s))
            if orders.fire[0] and s.w.batteries[0].rounds > 0:
                answer_s = answers_s(ways(there, g, orders), 0, g.first_missile)
                found.append(setting(known_s + answer_s, launches_s))
            else:
                found.append(never)
    return np.array(found)
