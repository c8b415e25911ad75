"""An equal-area plane about a point: squares on it are patches of ground of equal area.

Lambert azimuthal equal-area projection of the WGS84 ellipsoid, oblique aspect.
Source: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395, 1987, chapter 24
(equations 24-17 to 24-24) and 3-11, 3-12, 3-18.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, FLATTENING

Floats = NDArray[np.float64]

_SQUARE = FLATTENING * (2.0 - FLATTENING)
_E = math.sqrt(_SQUARE)
_LATITUDE_SERIES = (
    _SQUARE / 3.0 + 31.0 * _SQUARE**2 / 180.0 + 517.0 * _SQUARE**3 / 5040.0,
    23.0 * _SQUARE**2 / 360.0 + 251.0 * _SQUARE**3 / 3780.0,
    761.0 * _SQUARE**3 / 45360.0,
)


def _q(sine: Floats) -> Floats:
    """Area from the equator up to a latitude, of a unit ellipsoid and for 2 radians of longitude, over b."""
    return (1.0 - _SQUARE) * (
        sine / (1.0 - _SQUARE * sine**2) - np.log((1.0 - _E * sine) / (1.0 + _E * sine)) / (2.0 * _E)
    )


_POLE = float(_q(np.ones(1))[0])
AUTHALIC_RADIUS_M = EQUATORIAL_RADIUS_M * math.sqrt(_POLE / 2.0)
"""Radius of the sphere that has the ellipsoid's area."""


def authalic_rad(latitude_rad: Floats) -> Floats:
    """Latitude on the sphere of equal area."""
    return np.arcsin(np.clip(_q(np.sin(latitude_rad)) / _POLE, -1.0, 1.0))


def geodetic_rad(authalic: Floats) -> Floats:
    """The inverse of `authalic_rad`, to a nanoradian."""
    a, b, c = _LATITUDE_SERIES
    return authalic + a * np.sin(2.0 * authalic) + b * np.sin(4.0 * authalic) + c * np.sin(6.0 * authalic)


@dataclass(frozen=True)
class Plane:
    """The plane about (latitude, longitude), rad: x metres east and y north. Points (..., 2)."""

    latitude_rad: float
    longitude_rad: float

    @property
    def _middle(self) -> tuple[float, float]:
        beta = float(authalic_rad(np.array([self.latitude_rad]))[0])
        return math.sin(beta), math.cos(beta)

    def flat(self, places: Floats) -> Floats:
        """(..., 2) metres of places (..., 2): latitude and longitude, rad."""
        sine, cosine = self._middle
        beta, turn = authalic_rad(places[..., 0]), places[..., 1] - self.longitude_rad
        along = np.cos(beta) * np.cos(turn)
        scale = AUTHALIC_RADIUS_M * np.sqrt(
            2.0 / np.maximum(1.0 + sine * np.sin(beta) + cosine * along, 1e-12)
        )
        x = scale * np.cos(beta) * np.sin(turn)
        y = scale * (cosine * np.sin(beta) - sine * along)
        return np.stack([x, y], axis=-1)

    def places(self, flat: Floats) -> Floats:
        """(..., 2) latitude and longitude (rad, within half a turn of the middle) of points (..., 2), metres.

        Beyond the antipode there is nothing: NaN.
        """
        sine, cosine = self._middle
        x, y = flat[..., 0], flat[..., 1]
        rho = np.hypot(x, y)
        half = rho / (2.0 * AUTHALIC_RADIUS_M)
        angle = 2.0 * np.arcsin(np.where(half <= 1.0, half, np.nan))
        safe = np.maximum(rho, 1e-9)
        beta = np.arcsin(np.clip(np.cos(angle) * sine + y * np.sin(angle) * cosine / safe, -1.0, 1.0))
        turn = np.arctan2(x * np.sin(angle), safe * cosine * np.cos(angle) - y * sine * np.sin(angle))
        return np.stack([geodetic_rad(beta), self.longitude_rad + turn], axis=-1)
