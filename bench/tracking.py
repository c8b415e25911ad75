"""Filters beside Stone Soup's on the same detections: updates a second, and errors over a whole arc.

On request only (`synaspis bench tracking`): Stone Soup is installed into an environment of its own.
Source of the peer: https://stonesoup.rtfd.io, package `stonesoup` on PyPI.
"""

from __future__ import annotations

import functools
import json
import math
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.basilisk import PEERS, environment
from synaspis.kernels import sight, trajectory
from synaspis.kernels.geodesic import geodesic_point
from synaspis.tracking import filters

Floats = NDArray[np.float64]
Row = dict[str, float | str]

ON_REQUEST = True
RUN_LIMIT_S = 500
RUNS = 6
ERRORS = np.array([20.0, 1e-3, 1e-3])
"""One-sigma errors of the radars: m, rad, rad."""
LOWEST = math.radians(2.0)
SETTLED = 30
"""Times after the first state from which errors count: before, they are those of two first looks, shared by
all."""
THREADS = 2
TRACKS, LOOKS = 4096, 30


@functools.cache
def flown() -> tuple[Floats, Floats, Floats, float]:
    """A flight of 900 km to the middle of three radars, a missile of round figures.

    Times (K,), states (K, 6) from launch on, NaN after impact; stations (S, STATION_COLUMNS); burnout.
    """
    launch = np.array([[math.radians(35.0), math.radians(50.0), 900.0]])
    aim = np.append(geodesic_point(launch[0, 0], launch[0, 1], math.radians(280.0), 900e3)[:2], 100.0)
    stages = np.array([[[50.0, 14500.0, 2000.0, 265.0], [45.0, 4000.0, 700.0, 270.0]]])
    body = [np.array([value]) for value in (750.0, 1.25, 5000.0)]
    times, states, burnout_s, *_ = trajectory.fly(
        stages, *body, launch, aim[None, :], np.zeros(1, np.int64), 1.0
    )
    places = np.array([[0.0, 0.0], [0.8, 0.5], [-0.6, 1.2]])
    geodetic = np.hstack([aim[:2] + np.radians(places), np.full((3, 1), 50.0)])
    return times, states[0], sight.radar_stations(geodetic), float(burnout_s[0])


def arc() -> tuple[Floats, Floats, Floats]:
    """The part of `flown` that all radars see above LOWEST: times (K,), states (K, 6), stations."""
    times, states, stations, _ = flown()
    seen = np.array([exact(state, stations)[:, 2] for state in states])
    up = np.flatnonzero((seen > LOWEST).all(axis=1))
    part = slice(up[0], up[-1] + 1)
    return times[part], states[part], stations


def exact(state: Floats, stations: Floats) -> Floats:
    """(S, PARTS): what all stations would measure of one state (6,) without error."""
    out = np.empty((len(stations), sight.PARTS))
    for s, station in enumerate(stations):
        sight.expect(np.append(state, 0.0), station, out[s])
    return out


def detections(times: Floats, states: Floats, stations: Floats, runs: int, seed: int = 1) -> Floats:
    """Rows (R, K, S, ROW_COLUMNS) as `kernels.sight` has them, without range rates."""
    luck = np.random.default_rng(seed)
    rows = np.full((runs, len(times), len(stations), sight.ROW_COLUMNS), np.inf)
    rows[..., sight.TIME] = times[:, None]
    true = np.array([exact(state, stations) for state in states])[..., :3]
    rows[..., 1:4] = true + ERRORS * luck.standard_normal((runs, *true.shape))
    rows[..., 4] = 0.0
    rows[..., 5:8] = ERRORS
    return rows


def started(rows: Floats, stations: Floats) -> tuple[Floats, Floats, float]:
    """First state of one run (K, S, ..), from its first two times."""
    return filters.first_state((rows[0], stations), (rows[1], stations), filters.BALLISTIC)


def ours(rows: Floats, states: Floats, stations: Floats, method: filters.Method) -> Floats:
    """Errors (R, K, 2) of position and velocity; NaN before the first state."""
    out = np.full((len(rows), len(states), 2), np.nan)
    for run, seen in enumerate(rows):
        one = filters.Filter(*started(seen, stations), filters.BALLISTIC, method)
        for k in range(1, len(states)):
            if k > 1:
                for s, station in enumerate(stations):
                    one.update(seen[k, s], station)
            off = one.mean[:6] - states[k]
            out[run, k] = np.linalg.norm(off[:3]), np.linalg.norm(off[3:])
    return out


def _best(run: Callable[[], int], times: int = 7) -> float:
    """Updates a second, the best of some goes."""
    rates = []
    for _ in range(times):
        start = time.perf_counter()
        done = run()
        rates.append(done / (time.perf_counter() - start))
    return max(rates)


def one_at_a_time(rows: Floats, stations: Floats, method: filters.Method) -> float:
    """Updates a second from Python on one core."""
    first = started(rows[0], stations)

    def run() -> int:
        one = filters.Filter(*first, filters.BALLISTIC, method)
        done = 0
        for _ in range(5):
            one.mean[:], one.cov[:], one.clock[0] = first
            for seen in rows[0, 2:]:
                for row, station in zip(seen, stations, strict=True):
                    one.update(row, station)
                    done += 1
        return done

    return _best(run)


