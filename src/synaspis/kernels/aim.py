"""Joins a launch site and a place by a trajectory of a given class and shape.

What is found here (azimuth, loft, cut-off) is an inner unknown: it stays inside the kernels, and
only the flight that it gives is handed on.

Shapes. `minimum-energy` takes the loft with the earliest cut-off forecast, that is the least propellant.
`lofted` and `depressed` move that loft a fixed part of the way to the vertical and to the level;
where the class has not the propellant for it, they move it as far as the class can.

The forecast falls in vacuum. A short, hard burn ends low in the air, which then decides: such a missile may
fall far short at the forecast's loft and get there at a steeper one. So where no flight near that loft ends
at the target, lofts are tried from it towards that of the farthest flight in air.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.boost import burn_time_s
from synaspis.kernels.earth import MEAN_RADIUS_M, to_ecef
from synaspis.kernels.flight import copy_state
from synaspis.kernels.forecast import TRACE, bearing, best_loft, forecast
from synaspis.kernels.geodesic import geodesic
from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.reach import farthest_loft, fly_once, launch_state, reach_m

Floats = NDArray[np.float64]

MINIMUM_ENERGY, LOFTED, DEPRESSED = 0, 1, 2
LOFTED_PART = 0.5
DEPRESSED_PART = 0.4

AZIMUTH, LOFT, CUTOFF, IMPACT, CLOSURE, REACH = 0, 1, 2, 3, 4, 5
"""Entries of what `aim` finds. REACH is NaN where the missile gets there, the others where not."""

_TRIES = 25
_CLOSE_ENOUGH_M = 5.0
_ACCEPTED_M = 50.0
# Shares of the way to the wanted shape that are tried in turn.
_PARTS = np.array([1.0, 0.85, 0.7, 0.5, 0.3, 0.15, 0.0])
# Shares of the way from the forecast's loft to the one that flies farthest in air, tried where air decides.
_STEEPER = np.array([0.25, 0.5, 0.75, 1.0])


@inlined
def _wrapped(angle: float) -> float:
    return angle - 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)


@kernel
def _miss(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    target: Floats,
    goal: Floats,
    floor_m: float,
    spin: Floats,
    found: Floats,
) -> tuple[float, float]:
    """Miss along and across, metres, of the flight that `found` describes; its time and miss go there."""
    state = np.empty(6)
    copy_state(state, start)
    found[IMPACT] = fly_once(
        state, frame, stages, body, found[AZIMUTH], found[LOFT], found[CUTOFF], floor_m, spin,
        1.0, np.inf, np.empty((0, 6)),
    )  # fmt: skip
    if not found[IMPACT] > 0.0:
        return np.nan, np.nan
    angle, azimuth = bearing(start, frame, state)
    x, y, z = state[0] - target[0], state[1] - target[1], state[2] - target[2]
    found[CLOSURE] = math.sqrt(x * x + y * y + z * z)
    return (angle - goal[0]) * MEAN_RADIUS_M, _wrapped(azimuth - goal[1]) * MEAN_RADIUS_M * math.sin(goal[0])


@kernel
def _close(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    target: Floats,
    goal: Floats,
    floor_m: float,
    spin: Floats,
    slope: float,
    found: Floats,
) -> bool:
    """Improve `found` (azimuth, cut-off) at its loft until the flight ends at `target`; did it?

    Broyden's method in metres on the ground: `slope` (rad/s) turns cut-off into metres along.
    Source: Dennis & Schnabel, Numerical Methods for Unconstrained Optimization (1983), chapter 8.
    """
    total = burn_time_s(stages)
    along_scale = 1.0 / (MEAN_RADIUS_M * slope)
    cross_scale = 1.0 / (MEAN_RADIUS_M * math.sin(goal[0]))
    a, b, c, d = 1.0, 0.0, 0.0, 1.0  # inverse Jacobian
    along, cross = _miss(start, frame, stages, body, target, goal, floor_m, spin, found)
    for _ in range(_TRIES):
        if math.isnan(along) or found[CLOSURE] < _CLOSE_ENOUGH_M:
            break
        if found[CUTOFF] >= total and along < -_ACCEPTED_M:
            break
        seconds = -(a * along + b * cross) * along_scale
        seconds = min(0.2 * total, max(-0.2 * total, seconds))
        seconds = min(total, max(0.02 * total, found[CUTOFF] + seconds)) - found[CUTOFF]
        radians = min(0.4, max(-0.4, -(c * along + d * cross) * cross_scale))
        found[CUTOFF] += seconds
        found[AZIMUTH] += radians
        p, q = seconds / along_scale, radians / cross_scale
        along0, cross0 = along, cross
        along, cross = _miss(start, frame, stages, body, target, goal, floor_m, spin, found)
        u = a * (along - along0) + b * (cross - cross0)
        v = c * (along - along0) + d * (cross - cross0)
        bottom = p * u + q * v
        if abs(bottom) > 1e-3 * (p * p + q * q):  # a step that taught nothing would spoil the slope
            r, t = p * a + q * c, p * b + q * d
            a, b = a + (p - u) * r / bottom, b + (p - u) * t / bottom
            c, d = c + (q - v) * r / bottom, d + (q - v) * t / bottom
    return found[CLOSURE] < _ACCEPTED_M


@kernel
def _shaped_loft(loft: float, shape: int, part: float) -> float:
    """The loft of `shape`, `part` (0 to 1) of its way from the minimum-energy one."""
    if shape == LOFTED:
        return loft + part * LOFTED_PART * (0.5 * math.pi - loft)
    if shape == DEPRESSED:
        return loft * (1.0 - part * DEPRESSED_PART)
    return loft


@kernel
def _try(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    target: Floats,
    goal: Floats,
    floor_m: float,
    spin: Floats,
    loft: float,
    rows: Floats,
    found: Floats,
) -> bool:
    """Fill `found` for one loft, from the forecast for it; does it get to the target?"""
    point = np.empty(3)
    total = burn_time_s(stages)
    found[AZIMUTH], found[LOFT] = goal[1], loft
    found[CUTOFF], slope, farthest = forecast(
        start, frame, stages, body, goal[1], loft, goal, spin, rows, point
    )
    if math.isnan(slope):
        # Air and the Earth's shape may be worth a little: go on when the forecast is nearly there.
        if farthest < 0.97 * goal[0]:
            return False
        found[CUTOFF], slope = total, goal[0] / (0.5 * total)
    return _close(start, frame, stages, body, target, goal, floor_m, spin, slope, found)


@kernel
def aim(
    stages: Floats,
    body: Floats,
    launch: Floats,
    target: Floats,
    shape: int,
    spin: Floats,
    found: Floats,
) -> None:
    """Fill `found` (6,) for one missile from `launch` to `target`, each (3,) geodetic.

    Unreachable leaves all NaN but REACH: the ground distance that the class covers that way.
    """
    frame = np.empty((3, 3))
    start = launch_state(launch, frame)
    aimed = np.empty(3)
    aimed[0], aimed[1], aimed[2] = to_ecef(target[0], target[1], target[2])
    goal = np.empty(3)
    goal[0], goal[1] = bearing(start, frame, aimed)
    goal[2] = math.sqrt(aimed[0] ** 2 + aimed[1] ** 2 + aimed[2] ** 2)
    rows, point = np.empty((TRACE + 1, 6)), np.empty(3)
    best = best_loft(start, frame, stages, body, goal, spin, rows, point)
    found[REACH] = np.nan
    for part in _PARTS if shape != MINIMUM_ENERGY else _PARTS[-1:]:
        loft = _shaped_loft(best, shape, part)
        if _try(start, frame, stages, body, aimed, goal, target[2], spin, loft, rows, found):
            return
    steepest, farthest = farthest_loft(start, frame, stages, body, launch, goal[1], target[2], spin)
    if farthest > geodesic(launch[0], launch[1], target[0], target[1])[0]:
        for part in _STEEPER:
            loft = best + part * (steepest - best)
            if _try(start, frame, stages, body, aimed, goal, target[2], spin, loft, rows, found):
                return
    for c in range(CLOSURE + 1):
        found[c] = np.nan
    if math.isnan(farthest):  # some flight stays up, or goes half round the Earth
        farthest = reach_m(start, frame, stages, body, launch, best, goal[1], target[2], spin)
    found[REACH] = farthest


@kernel
def aim_all(
    stages: Floats,
    body: Floats,
    launch: Floats,
    target: Floats,
    shape: NDArray[np.int64],
    spin: Floats,
    found: Floats,
) -> None:
    """`aim` for N missiles: (N, stages, 4), (N, 3), (N, 3), (N, 3), (N,), (2,) -> `found` (N, 6)."""
    for i in range(stages.shape[0]):
        aim(stages[i], body[i], launch[i], target[i], shape[i], spin, found[i])
