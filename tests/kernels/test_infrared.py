"""Infrared sensors: limb, cold space, the Sun, fields of regard, and satellites that move meanwhile."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis.engine.geometry import sensor_rows
from synaspis.engine.world import Station
from synaspis.kernels import infrared, sensing
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, POLAR_RADIUS_M, ecef_from_geodetic
from synaspis.model.sensor import Infrared

TRACKER = Infrared(
    name="i", title="I", revisit_s=1.0, minimum_intensity_wpsr=30e3, line_of_sight_rad=50e-6, report_s=20.0,
    looks_to_report=3, cold_range_m=3e6, limb_m=80e3,
)  # fmt: skip
SKY = np.array([8e3, 70e3, 90e3, 0.01])
BURNOUT_S = 100.0
ORBIT_M = 1e6


def row(height_m: float = ORBIT_M, latitude_deg: float = 0.0, **changes: Any) -> np.ndarray:
    station = Station(
        "s", replace(TRACKER, **changes), "A", "A", math.radians(latitude_deg), 0.0, height_m, 0.0, -1
    )
    return sensor_rows([station])[0]


def place(latitude_deg: float, longitude_deg: float, height_m: float) -> np.ndarray:
    angles = np.array([[math.radians(latitude_deg), math.radians(longitude_deg), height_m]])
    return ecef_from_geodetic(angles)[0]


def look(sensor: np.ndarray, at: np.ndarray, time_s: float) -> tuple[bool, float]:
    state = np.concatenate([at, np.zeros(3)])
    ok, snr, _ = sensing.look(sensor, state, time_s, BURNOUT_S, np.ones(3), 3e5, SKY)
    return bool(ok), float(snr)


def burning(sensor: np.ndarray, at: np.ndarray) -> bool:
    return look(sensor, at, 0.0)[0]


def cold(sensor: np.ndarray, at: np.ndarray) -> bool:
    return look(sensor, at, 200.0)[0]


def farthest_deg(sees: Any) -> float:
    """The largest longitude that a sensor above longitude 0 sees, by halving."""
    low, high = 0.0, 90.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if sees(middle) else (low, middle)
    return low


def test_the_horizon_of_an_aircraft_is_the_published_one() -> None:
    """15 km up, a target at 20 km is met at 950 km: 1 %. Rays run straight, over the bare ellipsoid.

    Source: Dahlgren and Karako, Getting on Track, CSIS, 18 December 2023. With the 4/3 Earth of radars it
    would be 1,090 km.
    """
    sensor = row(15e3, platform="aircraft")
    bare = np.array([0.0, *SKY[1:]])
    target = np.zeros(6)

    def sees(longitude_deg: float) -> bool:
        target[:3] = place(0.0, longitude_deg, 20e3)
        return bool(sensing.look(sensor, target, 0.0, BURNOUT_S, np.ones(3), 3e5, bare)[0])

    assert math.radians(farthest_deg(sees)) * EQUATORIAL_RADIUS_M == pytest.approx(950e3, rel=0.01)


@pytest.mark.parametrize("target_m", [20e3, 300e3])
def test_the_earth_and_its_cloud_hide_what_burns(target_m: float) -> None:
    """Over the equator the way is that over two circles: acos(R / (R + h)) on either side."""
    top = EQUATORIAL_RADIUS_M + SKY[0]
    closed = sum(math.degrees(math.acos(top / (EQUATORIAL_RADIUS_M + h))) for h in (ORBIT_M, target_m))
    found = farthest_deg(lambda lon: burning(row(), place(0.0, lon, target_m)))
    assert found == pytest.approx(closed, abs=1e-6)


def test_over_the_poles_the_earth_is_flatter() -> None:
    sensor = row(ORBIT_M, 90.0)
    lowest = next(lat for lat in np.arange(40.0, 80.0, 0.05) if burning(sensor, place(lat, 0.0, 20e3)))
    round_one = sum(
        math.degrees(math.acos((POLAR_RADIUS_M + SKY[0]) / (POLAR_RADIUS_M + h))) for h in (ORBIT_M, 20e3)
    )
    assert lowest == pytest.approx(90.0 - round_one, abs=0.5)


def test_a_cold_body_is_seen_above_the_limb_only() -> None:
    """Its line of sight must clear 80 km, before it and beyond: lower, the warm Earth is behind it."""
    sensor = row(cold_range_m=2e7)
    assert not cold(sensor, place(0.0, 0.0, 300e3)), "right below"
    assert not cold(sensor, place(0.0, 10.0, 300e3)), "before the Earth"
    top = EQUATORIAL_RADIUS_M + 80e3
    orbit, target = (math.acos(top / (EQUATORIAL_RADIUS_M + h)) for h in (ORBIT_M, 300e3))
    edges = [math.degrees(orbit - target), math.degrees(orbit + target)]
    for edge, inside in ((edges[0], 0.01), (edges[1], -0.01)):
        assert cold(sensor, place(0.0, edge + inside, 300e3))
        assert not cold(sensor, place(0.0, edge - inside, 300e3))
    above = place(0.0, 5.0, 1.2e6)
    assert not cold(sensor, above), "half a turn of regard ends at the level of the satellite"
    assert cold(row(platform="aircraft", cold_range_m=2e7), above), "against the sky"


def test_a_cold_body_fades_with_range_squared_and_one_look_in_two_detects_at_the_range_given() -> None:
    up = place(0.0, 0.0, ORBIT_M + 3e6)
    ok, snr = look(row(platform="aircraft"), up, 200.0)
    assert ok
    assert snr == pytest.approx(sensing.INFRARED_SNR, rel=1e-9)
    near = look(row(platform="aircraft"), place(0.0, 0.0, ORBIT_M + 1.5e6), 200.0)[1]
    assert near == pytest.approx(16.0 * snr, rel=1e-9)
    assert not cold(row(platform="aircraft", cold_range_m=0.0), up), (
        "a sensor without a cold range sees only what burns"
    )


@pytest.mark.parametrize("field_deg", [40.0, 100.0])
def test_the_field_of_regard_is_a_cone_about_the_nadir(field_deg: float) -> None:
    sensor = row(field_of_regard_rad=math.radians(field_deg))

    def off_nadir_deg(longitude_deg: float) -> float:
        away = place(0.0, longitude_deg, 20e3) - sensor[:3]
        return math.degrees(math.acos(-away[0] / float(np.linalg.norm(away))))

    found = farthest_deg(lambda lon: burning(sensor, place(0.0, lon, 20e3)))
    assert off_nadir_deg(found) == pytest.approx(field_deg / 2, abs=1e-6)


def test_half_a_turn_of_regard_ends_at_the_level_and_an_aircraft_looks_all_round() -> None:
    above = place(0.0, 1.0, ORBIT_M + 3e5)
    assert not burning(row(), above)
    assert burning(row(platform="aircraft"), above)


def test_nothing_is_seen_near_the_sun_unless_the_earth_hides_it() -> None:
    sensor = row(3.6e7, solar_exclusion_rad=math.radians(10.0))
    target = place(50.0, 60.0, 30e3)
    line = (target - sensor[:3]) / np.linalg.norm(target - sensor[:3])
    side = np.cross(line, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)

    def sees(angle_deg: float, along: np.ndarray = line) -> bool:
        angle = math.radians(angle_deg)
        sensor[infrared.SUN : infrared.SUN + 3] = math.cos(angle) * along + math.sin(angle) * side
        return burning(sensor, target)

    nadir = np.array([-1.0, 0.0, 0.0])
    limb = math.degrees(math.asin(POLAR_RADIUS_M / (EQUATORIAL_RADIUS_M + 3.6e7)))
    assert sees(10.1)
    assert not sees(9.9)
    # The Sun low beside the Earth dazzles; behind the Earth it does not.
    off = math.degrees(math.acos(float(line @ nadir)))
    toward = (line - (line @ nadir) * nadir) / np.linalg.norm(line - (line @ nadir) * nadir)
    for angle, seen in ((limb + 0.1, False), (limb - 0.1, True)):
        assert abs(angle - off) < 9.0
        a = math.radians(angle)
        sensor[infrared.SUN : infrared.SUN + 3] = math.cos(a) * nadir + math.sin(a) * toward
        assert burning(sensor, target) is seen
    assert burning(row(3.6e7), target), "without an exclusion there is no Sun"


def test_the_sun_overhead_dazzles_who_looks_up() -> None:
    """The Earth hides the Sun only where it lies between: not from one who has the Sun above him."""
    sensor = row(15e3, platform="aircraft", solar_exclusion_rad=math.radians(10.0))
    sensor[infrared.SUN : infrared.SUN + 3] = 1.0, 0.0, 0.0
    assert not burning(sensor, place(0.0, 0.0, 200e3))
    assert burning(sensor, place(0.0, 5.0, 100e3))


@pytest.mark.parametrize(
    ("altitude_m", "factor"), [(69.9e3, 1.0), (70.1e3, 0.01), (80e3, 0.01), (89.9e3, 0.01), (90.1e3, 1.0)]
)
def test_the_plume_is_dim_between_two_heights_and_fades_with_range_squared(
    altitude_m: float, factor: float
) -> None:
    """3e5 W/sr is ten times the faintest that one look in two detects from geostationary distance."""
    ok, snr = look(row(), place(0.0, 3.0, altitude_m), 0.0)
    away = float(np.linalg.norm(place(0.0, 3.0, altitude_m) - place(0.0, 0.0, ORBIT_M)))
    assert ok
    strength = 10.0 * factor * (infrared.GEO_RANGE_M / away) ** 2
    assert snr == pytest.approx(sensing.INFRARED_SNR * strength**2, rel=1e-6)


def test_a_sensor_that_moves_is_looked_from_where_it_is() -> None:
    """A satellite that flies past: the source is seen while it is within the cone, and only then."""
    dt_s, count = 2.0, 120
    passing = np.array([[place(0.0, 0.1 * (k - 40), ORBIT_M)] for k in range(count + 40)])
    sun = np.tile([0.0, 0.0, 1.0], (count + 40, 1))
    states = np.tile(np.concatenate([place(0.0, 0.0, 100e3), np.zeros(3)]), (1, count, 1))
    sensor = row(field_of_regard_rad=math.radians(40.0))[None]

    def span(start_s: float) -> list[int]:
        seen, cued, p_scan = np.empty((1, 1)), np.empty((3, 1, 1)), np.empty((1, 1))
        found = np.empty((1, 1, 2), np.int64)
        sensing.first_seen(
            states, dt_s, np.array([1e4]), np.array([1e4]), sensor, np.ones((1, 1, 3)), np.array([3e5]), SKY,
            (np.array([0]), passing, sun, np.array([start_s])), seen, cued, p_scan, found,
        )  # fmt: skip
        return found[0, 0].tolist()

    first, last = span(0.0)
    assert first + last == 80, "as long before it is overhead as after"
    away = place(0.0, 0.1 * (first - 40), ORBIT_M) - place(0.0, 0.0, 100e3)
    up = place(0.0, 0.1 * (first - 40), ORBIT_M)
    angle = math.degrees(math.acos(float(away @ up / np.linalg.norm(away) / np.linalg.norm(up))))
    assert 19.0 < angle <= 20.0
    assert span(20.0) == [first - 10, last - 10], "a missile launched later meets it sooner"
    # Between two samples it is where a straight line has it.
    assert np.abs(np.subtract(span(21.0), span(20.0))).max() <= 1
