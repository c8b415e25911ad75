"""What must hold of any reconstruction, whatever the booster."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis import api
from synaspis.errors import InputError
from synaspis.files.catalog import shipped
from synaspis.kernels import earth, orbit
from synaspis.kernels.geodesic import geodesic
from synaspis.model.booster import Booster
from synaspis.model.reconstruction import HALF_EARTH_M, Claim, Reconstruction, claim_of
from synaspis.studies import booster as flying
from synaspis.studies import reconstruct, verdict
from tools.flights import boosters

BOOSTERS = boosters()
SITE, BEARING = (39.28, 125.87), 76.0


def booster(name: str) -> Booster:
    noun = shipped().get(name).noun
    assert isinstance(noun, Booster)
    return noun


def time_of(claim: Claim) -> float:
    found = reconstruct.central(claim, BOOSTERS)
    assert found is not None
    return found[1].time_s


def told(*times: float, apogee_km: float = 4475.0, range_km: float = 950.0) -> Reconstruction:
    return api.reconstruct(apogee_km, range_km, SITE, BEARING, times)


@settings(max_examples=25, deadline=None)
@given(
    range_km=st.floats(200, 9000),
    lift=st.floats(1.0, 6.0),
    more=st.floats(1.03, 1.6),
    bearing=st.floats(0, 360),
    latitude=st.floats(-60, 60),
)
def test_more_apogee_over_the_same_range_takes_longer(
    range_km: float, lift: float, more: float, bearing: float, latitude: float
) -> None:
    least_km = orbit.minimum_energy(1000 * range_km, earth.MEAN_RADIUS_M)[2] / 1000
    low = claim_of(lift * least_km, range_km, (latitude, 20.0), bearing)
    high = claim_of(more * lift * least_km, range_km, (latitude, 20.0), bearing)
    assert time_of(high) > time_of(low)
    for claim in (low, high):
        assert time_of(claim) > reconstruct.keplerian_minimum_s(claim)


@settings(max_examples=6, deadline=None)
@given(apogee_km=st.floats(300, 7000), range_km=st.floats(300, 1500), bearing=st.floats(0, 360))
def test_the_time_found_is_believed_and_half_of_it_is_not(
    apogee_km: float, range_km: float, bearing: float
) -> None:
    claim = claim_of(apogee_km, range_km, SITE, bearing)
    time = time_of(claim)
    found = reconstruct.reconstruct(replace(claim, times_s=(time, 0.5 * time)), BOOSTERS, "0", True)
    assert [t.verdict for t in found.times] == ["consistent", "impossible"]
    assert found.verdict == "consistent"


@pytest.mark.parametrize("bearing", [0.0, 90.0, 200.0, 300.0])
def test_the_flight_ends_where_it_was_claimed(bearing: float) -> None:
    pad = flying.Pad(math.radians(39.28), math.radians(125.87))
    found = flying.fit(booster("liquid-2"), pad, 4475e3, 950e3, math.radians(bearing))
    assert found is not None
    away, azimuth, _ = geodesic(pad.latitude, pad.longitude, found.flown.latitude, found.flown.longitude)
    assert away == pytest.approx(950e3, abs=100)
    assert math.remainder(azimuth - math.radians(bearing), 2 * math.pi) == pytest.approx(0, abs=1e-4)
    heights = earth.geodetic_from_ecef(np.ascontiguousarray(found.flown.rows[:, :3]))[:, 2]
    assert heights.max() == pytest.approx(4475e3, abs=2e3)
    assert found.flown.apogee_m == pytest.approx(4475e3, abs=51)


def test_stage_tables_keep_to_the_rocket_equation() -> None:
    for name in ("liquid-1", "liquid-2", "solid-3"):
        rocket = booster(name)
        made = flying.stage_table(rocket, 6000.0)
        assert made is not None
        table, left = made
        mass, speed = left + table[:, 1:3].sum(), 0.0
        for stage, (burn, propellant, dropped, impulse) in zip(rocket.stages, table, strict=True):
            jet = impulse * earth.STANDARD_GRAVITY_MPS2
            assert propellant / burn * jet == pytest.approx(
                stage.thrust_to_weight * mass * earth.STANDARD_GRAVITY_MPS2
            )
            speed += jet * math.log(mass / (mass - propellant))
            mass -= propellant + dropped
        assert speed == pytest.approx(6000.0)
        assert mass == pytest.approx(left)
        assert flying.with_more_left(rocket, 6000.0, 1.0) == pytest.approx(6000.0)
        assert flying.with_more_left(rocket, 6000.0, 1.1) < 5990.0
    assert flying.stage_table(booster("liquid-1"), 30_000.0) is None


def test_the_least_time_is_that_of_the_least_energy_ellipse_at_its_apogee() -> None:
    for range_m in (500e3, 3000e3, 9000e3):
        _, _, apogee, time = orbit.minimum_energy(range_m, earth.EQUATORIAL_RADIUS_M)
        claim = Claim(apogee_m=apogee, range_m=range_m)
        assert reconstruct.keplerian_minimum_s(claim) == pytest.approx(time, rel=1e-6)


def test_surface_speed_of_a_vertical_throw() -> None:
    """Thrown straight up from rest Earth to 1,000 km: v^2 = 2 mu (1/r0 - 1/r1), wherever it burns out."""
    r0, r1 = earth.EQUATORIAL_RADIUS_M, earth.EQUATORIAL_RADIUS_M + 1e6
    expected = math.sqrt(2 * earth.GRAVITY_M3PS2 * (1 / r0 - 1 / r1))
    found = flying.fit(booster("liquid-1"), flying.STILL, 1e6, 1e3, math.pi / 2)
    assert found is not None
    assert flying.surface_speed_mps(flying.STILL, found.flown) == pytest.approx(expected, rel=1e-3)


def test_surface_speed_is_kept_in_free_flight() -> None:
    """Without J2 and air the integral is the same at burnout and an hour later, on a turning Earth."""
    pad = flying.Pad(0.2, 0.0, j2=0.0)
    found = flying.fit(booster("liquid-2"), pad, 6e6, 4e6, math.pi / 2)
    assert found is not None
    later = replace(found.flown, burnout=found.flown.rows[-60])
    speed = flying.surface_speed_mps(pad, found.flown)
    assert flying.surface_speed_mps(pad, later) == pytest.approx(speed, rel=1e-6)


def test_the_apogee_does_not_depend_on_the_sampling() -> None:
    tilt = (0.1, 0.05)
    rough, fine = (
        flying.fly(booster("liquid-1"), flying.STILL, 6000.0, tilt, every) for every in (10.0, 0.5)
    )
    assert rough is not None
    assert fine is not None
    assert rough.apogee_m == pytest.approx(fine.apogee_m, abs=0.5)


def test_the_farthest_flight_is_farther_than_its_neighbours() -> None:
    rocket = booster("liquid-1")
    reach, flown = flying.farthest(rocket, flying.STILL, 5000.0, math.pi / 2)
    assert flown is not None
    for loft in np.radians(np.arange(12, 60, 0.5)):
        other = flying.fly(rocket, flying.STILL, 5000.0, (0.5 * math.pi - loft, 0.0), 2.0)
        assert other is None or flying._ground_m(flying.STILL, other) <= reach * 1.00001
    assert flying.farthest(booster("liquid-2"), flying.STILL, 10_500.0, math.pi / 2)[0] == HALF_EARTH_M


def test_rounding_is_half_the_last_digit_that_counts() -> None:
    said = {
        4475.0: 0.5,
        950.0: 5.0,
        1000.0: 50.0,
        500.0: 5.0,
        6040.9: 0.05,
        2802.0: 0.5,
        60.0: 0.5,
        7.0: 0.05,
    }
    assert {km: reconstruct.rounding_m(1000 * km) / 1000 for km in said} == pytest.approx(said)


def test_of_two_times_it_says_which_fits() -> None:
    found = told(3240, 2400)
    assert found.verdict == "consistent"
    assert [t.verdict for t in found.times] == ["consistent", "impossible"]
    assert "Of the 2 claimed times only 3,240 s (54 min 00 s) fits." in found.because
    assert "None of the 2 claimed times fits; 3,500 s" in " ".join(told(2400, 3500).because)


@pytest.mark.parametrize(
    ("time_s", "due"), [(2000, "impossible"), (3090, "doubtful"), (3240, "consistent"), (3500, "doubtful"),
                        (3800, "impossible")]
)  # fmt: skip
def test_a_time_far_from_the_band_is_not_believed(time_s: float, due: str) -> None:
    assert told(time_s).verdict == due


def test_a_whole_minute_is_given_half_a_minute() -> None:
    high = told(3240).flight_time_s.high  # type: ignore[union-attr]
    minute = 60 * math.ceil(high / 60)
    assert minute - 30 < high
    assert told(minute).verdict == "consistent"
    assert told(minute - 1).verdict == ("consistent" if minute - 1.5 < high else "doubtful")


@pytest.mark.parametrize(
    ("apogee_km", "range_km", "due", "said"),
    [
        (50, 5000, "impossible", "lower than the range needs"),
        (100, 10_000, "impossible", "lower than the range needs"),
        (300, 18_000, "doubtful", "near to an orbit"),
        (150, 18_000, "doubtful", "near to an orbit"),
        (90, 18_000, "impossible", "lower than the range needs"),
        (50, 600, "doubtful", "quasi-ballistic"),
        (120, 1000, "doubtful", "So low a flight"),
        (12_000, 1000, "doubtful", "No test on record"),
        (550, 2700, "consistent", "a normal flight"),
    ],
)
def test_apogee_and_range_alone(apogee_km: float, range_km: float, due: str, said: str) -> None:
    found = api.reconstruct(apogee_km, range_km)
    assert found.verdict == due
    assert said in " ".join(found.because)
    assert (found.flight_time_s is None) == ("No booster" in found.because[0])


def test_what_was_assumed_is_said() -> None:
    bare = " ".join(api.reconstruct(1000, 500).assumed)
    assert "does not turn" in bare
    assert "propellant is not said" in bare
    sea = " ".join(api.reconstruct(1000, 500, (35.0, -40.0), 80.0, propellant="solid", stages=3).assumed)
    assert "lies in the sea" in sea
    assert "`solid-3`" in sea
    assert "as asked for" in sea
    assert "propellant is not said" not in sea
    assert "in the sea" not in " ".join(told().assumed)


def test_the_turn_of_the_earth_counts() -> None:
    east = api.reconstruct(1000, 3000, (0.0, 0.0), 90.0)
    west = api.reconstruct(1000, 3000, (0.0, 0.0), 270.0)
    assert east.along_range_m is not None
    assert west.along_range_m is not None
    assert east.along_range_m > east.standard_range_m.value + 100e3  # type: ignore[union-attr]
    assert west.burnout_speed_mps.value > east.burnout_speed_mps.value + 100  # type: ignore[union-attr]


def test_two_propellants_bracket_the_unknown_one() -> None:
    liquid = api.reconstruct(4475, 950, SITE, BEARING, propellant="liquid").flight_time_s
    solid = api.reconstruct(4475, 950, SITE, BEARING, propellant="solid").flight_time_s
    either = told().flight_time_s
    assert liquid is not None
    assert solid is not None
    assert either is not None
    assert either.value == liquid.value
    assert either.low <= solid.value < liquid.value
    assert either.low < liquid.low


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        claim_of(math.nan, -5.0, (9.0, 0.0), None, [0.0, math.inf], "gas", 7)
    named = [p.file for p in caught.value.problems]
    assert named == [
        "--apogee-km",
        "--from",
        "--propellant",
        "--range-km",
        "--stages",
        "--time-s",
        "--time-s",
    ]


@pytest.mark.parametrize("km", [math.nan, math.inf, -math.inf, -1.0, 0.0, 1e9])
def test_absurd_lengths_are_no_question(km: float) -> None:
    with pytest.raises(InputError):
        claim_of(km, 500.0)
    with pytest.raises(InputError):
        claim_of(500.0, km)


def test_thresholds_are_in_order() -> None:
    assert verdict.HOPELESS_RATIO < verdict.DEPRESSED_RATIO < 1.0 < verdict.LOFTED_RATIO
