"""How far a class flies, against its published range.

A published range says neither from where nor which way. It is read here as that on an Earth that does not
turn: flights to the east go farther, flights to the west less far.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from synaspis.engine.flights import farthest_m as farthest_glide_m
from synaspis.engine.vehicles import vehicles
from synaspis.kernels.earth import ROTATION_RADPS
from synaspis.kernels.reach import farthest_m
from synaspis.model.answers import RangeCheck
from synaspis.model.threat import Threat

SIZING_MARGIN = 0.15
"""How far above the published band a class may fly: classes are sized with a margin of about a tenth."""
DIRECTIONS: Mapping[str, float] = {"north": 0.0, "east": 0.5 * math.pi, "west": 1.5 * math.pi}


def farthest_km(threat: Threat, azimuth_rad: float = 0.0, rotation_radps: float = 0.0) -> float:
    """Range from the equator, on an Earth that does not turn unless `rotation_radps` says so.

    NaN where it flies out, or about half way round and more. Prescribed profiles know no rotation; a cruise
    missile flies its published range, which is its fuel's.
    """
    if threat.cruise:
        return threat.range_m / 1000.0
    if threat.glide:
        return farthest_glide_m(threat) / 1000.0
    stages, payload, diameter, beta = vehicles([threat])
    found = farthest_m(
        stages[0],
        float(payload[0]),
        float(diameter[0]),
        float(beta[0]),
        (0.0, 0.0),
        azimuth_rad,
        rotation_radps,
    )
    return found / 1000.0


def range_check(threat: Threat, low_km: float, high_km: float) -> RangeCheck:
    """The class flown to its farthest, against the published band from `low_km` to `high_km`."""
    flown = farthest_km(threat)
    verdict, because = _verdict(flown, low_km, high_km)
    if threat.cruise:
        because = "taken as published, since fuel sets it"
    ways: Mapping[str, float] = {} if threat.prescribed else DIRECTIONS
    return RangeCheck(
        flown_km=flown,
        published_km=threat.range_m / 1000.0,
        low_km=low_km,
        high_km=high_km,
        verdict=verdict,
        because=because,
        by_direction={way: farthest_km(threat, a, ROTATION_RADPS) for way, a in ways.items()},
    )


def _verdict(flown: float, low: float, high: float) -> tuple[str, str]:
    band = f"the published band of {low:,.0f} to {high:,.0f} km"
    if math.isnan(flown):
        return "beyond", f"it flies about half way round the Earth, beyond {band}"
    if flown < low:
        return "short", f"{1 - flown / low:.0%} short of {band}"
    if flown <= high:
        return "within", f"within {band}"
    over = f"{flown / high - 1:.0%} beyond {band}"
    if flown <= (1.0 + SIZING_MARGIN) * high:
        return (
            "margin",
            f"{over}: the margin of its sizing, for flights to the west and for draws of its figures",
        )
    return "beyond", over
