"""Many missiles by interacting models, each with a clock of its own, before the detections of one station.

Three steps of a scan: `look` carries tracks to its time and says what the station is to see of each,
`score` says how likely each link of a track and a detection is, `take_in` and `take_in_shares` update by
the detection that is a track's own, or by all that may be.

A station may see some modes only: an infrared satellite sees what burns. `chances` (K,) is the chance that it
detects what moves by each mode. So a detection, and a miss, also tell of the mode.

Arrays belong to the caller; threads may work on parts of `which` at once, each with own working arrays.
Sources: Bar-Shalom and Li, Multitarget-Multisensor Tracking (1995), 4.4 (IMM with probabilistic data
association); Bar-Shalom, Li and Kirubarajan (2001), 10.5.2 (iterated filter).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import ekf
from synaspis.kernels.flight import quick_height_of
from synaspis.kernels.imm import LEAST, carry, weigh
from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.kernels.motion import STATES
from synaspis.kernels.sight import ERROR, PARTS, RANGE, wrapped
from synaspis.kernels.squares import factor, square_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SETTLE_ROUNDS = 4
CURVED = 0.3
"""Error of a linear range, over its own error, from which a state is looked at again where it came to be."""
WIDE_M = 20e3
"""Spread of a place from which angles alone, taken as linear, are."""


@lean_kernel
def _carry(
    means: Floats, covs: Floats, weights: Floats, clock: Floats, modes: Floats, rates: Floats, to_s: float,
    mixed: Floats, room: Floats,
) -> None:  # fmt: skip
    if to_s > clock[0]:
        carry(means, covs, weights, modes, rates, to_s - clock[0], mixed, room)
        clock[0] = to_s


@lean_kernel
def carry_all(
    means: Floats, covs: Floats, weights: Floats, clocks: Floats, modes: Floats, rates: Floats, to_s: float,
    mixed: Floats, room: Floats,
) -> None:  # fmt: skip
    """Carry tracks to `to_s`; those that are there or later stay as they are."""
    for t in range(means.shape[0]):
        _carry(means[t], covs[t], weights[t], clocks[t], modes, rates, to_s, mixed, room)


@lean_inlined
def _between(
    seen: Floats, spread: Floats, weights: Floats, chances: Floats, middle: Floats, wide: Floats
) -> None:
    """Mean and covariance of what is to be seen by all modes, each as likely as its detection."""
    count = weights.shape[0]
    total = 0.0
    for j in range(count):
        total += weights[j] * chances[j]
    for a in range(PARTS):
        middle[a] = 0.0
        for b in range(PARTS):
            wide[a, b] = 0.0
    for j in range(count):
        share = weights[j] * chances[j] / total
        for a in range(PARTS):
            off = seen[j, a] - seen[0, a]
            if a == 1 or a == 2:
                off = wrapped(off)
            middle[a] += share * off
    for j in range(count):
        share = weights[j] * chances[j] / total
        for a in range(PARTS):
            one = seen[j, a] - seen[0, a]
            if a == 1 or a == 2:
                one = wrapped(one)
            one -= middle[a]
            for b in range(PARTS):
                two = seen[j, b] - seen[0, b]
                if b == 1 or b == 2:
                    two = wrapped(two)
                wide[a, b] += share * (spread[j, a, b] + one * (two - middle[b]))
    for a in range(PARTS):
        middle[a] += seen[0, a]


@lean_kernel
def look(
    which: Ints, to_s: float, means: Floats, covs: Floats, weights: Floats, clocks: Floats, modes: Floats,
    rates: Floats, station: Floats, chances: Floats, inside: float, seen: Floats, spread: Floats,
    middle: Floats, wide: Floats, missed: Floats, mixed: Floats, room: Floats,
) -> None:  # fmt: skip
    """Carry the tracks `which` (N,) to `to_s`, and fill what `station` is to see of them.

    Shapes: means (T, K, 7), covs (T, K, 7, 7), weights (T, K), clocks (T, 1); filled: seen (N, K, PARTS) and
    spread (N, K, PARTS, PARTS) by mode, middle (N, PARTS) and wide (N, PARTS, PARTS) of all, and missed (N,),
    the logarithm of the chance that what is in view is not detected, or not in its gate. The covariances are
    without the error of measuring.
    """
    for i in range(which.shape[0]):
        t = which[i]
        _carry(means[t], covs[t], weights[t], clocks[t], modes, rates, to_s, mixed, room)
        for j in range(modes.shape[0]):
            ekf.innovation(means[t, j], covs[t, j], station, room, seen[i, j], spread[i, j])
        _between(seen[i], spread[i], weights[t], chances, middle[i], wide[i])
        total = 0.0
        for j in range(modes.shape[0]):
            total += weights[t, j] * (1.0 - chances[j] * inside)
        missed[i] = math.log(total)


@lean_inlined
def _log_density(row: Floats, seen: Floats, spread: Floats, room: Floats) -> float:
    """The logarithm of how likely a mode makes `row`; NaN where its covariance is none."""
    size = 0
    matrix, lower, left, solved = room[0], room[1], room[2, 0], room[2, 1]
    for a in range(PARTS):
        if not row[ERROR + a] < np.inf:
            continue
        off = row[RANGE + a] - seen[a]
        left[size] = wrapped(off) if a == 1 or a == 2 else off
        other = 0
        for b in range(a + 1):
            if row[ERROR + b] < np.inf:
                matrix[size, other] = spread[a, b]
                other += 1
        matrix[size, size] += row[ERROR + a] * row[ERROR + a]
        size += 1
    log_determinant = factor(matrix, size, lower)
    return -0.5 * (square_of(lower, size, left, solved) + log_determinant + size * ekf.LOG_2_PI)


@lean_kernel
def score(
    first: Ints, detection: Ints, rows: Floats, log_thin: Floats, which: Ints, weights: Floats, seen: Floats,
    spread: Floats, chances: Floats, missed: Floats, room: Floats, out: Floats,
) -> None:  # fmt: skip
    """The logarithm of each link's likelihood over that of none, as `tracking.association` has it.

    Links of the tracks `which` (N,) with rows (D, ROW_COLUMNS), as `kernels.gate` gives them; log_thin (D,)
    is the logarithm of the density of false and new detections; missed as `look` fills it. Fills out (E,);
    minus infinity for a link that cannot be.
    """
    for i in range(which.shape[0]):
        t = which[i]
        for e in range(first[i], first[i + 1]):
            row = rows[detection[e]]
            total = 0.0
            for j in range(chances.shape[0]):
                log = _log_density(row, seen[i, j], spread[i, j], room) - log_thin[detection[e]]
                if log > -700.0:
                    total += weights[t, j] * chances[j] * math.exp(min(log, 600.0))
            out[e] = math.log(total) - missed[i] if total > 0.0 else -np.inf


@lean_inlined
def _copy(means: Floats, covs: Floats, to_means: Floats, to_covs: Floats) -> None:
    for j in range(means.shape[0]):
        for a in range(STATES):
            to_means[j, a] = means[j, a]
            for b in range(STATES):
                to_covs[j, a, b] = covs[j, a, b]


@lean_inlined
def _is_curved(cov: Floats, row: Floats) -> bool:
    """Whether a place is so wide that the range's error, taken as linear, counts; so for angles alone."""
    wide = cov[0, 0] + cov[1, 1] + cov[2, 2]
    if row[ERROR] < np.inf:
        return bool(wide > 2.0 * CURVED * row[ERROR] * abs(row[RANGE]))
    return bool(wide > WIDE_M * WIDE_M)


