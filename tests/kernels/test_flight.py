"""Free flight: order, conservation, closed forms, lanes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from bench import flight as bench_flight
from bench import numpy_flight
from synaspis.kernels import flight, orbit
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, GRAVITY_M3PS2, J2, ROTATION_RADPS

SPHERE_M = 6_371_000.0
ARC = np.array([[EQUATORIAL_RADIUS_M + 200e3, 1.0e5, -2.0e5, -1500.0, 4000.0, 3500.0]])
HEAVY = np.array([1e4])


def test_order_four() -> None:
    """Halving the step divides the error by 16, with J2 and rotation."""
    ends = [flight.propagate(ARC, HEAVY, 800.0 / n, n, drag=0.0)[0, :3] for n in (10, 20, 40, 80, 640)]
    errors = [float(np.linalg.norm(end - ends[-1])) for end in ends[:-1]]
    orders = [math.log2(a / b) for a, b in pairwise(errors)]
    assert errors[0] > 100.0 * errors[-1] > 0.0
    assert orders[-1] == pytest.approx(4.0, abs=0.15)


def test_energy_and_angular_momentum_are_kept() -> None:
    """In vacuum, without rotation and J2, over 2,400 s."""
    end = flight.propagate(ARC, HEAVY, 2.0, 1200, rotation=0.0, j2=0.0, drag=0.0)

    def kept(state: np.ndarray) -> tuple[float, np.ndarray]:
        r, v = state[0, :3], state[0, 3:]
        return v @ v / 2.0 - GRAVITY_M3PS2 / np.linalg.norm(r), np.cross(r, v)

    (energy, momentum), (energy_end, momentum_end) = kept(ARC), kept(end)
    assert energy_end == pytest.approx(energy, rel=1e-9)
    np.testing.assert_allclose(momentum_end, momentum, rtol=1e-9, atol=1e-9 * np.linalg.norm(momentum))


def test_the_turning_frames_energy_is_kept() -> None:
    """With rotation and J2 the Jacobi constant v^2/2 - U - (w rho)^2/2 is kept: it ties the three terms."""

    def jacobi(s: np.ndarray) -> float:
        r = np.linalg.norm(s[:3])
        bulge = J2 * (EQUATORIAL_RADIUS_M / r) ** 2 * (1.5 * (s[2] / r) ** 2 - 0.5)
        spin = 0.5 * ROTATION_RADPS**2 * (s[0] ** 2 + s[1] ** 2)
        return s[3:] @ s[3:] / 2.0 - GRAVITY_M3PS2 / r * (1.0 - bulge) - spin

    end = flight.propagate(ARC, HEAVY, 2.0, 1000, drag=0.0)
    assert jacobi(end[0]) == pytest.approx(jacobi(ARC[0]), rel=1e-9)


# Range km, speed km/s, angle deg, apogee km, time s. Our own arithmetic with R = 6371 km: a cross-check
# of the closed form against slips, not a publication. The tolerances are its last printed digit.
TABLE = [
    (300, 1.696, 44.33, 74.1, 251.0),
    (500, 2.173, 43.88, 122.5, 327.4),
    (1000, 3.016, 42.75, 239.9, 474.4),
    (2000, 4.113, 40.50, 458.8, 701.8),
    (3000, 4.865, 38.26, 655.2, 895.0),
    (5500, 6.075, 32.63, 1040.5, 1315.8),
    (6759, 6.484, 29.80, 1173.9, 1505.5),
    (10000, 7.198, 22.52, 1319.5, 1931.0),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} km")
def test_minimum_energy_flights(row: tuple[float, ...]) -> None:
    """The flown arc ends where and when the closed form says: 1 mm and, by the fall, 1 microsecond."""
    range_m = row[0] * 1000.0
    speed, path, apogee, time = orbit.minimum_energy(range_m, SPHERE_M)
    assert (speed / 1e3, math.degrees(path)) == pytest.approx(row[1:3], abs=0.006)
    assert (apogee / 1e3, time) == pytest.approx(row[3:], abs=0.06)
    start = np.array([[SPHERE_M, 0.0, 0.0, speed * math.sin(path), speed * math.cos(path), 0.0]])
    end = flight.propagate(start, HEAVY, time / 2000.0, 2000, rotation=0.0, j2=0.0, drag=0.0)[0]
    angle = range_m / SPHERE_M
    expected = SPHERE_M * np.array([math.cos(angle), math.sin(angle), 0.0])
    np.testing.assert_allclose(end[:3], expected, atol=1e-3)


@pytest.mark.parametrize("range_km", [300.0, 2000.0, 9000.0])
def test_minimum_energy_is_the_least(range_km: float) -> None:
    angle = range_km * 1000.0 / SPHERE_M
    q = orbit.required_q(angle)
    assert math.isnan(orbit.flight_paths(0.999 * q, angle)[0])
    high, low = orbit.flight_paths(1.001 * q, angle)
    assert high > orbit.best_path(angle) > low
    for path in (high, low):
        assert orbit.free_flight_angle(1.001 * q, path) == pytest.approx(angle, rel=1e-9)


def test_lanes_do_not_touch_each_other() -> None:
    """A batch equals its members one at a time, whatever the lane; 150 fills two blocks and a part."""
    states, beta = bench_flight.reentries(150)
    batch = flight.propagate(states, beta, 0.5, 40)
    single = np.vstack([flight.propagate(states[i : i + 1], beta[i : i + 1], 0.5, 40) for i in range(150)])
    np.testing.assert_allclose(batch, single, rtol=0.0, atol=1e-6)


def test_agrees_with_numpy_within_a_millimetre() -> None:
    states, beta = bench_flight.reentries(500)
    ours = flight.propagate(states, beta, 0.25, 120)
    theirs = numpy_flight.propagate(states, beta, 0.25, 120)
    assert np.abs(ours - theirs)[:, :3].max() < 1e-3


def test_drag_follows_beta_and_its_switch() -> None:
    states, beta = bench_flight.reentries(1)
    none = flight.propagate(states, beta, 0.25, 40, drag=0.0)
    heavy = flight.propagate(states, beta * 1e9, 0.25, 40)
    light = flight.propagate(states, beta / 2.0, 0.25, 40)
    double = flight.propagate(states, beta, 0.25, 40, drag=2.0)
    np.testing.assert_allclose(heavy, none, atol=1e-3)
    np.testing.assert_allclose(light, double, rtol=1e-12)
    assert np.linalg.norm(light[0, 3:]) < 0.99 * np.linalg.norm(none[0, 3:])
