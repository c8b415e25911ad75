"""The rule of feasible engagements: too late, once, and twice after a look."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels.engage import feasible

LAUNCH = np.array([[100.0, 120.0, 140.0, 160.0, np.inf]])
INTERCEPT = np.array([[150.0, 165.0, 180.0, 200.0, np.inf]])


def count(first: float, assess: float = 5.0, interval: float = 3.0, most: int = 2, to_a_look: int = 1) -> int:
    out, meets = np.zeros((1, 1), np.int64), np.zeros((1, 1))
    feasible(LAUNCH, INTERCEPT, np.array([[first]]), assess, interval, most, to_a_look, out, meets)
    assert np.isfinite(meets[0, 0]) == (out[0, 0] > 0)
    return int(out[0, 0])


@pytest.mark.parametrize(
    ("first", "expected"), [(0.0, 2), (100.0, 2), (100.5, 1), (160.0, 1), (160.1, 0), (np.inf, 0)]
)
def test_an_order_gets_what_launches_are_left(first: float, expected: int) -> None:
    # The first is met at 150, known at 155: only the launch at 160 comes after that.
    assert count(first) == expected


def test_a_second_one_waits_for_the_look_and_for_the_launcher() -> None:
    assert count(0.0, assess=10.0) == 2
    assert count(0.0, assess=10.5) == 1
    assert count(100.0, interval=60.0) == 2
    assert count(100.0, interval=60.5) == 1
    assert count(0.0, most=1) == 1


def test_two_shots_to_a_look_wait_for_the_launcher_alone() -> None:
    assert count(100.0, assess=60.0) == 1
    assert count(100.0, assess=60.0, to_a_look=2) == 2
    assert count(100.0, interval=60.5, to_a_look=2) == 1
    # Ordered at 0 and 3 both meet it at 150, then two more of the launch at 160.
    assert count(0.0, assess=0.0, most=16, to_a_look=2) == 4
