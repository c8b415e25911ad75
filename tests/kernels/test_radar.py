"""Radar visibility: each gate by hand, and the quick tests against plain angles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench import visibility
from synaspis.kernels import earth, radar

PLACE = np.array([[math.radians(45.0), math.radians(25.0), 100.0]])


def _table(
    range_km: float = 1000.0,
    facing: float = 90.0,
    sector: float = 120.0,
    low: float = 2.0,
    high: float = 85.0,
) -> np.ndarray:
    degrees = [np.radians([value]) for value in (facing, sector, low, high)]
    return radar.radar_table(PLACE, np.array([range_km * 1e3]), *degrees)


def _look(range_km: float, azimuth: float, elevation: float) -> np.ndarray:
    """The point at a distance, azimuth and geometric elevation from the radar."""
    a, e = math.radians(azimuth), math.radians(elevation)
    local = np.array([math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)])
    return earth.ecef_from_geodetic(PLACE)[0] + range_km * 1e3 * local @ earth.enu_axes(PLACE)[0]


@pytest.mark.parametrize(
    ("point", "seen"),
    [
        ((500.0, 90.0, 20.0), True),
        ((999.9, 90.0, 20.0), True),
        ((1000.1, 90.0, 20.0), False),
        ((500.0, 149.9, 20.0), True),
        ((500.0, 150.1, 20.0), False),
        ((500.0, 30.1, 20.0), True),
        ((500.0, 29.9, 20.0), False),
        ((500.0, 270.0, 20.0), False),
        ((500.0, 90.0, 84.9), True),
        ((500.0, 90.0, 85.1), False),
        ((500.0, 90.0, -5.0), False),
    ],
)
def test_gates(point: tuple[float, float, float], seen: bool) -> None:
    assert bool(radar.visible(_look(*point)[None, :], _table())[0, 0]) is seen


def test_refraction_lifts_by_its_published_size() -> None:
    """On a 4/3 Earth a ray through the lowest 10 km at 2 degrees bends by d / (8 R): 0.23 degrees here."""
    table = _table(range_km=3000.0)
    elevations = np.linspace(1.0, 2.2, 1201)
    seen = [bool(radar.visible(_look(1500.0, 90.0, e)[None, :], table)[0, 0]) for e in elevations]
    bent = 2.0 - elevations[seen.index(True)]
    leaves_km = table[0, radar.BEND_RANGE] / 1e3
    assert 200.0 < leaves_km < 260.0
    assert bent == pytest.approx(math.degrees(leaves_km / (8.0 * 6371.0)), abs=0.01)


def test_a_high_radar_looks_down_to_its_horizon_only() -> None:
    high = PLACE + np.array([[0.0, 0.0, 1900.0]])
    limits = [np.radians([value]) for value in (90.0, 360.0, -10.0, 90.0)]
    table = radar.radar_table(high, np.array([1e6]), *limits)
    dip = math.acos(1.0 / (1.0 + 2000.0 / (4.0 / 3.0 * earth.MEAN_RADIUS_M)))
    assert table[0, radar.LOW] == pytest.approx(-math.sin(dip), rel=1e-9)


def test_all_round_sees_all_round() -> None:
    points = np.array([_look(300.0, a, 89.9 if a == 45.0 else 10.0) for a in np.arange(0.0, 360.0, 5.0)])
    assert radar.visible(points, _table(facing=17.0, sector=360.0, high=90.0)).all()


def test_quick_tests_agree_with_angles_and_with_any_shape() -> None:
    points, table = visibility.scene(3000, 14)
    seen = radar.visible(points, table)
    assert 0.01 < seen.mean() < 0.5
    np.testing.assert_array_equal(seen, visibility.numpy_visible(points, table))
    np.testing.assert_array_equal(radar.visible(points.reshape(30, 100, 3), table).reshape(14, -1), seen)
    np.testing.assert_array_equal(radar.visible(points[5], table), seen[:, 5])


def test_what_is_not_there_is_not_seen() -> None:
    assert not radar.visible(np.full((3, 3), np.nan), _table()).any()
