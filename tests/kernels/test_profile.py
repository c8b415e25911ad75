"""Profiles over the Earth: paths along geodesics, states on them, and cruise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from synaspis.kernels import glide, profile
from synaspis.kernels.earth import ecef_from_geodetic, geodetic_from_ecef
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


def test_cruise_is_level_and_at_constant_speed() -> None:
    rows = profile.cruise_rows(500e3, 250.0, 1000.0, 0.3, 0.5)
    path = profile.path_along(np.radians([[10.0, 10.0], [10.0, 14.5]]))
    level = rows[(rows[:, glide.HEIGHT] == 1000.0), glide.TIME]
    states = profile.states_at(rows, path, np.linspace(level[0] + 1, level[-1] - 1, 20))
    assert np.linalg.norm(states[:, 3:], axis=1) == pytest.approx(250.0, rel=1e-3)
    assert len(profile.cruise_rows(3e3, 250.0, 1000.0, 0.3, 0.5)) == 0
