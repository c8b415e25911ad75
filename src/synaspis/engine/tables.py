"""One regime compiled for the event kernel: pictures, mandates, authority and coordination as arrays.

Times here are seconds from the start of the raid. Beside every number stands the clause it rests on,
so that results can cite it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import advance as rows
from synaspis.engine.geometry import Floats, Geometry
from synaspis.engine.pictures import Pictures, digest
from synaspis.engine.world import World
from synaspis.kernels.dice import name_hashes
from synaspis.kernels.geodesic import geodesic
from synaspis.model.battery import Interceptor
from synaspis.sharing.authority import HostConsent, Route, host_consent, routes
from synaspis.sharing.mandate import duty
from synaspis.sharing.release import decide
from synaspis.sharing.rules import Rules, site_works

GATES = ("not_seen", "not_released", "no_mandate", "no_authority", "too_late", "no_rounds")
NO_GATE = -1.0


@dataclass(frozen=True)
class Orders:
    """Who may order each battery to fire, and the mandates: regime parts that hold for all trials.

    mandate (B, A) clause id or ""; reserve (B, A); routes per battery; fire[b] whether its site may
    be fired from; share (N, N) who tells whom of engagements, with clauses.
    """

    mandate: NDArray[np.object_]
    reserve: Floats
    routes: tuple[tuple[Route, ...], ...]
    fire: tuple[bool, ...]
    consents: tuple[HostConsent | None, ...]
    share: NDArray[np.uint8]
    share_clauses: Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True)
class EngineTables:
    """Arrays that `engine.advance` reads, with their names' hashes; see there for shapes."""

    ids: tuple[NDArray[np.uint64], ...]
    st: Floats
    nt: Floats
    bt: Floats
    win: Floats
    flight: NDArray[np.int64]
    missile: Floats
    battery: Floats
    route: Floats
    decider: NDArray[np.int64]
    allows: NDArray[np.uint8]
    consent: Floats
    holds: Floats
    serves: Floats
    share: NDArray[np.uint8]
    reach: NDArray[np.bool_]
    target: NDArray[np.int64]
    near: NDArray[np.bool_]
    """(A, T) assets so near to where a missile is aimed that a warning zone holds both."""
    asset_nation: NDArray[np.int64]
    dissemination_s: Floats

    def for_kernel(self) -> rows.Tables:
        """The tuple of tables that `advance` takes, in its order."""
        return (
            self.ids, self.st, self.nt, self.bt, self.win, self.flight, self.missile, self.battery,
            self.route, self.decider, self.allows, self.consent, self.holds, self.serves, self.share,
        )  # fmt: skip

    def same_as(self, other: EngineTables) -> bool:
        """Whether the two compile to identical tables: then their outcomes are identical too."""
        return self.digest == other.digest

    @functools.cached_property
    def digest(self) -> bytes:
        """What stands for all of it: tables with equal digests have the same outcomes."""
        rest = (getattr(self, field.name) for field in fields(self) if field.name != "ids")
        return digest((*self.ids, *rest))


def mandates(w: World, given: Rules) -> tuple[NDArray[np.object_], Floats]:
    """(B, A) clause under which each battery defends each asset, "" for none, and its reserve."""
    clause = np.full((len(w.batteries), len(w.assets)), "", dtype=object)
    reserve = np.zeros(clause.shape)
    for i, f in enumerate(w.batteries):
        for j, asset in enumerate(w.assets):
            found = duty(given, f.battery, asset)
            if found:
                clause[i, j], reserve[i, j] = found.clause, found.reserve
    return clause, reserve


def authorities(
    w: World, given: Rules
) -> tuple[tuple[tuple[Route, ...], ...], tuple[bool, ...], tuple[HostConsent | None, ...]]:
    """Routes to an order for each battery, whether its site may be fired from, and whom to ask each time."""
    batteries = [f.battery for f in w.batteries]
    fire = (site_works(given, b.name, b.host or b.owner, b.owner, "fire").allowed for b in batteries)
    asked = (host_consent(given, b) for b in batteries)
    return tuple(routes(given, b) for b in batteries), tuple(fire), tuple(asked)


def told(w: World, given: Rules) -> tuple[NDArray[np.uint8], Mapping[tuple[str, str], tuple[str, ...]]]:
    """(N, N) who is told of whose engagements, and under which clauses."""
    share = np.eye(len(w.nations), dtype=np.uint8)
    cited: dict[tuple[str, str], tuple[str, ...]] = {}
    for i, a in enumerate(w.nations):
        for j, b in enumerate(w.nations):
            decision = decide(given, a, b, "engagement_status")
            if decision.allowed:
                share[i, j] = 1
                cited[a, b] = decision.because
    return share, cited


