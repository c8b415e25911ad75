"""NEES and NIS: the band holds what it should, and a covariance that is none is counted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.tracking.consistency import consistency, nees


def _drawn(count: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    root = luck.normal(size=(count, size, size)) * np.logspace(-3, 4, size)[:, None]
    return np.einsum("nij,nj->ni", root, luck.normal(size=(count, size))), root @ root.transpose(0, 2, 1)


def test_squares_are_those_of_numpy() -> None:
    errors, covariances = _drawn(50, 3, 1)
    plain = np.einsum("ni,ni->n", errors, np.linalg.solve(covariances, errors[..., None])[..., 0])
    assert nees(errors, covariances) == pytest.approx(plain, rel=1e-6)
    assert nees(errors.reshape(5, 10, 3), covariances.reshape(5, 10, 3, 3)).shape == (5, 10)


def test_a_consistent_filter_lies_in_the_band_as_often_as_it_says() -> None:
    """400 studies of 200 runs each: 95 % of them, within four standard deviations of the count (4.4)."""
    errors, covariances = _drawn(400 * 200, 4, 2)
    squares = nees(errors, covariances).reshape(400, 200)
    inside = sum(consistency(each, 4).consistent for each in squares)
    assert abs(inside - 380) <= 18


def test_the_band_of_the_chi_square_table() -> None:
    """NIST/SEMATECH e-Handbook, 1.3.6.7.4: for 100 degrees 74.222 and 129.561 leave 2.5 % at each end."""
    found = consistency(np.full(50, 2.0), 2)
    assert (found.mean, found.samples) == (1.0, 50)
    assert (100 * found.low, 100 * found.high) == pytest.approx((74.222, 129.561), abs=5e-4)


def test_a_filter_that_thinks_too_well_of_itself_is_found_out() -> None:
    errors, covariances = _drawn(200, 6, 3)
    assert consistency(nees(errors, covariances), 6).consistent
    assert consistency(nees(errors, 0.5 * covariances), 6).mean > 1.8
    assert not consistency(nees(errors, 0.5 * covariances), 6).consistent


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 0.0, -1.0])
def test_a_covariance_that_is_none_is_counted(wrong: float) -> None:
    covariances = np.stack([np.eye(2), np.diag([1.0, wrong]), np.ones((2, 2))])
    squares = nees(np.ones((3, 2)), covariances)
    assert squares[0] == 2.0
    assert np.isnan(squares[1:]).all()
    found = consistency(squares, 2)
    assert (found.samples, found.singular, found.consistent) == (1, 2, False)


def test_nothing_left_and_shapes_that_do_not_go_together() -> None:
    assert math.isnan(consistency(np.array([math.nan]), 3).mean)
    assert not consistency(np.array([]), 3).consistent
    with pytest.raises(ValueError, match="do not go with"):
        nees(np.zeros((2, 3)), np.zeros((3, 3, 3)))
    with pytest.raises(ValueError, match="no band"):
        consistency(np.ones(1), 0)
