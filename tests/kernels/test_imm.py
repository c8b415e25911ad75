"""Interacting models: moments of mixtures, one mode alone, and the phases of a whole flight."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench import tracking as bench_tracking
from synaspis.kernels import crowd, ekf, imm, sight
from synaspis.tracking import filters
from tests.kernels.test_ekf import prepared


def mixed_of(means: np.ndarray, covs: np.ndarray, modes: np.ndarray, shares: np.ndarray, into: int) -> tuple:
    out = np.empty((8, 7))
    imm.mix(means, covs, modes, shares, into, out)
    return out[7], out[:7]


def some_states(luck: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    root = luck.normal(size=(count, 7, 7))
    return luck.normal(size=(count, 7)), root @ root.swapaxes(1, 2)


def test_a_mixture_has_the_moments_of_its_parts() -> None:
    luck = np.random.default_rng(3)
    means, covs = some_states(luck, 2)
    modes = np.array([filters.COAST.row(), filters.REENTRY.row()])
    shares = np.array([0.3, 0.7])
    mean, cov = mixed_of(means, covs, modes, shares, 1)
    np.testing.assert_allclose(mean, shares @ means)
    off = means - shares @ means
    np.testing.assert_allclose(cov, np.einsum("k,kij->ij", shares, covs + off[:, :, None] * off[:, None, :]))


def test_another_modes_seventh_is_not_mixed_in() -> None:
    """Thrust says nothing of the ballistic coefficient: it enters as fresh, and uncorrelated."""
    luck = np.random.default_rng(4)
    means, covs = some_states(luck, 2)
    modes = np.array([filters.BOOST.row(), filters.COAST.row()])
    mean, cov = mixed_of(means, covs, modes, np.array([1.0, 0.0]), 1)
    assert mean[6] == pytest.approx(filters.COAST.fresh)
    assert cov[6, 6] == pytest.approx(filters.COAST.fresh_sigma**2)
    np.testing.assert_allclose(cov[6, :6], 0.0, atol=1e-12)
    np.testing.assert_allclose(mean[:6], means[0, :6])
    np.testing.assert_allclose(cov[:6, :6], covs[0, :6, :6])


def test_one_mode_alone_is_the_extended_filter() -> None:
    mean, cov, row, station = prepared()
    row[0] += 2.0
    one = filters.Filter(mean, cov, row[0] - 2.0, filters.BALLISTIC)
    many = filters.Phases([(mean, cov)], [1.0], row[0] - 2.0, [filters.BALLISTIC], np.zeros((1, 1)))
    np.testing.assert_allclose(many.update(row, station), one.update(row, station), rtol=1e-12)
    np.testing.assert_allclose(many.means[0], one.mean, rtol=1e-12)
    np.testing.assert_allclose(many.covs[0], one.cov, rtol=1e-9)


def test_weights_follow_the_likelihoods() -> None:
    """Two modes of one motion that differ in where they are: Bayes's rule gives their weights."""
    mean, cov, row, station = prepared()
    far = mean.copy()
    far[:3] += 0.2 * np.sqrt(np.diag(cov)[:3])
    many = filters.Phases(
        [(mean, cov), (far, cov)], [0.5, 0.5], row[0], [filters.COAST, filters.COAST], np.zeros((2, 2))
    )
    likely = [filters.Filter(m, cov, row[0], filters.COAST).update(row, station)[1] for m in (mean, far)]
    _, mixture = many.update(row, station)
    ratio = math.exp(likely[0] - likely[1])
    assert many.weights[0] / many.weights[1] == pytest.approx(ratio, rel=1e-9)
    assert mixture == pytest.approx(np.logaddexp(*likely) + math.log(0.5), rel=1e-9)


@pytest.mark.parametrize("dt_s", [0.0, 1.0, 30.0])
def test_weights_go_from_mode_to_mode_at_their_rates(dt_s: float) -> None:
    """Measured so badly that it says nothing, a state keeps what time makes of its weights."""
    mean, cov, row, station = prepared()
    row[5:9] = 1e9, math.inf, math.inf, math.inf
    rates = np.array([[0.0, 0.1], [0.0, 0.0]])
    many = filters.Phases(
        [(mean, cov)] * 2, [1.0, 0.0], row[0] - dt_s, [filters.COAST, filters.BALLISTIC], rates
    )
    many.update(row, station)
    assert many.weights[0] == pytest.approx(math.exp(-0.1 * dt_s), abs=1e-6)
    assert many.weights.sum() == pytest.approx(1.0)


