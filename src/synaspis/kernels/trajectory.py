"""Whole flights on a grid of times, and how a flight's later states depend on its state at burnout."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.aim import (
    AZIMUTH,
    CLOSURE,
    CUTOFF,
    IMPACT,
    LOFT,
    REACH,
    aim_all,
)
from synaspis.kernels.earth import J2, ROTATION_RADPS
from synaspis.kernels.flight import LANES, advance_lanes, quick_height_of, stride_s
from synaspis.kernels.jit import kernel
from synaspis.kernels.reach import fly_once, launch_state

Floats = NDArray[np.float64]

# Steps of the central differences: small beside the flight's own scales, large beside rounding.
POSITION_STEP_M = 10.0
VELOCITY_STEP_MPS = 0.01
SPREAD_LANES = 16  # 13 are wanted; two registers of eight


@kernel
def _sample(
    stages: Floats,
    body: Floats,
    launch: Floats,
    target: Floats,
    found: Floats,
    spin: Floats,
    every_s: float,
    states: Floats,
) -> None:
    """Fill `states` (N, K, 6), given as NaN, with the flights that `found` (N, 6) describes."""
    frame = np.empty((3, 3))
    for i in range(stages.shape[0]):
        if not math.isnan(found[i, IMPACT]):
            state = launch_state(launch[i], frame)
            last = int(found[i, IMPACT] / every_s) + 1
            fly_once(
                state, frame, stages[i], body[i], found[i, AZIMUTH], found[i, LOFT], found[i, CUTOFF],
                target[i, 2], spin, 1.0, every_s, states[i, :last],
            )  # fmt: skip


def _chunks(count: int, threads: int) -> list[slice]:
    size = max(1, -(-count // (4 * threads)))
    return [slice(i, min(i + size, count)) for i in range(0, count, size)]


def fly(
    stages: Floats,
    payload_kg: Floats,
    diameter_m: Floats,
    beta_kgpm2: Floats,
    launch: Floats,
    target: Floats,
    shape: NDArray[np.int64],
    dt_s: float,
    threads: int = 1,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Fly N missiles: (times_s, state, burnout_s, impact_s, closure_m, reach_m).

    `stages` (N, stages, 4): burn s, propellant kg, dry kg, impulse s, padded with rows of zeros;
    payload, diameter and ballistic coefficient (N,); `launch` and `target` (N, 3): latitude,
    longitude (rad), height (m); `shape` (N,): 0 minimum-energy, 1 lofted, 2 depressed.
    `times_s` (K,) counts from each missile's launch; `state` (N, K, 6) is ECEF position and
    velocity, NaN after impact. `closure_m` is the distance from impact to target. Where a target
    is out of reach all is NaN but `reach_m`: how far the class flies that way (NaN where it gets there).
    """
    count = stages.shape[0]
    body = np.stack([payload_kg, diameter_m, beta_kgpm2], axis=1).astype(np.float64)
    table = np.ascontiguousarray(stages, dtype=np.float64)
    places = [np.ascontiguousarray(place, dtype=np.float64) for place in (launch, target)]
    shapes = np.ascontiguousarray(shape, dtype=np.int64)
    spin = np.array([ROTATION_RADPS, J2])
    found = np.full((count, 6), np.nan)

    def solve(part: slice) -> None:
        aim_all(table[part], body[part], places[0][part], places[1][part], shapes[part], spin, found[part])

    def sample(part: slice) -> None:
        _sample(
            table[part], body[part], places[0][part], places[1][part], found[part], spin, dt_s, state[part]
        )

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(solve, _chunks(count, threads)))
        longest = np.nanmax(found[:, IMPACT], initial=0.0)
        times: Floats = dt_s * np.arange(int(longest / dt_s) + 1, dtype=np.float64)
        state = np.full((count, times.size, 6), np.nan)
        list(pool.map(sample, _chunks(count, threads)))
    return (
        times, state, found[:, CUTOFF].copy(), found[:, IMPACT].copy(),
        found[:, CLOSURE].copy(), found[:, REACH].copy(),
    )  # fmt: skip


