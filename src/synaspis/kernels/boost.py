"""Powered flight of a generic staged missile, and where its payload would fall in vacuum.

The missile rises vertically, pitches over smoothly and then holds its attitude in the frame of the
launch site until cut-off: a family with one parameter, the `loft`, which is that attitude's
elevation. Public figures do not support more. Thrust is that of the vacuum impulse at all heights,
winds, lift and steering losses are left out, and an upper stage not yet lit at cut-off is dropped.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.atmosphere import density_kgpm3, sound_mps
from synaspis.kernels.earth import (
    GRAVITY_M3PS2,
    STANDARD_GRAVITY_MPS2,
    free_acceleration,
)
from synaspis.kernels.flight import copy_state, quick_height_of
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

BURN, PROPELLANT, DRY, IMPULSE = 0, 1, 2, 3
"""Columns of a stage table (stages, 4): s, kg, kg, s. A row whose burn is 0 is padding."""
PAYLOAD, DIAMETER, BETA = 0, 1, 2
"""Entries of a missile's `body` (3,): kg, m, kg/m2."""

# Above this height a step may be longer: drag is below a thousandth of thrust there.
_THIN_AIR_M = 60_000.0
_HIGH_STEP_S = 1.0
_BLOCK_S = 8.0
# So far below the height of launch a missile has fallen back; the level falls less than that on its way.
_DEEP_M = 3000.0

# Assumed, as shares of the first stage's burn: when the pitch-over begins and ends.
RISE_SHARE = 0.08
PITCHED_SHARE = 0.6

# Zero-lift drag coefficient of a slender rocket by Mach number, on the body's cross-section; read
# roughly from the curve of the V-2 in Sutton & Biblarz, Rocket Propulsion Elements, chapter 4.
_MACH = np.array([0.0, 0.8, 1.1, 1.5, 2.0, 3.0, 4.0, 6.0])
_DRAG = np.array([0.15, 0.16, 0.40, 0.34, 0.28, 0.21, 0.17, 0.15])


@inlined
def drag_coefficient(mach: float) -> float:
    """The curve above, straight between its points and constant beyond them."""
    value = _DRAG[-1]
    for i in range(_MACH.size - 1):
        if mach < _MACH[i + 1]:
            share = (mach - _MACH[i]) / (_MACH[i + 1] - _MACH[i])
            value = _DRAG[i] + share * (_DRAG[i + 1] - _DRAG[i])
            break
    return float(value)


@inlined
def _elevation(now: float, rise_s: float, pitched_s: float, loft: float) -> float:
    """Elevation of the thrust: vertical, then a curve with continuous curvature down to `loft`."""
    part = min(1.0, max(0.0, (now - rise_s) / (pitched_s - rise_s)))
    smooth = part * part * part * (10.0 + part * (6.0 * part - 15.0))
    return 0.5 * math.pi - (0.5 * math.pi - loft) * smooth


@inlined
def _powered(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    push: tuple[float, float, float],
    area_per_mass: float,
    rotation: float,
    j2: float,
) -> tuple[float, float, float]:
    """Acceleration under thrust `push` (m/s2, ECEF) and drag."""
    ax, ay, az, height = free_acceleration(x, y, z, vx, vy, vz, rotation, j2)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    coefficient = drag_coefficient(speed / sound_mps(height))
    slow = -0.5 * density_kgpm3(height) * speed * coefficient * area_per_mass
    return ax + slow * vx + push[0], ay + slow * vy + push[1], az + slow * vz + push[2]


@inlined
def _push(
    now: float, mass: float, thrust: float, plan: tuple[float, float, float], axes: Floats
) -> tuple[float, float, float]:
    """Acceleration by thrust at time `now`; `plan` is rise, pitched-over and loft, `axes` ahead and up."""
    elevation = _elevation(now, plan[0], plan[1], plan[2])
    ahead = thrust / mass * math.cos(elevation)
    up = thrust / mass * math.sin(elevation)
    return (
        ahead * axes[0] + up * axes[3],
        ahead * axes[1] + up * axes[4],
        ahead * axes[2] + up * axes[5],
    )


