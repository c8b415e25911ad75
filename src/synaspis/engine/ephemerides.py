"""Where the satellite of an ephemeris is: interpolated as its file says, and turned to the Earth-fixed frame.

From the mean equator and equinox of J2000 to the true equator and mean equinox of date by precession (IAU
1976) and the thirteen largest terms of nutation (IAU 1980): within 0.05 seconds of arc of astropy's from 1986
to 2030, 10 m in the geostationary ring. GCRF and ICRF are taken as J2000, from which they are 0.02
seconds of arc apart. UT1 is taken as UTC, and polar motion left out, as in `kernels.satellite`.
Sources: Lieske, Lederle, Fricke and Morando, Astron. Astrophys. 58 (1977), 1; Seidelmann, Celest. Mech. 27
(1982), 79; Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. 2013, section 3.7.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import satellite
from synaspis.model.oem import J2000, TEME, Ephemeris, Segment

Floats = NDArray[np.float64]

_ARCSEC = math.pi / 648_000.0
_CENTURY_D = 36_525.0
# Multiples of the Moon's anomaly, the Sun's, F, D and the node; then longitude and obliquity, 0.0001" and as
# much per century.
_TERMS = np.array([
    [0, 0, 0, 0, 1, -171996, -174.2, 92025, 8.9],
    [0, 0, 2, -2, 2, -13187, -1.6, 5736, -3.1],
    [0, 0, 2, 0, 2, -2274, -0.2, 977, -0.5],
    [0, 0, 0, 0, 2, 2062, 0.2, -895, 0.5],
    [0, 1, 0, 0, 0, 1426, -3.4, 54, -0.1],
    [1, 0, 0, 0, 0, 712, 0.1, -7, 0.0],
    [0, 1, 2, -2, 2, -517, 1.2, 224, -0.6],
    [0, 0, 2, 0, 1, -386, -0.4, 200, 0.0],
    [1, 0, 2, 0, 2, -301, 0.0, 129, -0.1],
    [0, -1, 2, -2, 2, 217, -0.5, -95, 0.3],
    [1, 0, 0, -2, 0, -158, 0.0, -1, 0.0],
    [0, 0, 2, -2, 1, 129, 0.1, -70, 0.0],
    [-1, 0, 2, 0, 2, 123, 0.0, -53, 0.0],
])  # fmt: skip


def fixed_places(e: Ephemeris, days: Floats) -> Floats:
    """(T, 3) ECEF places, m, at `days` (T,) UTC since 2000-01-01 12:00; NaN where it tells of none."""
    places = interpolated(e, satellite.DAY_S * days)
    if e.frame == J2000:
        places = np.einsum("tij,tj->ti", teme_from_j2000(days), places)
    if e.frame in (J2000, TEME):
        places = satellite.fixed_from_teme(places, np.zeros_like(places), days)[0]
    return places


def interpolated(e: Ephemeris, seconds: Floats) -> Floats:
    """(T, 3) places in the ephemeris' own frame, m; NaN outside what its segments may be used for."""
    out = np.full((len(seconds), 3), np.nan)
    for s in reversed(e.segments):  # of two that tell of one moment the first counts
        inside = np.flatnonzero((seconds >= s.useable_s[0]) & (seconds <= s.useable_s[1]))
        if len(inside):
            out[inside] = 1000.0 * _between(s, seconds[inside])
    return out


def _between(s: Segment, seconds: Floats) -> Floats:
    """By Newton's divided differences over the states around each moment, twice each with velocities."""
    count = s.states
    first = np.searchsorted(s.seconds, seconds, side="right") - (count + 1) // 2
    rows = np.clip(first, 0, len(s.seconds) - count)[:, None] + np.arange(count)
    begins = s.seconds[rows[:, :1]]
    scale = s.seconds[rows[:, -1:]] - begins
    at = (s.seconds[rows] - begins) / scale
    now = (seconds[:, None] - begins) / scale
    table = s.places_km[rows]
    if s.method != "HERMITE":
        return _newton(at, table, now, None)
    slopes = s.speeds_kmps[rows] * scale[:, :, None]
    return _newton(np.repeat(at, 2, axis=1), np.repeat(table, 2, axis=1), now, slopes)


def _newton(at: Floats, table: Floats, now: Floats, slopes: Floats | None) -> Floats:
    """The polynomial through `table` (T, N, 3) at `at` (T, N), for `now` (T, 1).

    `slopes` (T, N / 2, 3) where all points are double.
    """
    count = at.shape[1]
    found = [table[:, 0]]
    for order in range(1, count):
        apart = at[:, order:] - at[:, :-order]
        step = table[:, 1:] - table[:, :-1]
        if order == 1 and slopes is not None:
            table = np.empty_like(step)
            table[:, 0::2] = slopes
            table[:, 1::2] = step[:, 1::2] / apart[:, 1::2, None]
        else:
            table = step / apart[:, :, None]
        found.append(table[:, 0])
    total = found[-1]
    for order in range(count - 2, -1, -1):
        total = total * (now - at[:, order : order + 1]) + found[order]
    return total


def teme_from_j2000(days: Floats) -> Floats:
    """(T, 3, 3) rotations from mean equator and equinox of J2000 to true equator, mean equinox of date."""
    t = days / _CENTURY_D
    zeta, z, theta = (
        _ARCSEC * t * (a + t * (b + t * c))
        for a, b, c in ((2306.2181, 0.30188, 0.017998), (2306.2181, 1.09468, 0.018203),
                        (2004.3109, -0.42665, -0.041833))
    )  # fmt: skip
    tilt = _ARCSEC * (84381.448 - t * (46.8150 + t * (0.00059 - t * 0.001813)))
    longitude, obliquity = _nutation(t)
    precession = _turn(2, -z) @ _turn(1, theta) @ _turn(2, -zeta)
    nutation = _turn(0, -tilt - obliquity) @ _turn(2, -longitude) @ _turn(0, tilt)
    found: Floats = _turn(2, longitude * np.cos(tilt)) @ nutation @ precession
    return found


def _nutation(t: Floats) -> tuple[Floats, Floats]:
    """In longitude and in obliquity, rad."""
    arguments = np.radians([
        134.96298139 + 477198.86739806 * t, 357.52772333 + 35999.05034000 * t,
        93.27191028 + 483202.01753806 * t, 297.85036306 + 445267.11148000 * t,
        125.04452222 - 1934.13626083 * t,
    ])  # fmt: skip
    angles = _TERMS[:, :5] @ arguments
    wide = (_TERMS[:, 5:6] + _TERMS[:, 6:7] * t) * np.sin(angles)
    high = (_TERMS[:, 7:8] + _TERMS[:, 8:9] * t) * np.cos(angles)
    return 1e-4 * _ARCSEC * wide.sum(axis=0), 1e-4 * _ARCSEC * high.sum(axis=0)


def _turn(axis: int, angle: Floats) -> Floats:
    """(T, 3, 3) rotations of the frame about one of its axes."""
    out = np.zeros((len(angle), 3, 3))
    one, two = (axis + 1) % 3, (axis + 2) % 3
    out[:, axis, axis] = 1.0
    out[:, one, one] = out[:, two, two] = np.cos(angle)
    out[:, one, two], out[:, two, one] = np.sin(angle), -np.sin(angle)
    return out
