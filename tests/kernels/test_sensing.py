"""What sensors see: the radar range equation, horizons, cloud and burnout; and what they learn from it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis.engine.geometry import sensor_rows
from synaspis.engine.world import GEOSTATIONARY_HEIGHT_M, Station
from synaspis.kernels import sensing
from synaspis.kernels.earth import ecef_from_geodetic, enu_axes
from synaspis.kernels.infrared import GEO_RANGE_M
from synaspis.model.sensor import Infrared, Radar

RADAR = Radar(
    name="r", title="R", band="X", reference_range_m=1e6, reference_rcs_m2=0.1, reference_snr_db=13.0,
    detection_snr_db=13.0, cue_gain_db=3.0, instrumented_range_m=4e6, beamwidth_rad=0.02,
    range_resolution_m=10.0, sector_rad=math.radians(120.0), minimum_elevation_rad=math.radians(2.0),
    maximum_elevation_rad=math.radians(80.0), scan_s=5.0, update_s=1.0, cue_share=0.05,
    range_rate_resolution_mps=0.0, track_capacity=100,
)  # fmt: skip
SATELLITE = Infrared(
    name="i", title="I", revisit_s=10.0, minimum_intensity_wpsr=30e3, line_of_sight_rad=30e-6, report_s=45.0,
    looks_to_report=3,
)  # fmt: skip
SKY = np.array([8e3, 30e3, 50e3, 0.01])
LATITUDE, LONGITUDE = math.radians(45.0), math.radians(25.0)
SITE = np.array([LATITUDE, LONGITUDE, 100.0])
STILL = np.zeros(3)
NO_MOVES = (np.array([-1]), np.zeros((0, 0, 3)), np.zeros((0, 3)), np.zeros(0))


def radar_row(facing_deg: float = 90.0, **changes: Any) -> np.ndarray:
    station = Station(
        "s", replace(RADAR, **changes), "A", "A", LATITUDE, LONGITUDE, 100.0, math.radians(facing_deg), -1
    )
    return sensor_rows([station])[0]


def satellite_row(**changes: Any) -> np.ndarray:
    station = Station(
        "s", replace(SATELLITE, **changes), "A", "A", 0.0, LONGITUDE, GEOSTATIONARY_HEIGHT_M, 0.0, -1
    )
    return sensor_rows([station])[0]


def seen_from(range_m: float, azimuth_deg: float = 90.0, elevation_deg: float = 30.0) -> np.ndarray:
    """A state at rest, at a range, azimuth and geometric elevation from the radar."""
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    local = np.array([math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)])
    place = ecef_from_geodetic(SITE[None])[0] + range_m * local @ enu_axes(SITE[None])[0]
    return np.concatenate([place, STILL])


def above(latitude_deg: float, longitude_deg: float, height_m: float) -> np.ndarray:
    place = np.array([[math.radians(latitude_deg), math.radians(longitude_deg), height_m]])
    return np.concatenate([ecef_from_geodetic(place)[0], STILL])


def look(row: np.ndarray, state: np.ndarray, rcs: float = 0.1, time_s: float = 200.0) -> tuple[bool, float]:
    cross_section = np.full(3, rcs)
    ok, snr, _ = sensing.look(row, state, time_s, 100.0, cross_section, 3e5, SKY)
    return bool(ok), float(snr)


# -- radar ------------------------------------------------------------------------------------------


def test_the_published_reference_comes_out() -> None:
    ok, snr = look(radar_row(), seen_from(1e6))
    assert ok
    assert 10.0 * math.log10(snr) == pytest.approx(13.0, abs=1e-9)


@pytest.mark.parametrize(("range_m", "rcs", "decibels"), [
    (2e6, 0.1, 13.0 - 40.0 * math.log10(2.0)),
    (5e5, 0.1, 13.0 + 40.0 * math.log10(2.0)),
    (1e6, 1.0, 23.0),
    (1e6, 0.01, 3.0),
    (1e6 * 10.0**0.25, 1.0, 13.0),
])  # fmt: skip
def test_the_fourth_power_of_range_and_the_first_of_cross_section(
    range_m: float, rcs: float, decibels: float
) -> None:
    """The radar range equation: Skolnik, Introduction to Radar Systems, chapter 2."""
    ok, snr = look(radar_row(), seen_from(range_m), rcs)
    assert ok
    assert 10.0 * math.log10(snr) == pytest.approx(decibels, abs=1e-9)


@pytest.mark.parametrize(("azimuth", "elevation", "in_view"), [
    (90.0, 30.0, True), (149.9, 30.0, True), (150.1, 30.0, False), (30.1, 30.0, True), (29.9, 30.0, False),
    (270.0, 30.0, False), (90.0, 79.9, True), (90.0, 80.1, False), (90.0, 1.0, False), (90.0, -3.0, False),
])  # fmt: skip
def test_sector_and_elevation(azimuth: float, elevation: float, in_view: bool) -> None:
    assert look(radar_row(), seen_from(5e5, azimuth, elevation))[0] is in_view


def test_nothing_is_seen_below_the_horizon_however_low_the_beam_may_look() -> None:
    row = radar_row(minimum_elevation_rad=math.radians(-10.0), sector_rad=2.0 * math.pi)
    assert look(row, above(45.0, 30.0, 60e3))[0]
    assert not look(row, above(45.0, 45.0, 60e3))[0]
    assert look(row, above(45.0, 45.0, 600e3))[0]


def test_nothing_is_seen_beyond_the_instrumented_range() -> None:
    assert look(radar_row(instrumented_range_m=1.01e6), seen_from(1e6), 10.0)[0]
    assert not look(radar_row(instrumented_range_m=0.99e6), seen_from(1e6), 10.0)[0]


@pytest.mark.parametrize(("height_m", "climb", "time_s", "phase"), [
    (60e3, 100.0, 50.0, 0), (60e3, -100.0, 50.0, 0), (200e3, 100.0, 150.0, 1), (200e3, -100.0, 150.0, 1),
    (90e3, 100.0, 150.0, 1), (90e3, -100.0, 150.0, 2), (110e3, -100.0, 150.0, 1),
])  # fmt: skip
def test_the_cross_section_is_that_of_the_phase(
    height_m: float, climb: float, time_s: float, phase: int
) -> None:
    state = above(45.0, 27.0, height_m)
    state[3:] = climb * state[:3] / np.linalg.norm(state[:3])
    rcs = np.array([1.0, 10.0, 100.0])
    row = radar_row(sector_rad=2.0 * math.pi)
    ok, snr, r = sensing.look(row, state, time_s, 100.0, rcs, 0.0, SKY)
    assert ok
    assert snr == pytest.approx(10.0**1.3 * (1e6 / r) ** 4 * rcs[phase] / 0.1, rel=1e-12)


# -- infrared ---------------------------------------------------------------------------------------


def burning(height_m: float, time_s: float = 50.0, longitude_deg: float = 25.0, plume: float = 30e3) -> Any:
    ok, snr, r = sensing.look(
        satellite_row(), above(0.0, longitude_deg, height_m), time_s, 100.0, np.ones(3), plume, SKY
    )
    return bool(ok), float(snr), float(r)


def test_the_faintest_source_is_just_detected_at_the_distance_it_is_given_for() -> None:
    ok, snr, r = burning(GEOSTATIONARY_HEIGHT_M - GEO_RANGE_M + 300e3)
    assert ok
    assert snr == pytest.approx(sensing.INFRARED_SNR * (GEO_RANGE_M / r) ** 4, rel=1e-12)
    assert burning(100e3, plume=60e3)[1] == pytest.approx(4.0 * burning(100e3)[1], rel=1e-12)


@pytest.mark.parametrize(("height_m", "time_s", "longitude_deg", "in_view"), [
    (10e3, 50.0, 25.0, True), (8.1e3, 50.0, 25.0, True), (7.9e3, 50.0, 25.0, False), (10e3, 99.9, 25.0, True),
    (10e3, 100.0, 25.0, False), (300e3, 500.0, 25.0, False), (60e3, 50.0, 100.0, True),
    (60e3, 50.0, 205.0, False), (60e3, 50.0, 130.0, False),
])  # fmt: skip
def test_only_what_burns_above_cloud_on_this_side_is_seen(
    height_m: float, time_s: float, longitude_deg: float, in_view: bool
) -> None:
    assert burning(height_m, time_s, longitude_deg)[0] is in_view


@pytest.mark.parametrize(("height_m", "factor"), [(29e3, 1.0), (31e3, 0.01), (49e3, 0.01), (51e3, 1.0)])
def test_the_plume_dims_in_the_trough(height_m: float, factor: float) -> None:
    ok, snr, r = burning(height_m)
    assert ok
    assert snr == pytest.approx(sensing.INFRARED_SNR * (factor * (GEO_RANGE_M / r) ** 2) ** 2, rel=1e-12)


# -- first detection --------------------------------------------------------------------------------

DT_S = 2.0


def first_seen(row: np.ndarray, states: np.ndarray, burnout_s: float, rcs: float, plume: float) -> Any:
    seen, p_scan, cued = np.empty((1, 1)), np.empty((1, 1)), np.empty((len(sensing.CUE_LEVELS_M), 1, 1))
    span = np.empty((1, 1, 2), np.int64)
    sensing.first_seen(
        states[None], DT_S, np.array([burnout_s]), np.array([DT_S * len(states)]), row[None],
        np.full((1, 1, 3), rcs), np.array([plume]), SKY, NO_MOVES, seen, cued, p_scan, span,
    )  # fmt: skip
    return seen[0, 0], tuple(cued[:, 0, 0]), p_scan[0, 0], tuple(span[0, 0])


def approach() -> np.ndarray:
    """From 1,500 km in at 5 km/s along one line of sight."""
    return np.array([seen_from(1.5e6 - 5e3 * DT_S * k) for k in range(120)])


def test_a_radar_detects_where_the_reference_says_and_earlier_with_a_cue() -> None:
    seen, cued, p_scan, span = first_seen(radar_row(), approach(), 0.0, 0.1, 0.0)
    assert seen == 100.0, "at 1,000 km"
    cued_range = 1e6 * 10.0 ** (3.0 / 40.0)
    assert cued[-1] == math.ceil((1.5e6 - cued_range) / (5e3 * DT_S)) * DT_S
    assert p_scan == pytest.approx(1e-6 ** (1.0 / (1.0 + 10.0**1.3)), rel=1e-9)
    assert span == (cued[-1] / DT_S, 119)


def test_a_better_cue_is_never_worse_and_none_is_worse_than_search() -> None:
    narrow = {"beamwidth_rad": 0.002, "cue_gain_db": 6.0}
    for share in (1e-5, 1e-4, 2.5e-4, 1e-3, 0.05, 0.2, 1.0):
        row = radar_row(cue_share=share, **narrow)
        seen, cued, _, span = first_seen(row, approach(), 0.0, 0.1, 0.0)
        assert DT_S * span[0] <= cued[2] <= cued[1] <= cued[0] <= seen, share
    seen, cued, _, span = first_seen(radar_row(cue_share=2.5e-4, **narrow), approach(), 0.0, 0.1, 0.0)
    assert DT_S * span[0] == cued[2] < cued[1] < cued[0] == seen, "a share at which the levels differ"


@pytest.mark.parametrize(("error_m", "range_m"), [(30e3, 5e5), (10e3, 5e5), (10e3, 9e5), (100.0, 5e5)])
def test_a_cue_is_worth_the_solid_angle_that_it_spares(error_m: float, range_m: float) -> None:
    """Search spends its time evenly over its solid angle, a cue over its cone (Barton 2005, chapter 3)."""
    most_db, share = 25.0, 0.05
    row = radar_row(cue_gain_db=most_db, cue_share=share)
    searched = math.radians(120.0) * (math.sin(math.radians(80.0)) - math.sin(math.radians(2.0)))
    cone = math.pi * (math.sqrt(2.0 * math.log(10.0)) * error_m / range_m) ** 2
    expected = share * searched / max(cone, 0.02**2)
    assert sensing.cue_gain(row, error_m, range_m) == pytest.approx(expected, rel=1e-12)
    assert 1.0 < expected < 10.0 ** (0.1 * most_db)
    assert sensing.cue_gain(radar_row(), 100.0, range_m) == pytest.approx(10.0**0.3), "the longest dwell"
    assert sensing.cue_gain(row, 1e6, range_m) == 1.0, "no worse than search"


# -- search fence -----------------------------------------------------------------------------------


def rising(step_deg: float) -> np.ndarray:
    """From 1 degree of elevation up at 500 km, well above what search detects."""
    return np.array([seen_from(5e5, elevation_deg=1.0 + step_deg * k) for k in range(int(60.0 / step_deg))])


FENCE = {"search_low_rad": math.radians(20.0), "search_high_rad": math.radians(25.0)}


def test_a_fence_sees_what_crosses_it_and_a_cue_what_is_outside() -> None:
    states = rising(0.5)
    seen, cued, _, _ = first_seen(radar_row(), states, 0.0, 0.1, 0.0)
    assert seen == cued[0] == cued[2] <= 3 * DT_S, "all its coverage is searched unless said otherwise"
    seen, cued, _, _ = first_seen(radar_row(**FENCE), states, 0.0, 0.1, 0.0)
    assert seen == pytest.approx((20.0 - 1.0) / 0.5 * DT_S, abs=DT_S)
    assert cued[2] <= 3 * DT_S


def test_a_missile_does_not_slip_through_a_fence_between_two_samples() -> None:
    fast = rising(9.0)[:5]  # 1, 10, 19, 28, 37 degrees
    assert first_seen(radar_row(**FENCE), fast, 0.0, 0.1, 0.0)[0] == 3 * DT_S
    assert first_seen(radar_row(**FENCE), fast[::-1], 0.0, 0.1, 0.0)[0] == 2 * DT_S, "downwards too"
    assert first_seen(radar_row(**FENCE), fast[:3], 0.0, 0.1, 0.0)[0] == math.inf, "it never gets there"


def test_a_fence_concentrates_search_so_that_a_cue_gains_less() -> None:
    whole, fenced = radar_row(cue_gain_db=20.0), radar_row(cue_gain_db=20.0, **FENCE)
    share = (math.sin(FENCE["search_high_rad"]) - math.sin(FENCE["search_low_rad"])) / (
        math.sin(math.radians(80.0)) - math.sin(math.radians(2.0))
    )
    ratio = sensing.cue_gain(fenced, 5e3, 5e5) / sensing.cue_gain(whole, 5e3, 5e5)
    assert ratio == pytest.approx(share, rel=1e-12)


def test_what_is_too_faint_is_never_seen() -> None:
    never = (math.inf, (math.inf,) * 3, 1.0, (-1, -1))
    assert first_seen(radar_row(), approach(), 0.0, 1e-6, 0.0) == never


def test_a_satellite_must_hold_the_source_for_its_looks() -> None:
    """Three looks at 10 s: 20 s after it rises from cloud at 8 km, climbing 500 m/s."""
    climb = np.array([above(0.0, 25.0, 500.0 * DT_S * k) for k in range(100)])
    seen, cued, _, span = first_seen(satellite_row(), climb, 60.0, 0.1, 3e5)
    assert {seen, *cued} == {16.0 + 20.0}
    assert span == (8, 29)
    assert first_seen(satellite_row(revisit_s=8.0), climb, 60.0, 0.1, 3e5)[0] == 16.0 + 16.0
    assert first_seen(satellite_row(), climb, 30.0, 0.1, 3e5)[0] == math.inf, "burns out too soon"
    assert first_seen(satellite_row(), climb, 60.0, 0.1, 1e4)[0] == math.inf, "too faint"


# -- information ------------------------------------------------------------------------------------


def one_look(row: np.ndarray, state: np.ndarray, snr: float) -> np.ndarray:
    out = np.empty((3, 3))
    r = float(np.linalg.norm(state[:3] - row[:3]))
    sensing._position_information(row, state, snr, r, out)
    return out


@pytest.mark.parametrize("snr_db", [10.0, 13.0, 20.0])
def test_one_radar_look_is_as_good_as_barton_says(snr_db: float) -> None:
    """sigma_r = resolution / sqrt(2 SNR), sigma_theta = beamwidth / (1.6 sqrt(2 SNR)) (Barton 2005)."""
    snr = 10.0 ** (snr_db / 10.0)
    row, state = radar_row(), seen_from(8e5)
    covariance = np.linalg.inv(one_look(row, state, snr))
    line = (state[:3] - row[:3]) / 8e5
    sigma_r, sigma_t = 10.0 / math.sqrt(2.0 * snr), 8e5 * 0.02 / (1.6 * math.sqrt(2.0 * snr))
    assert line @ covariance @ line == pytest.approx(sigma_r**2, rel=1e-6)
    assert np.linalg.eigvalsh(covariance) == pytest.approx([sigma_r**2, sigma_t**2, sigma_t**2], rel=1e-6)


def test_no_look_is_better_than_a_twentieth_of_a_cell_and_a_fiftieth_of_a_beam() -> None:
    covariance = np.linalg.inv(one_look(radar_row(), seen_from(8e5), 1e9))
    best_t = (8e5 * 0.02 / 50.0) ** 2
    assert np.linalg.eigvalsh(covariance) == pytest.approx([0.25, best_t, best_t], rel=1e-6)


def test_a_satellite_knows_nothing_along_its_line_of_sight() -> None:
    row, state = satellite_row(), above(10.0, 30.0, 60e3)
    information = one_look(row, state, 20.0)
    line = state[:3] - row[:3]
    r = float(np.linalg.norm(line))
    assert np.abs(information @ line).max() < 1e-9 * r * np.abs(information).max()
    assert np.linalg.eigvalsh(information)[1:] == pytest.approx([1.0 / (r * 30e-6) ** 2] * 2, rel=1e-9)


def gathered(
    rows: np.ndarray, burnout_s: float, stretch: float = 1.0, states: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """coast (S, K, 6, 6) and boost (S, 12, 12) of a straight flight, the approach, as each sensor sees it."""
    states = approach() if states is None else states
    velocity = (states[1, :3] - states[0, :3]) / DT_S
    states[:, 3:] = velocity
    phi = np.zeros((1, len(states), 6, 6))
    for k in range(len(states)):
        phi[0, k] = np.eye(6)
        phi[0, k, :3, 3:] = (k * DT_S - burnout_s) * np.eye(3)
    count = len(rows)
    pairs = np.array([[s, 0] for s in range(count)])
    span = np.tile([0, len(states) - 1], (count, 1))
    offset = np.arange(count) * len(states)
    coast = np.empty((count * len(states), 6, 6))
    boost = np.zeros((count, 12, 12))
    sensing.information(
        states[None], phi, DT_S, np.array([burnout_s]), np.array([burnout_s]), rows,
        np.full((count, 1, 3), 1.0), np.array([3e5]), SKY, NO_MOVES, pairs, span, offset,
        np.full(count * len(states), stretch), coast, boost,
    )  # fmt: skip
    return coast.reshape(len(rows), len(states), 6, 6), boost


def test_information_never_falls() -> None:
    coast, _ = gathered(np.array([radar_row()]), 0.0)
    steps = np.diff(coast[0], axis=0)
    for step in steps:
        scale = np.sqrt(np.diag(step) + 1e-30)
        assert np.linalg.eigvalsh(step / scale[:, None] / scale).min() > -1e-9
    assert (np.diff(coast[0, :, 0, 0]) >= 0.0).all()
    assert coast[0, -1, 0, 0] > coast[0, 10, 0, 0] > 0.0


def test_a_sensor_s_information_is_its_own() -> None:
    """What two sensors gather together is the sum: neither row depends on the other being there."""
    rows = np.array([radar_row(), radar_row(beamwidth_rad=0.01)])
    together, _ = gathered(rows, 40.0)
    for s in range(2):
        np.testing.assert_array_equal(gathered(rows[s : s + 1], 40.0)[0][0], together[s])
    worst = [np.linalg.eigvalsh(coast[-1, :3, :3])[0] for coast in together]
    assert worst[1] == pytest.approx(4.0 * worst[0], rel=1e-2), "half the beam, a quarter of the variance"


def test_looks_count_by_the_update_interval() -> None:
    often, seldom = gathered(np.array([radar_row(), radar_row(update_s=4.0)]), 40.0)[0]
    np.testing.assert_allclose(often, 4.0 * seldom, rtol=1e-12)
    busy, _ = gathered(np.array([radar_row()]), 40.0, stretch=4.0)
    np.testing.assert_allclose(busy[0], seldom, rtol=1e-12)


def measured(state: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Range and range rate."""
    line = state[:3] - row[:3]
    r = np.linalg.norm(line)
    return np.array([r, line @ state[3:6] / r])


