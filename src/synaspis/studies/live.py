"""A raid watched live under one regime: its events in order of time, and who was warned when.

Every missile flies and every station works, as in `warn`. First detections have the luck of trial 0 of a run
with the same seed; later looks, their errors and the trackers have their own. The bound is that of `warn`,
without luck.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from synaspis.engine.live import LiveRaid
from synaspis.engine.pictures import Pictures
from synaspis.model.case import Case
from synaspis.model.live_warning import LiveEvent, LiveTable, LiveWarned
from synaspis.studies.arena import Arena, Progress, arena, silent

TRIAL = 0


class Unfolding:
    """One raid under one regime: `events` plays it once, `table` tells what came of it so far."""

    def __init__(
        self, case: Case, regime: str, seed: int, jobs: int, version: str, progress: Progress = silent
    ) -> None:
        progress("flying the raid", 0.0)
        self.case, self.regime, self.seed, self.version = case, regime, seed, version
        self.arena: Arena = arena(case, jobs)
        given = self.arena.rules(regime)
        self.bound: Pictures = self.arena.pictures(given)
        self.raid = LiveRaid(self.arena.w, self.arena.g, given, seed, TRIAL)
        self.finished = False
        progress("done", 1.0)

    def events(self) -> Iterator[LiveEvent]:
        """What happens, in order of time."""
        yield from self.raid.events()
        self.finished = True

    def table(self) -> LiveTable:
        """Who has been warned, as far as the raid has come: attacked places, by nation and people."""
        w = self.arena.w
        attacked = sorted({m.target for m in w.missiles if m.target >= 0}, key=self._order)
        return LiveTable(
            until_s=max(self.raid.over.time_s, 0.0), finished=self.finished,
            warned=tuple(self._warned(row) for row in attacked), false_tracks=self.raid.false_tracks(),
        )  # fmt: skip

    def _order(self, row: int) -> tuple[int, float, int]:
        asset = self.arena.w.assets[row]
        return self.arena.w.nation(asset.nation), -asset.population, row

    def _warned(self, row: int) -> LiveWarned:
        w, over = self.arena.w, self.raid.over
        asset = w.assets[row]
        n = w.nation(asset.nation)
        aimed = [t for t, m in enumerate(w.missiles) if m.target == row]
        first = min(aimed, key=lambda t: float(over.impact_s[t]))
        practice = w.case.warnings[w.case.file.nations[n].warning]
        told = min((float(self.raid.times.people[row, t]) for t in aimed), default=inf)
        bound = min(
            w.missiles[t].launch_s + float(self.bound.warned_s[n, self.arena.g.flight_of[t]]) for t in aimed
        )
        impact_s = float(over.impact_s[first])

        def before(when_s: float) -> float:
            return max(impact_s - when_s - practice.dissemination_s, 0.0)

        return LiveWarned(
            nation=asset.nation, asset=asset.name, flight=w.missiles[first].name, impact_s=impact_s,
            warned_s=told, warning_s=before(told), bound_s=bound, bound_warning_s=before(bound),
        )  # fmt: skip
