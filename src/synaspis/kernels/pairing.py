"""Which tracks of two pictures may be of one object: every pair within a gate, and how likely it is one.

Links go as rows, as in `kernels.gate`: those of the first picture's track t are `first[t]` to
`first[t + 1]`. Sources: Bar-Shalom and Campo, The effect of the common process noise on the two-sensor
fused-track covariance, IEEE Trans. Aerospace and Electronic Systems 22 (1986), 803; Kaplan, Bar-Shalom and
Blair, Assignment costs for multiple sensor track-to-track association, the same 44 (2008), 655.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.squares import factor, square_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LOG_2_PI = math.log(2.0 * math.pi)


@inlined
def _extent(one: Floats, two: Floats, out: Floats) -> None:
    """How far the tracks of both pictures reach in each number, at least 0."""
    for k in range(out.shape[0]):
        low, high = math.inf, -math.inf
        for means in (one, two):
            for t in range(means.shape[0]):
                if math.isfinite(means[t, k]):
                    low, high = min(low, means[t, k]), max(high, means[t, k])
        out[k] = max(high - low, 0.0)


@kernel
def pairs(
    one: Floats, one_covs: Floats, two: Floats, two_covs: Floats, limit: float
) -> tuple[Ints, Ints, Floats, Floats]:
    """Links of N tracks with M tracks of the same time whose normalised square is at most `limit`.

    Shapes: one (N, D), one_covs (N, D, D), two (M, D), two_covs (M, D, D). Errors are taken as independent:
    where common noise makes them alike, the gate is too wide, never too narrow. Returns first (N + 1,), other
    (E,), square (E,) and score (E,): the logarithm of how much likelier the pair is one object than that the
    second picture's track is one of M unrelated ones, spread evenly over the box that holds all tracks and
    this pair's gate. What is not finite or has no covariance has no link.
    """
    size = one.shape[1]
    extent, off, room = np.empty(size), np.empty(size), np.empty(size)
    both, lower = np.empty((size, size)), np.zeros((size, size))
    _extent(one, two, extent)
    first = np.zeros(one.shape[0] + 1, dtype=np.int64)
    other, square = np.empty(16, dtype=np.int64), np.empty(16)
    score, last = np.empty(16), 0
    for a in range(one.shape[0]):
        for b in range(two.shape[0]):
            near, spread = True, 0.0
            for k in range(size):
                off[k] = two[b, k] - one[a, k]
                reach = one_covs[a, k, k] + two_covs[b, k, k]
                # A box about the ellipsoid: asked first, since it costs next to nothing.
                if not off[k] * off[k] <= limit * reach:
                    near = False
                    break
                spread += math.log(extent[k] + 2.0 * math.sqrt(limit * reach))
            if not near:
                continue
            for i in range(size):
                for j in range(size):
                    both[i, j] = one_covs[a, i, j] + two_covs[b, i, j]
            log_determinant = factor(both, size, lower)
            if not math.isfinite(log_determinant):
                continue
            found = square_of(lower, size, off, room)
            if not found <= limit:
                continue
            if last == other.shape[0]:
                other = np.concatenate((other, np.empty_like(other)))
                square = np.concatenate((square, np.empty_like(square)))
                score = np.concatenate((score, np.empty_like(score)))
            other[last], square[last] = b, found
            score[last] = spread - math.log(two.shape[0]) - 0.5 * (found + log_determinant + size * LOG_2_PI)
            last += 1
        first[a + 1] = last
    return first, other[:last].copy(), square[:last].copy(), score[:last].copy()
