"""Frames, geodesics and gravity."""

from __future__ import annotations

import math

import numpy as np
from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synaspis.kernels import earth

latitudes = st.floats(-math.pi / 2, math.pi / 2)
longitudes = st.floats(-math.pi, math.pi)
heights = st.floats(-400.0, 4.0e7)


@settings(max_examples=300, deadline=None)
@given(latitudes, longitudes, heights)
def test_geodetic_round_trip(latitude: float, longitude: float, height: float) -> None:
    start = np.array([[latitude, longitude, height]])
    point = earth.ecef_from_geodetic(start)
    back = earth.geodetic_from_ecef(point)
    assert abs(back[0, 2] - height) < 1e-6
    assert np.linalg.norm(earth.ecef_from_geodetic(back) - point) < 1e-6


def test_poles_equator_and_centre() -> None:
    points = np.array([
        [earth.EQUATORIAL_RADIUS_M + 10.0, 0.0, 0.0],
        [0.0, 0.0, -earth.POLAR_RADIUS_M - 10.0],
        [0.0, -earth.EQUATORIAL_RADIUS_M, 0.0],
    ])  # fmt: skip
    expected = [[0.0, 0.0, 10.0], [-math.pi / 2, 0.0, 10.0], [0.0, -math.pi / 2, 0.0]]
    np.testing.assert_allclose(earth.geodetic_from_ecef(points), expected, atol=1e-8)
    assert np.isnan(earth.geodetic_from_ecef(np.zeros((1, 3)))[0, 2])


def test_axes_are_orthonormal_and_up_is_up() -> None:
    luck = np.random.default_rng(5)
    places = np.stack([luck.uniform(-1.5, 1.5, 50), luck.uniform(-3, 3, 50), np.zeros(50)], axis=1)
    axes = earth.enu_axes(places)
    np.testing.assert_allclose(axes @ axes.transpose(0, 2, 1), np.tile(np.eye(3), (50, 1, 1)), atol=1e-14)
    raised = places + np.array([0.0, 0.0, 1000.0])
    climb = earth.ecef_from_geodetic(raised) - earth.ecef_from_geodetic(places)
    np.testing.assert_allclose(climb, 1000.0 * axes[:, 2], atol=1e-6)
    north = earth.ecef_from_geodetic(places + np.array([1e-6, 0.0, 0.0])) - earth.ecef_from_geodetic(places)
    assert (np.einsum("nc,nc->n", north, axes[:, 1]) > 6.3).all()


def test_quick_height_is_within_metres() -> None:
    luck = np.random.default_rng(6)
    low = np.stack([luck.uniform(-1.57, 1.57, 500), np.zeros(500), luck.uniform(-400, 2e5, 500)], axis=1)
    points = earth.ecef_from_geodetic(low)
    radius = np.linalg.norm(points, axis=1)
    quick = [earth.quick_height_m.py_func(r, (z / r) ** 2) for r, z in zip(radius, points[:, 2], strict=True)]
    assert np.abs(np.array(quick) - low[:, 2]).max() < 1.5


@settings(max_examples=200, deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
@example(0.0, -3.1415926535897927, 1.0, 0.0)
def test_geodesics_agree_with_geographiclib(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    """0.2 mm, except where the two are nearly antipodal: there we may say that we do not know."""
    found = earth.geodesic(lat1, lon1, lat2, lon2)[0]
    degrees = [math.degrees(a) for a in (lat1, lon1, lat2, lon2)]
    truth = Geodesic.WGS84.Inverse(*degrees, Geodesic.DISTANCE)
    if math.isnan(found):
        assert truth["a12"] > 178.0
    else:
        assert abs(found - truth["s12"]) < 2e-4


def test_one_place_has_no_distance() -> None:
    assert earth.geodesic(0.5, 1.0, 0.5, 1.0)[0] == 0.0
    assert math.isnan(earth.geodesic(0.5, 0.0, -0.5, math.pi)[0])


def test_gravity_on_the_ground() -> None:
    """WGS84 normal gravity: 9.7803253 at the equator, 9.8321849 at the poles (NGA.STND.0036, table 3.6).

    J2 alone leaves out J4 (-2.37e-6): 5 J4 P4 g is 4.4e-5 m/s2 at the equator and 1.2e-4 at the poles.
    """
    still = (0.0, 0.0, 0.0, earth.ROTATION_RADPS, earth.J2)
    equator = earth.free_acceleration.py_func(earth.EQUATORIAL_RADIUS_M, 0.0, 0.0, *still)
    pole = earth.free_acceleration.py_func(0.0, 0.0, earth.POLAR_RADIUS_M, *still)
    assert abs(equator[0] + 9.7803253) < 5e-5
    assert abs(pole[2] + 9.8321849) < 1.3e-4
