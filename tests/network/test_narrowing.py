"""The bus's rules follow the agreements in a running network, and the journal covers the gap."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest

from synaspis.errors import BusError
from synaspis.network.narrowing import Narrowing, egress
from synaspis.network.rulebook import Rulebook
from synaspis.network.tally import Tally

from .test_over_the_bus import OverTheBus, world
from .test_zenoh_bus import wait
from .world import NATIONS, forbid, offer, permit, rules_of

__all__ = ["world"]
ALWAYS = ("syn/AAA/XRG/range",)
TRACK, ALERT, CONTROL = (f"syn/AAA/BBB/{p}" for p in ("track", "alert", "control"))


def book(*releases: object) -> Rulebook:
    return Rulebook("AAA", rules_of(*releases), NATIONS)  # type: ignore[arg-type]


def test_a_permit_opens_its_keys_until_it_is_revoked_and_control_for_good() -> None:
    one = book(permit("t", "track", revoked_s=10.0), permit("a", "alert", revoked_s=20.0))
    assert {TRACK, ALERT, CONTROL} <= egress(one, 9.9) == one.egress()
    assert TRACK not in egress(one, 10.0) and {ALERT, CONTROL} <= egress(one, 10.0)
    assert egress(one, 20.0) == {CONTROL}
    both = book(permit("t", "track", revoked_s=10.0), permit("u", "track"))
    assert egress(both, 50.0) == both.egress(), "another permit holds it open"
    barred = book(permit("t", "track"), forbid("f", "track", revoked_s=10.0))
    assert egress(barred, 50.0) == barred.egress(), "nothing opens by itself"


class Shut:
    """A bus that opens at the third attempt."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.opened = threading.Event()

    def narrow(self, egress: Iterable[str]) -> None:
        self.asked.append(set(egress))
        if len(self.asked) < 3:
            raise BusError("the port is taken")
        self.opened.set()


def test_a_link_that_does_not_open_is_tried_again_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synaspis.network.narrowing.AGAIN_S", 0.01)
    bus, tally = Shut(), Tally()
    narrowing = Narrowing(bus, ALWAYS, tally)
    one = book(permit("t", "track", revoked_s=10.0))
    narrowing.step(one, -1.0)
    narrowing.step(one, 5.0)
    assert narrowing.wait(5.0) and not bus.asked, "it opened with these rules"
    narrowing.step(one, 10.0)
    assert narrowing.wait(5.0) and bus.opened.is_set() and narrowing.trouble == ""
    assert bus.asked == [{CONTROL, *ALWAYS}] * 3
    assert (tally.count("bus", "shut"), tally.count("bus", "narrowed")) == (2, 1)
    narrowing.step(one, 11.0)
    narrowing.step(book(), 11.0)
    assert narrowing.wait(5.0) and bus.asked[3:] == [set(ALWAYS)], "another rulebook, another bus"
    narrowing.close()


def test_nothing_opens_behind_the_back_of_who_closed_it() -> None:
    class Never:
        def narrow(self, egress: Iterable[str]) -> None:
            raise BusError("the port is taken")

    narrowing = Narrowing(Never(), ALWAYS, Tally())
    narrowing.step(book(permit("t", "track", revoked_s=10.0)), 10.0)
    assert wait(lambda: narrowing.trouble != "")
    narrowing.close()
    assert narrowing.wait(0.0)


def test_a_node_started_after_the_revocation_narrows_at_once() -> None:
    bus = Shut()
    bus.asked = [set(), set()]
    narrowing = Narrowing(bus, ALWAYS, Tally())
    narrowing.step(book(permit("t", "track", revoked_s=10.0)), 30.0)
    assert narrowing.wait(5.0) and bus.asked[-1] == {CONTROL, *ALWAYS}


def test_revoked_on_the_bus_too_and_what_was_put_meanwhile_comes(world: OverTheBus) -> None:
    world.rules = rules_of(permit("t", "track", revoked_s=10.0), permit("a", "alert"))
    world.start("AAA", "BBB")
    aaa, bbb, bus = world["AAA"], world["BBB"], world.transports["AAA"]
    narrowing = Narrowing(bus, ALWAYS, aaa.gateway.tally)  # type: ignore[arg-type]
    narrowing.step(aaa.gateway.rulebook, 0.0)
    aaa.gateway.offer(offer(body=b"before"))
    world.step()
    world.clock.s = 10.0
    narrowing.step(aaa.gateway.rulebook, 10.0)
    for number in range(5):  # while the link is shut
        aaa.gateway.offer(offer("alert", track=f"t{number}", body=b"meanwhile %d" % number, made_s=10.0))
        aaa.gateway.flush()
    assert aaa.gateway.offer(offer(body=b"after", made_s=10.0)) == ()
    assert narrowing.wait(20.0)
    world.step()
    assert sorted(bbb.bodies) == [b"before", *(b"meanwhile %d" % n for n in range(5))]
    world.wire.clear()
    bus.put(TRACK, b"by a node in other hands")
    aaa.gateway.offer(offer("alert", track="t9", body=b"last", made_s=10.0))
    world.step()
    assert b"last" in bbb.bodies and bbb.gateway.tally.count("refused", "malformed") == 0
    narrowing.close()
