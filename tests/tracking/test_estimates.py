"""Estimates from tracks: ellipses and threads, launches of the catalogue, calibrated classes, counts."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from synaspis.engine.vehicles import vehicles
from synaspis.files import catalog
from synaspis.kernels import motion, trajectory
from synaspis.kernels.earth import ecef_from_geodetic, enu_axes
from synaspis.kernels.geodesic import geodesic_point
from synaspis.kernels.orbit import class_speeds
from synaspis.model.estimate import CLASS_RANGES_M, CLASSES
from synaspis.model.threat import Threat
from synaspis.tracking import estimates, filters
from tests.tracking.trials import bank_of, looks, satellites, truths

FLIGHTS = 30
"""Of each ballistic class of the catalogue."""


@functools.cache
def flights() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """States (N, K, 6) a second apart, burnout (N,), launches (N, 2) and distances (N,)."""
    kinds = [catalog.noun(name) for name in catalog.names("threat")]
    ballistic = [kind for kind in kinds if isinstance(kind, Threat) and not kind.prescribed]
    luck = np.random.default_rng(2)
    table = [kind for kind in ballistic for _ in range(FLIGHTS)]
    launch = np.radians(luck.uniform((20, 20), (50, 80), (len(table), 2)))
    distance = luck.uniform(0.35, 0.95, len(table)) * np.array([kind.range_m for kind in table])
    ends = [
        geodesic_point(*place, way, far)[:2]
        for place, way, far in zip(launch, luck.uniform(0, 2 * math.pi, len(table)), distance, strict=True)
    ]
    level = np.zeros((len(table), 1))
    _, states, burnout_s, *_ = trajectory.fly(
        *vehicles(table), np.hstack([launch, level]), np.hstack([ends, level]),
        np.zeros(len(table), np.int64), 1.0, 2,
    )  # fmt: skip
    good = np.isfinite(burnout_s)
    return states[good], burnout_s[good], launch[good], distance[good]


def of_states(
    states: np.ndarray, sigma_m: float, sigma_mps: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates (N, 7) of states (N, 6) with their covariances."""
    sigma = np.array([sigma_m] * 3 + [sigma_mps] * 3)
    noise = np.random.default_rng(seed).normal(size=states.shape)
    cov = np.zeros((len(states), 7, 7))
    cov[:, range(7), range(7)] = [*sigma**2, 0.5]
    return np.hstack([states + sigma * noise, np.full((len(states), 1), 8.3)]), cov


@pytest.mark.parametrize("sigma_mps", [5.0, 300.0])
def test_chances_of_classes_after_burnout_are_calibrated(sigma_mps: float) -> None:
    """Of what is said to have a chance of about p, a share of about p is so: within three sigma."""
    states, burnout_s, _, distance = flights()
    row = np.ceil(burnout_s).astype(int) + 2
    means, covs = of_states(states[range(len(row)), row], 500.0, sigma_mps, 3)
    chances = estimates.class_chances(means, covs, np.ones(len(row), np.int64))
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    true = np.eye(len(CLASSES))[np.searchsorted(CLASS_RANGES_M, distance)]
    for low, high in ((0.0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.01)):
        said = (chances >= low) & (chances < high)
        unsure = math.sqrt(float((chances[said] * (1.0 - chances[said])).sum()))
        assert abs(chances[said].sum() - true[said].sum()) < 3.0 * unsure + 0.5
    brier = float(((chances - true) ** 2).sum(axis=1).mean())
    assert brier < (0.05 if sigma_mps < 10.0 else 0.15)  # 0.67 for one who knows the shares alone


def test_under_power_the_farther_classes_stay_open() -> None:
    short, medium, far = class_speeds(CLASS_RANGES_M)
    place = ecef_from_geodetic(np.array([[0.7, 0.5, 50e3]]))[0]
    up = enu_axes(np.array([[0.7, 0.5, 0.0]]))[0, 2]
    means = np.array([[*place, *(v * up), 20.0] for v in (500.0, 0.5 * (short + medium), far + 300.0, 9e3)])
    covs = np.tile(np.diag([1e4] * 3 + [25.0] * 3 + [1.0]), (4, 1, 1))
    chances = estimates.class_chances(means, covs, np.zeros(4, np.int64))
    assert chances[0] == pytest.approx([0.25] * 4, abs=0.02)
    assert chances[1, 0] < 1e-6
    assert 0.1 < chances[1, 1] < chances[1, 2] == pytest.approx(chances[1, 3], abs=1e-6)
    assert chances[2, 3] > 0.99
    assert chances[3] == pytest.approx([0, 0, 0, 1], abs=1e-6)
    # The same falling through the air: what it had is at least what it has.
    means[:, 3:6] *= -1.0
    means[:, :3] -= 20e3 * up
    assert estimates.class_chances(means, covs, np.full(4, 2))[0] == pytest.approx([0.25] * 4, abs=0.02)
    covs[0] = np.nan
    assert np.isnan(estimates.class_chances(means, covs, np.ones(4, np.int64))[0]).all()


