"""A trial as Cursor-on-Target: all of it, marked, in time, and nothing of how a missile was launched."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from synaspis.errors import InputError
from synaspis.interop import cot, cot_events
from synaspis.interop.cot import CotEvent, Marking
from synaspis.interop.cot_events import EVERY_S, SITES_EVERY_S, Sender, Span
from synaspis.interop.telling import Telling, telling
from tests.interop.told import STARTS, event, flight, hostile, site, small, trial

UTC = dt.UTC
BEGIN = STARTS.replace(tzinfo=UTC)
UP_AND_DOWN = [(0.0, 40.0, 20.0, 0.0), (100.0, 41.0, 20.0, 150.0), (200.0, 42.0, 20.0, 200.0),
               (300.0, 43.0, 20.0, 150.0), (400.0, 44.0, 20.0, 0.0)]  # fmt: skip


def told() -> Telling:
    """A missile that lands, and one killed on its way up; a battery, a satellite, a radar."""
    up = replace(flight("up", UP_AND_DOWN), category="mrbm")
    down = replace(flight("down", UP_AND_DOWN), category="cruise")
    return telling(
        trial(
            (down, up),
            (event("landed", 400.0, "down"), event("hit", 150.0, "up")),
            (site("deveselu"), site("geo", "satellite", 0.0, 60.0), site("kurecik", "radar")),
        )
    )


def documented(what: Telling) -> list[CotEvent]:
    found = cot.read(cot_events.document(what))
    assert found.skipped == 0
    return list(found.read)


def sent(what: Telling) -> list[tuple[float, CotEvent]]:
    return [(time_s, cot.decode(data)) for time_s, data in cot_events.packets(what)]


def test_a_document_holds_all_that_has_a_place_in_time() -> None:
    found = documented(told())
    assert [e.time for e in found] == sorted(e.time for e in found)
    assert [e.callsign for e in found if e.type.startswith("a-f")] == [
        "EXERCISE deveselu",
        "EXERCISE kurecik",
    ]
    ways = [e for e in found if e.callsign == "EXERCISE down"]
    assert {e.type for e in ways} == {"a-h-A-W-M-C-M"}
    assert [(e.time - BEGIN).total_seconds() for e in ways] == [0.0, 100.0, 200.0, 300.0, 400.0]
    assert [e.height_m for e in ways] == [0.0, 150e3, 200e3, 150e3, 0.0]
    assert [e.stale for e in ways[:-1]] == [e.time for e in ways[1:]]
    happened = [e for e in found if e.type == "b-m-p-s-m"]
    assert [e.callsign for e in happened] == ["EXERCISE hit up", "EXERCISE landed down"]
    assert happened[0].remarks.startswith("hit: up\nEXERCISE: simulated")


def test_every_event_is_marked_for_the_nations_of_the_trial() -> None:
    for e in documented(told()) + documented(hostile()):
        assert e.how == "m-s" and e.opex == "e" and e.callsign.startswith("EXERCISE ")
        assert e.marking == Marking(releasable_to=("BGR", "ROU", "USA"))
        assert e.marking.access == "UNCLASSIFIED" and e.marking.caveat == "EXERCISE, public figures"


def test_a_trial_of_no_nations_is_not_written() -> None:
    nameless = replace(flight("one", UP_AND_DOWN), nation="")
    with pytest.raises(InputError, match="names no nations"):
        cot_events.document(telling(trial((nameless,))))


def test_nothing_is_told_of_how_a_missile_was_launched_or_will_end() -> None:
    for e in documented(told()) + [e for _, e in sent(told())]:
        if e.type.startswith("a-h"):
            assert "fate" not in e.facts
            rises = e.time < BEGIN + dt.timedelta(seconds=200)
            assert (e.course_deg is None) == (rises or e.callsign == "EXERCISE up")
            if e.course_deg is not None:
                assert (e.course_deg, e.speed_mps) == (0.0, 1110.0)  # a degree to the north in 100 s


def test_datagrams_follow_each_missile_and_tell_sites_again() -> None:
    found = sent(told())
    assert [t for t, _ in found] == sorted(t for t, _ in found)
    assert all(e.time == BEGIN + dt.timedelta(seconds=t) for t, e in found)
    assert max(len(data) for _, data in cot_events.packets(told())) < 1400  # one packet of Ethernet
    down = [t for t, e in found if e.callsign == "EXERCISE down"]
    assert down == [EVERY_S * i for i in range(81)]
    up = [t for t, e in found if e.callsign == "EXERCISE up"]
    assert up[-1] == 150.0
    radar = [(t, e.stale) for t, e in found if e.callsign == "EXERCISE kurecik"]
    assert [t for t, _ in radar] == [SITES_EVERY_S * i for i in range(7)]
    assert all(stale > BEGIN + dt.timedelta(seconds=t + SITES_EVERY_S) for t, stale in radar)
    assert len({e.uid for _, e in found}) == 2 + 2 + 2


def test_uids_hold_for_the_thing_and_differ_for_all_else() -> None:
    marking = Marking(releasable_to=("USA",))
    one, other = Sender(("a", "b"), marking), Sender(("a", "c"), marking)
    assert one.uid("site", "x") == Sender(("a", "b"), marking).uid("site", "x")
    names = {one.uid("site", "x"), one.uid("site", "y"), one.uid("missile", "x"), other.uid("site", "x")}
    assert len(names) == 4 and all(n.startswith("EXERCISE-") for n in names)
    assert {e.uid for e in documented(small())} == {e.uid for _, e in sent(small())}


def test_one_site_missile_and_event_for_a_live_stream() -> None:
    sender = Sender(("drill", "7"), Marking(releasable_to=("USA",), caveat="EXERCISE live"))
    span = Span(BEGIN, BEGIN + dt.timedelta(seconds=15))
    battery = cot_events.site(sender, site("deveselu"), span)
    assert (
        battery is not None and battery.type == "a-f-G-U-C-D-M" and battery.marking.caveat == "EXERCISE live"
    )
    assert cot_events.site(sender, site("geo", "satellite"), span) is None
    at = (12.0, 50.0, 20.0, 3e4)
    flown = cot.decode(cot.encode(cot_events.missile(sender, "m-1", "mrbm", at, span, (90.0, 2000.0))))
    assert (flown.latitude_deg, flown.longitude_deg, flown.height_m) == at[1:]
    assert (flown.course_deg, flown.speed_mps, flown.stale - flown.time) == (
        90.0,
        2000.0,
        dt.timedelta(seconds=15),
    )
    shot = cot_events.news(sender, 3, event("fired", 1.0, "m-1"), span)
    assert shot.callsign == "EXERCISE fired m-1" and shot.symbol == "10132500001313010000"


def test_a_missile_of_no_known_way_is_left_out() -> None:
    gone = telling(trial((flight("one", UP_AND_DOWN[:1]),), (event("hit", 0.0, "one"),)))
    assert [e.type for e in documented(gone)] == ["b-m-p-s-m"]