def whole_flight() -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """From 20 s after launch to impact, seen all the way: times, states, stations, burnout."""
    times, states, stations, burnout_s = bench_tracking.flown()
    keep = slice(20, int(np.isfinite(states[:, 0]).sum()) - 1)
    return times[keep], states[keep], stations, burnout_s


def test_it_tells_boost_coast_and_reentry() -> None:
    times, states, stations, burnout_s = whole_flight()
    rows = bench_tracking.detections(times, states, stations, 3, seed=5)
    weights = np.zeros((3, len(times), 3))
    off, betas = np.zeros((3, len(times), 6)), []
    spread = np.zeros((3, len(times), 6, 6))
    for run, seen in enumerate(rows):
        first = [filters.first_state((seen[0], stations), (seen[1], stations), m) for m in filters.PHASES]
        many = filters.Phases([(m, c) for m, c, _ in first], (0.8, 0.1, 0.1), first[0][2])
        for k in range(2, len(times)):
            for row, station in zip(seen[k], stations, strict=True):
                many.update(row, station)
            mean, cov, _ = many.estimate()
            weights[run, k], off[run, k], spread[run, k] = many.weights, mean[:6] - states[k], cov[:6, :6]
        betas.append(math.exp(many.means[2, 6]))
    mean_weights = weights.mean(axis=0)
    height = np.linalg.norm(states[:, :3], axis=1) - 6_371_000.0
    falling = np.einsum("ki,ki->k", states[:, :3], states[:, 3:]) < 0.0
    boost = (times > 30.0) & (times < burnout_s - 1.0)
    assert np.median(mean_weights[boost, 0]) > 0.9
    after = times > burnout_s + 10.0
    assert mean_weights[after, 0].max() < 0.05
    low = falling & (height < 25e3)
    assert mean_weights[low, 2].min() > 0.9
    # What it falls with is estimated, from a first guess of 4,000.
    np.testing.assert_allclose(betas, 5000.0, rtol=0.05)
    vacuum = after & (height > 120e3)
    solved = np.linalg.solve(spread[:, vacuum], off[:, vacuum][..., None])[..., 0]
    assert 4.0 < np.mean(np.sum(off[:, vacuum] * solved, -1)) < 7.5


def test_what_is_unusable_touches_nothing() -> None:
    mean, cov, row, station = prepared()
    many = filters.Phases([(mean, cov)] * 3, (0.2, 0.3, 0.5), row[0])
    row[sight.RANGE] = math.nan
    assert math.isnan(many.update(row, station)[0])
    assert np.array_equal(many.weights, [0.2, 0.3, 0.5])
    assert np.array_equal(many.means[1], mean)


def test_in_batch_it_is_the_same() -> None:
    times, states, stations = bench_tracking.arc()
    rows = bench_tracking.detections(times, states, stations, 3)
    looks = rows[:, 2:8].reshape(3, -1, sight.ROW_COLUMNS)
    which = np.tile(np.arange(3), (3, 6))
    which[1, 4] = -1
    first = [bench_tracking.started(seen, stations) for seen in rows]
    means = np.array([[mean] * 3 for mean, _, _ in first])
    covs = np.array([[cov] * 3 for _, cov, _ in first])
    weights, clocks = np.tile([0.1, 0.5, 0.4], (3, 1)), np.array([[now] for _, _, now in first])
    told = np.full((3, looks.shape[1], 2), np.nan)
    modes = np.array([mode.row() for mode in filters.PHASES])
    imm.update_all(
        means, covs, weights, clocks, modes, filters.RATES, looks, which, stations, crowd.mixed_room(3),
        np.zeros(ekf.ROOM), told,
    )  # fmt: skip
    for t, (mean, cov, now) in enumerate(first):
        one = filters.Phases([(mean, cov)] * 3, [0.1, 0.5, 0.4], now)
        for m in range(looks.shape[1]):
            if which[t, m] >= 0:
                assert one.update(looks[t, m], stations[which[t, m]]) == tuple(told[t, m])
        assert np.array_equal(one.means, means[t])
        assert np.array_equal(one.covs, covs[t])
        assert np.array_equal(one.weights, weights[t])
    assert np.isnan(told[1, 4]).all()
