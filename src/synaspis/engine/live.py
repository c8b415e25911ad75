"""A raid played live: detections, trackers, releases and warnings, in step, under one regime.

The range flies the missiles and tells stations what they detect; feeds make tracks of it; viewers join what
they may have. Every LOOK_S each viewer's picture is looked at: what comes to be known then is an event. Which
missile a track is of is the range's word: events name it for those who direct an exercise or keep score, and
no nation's picture rests on it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import final

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.detections import FRAME_S, Range
from synaspis.engine.geometry import Floats, Geometry
from synaspis.engine.heard import Overheard
from synaspis.engine.live_alerting import PRODUCTS, Learner
from synaspis.engine.live_blur import Blur
from synaspis.engine.live_feeds import Entry, Feed, own_entries, released
from synaspis.engine.live_fire import FireControl
from synaspis.engine.live_joined import Held, pointing
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.live_viewers import Received, Viewer
from synaspis.engine.pictures import IMPACT_GOOD_M, TRACK_GOOD_M
from synaspis.engine.sources import Finder, Source, Sources, working
from synaspis.engine.world import World
from synaspis.model.live_warning import KINDS, LiveEvent, Value
from synaspis.model.sensor import Infrared
from synaspis.sharing.rules import Rules

Flags = NDArray[np.bool_]

LOOK_S = 2.0 * FRAME_S
"""Time between looks at the pictures."""


@dataclass(eq=False)
class Times:
    """When each nation N first knew what of each missile T: seconds after the raid's start, inf for never.

    `alert`, `known`, `track`, `warned` (N, T) as the rows of `Pictures`; `fire_control` (B, T); `people`
    (A, T) when an asset's nation first held a warning of that missile whose ellipse meets the asset.
    """

    alert: Floats
    known: Floats
    track: Floats
    warned: Floats
    fire_control: Floats
    people: Floats

    @classmethod
    def never(cls, w: World, missiles: int) -> Times:
        """Before anything is known."""
        nations = len(w.nations)
        alert, known, track, warned = (np.full((nations, missiles), inf) for _ in range(4))
        fire, people = np.full((len(w.batteries), missiles), inf), np.full((len(w.assets), missiles), inf)
        return cls(alert=alert, known=known, track=track, warned=warned, fire_control=fire, people=people)


class Chain:
    """From scans to warnings under one set of rules: `events` plays it; `times`, `over` tell what came of it.

    `over` gives the scans: the range of a raid that flies, or a recording. `informs` (S,) says which stations
    tell anybody anything.
    """

    fire: FireControl | None = None

    def __init__(
        self, w: World, over: Range | Overheard, given: Rules, informs: Flags, seed: int, trial: int = 0,
        down: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        self.w, self.over, self.names = w, over, over.names
        self.judge, self._blur = Judge(w), Blur(seed=seed, trial=trial)
        self.times = Times.never(w, len(over.names))
        self._feeds: dict[tuple[Entry, ...], Feed] = {}
        works = tuple(bool(up and informs[s]) for s, up in enumerate(working(w, given, down)))
        find = Finder(w)
        self._alone = {n: self._feed(self._free(n, works)) for n in w.nations}
        sources = {n: find.of(given, n, works) for n in w.nations}
        self.viewers = self._viewers(find, sources)
        self._learners = [Learner(self.judge, viewer.nations) for viewer in self.viewers]
        self._coming: list[tuple[tuple[float, int, int, int, int], LiveEvent]] = []
        self._count = 0
        self._noted = np.zeros(self.over.first_s.shape, np.bool_)

    # -- who is fed by what ----------------------------------------------------------------------

    def _feed(self, entries: tuple[Entry, ...]) -> Feed | None:
        if not entries:
            return None
        if entries not in self._feeds:
            self._feeds[entries] = Feed(entries, self.w, self.over.whose)
        return self._feeds[entries]

    def _free(self, nation: str, works: Sequence[bool]) -> tuple[Entry, ...]:
        """Its own stations alone, and of them what needs nobody's cue: what it may judge and release by."""
        return tuple((s, 0.0, "released") for s in self.w.stations_of(nation) if works[s])

    def _own_radar(self, station: int) -> Feed:
        found = self._feed(((station, 0.0, "own"),))
        assert found is not None
        return found

    def _viewers(self, find: Finder, sources: Mapping[str, Sources]) -> tuple[Viewer, ...]:
        made: dict[tuple[object, ...], tuple[list[str], Feed | None, list[Received]]] = {}
        for nation, (own, *others) in sources.items():
            # Who gets nothing from others has no cue of theirs: its own picture is the one that it judges by.
            feed = self._feed(own_entries(find, own)) if others else self._alone[nation]
            received = [self._received(find, i, s) for i, s in enumerate(others) if s.entries]
            key = (feed, *((r.feed, r.late_s, _terms(r.source)) for r in received))
            made.setdefault(key, ([], feed, received))[0].append(nation)
        return tuple(Viewer(nations, feed, received) for nations, feed, received in made.values())

    def _received(self, find: Finder, i: int, source: Source) -> Received:
        entries, late_s = released(find, source)
        feed, judged_by = self._feed(entries), self._alone[source.owner]
        assert feed is not None
        errors = self._blur.of(source.owner, source.floor_m)
        return Received(f"{source.owner}/{i}", source, feed, late_s, judged_by or feed, errors)

    # -- time ------------------------------------------------------------------------------------

    def events(self) -> Iterator[LiveEvent]:
        """Play the raid: what happens, in order of time."""
        looks = round(LOOK_S / FRAME_S)
        for number in range(self.over.begins, int(self.over.ends_s / FRAME_S) + 2):
            for seen in self.over.frame(number):
                for feed in self._feeds.values():
                    feed.hear(seen)
            if number % looks == 0:
                self._look(number * FRAME_S)
                yield from self._due(number * FRAME_S)
        yield from self._due(inf)

    def _look(self, now_s: float) -> None:
        for feed in self._feeds.values():
            feed.settle(now_s)
        self._note_detections()
        holdings = [viewer.look(now_s, self.over.whose, self.judge) for viewer in self.viewers]
        for v, (viewer, (held, told)) in enumerate(zip(self.viewers, holdings, strict=True)):
            self._releases(v, viewer, told, now_s)
            for one in held:
                if one.flight >= 0:
                    self._learn(v, viewer, one, now_s)
            if self.fire is not None:
                self.fire.look(viewer, held, now_s, LOOK_S)
            self._cue(viewer, held)
        if self.fire is not None:
            self._fires(self.fire, now_s)

    def _cue(self, viewer: Viewer, held: Sequence[Held]) -> None:
        """Point the radars of the viewer's nations."""
        whole = pointing(held)
        for nation in viewer.nations:
            alone = self._alone[nation]
            if alone is not None:
                self.over.cue(nation, (alone.last.mean[:, :3], alone.last.sigma_m), whole)

    # -- what is learnt ----------------------------------------------------------------------------

    def _learn(self, v: int, viewer: Viewer, one: Held, now_s: float) -> None:
        t, times = one.flight, self.times
        rows = [self.w.nation(n) for n in viewer.nations]
        times.alert[rows, t] = np.minimum(times.alert[rows, t], now_s)
        if one.level >= 1 and one.semi_m <= IMPACT_GOOD_M:
            times.known[rows, t] = np.minimum(times.known[rows, t], now_s)
        if one.level >= 2 and one.sigma_m <= TRACK_GOOD_M:
            times.track[rows, t] = np.minimum(times.track[rows, t], now_s)
        news, warned = self._learners[v].learn(t, one)
        for nation, places in warned:
            n = self.w.nation(nation)
            times.warned[n, t] = min(times.warned[n, t], now_s)
            times.people[places, t] = np.minimum(times.people[places, t], now_s)
        for kind, nations, what, because in news:
            self._post(now_s, kind, nations, t, what, because)

    def _releases(self, v: int, viewer: Viewer, told: Sequence[tuple[Received, int]], now_s: float) -> None:
        for r, t in told:
            if t >= 0 and self._learners[v].told.better(r.source.level, "released", t, r.source.owner):
                self._post(now_s, "released", viewer.nations, t, _what(r.source), r.source.clauses)
        for r in viewer.received:
            if r.source.until_s <= now_s and self._learners[v].told.first("revoked", r.name):
                when_s, cited = r.source.until_s, r.source.clauses
                self._post(when_s, "revoked", viewer.nations, -1, _what(r.source), cited)

    def _fires(self, fire: FireControl, now_s: float) -> None:
        fire.look_alone(now_s, LOOK_S)
        for b, t, clauses in fire.news():
            self.times.fire_control[b, t] = fire.first_s[b, t]
            owner, name = self.w.batteries[b].battery.owner, self.w.batteries[b].battery.name
            what: dict[str, Value] = {"battery": name, "launch_s": float(fire.first_s[b, t])}
            self._post(now_s, "fire_control", (owner,), t, what, clauses)

    # -- what the range tells ----------------------------------------------------------------------

    def _note_detections(self) -> None:
        for s, t in np.argwhere(np.isfinite(self.over.first_s) & ~self._noted).tolist():
            self._noted[s, t] = True
            station = self.w.stations[s]
            late_s = station.type.report_s if isinstance(station.type, Infrared) else 0.0
            when_s = float(self.over.first_s[s, t]) + late_s
            self._post(when_s, "detected", (station.owner,), t, {"station": station.name}, ())

    def _post(
        self, time_s: float, kind: str, nations: Sequence[str], t: int,
        what: Mapping[str, Value], because: tuple[str, ...],
    ) -> None:  # fmt: skip
        flight = self.names[t] if t >= 0 else ""
        event = LiveEvent(
            time_s=time_s, kind=kind, nations=tuple(nations), flight=flight, what=what, because=because
        )
        self._count += 1
        place = self.w.nation(nations[0]) if nations else -1
        heapq.heappush(self._coming, ((time_s, KINDS.index(kind), place, t, self._count), event))

    def _due(self, now_s: float) -> Iterator[LiveEvent]:
        while self._coming and self._coming[0][0][0] <= now_s:
            yield heapq.heappop(self._coming)[1]

    def false_tracks(self) -> int:
        """Tracks of all feeds that were never of any missile."""
        return sum(feed.false_tracks() for feed in self._feeds.values())


