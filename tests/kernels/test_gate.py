"""Gates against all pairs in NumPy, across the turn of an angle, and with hostile numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.kernels.gate import gate

LIMIT = 16.0


def _scene(seed: int, tracks: int, detections: int, size: int, wide: float) -> tuple[np.ndarray, ...]:
    luck = np.random.default_rng(seed)
    scale = np.array([1e5, 1.0, 0.4, 1e3])[:size]
    predicted = luck.uniform(-3.0, 3.0, (tracks, size)) * scale
    root = luck.normal(size=(tracks, size, size)) * wide * luck.uniform(0.3, 3.0, (tracks, 1, 1))
    covariances = (root @ root.transpose(0, 2, 1) + 1e-6 * np.eye(size)) * scale[:, None] * scale
    return predicted, covariances, luck.uniform(-3.2, 3.2, (detections, size)) * scale


def _all_pairs(predicted, covariances, detections, periodic):  # type: ignore[no-untyped-def]
    off = detections[None] - predicted[:, None]
    off = np.where(periodic, np.mod(off + math.pi, 2 * math.pi) - math.pi, off)
    return np.einsum("tdi,tij,tdj->td", off, np.linalg.inv(covariances), off)


@given(
    st.integers(0, 10_000),
    st.integers(0, 12),
    st.integers(0, 60),
    st.integers(1, 4),
    st.sampled_from([0.003, 0.05, 0.4, 5.0]),
)
@settings(max_examples=150)
def test_what_is_found_is_what_all_pairs_find(
    seed: int, tracks: int, detections: int, size: int, wide: float
) -> None:
    periodic = np.array([False, True, False, False])[:size]
    predicted, covariances, seen = _scene(seed, tracks, detections, size, wide)
    first, detection, square, logs = gate(predicted, covariances, seen, periodic, LIMIT)
    every = _all_pairs(predicted, covariances, seen, periodic)
    assert logs == pytest.approx(np.linalg.slogdet(covariances)[1], rel=1e-6, abs=1e-6)
    clear = np.abs(every - LIMIT) > 1e-5  # at the edge itself rounding decides
    found = np.zeros(every.shape, dtype=bool)
    for t in range(tracks):
        row = detection[first[t] : first[t + 1]]
        assert (np.diff(row) > 0).all()
        found[t, row] = True
        assert square[first[t] : first[t + 1]] == pytest.approx(every[t, row], rel=1e-5, abs=1e-6)
    assert (found == (every <= LIMIT))[clear].all()


def test_an_angle_goes_round() -> None:
    predicted, covariances = np.array([[1.0, 3.14]]), np.diag([1.0, 1e-4])[None]
    seen = np.array([[1.0, -3.14], [1.0, 3.11], [1.0, 0.0], [1.0, -3.14 + 4 * math.pi]])
    found = gate(predicted, covariances, seen, np.array([False, True]), 16.0)
    assert found[1].tolist() == [0, 1, 3]
    assert gate(predicted, covariances, seen, np.array([False, False]), 16.0)[1].tolist() == [1]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300])
def test_hostile_numbers_have_no_link_and_spoil_none(bad: float) -> None:
    predicted, seen = np.zeros((3, 2)), np.zeros((3, 2))
    covariances = np.tile(np.eye(2), (3, 1, 1))
    predicted[1, 1], seen[2, 1] = bad, bad
    first, detection, _, _ = gate(predicted, covariances, seen, np.array([False, False]), 9.0)
    assert np.diff(first)[[0, 2]].tolist() == [2, 2]
    assert set(detection[: first[1]]) == {0, 1}
    covariances[1, 0, 0] = -abs(bad)
    assert np.diff(gate(predicted, covariances, seen[:2], np.array([False, True]), 9.0)[0]).tolist() == [
        2,
        0,
        2,
    ]


def test_a_singular_covariance_gates_nothing() -> None:
    found = gate(np.zeros((1, 2)), np.ones((1, 2, 2)), np.zeros((1, 2)), np.zeros(2, dtype=bool), 9.0)
    assert found[1].size == 0 and math.isnan(found[3][0])