def tables(
    w: World,
    g: Geometry,
    pictures: Pictures,
    pooled: tuple[Floats, Floats],
    o: Orders,
    countermeasures: bool = False,
) -> EngineTables:
    """Everything the kernel reads for one regime; `countermeasures`: the raid carries simple ones."""
    missiles = w.missiles
    flight = g.flight_of
    launch = np.array([m.launch_s for m in missiles])
    allows = _allows(w, o)
    bt, reach = _battery_threat(w, g, pictures, pooled, o, launch, allows)
    nt = np.stack([*(x[:, flight] + launch for x in (pictures.known_s, pictures.warned_s)), _acts(w, bt)])
    route, decider, clause_ids = _routes(w, o)
    codes = {code: i for i, code in enumerate(w.nations)}
    practice = [w.case.warnings[n.warning] for n in w.case.file.nations]
    return EngineTables(
        ids=(
            name_hashes(tuple(m.name for m in missiles)),
            name_hashes(tuple(f.battery.name for f in w.batteries)),
            name_hashes(tuple(s.name for s in w.stations)),
            name_hashes(w.nations),
            clause_ids,
            name_hashes(tuple(f.interceptor.name for f in w.batteries)),
        ),
        st=_station_threat(w, g, pictures, launch),
        nt=np.ascontiguousarray(nt.transpose(2, 0, 1)),
        bt=np.ascontiguousarray(bt.transpose(2, 0, 1)),
        win=np.ascontiguousarray(np.stack([g.launch_s, g.intercept_s])),
        flight=flight,
        missile=missile_rows(w, g, launch),
        battery=_battery_rows(w, countermeasures),
        route=route,
        decider=decider,
        allows=allows,
        consent=_consents(w, o),
        holds=np.where([pictures.holds_known, pictures.holds_warned], 0.0, np.inf),
        serves=np.where(pictures.serves, 0.0, np.inf),
        share=o.share,
        reach=reach,
        target=np.array([m.target for m in missiles], np.int64),
        near=near(w),
        asset_nation=np.array([codes[a.nation] for a in w.assets], np.int64),
        dissemination_s=np.array([p.dissemination_s for p in practice]),
    )


def _station_threat(w: World, g: Geometry, pictures: Pictures, launch: Floats) -> Floats:
    """`st` (3, S, T): when each station begins to see each missile, and its luck at each scan."""
    st = np.empty((3, len(w.stations), len(w.missiles)))
    st[rows.SEEN] = pictures.sees_s[:, g.flight_of] + launch
    st[rows.LOG_MISS] = np.log1p(-np.minimum(g.p_scan[:, g.flight_of], 1.0 - 1e-12))
    st[rows.SCAN_S] = np.array([_scan_s(s.type) for s in w.stations])[:, None]
    return st


def _acts(w: World, bt: Floats) -> Floats:
    """(N, T) 1 where some battery of the nation has a duty."""
    out = np.zeros((len(w.nations), bt.shape[2]))
    np.maximum.at(out, _owners(w), bt[rows.MANDATE])
    return out


def _scan_s(kind: object) -> float:
    return float(getattr(kind, "scan_s", 0.0) or getattr(kind, "revisit_s", 0.0))


def missile_rows(w: World, g: Geometry, launch: Floats) -> Floats:
    """`missile` (5, T): launch, impact, reliability, chance to land where aimed, objects that fly with it."""
    out = np.empty((5, len(w.missiles)))
    out[rows.LAUNCH_S] = launch
    out[rows.IMPACT_S] = launch + g.impact_s[g.flight_of]
    for t, m in enumerate(w.missiles):
        out[rows.RELIABILITY, t] = m.threat.reliability
        radius = w.assets[m.target].radius_m if m.target >= 0 else 0.0
        out[rows.P_LAND, t] = 1.0 - 0.5 ** ((radius / m.threat.cep_m) ** 2)
        out[rows.OBJECTS, t] = m.objects
    return out


def _battery_rows(w: World, countermeasures: bool) -> Floats:
    """`battery` (11, B)."""
    out = np.zeros((11, len(w.batteries)))
    for i, f in enumerate(w.batteries):
        b, s, r = f.battery, f.system, f.interceptor
        confused = r.p_confusion_countermeasures if countermeasures else r.p_confusion
        out[:, i] = (
            w.nation(b.owner), f.rounds, s.channels, s.launch_interval_s, b.salvo, b.doctrine == "barrage",
            r.assess_s, r.wrong_look, r.p_type_defect, confused if r.layer == "midcourse" else 0.0,
            b.availability,
        )  # fmt: skip
    return out