def test_launches_of_all_classes_lie_in_their_ellipses() -> None:
    """Two satellites (20 microrad) from 8 km on, every two seconds; asked after the third look."""
    states, burnout_s, launch, _ = flights()
    height = np.linalg.norm(states[..., :3], axis=-1)
    held, timely = [], []
    stations, sigma = satellites(), 2e-5
    for u in range(len(states)):
        first = int(np.argmax(height[u] > height[u, 0] + 8e3))
        if first + 5 > burnout_s[u]:
            continue
        own = np.broadcast_to(states[u, : first + 5], (4, first + 5, 6))
        at_s = np.array([first, first + 2, first + 4])
        rows = looks(own, stations, at_s, np.array([[np.inf, sigma, sigma]] * 2), u)
        bank = bank_of(rows, stations, (0.98, 0.01, 0.01))
        bank.update(np.ascontiguousarray(rows[:, 2]), np.tile([0, 1], (4, 1)), stations)
        spots = estimates.launches(*bank.estimate(), float(at_s[2]))
        held.append(estimates.inside(spots, *np.tile(launch[u], (4, 1)).T).mean())
        timely.append((np.abs(spots.time_s) < 1.645 * spots.sigma_s).mean())
        assert np.median(spots.semi_major_m) < 5e3
    assert len(held) > 200
    assert 0.86 < np.mean(held) < 0.96
    assert 0.86 < np.mean(timely) < 0.96


def test_threads_change_nothing_and_what_is_outside_is() -> None:
    states, ends, _ = truths(150, 3)
    means, covs = of_states(states[:, 200], 50.0, 0.5, 4)
    mode = np.ones(150, np.int64)
    one, two = (estimates.impacts(means, covs, mode, 200.0, threads=n) for n in (1, 3))
    assert np.array_equal(one.covs, two.covs)
    assert np.array_equal(one.time_s, two.time_s)
    assert estimates.inside(one, one.latitude_rad, one.longitude_rad).all()
    assert not estimates.inside(one, ends[:, 0] + 0.01, ends[:, 1]).any()
    under_power = estimates.impacts(means, covs, np.zeros(150, np.int64), 200.0)
    assert not estimates.inside(under_power, ends[:, 0], ends[:, 1]).any()


def test_the_ellipse_is_drawn_where_it_says() -> None:
    """Just inside and just outside, along either axis."""
    means, covs = of_states(truths(1, 3)[0][:, 200], 50.0, 0.5, 4)
    spots = estimates.impacts(means, covs, np.ones(1, np.int64), 0.0)
    for size, turn in ((spots.semi_major_m[0], 0.0), (spots.semi_minor_m[0], 0.5 * math.pi)):
        for share, holds in ((0.99, True), (1.01, False)):
            place = geodesic_point(
                spots.latitude_rad[0], spots.longitude_rad[0], spots.bearing_rad[0] + turn, share * size
            )
            assert estimates.inside(spots, np.array([place[0]]), np.array([place[1]])).all() == holds


def test_counts_are_poissons_binomial() -> None:
    """Against all 2^N outcomes."""
    chances = np.array([0.9, 0.5, 0.2, 0.97, 0.6])
    odds = np.zeros(6)
    for outcome in range(32):
        there = np.array([outcome >> i & 1 for i in range(5)], bool)
        odds[there.sum()] += np.prod(np.where(there, chances, 1 - chances))
    count = estimates.object_count(chances)
    assert count.expected == pytest.approx(3.17)
    assert odds[count.low : count.high + 1].sum() >= 0.9
    assert odds[: count.low].sum() <= 0.05 < odds[: count.low + 1].sum()
    assert odds[count.high + 1 :].sum() <= 0.05 < odds[count.high :].sum()
    sure = estimates.object_count(np.ones(7))
    assert (sure.expected, sure.low, sure.high) == (7.0, 7, 7)
    none = estimates.object_count(np.empty(0))
    assert (none.expected, none.low, none.high) == (0.0, 0, 0)


def test_two_tracks_of_one_object_count_once() -> None:
    means, covs = of_states(np.repeat(truths(1, 3)[0][:, 200], 3, axis=0), 50.0, 0.5, 5)
    means[2, :3] += 5e4
    same = estimates.duplicates(means, covs)
    assert same[0] == 0.0
    assert same[1] > 0.99
    assert same[2] < 1e-6
    count = estimates.object_count(np.ones(3), same)
    assert (count.low, count.high) == (2, 2)
    assert count.expected == pytest.approx(2.0, abs=0.02)
    assert estimates.duplicates(means[:0], covs[:0]).shape == (0,)


def test_modes_of_ones_own_are_taken() -> None:
    means, covs = of_states(truths(1, 3)[0][:, 200], 50.0, 0.5, 4)
    alone = estimates.impacts(means, covs, np.zeros(1, np.int64), 0.0, modes=(filters.BALLISTIC,))
    usual = estimates.impacts(means, covs, np.full(1, 2), 0.0)
    assert alone.time_s == usual.time_s
    assert filters.BALLISTIC.row()[motion.KIND] == motion.DRAG
