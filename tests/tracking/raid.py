"""A small raid on three radars and two satellites: exact flights of the house, detections by drawn luck."""

from __future__ import annotations

import functools
import math

import numpy as np

from bench import tracking as bench_tracking
from synaspis.kernels import motion, sight
from synaspis.tracking.filters import COAST
from synaspis.tracking.scan import Scan, Watch

FAR_M = 1.5e6
LOWEST = bench_tracking.LOWEST
RADAR_ERRORS = bench_tracking.ERRORS
LINE_ERROR = 30e-6
DETECTED = 0.9


def radars(count: int) -> tuple[Watch, ...]:
    return tuple(
        Watch(name=f"radar-{i}", kind="radar", longest_range_m=FAR_M, lowest_elevation_rad=LOWEST,
              detected=DETECTED)
        for i in range(count)
    )  # fmt: skip


def radar_scan(
    time_s: float, station: int, states: np.ndarray, luck: np.random.Generator, false: float = 2.0,
    detected: float = DETECTED,
) -> Scan:  # fmt: skip
    """What one radar detects of `states` (N, 6 or more)."""
    place = bench_tracking.flown()[2][station]
    seen = np.empty((len(states), sight.PARTS))
    for state, out in zip(states, seen, strict=True):
        sight.expect(np.append(state[:6], 0.0), place, out)
    there = (seen[:, 2] > LOWEST) & (seen[:, 0] < FAR_M) & (luck.random(len(states)) < detected)
    true = seen[there, :3] + RADAR_ERRORS * luck.standard_normal((int(there.sum()), 3))
    count = luck.poisson(false)
    clutter = np.column_stack([
        FAR_M * np.cbrt(luck.random(count)), luck.uniform(-math.pi, math.pi, count),
        np.arcsin(luck.uniform(math.sin(LOWEST), 1.0, count)),
    ])  # fmt: skip
    return Scan(
        time_s=time_s, received_s=time_s, station=station, sight=place,
        rows=rows(time_s, np.vstack([true, clutter]), RADAR_ERRORS),
    )  # fmt: skip


def rows(time_s: float, values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """(D, ROW_COLUMNS) of ranges and angles."""
    out = np.full((len(values), sight.ROW_COLUMNS), np.inf)
    out[:, sight.TIME] = time_s
    out[:, 1:4], out[:, 4], out[:, 5:8] = values, 0.0, errors
    out[:, 1] = np.clip(out[:, 1], 1.0, FAR_M)
    return out


@functools.cache
def coasting(
    count: int, frames: int, step_s: float = 1.0, box_m: float = 60e3
) -> tuple[np.ndarray, np.ndarray]:
    """Times (F,) and states (F, N, 6) of missiles that coast together, all in the radars' view."""
    times, states, _, burnout_s = bench_tracking.flown()
    k = int(np.searchsorted(times, burnout_s + 120.0))
    luck, room = np.random.default_rng(7), np.zeros(motion.ROOM)
    out = np.empty((frames, count, 6))
    for n in range(count):
        state = np.append(states[k], 8.0)
        state[:3] += luck.uniform(-box_m, box_m, 3)
        state[3:6] += 100.0 * luck.standard_normal(3)
        for f in range(frames):
            out[f, n] = state[:6]
            motion.move(state, COAST.row(), step_s, room)
    return times[k] + step_s * np.arange(frames), out


@functools.cache
def raid(count: int, frames: int, step_s: float = 1.0, false: float = 2.0) -> tuple[Scan, ...]:
    """Scans of three radars, each frame all three at one time."""
    times, states = coasting(count, frames, step_s)
    luck = np.random.default_rng(11)
    return tuple(
        radar_scan(float(t), s, now, luck, false)
        for t, now in zip(times, states, strict=True)
        for s in range(3)
    )


def satellites() -> np.ndarray:
    """Two stations in the geostationary belt that see the flight from two sides."""
    angles = np.radians([10.0, 75.0])
    places = 42_164e3 * np.column_stack([np.cos(angles), np.sin(angles), np.zeros(2)])
    return sight.satellite_stations(places)


def infrared_scan(
    time_s: float, station: int, place: np.ndarray, states: np.ndarray, luck: np.random.Generator
) -> Scan:
    """The lines of sight of one satellite to all `states`, each detected."""
    seen = np.empty((len(states), sight.PARTS))
    for state, out in zip(states, seen, strict=True):
        sight.expect(np.append(state[:6], 0.0), place, out)
    found = np.full((len(states), sight.ROW_COLUMNS), np.inf)
    found[:, sight.TIME] = time_s
    found[:, 1], found[:, 4] = 0.0, 0.0
    found[:, 2:4] = seen[:, 1:3] + LINE_ERROR * luck.standard_normal((len(states), 2))
    found[:, 6:8] = LINE_ERROR
    return Scan(time_s=time_s, received_s=time_s, station=station, sight=place, rows=found)
