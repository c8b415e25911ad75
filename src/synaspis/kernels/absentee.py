"""Of interceptors in orbit, the share that can meet a missile while it burns: absentees are the rest.

An interceptor leaves a circular orbit with a change of speed V in any direction. Over the minutes of a boost
phase it and its satellite fall alike, so that in the satellite's falling frame the points that it can have
reached by a time lie within a sphere about the place where the satellite itself would then be. The sphere
cuts a cap out of the shell of orbits, and satellites in the cap are in reach. What the difference of gravity
across the sphere does is left out: 1.4 % of its radius straight up or down in 175 s, nothing on average.

Sources: American Physical Society, Boost-Phase Intercept Systems for National Missile Defense, 2003 (reach as
a sphere about the satellite, constellation by density over the target); Wright, Grego and Gronlund, The
Physics of Space Security, 2005, section 9 (absentee ratio). The integral here is our own: the density of
satellites of one inclination over latitude, 1 / (2 pi^2 sqrt(sin^2 i - sin^2 latitude)) per steradian, summed
over a cap, without its pole at the edge.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_POINTS = 128
_LEVEL = 1e-9


@inlined
def flown_m(speed: float, accelerating: float, time: float) -> float:
    """How far an interceptor gets from its satellite in `time` s: even acceleration to `speed`, then none."""
    if time <= 0.0:
        return 0.0
    if time < accelerating:
        return 0.5 * speed * time * time / accelerating
    return speed * (time - 0.5 * accelerating)


@inlined
def cap_rad(orbit: float, point: float, reach: float) -> float:
    """Angle of the cap of the shell `orbit` within `reach` of a point at radius `point`; 0 for none."""
    cosine = (orbit * orbit + point * point - reach * reach) / (2.0 * orbit * point)
    return math.acos(max(-1.0, cosine)) if cosine < 1.0 else 0.0


@inlined
def _half_width(sine: float, latitude: float, cap: float) -> float:
    """Half the longitudes, rad, that a cap about `latitude` covers on the parallel of `sine`."""
    across = math.sqrt(max(0.0, 1.0 - sine * sine)) * math.cos(latitude)
    above = math.cos(cap) - sine * math.sin(latitude)
    if across <= abs(above):
        return math.pi if above <= 0.0 else 0.0
    return math.acos(above / across)


@inlined
def share(latitude: float, inclination: float, cap: float) -> float:
    """Share of satellites at `inclination`, at random on their orbits, in a cap about `latitude`; all in rad.

    Nodes and places along the orbit are even: the mean over time of any Walker pattern. The argument of
    latitude u runs through the cap; u = m + h cos t smooths its ends, where the width grows as a root.
    """
    tilt = math.pi - inclination if inclination > 0.5 * math.pi else inclination
    if cap <= 0.0:
        return 0.0
    low, high = max(latitude - cap, -tilt), min(latitude + cap, tilt)
    if math.sin(tilt) < _LEVEL:
        return _half_width(0.0, latitude, cap) / math.pi
    if low >= high:
        return 0.0
    first = math.asin(max(-1.0, math.sin(low) / math.sin(tilt)))
    last = math.asin(min(1.0, math.sin(high) / math.sin(tilt)))
    middle, half = 0.5 * (last + first), 0.5 * (last - first)
    total = 0.0
    for k in range(_POINTS):
        turn = math.pi * (k + 0.5) / _POINTS
        u = middle + half * math.cos(turn)
        total += _half_width(math.sin(tilt) * math.sin(u), latitude, cap) * math.sin(turn)
    return total * half / (_POINTS * math.pi)


@kernel
def shares(rows: Floats, out: Floats) -> None:
    """Share in reach of each row into `out` (R,). Columns of rows (R, 7), SI and rad:

    change of speed, time of accelerating, time to fly, radius of the orbit, radius and latitude (about the
    Earth's centre) of the point, inclination. 0 where no satellite can reach it.
    """
    for r in range(rows.shape[0]):
        reach = flown_m(rows[r, 0], rows[r, 1], rows[r, 2])
        out[r] = share(rows[r, 5], rows[r, 6], cap_rad(rows[r, 3], rows[r, 4], reach))


@kernel
def mark(places: Floats, points: Floats, reach: float, near: Flags) -> None:
    """Set `near` (T, P, N) where a satellite at `places` (T, N, 3) lies within `reach` of `points` (P, 3)."""
    limit = reach * reach
    for k in range(places.shape[0]):
        for p in range(points.shape[0]):
            x, y, z = points[p, 0], points[p, 1], points[p, 2]
            for n in range(places.shape[1]):
                dx, dy, dz = places[k, n, 0] - x, places[k, n, 1] - y, places[k, n, 2] - z
                if dx * dx + dy * dy + dz * dz <= limit:
                    near[k, p, n] = True
