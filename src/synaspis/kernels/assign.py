"""Global nearest neighbour on gated links: the assignment of least cost, by shortest augmenting paths.

Each track takes one detection that it is linked with or none, which costs nothing; a detection goes to one
track at most. Links cost less than nothing where they are likelier than none. Source: Jonker and Volgenant,
Computing 38, 1987, without their initialisation, on links only (a path never leaves a cluster of tracks
that share detections). A track's way out is a column of its own, which nobody else can take.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NONE = -1


@inlined
def _reach(
    i: int,
    base: float,
    first: Ints,
    detection: Ints,
    cost: Floats,
    of_row: float,
    of_column: Floats,
    settled: Flags,
    length: Floats,
    via: Ints,
    touched: Ints,
    count: int,
) -> int:
    """Shorten the paths to the detections of track `i`, itself `base` away. How many are touched now."""
    for e in range(first[i], first[i + 1]):
        j = detection[e]
        if settled[j] or not cost[e] < 0.0:
            continue
        way = base + cost[e] - of_row - of_column[j]
        if way < length[j]:
            if length[j] == math.inf:
                touched[count] = j
                count += 1
            length[j], via[j] = way, i
    return count


@inlined
def _nearest(touched: Ints, count: int, settled: Flags, length: Floats) -> int:
    best = NONE
    for place in range(count):
        j = touched[place]
        if not settled[j] and (best == NONE or length[j] < length[best]):
            best = j
    return best


@inlined
def _turn(j: int, start: int, via: Ints, track_of: Ints, taken: Ints) -> None:
    """Give `j` to the track from which it was reached, that track's own to the one before, and so on."""
    while j != NONE:
        i = via[j]
        track_of[j] = i
        taken[i], j = j, taken[i]
        if i == start:
            break


@kernel
def assign(first: Ints, detection: Ints, cost: Floats, detections: int) -> Ints:
    """The detection of each track, -1 for none, (T,): the least sum of `cost` (E,) over the links taken.

    Links are as `gate` gives them. One that costs nothing or more, or is NaN, is never taken.
    """
    tracks = first.shape[0] - 1
    taken, track_of = np.full(tracks, NONE), np.full(detections, NONE)
    of_row, of_column = np.zeros(tracks), np.zeros(detections)
    length, via = np.full(detections, math.inf), np.full(detections, NONE)
    settled, touched = np.zeros(detections, dtype=np.bool_), np.empty(detections, dtype=np.int64)
    for start in range(tracks):
        for e in range(first[start], first[start + 1]):
            if cost[e] < 0.0:
                of_row[start] = min(of_row[start], cost[e] - of_column[detection[e]])
        i, base, count = start, 0.0, 0
        out, out_of, j = math.inf, NONE, NONE
        while True:
            if base - of_row[i] < out:  # track i could go without
                out, out_of = base - of_row[i], i
            count = _reach(
                i, base, first, detection, cost, of_row[i], of_column, settled, length, via, touched, count
            )
            j = _nearest(touched, count, settled, length)
            if j == NONE or out <= length[j]:
                base, j = out, NONE
                break
            base = length[j]
            if track_of[j] == NONE:
                break
            settled[j] = True
            i = track_of[j]
        of_row[start] += base
        for place in range(count):
            k = touched[place]
            if settled[k]:
                of_row[track_of[k]] += base - length[k]
                of_column[k] -= base - length[k]
        if j == NONE:
            j = taken[out_of]
            taken[out_of] = NONE
            if out_of != start:
                _turn(j, start, via, track_of, taken)
        else:
            _turn(j, start, via, track_of, taken)
        for place in range(count):
            length[touched[place]], settled[touched[place]] = math.inf, False
    return taken
