"""The peer of `kernels.flight.propagate`: the same equations in plain vectorised NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import atmosphere as air
from synaspis.kernels import earth

Floats = NDArray[np.float64]


def density(height: Floats) -> Floats:
    """The kernel's table of density, read with NumPy."""
    at = np.clip((height - air.TABLE_BASE_M) / air.TABLE_STEP_M, 0.0, air._HEIGHTS.size - 2.0)
    row = at.astype(np.intp)
    return air._DENSITY[row] * np.exp((at - row) * air._FALL[row])


def rates(state: Floats, beta: Floats, rotation: float, j2: float, drag: float) -> Floats:
    """Time derivative of (6, N) states: gravity with J2, the turning frame, drag."""
    x, y, z, vx, vy, vz = state
    radius2 = x * x + y * y + z * z
    radius = np.sqrt(radius2)
    sine2 = z * z / radius2
    pull = earth.GRAVITY_M3PS2 / (radius2 * radius)
    bulge = 1.5 * j2 * earth.EQUATORIAL_RADIUS_M**2 / radius2
    across = rotation**2 - pull * (1.0 + bulge * (1.0 - 5.0 * sine2))
    height = earth.quick_height_m.py_func(radius, sine2)  # arithmetic only, so it takes arrays too
    speed = np.sqrt(vx * vx + vy * vy + vz * vz)
    slow = -0.5 * density(height) * speed * drag / beta
    return np.stack([
        vx, vy, vz,
        across * x + 2.0 * rotation * vy + slow * vx,
        across * y - 2.0 * rotation * vx + slow * vy,
        -pull * (1.0 + bulge * (3.0 - 5.0 * sine2)) * z + slow * vz,
    ])  # fmt: skip


def propagate(
    states: Floats,
    beta: Floats,
    dt: float,
    steps: int,
    rotation: float = earth.ROTATION_RADPS,
    j2: float = earth.J2,
    drag: float = 1.0,
) -> Floats:
    """As `kernels.flight.propagate`: (N, 6), (N,) -> (N, 6)."""
    state = np.ascontiguousarray(states.T)
    for _ in range(steps):
        k1 = rates(state, beta, rotation, j2, drag)
        k2 = rates(state + 0.5 * dt * k1, beta, rotation, j2, drag)
        k3 = rates(state + 0.5 * dt * k2, beta, rotation, j2, drag)
        k4 = rates(state + dt * k3, beta, rotation, j2, drag)
        state = state + dt / 6.0 * (k1 + 2.0 * (k2 + k3) + k4)
    return np.ascontiguousarray(state.T)
