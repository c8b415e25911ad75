"""Pairs of two pictures: the same as by trying all, and scored by what else they might be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2

from synaspis.kernels.pairing import pairs

Floats = NDArray[np.float64]
SIZE = 6
LIMIT = float(chi2.ppf(0.9999, SIZE))


def _picture(luck: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    roots = luck.normal(size=(count, SIZE, SIZE)) + 2.0 * np.eye(SIZE)
    return luck.uniform(-8.0, 8.0, (count, SIZE)), roots @ roots.transpose(0, 2, 1)


@given(st.integers(0, 10**6), st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=60)
def test_links_are_those_of_all_pairs(seed: int, count: int, others: int) -> None:
    luck = np.random.default_rng(seed)
    (one, spread), (two, other_spread) = _picture(luck, count), _picture(luck, others)
    first, other, square, score = pairs(one, spread, two, other_spread, LIMIT)
    found = {(int(a), int(b)): (q, s) for a, b, q, s in zip(
        np.repeat(np.arange(count), np.diff(first)), other, square, score, strict=True
    )}  # fmt: skip
    both = np.vstack([one, two])
    extent = both.max(axis=0) - both.min(axis=0) if len(both) else np.zeros(SIZE)
    for a in range(count):
        for b in range(others):
            whole, off = spread[a] + other_spread[b], two[b] - one[a]
            right = float(off @ np.linalg.solve(whole, off))
            assert ((a, b) in found) == (right <= LIMIT)
            if right <= LIMIT:
                box = np.log(extent + 2.0 * np.sqrt(LIMIT * np.diag(whole))).sum() - math.log(others)
                normal = -0.5 * (right + np.linalg.slogdet(2.0 * math.pi * whole)[1])
                assert found[a, b] == pytest.approx((right, box + normal), abs=1e-9)


def test_a_pair_lies_in_its_gate_as_often_as_it_says() -> None:
    luck = np.random.default_rng(4)
    count = 2000
    place = np.arange(count)[:, None] * 1e3 * np.ones(SIZE)
    sigma = np.array([3.0, 1.0])
    one, two = (place + s * luck.normal(size=(count, SIZE)) for s in sigma)
    spread = [np.tile(s**2 * np.eye(SIZE), (count, 1, 1)) for s in sigma]
    first, _, _, _ = pairs(one, spread[0], two, spread[1], float(chi2.ppf(0.9, SIZE)))
    # Four standard deviations of a binomial count.
    assert abs(first[-1] - 0.9 * count) < 4 * math.sqrt(0.09 * count)


def test_alone_in_the_sky_a_fair_pair_is_one_object() -> None:
    """However wide the tracks are: what else might be there is as wide."""
    for sigma in (1.0, 1e5):
        spread = np.tile(sigma**2 * np.eye(SIZE), (1, 1, 1))
        near = np.full((1, SIZE), 1.2 * sigma)
        _, _, square, score = pairs(np.zeros((1, SIZE)), spread, near, spread, LIMIT)
        assert square[0] == pytest.approx(0.5 * SIZE * 1.44)
        assert score[0] > 5.0


def test_what_is_no_track_has_no_link() -> None:
    good, flat = np.eye(SIZE), np.ones((SIZE, SIZE))
    flat[0, 0] = -5.0
    one = np.zeros((4, SIZE))
    one[1, 2] = np.nan
    one[2, 0] = np.inf
    covs = np.array([good, good, good, flat])
    first, other, _, score = pairs(one, covs, np.zeros((1, SIZE)), good[None], LIMIT)
    assert np.diff(first).tolist() == [1, 0, 0, 0]
    assert other.tolist() == [0]
    assert np.isfinite(score).all()
