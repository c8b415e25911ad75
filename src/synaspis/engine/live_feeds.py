"""Feeds: what a set of stations tells, made into tracks by one tracker, and looked at from time to time.

A nation's own picture is a feed of its own stations, with measurements that others release to it free of any
term; a released track is made by a feed of the owner's stations that the clause names. Who has the same
stations shares one feed.
"""

from __future__ import annotations

import bisect
import copy
import heapq
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.detections import Seen, watch
from synaspis.engine.geometry import Floats
from synaspis.engine.sources import Finder, Source
from synaspis.engine.world import World
from synaspis.model.estimate import CLASSES, Spots
from synaspis.tracking import estimates
from synaspis.tracking.scan import Scan
from synaspis.tracking.tracker import Tracker

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Entry = tuple[int, float, str]
"""A station, how much later than to its owner it reports, and whether all its rows or the free ones alone."""

Whose = Callable[[Floats, Floats], Ints]
"""Rows of the missiles, -1 for none, that places (K, 3) with errors (K,) mean: the range's word."""

LAG_S = 6.0
"""What comes later than this behind the newest is not taken in; the feed's delays come on top."""


def nobody_says(places: Floats, _errors_m: Floats) -> Ints:
    """Where no range tells whose a track is: -1 for all."""
    return np.full(len(places), -1, np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """The confirmed tracks of a feed at one time, T of them, and what follows from each.

    `last_s` (T,) when each was last detected; `mean` (T, 7), `cov` (T, 7, 7), `mode` (T,); `sigma_m` (T,)
    one-sigma error of position; `impact` and `launch` of each; `chances` (T, classes), NaN under power.
    `flight` (T,) is the missile's row or -1, by the range's word, for those who keep score.
    """

    time_s: float
    number: Ints
    last_s: Floats
    mean: Floats
    cov: Floats
    mode: Ints
    sigma_m: Floats
    impact: Spots
    launch: Spots
    chances: Floats
    flight: Ints


class Feed:
    """One tracker, and the scans on their way to it. Looks older than `kept_s` are forgotten."""

    def __init__(
        self, entries: tuple[Entry, ...], w: World, whose: Whose = nobody_says, *, kept_s: float = inf
    ) -> None:
        self.entries, self._whose, self._kept_s = entries, whose, kept_s
        self._of: dict[int, list[tuple[float, str]]] = {}
        for s, extra_s, kind in entries:
            self._of.setdefault(s, []).append((extra_s, kind))
        latest_s = max((extra_s + _report_s(w, s) for s, extra_s, _ in entries), default=0.0)
        # It takes nothing before it is received, by a clock of its own: a leap is but a long silence.
        self.tracker = Tracker(tuple(watch(s) for s in w.stations), lag_s=LAG_S + latest_s, leap_s=inf)
        self._coming: list[tuple[float, int, Scan]] = []
        self._count = 0
        self._times: list[float] = []
        self._kept: list[Snapshot] = []

    def fork(self, entries: tuple[Entry, ...]) -> Feed:
        """Another feed of the same stations and delays that has come to the same so far."""
        twin = copy.copy(self)
        twin.entries, twin._of = entries, {}
        for s, extra_s, kind in entries:
            twin._of.setdefault(s, []).append((extra_s, kind))
        twin.tracker = copy.deepcopy(self.tracker)
        twin._coming, twin._times, twin._kept = list(self._coming), list(self._times), list(self._kept)
        return twin

    def hear(self, seen: Seen) -> None:
        """Take a scan on its way, if one of the feed's stations made it."""
        for extra_s, kind in self._of.get(seen.station, ()):
            scan = seen.scan
            rows = scan.rows if kind == "own" else scan.rows[seen.free]
            if kind != "own" and not len(rows) and len(scan.rows):
                continue
            late = Scan(
                time_s=scan.time_s, received_s=scan.received_s + extra_s, station=scan.station,
                sight=scan.sight, rows=rows,
            )  # fmt: skip
            self._count += 1
            heapq.heappush(self._coming, (late.received_s, self._count, late))

    @property
    def last(self) -> Snapshot:
        """The last look."""
        return self._kept[-1]

    @property
    def looked(self) -> bool:
        """Whether there was a look."""
        return bool(self._kept)

    def settle(self, now_s: float) -> None:
        """Take in all that has come by now, and look."""
        come = []
        while self._coming and self._coming[0][0] <= now_s:
            come.append(heapq.heappop(self._coming)[2])
        self.tracker.take_all(come)
        self._times.append(now_s)
        self._kept.append(snapshot(self.tracker, now_s, self._whose))
        if now_s - self._times[0] > 2.0 * self._kept_s:
            old = bisect.bisect_left(self._times, now_s - self._kept_s)
            del self._times[:old], self._kept[:old]

    def at(self, when_s: float) -> Snapshot | None:
        """What it looked like at the last look not after `when_s`; None before the first."""
        i = bisect.bisect_right(self._times, when_s + 1e-6)
        return self._kept[i - 1] if i else None

    def false_tracks(self) -> int:
        """How many tracks were never of any missile."""
        every = {n for s in self._kept for n in s.number.tolist()}
        true = {
            n for s in self._kept for n, t in zip(s.number.tolist(), s.flight.tolist(), strict=True) if t >= 0
        }
        return len(every - true)


def snapshot(tracker: Tracker, now_s: float, whose: Whose = nobody_says) -> Snapshot:
    """The confirmed tracks of a tracker at a time not before its last scan."""
    found = tracker.tracks(at_s=now_s)
    mean, cov, mode = found.mixture()
    thrust = np.zeros(len(found), np.int64)
    sigma_m = np.sqrt(np.einsum("tii->t", cov[:, :3, :3]))
    return Snapshot(
        time_s=now_s, number=found.number, last_s=found.last_s, mean=mean, cov=cov, mode=mode,
        sigma_m=sigma_m, flight=whose(mean[:, :3], sigma_m),
        impact=estimates.impacts(mean, cov, mode, now_s),
        launch=estimates.launches(found.power_mean, found.power_cov, thrust, found.power_s),
        chances=estimates.class_chances(mean, cov, mode) if len(found) else np.empty((0, len(CLASSES))),
    )  # fmt: skip


def own_entries(find: Finder, source: Source) -> tuple[Entry, ...]:
    """The entries of a nation's own source: its stations, and measurements released free of any term."""
    return tuple((s, delay_s - find.report_s(s), kind) for s, delay_s, kind in source.entries)


def released(find: Finder, source: Source) -> tuple[tuple[Entry, ...], float]:
    """The entries of the feed that makes a released track, and how late the recipient has it."""
    late = {delay_s - find.report_s(s) for s, delay_s, _ in source.entries}
    return tuple((s, 0.0, kind) for s, _, kind in source.entries), max(late, default=0.0)


def _report_s(w: World, s: int) -> float:
    return float(getattr(w.stations[s].type, "report_s", 0.0))
