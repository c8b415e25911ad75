"""Motion of a tracked missile: it flies as the flight kernels do, and its derivatives are right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench import tracking as bench_tracking
from synaspis.kernels import flight, motion, trajectory
from synaspis.kernels.atmosphere import density_kgpm3, relative_slope_pm
from synaspis.kernels.jit import kernel

STEPS = np.array([10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 1e-3])
# Units in which all entries of a transition are of order one: a metre, a millimetre a second, 1e-4.
UNITS = np.array([1.0, 1.0, 1.0, 1e-3, 1e-3, 1e-3, 1e-4])
LOG_BETA = math.log(5000.0)


def mode(kind: float, noise: float = 0.0, share: float = 0.0, drift: float = 0.0) -> np.ndarray:
    return np.array([kind, noise, share, drift, LOG_BETA, 0.25])


def at(height_m: float, speed_mps: float = 2500.0, seventh: float = LOG_BETA) -> np.ndarray:
    """A state over the middle latitudes, on its way down at 45 degrees."""
    states = bench_tracking.arc()[1]
    up = states[0, :3] / np.linalg.norm(states[0, :3])
    east = np.cross([0.0, 0.0, 1.0], up)
    east /= np.linalg.norm(east)
    radius = 6_371_000.0 + height_m
    return np.concatenate([radius * up, speed_mps * (east - up) / math.sqrt(2.0), [seventh]])


def moved(state: np.ndarray, kind: float, dt_s: float) -> np.ndarray:
    out = state.copy()
    motion.move(out, mode(kind), dt_s, np.zeros(motion.ROOM))
    return out


def transition(state: np.ndarray, kind: float, dt_s: float) -> np.ndarray:
    """PHI of one step, as `predict` leaves it in its working array."""
    room, cov = np.zeros(motion.ROOM), np.eye(7)
    assert motion.steps_for(state, kind, dt_s) == 1
    motion.predict(state.copy(), cov, mode(kind), dt_s, room)
    return room[motion.TURNED].T.copy()


def by_differences(state: np.ndarray, kind: float, dt_s: float) -> np.ndarray:
    columns = []
    for c in range(7):
        step = np.zeros(7)
        step[c] = STEPS[c]
        columns.append((moved(state + step, kind, dt_s) - moved(state - step, kind, dt_s)) / (2.0 * STEPS[c]))
    return np.array(columns).T


# The matrix at the middle of a step leaves an error that grows with how fast it changes: the air's within a
# step of a flight kernel's length, and where the table's next row falls off at another rate.
@pytest.mark.parametrize(
    ("kind", "height_m", "seventh", "dt_s", "within"),
    [
        (motion.VACUUM, 300e3, LOG_BETA, 10.0, 2e-6),
        (motion.DRAG, 200e3, LOG_BETA, 5.0, 1e-6),
        (motion.DRAG, 60e3, LOG_BETA, 0.4, 1e-4),
        (motion.DRAG, 25e3, LOG_BETA, 0.4, 3e-3),
        (motion.DRAG, 10e3, LOG_BETA, 0.1, 3e-3),
        (motion.THRUST, 30e3, 50.0, 1.0, 1e-5),
    ],
)
def test_the_transition_is_the_derivative_of_the_motion(
    kind: float, height_m: float, seventh: float, dt_s: float, within: float
) -> None:
    state = at(height_m, seventh=seventh)
    off = transition(state, kind, dt_s) - by_differences(state, kind, dt_s)
    assert np.abs(off * UNITS / UNITS[:, None]).max() < within


def test_the_slope_is_the_derivative_of_the_acceleration() -> None:
    for kind, height, seventh in ((motion.DRAG, 20e3, LOG_BETA), (motion.VACUUM, 400e3, LOG_BETA)):
        state, out = at(height, seventh=seventh), np.empty((3, 7))
        motion.slope(state, kind, out)
        h = 1e-3
        for c in range(7):
            up, down = state.copy(), state.copy()
            up[c] += STEPS[c]
            down[c] -= STEPS[c]
            change = (moved(up, kind, h) - moved(down, kind, h)) / (2.0 * STEPS[c] * h)
            expected = change[3:6] - (np.eye(3)[c - 3] / h if 3 <= c < 6 else 0.0)
            scale = np.abs(out[:, c]).max() + 1e-9
            np.testing.assert_allclose(out[:, c], expected, atol=2e-3 * scale + 1e-7)


def test_it_flies_as_the_flight_kernels_do() -> None:
    state = at(250e3)
    for kind, drag in ((motion.VACUUM, 0.0), (motion.DRAG, 1.0)):
        steps = motion.steps_for(state, kind, 20.0)
        far = flight.propagate(state[None, :6], np.array([5000.0]), 20.0 / steps, steps, drag=drag)[0]
        np.testing.assert_allclose(moved(state, kind, 20.0)[:6], far, rtol=0.0, atol=1e-6)


def test_the_chain_of_transitions_is_that_of_the_trajectory() -> None:
    times, states, _ = bench_tracking.arc()
    start, count = 60, 200  # above 150 km, where a step lasts a second and more
    times, states = times[start:], states[start:]
    phi, first = trajectory.transition(
        states[None, :count], np.zeros(1), np.array([float(count)]), np.array([5000.0]), 1.0
    )
    assert first[0] == 0
    chain = np.eye(7)
    for k in range(count - 1):
        chain = transition(np.append(states[k], LOG_BETA), motion.DRAG, times[k + 1] - times[k]) @ chain
    off = chain[:6, :6] - phi[0, count - 1]
    # The other takes central differences over 10 m and 0.01 m/s.
    assert np.abs(off * UNITS[:6] / UNITS[:6, None]).max() < 2e-4 * np.abs(chain).max()


def test_flight_under_power_converges_at_order_two() -> None:
    state = at(20e3, speed_mps=800.0, seventh=40.0)

    def flown(parts: int) -> np.ndarray:
        out = state
        for _ in range(parts):
            out = moved(out, motion.THRUST, 8.0 / parts)
        return out[:6]

    coarse, middle, fine = flown(8), flown(16), flown(256)
    ratio = np.linalg.norm(coarse - fine) / np.linalg.norm(middle - fine)
    assert 3.6 < ratio < 4.5


def test_thrust_pushes_along_the_velocity() -> None:
    state = at(300e3, seventh=30.0)
    push = moved(state, motion.THRUST, 0.1)[3:6] - moved(state, motion.VACUUM, 0.1)[3:6]
    along = state[3:6] / np.linalg.norm(state[3:6])
    np.testing.assert_allclose(push, 3.0 * along, atol=3e-3)


@pytest.mark.parametrize(
    ("kind", "noise", "share"),
    [
        (motion.THRUST, 2.0, 0.1),
        (motion.THRUST, 1e-3, 0.0),  # so little that the drift of the thrust shows
        (motion.VACUUM, 2.0, 0.0),
        (motion.DRAG, 2.0, 0.0),
    ],
)
def test_noise_does_not_depend_on_how_time_is_divided(kind: float, noise: float, share: float) -> None:
    row = mode(kind, noise=noise, share=share, drift=0.5)
    state = at(250e3, seventh=30.0 if kind == motion.THRUST else LOG_BETA)
    found = []
    for parts in (1, 50):
        mean, cov = state.copy(), np.zeros((7, 7))
        for _ in range(parts):
            motion.predict(mean, cov, row, 1.0 / parts, np.zeros(motion.ROOM))
        found.append(cov)
        np.testing.assert_allclose(cov, cov.T, rtol=1e-9, atol=1e-12)
    scale = np.sqrt(np.outer(np.diag(found[1]), np.diag(found[1])))
    assert np.abs((found[0] - found[1]) / scale).max() < 0.02
    assert np.linalg.eigvalsh(found[0] / scale).min() > 0.0


def test_noise_grows_with_drag() -> None:
    row = mode(motion.DRAG, share=0.01)
    spread = []
    for height in (20e3, 200e3):
        cov = np.zeros((7, 7))
        motion.predict(at(height), cov, row, 0.1, np.zeros(motion.ROOM))
        spread.append(cov[4, 4])
    assert spread[0] > 0.01
    assert spread[1] < 1e-9 * spread[0]


@pytest.mark.parametrize("dt_s", [0.0, -1.0, math.nan])
def test_no_time_moves_nothing(dt_s: float) -> None:
    mean, cov = at(100e3), np.eye(7)
    motion.predict(mean, cov, mode(motion.DRAG, noise=1.0), dt_s, np.zeros(motion.ROOM))
    assert np.array_equal(mean, at(100e3))
    assert np.array_equal(cov, np.eye(7))


@kernel
def _air(height_m: float) -> tuple[float, float]:
    return density_kgpm3(height_m), relative_slope_pm(height_m)


def test_the_slope_of_the_air_is_that_of_its_table() -> None:
    for height in (1100.0, 30_100.0, 85_900.0, 300_100.0):
        above, below = _air(height + 1.0)[0], _air(height - 1.0)[0]
        assert _air(height)[1] == pytest.approx(math.log(above / below) / 2.0, rel=1e-5)
    assert _air(-2000.0)[1] == 0.0
    assert _air(2e6)[1] == 0.0
