"""Free flight: from burnout through vacuum and air to the ground. Fourth-order Runge-Kutta steps.

States are ECEF: metres and metres per second in the frame that turns with the Earth. `beta` is the
ballistic coefficient m / (Cd A) in kg/m2, held constant. Winds and lift are left out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.atmosphere import density_kgpm3
from synaspis.kernels.earth import J2, ROTATION_RADPS, free_acceleration, height_m, quick_height_m
from synaspis.kernels.jit import fma, inlined, kernel

Floats = NDArray[np.float64]

LANES = 64
"""Trajectories advanced together in the innermost loop, so that it becomes vector code."""

# The step of a single flight: as far as the air allows. Measured on five classes from 270 to 8,100 km in
# all three shapes, boost included: against steps 32 times shorter the impact moves by at most 5.1 m
# and its time by at most 1.3 ms.
AIR_STRIDE_M = 1200.0
AIR_TOP_M = 90_000.0
CLIMB_SHARE = 0.25
LONGEST_STEP_S = 20.0
SHORTEST_STEP_S = 0.05
LONGEST_FLIGHT_S = 20_000.0
_SECANT_ROUNDS = 6


@inlined
def acceleration(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    inverse_beta: float,
    rotation: float,
    j2: float,
) -> tuple[float, float, float]:
    """Free acceleration and drag in the turning frame, where still air moves with the Earth."""
    ax, ay, az, height = free_acceleration(x, y, z, vx, vy, vz, rotation, j2)
    speed = math.sqrt(fma(vx, vx, fma(vy, vy, vz * vz)))
    slow = -0.5 * density_kgpm3(height) * speed * inverse_beta
    return fma(slow, vx, ax), fma(slow, vy, ay), fma(slow, vz, az)


@inlined
def step(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    inverse_beta: float,
    dt: float,
    rotation: float,
    j2: float,
) -> tuple[float, float, float, float, float, float]:
    """One classical Runge-Kutta step of `dt` seconds."""
    half = 0.5 * dt
    sixth = dt / 6.0
    ax1, ay1, az1 = acceleration(x, y, z, vx, vy, vz, inverse_beta, rotation, j2)
    vx2, vy2, vz2 = fma(half, ax1, vx), fma(half, ay1, vy), fma(half, az1, vz)
    ax2, ay2, az2 = acceleration(
        fma(half, vx, x), fma(half, vy, y), fma(half, vz, z), vx2, vy2, vz2, inverse_beta, rotation, j2
    )
    vx3, vy3, vz3 = fma(half, ax2, vx), fma(half, ay2, vy), fma(half, az2, vz)
    ax3, ay3, az3 = acceleration(
        fma(half, vx2, x), fma(half, vy2, y), fma(half, vz2, z), vx3, vy3, vz3, inverse_beta, rotation, j2
    )
    vx4, vy4, vz4 = fma(dt, ax3, vx), fma(dt, ay3, vy), fma(dt, az3, vz)
    ax4, ay4, az4 = acceleration(
        fma(dt, vx3, x), fma(dt, vy3, y), fma(dt, vz3, z), vx4, vy4, vz4, inverse_beta, rotation, j2
    )
    return (
        fma(sixth, fma(2.0, vx2 + vx3, vx + vx4), x),
        fma(sixth, fma(2.0, vy2 + vy3, vy + vy4), y),
        fma(sixth, fma(2.0, vz2 + vz3, vz + vz4), z),
        fma(sixth, fma(2.0, ax2 + ax3, ax1 + ax4), vx),
        fma(sixth, fma(2.0, ay2 + ay3, ay1 + ay4), vy),
        fma(sixth, fma(2.0, az2 + az3, az1 + az4), vz),
    )


@kernel
def advance_lanes(block: Floats, lanes: int, dt: float, steps: int, rotation: float, j2: float) -> None:
    """Advance `block` (7, LANES) in place: rows x y z vx vy vz 1/beta, one trajectory a column."""
    x, y, z = block[0], block[1], block[2]
    vx, vy, vz = block[3], block[4], block[5]
    thin = block[6]
    for _ in range(steps):
        for i in range(lanes):
            x[i], y[i], z[i], vx[i], vy[i], vz[i] = step(
                x[i], y[i], z[i], vx[i], vy[i], vz[i], thin[i], dt, rotation, j2
            )


@kernel
def propagate_into(
    states: Floats, beta: Floats, dt: float, steps: int, rotation: float, j2: float, drag: float, out: Floats
) -> None:
    """`propagate` into `out`; threads may run it on chunks of rows at once."""
    block = np.empty((7, LANES))
    for first in range(0, states.shape[0], LANES):
        lanes = min(LANES, states.shape[0] - first)
        for i in range(lanes):
            for c in range(6):
                block[c, i] = states[first + i, c]
            block[6, i] = drag / beta[first + i]
        advance_lanes(block, lanes, dt, steps, rotation, j2)
        for i in range(lanes):
            for c in range(6):
                out[first + i, c] = block[c, i]


def propagate(
    states: Floats,
    beta: Floats,
    dt: float,
    steps: int,
    rotation: float = ROTATION_RADPS,
    j2: float = J2,
    drag: float = 1.0,
) -> Floats:
    """States after `steps` steps of `dt` s: (N, 6) ECEF and (N,) kg/m2 -> (N, 6).

    `rotation`, `j2` and `drag` (a factor on drag) may be 0. There is no ground: what falls
    through it goes on, in the air of 1 km below sea level.
    """
    out = np.empty_like(states)
    propagate_into(states, beta, dt, steps, rotation, j2, drag, out)
    return out


@inlined
def copy_state(into: Floats, source: Floats) -> None:
    """`into[:] = source` for six numbers; numba takes seconds to compile the check of shapes in that."""
    for c in range(6):
        into[c] = source[c]


@inlined
def stride_s(height: float, speed: float, fineness: float) -> float:
    """How long a step may be at this height and speed; `fineness` 2 halves it."""
    reach = max(AIR_STRIDE_M, CLIMB_SHARE * (height - AIR_TOP_M))
    return max(SHORTEST_STEP_S, min(LONGEST_STEP_S, reach / max(speed, 1.0))) / fineness


@inlined
def step_in_place(state: Floats, inverse_beta: float, dt: float, rotation: float, j2: float) -> None:
    """Advance one state (6,) by one step."""
    state[0], state[1], state[2], state[3], state[4], state[5] = step(
        state[0], state[1], state[2], state[3], state[4], state[5], inverse_beta, dt, rotation, j2
    )


@inlined
def quick_height_of(state: Floats) -> float:
    radius2 = state[0] * state[0] + state[1] * state[1] + state[2] * state[2]
    return quick_height_m(math.sqrt(radius2), state[2] * state[2] / radius2)


@kernel
def _land(
    state: Floats, before: Floats, dt: float, floor_m: float, inverse_beta: float, rotation: float, j2: float
) -> float:
    """Put `state` where the flight from `before` meets `floor_m`, within `dt`; seconds from `before`."""
    low = height_m(before[0], before[1], before[2]) - floor_m
    high = height_m(state[0], state[1], state[2]) - floor_m
    rate = (high - low) / dt
    taken = dt
    for _ in range(_SECANT_ROUNDS):
        taken -= high / rate
        copy_state(state, before)
        step_in_place(state, inverse_beta, taken, rotation, j2)
        high = height_m(state[0], state[1], state[2]) - floor_m
        if abs(high) < 1e-6:
            break
    return taken


@kernel
def fall(
    state: Floats,
    start_s: float,
    inverse_beta: float,
    floor_m: float,
    rotation: float,
    j2: float,
    fineness: float,
    every_s: float,
    rows: Floats,
) -> float:
    """Fly `state` (6,) in place from `start_s` until it falls to height `floor_m`; the time of that.

    Row k of `rows` (K, 6) gets the state at k * `every_s` (`every_s` = inf: none). NaN when it does
    not come down within LONGEST_FLIGHT_S.
    """
    before = np.empty(6)
    now = start_s
    row = math.floor(start_s / every_s) + 1
    height = quick_height_of(state)
    while now < LONGEST_FLIGHT_S:
        copy_state(before, state)
        speed = math.sqrt(state[3] * state[3] + state[4] * state[4] + state[5] * state[5])
        dt = stride_s(height, speed, fineness)
        sample = now + dt >= row * every_s
        if sample:
            dt = row * every_s - now
        step_in_place(state, inverse_beta, dt, rotation, j2)
        reached = quick_height_of(state)
        if reached < floor_m and reached < height:
            return now + _land(state, before, dt, floor_m, inverse_beta, rotation, j2)
        height = reached
        now += dt
        if sample:
            now = row * every_s
            if row < rows.shape[0]:
                copy_state(rows[row], state)
            row += 1
    return np.nan
