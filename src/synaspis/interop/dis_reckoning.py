"""Dead reckoning: where an entity is when nothing new was heard of it.

Source: IEEE Std 1278.1-2012, Annex E: algorithms in world coordinates. In their names F is fixed and R
rotating, P constant velocity and V constant acceleration, W world coordinates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STATIC, FPW, RPW, RVW, FVW = 1, 2, 3, 4, 5
_SLOW_RADPS = 1e-12


def reckon(
    algorithm: ArrayLike,
    dt_s: ArrayLike,
    location: ArrayLike,
    velocity: ArrayLike,
    acceleration: ArrayLike = 0.0,
    orientation: ArrayLike = 0.0,
    spin: ArrayLike = 0.0,
) -> tuple[Floats, Floats]:
    """Location and orientation (psi, theta, phi) after `dt_s`.

    Shapes: `algorithm` and `dt_s` (...), the others (..., 3) or a number. m, s, rad; `spin` in rad/s about
    the body's axes. An algorithm other than 1 to 5 gives NaN.
    """
    which, dt = (np.asarray(x)[..., None] for x in (algorithm, dt_s))
    place, speed, push, turned, turning = (
        np.asarray(x, float) for x in (location, velocity, acceleration, orientation, spin)
    )
    moved = place + np.where(which == STATIC, 0.0, speed * dt)
    moved = moved + np.where((which == RVW) | (which == FVW), 0.5 * push * dt * dt, 0.0)
    known = (which >= STATIC) & (which <= FVW)
    shape = np.broadcast_shapes(moved.shape, turned.shape, turning.shape)
    turned, turning = np.broadcast_to(turned, shape), np.broadcast_to(turning, shape)
    new = angles(_turn(turning, np.broadcast_to(dt, (*shape[:-1], 1))) @ axes(turned))
    new = np.where((which == RPW) | (which == RVW), new, turned)
    return np.where(known, moved, np.nan), np.where(known, new, np.nan)


def axes(orientation: Floats) -> Floats:
    """World to body, (..., 3, 3), from Euler angles (..., 3): psi about z, theta about y, phi about x."""
    (cz, cy, cx), (sz, sy, sx) = (np.moveaxis(f(orientation), -1, 0) for f in (np.cos, np.sin))
    rows = [
        [cy * cz, cy * sz, -sy],
        [sx * sy * cz - cx * sz, sx * sy * sz + cx * cz, sx * cy],
        [cx * sy * cz + sx * sz, cx * sy * sz - sx * cz, cx * cy],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def angles(world_to_body: Floats) -> Floats:
    """Euler angles (..., 3) of what `axes` gives."""
    r = world_to_body
    theta = np.arcsin(np.clip(-r[..., 0, 2], -1.0, 1.0))
    return np.stack(
        [np.arctan2(r[..., 0, 1], r[..., 0, 0]), theta, np.arctan2(r[..., 1, 2], r[..., 2, 2])], axis=-1
    )


def _turn(spin: Floats, dt: Floats) -> Floats:
    """Old body axes to new ones: rotation at a constant rate, (..., 3, 3)."""
    rate = np.linalg.norm(spin, axis=-1, keepdims=True)
    axis = np.where(rate > _SLOW_RADPS, spin / np.maximum(rate, _SLOW_RADPS), 0.0)
    angle = (rate * dt)[..., None]
    x, y, z = np.moveaxis(axis, -1, 0)
    o = np.zeros_like(x)
    cross = np.stack([np.stack(row, axis=-1) for row in ([o, -z, y], [z, o, -x], [-y, x, o])], axis=-2)
    return np.eye(3) - np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)
