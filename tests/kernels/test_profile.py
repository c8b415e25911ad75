"""Profiles over the Earth: paths along geodesics, states on them, and cruise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from synaspis.kernels import glide, profile
from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic, geodetic_from_ecef
from synaspis.kernels.geodesic import geodesic

GLIDER = np.array([100.0, 3300.0, 0.25, 7000.0, 2.6, 1300.0, 1.0, 4.0, 0.0])


def test_a_path_runs_through_its_waypoints_along_geodesics() -> None:
    places = np.radians([[50.0, 179.0], [52.0, -178.0], [47.0, -175.0]])
    path = profile.path_along(places)
    legs = [geodesic(*a, *b)[0] for a, b in itertools.pairwise(places)]
    assert path.length[-1] == pytest.approx(sum(legs), rel=1e-6)
    corner = path.points[np.argmin(np.abs(path.length - legs[0]))]
    ends = ecef_from_geodetic(np.column_stack([places, np.zeros(3)]))
    assert np.linalg.norm(corner - ends[1]) < 1.0
    assert np.linalg.norm(path.points[-1] - ends[2]) < 1e-6


def test_a_sideways_path_bows_to_the_right_and_is_longer() -> None:
    places = np.radians([[45.0, 10.0], [45.0, 30.0]])
    straight, bowed = profile.path_along(places), profile.path_along(places, 0.05)
    assert 1.005 < bowed.length[-1] / straight.length[-1] < 1.02
    away = np.linalg.norm(bowed.points[len(bowed.points) // 2] - straight.points[len(straight.points) // 2])
    assert away == pytest.approx(0.05 * straight.length[-1], rel=0.01)
    assert bowed.points[len(bowed.points) // 2, 2] < straight.points[len(straight.points) // 2, 2]


def test_states_lie_on_the_profile_and_velocities_are_their_slopes() -> None:
    path = profile.path_along(np.radians([[38.0, 46.0], [44.0, 33.0]]))
    room = np.empty((glide.MOST_ROWS, 6))
    rows = room[: glide.solve_plan(GLIDER, path.length[-1], room)[0]]
    times = np.arange(1.0, rows[-1, 0] - 1.0, 10.0)
    states = profile.states_at(rows, path, times)
    heights = np.interp(times, rows[:, glide.TIME], rows[:, glide.HEIGHT])
    assert geodetic_from_ecef(states[:, :3].copy())[:, 2] == pytest.approx(heights, abs=30.0)
    h = 1e-2
    moved = profile.states_at(rows, path, times + h)[:, :3] - profile.states_at(rows, path, times - h)[:, :3]
    assert np.abs(moved / (2 * h) - states[:, 3:]).max() < 2.0
    assert np.isnan(profile.states_at(rows, path, np.array([-1.0, rows[-1, 0] + 1.0]))).all()


def test_a_sideways_path_leaves_and_arrives_along_the_geodesic() -> None:
    """Its bow is a squared sine: it begins and ends without a corner."""
    places = np.radians([[0.0, 10.0], [0.0, 30.0]])
    bowed = profile.path_along(places, 0.05)
    for first, second in ((0, 1), (-2, -1)):
        leg = bowed.points[second] - bowed.points[first]
        assert abs(leg[2]) < 0.01 * np.linalg.norm(leg)


def test_a_flight_at_height_is_faster_over_the_ground_than_below_it() -> None:
    """Speeds are those at height: states move with them, and over the ground slower by R / (R + h)."""
    path = profile.path_along(np.radians([[0.0, 10.0], [0.0, 20.0]]))
    rows = profile.cruise_rows(path.length[-1], 1000.0, 30e3, 0.3, 0.5)
    middle = 0.5 * rows[-1, glide.TIME]
    state = profile.states_at(rows, path, np.array([middle]))[0]
    assert np.linalg.norm(state[3:]) == pytest.approx(
        1000.0, rel=2e-3
    )  # the equator's radius is not the mean
    level = rows[3, glide.GROUND] - rows[2, glide.GROUND]
    took = rows[3, glide.TIME] - rows[2, glide.TIME]
    assert level / took == pytest.approx(1000.0 * MEAN_RADIUS_M / (MEAN_RADIUS_M + 30e3), rel=1e-6)


def test_cruise_climbs_and_dives_at_its_angles() -> None:
    rows = profile.cruise_rows(500e3, 250.0, 1000.0, 0.3, 0.5)
    assert rows[1, glide.GROUND] == pytest.approx(1000.0 / np.tan(0.3))
    assert 500e3 - rows[4, glide.GROUND] == pytest.approx(1000.0 / np.tan(0.5))
    assert rows[1, glide.TIME] == pytest.approx(1000.0 / np.sin(0.3) / 250.0, rel=1e-3)
    room = 1000.0 / np.tan(0.3) + 1000.0 / np.tan(0.5)
    assert len(profile.cruise_rows(room - 1.0, 250.0, 1000.0, 0.3, 0.5)) == 0
    assert len(profile.cruise_rows(room + 1.0, 250.0, 1000.0, 0.3, 0.5)) == 6


def test_a_phase_begins_at_its_first_row() -> None:
    rows = np.zeros((4, 6))
    rows[:, glide.TIME] = 0.0, 1.0, 2.0, 3.0
    rows[:, glide.PHASE] = glide.BOOSTING, glide.COASTING, glide.DIVING, glide.DIVING
    assert profile.phase_start_s(rows, glide.COASTING) == 1.0
    assert profile.phase_start_s(rows, glide.GLIDING) == 2.0
    assert profile.phase_start_s(rows, glide.FALLING) == 3.0


def test_cruise_is_level_and_at_constant_speed() -> None:
    rows = profile.cruise_rows(500e3, 250.0, 1000.0, 0.3, 0.5)
    path = profile.path_along(np.radians([[10.0, 10.0], [10.0, 14.5]]))
    level = rows[(rows[:, glide.HEIGHT] == 1000.0), glide.TIME]
    states = profile.states_at(rows, path, np.linspace(level[0] + 1, level[-1] - 1, 20))
    assert np.linalg.norm(states[:, 3:], axis=1) == pytest.approx(250.0, rel=1e-3)
    assert len(profile.cruise_rows(3e3, 250.0, 1000.0, 0.3, 0.5)) == 0
