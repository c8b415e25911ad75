"""Covariance intersection: one estimate from several whose errors may be correlated in any way.

A mixture of informations with weights that add up to one is never overconfident, whatever the correlation.
The weights are those of least determinant, or of least sum of variances of what is asked. Both are convex
in the weights, so the search has one answer and knows how close it is: weight moves between two estimates
at a time, each move to the best along its line, found in the eigenvectors common to the mixture and the
move.

Sources: Julier and Uhlmann, A non-divergent estimation algorithm in the presence of unknown correlations,
American Control Conference 1997; Niehsen, Information fusion based on fast covariance intersection
filtering, Fusion 2002 (several at a time).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.squares import factor

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SWEEPS = 30
"""Of Jacobi's rotations; seven rows need about six."""
SMALL = 1e-30
"""Of the diagonal's squares: what may be left beside it."""
HALVINGS = 40
ROUNDS = 200
CLOSE = 1e-7
"""By which share of the best a sum of variances may miss it; for a determinant, of one variance."""


@kernel
def _factor(m: Floats, size: int, lower: Floats) -> bool:
    """Fill the Cholesky factor of `m`; False where it is none. A kernel of its own: quicker to compile."""
    return math.isfinite(factor(m, size, lower))


@kernel
def _inverse(lower: Floats, size: int, out: Floats) -> None:
    """`out` (size, size): the inverse of what has the Cholesky factor `lower`."""
    for c in range(size):
        for i in range(size):
            left = 1.0 if i == c else 0.0
            for k in range(i):
                left -= lower[i, k] * out[k, c]
            out[i, c] = left / lower[i, i]
        for i in range(size - 1, -1, -1):
            left = out[i, c]
            for k in range(i + 1, size):
                left -= lower[k, i] * out[k, c]
            out[i, c] = left / lower[i, i]
    for i in range(size):
        for j in range(i):
            out[i, j] = 0.5 * (out[i, j] + out[j, i])
            out[j, i] = out[i, j]


@kernel
def _under(lower: Floats, size: int, m: Floats) -> None:
    """Solve `lower` x = m for each column, in place."""
    for c in range(m.shape[1]):
        for i in range(size):
            left = m[i, c]
            for k in range(i):
                left -= lower[i, k] * m[k, c]
            m[i, c] = left / lower[i, i]


@kernel
def _turn(a: Floats, rows: Floats, p: int, q: int) -> None:
    """One rotation that clears a[p, q]; `rows` (Q, D) turn along."""
    theta = 0.5 * (a[q, q] - a[p, p]) / a[p, q]
    t = math.copysign(1.0, theta) / (abs(theta) + math.sqrt(theta * theta + 1.0))
    c = 1.0 / math.sqrt(t * t + 1.0)
    s = t * c
    for k in range(a.shape[0]):
        one, two = a[k, p], a[k, q]
        a[k, p], a[k, q] = c * one - s * two, s * one + c * two
    for k in range(a.shape[0]):
        one, two = a[p, k], a[q, k]
        a[p, k], a[q, k] = c * one - s * two, s * one + c * two
    for k in range(rows.shape[0]):
        one, two = rows[k, p], rows[k, q]
        rows[k, p], rows[k, q] = c * one - s * two, s * one + c * two


@kernel
def _diagonal(a: Floats, rows: Floats) -> None:
    """Jacobi's method: `a` (D, D), symmetric, becomes diagonal; `rows` go into its eigenvectors' axes."""
    size = a.shape[0]
    for _ in range(SWEEPS):
        beside, on = 0.0, 0.0
        for p in range(size):
            on += a[p, p] * a[p, p]
            for q in range(p):
                beside += a[p, q] * a[p, q]
        if not beside > SMALL * on:
            return
        for p in range(size):
            for q in range(p + 1, size):
                if a[p, q] * a[p, q] > SMALL * SMALL * on:
                    _turn(a, rows, p, q)


@inlined
def _fall(by: Floats, asked: Floats, t: float) -> float:
    """How fast what is sought falls at `t`: above nought before the best place, below it after."""
    total = 0.0
    for k in range(by.shape[0]):
        per = 1.0 / max(1.0 + t * by[k], 1e-300)
        total += asked[k] * by[k] * per * per if asked.shape[0] else by[k] * per
    return total


