"""What stations measure of a state."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels import earth, sight

PLACE = np.array([[math.radians(50.0), math.radians(10.0), 100.0]])


def seen_by(state: np.ndarray, station: np.ndarray) -> np.ndarray:
    out = np.empty(sight.PARTS)
    sight.expect(state, station, out)
    return out


def test_a_radar_sees_range_azimuth_elevation_and_range_rate() -> None:
    station = sight.radar_stations(PLACE)[0]
    axes = earth.enu_axes(PLACE)[0]
    azimuth, elevation = math.radians(120.0), math.radians(30.0)
    line = (
        math.cos(elevation) * math.sin(azimuth) * axes[0]
        + math.cos(elevation) * math.cos(azimuth) * axes[1]
        + math.sin(elevation) * axes[2]
    )
    state = np.concatenate(
        [station[:3] + 400e3 * line, -1500.0 * line + 300.0 * np.cross(line, axes[2]), [0.0]]
    )
    np.testing.assert_allclose(seen_by(state, station), [400e3, azimuth, elevation, -1500.0], rtol=1e-12)


def test_a_satellite_sees_angles_about_its_nadir() -> None:
    places = earth.ecef_from_geodetic(np.array([[0.0, 0.3, 35.8e6], [0.0, 0.0, 1e6]]))
    places[1] = (0.0, 0.0, 7e6)  # over the pole
    for place, station in zip(places, sight.satellite_stations(places), strict=True):
        frame = station[3:].reshape(3, 3)
        np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-14)
        below = np.concatenate([place * 0.9, np.zeros(4)])
        np.testing.assert_allclose(seen_by(below, station)[1:3], 0.0, atol=1e-12)
    station = sight.satellite_stations(places[:1])[0]
    north = np.concatenate([places[0] * 0.2 + np.array([0.0, 0.0, 1e6]), np.zeros(4)])
    east = np.concatenate([places[0] * 0.2 + 1e6 * station[3:6], np.zeros(4)])
    assert seen_by(north, station)[2] > 0.02
    assert seen_by(east, station)[1] > 0.02


def test_slopes_are_derivatives() -> None:
    station = sight.radar_stations(PLACE)[0]
    luck = np.random.default_rng(1)
    for _ in range(20):
        away = luck.normal(size=3)
        state = np.concatenate(
            [station[:3] + 3e5 * away / np.linalg.norm(away), luck.normal(size=3) * 2000.0, [0.0]]
        )
        seen, by = np.empty(4), np.zeros((4, 7))
        sight.expect_slopes(state, station, seen, by)
        assert np.array_equal(seen, seen_by(state, station))
        for c in range(6):
            up, down = state.copy(), state.copy()
            up[c] += 1.0
            down[c] -= 1.0
            change = 0.5 * (seen_by(up, station) - seen_by(down, station))
            np.testing.assert_allclose(by[:, c], change, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("turns", [-2, -1, 0, 1, 3])
def test_angles_are_wrapped(turns: int) -> None:
    for angle in (-3.0, -0.5, 0.0, 0.5, 3.0):
        state = sight.wrapped.py_func(angle + 2.0 * math.pi * turns)  # type: ignore[attr-defined]
        assert state == pytest.approx(angle, abs=1e-12)
