"""How a tracked missile moves, and how that depends on its state: seven numbers and their covariance.

A state is ECEF position (m), velocity (m/s) and a seventh number that depends on the mode. ECEF, since
stations stand still in it and the flight kernels fly in it: a filter and the truth that it is tested
against share one gravity, one air and one Runge-Kutta step.

DRAG: the seventh is the logarithm of the ballistic coefficient (kg/m2), so that it stays positive; it drifts
at random. VACUUM: the same number, without drag. THRUST: the seventh is the acceleration along the velocity
beyond gravity (m/s2), thrust less drag; it is estimated, and nothing is assumed of the booster.

A mode is a row (MODE_COLUMNS,): kind; white noise of acceleration in any direction (m2/s3), and a further
one over the square of the thrust or drag (s): what is not modelled grows with either; drift of the seventh
(its unit squared per second); what is thought of the seventh before anything is seen: mean and variance.
Source: Li and Jilkov, Survey of maneuvering target tracking, part II: motion models of ballistic and space
targets, IEEE Trans. Aerospace and Electronic Systems 46 (2010), 96.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.atmosphere import density_kgpm3, relative_slope_pm
from synaspis.kernels.earth import (
    EQUATORIAL_RADIUS_M,
    FLATTENING,
    GRAVITY_M3PS2,
    J2,
    ROTATION_RADPS,
    free_acceleration,
    quick_height_m,
)
from synaspis.kernels.flight import quick_height_of, step_in_place, stride_s
from synaspis.kernels.jit import fma, inlined, lean_inlined, lean_kernel
from synaspis.kernels.lanes import STATES as STATES
from synaspis.kernels.lanes import fma_lanes, lane, load, store, times, with_lane

Floats = NDArray[np.float64]

SEVENTH = 6
THRUST, VACUUM, DRAG = 0.0, 1.0, 2.0
KIND, NOISE, SHARE, DRIFT, FRESH, FRESH_VARIANCE = range(6)
MODE_COLUMNS = 6

THRUST_STEP_S = 1.0
"""Longest step under power, by the midpoint rule: thrust changes within it by more than the rule errs."""
SLOWEST_MPS = 30.0
"""Added to the speed in squares where its direction is asked, which at launch is undefined."""
FINENESS, THIN_AIR_M, SPACE_M = 0.4, 40_000.0, 110_000.0
"""Of steps in thin air, between these heights, beside those of the flight kernels: what a whole flight would
gather, a look takes away again. In dense air a longer step would not be stable."""
LOG_BETA_LOW, LOG_BETA_HIGH = math.log(10.0), math.log(1e6)
"""Between these (kg/m2) a logarithm of the ballistic coefficient is taken at its word."""

SLOPE, TURNED, SQUARE, _, PRODUCT = range(5)
ROOM = (5, STATES, STATES)
"""Shape of the working array that the kernels here take, and what they keep in it."""


@inlined
def inverse_beta(mean: Floats, kind: float) -> float:
    """One over the ballistic coefficient, m2/kg: 0 where there is no drag."""
    if kind != DRAG:
        return 0.0
    return math.exp(-min(max(mean[SEVENTH], LOG_BETA_LOW), LOG_BETA_HIGH))


@lean_inlined
def _add_gravity(x: float, y: float, z: float, out: Floats) -> None:
    """Derivative of `earth.free_acceleration` by position and velocity, added to `out` (3, 7)."""
    place = (x, y, z)
    inverse = 1.0 / fma(x, x, fma(y, y, z * z))
    pull = GRAVITY_M3PS2 * inverse * math.sqrt(inverse)
    sine2 = z * z * inverse
    bulge = (1.5 * EQUATORIAL_RADIUS_M * EQUATORIAL_RADIUS_M) * J2 * inverse
    shape = fma(bulge, fma(-5.0, sine2, 1.0), 1.0)
    along = fma(2.0, bulge, shape)
    for j in range(3):
        turn = bulge * inverse * (20.0 * sine2 - 2.0) * place[j]
        if j == 2:
            turn -= 10.0 * bulge * inverse * z
        across = pull * (3.0 * shape * place[j] * inverse - turn)
        out[0, j] += x * across
        out[1, j] += y * across
        out[2, j] += z * pull * ((3.0 * along + 4.0 * bulge) * place[j] * inverse - turn)
    out[0, 0] += fma(-pull, shape, ROTATION_RADPS * ROTATION_RADPS)
    out[1, 1] += fma(-pull, shape, ROTATION_RADPS * ROTATION_RADPS)
    out[2, 2] -= pull * along
    out[0, 4] += 2.0 * ROTATION_RADPS
    out[1, 3] -= 2.0 * ROTATION_RADPS


@lean_inlined
def _add_drag(mean: Floats, height: float, thin: float, out: Floats) -> None:
    """Derivative of drag by the state, added to `out` (3, 7); `thin` is `inverse_beta`."""
    x, y, z, vx, vy, vz = mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]
    speed = math.sqrt(fma(vx, vx, fma(vy, vy, vz * vz)))
    slow = -0.5 * density_kgpm3(height) * speed * thin
    steep = slow * relative_slope_pm(height)
    inverse = 1.0 / fma(x, x, fma(y, y, z * z))
    root = math.sqrt(inverse)
    # The gradient of the quick height to first order in the flattening.
    tilt = 2.0 * FLATTENING * EQUATORIAL_RADIUS_M * z * inverse
    up = (
        x * (root - tilt * z * inverse),
        y * (root - tilt * z * inverse),
        z * (root - tilt * z * inverse) + tilt,
    )
    v = (vx, vy, vz)
    per = slow / max(speed * speed, 1e-12)
    for i in range(3):
        for j in range(3):
            out[i, j] += steep * v[i] * up[j]
            out[i, 3 + j] += per * v[i] * v[j]
        out[i, 3 + i] += slow
        out[i, SEVENTH] -= slow * v[i]


@lean_inlined
def _add_thrust(mean: Floats, out: Floats) -> None:
    """Derivative of the acceleration along the velocity by the state, added to `out` (3, 7)."""
    v = (mean[3], mean[4], mean[5])
    inverse = 1.0 / (v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + SLOWEST_MPS * SLOWEST_MPS)
    root = math.sqrt(inverse)
    push = mean[SEVENTH] * root
    for i in range(3):
        for j in range(3):
            out[i, 3 + j] -= push * v[i] * v[j] * inverse
        out[i, 3 + i] += push
        out[i, SEVENTH] += root * v[i]


@lean_kernel
def slope(mean: Floats, kind: float, out: Floats) -> None:
    """Derivative of the acceleration by the state: rows 0 to 2 of `out` (.., 7) from `mean` (7,)."""
    for i in range(3):
        for j in range(STATES):
            out[i, j] = 0.0
    _add_gravity(mean[0], mean[1], mean[2], out)
    if kind == DRAG:
        _add_drag(mean, quick_height_of(mean), inverse_beta(mean, kind), out)
    elif kind == THRUST:
        _add_thrust(mean, out)


@lean_inlined
def powered(mean: Floats) -> tuple[float, float, float]:
    """Acceleration under thrust along the velocity, in the turning frame."""
    vx, vy, vz = mean[3], mean[4], mean[5]
    ax, ay, az, _ = free_acceleration(mean[0], mean[1], mean[2], vx, vy, vz, ROTATION_RADPS, J2)
    push = mean[SEVENTH] / math.sqrt(vx * vx + vy * vy + vz * vz + SLOWEST_MPS * SLOWEST_MPS)
    return fma(push, vx, ax), fma(push, vy, ay), fma(push, vz, az)


@lean_inlined
def thrust_step(mean: Floats, dt: float, middle: Floats) -> None:
    """One step of the midpoint rule under power; `middle` gets the state half way."""
    a = powered(mean)
    for i in range(3):
        middle[i] = fma(0.5 * dt, mean[3 + i], mean[i])
        middle[3 + i] = fma(0.5 * dt, a[i], mean[3 + i])
    middle[SEVENTH] = mean[SEVENTH]
    a = powered(middle)
    for i in range(3):
        mean[i] = fma(dt, fma(0.5 * dt, a[i], mean[3 + i]), mean[i])
        mean[3 + i] = fma(dt, a[i], mean[3 + i])


@lean_inlined
def _step(mean: Floats, kind: float, thin: float, dt: float, middle: Floats) -> None:
    """Move `mean` (7,) in place by one step; `middle` (7,) gets about the state half way."""
    if kind == THRUST:
        thrust_step(mean, dt, middle)
        return
    for c in range(STATES):
        middle[c] = 0.5 * mean[c]
    step_in_place(mean, thin, dt, ROTATION_RADPS, J2)
    for c in range(STATES):
        middle[c] = fma(0.5, mean[c], middle[c])


@lean_inlined
def steps_for(mean: Floats, kind: float, dt: float) -> int:
    """Into how many steps to divide `dt`: as short as the air asks."""
    if kind == THRUST:
        return max(1, math.ceil(abs(dt) / THRUST_STEP_S - 1e-9))
    speed = math.sqrt(fma(mean[3], mean[3], fma(mean[4], mean[4], mean[5] * mean[5])))
    height = quick_height_of(mean)
    fineness = FINENESS if THIN_AIR_M < height < SPACE_M else 1.0
    return max(1, math.ceil(abs(dt) / stride_s(height, speed, fineness) - 1e-9))


@lean_inlined
def _put_column(turned: Floats, i: int, row: Any) -> None:
    for j in range(STATES):
        turned[j, i] = lane(row, j)


@lean_inlined
def _transition(h: float, room: Floats) -> None:
    """The columns of `room[TURNED]`, rows of the transition: exponential of the motion's matrix, to h cubed.

    The matrix at the middle of the step makes this of second order, with an error of h cubed times how fast
    the matrix changes. Its upper rows are [0 1 0], its middle rows the slope [G D b] of `room[SLOPE]`, its
    last 0.
    """
    slopes, squares, turned = room[SLOPE], room[SQUARE], room[TURNED]
    a = load(slopes[0]), load(slopes[1]), load(slopes[2])
    for i in range(3):
        by = slopes[i]
        b = fma_lanes(by[3], a[0], fma_lanes(by[4], a[1], times(by[5], a[2])))
        for j in range(3):
            b = with_lane(b, 3 + j, lane(b, 3 + j) + by[j])
        store(squares[i], b)
    half, sixth = 0.5 * h * h, h * h * h / 6.0
    for i in range(3):
        by = slopes[i]
        own = fma_lanes(by[0], a[0], fma_lanes(by[1], a[1], times(by[2], a[2])))
        for k in range(2, -1, -1):
            own = fma_lanes(by[3 + k], load(squares[k]), own)
        place = fma_lanes(half, load(by), times(sixth, load(squares[i])))
        speed = fma_lanes(h, load(by), fma_lanes(half, load(squares[i]), times(sixth, own)))
        place = with_lane(place, i, lane(place, i) + 1.0)
        place = with_lane(place, 3 + i, lane(place, 3 + i) + h)
        _put_column(turned, i, place)
        _put_column(turned, 3 + i, with_lane(speed, 3 + i, lane(speed, 3 + i) + 1.0))
    for j in range(STATES):
        turned[j, SEVENTH] = 1.0 if j == SEVENTH else 0.0


@lean_inlined
def _carry(cov: Floats, room: Floats) -> None:
    """`cov` (7, 7) becomes PHI cov PHI^T; the columns of `room[TURNED]` are the rows of PHI."""
    turned, product = room[TURNED], room[PRODUCT]
    for i in range(6):
        row = times(turned[6, i], load(cov[6]))
        for k in range(6):
            row = fma_lanes(turned[k, i], load(cov[k]), row)
        store(product[i], row)
    for i in range(6):
        row = times(product[i, 6], load(turned[6]))
        for k in range(6):
            row = fma_lanes(product[i, k], load(turned[k]), row)
        store(cov[i], row)
    for i in range(1, STATES):
        for j in range(i):
            cov[i, j] = cov[j, i]


@lean_inlined
def _noise(mean: Floats, mode: Floats) -> float:
    """White noise of acceleration about `mean`, m2/s3: that of any time, and what thrust or drag brings."""
    force = 0.0
    if mode[SHARE] > 0.0:
        if mode[KIND] == THRUST:
            force = mean[SEVENTH]
        elif mode[KIND] == DRAG:
            square = fma(mean[3], mean[3], fma(mean[4], mean[4], mean[5] * mean[5]))
            force = 0.5 * density_kgpm3(quick_height_of(mean)) * square * inverse_beta(mean, DRAG)
    return float(mode[NOISE] + mode[SHARE] * force * force)


@lean_inlined
def add_noise(cov: Floats, mean: Floats, mode: Floats, h: float) -> None:
    """Add what `h` seconds of the mode's noise do to `cov`; thrust that drifts moves the velocity too."""
    h2 = h * h
    noise = _noise(mean, mode)
    for i in range(3):
        cov[i, i] += noise * h2 * h / 3.0
        cov[i, 3 + i] += noise * 0.5 * h2
        cov[3 + i, i] += noise * 0.5 * h2
        cov[3 + i, 3 + i] += noise * h
    drift = mode[DRIFT] * h
    cov[SEVENTH, SEVENTH] += drift
    if mode[KIND] == THRUST and drift > 0.0:
        v = (mean[3], mean[4], mean[5])
        root = 1.0 / math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + SLOWEST_MPS * SLOWEST_MPS)
        for i in range(3):
            for j in range(3):
                both = drift * h2 * v[i] * v[j] * root * root
                cov[i, j] += both * h2 / 20.0
                cov[i, 3 + j] += both * h / 8.0
                cov[3 + i, j] += both * h / 8.0
                cov[3 + i, 3 + j] += both / 3.0
            cov[i, SEVENTH] += drift * h2 * v[i] * root / 6.0
            cov[SEVENTH, i] += drift * h2 * v[i] * root / 6.0
            cov[3 + i, SEVENTH] += drift * 0.5 * h * v[i] * root
            cov[SEVENTH, 3 + i] += drift * 0.5 * h * v[i] * root


