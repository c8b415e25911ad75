"""The bound on track quality, against a recursive filter and against its own promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.kernels import alike, bound
from synaspis.kernels.bound import IMPACT, TRACK

DT_S = 4.0
SAMPLES = 100
BURNOUT_S = 80.0
IMPACT_S = (SAMPLES - 1) * DT_S
NEVER_BAD = 1e12
ALERT_M = 100e3
Matrix = np.ndarray


def transitions() -> Matrix:
    """(1, K, 6, 6) of motion at constant velocity, from burnout."""
    phi = np.zeros((1, SAMPLES, 6, 6))
    for k in range(SAMPLES):
        phi[0, k] = np.eye(6)
        phi[0, k, :3, 3:] = (k * DT_S - BURNOUT_S) * np.eye(3)
    return phi


PHI = transitions()
IMPACT_ROWS = PHI[:, -1, :2, :]


def looks(seed: int, sigma_m: float) -> Matrix:
    """(K, 3, 3) information of each sample's look: a line of sight that turns, ten times better along it."""
    rng = np.random.default_rng(seed)
    out = np.zeros((SAMPLES, 3, 3))
    for k in range(SAMPLES):
        line = rng.normal(size=3) + np.array([3.0, 0.02 * k, 1.0])
        line /= np.linalg.norm(line)
        out[k] = (100.0 * np.outer(line, line) + np.eye(3)) / sigma_m**2
    return out


class Stage:
    """Sensors that each see samples `first` to `last` of one flight, and sources made of them."""

    def __init__(self, *sensors: tuple[Matrix, int, int]) -> None:
        self.looks = sensors
        span, offset, coast = [], [], []
        for info, first, last in sensors:
            offset.append(len(coast))
            span.append((first, last))
            total = np.zeros((6, 6))
            for k in range(first, last + 1):
                if k * DT_S >= BURNOUT_S:
                    total = total + PHI[0, k, :3].T @ info[k] @ PHI[0, k, :3]
                coast.append(total)
        self.boost = np.zeros((len(sensors), 12, 12))
        self.store = (
            np.arange(len(sensors))[:, None], np.array(span), np.array(offset), np.array(coast), self.boost,
            np.array([BURNOUT_S]),
        )  # fmt: skip

    def sources(
        self, *groups: tuple[list[int], float, int], since: float = -math.inf, floor: float = 0.0,
        until: float = math.inf,
    ) -> tuple[Matrix, ...]:  # fmt: skip
        """Groups of (sensors, delay, level) that stream from their first sample on."""
        sensor = [s for members, _, _ in groups for s in members]
        return (
            np.cumsum([0, *(len(members) for members, _, _ in groups)]),
            np.array(sensor),
            np.array([d for members, d, _ in groups for _ in members], float),
            np.array([[self.store[bound.SPAN][s, 0] * DT_S] for s in sensor]),
            np.full((len(groups), 1), since),
            np.array([level for _, _, level in groups]),
            np.full(len(groups), floor),
            np.full((len(groups), 1), until),
        )

    def error_m(
        self, now_s: float, sources: tuple[Matrix, ...], criterion: int = TRACK, lowest: int = 0,
        floor_m: float = ALERT_M,
    ) -> float:  # fmt: skip
        rows = np.zeros((3, 6))
        if criterion == TRACK:
            rows[:] = PHI[0, round(now_s / DT_S), :3]
        else:
            rows[:2] = IMPACT_ROWS[0]
        asked, room = (criterion, lowest, floor_m), bound.room_for(sources)
        return float(bound.error_m(0, now_s, rows, asked, sources, self.store, DT_S, room, -1.0))

    def first_s(
        self, limit_m: float, sources: tuple[Matrix, ...], criterion: int = TRACK, lowest: int = 0
    ) -> float:
        out = np.empty(1)
        earliest = (sources[bound.START] + sources[bound.DELAY][:, None]).min(axis=0)
        bound.first_times(
            (criterion, lowest, ALERT_M), limit_m, earliest, np.array([IMPACT_S]), PHI, IMPACT_ROWS, sources,
            self.store, DT_S, bound.room_for(sources), np.zeros(1, np.int64), out,
        )  # fmt: skip
        return float(out[0])

    def told(self, sources: tuple[Matrix, ...], lowest: int = 0) -> bytes:
        """What `first_times` rests on."""
        earliest = (sources[bound.START] + sources[bound.DELAY][:, None]).min(axis=0)
        out, count = np.empty((1, alike.told_columns(sources))), np.empty(1, np.int64)
        alike.what_tells(
            (TRACK, lowest, ALERT_M), earliest, np.array([IMPACT_S]), sources, self.store, DT_S, out, count
        )
        return out[0, : count[0]].tobytes()


