"""The score of a link by modes is, with one mode, that of one Gaussian."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels import crowd, ekf, sight
from synaspis.tracking.association import gate, scores

INSIDE, DETECTED = 0.9999, 0.9


def test_with_one_mode_a_links_score_is_that_of_one_gaussian() -> None:
    luck = np.random.default_rng(1)
    tracks, errors = 6, np.array([20.0, 1e-3, 1e-3])
    seen = np.zeros((tracks, 1, sight.PARTS))
    seen[:, 0, :3] = [500e3, 0.3, 0.4] + luck.normal(size=(tracks, 3)) * [100.0, 3e-3, 3e-3]
    spread = np.zeros((tracks, 1, sight.PARTS, sight.PARTS))
    root = np.eye(3) + 0.3 * luck.normal(size=(tracks, 3, 3))
    scale = np.array([60.0, 2e-3, 2e-3])
    spread[:, 0, :3, :3] = (root @ root.swapaxes(1, 2)) * np.outer(scale, scale)
    spread[:, 0, 3, 3] = 100.0
    rows = np.full((9, sight.ROW_COLUMNS), np.inf)
    rows[:, 1:4] = [500e3, 0.3, 0.4] + luck.normal(size=(9, 3)) * [100.0, 3e-3, 3e-3]
    rows[:, 0] = rows[:, 4] = 0.0
    rows[:, 5:8] = errors
    thin = luck.uniform(1e-3, 1.0, 9)
    links = gate(seen[:, 0, :3], spread[:, 0, :3, :3] + np.diag(errors**2), rows[:, 1:4],
                 np.array([False, True, False]), INSIDE)  # fmt: skip
    assert len(links.detection) > 20
    out, missed = np.empty(len(links.detection)), np.full(tracks, np.log(1.0 - DETECTED * INSIDE))
    crowd.score(
        links.first, links.detection, rows, np.log(thin), np.arange(tracks), np.ones((tracks, 1)), seen,
        spread,
        np.array([DETECTED]), missed, np.zeros(ekf.ROOM), out,
    )  # fmt: skip
    assert out == pytest.approx(scores(links, DETECTED, thin, INSIDE), rel=1e-9, abs=1e-9)
