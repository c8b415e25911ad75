"""Orders from outside: with the orders of a batch a raid ends as in that batch; without one nobody fires."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from synaspis.engine.advance import advance, start
from synaspis.engine.batch import key_of, play, replayed, working_state
from synaspis.engine.heap import LOGGED, Floats
from synaspis.engine.layout import (
    ALOFT,
    FATE,
    GRANT,
    KILLED,
    KILLED_ASTRAY,
    KILLER,
    KNOW,
    LOG,
    SB,
    SBT,
    SNT,
    N,
    State,
)
from synaspis.engine.manual import Engagements, Happened, by_order, kept, manual, order, put_back, requests
from synaspis.engine.tables import EngineTables
from tests.engine.scene import EVERYTHING, arena_of_four, authority, mandate, permit, rule_of, tables_of

INF = float("inf")
SLOW = (
    permit("all-see", "measurement"),
    mandate("all-defend"),
    authority("all-fire", decision_s=30.0, spread=0.5, unreachable=0.2),
)
TRIALS = range(6)


@cache
def slow() -> EngineTables:
    return tables_of(arena_of_four(), *SLOW)


@cache
def ordered_world() -> EngineTables:
    a = arena_of_four()
    return by_order(a.w, a.g, rule_of(EVERYTHING))


def begun(tables: EngineTables, trial: int) -> State:
    state = working_state(tables, 4096)
    start(np.uint64(key_of(5, trial)), tables.for_kernel(), state)
    return state


def granted(tables: EngineTables, trial: int) -> Floats:
    """Rows (time, battery, missile) of the orders in a batch's trial."""
    state = replayed(tables, 5, trial)
    log = state[LOG][: state[N][LOGGED]]
    return log[log[:, 1] == GRANT][:, [0, 2, 3]]


@pytest.mark.parametrize("trial", TRIALS)
def test_the_orders_of_a_batch_give_its_outcome(trial: int) -> None:
    tables = slow()
    by_hand = manual(tables, range(tables.battery.shape[1]))
    key, state = np.uint64(key_of(5, trial)), begun(by_hand, trial)
    for time_s, b, t in granted(tables, trial):
        advance(key, by_hand.for_kernel(), state, np.nextafter(time_s, -INF))
        order(by_hand.for_kernel(), state, int(b), int(t), time_s, INF)
    advance(key, by_hand.for_kernel(), state, INF)
    usual = replayed(tables, 5, trial)
    for part in (FATE, KILLER, SNT, SBT, SB, ALOFT):
        assert np.array_equal(state[part], usual[part], equal_nan=True), part


def test_the_trials_above_hold_kills_and_orders_that_never_came() -> None:
    fates = np.array([replayed(slow(), 5, trial)[FATE] for trial in TRIALS])
    assert np.isin(fates, (KILLED, KILLED_ASTRAY)).sum() >= 3
    assert any(len(granted(slow(), trial)) < slow().reach.sum() for trial in TRIALS)


def test_a_manual_battery_asks_and_waits() -> None:
    tables = slow()
    some = (0, 1)
    by_hand, key = manual(tables, some), np.uint64(key_of(5, 0))
    state = begun(by_hand, 0)
    waited: set[tuple[int, int]] = set()
    for time_s in range(0, 900, 10):
        advance(key, by_hand.for_kernel(), state, float(time_s))
        rows = [(int(b), int(t)) for b, t in requests(by_hand, state, some, float(time_s))]
        assert {b for b, _ in rows} <= set(some)
        waited.update(rows)
    log = state[LOG][: state[N][LOGGED]]
    assert waited
    assert not np.isin(log[log[:, 1] == GRANT][:, 2], some).any()
    knew = {(int(a), int(t)) for a, t in log[log[:, 1] == KNOW][:, [2, 3]]}
    owner = tables.battery[0].astype(int)
    assert {(owner[b], t) for b, t in waited} <= knew
    assert play(by_hand, 5, 20, 1).rounds[:, list(some)].sum() == 0
    assert play(tables, 5, 20, 1).rounds[:, list(some)].sum() > 0


