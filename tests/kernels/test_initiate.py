"""First states: places from one time's measurements, velocities from two."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench import tracking as bench_tracking
from synaspis.kernels import earth, ekf, initiate, sight
from synaspis.tracking import filters

INFRARED = np.array([2e-5, 2e-5])
GEOSTATIONARY = np.array([[0.0, math.radians(20.0), 35.786e6], [0.0, math.radians(75.0), 35.786e6]])


def satellites() -> np.ndarray:
    return sight.satellite_stations(earth.ecef_from_geodetic(GEOSTATIONARY))


def angles(time_s: float, state: np.ndarray, stations: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    rows = np.full((len(stations), sight.ROW_COLUMNS), np.inf)
    rows[:, 0], rows[:, 1], rows[:, 4] = time_s, 0.0, 0.0
    rows[:, 2:4] = bench_tracking.exact(state, stations)[:, 1:3] + INFRARED * luck.standard_normal(
        (len(rows), 2)
    )
    rows[:, 6:8] = INFRARED
    return rows


def located(rows: np.ndarray, stations: np.ndarray) -> tuple[bool, np.ndarray, np.ndarray]:
    place, spread = np.zeros(7), np.zeros((3, 3))
    return initiate.locate(rows, stations, np.zeros(ekf.ROOM), place, spread), place[:3], spread


def test_places_are_as_good_as_they_say() -> None:
    """The normalised error squared of three numbers is 3 on average; of 300 draws, within 0.5."""
    times, states, radars = bench_tracking.arc()
    luck = np.random.default_rng(2)
    rows = bench_tracking.detections(times[:1], states[:1], radars, 300)[:, 0]
    for stations, seen in (
        (radars, rows),
        (radars[:1], rows[:, :1]),
        (satellites(), [angles(0.0, states[0], satellites(), luck) for _ in range(300)]),
    ):
        squares = []
        for one in seen:
            ok, place, spread = located(np.ascontiguousarray(one), stations)
            assert ok
            off = place - states[0, :3]
            squares.append(off @ np.linalg.solve(spread, off))
        assert np.mean(squares) == pytest.approx(3.0, abs=0.5)


def test_without_error_the_place_is_the_place() -> None:
    _, states, _ = bench_tracking.arc()
    rows = np.full((2, sight.ROW_COLUMNS), np.inf)
    rows[:, 2:4] = bench_tracking.exact(states[100], satellites())[:, 1:3]
    rows[:, 6:8] = INFRARED
    ok, place, _ = located(rows, satellites())
    assert ok
    np.testing.assert_allclose(place, states[100, :3], atol=0.05)


def test_one_line_of_sight_fixes_no_place() -> None:
    _, states, _ = bench_tracking.arc()
    luck = np.random.default_rng(2)
    rows = angles(0.0, states[0], satellites(), luck)
    assert not located(rows[:1], satellites()[:1])[0]
    assert not located(np.tile(rows[:1], (2, 1)), np.tile(satellites()[:1], (2, 1)))[0]
    rows[:, 6:8] = np.inf
    assert not located(rows, satellites())[0]


def test_the_first_state_is_as_good_as_it_says() -> None:
    """Six numbers, from two radars' looks 2 s apart and from satellites' 10 s apart."""
    times, states, radars = bench_tracking.arc()
    luck = np.random.default_rng(6)
    for gap in (2, 10):
        squares = []
        for rows in bench_tracking.detections(times[[50, 50 + gap]], states[[50, 50 + gap]], radars, 150):
            seen = [(np.ascontiguousarray(r), radars) for r in rows]
            if gap == 10:
                seen = [
                    (angles(times[k], states[k], satellites(), luck), satellites()) for k in (50, 50 + gap)
                ]
            mean, cov, now = filters.first_state(seen[0], seen[1], filters.BALLISTIC)
            off = mean[:6] - states[50 + gap]
            squares.append(off @ np.linalg.solve(cov[:6, :6], off))
            assert now == times[50 + gap]
            assert mean[6] == filters.BALLISTIC.fresh
            assert cov[6, 6] == pytest.approx(filters.BALLISTIC.fresh_sigma**2)
        assert np.mean(squares) == pytest.approx(6.0, abs=1.0)


def test_the_first_velocity_allows_for_gravity() -> None:
    """Without error, 4 s apart: what is left is how gravity changes within them, not 20 m/s of it."""
    times, states, radars = bench_tracking.arc()
    seen = []
    for k in (100, 104):
        rows = np.full((3, sight.ROW_COLUMNS), np.inf)
        rows[:, 0], rows[:, 1:5] = times[k], bench_tracking.exact(states[k], radars)
        rows[:, 5:8] = bench_tracking.ERRORS
        seen.append((rows, radars))
    mean, _, _ = filters.first_state(seen[0], seen[1], filters.BALLISTIC)
    np.testing.assert_allclose(mean[:6], states[104], atol=0.1)
