"""One regime compiled for the event kernel: pictures, mandates, authority and coordination as arrays.

Times here are seconds from the start of the raid. Beside every number stands the clause it rests on,
so that results can cite it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.arms import SALVOS_A_LOOK, arm, ranked, shared_chances, value
from synaspis.engine.digest import digest
from synaspis.engine.geometry import Floats, Geometry
from synaspis.engine.orders import Orders, at_targets, ways
from synaspis.engine.pictures import Pictures
from synaspis.engine.world import World
from synaspis.kernels.dice import name_hashes
from synaspis.kernels.geodesic import geodesic
from synaspis.model.battery import Battery, Interceptor, System
from synaspis.model.sensor import Infrared
from synaspis.model.threat import OBJECTS

GATES = ("not_seen", "not_released", "no_mandate", "no_authority", "too_late", "no_rounds")
NO_GATE = -1.0


@dataclass(frozen=True)
class EngineTables:
    """Arrays that `engine.layout` reads, with their names' hashes; see there for shapes."""

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
    asks: NDArray[np.uint8]
    holds: Floats
    serves: Floats
    share: NDArray[np.uint8]
    reach: NDArray[np.bool_]
    target: NDArray[np.int64]
    near: NDArray[np.bool_]
    """(A, T) assets so near to where a missile is aimed that a warning zone holds both."""
    asset_nation: NDArray[np.int64]
    dissemination_s: Floats
    seen: Floats
    """(W, S, T) `st`'s SEEN in each weather."""
    until: Floats
    """(W,) cumulative chances of the weathers."""
    wants: NDArray[np.int64]
    turn: NDArray[np.int64]
    chances: Floats

    def for_kernel(self) -> rows.Tables:
        """The tuple of tables that `advance` takes, in its order."""
        return (
            self.ids, self.st, self.nt, self.bt, self.win, self.flight, self.missile, self.battery,
            self.route, self.decider, self.allows, self.consent, self.holds, self.serves, self.share,
            self.seen, self.until, self.asks, self.wants, self.turn, self.chances,
        )  # fmt: skip

    def same_as(self, other: EngineTables) -> bool:
        """Whether the two compile to identical tables: then their outcomes are identical too."""
        mine, theirs = vars(self), vars(other)
        return all(
            all(np.array_equal(a, b) for a, b in zip(mine[k], theirs[k], strict=True))
            if k == "ids"
            else np.array_equal(mine[k], theirs[k], equal_nan=mine[k].dtype.kind == "f")
            for k in ("bt", *(field.name for field in fields(self)))  # first what most often differs
        )

    @functools.cached_property
    def digest(self) -> bytes:
        """What stands for all of it: tables with equal digests are the same."""
        rest = (getattr(self, field.name) for field in fields(self) if field.name != "ids")
        return digest((*self.ids, *rest))


def tables(
    w: World,
    g: Geometry,
    pictures: Pictures,
    pooled: tuple[Floats, Floats],
    o: Orders,
    countermeasures: bool = False,
    counted: bool = True,
) -> EngineTables:
    """Everything the kernel reads for one regime; `countermeasures`: the raid carries simple ones.

    Where events are not `counted`, orders are not asked for on behalf of batteries that can never fire:
    half of the events of a raid that many nations watch, and none of its outcomes.
    """
    flight = g.flight_of
    launch = np.array([m.launch_s for m in w.missiles])
    who = ways(w, g, o)
    bt, reach = _battery_threat(w, g, pictures, pooled, o, launch, who.allows)
    nt = np.stack([*_told_s(pictures, flight, launch), _acts(w, bt, counted)])
    wants, wanted = ranked(bt, value(w), name_hashes(tuple(m.name for m in w.missiles)))
    chances = shared_chances(w, bt)
    st = _station_threat(w, g, pictures, launch)
    return EngineTables(
        ids=_hashes(w, who.clause),
        st=st,
        nt=np.ascontiguousarray(nt.transpose(2, 0, 1)),
        bt=np.ascontiguousarray(bt.transpose(2, 0, 1)),
        win=np.ascontiguousarray(np.stack([g.launch_s, g.intercept_s])),
        flight=flight,
        missile=missile_rows(w, g, launch),
        battery=np.concatenate([_battery_rows(w, countermeasures), wanted[None]]),
        route=who.route,
        decider=who.decider,
        allows=who.allows,
        consent=who.consent,
        asks=who.asks,
        holds=np.where([pictures.holds_known, pictures.holds_warned], 0.0, np.inf),
        serves=np.where(pictures.serves, 0.0, np.inf),
        share=o.share,
        reach=reach,
        target=np.array([m.target for m in w.missiles], np.int64),
        near=near(w),
        asset_nation=np.array([w.nation(a.nation) for a in w.assets], np.int64),
        dissemination_s=_dissemination_s(w),
        seen=_in_each_weather(w, g, st[rows.SEEN], launch),
        until=g.skies.until,
        wants=wants,
        turn=np.argsort(name_hashes(tuple(f.battery.name for f in w.batteries)), kind="stable"),
        chances=chances,
    )


