"""Missile classes as the arrays that the trajectory kernels take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.model.threat import Threat

Floats = NDArray[np.float64]

SHAPES = ("minimum-energy", "lofted", "depressed")
"""Words for the kernels' shapes 0, 1, 2."""
MOST_STAGES = 4


def vehicles(threats: Sequence[Threat]) -> tuple[Floats, Floats, Floats, Floats]:
    """(stages (N, MOST_STAGES, 4), payload kg (N,), diameter m (N,), ballistic coefficient kg/m2 (N,))."""
    stages = np.zeros((len(threats), MOST_STAGES, 4))
    for i, threat in enumerate(threats):
        for j, x in enumerate(threat.stages):
            stages[i, j] = (x.burn_s, x.propellant_kg, x.dry_kg, x.specific_impulse_s)
    return (
        stages,
        np.array([t.payload_kg for t in threats]),
        np.array([t.diameter_m for t in threats]),
        np.array([t.ballistic_coefficient_kgpm2 for t in threats]),
    )
