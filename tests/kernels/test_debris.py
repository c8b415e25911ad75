"""Fragments: momentum is kept, steps are fine enough, and simple falls end where they must."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels import debris
from synaspis.kernels.earth import J2, ROTATION_RADPS, ecef_from_geodetic, geodetic_from_ecef
from synaspis.kernels.flight import fall
from synaspis.kernels.flyout import BURN, SLOWING, SPEED, time_to_point

NONE = np.empty((0, 6))


def state(height_m: float, velocity_mps: tuple[float, float, float]) -> np.ndarray:
    """Above 40 N 29 E, with a velocity in the Earth's frame."""
    place = ecef_from_geodetic(np.array([[math.radians(40.0), math.radians(29.0), height_m]]))[0]
    return np.concatenate([place, np.array(velocity_mps)])


def landed(
    one: np.ndarray,
    moves: np.ndarray,
    inverse_beta: np.ndarray,
    rotation: float = ROTATION_RADPS,
    j2: float = J2,
) -> np.ndarray:
    places = np.empty((len(moves), 3))
    debris.come_down(one, moves, inverse_beta, rotation, j2, places)
    return places


@pytest.mark.parametrize("fastest", [0.0, 100.0, 700.0])
def test_momentum_is_kept(fastest: float) -> None:
    """Of all fragments together, and of those of each coefficient: masses are equal."""
    moves, inverse_beta = debris.fragments(fastest, 20.0, 2000.0)
    assert len(moves) == len(inverse_beta) == debris.FRAGMENTS
    np.testing.assert_allclose(moves.sum(axis=0), 0.0, atol=1e-9)
    for coefficient in np.unique(inverse_beta):
        np.testing.assert_allclose(moves[inverse_beta == coefficient].sum(axis=0), 0.0, atol=1e-9)
    speeds = np.linalg.norm(moves, axis=1)
    assert speeds.max(initial=0.0) <= fastest
    assert speeds.mean() == pytest.approx(0.5 * fastest)


def test_coefficients_lie_within_their_ends_and_even_in_the_logarithm() -> None:
    _, inverse_beta = debris.fragments(300.0, 20.0, 2000.0)
    told = np.unique(1.0 / inverse_beta)
    assert 20.0 < told[0] < told[-1] < 2000.0
    np.testing.assert_allclose(np.diff(np.log(told)), math.log(100.0) / 3.0)


@pytest.mark.parametrize("velocity", [(2000.0, 1000.0, -1500.0), (-500.0, 3000.0, 900.0), (0.0, 0.0, 0.0)])
@pytest.mark.parametrize("height_m", [12e3, 29e3, 150e3])
def test_steps_are_fine_enough(velocity: tuple[float, float, float], height_m: float) -> None:
    """Against steps ten times shorter and more, within 2 m, for fragments as light as the band has them."""
    one = state(height_m, velocity)
    moves, inverse_beta = debris.fragments(700.0, 5.0, 5000.0)
    chosen = np.arange(0, len(moves), 23)
    found = landed(one, moves[chosen], inverse_beta[chosen])
    for place, f in zip(found, chosen, strict=True):
        fine = one.copy()
        fine[3:] += moves[f]
        assert fall(fine, 0.0, inverse_beta[f], 0.0, ROTATION_RADPS, J2, 1500.0, np.inf, NONE) > 0.0
        assert np.linalg.norm(place - fine[:3]) < 2.0


def test_an_unspread_body_lands_where_it_would() -> None:
    one = state(120e3, (1500.0, 1200.0, -900.0))
    moves, inverse_beta = debris.fragments(0.0, 3000.0, 3000.0)
    fine = one.copy()
    fall(fine, 0.0, 1.0 / 3000.0, 0.0, ROTATION_RADPS, J2, 1.0, np.inf, NONE)
    np.testing.assert_allclose(landed(one, moves, inverse_beta), np.tile(fine[:3], (len(moves), 1)), atol=0.5)


def test_over_a_resting_round_earth_a_dropped_body_falls_straight_and_a_cloud_about_it() -> None:
    """From rest on the equator: straight down, and each pair of opposites to either side."""
    place = ecef_from_geodetic(np.array([[0.0, 0.3, 80e3]]))[0]
    one = np.concatenate([place, np.zeros(3)])
    level = np.array([-math.sin(0.3), math.cos(0.3), 0.0])
    moves = np.array([[0.0, 0.0, 0.0], 200.0 * level, -200.0 * level])
    down, east, west = geodetic_from_ecef(landed(one, moves, np.full(3, 1.0 / 500.0), 0.0, 0.0))
    assert down[:2] == pytest.approx([0.0, 0.3], abs=1e-9)
    assert east[1] - 0.3 == pytest.approx(0.3 - west[1], rel=1e-6)
    assert east[1] - 0.3 > 1e-3


def test_what_does_not_come_down_is_nowhere() -> None:
    one = state(400e3, (0.0, 0.0, 0.0))
    up = one[:3] / np.linalg.norm(one[:3])
    escape = 12e3 * up
    assert np.isnan(landed(one, escape[None, :], np.array([1e-3]))).all()


@pytest.mark.parametrize(("across_m", "height_m"), [(60e3, 15e3), (200e3, 120e3), (5e3, 9e3)])
def test_an_interceptor_arrives_along_its_path(across_m: float, height_m: float) -> None:
    """Its velocity is the change of the place that its flyout has, a moment earlier and later."""
    row = np.zeros(8)
    row[SPEED], row[BURN], row[SLOWING] = 3500.0, 30.0, 400e3
    launcher, up = np.array([6.4e6, 0.0, 0.0]), np.array([1.0, 0.0, 0.0])
    point = launcher + np.array([height_m, across_m, 0.0])
    velocity = np.empty(3)
    assert debris.arrival(row, launcher, up, point, velocity)
    time = time_to_point(row[SPEED], row[BURN], row[SLOWING], across_m, height_m)
    for step in (-0.01, 0.01):
        moved = point + step * velocity
        then = time_to_point(row[SPEED], row[BURN], row[SLOWING], moved[1], moved[0] - launcher[0])
        assert then - time == pytest.approx(step, rel=0.02)
    # Aimed elsewhere by as much, it would not be there at that time: the direction is right too.
    assert velocity[1] > 0.0
    assert velocity[1] ** 2 + velocity[0] ** 2 < 3500.0**2


def test_out_of_reach_it_does_not_arrive() -> None:
    row = np.zeros(8)
    row[SPEED], row[BURN], row[SLOWING] = 500.0, 30.0, 20e3
    launcher, up = np.array([6.4e6, 0.0, 0.0]), np.array([1.0, 0.0, 0.0])
    assert not debris.arrival(row, launcher, up, launcher + np.array([500e3, 900e3, 0.0]), np.empty(3))
