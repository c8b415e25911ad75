"""Interacting multiple models: one extended Kalman filter for each mode of motion, and how likely each is.

Modes change at random at given rates a second. The seventh number of a state means different things under
power and after: a mode that takes over from one with another seventh starts with what it thinks before
anything is seen.

Sources: Blom and Bar-Shalom, The interacting multiple model algorithm for systems with Markovian switching
coefficients, IEEE Trans. Automatic Control 33 (1988), 780; Yuan, Bar-Shalom, Willett, Mozeson, Pollak and
Hardiman, A multiple IMM estimation approach with unbiased mixing for thrusting projectiles, IEEE Trans.
Aerospace and Electronic Systems 48 (2012), 3250.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import ekf, motion
from synaspis.kernels.ekf import usable
from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.kernels.lanes import fma_lanes, lane, load, store, times, with_lane
from synaspis.kernels.motion import FRESH, FRESH_VARIANCE, KIND, SEVENTH, STATES, THRUST
from synaspis.kernels.sight import TIME

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Told = tuple[float, float]

MEAN = STATES
"""Row of a mixed state (STATES + 1, STATES) that holds its mean, behind its covariance."""
LEAST = 1e-12
"""Less likely than this no mode becomes, so that it can come back."""
CUT = 1e-2
"""A mode of a smaller share is left out of a mixture: it waits, but its spread does not seep into others.
The set of models in use thus varies: Li and Bar-Shalom, Multiple-model estimation with variable structure,
IEEE Trans. Automatic Control 41 (1996), 478."""

POWER_STEP_S = 1.0
"""Longest step of mixing while a mode under power is as likely as POWERED."""
POWERED = 1e-3


@lean_inlined
def _alike(modes: Floats, i: int, j: int) -> bool:
    """Whether the seventh number of two modes means the same."""
    return bool((modes[i, KIND] == THRUST) == (modes[j, KIND] == THRUST))


@lean_kernel
def mix(means: Floats, covs: Floats, modes: Floats, shares: Floats, into: int, out: Floats) -> None:
    """Mean and covariance of a mixture of modes by `shares` (K,), in the terms of mode `into`: `out` (8, 7).

    Where another mode's seventh means something else, the fresh one of `into` stands for it.
    """
    for a in range(STATES + 1):
        for b in range(STATES):
            out[a, b] = 0.0
    for i in range(means.shape[0]):
        if shares[i] != 0.0:
            store(out[MEAN], fma_lanes(shares[i], _in_terms(means[i], modes, i, into), load(out[MEAN])))
    for i in range(means.shape[0]):
        if shares[i] == 0.0:
            continue
        far = fma_lanes(-1.0, load(out[MEAN]), _in_terms(means[i], modes, i, into))
        for a in range(STATES):
            own = load(covs[i, a])
            if not _alike(modes, i, into):
                own = with_lane(own, SEVENTH, 0.0)
                if a == SEVENTH:
                    own = with_lane(times(0.0, own), SEVENTH, modes[into, FRESH_VARIANCE])
            store(out[a], fma_lanes(shares[i], fma_lanes(lane(far, a), far, own), load(out[a])))


@lean_inlined
def _in_terms(mean: Floats, modes: Floats, i: int, into: int) -> Any:
    """The mean of mode `i` as `into` understands it."""
    own = load(mean)
    return own if _alike(modes, i, into) else with_lane(own, SEVENTH, modes[into, FRESH])


@lean_inlined
def _become(weights: Floats, rates: Floats, dt_s: float, out: Floats) -> None:
    """Chances that it was mode i and has become j after `dt_s`, by one change at most: `out` (K, K)."""
    for i in range(rates.shape[0]):
        total = 0.0
        for k in range(rates.shape[0]):
            if k != i:
                total += rates[i, k]
        stays = math.exp(-total * dt_s)
        for j in range(rates.shape[0]):
            out[i, j] = weights[i] * (rates[i, j] / total * (1.0 - stays) if total > 0.0 else 0.0)
        out[i, i] = weights[i] * stays


@lean_inlined
def _cut(shares: Floats) -> None:
    """Leave out what is below CUT of all, and let the rest add up to 1. `shares` (K,) are changed."""
    total, kept = 0.0, 0.0
    for i in range(shares.shape[0]):
        total += shares[i]
    for i in range(shares.shape[0]):
        if shares[i] < CUT * total:
            shares[i] = 0.0
        kept += shares[i]
    for i in range(shares.shape[0]):
        shares[i] /= kept


@lean_inlined
def interact(
    means: Floats, covs: Floats, weights: Floats, modes: Floats, rates: Floats, dt_s: float, mixed: Floats,
    shares: Floats,
) -> None:  # fmt: skip
    """Mix all modes into each, and carry the weights on, over `dt_s`."""
    count = means.shape[0]
    joint = mixed[count, :STATES]
    _become(weights, rates, dt_s, joint)
    for j in range(count):
        total = 0.0
        for i in range(count):
            shares[i] = joint[i, j]
            total += shares[i]
        if not total > 0.0:
            for i in range(count):
                shares[i] = 1.0 if i == j else 0.0
        _cut(shares)
        mix(means, covs, modes, shares, j, mixed[j])
    for j in range(count):
        weights[j] = 0.0
        for i in range(count):
            weights[j] += joint[i, j]
        store(means[j], load(mixed[j, MEAN]))
        for a in range(STATES):
            store(covs[j, a], load(mixed[j, a]))


@lean_inlined
def weigh(weights: Floats, likely: Floats) -> float:
    """Weights by how likely each mode makes the measurement: the logarithm of the mixture's likelihood."""
    best = -np.inf
    for j in range(weights.shape[0]):
        best = max(best, likely[j])
    total = 0.0
    for j in range(weights.shape[0]):
        weights[j] = max(weights[j], LEAST) * math.exp(likely[j] - best)
        total += weights[j]
    for j in range(weights.shape[0]):
        weights[j] /= total
    return best + math.log(total)


