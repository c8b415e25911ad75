"""Kills that come in clusters: the beta-binomial's likelihood, and tables drawn from it.

An attack launches n missiles, k of which are destroyed. The kill chance of an attack is itself drawn from a
beta distribution of mean p; two missiles of an attack then share their fate with correlation rho in [0, 1]:
0 is independence, at 1 an attack is stopped whole or not at all (Skellam, Journal of the Royal Statistical
Society B 10, 1948). As an urn, the next missile falls with chance (p (1 - rho) + k rho) / (1 - rho + n rho)
after k of n have fallen.

Tables are arrays `launched` (N,) and `destroyed` (N,), int64. `tails` (3, J) are the counts of attacks with
more than j destroyed, more than j not destroyed, and more than j launched: all that the likelihood needs.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.dice import SHUFFLE, URN, die, trial_key
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FREE = -1.0
"""In place of a kill chance: the most likely one."""
STARTS = np.array([0.0, 0.02, 0.05, 0.1, 0.17, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.93, 0.98, 1.0])
"""Correlations between which the best one is looked for."""
_NARROW = 2e-4
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
_STEPS = 60
_CLOSE = 1e-10
_ENDLESS = 1e300


@kernel
def fill_tails(launched: Ints, destroyed: Ints, tails: Floats) -> None:
    """Fill `tails` (3, J), J the largest attack."""
    most = tails.shape[1]
    tails[:] = 0.0
    for i in range(launched.shape[0]):
        k, n = destroyed[i], launched[i]
        if k > 0:
            tails[0, k - 1] += 1.0
        if n > k:
            tails[1, n - k - 1] += 1.0
        tails[2, n - 1] += 1.0
    for row in range(3):
        for j in range(most - 2, -1, -1):
            tails[row, j] += tails[row, j + 1]


@kernel
def log_likelihood(p: float, rho: float, tails: Floats) -> float:
    """Logarithm of the chance of the table, without the binomial factors; -inf where it cannot be."""
    apart = 1.0 - rho
    total = 0.0
    if tails[0, 0] > 0.0:
        total += tails[0, 0] * math.log(p)
    if tails[1, 0] > 0.0:
        total += tails[1, 0] * math.log(1.0 - p)
    mixed = tails[0, 0] + tails[1, 0] - tails[2, 0]
    if mixed > 0.0:
        if rho >= 1.0:
            return -np.inf
        total += mixed * math.log(apart)
    for j in range(1, tails.shape[1]):
        drawn = j * rho
        total -= tails[2, j] * math.log(apart + drawn)
        if tails[0, j] > 0.0:
            total += tails[0, j] * math.log(p * apart + drawn)
        if tails[1, j] > 0.0:
            total += tails[1, j] * math.log((1.0 - p) * apart + drawn)
    return total


@kernel
def likeliest_p(rho: float, tails: Floats) -> float:
    """The most likely kill chance at a correlation: Newton within brackets, for the logarithm is concave."""
    hits, misses = tails[0, 0], tails[1, 0]
    if hits == 0.0:
        return 0.0
    if misses == 0.0:
        return 1.0
    if rho >= 1.0:
        return hits / (hits + misses)
    apart, low, high = 1.0 - rho, 0.0, 1.0
    p = tails[0].sum() / tails[2].sum()
    for _ in range(_STEPS):
        slope = hits / p - misses / (1.0 - p)
        bend = -hits / (p * p) - misses / ((1.0 - p) * (1.0 - p))
        for j in range(1, tails.shape[1]):
            drawn = j * rho
            up, down = apart / (p * apart + drawn), apart / ((1.0 - p) * apart + drawn)
            slope += tails[0, j] * up - tails[1, j] * down
            bend -= tails[0, j] * up * up + tails[1, j] * down * down
        if slope > 0.0:
            low = p
        else:
            high = p
        after = p - slope / bend
        if not low < after < high:
            after = 0.5 * (low + high)
        if abs(after - p) < _CLOSE:
            return after
        p = after
    return p


@inlined
def _at(p: float, rho: float, tails: Floats) -> float:
    return log_likelihood(likeliest_p(rho, tails) if p == FREE else p, rho, tails)


@kernel
def likeliest_rho(p: float, tails: Floats) -> tuple[float, float]:
    """The most likely correlation, at kill chance `p` or at the best one (FREE), and the logarithm there.

    The best of STARTS, then golden section between its neighbours.
    """
    best, top = 0, -np.inf
    for i in range(STARTS.shape[0]):
        found = _at(p, STARTS[i], tails)
        if found > top:
            best, top = i, found
    low, high = STARTS[max(best - 1, 0)], STARTS[min(best + 1, STARTS.shape[0] - 1)]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = _at(p, left, tails), _at(p, right, tails)
    while high - low > _NARROW:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = _at(p, right, tails)
        else:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = _at(p, left, tails)
    middle = 0.5 * (low + high)
    found = _at(p, middle, tails)
    if found > top:
        return middle, found
    return STARTS[best], top


@kernel
def draw(launched: Ints, p: float, rho: float, key: np.uint64, destroyed: Ints) -> None:
    """Fill `destroyed` from the urns of kill chance `p` and correlation `rho`."""
    for i in range(launched.shape[0]):
        fallen = 0
        for j in range(launched[i]):
            u = die(key, URN, np.uint64(i), np.uint64(0), j)
            if u * (1.0 - rho + j * rho) < p * (1.0 - rho) + fallen * rho:
                fallen += 1
        destroyed[i] = fallen


@inlined
def _ratio(p: float, rho: float, fixes_p: bool, tails: Floats) -> float:
    """Twice the logarithm by which the best fit is likelier than one with `rho`, or `p`, held."""
    top = likeliest_rho(FREE, tails)[1]
    held = likeliest_rho(p, tails)[1] if fixes_p else _at(FREE, rho, tails)
    return max(2.0 * (top - held), 0.0)


@kernel
def plausible(
    held: float, fixes_p: bool, launched: Ints, tails: Floats, seed: int, draws: int, level: float
) -> bool:
    """Whether a table is no odder than `level` of those drawn with `held` and the other as it fits best.

    `held` is the kill chance where `fixes_p`, else the correlation. Odd is a large likelihood ratio.
    """
    if fixes_p:
        p, rho = held, likeliest_rho(held, tails)[0]
    else:
        p, rho = likeliest_p(held, tails), held
    seen = _ratio(p, rho, fixes_p, tails)
    if not seen > 0.0:
        return True
    if not seen < _ENDLESS:
        return False
    destroyed, drawn = np.empty(launched.shape[0], np.int64), np.empty_like(tails)
    less, as_odd, most = 0, 0, math.ceil(level * (draws + 1))
    for i in range(draws):
        draw(launched, p, rho, trial_key(seed, i), destroyed)
        fill_tails(launched, destroyed, drawn)
        if _ratio(p, rho, fixes_p, drawn) < seen:
            less += 1
        else:
            as_odd += 1
        if less >= most or as_odd > draws - most:  # the rest would change nothing
            break
    return less < most


@kernel
def shuffled(launched: Ints, fallen: int, seed: int, draws: int) -> Floats:
    """(draws, 2) tables with `fallen` missiles destroyed at random, whichever: their spread, and their zeros.

    Given how many fell in all, independence says just this, whatever the kill chance. The spread is
    the sum of (k - n p)^2; zeros are attacks with nothing destroyed.
    """
    out = np.zeros((draws, 2))
    whole = launched.sum()
    p = fallen / whole
    for d in range(draws):
        key = trial_key(seed, d)
        still, left = fallen, whole
        for i in range(launched.shape[0]):
            k = 0
            for j in range(launched[i]):
                if die(key, SHUFFLE, np.uint64(i), np.uint64(0), j) * left < still:
                    k += 1
                    still -= 1
                left -= 1
            out[d, 0] += (k - launched[i] * p) ** 2
            out[d, 1] += 1.0 if k == 0 else 0.0
    return out
