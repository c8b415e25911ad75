"""How far a class flies with all its propellant, over all lofts: what a published range is held against."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.aim import launch_state, reach_m
from synaspis.kernels.earth import J2, MEAN_RADIUS_M
from synaspis.kernels.forecast import HIGHEST_LOFT, LOWEST_LOFT
from synaspis.kernels.jit import kernel

Floats = NDArray[np.float64]

_LOOK = math.radians(3.0)
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
_ROUNDS = 9
# Beyond it the shortest way to the place of impact begins to lead round the other side.
_HALF_WAY_M = 0.98 * math.pi * MEAN_RADIUS_M


@kernel
def _farthest_m(stages: Floats, body: Floats, launch: Floats, azimuth: float, spin: Floats) -> float:
    """A look over lofts up to where range falls, then golden sections; NaN where a flight stays up."""
    frame = np.empty((3, 3))
    start = launch_state(launch, frame)
    best, farthest, loft = LOWEST_LOFT, 0.0, LOWEST_LOFT
    while loft < HIGHEST_LOFT:
        reach = reach_m(start, frame, stages, body, launch, loft, azimuth, 0.0, spin)
        if math.isnan(reach) or reach > _HALF_WAY_M:
            return np.nan
        if reach > farthest:
            best, farthest = loft, reach
        elif reach < 0.9 * farthest:
            break
        loft += _LOOK
    low, high = max(LOWEST_LOFT, best - _LOOK), best + _LOOK
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left = reach_m(start, frame, stages, body, launch, left, azimuth, 0.0, spin)
    at_right = reach_m(start, frame, stages, body, launch, right, azimuth, 0.0, spin)
    for _ in range(_ROUNDS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = reach_m(start, frame, stages, body, launch, left, azimuth, 0.0, spin)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = reach_m(start, frame, stages, body, launch, right, azimuth, 0.0, spin)
    farthest = max(farthest, at_left, at_right)
    return farthest if farthest < _HALF_WAY_M else np.nan


def farthest_m(
    stages: Floats,
    payload_kg: float,
    diameter_m: float,
    beta_kgpm2: float,
    launch: tuple[float, float],
    azimuth_rad: float,
    rotation_radps: float,
) -> float:
    """Ground distance, metres, of the farthest flight of a class from `launch` (rad) towards `azimuth_rad`.

    `stages` (stages, 4) as in `trajectory.fly`; `rotation_radps` 0 stops the Earth. NaN where it flies
    out, or about half way round and more.
    """
    return float(
        _farthest_m(
            np.ascontiguousarray(stages, dtype=np.float64),
            np.array([payload_kg, diameter_m, beta_kgpm2], dtype=np.float64),
            np.array([launch[0], launch[1], 0.0]),
            azimuth_rad,
            np.array([rotation_radps, J2]),
        )
    )
