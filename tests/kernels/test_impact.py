"""Impact and launch points: against plain flights, drawn flights, and ascents of constant acceleration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench import tracking as bench_tracking
from synaspis.kernels import impact, motion
from synaspis.kernels.earth import J2, ROTATION_RADPS, ecef_from_geodetic, enu_axes, geodetic_from_ecef
from synaspis.kernels.flight import fall

LOG_BETA = math.log(5000.0)


def coasting() -> np.ndarray:
    return np.append(bench_tracking.flown()[1][200], LOG_BETA)


def landed(mean: np.ndarray) -> tuple[np.ndarray, float]:
    state = mean[:6].copy()
    when = fall(state, 0.0, math.exp(-mean[6]), 0.0, ROTATION_RADPS, J2, 1.0, np.inf, np.empty((0, 6)))
    return state[:3], when


def spot_of(
    mean: np.ndarray, cov: np.ndarray, kind: float = motion.VACUUM, floor_m: float = 0.0
) -> np.ndarray:
    out = np.empty((1, impact.SPOT_COLUMNS))
    impact.impacts(mean[None], cov[None], np.array([kind]), floor_m, out)
    return out[0]


def test_what_is_known_exactly_lands_where_it_flies() -> None:
    mean = coasting()
    spot = spot_of(mean, np.diag([1e-6] * 3 + [1e-10] * 3 + [1e-12]))
    place, when = landed(mean)
    want = geodetic_from_ecef(place[None])[0]
    assert spot[: impact.TIME] == pytest.approx(want[:2], abs=1e-6)
    assert spot[impact.TIME] == pytest.approx(when, abs=2e-3)
    assert spot[impact.MAJOR] < 1.0


def test_the_spread_is_that_of_drawn_flights() -> None:
    """4,000 draws leave 1.1 % of error in a standard deviation: five of them."""
    mean = coasting()
    luck = np.random.default_rng(8)
    root = np.diag([300.0, 200.0, 100.0, 3.0, 2.0, 1.0, 0.02]) @ (np.eye(7) + 0.3 * luck.normal(size=(7, 7)))
    cov = root @ root.T
    spot = spot_of(mean, cov)
    draws = [landed(mean + root @ luck.normal(size=7)) for _ in range(4000)]
    places, when = np.array([p for p, _ in draws]), np.array([t for _, t in draws])
    axes = enu_axes(np.array([[spot[0], spot[1], 0.0]]))[0]
    flat = np.column_stack([(places - places.mean(axis=0)) @ axes[:2].T, when - when.mean()])
    want = np.cov(flat.T)
    got = spot[impact.COV : impact.MAJOR].reshape(3, 3)
    scale = np.sqrt(np.diag(want))
    np.testing.assert_allclose(got / np.outer(scale, scale), want / np.outer(scale, scale), atol=0.11)
    assert spot[impact.MAJOR] ** 2 + spot[impact.MINOR] ** 2 == pytest.approx(got[0, 0] + got[1, 1])
    along = np.array([math.sin(spot[impact.BEARING]), math.cos(spot[impact.BEARING])])
    assert along @ got[:2, :2] @ along == pytest.approx(spot[impact.MAJOR] ** 2)


def test_a_place_is_that_of_the_mean_and_higher_ground_is_met_sooner() -> None:
    mean, cov = coasting(), np.diag([1e4] * 3 + [1.0] * 3 + [1e-4])
    low, high = spot_of(mean, cov), spot_of(mean, cov, floor_m=2000.0)
    assert high[impact.TIME] < low[impact.TIME]
    assert np.array_equal(low, spot_of(mean, cov, motion.DRAG))


@pytest.mark.parametrize("wrong", ["thrust", "down", "nan", "not a covariance", "too wide"])
def test_no_estimate_where_nothing_is_known(wrong: str) -> None:
    mean, cov = coasting(), np.diag([1e4] * 3 + [1.0] * 3 + [1e-2])
    kind = motion.THRUST if wrong == "thrust" else motion.VACUUM
    if wrong == "down":
        mean[:3] *= 0.9
    elif wrong == "nan":
        cov[2, 3] = math.nan
    elif wrong == "not a covariance":
        cov[0, 1] = cov[1, 0] = 2e4
    elif wrong == "too wide":
        cov[3:6, 3:6] *= 1e8
    assert np.isnan(spot_of(mean, cov, kind)).all()


def rising(height_m: float, up_mps: float, east_mps: float) -> np.ndarray:
    place = np.array([[math.radians(40.0), math.radians(30.0), height_m]])
    axes = enu_axes(place)[0]
    return np.hstack([ecef_from_geodetic(place)[0], up_mps * axes[2] + east_mps * axes[0], 20.0])


def launched(mean: np.ndarray, cov: np.ndarray, kind: float = motion.THRUST) -> np.ndarray:
    out = np.empty((1, impact.SPOT_COLUMNS))
    impact.launches(mean[None], cov[None], np.array([kind]), out)
    return out[0]


def test_a_launch_is_reckoned_back_along_the_ascent() -> None:
    spot = launched(rising(10_000.0, 600.0, 300.0), np.diag([1.0] * 3 + [1e-2] * 3 + [1.0]))
    assert spot[impact.TIME] == pytest.approx(-10_000.0 / (impact.RISE * 600.0), rel=1e-3)
    place = np.array([[math.radians(40.0), math.radians(30.0), 0.0]])
    found = ecef_from_geodetic(np.array([[spot[0], spot[1], 0.0]]))[0] - ecef_from_geodetic(place)[0]
    east, north, _ = enu_axes(place)[0] @ found
    assert east == pytest.approx(-impact.DRIFT * 10_000.0 * 0.5, rel=2e-3)
    assert north == pytest.approx(0.0, abs=2.0)
    # Nothing but the spread among ascents, and the ground's height, is left: the long axis points east.
    assert spot[impact.BEARING] == pytest.approx(0.5 * math.pi, abs=0.01)
    ground = impact.DRIFT + impact.DRIFT_PER_LOG
    want = 0.5 * math.hypot(impact.DRIFT_SPREAD * 10_000.0, ground * impact.GROUND_SPREAD_M)
    assert spot[impact.MAJOR] == pytest.approx(want, rel=0.02)


def test_a_velocity_hardly_known_is_taken_from_what_ascents_have_in_common() -> None:
    mean = rising(8_000.0, 5_000.0, -4_000.0)
    spot = launched(mean, np.diag([500.0**2] * 3 + [1e4**2] * 3 + [1.0]))
    usual = math.sqrt(2.0 * 8_000.0 * math.exp(impact.LOG_CLIMB))
    assert -spot[impact.TIME] == pytest.approx(8_000.0 / (0.51 * usual), rel=0.05)
    assert spot[impact.MAJOR] < 5_000.0


@pytest.mark.parametrize(
    ("height_m", "kind"), [(500.0, motion.THRUST), (2e5, motion.THRUST), (1e4, motion.DRAG)]
)
def test_no_launch_from_what_is_no_ascent(height_m: float, kind: float) -> None:
    assert np.isnan(launched(rising(height_m, 600.0, 300.0), np.eye(7), kind)).all()
    sinking = rising(1e4, -900.0, 300.0)
    assert np.isnan(launched(sinking, np.eye(7))).all()


def test_many_are_each_one() -> None:
    means = np.array([coasting(), np.append(bench_tracking.flown()[1][300], LOG_BETA)])
    covs = np.tile(np.diag([1e4] * 3 + [1.0] * 3 + [1e-2]), (2, 1, 1))
    out = np.empty((2, impact.SPOT_COLUMNS))
    impact.impacts(means, covs, np.full(2, motion.VACUUM), 0.0, out)
    for n in range(2):
        assert np.array_equal(out[n], spot_of(means[n], covs[n]))
