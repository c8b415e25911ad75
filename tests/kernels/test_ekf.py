"""The extended filter: right algebra, consistent in coast, at its bound, and not to be poisoned."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2

from bench import tracking as bench_tracking
from synaspis.kernels import ekf, motion, sight
from synaspis.tracking import filters

RUNS = 200
EVERY = 4  # times between those at which the state is looked at
COAST = slice(5, 380)  # of the arc's samples: above 60 km
TRUE_LOG_BETA = math.log(5000.0)


def coast(method: filters.Method, runs: int = RUNS) -> tuple[np.ndarray, np.ndarray, np.ndarray, list]:
    """Errors (K, R, 6), covariances (K, R, 7, 7), normalised innovations squared, and the first states.

    What is thought of the ballistic coefficient is as wrong as it is said to be: drawn run by run.
    """
    times, states, stations = bench_tracking.arc()
    rows = bench_tracking.detections(times[COAST], states[COAST], stations, runs, seed=1)
    luck = np.random.default_rng(2)
    first = [bench_tracking.started(seen, stations) for seen in rows]
    bank = filters.Bank(
        means=np.array([mean for mean, _, _ in first]), covs=np.array([cov for _, cov, _ in first]),
        clocks=np.array([[now] for _, _, now in first]), mode=filters.BALLISTIC, method=method,
    )  # fmt: skip
    bank.means[:, 6] = TRUE_LOG_BETA + filters.BALLISTIC.fresh_sigma * luck.standard_normal(runs)
    which = np.tile(np.arange(len(stations)), (runs, EVERY))
    errors, covs, squares = [], [], []
    for k in range(2, rows.shape[1] - EVERY + 1, EVERY):
        looks = rows[:, k : k + EVERY].reshape(runs, -1, sight.ROW_COLUMNS)
        squares.append(bank.update(looks, which, stations)[..., 0])
        errors.append(bank.means[:, :6] - states[COAST][k + EVERY - 1])
        covs.append(bank.covs.copy())
    return np.array(errors), np.array(covs), np.array(squares), first


@pytest.fixture(scope="module")
def flown() -> tuple[np.ndarray, np.ndarray, np.ndarray, list]:
    return coast("ekf")


def normalised(errors: np.ndarray, covs: np.ndarray) -> np.ndarray:
    """(K, R) normalised estimation error squared of position and velocity."""
    solved = np.linalg.solve(covs[..., :6, :6], errors[..., None])[..., 0]
    return np.sum(errors * solved, axis=-1)


def consistent(errors: np.ndarray, covs: np.ndarray, squares: np.ndarray) -> None:
    """NEES of each time within the two-sided 95 % band of chi-square, as often as such a band promises.

    Errors of neighbouring times are alike, so that the share of times outside may well be above 5 %.
    """
    runs = errors.shape[1]
    low, high = chi2.ppf([0.025, 0.975], 6 * runs) / runs
    mean = normalised(errors, covs).mean(axis=1)
    assert np.mean((mean > low) & (mean < high)) > 0.9
    assert low < mean.mean() < high
    # Range and two angles at each look, all independent: the band of so many is narrow.
    low, high = chi2.ppf([1e-4, 1.0 - 1e-4], 3 * squares.size) / squares.size
    assert low < squares.mean() < high


def test_it_is_consistent_in_coast(flown: tuple) -> None:
    consistent(*flown[:3])


def slopes_by_differences(state: np.ndarray, stations: np.ndarray) -> np.ndarray:
    """(3 S, 7): derivative of range and angles of all stations, without the filter's own."""
    out = np.zeros((3 * len(stations), 7))
    for c in range(3):
        step = np.zeros(7)
        step[c] = 1.0
        up = bench_tracking.exact((state + step)[:6], stations)[:, :3]
        down = bench_tracking.exact((state - step)[:6], stations)[:, :3]
        out[:, c] = (0.5 * (up - down)).ravel()
    return out


def carried_by_differences(state: np.ndarray, dt_s: float) -> np.ndarray:
    steps = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 1e-3])
    row, columns = filters.BALLISTIC.row(), []
    for c in range(7):
        ends = []
        for sign in (1.0, -1.0):
            moved = state.copy()
            moved[c] += sign * steps[c]
            motion.move(moved, row, dt_s, np.zeros(motion.ROOM))
            ends.append(moved)
        columns.append((ends[0] - ends[1]) / (2.0 * steps[c]))
    return np.array(columns).T