def phases_at_a_time(rows: Floats, stations: Floats) -> float:
    """Updates of three modes a second from Python on one core."""
    mean, cov, now = started(rows[0], stations)

    def run() -> int:
        one = filters.Phases([(mean, cov)] * 3, (0.0, 0.5, 0.5), now)
        for seen in rows[0, 2:]:
            for row, station in zip(seen, stations, strict=True):
                one.update(row, station)
        return rows[0, 2:, :, 0].size

    return _best(run)


def _many_looks(rows: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """One radar's looks, a second apart, the same for TRACKS tracks, and whose they are."""
    looks = np.broadcast_to(rows[0, 2 : 2 + LOOKS, 0], (TRACKS, LOOKS, sight.ROW_COLUMNS))
    return np.ascontiguousarray(looks), np.zeros((TRACKS, LOOKS), np.int64)


def batch(rows: Floats, stations: Floats, method: filters.Method) -> float:
    """Updates a second over many tracks on two threads."""
    mean, cov, now = started(rows[0], stations)
    looks, which = _many_looks(rows)

    def run() -> int:
        bank = filters.Bank(
            means=np.tile(mean, (TRACKS, 1)), covs=np.tile(cov, (TRACKS, 1, 1)),
            clocks=np.full((TRACKS, 1), now), mode=filters.BALLISTIC, method=method, threads=THREADS,
        )  # fmt: skip
        bank.update(looks, which, stations)
        return TRACKS * LOOKS

    return _best(run)


def phases_batch(rows: Floats, stations: Floats) -> float:
    """Updates of three modes a second over many tracks on two threads."""
    mean, cov, now = started(rows[0], stations)
    looks, which = _many_looks(rows)

    def run() -> int:
        bank = filters.PhasesBank(
            means=np.tile(mean, (TRACKS, 3, 1)), covs=np.tile(cov, (TRACKS, 3, 1, 1)),
            weights=np.tile((0.0, 0.5, 0.5), (TRACKS, 1)), clocks=np.full((TRACKS, 1), now), threads=THREADS,
        )  # fmt: skip
        bank.update(looks, which, stations)
        return TRACKS * LOOKS

    return _best(run, 3)


def _peer(rows: Floats, times: Floats, states: Floats, stations: Floats) -> tuple[Floats, dict[str, float]]:
    """Stone Soup's errors (2, R, K - 1, 2) from the second time on, and what it says of itself."""
    python = environment(PEERS / "stonesoup.txt")
    starts = [started(seen, stations) for seen in rows]
    frames = np.concatenate([stations[:, :3, None], stations[:, 3:].reshape(-1, 3, 3).swapaxes(1, 2)], axis=2)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        np.savez(
            folder / "data.npz", rows=rows[:, 1:, :, [1, 2, 3, 5, 6, 7]], times=times[1:], truth=states[1:],
            frames=frames, starts=[s[0][:6] for s in starts], spreads=[s[1][:6, :6] for s in starts],
        )  # fmt: skip
        task = {
            "data": str(folder / "data.npz"),
            "errors": str(folder / "errors.npy"),
            "settled": SETTLED,
        }
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        command = [str(python), str(PEERS / "stonesoup_run.py"), str(folder / "task.json")]
        said = subprocess.run(command, check=True, timeout=RUN_LIMIT_S, capture_output=True, text=True)
        return np.load(folder / "errors.npy"), json.loads(said.stdout.splitlines()[-1])


def bench() -> dict[str, Row]:
    """Updates a second one at a time and in batch, and root-mean-square errors, with Stone Soup's best."""
    times, states, stations = arc()
    rows = detections(times, states, stations, RUNS)
    speeds = {
        "ekf_updates": one_at_a_time(rows, stations, "ekf"),
        "ukf_updates": one_at_a_time(rows, stations, "ukf"),
        "imm_updates": phases_at_a_time(rows, stations),
        "ekf_batch": batch(rows, stations, "ekf"),
        "ukf_batch": batch(rows, stations, "ukf"),
        "imm_batch": phases_batch(rows, stations),
    }
    found: dict[str, Row] = {name: {"value": rate, "unit": "updates/s"} for name, rate in speeds.items()}
    try:
        errors, said = _peer(rows, times, states, stations)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        text = str(getattr(problem, "stderr", None) or problem).strip()
        found["ekf_updates"]["note"] = f"no peer: Stone Soup could not be installed or run ({text[-200:]})"
        return found
    for name, rate in (("ekf", said["updates_per_s"]), ("ukf", said["ukf_updates_per_s"])):
        value = speeds[f"{name}_updates"]
        found[f"{name}_updates"] |= {"peer": "Stone Soup", "peer_value": rate, "ratio": value / rate}
    own = np.sqrt(np.mean(np.square(ours(rows, states, stations, "ekf")[:, 1 + SETTLED :]), axis=(0, 1)))
    theirs = np.sqrt(np.mean(np.square(errors[:, :, SETTLED:]), axis=(1, 2))).min(axis=0)
    for i, (name, unit) in enumerate((("track_position_error", "m"), ("track_velocity_error", "m/s"))):
        found[name] = {
            "value": float(own[i]), "unit": unit, "peer": "Stone Soup", "peer_value": float(theirs[i]),
            "ratio": float(theirs[i] / own[i]),
        }  # fmt: skip
    return found
