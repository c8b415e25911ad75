"""May it leave, and may it stay: one message at a time, and what a further permit never takes away."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import msgspec
import pytest

from synaspis.model.agreement import PRODUCTS, Authority, Condition, Consent
from synaspis.network.message import Message
from synaspis.network.rulebook import Given, Leave, Offer, Rulebook
from synaspis.sharing.conditions import Missile
from synaspis.sharing.labels import Label
from synaspis.sharing.release import STEPS
from synaspis.sharing.rules import Rules

from ..sharing.random_rules import SENSORS, clauses, missile, release, some
from ..sharing.random_rules import rules_of as numbered
from .world import NATIONS, forbid, offer, permit, rules_of

SOAK = int(os.environ.get("SYNASPIS_SOAK") or 0)
SETS = 400


def book(rules: Rules, me: str = "AAA", **more: object) -> Rulebook:
    return Rulebook(me, rules, NATIONS, **more)  # type: ignore[arg-type]


def sent(rules: Rules, one: Offer, sender: str = "AAA", recipient: str = "BBB") -> Message:
    """The message that an offer becomes, by its first leave."""
    leave = book(rules, sender).leaves(one, recipient, 0.0)[0]
    return Message(one.product, 1, one.made_s, leave.purposes, leave.label, leave.clauses, one.body)


def test_silence_is_no_and_so_is_what_rests_on_nothing() -> None:
    assert book(rules_of()).leaves(offer(), "BBB", 0.0) == ()
    open_ = book(rules_of(permit("p", "measurement")))
    assert open_.leaves(offer(), "BBB", 0.0) and not open_.leaves(offer(sensors=()), "BBB", 0.0)
    assert not open_.leaves(offer(), "AAA", 0.0) and not open_.leaves(offer("request"), "BBB", 0.0)


def test_a_rule_that_fails_closes_the_door_and_is_counted() -> None:
    rules = rules_of(
        permit("p", "track", onward=("CCC",)), permit("q", "track", owners=("BBB",), recipients=("CCC",))
    )
    given = Given("AAA", sent(rules, offer()))
    broken = Missile(threatens=7)  # type: ignore[arg-type]
    rules = rules_of(
        *rules.releases, forbid("f", "track", recipients=("CCC",), when=Condition(threatens=("DDD",)))
    )
    one = book(rules, "BBB")
    assert one.leaves(offer(sensors=(), given=(given,), missile=broken), "CCC", 0.0) == ()
    assert one.failures == 1


def test_every_sensor_must_be_let_go_each_by_some_clause() -> None:
    rules = rules_of(
        permit("n", "track", sensors=("north",), delay_s=5.0, degraded_to_m=100.0),
        permit("s", "track", sensors=("south",), delay_s=9.0),
    )
    one = book(rules)
    (both,) = one.leaves(offer(sensors=("north", "south")), "BBB", 0.0)
    assert (both.delay_s, both.floor_m, set(both.clauses)) == (9.0, 100.0, {"n", "s"})
    assert one.leaves(offer(sensors=("north", "space")), "BBB", 0.0) == ()


def test_leaves_that_another_beats_are_not_told() -> None:
    rules = rules_of(
        permit("late", "track", delay_s=9.0),
        permit("coarse", "track", degraded_to_m=100.0),
        permit("worse", "track", delay_s=10.0, degraded_to_m=100.0),
        permit("warning", "track", purposes=("warning",)),
    )
    found = book(rules).leaves(offer(), "BBB", 0.0)
    assert sorted((a.delay_s, a.floor_m, a.purposes) for a in found) == [
        (0.0, 0.0, ("warning",)),
        (0.0, 100.0, ("warning", "defence", "exercise")),
        (9.0, 0.0, ("warning", "defence", "exercise")),
    ]


def test_permits_together_let_it_go_to_all_that_each_of_them_names() -> None:
    rules = rules_of(
        permit("p", "track", onward=("CCC",)), permit("q", "track", onward=("DDD",), caveats=("quiet",))
    )
    (leave,) = book(rules).leaves(offer(), "BBB", 0.0)
    assert leave.label.releasable_to == {"AAA", "BBB", "CCC", "DDD"}
    assert leave.label.caveats == {"quiet"} and leave.label.originators == {"AAA"}


RELAY = (
    permit("a", "track", onward=("CCC",), revoked_s=50.0),
    permit("b", "track", owners=("BBB",), recipients=("CCC",)),
)


def handed(rules: Rules, now_s: float = 0.0, **changes: object) -> tuple[Leave, ...]:
    message = msgspec.structs.replace(sent(rules_of(*RELAY), offer()), **changes)
    return book(rules, "BBB").leaves(offer(sensors=(), given=(Given("AAA", message),)), "CCC", now_s)


def test_what_was_given_goes_on_while_its_giver_s_clause_stands_and_its_label_lets_it() -> None:
    rules = rules_of(*RELAY)
    assert handed(rules, 49.0) and not handed(rules, 50.0)
    narrow = Label(
        frozenset({"treaty"}), "restricted", frozenset({"AAA", "BBB"}), frozenset({"AAA"}), frozenset()
    )
    assert not handed(rules, label=narrow)
    assert not handed(rules, clauses=()) and not handed(rules, product="alert", clauses=("x",))
    assert not handed(rules, purposes=("exercise",)) or handed(rules, purposes=("exercise",))[0].purposes == (
        "exercise",
    )
    when = Condition(category=("mrbm",))
    assert not handed(rules_of(replace(RELAY[0], when=when), RELAY[1])), "its class is not known"
    assert not handed(rules_of(RELAY[0], replace(RELAY[1], sensors=("south",)))), "that is about BBB's own"


def test_it_may_come_back_to_its_giver() -> None:
    rules = rules_of(permit("a", "track"), permit("b", "track", owners=("BBB",), recipients=("AAA",)))
    given = Given("AAA", sent(rules, offer()))
    one = offer(sensors=(), given=(given,))
    (leave,) = book(rules, "BBB").leaves(one, "AAA", 0.0)
    message = Message("track", 1, 0.0, leave.purposes, leave.label, leave.clauses, b"")
    assert leave.label.originators == {"AAA"} and not book(rules, "AAA").why_not("BBB", message)


@pytest.mark.parametrize(
    ("rules", "changes", "why"),
    [
        ((permit("p", "track"),), {}, ""),
        ((permit("p", "track", purposes=("warning",)),), {}, "for defence"),
        ((permit("p", "alert"),), {}, "no clause cited"),
        ((), {}, "no clause cited"),
        ((permit("p", "track"), forbid("f", "track")), {}, "no clause cited"),
        ((permit("p", "track"), forbid("f", "track", sensors=("south",))), {}, ""),
        ((permit("p", "track"), forbid("f", "track", when=Condition(category=("srbm",)))), {}, ""),
        ((permit("p", "track", revoked_s=5.0),), {"made_s": 4.0}, ""),
        ((permit("p", "track", revoked_s=5.0),), {"made_s": 5.0}, "revoked"),
        ((permit("p", "track"), permit("q", "alert")), {"clauses": ("p", "q")}, "cites a clause"),
        ((permit("p", "track"),), {"clauses": ("p", "z")}, "cites z"),
        ((permit("p", "track", classification="secret"),), {}, "says more"),
    ],
)  # fmt: skip
def test_what_may_stay_is_asked_of_one_s_own_copy(rules: tuple, changes: dict, why: str) -> None:  # type: ignore[type-arg]
    message = msgspec.structs.replace(sent(rules_of(permit("p", "track")), offer()), **changes)
    found = book(rules_of(*rules), "BBB").why_not("AAA", message)
    assert why in found and bool(found) == bool(why)


@pytest.mark.parametrize(
    ("rules", "stays"),
    [
        (RELAY, True),
        ((RELAY[0], RELAY[1], forbid("f", "track", recipients=("CCC",))), False),
        (
            (
                RELAY[0],
                RELAY[1],
                forbid("f", "track", recipients=("CCC",), when=Condition(category=("srbm",))),
            ),
            True,
        ),
        ((permit("a", "track"), RELAY[1]), False),
        ((permit("a", "track", onward=("CCC",), purposes=("warning",)), RELAY[1]), False),
        ((permit("a", "alert", onward=("CCC",)), permit("a2", "track"), RELAY[1]), False),
    ],
)
def test_what_was_handed_on_may_stay_if_its_originator_could_have_let_it(rules: tuple, stays: bool) -> None:  # type: ignore[type-arg]
    (leave,) = handed(rules_of(*RELAY))
    message = Message("track", 1, 0.0, leave.purposes, leave.label, leave.clauses, b"")
    assert (book(rules_of(*rules), "CCC").why_not("BBB", message) == "") == stays


def test_who_is_asked_to_agree() -> None:
    rules = rules_of(
        authorities=[Authority(id="k", owners=("AAA",), protocol="lead", deciders=("BBB",), veto=("CCC",))],
        consents=[
            Consent(id="soil", by="DDD", sites=("site",)),
            Consent(id="air", by="CCC", owners=("AAA",), scope=("overflight",)),
        ],
    )
    one = book(rules, site_owners={"site": "AAA"})
    assert one.asks("AAA", "BBB") == ("k",) and one.asks("AAA", "CCC") == ("k", "air")
    assert one.asks("AAA", "DDD") == ("soil",) and one.asks("BBB", "AAA") == ()
    assert book(rules).asks("AAA", "DDD") == (), "whose site it is must be known"
    assert one.asked("vote", "BBB", "AAA") == ("k",) and one.asked("request", "BBB", "AAA") == ()
    assert one.partners() == ("BBB", "CCC", "DDD")
    assert "syn/AAA/BBB/request" in one.egress() and "syn/AAA/BBB/vote" not in one.egress()


def test_the_bus_may_let_out_what_some_clause_could_open_and_no_more() -> None:
    rules = rules_of(
        permit("p", "impact_estimate", when=Condition(threatens=("DDD",))),
        permit("q", "track", owners=("CCC",), recipients=("AAA",)),
    )
    assert book(rules).egress() == {
        "syn/AAA/BBB/alert",
        "syn/AAA/BBB/impact_estimate",
        "syn/AAA/BBB/words",
        "syn/AAA/BBB/control",
        "syn/AAA/CCC/control",
    }
    assert book(rules, "DDD").egress() == frozenset()


def test_a_further_permit_takes_nothing_away() -> None:
    """No leave is later, coarser, for fewer purposes or nations; nothing that stayed is turned away."""
    for number in range(SETS * max(SOAK, 1)):
        rng = random.Random(SETS * SOAK + number)
        found = clauses(rng, 6)
        before, after = numbered(*found), numbered(*found, release(rng, ("permit",)))
        product = rng.choice(PRODUCTS)
        one = offer(product, sensors=some(rng, SENSORS) if product in STEPS else (), missile=missile(rng))
        for recipient in NATIONS[1:]:
            now = book(after).leaves(one, recipient, 0.0)
            for leave in book(before).leaves(one, recipient, 0.0):
                assert any(_as_good(a, leave) for a in now), (number, recipient)
                message = Message(product, 1, 0.0, leave.purposes, leave.label, leave.clauses, b"")
                assert not book(before, recipient).why_not("AAA", message)
                assert not book(after, recipient).why_not("AAA", message)


def _as_good(a: Leave, b: Leave) -> bool:
    return (
        a.delay_s <= b.delay_s
        and a.floor_m <= b.floor_m
        and set(a.purposes) >= set(b.purposes)
        and a.label.releasable_to >= b.label.releasable_to
    )