def passing() -> np.ndarray:
    """Past the radar at 700 km, 4 km/s: the range rate turns from closing to opening."""
    start, end = seen_from(9e5, 60.0, 30.0)[:3], seen_from(9e5, 120.0, 35.0)[:3]
    way = (end - start) / np.linalg.norm(end - start)
    states = np.zeros((100, 6))
    states[:, :3] = start + 4e3 * DT_S * np.arange(100)[:, None] * way
    return states


def fisher(row: np.ndarray, order: int, burnout_s: float, times_s: np.ndarray, rate_mps: float) -> np.ndarray:
    """Information by differences of the measurements over `order` derivatives of the motion at burnout.

    The same radar written out a second time: range, angles and range rate, each with Barton's noise.
    """
    states = passing()
    velocity = (states[1, :3] - states[0, :3]) / DT_S
    burnout = states[0, :3] + velocity * burnout_s

    def motion(x: np.ndarray, tau: float) -> np.ndarray:
        place = sum(x[3 * d : 3 * d + 3] * tau**d / math.factorial(d) for d in range(order))
        pace = sum(x[3 * d : 3 * d + 3] * tau ** (d - 1) / math.factorial(d - 1) for d in range(1, order))
        return np.concatenate([np.asarray(place), np.asarray(pace)])

    x = np.zeros(3 * order)
    x[:3], x[3:6] = burnout, velocity
    steps = np.repeat([10.0, 0.1, 1e-3, 1e-4][:order], 3)
    total = np.zeros((3 * order, 3 * order))
    for time_s in times_s:
        at = motion(x, time_s - burnout_s)
        r = float(np.linalg.norm(at[:3] - row[:3]))
        snr = 10.0**1.6 * (1e6 / r) ** 4 * 1.0 / 0.1  # the reference of RADAR with 3 dB of cue, 1 m2
        east = np.cross(at[:3] - row[:3], [0.0, 0.0, 1.0])
        east /= np.linalg.norm(east)
        north = np.cross(east, at[:3] - row[:3]) / r

        def seen(y: np.ndarray, e: np.ndarray = east, n: np.ndarray = north, d: float = r) -> np.ndarray:
            line = y[:3] - row[:3]
            far, pace = measured(y, row)
            return np.array([far, line @ e / d, line @ n / d, pace])

        def difference(d: np.ndarray, tau: float = time_s - burnout_s) -> np.ndarray:
            return seen(motion(x + d, tau)) - seen(motion(x - d, tau))

        slope = np.array([
            difference(step * unit) / (2.0 * step)
            for unit, step in zip(np.eye(3 * order), steps, strict=True)
        ]).T  # fmt: skip
        split = math.sqrt(2.0 * snr)
        sigma = np.array([10.0 / split, 0.02 / (1.6 * split), 0.02 / (1.6 * split), rate_mps / split])
        sigma = np.maximum(sigma, [10.0 / 20.0, 0.02 / 50.0, 0.02 / 50.0, rate_mps / 20.0])
        total += DT_S * slope.T @ np.diag(sigma**-2.0) @ slope
    return total