LONG = (looks(1, 800.0), 25, 90)
LATE = (looks(2, 200.0), 50, 90)
POOR = (looks(3, 5000.0), 22, 95)


def filtered(stage: Stage, members: list[int], now_s: float) -> Matrix:
    """Covariance at `now_s` of a recursive information filter: predict a step, then add each look."""
    state = np.diag([bound.POSITION_PRIOR] * 3 + [bound.VELOCITY_PRIOR] * 3)
    step = np.eye(6)
    step[:3, 3:] = DT_S * np.eye(3)
    back = np.linalg.inv(step)
    k = round(BURNOUT_S / DT_S)
    while True:
        for m in members:
            info, first, last = stage.looks[m]
            if first <= k <= last:
                state[:3, :3] += info[k]
        if k * DT_S >= now_s:
            return np.linalg.inv(state)
        state = back.T @ state @ back
        k += 1


@pytest.mark.parametrize("now_s", [104.0, 120.0, 204.0, 300.0, 380.0])
@pytest.mark.parametrize("members", [[0], [2], [0, 1], [0, 1, 2]])
def test_the_form_by_information_is_the_recursive_filter(members: list[int], now_s: float) -> None:
    stage = Stage(LONG, LATE, POOR)
    covariance = filtered(stage, members, now_s)
    found = stage.error_m(now_s, stage.sources((members, 0.0, 5)))
    assert found == pytest.approx(math.sqrt(np.trace(covariance[:3, :3])), rel=1e-6)


@pytest.mark.parametrize("members", [[0], [0, 1, 2]])
def test_the_impact_ellipse_is_the_filter_s_carried_to_impact(members: list[int]) -> None:
    stage = Stage(LONG, LATE, POOR)
    onward = np.eye(6)
    onward[:3, 3:] = (IMPACT_S - 240.0) * np.eye(3)
    covariance = (onward @ filtered(stage, members, 240.0) @ onward.T)[:2, :2]
    axis = math.sqrt(np.linalg.eigvalsh(covariance)[-1])
    found = stage.error_m(240.0, stage.sources((members, 0.0, 5)), IMPACT)
    assert found == pytest.approx(axis * math.sqrt(-2.0 * math.log(0.1)), rel=1e-6)


def test_ninety_in_a_hundred_lie_in_the_ellipse() -> None:
    """Two dimensions: P(r < k sigma) = 1 - exp(-k^2 / 2)."""
    assert 1.0 - math.exp(-(bound.ELLIPSE_90**2) / 2.0) == pytest.approx(0.9, rel=1e-12)


def test_between_samples_information_grows_evenly() -> None:
    stage = Stage(LONG)
    sources = stage.sources(([0], 0.0, 5))
    out, low, high = (np.empty((6, 6)) for _ in range(3))
    for now_s, into in ((201.0, out), (200.0, low), (204.0, high)):
        assert bound.gathered(0, now_s, 0, sources, stage.store, DT_S, bound.room_for(sources), into)
    np.testing.assert_allclose(out, 0.75 * low + 0.25 * high, rtol=1e-12)


def test_a_stream_that_begins_late_lacks_what_came_before() -> None:
    stage = Stage(LONG)
    sources = list(stage.sources(([0], 0.0, 5)))
    whole, late, before = (np.empty((6, 6)) for _ in range(3))
    bound.gathered(0, 300.0, 0, tuple(sources), stage.store, DT_S, bound.room_for(tuple(sources)), whole)
    bound.gathered(0, 200.0, 0, tuple(sources), stage.store, DT_S, bound.room_for(tuple(sources)), before)
    sources[bound.START] = np.array([[200.0]])
    assert bound.gathered(
        0, 300.0, 0, tuple(sources), stage.store, DT_S, bound.room_for(tuple(sources)), late
    )
    np.testing.assert_allclose(late, whole - before, rtol=1e-9, atol=1e-18)
    assert not bound.gathered(
        0, 199.0, 0, tuple(sources), stage.store, DT_S, bound.room_for(tuple(sources)), late
    )


