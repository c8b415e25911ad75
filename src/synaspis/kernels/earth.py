"""The Earth: WGS84 ellipsoid, frames, geodesics, gravity with J2 in the rotating frame.

Positions are Earth-centred, Earth-fixed (ECEF), metres. Latitudes are geodetic, radians.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

# NGA.STND.0036_1.0.0_WGS84 (2014), table 3.1 (defining) and 3.4 (derived).
EQUATORIAL_RADIUS_M = 6_378_137.0
FLATTENING = 1.0 / 298.257223563
GRAVITY_M3PS2 = 3.986004418e14
ROTATION_RADPS = 7.292115e-5
POLAR_RADIUS_M = EQUATORIAL_RADIUS_M * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
# Dynamic form factor of the WGS84 normal field, derived from the four above (same source, appendix B).
J2 = 1.082629821e-3
MEAN_RADIUS_M = (2.0 * EQUATORIAL_RADIUS_M + POLAR_RADIUS_M) / 3.0
STANDARD_GRAVITY_MPS2 = 9.80665

_BOWRING_ROUNDS = 3
_VINCENTY_ROUNDS = 100


@inlined
def to_ecef(latitude: float, longitude: float, height: float) -> tuple[float, float, float]:
    """One geodetic point as ECEF x, y, z."""
    sin_lat = math.sin(latitude)
    cos_lat = math.cos(latitude)
    normal = EQUATORIAL_RADIUS_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    across = (normal + height) * cos_lat
    return (
        across * math.cos(longitude),
        across * math.sin(longitude),
        (normal * (1.0 - ECCENTRICITY_SQUARED) + height) * sin_lat,
    )


@inlined
def geodetic_sine_height(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Sine and cosine of the geodetic latitude, and the height, of one ECEF point.

    Source: Bowring (1976, Survey Review 23, 323), iterated on the parametric latitude.
    """
    across = math.sqrt(x * x + y * y)
    # The spherical guess is exact for far points and within 0.2 degrees on the ground.
    sin_par = z * EQUATORIAL_RADIUS_M
    cos_par = across * POLAR_RADIUS_M
    length = math.sqrt(sin_par * sin_par + cos_par * cos_par)
    sin_par /= length
    cos_par /= length
    second = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED)
    sin_lat = 0.0
    cos_lat = 1.0
    for _ in range(_BOWRING_ROUNDS):
        up = z + second * POLAR_RADIUS_M * sin_par * sin_par * sin_par
        out = across - ECCENTRICITY_SQUARED * EQUATORIAL_RADIUS_M * cos_par * cos_par * cos_par
        length = math.sqrt(up * up + out * out)
        sin_lat = up / length
        cos_lat = out / length
        sin_par = (1.0 - FLATTENING) * sin_lat
        length = math.sqrt(sin_par * sin_par + cos_lat * cos_lat)
        sin_par /= length
        cos_par = cos_lat / length
    # Well conditioned everywhere, unlike across / cos(latitude) - N.
    root = math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    return sin_lat, cos_lat, across * cos_lat + z * sin_lat - EQUATORIAL_RADIUS_M * root


@inlined
def height_m(x: float, y: float, z: float) -> float:
    """Geodetic height of one ECEF point."""
    return geodetic_sine_height(x, y, z)[2]


@inlined
def quick_height_m(radius: float, sin_squared: float) -> float:
    """Height from the geocentric radius and the squared sine of the geocentric latitude.

    Second order in the flattening along the geocentric radius: within 1.5 m below 200 km.
    """
    second_order = 1.5 * FLATTENING * (1.0 - sin_squared)
    return radius - EQUATORIAL_RADIUS_M * (1.0 - FLATTENING * sin_squared * (1.0 + second_order))


