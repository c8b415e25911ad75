"""Joins a launch site and a place by a trajectory of a given class and shape.

What is found here (azimuth, loft, cut-off) is an inner unknown: it stays inside the kernels, and
only the flight that it gives is handed on.

Shapes. `minimum-energy` takes the loft with the earliest cut-off, that is the least propellant.
`lofted` and `depressed` move that loft a fixed part of the way to the vertical and to the level;
where the class has not the propellant for it, they move it as far as the class can.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.boost import boost, burn_time_s, vacuum_fall
from synaspis.kernels.earth import (
    MEAN_RADIUS_M,
    geodetic_sine_height,
    quick_height_m,
    set_enu,
    to_ecef,
)
from synaspis.kernels.flight import copy_state, fall
from synaspis.kernels.geodesic import geodesic
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

MINIMUM_ENERGY, LOFTED, DEPRESSED = 0, 1, 2
LOFTED_PART = 0.5
DEPRESSED_PART = 0.4
LOWEST_LOFT = math.radians(8.0)
HIGHEST_LOFT = math.radians(86.0)

PAYLOAD, DIAMETER, BETA = 0, 1, 2
"""Entries of a missile's `body` (3,): kg, m, kg/m2."""
AZIMUTH, LOFT, CUTOFF, IMPACT, CLOSURE, REACH = 0, 1, 2, 3, 4, 5
"""Entries of what `aim` finds. REACH is NaN where the missile gets there, the others where not."""

BOOST_STEP_S = 0.5
_FORECAST_STEP_S = 3.0
_TRACE = 48
_COARSE = 7
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
_GOLDEN_ROUNDS = 8
_TRIES = 25
_CLOSE_ENOUGH_M = 5.0
_ACCEPTED_M = 1000.0
# Shares of the way to the wanted shape that are tried in turn.
_PARTS = np.array([1.0, 0.85, 0.7, 0.5, 0.3, 0.15, 0.0])


@inlined
def _set_axes(axes: Floats, frame: Floats, azimuth: float) -> None:
    """`axes` (6,): level ahead along `azimuth`, and up; from the launch site's east, north, up."""
    sine, cosine = math.sin(azimuth), math.cos(azimuth)
    for c in range(3):
        axes[c] = sine * frame[0, c] + cosine * frame[1, c]
        axes[3 + c] = frame[2, c]


@inlined
def _bearing(start: Floats, frame: Floats, point: Floats) -> tuple[float, float]:
    """Angle at the Earth's centre and azimuth from the launch site to `point` (3,)."""
    east = frame[0, 0] * point[0] + frame[0, 1] * point[1] + frame[0, 2] * point[2]
    north = frame[1, 0] * point[0] + frame[1, 1] * point[1] + frame[1, 2] * point[2]
    cx = start[1] * point[2] - start[2] * point[1]
    cy = start[2] * point[0] - start[0] * point[2]
    cz = start[0] * point[1] - start[1] * point[0]
    dot = start[0] * point[0] + start[1] * point[1] + start[2] * point[2]
    return math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), dot), math.atan2(east, north)


@inlined
def _wrapped(angle: float) -> float:
    return angle - 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)


@kernel
def _vacuum_angle(
    state: Floats, start: Floats, frame: Floats, radius_m: float, rotation: float, point: Floats
) -> float:
    """Angle from the launch site to where a payload in `state` would fall in vacuum; pi at most."""
    r2 = state[0] * state[0] + state[1] * state[1] + state[2] * state[2]
    if quick_height_m(math.sqrt(r2), state[2] * state[2] / r2) < -1000.0:
        return 0.0
    time, turn = vacuum_fall(state, radius_m, rotation, point)
    if math.isnan(time):
        return 0.0
    if turn > 0.95 * math.pi:
        return math.pi
    return _bearing(start, frame, point)[0]


@kernel
def _forecast(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    azimuth: float,
    loft: float,
    goal: Floats,
    spin: Floats,
    rows: Floats,
    point: Floats,
) -> tuple[float, float, float]:
    """Cut-off that reaches `goal` by flight in vacuum, the angle won per second there, the farthest angle.

    `goal` (3,) is its angle, azimuth and radius; `spin` (2,) is rotation and J2; `rows` and `point`
    are working arrays, and `point` is left where that flight falls. Out of reach, the cut-off is put
    beyond the last burnout by the share that is missing, so that lofts can still be compared.
    """
    state = np.empty(6)
    copy_state(state, start)
    axes = np.empty(6)
    _set_axes(axes, frame, azimuth)
    total = burn_time_s(stages)
    every = total / _TRACE
    boost(
        state, axes, stages, body[PAYLOAD], body[DIAMETER], loft, total, _FORECAST_STEP_S,
        spin[0], spin[1], every, rows,
    )  # fmt: skip
    copy_state(rows[_TRACE], state)
    farthest = _vacuum_angle(rows[_TRACE], start, frame, goal[2], spin[0], point)
    if farthest < goal[0]:
        return total * (2.0 - farthest / goal[0]), np.nan, farthest
    low, high = 0, _TRACE
    below, above = 0.0, farthest
    while high - low > 1:
        middle = (low + high) // 2
        angle = _vacuum_angle(rows[middle], start, frame, goal[2], spin[0], point)
        if angle < goal[0]:
            low, below = middle, angle
        else:
            high, above = middle, angle
    if _vacuum_angle(rows[high], start, frame, goal[2], spin[0], point) >= math.pi:
        above = max(goal[0] + 1e-6, 2.0 * goal[0] - below)
    share = (goal[0] - below) / (above - below)
    return (low + share) * every, (above - below) / every, farthest


