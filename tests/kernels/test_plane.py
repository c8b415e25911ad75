"""The equal-area plane: there and back, and areas that are those of the ellipsoid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels.plane import AUTHALIC_RADIUS_M, Plane, authalic_rad, geodetic_rad


def test_there_and_back() -> None:
    rng = np.random.default_rng(1)
    for latitude, longitude in ((0.0, 0.0), (45.0, 170.0), (-70.0, -20.0), (89.0, 10.0)):
        plane = Plane(math.radians(latitude), math.radians(longitude))
        flat = rng.uniform(-3e6, 3e6, (200, 2))
        assert np.abs(plane.flat(plane.places(flat)) - flat).max() < 0.05


def test_authalic_latitudes_and_their_series_undo_each_other() -> None:
    """The closed form (Snyder 3-11, 3-12) one way, the series (3-18) the other."""
    latitudes = np.radians(np.linspace(-90.0, 90.0, 181))
    assert np.abs(geodetic_rad(authalic_rad(latitudes)) - latitudes).max() < 1e-7


def test_a_square_has_the_area_of_its_ground() -> None:
    """Against the ellipsoid's zone between two parallels, of which a fine outline is cut out."""
    south, north, west, east = np.radians([44.0, 48.0, 20.0, 26.0])
    plane = Plane(math.radians(40.0), math.radians(15.0))
    steps = np.linspace(0.0, 1.0, 2000)
    lat = np.concatenate([south + 0 * steps, south + (north - south) * steps, north + 0 * steps,
                          north + (south - north) * steps])  # fmt: skip
    lon = np.concatenate([west + (east - west) * steps, east + 0 * steps, east + (west - east) * steps,
                          west + 0 * steps])  # fmt: skip
    x, y = plane.flat(np.stack([lat, lon], -1)).T
    area = 0.5 * float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    sines = np.sin(authalic_rad(np.array([south, north])))
    assert area == pytest.approx(AUTHALIC_RADIUS_M**2 * (east - west) * (sines[1] - sines[0]), rel=1e-6)
