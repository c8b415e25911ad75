"""Shortest lines on the WGS84 ellipsoid, between any two places: near antipodes and over poles too.

Source: C. F. F. Karney, Algorithms for geodesics, Journal of Geodesy 87 (2013), 43-55,
doi:10.1007/s00190-012-0578-z, arXiv:1109.4448. Numbers in brackets are its equations. Names follow it:
beta is the reduced latitude, alpha an azimuth, sigma and omega arc and longitude on the auxiliary
sphere, alpha 0 the azimuth where the line crosses the equator, epsilon the expansion parameter.
Azimuths are kept as (sine, cosine) pairs: near 90 degrees an angle alone has too few digits.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import ECCENTRICITY_SQUARED, EQUATORIAL_RADIUS_M, FLATTENING, POLAR_RADIUS_M
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

_SECOND_ECCENTRICITY_SQUARED = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED)
_N = FLATTENING / (2.0 - FLATTENING)  # third flattening

# Column j is the coefficient of epsilon to the j. (17); the same times (1 - epsilon)^2 (42); (24).
_A1 = np.array([1, 0, 1 / 4, 0, 1 / 64, 0, 1 / 256])
_A2 = np.array([1, 0, 1 / 4, 0, 9 / 64, 0, 25 / 256])
_A3 = np.array([
    1, -(1 - _N) / 2, -(2 + _N - 3 * _N**2) / 8, -(1 + 3 * _N + _N**2) / 16, -(3 + 2 * _N) / 64, -3 / 128,
])  # fmt: skip
# Row l - 1 belongs to sin 2 l sigma. (18), (43), (21) and (25).
_C1 = np.array([
    [0, -1 / 2, 0, 3 / 16, 0, -1 / 32, 0],
    [0, 0, -1 / 16, 0, 1 / 32, 0, -9 / 2048],
    [0, 0, 0, -1 / 48, 0, 3 / 256, 0],
    [0, 0, 0, 0, -5 / 512, 0, 3 / 512],
    [0, 0, 0, 0, 0, -7 / 1280, 0],
    [0, 0, 0, 0, 0, 0, -7 / 2048],
])  # fmt: skip
_C2 = np.array([
    [0, 1 / 2, 0, 1 / 16, 0, 1 / 32, 0],
    [0, 0, 3 / 16, 0, 1 / 32, 0, 35 / 2048],
    [0, 0, 0, 5 / 48, 0, 5 / 256, 0],
    [0, 0, 0, 0, 35 / 512, 0, 7 / 512],
    [0, 0, 0, 0, 0, 63 / 1280, 0],
    [0, 0, 0, 0, 0, 0, 77 / 2048],
])  # fmt: skip
_C1_REVERTED = np.array([
    [0, 1 / 2, 0, -9 / 32, 0, 205 / 1536, 0],
    [0, 0, 5 / 16, 0, -37 / 96, 0, 1335 / 4096],
    [0, 0, 0, 29 / 96, 0, -75 / 128, 0],
    [0, 0, 0, 0, 539 / 1536, 0, -2391 / 2560],
    [0, 0, 0, 0, 0, 3467 / 7680, 0],
    [0, 0, 0, 0, 0, 0, 38081 / 61440],
])  # fmt: skip
_C3 = np.array([
    [0, (1 - _N) / 4, (1 - _N**2) / 8, (3 + 3 * _N - _N**2) / 64, (5 + 2 * _N) / 128, 3 / 128],
    [0, 0, (2 - 3 * _N + _N**2) / 32, (3 - 2 * _N - 3 * _N**2) / 64, (3 + _N) / 128, 5 / 256],
    [0, 0, 0, (5 - 9 * _N + 5 * _N**2) / 192, (9 - 10 * _N) / 384, 7 / 512],
    [0, 0, 0, 0, (7 - 14 * _N) / 512, 7 / 512],
    [0, 0, 0, 0, 0, 21 / 2560],
])  # fmt: skip

_SHORT_RAD = 4e-8  # 0.25 m: the sphere that touches midway is exact there
_NOTHING_RAD = 1e-17  # 0.06 nm: less is zero, so that nothing underflows
_SETTLED_RAD = 1e-15  # 6 nm of longitude
_NEWTON_ROUNDS = 20
_ROUNDS = 200
_TINY = 1e-150


@inlined
def _polynomial(row: Floats, x: float) -> float:
    total = 0.0
    for j in range(len(row) - 1, -1, -1):
        total = total * x + row[j]
    return total


@kernel
def _sines(table: Floats, epsilon: float, sine: float, cosine: float) -> float:
    """Sum of a table's coefficients times sin 2 l sigma, by Clenshaw's recurrence."""
    double = 2.0 * (cosine - sine) * (cosine + sine)
    one, two = 0.0, 0.0
    for row in range(len(table) - 1, -1, -1):
        one, two = _polynomial(table[row], epsilon) + double * one - two, one
    return 2.0 * sine * cosine * one


@inlined
def _unit(y: float, x: float) -> tuple[float, float]:
    length = math.hypot(y, x)
    return y / length, x / length


@inlined
def _reduced(latitude: float) -> tuple[float, float]:
    """Sine and cosine of the reduced latitude (6)."""
    return _unit((1.0 - FLATTENING) * math.sin(latitude), math.cos(latitude))


@inlined
def _expansion(cos_a0: float) -> tuple[float, float]:
    """k squared (9) and epsilon (16)."""
    k2 = _SECOND_ECCENTRICITY_SQUARED * cos_a0 * cos_a0
    return k2, k2 / (2.0 * (1.0 + math.sqrt(1.0 + k2)) + k2)


@kernel
def _between(
    epsilon: float, k2: float, sigma: float, s1: float, c1: float, s2: float, c2: float
) -> tuple[float, float]:
    """Length (15) and reduced length (38) of the line from sigma 1 to sigma 2, in polar radii."""
    first = _polynomial(_A1, epsilon) / (1.0 - epsilon)
    first *= sigma + _sines(_C1, epsilon, s2, c2) - _sines(_C1, epsilon, s1, c1)
    second = _polynomial(_A2, epsilon) * (1.0 - epsilon)
    second *= sigma + _sines(_C2, epsilon, s2, c2) - _sines(_C2, epsilon, s1, c1)
    reduced = math.sqrt(1.0 + k2 * s2 * s2) * c1 * s2 - math.sqrt(1.0 + k2 * s1 * s1) * s1 * c2
    return first, reduced - c1 * c2 * (first - second)


@kernel
def _shoot(
    sin_b1: float, cos_b1: float, sin_b2: float, cos_b2: float, sin_a1: float, cos_a1: float
) -> tuple[float, float, float, float, float]:
    """Where the line with azimuth alpha 1 next comes to latitude 2, in the order of (44).

    Longitude (rad) and its slope with alpha 1 (46), sine and cosine of alpha 2, length in metres.
    """
    if sin_b1 == 0.0 and cos_a1 == 0.0:
        cos_a1 = -_TINY  # along the equator the next crossing is anywhere: take that of the line beside
    sin_a0, cos_a0 = sin_a1 * cos_b1, math.hypot(cos_a1, sin_a1 * sin_b1)
    north1 = cos_a1 * cos_b1
    if cos_b1 == cos_b2 and sin_b1 == -abs(sin_b2):
        north2 = abs(north1)
    else:  # (45), with the difference of the squares by the pair that loses no digits
        from_cosines = (cos_b2 - cos_b1) * (cos_b2 + cos_b1)
        from_sines = (sin_b1 - sin_b2) * (sin_b1 + sin_b2)
        north2 = math.sqrt(max(0.0, north1 * north1 + (from_cosines if cos_b1 < -sin_b1 else from_sines)))
    s1, c1 = _unit(sin_b1, north1)
    s2, c2 = _unit(sin_b2, north2)
    sigma = math.atan2(max(0.0, c1 * s2 - s1 * c2), c1 * c2 + s1 * s2)
    omega = math.atan2(
        max(0.0, sin_a0 * (north1 * sin_b2 - sin_b1 * north2)),
        north1 * north2 + sin_a0 * sin_a0 * sin_b1 * sin_b2,
    )
    k2, epsilon = _expansion(cos_a0)
    third = sigma + _sines(_C3, epsilon, s2, c2) - _sines(_C3, epsilon, s1, c1)
    longitude = omega - FLATTENING * sin_a0 * _polynomial(_A3, epsilon) * third  # (8), (23)
    length, reduced = _between(epsilon, k2, sigma, s1, c1, s2, c2)
    if north2 > 0.0:
        slope = (1.0 - FLATTENING) * reduced / north2
    else:  # (47), the larger of its two sides
        slope = -2.0 * math.sqrt(1.0 - ECCENTRICITY_SQUARED * cos_b1 * cos_b1) / sin_b1
    return longitude, slope, sin_a0 / cos_b2, north2 / cos_b2, POLAR_RADIUS_M * length


@kernel
def _astroid(x: float, y: float) -> tuple[float, float]:
    """First azimuth of a nearly antipodal line, from where its end lies in the astroid's plane (53).

    (55) is x^2 / (1 + mu)^2 + y^2 / mu^2 = 1, which falls and is convex where mu is positive: Newton's
    method climbs to its only root from below.
    """
    if y > -_SETTLED_RAD:  # (57)
        sine = min(1.0, -x)
        return sine, -math.sqrt((1.0 - sine) * (1.0 + sine))
    mu = max(-y, -x - 1.0)
    for _ in range(_NEWTON_ROUNDS):
        across, along = x / (1.0 + mu), y / mu
        excess = across * across + along * along - 1.0
        mu += 0.5 * excess / (across * across / (1.0 + mu) + along * along / mu)
        if excess < 1e-6:
            break
    return _unit(-x / (1.0 + mu), y / mu)  # (56)


@kernel
def _first_guess(
    sin_b1: float, cos_b1: float, sin_b2: float, cos_b2: float, span: float
) -> tuple[float, float, float, float, float]:
    """Azimuths at both ends as sine and cosine, and arc on the sphere that touches midway (48)-(51)."""
    middle = 0.5 * (cos_b1 + cos_b2)
    scale = math.sqrt(1.0 - ECCENTRICITY_SQUARED * middle * middle)
    omega = min(math.pi, span / scale)
    sin_omega = math.sin(omega)
    versine = 2.0 * math.sin(0.5 * omega) ** 2  # 1 - cos(omega), with all its digits
    east1, east2 = cos_b2 * sin_omega, cos_b1 * sin_omega
    across = sin_b2 * cos_b1 - cos_b2 * sin_b1
    north1, north2 = across + sin_b1 * cos_b2 * versine, across - cos_b1 * sin_b2 * versine
    sine = math.hypot(north1, east1)
    cosine = sin_b1 * sin_b2 + cos_b1 * cos_b2 * math.cos(omega)
    sin_a1, cos_a1 = _unit(east1, north1)
    sin_a2, cos_a2 = _unit(east2, north2)
    if cosine < 0.0 and sine < 6.0 * math.pi * _N * cos_b1 * cos_b1:
        unit = FLATTENING * math.pi * cos_b1
        y = (sin_b2 * cos_b1 + cos_b2 * sin_b1) / (unit * cos_b1)
        sin_a1, cos_a1 = _astroid((span - math.pi) / unit, min(0.0, y))
    return sin_a1, cos_a1, sin_a2, cos_a2, scale * math.atan2(sine, cosine)


@kernel
def _solve(
    sin_b1: float, cos_b1: float, sin_b2: float, cos_b2: float, sin_a1: float, cos_a1: float, span: float
) -> tuple[float, float, float, float, float]:
    """The line whose longitude is `span`: length (m), then sine and cosine of both azimuths.

    Newton's method inside a bracket; a step that leaves it, or comes late, halves it instead.
    """
    low_s, low_c, high_s, high_c = _TINY, 1.0, _TINY, -1.0
    sin_a2, cos_a2, length = np.nan, np.nan, np.nan
    for i in range(_ROUNDS):
        longitude, slope, sin_a2, cos_a2, length = _shoot(sin_b1, cos_b1, sin_b2, cos_b2, sin_a1, cos_a1)
        miss = longitude - span
        if abs(miss) <= _SETTLED_RAD:
            break
        if miss > 0.0:
            high_s, high_c = sin_a1, cos_a1
        else:
            low_s, low_c = sin_a1, cos_a1
        step = -miss / slope
        s, c = math.sin(step), math.cos(step)
        next_s, next_c = _unit(sin_a1 * c + cos_a1 * s, cos_a1 * c - sin_a1 * s)
        inside = low_c * next_s - low_s * next_c > 0.0 and next_c * high_s - next_s * high_c > 0.0
        if i >= _NEWTON_ROUNDS or not (slope > 0.0 and abs(step) < math.pi and next_s > 0.0 and inside):
            next_s, next_c = _unit(0.5 * (low_s + high_s), 0.5 * (low_c + high_c))
        sin_a1, cos_a1 = next_s, next_c
    return length, sin_a1, cos_a1, sin_a2, cos_a2


@kernel
def _ordered(lat1: float, lat2: float, span: float) -> tuple[float, float, float, float, float]:
    """Length (m), then sine and cosine of both azimuths, for places in the order of (44)."""
    sin_b1, cos_b1 = _reduced(lat1)
    sin_b2, cos_b2 = _reduced(lat2)
    if span == 0.0 or span == math.pi:
        over = -1.0 if span == math.pi else 1.0
        length = _shoot(sin_b1, cos_b1, sin_b2, cos_b2, 0.0, over)[4]
        return length, math.sin(span), math.cos(span), 0.0, 1.0
    if lat1 == 0.0 and span <= (1.0 - FLATTENING) * math.pi:
        return EQUATORIAL_RADIUS_M * span, 1.0, 0.0, 1.0, 0.0
    sin_a1, cos_a1, sin_a2, cos_a2, arc = _first_guess(sin_b1, cos_b1, sin_b2, cos_b2, span)
    if arc < _SHORT_RAD:
        return EQUATORIAL_RADIUS_M * arc, sin_a1, cos_a1, sin_a2, cos_a2
    return _solve(sin_b1, cos_b1, sin_b2, cos_b2, sin_a1, cos_a1, span)


@inlined
def _wrapped(angle: float) -> float:
    """The angle less whole turns: from -pi to pi, and not a rounding past them."""
    angle -= 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)
    if abs(angle) > math.pi:
        return math.copysign(math.pi, angle)
    return angle


@kernel
def geodesic(lat1: float, lon1: float, lat2: float, lon2: float) -> tuple[float, float, float]:
    """Distance (m) and azimuths (rad, at either end, along the way) of the shortest geodesic.

    Within 0.1 micrometres for all pairs of places. Where several lines are equally short (antipodes,
    poles) it gives one of them; one place twice gives zeros; NaN gives NaN.
    """
    span = _wrapped(lon2 - lon1)
    if math.isnan(span + lat1 + lat2):
        return np.nan, np.nan, np.nan
    eastward = 1.0 if span >= 0.0 else -1.0
    span = abs(span)
    if span < _NOTHING_RAD:
        span = 0.0
    if lat1 == lat2 and span == 0.0:
        return 0.0, 0.0, 0.0
    back = abs(lat1) < abs(lat2)
    first, last = (lat2, lat1) if back else (lat1, lat2)
    first, last = (0.0 if abs(first) < _NOTHING_RAD else first), (0.0 if abs(last) < _NOTHING_RAD else last)
    northward = 1.0 if first < 0.0 else -1.0
    length, sin_a1, cos_a1, sin_a2, cos_a2 = _ordered(northward * first, northward * last, span)
    if back:  # the line run the other way and mirrored north to south: its azimuths change places
        northward = -northward
        sin_a1, cos_a1, sin_a2, cos_a2 = sin_a2, cos_a2, sin_a1, cos_a1
    azimuth1 = math.atan2(eastward * sin_a1, northward * cos_a1)
    return length, azimuth1, math.atan2(eastward * sin_a2, northward * cos_a2)


@kernel
def geodesic_point(lat1: float, lon1: float, azimuth: float, distance: float) -> tuple[float, float, float]:
    """Latitude, longitude in [-pi, pi] and azimuth (rad) at `distance` metres along a geodesic.

    Within 0.1 micrometres over one turn of the Earth. A negative distance goes backwards.
    """
    sin_b1, cos_b1 = _reduced(lat1)
    sin_a1, cos_a1 = math.sin(azimuth), math.cos(azimuth)
    sin_a0, cos_a0 = sin_a1 * cos_b1, math.hypot(cos_a1, sin_a1 * sin_b1)  # (10)
    s1, c1 = _unit(sin_b1, cos_a1 * cos_b1)  # (11)
    sigma1 = math.atan2(s1, c1)
    epsilon = _expansion(cos_a0)[1]
    scale = POLAR_RADIUS_M * _polynomial(_A1, epsilon) / (1.0 - epsilon)
    tau = sigma1 + _sines(_C1, epsilon, s1, c1) + distance / scale
    sigma2 = tau + _sines(_C1_REVERTED, epsilon, math.sin(tau), math.cos(tau))  # (20)
    s2, c2 = math.sin(sigma2), math.cos(sigma2)
    sin_b2, cos_b2 = cos_a0 * s2, math.hypot(cos_a0 * c2, sin_a0)  # (13)
    omega = math.atan2(sin_a0 * s2, c2) - math.atan2(sin_a0 * s1, c1)  # (12)
    third = sigma2 - sigma1 + _sines(_C3, epsilon, s2, c2) - _sines(_C3, epsilon, s1, c1)
    turn = omega - FLATTENING * sin_a0 * _polynomial(_A3, epsilon) * third
    azimuth2 = math.atan2(sin_a0, cos_a0 * c2)  # (14)
    return math.atan2(sin_b2, (1.0 - FLATTENING) * cos_b2), _wrapped(lon1 + turn), azimuth2
