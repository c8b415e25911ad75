"""Filters as objects: one, many, on threads - the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bench import tracking as bench_tracking
from synaspis.kernels import sight
from synaspis.tracking import filters

TRACKS = 2 * filters.CHUNK + 5


def looks() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    times, states, stations = bench_tracking.arc()
    rows = bench_tracking.detections(times[:6], states[:6], stations, TRACKS)
    return (
        rows,
        rows[:, 2:].reshape(TRACKS, -1, sight.ROW_COLUMNS),
        np.tile(np.arange(3), (TRACKS, 4)),
        stations,
    )


def bank(method: filters.Method, threads: int) -> tuple[filters.Bank, np.ndarray]:
    rows, seen, which, stations = looks()
    first = [bench_tracking.started(row, stations) for row in rows]
    many = filters.Bank(
        means=np.array([f[0] for f in first]), covs=np.array([f[1] for f in first]),
        clocks=np.array([[f[2]] for f in first]), mode=filters.BALLISTIC, method=method, threads=threads,
    )  # fmt: skip
    which[7, 3] = -1
    return many, many.update(seen, which, stations)


@pytest.mark.parametrize("method", ["ekf", "ukf"])
def test_many_are_each_one(method: filters.Method) -> None:
    many, told = bank(method, 1)
    rows, seen, which, stations = looks()
    which[7, 3] = -1
    for t in (0, 7, TRACKS - 1):
        one = filters.Filter(*bench_tracking.started(rows[t], stations), filters.BALLISTIC, method)
        for m in range(seen.shape[1]):
            if which[t, m] >= 0:
                assert one.update(seen[t, m], stations[which[t, m]]) == tuple(told[t, m])
        assert np.array_equal(one.mean, many.means[t])
        assert np.array_equal(one.cov, many.covs[t])
        assert np.array_equal(one.clock, many.clocks[t])
    assert np.isnan(told[7, 3]).all()
    assert np.isfinite(told).sum() == told.size - 2


@pytest.mark.parametrize("method", ["ekf", "ukf"])
def test_threads_change_nothing(method: filters.Method) -> None:
    (one, told), (two, also) = bank(method, 1), bank(method, 3)
    assert np.array_equal(one.means, two.means)
    assert np.array_equal(one.covs, two.covs)
    assert np.array_equal(told, also, equal_nan=True)


def test_a_first_state_asks_for_two_times_in_order_and_lines_that_cross() -> None:
    rows, _, _, stations = looks()
    with pytest.raises(ValueError, match="earlier one first"):
        filters.first_state((rows[0, 1], stations), (rows[0, 0], stations), filters.BALLISTIC)
    blind = rows[0, 0].copy()
    blind[:, 5:8] = np.inf
    with pytest.raises(ValueError, match="fix no place"):
        filters.first_state((blind, stations), (rows[0, 1], stations), filters.BALLISTIC)


def test_the_bench_measures_what_it_says() -> None:
    times, states, stations = bench_tracking.arc()
    rows = bench_tracking.detections(times[:40], states[:40], stations, 2)
    errors = bench_tracking.ours(rows, states[:40], stations, "ekf")
    assert np.isnan(errors[:, 0]).all()
    assert errors[:, -1, 0].max() < 1000.0
    assert errors[:, -1, 1].max() < errors[:, 1, 1].max()
