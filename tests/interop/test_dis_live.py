"""A drill as DIS: its clock, what moves and how often, what happens, and a step back."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest

from synaspis.interop import dis
from synaspis.interop.dis_cast import DESTROYED, FROZEN, GONE, REACH_M
from synaspis.interop.dis_live import DisFeed
from synaspis.interop.dis_reckoning import reckon
from synaspis.interop.dis_records import (
    ZERO,
    Detonation,
    Emission,
    EntityState,
    Fire,
    Pdu,
    StartResume,
    StopFreeze,
    past_hour_s,
)
from synaspis.interop.live import Moment

from .drilled import DRILL, NAME, at, shot
from .told import STARTS

NOW_S = 1_800_000_000.0
T = TypeVar("T", bound=Pdu)


def told(feed: DisFeed, moment: Moment, real_s: float = NOW_S) -> list[Pdu]:
    found = []
    for data in feed.datagrams(moment, real_s):
        pdu = dis.decode(data)
        assert not isinstance(pdu, dis.Malformed)
        assert pdu.head.exercise == 1
        found.append(pdu)
    return found


def of(pdus: Sequence[Pdu], kind: type[T]) -> list[T]:
    return [pdu for pdu in pdus if isinstance(pdu, kind)]


def missiles(pdus: Sequence[Pdu]) -> list[EntityState]:
    return [pdu for pdu in of(pdus, EntityState) if pdu.force == 2]


def test_the_clock_waits_runs_stands_goes_on_faster_and_ends() -> None:
    feed = DisFeed(DRILL)
    kinds = []
    moments = [
        at(0.0, state="waiting"), at(0.0), at(1.0), at(2.0, state="paused"), at(2.0, state="paused"), at(2.5),
        replace(at(4.0), speed=4.0), at(9.0, state="over"), at(9.0, state="over"),
    ]  # fmt: skip
    for n, moment in enumerate(moments):
        clock = [p for p in told(feed, moment, NOW_S + n) if isinstance(p, StartResume | StopFreeze)]
        kinds.append([(type(p).__name__, getattr(p, "reason", None)) for p in clock])
    start, recess, end = ("StartResume", None), ("StopFreeze", 1), ("StopFreeze", 2)
    assert kinds == [[recess], [start], [], [recess], [], [start], [start], [end], []]


def test_a_start_has_the_worlds_time_and_the_raids() -> None:
    (start,) = of(told(DisFeed(DRILL), at(7.0)), StartResume)
    unix_s = STARTS.replace(tzinfo=dt.UTC).timestamp() + 7.0
    for clock, time_s in ((start.real_world, NOW_S), (start.simulation, unix_s)):
        assert clock.hours * 3600.0 + past_hour_s(clock.past) == pytest.approx(time_s, abs=1e-5)
    assert past_hour_s(start.head.timestamp) == pytest.approx(unix_s % 3600.0, abs=1e-5)


def test_what_stands_still_is_told_once_a_minute_and_radars_while_time_runs() -> None:
    feed = DisFeed(DRILL)
    seen = [told(feed, at(float(s), state="waiting" if s < 5 else "running"), NOW_S + s) for s in range(130)]
    sites = [s for s, pdus in enumerate(seen) for p in of(pdus, EntityState)]
    assert sites == [0, 0, 60, 60, 120, 120]
    assert [s for s, pdus in enumerate(seen) if of(pdus, Emission)] == list(range(5, 130, 10))


def test_dead_reckoning_stays_near_a_missile_and_a_steady_one_is_told_every_five_seconds() -> None:
    feed, last, when = DisFeed(DRILL), None, list[float]()
    for n in range(800):
        time_s = n / 4.0
        moment = at(time_s, NAME)
        if new := missiles(told(feed, moment, NOW_S + time_s)):
            (last,), sent_s = new, time_s
            when.append(time_s)
        assert last is not None and last.marking == "EX M1 mrbm-"
        f = moment.flying[NAME]
        where, _ = reckon(last.algorithm, time_s - sent_s, np.array(last.location), np.array(last.velocity))
        true = missiles(told(DisFeed(DRILL), moment))[0].location
        assert math.dist(where, true) <= REACH_M + 1.0, (time_s, f)
    falling = [b - a for a, b in itertools.pairwise(when) if a > 120.0]
    assert max(falling) <= 5.0 and sum(falling) / len(falling) > 3.0


def test_no_velocity_is_told_before_the_highest_point() -> None:
    feed = DisFeed(DRILL)
    seen = {t: missiles(told(feed, at(t, NAME), NOW_S + t)) for t in np.arange(0.0, 150.0, 1.0).tolist()}
    assert all(p.velocity == ZERO and p.algorithm == 1 for t in seen for p in seen[t] if t <= 100.0)
    fall = [p for t in seen for p in seen[t] if t > 110.0]
    assert fall and all(np.linalg.norm(p.velocity) == pytest.approx(1494.0, rel=0.02) for p in fall)


def test_standing_still_is_shown_and_kept_alive() -> None:
    feed = DisFeed(DRILL)
    for t in (120.0, 125.0):
        told(feed, at(t, NAME), NOW_S + t)
    stands = [missiles(told(feed, at(125.0, NAME, state="paused"), NOW_S + 125.0 + s)) for s in range(13)]
    assert [len(each) for each in stands] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    assert {(p.appearance, p.velocity) for each in stands for p in each} == {(FROZEN, ZERO)}
    (again,) = missiles(told(feed, at(125.5, NAME), NOW_S + 139.0))
    assert again.appearance == 0 and again.velocity != ZERO


def test_shots_landings_and_what_is_no_more() -> None:
    feed = DisFeed(DRILL)
    early = (shot("fired", 10.0),)
    first = told(feed, at(100.0, NAME, events=early))
    assert not of(first, Fire), "what happened before somebody listened is not told again"
    events = (*early, shot("fired", 101.0))
    (fire,) = of(told(feed, at(101.0, NAME, events=events)), Fire)
    assert not of(told(feed, at(101.5, NAME, events=events)), Fire)
    events = (*events, shot("hit", 130.0))
    last = told(feed, at(130.5, events=events, ended={NAME: "down"}))
    (burst,), (gone,) = of(last, Detonation), missiles(last)
    assert (burst.event, burst.shooter, burst.result) == (fire.event, fire.shooter, 1)
    assert tuple(burst.descriptor.type) == tuple(fire.descriptor.type) == (2, 1, 225, 1, 27, 3, 0)
    assert burst.target == gone.entity == missiles(first)[0].entity
    assert gone.appearance == GONE | DESTROYED
    assert not missiles(told(feed, at(131.0, events=events, ended={NAME: "down"})))


def test_a_landing_is_a_detonation_of_the_missile() -> None:
    feed = DisFeed(DRILL)
    told(feed, at(150.0, NAME))
    last = told(feed, at(151.0, events=(shot("landed", 150.8, ""),), ended={NAME: "hit"}))
    (burst,), (gone,) = of(last, Detonation), missiles(last)
    assert (burst.munition, burst.result, burst.shooter) == (gone.entity, 3, (0, 0, 0))
    assert tuple(burst.descriptor.type)[:2] == (2, 10) and gone.appearance == GONE


def test_a_step_back_takes_away_what_flew_and_tells_what_happens_again() -> None:
    feed = DisFeed(DRILL)
    told(feed, at(100.0, NAME))
    events = (shot("fired", 105.0),)
    assert of(told(feed, at(110.0, NAME, events=events)), Fire)
    back = told(feed, at(50.0, NAME, state="paused"))
    assert [p.appearance for p in missiles(back)] == [GONE, FROZEN]
    assert of(back, StopFreeze) and len({p.entity for p in missiles(back)}) == 1
    again = told(feed, at(106.0, NAME, events=events))
    assert of(again, StartResume) and of(again, Fire)