@kernel
def _best_loft(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    azimuth: float,
    goal: Floats,
    spin: Floats,
    rows: Floats,
    point: Floats,
) -> float:
    """The loft with the earliest forecast cut-off: a coarse look, then golden sections."""
    width = (HIGHEST_LOFT - LOWEST_LOFT) / (_COARSE - 1)
    best, least = 0, np.inf
    for i in range(_COARSE):
        cutoff = _forecast(
            start, frame, stages, body, azimuth, LOWEST_LOFT + i * width, goal, spin, rows, point
        )[0]
        if cutoff < least:
            best, least = i, cutoff
    low = LOWEST_LOFT + max(0, best - 1) * width
    high = LOWEST_LOFT + min(_COARSE - 1, best + 1) * width
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left = _forecast(start, frame, stages, body, azimuth, left, goal, spin, rows, point)[0]
    at_right = _forecast(start, frame, stages, body, azimuth, right, goal, spin, rows, point)[0]
    for _ in range(_GOLDEN_ROUNDS):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = _forecast(start, frame, stages, body, azimuth, left, goal, spin, rows, point)[0]
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = _forecast(start, frame, stages, body, azimuth, right, goal, spin, rows, point)[0]
    return left if at_left < at_right else right


@kernel
def fly_once(
    state: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    azimuth: float,
    loft: float,
    cutoff_s: float,
    floor_m: float,
    spin: Floats,
    fineness: float,
    every_s: float,
    rows: Floats,
) -> float:
    """Fly `state` (6,) in place from launch to the ground; the time of that. Rows as in `boost`, `fall`."""
    axes = np.empty(6)
    _set_axes(axes, frame, azimuth)
    now = boost(
        state, axes, stages, body[PAYLOAD], body[DIAMETER], loft, cutoff_s, BOOST_STEP_S / fineness,
        spin[0], spin[1], every_s, rows,
    )  # fmt: skip
    return fall(state, now, 1.0 / body[BETA], floor_m, spin[0], spin[1], fineness, every_s, rows)


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
    if math.isnan(found[IMPACT]):
        return np.nan, np.nan
    angle, azimuth = _bearing(start, frame, state)
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
    found[CUTOFF], slope, farthest = _forecast(
        start, frame, stages, body, goal[1], loft, goal, spin, rows, point
    )
    if math.isnan(slope):
        # Air and the Earth's shape may be worth a little: go on when the forecast is nearly there.
        if farthest < 0.97 * goal[0]:
            return False
        found[CUTOFF], slope = total, goal[0] / (0.5 * total)
    return _close(start, frame, stages, body, target, goal, floor_m, spin, slope, found)


@kernel
def _reach_m(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    launch: Floats,
    loft: float,
    azimuth: float,
    floor_m: float,
    spin: Floats,
) -> float:
    """Ground distance of the flight that burns everything at `loft`; NaN if it does not come down."""
    state = np.empty(6)
    copy_state(state, start)
    impact = fly_once(
        state, frame, stages, body, azimuth, loft, np.inf, floor_m, spin, 1.0, np.inf, np.empty((0, 6))
    )
    if math.isnan(impact):
        return np.nan
    sine, cosine, _ = geodetic_sine_height(state[0], state[1], state[2])
    return geodesic(launch[0], launch[1], math.atan2(sine, cosine), math.atan2(state[1], state[0]))[0]


@kernel
def launch_state(launch: Floats, frame: Floats) -> Floats:
    """A missile at rest on the ground at `launch` (3,) geodetic, as a state (6,); `frame` gets its axes."""
    start = np.zeros(6)
    start[0], start[1], start[2] = to_ecef(launch[0], launch[1], launch[2])
    set_enu(launch[0], launch[1], frame)
    return start


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
    goal[0], goal[1] = _bearing(start, frame, aimed)
    goal[2] = math.sqrt(aimed[0] ** 2 + aimed[1] ** 2 + aimed[2] ** 2)
    rows, point = np.empty((_TRACE + 1, 6)), np.empty(3)
    best = _best_loft(start, frame, stages, body, goal[1], goal, spin, rows, point)
    found[REACH] = np.nan
    for part in _PARTS if shape != MINIMUM_ENERGY else _PARTS[-1:]:
        loft = _shaped_loft(best, shape, part)
        if _try(start, frame, stages, body, aimed, goal, target[2], spin, loft, rows, found):
            return
    for c in range(CLOSURE + 1):
        found[c] = np.nan
    found[REACH] = _reach_m(start, frame, stages, body, launch, best, goal[1], target[2], spin)


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
