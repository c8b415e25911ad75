"""The unscented Kalman filter of one missile or of many: no derivative, two points along each axis.

The points are those of the third-degree cubature rule, the unscented transform with kappa 0: 14 of equal
weight, none of them negative, so that a covariance stays one. They fly together in the vector code of
`flight`. Sources: Julier and Uhlmann, Unscented filtering and nonlinear estimation, Proc. IEEE 92 (2004),
401; Arasaratnam and Haykin, Cubature Kalman filters, IEEE Trans. Automatic Control 54 (2009), 1254.

Arrays and calls are those of `ekf`, but for the working array.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import motion
from synaspis.kernels.earth import J2, ROTATION_RADPS
from synaspis.kernels.ekf import LOG_2_PI, usable
from synaspis.kernels.flight import advance_lanes
from synaspis.kernels.jit import fma, inlined, kernel
from synaspis.kernels.motion import KIND, SEVENTH, STATES, THRUST
from synaspis.kernels.sight import ERROR, PARTS, RANGE, TIME, expect, wrapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Told = tuple[float, float]

POINTS = 2 * STATES
WIDTH = 16  # whole registers: the two lanes left over fly the first point again
REACH = math.sqrt(STATES)
BLOCK, SPARE, FACTOR, SIGHT, PIECES = range(5)
ROOM = (5, STATES + 1, WIDTH)
"""Shape of the working array."""


@inlined
def _cholesky(cov: Floats, out: Floats) -> None:
    """Lower factor of `cov` (7, 7); a direction without variance gets none."""
    for j in range(STATES):
        for i in range(j, STATES):
            total = cov[i, j]
            for k in range(j):
                total = fma(-out[i, k], out[j, k], total)
            if i == j:
                out[j, j] = math.sqrt(max(total, 0.0))
            else:
                out[i, j] = total / out[j, j] if out[j, j] > 0.0 else 0.0


@inlined
def _draw(mean: Floats, cov: Floats, factor: Floats, points: Floats) -> None:
    """Fill `points` (7, POINTS) about the mean, two for each column of the factor."""
    _cholesky(cov, factor)
    for c in range(STATES):
        for i in range(STATES):
            far = REACH * factor[i, c] if i >= c else 0.0
            points[i, 2 * c] = mean[i] + far
            points[i, 2 * c + 1] = mean[i] - far


@inlined
def _fly(points: Floats, mean: Floats, kind: float, dt_s: float, room: Floats) -> None:
    """Move all points by `dt_s`, in steps as the mean asks."""
    steps = motion.steps_for(mean, kind, dt_s)
    h = dt_s / steps
    state, middle = room[PIECES, 0], room[PIECES, 1]
    if kind == THRUST:
        for p in range(POINTS):
            for c in range(STATES):
                state[c] = points[c, p]
            for _ in range(steps):
                motion.thrust_step(state, h, middle)
            for c in range(STATES):
                points[c, p] = state[c]
        return
    sevenths = room[SPARE, 0]
    for p in range(WIDTH):
        q = p if p < POINTS else 0
        sevenths[p] = points[SEVENTH, q]
        for c in range(SEVENTH):
            points[c, p] = points[c, q]
        for c in range(STATES):
            state[c] = points[c, p]
        state[SEVENTH] = sevenths[p]
        points[SEVENTH, p] = motion.inverse_beta(state, kind)
    advance_lanes(points, WIDTH, h, steps, ROTATION_RADPS, J2)
    for p in range(POINTS):
        points[SEVENTH, p] = sevenths[p]


@inlined
def _gather(points: Floats, mean: Floats, cov: Floats) -> None:
    """Mean and covariance of the points; these become their differences from the mean."""
    for i in range(STATES):
        total = 0.0
        for p in range(POINTS):
            total += points[i, p] - points[i, 0]
        mean[i] = points[i, 0] + total / POINTS
        for p in range(POINTS):
            points[i, p] -= mean[i]
    for i in range(STATES):
        for j in range(i, STATES):
            total = 0.0
            for p in range(POINTS):
                total = fma(points[i, p], points[j, p], total)
            cov[i, j] = total / POINTS
            cov[j, i] = cov[i, j]


@kernel
def predict(mean: Floats, cov: Floats, mode: Floats, dt_s: float, room: Floats) -> None:
    """Carry `mean` (7,) and `cov` (7, 7) forward by `dt_s` in place: nothing at 0. `room` of shape ROOM."""
    if not dt_s > 0.0:
        return
    points = room[BLOCK]
    _draw(mean, cov, room[FACTOR], points)
    _fly(points, mean, mode[KIND], dt_s, room)
    _gather(points, mean, cov)
    motion.add_noise(cov, mean, mode, dt_s)


@inlined
def _look(mean: Floats, cov: Floats, row: Floats, station: Floats, room: Floats) -> int:
    """Points about the mean, what the station would see of them: how many parts the row has.

    `room[SIGHT, k]` gets part k of the row as seen of each point, less its mean over them; column POINTS
    what is left of the measurement, POINTS + 1 its error.
    """
    points, sight = room[BLOCK], room[SIGHT]
    state, seen, centre = room[PIECES, 0], room[PIECES, 1], room[PIECES, 2]
    _draw(mean, cov, room[FACTOR], points)
    expect(mean, station, centre)
    for p in range(POINTS):
        for c in range(STATES):
            state[c] = points[c, p]
            points[c, p] -= mean[c]
        expect(state, station, seen)
        for part in range(PARTS):
            off = seen[part] - centre[part]
            room[SPARE, part, p] = wrapped(off) if part == 1 or part == 2 else off
    count = 0
    for part in range(PARTS):
        if not row[ERROR + part] < np.inf:
            continue
        total = 0.0
        for p in range(POINTS):
            total += room[SPARE, part, p]
        total /= POINTS
        for p in range(POINTS):
            sight[count, p] = room[SPARE, part, p] - total
        left = row[RANGE + part] - centre[part] - total
        sight[count, POINTS] = wrapped(left) if part == 1 or part == 2 else left
        sight[count, POINTS + 1] = row[ERROR + part]
        count += 1
    return count


@inlined
def _whiten(count: int, room: Floats) -> tuple[float, float]:
    """Factor the innovation's covariance: its factor in `room[FACTOR]`, what is left in its units.

    Column POINTS of `room[SIGHT]` is solved by the factor. Returns the square of that and the log-likelihood.
    """
    sight, factor = room[SIGHT], room[FACTOR]
    square, likely = 0.0, 0.0
    for a in range(count):
        for b in range(a + 1):
            total = 0.0
            for p in range(POINTS):
                total = fma(sight[a, p], sight[b, p], total)
            total /= POINTS
            if a == b:
                total = fma(sight[a, POINTS + 1], sight[a, POINTS + 1], total)
            for k in range(b):
                total = fma(-factor[a, k], factor[b, k], total)
            factor[a, b] = math.sqrt(total) if a == b else total / factor[b, b]
        left = sight[a, POINTS]
        for k in range(a):
            left = fma(-factor[a, k], sight[k, POINTS], left)
        left /= factor[a, a]
        sight[a, POINTS] = left
        square += left * left
        likely -= 0.5 * (left * left + LOG_2_PI) + math.log(factor[a, a])
    return square, likely


@kernel
def correct(mean: Floats, cov: Floats, row: Floats, station: Floats, room: Floats) -> Told:
    """Take in `row`, measured at the time of `mean`: (normalised innovation squared, log-likelihood)."""
    count = _look(mean, cov, row, station, room)
    square, likely = _whiten(count, room)
    points, sight, factor, gain = room[BLOCK], room[SIGHT], room[FACTOR], room[PIECES]
    for a in range(count):
        for i in range(STATES):
            total = 0.0
            for p in range(POINTS):
                total = fma(points[i, p], sight[a, p], total)
            total /= POINTS
            for k in range(a):
                total = fma(-factor[a, k], gain[k, i], total)
            gain[a, i] = total / factor[a, a]
    for a in range(count):
        for i in range(STATES):
            mean[i] = fma(gain[a, i], sight[a, POINTS], mean[i])
            for j in range(i, STATES):
                cov[i, j] = fma(-gain[a, i], gain[a, j], cov[i, j])
                cov[j, i] = cov[i, j]
    return square, likely


@kernel
def update(
    mean: Floats, cov: Floats, clock: Floats, mode: Floats, row: Floats, station: Floats, room: Floats
) -> Told:
    """Carry the state to the time of `row` and take it in: as `ekf.update`."""
    dt_s = row[TIME] - clock[0]
    if not (dt_s >= 0.0 and dt_s < np.inf and usable(row)):
        return np.nan, np.nan
    predict(mean, cov, mode, dt_s, room)
    clock[0] = row[TIME]
    return correct(mean, cov, row, station, room)


@kernel
def update_all(
    means: Floats, covs: Floats, clocks: Floats, mode: Floats, rows: Floats, station: Ints, stations: Floats,
    room: Floats, told: Floats,
) -> None:  # fmt: skip
    """`update` of T tracks by M measurements each: as `ekf.update_all`."""
    for t in range(means.shape[0]):
        for m in range(rows.shape[1]):
            if station[t, m] >= 0:
                told[t, m, 0], told[t, m, 1] = update(
                    means[t], covs[t], clocks[t], mode, rows[t, m], stations[station[t, m]], room
                )
