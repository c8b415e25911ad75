"""Prescribed profiles: they end where they should, and what raises range raises it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from synaspis.kernels import glide
from synaspis.kernels.atmosphere import density_kgpm3
from synaspis.kernels.earth import GRAVITY_M3PS2, MEAN_RADIUS_M, STANDARD_GRAVITY_MPS2

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


def flown(skips: float = 0.0, share: float = 1.0) -> np.ndarray:
    given = GLIDER.copy()
    given[glide.SKIPS] = skips
    return ROOM[: glide.fly_plan(given, share * given[glide.TOP_SPEED], ROOM)].copy()


def in_phase(rows: np.ndarray, phase: int) -> np.ndarray:
    """Rows of a phase but its first and last, whose neighbours belong to others or stand nearer."""
    return rows[rows[:, glide.PHASE] == phase][1:-1]


def slope(rows: np.ndarray, column: int) -> np.ndarray:
    return np.gradient(rows[:, column], rows[:, glide.TIME])[1:-1]


FLOWN_PHASES = [
    (phase, skips)
    for phase in range(glide.BOOSTING, glide.FALLING + 1)
    for skips in (0.0, 1.0)
    if phase != (glide.SKIPPING if skips == 0.0 else glide.GLIDING)
    and (phase, skips) != (glide.PULLING_UP, 1.0)
]


@pytest.mark.parametrize(("phase", "skips"), FLOWN_PHASES)
def test_height_and_ground_follow_from_speed_and_angle(phase: int, skips: float) -> None:
    """Differences over half a second against the rates: the curvature of the path leaves a few m/s."""
    rows = in_phase(flown(skips), phase)
    assert len(rows) > 4
    middle = rows[1:-1]
    speed, angle, height = middle[:, glide.SPEED], middle[:, glide.ANGLE], middle[:, glide.HEIGHT]
    level = speed * np.cos(angle) * MEAN_RADIUS_M / (MEAN_RADIUS_M + height)
    assert slope(rows, glide.HEIGHT) == pytest.approx(speed * np.sin(angle), abs=4.0)
    assert slope(rows, glide.GROUND) == pytest.approx(level, abs=4.0)


@pytest.mark.parametrize(
    "phase", [glide.COASTING, glide.PULLING_UP, glide.GLIDING, glide.DIVING, glide.FALLING]
)
def test_only_drag_takes_energy(phase: int) -> None:
    rows = in_phase(flown(), phase)
    middle = rows[1:-1]
    speed, height = middle[:, glide.SPEED], middle[:, glide.HEIGHT]
    drag = np.array([0.5 * density_kgpm3(h) for h in height]) * speed**2 / GLIDER[glide.BETA]
    gravity = GRAVITY_M3PS2 / (MEAN_RADIUS_M + height) ** 2
    lost = slope(rows, glide.SPEED) + gravity * np.sin(middle[:, glide.ANGLE])
    assert lost == pytest.approx(-drag, rel=0.02, abs=0.05)


def test_a_skip_turns_by_lift_and_by_what_the_centrifugal_force_leaves_of_gravity() -> None:
    for phase, lift in ((glide.COASTING, 0.0), (glide.SKIPPING, GLIDER[glide.LIFT])):
        rows = in_phase(flown(skips=1.0), phase)
        middle = rows[1:-1]
        speed, height = middle[:, glide.SPEED], middle[:, glide.HEIGHT]
        radius = MEAN_RADIUS_M + height
        drag = np.array([0.5 * density_kgpm3(h) for h in height]) * speed**2 / GLIDER[glide.BETA]
        weight = (GRAVITY_M3PS2 / radius**2 - speed**2 / radius) * np.cos(middle[:, glide.ANGLE])
        assert speed * slope(rows, glide.ANGLE) == pytest.approx(lift * drag - weight, rel=0.02, abs=0.1)


def test_boost_is_even_and_shorter_where_it_ends_slower() -> None:
    for share in (1.0, 0.6):
        rows = flown(share=share)
        boost = rows[rows[:, glide.PHASE] == glide.BOOSTING]
        assert boost[-1, glide.TIME] == pytest.approx(share * GLIDER[glide.BURN])
        assert boost[:, glide.SPEED] == pytest.approx(
            boost[:, glide.TIME] * GLIDER[glide.TOP_SPEED] / GLIDER[glide.BURN]
        )
    assert boost[0, glide.ANGLE] == 0.5 * math.pi
    assert rows[-1, glide.TIME] > 0


@pytest.mark.parametrize("skips", [0.0, 1.0])
def test_the_dive_begins_with_the_energy_of_its_end_speed_and_falls_at_its_angle(skips: float) -> None:
    rows = flown(skips)
    dive = rows[rows[:, glide.PHASE] == glide.DIVING]
    low = glide.equilibrium_height_m(*(GLIDER[i] for i in (glide.END_SPEED, glide.BETA, glide.LIFT)))
    energy = 0.5 * dive[0, glide.SPEED] ** 2 + STANDARD_GRAVITY_MPS2 * dive[0, glide.HEIGHT]
    assert energy == pytest.approx(0.5 * GLIDER[glide.END_SPEED] ** 2 + STANDARD_GRAVITY_MPS2 * low, rel=1e-6)
    bend = dive[0, glide.SPEED] * -slope(dive, glide.ANGLE) / STANDARD_GRAVITY_MPS2
    assert bend * dive[0, glide.SPEED] / dive[1:-1, glide.SPEED] == pytest.approx(
        GLIDER[glide.LOAD], rel=0.02
    )
    falling = rows[rows[:, glide.PHASE] == glide.FALLING]
    assert falling[:, glide.ANGLE] == pytest.approx(-GLIDER[glide.DIVE], abs=1e-6)


def test_the_pull_up_ends_where_the_air_bears_it() -> None:
    """The arc is laid so that it bottoms out at the height of the glide: within a scale height's third."""
    rows = flown()
    first = rows[rows[:, glide.PHASE] == glide.GLIDING][0]
    borne = glide.equilibrium_height_m(first[glide.SPEED], GLIDER[glide.BETA], GLIDER[glide.LIFT])
    assert first[glide.HEIGHT] == pytest.approx(borne, abs=2500.0)
    climbs = np.diff(rows[rows[:, glide.PHASE] == glide.GLIDING][:, glide.HEIGHT])
    assert climbs.max() < 50.0


def test_nearer_than_its_slowest_flight_there_is_none() -> None:
    """No class is flown below 0.3 of its top speed."""
    nearest = float(flown(share=0.3)[-1, glide.GROUND])
    assert glide.solve_plan(GLIDER, 1.02 * nearest, ROOM)[0] > 0
    assert glide.solve_plan(GLIDER, 0.98 * nearest, ROOM)[0] == 0
