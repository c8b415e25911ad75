"""A recording in place of the range: the scans as they were received, and no truth behind them.

What the trackers of all nations find is told apart by one more tracker, which has every station's scans and
shows nobody anything: an object is one of its confirmed tracks, and a nation's track is of the object near
it, by the measure by which the range says of which missile a track is. Nothing is cued: what a radar was
pointed at when the recording was made is in it already, and not told apart (`free` holds for every row).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.detections import FRAME_S, Seen, nearest, watch
from synaspis.engine.geometry import Floats
from synaspis.engine.live_feeds import LAG_S
from synaspis.engine.world import World
from synaspis.tracking.scan import Scan
from synaspis.tracking.tracker import Tracker

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class _There:
    """The objects of one frame: rows (K,) among all, and states (K, 6)."""

    rows: Ints
    states: Floats


_NOTHING = _There(rows=np.empty(0, np.int64), states=np.empty((0, 6)))


class Overheard:
    """Scans of stations of `w` (each by its row there), in frames, with what they are of.

    `names` are the objects' (T1, T2, ... as they are first known); `informs` (S,) says which stations have a
    scan; `first_s` is never, for of no single row it is known what it is of.
    """

    def __init__(self, w: World, scans: Sequence[Scan]) -> None:
        self._frames: dict[int, list[Seen]] = {}
        self.informs = np.zeros(len(w.stations), np.bool_)
        for scan in scans:
            seen = Seen(station=scan.station, scan=scan, free=np.ones(len(scan.rows), np.bool_))
            self._frames.setdefault(max(math.ceil(scan.received_s / FRAME_S), 1), []).append(seen)
            self.informs[scan.station] = True
        self.begins = min(self._frames, default=1)
        self.ends_s = max(self._frames, default=0) * FRAME_S
        self.time_s = -inf
        self._at = 0
        latest_s = max((scan.received_s - scan.time_s for scan in scans), default=0.0)
        self._there, count = self._found(w, LAG_S + latest_s)
        self.names = tuple(f"T{i}" for i in range(1, count + 1))
        self.first_s = np.full((len(w.stations), count), inf)

    def _found(self, w: World, lag_s: float) -> tuple[dict[int, _There], int]:
        """The objects of each frame in which there are any, and how many there are in all."""
        tracker = Tracker(tuple(watch(s) for s in w.stations), lag_s=lag_s, leap_s=inf)
        found: dict[int, _There] = {}
        row_of: dict[int, int] = {}
        for number in range(self.begins, int(self.ends_s / FRAME_S) + 2):
            tracker.take_all(seen.scan for seen in self._frames.get(number, ()))
            tracks = tracker.tracks(at_s=number * FRAME_S)
            if len(tracks):
                for one in np.sort(tracks.number).tolist():
                    row_of.setdefault(one, len(row_of))
                rows = np.array([row_of[one] for one in tracks.number.tolist()])
                found[number] = _There(rows=rows, states=tracks.mixture()[0][:, :6])
        return found, len(row_of)

    def frame(self, number: int) -> tuple[Seen, ...]:
        """What was received in the frame that ends `number` frames after second 0. Asked for in order."""
        self._at, self.time_s = number, number * FRAME_S
        return tuple(self._frames.get(number, ()))

    def whose(self, places: Floats, errors_m: Floats) -> Ints:
        """Row of the object that each of `places` (K, 3) means now, or -1."""
        there = self._there.get(self._at, _NOTHING)
        near = nearest(places, errors_m, there.states)
        return np.where(near >= 0, np.append(there.rows, -1)[near], -1)

    def cue(self, owner: str, own: tuple[Floats, Floats], whole: tuple[Floats, Floats]) -> None:
        """Nothing: a recording is as it is."""
