"""Every class and shape joins two places, all azimuths, 5 to 95 % of its range: a part of the grid."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels import earth, trajectory
from synaspis.kernels.forecast import bearing
from synaspis.kernels.geodesic import geodesic_point
from synaspis.kernels.reach import farthest_m
from tests.soak import short_burns
from tests.soak.closure import CLASSES, CLOSURE_M, Pair, Trial, flown, is_beyond, pairs, trials


def test_a_part_of_the_grid_closes() -> None:
    """The issue asks for 1 km; the solver accepts 50 m and mostly stops within 5 m."""
    given = list(trials(pairs(20, seed=2)))
    closure, _ = flown(given)
    short = [t for t, c in zip(given, closure, strict=True) if not c < CLOSURE_M]
    assert [t for t in short if not is_beyond(t)] == []
    assert len(short) < 0.01 * len(given)
    assert np.nanmax(closure) < 50.0


def test_against_the_turning_earth_a_range_may_be_too_far() -> None:
    """Westward along the equator the liquid intercontinental class covers less than its published range."""
    west = Pair(0.0, 0.0, np.radians(270.0), 1.0)
    east = Pair(0.0, 0.0, np.radians(90.0), 1.0)
    given = [Trial(way, "icbm-liquid", 0, 12_000e3) for way in (west, east)]
    closure, _ = flown(given)
    assert np.isnan(closure[0]) and closure[1] < CLOSURE_M
    assert is_beyond(given[0]) and not is_beyond(given[1])


def test_the_grid_covers_what_it_says() -> None:
    given = pairs(500, seed=1)
    assert len(list(trials(given))) == 500 * len(CLASSES) * 3
    assert (
        np.histogram([p.azimuth for p in given], bins=10, range=(0.0, 2.0 * np.pi))[0].tolist() == [50] * 10
    )
    assert np.histogram([p.share for p in given], bins=10, range=(0.05, 0.95))[0].tolist() == [50] * 10
    assert max(p.latitude for p in given) > 1.57 and min(p.latitude for p in given) < -1.57
    assert sum(p.latitude == 0.0 for p in given) > 10


def test_azimuths_of_near_places_are_those_of_geodesics() -> None:
    """North of a place is not square to the line from the Earth's centre: it matters at 16 km."""
    for latitude in (-1.04, 0.3, 0.983):
        for azimuth in (-2.5, -0.52, 1.0, 3.0):
            frame = earth.enu_axes(np.array([[latitude, -2.58, 0.0]]))[0]
            end = geodesic_point(latitude, -2.58, azimuth, 16e3)
            start, point = earth.ecef_from_geodetic(np.array([[latitude, -2.58, 0.0], [end[0], end[1], 0.0]]))
            assert bearing(start, frame, point)[1] == pytest.approx(azimuth, abs=1e-4)


def test_the_shortest_range_of_the_shortest_class_closes() -> None:
    given = [
        Trial(Pair(0.9833, -2.583, way, 0.05), "srbm-300", shape, 15e3)
        for way in (0.4, 5.76)
        for shape in range(3)
    ]
    assert flown(given)[0].max() < 50.0


@pytest.mark.parametrize("burn", short_burns.BURNS)
def test_short_hard_burns_get_there_by_steeper_flight(burn: tuple[float, ...]) -> None:
    """They end low in dense air, where the loft that a vacuum asks for falls far short."""
    assert short_burns.flown(burn, pairs(8, seed=2)).max() < 50.0


def test_out_of_reach_tells_how_far_it_flies_at_its_best_loft() -> None:
    stages, body = short_burns.stage(14.0, 12.0), (100.0, 0.6, 2500.0)
    farthest = farthest_m(stages, *body, (0.7, 0.3), 0.5, earth.ROTATION_RADPS)
    end = geodesic_point(0.7, 0.3, 0.5, 1.1 * farthest)
    found = trajectory.fly(
        stages[None], *(np.array([x]) for x in body), np.array([[0.7, 0.3, 0.0]]),
        np.array([[end[0], end[1], 0.0]]), np.array([0]), 10.0,
    )  # fmt: skip
    assert np.isnan(found[4][0])
    assert found[5][0] == pytest.approx(farthest, rel=1e-3)
