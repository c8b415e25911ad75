"""Ephemerides interpolated and turned, held against astropy, an orbit and their own states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.engine.ephemerides import fixed_places, interpolated, teme_from_j2000
from synaspis.engine.satellites import Motion, motions, places
from synaspis.kernels import satellite
from synaspis.model.oem import Ephemeris, read
from synaspis.model.orbit import days_since_2000
from synaspis.model.sensor import Sensor
from tests.files.oem_samples import ELEMENTS, GEO, HEAD, STARTS, message, segment

# (30000, -20000, 15000) km, GCRS, as TEME by astropy 8.0.2 (ERFA, IAU 2006/2000A): days UTC since 2000-01-01
# 12:00, km.
ASTROPY = np.array([
    [-5000.0, 29958.846892, -20092.362788, 14958.758321],
    [-3000.0, 29974.726024, -20055.26803, 14976.716063],
    [-1000.0, 29991.774902, -20017.730289, 14992.795346],
    [1000.0, 30008.736946, -19981.877278, 15006.674759],
    [3000.0, 30024.419493, -19945.475885, 15023.722103],
    [5000.0, 30040.774441, -19907.622826, 15041.224166],
    [7000.0, 30057.886649, -19871.057725, 15055.381598],
    [9000.0, 30073.801549, -19835.169149, 15070.916536],
    [11000.0, 30089.468044, -19797.565635, 15089.079089],
])  # fmt: skip


def at(text: str, name: str = "X") -> Ephemeris:
    found, faults = read(text, name)
    assert found is not None, faults
    return found


def test_from_j2000_as_astropy_has_it() -> None:
    place = np.array([30_000e3, -20_000e3, 15_000e3])
    found = teme_from_j2000(ASTROPY[:, 0]) @ place
    # Some 0.04 seconds of arc, at 39,000 km: precession of 1976, thirteen terms, and the bias of GCRS.
    assert np.abs(found - 1e3 * ASTROPY[:, 1:]).max() < 10.0


def test_rotations_are_rotations() -> None:
    found = teme_from_j2000(np.linspace(-15_000.0, 20_000.0, 50))
    unit = found @ np.swapaxes(found, 1, 2)
    assert np.abs(unit - np.eye(3)).max() < 1e-14
    assert np.linalg.det(found) == pytest.approx(np.ones(50))


@pytest.mark.parametrize(
    ("more", "within_m"),
    [
        ("INTERPOLATION = LINEAR\nINTERPOLATION_DEGREE = 1\n", 1_500.0),
        ("INTERPOLATION = LAGRANGE\nINTERPOLATION_DEGREE = 5\n", 0.02),
        ("INTERPOLATION = LAGRANGE\nINTERPOLATION_DEGREE = 8\n", 0.001),
        ("INTERPOLATION = HERMITE\nINTERPOLATION_DEGREE = 7\n", 0.01),
        ("", 0.01),
    ],
)
def test_between_states_the_orbit_they_are_of(more: str, within_m: float) -> None:
    e = at(HEAD + segment(np.arange(-600.0, 3_601.0, 60.0), more=more))
    seconds = np.random.default_rng(1).uniform(-600.0, 3_600.0, 400)
    days = days_since_2000(STARTS) + seconds / satellite.DAY_S
    true = places([Motion(elements=ELEMENTS)], STARTS, seconds)[:, 0]
    assert np.linalg.norm(fixed_places(e, days) - true, axis=1).max() < within_m


def test_order_of_convergence() -> None:
    """Half the step makes LAGRANGE of degree 3 sixteen times as good."""
    errors = []
    for step in (240.0, 120.0):
        seconds = np.arange(-1_200.0, 3_601.0, step)
        e = at(HEAD + segment(seconds, more="INTERPOLATION = LAGRANGE\nINTERPOLATION_DEGREE = 3\n"))
        mid = np.arange(0.0, 2_400.0, 240.0) + 0.5 * step
        days = days_since_2000(STARTS) + mid / satellite.DAY_S
        true = places([Motion(elements=ELEMENTS)], STARTS, mid)[:, 0]
        errors.append(np.linalg.norm(fixed_places(e, days) - true, axis=1).max())
    assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.25)


@given(st.integers(0, 7), st.sampled_from(["LAGRANGE", "HERMITE", "LINEAR"]), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_at_a_state_the_state_itself_property(row: int, method: str, degree: int) -> None:
    told = GEO.replace("Lagrange", method).replace("DEGREE = 5", f"DEGREE = {degree}")
    e = at(told)
    s = e.segments[0]
    found = interpolated(e, s.seconds[row : row + 1])[0]
    assert np.abs(found - 1e3 * s.places_km[row]).max() < 1e-4


def test_a_satellite_in_the_ring_stands_still() -> None:
    """Another program's file, in ICRF: over the ground the satellite keeps its longitude."""
    e = at(GEO)
    days = np.linspace(e.segments[0].seconds[0], e.segments[0].seconds[-1], 20) / satellite.DAY_S
    x, y, z = fixed_places(e, days).T
    longitude = np.degrees(np.arctan2(y, x))
    # By astropy 8.0.2 the first state is over -75.2052 degrees; UT1 was 0.24 s behind UTC, 0.001 degrees.
    assert longitude[0] == pytest.approx(-75.2052, abs=0.002)
    assert np.ptp(longitude) < 0.01 and np.abs(z).max() < 200e3


def test_outside_the_useable_span_there_is_nothing() -> None:
    usable = "USEABLE_START_TIME = 2024-12-01T00:00:00\nUSEABLE_STOP_TIME = 2024-12-01T00:30:00\n"
    e = at(HEAD + segment(np.arange(-600.0, 3_601.0, 60.0), more=usable))
    start = satellite.DAY_S * days_since_2000(STARTS)
    found = np.isfinite(interpolated(e, start + np.array([-1.0, 0.0, 900.0, 1_800.0, 1_801.0]))[:, 0])
    assert found.tolist() == [False, True, True, True, False]


def test_segments_do_not_reach_into_each_other() -> None:
    two = HEAD + segment(np.arange(0.0, 601.0, 60.0)) + segment(np.arange(660.0, 1_261.0, 60.0))
    start = satellite.DAY_S * days_since_2000(STARTS)
    found = np.isfinite(interpolated(at(two), start + np.array([600.0, 630.0, 660.0]))[:, 0])
    assert found.tolist() == [True, False, True]


def test_the_engine_places_it_by_its_file() -> None:
    sensor = Sensor(name="X", type="geo-infrared", owner="USA", oem=message())
    seconds = np.array([0.0, 100.0, 1_000.0])
    found = places(motions(sensor, STARTS), STARTS, seconds)
    true = places([Motion(elements=ELEMENTS)], STARTS, seconds)
    assert np.abs(found - true).max() < 0.01
