"""How fast trajectories fly: Runge-Kutta steps a second, against NumPy in the same run."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from bench import numpy_flight
from synaspis.kernels import earth, flight

Floats = NDArray[np.float64]
Row = dict[str, float | str]
Span = tuple[float, float]

COUNT = 100_000
STEPS = 200
STEP_S = 0.25
THREADS = 2
CHUNK = 64 * 16
PEER_STEPS = 6


def moving(
    luck: np.random.Generator, count: int, heights_m: Span, speeds_mps: Span, slopes_deg: Span, way: float
) -> Floats:
    """States (N, 6) anywhere, heading anywhere, on slopes upward (`way` 1) or downward (-1)."""
    geodetic = np.stack(
        [
            np.arcsin(luck.uniform(-0.95, 0.95, count)),
            luck.uniform(-np.pi, np.pi, count),
            luck.uniform(*heights_m, count),
        ],
        axis=1,
    )
    speed = luck.uniform(*speeds_mps, count)
    slope = luck.uniform(*np.radians(slopes_deg), count)
    heading = luck.uniform(-np.pi, np.pi, count)
    level = speed * np.cos(slope)
    local = np.stack([level * np.sin(heading), level * np.cos(heading), way * speed * np.sin(slope)], axis=1)
    velocity = np.einsum("ni,nij->nj", local, earth.enu_axes(geodetic))
    return np.hstack([earth.ecef_from_geodetic(geodetic), velocity])


def reentries(count: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Payloads on their way down through 60 to 110 km, at 1.5 to 7 km/s: (N, 6) and (N,)."""
    luck = np.random.default_rng(seed)
    states = moving(luck, count, (60e3, 110e3), (1500.0, 7000.0), (20.0, 70.0), -1.0)
    return states, luck.uniform(2000.0, 9000.0, count)


def _threaded(states: Floats, beta: Floats, out: Floats) -> float:
    def run(first: int) -> None:
        part = slice(first, first + CHUNK)
        flight.propagate_into(
            states[part], beta[part], STEP_S, STEPS, earth.ROTATION_RADPS, earth.J2, 1.0, out[part]
        )

    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(0, COUNT, CHUNK)))
    return time.perf_counter() - start


def bench() -> dict[str, Row]:
    """`rk4_steps`: steps a second on two threads, the NumPy peer's, and their ratio."""
    states, beta = reentries(COUNT)
    out = np.empty_like(states)
    _threaded(states[:128], beta[:128], out[:128])
    took = min(_threaded(states, beta, out) for _ in range(7))
    start = time.perf_counter()
    numpy_flight.propagate(states, beta, STEP_S, PEER_STEPS)
    peer_took = time.perf_counter() - start
    value, peer = COUNT * STEPS / took, COUNT * PEER_STEPS / peer_took
    return {
        "rk4_steps": {
            "value": value, "unit": "steps/s", "peer": "NumPy", "peer_value": peer, "ratio": value / peer,
        }
    }  # fmt: skip
