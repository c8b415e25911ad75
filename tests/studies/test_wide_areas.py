"""Points over wide areas lie where they should, evenly, and are always the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.errors import InputError
from synaspis.files.borders import borders
from synaspis.files.soil import soil_m2
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.model.stability import Destination
from synaspis.studies.soil import nation_at
from synaspis.studies.wide_areas import circle, coarse, destinations, even_pairs, soil, sunflower

MIDDLE = (math.radians(54.0), math.radians(175.0))


def away_m(places: np.ndarray, middle: tuple[float, float] = MIDDLE) -> np.ndarray:
    f, x = places.T
    cosine = np.sin(f) * math.sin(middle[0]) + np.cos(f) * math.cos(middle[0]) * np.cos(x - middle[1])
    return MEAN_RADIUS_M * np.arccos(np.clip(cosine, -1.0, 1.0))


def test_places_are_taken_to_half_a_degree_and_50_km() -> None:
    place = Destination(
        name="x", latitude_rad=math.radians(-12.3), longitude_rad=math.radians(179.8), radius_m=1.24e5
    )
    found = coarse(place)
    assert found.latitude_rad is not None and found.longitude_rad is not None
    assert math.degrees(found.latitude_rad) == pytest.approx(-12.5)
    assert math.degrees(found.longitude_rad) == pytest.approx(180.0)
    assert found.radius_m == 100_000.0
    assert coarse(Destination(name="POL")) == Destination(name="POL")


def test_a_pattern_turned_and_begun_elsewhere_is_another_and_as_even() -> None:
    one, other = (sunflower(*MIDDLE, 1.2e6, 400, turn, phase) for turn, phase in ((0.0, 0.5), (1.0, 0.1)))
    assert not {tuple(x) for x in one.tolist()} & {tuple(x) for x in other.tolist()}
    assert (away_m(other) < 0.6e6).mean() == pytest.approx((away_m(one) < 0.6e6).mean(), abs=0.01)
    u = [even_pairs(40, first) for first in (0, 2**20)]
    assert not {tuple(x) for x in u[0].tolist()} & {tuple(x) for x in u[1].tolist()}


@pytest.mark.parametrize("spread", [sunflower, circle])
def test_a_circle_is_filled_evenly(spread: object) -> None:
    places = spread(*MIDDLE, 1.2e6, 400)  # type: ignore[operator]
    far = away_m(places)
    assert far.max() <= 1.2e6
    inner = 2.0 * math.pi * MEAN_RADIUS_M**2 * (1.0 - math.cos(0.6e6 / MEAN_RADIUS_M))
    whole = 2.0 * math.pi * MEAN_RADIUS_M**2 * (1.0 - math.cos(1.2e6 / MEAN_RADIUS_M))
    assert (far < 0.6e6).mean() == pytest.approx(inner / whole, abs=0.02)
    north = (places[:, 0] > MIDDLE[0]).mean()
    assert north == pytest.approx(0.5, abs=0.06)  # the parallel through the middle bends


def test_a_circle_about_the_pole_goes_all_round() -> None:
    places = sunflower(0.5 * math.pi, 0.3, 1.0e6, 200)
    assert np.degrees(places[:, 0]).min() == pytest.approx(90.0 - 9.0, abs=0.1)
    turns = np.mod(places[:, 1], 2.0 * math.pi)
    assert np.histogram(turns, 4, (0.0, 2.0 * math.pi))[0].min() >= 45


def test_any_run_of_pairs_is_even() -> None:
    for first in (0, 17, 1000):
        u = even_pairs(40, first)
        assert ((u >= 0.0) & (u < 1.0)).all()
        for half in ((u[:, 0] < 0.5), (u[:, 1] < 0.5), (u < 0.5).all(axis=1) | (u >= 0.5).all(axis=1)):
            assert half.mean() == pytest.approx(0.5, abs=0.13)


def test_soil_is_that_of_the_nations_named_together() -> None:
    found = soil(borders(), ["BEL", "NLD"], 60)
    codes = nation_at(borders(), found.places)
    assert set(codes.tolist()) == {"BEL", "NLD"}
    assert found.area_m2 == pytest.approx(soil_m2({"BEL", "NLD"}), rel=0.1)
    assert (codes == "BEL").mean() == pytest.approx(30.5 / 68.0, abs=0.12)


def test_a_nation_without_soil_is_said() -> None:
    with pytest.raises(InputError, match="hardly any soil of BES"):
        soil(borders(), ["BES"], 5)


def test_each_destination_gets_what_its_area_is_worth() -> None:
    wide = Destination(name="wide", latitude_rad=0.0, longitude_rad=0.0, radius_m=1e6)
    small = Destination(name="small", latitude_rad=1.0, longitude_rad=0.0, radius_m=1e5)
    places = destinations([wide, small], None, 40)
    in_small = (away_m(places, (1.0, 0.0)) <= 1e5).sum()
    assert in_small == 1 and (away_m(places, (0.0, 0.0)) <= 1e6).sum() == 39
    both = destinations([wide, Destination(name="CHE")], borders(), 40)
    assert (nation_at(borders(), both.copy()) == "CHE").sum() == 1
    np.testing.assert_array_equal(both, destinations([wide, Destination(name="CHE")], borders(), 40))
