"""Joint probabilistic data association: how likely each link is, over all joint events that could be.

A joint event gives each track one linked detection or none, and no detection to two tracks; its weight is the
product of its links' weights, a link's being its likelihood over that of none. Tracks that share no detection
are apart, so each cluster is counted by itself: exactly by the subsets of its smaller side where that has
at most `EXACT_SIDE`, else by belief propagation, which always converges, is exact where the links have no
cycle, and leans towards certainty otherwise. Sources: Fortmann, Bar-Shalom and Scheffe, IEEE Journal of
Oceanic Engineering 8, 1983 (JPDA); Williams and Lau, IEEE Transactions on Aerospace and Electronic Systems
50, 2014, arXiv:1209.6299 (belief propagation).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT_SIDE = 10
SURE = 20.0 * math.log(10.0)
"""Logarithms of weights are kept within this of nought: ten of them multiplied stay a number."""
_MOST_ROUNDS = 2000
_CLOSE = 1e-10


@inlined
def _root(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@kernel
def clusters(first: Ints, detection: Ints, detections: int) -> tuple[Ints, Ints]:
    """The cluster of each track (T,) and detection (D,), counted from 0 by first track; -1 without a link."""
    tracks = first.shape[0] - 1
    parent = np.arange(tracks + detections)
    for t in range(tracks):
        for e in range(first[t], first[t + 1]):
            parent[_root(parent, tracks + detection[e])] = _root(parent, t)
    name = np.full(tracks + detections, -1)
    of_track, of_detection = np.full(tracks, -1), np.full(detections, -1)
    count = 0
    for t in range(tracks):
        if first[t] < first[t + 1]:
            root = _root(parent, t)
            if name[root] < 0:
                name[root] = count
                count += 1
            of_track[t] = name[root]
            for e in range(first[t], first[t + 1]):
                of_detection[detection[e]] = name[root]
    return of_track, of_detection


@kernel
def exact(weight: Floats) -> Floats:
    """Chances of each link in a matrix of weights (A, B), zero for no link; B is the side counted by subsets.

    Work grows as A B 2**B. The sum of a row or column and the chance of none there is one.
    """
    rows, columns = weight.shape
    sets = 1 << columns
    ahead, behind = np.zeros((rows + 1, sets)), np.zeros((rows + 1, sets))
    ahead[0, 0] = 1.0
    behind[rows, :] = 1.0
    for a in range(rows):
        for taken in range(sets):
            total = ahead[a, taken]
            for b in range(columns):
                if taken >> b & 1:
                    total += weight[a, b] * ahead[a, taken ^ (1 << b)]
            ahead[a + 1, taken] = total
    for a in range(rows - 1, -1, -1):
        for taken in range(sets):
            total = behind[a + 1, taken]
            for b in range(columns):
                if not taken >> b & 1:
                    total += weight[a, b] * behind[a + 1, taken | (1 << b)]
            behind[a, taken] = total
    chance = np.zeros((rows, columns))
    for a in range(rows):
        for b in range(columns):
            total = 0.0
            for taken in range(sets):
                if not taken >> b & 1:
                    total += ahead[a, taken] * behind[a + 1, taken | (1 << b)]
            chance[a, b] = weight[a, b] * (total / behind[0, 0])
    return chance


@inlined
def _without(parts: Floats, out: Floats) -> None:
    """One and the sum of all `parts` but each, from both ends: a difference would lose what is small."""
    total = 1.0
    for b in range(parts.shape[0]):
        out[b] = total
        total += parts[b]
    total = 0.0
    for b in range(parts.shape[0] - 1, -1, -1):
        out[b] += total
        total += parts[b]


@kernel
def believed(weight: Floats) -> Floats:
    """The same by belief propagation; work grows as A B for each of some tens of rounds."""
    rows, columns = weight.shape
    to_row, to_column = np.ones((rows, columns)), np.zeros((rows, columns))
    across, down = np.empty(columns), np.empty(rows)
    for _ in range(_MOST_ROUNDS):
        moved = 0.0
        for a in range(rows):
            _without(weight[a] * to_row[a], across)
            for b in range(columns):
                to_column[a, b] = weight[a, b] / across[b]
        for b in range(columns):
            _without(to_column[:, b], down)
            for a in range(rows):
                moved = max(moved, abs(1.0 / down[a] - to_row[a, b]))
                to_row[a, b] = 1.0 / down[a]
        if moved < _CLOSE:
            break
    for a in range(rows):
        across[:] = weight[a] * to_row[a]
        to_row[a] = across / (1.0 + across.sum())
    return to_row


@kernel
def marginals(first: Ints, detection: Ints, log_weight: Floats, detections: int, side: int) -> Floats:
    """The chance of each link (E,). Links are as `gate` gives them; a weight's NaN is no link.

    `side` is the largest side counted by subsets, usually `EXACT_SIDE`.
    """
    of_track, of_detection = clusters(first, detection, detections)
    tracks = of_track.shape[0]
    chance = np.zeros(detection.shape[0])
    place_of = np.full(detections, -1)
    by_cluster = np.argsort(of_track, kind="mergesort")
    seen_by_cluster = np.argsort(of_detection, kind="mergesort")
    begin, seen_begin = 0, 0
    while begin < tracks and of_track[by_cluster[begin]] < 0:
        begin += 1
    while seen_begin < detections and of_detection[seen_by_cluster[seen_begin]] < 0:
        seen_begin += 1
    while begin < tracks:
        name = of_track[by_cluster[begin]]
        end, seen_end = begin, seen_begin
        while end < tracks and of_track[by_cluster[end]] == name:
            end += 1
        while seen_end < detections and of_detection[seen_by_cluster[seen_end]] == name:
            place_of[seen_by_cluster[seen_end]] = seen_end - seen_begin
            seen_end += 1
        weight = np.zeros((end - begin, seen_end - seen_begin))
        for a in range(begin, end):
            t = by_cluster[a]
            for e in range(first[t], first[t + 1]):
                if not math.isnan(log_weight[e]):
                    weight[a - begin, place_of[detection[e]]] = math.exp(min(max(log_weight[e], -SURE), SURE))
        found = _count(weight, side)
        for a in range(begin, end):
            t = by_cluster[a]
            for e in range(first[t], first[t + 1]):
                chance[e] = found[a - begin, place_of[detection[e]]]
        begin, seen_begin = end, seen_end
    return chance


@kernel
def _count(weight: Floats, side: int) -> Floats:
    """Chances of one cluster, counted by its smaller side where that is small enough."""
    rows, columns = weight.shape
    if columns <= rows and columns <= side:
        return exact(weight)
    if rows <= side:
        return np.ascontiguousarray(exact(np.ascontiguousarray(weight.T)).T)
    return believed(weight)


@kernel
def mixed(
    means: Floats,
    covariances: Floats,
    gains: Floats,
    spreads: Floats,
    first: Ints,
    innovations: Floats,
    chance: Floats,
) -> tuple[Floats, Floats]:
    """States after a scan in which each track's detection is only known by chance: (T, N) and (T, N, N).

    means, covariances (T, N, N) as predicted; gains (T, N, M) of the filter, spreads (T, M, M) of the
    innovations; innovations (E, M) and chance (E,) of the links of `first`. What no detection gave weighs
    as it is: a track without a link keeps its prediction. Source: Bar-Shalom and Li,
    Multitarget-Multisensor Tracking, 1995, 3.4 (the PDA update); the covariance is made symmetric.
    """
    tracks, size = means.shape
    wide = gains.shape[2]
    out, out_covariances = means.copy(), covariances.copy()
    for t in range(tracks):
        some, mean, second = 0.0, np.zeros(wide), np.zeros((wide, wide))
        for e in range(first[t], first[t + 1]):
            some += chance[e]
            for i in range(wide):
                mean[i] += chance[e] * innovations[e, i]
                for j in range(wide):
                    second[i, j] += chance[e] * innovations[e, i] * innovations[e, j]
        # P - some K S K' + K (sum of chances vv' - mean mean') K', by one product.
        for i in range(wide):
            for j in range(wide):
                second[i, j] -= mean[i] * mean[j] + some * spreads[t, i, j]
        for n in range(size):
            for i in range(wide):
                out[t, n] += gains[t, n, i] * mean[i]
        for n in range(size):
            for m in range(n + 1):
                added = 0.0
                for i in range(wide):
                    for j in range(wide):
                        added += gains[t, n, i] * second[i, j] * gains[t, m, j]
                both = 0.5 * (covariances[t, n, m] + covariances[t, m, n]) + added
                out_covariances[t, n, m] = out_covariances[t, m, n] = both
    return out, out_covariances
