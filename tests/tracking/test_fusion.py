"""Fusion between nations: nothing counted twice, never overconfident, pairs that stick."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from synaspis.tracking.filters import COAST
from synaspis.tracking.fusion import Edition, intersected

Floats = NDArray[np.float64]
SIGMA = np.array([300.0, 300.0, 300.0, 5.0, 5.0, 5.0, 0.5])
STATE = np.array([6.9e6, 0.0, 0.0, 500.0, 4000.0, 500.0, 8.3])


def _covariances(seed: int, count: int, size: int = 7) -> Floats:
    luck = np.random.default_rng(seed)
    roots = luck.normal(size=(count, size, size)) * 10.0 ** luck.uniform(-1.0, 3.0, size)[:, None]
    return np.array([root @ root.T + 1e-3 * np.diag(np.diag(root @ root.T)) for root in roots])


def _edition(
    owner: str, number: int, mean: Floats = STATE, time_s: float = 0.0, sigma: Floats = SIGMA,
    via: tuple[str, ...] = (), mode: Floats | None = None,
) -> Edition:  # fmt: skip
    row = COAST.row() if mode is None else mode
    return Edition(
        owner=owner, number=number, time_s=time_s, mean=mean.copy(), cov=np.diag(sigma**2), mode=row, via=via
    )


def test_two_estimates_that_each_know_one_axis() -> None:
    """By symmetry half of each: variances 1 / (0.5 (1/4 + 1)) = 1.6."""
    mean, cov, weights = intersected(
        np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([np.diag([4.0, 1.0]), np.diag([1.0, 4.0])])
    )
    assert weights == pytest.approx([0.5, 0.5], abs=1e-6)
    assert cov == pytest.approx(1.6 * np.eye(2), abs=1e-6)
    assert mean == pytest.approx([0.8, 0.2], abs=1e-6)
