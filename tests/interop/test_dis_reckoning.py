"""Dead reckoning against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop.dis_reckoning import FPW, FVW, RPW, RVW, STATIC, axes, reckon

PLACE, SPEED, PUSH = np.array([6.5e6, 1e5, -2e5]), np.array([1e3, -2e3, 3e3]), np.array([5.0, 1.0, -9.0])
angles = st.floats(-1.4, 1.4)
rates = st.floats(-2.0, 2.0)


@pytest.mark.parametrize(
    ("algorithm", "moved"),
    [(STATIC, 0 * SPEED), (FPW, 10 * SPEED), (RPW, 10 * SPEED), (RVW, 10 * SPEED + 50 * PUSH),
     (FVW, 10 * SPEED + 50 * PUSH)],
)  # fmt: skip
def test_a_place_moves_as_its_algorithm_says(algorithm: int, moved: np.ndarray) -> None:  # type: ignore[type-arg]
    place, _ = reckon(algorithm, 10.0, PLACE, SPEED, PUSH)
    np.testing.assert_allclose(place, PLACE + moved, rtol=1e-15)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_turn_about_one_axis_adds_to_its_angle(axis: int) -> None:
    spin = np.zeros(3)
    spin[axis] = 0.2
    _, turned = reckon(RVW, 5.0, PLACE, SPEED, PUSH, np.zeros(3), spin)
    expected = np.zeros(3)
    expected[2 - axis] = 1.0  # x is phi, y theta, z psi
    np.testing.assert_allclose(turned, expected, atol=1e-15)


@pytest.mark.parametrize("algorithm", [STATIC, FPW, FVW])
def test_what_is_fixed_does_not_turn(algorithm: int) -> None:
    _, turned = reckon(algorithm, 5.0, PLACE, SPEED, PUSH, np.array([0.1, 0.2, 0.3]), np.ones(3))
    assert turned.tolist() == [0.1, 0.2, 0.3]


@given(st.tuples(angles, angles, angles), st.tuples(rates, rates, rates), st.floats(0.0, 3.0))
def test_property_two_steps_are_one_of_both(
    start: tuple[float, ...], spin: tuple[float, ...], dt: float
) -> None:
    _, half = reckon(RPW, dt, PLACE, SPEED, 0.0, np.array(start), np.array(spin))
    _, twice = reckon(RPW, dt, PLACE, SPEED, 0.0, half, np.array(spin))
    _, whole = reckon(RPW, 2 * dt, PLACE, SPEED, 0.0, np.array(start), np.array(spin))
    np.testing.assert_allclose(axes(twice), axes(whole), atol=1e-7)  # asin near a right angle


@given(st.tuples(angles, angles, angles), st.tuples(rates, rates, rates))
def test_property_a_full_turn_ends_where_it_began(start: tuple[float, ...], spin: tuple[float, ...]) -> None:
    rate = float(np.linalg.norm(spin))
    if rate < 1e-3:
        return
    _, turned = reckon(RVW, 2 * np.pi / rate, PLACE, SPEED, PUSH, np.array(start), np.array(spin))
    np.testing.assert_allclose(axes(turned), axes(np.array(start)), atol=1e-7)


def test_the_axes_are_the_standards() -> None:
    """Euler angles of IEEE 1278.1: psi by a right angle takes the body's x axis to the world's y."""
    np.testing.assert_allclose(axes(np.array([np.pi / 2, 0, 0])) @ [0, 1, 0], [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(axes(np.array([0, np.pi / 2, 0])) @ [0, 0, -1], [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(axes(np.array([0, 0, np.pi / 2])) @ [0, 0, 1], [0, 1, 0], atol=1e-15)


def test_many_are_each() -> None:
    luck = np.random.default_rng(1)
    which = np.array([1, 2, 3, 4, 5, 9])
    dt = luck.uniform(0, 9, 6)
    given_ = [luck.normal(size=(6, 3)) for _ in range(5)]
    places, turned = reckon(which, dt, *given_)
    for i in range(6):
        place, angle = reckon(which[i], dt[i], *(x[i] for x in given_))
        np.testing.assert_array_equal(places[i], place)
        np.testing.assert_allclose(turned[i], angle, rtol=1e-12)
    assert np.isnan(places[5]).all() and np.isnan(turned[5]).all()
