"""Who knows what, when: the times at which each nation's picture of each flight is good enough.

A regime enters only here (information) and in `engine.tables` (mandate, authority, coordination).
Times are seconds after the flight's launch, inf for never. Results are kept per set of sources.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.digest import digest
from synaspis.engine.geometry import STEP_S, Floats, Geometry
from synaspis.engine.picture import Held, Packed, Pictures, of_level
from synaspis.engine.sources import OWN, Contributors, Source, Sources, Streams, apart_for_warning, working
from synaspis.engine.world import Station, World
from synaspis.kernels import alike, bound
from synaspis.kernels.sensing import CUE_LEVELS_M
from synaspis.model.sensor import Infrared
from synaspis.sharing.conditions import ALWAYS
from synaspis.sharing.release import WARNING
from synaspis.sharing.rules import Rules

IMPACT_GOOD_M = 50_000.0
"""An impact estimate is good enough with a 90 % ellipse of this semi-major axis."""
TRACK_GOOD_M = 5_000.0
"""A track is good enough with this one-sigma position error."""
ALERT_FLOOR_M = 100_000.0
"""An alert never tells the impact point better than this, however good the sender's track."""
FIRE_CONTROL_LEVEL = 3


@dataclass
class PictureMaker:
    """Makes pictures for one geometry and remembers every set of sources that it has worked out."""

    w: World
    g: Geometry
    warns: bool = True
    """Whether anybody is to be warned: not of the probes that coverage is found with."""
    memory: dict[object, Any] = field(default_factory=dict)
    held: dict[object, Any] = field(default_factory=dict)
    """What is known of one set of working stations: rarely asked for again, and free to be cleared."""

    def make(
        self, given: Rules, down: frozenset[int] = frozenset(), nations: Collection[str] | None = None
    ) -> Pictures:
        """Pictures of every nation and battery under `given`, with the stations in `down` out of order.

        With `nations`, of these and their batteries alone: the others are told nothing.
        """
        works = working(self.w, given, down)
        base, judged, located = self._alone(works)
        find = self.contributors
        asked = self.w.nations if nations is None else [n for n in self.w.nations if n in nations]
        sources = {n: find.of(given, n, works) for n in asked}
        own = {n: self._held(n, sources[n], works) for n in asked}
        sees = base.copy()
        for n, made in own.items():
            sees[self._radars(n, works)] = made.sees
        streams = self._streams(sees, base)
        since = {n: made.since for n, made in own.items()}
        packed = {n: made.packed for n, made in own.items()}
        track = self._rows({n: made.track for n, made in own.items()})
        known = self._rows({n: made.known for n, made in own.items()})
        fire, serves = self._fire_control(works, sources, packed, streams)
        heard, heard_since = sources, since
        if apart_for_warning(given):
            heard = {n: find.of(given, n, works, WARNING) for n in asked}
            heard_since = {n: find.since(heard[n], judged, located) for n in asked}
            packed = {n: self._packed(heard[n], heard_since[n], streams) for n in asked}
        holds = self._holders(heard, 0), self._holders(sources, 1)
        return Pictures(
            known, self._warned(packed), track, fire, sees, *holds, serves, sources, heard, base, heard_since,
            packed, lambda: self._alerts(heard, heard_since, streams),
        )  # fmt: skip

    def _held(self, nation: str, sources: Sources, works: tuple[bool, ...]) -> Held:
        """What one nation makes of its sources: nothing else in the rules bears on it, so it is kept."""
        given = sources if sources[0].entries else sources[1:]  # those that see nothing themselves are alike
        rows, owners = self._radars(nation, works), {s.owner for s in given}
        standing = tuple(self._standing(n, works) for n in self.w.nations if n in owners)
        key = (given, tuple(rows), standing)
        if key not in self.held:
            base, judged, located = self._alone(works)
            since = self.contributors.since(sources, judged, located)
            alone, sees = self._packed(sources, since, self._streams(base, base)), base.copy()
            track = self._first(bound.TRACK, TRACK_GOOD_M, 2, alone)
            sees[rows] = self._cued(rows, base[rows], alone, track)
            packed = self._packed(sources, since, self._streams(sees, base))
            known = self._first(bound.IMPACT, IMPACT_GOOD_M, 1, packed)
            self.held[key] = Held(since, track, sees[rows], packed, known)
        found: Held = self.held[key]
        return found

    def _standing(self, nation: str, works: tuple[bool, ...]) -> tuple[int, ...]:
        """The nation's stations that work: all that bears on what it sees by itself."""
        return tuple(s for s in self.w.stations_of(nation) if works[s])

    def impact_within(self, made: Pictures, limit_m: float) -> Floats:
        """(N, U) when each nation first knows the impact point to a 90 % ellipse of `limit_m`."""
        told = {n: self._first(bound.IMPACT, limit_m, 0, packed) for n, packed in made.packed.items()}
        return self._rows(told)

    def told_apart(self, made: Pictures, rows: Floats) -> Floats:
        """(N, U) when each nation first knows what `rows` (U, 2, 6) make of the state to within 1, at 90 %.

        An alert tells nothing but that there is a launch, and roughly where to.
        """
        told = {n: self._first(bound.IMPACT, 1.0, 1, packed, rows=rows) for n, packed in made.packed.items()}
        return self._rows(told)

    def _rows(self, told: Mapping[str, Floats]) -> Floats:
        """(N, U) from (U,) by nation; never where one has none."""
        never = np.full(len(self.g.states), np.inf)
        return np.stack([told.get(n, never) for n in self.w.nations])

    @cached_property
    def contributors(self) -> Contributors:
        """Who contributes to whose picture in this world."""
        return Contributors(self.w, g=self.g)

    def _warned(self, packed: Mapping[str, Packed]) -> Floats:
        """(N, U) first warning; never where nobody is to be warned."""
        told, known = {}, dict[tuple[int, float], Floats]()
        for n, found in packed.items() if self.warns else ():
            zone_m = self.w.case.warnings[self.w.case.file.nations[self.w.nation(n)].warning].zone_m
            if (id(found), zone_m) not in known:  # those who hear the same share what is packed
                known[id(found), zone_m] = self._first(bound.IMPACT, zone_m, 0, found)
            told[n] = known[id(found), zone_m]
        return self._rows(told)

    def _streams(self, own: Floats, released: Floats) -> Streams:
        return Streams(own, released, self._informs)

    @cached_property
    def _informs(self) -> NDArray[np.bool_]:
        return np.asarray(np.any(self.g.information.pair_of >= 0, axis=1))

    def pooled(self, down: frozenset[int] = frozenset()) -> tuple[Floats, Floats]:
        """(B, U) first launches and (U,) impact estimates if every sensor were shared, and cued, at once."""
        packed, streams = self._shared_by_all(down)
        fire = np.full((len(self.w.batteries), len(self.g.states)), np.inf)
        for b, f in enumerate(self.w.batteries):
            own = f.interceptor.remote == "own"
            fire[b] = self._launches(b, self._organic(b, streams) if own else packed)
        return fire, self._first(bound.IMPACT, IMPACT_GOOD_M, 1, packed)

    def _shared_by_all(self, down: frozenset[int] = frozenset()) -> tuple[Packed, Streams]:
        """Every sensor fused, cued at once by any other that sees."""
        up = [s for s in range(len(self.w.stations)) if s not in down]
        source = (self.contributors.own(up, ""),)
        since = np.full((1, len(self.g.states)), -np.inf)
        seen = np.isfinite(self.g.seen_s[up]).sum(axis=0)
        others = seen - np.isfinite(self.g.seen_s) > 0  # a cue must come from somebody else
        base = np.where(others, self.g.cued_s[-1], self.g.seen_s)
        streams = self._streams(base, base)
        return self._packed(source, since, streams), streams

    # -- sources -----------------------------------------------------------------------------

    def _radars(self, nation: str, works: tuple[bool, ...]) -> list[int]:
        """The nation's working radars: they take a cue."""
        rows = self.w.stations_of(nation)
        return [s for s in rows if works[s] and not isinstance(self.w.stations[s].type, Infrared)]

    def _cued(self, radars: list[int], base: Floats, packed: Packed, track: Floats) -> Floats:
        """(R, U) when each radar begins to see: in search, or with a cue from its nation's picture.

        The better the track, the less there is to search, and the farther a look reaches. `track` (U,)
        is when it is good enough by the ladder; coarser and finer ones are looked for only where
        they would make some radar see sooner.
        """
        sees = base.copy()
        for level, limit_m in enumerate(CUE_LEVELS_M):
            found, cued = track, self.g.cued_s[level, radars]
            if limit_m != TRACK_GOOD_M:
                least = np.maximum(cued, track) if limit_m < TRACK_GOOD_M else cued
                sooner: NDArray[np.bool_] = np.any(least < sees, axis=0)
                found = self._first(bound.TRACK, limit_m, 2, packed, sooner)
            sees = np.minimum(sees, np.maximum(cued, found))
        return sees

    def _alone(self, works: tuple[bool, ...]) -> tuple[Floats, Mapping[str, Floats], Mapping[str, Floats]]:
        """What no sharing changes: when each station sees, cued by its owner's others; when each nation's own
        sensors tell whom a missile threatens (`_judged`), and when they first report it."""
        if works not in self.held:
            out = np.full(self.g.seen_s.shape, np.inf)
            judged, located = {}, {}
            for n in self.w.nations:
                standing = self._standing(n, works)
                if ("alone", n, standing) not in self.memory:
                    self.memory["alone", n, standing] = self._by_itself(n, standing)
                seen, judged[n], located[n] = self.memory["alone", n, standing]
                out[list(standing)] = seen
            self.held[works] = out, judged, located
        found: tuple[Floats, Mapping[str, Floats], Mapping[str, Floats]] = self.held[works]
        return found

    def _by_itself(self, nation: str, standing: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
        """`_alone` of one nation's working stations: when they see (rows), are judged, and report."""
        works = tuple(s in standing for s in range(len(self.w.stations)))
        base = np.where(np.array(works)[:, None], self.g.seen_s, np.inf)
        rows, own, out = self._radars(nation, works), self._own(nation, works, base), base.copy()
        track = self._first(bound.TRACK, TRACK_GOOD_M, 2, own)
        out[rows] = self._cued(rows, base[rows], own, track)
        return out[list(standing)], self._judged(nation, works, out), self._located(nation, out)

    def _own(self, nation: str, works: tuple[bool, ...], base: Floats) -> Packed:
        """The nation's own working sensors, fused."""
        own = self.contributors.own([s for s in self.w.stations_of(nation) if works[s]], nation)
        since = np.full((1, base.shape[1]), -np.inf)
        return self._packed((own,), since, self._streams(base, base))

    def _located(self, nation: str, sees: Floats) -> Floats:
        """(U,) first report of the nation's own sensors: it tells where a missile was launched."""
        told = [sees[s] + self.contributors.report_s(s) for s in self.w.stations_of(nation)]
        return np.min(told, axis=0, initial=np.inf) if told else np.full(sees.shape[1], np.inf)

    def _judged(self, nation: str, works: tuple[bool, ...], base: Floats) -> Floats:
        """(U,) when the nation's own sensors tell it whom a missile threatens, and of what class it is.

        That needs no point: an ellipse as small as the widest warning zone will do.
        """
        zone = max(practice.zone_m for practice in self.w.case.warnings.values())
        return self._first(bound.IMPACT, zone, 1, self._own(nation, works, base))

    # -- kernels -----------------------------------------------------------------------------

    def _packed(self, sources: Sources, since: Floats, streams: Streams) -> Packed:
        """Arrays of `kernels.bound` for sources that see any flight at all; None if none does."""
        first, sensor, delay, start, kept, terms, until = [0], [], [], [], [], [], []
        useful = streams.useful
        reachable = np.any(since < np.inf, axis=1)
        for g, source in enumerate(sources):
            used = [(s, d, kind) for s, d, kind in source.entries if useful[kind][s]] if reachable[g] else []
            if not used:
                continue
            for s, d, kind in used:
                sensor.append(s)
                delay.append(d)
                start.append(streams.of(kind)[s])
            first.append(len(sensor))
            kept.append(since[g])
            terms.append((source.level, source.floor_m))
            until.append(self.contributors.until(source))
        if not kept:
            return None
        return (
            np.array(first), np.array(sensor), np.array(delay, float), np.array(start), np.array(kept),
            np.array([t[0] for t in terms]), np.array([t[1] for t in terms], float), np.array(until),
        )  # fmt: skip

    def store(self) -> tuple[NDArray[Any], ...]:
        """The store of information as `kernels.bound` takes it."""
        i = self.g.information
        return (i.pair_of, i.span, i.offset, i.coast, i.boost, self.g.settled_s)

    def _first(
        self, criterion: int, limit_m: float, lowest: int, packed: Packed,
        wanted: NDArray[np.bool_] | None = None, rows: Floats | None = None,
    ) -> Floats:  # fmt: skip
        """(U,) when the error of what is packed is first within `limit_m`: flight by flight, each once.

        inf for flights that are not `wanted`; `rows` (U, 2, 6) in place of impact's.
        """
        out = np.full(len(self.g.states), np.inf)
        if packed is None or (wanted is not None and not wanted.any()):
            return out
        asked, store = (criterion, lowest, ALERT_FLOOR_M), self.store()
        earliest = (packed[bound.START] + packed[bound.DELAY][:, None]).min(axis=0)
        if wanted is not None:
            earliest[~wanted] = np.inf
        told, count = np.zeros((len(out), alike.told_columns(packed))), np.empty(len(out), np.int64)
        alike.what_tells(asked, earliest, self.g.impact_s, packed, store, STEP_S, told, count)
        whole = (criterion, limit_m, lowest, rows is None, digest((told,)))
        if whole in self.memory:
            known: Floats = self.memory[whole]
            return known
        keys = [
            (criterion, limit_m, lowest, rows is None, u, row[:n].tobytes())
            for u, (row, n) in enumerate(zip(told, count.tolist(), strict=True))
        ]
        new = np.array([u for u, key in enumerate(keys) if key not in self.memory], np.int64)
        if len(new):
            bound.first_times(
                asked, limit_m, earliest, self.g.impact_s, self.g.phi,
                self.g.impact_rows if rows is None else rows, packed, store, STEP_S,
                bound.room_for(packed), new, out,
            )  # fmt: skip
            self.memory.update((keys[u], out[u]) for u in new)
        found: Floats = np.array([self.memory[key] for key in keys])
        self.memory[whole] = found
        return found

    def _launches(self, b: int, packed: Packed) -> Floats:
        """(U,) first launch of battery `b` that a fire-control track from what is packed allows."""
        near = np.isfinite(self.g.launch_s[b, :, 0])
        best = of_level(packed, FIRE_CONTROL_LEVEL)
        if best is None or not near.any():
            return np.full(len(self.g.states), np.inf)
        key = ("launch", b, digest(a[:, near] if a.ndim == 2 else a for a in best))
        if key not in self.memory:
            out = np.empty(len(self.g.states))
            bound.first_launches(
                (bound.TRACK, FIRE_CONTROL_LEVEL, 0.0), self.w.batteries[b].interceptor.handover_radius_m,
                self.g.launch_s[b], self.g.intercept_s[b], self.g.phi, best, self.store(), STEP_S,
                bound.room_for(best), out,
            )  # fmt: skip
            self.memory[key] = out
        found: Floats = self.memory[key]
        return found

    def _organic(self, b: int, streams: Streams) -> Packed:
        """Battery `b`'s own radar alone."""
        f = self.w.batteries[b]
        source = Source(((f.radar, 0.0, "own"),), OWN, f.battery.owner, ALWAYS, ())
        return self._packed((source,), np.full((1, len(self.g.states)), -np.inf), streams)

    def _fire_control(
        self, works: tuple[bool, ...], sources: Mapping[str, Sources],
        packed: Mapping[str, Packed], streams: Streams,
    ) -> tuple[Floats, NDArray[np.bool_]]:  # fmt: skip
        fire = np.full((len(self.w.batteries), len(self.g.states)), np.inf)
        serves = np.zeros((len(self.w.stations), len(self.w.batteries)), np.bool_)
        for b, f in enumerate(self.w.batteries):
            can_fire = f.interceptor.remote == "engage" or works[f.radar]
            if f.battery.owner not in sources or not can_fire:
                continue
            if f.interceptor.remote == "own":
                fire[b] = self._launches(b, self._organic(b, streams))
                serves[f.radar, b] = True
                continue
            owner = f.battery.owner
            fire[b] = self._launches(b, packed[owner])
            for source in sources[owner]:
                if source.level >= FIRE_CONTROL_LEVEL:
                    serves[[e[0] for e in source.entries], b] = True
        return fire, serves

    def _alerts(
        self, sources: Mapping[str, Sources], since: Mapping[str, Floats], streams: Streams
    ) -> Floats:
        """(N, U) first report of a launch, own or released; never where nobody is to be warned."""
        out = np.full((len(self.w.nations), len(self.g.states)), np.inf)
        for n in sources if self.warns else ():
            i = self.w.nation(n)
            for g, source in enumerate(sources[n]):
                for s, delay, kind in source.entries:
                    told = np.maximum(streams.of(kind)[s] + delay, since[n][g])
                    if source.until_s < np.inf:
                        told[told > self.contributors.until(source)] = np.inf
                    out[i] = np.minimum(out[i], told)
        return out

    def _holders(self, sources: Mapping[str, Sources], lowest: int) -> NDArray[np.bool_]:
        """(S, N) whose sensors feed whose picture, by sources of `lowest` level or above."""
        held = np.zeros((len(self.w.stations), len(self.w.nations)), np.bool_)
        for n, found in sources.items():
            held[[e[0] for s in found if s.level >= lowest for e in s.entries], self.w.nation(n)] = True
        return held


__all__ = ["OWN", "PictureMaker", "Pictures", "Source", "Station"]
