"""Who knows what, when: the times at which each nation's picture of each flight is good enough.

A regime enters only here (information) and in `engine.tables` (mandate, authority, coordination).
Times are seconds after the flight's launch, inf for never. Results are kept per set of sources, since
many nations and regimes share theirs.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import STEP_S, Floats, Geometry
from synaspis.engine.world import Missile, Station, World
from synaspis.kernels import bound
from synaspis.model.sensor import Infrared
from synaspis.sharing.conditions import ALWAYS, Predicate
from synaspis.sharing.conditions import Missile as Known
from synaspis.sharing.release import MEASUREMENT, Path, paths
from synaspis.sharing.rules import Rules, site_works

IMPACT_GOOD_M = 50_000.0
"""An impact estimate is good enough with a 90 % ellipse of this semi-major axis."""
TRACK_GOOD_M = 5_000.0
"""A track is good enough with this one-sigma position error."""
ALERT_FLOOR_M = 100_000.0
"""An alert never tells the impact point better than this, however good the sender's track."""
OWN = 5
"""Level of a nation's own sensors: above every step of the ladder."""
FIRE_CONTROL_LEVEL = 3
Packed = tuple[NDArray[Any], ...] | None
"""Sources as the arrays of `kernels.bound`; None where there is nothing to be had from them."""


@dataclass(frozen=True)
class Source:
    """One contributor to a nation's picture: entries of (station, delay, kind of stream), and from when."""

    entries: tuple[tuple[int, float, str], ...]
    level: int
    owner: str
    predicate: Predicate
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Pictures:
    """What each nation N and battery B holds of each flight U under one set of release rules.

    alert, known, warned, track: (N, U); fire_control: (B, U) first launch times that a fire-control
    track allows. sees (S, U) when each station begins to see, cues included. holds_warned,
    holds_known (S, N) and serves (S, B) say whose sensors feed which picture.
    """

    alert_s: Floats
    known_s: Floats
    warned_s: Floats
    track_s: Floats
    fire_control_s: Floats
    sees_s: Floats
    holds_warned: NDArray[np.bool_]
    holds_known: NDArray[np.bool_]
    serves: NDArray[np.bool_]
    sources: Mapping[str, tuple[Source, ...]]

    @functools.cached_property
    def digest(self) -> bytes:
        """What stands for all that a trial can tell of them: not for the clauses behind."""
        return digest(
            (self.known_s, self.warned_s, self.fire_control_s, self.sees_s, self.holds_warned,
             self.holds_known, self.serves)
        )  # fmt: skip


def digest(arrays: Iterable[NDArray[Any]]) -> bytes:
    """16 bytes that stand for the shapes and contents of `arrays`."""
    told = hashlib.blake2b(digest_size=16)
    for array in arrays:
        told.update(repr(array.shape).encode())
        told.update(np.ascontiguousarray(array).data)
    return told.digest()


@dataclass(frozen=True)
class Held:
    """What one nation makes of its sources, (U,) each: rows of `Pictures`; `sees` (S, U) with its cues."""

    alert: Floats
    known: Floats
    warned: Floats
    track: Floats
    sees: Floats
    packed: Packed


