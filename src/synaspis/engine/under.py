"""Third states under an intercept, and under what comes down from it."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import STEP_S, Floats, Geometry, flyout_row
from synaspis.engine.workers import in_chunks
from synaspis.engine.world import Fielded, Missile, World
from synaspis.kernels import debris
from synaspis.kernels.borders import areas_at
from synaspis.kernels.earth import J2, ROTATION_RADPS, geodetic_from_ecef
from synaspis.kernels.sensing import UX, UZ, X, Z
from synaspis.model.borders import Borders
from synaspis.model.breakup import Breakup

Key = tuple[int, int]
"""A battery's row and a flight's."""

SEA, ALOFT = "", "aloft"
"""Stand among nations for what falls where the map has none, and for what does not come down."""


@dataclass(frozen=True)
class Fallen:
    """What comes down where a battery meets a flight: shares of the mass of both bodies, by nation.

    One mapping for each of up to three points at which they may meet (the first, the middle, the last); each
    sums to 1, with SEA and ALOFT in it. `missile` is the missile's part of that mass.
    """

    shares: tuple[Mapping[str, float], ...]
    missile: float

    def mean(self) -> dict[str, float]:
        """Mean over the points."""
        names = dict.fromkeys(name for s in self.shares for name in s)
        return {name: sum(s.get(name, 0.0) for s in self.shares) / len(self.shares) for name in names}

    def most(self) -> dict[str, float]:
        """The largest over the points."""
        names = dict.fromkeys(name for s in self.shares for name in s)
        return {name: max(s.get(name, 0.0) for s in self.shares) for name in names}


def states_under(w: World, g: Geometry) -> dict[tuple[int, int, str], tuple[str, ...]]:
    """By (battery, flight, scope): third states that lie under, see `own`.

    `overflight`: under any point at which the battery might meet the missile. `debris`: more than the least
    share of what comes down falls on their land, for some such point; where no figures say how bodies come
    apart, under the rest of the missile's way from the first such point on. A case that has no map (none of
    its clauses asks) has no such states. Worked out once for a world.
    """
    borders = w.case.borders
    if borders is None:
        return {}
    kept = _known.get((id(w), id(g)))
    if kept is not None and kept[0]() is w and kept[1]() is g:
        return kept[2]
    found: dict[tuple[int, int, str], tuple[str, ...]] = {}
    breakup = w.case.breakup
    fallen = {} if breakup is None else debris_of(w, g, borders, breakup)
    for u, first in enumerate(g.first_missile):
        missile = w.missiles[first]
        below = nations_at(borders, g.states[u, :, :3])
        for b, f in enumerate(w.batteries):
            meets = _meets(g, b, u)
            if not len(meets):
                continue
            at = np.clip(np.round(meets / STEP_S).astype(np.int64), 0, len(below) - 1)
            found[b, u, "overflight"] = tuple(sorted(set(below[at].tolist()) - own(w, f, missile)))
            falls = set(below[at.min() :].tolist())
            if breakup is not None:
                falls = {name for name, s in fallen[b, u].most().items() if s > breakup.least_share}
            found[b, u, "debris"] = tuple(sorted(falls - own(w, f, missile)))
    for key in [k for k, (x, y, _) in list(_known.items()) if x() is None or y() is None]:
        _known.pop(key, None)
    _known[id(w), id(g)] = (weakref.ref(w), weakref.ref(g), found)
    return found


def under_track(
    borders: Borders, breakup: Breakup | None, f: Fielded, radar: Floats, way: Floats,
    meets: NDArray[np.int64], no_third: Collection[str],
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """By scope, the states under a battery's meeting with a track, as `states_under` has them.

    `way` (K, 6) are its states every STEP_S as foretold, down to the ground, and `meets` the rows at which
    the battery may meet it. What the missile weighs is not known: a state is under it where either body alone
    would leave more than the least share there.
    """
    below = nations_at(borders, way[:, :3])
    falls = set(below[meets.min() :].tolist())
    if breakup is not None:
        cloud = debris.fragments(breakup.fastest_mps, breakup.lightest_kgpm2, breakup.heaviest_kgpm2)
        falls = set()
        for k in dict.fromkeys(int(meets[i]) for i in (0, len(meets) // 2, -1)):
            state = np.ascontiguousarray(way[k])
            for body in (state, _arriving(f, radar, state)):
                shares = _fallen(borders, body, cloud)
                falls |= {name for name, s in shares.items() if s > breakup.least_share}
    none = {SEA, ALOFT, *no_third}
    over = set(below[meets].tolist())
    return {"overflight": tuple(sorted(over - none)), "debris": tuple(sorted(falls - none))}


def own(w: World, f: Fielded, missile: Missile) -> set[str]:
    """Nations that are no third states: the owner, the host, the nation aimed at, and that which attacks."""
    target = w.assets[missile.target].nation if missile.target >= 0 else ""
    return {SEA, ALOFT, target, missile.launch.nation, f.battery.owner, f.battery.host or f.battery.owner}


_Found = dict[tuple[int, int, str], tuple[str, ...]]
_known: dict[tuple[int, int], tuple[weakref.ref[World], weakref.ref[Geometry], _Found]] = {}
"""Of the worlds that live, what lies under: tables are made many times for one of them."""


def _meets(g: Geometry, b: int, u: int) -> Floats:
    """Times at which a battery may meet a flight, rising."""
    return g.intercept_s[b, u][np.isfinite(g.intercept_s[b, u])]


def debris_of(w: World, g: Geometry, borders: Borders, breakup: Breakup, jobs: int = 1) -> dict[Key, Fallen]:
    """What comes down of each flight that each battery may meet. Fragments fly as `kernels.debris` says."""
    cloud = debris.fragments(breakup.fastest_mps, breakup.lightest_kgpm2, breakup.heaviest_kgpm2)
    by_flight: list[dict[Key, Fallen]] = [{} for _ in g.first_missile]

    def task(begin: int, end: int) -> None:
        for u in range(begin, end):
            by_flight[u] = _of_flight(w, g, borders, breakup, cloud, u)

    in_chunks(task, len(by_flight), jobs)
    return {key: fallen for found in by_flight for key, fallen in found.items()}


def _of_flight(
    w: World, g: Geometry, borders: Borders, breakup: Breakup, cloud: tuple[Floats, Floats], u: int
) -> dict[Key, Fallen]:
    mass_kg = w.missiles[g.first_missile[u]].threat.payload_kg
    part = mass_kg / (mass_kg + breakup.kill_vehicle_kg)
    missiles: dict[int, dict[str, float]] = {}
    found: dict[Key, Fallen] = {}
    for b, f in enumerate(w.batteries):
        shares = []
        for k in _samples(_meets(g, b, u)):
            state = np.ascontiguousarray(g.states[u, k])
            if k not in missiles:
                missiles[k] = _fallen(borders, state, cloud)
            hit = _fallen(borders, _arriving(f, g.sensors[f.radar], state), cloud)
            shares.append(_together(missiles[k], hit, part))
        if shares:
            found[b, u] = Fallen(tuple(shares), part)
    return found


def _samples(meets: Floats) -> list[int]:
    """Rows of the flight's states at the first, the middle and the last of the times."""
    if not len(meets):
        return []
    at = np.floor(meets[[0, len(meets) // 2, -1]] / STEP_S).astype(np.int64)
    return [int(k) for k in dict.fromkeys(at.tolist())]


def _arriving(f: Fielded, radar: Floats, state: Floats) -> Floats:
    """The interceptor's state (6,) where it meets the missile; at rest there if its flyout does not say."""
    found = np.zeros(6)
    found[:3] = state[:3]
    debris.arrival(
        flyout_row(f), np.ascontiguousarray(radar[X : Z + 1]), np.ascontiguousarray(radar[UX : UZ + 1]),
        np.ascontiguousarray(state[:3]), found[3:],
    )  # fmt: skip
    return found


def _fallen(borders: Borders, state: Floats, cloud: tuple[Floats, Floats]) -> dict[str, float]:
    """Shares of one body's fragments by nation; they sum to 1."""
    places = np.empty((len(cloud[0]), 3))
    debris.come_down(state, *cloud, ROTATION_RADPS, J2, places)
    down = ~np.isnan(places[:, 0])
    names, counts = np.unique(nations_at(borders, places[down]), return_counts=True)
    shares = {str(n): float(c) / len(places) for n, c in zip(names, counts, strict=True)}
    if not down.all():
        shares[ALOFT] = float((~down).mean())
    return shares


def _together(missile: Mapping[str, float], hit: Mapping[str, float], part: float) -> dict[str, float]:
    names = sorted({*missile, *hit})
    return {n: part * missile.get(n, 0.0) + (1.0 - part) * hit.get(n, 0.0) for n in names}


def nations_at(borders: Borders, points: Floats) -> NDArray[np.str_]:
    """(K,) code of the nation under each of `points` (K, 3) ECEF; "" over the sea, and where it has none."""
    places = np.degrees(geodetic_from_ecef(np.ascontiguousarray(points))[:, :2])
    return np.array([*borders.codes, SEA])[areas(borders, places)]


def areas(borders: Borders, places: Floats) -> NDArray[np.int32]:
    """The area that each of `places` (N, 2: latitude, longitude, deg) lies in, as its row; -1 for none."""
    found = np.empty(len(places), dtype=np.int32)
    odd = np.zeros(len(borders.codes), dtype=np.bool_)
    areas_at(
        np.ascontiguousarray(places), borders.edges, borders.sides, borders.first, borders.rows, odd, found
    )
    return found
