"""What a constellation costs over its years: bought, brought to orbit, replaced as it wears out, and run."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Band
from synaspis.model.boost_layer import Cost
from synaspis.model.space_interceptor import SpaceInterceptor

Floats = NDArray[np.float64]

YEAR_S = 31_557_600.0
KG_PER_T = 1000.0
LOW, HIGH = 0.05, 0.95


def band(value: float, drawn: Floats) -> Band:
    """The value with the 5th and 95th percentile over draws, which may be infinite."""
    ordered = np.sort(drawn)
    ends = [float(ordered[round(p * (len(ordered) - 1))]) for p in (LOW, HIGH)]
    return Band(value=float(value), low=min(ends[0], float(value)), high=max(ends[1], float(value)))


def cost(i: SpaceInterceptor, drawn: Sequence[SpaceInterceptor], satellites: Band) -> Cost:
    """Cost of so many satellites; each draw's prices go with the number at either end and in the middle.

    The number's band and the prices' are taken together: the low end is the fewest satellites at low prices.
    """
    years = None if i.horizon_s is None else i.horizon_s / YEAR_S
    whole = [_parts(x, satellites.value) for x in (i, *drawn)]
    few = [_parts(x, satellites.low) for x in drawn]
    many = [_parts(x, satellites.high) for x in drawn]
    told: dict[str, Band | None] = {}
    for name in whole[0]:
        value = whole[0][name]
        if value is None:
            told[name] = None
            continue
        low = band(value, np.array([p[name] for p in few], np.float64)).low
        high = band(value, np.array([p[name] for p in many], np.float64)).high
        told[name] = Band(value=value, low=low, high=high)
    return Cost(satellites=satellites.value, years=years, generations=generations(i), **told)


def generations(i: SpaceInterceptor) -> float:
    """How often each place in orbit is filled over the years; once where the study names none."""
    if i.horizon_s is None or i.service_life_s is None:
        return 1.0
    return float(math.ceil(i.horizon_s / i.service_life_s - 1e-9))


def _parts(i: SpaceInterceptor, satellites: float) -> dict[str, float | None]:
    """Millions of dollars, by part of the cost; None where its price is not known."""
    bought = satellites * generations(i)
    procurement = None if i.unit_cost_musd is None else bought * i.unit_cost_musd
    launch = None if i.launch_musdpt is None else bought * i.mass_kg / KG_PER_T * i.launch_musdpt
    running = i.operation_musd is not None and i.horizon_s is not None
    operation = (i.operation_musd or 0.0) * (i.horizon_s or 0.0) / YEAR_S if running else None
    acquisition = None if procurement is None or launch is None else procurement + launch
    total = None if acquisition is None or operation is None else acquisition + operation
    return {
        "procurement": procurement, "launch": launch, "operation": operation, "acquisition": acquisition,
        "total": total,
    }  # fmt: skip
