"""`fly`: figures that hold together, ends where it should, and the hard places."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.errors import UnreachableError
from synaspis.files.borders import borders
from synaspis.files.catalog import noun, shipped
from synaspis.kernels.earth import GRAVITY_M3PS2, MEAN_RADIUS_M
from synaspis.model.answers import FlyAnswer
from synaspis.model.threat import Threat
from synaspis.studies import flight


def _fly(
    name: str, start: tuple[float, float], end: tuple[float, float], shape: str = "minimum-energy"
) -> FlyAnswer:
    threat = noun(name)
    assert isinstance(threat, Threat)
    return flight.fly(threat, start, end, shape, borders())


@pytest.fixture(scope="module")
def tabriz() -> FlyAnswer:
    return _fly("mrbm-2000", (38.08, 46.29), (44.43, 26.10))


def test_figures_hold_together(tabriz: FlyAnswer) -> None:
    assert tabriz.distance_km == pytest.approx(1826.6, abs=1.0)
    assert tabriz.track_km == pytest.approx(tabriz.distance_km, rel=0.01)
    assert tabriz.closure_error_m < 50.0
    assert tabriz.points[0, 1:3] == pytest.approx((38.08, 46.29), abs=1e-6)
    assert tabriz.points[-1, 1:3] == pytest.approx((44.43, 26.10), abs=1e-3)
    assert tabriz.points[-1, 3] == pytest.approx(0.0, abs=0.05)
    assert tabriz.points[:, 3].max() == pytest.approx(tabriz.apogee_km)
    assert (np.diff(tabriz.points[:, 0]) > 0).all()
    assert len(tabriz.points) <= flight.MOST_POINTS


def test_speeds_and_angle_are_near_the_ideal_flight(tabriz: FlyAnswer) -> None:
    """Bate, Mueller & White (1971), section 6.2: the ideal minimum-energy flight over 1,827 km.

    A real one also has a burn of 105 s, air and a turning Earth: 10 % in speed, 5 degrees in angle, 20 % in
    apogee.
    """
    arc = 1000.0 * tabriz.distance_km / MEAN_RADIUS_M
    sine = math.sin(arc / 2)
    speed = math.sqrt(GRAVITY_M3PS2 / MEAN_RADIUS_M * 2 * sine / (1 + sine))
    angle = math.degrees((math.pi - arc) / 4)
    height = MEAN_RADIUS_M / 1000.0 * 0.5 * (sine + math.cos(arc / 2) - 1)
    assert tabriz.burnout_speed_mps == pytest.approx(speed, rel=0.1)
    assert tabriz.reentry_angle_deg == pytest.approx(angle, abs=5.0)
    assert tabriz.apogee_km == pytest.approx(height, rel=0.2)
    assert tabriz.reentry_height_km == 100.0
    assert tabriz.impact_speed_mps < tabriz.burnout_speed_mps


def test_the_nations_under_it_are_in_order(tabriz: FlyAnswer) -> None:
    assert tabriz.overflown == ("IRN", "TUR", "ROU")
    assert tabriz.stretches[0].from_s == 0.0
    assert tabriz.stretches[-1].to_s == pytest.approx(tabriz.time_s)
    assert sum(s.length_km for s in tabriz.stretches) < tabriz.track_km
    assert not any("sea" in note and "lies" in note for note in tabriz.notes)


@pytest.mark.parametrize("shape", ["lofted", "depressed"])
def test_shapes(tabriz: FlyAnswer, shape: str) -> None:
    other = _fly("mrbm-2000", (38.08, 46.29), (44.43, 26.10), shape)
    sign = 1 if shape == "lofted" else -1
    assert sign * (other.apogee_km - tabriz.apogee_km) > 50
    assert sign * (other.time_s - tabriz.time_s) > 50
    assert sign * (other.reentry_angle_deg - tabriz.reentry_angle_deg) > 5


def test_a_flight_that_stays_low_has_its_angle_at_the_ground() -> None:
    low = _fly("srbm-300", (35.5, 51.5), (36.9, 52.9))
    assert low.apogee_km < 100
    assert low.reentry_height_km == 0.0
    assert 40 < low.reentry_angle_deg < 80


def test_sea_is_allowed_and_said() -> None:
    found = _fly("mrbm-2000", (40.0, -30.0), (40.0, -45.0))
    assert found.overflown == ()
    assert [n for n in found.notes if "lies at sea" in n] == [
        "The launch place, 40.00 N 30.00 W, lies at sea: in no nation's land.",
        "The target place, 40.00 N 45.00 W, lies at sea: in no nation's land.",
    ]


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ((90.0, 0.0), (60.0, 100.0), "RUS", "RUS"),
        ((-90.0, 0.0), (-54.8, -68.3), "ATA", "ARG"),
        ((67.0, 170.0), (64.8, -147.7), "RUS", "USA"),
        ((67.0, 170.0), (64.8, 212.3), "RUS", "USA"),
        ((0.0, 37.0), (0.0, 17.0), "KEN", "COG"),
    ],
)
def test_poles_date_line_equator(
    start: tuple[float, float], end: tuple[float, float], first: str, last: str
) -> None:
    found = _fly("irbm-4500", start, end)
    assert found.closure_error_m < 50.0
    assert (found.overflown[0], found.overflown[-1]) == (first, last)


@pytest.mark.parametrize(
    ("end", "said"),
    [((48.85, 2.35), "that way it flies 2,1"), ((-38.08, -133.71), "20,0"), ((38.0801, 46.29), "too near")],
)
def test_out_of_reach_says_how_far(end: tuple[float, float], said: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        _fly("mrbm-2000", (38.08, 46.29), end)
    assert said in str(caught.value)
    assert "mend: " in str(caught.value)


def test_the_reach_towards_the_antipode_is_that_class_s_own() -> None:
    with pytest.raises(UnreachableError) as caught:
        _fly("icbm-solid", (-33.9, 18.4), (33.9, -161.6))
    assert 10_000e3 < caught.value.reach_m < 20_000e3


def test_every_class_flies_half_its_range() -> None:
    for name in shipped().names("threat"):
        threat = noun(name)
        assert isinstance(threat, Threat)
        north = math.degrees(0.5 * threat.range_m / MEAN_RADIUS_M)
        found = flight.fly(threat, (10.0, 20.0), (10.0 + north, 20.0), "minimum-energy", borders())
        assert found.closure_error_m < 50.0
        assert found.burnout_time_s < found.time_s
        assert (found.burnout_time_s > 0) is (threat.cruise is None)