@inlined
def _boost_step(
    state: Floats,
    now: float,
    dt: float,
    mass: float,
    flow: float,
    thrust: float,
    area: float,
    plan: tuple[float, float, float],
    axes: Floats,
    rotation: float,
    j2: float,
) -> None:
    """One Runge-Kutta step under power, in place. `mass` is that at `now`, `flow` kg/s."""
    half = 0.5 * dt
    m2 = mass - flow * half
    m4 = mass - flow * dt
    push1 = _push(now, mass, thrust, plan, axes)
    push2 = _push(now + half, m2, thrust, plan, axes)
    push4 = _push(now + dt, m4, thrust, plan, axes)
    x, y, z, vx, vy, vz = state[0], state[1], state[2], state[3], state[4], state[5]
    ax1, ay1, az1 = _powered(x, y, z, vx, vy, vz, push1, area / mass, rotation, j2)
    vx2, vy2, vz2 = vx + half * ax1, vy + half * ay1, vz + half * az1
    ax2, ay2, az2 = _powered(
        x + half * vx, y + half * vy, z + half * vz, vx2, vy2, vz2, push2, area / m2, rotation, j2
    )
    vx3, vy3, vz3 = vx + half * ax2, vy + half * ay2, vz + half * az2
    ax3, ay3, az3 = _powered(
        x + half * vx2, y + half * vy2, z + half * vz2, vx3, vy3, vz3, push2, area / m2, rotation, j2
    )
    vx4, vy4, vz4 = vx + dt * ax3, vy + dt * ay3, vz + dt * az3
    ax4, ay4, az4 = _powered(
        x + dt * vx3, y + dt * vy3, z + dt * vz3, vx4, vy4, vz4, push4, area / m4, rotation, j2
    )
    sixth = dt / 6.0
    state[0] = x + sixth * (vx + 2.0 * (vx2 + vx3) + vx4)
    state[1] = y + sixth * (vy + 2.0 * (vy2 + vy3) + vy4)
    state[2] = z + sixth * (vz + 2.0 * (vz2 + vz3) + vz4)
    state[3] = vx + sixth * (ax1 + 2.0 * (ax2 + ax3) + ax4)
    state[4] = vy + sixth * (ay1 + 2.0 * (ay2 + ay3) + ay4)
    state[5] = vz + sixth * (az1 + 2.0 * (az2 + az3) + az4)


@kernel
def burn_time_s(stages: Floats) -> float:
    """Time from launch to the burnout of the last stage."""
    total = 0.0
    for i in range(stages.shape[0]):
        total += stages[i, BURN]
    return total


@inlined
def _radius_m(state: Floats) -> float:
    return math.sqrt(state[0] * state[0] + state[1] * state[1] + state[2] * state[2])


@inlined
def _steps(span_s: float, longest_s: float, state: Floats) -> int:
    """Into how many steps to divide a time: longer ones above the air."""
    if quick_height_of(state) > _THIN_AIR_M:
        longest_s = max(longest_s, _HIGH_STEP_S)
    return max(1, math.ceil(span_s / longest_s - 1e-9))


@inlined
def _launch_mass_kg(stages: Floats, payload_kg: float) -> float:
    mass = payload_kg
    for i in range(stages.shape[0]):
        mass += stages[i, PROPELLANT] + stages[i, DRY]
    return mass


