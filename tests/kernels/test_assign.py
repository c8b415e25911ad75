"""The sparse assignment against SciPy's dense one, on any links."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from synaspis.kernels.assign import assign


def _rows(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The finite entries of (T, D) as links."""
    linked = cost < math.inf
    first = np.concatenate([[0], np.cumsum(linked.sum(axis=1))]).astype(np.int64)
    return first, np.nonzero(linked)[1].astype(np.int64), cost[linked]


def _least(cost: np.ndarray) -> float:
    """The least sum, where each track may go without: SciPy with a column of zeros for each."""
    padded = np.hstack([np.where(cost < 0.0, cost, 0.0), np.zeros((cost.shape[0], cost.shape[0]))])
    rows, columns = linear_sum_assignment(padded)
    return float(padded[rows, columns].sum())


def _sum(cost: np.ndarray, taken: np.ndarray) -> float:
    there = taken >= 0
    assert np.unique(taken[there]).size == there.sum()
    return float(cost[np.flatnonzero(there), taken[there]].sum())


@given(st.integers(0, 10**6), st.integers(0, 14), st.integers(0, 14), st.floats(0.05, 1.0), st.booleans())
@settings(max_examples=300)
def test_the_sum_is_the_least(seed: int, tracks: int, detections: int, share: float, ties: bool) -> None:
    luck = np.random.default_rng(seed)
    cost = luck.uniform(-10.0, 2.0, (tracks, detections))
    cost = np.round(cost) if ties else cost
    cost[luck.random(cost.shape) > share] = math.inf
    taken = assign(*_rows(cost), detections)
    assert _sum(cost, taken) == pytest.approx(_least(cost), abs=1e-9)


def test_a_large_dense_one() -> None:
    cost = np.random.default_rng(3).uniform(-5.0, 0.0, (150, 120))
    assert _sum(cost, assign(*_rows(cost), 120)) == pytest.approx(_least(cost), abs=1e-9)


def test_the_likeliest_of_all_is_not_the_nearest_of_each() -> None:
    cost = np.array([[-10.0, -9.0], [-9.5, math.inf]])
    assert assign(*_rows(cost), 2).tolist() == [1, 0]


def test_a_track_gives_way_and_goes_without() -> None:
    """The second track needs the only detection more than the first."""
    assert assign(*_rows(np.array([[-1.0], [-5.0]])), 1).tolist() == [-1, 0]


@pytest.mark.parametrize("worth", [0.0, 1.0, math.nan])
def test_a_link_worth_nothing_is_not_taken(worth: float) -> None:
    first, detection, cost = np.array([0, 1]), np.array([0]), np.array([worth])
    assert assign(first, detection, cost, 1).tolist() == [-1]


def test_nothing_to_assign() -> None:
    assert assign(np.array([0]), np.empty(0, np.int64), np.empty(0), 3).size == 0
    assert assign(np.array([0, 0]), np.empty(0, np.int64), np.empty(0), 0).tolist() == [-1]