@final
class LiveRaid(Chain):
    """One trial of a raid that flies: its range makes the scans, and fire control watches for launches."""

    over: Range

    def __init__(
        self, w: World, g: Geometry, given: Rules, seed: int, trial: int = 0,
        down: frozenset[int] = frozenset(), false_alarms: float = 0.0,
    ) -> None:  # fmt: skip
        self.g = g
        # A station that could see none of the raid's flights tells nobody anything.
        informs = np.any(g.information.pair_of >= 0, axis=1)
        over = Range(w, g, seed, trial, down, false_alarms)
        super().__init__(w, over, given, informs, seed, trial, down)
        self.fire = FireControl(
            w, g, over, {n: v for v in self.viewers for n in v.nations}, self._own_radar
        )  # fmt: skip
        self._stage()

    def _stage(self) -> None:
        for t, m in enumerate(self.w.missiles):
            self._post(m.launch_s, "launch", (), t, {"area": m.launch.name, "threat": m.threat.name}, ())
            self._post(float(self.over.impact_s[t]), "down", (), t, {}, ())


def _what(s: Source) -> dict[str, Value]:
    return {"by": s.owner, "product": PRODUCTS[s.level]}


def _terms(s: Source) -> tuple[object, ...]:
    return s.level, s.predicate, s.floor_m, s.until_s, s.clauses, s.owner
