"""Same seed, same bytes: any number of workers, one trial alone, another battery in the world."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from synaspis import api
from synaspis.engine import layout as rows
from synaspis.engine.batch import CHUNK, LONE_CHUNK, Outcomes, begin, play, replay
from synaspis.engine.workers import pool_of
from synaspis.kernels.dice import trial_key
from synaspis.model.summary import summary
from synaspis.studies.arena import Arena, arena, pure
from tests.engine.scene import (
    EVERYTHING,
    arena_of_four,
    authority,
    first_light,
    four_owners,
    mandate,
    permit,
    rule_of,
    tables_of,
    with_file,
)

FINITE = (
    permit("see", "track", delay_s=10.0),
    mandate("defend"),
    authority("fire", decision_s=40.0, spread=0.4),
)


def same(a: Outcomes, b: Outcomes) -> bool:
    return all(x.tobytes() == y.tobytes() for x, y in zip(a.arrays(), b.arrays(), strict=True))


def limited() -> Arena:
    return arena(first_light(), 1)


@pytest.mark.parametrize("jobs", [2, 3])
def test_any_number_of_workers_gives_the_same_bytes(jobs: int) -> None:
    tables = tables_of(limited(), *FINITE)
    trials = 3 * CHUNK + 17
    alone = play(tables, 7, trials, 1)
    assert same(alone, play(tables, 7, trials, jobs))
    assert not same(alone, play(tables, 8, trials, jobs))


def test_trials_begun_in_a_pool_give_the_same_bytes() -> None:
    tables, numbers = tables_of(limited(), *FINITE), np.arange(3, 3 + LONE_CHUNK + CHUNK)
    with pool_of(2) as pool:
        begun = begin(tables, 7, numbers, pool)
        assert same(begun.outcomes, begin(tables, 7, numbers).outcomes)
    assert begun.outcomes is begun.outcomes


def test_what_has_not_begun_when_its_pool_is_left_is_dropped() -> None:
    gate = threading.Event()
    with pool_of(2) as pool:
        assert pool is not None
        held = [pool.submit(gate.wait) for _ in range(2)]
        dropped = pool.submit(print)
        threading.Timer(0.05, gate.set).start()
    assert all(task.done() for task in held)
    assert dropped.cancelled()


def test_orders_that_nobody_asks_for_change_events_alone() -> None:
    full = arena_of_four()
    brief = replace(full, counted=False, _played={}, _compiled={})
    mix = pure(rule_of(EVERYTHING))
    every, fewer = full.play(mix, 7, 200), brief.play(mix, 7, 200)
    assert same(replace(every, events=fewer.events), fewer)
    assert fewer.events.sum() < every.events.sum()


def test_geometry_and_summary_are_the_same_for_any_number_of_workers() -> None:
    told = [
        json.dumps(summary(api.run("first-light", trials=150, seed=3, jobs=jobs)), sort_keys=True)
        for jobs in (1, 2, 3)
    ]
    assert told[0] == told[1] == told[2]
    assert told[0] != json.dumps(summary(api.run("first-light", trials=150, seed=4, jobs=1)), sort_keys=True)


def test_one_trial_alone_is_that_trial_of_a_hundred() -> None:
    tables = tables_of(limited(), *FINITE)
    hundred = play(tables, 7, 100, 2)
    alone = play(tables, 7, 1, 1, first=37)
    for name in ("fate", "killer", "lands", "rounds", "warning_s", "events"):
        assert getattr(hundred, name)[37].tobytes() == getattr(alone, name)[0].tobytes(), name
    assert len({hundred.fate[k].tobytes() for k in range(100)}) > 5, "or any trial would pass"


def test_a_replay_tells_what_the_batch_did() -> None:
    """For keys below and above 2^63: a fault here makes every story of half the trials wrong."""
    tables = tables_of(arena_of_four(), *FINITE)
    out = play(tables, 7, 40, 1)
    high = 0
    for trial in range(40):
        high += int(trial_key(7, trial)) >= 2**63
        log = replay(tables, 7, trial)
        fired = np.zeros(out.rounds.shape[1], int)
        for _, kind, b, _, salvo in log:
            if kind == rows.READY:
                fired[int(b)] += int(salvo)
        assert fired.tolist() == out.rounds[trial].tolist()
        hits = {int(t) for _, kind, _, t, value in log if kind == rows.HIT and value > 0}
        killed = (out.fate[trial] == rows.KILLED) | (out.fate[trial] == rows.KILLED_ASTRAY)
        assert hits == set(np.flatnonzero(killed).tolist())
        assert list(log[:, 0]) == sorted(log[:, 0])
    assert 0 < high < 40


def test_a_battery_out_of_reach_changes_nobody_s_luck() -> None:
    """Dice are named after missiles, batteries and sensors, never numbered."""
    plain = four_owners()
    far = replace(plain.file.batteries[1], name="atlantic", owner="USA", latitude_rad=0.4, longitude_rad=-0.7)
    for batteries in ((*plain.file.batteries, far), (far, *plain.file.batteries)):
        other = arena(with_file(plain, batteries=batteries), 1)
        row = [f.battery.name for f in other.w.batteries].index("atlantic")
        a = play(tables_of(arena_of_four(), *EVERYTHING), 5, 60, 1)
        b = play(tables_of(other, *EVERYTHING), 5, 60, 1)
        for name in ("fate", "lands", "warning_s"):
            assert getattr(a, name).tobytes() == getattr(b, name).tobytes(), name
        assert not b.rounds[:, row].any()
        assert np.array_equal(np.delete(b.rounds, row, axis=1), a.rounds)
        assert np.array_equal(np.delete(b.lost, row, axis=0), a.lost)
        assert a.rounds.any(axis=0).all()


def test_a_second_missile_changes_nothing_for_the_first() -> None:
    plain = four_owners()
    fewer = arena(with_file(plain, raid=(replace(plain.file.raid[0], count=1), *plain.file.raid[1:])), 1)
    a = play(tables_of(arena_of_four(), *EVERYTHING), 5, 60, 1)
    b = play(tables_of(fewer, *EVERYTHING), 5, 60, 1)
    assert np.array_equal(np.delete(a.fate, 1, axis=1), b.fate)


def test_rules_that_compile_alike_have_like_outcomes_and_are_played_once() -> None:
    a = limited()
    more = rule_of((*FINITE, permit("idle", "alert", delay_s=500.0), mandate("again", reserve=3)))
    plain, idle = a.tables(pure(rule_of(FINITE))), a.tables(pure(more))
    assert plain.same_as(idle)
    assert a.play(pure(rule_of(FINITE)), 7, 50) is a.play(pure(more), 7, 50)
    other = rule_of((*FINITE[:2], authority("fire", decision_s=90.0, spread=0.4)))
    assert not plain.same_as(a.tables(pure(other)))
    assert a.play(pure(other), 7, 50) is not a.play(pure(more), 7, 50)
    assert a.play(pure(more), 8, 50) is not a.play(pure(more), 7, 50)


def test_pictures_follow_the_rules_whichever_came_first() -> None:
    """What is remembered from one regime never leaks into another."""
    order = [rule_of(FINITE), rule_of(EVERYTHING), rule_of(FINITE[1:])]
    fresh = [Arena(a.w, a.g, type(a.maker)(a.w, a.g), 1) for a in [limited()] * 3]
    shared = limited()
    for rule, own in zip(order, fresh, strict=True):
        for _ in range(2):
            assert shared.tables(pure(rule)).same_as(own.tables(pure(rule)))
