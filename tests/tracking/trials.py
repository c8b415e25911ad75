"""Many trials of one flight whose ballistic coefficient is drawn from what a filter thinks of it at first."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from bench import tracking as bench_tracking
from synaspis.kernels import sight
from synaspis.kernels.earth import J2, ROTATION_RADPS, ecef_from_geodetic, geodetic_from_ecef
from synaspis.kernels.flight import fall, propagate
from synaspis.tracking import filters

Floats = NDArray[np.float64]
LAST_S = 300
WEIGHTS = (0.1, 0.6, 0.3)


@functools.cache
def truths(trials: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """States (N, K, 6) a second apart from launch on, impact (N, 2) latitude and longitude, and its time."""
    times, states, _, burnout_s = bench_tracking.flown()
    luck = np.random.default_rng(seed)
    first = filters.COAST
    beta = np.exp(first.fresh + first.fresh_sigma * luck.standard_normal(trials))
    settled = math.ceil(burnout_s)
    out = np.empty((trials, LAST_S + 1, 6))
    out[:, : settled + 1] = states[: settled + 1]
    for k in range(settled, LAST_S):
        out[:, k + 1] = propagate(np.ascontiguousarray(out[:, k]), beta, 0.5, 2)
    when, ends = np.empty(trials), np.empty((trials, 3))
    for n in range(trials):
        state = states[settled].copy()
        when[n] = fall(
            state, times[settled], 1.0 / beta[n], 0.0, ROTATION_RADPS, J2, 1.0, np.inf, np.empty((0, 6))
        )
        ends[n] = state[:3]
    return out, geodetic_from_ecef(ends)[:, :2], when


def seen(states: Floats, stations: Floats) -> Floats:
    """(..., 6) states -> (..., S, 3) of range and angles without error."""
    way = states[..., None, :3] - stations[:, :3]
    across, ahead, up = np.moveaxis(
        np.einsum("sij,...sj->...si", stations[:, 3:].reshape(-1, 3, 3), way), -1, 0
    )
    return np.stack(
        [np.linalg.norm(way, axis=-1), np.arctan2(across, ahead), np.arctan2(up, np.hypot(across, ahead))], -1
    )


def looks(states: Floats, stations: Floats, at_s: Floats, errors: Floats, seed: int) -> Floats:
    """Rows (N, M, S, ROW_COLUMNS) of looks at whole seconds; `errors` (S, 3), inf where not measured."""
    luck = np.random.default_rng(seed)
    times = np.asarray(at_s, np.int64)
    rows = np.full((len(states), len(times), len(stations), sight.ROW_COLUMNS), np.inf)
    rows[..., sight.TIME] = times[:, None]
    noise = np.where(np.isfinite(errors), errors, 0.0)
    rows[..., 1:4] = seen(states[:, times], stations) + noise * luck.standard_normal(rows[..., 1:4].shape)
    rows[..., 4] = 0.0
    rows[..., 5:8] = errors
    return rows


def bank_of(rows: Floats, stations: Floats, weights: tuple[float, ...] = WEIGHTS) -> filters.PhasesBank:
    """Tracks (N) of three modes from the first two looks."""
    first = [
        [filters.first_state((own[0], stations), (own[1], stations), m) for m in filters.PHASES]
        for own in rows
    ]
    return filters.PhasesBank(
        means=np.array([[mean for mean, _, _ in each] for each in first]),
        covs=np.array([[cov for _, cov, _ in each] for each in first]),
        weights=np.tile(weights, (len(rows), 1)),
        clocks=np.array([[each[0][2]] for each in first]),
        threads=2,
    )


def satellites() -> Floats:
    """Two over the equator, at 20 and 70 degrees east: (2, STATION_COLUMNS)."""
    places = np.array([[0.0, math.radians(20.0), 35_786e3], [0.0, math.radians(70.0), 35_786e3]])
    return sight.satellite_stations(ecef_from_geodetic(places))
