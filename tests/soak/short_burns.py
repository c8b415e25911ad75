"""Short, hard burns join two places too: missiles that no class of the catalogue resembles, as JSON.

    python -m tests.soak.short_burns [PAIRS] [SEED]

Each has one stage, told by burn time, thrust over launch weight, diameter and ballistic coefficient. It burns
out low in dense air, which decides how far it flies. Shares run to 95 % of the farthest flight that way.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from synaspis.engine.vehicles import SHAPES
from synaspis.kernels import trajectory
from synaspis.kernels.earth import ROTATION_RADPS
from synaspis.kernels.geodesic import geodesic_point
from synaspis.kernels.reach import farthest_m
from tests.soak.closure import CLOSURE_M, STEP_S, Pair, pairs

Row = dict[str, float | int]
PAYLOAD_KG, IMPULSE_S, PAYLOAD_SHARE = 100.0, 240.0, 0.8
BURNS = (
    (14.0, 12.0, 0.3, 5000.0),
    (14.0, 12.0, 0.6, 5000.0),
    (14.0, 12.0, 0.6, 2500.0),
    (6.0, 20.0, 0.3, 4000.0),
    (30.0, 6.0, 0.6, 5000.0),
    (10.0, 20.0, 0.5, 8000.0),
)
"""Burn s, thrust over launch weight, diameter m, kg/m2."""


def stage(burn_s: float, thrust_to_weight: float) -> np.ndarray:
    """(1, 4) the stage that gives such a thrust: payload and dry mass share what the propellant leaves."""
    propellant_share = thrust_to_weight * burn_s / IMPULSE_S
    mass_kg = PAYLOAD_KG / PAYLOAD_SHARE / (1.0 - propellant_share)
    dry_kg = mass_kg * (1.0 - propellant_share) - PAYLOAD_KG
    return np.array([[burn_s, propellant_share * mass_kg, dry_kg, IMPULSE_S]])


def flown(burn: tuple[float, ...], given: list[Pair]) -> np.ndarray:
    """Closure (pairs, shapes), metres, NaN where a flight does not get there."""
    one, body = stage(*burn[:2]), (PAYLOAD_KG, *burn[2:])
    places = np.zeros((2, len(given), 3))
    for i, p in enumerate(given):
        start = (p.latitude, p.longitude)
        places[0, i, :2] = start
        far = farthest_m(one, *body, start, p.azimuth, ROTATION_RADPS)
        places[1, i, :2] = geodesic_point(*start, p.azimuth, p.share * far)[:2]
    n = len(given)
    columns = [np.full(n, x) for x in body]
    return np.stack([
        trajectory.fly(np.repeat(one[None], n, 0), *columns, *places, np.full(n, shape), STEP_S)[4]
        for shape in range(len(SHAPES))
    ], axis=1)  # fmt: skip


def main() -> None:
    given = pairs(
        int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    )
    found = {f"{b[0]:g} s at {b[1]:g} g, {b[2]:g} m, {b[3]:g} kg/m2": flown(b, given) for b in BURNS}
    figures: dict[str, Row] = {
        name: {
            "flights": closure.size,
            "failed": int((~(closure < CLOSURE_M)).sum()),
            "worst_m": round(float(np.nanmax(closure)), 1),
        }
        for name, closure in found.items()
    }
    print(json.dumps(figures, indent=2))
    sys.exit(any(f["failed"] for f in figures.values()))


if __name__ == "__main__":
    main()