@kernel
def ecef_from_geodetic(geodetic: Floats) -> Floats:
    """(N, 3) of latitude, longitude (rad), height (m) -> (N, 3) ECEF, metres."""
    out = np.empty((geodetic.shape[0], 3))
    for i in range(geodetic.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = to_ecef(geodetic[i, 0], geodetic[i, 1], geodetic[i, 2])
    return out


@kernel
def geodetic_from_ecef(points: Floats) -> Floats:
    """(N, 3) ECEF, metres -> (N, 3) of latitude, longitude in (-pi, pi], height.

    Within 1e-6 m from 400 m below the ellipsoid to 40,000 km above it. The Earth's centre gives NaN.
    """
    out = np.empty((points.shape[0], 3))
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        sin_lat, cos_lat, height = geodetic_sine_height(x, y, z)
        out[i, 0] = math.atan2(sin_lat, cos_lat)
        out[i, 1] = math.atan2(y, x)
        out[i, 2] = height
    return out


@inlined
def set_enu(latitude: float, longitude: float, axes: Floats) -> None:
    """Fill `axes` (3, 3): the rows are the unit vectors east, north and up in ECEF."""
    sin_lat, cos_lat = math.sin(latitude), math.cos(latitude)
    sin_lon, cos_lon = math.sin(longitude), math.cos(longitude)
    axes[0, 0], axes[0, 1], axes[0, 2] = -sin_lon, cos_lon, 0.0
    axes[1, 0], axes[1, 1], axes[1, 2] = -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat
    axes[2, 0], axes[2, 1], axes[2, 2] = cos_lat * cos_lon, cos_lat * sin_lon, sin_lat


@kernel
def enu_axes(geodetic: Floats) -> Floats:
    """(N, 3) geodetic -> (N, 3, 3): the rows are the unit vectors east, north and up in ECEF."""
    out = np.empty((geodetic.shape[0], 3, 3))
    for i in range(geodetic.shape[0]):
        set_enu(geodetic[i, 0], geodetic[i, 1], out[i])
    return out


@inlined
def free_acceleration(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, rotation: float, j2: float
) -> tuple[float, float, float, float]:
    """Gravity with J2, centrifugal and Coriolis acceleration in a frame turning at `rotation` rad/s.

    The fourth value is the quick height: it shares the root.
    """
    squared = x * x + y * y + z * z
    inverse = 1.0 / squared
    radius = math.sqrt(squared)  # beside the division, not after it: lanes wait for the longest chain
    pull = GRAVITY_M3PS2 * inverse * (inverse * radius)
    sine2 = z * z * inverse
    bulge = (1.5 * EQUATORIAL_RADIUS_M * EQUATORIAL_RADIUS_M) * j2 * inverse
    shape = 1.0 + bulge * (1.0 - 5.0 * sine2)
    across = rotation * rotation - pull * shape
    along = -pull * (shape + 2.0 * bulge)
    turn = 2.0 * rotation
    return (
        across * x + turn * vy,
        across * y - turn * vx,
        along * z,
        quick_height_m(radius, sine2),
    )


@inlined
def _series(cos_alpha2: float) -> tuple[float, float]:
    """Vincenty's A and B from the squared cosine of the geodesic's azimuth at the equator.

    Helmert's expansion parameter keeps four more digits than Vincenty's first form (Vincenty 1976).
    """
    second = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED)
    root = math.sqrt(1.0 + cos_alpha2 * second)
    k = (root - 1.0) / (root + 1.0)
    return (1.0 + 0.25 * k * k) / (1.0 - k), k * (1.0 - 0.375 * k * k)


@inlined
def _arc_correction(b: float, sin_sigma: float, cos_sigma: float, cos_2mid: float) -> float:
    """Vincenty (1975) equation 6: what the arc on the sphere differs from the geodesic's."""
    square = cos_2mid * cos_2mid
    third = b / 6.0 * cos_2mid * (4.0 * sin_sigma * sin_sigma - 3.0) * (4.0 * square - 3.0)
    return b * sin_sigma * (cos_2mid + 0.25 * b * (cos_sigma * (2.0 * square - 1.0) - third))


@inlined
def _longitude_gap(
    sin_alpha: float, cos_alpha2: float, sigma: float, sin_sigma: float, cos_sigma: float, cos_2mid: float
) -> float:
    """Vincenty (1975) equations 10 and 11: longitude on the sphere minus that on the ellipsoid."""
    c = FLATTENING / 16.0 * cos_alpha2 * (4.0 + FLATTENING * (4.0 - 3.0 * cos_alpha2))
    inner = cos_2mid + c * cos_sigma * (2.0 * cos_2mid * cos_2mid - 1.0)
    return (1.0 - c) * FLATTENING * sin_alpha * (sigma + c * sin_sigma * inner)


