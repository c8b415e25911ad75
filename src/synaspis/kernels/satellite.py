"""Satellites and the Sun seen from the turning Earth: sidereal time, Kepler with J2, Walker patterns.

Times are `days`: UTC days since 2000-01-01 12:00 (Julian date 2451545.0). UT1 is taken as UTC, which is right
to 0.9 s, and polar motion is left out: a place in orbit is then wrong by at most 0.5 km at 1,000 km height
and 2.8 km in the geostationary ring, along the Earth's turning.

Sources: Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. 2013 (sidereal time, eq. 3-47;
secular rates under J2, sections 9.4 and 9.6); Walker, Satellite constellations, J. Br. Interplanet. Soc. 37
(1984), 559; Astronomical Almanac, section C, low-precision formulas for the Sun.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, GRAVITY_M3PS2, J2, ROTATION_RADPS
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

J2000 = 2_451_545.0
DAY_S = 86_400.0
AXIS, ECCENTRICITY, INCLINATION, NODE, PERIGEE, ANOMALY, AGE = range(7)
"""Columns of mean elements (N, 7): metres, radians; `AGE` is the seconds from their epoch to time zero."""
ELEMENTS = 7

_ROUNDS = 30
_TOLERANCE = 1e-13


def gmst_rad(days: Floats) -> Floats:
    """Greenwich mean sidereal time (IAU 1982), in [0, 2 pi), of `days` of any shape."""
    centuries = days / 36525.0
    whole = np.floor(days)  # whole turns are taken out before precision is lost to them
    seconds = (
        67310.54841
        + DAY_S * (days - whole)
        + (8640184.812866 + (0.093104 - 6.2e-6 * centuries) * centuries) * centuries
    )
    return np.mod(seconds, DAY_S) / DAY_S * (2.0 * math.pi)


def sun_direction(days: Floats) -> Floats:
    """Unit vectors (T, 3) from the Earth to the Sun, turning with the Earth, at `days` (T,).

    Within 0.01 degrees from 1950 to 2050.
    """
    length = np.radians(280.460 + 0.9856474 * days)
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = length + np.radians(1.915) * np.sin(anomaly) + np.radians(0.020) * np.sin(2.0 * anomaly)
    tilt = np.radians(23.439 - 0.0000004 * days)
    east = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic)) - gmst_rad(days)
    up = np.sin(tilt) * np.sin(ecliptic)
    flat = np.sqrt(1.0 - up * up)
    return np.stack([flat * np.cos(east), flat * np.sin(east), up], axis=-1)


def fixed_from_teme(position: Floats, velocity: Floats, days: Floats) -> tuple[Floats, Floats]:
    """SGP4's frame (true equator, mean equinox) turned by sidereal time into ECEF: (T, 3) m and m/s.

    The velocity is that seen from the turning Earth.
    Source: Vallado, Crawford, Hujsak and Kelso, Revisiting Spacetrack Report 3, AIAA 2006-6753, appendix C.
    """
    angle = gmst_rad(days)
    cos, sin = np.cos(angle), np.sin(angle)

    def turned(v: Floats) -> Floats:
        return np.stack([cos * v[:, 0] + sin * v[:, 1], cos * v[:, 1] - sin * v[:, 0], v[:, 2]], axis=1)

    place, speed = turned(position), turned(velocity)
    speed[:, 0] += ROTATION_RADPS * place[:, 1]
    speed[:, 1] -= ROTATION_RADPS * place[:, 0]
    return place, speed


@inlined
def secular_rates(axis: float, eccentricity: float, inclination: float) -> tuple[float, float, float]:
    """Drift of node, perigee and mean anomaly, rad/s: the mean motion and what J2 adds in the long run."""
    motion = math.sqrt(GRAVITY_M3PS2 / axis) / axis
    rest = 1.0 - eccentricity * eccentricity
    pull = 1.5 * J2 * motion * (EQUATORIAL_RADIUS_M / (axis * rest)) ** 2
    sine2 = math.sin(inclination) ** 2
    return (
        -pull * math.cos(inclination),
        pull * (2.0 - 2.5 * sine2),
        motion + pull * math.sqrt(rest) * (1.0 - 1.5 * sine2),
    )


@inlined
def eccentric_anomaly(mean: float, eccentricity: float) -> float:
    """Kepler's equation by Newton's method: E from M, for eccentricities below 1."""
    mean -= 2.0 * math.pi * math.floor(mean / (2.0 * math.pi) + 0.5)
    found = mean + eccentricity * math.sin(mean) if eccentricity < 0.8 else math.copysign(math.pi, mean)
    for _ in range(_ROUNDS):
        move = (found - eccentricity * math.sin(found) - mean) / (1.0 - eccentricity * math.cos(found))
        found -= move
        if abs(move) < _TOLERANCE:
            break
    return found


@kernel
def fixed_positions(elements: Floats, seconds: Floats, sidereal: Floats, out: Floats) -> None:
    """ECEF places of satellites on drifting Kepler orbits, into `out` (T, N, 3).

    Shapes: elements (N, 7), see the columns above; seconds (T,) after time zero; sidereal (T,) the
    sidereal time then, rad. Only the secular part of J2: the true place swings about this one by some 10 km.
    """
    for i in range(elements.shape[0]):
        axis, ecc, inc = elements[i, AXIS], elements[i, ECCENTRICITY], elements[i, INCLINATION]
        node_rate, perigee_rate, anomaly_rate = secular_rates(axis, ecc, inc)
        minor = axis * math.sqrt(1.0 - ecc * ecc)
        cos_inc, sin_inc = math.cos(inc), math.sin(inc)
        for k in range(seconds.shape[0]):
            since = elements[i, AGE] + seconds[k]
            anomaly = eccentric_anomaly(elements[i, ANOMALY] + anomaly_rate * since, ecc)
            node = elements[i, NODE] + node_rate * since - sidereal[k]
            perigee = elements[i, PERIGEE] + perigee_rate * since
            along, across = axis * (math.cos(anomaly) - ecc), minor * math.sin(anomaly)
            ahead = along * math.cos(perigee) - across * math.sin(perigee)
            side = along * math.sin(perigee) + across * math.cos(perigee)
            out[k, i, 0] = ahead * math.cos(node) - side * cos_inc * math.sin(node)
            out[k, i, 1] = ahead * math.sin(node) + side * cos_inc * math.cos(node)
            out[k, i, 2] = side * sin_inc


def walker(
    satellites: int, planes: int, phasing: int, altitude_m: float, inclination_rad: float, star: bool
) -> Floats:
    """Mean elements (satellites, 7) of a Walker pattern: circular orbits in equal planes.

    A delta pattern spreads the ascending nodes over the whole equator, a star pattern over half of it.
    From one plane to the next the satellites are ahead by `phasing` steps of a turn / `satellites`.
    `satellites` is a multiple of `planes`. Plane by plane, the first node at 0.
    """
    number = np.arange(satellites)
    plane, place = np.divmod(number, satellites // planes)
    out = np.zeros((satellites, ELEMENTS))
    out[:, AXIS] = EQUATORIAL_RADIUS_M + altitude_m
    out[:, INCLINATION] = inclination_rad
    out[:, NODE] = (math.pi if star else 2.0 * math.pi) * plane / planes
    out[:, ANOMALY] = 2.0 * math.pi * np.mod(place * planes + plane * phasing, satellites) / satellites
    return out