@lean_kernel
def predict(mean: Floats, cov: Floats, mode: Floats, dt_s: float, room: Floats) -> None:
    """Carry `mean` (7,) and `cov` (7, 7) forward by `dt_s` in place: nothing at 0.

    `mode` (MODE_COLUMNS,), `room` of shape ROOM. A state that is NaN stays NaN.
    """
    if not dt_s > 0.0:
        return
    kind = mode[KIND]
    thin = inverse_beta(mean, kind)
    middle = room[PRODUCT, SEVENTH]
    left_s = dt_s
    while left_s > 0.0:
        # Asked anew at each step: a long way may lead from space into the air.
        steps = steps_for(mean, kind, left_s)
        h = left_s / steps
        left_s = left_s - h if steps > 1 else 0.0
        _step(mean, kind, thin, h, middle)
        slope(middle, kind, room[SLOPE])
        _transition(h, room)
        _carry(cov, room)
        add_noise(cov, mean, mode, h)


@lean_kernel
def move(mean: Floats, mode: Floats, dt_s: float, room: Floats) -> None:
    """Carry `mean` (7,) alone by `dt_s`, forward or back, in place, without noise."""
    kind = mode[KIND]
    steps = steps_for(mean, kind, dt_s)
    thin = inverse_beta(mean, kind)
    for _ in range(steps):
        _step(mean, kind, thin, dt_s / steps, room[PRODUCT, SEVENTH])


@lean_kernel
def foretell(
    mean: Floats, cov: Floats, mode: Floats, dt_s: float, room: Floats, states: Floats, sigma_m: Floats
) -> int:
    """Carry `mean` and `cov` forward as `predict` does until they are below the ground; how many samples.

    Fills `states` (K, 6) and the one-sigma error of position `sigma_m` (K,), every `dt_s` from now; at most
    K samples, the rest is left as it was.
    """
    for k in range(states.shape[0]):
        r2 = mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]
        if not quick_height_m(math.sqrt(r2), mean[2] * mean[2] / r2) > 0.0:
            return k
        for c in range(6):
            states[k, c] = mean[c]
        sigma_m[k] = math.sqrt(cov[0, 0] + cov[1, 1] + cov[2, 2])
        predict(mean, cov, mode, dt_s, room)
    return states.shape[0]
