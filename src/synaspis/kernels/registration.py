"""What looks at a missile in free flight tell of a station's offsets in range and angles, and of its state.

Free flight is deterministic, so all looks at one missile hang on one state: six numbers at one time. Least
squares over that state and the offsets of the stations at once: the state is integrated out (Schur
complement), and what is left adds over missiles. The transition is that of the motion itself, by central
differences. Source: Lin, Bar-Shalom and Kirubarajan, Exact multisensor dynamic bias estimation with local
tracks, IEEE Trans. Aerospace and Electronic Systems 40 (2004), 576 (the problem); Triggs and others, Bundle
adjustment, a modern synthesis, 2000, section 6 (the structure).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import motion
from synaspis.kernels.ekf import usable
from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.sight import ERROR, PARTS, RANGE, TIME, expect_slopes, wrapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STATE = 6
OFFSETS = 3
"""Range and two angles, in the order of `sight`."""
STEP = (10.0, 10.0, 10.0, 0.01, 0.01, 0.01)
"""m and m/s by which the state is moved to find the transition."""


@inlined
def _spread_out(mean: Floats, out: Floats) -> None:
    """`out` (13, 7): the state, and each of its six numbers a step up and a step down."""
    for i in range(1 + 2 * STATE):
        out[i, :] = mean
    for j in range(STATE):
        out[1 + 2 * j, j] += STEP[j]
        out[2 + 2 * j, j] -= STEP[j]


@inlined
def _add_look(row: Floats, sight: Floats, states: Floats, offset: Floats, s: int, out: Floats) -> float:
    """Add one row to the normal equations `out` (6 + 3 S, 7 + 3 S), the last column their right side.

    The square of what is left of the row, in its own errors.
    """
    seen, by = np.empty(PARTS), np.zeros((PARTS, motion.STATES))
    expect_slopes(states[0], sight, seen, by)
    for part in range(PARTS - 1):
        by[part, OFFSETS:] = 0.0
    slope, last = np.zeros(STATE), out.shape[1] - 1
    total = 0.0
    for part in range(PARTS):
        if not row[ERROR + part] < np.inf:
            continue
        left = row[RANGE + part] - seen[part]
        own = STATE + OFFSETS * s + part if s >= 0 and part < OFFSETS else -1
        if own >= 0:
            left -= offset[part]
        if part in (1, 2):
            left = wrapped(left)
        for j in range(STATE):
            slope[j] = 0.0
            for i in range(STATE):
                up, down = states[1 + 2 * j, i], states[2 + 2 * j, i]
                slope[j] += by[part, i] * (up - down) / (2.0 * STEP[j])
        weight = 1.0 / (row[ERROR + part] * row[ERROR + part])
        total += weight * left * left
        for j in range(STATE):
            for i in range(STATE):
                out[j, i] += weight * slope[j] * slope[i]
            out[j, last] += weight * slope[j] * left
            if own >= 0:
                out[j, own] += weight * slope[j]
                out[own, j] += weight * slope[j]
        if own >= 0:
            out[own, own] += weight
            out[own, last] += weight * left
    return total


@kernel
def gather(
    mean: Floats, time_s: float, mode: Floats, rows: Floats, sights: Floats, station: Ints, offsets: Floats,
    order: Ints, out: Floats,
) -> tuple[float, int]:  # fmt: skip
    """Add what rows tell of one missile's state `mean` (7,) at `time_s` and of `offsets` (S, 3) to `out`.

    Shapes: rows (M, ROW_COLUMNS), sights (M, STATION_COLUMNS) of their moments, station (M,) the row in
    offsets, negative for a station that is taken to have none; `order` (M,) rows by rising distance in time
    from `time_s`, as the motion is followed from there both ways. `out` (6 + 3 S, 7 + 3 S): the normal
    equations about `mean` and `offsets`, their right side last. Rows that are not usable are left out.
    Returns the sum of squares of what is left, in errors, and how many numbers were counted.
    """
    before, after = np.empty((1 + 2 * STATE, motion.STATES)), np.empty((1 + 2 * STATE, motion.STATES))
    _spread_out(mean, before)
    _spread_out(mean, after)
    early_s, late_s = time_s, time_s
    room = np.zeros(motion.ROOM)
    total, count = 0.0, 0
    for k in range(order.shape[0]):
        row = rows[order[k]]
        if not (usable(row) and np.isfinite(row[TIME])):
            continue
        forward = row[TIME] >= time_s
        states = after if forward else before
        step_s = row[TIME] - (late_s if forward else early_s)
        if step_s != 0.0:
            for i in range(1 + 2 * STATE):
                motion.move(states[i], mode, step_s, room)
        if forward:
            late_s = row[TIME]
        else:
            early_s = row[TIME]
        s = station[order[k]]
        total += _add_look(row, sights[order[k]], states, offsets[max(s, 0)], s, out)
        for part in range(PARTS):
            count += row[ERROR + part] < np.inf
    return total, count
