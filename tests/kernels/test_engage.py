"""The rule of feasible engagements: too late, once, and twice after a look."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels.engage import feasible

LAUNCH = np.array([[100.0, 120.0, 140.0, 160.0, np.inf]])
INTERCEPT = np.array([[150.0, 165.0, 180.0, 200.0, np.inf]])


def count(first: float, assess: float = 5.0, interval: float = 3.0, looks: bool = True) -> int:
    out = np.zeros((1, 1), np.int64)
    feasible(LAUNCH, INTERCEPT, np.array([[first]]), assess, interval, looks, out)
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
    assert count(0.0, looks=False) == 1
