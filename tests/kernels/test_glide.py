"""Prescribed profiles: they end where they should, and what raises range raises it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from synaspis.kernels import glide

GLIDER = np.array([100.0, 3300.0, 0.25, 7000.0, 2.6, 1300.0, 1.0, 4.0, 0.0])
ROOM = np.empty((glide.MOST_ROWS, 6))


def farthest(entry: int, value: float) -> float:
    given = GLIDER.copy()
    given[entry] = value
    return float(ROOM[glide.fly_plan(given, given[glide.TOP_SPEED], ROOM) - 1, glide.GROUND])


@pytest.mark.parametrize(
    ("entry", "values"),
    [(glide.LIFT, (1.0, 1.5, 2.0, 2.6, 3.5)), (glide.TOP_SPEED, (2000.0, 2800.0, 3300.0, 4500.0))],
)
def test_range_rises_with_lift_and_speed(entry: int, values: tuple[float, ...]) -> None:
    ranges = [farthest(entry, value) for value in values]
    assert all(b > 1.05 * a for a, b in itertools.pairwise(ranges))


def test_range_falls_as_the_glide_ends_earlier() -> None:
    assert farthest(glide.END_SPEED, 1800.0) < farthest(glide.END_SPEED, 1300.0)


@pytest.mark.parametrize("skips", [0.0, 1.0])
@pytest.mark.parametrize("share", [0.4, 0.7, 0.99])
def test_the_solved_flight_has_the_length_asked(skips: float, share: float) -> None:
    given = GLIDER.copy()
    given[glide.SKIPS] = skips
    reach = glide.solve_plan(given, 1e9, ROOM)[1]
    count, _ = glide.solve_plan(given, share * reach, ROOM)
    rows = ROOM[:count]
    assert rows[-1, glide.GROUND] == pytest.approx(share * reach, abs=1.0)
    assert rows[-1, glide.HEIGHT] == pytest.approx(0.0, abs=1.0)
    assert (np.diff(rows[:, glide.TIME]) > 0).all()
    assert (np.diff(rows[:, glide.PHASE]) >= 0).all()
    assert np.abs(np.diff(rows[:, glide.HEIGHT])).max() < 0.51 * rows[:, glide.SPEED].max()


def test_too_far_and_too_near_have_no_flight() -> None:
    count, reach = glide.solve_plan(GLIDER, 1e9, ROOM)
    assert count == 0
    assert reach == pytest.approx(farthest(glide.LIFT, 2.6))
    assert glide.solve_plan(GLIDER, 20e3, ROOM) == (0, reach)
    assert glide.solve_plan(np.full(9, np.nan), 1e6, ROOM)[0] == 0


@pytest.mark.parametrize("apogee_m", [60e3, 100e3])
def test_the_climb_gives_the_apogee(apogee_m: float) -> None:
    given = GLIDER.copy()
    given[glide.CLIMB] = glide.climb_for(given, apogee_m)
    count = glide.fly_plan(given, given[glide.TOP_SPEED], ROOM)
    assert ROOM[:count, glide.HEIGHT].max() == pytest.approx(apogee_m, rel=1e-3)
    assert math.isnan(glide.climb_for(GLIDER, 5e6))
