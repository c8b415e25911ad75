"""The first guess of a flight: what its powered part, followed by a fall in vacuum, would do.

What is found here (loft, cut-off) is an inner unknown of `aim` and goes no farther.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.boost import DIAMETER, PAYLOAD, boost, burn_time_s, vacuum_fall
from synaspis.kernels.earth import quick_height_m
from synaspis.kernels.flight import copy_state
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

LOWEST_LOFT = math.radians(8.0)
HIGHEST_LOFT = math.radians(86.0)
TRACE = 32
"""Parts into which a forecast divides the burn."""

_LONGEST_STEP_S = 6.0
_LOOK_BELOW = math.radians(9.0)
_LOOK_ABOVE = math.radians(5.0)
_ROUNDS = 4
_FINE_ENOUGH = math.radians(0.2)


@inlined
def set_axes(axes: Floats, frame: Floats, azimuth: float) -> None:
    """`axes` (6,): level ahead along `azimuth`, and up; from the launch site's east, north, up."""
    sine, cosine = math.sin(azimuth), math.cos(azimuth)
    for c in range(3):
        axes[c] = sine * frame[0, c] + cosine * frame[1, c]
        axes[3 + c] = frame[2, c]


@inlined
def bearing(start: Floats, frame: Floats, point: Floats) -> tuple[float, float]:
    """Angle at the Earth's centre and azimuth from the launch site to `point` (3,)."""
    x, y, z = point[0] - start[0], point[1] - start[1], point[2] - start[2]
    east = frame[0, 0] * x + frame[0, 1] * y + frame[0, 2] * z
    north = frame[1, 0] * x + frame[1, 1] * y + frame[1, 2] * z
    cx = start[1] * point[2] - start[2] * point[1]
    cy = start[2] * point[0] - start[0] * point[2]
    cz = start[0] * point[1] - start[1] * point[0]
    dot = start[0] * point[0] + start[1] * point[1] + start[2] * point[2]
    return math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), dot), math.atan2(east, north)


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
    return bearing(start, frame, point)[0]


@kernel
def forecast(
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
    set_axes(axes, frame, azimuth)
    total = burn_time_s(stages)
    every = total / TRACE
    risen = boost(
        state, axes, stages, body[PAYLOAD], body[DIAMETER], loft, total, _LONGEST_STEP_S,
        spin[0], spin[1], every, rows,
    )  # fmt: skip
    if risen < 0.0:
        return 2.0 * total, np.nan, 0.0
    copy_state(rows[TRACE], state)
    farthest = _vacuum_angle(rows[TRACE], start, frame, goal[2], spin[0], point)
    if farthest < goal[0]:
        return total * (2.0 - farthest / goal[0]), np.nan, farthest
    low, high = 0, TRACE
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
    # Over such a short time the angle grows about as the square of the speed: its root runs straight.
    share = (math.sqrt(goal[0]) - math.sqrt(below)) / (math.sqrt(above) - math.sqrt(below))
    return (low + share) * every, (above - below) / every, farthest


@kernel
def _vertex(a: float, fa: float, b: float, fb: float, c: float, fc: float) -> float:
    """Where the parabola through three points has its lowest point; NaN where it has none."""
    left, right = (b - a) * (fb - fc), (b - c) * (fb - fa)
    bottom = left - right
    if not bottom < 0.0:
        return np.nan
    return b - 0.5 * ((b - a) * left - (b - c) * right) / bottom


@kernel
def best_loft(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    goal: Floats,
    spin: Floats,
    rows: Floats,
    point: Floats,
) -> float:
    """The loft with the earliest forecast cut-off: bracketed, then by parabolas through three lofts.

    The search begins at the level of the ideal minimum-energy flight at its start, a quarter of pi less
    `goal`'s angle (Bate, Mueller & White, section 6.2.3). Forecasts have one minimum on all classes of the
    catalogue (scanned by degrees); a second one, where all escape, is as late as the burn lasts.
    """
    level = max(LOWEST_LOFT + _LOOK_BELOW, 0.25 * (math.pi - goal[0]))
    a, c = level - _LOOK_BELOW, level + _LOOK_ABOVE
    b = 0.5 * (a + c)
    fa = forecast(start, frame, stages, body, goal[1], a, goal, spin, rows, point)[0]
    fb = forecast(start, frame, stages, body, goal[1], b, goal, spin, rows, point)[0]
    fc = forecast(start, frame, stages, body, goal[1], c, goal, spin, rows, point)[0]
    while fa < fb and a > LOWEST_LOFT:
        c, fc, b, fb = b, fb, a, fa
        a = max(LOWEST_LOFT, b - 2.0 * (c - b))
        fa = forecast(start, frame, stages, body, goal[1], a, goal, spin, rows, point)[0]
    while fc < fb and c < HIGHEST_LOFT:
        a, fa, b, fb = b, fb, c, fc
        c = min(HIGHEST_LOFT, b + 2.0 * (b - a))
        fc = forecast(start, frame, stages, body, goal[1], c, goal, spin, rows, point)[0]
    if fa < fb or fc < fb:
        return a if fa < fc else c
    for _ in range(_ROUNDS):
        x = _vertex(a, fa, b, fb, c, fc)
        if not a < x < c or abs(x - b) < _FINE_ENOUGH:
            break
        fx = forecast(start, frame, stages, body, goal[1], x, goal, spin, rows, point)[0]
        low, flow, high, fhigh = (b, fb, x, fx) if b < x else (x, fx, b, fb)
        if flow < fhigh:
            b, fb, c, fc = low, flow, high, fhigh
        else:
            a, fa, b, fb = low, flow, high, fhigh
    return b
