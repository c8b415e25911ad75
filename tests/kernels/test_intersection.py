"""Covariance intersection: never overconfident, whatever the correlation; and as good as can be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from synaspis.kernels.bound import TRACK, WEIGHTS, error_m, room_for
from synaspis.kernels.intersection import CLOSE, intersect

Floats = NDArray[np.float64]
SIZE = 7
NONE = np.zeros((0, SIZE))
PLACE = np.eye(3, SIZE)


def _covariances(luck: np.random.Generator, count: int) -> Floats:
    """Of any shape, in units as different as those of a state."""
    roots = luck.normal(size=(count, SIZE, SIZE)) * 10.0 ** luck.uniform(-1.0, 3.0, SIZE)[:, None]
    wide = np.array([np.diag(np.sum(root**2, axis=1)) for root in roots])
    return roots @ roots.transpose(0, 2, 1) + 10.0 ** luck.uniform(-4.0, -1.0) * wide


def _fused(means: Floats, covs: Floats, rows: Floats = NONE) -> tuple[Floats, Floats, Floats]:
    size = means.shape[1]
    mean, cov, weights = np.full(size, np.nan), np.full((size, size), np.nan), np.empty(len(means))
    assert intersect(means, covs, rows[:, :size], mean, cov, weights)
    return mean, cov, weights


def _mixed(covs: Floats, weights: Floats) -> Floats:
    return np.asarray(np.linalg.inv(np.einsum("n,nij->ij", weights, np.linalg.inv(covs))))


def _sought(cov: Floats, rows: Floats) -> float:
    """What the weights make least; of a determinant the logarithm for each number."""
    if len(rows) == 0:
        return float(np.linalg.slogdet(cov)[1]) / len(cov)
    return math.log(float(np.trace(rows @ cov @ rows.T)))


def test_two_that_each_know_one_axis() -> None:
    """By symmetry half of each: variances 1 / (0.5 (1/4 + 1)) = 1.6, worked out by hand."""
    covs = np.array([np.diag([4.0, 1.0]), np.diag([1.0, 4.0])])
    mean, cov, weights = _fused(np.array([[0.0, 0.0], [1.0, 1.0]]), covs)
    assert weights == pytest.approx([0.5, 0.5], abs=1e-6)
    assert cov == pytest.approx(1.6 * np.eye(2), abs=1e-6)
    assert mean == pytest.approx([0.8, 0.2], abs=1e-6)


@given(st.integers(0, 10**6), st.integers(2, 4), st.booleans())
@settings(max_examples=60)
def test_never_overconfident_whatever_the_correlation(seed: int, count: int, place: bool) -> None:
    """Errors L_i u_i with any correlation among the u_i, from little to complete: the stated covariance
    is below that of the fused error in no direction.
    """
    luck = np.random.default_rng(seed)
    covs = _covariances(luck, count)
    _, cov, weights = _fused(luck.normal(size=(count, SIZE)), covs, PLACE if place else NONE)
    root = np.linalg.cholesky(cov)
    for wide in (SIZE, SIZE + 2, count * SIZE):  # the narrower, the more correlated
        error = np.zeros((SIZE, wide))
        for n in range(count):
            turned = np.linalg.qr(luck.normal(size=(wide, SIZE)))[0].T  # rows orthonormal: unit covariance
            own = np.linalg.cholesky(covs[n]) @ turned
            error += weights[n] * cov @ np.linalg.solve(covs[n], own)
        white = np.linalg.solve(root, error)
        assert np.linalg.eigvalsh(white @ white.T).max() <= 1.0 + 1e-6


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(max_examples=40)
def test_fused_with_itself_it_knows_no_more(seed: int, copies: int) -> None:
    luck = np.random.default_rng(seed)
    one, mean = _covariances(luck, 1), luck.normal(size=SIZE)
    found, cov, weights = _fused(np.tile(mean, (copies, 1)), np.repeat(one, copies, axis=0))
    sigma = np.sqrt(np.diag(one[0]))
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.abs(cov - one[0]) / np.outer(sigma, sigma) == pytest.approx(0.0, abs=1e-8)
    assert np.abs(found - mean) / sigma == pytest.approx(0.0, abs=1e-8)


@given(st.integers(0, 10**6), st.integers(2, 5), st.booleans())
@settings(max_examples=60)
def test_no_other_weights_are_better(seed: int, count: int, place: bool) -> None:
    """Among them those that the bound tries: quarters, two at a time."""
    luck = np.random.default_rng(seed)
    covs, rows = _covariances(luck, count), PLACE if place else NONE
    _, cov, weights = _fused(luck.normal(size=(count, SIZE)), covs, rows)
    assert weights.min() >= 0.0 and weights.sum() == pytest.approx(1.0, abs=1e-12)
    found = _sought(cov, rows)
    others = [*np.eye(count), *luck.dirichlet(np.full(count, 0.5), 30)]
    for quarter in (0.0, *WEIGHTS):
        for a in range(count):
            for b in range(a):
                others.append(quarter * np.eye(count)[a] + (1.0 - quarter) * np.eye(count)[b])
    # CLOSE is what the search promises; the rest is rounding of inverses here.
    assert found <= min(_sought(_mixed(covs, other), rows) for other in others) + CLOSE + 1e-7


def _bound_m(infos: Floats) -> float:
    """What the batch engine makes of two sources that have gathered these (2, 6, 6) by the end of coast."""
    ones = np.ones((2, 1))
    sources = (
        np.arange(3), np.arange(2), np.zeros(2), 0.0 * ones, 0.0 * ones, np.full(2, 2), np.zeros(2),
        np.inf * ones,
    )  # fmt: skip
    store = (
        np.arange(2)[:, None], np.tile([0, 1], (2, 1)), np.array([0, 2]), np.repeat(infos, 2, axis=0),
        np.zeros((2, 12, 12)), np.zeros(1),
    )  # fmt: skip
    asked = (TRACK, 0, 0.0)
    return float(error_m(0, 5.0, np.eye(3, 6), asked, sources, store, 1.0, room_for(sources), -1.0))


def test_it_is_what_the_batch_engine_assumes_or_a_little_better() -> None:
    """Two tracks of one missile: stated errors of position beside the bound, which tries quarters."""
    luck = np.random.default_rng(7)
    ratios = []
    for _ in range(100):
        units = np.array([300.0, 300.0, 300.0, 5.0, 5.0, 5.0])
        roots = luck.normal(size=(2, 6, 6)) * units[:, None]
        covs = roots @ roots.transpose(0, 2, 1) + 0.01 * np.diag(units**2)
        _, cov, _ = _fused(np.zeros((2, 6)), covs, np.eye(3, 6))
        ratios.append(math.sqrt(np.trace(cov[:3, :3])) / _bound_m(np.linalg.inv(covs)))
    assert max(ratios) <= 1.0 + 1e-6
    assert min(ratios) > 0.85
    assert np.mean(ratios) > 0.97


@given(st.integers(0, 10**6), st.integers(1, 4), st.booleans())
@settings(max_examples=40)
def test_one_more_never_makes_it_worse(seed: int, count: int, place: bool) -> None:
    luck = np.random.default_rng(seed)
    covs, rows = _covariances(luck, count + 1), PLACE if place else NONE
    means = luck.normal(size=(count + 1, SIZE))
    fewer, more = _fused(means[:-1], covs[:-1], rows), _fused(means, covs, rows)
    assert _sought(more[1], rows) <= _sought(fewer[1], rows) + CLOSE + 1e-9


def test_the_order_is_of_no_matter() -> None:
    luck = np.random.default_rng(3)
    covs, means = _covariances(luck, 4), luck.normal(size=(4, SIZE))
    mean, cov, weights = _fused(means, covs)
    turned = [2, 0, 3, 1]
    again = _fused(means[turned], covs[turned])
    sigma = np.sqrt(np.diag(cov))
    assert np.abs(again[0] - mean) / sigma == pytest.approx(0.0, abs=1e-3)
    assert _sought(again[1], NONE) == pytest.approx(_sought(cov, NONE), abs=2 * CLOSE)
    assert again[2] == pytest.approx(weights[turned], abs=1e-3)


def test_what_is_no_estimate_has_no_weight() -> None:
    good, mean = np.eye(SIZE), np.arange(SIZE, dtype=float)
    flat = np.eye(SIZE)
    flat[0, 1] = flat[1, 0] = 1.0  # singular
    bad = {
        "nan": (np.full(SIZE, np.nan), good),
        "infinite": (mean, np.diag([np.inf, *np.ones(SIZE - 1)])),
        "negative": (mean, -good),
        "flat": (mean, flat),
        "nan covariance": (mean, np.full((SIZE, SIZE), np.nan)),
    }
    for name, (at, spread) in bad.items():
        found, cov, weights = _fused(np.array([at, mean]), np.array([spread, good]))
        assert weights.tolist() == [0.0, 1.0], name
        assert found == pytest.approx(mean), name
        assert cov == pytest.approx(good), name
        out = np.full(SIZE, 5.0), np.full((SIZE, SIZE), 5.0)
        assert not intersect(np.array([at]), np.array([spread]), NONE, *out, np.empty(1)), name
        assert (out[0] == 5.0).all() and (out[1] == 5.0).all()
