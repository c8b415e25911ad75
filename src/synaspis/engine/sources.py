"""What each nation's picture is made from: its own sensors, and what others release to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import Floats, Geometry
from synaspis.engine.world import Missile, World
from synaspis.model.sensor import Infrared
from synaspis.sharing.conditions import ALWAYS, Predicate
from synaspis.sharing.conditions import Missile as Known
from synaspis.sharing.release import DEFENCE, MEASUREMENT, WARNING, Path, paths
from synaspis.sharing.rules import Rules, site_works

OWN = 5
"""Level of a nation's own sensors: above every step of the ladder."""


@dataclass(frozen=True)
class Source:
    """One contributor to a nation's picture: entries of (station, delay, kind of stream), and from when.

    Its error is never better than `floor_m`, and from `until_s` after the start of the raid it is no
    longer updated.
    """

    entries: tuple[tuple[int, float, str], ...]
    level: int
    owner: str
    predicate: Predicate
    clauses: tuple[str, ...]
    floor_m: float = 0.0
    until_s: float = inf
    via: str = ""


Sources = tuple[Source, ...]


@dataclass(frozen=True)
class Streams:
    """When each station's stream begins, (S, U): for its owner, cues included, and for others."""

    own: Floats
    released: Floats
    informs: NDArray[np.bool_]
    """(S,) whether the station gathers anything about any flight."""

    def of(self, kind: str) -> Floats:
        return self.own if kind == "own" else self.released

    @cached_property
    def useful(self) -> Mapping[str, list[bool]]:
        """By kind of stream: which stations bring anything."""
        return {
            kind: (self.informs & np.isfinite(self.of(kind)).any(axis=1)).tolist()
            for kind in ("own", "released")
        }


@dataclass
class Finder:
    """Finds the sources of each nation by the clauses alone, whatever flies."""

    w: World
    _stand: dict[tuple[bool, ...], tuple[Mapping[str, list[int]], Mapping[str, tuple[str, ...]]]] = field(
        default_factory=dict
    )

    def report_s(self, station: int) -> float:
        """From a station's first sight to its report."""
        kind = self.w.stations[station].type
        return kind.report_s if isinstance(kind, Infrared) else 0.0

    def own(self, stations: Sequence[int], nation: str) -> Source:
        """The nation's own sensors, fused."""
        return Source(tuple((s, self.report_s(s), "own") for s in stations), OWN, nation, ALWAYS, ())

    def of(self, given: Rules, nation: str, works: tuple[bool, ...], purpose: str = DEFENCE) -> Sources:
        """The nation's own fused sensors first, then one source per release path for the purpose."""
        own = list(self.own([i for i in self.w.stations_of(nation) if works[i]], nation).entries)
        found = []
        rows, names = self._standing(works)
        for owner in self.w.nations:
            if owner == nation or owner not in names:
                continue
            for path in paths(given, owner, nation, names[owner], purpose):
                source = self._released(path, rows)
                if given_freely(source):
                    own += source.entries
                found.append(source)
        return (Source(tuple(own), OWN, nation, ALWAYS, ()), *found)

    def _standing(
        self, works: tuple[bool, ...]
    ) -> tuple[Mapping[str, list[int]], Mapping[str, tuple[str, ...]]]:
        """Rows of the working stations by the name under which they are released, and names by owner."""
        if works not in self._stand:
            rows: dict[str, list[int]] = {}  # the satellites of a pattern are released under one name
            names: dict[str, dict[str, None]] = {}
            for i, s in enumerate(self.w.stations):
                if works[i]:
                    rows.setdefault(s.deployed, []).append(i)
                    names.setdefault(s.owner, {})[s.deployed] = None
            self._stand[works] = rows, {owner: tuple(found) for owner, found in names.items()}
        return self._stand[works]

    def _released(self, path: Path, rows: Mapping[str, list[int]]) -> Source:
        found = (i for name in path.sensors for i in rows[name])
        entries = tuple((i, path.delay_s + self.report_s(i), "released") for i in found)
        return Source(
            entries,
            path.level,
            path.owner,
            path.predicate,
            path.clauses,
            path.floor_m,
            path.until_s,
            path.via,
        )


@dataclass
class Contributors(Finder):
    """Finds the sources of each nation, and when they may be used, for one geometry."""

    _: KW_ONLY
    g: Geometry
    _met: dict[Predicate, NDArray[np.bool_]] = field(default_factory=dict)

    def since(self, sources: Sources, judged: Mapping[str, Floats], located: Mapping[str, Floats]) -> Floats:
        """(G, U) from when each source may be used: when the owner's own picture meets the predicate.

        `judged` and `located` (U,) are when the owner can tell whom a missile threatens, and where it came
        from; the second is enough where the clause asks no more.
        """
        out = np.full((len(sources), len(self.g.states)), -np.inf)
        for g, source in enumerate(sources):
            if source.predicate == ALWAYS:
                continue
            least = min((d for _, d, _ in source.entries), default=0.0)
            told = (judged if source.predicate.needs_impact() else located)[source.owner]
            out[g] = np.where(self.met(source.predicate), told + least, np.inf)
        return out

    def met(self, predicate: Predicate) -> NDArray[np.bool_]:
        """(U,) which flights satisfy the predicate."""
        if predicate not in self._met:
            alike: dict[tuple[int, str, str], bool] = {}
            for kind, m in self._kinds:
                if kind not in alike:
                    alike[kind] = predicate.holds(known(self.w, m))
            self._met[predicate] = np.array([alike[kind] for kind, _ in self._kinds], np.bool_)
        return self._met[predicate]

    def until(self, source: Source) -> Floats:
        """(U,) when the source stops being updated, after each flight's launch."""
        return self._never if source.until_s == inf else source.until_s - self._launches

    @cached_property
    def _kinds(self) -> list[tuple[tuple[int, str, str], Missile]]:
        """Of each flight, all by which clauses may tell missiles apart, and a missile that flies it."""
        flown = [self.w.missiles[first] for first in self.g.first_missile]
        return [((m.target, m.threat.category, m.launch.name), m) for m in flown]

    @cached_property
    def _never(self) -> Floats:
        return np.full(len(self.g.first_missile), inf)

    @cached_property
    def _launches(self) -> Floats:
        return np.array([self.w.missiles[first].launch_s for first in self.g.first_missile])


def working(w: World, given: Rules, down: frozenset[int] = frozenset()) -> tuple[bool, ...]:
    """Which stations work: those not in `down` whose host, and whoever else must, lets them be used."""
    return tuple(
        i not in down and site_works(given, s.site, s.host, s.owner, "use").allowed
        for i, s in enumerate(w.stations)
    )


def apart_for_warning(given: Rules) -> bool:
    """Whether some clause releases for warning what it does not release for defence, or the reverse."""
    return any((WARNING in c.purposes) != (DEFENCE in c.purposes) for c in given.releases)


def given_freely(source: Source) -> bool:
    """Whether it is measurements free of any term: they are fused with the nation's own."""
    free = source.predicate == ALWAYS and source.floor_m == 0.0 and source.until_s == inf
    return source.level == MEASUREMENT and free


def known(w: World, m: Missile) -> Known:
    """What the owner of a good enough picture knows of `m`: all but what open ground leaves open."""
    asset = w.assets[m.target] if m.target >= 0 else None
    return Known(
        frozenset({asset.nation, *asset.forces}) if asset else frozenset(),
        m.threat.category,
        frozenset({m.launch.name, m.launch.nation}),
        asset.nation if asset else None,
    )