@lean_inlined
def _steps(weights: Floats, modes: Floats, dt_s: float) -> int:
    """In how many steps modes are mixed over `dt_s`: in short ones where power may end at any time in it."""
    power = 0.0
    for j in range(modes.shape[0]):
        if modes[j, KIND] == THRUST:
            power += weights[j]
    return max(1, math.ceil(dt_s / POWER_STEP_S - 1e-9)) if power > POWERED else 1


@lean_kernel
def carry(
    means: Floats, covs: Floats, weights: Floats, modes: Floats, rates: Floats, dt_s: float, mixed: Floats,
    room: Floats,
) -> None:  # fmt: skip
    """Mix all modes and carry them on by `dt_s`; shapes as in `update`. Nothing at 0.

    A mode takes over at the beginning of a step. Over the eight seconds of a satellite's scan that would
    forget how long a booster went on burning, hundreds of metres a second: hence steps of POWER_STEP_S.
    """
    if not dt_s > 0.0:
        return
    count = means.shape[0]
    steps = _steps(weights, modes, dt_s)
    for _ in range(steps):
        interact(means, covs, weights, modes, rates, dt_s / steps, mixed, mixed[count, STATES])
        for j in range(count):
            motion.predict(means[j], covs[j], modes[j], dt_s / steps, room)


@lean_kernel
def update(
    means: Floats, covs: Floats, weights: Floats, clock: Floats, modes: Floats, rates: Floats, row: Floats,
    station: Floats, mixed: Floats, room: Floats,
) -> Told:  # fmt: skip
    """Carry all modes to the time of `row` and take it in: (least innovation squared, log-likelihood).

    Shapes: means (K, 7), covs (K, 7, 7), weights (K,), clock (1,), modes (K, MODE_COLUMNS), rates (K, K) a
    second from row to column, K at most 7; `mixed` (K + 1, 8, 7) and `room` (`ekf.ROOM`) are working arrays.
    Row and station as in `sight`. NaN, and nothing is touched, where `ekf.update` would do nothing. The
    first value is that of the mode that fits best.
    """
    dt_s = row[TIME] - clock[0]
    if not (dt_s >= 0.0 and dt_s < np.inf and usable(row)):
        return np.nan, np.nan
    count = means.shape[0]
    likely, least = mixed[count, STATES], np.inf
    carry(means, covs, weights, modes, rates, dt_s, mixed, room)
    for j in range(count):
        square, likely[j] = ekf.correct(means[j], covs[j], row, station, room)
        least = min(least, square)
    clock[0] = row[TIME]
    return least, weigh(weights, likely)


@lean_kernel
def estimate(
    means: Floats, covs: Floats, weights: Floats, modes: Floats, mean: Floats, cov: Floats, mixed: Floats
) -> int:
    """Fill `mean` (7,) and `cov` (7, 7) with the mixture, in the terms of the likeliest mode: that mode."""
    count, best = weights.shape[0], 0
    shares = mixed[count, 0, :count]
    for j in range(count):
        shares[j] = weights[j]
        if weights[j] > weights[best]:
            best = j
    _cut(shares)
    mix(means, covs, modes, shares, best, mixed[0])
    for a in range(STATES):
        mean[a] = mixed[0, MEAN, a]
        for b in range(STATES):
            cov[a, b] = mixed[0, a, b]
    return best


@lean_kernel
def estimate_all(
    means: Floats, covs: Floats, weights: Floats, modes: Floats, mean: Floats, cov: Floats, mixed: Floats,
    best: Ints,
) -> None:  # fmt: skip
    """`estimate` of T tracks: fills mean (T, 7), cov (T, 7, 7) and best (T,)."""
    for t in range(means.shape[0]):
        best[t] = estimate(means[t], covs[t], weights[t], modes, mean[t], cov[t], mixed)


@lean_kernel
def update_all(
    means: Floats, covs: Floats, weights: Floats, clocks: Floats, modes: Floats, rates: Floats, rows: Floats,
    station: Ints, stations: Floats, mixed: Floats, room: Floats, told: Floats,
) -> None:  # fmt: skip
    """`update` of T tracks by M measurements each, as `ekf.update_all`.

    Shapes: means (T, K, 7), covs (T, K, 7, 7), weights (T, K).

    Threads may run it on chunks of tracks at once, each with working arrays of its own.
    """
    for t in range(means.shape[0]):
        for m in range(rows.shape[1]):
            if station[t, m] >= 0:
                told[t, m, 0], told[t, m, 1] = update(
                    means[t], covs[t], weights[t], clocks[t], modes, rates, rows[t, m],
                    stations[station[t, m]], mixed, room,
                )  # fmt: skip