def alike(found: np.ndarray, expected: np.ndarray) -> None:
    """Equal to one part in 10,000 of the geometric mean of the diagonal: differences leave some 1e-6."""
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(found / scale, expected / scale, atol=1e-4)


RATE_MPS = 0.5


def test_information_is_that_of_range_angles_and_range_rate_in_coast() -> None:
    row = radar_row(range_rate_resolution_mps=RATE_MPS)
    coast, _ = gathered(row[None], 0.0, states=passing())
    times = np.arange(100) * DT_S
    alike(coast[0, -1], fisher(row, 2, 0.0, times, RATE_MPS))
    plain, _ = gathered(radar_row()[None], 0.0, states=passing())
    gain = np.trace(coast[0, -1][3:, 3:]) / np.trace(plain[0, -1][3:, 3:])
    assert gain > 1.001, "a case in which the range rate tells something"


def test_information_is_that_of_range_angles_and_range_rate_in_boost() -> None:
    row = radar_row(range_rate_resolution_mps=RATE_MPS)
    _, boost = gathered(row[None], 200.0, states=passing())
    alike(boost[0], fisher(row, 4, 200.0, np.arange(160.0, 200.0, DT_S), RATE_MPS))


def test_a_single_look_at_the_range_rate_tells_the_velocity_along_the_line_of_sight() -> None:
    """sigma = resolution / sqrt(2 SNR) (Barton 2005), and nothing of the velocity across."""
    row, state, snr = radar_row(range_rate_resolution_mps=2.0), seen_from(8e5), 30.0
    state[3:] = [1e3, -2e3, 500.0]
    slope = np.empty(6)
    weight = sensing._rate_information(row, state, snr, 8e5, slope)
    assert weight == pytest.approx(2.0 * snr / 2.0**2, rel=1e-12)
    assert slope[3:] == pytest.approx((state[:3] - row[:3]) / 8e5, rel=1e-9)
    for i in range(3):  # differences of the range rate by position
        moved = [state + sign * 10.0 * np.eye(6)[i] for sign in (1.0, -1.0)]
        difference = (measured(moved[0], row)[1] - measured(moved[1], row)[1]) / 20.0
        assert slope[i] == pytest.approx(difference, rel=1e-6)
    assert sensing._rate_information(satellite_row(), state, snr, 8e5, slope) == 0.0
    assert sensing._rate_information(row, state, 1e9, 8e5, slope) == pytest.approx((20.0 / 2.0) ** 2)