def _dissemination_s(w: World) -> Floats:
    """(N,) from a nation's alert to its people's."""
    return np.array([w.case.warnings[n.warning].dissemination_s for n in w.case.file.nations])


def _hashes(w: World, clause_ids: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], ...]:
    """Names of the dice, in the order of `engine.layout`."""
    return (
        name_hashes(tuple(m.name for m in w.missiles)),
        name_hashes(tuple(f.battery.name for f in w.batteries)),
        name_hashes(tuple(s.name for s in w.stations)),
        name_hashes(w.nations),
        clause_ids,
        name_hashes(tuple(f.interceptor.name for f in w.batteries)),
        name_hashes(tuple(m.launch.name for m in w.missiles)),
    )


def _station_threat(w: World, g: Geometry, pictures: Pictures, launch: Floats) -> Floats:
    """`st` (3, S, T): when each station begins to see each missile, and its luck at each scan."""
    st = np.empty((3, len(w.stations), len(w.missiles)))
    st[rows.SEEN] = pictures.sees_s[:, g.flight_of] + launch
    st[rows.LOG_MISS] = np.log1p(-np.minimum(g.p_scan[:, g.flight_of], 1.0 - 1e-12))
    st[rows.SCAN_S] = np.array([_scan_s(s.type) for s in w.stations])[:, None]
    return st


def _in_each_weather(w: World, g: Geometry, usual: Floats, launch: Floats) -> Floats:
    """(W, S, T) when each station begins to see each missile: cloud delays the infrared ones alone.

    What a sensor never sees in the usual weather feeds no picture, and is not seen in any other.
    """
    seen = np.repeat(usual[None], len(g.skies.until), axis=0)
    for s, station in enumerate(w.stations):
        if isinstance(station.type, Infrared):
            seen[:, s] = np.where(np.isfinite(usual[s]), g.seen_in_s[:, s][:, g.flight_of] + launch, np.inf)
    return seen


def _told_s(pictures: Pictures, flight: NDArray[np.int64], launch: Floats) -> tuple[Floats, Floats]:
    """(N, T) twice: when each nation knows where a missile will land, and when it is warned of it."""
    return pictures.known_s[:, flight] + launch, pictures.warned_s[:, flight] + launch


def _acts(w: World, bt: Floats, counted: bool) -> Floats:
    """(N, T) 1 where some battery of the nation has a duty, and may come to fire or is `counted` anyhow."""
    out = np.zeros((len(w.nations), bt.shape[2]))
    may_fire = (bt[rows.GATE] == NO_GATE) | (bt[rows.FIRE_CONTROL] <= bt[rows.LAST]) | counted
    np.maximum.at(out, _owners(w), bt[rows.MANDATE] * may_fire)
    return out


def _scan_s(kind: object) -> float:
    return float(getattr(kind, "scan_s", 0.0) or getattr(kind, "revisit_s", 0.0))


def missile_rows(w: World, g: Geometry, launch: Floats) -> Floats:
    """`missile` (4, T): launch, impact, reliability, chance to land where aimed."""
    out = np.empty((4, len(w.missiles)))
    out[rows.LAUNCH_S] = launch
    out[rows.IMPACT_S] = launch + g.impact_s[g.flight_of]
    for t, m in enumerate(w.missiles):
        out[rows.RELIABILITY, t] = m.threat.reliability
        radius = w.assets[m.target].radius_m if m.target >= 0 else 0.0
        out[rows.P_LAND, t] = 1.0 - 0.5 ** ((radius / m.threat.cep_m) ** 2)
    return out