def test_after_the_last_look_nothing_more_is_learnt() -> None:
    stage = Stage(LONG)
    sources = stage.sources(([0], 0.0, 5))
    at_end, later = np.empty((6, 6)), np.empty((6, 6))
    bound.gathered(0, 360.0, 0, sources, stage.store, DT_S, bound.room_for(sources), at_end)
    bound.gathered(0, 390.0, 0, sources, stage.store, DT_S, bound.room_for(sources), later)
    np.testing.assert_array_equal(at_end, later)


def test_acceleration_and_jerk_are_integrated_out() -> None:
    """The boost matrix plus its priors, inverted: the covariance of position and velocity stands alone."""
    rng = np.random.default_rng(5)
    root = rng.normal(size=(12, 12)) * np.repeat([1e-3, 1e-2, 1e-2, 1e-1], 3)
    stage = Stage((looks(1, 800.0), 10, 90))
    stage.boost[0] = root.T @ root
    with_boost, without = np.empty((6, 6)), np.empty((6, 6))
    sources = stage.sources(([0], 0.0, 5))
    bound.gathered(0, 200.0, 0, sources, stage.store, DT_S, bound.room_for(sources), with_boost)
    stage.boost[:] = 0.0
    bound.gathered(0, 200.0, 0, sources, stage.store, DT_S, bound.room_for(sources), without)
    full = root.T @ root + np.diag([0.0] * 6 + [bound.ACCELERATION_PRIOR] * 3 + [bound.JERK_PRIOR] * 3)
    expected = np.linalg.inv(np.linalg.inv(full)[:6, :6])
    np.testing.assert_allclose(with_boost - without, expected, rtol=1e-6, atol=1e-12)


# -- sources ----------------------------------------------------------------------------------------


def test_intersection_lies_between_the_best_source_and_all_together() -> None:
    """Covariance intersection (Julier and Uhlmann 1997) is never surer than true fusion."""
    stage = Stage(LONG, LATE)
    gain = 0
    for k in range(52, 90, 3):
        now = k * DT_S
        alone = [stage.error_m(now, stage.sources(([s], 0.0, 2))) for s in (0, 1)]
        crossed = stage.error_m(now, stage.sources(([0], 0.0, 2), ([1], 0.0, 2)))
        fused = stage.error_m(now, stage.sources(([0, 1], 0.0, 2)))
        assert fused * (1.0 - 1e-9) <= crossed <= min(alone)
        gain += crossed < 0.999 * min(alone)
    assert gain > 3, "crossing two sources helps somewhere, or this test shows nothing"


def test_the_same_source_twice_is_no_better_than_once() -> None:
    stage = Stage(LONG)
    once = stage.error_m(200.0, stage.sources(([0], 0.0, 2)))
    assert stage.error_m(200.0, stage.sources(([0], 0.0, 2), ([0], 0.0, 2))) == pytest.approx(once, rel=1e-9)


def test_an_alert_is_never_better_than_its_floor() -> None:
    stage = Stage(LONG, LATE)
    as_alert, as_estimate = stage.sources(([0, 1], 0.0, 0)), stage.sources(([0, 1], 0.0, 1))
    assert stage.error_m(300.0, as_estimate, IMPACT) < ALERT_M
    assert stage.error_m(300.0, as_alert, IMPACT) == ALERT_M
    assert stage.error_m(104.0, as_alert, IMPACT) == stage.error_m(104.0, as_estimate, IMPACT) > ALERT_M
    both = stage.sources(([0], 0.0, 0), ([1], 0.0, 0))
    assert stage.error_m(300.0, both, IMPACT) == ALERT_M, "two alerts are alerts still"


@pytest.mark.parametrize("level", range(5))
def test_only_sources_high_enough_count(level: int) -> None:
    stage = Stage(LONG)
    for lowest in range(5):
        found = stage.error_m(200.0, stage.sources(([0], 0.0, level)), lowest=lowest)
        assert math.isfinite(found) is (level >= lowest)


