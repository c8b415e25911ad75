"""Geodesics of every kind against GeographicLib, and what must hold where no oracle is good enough."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synaspis.kernels import geodesic as lines
from synaspis.kernels.earth import ECCENTRICITY_SQUARED, EQUATORIAL_RADIUS_M, FLATTENING, POLAR_RADIUS_M
from synaspis.kernels.geodesic import geodesic, geodesic_point

# Ours, the oracle's and the rounding of degrees to radians together: 20 nm in 1e5 lines of the worst kinds.
CLOSE_M = 1e-7
CONJUGATE_DEG = 180.0 * (1.0 - FLATTENING)
"""Along the equator, the longest way that is still the shortest line."""

_hairs = st.builds(
    lambda sign, power: sign * 10.0**power, st.sampled_from([-1.0, 1.0]), st.floats(-18.0, 0.5)
)
_offsets = st.just(0.0) | _hairs
_latitudes = st.floats(-90.0, 90.0) | st.builds(
    lambda base, offset: max(-90.0, min(90.0, base + offset)),
    st.sampled_from([0.0, 90.0, -90.0, 30.0, -45.0, 89.9, 0.001]),
    _offsets,
)
_spans = st.floats(-180.0, 180.0) | st.builds(
    lambda base, offset: base + offset, st.sampled_from([0.0, 180.0, -180.0, 90.0, CONJUGATE_DEG]), _offsets
)
_longitudes = st.just(0.0) | st.floats(-180.0, 180.0)
_distances = st.floats(0.0, 2e7) | st.floats(-4e7, 4e7) | st.builds(lambda x: 10.0**x, st.floats(-6.0, 7.0))
_radians = st.floats(-math.pi / 2, math.pi / 2)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[float, float, float, float]:
    """Degrees; half of the pairs have nearly the same latitude, or nearly the opposite one."""
    lat1, lon1, span = draw(_latitudes), draw(_longitudes), draw(_spans)
    beside = st.builds(
        lambda sign, offset: max(-90.0, min(90.0, sign * lat1 + offset)),
        st.sampled_from([1.0, -1.0]),
        _offsets,
    )
    return lat1, lon1, draw(_latitudes | beside), lon1 + span


def _apart_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    return Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"]


def _oracle_latitude(degrees: float) -> float:
    """GeographicLib 2.1 errs by up to 4 micrometres where latitudes are some 1e-16 degrees, and not zero."""
    return 0.0 if abs(degrees) < 1e-13 else degrees


@settings(max_examples=400)
@given(_pairs())
@example((0.0, -180.0, 57.0, 0.0))  # over a pole
@example((-30.0, 0.0, 30.0, CONJUGATE_DEG))
@example((0.0, 0.0, 0.0, CONJUGATE_DEG))
@example((0.0, 0.0, 0.0, 180.0))
@example((90.0, 12.0, -90.0, 40.0))
@example((90.0, 12.0, 90.0, 40.0))
@example((9.85e-16, 0.0, -5.9e-16, 179.396359))  # 90 rounds of halving
def test_the_line_is_as_long_as_the_oracles_and_gets_there(pair: tuple[float, float, float, float]) -> None:
    """Azimuths are judged by where they lead: antipodes and poles have many that are right."""
    lat1, lon1, lat2, lon2 = _oracle_latitude(pair[0]), pair[1], _oracle_latitude(pair[2]), pair[3]
    distance, azimuth1, azimuth2 = geodesic(*(math.radians(angle) for angle in pair))
    assert abs(distance - _apart_m(lat1, lon1, lat2, lon2)) < CLOSE_M
    end = Geodesic.WGS84.Direct(lat1, lon1, math.degrees(azimuth1), distance)
    assert _apart_m(end["lat2"], end["lon2"], lat2, lon2) < CLOSE_M
    start = Geodesic.WGS84.Direct(lat2, lon2, math.degrees(azimuth2), -distance)
    assert _apart_m(start["lat2"], start["lon2"], lat1, lon1) < CLOSE_M


@settings(max_examples=200)
@given(_latitudes, _longitudes, st.floats(-360.0, 360.0), _distances)
@example(90.0, 10.0, 30.0, 1e6)
@example(0.0, 10.0, 90.0, 1e7)
def test_the_point_is_the_oracles(lat1: float, lon1: float, azimuth: float, distance: float) -> None:
    found = geodesic_point(math.radians(lat1), math.radians(lon1), math.radians(azimuth), distance)
    truth = Geodesic.WGS84.Direct(lat1, lon1, azimuth, distance)
    assert _apart_m(math.degrees(found[0]), math.degrees(found[1]), truth["lat2"], truth["lon2"]) < CLOSE_M
    # Going on from there must lead to the same place, so the azimuth is right too, at the poles as well.
    onward = Geodesic.WGS84.Direct(*(math.degrees(angle) for angle in found), 5e6)
    there = Geodesic.WGS84.Direct(lat1, lon1, azimuth, distance + 5e6)
    assert _apart_m(onward["lat2"], onward["lon2"], there["lat2"], there["lon2"]) < CLOSE_M


@settings(max_examples=200)
@given(_pairs())
@example((0.0, 100.99999999999997, 0.0, 179.99999999999997))  # rounds past pi
def test_direct_undoes_inverse(pair: tuple[float, float, float, float]) -> None:
    lat1, lon1, lat2, lon2 = (math.radians(angle) for angle in pair)
    distance, azimuth1, azimuth2 = geodesic(lat1, lon1, lat2, lon2)
    found = geodesic_point(lat1, lon1, azimuth1, distance)
    assert -math.pi <= found[1] <= math.pi
    assert geodesic(found[0], found[1], lat2, lon2)[0] < CLOSE_M
    back = geodesic_point(lat2, lon2, azimuth2, -distance)
    assert geodesic(back[0], back[1], lat1, lon1)[0] < CLOSE_M


@settings(max_examples=500)
@given(_radians, st.floats(-10.0, 10.0), _radians, st.floats(-10.0, 10.0))
@example(5e-324, 0.0, -5e-324, math.pi)
@example(0.5, 0.0, 0.5, 5e-324)
def test_any_pair_has_a_line_the_same_both_ways(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    distance, azimuth1, azimuth2 = geodesic(lat1, lon1, lat2, lon2)
    assert 0.0 <= distance <= math.pi * POLAR_RADIUS_M * 1.002
    assert abs(azimuth1) <= math.pi and abs(azimuth2) <= math.pi
    assert abs(geodesic(lat2, lon2, lat1, lon1)[0] - distance) < CLOSE_M


@settings(max_examples=300)
@given(st.floats(-18.0, -9.0), st.floats(-1.0, 1.0), st.booleans(), st.floats(-17.0, -4.0), st.booleans())
def test_beside_the_equator(power: float, ratio: float, far: bool, gap: float, over: bool) -> None:
    """By the triangle inequality, lines beside the equator differ from its own by no more than the two steps.

    The oracle fails here. Along the equator the length is a x longitude, up to the conjugate point.
    """
    lat1 = 10.0**power
    lat2 = ratio * lat1
    span = math.pi if far else (1.0 - FLATTENING) * math.pi
    span += 10.0**gap if over and not far else -(10.0**gap)
    steps = (lat1 + abs(lat2)) * EQUATORIAL_RADIUS_M
    along = geodesic(0.0, 0.0, 0.0, span)[0]
    if span <= (1.0 - FLATTENING) * math.pi:
        assert along == pytest.approx(EQUATORIAL_RADIUS_M * span, abs=1e-8)
    assert abs(geodesic(lat1, 0.0, lat2, span)[0] - along) < steps + 5e-8


@settings(max_examples=200)
@given(st.floats(-1.57, 1.57), st.floats(-12.0, -7.0), st.floats(-math.pi, math.pi))
def test_tiny_distances(latitude: float, power: float, direction: float) -> None:
    """From 6 micrometres to 60 cm, against the radii of curvature there."""
    lat2 = latitude + 10.0**power * math.cos(direction)
    span = 10.0**power * math.sin(direction)
    middle = 0.5 * (latitude + lat2)
    shape = 1.0 - ECCENTRICITY_SQUARED * math.sin(middle) ** 2
    normal = EQUATORIAL_RADIUS_M / math.sqrt(shape)
    north = normal * (1.0 - ECCENTRICITY_SQUARED) / shape * (lat2 - latitude)
    expected = math.hypot(north, normal * math.cos(middle) * span)
    # 5 nm of rounding, and what a step bends: its square over the distance from the pole.
    bend = expected**2 / (EQUATORIAL_RADIUS_M * math.cos(middle))
    assert abs(geodesic(latitude, 0.0, lat2, span)[0] - expected) < 5e-9 + bend


@pytest.mark.parametrize("latitude", [0.0, 1e-12, 0.001, 0.5, -1.2, math.pi / 2])
@pytest.mark.parametrize("longitude", [0.0, 1.0, -3.0])
def test_antipodes_are_half_a_meridian_apart(latitude: float, longitude: float) -> None:
    """20,003,931.458625 m: Karney 2013's quarter meridian, 10,001,965.729313 m, twice."""
    for turn in (math.pi, -math.pi):
        distance = geodesic(latitude, longitude, -latitude, longitude + turn)[0]
        assert distance == pytest.approx(20_003_931.458625, abs=1e-6)


