"""The rules of a coalition: what is left when some stay outside."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.files.case import load
from synaspis.model.agreement import Authority, Consent, Mandate, Release
from synaspis.model.case import Case
from synaspis.sharing.authority import Route, routes, third_state
from synaspis.sharing.coalition import (
    cut_off,
    effective,
    matters,
    parties_of,
    restricted,
    rules_of,
    works_in,
)
from synaspis.sharing.mandate import duty
from synaspis.sharing.release import decide, paths
from synaspis.sharing.rules import Rules, rules, site_works
from tests.engine.scene import (
    NATIONS,
    authority,
    four_owners,
    mandate,
    permit,
    rule_of,
    with_battery,
    with_file,
)

from .random_rules import missile, release, some

SETS = st.sets(st.sampled_from(NATIONS))
SCOPES = ("use", "fire", "overflight", "debris")
SITES = tuple(s.name for s in (*four_owners().file.sensors, *four_owners().file.batteries))
ASK = ("alert", "track", "fire_control_track", "measurement", "engagement_status")


def random_rules(seed: int, vetoes: bool = True) -> tuple[Rules, random.Random]:
    """Clauses of every kind among the four, and the dice that drew them."""
    rng = random.Random(seed)
    return rule_of(replace(c, id=f"c{i}") for i, c in enumerate(_clauses(rng, vetoes))), rng


def _clauses(rng: random.Random, vetoes: bool) -> list[Any]:
    names = dict(zip(("AAA", "BBB", "CCC", "DDD"), NATIONS, strict=True))

    def named(nations: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(n, n) for n in nations)

    found: list[Any] = []
    for _ in range(rng.randint(0, 6)):
        c = release(rng)
        when = replace(c.when, threatens=named(c.when.threatens), lands_in=named(c.when.lands_in))
        found.append(
            replace(c, owners=named(c.owners), recipients=named(c.recipients), onward=named(c.onward),
                    sensors=some(rng, SITES, 0) if c.sensors else (), when=when)
        )  # fmt: skip
    for _ in range(rng.randint(0, 4)):
        found.append(
            Mandate(id="x", effect=rng.choice(("permit", "permit", "forbid")), owners=some(rng, NATIONS),
                    defends=some(rng, (*NATIONS, "owner", "host")), reserve=rng.randint(0, 3))
        )  # fmt: skip
    for _ in range(rng.randint(0, 4)):
        deciders = some(rng, NATIONS, 0)
        found.append(
            Authority(
                id="x", owners=some(rng, NATIONS), deciders=deciders,
                protocol=rng.choice(("pre-authorised", "national", "delegated", "lead", "consensus")),
                votes=rng.randint(0, max(len(deciders), 1)), decision_s=rng.choice((0.0, 30.0)),
                veto=some(rng, NATIONS, 0) if vetoes and rng.random() < 0.3 else (),
                refuses=rng.choice((0.0, 0.2)), asks=rng.choice(((), ("overflight",))),
            )
        )  # fmt: skip
    for _ in range(rng.randint(0, 4)):
        found.append(
            Consent(id="x", by=rng.choice(NATIONS), sites=some(rng, SITES, 0), owners=some(rng, NATIONS, 0),
                    scope=some(rng, SCOPES), decision_s=rng.choice((0.0, 20.0)))
        )  # fmt: skip
    return found


# -- what must hold of all rules --------------------------------------------------------------


@given(st.integers(0, 2**32), SETS)
@settings(max_examples=150)
def test_leaving_a_nation_out_opens_no_door(seed: int, members: set[str]) -> None:
    full, rng = random_rules(seed, vetoes=False)
    rest = restricted(full, members)
    m = missile(rng)
    for owner in NATIONS:
        for to in NATIONS:
            if owner == to:
                continue
            for product in ASK:
                for known in (None, m):
                    for purpose in ("defence", "warning"):
                        was = decide(full, owner, to, product, missile=known, purpose=purpose)
                        now = decide(rest, owner, to, product, missile=known, purpose=purpose)
                        assert was.allowed or not now.allowed
            before, after = (paths(r, owner, to, SITES) for r in (full, rest))
            assert all(any(_as_good(p, q) for p in before) for q in after)
    for b in four_owners().file.batteries:
        for asset in four_owners().file.assets:
            assert duty(full, b, asset) or not duty(rest, b, asset)
        by_clause = {way.clause: way for way in routes(full, b)}
        for way in routes(rest, b):
            assert _no_quicker(way, by_clause[way.clause])
        for state in NATIONS:
            for scope in ("overflight", "debris"):
                said = third_state(rest, b, state, scope)
                before_s = third_state(full, b, state, scope)
                assert said is None or (before_s is not None and before_s.decision_s <= said.decision_s)
            for scope in ("use", "fire"):
                now = site_works(rest, b.name, state, b.owner, scope)
                assert site_works(full, b.name, state, b.owner, scope).allowed or not now.allowed


def _as_good(p: Any, q: Any) -> bool:
    return (
        p.level >= q.level and p.delay_s <= q.delay_s and p.floor_m <= q.floor_m and p.until_s >= q.until_s
        and set(p.sensors) >= set(q.sensors)
    )  # fmt: skip


def _no_quicker(way: Route, was: Route) -> bool:
    """As many votes of no more deciders, and all else the same."""
    same = replace(way, deciders=was.deciders) == was
    return same and set(way.deciders) <= set(was.deciders) and bool(way.deciders) == bool(was.deciders)


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_with_everybody_inside_nothing_changes(seed: int) -> None:
    full, _ = random_rules(seed)
    assert restricted(full, NATIONS) == full
    sure = replace(full, consents=())
    assert rules_of(four_owners(), sure, NATIONS) == sure


@given(st.integers(0, 2**32), SETS, SETS)
@settings(max_examples=150)
def test_the_order_in_which_nations_leave_does_not_matter(seed: int, one: set[str], other: set[str]) -> None:
    full, _ = random_rules(seed)
    at_once = restricted(full, one & other)
    assert restricted(restricted(full, one), other) == at_once
    assert restricted(restricted(full, other), one) == at_once


@given(st.integers(0, 2**32), SETS)
@settings(max_examples=150)
def test_who_is_not_effective_changes_nothing(seed: int, members: set[str]) -> None:
    full, _ = random_rules(seed)
    case = hosted(four_owners())
    core = effective(case, full, members)
    assert core <= members <= set(NATIONS)
    assert effective(case, full, core) == core
    works = works_in(case, full, members)
    assert works_in(case, full, core) == works
    for b in case.file.batteries:
        if b.name in works:
            small, large = (routes(rules_of(case, full, s), b) for s in (core, members))
            assert [replace(w, veto=()) for w in small] == [replace(w, veto=()) for w in large]
            for a, c in zip(small, large, strict=True):
                assert [v for v in a.veto if v.unreachable] == [v for v in c.veto if v.unreachable]


# -- single clauses ------------------------------------------------------------------------------


def hosted(case: Case) -> Case:
    """BGR's battery stands in ROU, and TUR runs ROU's."""
    return with_battery(with_battery(case, "sofia-aegis", host="ROU"), "bucharest-patriot", operator="TUR")


def left_of(clause: Any, *members: str) -> Any:
    found = restricted(rule_of([clause]), members).clauses
    return found[0] if found else None


def test_a_consensus_stands_while_enough_are_left() -> None:
    two = authority("k", protocol="consensus", deciders=("USA", "ROU", "TUR"), votes=2)
    assert left_of(two, *NATIONS) is two
    assert left_of(two, "USA", "ROU").deciders == ("USA", "ROU")
    assert left_of(two, "USA", "ROU").votes == 2
    assert left_of(two, "USA", "BGR") is None
    assert left_of(replace(two, votes=0), "USA", "ROU", "BGR") is None  # all must agree


def test_delegation_to_an_outsider_falls_away_and_the_owner_decides() -> None:
    given_ = rule_of([authority("d", protocol="delegated", deciders=("USA",)), authority("own")])
    battery = four_owners().file.batteries[1]
    assert [w.clause for w in routes(restricted(given_, NATIONS), battery)] == ["d", "own"]
    (own,) = routes(restricted(given_, ("ROU", "TUR")), battery)
    assert (own.clause, own.deciders) == ("own", ("ROU",))


def test_a_pre_authorisation_needs_nobody_and_a_veto_goes_with_its_holder() -> None:
    given_ = authority("p", protocol="pre-authorised", deciders=("USA",), veto=("TUR",), refuses=0.5)
    assert left_of(given_, "ROU").veto == ()
    assert left_of(given_, "ROU", "TUR").veto == ("TUR",)
    assert left_of(authority("n", veto=("TUR",)), "ROU").veto == ()
    assert left_of(given_) is None


def test_whom_owners_inside_defend_and_tell_stays_as_it_was() -> None:
    assert left_of(mandate("m"), "ROU") == mandate("m", owners=("ROU",))
    assert left_of(permit("r", "track"), "ROU") == permit("r", "track", owners=("ROU",))


def test_leave_of_a_state_that_is_outside_is_no_leave() -> None:
    above = Consent(id="o", by="TUR", owners=("USA",), scope=("overflight",))
    assert left_of(above, "USA", "TUR") is above
    assert left_of(above, "USA", "ROU") is None


def test_a_site_needs_owner_operator_host_and_those_whose_consent_names_it() -> None:
    case = hosted(four_owners())
    consents = [
        Consent(id="a", by="ROU", sites=("sofia-aegis",)),
        Consent(id="b", by="TUR", sites=("deveselu",)),
        Consent(id="c", by="TUR", sites=("kurecik",), scope=("overflight",)),
    ]
    given_ = rule_of([*consents, authority("all"), mandate("all-defend")])
    sites = {s.name: parties_of(given_, s) for s in (*case.file.sensors, *case.file.batteries)}
    assert sites["sofia-aegis"] == {"BGR", "ROU"}
    assert sites["bucharest-patriot"] == {"ROU", "TUR"}
    assert sites["deveselu"] == {"USA", "TUR"}
    assert sites["kurecik"] == {"USA"}
    assert works_in(case, given_, ("USA", "ROU")) == ("geo-east", "kurecik")
    assert works_in(case, given_, ("BGR", "ROU")) == ("sofia-aegis",)
    assert works_in(case, given_, ()) == ()
    assert works_in(case, rule_of([]), NATIONS) == tuple(s for s in SITES if s != "sofia-aegis")
    # A battery that does not work may not be ordered to fire, whoever owns it.
    (order,) = rules_of(case, given_, ("USA", "ROU", "BGR")).authorities
    assert (order.owners, order.batteries) == (("USA", "ROU", "BGR"), ("sofia-aegis",))
    assert restricted(given_, ("USA", "ROU", "BGR")).authorities[0].batteries == ()
    assert rules_of(case, given_, ("ROU",)).authorities == ()


def test_who_matters_is_read_from_sites_and_clauses() -> None:
    case = load("first-light")
    allied = rules(case, case.regime("allied"))
    assert matters(case, allied) == ("USA", "ROU", "TUR")
    assert matters(case, replace(allied, consents=())) == ("USA", "ROU")  # nothing works on foreign soil
    more = replace(allied.authorities[0], id="z", deciders=("BGR",))
    for clause, heard in (
        (more, True),
        (replace(more, protocol="pre-authorised"), False),
        (replace(more, owners=("TUR",)), False),
        (replace(more, deciders=(), veto=("BGR",), refuses=0.1), True),
        (replace(more, deciders=(), veto=("BGR",)), False),
        (Consent(id="z", by="BGR", owners=("USA",), scope=("overflight",)), False),
        (Release(id="z", effect="permit", owners=("BGR",), recipients=("USA",), products=("track",)), False),
    ):
        assert ("BGR" in matters(case, allied.plus(clause))) is heard
    asking = replace(more, deciders=(), asks=("overflight",))
    overflown = Consent(id="y", by="BGR", owners=("USA",), scope=("overflight",))
    assert "BGR" in matters(case, allied.plus(asking, overflown))
    through = permit("t", "track", owners=("USA",), recipients=("BGR",), onward=("ROU",))
    onward = permit("o", "track", owners=("BGR",), recipients=("ROU",))
    assert "BGR" in matters(case, allied.plus(through, onward))
    assert "BGR" not in matters(case, allied.plus(through))
    no_sites = with_file(case, sensors=(), batteries=())
    assert matters(no_sites, allied.plus(through, onward)) == ()


def test_who_is_cut_off_is_told_and_defended_no_more() -> None:
    given_ = rule_of([
        permit("r", "track", owners=("USA",)),
        permit("only", "alert", owners=("USA",), recipients=("BGR",)),
        permit("through", "alert", owners=("USA",), recipients=("TUR",), onward=("BGR", "ROU")),
        permit("shut", "track", owners=("USA",), recipients=("BGR",), effect="forbid"),
        mandate("m", owners=("USA",)),
        mandate("for-one", owners=("USA",), defends=("BGR",)),
        mandate("not", owners=("USA",), defends=("BGR",), effect="forbid"),
    ])  # fmt: skip
    rest = cut_off(given_, "BGR")
    assert [c.id for c in rest.clauses] == ["r", "through", "shut", "m", "not"]
    assert rest.releases[0].recipients == rest.mandates[0].defends == ("USA", "ROU", "TUR")
    assert rest.releases[1].onward == ("ROU",)
    assert not decide(rest, "USA", "BGR", "alert").allowed


def test_paths_lent_are_those_that_would_be_worked_out() -> None:
    full = rule_of([permit("r", "track")])
    before = paths(full, "USA", "ROU", SITES)
    rest = restricted(full, ("USA",))
    full.lend(rest, ("USA",))
    assert rest.memory == {k: v for k, v in full.memory.items() if k[0] == "USA"} != {}
    assert paths(rest, "USA", "ROU", SITES) is before
    handed = rule_of([permit("r", "track", onward=("ROU",))])
    paths(handed, "USA", "BGR", SITES)
    rest = restricted(handed, ("USA",))
    handed.lend(rest, ("USA",))  # what passes through third hands rests on their clauses too
    assert not rest.memory