@lean_kernel
def _correct(mean: Floats, cov: Floats, row: Floats, station: Floats, room: Floats, kept: Floats) -> float:
    """Take in a row, again from where it led to if the view is curved: the log-likelihood. `kept` (9, 7)."""
    if not _is_curved(cov, row):
        return ekf.correct(mean, cov, row, station, room)[1]
    for a in range(STATES):
        kept[STATES, a] = mean[a]
        for b in range(STATES):
            kept[a, b] = cov[a, b]
    likely = ekf.correct(mean, cov, row, station, room)[1]
    for _ in range(SETTLE_ROUNDS):
        for a in range(STATES):
            kept[STATES + 1, a] = mean[a]
            mean[a] = kept[STATES, a]
            for b in range(STATES):
                cov[a, b] = kept[a, b]
        ekf.correct_about(mean, cov, row, station, kept[STATES + 1], room)
    return likely


@lean_kernel
def _settle(
    means: Floats, covs: Floats, weights: Floats, row: Floats, station: Floats, chances: Floats,
    mixed: Floats, room: Floats,
) -> None:  # fmt: skip
    """Take in `row` by all modes, and weigh them by it."""
    count = means.shape[0]
    likely = mixed[count, 0]
    for j in range(count):
        likely[j] = _correct(means[j], covs[j], row, station, room, mixed[count + 1])
        likely[j] += math.log(chances[j])
    weigh(weights, likely)


@lean_inlined
def _miss(weights: Floats, chances: Floats, inside: float) -> None:
    """Weigh the modes by not having been detected."""
    total = 0.0
    for j in range(weights.shape[0]):
        weights[j] = max(weights[j] * (1.0 - chances[j] * inside), LEAST)
        total += weights[j]
    for j in range(weights.shape[0]):
        weights[j] /= total


@lean_kernel
def take_in(
    which: Ints, taken: Ints, looked: Flags, rows: Floats, means: Floats, covs: Floats, weights: Floats,
    station: Floats, chances: Floats, inside: float, mixed: Floats, room: Floats,
) -> None:  # fmt: skip
    """Update the tracks `which` (N,), which `look` carried, each by its detection `taken` (N,), -1 for none.

    `looked` (N,) where the station would have seen the track: there none is a miss. `mixed` is `mixed_room`.
    """
    for i in range(which.shape[0]):
        t = which[i]
        if taken[i] >= 0:
            _settle(means[t], covs[t], weights[t], rows[taken[i]], station, chances, mixed, room)
        elif looked[i]:
            _miss(weights[t], chances, inside)


