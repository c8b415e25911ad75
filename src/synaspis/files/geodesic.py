"""How far apart two places are: enough to say that an asset is out of reach.

The exact geodesic is a kernel, `kernels.geodesic`. Reading and checking a case must not load the compiler of
kernels, which takes longer than all checks of a case; so this short formula stands here for them.
"""

from __future__ import annotations

import math

_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563


def distance_m(lat_1_rad: float, lon_1_rad: float, lat_2_rad: float, lon_2_rad: float) -> float:
    """Length of the WGS84 geodesic between two places, within 50 m up to 15,000 km.

    Source: Lambert's formula for long lines: a great circle on reduced latitudes, corrected to
    first order in the flattening. Within 0.5 % where the places are almost antipodal.
    """
    u_1 = math.atan((1 - _FLATTENING) * math.tan(lat_1_rad))
    u_2 = math.atan((1 - _FLATTENING) * math.tan(lat_2_rad))
    half_lon = math.sin((lon_2_rad - lon_1_rad) / 2) ** 2
    h = math.sin((u_2 - u_1) / 2) ** 2 + math.cos(u_1) * math.cos(u_2) * half_lon
    arc = 2 * math.asin(math.sqrt(min(1.0, h)))
    if h < 1e-20 or h > 1 - 1e-6:
        return _EQUATOR_M * (1 - _FLATTENING / 3) * arc
    middle, half = (u_1 + u_2) / 2, (u_2 - u_1) / 2
    x = (arc - math.sin(arc)) * (math.sin(middle) * math.cos(half)) ** 2 / (1 - h)
    y = (arc + math.sin(arc)) * (math.cos(middle) * math.sin(half)) ** 2 / h
    return _EQUATOR_M * (arc - _FLATTENING / 2 * (x + y))