def test_a_source_may_be_used_from_its_time_on() -> None:
    stage = Stage(LONG)
    late = stage.sources(([0], 0.0, 2), since=200.0)
    assert stage.error_m(196.0, late) == math.inf
    assert stage.error_m(200.0, late) == stage.error_m(200.0, stage.sources(([0], 0.0, 2)))


LIMIT_M = 900.0
BISECTION_S = DT_S / bound.FINENESS


@pytest.mark.parametrize("delay_s", [4.0, 10.0, 31.0])
def test_a_delay_delays_by_itself(delay_s: float) -> None:
    """Impact's ellipse does not move by itself, so the same information counts, so much later."""
    stage = Stage(LONG)
    limit = 30e3
    at_once = stage.first_s(limit, stage.sources(([0], 0.0, 2)), IMPACT)
    later = stage.first_s(limit, stage.sources(([0], delay_s, 2)), IMPACT)
    assert 104.0 < at_once < 300.0
    assert later == pytest.approx(at_once + delay_s, abs=BISECTION_S)


def test_the_first_time_is_the_first_time() -> None:
    stage = Stage(LONG)
    sources = stage.sources(([0], 0.0, 2))
    first = stage.first_s(LIMIT_M, sources)
    before = math.floor(first / DT_S) * DT_S
    assert stage.error_m(before, sources) > LIMIT_M >= stage.error_m(before + DT_S, sources)
    assert stage.first_s(1e-3, sources) == math.inf
    assert stage.first_s(NEVER_BAD, sources) == pytest.approx(100.0, abs=BISECTION_S), "when it begins to see"


def test_no_source_no_time() -> None:
    stage = Stage(LONG)
    assert stage.first_s(NEVER_BAD, stage.sources(([0], 0.0, 2)), lowest=3) == math.inf


GROUPS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
        st.sampled_from([0.0, 3.0, 10.0, 47.0]),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=4,
)
WORLD = Stage(LONG, LATE, POOR)


@settings(max_examples=80, deadline=None)
@given(GROUPS, GROUPS, st.sampled_from([(TRACK, 900.0), (TRACK, 5e3), (IMPACT, 20e3), (IMPACT, 150e3)]))
def test_a_further_source_never_delays_nor_blurs(
    found: list[tuple[list[int], float, int]],
    more: list[tuple[list[int], float, int]],
    asked: tuple[int, float],
) -> None:
    criterion, limit = asked
    before, after = WORLD.sources(*found), WORLD.sources(*found, *more)
    assert WORLD.first_s(limit, after, criterion) <= WORLD.first_s(limit, before, criterion)
    for now_s in (104.0, 160.0, 240.0, 360.0):
        assert WORLD.error_m(now_s, after, criterion) <= WORLD.error_m(now_s, before, criterion)


@settings(max_examples=80, deadline=None)
@given(GROUPS, st.integers(0, 3))
def test_what_tells_is_all_that_a_first_time_rests_on(
    found: list[tuple[list[int], float, int]], lowest: int
) -> None:
    plain = WORLD.sources(*found)
    wider = WORLD.sources(*found, ([0, 1], 3.0, 4), ([2], 0.0, 2))
    wider[bound.START][len(plain[bound.SENSOR]) :] = math.inf
    assert WORLD.told(wider, lowest) == WORLD.told(plain, lowest)
    assert WORLD.first_s(2e3, wider, lowest=lowest) == WORLD.first_s(2e3, plain, lowest=lowest)


def test_whatever_matters_is_told() -> None:
    changed = (
        ([([0], 10.0, 2)], {}), ([([1], 0.0, 2)], {}), ([([0], 0.0, 0)], {}), ([([0, 1], 0.0, 2)], {}),
        ([([0], 0.0, 2), ([1], 0.0, 2)], {}), ([([0], 0.0, 2)], {"since": 200.0}),
        ([([0], 0.0, 2)], {"floor": 5e3}), ([([0], 0.0, 2)], {"until": 250.0}),
    )  # fmt: skip
    told = [WORLD.told(WORLD.sources(*groups, **since)) for groups, since in changed]
    told.append(WORLD.told(WORLD.sources(([0], 0.0, 2))))
    late = WORLD.sources(([0], 0.0, 2))
    late[bound.START][:] += 8.0
    told.append(WORLD.told(late))
    assert len(set(told)) == len(told)
    below = WORLD.sources(([0], 0.0, 2), ([1], 0.0, 1))
    assert WORLD.told(below, lowest=2) == WORLD.told(WORLD.sources(([0], 0.0, 2)), lowest=2)


