"""Shares of satellites in reach: against closed forms, against a count, and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels import absentee, satellite
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, GRAVITY_M3PS2, ecef_from_geodetic
from synaspis.kernels.flight import propagate

ORBIT_M = EQUATORIAL_RADIUS_M + 400e3


def share(latitude_deg: float, inclination_deg: float, reach_m: float, height_m: float = 200e3) -> float:
    """By the kernel, for an interceptor that has flown `reach_m`, above the ellipsoid at longitude 0."""
    place = ecef_from_geodetic(np.array([[math.radians(latitude_deg), 0.0, height_m]]))[0]
    radius = float(np.linalg.norm(place))
    out = np.empty(1)
    tilt = math.radians(inclination_deg)
    row = [reach_m / 100.0, 1e-9, 100.0, ORBIT_M, radius, math.asin(float(place[2]) / radius), tilt]
    absentee.shares(np.array([row]), out)
    return float(out[0])


def counted(
    latitude_deg: float, inclination_deg: float, reach_m: float, satellites: int, planes: int
) -> float:
    """The mean share over a day of a Walker pattern on its orbits, satellite by satellite."""
    elements = satellite.walker(satellites, planes, 1, 400e3, math.radians(inclination_deg), False)
    seconds = 211.0 * np.arange(400.0)
    places = np.empty((len(seconds), satellites, 3))
    satellite.fixed_positions(elements, seconds, satellite.gmst_rad(9000.0 + seconds / 86_400.0), places)
    points = ecef_from_geodetic(np.array([[math.radians(latitude_deg), 0.4, 200e3]]))
    near = np.zeros((len(seconds), 1, satellites), np.bool_)
    absentee.mark(places, points, reach_m, near)
    return float(near.mean())


@pytest.mark.parametrize(
    ("latitude_deg", "inclination_deg", "reach_m"),
    [(0.0, 55.0, 6e5), (40.0, 55.0, 4.2e5), (-40.0, 55.0, 7e5), (55.0, 55.0, 4.2e5), (60.0, 55.0, 8e5),
     (75.0, 97.0, 6e5), (90.0, 97.0, 1.2e6)],
)  # fmt: skip
def test_the_closed_form_is_what_is_counted_on_the_orbits(
    latitude_deg: float, inclination_deg: float, reach_m: float
) -> None:
    """Within 2 %: a day of one even pattern is not quite the mean over all its phases."""
    closed = share(latitude_deg, inclination_deg, reach_m)
    assert counted(latitude_deg, inclination_deg, reach_m, 1600, 40) == pytest.approx(closed, rel=0.02)


def test_a_small_cap_holds_the_density_at_its_middle() -> None:
    """1 / (2 pi^2 sqrt(sin^2 i - sin^2 latitude)) per steradian, away from where orbits turn back."""
    place = ecef_from_geodetic(np.array([[math.radians(30.0), 0.0, 200e3]]))[0]
    latitude = math.asin(float(place[2]) / float(np.linalg.norm(place)))
    cap = absentee.cap_rad(ORBIT_M, float(np.linalg.norm(place)), 2.2e5)
    density = 1.0 / (
        2.0 * math.pi**2 * math.sqrt(math.sin(math.radians(55.0)) ** 2 - math.sin(latitude) ** 2)
    )
    solid = 2.0 * math.pi * (1.0 - math.cos(cap))
    assert share(30.0, 55.0, 2.2e5) == pytest.approx(density * solid, rel=1e-3)


def test_the_whole_shell_holds_them_all() -> None:
    assert share(20.0, 55.0, 2.1 * ORBIT_M) == pytest.approx(1.0, rel=1e-4)


def test_equatorial_orbits_are_on_the_equator() -> None:
    point = EQUATORIAL_RADIUS_M + 200e3
    cap = absentee.cap_rad(ORBIT_M, point, 5e5)
    assert share(0.0, 0.0, 5e5) == pytest.approx(cap / math.pi, rel=1e-9)
    assert share(0.0, 180.0, 5e5) == pytest.approx(cap / math.pi, rel=1e-9)
    assert share(20.0, 0.0, 5e5) == 0.0


def test_out_of_reach_is_nothing() -> None:
    assert share(40.0, 55.0, 199e3) == 0.0  # it cannot even come down
    assert share(40.0, 55.0, 230e3) > 0.0
    assert share(75.0, 55.0, 4e5) == 0.0  # no orbit passes there
    assert share(50.0, 125.0, 4e5) == pytest.approx(share(50.0, 55.0, 4e5), rel=1e-12)  # retrograde


@pytest.mark.parametrize(
    ("time", "flown"), [(-5.0, 0.0), (0.0, 0.0), (10.0, 5e3), (30.0, 45e3), (130.0, 345e3)]
)
def test_it_gathers_speed_and_keeps_it(time: float, flown: float) -> None:
    """To 3 km/s within 30 s."""
    assert absentee.flown_m(3000.0, 30.0, time) == pytest.approx(flown)


@pytest.mark.parametrize("time_s", [105.0, 175.0])
def test_the_sphere_is_what_interceptors_reach_under_gravity(time_s: float) -> None:
    """Flown about a round Earth from a circular orbit, 200 ways: within 1.5 %, and none on average."""
    speed = math.sqrt(GRAVITY_M3PS2 / ORBIT_M)
    directions = np.random.default_rng(7).normal(size=(200, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    states = np.zeros((201, 6))
    states[:, 0], states[:, 4] = ORBIT_M, speed
    states[1:, 3:] += 4000.0 * directions
    ends = propagate(states, np.ones(201), 0.5, round(time_s / 0.5), 0.0, 0.0, 0.0)[:, :3]
    flown = np.linalg.norm(ends[1:] - ends[0], axis=1) / absentee.flown_m(4000.0, 1e-9, time_s)
    assert np.abs(flown - 1.0).max() < 0.015
    assert flown.mean() == pytest.approx(1.0, abs=1e-3)
