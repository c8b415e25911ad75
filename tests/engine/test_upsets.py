"""What befalls a raid as it is watched changes what it is about, from then on, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import inf

import numpy as np
import pytest

from synaspis.engine import upsets
from synaspis.engine.detections import FRAME_S, Range
from synaspis.engine.manual import Engagements, by_order
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import first_light, with_file, with_threats

UNTIL_S = 240.0
Told = dict[tuple[str, float], bytes]
"""By station and time: the rows of a scan."""


def spare(case: Case, start_s: float) -> Case:
    """The raid with one more missile at Bucharest."""
    one = replace(case.file.raid[0], count=1, start_s=start_s)
    return with_file(case, raid=(*case.file.raid, one))


@cache
def lit(start_s: float = inf) -> Arena:
    """First light; with one more missile where a start is given."""
    case = first_light()
    return arena(case if start_s == inf else spare(case, start_s), 1)


def watch(over: Range, at: dict[float, Callable[[float], object]] | None = None) -> Told:
    """All scans until a time; what is to happen at some times happens before what is seen at them."""
    found: Told = {}
    for number in range(1, int(UNTIL_S / FRAME_S) + 1):
        for when_s in [t for t in at or {} if t <= number * FRAME_S]:
            (at or {}).pop(when_s)(when_s)
        for seen in over.frame(number):
            station = over.w.stations[seen.station].name
            found[station, number * FRAME_S] = seen.scan.rows.tobytes()
    return found


@cache
def plain() -> Told:
    return watch(Range(lit().w, lit().g, 1))


def differ(one: Told, other: Told) -> set[tuple[str, float]]:
    """Where two are not the same."""
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


def row(over: Range, station: str) -> int:
    return next(i for i, s in enumerate(over.w.stations) if s.name == station)


def test_a_missile_that_is_held_back_is_not_there() -> None:
    over = Range(lit(0.0).w, lit(0.0).g, 1)
    upsets.hold_back(over, [3])
    assert watch(over) == plain() and len(plain()) > 100
    assert over.ends_s == Range(lit().w, lit().g, 1).ends_s


def test_one_that_is_launched_is_as_if_the_raid_had_it_so() -> None:
    over = Range(lit(0.0).w, lit(0.0).g, 1)
    upsets.hold_back(over, [3])
    told = watch(over, {40.0: lambda now_s: upsets.launch(over, 3, now_s)})
    meant = Range(lit(40.0).w, lit(40.0).g, 1)
    assert told == watch(meant) and differ(told, plain())
    assert over.ends_s == meant.ends_s
    np.testing.assert_array_equal(over.seen_s, meant.seen_s)


def test_a_station_that_fails_tells_nothing_until_it_works() -> None:
    over = Range(lit().w, lit().g, 1)
    rows = [row(over, "geo-east")]
    when = {
        80.0: lambda now_s: upsets.fail(over, rows, True, now_s),
        120.0: lambda now_s: upsets.fail(over, rows, False, now_s),
    }
    told = watch(over, when)
    assert {station for station, _ in differ(told, plain())} == {"geo-east"}
    times = [at_s for station, at_s in told if station == "geo-east"]
    assert any(at_s < 80.0 for at_s in times) and any(at_s >= 120.0 for at_s in times)
    assert not any(80.0 <= at_s < 120.0 for at_s in times)


def test_what_is_found_without_a_cue_is_what_the_geometry_says() -> None:
    over = Range(lit().w, lit().g, 1)
    for t in range(len(over.w.missiles)):
        sky = np.flatnonzero((lit().g.skies.rows == over.skies[t]).all(axis=1))[0]
        want_s = lit().g.seen_in_s[sky, :, lit().g.flight_of[t]] + over.launch_s[t]
        np.testing.assert_array_equal(upsets.found_s(over, t), want_s)


def test_cloud_delays_satellites_alone_and_what_is_found_stays_found() -> None:
    first: dict[bool, float] = {}
    for cloudy in (False, True):
        over = Range(lit().w, lit().g, 1)
        upsets.cloud(over, np.arange(3), cloudy, 0.0)
        told = watch(over)
        first[cloudy] = min(at_s for station, at_s in told if station.startswith("geo"))
        radars = {station for station, _ in differ(told, plain())}
        assert not any(station.endswith("radar") or station == "kurecik" for station in radars)
    assert first[True] > first[False]
    over = Range(lit().w, lit().g, 1)
    watch(over)
    before = over.seen_s.copy()
    upsets.cloud(over, np.arange(3), True, UNTIL_S)
    np.testing.assert_array_equal(over.seen_s[before <= UNTIL_S], before[before <= UNTIL_S])


@pytest.mark.parametrize("station", ["geo-east", "kurecik"])
def test_a_false_alarm_is_one_stations_and_passes(station: str) -> None:
    over = Range(lit().w, lit().g, 1)
    told = watch(over, {20.0: lambda now_s: upsets.pretend(over, row(over, station), now_s, 60.0)})
    changed = differ(told, plain())
    assert {name for name, _ in changed} == {station}
    assert all(20.0 <= at_s < 80.0 for _, at_s in changed) and len(changed) > 5
    assert over.ends_s == Range(lit().w, lit().g, 1).ends_s


def test_a_station_that_could_see_nothing_takes_it_for_nothing() -> None:
    over = Range(lit().w, lit().g, 1)
    blind = np.flatnonzero(~np.isfinite(lit().g.seen_in_s[lit().g.skies.usual]).any(axis=1)).tolist()
    assert not any(upsets.pretend(over, s, 0.0, 60.0) for s in blind)
    assert over.phantoms == ()


def test_a_missile_that_is_sure_flies_and_can_be_killed() -> None:
    a = arena(with_threats(first_light(), reliability=1e-6), 1)
    engagements = Engagements(by_order(a.w, a.g, a.rules("allied")), 1)
    assert engagements.duds.all()
    engagements.sure(1)
    assert engagements.duds.tolist() == [True, False, True]


def test_other_tables_of_the_same_world_go_on_from_the_same_state() -> None:
    a = lit()
    engagements = Engagements(by_order(a.w, a.g, a.rules("allied")), 1)
    engagements.advance(100.0)
    rounds = [engagements.rounds(b) for b in range(len(a.w.batteries))]
    later = replace(a.w, missiles=(*a.w.missiles[:2], replace(a.w.missiles[2], launch_s=500.0)))
    last_s = engagements.last_s(0, 2)
    engagements.adopt(by_order(later, a.g, a.rules("national")))
    assert engagements.last_s(0, 2) == last_s + 500.0 - a.w.missiles[2].launch_s
    assert [engagements.rounds(b) for b in range(len(a.w.batteries))] == rounds