@dataclass
class PictureMaker:
    """Makes pictures for one geometry and remembers every set of sources that it has worked out."""

    w: World
    g: Geometry
    warns: bool = True
    """Whether anybody is to be warned: not of the probes that coverage is found with."""
    memory: dict[object, Any] = field(default_factory=dict)

    def make(self, given: Rules, down: frozenset[int] = frozenset()) -> Pictures:
        """Pictures of every nation and battery under `given`, with the stations in `down` out of order."""
        works = tuple(
            i not in down and site_works(given, s.site, s.host, s.owner, "use").allowed
            for i, s in enumerate(self.w.stations)
        )
        base, judged = self._alone(works)
        sources = {n: self._sources(given, n, works) for n in self.w.nations}
        held = {n: self._held(n, sources[n], works, base, judged) for n in self.w.nations}
        sees = base.copy()
        for n in self.w.nations:
            rows = self._radars(n, works)
            sees[rows] = held[n].sees[rows]
        every = [held[n] for n in self.w.nations]
        fire, serves = self._fire_control(works, sources, {n: h.packed for n, h in held.items()}, sees, base)
        holds_warned, holds_known = self._holders(sources)
        return Pictures(
            np.stack([h.alert for h in every]), np.stack([h.known for h in every]),
            np.stack([h.warned for h in every]), np.stack([h.track for h in every]),
            fire, sees, holds_warned, holds_known, serves, sources,
        )  # fmt: skip

    def _held(
        self, nation: str, sources: tuple[Source, ...], works: tuple[bool, ...], base: Floats,
        judged: Mapping[str, Floats],
    ) -> Held:  # fmt: skip
        """What one nation makes of its sources: nothing else in the rules bears on it, so it is kept."""
        key = ("held", nation, sources, works)
        if key not in self.memory:
            since = self._since(sources, judged)
            track = self._first(bound.TRACK, TRACK_GOOD_M, 2, self._packed(sources, since, base, base))
            sees = base.copy()
            for s in self._radars(nation, works):
                sees[s] = np.minimum(base[s], np.maximum(self.g.cued_s[s], track))
            packed = self._packed(sources, since, sees, base)
            known = self._first(bound.IMPACT, IMPACT_GOOD_M, 1, packed)
            alert, warned = self._warnings(nation, sources, since, sees, base, packed)
            self.memory[key] = Held(alert, known, warned, track, sees, packed)
        found: Held = self.memory[key]
        return found

    def _warnings(
        self, nation: str, sources: tuple[Source, ...], since: Floats, sees: Floats, base: Floats,
        packed: Packed,
    ) -> tuple[Floats, Floats]:  # fmt: skip
        """(U,) first report of each launch and first warning; never where nobody is to be warned."""
        if not self.warns:
            never = np.full(len(self.g.states), np.inf)
            return never, never
        practice = self.w.case.file.nations[self.w.nation(nation)].warning
        zone = self.w.case.warnings[practice].zone_m
        alert = self._alert(sources, since, sees, base)
        return alert, self._first(bound.IMPACT, zone, 0, packed)

    def pooled(self, down: frozenset[int] = frozenset()) -> tuple[Floats, Floats]:
        """(B, U) first launches and (U,) impact estimates if every sensor were shared, and cued, at once."""
        up = [s for s in range(len(self.w.stations)) if s not in down]
        entries = tuple((s, self._report_s(s), "own") for s in up)
        source = (Source(entries, OWN, "", ALWAYS, ()),)
        since = np.full((1, len(self.g.states)), -np.inf)
        seen = np.isfinite(self.g.seen_s[up]).sum(axis=0)
        others = seen - np.isfinite(self.g.seen_s) > 0  # a cue must come from somebody else
        base = np.where(others, self.g.cued_s, self.g.seen_s)
        packed = self._packed(source, since, base, base)
        fire = np.full((len(self.w.batteries), len(self.g.states)), np.inf)
        for b, f in enumerate(self.w.batteries):
            own = f.interceptor.remote == "own"
            fire[b] = self._launches(b, self._organic(b, base, base) if own else packed)
        return fire, self._first(bound.IMPACT, IMPACT_GOOD_M, 1, packed)

    # -- sources -----------------------------------------------------------------------------

    def _report_s(self, station: int) -> float:
        kind = self.w.stations[station].type
        return kind.report_s if isinstance(kind, Infrared) else 0.0

    def _radars(self, nation: str, works: tuple[bool, ...]) -> list[int]:
        """The nation's working radars: they take a cue."""
        rows = self.w.stations_of(nation)
        return [s for s in rows if works[s] and not isinstance(self.w.stations[s].type, Infrared)]

    def _alone(self, works: tuple[bool, ...]) -> tuple[Floats, Mapping[str, Floats]]:
        """What no sharing changes: when each station sees, cued by its owner's others, and `_judged`."""
        if works not in self.memory:
            base = np.where(np.array(works)[:, None], self.g.seen_s, np.inf)
            out = base.copy()
            for n in self.w.nations:
                track = self._first(bound.TRACK, TRACK_GOOD_M, 2, self._own(n, works, base))
                for s in self._radars(n, works):
                    out[s] = np.minimum(base[s], np.maximum(self.g.cued_s[s], track))
            self.memory[works] = out, {n: self._judged(n, works, out) for n in self.w.nations}
        found: tuple[Floats, Mapping[str, Floats]] = self.memory[works]
        return found

    def _own(self, nation: str, works: tuple[bool, ...], base: Floats) -> Packed:
        """The nation's own working sensors, fused."""
        own = tuple((s, self._report_s(s), "own") for s in self.w.stations_of(nation) if works[s])
        since = np.full((1, base.shape[1]), -np.inf)
        return self._packed((Source(own, OWN, nation, ALWAYS, ()),), since, base, base)

    def _judged(self, nation: str, works: tuple[bool, ...], base: Floats) -> Floats:
        """(U,) when the nation's own sensors tell it whom a missile threatens, and of what class it is.

        That needs no point: an ellipse as small as the widest warning zone will do.
        """
        zone = max(practice.zone_m for practice in self.w.case.warnings.values())
        return self._first(bound.IMPACT, zone, 1, self._own(nation, works, base))

    def _sources(self, given: Rules, nation: str, works: tuple[bool, ...]) -> tuple[Source, ...]:
        """The nation's own fused sensors first, then one source per release path."""
        own = [(s, self._report_s(s), "own") for s in self.w.stations_of(nation) if works[s]]
        found = []
        rows = {s.name: i for i, s in enumerate(self.w.stations)}
        for owner in self.w.nations:
            if owner == nation:
                continue
            names = [s.name for i, s in enumerate(self.w.stations) if s.owner == owner and works[i]]
            for path in paths(given, owner, nation, names):
                source = self._released(path, rows)
                if path.level == MEASUREMENT and path.predicate == ALWAYS:
                    own += source.entries  # measurements are fused with one's own
                found.append(source)
        return (Source(tuple(own), OWN, nation, ALWAYS, ()), *found)

    def _released(self, path: Path, rows: Mapping[str, int]) -> Source:
        entries = tuple((rows[s], path.delay_s + self._report_s(rows[s]), "released") for s in path.sensors)
        return Source(entries, path.level, path.owner, path.predicate, path.clauses)

    def _since(self, sources: tuple[Source, ...], judged: Mapping[str, Floats]) -> Floats:
        """(G, U) from when each source may be used: when the owner's own picture meets the predicate."""
        out = np.full((len(sources), len(self.g.states)), -np.inf)
        for g, source in enumerate(sources):
            if source.predicate == ALWAYS:
                continue
            least = min((d for _, d, _ in source.entries), default=0.0)
            out[g] = np.where(self._met(source.predicate), judged[source.owner] + least, np.inf)
        return out

    def _met(self, predicate: Predicate) -> NDArray[np.bool_]:
        """(U,) which flights satisfy the predicate."""
        if predicate not in self.memory:
            flown = [self.w.missiles[first] for first in self.g.first_missile]
            self.memory[predicate] = np.array([predicate.holds(known(self.w, m)) for m in flown], np.bool_)
        found: NDArray[np.bool_] = self.memory[predicate]
        return found

    # -- kernels -----------------------------------------------------------------------------

    def _packed(self, sources: tuple[Source, ...], since: Floats, sees: Floats, base: Floats) -> Packed:
        """Arrays of `kernels.bound` for sources that see any flight at all; None if none does."""
        first, sensor, delay, start, kept, level = [0], [], [], [], [], []
        informs: NDArray[np.bool_] = np.any(self.g.information.pair_of >= 0, axis=1)
        useful = {
            "own": informs & np.isfinite(sees).any(axis=1),
            "released": informs & np.isfinite(base).any(axis=1),
        }
        reachable = [bool((row < np.inf).any()) for row in since]
        for g, source in enumerate(sources):
            used = [e for e in source.entries if useful[e[2]][e[0]]] if reachable[g] else []
            if not used:
                continue
            for s, d, kind in used:
                sensor.append(s)
                delay.append(d)
                start.append((sees if kind == "own" else base)[s])
            first.append(len(sensor))
            kept.append(since[g])
            level.append(source.level)
        if not kept:
            return None
        return (
            np.array(first), np.array(sensor), np.array(delay, float), np.array(start), np.array(kept),
            np.array(level),
        )  # fmt: skip

    def _remembered(
        self, key: tuple[object, ...], packed: tuple[NDArray[Any], ...], make: Callable[[Floats], None]
    ) -> Floats:
        full = (*key, *(a.tobytes() for a in packed))
        if full not in self.memory:
            out = np.empty(len(self.g.states))
            make(out)
            self.memory[full] = out
        found: Floats = self.memory[full]
        return found

    def _store(self) -> tuple[NDArray[Any], ...]:
        i = self.g.information
        return (i.pair_of, i.span, i.offset, i.coast, i.boost, self.g.settled_s)

    def _first(self, criterion: int, limit_m: float, lowest: int, packed: Packed) -> Floats:
        """(U,) when the error of what is packed is first within `limit_m`."""
        if packed is None:
            return np.full(len(self.g.states), np.inf)
        sources = packed

        def make(out: Floats) -> None:
            earliest = (sources[bound.START] + sources[bound.DELAY][:, None]).min(axis=0)
            bound.first_times(
                (criterion, lowest, ALERT_FLOOR_M), limit_m, earliest, self.g.impact_s, self.g.phi,
                self.g.impact_rows, sources, self._store(), STEP_S, bound.room_for(sources), out,
            )  # fmt: skip

        return self._remembered((criterion, limit_m, lowest), sources, make)

    def _launches(self, b: int, packed: Packed) -> Floats:
        """(U,) first launch of battery `b` that a fire-control track from what is packed allows."""
        if packed is None or not np.isfinite(self.g.launch_s[b, :, 0]).any():
            return np.full(len(self.g.states), np.inf)
        sources = packed
        radius = self.w.batteries[b].interceptor.handover_radius_m

        def make(out: Floats) -> None:
            bound.first_launches(
                (bound.TRACK, FIRE_CONTROL_LEVEL, 0.0), radius, self.g.launch_s[b], self.g.intercept_s[b],
                self.g.phi, sources, self._store(), STEP_S, bound.room_for(sources), out,
            )  # fmt: skip

        return self._remembered(("launch", b), sources, make)

    def _organic(self, b: int, sees: Floats, base: Floats) -> Packed:
        """Battery `b`'s own radar alone."""
        f = self.w.batteries[b]
        source = Source(((f.radar, 0.0, "own"),), OWN, f.battery.owner, ALWAYS, ())
        return self._packed((source,), np.full((1, len(self.g.states)), -np.inf), sees, base)

    def _fire_control(
        self, works: tuple[bool, ...], sources: Mapping[str, tuple[Source, ...]],
        packed: Mapping[str, Packed], sees: Floats, base: Floats,
    ) -> tuple[Floats, NDArray[np.bool_]]:  # fmt: skip
        fire = np.full((len(self.w.batteries), len(self.g.states)), np.inf)
        serves = np.zeros((len(self.w.stations), len(self.w.batteries)), np.bool_)
        for b, f in enumerate(self.w.batteries):
            if f.interceptor.remote != "engage" and not works[f.radar]:
                continue
            if f.interceptor.remote == "own":
                fire[b] = self._launches(b, self._organic(b, sees, base))
                serves[f.radar, b] = True
                continue
            owner = f.battery.owner
            fire[b] = self._launches(b, packed[owner])
            for source in sources[owner]:
                if source.level >= FIRE_CONTROL_LEVEL:
                    serves[[e[0] for e in source.entries], b] = True
        return fire, serves

    def _alert(self, sources: tuple[Source, ...], since: Floats, sees: Floats, base: Floats) -> Floats:
        """(U,) first report of a launch, own or released."""
        out = np.full(len(self.g.states), np.inf)
        for g, source in enumerate(sources):
            for s, delay, kind in source.entries:
                start = (sees if kind == "own" else base)[s]
                out = np.minimum(out, np.maximum(start + delay, since[g]))
        return out

    def _holders(
        self, sources: Mapping[str, tuple[Source, ...]]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        shape = (len(self.w.stations), len(self.w.nations))
        warned, known = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        for i, n in enumerate(self.w.nations):
            for source in sources[n]:
                rows = [e[0] for e in source.entries]
                warned[rows, i] = True
                known[rows, i] |= source.level >= 1
        return warned, known


def known(w: World, m: Missile) -> Known:
    """What the owner of a good enough picture knows of `m`: all but what open ground leaves open."""
    asset = w.assets[m.target] if m.target >= 0 else None
    return Known(
        frozenset({asset.nation, *asset.forces}) if asset else frozenset(),
        m.threat.category,
        frozenset({m.launch.name, m.launch.nation}),
        asset.nation if asset else None,
    )


__all__ = ["MEASUREMENT", "OWN", "PictureMaker", "Pictures", "Source", "Station"]