def _at_targets(by_asset: NDArray[Any], targets: NDArray[np.int64]) -> NDArray[Any]:
    """(..., T) what holds for each missile's asset of (..., A); 0 for one aimed at open ground."""
    nowhere = np.zeros((*by_asset.shape[:-1], 1), by_asset.dtype)
    return np.concatenate([by_asset, nowhere], axis=-1)[..., targets]


def _battery_threat(
    w: World, g: Geometry, pictures: Pictures, pooled: tuple[Floats, Floats], o: Orders, launch: Floats,
    allows: NDArray[np.uint8],
) -> tuple[Floats, NDArray[np.bool_]]:  # fmt: skip
    """`bt` and reach (B, T): who could meet what, may, and at which gate a pair fails for good."""
    flight = g.flight_of
    targets = np.array([m.target for m in w.missiles], np.int64)
    bt = np.zeros((6, len(w.batteries), len(w.missiles)))
    reach = np.isfinite(g.launch_s[:, flight, 0]) & (targets >= 0)  # rounds are meant to be withheld
    last = np.where(np.isfinite(g.launch_s), g.launch_s, -np.inf).max(axis=2)[:, flight]
    fire, known = pictures.fire_control_s[:, flight], pictures.known_s[_owners(w)][:, flight]
    mandated = _at_targets(o.mandate != "", targets)
    consents = np.array(o.fire, np.bool_)[:, None]
    bt[rows.FIRE_CONTROL] = fire + launch
    bt[rows.LAST] = last + launch
    bt[rows.MANDATE] = mandated & consents
    bt[rows.RESERVE] = np.where(mandated, _at_targets(o.reserve, targets), 0.0)
    for b, f in enumerate(w.batteries):
        kills = {m.threat.category: lone_p_kill(f.interceptor, m.threat.category) for m in w.missiles}
        bt[rows.P_KILL, b] = [kills[m.threat.category] for m in w.missiles]
    never = (
        np.maximum(pooled[0], pooled[1])[:, flight] > last,  # not_seen
        (fire == np.inf) | (known == np.inf),  # not_released
        ~mandated,  # no_mandate
        ~(consents & allows.any(axis=1)),  # no_authority
    )
    bt[rows.GATE] = np.select(never, range(len(never)), NO_GATE)
    return bt, reach


def _owners(w: World) -> NDArray[np.int64]:
    """(B,) nation row of each battery's owner."""
    return np.array([w.nation(f.battery.owner) for f in w.batteries], np.int64)


def lone_p_kill(interceptor: Interceptor, category: str) -> float:
    """Chance that one shot kills where nothing common fails: its chance over all raids is `p_kill`."""
    sound = 1.0 - interceptor.p_type_defect
    told = 1.0 - (interceptor.p_confusion if interceptor.layer == "midcourse" else 0.0)
    return interceptor.p_kill.get(category, 0.0) / (sound * told)


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
    return np.ascontiguousarray(_at_targets(by_asset, np.array([m.target for m in w.missiles], np.int64)))


def _consents(w: World, o: Orders) -> Floats:
    """`consent` (4, B): the host's nation row (-1: none is asked), decision, spread, unreachable."""
    out = np.full((4, len(w.batteries)), -1.0)
    for b, asked in enumerate(o.consents):
        if asked is not None:
            out[:, b] = w.nation(asked.host), asked.decision_s, asked.spread, asked.unreachable
    return out


@functools.lru_cache(maxsize=1 << 16)
def _apart_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Length of the geodesic; kept, since no figure and no clause moves an asset or an aim."""
    return float(geodesic(lat1, lon1, lat2, lon2)[0])


def near(w: World) -> NDArray[np.bool_]:
    """(A, T) assets within their nation's warning zone of where a missile is aimed."""
    out = np.zeros((len(w.assets), len(w.missiles)), np.bool_)
    zones = {n.code: w.case.warnings[n.warning].zone_m for n in w.case.file.nations}
    spots: dict[tuple[float, float, float], list[bool]] = {}
    for t, m in enumerate(w.missiles):
        if m.aim not in spots:
            spots[m.aim] = [
                _apart_m(m.aim[0], m.aim[1], a.latitude_rad, a.longitude_rad) <= zones[a.nation]
                for a in w.assets
            ]
        out[:, t] = spots[m.aim]
    return out


def _routes(w: World, o: Orders) -> tuple[Floats, NDArray[np.int64], NDArray[np.uint64]]:
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
