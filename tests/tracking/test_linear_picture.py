"""Association, mixture and metrics together: a linear filter on many targets with misses and clutter.

`association.scores` and `jpda.mixed` are the plain, linear forms of what the tracker's kernels do by modes.
"""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels import jpda
from synaspis.model.track_quality import Frame, Gospa
from synaspis.tracking.association import chances, gate, nearest, scores
from synaspis.tracking.consistency import consistency, nees
from synaspis.tracking.metrics import gospa, gospa_over_time

STEP = np.kron(np.array([[1.0, 1.0], [0.0, 1.0]]), np.eye(3))
NOISE = np.kron(np.array([[1 / 3, 1 / 2], [1 / 2, 1.0]]), np.eye(3))
SEEN = np.eye(3, 6)
SIGMA_M, CUT_M, DETECTED = 30.0, 300.0, 0.9
FLAT = np.zeros(3, dtype=bool)


def _play(side_m: float, joint: bool, targets: int = 60, frames: int = 25) -> tuple[list[Gospa], float, bool]:
    """GOSPA by frame, the mean of GOSPA of bare detections, and whether the last NEES lies in its band."""
    luck = np.random.default_rng(5)
    covariances = np.tile(np.diag([SIGMA_M**2] * 3 + [20.0**2] * 3), (targets, 1, 1))
    true = np.hstack([luck.uniform(0.0, side_m, (targets, 3)), luck.normal(size=(targets, 3)) * 50.0])
    means = true + luck.normal(size=true.shape) * np.sqrt(np.diag(covariances[0]))
    clutter = 10 / (side_m + 2e3) ** 3
    pictures, bare = [], []
    for k in range(frames):
        true = true @ STEP.T + luck.multivariate_normal(np.zeros(6), NOISE, targets)
        means, covariances = means @ STEP.T, STEP @ covariances @ STEP.T + NOISE
        own = true[:, :3] + luck.normal(size=(targets, 3)) * SIGMA_M
        false = luck.uniform(-1e3, side_m + 1e3, (luck.poisson(10), 3))
        seen = np.concatenate([own[luck.random(targets) < DETECTED], false])
        spreads = covariances[:, :3, :3] + SIGMA_M**2 * np.eye(3)
        gains = covariances @ SEEN.T @ np.linalg.inv(spreads)
        links = gate(means[:, :3], spreads, seen, FLAT)
        score = scores(links, DETECTED, clutter)
        chance = chances(links, score)[0]
        if not joint:
            chance = (nearest(links, score)[links.track] == links.detection).astype(float)
        off = seen[links.detection] - means[links.track, :3]
        means, covariances = jpda.mixed(means, covariances, gains, spreads, links.first, off, chance)
        names = np.arange(targets)
        pictures.append(
            Frame(time_s=float(k), true=true, true_names=names, estimated=means, track_names=names)
        )
        bare.append(gospa(true[:, :3], seen, CUT_M).distance)
    squares = nees(means - true, covariances)
    return (
        gospa_over_time(pictures, CUT_M, switching=CUT_M),
        float(np.mean(bare)),
        consistency(squares, 6).consistent,
    )


@pytest.mark.parametrize("joint", [False, True])
def test_targets_apart_are_tracked_without_a_switch(joint: bool) -> None:
    found, bare, consistent = _play(side_m=60e3, joint=joint)
    assert sum(x.missed + x.false + x.switches for x in found) == 0
    assert consistent
    assert np.mean([x.distance for x in found]) < 0.5 * bare


@pytest.mark.parametrize("joint", [False, True])
def test_a_crowd_is_tracked_better_than_its_detections_are(joint: bool) -> None:
    """Sixty targets in a box of 1.5 km: links are shared, and tracks may change places."""
    found, bare, _ = _play(side_m=1.5e3, joint=joint)
    assert np.mean([x.distance for x in found]) < bare
    assert sum(x.missed for x in found) < 0.05 * 60 * len(found)