def test_one_place_has_no_distance_and_nan_spreads() -> None:
    assert geodesic(0.5, 1.0, 0.5, 1.0) == (0.0, 0.0, 0.0)
    assert geodesic(0.5, 1.0, 0.5, 1.0 + 2.0 * math.pi)[0] < CLOSE_M
    for i in range(4):
        assert np.isnan(geodesic(*np.where(np.arange(4) == i, np.nan, 0.5))[0])
        assert np.isnan(geodesic_point(*np.where(np.arange(4) == i, np.nan, 0.5))[1])


def _series_and_integrals(epsilon: float, sigma: float) -> list[tuple[float, float]]:
    """I1, I2 and I3 as the kernel's series and by Gauss-Legendre quadrature; and I1 undone (21)."""
    k2 = 4.0 * epsilon / (1.0 - epsilon) ** 2
    nodes, weights = np.polynomial.legendre.leggauss(60)
    root = np.sqrt(1.0 + k2 * np.sin(0.5 * sigma * (nodes + 1.0)) ** 2)
    integrals = [
        0.5 * sigma * float(weights @ values)
        for values in (root, 1.0 / root, (2.0 - FLATTENING) / (1.0 + (1.0 - FLATTENING) * root))
    ]
    s, c = math.sin(sigma), math.cos(sigma)
    first, reduced = lines._between(epsilon, k2, sigma, 0.0, 1.0, s, c)
    second = first - (math.sqrt(1.0 + k2 * s * s) * s - reduced) / c
    third = sigma + lines._sines(lines._C3, epsilon, s, c)
    third *= float(lines._A3 @ epsilon ** np.arange(6))
    tau = sigma + lines._sines(lines._C1, epsilon, s, c)
    back = tau + lines._sines(lines._C1_REVERTED, epsilon, math.sin(tau), math.cos(tau))
    return [(first, integrals[0]), (second, integrals[1]), (third, integrals[2]), (back, sigma)]


@pytest.mark.parametrize("sigma", [0.4, 1.5, -2.0])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_series_are_their_integrals(share: float, sigma: float) -> None:
    """Karney's (7), (40) and (8), for lines along the equator, aslant and along a meridian."""
    k2 = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED) * share
    epsilon = k2 / (2.0 * (1.0 + math.sqrt(1.0 + k2)) + k2)
    for series, integral in _series_and_integrals(epsilon, sigma):
        assert series == pytest.approx(integral, abs=1e-14)


def test_series_are_of_their_order() -> None:
    """Cut after the sixth power of epsilon: half of it, 128 times the accuracy. I3 is cut after the fifth.

    On the Earth epsilon is 0.0017, where the last powers are lost in rounding: hence larger ones here.
    """
    coarse, fine = (
        np.array([_series_and_integrals(epsilon, sigma) for sigma in np.linspace(0.1, 3.0, 30)])
        for epsilon in (0.05, 0.025)
    )
    orders = np.log2(np.ptp(coarse, axis=2).max(axis=0) / np.ptp(fine, axis=2).max(axis=0))
    np.testing.assert_allclose(orders, [7.0, 7.0, 6.0, 7.0], atol=0.1)
