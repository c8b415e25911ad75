"""How fast detections of many targets are gated and assigned, against NumPy and SciPy in the same run.

A frame: 200 targets seen by four radars with detection chance 0.9 and clutter of 1e-9 per km3, in range,
azimuth and elevation. The peer gates all pairs by NumPy and assigns by SciPy's dense linear_sum_assignment.
Filters are not part of it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.tracking import association

Floats = NDArray[np.float64]
Row = dict[str, float | str]
Scan = tuple[Floats, Floats, Floats, Floats]

TARGETS = 200
SENSORS = 4
DETECTED = 0.9
CLUTTER_PER_M3 = 1e-18
NEAREST_M, FARTHEST_M = 100e3, 1_500e3
SIGMA = np.array([30.0, 1e-3, 1e-3])
TRACK_SIGMA_M = 300.0
PERIODIC = np.array([False, True, False])
FRAMES = 200
PEER_FRAMES = 10


def scan(seed: int, targets: int = TARGETS) -> Scan:
    """One radar's look: predicted (T, 3), their covariances (T, 3, 3), detections (D, 3), densities (D,)."""
    luck = np.random.default_rng(seed)
    # Targets of a raid: close to each other, in a box of 400 by 400 by 200 km.
    place = np.array([600e3, 0.0, 150e3]) + luck.uniform(-1.0, 1.0, (targets, 3)) * [200e3, 200e3, 100e3]
    true = _spherical(place)
    spread = np.stack(
        [
            np.full(targets, TRACK_SIGMA_M),
            TRACK_SIGMA_M / (true[:, 0] * np.cos(true[:, 2])),
            TRACK_SIGMA_M / true[:, 0],
        ],
        axis=1,
    )
    covariances = np.einsum("ti,ij->tij", spread**2 + SIGMA**2, np.eye(3))
    predicted = true + luck.normal(size=true.shape) * spread
    seen = (true + luck.normal(size=true.shape) * SIGMA)[luck.random(targets) < DETECTED]
    # A hemisphere of clutter, even by volume.
    volume = 2.0 / 3.0 * math.pi * (FARTHEST_M**3 - NEAREST_M**3)
    false = luck.poisson(CLUTTER_PER_M3 * volume)
    distance = np.cbrt(luck.uniform(NEAREST_M**3, FARTHEST_M**3, false))
    azimuth = luck.uniform(-math.pi, math.pi, false)
    clutter = np.stack([distance, azimuth, np.arcsin(luck.uniform(0.0, 1.0, false))], axis=1)
    detections = np.concatenate([seen, clutter])
    return (
        predicted,
        covariances,
        detections,
        association.radar_density(CLUTTER_PER_M3, detections[:, 0], detections[:, 2]),
    )


def _spherical(place: Floats) -> Floats:
    distance = np.linalg.norm(place, axis=1)
    return np.stack(
        [distance, np.arctan2(place[:, 1], place[:, 0]), np.arcsin(place[:, 2] / distance)], axis=1
    )


def ours(each: Scan) -> Any:
    """Gate and assign one look: the detection of each track."""
    predicted, covariances, detections, density = each
    links = association.gate(predicted, covariances, detections, PERIODIC)
    return association.nearest(links, association.scores(links, DETECTED, density))


def jpda(each: Scan) -> Any:
    """Gate one look and count chances."""
    predicted, covariances, detections, density = each
    links = association.gate(predicted, covariances, detections, PERIODIC)
    return association.chances(links, association.scores(links, DETECTED, density))


def plain(each: Scan) -> Any:
    """The same assignment with NumPy on all pairs and SciPy on the dense matrix."""
    from scipy.optimize import linear_sum_assignment
    from scipy.special import chdtri

    predicted, covariances, detections, density = each
    off = detections[None] - predicted[:, None]
    off[..., 1] = np.mod(off[..., 1] + math.pi, 2.0 * math.pi) - math.pi
    square = np.einsum("tdi,tij,tdj->td", off, np.linalg.inv(covariances), off, optimize=True)
    inside = association.GATE
    log = np.linalg.slogdet(covariances)[1]
    score = (
        math.log(DETECTED / (1.0 - DETECTED * inside))
        - 0.5 * (square + log[:, None] + 3.0 * math.log(2.0 * math.pi))
        - np.log(density)
    )
    good = (square <= chdtri(3, 1.0 - inside)) & (score > 0.0)
    cost = np.hstack([np.where(good, -score, 0.0), np.zeros((len(predicted), len(predicted)))])
    rows, columns = linear_sum_assignment(cost)
    taken = np.full(len(predicted), -1)
    kept = (columns < len(detections)) & (cost[rows, columns] < 0.0)
    taken[rows[kept]] = columns[kept]
    return taken


def _rate(work: Callable[[Scan], Any], frames: list[list[Scan]]) -> float:
    """Frames a second, one core, each frame one look of every sensor."""
    work(frames[0][0])
    start = time.perf_counter()
    for frame in frames:
        for each in frame:
            work(each)
    return len(frames) / (time.perf_counter() - start)


def bench() -> dict[str, Row]:
    """200 targets, 4 sensors: frames a second gated and assigned, and with joint probabilities."""
    frames = [[scan(SENSORS * i + s) for s in range(SENSORS)] for i in range(FRAMES)]
    peer = _rate(plain, frames[:PEER_FRAMES])
    found = {}
    for name, work in (("gate and GNN", ours), ("gate and JPDA", jpda)):
        value = _rate(work, frames)
        found[f"{name}, 200 targets, 4 sensors"] = {
            "value": value,
            "unit": "frames/s",
            "peer": "NumPy on all pairs and SciPy's dense assignment",
            "peer_value": peer,
            "ratio": value / peer,
        }
    return found
