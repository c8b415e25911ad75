"""Whether a satellite can be where each of its rows says: its other rows tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

FASTEST_MPS = 12_000.0
"""Over the ground: more than what falls from far out has where it comes lowest."""
SLACK_M = 10e3
"""Places are rounded, and times."""
NEIGHBOURS = 8
"""Looks on either side that a look is held against."""
LEAST_LOOKS = 3
"""Of two that contradict each other neither is the likelier one."""


def out_of_reach(times: Floats, places: Floats) -> tuple[Mask, Mask]:
    """Which rows of one satellite say that it was where it cannot have been: (N,) each.

    `times` (N,) s, `places` (N, 3) m, ECEF. The first are right with one coordinate times or over a thousand;
    the second are not. Wrong is a look from which fewer than half of the looks around it can be reached.
    """
    looks, of = np.unique(np.column_stack([times, places]), axis=0, return_inverse=True)
    of = of.ravel()
    count = len(looks)
    if count < LEAST_LOOKS:
        return np.zeros_like(times, dtype=bool), np.zeros_like(times, dtype=bool)
    around, reached = np.zeros((2, count), np.int64)
    for step in range(1, min(NEIGHBOURS, count - 1) + 1):
        meets = _meet(looks[step:], looks[:-step])
        for side in (slice(step, None), slice(None, -step)):
            around[side] += 1
            reached[side] += meets
    bad = 2 * reached < around
    units = bad.copy()
    units[bad] = _by_a_thousand(looks[bad], looks[~bad])
    return units[of], (bad & ~units)[of]


def _meet(one: Floats, two: Floats) -> Mask:
    """Whether a satellite can be at both, rows of time and place."""
    apart = np.sqrt(((one[:, 1:] - two[:, 1:]) ** 2).sum(axis=1))
    found: Mask = apart <= FASTEST_MPS * np.abs(one[:, 0] - two[:, 0]) + SLACK_M
    return found


def _by_a_thousand(bad: Floats, good: Floats) -> Mask:
    """Which rows are where the next good one can be reached, but for the unit of one coordinate."""
    found = np.zeros(len(bad), dtype=bool)
    if not len(good):
        return found
    after = np.clip(np.searchsorted(good[:, 0], bad[:, 0]), 1, max(len(good) - 1, 1))
    before = np.abs(good[after - 1, 0] - bad[:, 0])
    near = np.minimum(after, len(good) - 1)
    near = np.where(before <= np.abs(good[near, 0] - bad[:, 0]), after - 1, near)
    for axis in (1, 2, 3):
        for factor in (1e-3, 1e3):
            right = bad.copy()
            right[:, axis] *= factor
            found |= _meet(right, good[near])
    return found