@lean_inlined
def _add(
    share: float, means: Floats, covs: Floats, weights: Floats, centre: Floats, mean: Floats, second: Floats,
    total: Floats,
) -> None:  # fmt: skip
    """Add a hypothesis to the sums over hypotheses, by mode and about `centre`."""
    for j in range(means.shape[0]):
        part = share * weights[j]
        total[j] += part
        for a in range(STATES):
            off = means[j, a] - centre[j, a]
            mean[j, a] += part * off
            for b in range(a + 1):
                second[j, a, b] += part * (covs[j, a, b] + off * (means[j, b] - centre[j, b]))


@lean_inlined
def _join(
    centre: Floats, mean: Floats, second: Floats, total: Floats, means: Floats, covs: Floats, weights: Floats
) -> None:
    """Means, covariances and weights from the sums of `_add`."""
    whole = 0.0
    for j in range(means.shape[0]):
        whole += max(total[j], LEAST)
    for j in range(means.shape[0]):
        weights[j] = max(total[j], LEAST) / whole
        if not total[j] > 0.0:
            continue
        for a in range(STATES):
            mean[j, a] /= total[j]
            means[j, a] = centre[j, a] + mean[j, a]
        for a in range(STATES):
            for b in range(a + 1):
                covs[j, a, b] = second[j, a, b] / total[j] - mean[j, a] * mean[j, b]
                covs[j, b, a] = covs[j, a, b]


@lean_kernel
def take_in_shares(
    which: Ints, first: Ints, detection: Ints, chance: Floats, none: Floats, looked: Flags, rows: Floats,
    means: Floats, covs: Floats, weights: Floats, station: Floats, chances: Floats, inside: float,
    mixed: Floats, room: Floats, sums: Floats,
) -> None:  # fmt: skip
    """Update the tracks `which` by all their links, each by the `chance` (E,) that it is theirs.

    `none` (N,) is the chance of none. A hypothesis is an update of its own, and those of a mode are joined by
    their moments. `sums` is `sums_room`. Links as `kernels.gate` gives them.
    """
    count = chances.shape[0]
    second, one_cov = sums[:count], sums[count : 2 * count]
    mean, one_mean, centre = sums[2 * count, :count], sums[2 * count + 1, :count], sums[2 * count + 2, :count]
    total, weight = sums[2 * count + 3, 0, :count], sums[2 * count + 3, 1, :count]
    for i in range(which.shape[0]):
        t = which[i]
        if first[i] == first[i + 1]:
            if looked[i]:
                _miss(weights[t], chances, inside)
            continue
        _copy(means[t], covs[t], centre, one_cov)
        for j in range(count):
            total[j] = 0.0
            weight[j] = weights[t, j]
            for a in range(STATES):
                mean[j, a] = 0.0
                for b in range(STATES):
                    second[j, a, b] = 0.0
        if looked[i]:
            _miss(weight, chances, inside)
        _add(none[i], centre, one_cov, weight, centre, mean, second, total)
        for e in range(first[i], first[i + 1]):
            if not chance[e] > 1e-9:
                continue
            _copy(means[t], covs[t], one_mean, one_cov)
            for j in range(count):
                weight[j] = weights[t, j]
            _settle(one_mean, one_cov, weight, rows[detection[e]], station, chances, mixed, room)
            _add(chance[e], one_mean, one_cov, weight, centre, mean, second, total)
        _join(centre, mean, second, total, means[t], covs[t], weights[t])


@lean_kernel
def over(
    means: Floats,
    covs: Floats,
    weights: Floats,
    widest_m: float,
    deep_m: float,
    falling_mps: float,
    out: Flags,
) -> None:
    """Which tracks (T,) are over whatever is seen: wider than `widest_m`, come down, or no numbers.

    Down is below `deep_m`, or below the ellipsoid and rising by less than `falling_mps`.
    """
    for t in range(means.shape[0]):
        sound, best = True, 0
        for j in range(weights.shape[1]):
            sound &= weights[t, j] >= 0.0
            if weights[t, j] > weights[t, best]:
                best = j
            for a in range(STATES):
                sound &= abs(means[t, j, a]) < np.inf
                sound &= covs[t, j, a, a] > 0.0
                for b in range(STATES):
                    sound &= abs(covs[t, j, a, b]) < np.inf
        out[t] = True
        if not sound:
            continue
        mean, cov = means[t, best], covs[t, best]
        if not cov[0, 0] + cov[1, 1] + cov[2, 2] <= widest_m * widest_m:
            continue
        square = mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]
        height = quick_height_of(mean) if square > 1e12 else -np.inf
        if height < 0.0:
            rise = (mean[0] * mean[3] + mean[1] * mean[4] + mean[2] * mean[5]) / math.sqrt(max(square, 1.0))
            out[t] = height < deep_m or rise < falling_mps
        else:
            out[t] = False


def mixed_room(modes: int) -> Floats:
    """The working array that kernels here call `mixed`; at most seven modes."""
    return np.zeros((modes + 2, STATES + 2, STATES))


def sums_room(modes: int) -> Floats:
    """The working array of `take_in_shares`."""
    return np.zeros((2 * modes + 4, STATES, STATES))
