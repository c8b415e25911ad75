"""How fast radars' visibility is tested, against plain vectorised NumPy in the same run."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import earth, radar

Floats = NDArray[np.float64]
Row = dict[str, float | str]

POINTS = 500_000
RADARS = 14
THREADS = 2
CHUNK = 8192
PEER_POINTS = 50_000


def scene(points: int, radars: int, seed: int = 3) -> tuple[Floats, Floats]:
    """Points on trajectories over Europe and the Middle East, and radars there: (K, 3), (S, 15)."""
    luck = np.random.default_rng(seed)

    def spread(count: int, top_m: float) -> Floats:
        latitude = luck.uniform(np.radians(25.0), np.radians(60.0), count)
        longitude = luck.uniform(np.radians(-10.0), np.radians(60.0), count)
        return np.stack([latitude, longitude, luck.uniform(0.0, top_m, count)], axis=1)

    table = radar.radar_table(
        spread(radars, 2000.0),
        luck.uniform(150e3, 3000e3, radars),
        luck.uniform(0.0, 2.0 * np.pi, radars),
        np.full(radars, np.radians(120.0)),
        np.full(radars, np.radians(2.0)),
        np.full(radars, np.radians(85.0)),
    )
    return earth.ecef_from_geodetic(spread(points, 600e3)), table


def numpy_visible(points: Floats, table: Floats) -> NDArray[np.bool_]:
    """The peer: the same tests by angles, all radars at once."""
    gap = points[None, :, :] - table[:, None, 0:3]
    distance = np.sqrt(np.einsum("skc,skc->sk", gap, gap))
    up = np.einsum("skc,sc->sk", gap, table[:, radar.UP : radar.UP + 3])
    ahead = np.einsum("skc,sc->sk", gap, table[:, radar.FACING : radar.FACING + 3])
    column = table[:, :, None]
    bend = column[:, radar.BEND] * np.minimum(distance, column[:, radar.BEND_RANGE])
    level = np.sqrt(np.maximum(distance**2 - up**2, 0.0))
    return (
        (distance**2 <= column[:, radar.RANGE_SQUARED])
        & (up / distance + bend >= column[:, radar.LOW])
        & (up / distance <= column[:, radar.HIGH])
        & (ahead / level >= column[:, radar.COS_HALF])
    )


def _threaded(points: Floats, table: Floats) -> float:
    def run(first: int) -> None:
        part = points[first : first + CHUNK]
        radar.visible_into(part, table, np.empty((table.shape[0], part.shape[0]), dtype=np.bool_))

    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(0, points.shape[0], CHUNK)))
    return time.perf_counter() - start


def bench() -> dict[str, Row]:
    """`visibility`: tests a second on two threads, the NumPy peer's, and their ratio."""
    points, table = scene(POINTS, RADARS)
    _threaded(points[:CHUNK], table)
    took = min(_threaded(points, table) for _ in range(5))
    start = time.perf_counter()
    numpy_visible(points[:PEER_POINTS], table)
    peer_took = time.perf_counter() - start
    value, peer = POINTS * RADARS / took, PEER_POINTS * RADARS / peer_took
    return {
        "visibility": {
            "value": value, "unit": "tests/s", "peer": "NumPy", "peer_value": peer, "ratio": value / peer,
        }
    }  # fmt: skip
