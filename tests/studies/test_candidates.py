"""Single changes that add leave: of third states, and of an owner that nobody may order to fire."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from synaspis.engine.world import World
from synaspis.model.agreement import Agreement, Authority, Consent
from synaspis.sharing.authority import routes, third_state
from synaspis.studies.arena import pure
from synaspis.studies.candidates import every_candidate, missing_authority, missing_leave
from tests.engine.scene import EVERYTHING, NATIONS, arena_of_four, authority, rule_of, with_file

SEE, DEFEND, _ = EVERYTHING
OTHERS = [(owner, state) for owner in NATIONS for state in NATIONS if owner != state]


def world(*authorities: Authority) -> World:
    """Four owners, in a case that writes down these authorities, in force or not."""
    w = arena_of_four().w
    agreement = Agreement(
        name="a",
        title="A",
        parties=NATIONS,
        source="none",
        since=dt.date(2020, 1, 1),
        authorities=authorities,
    )
    return replace(w, case=with_file(w.case, agreements=(agreement,)))


def test_each_third_state_that_gave_no_leave_may_give_it() -> None:
    w = arena_of_four().w
    assert list(missing_leave(w, rule_of((authority("a"),)))) == []
    given = rule_of((authority("a", asks=("overflight",)),))
    found = list(missing_leave(w, given))
    assert sorted((c.recipient, c.owner) for c in found) == sorted(OTHERS)
    for c in found:
        assert c.kind == c.product == "consent"
        assert c.what == f"{c.owner} consents to overflight of {c.recipient}'s interceptors"
        battery = next(f.battery for f in w.batteries if f.battery.owner == c.recipient)
        assert third_state(given, battery, c.owner, "overflight") is None
        asked = third_state(c.under(given), battery, c.owner, "overflight")
        assert asked is not None and asked.decision_s == 0.0
        assert third_state(c.under(given), battery, c.owner, "debris") is None
    assert set(found) <= set(every_candidate(w, given, 10.0))


def test_leave_that_was_given_is_not_missing_and_each_scope_is_its_own() -> None:
    w = arena_of_four().w
    asks = authority("a", owners=("USA",), asks=("overflight", "debris"))
    over = Consent(id="o", by="TUR", owners=("USA",), scope=("overflight",), decision_s=30.0)
    found = {c.plus[0].id for c in missing_leave(w, rule_of((asks, over)))}
    assert found == {"+ROU>USA:overflight", "+BGR>USA:overflight"} | {
        f"+{state}>USA:debris" for state in ("ROU", "TUR", "BGR")
    }


def test_an_owner_that_nobody_may_order_to_fire_may_order_it_itself_at_the_usual_pace() -> None:
    kinds = [
        authority(f"n-{s:g}", owners=("ROU",), deciders=("ROU",), decision_s=s, spread=0.4)
        for s in (90.0, 20.0, 60.0)
    ]
    w = world(*kinds, authority("quick", owners=("USA",), protocol="delegated", decision_s=1.0))
    given = rule_of((SEE, DEFEND, authority("usa", owners=("USA",))))
    found = list(missing_authority(w, given))
    assert [c.owner for c in found] == ["ROU", "TUR", "BGR"]
    for c in found:
        assert (c.kind, c.what) == (
            "authority",
            f"{c.owner} may order its batteries to fire, on the terms of `n-60`",
        )
        for f in w.batteries:
            (*_, last) = routes(c.under(given), f.battery) or (None,)
            if f.battery.owner == c.owner:
                assert last is not None
                assert (last.deciders, last.votes, last.decision_s, last.spread) == ((c.owner,), 1, 60.0, 0.4)
    assert set(found) <= set(every_candidate(w, given, 10.0))


def test_the_authority_that_was_missing_lets_its_batteries_fire() -> None:
    a = arena_of_four()
    given = rule_of((SEE, DEFEND))
    assert not a.play(pure(given), 1, 20).rounds.any()
    (own,) = [c for c in missing_authority(world(authority("n", decision_s=20.0)), given) if c.owner == "BGR"]
    rounds = a.play(pure(own.under(given)), 1, 20).rounds.sum(axis=0)
    owners = [f.battery.owner for f in a.w.batteries]
    assert {owner for owner, n in zip(owners, rounds, strict=True) if n} == {"BGR"}


def test_without_a_usual_pace_or_with_a_route_nothing_is_missing() -> None:
    assert list(missing_authority(arena_of_four().w, rule_of(()))) == []
    one = authority("one", batteries=("deveselu",))
    w = world(authority("n"))
    assert {c.owner for c in missing_authority(w, rule_of((one,)))} == {"ROU", "TUR", "BGR"}
    # Two American batteries, of which one may be ordered to fire: there is a route.
    american = tuple(replace(f, battery=replace(f.battery, owner="USA")) for f in w.batteries)
    assert not list(missing_authority(replace(w, batteries=american), rule_of((one,))))