def test_its_errors_in_coast_are_within_a_tenth_of_the_bound(flown: tuple) -> None:
    """The posterior Cramér-Rao bound at the true states, by derivatives that are not the filter's."""
    times, states, stations = bench_tracking.arc()
    errors, _, _, first = flown
    weight = np.diag(np.tile(bench_tracking.ERRORS**-2.0, len(stations)))
    bound, at = first[0][1].copy(), []
    for k in range(2, len(times[COAST])):
        phi = carried_by_differences(np.append(states[COAST][k - 1], TRUE_LOG_BETA), 1.0)
        slopes = slopes_by_differences(np.append(states[COAST][k], TRUE_LOG_BETA), stations)
        bound = np.linalg.inv(np.linalg.inv(phi @ bound @ phi.T) + slopes.T @ weight @ slopes)
        if (k - 1) % EVERY == 0:
            at.append(np.sqrt([np.trace(bound[:3, :3]), np.trace(bound[3:6, 3:6])]))
    found = np.sqrt(np.mean([np.sum(errors[..., :3] ** 2, -1), np.sum(errors[..., 3:] ** 2, -1)], axis=-1)).T
    ratio = found / np.array(at)[: len(found)]
    settled = ratio[10:]
    assert np.abs(settled.mean(axis=0) - 1.0).max() < 0.05
    assert np.abs(settled - 1.0).max() < 0.15  # two hundred runs know a root mean square to 4 %


def prepared() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    times, states, stations = bench_tracking.arc()
    rows = bench_tracking.detections(times, states, stations, 1)[0]
    mean, cov, _ = bench_tracking.started(rows, stations)
    row = rows[1, 0].copy()
    row[4], row[8] = -500.0, 2.0
    return mean, cov, row, stations[0]


def test_one_part_after_another_is_the_joint_update() -> None:
    mean, cov, row, station = prepared()
    seen, by = np.empty(4), np.zeros((4, 7))
    sight.expect_slopes(mean, station, seen, by)
    left = row[1:5] - seen
    spread = by @ cov @ by.T + np.diag(row[5:9] ** 2)
    gain = cov @ by.T @ np.linalg.inv(spread)
    joint_mean, joint_cov = mean + gain @ left, cov - gain @ spread @ gain.T
    square, likely = ekf.correct(mean, cov, row, station, np.zeros(ekf.ROOM))
    np.testing.assert_allclose(mean, joint_mean, rtol=1e-9)
    scale = np.sqrt(np.outer(np.diag(joint_cov), np.diag(joint_cov)))
    assert np.abs((cov - joint_cov) / scale).max() < 1e-6
    assert square == pytest.approx(left @ np.linalg.solve(spread, left), rel=1e-6)
    told = -0.5 * (square + np.linalg.slogdet(2.0 * math.pi * spread)[1])
    assert likely == pytest.approx(told, rel=1e-9)


def test_a_further_measurement_never_widens_a_state() -> None:
    mean, cov, row, station = prepared()
    before = cov.copy()
    ekf.correct(mean, cov, row, station, np.zeros(ekf.ROOM))
    scale = np.sqrt(np.outer(np.diag(before), np.diag(before)))
    assert np.linalg.eigvalsh((before - cov) / scale).min() > -1e-12


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, math.nan),
        (0, -1e9),
        (0, math.inf),
        (1, math.nan),
        (2, math.inf),
        (5, 0.0),
        (6, -1.0),
        (7, math.nan),
    ],
)
def test_what_is_unusable_touches_nothing(column: int, value: float) -> None:
    mean, cov, row, station = prepared()
    one = filters.Filter(mean, cov, row[0], filters.BALLISTIC)
    row[column] = value
    told = one.update(row, station)
    assert math.isnan(told[0])
    assert math.isnan(told[1])
    assert np.array_equal(one.mean, mean)
    assert np.array_equal(one.cov, cov)
    assert one.clock[0] == prepared()[2][0]


def test_a_row_without_any_part_is_unusable() -> None:
    mean, cov, row, station = prepared()
    row[5:9] = math.inf
    assert math.isnan(filters.Filter(mean, cov, row[0], filters.BALLISTIC).update(row, station)[0])


def test_an_azimuth_just_across_south_is_near() -> None:
    mean, cov, row, station = prepared()
    turned = row.copy()
    turned[2] += 2.0 * math.pi
    found = []
    for given in (row, turned):
        one = filters.Filter(mean, cov, row[0], filters.BALLISTIC)
        one.update(given, station)
        found.append(one.mean)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-9)


def test_the_innovation_is_what_gates_need() -> None:
    mean, cov, _, station = prepared()
    seen, spread = np.empty(4), np.empty((4, 4))
    ekf.innovation(mean, cov, station, np.zeros(ekf.ROOM), seen, spread)
    expected, by = np.empty(4), np.zeros((4, 7))
    sight.expect_slopes(mean, station, expected, by)
    np.testing.assert_allclose(seen, expected)
    np.testing.assert_allclose(spread, by @ cov @ by.T, rtol=1e-9, atol=1e-12)