def _battery_rows(w: World, countermeasures: bool) -> Floats:
    """`battery` (13, B): all its rows but the last, WANTED."""
    made = (battery_row(f.battery, f.system, f.interceptor, f.rounds, countermeasures) for f in w.batteries)
    out = np.array([*made], float).reshape(-1, 13).T.copy()
    out[rows.OWNER] = _owners(w)
    return out


def battery_row(
    b: Battery, s: System, r: Interceptor, rounds: int, countermeasures: bool = False
) -> tuple[float, ...]:
    """Of `battery`, one column without its last row; its owner is row 0 here."""
    confused = r.p_confusion_countermeasures if countermeasures else r.p_confusion
    until_s = np.inf if b.reserve_until_s is None else b.reserve_until_s
    return (
        0.0, rounds, s.channels, s.launch_interval_s, SALVOS_A_LOOK.get(b.doctrine, 1.0),
        b.doctrine == "barrage", r.assess_s, r.wrong_look, r.p_type_defect,
        confused if r.layer == "midcourse" else 0.0, b.availability, b.reserve, until_s,
    )  # fmt: skip


def _battery_threat(
    w: World, g: Geometry, pictures: Pictures, pooled: tuple[Floats, Floats], o: Orders, launch: Floats,
    allows: NDArray[np.uint8],
) -> tuple[Floats, NDArray[np.bool_]]:  # fmt: skip
    """`bt` and reach (B, T): who could meet what, may, and at which gate a pair fails for good."""
    flight = g.flight_of
    targets = np.array([m.target for m in w.missiles], np.int64)
    bt = np.zeros((13, len(w.batteries), len(w.missiles)))
    reach = np.isfinite(g.launch_s[:, flight, 0]) & (targets >= 0)  # rounds are meant to be withheld
    last = np.where(np.isfinite(g.launch_s), g.launch_s, -np.inf).max(axis=2)[:, flight]
    fire, known = pictures.fire_control_s[:, flight], pictures.known_s[_owners(w)][:, flight]
    mandated = at_targets(o.mandate != "", targets)
    consents = np.array(o.fire, np.bool_)[:, None]
    bt[rows.FIRE_CONTROL] = fire + launch
    bt[rows.LAST] = last + launch
    bt[rows.MANDATE] = mandated & consents
    bt[rows.RESERVE] = np.where(mandated, at_targets(o.reserve, targets), 0.0)
    bt[rows.RANK] = np.where(mandated, at_targets(o.rank, targets), 0.0)
    arm(bt, w)
    beside = np.array([[getattr(m.objects, each) for m in w.missiles] for each in OBJECTS], float)
    bt[[rows.SPENT_BODIES, rows.DECOYS]] = g.objects_seen[:, :, flight] * beside[:, None]
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


@functools.lru_cache(maxsize=1 << 16)
def _apart_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Length of the geodesic; kept, since no figure and no clause moves an asset or an aim."""
    return float(geodesic(lat1, lon1, lat2, lon2)[0])


def near(w: World) -> NDArray[np.bool_]:
    """(A, T) assets within their nation's warning zone of where a missile is aimed."""
    zones = {n.code: w.case.warnings[n.warning].zone_m for n in w.case.file.nations}
    places = tuple((a.latitude_rad, a.longitude_rad, zones[a.nation]) for a in w.assets)
    return _near(places, tuple(m.aim[:2] for m in w.missiles))


@functools.lru_cache(maxsize=16)
def _near(
    places: tuple[tuple[float, float, float], ...], aims: tuple[tuple[float, float], ...]
) -> NDArray[np.bool_]:
    """`near` of places (latitude, longitude, zone) and aims; kept, since no clause moves any of them."""
    spots = {
        aim: [_apart_m(*aim, latitude, longitude) <= zone for latitude, longitude, zone in places]
        for aim in dict.fromkeys(aims)
    }
    return np.array([spots[aim] for aim in aims], np.bool_).reshape(len(aims), len(places)).T.copy()
