"""A drill as Cursor-on-Target: marked events by the world's clock, which a client may drop in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from synaspis.interop import cot
from synaspis.interop.cot import CotEvent
from synaspis.interop.cot_live import CotFeed
from synaspis.interop.live import Moment

from .drilled import DRILL, NAME, SITES, at, shot

NOW_S = 1_800_000_000.0


def told(feed: CotFeed, moment: Moment, after_s: float = 0.0) -> dict[str, CotEvent]:
    found = [cot.decode(data) for data in feed.datagrams(moment, NOW_S + after_s)]
    return {each.callsign: each for each in found}


def test_sites_once_a_minute_and_missiles_every_two_seconds() -> None:
    feed = CotFeed(DRILL)
    seen = [told(feed, at(float(s), NAME), float(s)) for s in range(65)]
    sites = {"EXERCISE deveselu", "EXERCISE kurecik", "EXERCISE sofia"}
    assert [s for s, each in enumerate(seen) if sites & set(each)] == [0, 60]
    assert sites <= set(seen[0])
    assert [s for s, each in enumerate(seen) if f"EXERCISE {NAME}" in each] == list(range(0, 65, 2))
    assert len({each[f"EXERCISE {NAME}"].uid for each in seen[::2]}) == 1


def test_it_is_marked_and_has_the_worlds_time_and_no_speed() -> None:
    event = told(CotFeed(DRILL), at(150.0, NAME))[f"EXERCISE {NAME}"]
    assert event.marking.releasable_to == ("USA",) and event.how == "m-s"
    assert event.time == dt.datetime.fromtimestamp(NOW_S, dt.UTC)
    assert (event.stale - event.time).total_seconds() == 6.0
    assert (event.course_deg, event.speed_mps) == (None, None)
    assert (event.latitude_deg, event.longitude_deg, event.height_m) == (41.5, 30.0, 150_000.0)


def test_what_flies_no_more_is_stale_at_once_and_news_come_once() -> None:
    feed = CotFeed(DRILL)
    told(feed, at(100.0, NAME, events=(shot("fired", 90.0),)))
    last = told(feed, at(101.0, events=(shot("fired", 90.0), shot("hit", 100.5))), 1.0)
    gone = last.pop(f"EXERCISE {NAME}")
    assert gone.stale == gone.time
    assert list(last) == [f"EXERCISE hit {NAME}"]
    assert told(feed, at(102.0, events=(shot("fired", 90.0), shot("hit", 100.5))), 2.0) == {}


def test_two_drills_have_events_of_their_own() -> None:
    one, other = CotFeed(DRILL), CotFeed(replace(DRILL, name="other"))
    name = "EXERCISE deveselu"
    assert told(one, at(0.0))[name].uid != told(other, at(0.0))[name].uid


def test_nobody_to_release_to_or_the_end_tells_nothing() -> None:
    nobodys = tuple(replace(s, owner="") for s in SITES)
    assert told(CotFeed(DRILL), at(1.0, NAME, sites=nobodys)) == {}
    assert told(CotFeed(DRILL), at(1.0, NAME, state="over")) == {}
