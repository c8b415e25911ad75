"""Kepler orbits with J2 and Walker patterns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels import satellite
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, GRAVITY_M3PS2, J2

DAY_S = 86_400.0
NO_TURN = np.zeros(1)


def elements(axis: float, ecc: float = 0.0, inc: float = 0.0, *angles: float) -> np.ndarray:
    node, perigee, anomaly = (*angles, 0.0, 0.0, 0.0)[:3]
    return np.array([[axis, ecc, inc, node, perigee, anomaly, 0.0]])


def places(rows: np.ndarray, seconds: np.ndarray, sidereal: np.ndarray | None = None) -> np.ndarray:
    out = np.empty((len(seconds), len(rows), 3))
    satellite.fixed_positions(rows, seconds, np.zeros(len(seconds)) if sidereal is None else sidereal, out)
    return out


@pytest.mark.parametrize("ecc", [0.0, 0.01, 0.3, 0.74, 0.9, 0.99])
def test_keplers_equation(ecc: float) -> None:
    for mean in np.linspace(-7.0, 7.0, 57):
        found = satellite.eccentric_anomaly(mean, ecc)
        assert math.remainder(found - ecc * math.sin(found) - mean, 2 * math.pi) == pytest.approx(
            0, abs=1e-12
        )


def _accelerate(r: np.ndarray) -> np.ndarray:
    """Gravity with J2 in a frame that does not turn: Vallado, eq. 8-30."""
    length = float(np.linalg.norm(r))
    bulge = 1.5 * J2 * (EQUATORIAL_RADIUS_M / length) ** 2
    five = 5.0 * (r[2] / length) ** 2
    return -GRAVITY_M3PS2 / length**3 * r * (1.0 + bulge * (np.array([1.0, 1.0, 3.0]) - five))


def _integrated(r: np.ndarray, v: np.ndarray, step_s: float, steps: int) -> np.ndarray:
    found = [r]
    for _ in range(steps):
        a1 = _accelerate(r)
        v2, a2 = v + 0.5 * step_s * a1, _accelerate(r + 0.5 * step_s * v)
        v3, a3 = v + 0.5 * step_s * a2, _accelerate(r + 0.5 * step_s * v2)
        v4, a4 = v + step_s * a3, _accelerate(r + step_s * v3)
        r = r + step_s / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
        v = v + step_s / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        found.append(r)
    return np.array(found)


def test_the_secular_drift_is_that_of_the_whole_field() -> None:
    """The plane of an orbit integrated under J2 turns as the formula says: 1 % over ten turns."""
    axis, inc = 7.2e6, math.radians(55.0)
    speed = math.sqrt(GRAVITY_M3PS2 / axis)
    turn_s = 2 * math.pi * axis / speed
    r = _integrated(
        np.array([axis, 0, 0]), speed * np.array([0, math.cos(inc), math.sin(inc)]), turn_s / 200, 2000
    )
    poles = np.cross(r[:-1], r[1:])
    nodes = np.unwrap(np.arctan2(poles[:, 0], -poles[:, 1]))
    drift = (nodes[-200:].mean() - nodes[:200].mean()) / (9.0 * turn_s)
    assert drift == pytest.approx(satellite.secular_rates(axis, 0.0, inc)[0], rel=0.01)


def test_known_drifts() -> None:
    """A sun-synchronous orbit turns once a year; at 63.43 degrees the perigee stands still."""
    node, _, _ = satellite.secular_rates(EQUATORIAL_RADIUS_M + 800e3, 0.0, math.radians(98.6))
    assert math.degrees(node) * DAY_S == pytest.approx(0.9856, rel=0.005)
    _, perigee, _ = satellite.secular_rates(26.6e6, 0.74, math.asin(math.sqrt(0.8)))
    assert perigee == pytest.approx(0.0, abs=1e-18)


def test_apsides_and_plane() -> None:
    rows = elements(26.6e6, 0.7, math.radians(63.4), 0.3, math.radians(270.0), 0.0)
    low, high = places(rows, np.array([0.0, math.pi / satellite.secular_rates(26.6e6, 0.7, 1.10654)[2]]))[
        :, 0
    ]
    assert np.linalg.norm(low) == pytest.approx(26.6e6 * 0.3, rel=1e-12)
    assert np.linalg.norm(high) == pytest.approx(26.6e6 * 1.7, rel=1e-6)
    assert high[2] == pytest.approx(26.6e6 * 1.7 * math.sin(math.radians(63.4)), rel=1e-4)


def test_the_earth_turns_below() -> None:
    rows = elements(42_164_170.0, 0.0, 0.0, 1.0)
    seconds = np.arange(0.0, DAY_S, 3600.0)
    days = 9000.25 + seconds / DAY_S
    found = places(rows, seconds, satellite.gmst_rad(days))[:, 0]
    longitude = np.unwrap(np.arctan2(found[:, 1], found[:, 0]))
    # A geostationary height moves by no more than what J2 adds: some hundredths of a degree a day.
    assert np.degrees(np.ptp(longitude)) < 0.05
    assert longitude[0] == pytest.approx(1.0 - float(satellite.gmst_rad(days)[0]) + 2 * math.pi, abs=1e-9)


def test_many_are_each_alone() -> None:
    rows = np.concatenate([elements(7e6, 0.01, 1.0), elements(2.66e7, 0.7, 1.1, 2.0, 3.0, 4.0)])
    seconds = np.array([0.0, 30.0, 5000.0])
    alone = np.concatenate([places(rows[i : i + 1], seconds) for i in range(2)], axis=1)
    assert np.array_equal(places(rows, seconds), alone)


@pytest.mark.parametrize(("star", "spread"), [(False, 360.0), (True, 180.0)])
def test_a_walker_pattern(star: bool, spread: float) -> None:
    rows = satellite.walker(12, 3, 2, 1e6, 1.0, star)
    assert rows.shape == (12, satellite.ELEMENTS)
    np.testing.assert_allclose(np.unique(np.degrees(rows[:, satellite.NODE])), np.arange(3) * spread / 3)
    by_plane = np.degrees(rows[:, satellite.ANOMALY]).reshape(3, 4)
    np.testing.assert_allclose(np.diff(by_plane[0]), 90.0)
    # Phasing: 2 of the 12 steps of a turn from plane to plane.
    np.testing.assert_allclose(by_plane[1] - by_plane[0], 60.0)
    assert np.ptp(rows[:, satellite.AXIS]) == 0.0