@kernel
def boost(
    state: Floats,
    axes: Floats,
    stages: Floats,
    payload_kg: float,
    diameter_m: float,
    loft: float,
    cutoff_s: float,
    longest_s: float,
    rotation: float,
    j2: float,
    every_s: float,
    rows: Floats,
) -> float:
    """Fly `state` (6,) in place from launch to `cutoff_s` or the last burnout; the time of that, or -1.

    -1: it falls back into the ground while it burns. `axes` (6,) holds the unit vectors ahead (level) and
    up, `longest_s` the longest step. Row k of `rows` (K, 6) gets the state at k * `every_s`.
    """
    plan = (RISE_SHARE * stages[0, BURN], PITCHED_SHARE * stages[0, BURN], loft)
    area = 0.25 * math.pi * diameter_m * diameter_m
    deep = _radius_m(state) - _DEEP_M
    mass = _launch_mass_kg(stages, payload_kg)
    lit, now, row = 0.0, 0.0, 1
    if rows.shape[0] > 0:
        copy_state(rows[0], state)
    for i in range(stages.shape[0]):
        if stages[i, BURN] <= 0.0 or lit >= cutoff_s:
            continue
        flow = stages[i, PROPELLANT] / stages[i, BURN]
        thrust = flow * stages[i, IMPULSE] * STANDARD_GRAVITY_MPS2
        end = min(cutoff_s, lit + stages[i, BURN])
        while now < end:
            until = min(end, row * every_s, now + _BLOCK_S)
            count = _steps(until - now, longest_s, state)
            dt = (until - now) / count
            for k in range(count):
                at = now + k * dt
                left = mass - flow * (at - lit)
                _boost_step(state, at, dt, left, flow, thrust, area, plan, axes, rotation, j2)
                if _radius_m(state) < deep:
                    return -1.0
            now = until
            if until == row * every_s:
                if row < rows.shape[0]:
                    copy_state(rows[row], state)
                row += 1
        lit += stages[i, BURN]
        mass -= stages[i, PROPELLANT] + stages[i, DRY]
    return now


@kernel
def vacuum_fall(state: Floats, radius_m: float, rotation: float, point: Floats) -> tuple[float, float]:
    """Seconds until a payload falls to the sphere of `radius_m` in vacuum, and the angle it flies.

    `point` (3,) gets where: the end of Kepler's ellipse about a spherical Earth, turned back into the
    rotating frame; the angle is that in inertial space. NaN where the ellipse does not cross the
    sphere downward; inf where the payload escapes.
    Source: Bate, Mueller & White, Fundamentals of Astrodynamics (1971), chapter 2 and section 4.2.
    """
    x, y, z = state[0], state[1], state[2]
    vx, vy, vz = state[3] - rotation * y, state[4] + rotation * x, state[5]
    r = math.sqrt(x * x + y * y + z * z)
    climb = (x * vx + y * vy + z * vz) / r
    v2 = vx * vx + vy * vy + vz * vz
    inverse_axis = 2.0 / r - v2 / GRAVITY_M3PS2
    if inverse_axis <= 0.0:
        return np.inf, np.inf
    axis = 1.0 / inverse_axis
    level2 = v2 - climb * climb
    parameter = r * r * level2 / GRAVITY_M3PS2
    e2 = max(0.0, 1.0 - parameter / axis)
    e = math.sqrt(e2)
    cos_e2 = (1.0 - radius_m / axis) / e if e > 0.0 else 2.0
    if abs(cos_e2) > 1.0:
        return np.nan, np.nan
    e1 = math.atan2(r * climb / math.sqrt(GRAVITY_M3PS2 * axis), 1.0 - r / axis)
    e2_end = 2.0 * math.pi - math.acos(cos_e2)
    if e1 < 0.0:
        e1 += 2.0 * math.pi
    if e1 > e2_end:
        return np.nan, np.nan
    time = math.sqrt(axis / GRAVITY_M3PS2) * axis * (e2_end - e1 - e * (math.sin(e2_end) - math.sin(e1)))
    root = math.sqrt(1.0 - e2)
    turn = math.atan2(root * math.sin(e2_end), math.cos(e2_end) - e)
    turn -= math.atan2(root * math.sin(e1), math.cos(e1) - e)
    if turn < 0.0:
        turn += 2.0 * math.pi
    level = math.sqrt(level2)
    ahead = radius_m * math.sin(turn) / level if level > 0.0 else 0.0
    back = radius_m * math.cos(turn) / r - ahead * climb / r
    px, py, pz = back * x + ahead * vx, back * y + ahead * vy, back * z + ahead * vz
    c, s = math.cos(rotation * time), math.sin(rotation * time)
    point[0], point[1], point[2] = c * px + s * py, c * py - s * px, pz
    return time, turn
