"""How fast an interceptor gets somewhere, against integrated flight, and which launches can still meet."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from synaspis.engine.geometry import flyout_row, sensor_rows
from synaspis.engine.world import Station, world
from synaspis.kernels import flyout, sensing
from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic, enu_axes
from tests.engine.scene import arena_of_four, first_light, four_owners

ENDLESS = 1e15
"""A slowing length without drag."""
SPEED, BURN = 3000.0, 60.0


def flown(
    speed: float,
    burn: float,
    slowing: float,
    gravity: float,
    across: float,
    up: float,
    angle: float,
    t: float,
) -> tuple[float, float]:
    """Runge-Kutta: thrust along a constant direction, uniform gravity, drag on the powered path's speed.

    The path along the thrust slows by `speed^2 / slowing` after burnout; gravity only bends it.
    """
    along = np.zeros(2)
    fall = np.zeros(2)

    def rate(s: np.ndarray, when: float) -> np.ndarray:
        return np.array([s[1], speed / burn if when < burn else -(s[1] ** 2) / slowing])

    def stepped(s: np.ndarray, when: float, h: float, f: Any) -> np.ndarray:
        a = f(s, when)
        b = f(s + 0.5 * h * a, when + 0.5 * h)
        c = f(s + 0.5 * h * b, when + 0.5 * h)
        d = f(s + h * c, when + h * (1.0 - 1e-12))
        return s + h / 6.0 * (a + 2.0 * b + 2.0 * c + d)

    for begin, end in ((0.0, min(t, burn)), (burn, t)):
        h = (end - begin) / 400
        for i in range(400 if end > begin else 0):
            along = stepped(along, begin + i * h, h, rate)
            fall = stepped(fall, begin + i * h, h, lambda s, _: np.array([s[1], -gravity]))
    return along[0] * math.cos(angle), along[0] * math.sin(angle) + fall[0]


@pytest.mark.parametrize(("slowing", "across", "up"), [
    (ENDLESS, 20e3, 0.0), (ENDLESS, 30e3, 20e3), (ENDLESS, 250e3, 150e3), (ENDLESS, 1.0, 90e3),
    (400e3, 30e3, 20e3), (400e3, 150e3, 100e3), (400e3, 1.0, 90e3), (40e3, 20e3, 0.0), (40e3, 100e3, 20e3),
])  # fmt: skip
def test_the_time_to_a_point_is_that_of_an_integrated_flight(
    slowing: float, across: float, up: float
) -> None:
    found = flyout.time_to_point(SPEED, BURN, slowing, across, up)
    gravity = flyout.GRAVITY * (MEAN_RADIUS_M / (MEAN_RADIUS_M + 0.5 * up)) ** 2
    aimed = math.atan2(up + 0.5 * gravity * found**2, across)
    x, z = flown(SPEED, BURN, slowing, gravity, across, up, aimed, found)
    speed_then = max(math.hypot(across, up) / found, 1.0)
    assert math.hypot(x - across, z - up) < 1e-3 * found * speed_then


def test_without_gravity_and_drag_it_is_a_closed_form() -> None:
    """High thrust makes gravity small: d = v (t - T / 2) after burnout, d = v t^2 / 2T before."""
    fast, burn = 9000.0, 10.0
    for distance in (10e3, 40e3, 200e3):
        t = math.sqrt(2.0 * distance * burn / fast) if distance < 45e3 else distance / fast + burn / 2.0
        assert flyout.time_to_point(fast, burn, ENDLESS, distance, 0.0) == pytest.approx(t, rel=2e-3)


def test_straight_up_gravity_takes_half_g_t_squared() -> None:
    """Up at constant net acceleration: h = (v / T - g) t^2 / 2 while burning."""
    g = flyout.GRAVITY * (MEAN_RADIUS_M / (MEAN_RADIUS_M + 5e3)) ** 2
    t = math.sqrt(2.0 * 10e3 / (SPEED / BURN - g))
    assert flyout.time_to_point(SPEED, BURN, ENDLESS, 0.0, 10e3) == pytest.approx(t, rel=1e-6)


@pytest.mark.parametrize(("across", "up"), [(5e3, 1000e3), (0.0, 3000e3)])
def test_what_is_out_of_reach_takes_for_ever(across: float, up: float) -> None:
    assert flyout.time_to_point(1000.0, 10.0, 20e3, across, up) == math.inf


def test_farther_takes_longer_and_more_speed_less() -> None:
    times = [flyout.time_to_point(SPEED, BURN, 1e6, d, 0.4 * d) for d in np.linspace(1e3, 300e3, 60)]
    assert times == sorted(times)
    assert len(set(times)) == 60
    quick = [flyout.time_to_point(1.3 * SPEED, BURN, 1e6, d, 0.4 * d) for d in np.linspace(1e3, 300e3, 60)]
    assert all(a < b for a, b in zip(quick, times, strict=True))


def test_the_table_is_the_function() -> None:
    """Between its knots it is off by less than a second or a hundredth: steps are 7 km by 6 km."""
    row = flyout_row(world(first_light()).batteries[0])
    table = np.empty((flyout.TABLE_RANGE, flyout.TABLE_HEIGHT))
    flyout.flyout_table(row, table)
    for across, up in ((100e3, 100e3), (333e3, 222e3), (612e3, 97e3), (450e3, 350e3)):
        exact = flyout.time_to_point(row[flyout.SPEED], row[flyout.BURN], row[flyout.SLOWING], across, up)
        assert flyout._looked_up(table, row, across, up) == pytest.approx(exact, rel=1e-2)


# -- windows ----------------------------------------------------------------------------------------

DT_S = 2.0
SKY = np.array([8e3, 30e3, 50e3, 0.01])
LATITUDE, LONGITUDE = math.radians(45.0), math.radians(25.0)
FAST = np.array([3000.0, 30.0, 1e7, 300e3, 20e3, 150e3, 10.0, 5.0])


def falling() -> np.ndarray:
    """(1, K, 6) straight from 500 km east and 300 km up to 60 km west, through 10 km, in 300 s."""
    site = np.array([[LATITUDE, LONGITUDE, 0.0]])
    axes = enu_axes(site)[0]
    k = np.arange(151)[:, None]
    velocity = np.array([-560e3, 0.0, -290e3]) / 300.0
    local = np.array([500e3, 0.0, 300e3]) + k * DT_S * velocity
    states = np.concatenate(
        [ecef_from_geodetic(site)[0] + local @ axes, np.tile(velocity @ axes, (151, 1))], axis=1
    )
    return states[None]


def windows(
    row: np.ndarray = FAST, *, listed: bool = True, rcs: float | None = None, burnout_s: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    radar = first_light().radars["an-spy-1"]
    place = Station("b/radar", radar, "A", "A", LATITUDE, LONGITUDE, 0.0, 0.0, 0)
    table = np.empty((flyout.TABLE_RANGE, flyout.TABLE_HEIGHT))
    flyout.flyout_table(row, table)
    launch, intercept = (np.empty((1, flyout.SAMPLES)) for _ in range(2))
    flyout.launch_windows(
        falling(), DT_S, np.array([burnout_s]), np.array([299.0]), row, table, sensor_rows([place])[0],
        rcs is not None, np.full((1, 3), rcs or 0.0), SKY, np.array([listed]), launch, intercept,
    )  # fmt: skip
    return launch[0], intercept[0]


def changed(column: int, value: float) -> np.ndarray:
    row = FAST.copy()
    row[column] = value
    return row


def place_at(time_s: float) -> tuple[float, float, float]:
    """(range across, height above the launcher's plane, altitude) of the falling missile."""
    k = time_s / DT_S
    state = falling()[0]
    at = state[0] + k * (state[1] - state[0])
    site = np.array([[LATITUDE, LONGITUDE, 0.0]])
    local = enu_axes(site)[0] @ (at[:3] - ecef_from_geodetic(site)[0])
    return float(np.hypot(local[0], local[1])), float(local[2]), float(sensing.altitude_m(*at[:3]))


def test_launches_are_in_order_and_their_intercepts_too() -> None:
    launch, intercept = windows()
    assert np.isfinite(launch).all()
    assert (np.diff(launch) > 0.0).all()
    assert (np.diff(intercept) >= 0.0).all()
    assert (intercept > launch + FAST[flyout.REACTION]).all()


def test_every_intercept_can_be_flown() -> None:
    for at, meets in zip(*windows(), strict=True):
        across, up, _ = place_at(meets)
        flight = flyout.time_to_point(*FAST[:3], across, up)
        assert at + FAST[flyout.REACTION] + flight <= meets + 0.02 * flight


def test_the_last_launch_is_the_last_that_meets() -> None:
    """Found again over all times at which the missile is within the limits."""
    launch, _ = windows()
    best = -math.inf
    for when in np.arange(0.0, 298.0, 0.5):
        across, up, altitude = place_at(when)
        if FAST[flyout.MIN_ALT] <= altitude <= FAST[flyout.MAX_ALT] and across <= FAST[flyout.RANGE]:
            best = max(best, when - flyout.time_to_point(*FAST[:3], across, up) - FAST[flyout.REACTION])
    assert launch[-1] == pytest.approx(best, abs=1.5)


@pytest.mark.parametrize(
    ("column", "value"), [(flyout.MIN_ALT, 60e3), (flyout.MAX_ALT, 80e3), (flyout.RANGE, 150e3)]
)
def test_limits_hold(column: int, value: float) -> None:
    _, wide = windows()
    launch, intercept = windows(changed(column, value))
    assert np.isfinite(launch).any()
    for meets in intercept[np.isfinite(intercept)]:
        across, _, altitude = place_at(meets)
        if column == flyout.MIN_ALT:
            assert altitude >= value - 1.0
        elif column == flyout.MAX_ALT:
            assert altitude <= value + 1.0
        else:
            assert across <= value + 1.0
    assert (intercept.min(), intercept[np.isfinite(intercept)].max()) != (wide.min(), wide.max())


def test_a_class_off_the_list_is_never_met() -> None:
    launch, intercept = windows(listed=False)
    assert np.isinf(launch).all()
    assert np.isinf(intercept).all()


def test_nothing_is_met_while_it_burns() -> None:
    _, intercept = windows(burnout_s=200.0)
    assert intercept.min() >= 200.0
    assert windows()[1].min() < 200.0


def test_the_own_radar_must_see_it_at_handover() -> None:
    bright, faint = windows(rcs=10.0)[1], windows(rcs=0.001)[1]
    assert np.array_equal(bright, windows()[1])
    assert np.isfinite(faint).any()
    assert faint.min() > bright.min()
    assert np.isinf(windows(rcs=1e-9)[0]).all()
    early = changed(flyout.HANDOVER, 60.0)
    assert windows(early, rcs=0.001)[1].min() > faint.min()


def test_reaction_takes_its_time() -> None:
    slow = windows(changed(flyout.REACTION, 25.0))[0]
    assert slow[-1] == pytest.approx(windows()[0][-1] - 20.0, abs=1e-9)


def test_a_slow_interceptor_meets_nothing() -> None:
    assert np.isinf(windows(np.array([50.0, 1.0, 100.0, 300e3, 20e3, 150e3, 10.0, 5.0]))[0]).all()


def test_windows_of_real_batteries_are_in_order() -> None:
    g, w = arena_of_four().g, arena_of_four().w
    met = np.isfinite(g.launch_s[:, :, 0])
    assert met.any(axis=1).all()
    assert not met.all()
    for b, u in np.argwhere(met):
        launch, intercept = g.launch_s[b, u], g.intercept_s[b, u]
        assert (np.diff(launch) >= 0.0).all()
        assert (np.diff(intercept) >= 0.0).all()
        assert (intercept > launch).all()
        assert intercept[-1] < g.impact_s[u]
        reached = np.array([_height(g.states[u], x) for x in intercept])
        i = w.batteries[b].interceptor
        assert (reached >= i.minimum_altitude_m - 500.0).all()
        assert (reached <= i.maximum_altitude_m + 500.0).all()
    assert four_owners().interceptors["thaad"].engages


def _height(states: np.ndarray, when_s: float) -> float:
    k = int(when_s / DT_S)
    w = when_s / DT_S - k
    at = states[k, :3] if w == 0.0 else (1.0 - w) * states[k, :3] + w * states[k + 1, :3]
    return float(sensing.altitude_m(*at))
