"""The Earth: WGS84 ellipsoid, frames, gravity with J2 in the rotating frame.

Positions are Earth-centred, Earth-fixed (ECEF), metres. Latitudes are geodetic, radians.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import fma, inlined, kernel

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
    second_order = fma(-1.5 * FLATTENING, sin_squared, 1.5 * FLATTENING)
    return fma(-EQUATORIAL_RADIUS_M, fma(-FLATTENING * sin_squared, 1.0 + second_order, 1.0), radius)


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
    squared = fma(x, x, fma(y, y, z * z))
    inverse = 1.0 / squared
    radius = math.sqrt(squared)  # beside the division, not after it: lanes wait for the longest chain
    pull = GRAVITY_M3PS2 * inverse * (inverse * radius)
    sine2 = z * z * inverse
    bulge = (1.5 * EQUATORIAL_RADIUS_M * EQUATORIAL_RADIUS_M) * j2 * inverse
    shape = fma(bulge, fma(-5.0, sine2, 1.0), 1.0)
    across = fma(-pull, shape, rotation * rotation)
    along = -pull * fma(2.0, bulge, shape)
    turn = 2.0 * rotation
    return (
        fma(across, x, turn * vy),
        fma(across, y, -turn * vx),
        along * z,
        quick_height_m(radius, sine2),
    )
