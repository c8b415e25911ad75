"""SIAP: the attributes of a single integrated air picture.

Source: Votruba and others, Single Integrated Air Picture (SIAP) Metrics Implementation, 29 October 2001, as
restated by the documentation of Stone Soup (stonesoup.metricgenerator.tracktotruthmetrics). One thing
differs: an object that never had a track counts no change of number, where the bare formula counts minus
one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from synaspis.model.track_quality import NOT_ASSIGNED, AirPicture, Floats, Frame, Ints


@dataclass
class _Life:
    """One true object: when it was there, and from which to which of these frames each track was on it."""

    times_s: list[float] = field(default_factory=list)
    segments: list[tuple[int, int, int]] = field(default_factory=list)
    running: dict[int, int] = field(default_factory=dict)

    def see(self, time_s: float, tracks: set[int]) -> None:
        i = len(self.times_s)
        self.times_s.append(time_s)
        for gone in sorted(self.running.keys() - tracks):
            self.segments.append((gone, self.running.pop(gone), i - 1))
        for track in sorted(tracks - self.running.keys()):
            self.running[track] = i

    def close(self) -> None:
        last = len(self.times_s) - 1
        self.segments += [(track, first, last) for track, first in sorted(self.running.items())]
        self.running.clear()

    def span_s(self, first: int, last: int) -> float:
        return self.times_s[last] - self.times_s[first]

    def longest_s(self) -> float:
        return max((self.span_s(first, last) for _, first, last in self.segments), default=0.0)

    def tracked_s(self) -> float:
        """Time between frames at both ends of which the same track was on it."""
        covered = {i for _, first, last in self.segments for i in range(first, last)}
        return sum(self.times_s[i + 1] - self.times_s[i] for i in covered)

    def numbers_needed(self) -> int:
        """The least number of segments that cover every frame in which it was tracked."""
        count, i = 0, 0
        while i < len(self.times_s):
            ends = [last for _, first, last in self.segments if first <= i <= last]
            if ends:
                count, i = count + 1, max(ends) + 1
            else:
                i += 1
        return count


def air_picture(frames: Sequence[Frame], near_m: float) -> AirPicture:
    """SIAP attributes over frames in order of time; a track is on the nearest object within `near_m`.

    Several tracks may be on one object: that is ambiguity. ValueError where times do not rise.
    """
    times = [f.time_s for f in frames]
    if any(not a < b for a, b in itertools.pairwise(times)):
        raise ValueError("the frames are not in order of time")
    lives: dict[int, _Life] = {}
    objects = tracked = tracks = on_objects = 0
    errors_m: list[float] = []
    errors_mps: list[float] = []
    for frame in frames:
        on = nearest(frame.estimated, frame.true, near_m)
        names = frame.true_names.tolist()
        held: dict[int, set[int]] = {name: set() for name in names}
        for track, j in zip(frame.track_names.tolist(), on.tolist(), strict=True):
            if j != NOT_ASSIGNED:
                held[names[j]].add(track)
        for name in names:
            lives.setdefault(name, _Life()).see(frame.time_s, held[name])
        objects += len(names)
        tracked += sum(map(bool, held.values()))
        tracks += on.size
        on_objects += int((on != NOT_ASSIGNED).sum())
        off = (frame.estimated[on != NOT_ASSIGNED] if on.size else frame.estimated) - frame.true[on[on >= 0]]
        errors_m += np.linalg.norm(off[:, :3], axis=1).tolist()
        errors_mps += np.linalg.norm(off[:, 3:6], axis=1).tolist() if off.shape[1] >= 6 else []
    for life in lives.values():
        life.close()
    changes = sum(max(life.numbers_needed() - 1, 0) for life in lives.values())
    return AirPicture(
        completeness=_share(tracked, objects),
        ambiguity=_share(on_objects, tracked),
        spuriousness=_share(tracks - on_objects, tracks),
        position_m=_share(math.fsum(errors_m), len(errors_m)),
        velocity_mps=_share(math.fsum(errors_mps), len(errors_mps)),
        number_changes_per_s=_share(changes, sum(life.tracked_s() for life in lives.values())),
        longest_segment=_share(
            sum(life.longest_s() for life in lives.values()),
            sum(life.span_s(0, -1) for life in lives.values()),
        ),
    )


def nearest(estimated: Floats, true: Floats, near_m: float) -> Ints:
    """For each of (M, D) the row of the nearest of (N, D) in position, -1 where none is within `near_m`."""
    found = np.full(estimated.shape[0], NOT_ASSIGNED, dtype=np.int64)
    if estimated.shape[0] and true.shape[0]:
        apart = np.linalg.norm(estimated[:, None, :3] - true[None, :, :3], axis=2)
        apart = np.where(np.isfinite(apart), apart, np.inf)
        best = apart.argmin(axis=1)
        close = apart[np.arange(best.size), best] <= near_m
        found[close] = best[close]
    return found


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