def test_what_was_ordered_waits_no_more() -> None:
    tables, key = manual(slow(), (0, 1, 2)), np.uint64(key_of(5, 0))
    state = begun(tables, 0)
    for time_s in range(0, 900, 10):
        advance(key, tables.for_kernel(), state, float(time_s))
        rows = requests(tables, state, (0, 1, 2), float(time_s))
        if len(rows):
            b, t = (int(x) for x in rows[0])
            order(tables.for_kernel(), state, b, t, float(time_s), float(time_s))
            again = requests(tables, state, (0, 1, 2), float(time_s))
            assert len(again) == len(rows) - 1
            return
    pytest.fail("nobody asked")


def test_stepping_back_goes_on_alike() -> None:
    tables, key = slow(), np.uint64(key_of(5, 1))
    state = begun(tables, 1)
    advance(key, tables.for_kernel(), state, 200.0)
    before = kept(state)
    advance(key, tables.for_kernel(), state, INF)
    after = kept(state)
    put_back(state, before)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(state, before, strict=True))
    advance(key, tables.for_kernel(), state, INF)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(state, after, strict=True))
    assert not np.array_equal(after[FATE], before[FATE])


def pair(e: Engagements) -> tuple[int, int]:
    """A battery and a missile that flies and that it can meet."""
    reach = np.isfinite(e.compiled.bt[:, 1, :]) & ~e.duds[:, None]
    t, b = np.argwhere(reach)[0]
    return int(b), int(t)


def test_nobody_fires_but_on_an_order() -> None:
    e = Engagements(ordered_world(), 5)
    assert e.advance(INF) == ()
    assert not np.isin(e.state[FATE], (KILLED, KILLED_ASTRAY)).any()


def test_an_order_is_carried_out_by_doctrine() -> None:
    killed = 0
    for trial in range(8):
        e = Engagements(ordered_world(), 5, trial)
        b, t = pair(e)
        full = e.rounds(b)
        when_s = e.last_s(b, t) - 60.0
        assert e.why_not(b, t, when_s) == ""
        assert e.advance(when_s) == ()
        assert not e.ordered(b, t)
        e.order(b, t, when_s)
        assert e.ordered(b, t)
        told = e.advance(INF)
        assert [h.kind for h in told[:3]] == ["fired", "arrived", "looked"]
        assert {(h.battery, h.missile) for h in told} == {(b, t)}
        assert told[0] == Happened(when_s, "fired", b, t, told[0].value)
        assert full - e.rounds(b) == e.fired(b, t) == sum(h.value for h in told if h.kind == "fired")
        assert e.over(b, t, INF)
        hit = [h for h in told if h.kind == "arrived" and h.value == 1.0]
        killed += len(hit)
        assert bool(hit) == (e.state[FATE][t] in (KILLED, KILLED_ASTRAY))
        if told[-1].value == 1.0:
            assert e.why_not(b, t, when_s) == "it is taken for dead"
    assert killed >= 3


def test_an_order_that_comes_behind_counts_from_where_it_was_played_to() -> None:
    e = Engagements(ordered_world(), 5)
    b, t = pair(e)
    when_s = e.last_s(b, t) - 60.0
    e.advance(when_s)
    e.order(b, t, when_s - 30.0)
    assert e.advance(INF)[0].time_s == when_s


def test_what_an_order_cannot_do_is_said() -> None:
    e = Engagements(ordered_world(), 5)
    b, t = pair(e)
    assert e.why_not(b, t, e.last_s(b, t) + 1.0).startswith("too late")
    last = e.compiled.bt[:, 1, :]
    far, near = np.argwhere(last == -INF), np.argwhere(np.isfinite(last))
    assert len(far)
    assert len(near)
    assert e.why_not(int(far[0][1]), int(far[0][0]), 0.0).startswith("no launch")
    e.state[4][0, b] = 0.0  # its rounds
    assert e.why_not(b, t, 0.0) == "no rounds but the reserve"
