"""Many tracks before one scan: each as by itself, shares joined by moments, what detections tell of modes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from bench import tracking as bench_tracking
from synaspis.kernels import crowd, ekf, imm, in_view, sight
from synaspis.tracking.filters import PHASES, RATES, mixed_room

MODES = np.array([mode.row() for mode in PHASES])
INSIDE = 0.9999
ALL = np.full(3, 0.9)
FLAME = np.array([0.9, 0.0009, 0.0009])


def some(
    count: int, wide_m: float = 300.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Tracks about the bench's flight at its start: means, covs, weights, clocks, and a station."""
    luck = np.random.default_rng(5)
    times, states, stations = bench_tracking.arc()
    means = np.zeros((count, 3, 7))
    means[:, :, :6] = states[0] + luck.normal(size=(count, 1, 6)) * np.repeat([2e3, 30.0], 3)
    means[:, :, 6] = MODES[:, 4]
    means[:, :, :3] += luck.normal(size=(count, 3, 3)) * 50.0
    spread = np.array([wide_m] * 3 + [40.0] * 3 + [0.5])
    root = np.eye(7) + 0.2 * luck.normal(size=(count, 3, 7, 7))
    covs = (root @ root.swapaxes(2, 3)) * np.outer(spread, spread)
    weights = luck.dirichlet(np.ones(3), count)
    return means, covs, weights, np.full((count, 1), times[0]), stations[0]


def looked(given: tuple[np.ndarray, ...], to_s: float, chances: np.ndarray) -> tuple[np.ndarray, ...]:
    means, covs, weights, clocks, station = given
    count = len(means)
    seen, spread = np.empty((count, 3, 4)), np.empty((count, 3, 4, 4))
    middle, wide, missed = np.empty((count, 4)), np.empty((count, 4, 4)), np.empty(count)
    crowd.look(
        np.arange(count), to_s, means, covs, weights, clocks, MODES, RATES, station, chances, INSIDE, seen,
        spread, middle, wide, missed, crowd.mixed_room(3), np.zeros(ekf.ROOM),
    )  # fmt: skip
    return seen, spread, middle, wide, missed


def a_row(given: tuple[np.ndarray, ...], t: int, off: float = 1.0) -> np.ndarray:
    """A detection near where track `t` is."""
    seen = np.empty(4)
    sight.expect(given[0][t, 0], given[4], seen)
    row = np.full(sight.ROW_COLUMNS, np.inf)
    row[0], row[1:5], row[5:8] = given[3][t, 0], seen, bench_tracking.ERRORS
    row[1:4] += off * bench_tracking.ERRORS
    return row


def taken(given: tuple[np.ndarray, ...], row: np.ndarray, chances: np.ndarray = ALL) -> None:
    means, covs, weights, _, station = given
    crowd.take_in(
        np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.bool_), row[None], means, covs, weights,
        station, chances, INSIDE, crowd.mixed_room(3), np.zeros(ekf.ROOM),
    )  # fmt: skip


