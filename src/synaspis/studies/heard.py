"""A recording heard by the nations of a case, under one regime: who holds what, and who is warned, when.

The chain is that of a raid watched live; only the scans come from the recording, and nothing is known of what
flew. Which objects there were is told by one more tracker over all that was recorded (`engine.heard`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

import numpy as np

from synaspis.engine.heard import Overheard
from synaspis.engine.live import Chain
from synaspis.engine.world import world
from synaspis.model.case import Case
from synaspis.model.live_warning import HeardTable, HeardTrack, HeardWarned, LiveEvent
from synaspis.model.measurement import Measurements
from synaspis.sharing.rules import rules
from synaspis.tracking.sights import scans


class Hearing:
    """One recording under one regime: `events` plays it once, `table` tells what came of it so far.

    `given` has all stations of the case, in its order; `seed` names the errors that owners add to what they
    release. `left_out`, `first` and `sources` are what was said of the recording when it was read.
    """

    def __init__(
        self, case: Case, regime: str, given: Measurements, seed: int, version: str, *,
        left_out: Mapping[str, int], first: Mapping[str, str], sources: Mapping[str, int],
    ) -> None:  # fmt: skip
        self.case, self.regime, self.seed, self.version = case, regime, seed, version
        w = world(case, ())
        self.over = Overheard(w, scans(given))
        self.chain = Chain(w, self.over, rules(case, case.regime(regime)), self.over.informs, seed)
        self.finished = False
        self._given, self._left, self._first, self._sources = given, left_out, first, sources
        self._impact_s: dict[tuple[str, str], float] = {}
        self._because: dict[tuple[str, str], tuple[str, ...]] = {}

    def events(self) -> Iterator[LiveEvent]:
        """What happens, in order of time."""
        for e in self.chain.events():
            if e.kind in ("impact_estimate", "warned"):
                when_s = e.what["impact_s"]
                assert isinstance(when_s, float)
                self._impact_s.update({(nation, e.flight): when_s for nation in e.nations})
            if e.kind == "warned":
                self._because.setdefault((e.nations[0], e.flight), e.because)
            yield e
        self.finished = True

    def table(self) -> HeardTable:
        """What came of the recording as far as it has been played."""
        used = len(self._given.time_s)
        return HeardTable(
            until_s=max(self.over.time_s, 0.0), finished=self.finished,
            rows=used + sum(self._left.values()), used=used, left_out=self._left, first=self._first,
            sources=self._sources, objects=len(self.over.names), held=self._held(), warned=self._warned(),
        )  # fmt: skip

    def _held(self) -> tuple[HeardTrack, ...]:
        w, times = self.chain.w, self.chain.times
        return tuple(
            HeardTrack(
                nation=w.nations[n], object=self.over.names[t], alert_s=float(times.alert[n, t]),
                known_s=float(times.known[n, t]), track_s=float(times.track[n, t]),
            )
            for t, n in np.argwhere(np.isfinite(times.alert.T)).tolist()
        )  # fmt: skip

    def _warned(self) -> tuple[HeardWarned, ...]:
        w, people = self.chain.w, self.chain.times.people
        made = []
        for row, t in np.argwhere(np.isfinite(people)).tolist():
            asset, name = w.assets[row], self.over.names[t]
            practice = w.case.warnings[w.case.file.nations[w.nation(asset.nation)].warning]
            warned_s, impact_s = float(people[row, t]), self._impact_s.get((asset.nation, name), inf)
            left_s = impact_s - warned_s - practice.dissemination_s
            made.append(HeardWarned(
                nation=asset.nation, asset=asset.name, object=name, warned_s=warned_s, impact_s=impact_s,
                warning_s=max(left_s, 0.0), because=self._because.get((asset.nation, name), ()),
            ))  # fmt: skip
        return tuple(sorted(made, key=lambda m: (m.warned_s, m.nation, m.asset, m.object)))
