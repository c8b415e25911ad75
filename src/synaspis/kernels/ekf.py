"""The extended Kalman filter of one missile or of many: the same code, one update a call or all in one.

The parts of a measurement have independent errors, so they are taken in one after another, each by one
division, all from slopes at the predicted state: that is the joint update, without a matrix to invert.

Arrays belong to the caller and are changed in place: mean (7,), cov (7, 7), and `clock` (1,) the time of the
state, s. Nothing is made, so that one call from Python costs little more than its arithmetic.
Source: Bar-Shalom, Li and Kirubarajan, Estimation with Applications to Tracking and Navigation (2001),
section 10.3; sequential updating, section 5.2.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import motion
from synaspis.kernels.jit import fma, lean_inlined, lean_kernel
from synaspis.kernels.lanes import fma_lanes, load, store, times
from synaspis.kernels.motion import STATES
from synaspis.kernels.sight import (
    ERROR,
    FIRST_ANGLE,
    PARTS,
    RANGE,
    SECOND_ANGLE,
    TIME,
    expect_slopes,
    wrapped,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Told = tuple[float, float]

SLOPES, GAINS = 5, 6
ROOM = (7, STATES, STATES)
"""Shape of the working array: that of `motion`, the slopes of sight, and vectors."""
LOG_2_PI = math.log(2.0 * math.pi)


@lean_inlined
def usable(row: Floats) -> bool:
    """Whether a row has a part that is measured, and no error that is 0 or below, or not a number."""
    some = False
    for part in range(PARTS):
        error = row[ERROR + part]
        if not error > 0.0:
            return False
        if error < np.inf:
            some = True
            if not abs(row[RANGE + part]) < np.inf:
                return False
    return some


@lean_inlined
def _take_in(
    mean: Floats, cov: Floats, h: Floats, wide: int, left: float, error: float, gain: Floats
) -> float:
    """Take in one number that is `left` from what the mean says; its variance before. `h` (>= wide,)."""
    for i in range(STATES):
        total = cov[i, 0] * h[0]
        for j in range(1, wide):
            total = fma(cov[i, j], h[j], total)
        gain[i] = total
    variance = error * error
    for j in range(wide):
        variance = fma(gain[j], h[j], variance)
    per = 1.0 / variance
    for i in range(STATES):
        share = gain[i] * per
        mean[i] = fma(share, left, mean[i])
        for j in range(i, STATES):
            cov[i, j] = fma(-share, gain[j], cov[i, j])
            cov[j, i] = cov[i, j]
    return variance


@lean_kernel
def correct_about(
    mean: Floats, cov: Floats, row: Floats, station: Floats, about: Floats, room: Floats
) -> Told:
    """`correct`, from slopes at the state `about` (7,) in place of the mean.

    At a better state than the mean this is a step of the iterated filter.
    """
    by, seen, gain = room[SLOPES], room[GAINS, 0], room[GAINS, 2]
    expect_slopes(about, station, seen, by)
    square, likely = 0.0, 0.0
    for part in range(PARTS):
        error = row[ERROR + part]
        if not error < np.inf:
            continue
        left = row[RANGE + part] - seen[part]
        if part == FIRST_ANGLE - RANGE or part == SECOND_ANGLE - RANGE:
            left = wrapped(left)
        wide = 6 if part == PARTS - 1 else 3
        for j in range(wide):
            left = fma(by[part, j], about[j] - mean[j], left)
        variance = _take_in(mean, cov, by[part], wide, left, error, gain)
        square += left * left / variance
        likely -= 0.5 * (left * left / variance + LOG_2_PI + math.log(variance))
    return square, likely


@lean_kernel
def correct(mean: Floats, cov: Floats, row: Floats, station: Floats, room: Floats) -> Told:
    """Take in `row`, measured at the time of `mean`: (normalised innovation squared, log-likelihood).

    `row`, `station` as in `sight`; `room` of shape ROOM.
    """
    start = room[GAINS, 1]
    for c in range(STATES):
        start[c] = mean[c]
    return correct_about(mean, cov, row, station, start, room)


@lean_kernel
def update(
    mean: Floats, cov: Floats, clock: Floats, mode: Floats, row: Floats, station: Floats, room: Floats
) -> Told:
    """Carry the state to the time of `row` and take it in: (normalised innovation squared, log-likelihood).

    NaN, and nothing is touched, where the row is unusable or older than the state.
    """
    dt_s = row[TIME] - clock[0]
    if not (dt_s >= 0.0 and dt_s < np.inf and usable(row)):
        return np.nan, np.nan
    motion.predict(mean, cov, mode, dt_s, room)
    clock[0] = row[TIME]
    return correct(mean, cov, row, station, room)


@lean_kernel
def update_all(
    means: Floats, covs: Floats, clocks: Floats, mode: Floats, rows: Floats, station: Ints, stations: Floats,
    room: Floats, told: Floats,
) -> None:  # fmt: skip
    """`update` of T tracks by M measurements each, in order; threads may run it on chunks of tracks at once.

    Shapes: means (T, 7), covs (T, 7, 7), clocks (T, 1), rows (T, M, ROW_COLUMNS), station (T, M) the row in
    stations (S, STATION_COLUMNS), negative for no measurement. Fills told (T, M, 2) as `update` returns.
    """
    for t in range(means.shape[0]):
        for m in range(rows.shape[1]):
            if station[t, m] >= 0:
                told[t, m, 0], told[t, m, 1] = update(
                    means[t], covs[t], clocks[t], mode, rows[t, m], stations[station[t, m]], room
                )


@lean_kernel
def innovation(
    mean: Floats, cov: Floats, station: Floats, room: Floats, seen: Floats, spread: Floats
) -> None:
    """What `station` is to measure of a state, `seen` (PARTS,), and the covariance of that, `spread` (4, 4).

    Without the error of measuring: gates add it.
    """
    by, through = room[SLOPES], room[GAINS]
    expect_slopes(mean, station, seen, by)
    for a in range(PARTS):
        wide = 6 if a == PARTS - 1 else 3
        row = times(by[a, 0], load(cov[0]))
        for j in range(1, wide):
            row = fma_lanes(by[a, j], load(cov[j]), row)
        store(through[a], row)
        for b in range(a + 1):
            wide = 6 if b == PARTS - 1 else 3
            total = through[a, 0] * by[b, 0]
            for i in range(1, wide):
                total = fma(through[a, i], by[b, i], total)
            spread[a, b] = total
            spread[b, a] = total
