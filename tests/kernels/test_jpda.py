"""Chances of association against a count of every joint event, and the mixture against its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.kernels import jpda


def _events(weight: np.ndarray) -> np.ndarray:
    """Chances by writing out all joint events."""
    total, by_link = 0.0, np.zeros(weight.shape)

    def go(row: int, taken: frozenset[int], product: float, links: tuple[tuple[int, int], ...]) -> None:
        nonlocal total
        if row == weight.shape[0]:
            total += product
            for link in links:
                by_link[link] += product
            return
        go(row + 1, taken, product, links)
        for b in np.flatnonzero(weight[row]).tolist():
            if b not in taken:
                go(row + 1, taken | {b}, product * weight[row, b], (*links, (row, b)))

    go(0, frozenset(), 1.0, ())
    return by_link / total


def _links(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first = np.concatenate([[0], np.cumsum((weight > 0).sum(axis=1))]).astype(np.int64)
    return first, np.nonzero(weight)[1].astype(np.int64), np.log(weight[weight > 0])


def _weights(seed: int, rows: int, columns: int, share: float) -> np.ndarray:
    luck = np.random.default_rng(seed)
    weight = np.exp(luck.uniform(-5.0, 8.0, (rows, columns)))
    return np.where(luck.random(weight.shape) < share, weight, 0.0)


SIDES = st.integers(1, 4)


@pytest.mark.long
@given(st.integers(0, 10**6), SIDES, SIDES, st.floats(0.2, 1.0))
@settings(max_examples=100)
def test_both_ways_count_every_event(seed: int, rows: int, columns: int, share: float) -> None:
    weight = _weights(seed, rows, columns, share)
    events = _events(weight)
    assert jpda.exact(weight) == pytest.approx(events, abs=1e-12)
    assert pytest.approx(events, abs=1e-12) == jpda.exact(np.ascontiguousarray(weight.T)).T
    whole = jpda.marginals(*_links(weight), columns, jpda.EXACT_SIDE)
    assert whole == pytest.approx(events[weight > 0], abs=1e-12)


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 12), st.floats(0.05, 1.0))
@settings(max_examples=100)
def test_belief_stays_a_chance_and_near(seed: int, rows: int, columns: int, share: float) -> None:
    weight = _weights(seed, rows, columns, share)
    links = _links(weight)
    found = jpda.marginals(*links, columns, 0)
    track = np.repeat(np.arange(rows), np.diff(links[0]))
    for sums in (np.bincount(track, found, rows), np.bincount(links[1], found, columns)):
        assert (sums <= 1.0 + 1e-8).all()
    assert (found >= 0.0).all()
    # Belief propagation leans to certainty: 0.39 is the farthest seen in 5,000 such draws.
    assert np.abs(found - jpda.marginals(*links, columns, 12)).max(initial=0.0) < 0.5


def test_belief_is_exact_where_links_have_no_cycle() -> None:
    chain = np.array([[2.0, 30.0, 0.0, 0.0], [0.0, 5.0, 0.3, 0.0], [0.0, 0.0, 9.0, 1.0]])
    assert jpda.believed(chain) == pytest.approx(_events(chain), abs=1e-8)
    star = np.array([[4.0], [0.5], [70.0]])
    assert jpda.believed(star) == pytest.approx(_events(star), abs=1e-8)


def test_one_track_is_bayes() -> None:
    """PDA: three detections of weights 1, 2 and 3 against none."""
    weight = np.array([[1.0, 2.0, 3.0]])
    assert jpda.exact(weight)[0].tolist() == pytest.approx([1 / 7, 2 / 7, 3 / 7])


def test_two_tracks_that_share_a_detection() -> None:
    """Events: none 1, first takes it 3, second takes it 1."""
    assert jpda.exact(np.array([[3.0], [1.0]]))[:, 0].tolist() == pytest.approx([0.6, 0.2])


def test_weights_beyond_all_numbers_are_sure() -> None:
    first, detection = np.array([0, 1, 1, 3]), np.array([0, 1, 2])
    found = jpda.marginals(first, detection, np.array([800.0, -800.0, math.nan]), 3, jpda.EXACT_SIDE)
    assert found.tolist() == pytest.approx([1.0, 0.0, 0.0], abs=1e-15)
    large = np.full((10, 10), 800.0)
    everyone = jpda.marginals(np.arange(0, 101, 10), np.tile(np.arange(10), 10), large.ravel(), 10, 10)
    assert everyone == pytest.approx(np.full(100, 0.1))


def test_clusters_are_named_by_their_first_track() -> None:
    # Tracks 0 and 3 share detection 1, track 1 has none, track 2 has detection 0 to itself.
    first, detection = np.array([0, 1, 1, 2, 4]), np.array([1, 0, 1, 3])
    of_track, of_detection = jpda.clusters(first, detection, 5)
    assert of_track.tolist() == [0, -1, 1, 0]
    assert of_detection.tolist() == [1, 0, -1, 0, -1]


def _filter(seed: int, links: int) -> tuple[np.ndarray, ...]:
    luck = np.random.default_rng(seed)
    root = luck.normal(size=(4, 4))
    covariance = root @ root.T + np.eye(4)
    h = luck.normal(size=(2, 4))
    spread = h @ covariance @ h.T + np.eye(2)
    gain = covariance @ h.T @ np.linalg.inv(spread)
    chance = luck.dirichlet(np.ones(links + 1))[:-1]
    return luck.normal(size=4), covariance, gain, spread, luck.normal(size=(links, 2)) * 3.0, chance


def test_a_mixture_has_the_mean_and_spread_of_its_parts() -> None:
    mean, covariance, gain, spread, innovations, chance = _filter(5, 3)
    found = jpda.mixed(
        mean[None], covariance[None], gain[None], spread[None], np.array([0, 3]), innovations, chance
    )
    parts = [mean, *(mean + gain @ v for v in innovations)]
    updated = covariance - gain @ spread @ gain.T
    weights = [1.0 - chance.sum(), *chance]
    middle = sum(w * x for w, x in zip(weights, parts, strict=True))
    second = sum(
        w * (p + np.outer(x - middle, x - middle))
        for w, x, p in zip(weights, parts, [covariance, updated, updated, updated], strict=True)
    )
    assert found[0][0] == pytest.approx(middle)
    assert found[1][0] == pytest.approx(second)


def test_one_is_many_with_one_and_no_link_keeps_the_prediction() -> None:
    a, b = _filter(1, 2), _filter(2, 3)
    both = [np.stack([x, y, x]) for x, y in zip(a[:4], b[:4], strict=True)]
    found = jpda.mixed(
        *both, np.array([0, 2, 5, 5]), np.concatenate([a[4], b[4]]), np.concatenate([a[5], b[5]])
    )
    for t, one in enumerate((a, b)):
        alone = jpda.mixed(*(x[None] for x in one[:4]), np.array([0, one[5].size]), one[4], one[5])
        assert (found[0][t] == alone[0][0]).all() and (found[1][t] == alone[1][0]).all()
    assert (found[0][2] == a[0]).all()
    assert found[1][2] == pytest.approx(a[1])
