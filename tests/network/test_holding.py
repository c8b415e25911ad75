"""Releases that wait for a person where somebody sits, and go as ever where nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from synaspis.network.message import WORDS
from synaspis.network.outbox import Outbox
from synaspis.network.rulebook import Offer

from .world import World, offer, permit, rules_of

SLOW = permit("slow", "track", delay_s=10.0)


@pytest.fixture
def w(tmp_path: Path) -> Iterator[World]:
    """AAA's seat is taken; tracks go after ten seconds, alerts at once."""
    with World(tmp_path, rules_of(SLOW, permit("now", "alert"))).start("AAA", "BBB") as world:
        world["AAA"].gateway.outbox.hold(True)
        yield world


def outbox(w: World) -> Outbox:
    return w["AAA"].gateway.outbox


def test_nothing_said_is_no_and_what_goes_at_once_is_not_touched(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w["AAA"].gateway.offer(offer("alert", body=b"alert"))
    w.step(1.0, times=14)
    assert w["BBB"].bodies == [b"alert"]
    assert [key[0] for key in outbox(w).held()] == ["BBB"]


def test_a_yes_lets_the_latest_go_at_once_and_what_comes_later_of_the_same_track(w: World) -> None:
    gateway = w["AAA"].gateway
    gateway.offer(offer())
    gateway.offer(offer(made_s=1.0, body=b"later"))
    outbox(w).let_go("BBB", offer().track, True)
    w.step()
    assert w["BBB"].bodies == [b"later"]
    gateway.offer(offer(made_s=2.0, body=b"still later"))
    w.step()
    assert w["BBB"].bodies == [b"later", b"still later"]
    gateway.offer(offer(track="another"))
    w.step(1.0, times=12)
    assert len(w["BBB"].bodies) == 2


def test_a_no_stays_also_when_the_seat_is_empty_again(w: World) -> None:
    gateway = w["AAA"].gateway
    gateway.offer(offer())
    gateway.offer(offer(track="another", body=b"another"))
    outbox(w).let_go("BBB", offer().track, False)
    outbox(w).hold(False)
    gateway.offer(offer(made_s=3.0))
    w.step(1.0, times=14)
    assert w["BBB"].bodies == [b"another"], "of which nothing was said: the clause's time stands again"


def test_what_began_to_wait_before_somebody_sat_there_waits_for_a_yes(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(SLOW)).start("AAA", "BBB") as w:
        w["AAA"].gateway.offer(offer())
        outbox(w).hold(True)
        w.step(1.0, times=11)
        assert not w["BBB"].bodies and outbox(w).held()
        outbox(w).let_go("BBB", offer().track, True)
        w.step()
        assert w["BBB"].bodies == [b"state"]


def test_what_the_rules_no_longer_let_out_no_longer_waits(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w["AAA"].gateway.adopt(w.rulebook("AAA", w["AAA"].gateway.rulebook.rules.without("slow")))
    assert not outbox(w).held()
    outbox(w).let_go("BBB", offer().track, True)
    w.step()
    assert not w["BBB"].bodies


def test_what_is_not_offered_again_is_gone(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w.step(1.0, times=14)
    assert outbox(w).held()
    w.step(1.0, times=2)
    assert not outbox(w).held()


def test_a_permit_more_delays_nothing(tmp_path: Path) -> None:
    quick = permit("quick", "track", delay_s=0.0)
    with World(tmp_path, rules_of(SLOW, quick)).start("AAA", "BBB") as w:
        outbox(w).hold(True)
        w["AAA"].gateway.offer(offer())
        w.step()
        assert w["BBB"].bodies == [b"state"] and not outbox(w).held()


def test_words_go_where_something_might_be_released_and_nowhere_else(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track", owners=("AAA",), recipients=("BBB",), delay_s=10.0))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        said = Offer(product=WORDS, track="words 1", made_s=0.0, body=b"hello")
        assert w["AAA"].gateway.tell("BBB", said)
        assert not w["BBB"].gateway.tell("AAA", said)
        w.step()
        assert w["BBB"].bodies == [b"hello"] and w["BBB"].got[0][1].clauses == ("p",)


def test_counted_numbers_hang_on_what_the_recipient_was_told_alone(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        outbox(w).count_tracks()
        found = [outbox(w).number("BBB", track) for track in ("x", "y", "x")]
        assert found == [1, 2, 1] and outbox(w).number("CCC", "y") == 1


def test_where_tracks_are_counted_errors_are_drawn_by_what_was_first_told_of_a_track(tmp_path: Path) -> None:
    """The node's own name of a track hangs on what else it sees."""
    names: list[str] = []

    def degrade(o: Offer, _floor_m: float) -> bytes:
        names.append(o.track)
        return o.body

    rules = rules_of(permit("coarse", "track", degraded_to_m=5_000.0))
    with World(tmp_path, rules).start("AAA", "BBB", degrade=degrade) as w:
        outbox(w).count_tracks()
        for track, body in (("x", b"state"), ("x", b"later"), ("y", b"state"), ("z", b"else")):
            w["AAA"].gateway.offer(offer(track=track, body=body))
            w.step()
    assert names[0] == names[1] == names[2] != names[3]
