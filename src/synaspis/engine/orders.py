"""Who may order each battery to fire, whom it defends, and who is asked besides, as the kernel reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import Floats, Geometry
from synaspis.engine.under import states_under
from synaspis.engine.world import World
from synaspis.kernels.dice import name_hashes
from synaspis.model.agreement import PRODUCTS
from synaspis.model.battery import Battery
from synaspis.sharing.authority import Asked, Route, host_consent, routes, third_state
from synaspis.sharing.conditions import UNKNOWN
from synaspis.sharing.mandate import duties, named
from synaspis.sharing.masks import masks
from synaspis.sharing.release import revealed
from synaspis.sharing.rules import Rules, site_works

TOLD = "engagement_status"
Flags = NDArray[np.uint8]


@dataclass(frozen=True)
class Orders:
    """Who may order each battery to fire, and the mandates: regime parts that hold for all trials.

    mandate (B, A) clause id or ""; reserve and rank (B, A); routes per battery; fire[b] whether its site
    may be fired from; consents the hosts that are asked each time; leave[b] what each third state says to
    what happens above it, by (state, scope); share (N, N) who tells whom of engagements.
    """

    mandate: NDArray[np.object_]
    reserve: Floats
    rank: Floats
    routes: tuple[tuple[Route, ...], ...]
    fire: tuple[bool, ...]
    consents: tuple[Asked | None, ...]
    leave: tuple[Mapping[tuple[str, str], Asked], ...]
    share: NDArray[np.uint8]


def mandates(
    w: World, given: Rules, known: dict[object, Any] | None = None
) -> tuple[NDArray[np.object_], Floats, Floats]:
    """(B, A) clause under which each battery defends each asset, "" for none, its reserve, and its rank.

    Batteries under the same mandates are alike; `known` remembers them for the world's assets.
    """
    clause = np.empty((len(w.batteries), len(w.assets)), dtype=object)
    reserve, rank = np.zeros((2, *clause.shape))
    memory = {} if known is None else known
    for i, f in enumerate(w.batteries):
        over = named(given, f.battery)
        key = tuple((m.id, m.effect, m.reserve, m.in_order, nations) for m, nations in over)
        if key not in memory:
            found = duties(over, w.assets)
            memory[key] = tuple(
                np.array([getattr(d, part) if d else none for d in found], kind)
                for part, none, kind in (
                    ("clause", "", object),
                    ("reserve", 0.0, float),
                    ("rank", 0.0, float),
                )
            )
        clause[i], reserve[i], rank[i] = memory[key]
    return clause, reserve, rank


Authorities = tuple[
    tuple[tuple[Route, ...], ...],
    tuple[bool, ...],
    tuple[Asked | None, ...],
    tuple[Mapping[tuple[str, str], Asked], ...],
]


def authorities(w: World, given: Rules) -> Authorities:
    """Of `Orders`: routes, fire, consents and leave of every battery."""
    batteries = [f.battery for f in w.batteries]
    ways = tuple(routes(given, b) for b in batteries)
    fire = (site_works(given, b.name, b.host or b.owner, b.owner, "fire").allowed for b in batteries)
    asked = (host_consent(given, b) for b in batteries)
    leave = (_leave(w, given, b, way) for b, way in zip(batteries, ways, strict=True))
    return ways, tuple(fire), tuple(asked), tuple(leave)


def _leave(w: World, given: Rules, battery: Battery, ways: tuple[Route, ...]) -> dict[tuple[str, str], Asked]:
    """Consents of the case's nations that some route of the battery may need; silence is left out."""
    scopes = {scope for way in ways for scope in way.asks}
    found = {(n, scope): third_state(given, battery, n, scope) for scope in sorted(scopes) for n in w.nations}
    return {key: asked for key, asked in found.items() if asked is not None}


def told(w: World, given: Rules) -> Flags:
    """(N, N) who is told of whose engagements: without a condition or not at all."""
    of_engagements = tuple(c for c in given.releases if TOLD in revealed(c.effect, c.products))
    release_s = masks(replace(given, releases=of_engagements), w.nations).release_s(UNKNOWN)
    return np.isfinite(release_s[:, :, PRODUCTS.index(TOLD)]).astype(np.uint8)


