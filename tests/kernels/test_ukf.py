"""The unscented filter: consistent in coast, and one with the extended where nothing bends."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels import ekf, motion, ukf
from synaspis.tracking import filters
from tests.kernels.test_ekf import coast, consistent, prepared


@pytest.mark.long
def test_it_is_consistent_in_coast() -> None:
    consistent(*coast("ukf")[:3])


def test_where_little_bends_it_is_the_extended_filter() -> None:
    mean, cov, row, station = prepared()
    small = cov * 1e-4
    row[1:5] = mean[0]
    seen = np.empty(4)
    ekf.innovation(mean, cov, station, np.zeros(ekf.ROOM), seen, np.empty((4, 4)))
    row[1:5], row[5:9] = seen + 0.01 * row[5:9], 0.01 * row[5:9]
    found, told = [], []
    for method in ("ekf", "ukf"):
        one = filters.Filter(mean, small, row[0], filters.BALLISTIC, method)
        told.append(one.update(row, station))
        found.append((one.mean, one.cov))
    scale = np.sqrt(np.diag(found[0][1]))
    assert np.abs((found[0][0] - found[1][0]) / scale).max() < 1e-3
    assert np.abs((found[0][1] - found[1][1]) / np.outer(scale, scale)).max() < 1e-3
    np.testing.assert_allclose(told[0], told[1], rtol=1e-3)


def test_a_prediction_is_the_extended_filters_in_each_mode() -> None:
    mean, cov, _, _ = prepared()
    for mode in filters.PHASES:
        start = mean.copy()
        start[6] = mode.fresh
        ends = []
        for predict, room in ((motion.predict, motion.ROOM), (ukf.predict, ukf.ROOM)):
            moved, spread = start.copy(), cov.copy()
            predict(moved, spread, mode.row(), 1.0, np.zeros(room))
            ends.append((moved, spread))
        scale = np.sqrt(np.diag(ends[0][1]))
        assert np.abs((ends[0][0] - ends[1][0]) / scale).max() < 0.05
        assert np.abs((ends[0][1] - ends[1][1]) / np.outer(scale, scale)).max() < 0.05


def test_a_direction_without_variance_keeps_none() -> None:
    mean, cov, _, _ = prepared()
    cov[6], cov[:, 6] = 0.0, 0.0
    ukf.predict(mean, cov, filters.BALLISTIC.row(), 1.0, np.zeros(ukf.ROOM))
    assert np.isfinite(mean).all()
    assert cov[6, 6] < 1e-20
    assert np.linalg.eigvalsh(cov[:6, :6]).min() > 0.0