@kernel
def _best_move(whole: Floats, move: Floats, rows: Floats, low: float, high: float) -> float:
    """The t in [low, high] at which whole + t move is best: see `intersect`. 0 where `whole` is none."""
    size = whole.shape[0]
    lower = np.zeros((size, size))
    if not _factor(whole, size, lower):
        return 0.0
    turned, seen = move.copy(), rows.T.copy()
    _under(lower, size, turned)
    turned = turned.T.copy()
    _under(lower, size, turned)
    _under(lower, size, seen)
    seen = seen.T.copy()
    for i in range(size):
        for j in range(i):
            turned[i, j] = 0.5 * (turned[i, j] + turned[j, i])
            turned[j, i] = turned[i, j]
    _diagonal(turned, seen)
    by, asked = np.empty(size), np.zeros(size if rows.shape[0] else 0)
    for k in range(size):
        by[k] = turned[k, k]
        for q in range(rows.shape[0]):
            asked[k] += seen[q, k] * seen[q, k]
    if not _fall(by, asked, low) > 0.0:
        return low
    if not _fall(by, asked, high) < 0.0:
        return high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if _fall(by, asked, middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def _mixture(infos: Floats, weights: Floats, out: Floats) -> None:
    out[:, :] = 0.0
    for n in range(infos.shape[0]):
        if weights[n] > 0.0:
            for i in range(out.shape[0]):
                for j in range(out.shape[1]):
                    out[i, j] += weights[n] * infos[n, i, j]


@kernel
def _gains(whole: Floats, infos: Floats, rows: Floats, gains: Floats) -> bool:
    """What a little more weight on each estimate brings, in shares of what is sought; 1 on average.

    Shapes: gains (N,). False where `whole` is no information.
    """
    size = whole.shape[0]
    lower, cov = np.zeros((size, size)), np.empty((size, size))
    if not _factor(whole, size, lower):
        return False
    _inverse(lower, size, cov)
    by, total = cov, float(size)
    if rows.shape[0]:
        seen = np.zeros((rows.shape[0], size))
        total = 0.0
        for q in range(rows.shape[0]):
            for i in range(size):
                for j in range(size):
                    seen[q, i] += rows[q, j] * cov[j, i]
            for i in range(size):
                total += seen[q, i] * rows[q, i]
        by = np.zeros((size, size))
        for q in range(rows.shape[0]):
            for i in range(size):
                for j in range(size):
                    by[i, j] += seen[q, i] * seen[q, j]
    for n in range(gains.shape[0]):
        gains[n] = 0.0
        for i in range(size):
            for j in range(size):
                gains[n] += by[i, j] * infos[n, i, j]
        gains[n] /= total
    return True


@kernel
def _seek(infos: Floats, sound: Flags, rows: Floats, weights: Floats, whole: Floats) -> None:
    """Move weight from the estimate that brings least to the one that brings most, until no move can help.

    Since what is sought is convex in the weights, the greatest gain less 1 bounds how much of it is left.
    """
    gains = np.empty(infos.shape[0])
    for _ in range(ROUNDS):
        _mixture(infos, weights, whole)
        if not _gains(whole, infos, rows, gains):
            return
        most, least = -1, -1
        for n in range(infos.shape[0]):
            if sound[n] and (most < 0 or gains[n] > gains[most]):
                most = n
            if weights[n] > 0.0 and (least < 0 or gains[n] < gains[least]):
                least = n
        if most == least or not gains[most] - 1.0 > CLOSE:
            return
        both = weights[most] + weights[least]
        t = _best_move(whole, infos[most] - infos[least], rows, 0.0, weights[least])
        weights[most] = min(weights[most] + t, both)
        weights[least] = both - weights[most]
        if not t > 0.0:
            return


@kernel
def _reckon(means: Floats, covs: Floats, scale: Floats, infos: Floats, sound: Flags) -> int:
    """Informations in units of `scale` of those that are `sound`: how many are."""
    count, size = means.shape
    lower, small = np.zeros((size, size)), np.empty((size, size))
    for n in range(count):
        sound[n] = True
        for i in range(size):
            sound[n] &= math.isfinite(means[n, i]) and covs[n, i, i] > 0.0
    for i in range(size):
        scale[i] = math.inf
        for n in range(count):
            if sound[n]:
                scale[i] = min(scale[i], math.sqrt(covs[n, i, i]))
    used = 0
    for n in range(count):
        if sound[n]:
            for i in range(size):
                for j in range(size):
                    small[i, j] = covs[n, i, j] / (scale[i] * scale[j])
            sound[n] = _factor(small, size, lower)
        if sound[n]:
            _inverse(lower, size, infos[n])
            used += 1
    return used


@kernel
def intersect(means: Floats, covs: Floats, rows: Floats, mean: Floats, cov: Floats, weights: Floats) -> bool:
    """Fuse N estimates of one state into `mean` (D,) and `cov` (D, D), by `weights` (N,) which add up to one.

    Shapes: means (N, D), covs (N, D, D) in any units. `rows` (Q, D) project on what is asked: the sum of its
    variances is made least; with none, Q = 0, the determinant. An estimate that is not finite, or
    whose covariance is none, has the weight 0. False, and nothing else is filled, where all are so.
    """
    count, size = means.shape
    scale, infos = np.empty(size), np.zeros((count, size, size))
    sound = np.empty(count, dtype=np.bool_)
    weights[:] = 0.0
    used = _reckon(means, covs, scale, infos, sound)
    if used == 0:
        return False
    for n in range(count):
        weights[n] = 1.0 / used if sound[n] else 0.0
    whole, lower = np.empty((size, size)), np.zeros((size, size))
    if used > 1:
        _seek(infos, sound, rows * scale, weights, whole)
    _mixture(infos, weights, whole)
    if not _factor(whole, size, lower):
        return False
    _inverse(lower, size, whole)
    first = 0
    while not sound[first]:
        first += 1
    pull = np.zeros(size)
    for n in range(count):
        if weights[n] > 0.0:
            for i in range(size):
                for j in range(size):
                    pull[i] += weights[n] * infos[n, i, j] * (means[n, j] - means[first, j]) / scale[j]
    for i in range(size):
        mean[i] = 0.0
        for j in range(size):
            mean[i] += whole[i, j] * pull[j]
            cov[i, j] = whole[i, j] * scale[i] * scale[j]
        mean[i] = means[first, i] + mean[i] * scale[i]
    return True
