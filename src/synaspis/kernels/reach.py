"""How far a class flies with all its propellant, over all lofts: what a published range is held against."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.boost import BETA, DIAMETER, PAYLOAD, boost
from synaspis.kernels.earth import (
    J2,
    MEAN_RADIUS_M,
    geodetic_sine_height,
    set_enu,
    to_ecef,
)
from synaspis.kernels.flight import copy_state, fall, quick_height_of
from synaspis.kernels.forecast import HIGHEST_LOFT, LOWEST_LOFT, set_axes
from synaspis.kernels.geodesic import geodesic
from synaspis.kernels.jit import kernel

Floats = NDArray[np.float64]

BOOST_STEP_S = 0.5
_LOOK = math.radians(3.0)
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)
_ROUNDS = 9
# Beyond it the shortest way to the place of impact begins to lead round the other side.
_HALF_WAY_M = 0.98 * math.pi * MEAN_RADIUS_M


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
    """Fly `state` (6,) in place from launch to the ground; the time of that. Rows as in `boost`, `fall`.

    NaN where it does not come down, -1 where it falls back while it burns, or is below `floor_m` at its end.
    """
    axes = np.empty(6)
    set_axes(axes, frame, azimuth)
    now = boost(
        state, axes, stages, body[PAYLOAD], body[DIAMETER], loft, cutoff_s, BOOST_STEP_S / fineness,
        spin[0], spin[1], every_s, rows,
    )  # fmt: skip
    if now < 0.0 or quick_height_of(state) < floor_m:
        return -1.0
    return fall(state, now, 1.0 / body[BETA], floor_m, spin[0], spin[1], fineness, every_s, rows)


@kernel
def reach_m(
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
    """Ground distance of the flight that burns everything at `loft`.

    NaN where it does not come down, 0 where it falls back while it burns.
    """
    state = np.empty(6)
    copy_state(state, start)
    impact = fly_once(
        state, frame, stages, body, azimuth, loft, np.inf, floor_m, spin, 1.0, np.inf, np.empty((0, 6))
    )
    if not impact > 0.0:
        return np.nan if math.isnan(impact) else 0.0
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
def farthest_loft(
    start: Floats,
    frame: Floats,
    stages: Floats,
    body: Floats,
    launch: Floats,
    azimuth: float,
    floor_m: float,
    spin: Floats,
) -> tuple[float, float]:
    """The loft whose flight of all propellant goes farthest, and how far; NaN where a flight stays up.

    A look over lofts up to where range falls, then golden sections.
    """
    best, farthest, loft = LOWEST_LOFT, 0.0, LOWEST_LOFT
    while loft < HIGHEST_LOFT:
        reach = reach_m(start, frame, stages, body, launch, loft, azimuth, floor_m, spin)
        if math.isnan(reach) or reach > _HALF_WAY_M:
            return np.nan, np.nan
        if reach > farthest:
            best, farthest = loft, reach
        elif reach < 0.9 * farthest:
            break
        loft += _LOOK
    low, high = max(LOWEST_LOFT, best - _LOOK), best + _LOOK
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left = reach_m(start, frame, stages, body, launch, left, azimuth, floor_m, spin)
    at_right = reach_m(start, frame, stages, body, launch, right, azimuth, floor_m, spin)
    for _ in range(_ROUNDS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = reach_m(start, frame, stages, body, launch, left, azimuth, floor_m, spin)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = reach_m(start, frame, stages, body, launch, right, azimuth, floor_m, spin)
    if at_left > max(farthest, at_right):
        best, farthest = left, at_left
    elif at_right > farthest:
        best, farthest = right, at_right
    return (best, farthest) if farthest < _HALF_WAY_M else (np.nan, np.nan)


@kernel
def _farthest_m(stages: Floats, body: Floats, launch: Floats, azimuth: float, spin: Floats) -> float:
    frame = np.empty((3, 3))
    start = launch_state(launch, frame)
    return farthest_loft(start, frame, stages, body, launch, azimuth, 0.0, spin)[1]


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
