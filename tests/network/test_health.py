"""What is noted of a node while it runs: latencies, warnings, and what is to be mended."""

from __future__ import annotations

from typing import Any

import pytest

from synaspis.model.live_warning import LiveEvent
from synaspis.network import health
from synaspis.network.health import ALERT, TRACK, Watch
from synaspis.network.message import Message
from synaspis.network.tally import Tally
from synaspis.sharing.labels import Label

from .world import SetClock

DELAYS_S = {"slow": 10.0, "quick": 0.0}


def message(product: str, made_s: float, *clauses: str) -> Message:
    label = Label(frozenset({"P"}), "SECRET", frozenset({"BBB"}), frozenset({"AAA"}), frozenset())
    return Message(product, 1, made_s, ("warning",), label, clauses, b"")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(100.0)


@pytest.fixture
def watch(clock: SetClock) -> Watch:
    return Watch(clock, lambda: 4.0, DELAYS_S)


def test_a_latency_is_of_this_machines_clock_and_without_what_a_clause_has_it_wait(watch: Watch) -> None:
    watch.taken("AAA", message("track", 99.0, "quick"))
    watch.taken("AAA", message("fire_control_track", 89.0, "slow", "quick"))
    watch.taken("AAA", message("alert", 98.0))
    watch.taken("AAA", message("vote", 0.0))
    assert watch.latency[TRACK].latency().worst_ms == pytest.approx(250.0)
    assert (watch.latency[TRACK].latency().count, watch.latency[ALERT].latency().count) == (2, 1)
    assert watch.latency[ALERT].latency().worst_ms == pytest.approx(500.0)


def warned(time_s: float, *places: str) -> LiveEvent:
    what: dict[str, Any] = {"places": places, "impact_s": 600.0}
    return LiveEvent(time_s=time_s, kind="warned", nations=("BBB",), what=what)


def test_a_place_is_told_once_when_it_was_first_warned(watch: Watch) -> None:
    for event in (warned(20.0, "Sofia"), warned(10.0, "Athens", "Varna"), warned(30.0, "Sofia")):
        watch.told(event)
    watch.told(LiveEvent(time_s=1.0, kind="track"))
    assert [(w.time_s, w.places) for w in watch.warnings()] == [
        (10.0, ("Athens",)), (10.0, ("Varna",)), (20.0, ("Sofia",))
    ]  # fmt: skip
    assert watch.events == {"warned": 3, "track": 1}


def test_a_clock_that_is_off_is_said_while_it_is(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally(watch.logged)
    tally.note(
        "refused",
        "clock",
        what="sent 7200 s ahead of this clock: set one of the two",
        key="syn/CCC/BBB/track",
    )
    tally.note("refused", "replay", what="an old one", key="syn/DDD/BBB/track")
    assert watch.odd_clocks() == ["CCC: sent 7200 s ahead of this clock: set one of the two"]
    later = health.time.monotonic() + health.LATELY_S + 1.0
    monkeypatch.setattr(health.time, "monotonic", lambda: later)
    assert watch.odd_clocks() == []


def test_a_link_that_is_shut_is_said_until_it_is_open(watch: Watch) -> None:
    tally = Tally(watch.logged)
    tally.note("bus", "shut", error="port 7460 is taken")
    assert watch.shut == "the link to all others is shut: port 7460 is taken"
    tally.note("bus", "narrowed", keys=3)
    assert watch.shut == ""


def test_why_a_nation_is_in_quarantine(watch: Watch) -> None:
    Tally(watch.logged).note("quarantine", "CCC", why="two of them")
    assert (watch.why("CCC"), watch.why("DDD")) == ("two of them", "since before this start")


@pytest.mark.parametrize(("seconds", "words"), [(7.0, "7 s"), (600.0, "10 min"), (10_800.0, "3.0 h")])
def test_times_in_words(seconds: float, words: str) -> None:
    assert health.span(seconds) == words