def test_a_look_and_an_update_are_those_of_one_filter() -> None:
    given = some(3, 20.0)
    means, covs, weights, clocks, station = (x.copy() for x in given)
    row = a_row(given, 0)
    row[0] += 2.0
    imm.update(means[0], covs[0], weights[0], clocks[0], MODES, RATES, row, station, mixed_room(3),
               np.zeros(ekf.ROOM))  # fmt: skip
    looked(given, float(row[0]), ALL)
    taken(given, row)
    np.testing.assert_allclose(given[0][0], means[0], rtol=1e-12)
    np.testing.assert_allclose(given[1][0], covs[0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(given[2][0], weights[0], rtol=1e-9)
    assert given[3][:, 0].tolist() == [row[0]] * 3


def test_what_is_to_be_seen_has_the_moments_of_the_modes() -> None:
    given = some(2)
    seen, spread, middle, wide, missed = looked(given, float(given[3][0, 0]), FLAME)
    share = given[2] * FLAME
    share /= share.sum(axis=1, keepdims=True)
    mean = np.einsum("tk,tka->ta", share, seen)
    off = seen - mean[:, None]
    np.testing.assert_allclose(middle, mean, rtol=1e-12)
    np.testing.assert_allclose(missed, np.log(given[2] @ (1.0 - FLAME * INSIDE)), rtol=1e-12)
    np.testing.assert_allclose(
        wide, np.einsum("tk,tkab->tab", share, spread + off[..., None] * off[..., None, :]), rtol=1e-9
    )


def test_a_score_is_the_likelihood_over_that_of_none() -> None:
    given = some(1)
    seen, spread, _, _, missed = looked(given, float(given[3][0, 0]), FLAME)
    rows = np.stack([a_row(given, 0), a_row(given, 0, 3.0)])
    rows[1, 5] = np.inf  # two angles only
    thin, out = np.log([1e-9, 1e-3]), np.empty(2)
    crowd.score(
        np.array([0, 2]), np.array([0, 1]), rows, thin, np.zeros(1, np.int64), given[2], seen, spread, FLAME,
        missed, np.zeros(ekf.ROOM), out,
    )  # fmt: skip
    weights = given[2][0]
    for row, parts, log_thin, score in zip(rows, (slice(0, 3), slice(1, 3)), thin, out, strict=True):
        unit = bench_tracking.ERRORS[parts]
        density = 0.0
        for j in range(3):
            wide = spread[0, j][parts, parts] / np.outer(unit, unit) + np.eye(len(unit))
            off = (row[1:4][parts] - seen[0, j, :3][parts]) / unit
            density += weights[j] * FLAME[j] * multivariate_normal.pdf(off, cov=wide) / unit.prod()
        none = weights @ (1.0 - FLAME * INSIDE)
        assert score == pytest.approx(np.log(density) - log_thin - np.log(none), abs=1e-6)


def test_a_flame_that_is_seen_speaks_for_boost_and_one_that_is_not_against_it() -> None:
    given = some(2)
    given[0][:] = given[0][:, :1]
    given[1][:] = given[1][:, :1]
    given[2][:] = [0.5, 0.3, 0.2]
    taken(given, a_row(given, 0), FLAME)
    # All modes make the detection alike: weights by the chances alone.
    assert given[2][0] == pytest.approx([0.45, 0.00027, 0.00018] / np.sum([0.45, 0.00027, 0.00018]))
    means, covs, weights, _, station = given
    crowd.take_in(
        np.ones(1, np.int64), np.full(1, -1), np.ones(1, np.bool_), np.empty((0, 9)), means, covs, weights,
        station, FLAME, INSIDE, crowd.mixed_room(3), np.zeros(ekf.ROOM),
    )  # fmt: skip
    left = np.array([0.5, 0.3, 0.2]) * (1.0 - FLAME * INSIDE)
    assert weights[1] == pytest.approx(left / left.sum())


def shared(given: tuple[np.ndarray, ...], rows: np.ndarray, chance: list[float], none: float) -> None:
    means, covs, weights, _, station = given
    crowd.take_in_shares(
        np.zeros(1, np.int64), np.array([0, len(rows)]), np.arange(len(rows)), np.array(chance),
        np.array([none]), np.ones(1, np.bool_), rows, means, covs, weights, station, ALL, INSIDE,
        crowd.mixed_room(3), np.zeros(ekf.ROOM), crowd.sums_room(3),
    )  # fmt: skip


def test_a_row_that_is_certain_is_taken_in_as_one() -> None:
    one, two = some(1), some(1)
    taken(one, a_row(one, 0))
    shared(two, a_row(two, 0)[None], [1.0], 0.0)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


def test_shares_are_joined_by_their_moments() -> None:
    given = some(1)
    rows = np.stack([a_row(given, 0), a_row(given, 0, -2.0)])
    parts = [tuple(x.copy() for x in given) for _ in range(3)]
    taken(parts[0], rows[0])
    taken(parts[1], rows[1])
    shares = (0.5, 0.2, 0.3)
    shared(given, rows, list(shares[:2]), shares[2])
    weight = np.array([s * p[2][0] for s, p in zip(shares, parts, strict=True)])
    np.testing.assert_allclose(given[2][0], weight.sum(axis=0), rtol=1e-9)
    for j in range(3):
        w = weight[:, j] / weight[:, j].sum()
        means = np.array([p[0][0, j] for p in parts])
        off = means - w @ means
        cov = np.einsum(
            "h,hab->ab", w, np.array([p[1][0, j] for p in parts]) + off[:, :, None] * off[:, None, :]
        )
        np.testing.assert_allclose(given[0][0, j], w @ means, rtol=1e-12)
        np.testing.assert_allclose(given[1][0, j], cov, rtol=1e-6, atol=1e-6)


def test_a_wide_place_is_as_near_a_range_as_its_error_says() -> None:
    """A linear update of a place known to 40 km misses a range of 20 m error by hundreds of metres."""
    given = some(1, 40e3)
    given[0][:] = given[0][:, :1]
    true = given[0][0, 0].copy()
    true[:3] += np.array([60e3, -50e3, 30e3])
    row, seen = a_row(given, 0), np.empty(4)
    sight.expect(true, given[4], seen)
    row[1:4] = seen[:3]
    taken(given, row)
    for j in range(3):
        sight.expect(given[0][0, j], given[4], seen)
        assert abs(seen[0] - row[1]) < 20.0
        assert np.linalg.norm(given[0][0, j, :3] - true[:3]) < 1500.0


@pytest.mark.parametrize(("spoil", "over"), [
    (lambda m, c, w: None, False), (lambda m, c, w: m.__setitem__((0, 2, 6), np.nan), True),
    (lambda m, c, w: c.__setitem__((0, 1, 3, 3), -1.0), True),
    (lambda m, c, w: w.__setitem__((0, 0), np.nan), True),
    (lambda m, c, w: c.__setitem__((0, slice(None), 0, 0), 300e3**2), True),
    (lambda m, c, w: m.__setitem__((0, slice(None), slice(0, 3)), m[0, :, :3] * 0.9), True),
])  # fmt: skip
def test_what_is_over(spoil: object, over: bool) -> None:
    means, covs, weights, _, _ = some(1)
    spoil(means, covs, weights)  # type: ignore[operator]
    out = np.empty(1, np.bool_)
    crowd.over(means, covs, weights, 200e3, -3e3, -300.0, out)
    assert out.tolist() == [over]


def test_what_may_be_in_view_leaves_nothing_out() -> None:
    """Wherever a track really is seen within its error, the rough look ahead says that it may be."""
    luck = np.random.default_rng(8)
    means, covs, weights, clocks, station = some(400)
    means[:, :, :3] += luck.normal(size=(400, 1, 3)) * 600e3
    out, dt_s = np.empty(400, np.bool_), 8.0
    limit, sine = 700e3, float(np.sin(0.2))
    in_view.may_see(means, covs, weights, clocks, clocks[0, 0] + dt_s, station, limit, sine, out)
    best = means[np.arange(400), weights.argmax(axis=1)]
    seen = np.empty((400, 4))
    for state, row in zip(best, seen, strict=True):
        moved = state.copy()
        moved[:3] += dt_s * moved[3:6]
        sight.expect(moved, station, row)
    inside = (seen[:, 0] < limit) & (seen[:, 2] > 0.2)
    assert inside.sum() > 20
    assert (~out).sum() > 20
    assert out[inside].all()