def test_only_the_flights_asked_for_are_worked_out() -> None:
    two = (PHI.repeat(2, axis=0), IMPACT_ROWS.repeat(2, axis=0), np.array([IMPACT_S] * 2))
    sources = [part.repeat(2, axis=1) if part.ndim == 2 else part for part in WORLD.sources(([0], 0.0, 2))]
    store = (WORLD.store[0].repeat(2, axis=1), *WORLD.store[1:5], np.array([BURNOUT_S] * 2))
    out = np.full(2, -1.0)
    bound.first_times(
        (TRACK, 0, ALERT_M), 2e3, np.zeros(2), two[2], two[0], two[1], tuple(sources), store, DT_S,
        bound.room_for(tuple(sources)), np.array([1]), out,
    )  # fmt: skip
    assert out.tolist() == [-1.0, WORLD.first_s(2e3, WORLD.sources(([0], 0.0, 2)))]


# -- terms of a release -----------------------------------------------------------------------------


def test_what_is_degraded_is_never_better_than_that_alone_or_mixed() -> None:
    fine, coarse = WORLD.sources(([0], 0.0, 2)), WORLD.sources(([0], 0.0, 2), floor=4e3)
    alone = WORLD.error_m(300.0, fine)
    assert WORLD.error_m(300.0, coarse) == pytest.approx(math.hypot(alone, 4e3))
    both = WORLD.sources(([0], 0.0, 2), ([1], 0.0, 2), floor=4e3)
    assert WORLD.error_m(300.0, both) > 4e3
    sharp = WORLD.error_m(300.0, fine, IMPACT)
    assert WORLD.error_m(300.0, coarse, IMPACT) == pytest.approx(math.hypot(sharp, bound.ELLIPSE_90 * 4e3))


def test_what_is_revoked_stays_held_and_is_not_updated() -> None:
    free, cut = WORLD.sources(([0], 10.0, 2)), WORLD.sources(([0], 10.0, 2), until=240.0)
    assert WORLD.error_m(239.0, cut, IMPACT) == WORLD.error_m(239.0, free, IMPACT)
    held = WORLD.error_m(240.0, free, IMPACT)
    for later in (250.0, 300.0, 400.0):
        assert WORLD.error_m(later, cut, IMPACT) == held
        assert WORLD.error_m(later, free, IMPACT) < held
    assert WORLD.error_m(400.0, WORLD.sources(([0], 10.0, 2), since=260.0, until=240.0), IMPACT) == math.inf


# -- launches ---------------------------------------------------------------------------------------


def first_launch(limit_m: float, sources: tuple[Matrix, ...], launch: Matrix, intercept: Matrix) -> float:
    out = np.empty(1)
    bound.first_launches(
        (TRACK, 3, 0.0),
        limit_m,
        launch[None],
        intercept[None],
        PHI,
        sources,
        WORLD.store,
        DT_S,
        bound.room_for(sources),
        out,
    )
    return float(out[0])


def test_a_launch_waits_until_the_track_is_good_enough_at_the_intercept() -> None:
    launch = np.array([*np.arange(104.0, 304.0, 8.0), math.inf])
    intercept = launch + 60.0
    sources = WORLD.sources(([0], 0.0, 3))
    error = []
    for at, meets in zip(launch[:-1], intercept[:-1], strict=True):
        onward = np.eye(6)
        onward[:3, 3:] = (meets - at) * np.eye(3)
        covariance = onward @ filtered(WORLD, [0], at) @ onward.T
        error.append(math.sqrt(np.trace(covariance[:3, :3])))
    for limit in (1e5, 2000.0, 500.0, 300.0):
        expected = next(at for at, e in zip(launch[:-1], error, strict=True) if e <= limit)
        assert first_launch(limit, sources, launch, intercept) == expected
    assert first_launch(min(error) * 0.999, sources, launch, intercept) == math.inf
    assert first_launch(NEVER_BAD, WORLD.sources(([0], 0.0, 2)), launch, intercept) == math.inf