@kernel
def geodesic(lat1: float, lon1: float, lat2: float, lon2: float) -> tuple[float, float, float]:
    """Distance (m) and azimuths (rad, at either end, along the way) of the shortest geodesic.

    Within 0.1 mm; nearly antipodal pairs, for which the iteration does not settle, give NaN.
    Source: Vincenty, Survey Review 23 (176), 1975.
    """
    tan1, tan2 = (1.0 - FLATTENING) * math.tan(lat1), (1.0 - FLATTENING) * math.tan(lat2)
    cos1, cos2 = 1.0 / math.sqrt(1.0 + tan1 * tan1), 1.0 / math.sqrt(1.0 + tan2 * tan2)
    sin1, sin2 = tan1 * cos1, tan2 * cos2
    span = lon2 - lon1 - 2.0 * math.pi * math.floor((lon2 - lon1) / (2.0 * math.pi) + 0.5)
    turn = span
    for _ in range(_VINCENTY_ROUNDS):
        sin_turn, cos_turn = math.sin(turn), math.cos(turn)
        east = cos2 * sin_turn
        north = cos1 * sin2 - sin1 * cos2 * cos_turn
        sin_sigma = math.sqrt(east * east + north * north)
        if sin_sigma == 0.0:
            return (0.0, 0.0, 0.0) if cos_turn > 0.0 and sin1 * sin2 >= 0.0 else (np.nan, np.nan, np.nan)
        cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_turn
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos1 * cos2 * sin_turn / sin_sigma
        cos_alpha2 = 1.0 - sin_alpha * sin_alpha
        cos_2mid = cos_sigma - 2.0 * sin1 * sin2 / cos_alpha2 if cos_alpha2 > 1e-15 else 0.0
        before = turn
        turn = span + _longitude_gap(sin_alpha, cos_alpha2, sigma, sin_sigma, cos_sigma, cos_2mid)
        if abs(turn) > math.pi + 1e-12:  # over a pole it may round to just past pi
            return np.nan, np.nan, np.nan
        if abs(turn - before) < 1e-13:
            a, b = _series(cos_alpha2)
            arc = sigma - _arc_correction(b, sin_sigma, cos_sigma, cos_2mid)
            ahead = math.atan2(cos1 * sin_turn, cos1 * sin2 * cos_turn - sin1 * cos2)
            return POLAR_RADIUS_M * a * arc, math.atan2(east, north), ahead
    return np.nan, np.nan, np.nan


@kernel
def geodesic_point(lat1: float, lon1: float, azimuth: float, distance: float) -> tuple[float, float, float]:
    """Latitude, longitude and azimuth (rad) at `distance` metres along a geodesic. Source: Vincenty 1975."""
    tan1 = (1.0 - FLATTENING) * math.tan(lat1)
    cos1 = 1.0 / math.sqrt(1.0 + tan1 * tan1)
    sin1 = tan1 * cos1
    sin_az, cos_az = math.sin(azimuth), math.cos(azimuth)
    sigma1 = math.atan2(tan1, cos_az)
    sin_alpha = cos1 * sin_az
    cos_alpha2 = 1.0 - sin_alpha * sin_alpha
    a, b = _series(cos_alpha2)
    first = distance / (POLAR_RADIUS_M * a)
    sigma = first
    for _ in range(_VINCENTY_ROUNDS):
        correction = _arc_correction(b, math.sin(sigma), math.cos(sigma), math.cos(2.0 * sigma1 + sigma))
        before = sigma
        sigma = first + correction
        if abs(sigma - before) < 1e-14:
            break
    sin_sigma, cos_sigma, cos_2mid = math.sin(sigma), math.cos(sigma), math.cos(2.0 * sigma1 + sigma)
    down = sin1 * sin_sigma - cos1 * cos_sigma * cos_az
    lat2 = math.atan2(
        sin1 * cos_sigma + cos1 * sin_sigma * cos_az,
        (1.0 - FLATTENING) * math.sqrt(sin_alpha * sin_alpha + down * down),
    )
    turn = math.atan2(sin_sigma * sin_az, cos1 * cos_sigma - sin1 * sin_sigma * cos_az)
    lon2 = lon1 + turn - _longitude_gap(sin_alpha, cos_alpha2, sigma, sin_sigma, cos_sigma, cos_2mid)
    lon2 -= 2.0 * math.pi * math.floor(lon2 / (2.0 * math.pi) + 0.5)
    return lat2, lon2, math.atan2(sin_alpha, -down)