def test_range_rate_never_worsens_what_is_known() -> None:
    coarse, fine = (
        gathered(radar_row(range_rate_resolution_mps=v)[None], 40.0, states=passing())[0][0, -1]
        for v in (5.0, 0.5)
    )
    none = gathered(radar_row()[None], 40.0, states=passing())[0][0, -1]
    for less, more in ((none, coarse), (coarse, fine)):
        scale = np.sqrt(np.diag(more))
        assert np.linalg.eigvalsh((more - less) / np.outer(scale, scale)).min() > -1e-9


def test_before_burnout_only_the_end_of_the_boost_counts_and_apart() -> None:
    coast, boost = gathered(np.array([radar_row()]), 100.0)
    assert not coast[0, :50].any()
    assert coast[0, 51].any()
    taus = np.arange(60.0, 100.0, DT_S) - 100.0
    weight = boost[0][:3, :3]
    share = boost[0][:3, 3:6]
    assert np.trace(share) / np.trace(weight) == pytest.approx(taus.mean(), rel=0.05)
    assert boost[0] == pytest.approx(boost[0].T, rel=1e-12)
    assert not gathered(np.array([radar_row()]), 0.0)[1].any()


def test_what_a_radar_cannot_see_teaches_it_nothing() -> None:
    coast, boost = gathered(np.array([radar_row(facing_deg=270.0)]), 40.0)
    assert not coast.any()
    assert not boost.any()
