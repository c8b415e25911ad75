"""What comes down after a hit: fragments of two bodies about their own paths, flown to the ground.

Each body's fragments take changes of speed that sum to nothing, so that its momentum is kept: every
direction comes with its opposite. They fall through still air, each with a constant ballistic coefficient,
to height 0. What burns up on the way, tumbles or lifts is left out.

An interceptor's velocity where it meets a missile is that of its flyout (`kernels.flyout`): a straight
powered path, bent by gravity alone.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.flight import copy_state, fall, quick_height_of
from synaspis.kernels.flyout import BURN, GRAVITY, SLOWING, SPEED, time_to_point
from synaspis.kernels.jit import kernel

Floats = NDArray[np.float64]

_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))
THIN_AIR_M = 30_000.0
"""Above it the steps of a whole missile do for any fragment; below, light ones need shorter steps."""
STIFF_KGPM2 = 800.0
"""In the densest air a step of `flight.stride_s` is stable from this coefficient on."""
HALF_DIRECTIONS, SPEEDS, COEFFICIENTS = 12, 3, 3
FRAGMENTS = 2 * HALF_DIRECTIONS * SPEEDS * COEFFICIENTS


def fragments(fastest_mps: float, lightest_kgpm2: float, heaviest_kgpm2: float) -> tuple[Floats, Floats]:
    """Changes of velocity (F, 3), m/s, and 1 / ballistic coefficients (F,), m2/kg; masses are equal.

    Directions are even over the sphere (a golden spiral on one half, and the opposite of each), speeds are
    even up to the fastest, coefficients even in their logarithm: the middles of three parts each.
    """
    k = np.arange(HALF_DIRECTIONS)
    up = (k + 0.5) / HALF_DIRECTIONS
    flat = np.sqrt(1.0 - up * up)
    half = np.stack([flat * np.cos(_GOLDEN * k), flat * np.sin(_GOLDEN * k), up], axis=1)
    directions = np.concatenate([half, -half])
    speeds = fastest_mps * (np.arange(SPEEDS) + 0.5) / SPEEDS
    parts = (np.arange(COEFFICIENTS) + 0.5) / COEFFICIENTS
    coefficients = lightest_kgpm2 * (heaviest_kgpm2 / lightest_kgpm2) ** parts
    moves = (speeds[:, None, None] * directions).reshape(-1, 3)
    return np.tile(moves, (COEFFICIENTS, 1)), np.repeat(1.0 / coefficients, len(moves))


@kernel
def come_down(
    state: Floats, moves: Floats, inverse_beta: Floats, rotation: float, j2: float, places: Floats
) -> None:
    """Where fragments of a body in `state` (6,) land: ECEF into `places` (F, 3), NaN for one that stays up.

    Shapes: moves (F, 3) m/s, inverse_beta (F,) m2/kg. `rotation` and `j2` as in `flight.fall`.
    """
    one, none = np.empty(6), np.empty((0, 6))
    for f in range(moves.shape[0]):
        copy_state(one, state)
        for c in range(3):
            one[3 + c] += moves[f, c]
        landed = 0.0
        if quick_height_of(one) > THIN_AIR_M:
            landed = fall(one, 0.0, inverse_beta[f], THIN_AIR_M, rotation, j2, 1.0, np.inf, none)
        if not math.isnan(landed):
            fine = max(1.0, STIFF_KGPM2 * inverse_beta[f])
            landed = fall(one, landed, inverse_beta[f], 0.0, rotation, j2, fine, np.inf, none)
        for c in range(3):
            places[f, c] = np.nan if math.isnan(landed) else one[c]


@kernel
def arrival(row: Floats, launcher: Floats, up: Floats, point: Floats, velocity: Floats) -> bool:
    """The velocity (3,) m/s with which an interceptor comes to `point`; whether it comes there at all.

    `row` as in `flyout` (FLYOUT_COLUMNS); launcher, its unit vector up, and point (3,) ECEF.
    """
    height = 0.0
    for c in range(3):
        height += (point[c] - launcher[c]) * up[c]
    across2 = 0.0
    for c in range(3):
        across2 += (point[c] - launcher[c] - height * up[c]) ** 2
    time = time_to_point(row[SPEED], row[BURN], row[SLOWING], math.sqrt(across2), height)
    if not time < np.inf:
        return False
    g = GRAVITY * (MEAN_RADIUS_M / (MEAN_RADIUS_M + max(0.5 * height, 0.0))) ** 2
    coasting = max(0.0, time - row[BURN])
    speed = row[SPEED] * min(1.0, time / row[BURN]) / (1.0 + row[SPEED] * coasting / row[SLOWING])
    length2 = across2 + (height + 0.5 * g * time * time) ** 2
    for c in range(3):
        ahead = point[c] - launcher[c] + 0.5 * g * time * time * up[c]
        velocity[c] = speed * ahead / math.sqrt(length2) - g * time * up[c]
    return True