@dataclass(frozen=True)
class Ways:
    """Routes to an order as arrays of `engine.layout`, C states being asked at most for any battery.

    route (6, B, R), decider (B, R, V), clause (B, R) hashes of ids, allows (B, R, T), consent (4, B, C),
    asks (B, R, C, T).
    """

    route: Floats
    decider: NDArray[np.int64]
    clause: NDArray[np.uint64]
    allows: Flags
    consent: Floats
    asks: Flags


def ways(w: World, g: Geometry, o: Orders) -> Ways:
    """What `o` comes to for the missiles of the world."""
    route, decider, clause = route_rows(w, o)
    allows = _allows(w, o)
    consent, asks = _consents(w, g, o, allows)
    return Ways(route, decider, clause, allows, consent, asks)


def at_targets(by_asset: NDArray[Any], targets: NDArray[np.int64]) -> NDArray[Any]:
    """(..., T) what holds for each missile's asset of (..., A); 0 for one aimed at open ground."""
    nowhere = np.zeros((*by_asset.shape[:-1], 1), by_asset.dtype)
    return np.concatenate([by_asset, nowhere], axis=-1)[..., targets]


def _allows(w: World, o: Orders) -> NDArray[np.uint8]:
    """(B, R, T) whether a route may be taken for a missile."""
    most = max((len(r) for r in o.routes), default=0) or 1
    by_asset = np.zeros((len(w.batteries), most, len(w.assets)), np.uint8)
    known: dict[tuple[str, ...], list[bool]] = {}
    for b, ways in enumerate(o.routes):
        for r, way in enumerate(ways):
            if way.defends not in known:
                known[way.defends] = [way.holds_for(asset) for asset in w.assets]
            by_asset[b, r] = known[way.defends]
    return np.ascontiguousarray(at_targets(by_asset, np.array([m.target for m in w.missiles], np.int64)))


def _consents(w: World, g: Geometry, o: Orders, allows: Flags) -> tuple[Floats, Flags]:
    """`consent` and `asks`: hosts, vetoes and third states; a state that gave no leave closes `allows`."""
    batteries, most, missiles = allows.shape
    under = states_under(w, g) if any(way.asks for row in o.routes for way in row) else {}
    asked: list[list[Asked]] = [[c] if c else [] for c in o.consents]
    needs: list[tuple[int, int, int, int]] = []
    for b, row in enumerate(o.routes):
        for r, way in enumerate(row):
            host = o.consents[b]
            hosts = () if host is None else (host,)
            if not (hosts or way.veto or way.asks):
                continue
            for t in np.flatnonzero(allows[b, r]).tolist():
                states = [(s, scope) for scope in way.asks for s in under.get((b, g.flight_of[t], scope), ())]
                if any(key not in o.leave[b] for key in states):
                    allows[b, r, t] = 0
                    continue
                wanted = (*hosts, *way.veto, *(o.leave[b][key] for key in states))
                for each in (x for x in wanted if x.decision_s > 0.0 or x.unreachable > 0.0):
                    if each not in asked[b]:
                        asked[b].append(each)
                    needs.append((b, r, asked[b].index(each), t))
    depth = max((len(row) for row in asked), default=0) or 1
    consent = np.full((4, batteries, depth), -1.0)
    asks = np.zeros((batteries, most, depth, missiles), np.uint8)
    for b, states_asked in enumerate(asked):
        for c, one in enumerate(states_asked):
            consent[:, b, c] = w.nation(one.nation), one.decision_s, one.spread, one.unreachable
    for place in needs:
        asks[place] = 1
    return consent, asks


def route_rows(w: World, o: Orders) -> tuple[Floats, NDArray[np.int64], NDArray[np.uint64]]:
    """route (6, B, R), decider (B, R, V), clause hashes (B, R); a decision time below 0 ends a row."""
    most = max((len(r) for r in o.routes), default=0) or 1
    voters = max((len(x.deciders) for r in o.routes for x in r), default=0) or 1
    route = np.full((6, len(w.batteries), most), -1.0)
    decider = np.full((len(w.batteries), most, voters), -1, np.int64)
    clause = np.zeros((len(w.batteries), most), np.uint64)
    for b, ways in enumerate(o.routes):
        for r, way in enumerate(ways):
            route[:, b, r] = (
                way.votes, way.decision_s, way.spread, way.unreachable, way.missing, float(not way.deciders),
            )  # fmt: skip
            clause[b, r] = name_hashes((way.clause,))[0]
            for v, nation in enumerate(way.deciders):
                decider[b, r, v] = w.nation(nation)
    return route, decider, clause
