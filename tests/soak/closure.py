"""Every class, shape and azimuth joins two places: the whole grid of 500 pairs, as JSON.

    python -m tests.soak.closure [PAIRS] [SEED]

A pair is a launch place, an azimuth and a share of a class's range, from 5 to 95 %. Shares and azimuths are
stratified, each alone evenly spread. Places are even over the sphere but for one in five, which lies at the
equator, near or at a pole, or at high latitude. Each pair is flown by all classes in all shapes: 10,500
flights for 500 pairs. A published range is one on an Earth that does not turn, so against the Earth's turning
a class may not get so far. A pair counts as `beyond` only where it is farther than the class flies that
way, found without the solver: by flying all its propellant over all lofts.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synaspis.engine.vehicles import SHAPES, vehicles
from synaspis.files.catalog import noun, shipped
from synaspis.kernels import earth, trajectory
from synaspis.kernels.geodesic import geodesic_point
from synaspis.kernels.reach import farthest_m
from synaspis.model.threat import Threat

CLASSES = tuple(
    name
    for name in shipped().names("threat")
    if isinstance(kind := noun(name), Threat) and not kind.prescribed and kind.category != "rocket"
)
"""Ballistic missiles; prescribed profiles and rockets are in `tests/engine/test_flights.py`."""
CLOSURE_M = 1000.0
EDGE = 0.98
"""Between this share of the farthest flight and the whole of it a class may or may not get there."""
STEP_S = 10.0
HARD_DEG = (0.0, 89.9, -90.0, 75.0, 90.0, -66.0)


@dataclass(frozen=True)
class Pair:
    """A launch place, an azimuth (rad) and a share of a class's range."""

    latitude: float
    longitude: float
    azimuth: float
    share: float


@dataclass(frozen=True)
class Trial:
    """One class and shape flown over one pair."""

    pair: Pair
    threat: str
    shape: int
    distance_m: float


def pairs(count: int, seed: int) -> list[Pair]:
    """The grid's pairs: the same for the same count and seed."""
    luck = np.random.default_rng(seed)
    azimuths = (luck.permutation(count) + luck.uniform(size=count)) / count * 2.0 * math.pi
    shares = 0.05 + 0.9 * (luck.permutation(count) + luck.uniform(size=count)) / count
    found = []
    for i in range(count):
        latitude = math.asin(luck.uniform(-1.0, 1.0))
        if i % 5 == 0:
            latitude = math.radians(HARD_DEG[i // 5 % len(HARD_DEG)])
        found.append(Pair(latitude, luck.uniform(-math.pi, math.pi), azimuths[i], shares[i]))
    return found


def trials(given: list[Pair]) -> Iterator[Trial]:
    """Every class and shape over each pair."""
    for pair in given:
        for name in CLASSES:
            for shape in range(len(SHAPES)):
                yield Trial(pair, name, shape, pair.share * _threat(name).range_m)


def _threat(name: str) -> Threat:
    found = noun(name)
    assert isinstance(found, Threat)
    return found


def flown(given: list[Trial], threads: int = 1) -> tuple[np.ndarray, float]:
    """Closure (N,), metres, NaN where a trial does not get there; and the seconds that it took."""
    launch, target = np.zeros((2, len(given), 3))
    for i, t in enumerate(given):
        launch[i, :2] = t.pair.latitude, t.pair.longitude
        target[i, :2] = geodesic_point(*launch[i, :2], t.pair.azimuth, t.distance_m)[:2]
    table = vehicles([_threat(t.threat) for t in given])
    shape = np.array([t.shape for t in given])
    start = time.perf_counter()
    closure = trajectory.fly(*table, launch, target, shape, STEP_S, threads)[4]
    return closure, time.perf_counter() - start


def is_beyond(t: Trial) -> bool:
    """Whether the pair is farther than the class flies that way on the turning Earth."""
    stages, payload, diameter, beta = vehicles([_threat(t.threat)])
    farthest = farthest_m(
        stages[0], payload[0], diameter[0], beta[0], (t.pair.latitude, t.pair.longitude), t.pair.azimuth,
        earth.ROTATION_RADPS,
    )  # fmt: skip
    return t.distance_m > EDGE * farthest


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    given = list(trials(pairs(count, seed)))
    flown(given[:21])
    closure, took_s = flown(given, threads=2)
    short = [t for t, c in zip(given, closure, strict=True) if not c < CLOSURE_M]
    failed = [t for t in short if not is_beyond(t)]
    figures = {
        "pairs": count,
        "seed": seed,
        "flights": len(given),
        "closed": len(given) - len(short),
        "beyond": len(short) - len(failed),
        "failed": [f"{t.threat} {SHAPES[t.shape]} {t.pair} {t.distance_m / 1000:.0f} km" for t in failed],
        "closure_m": {
            "median": round(float(np.nanmedian(closure)), 2),
            "p99": round(float(np.nanpercentile(closure, 99)), 2),
            "worst": round(float(np.nanmax(closure)), 2),
        },
        "flights_per_s": round(len(given) / took_s),
    }
    print(json.dumps(figures, indent=2))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