@kernel
def _spread_lanes(block: Floats, state: Floats, inverse_beta: float) -> None:
    """Lane 0 the state itself, then two for each of its six entries: a step up, a step down.

    The lanes left over fly the state too: whole registers take half the time of 13 lanes.
    """
    for lane in range(SPREAD_LANES):
        for c in range(6):
            block[c, lane] = state[c]
        block[6, lane] = inverse_beta
    for c in range(6):
        move = POSITION_STEP_M if c < 3 else VELOCITY_STEP_MPS
        block[c, 1 + 2 * c] += move
        block[c, 2 + 2 * c] -= move


@kernel
def _read_lanes(block: Floats, phi: Floats) -> None:
    for c in range(6):
        move = POSITION_STEP_M if c < 3 else VELOCITY_STEP_MPS
        for r in range(6):
            phi[r, c] = (block[r, 1 + 2 * c] - block[r, 2 + 2 * c]) / (2.0 * move)


@kernel
def _transition_one(
    states: Floats, first: int, last: int, inverse_beta: float, dt_s: float, spin: Floats, phi: Floats
) -> None:
    """`transition` of one missile between rows `first` and `last`; the others of `phi` are left."""
    block = np.empty((7, LANES))
    _spread_lanes(block, states[first], inverse_beta)
    _read_lanes(block, phi[first])
    for k in range(first, last):
        shortest = dt_s
        for end in range(k, k + 2):
            row = states[end]
            speed = math.sqrt(row[3] * row[3] + row[4] * row[4] + row[5] * row[5])
            shortest = min(shortest, stride_s(quick_height_of(row), speed, 1.0))
        steps = math.ceil(dt_s / shortest)
        advance_lanes(block, SPREAD_LANES, dt_s / steps, steps, spin[0], spin[1])
        _read_lanes(block, phi[k + 1])


@kernel
def _transition_all(
    states: Floats,
    burnout_s: Floats,
    impact_s: Floats,
    beta_kgpm2: Floats,
    dt_s: float,
    spin: Floats,
    phi: Floats,
    first: NDArray[np.int64],
) -> None:
    for i in range(states.shape[0]):
        if not math.isnan(impact_s[i]):
            last = min(states.shape[1] - 1, math.floor(impact_s[i] / dt_s))
            first[i] = math.ceil(burnout_s[i] / dt_s)
            if first[i] <= last:
                _transition_one(states[i], first[i], last, 1.0 / beta_kgpm2[i], dt_s, spin, phi[i])


def transition(
    state: Floats, burnout_s: Floats, impact_s: Floats, beta_kgpm2: Floats, dt_s: float
) -> tuple[Floats, NDArray[np.int64]]:
    """How the state at each time depends on that at burnout: `phi` (N, K, 6, 6) and `first` (N,).

    `state` (N, K, 6), `burnout_s`, `impact_s` (N,) as from `fly`, on its grid of `dt_s`. `phi[i, k]` is
    the derivative of `state[i, k]` by `state[i, first[i]]`, the first sample at or after burnout,
    by central differences; NaN before that row and after impact. `first` is -1 where nothing flies.
    """
    phi = np.full((*state.shape, 6), np.nan)
    first = np.full(state.shape[0], -1, dtype=np.int64)
    spin = np.array([ROTATION_RADPS, J2])
    _transition_all(
        np.ascontiguousarray(state, dtype=np.float64),
        np.ascontiguousarray(burnout_s, dtype=np.float64),
        np.ascontiguousarray(impact_s, dtype=np.float64),
        np.ascontiguousarray(beta_kgpm2, dtype=np.float64),
        dt_s, spin, phi, first,
    )  # fmt: skip
    return phi, first
