"""May they fire, and may the site work at all?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from synaspis.files.case import load
from synaspis.model.agreement import Authority, Consent, Regime
from synaspis.sharing.authority import Asked, Route, routes, third_state
from synaspis.sharing.rules import Decision, Rules, rules, site_works

CASE = load("first-light")
DEVESELU, PATRIOT = CASE.file.batteries


def authority(name: str, protocol: str, **more: Any) -> Authority:
    return Authority(**({"id": name, "owners": ("USA",), "protocol": protocol} | more))


def given(*authorities: Authority, consents: tuple[Consent, ...] = ()) -> Rules:
    return Rules(releases=(), mandates=(), authorities=authorities, consents=consents, agreement_of={})


def test_silence_gives_no_order() -> None:
    assert routes(given(), DEVESELU) == ()


def test_the_owner_decides_where_nobody_is_named() -> None:
    rule = given(authority("a", "national", decision_s=60.0, spread=0.5, unreachable=0.1))
    assert routes(rule, DEVESELU) == (Route("a", ("USA",), 1, 60.0, 0.5, 0.1, 0.0, ()),)
    assert routes(rule, PATRIOT) == ()


def test_batteries_may_be_named() -> None:
    rule = given(
        authority("a", "national", batteries=("deveselu",)), authority("b", "lead", batteries=("x",))
    )
    assert [r.clause for r in routes(rule, DEVESELU)] == ["a"]


def test_consensus_needs_all_unless_votes_are_given() -> None:
    voters = ("USA", "ROU", "TUR")
    rule = given(
        authority("all", "consensus", deciders=voters),
        authority("two", "consensus", deciders=voters, votes=2),
    )
    assert [(r.clause, r.votes, r.deciders) for r in routes(rule, DEVESELU)] == [
        ("all", 3, voters),
        ("two", 2, voters),
    ]


def test_a_standing_order_has_no_decider_and_may_be_missing() -> None:
    rule = given(authority("s", "pre-authorised", decision_s=5.0, missing=0.2, spread=0.7, unreachable=0.3))
    assert routes(rule, DEVESELU) == (Route("s", (), 0, 5.0, 0.0, 0.0, 0.2, ()),)


def test_every_route_counts_and_the_case_s_are_found() -> None:
    allied = rules(CASE, CASE.regime("allied"))
    assert [(r.clause, r.decision_s) for r in routes(allied, PATRIOT)] == [("own-2", 60.0), ("bmd-3", 15.0)]
    national = rules(CASE, CASE.regime("national"))
    assert [r.clause for r in routes(national, PATRIOT)] == ["own-2"]


def consent(name: str, **more: Any) -> Consent:
    return Consent(**({"id": name, "by": "ROU", "sites": ("deveselu",)} | more))


@pytest.mark.parametrize("scope", ["use", "fire"])
def test_a_foreign_site_without_consent_does_not_work(scope: str) -> None:
    assert site_works(given(), "deveselu", "ROU", "USA", scope) == Decision(False, ())
    assert site_works(given(), "deveselu", "USA", "USA", scope) == Decision(True, ())
    agreed = given(consents=(consent("c"),))
    assert site_works(agreed, "deveselu", "ROU", "USA", scope) == Decision(True, ("c",))


@pytest.mark.parametrize(
    "other", [{"by": "TUR"}, {"sites": ("kurecik",)}, {"scope": ("use",)}], ids=["by", "site", "scope"]
)
def test_consent_counts_only_from_the_host_for_that_site_and_scope(other: dict[str, Any]) -> None:
    agreed = given(consents=(consent("c", **other),))
    assert site_works(agreed, "deveselu", "ROU", "USA", "fire") == Decision(False, ())


def test_every_consent_is_cited() -> None:
    agreed = given(consents=(consent("c"), consent("d")))
    assert site_works(agreed, "deveselu", "ROU", "USA", "fire").because == ("c", "d")


def test_one_who_may_refuse_answers_less_often() -> None:
    (route,) = routes(given(authority("a", "national", unreachable=0.1, refuses=0.2)), DEVESELU)
    assert route.unreachable == pytest.approx(1.0 - 0.9 * 0.8)


def test_a_veto_costs_no_time_and_may_stop_all() -> None:
    (route,) = routes(
        given(authority("a", "delegated", veto=("TUR",), refuses=0.3, decision_s=9.0)), DEVESELU
    )
    assert route.veto == (Asked("a", "TUR", 0.0, 0.0, 0.3),)


def test_authority_may_hold_in_some_states_of_alert_only() -> None:
    war = replace(
        CASE.file.agreements[0], authorities=(authority("w", "pre-authorised", alert=("war",)),), name="extra"
    )
    for state, held in (("crisis", False), ("war", True)):
        file = replace(CASE.file, agreements=(war,), state_of_alert=state)
        regime = Regime(name="r", title="R", agreements=("extra",))
        assert bool(rules(replace(CASE, file=file), regime).authorities) is held


def test_a_third_state_is_asked_for_what_happens_above_it() -> None:
    over = consent(
        "o", by="BGR", sites=(), owners=("USA",), scope=("overflight",), decision_s=20.0, refuses=0.5
    )
    agreed = given(consents=(over,))
    assert third_state(agreed, DEVESELU, "BGR", "overflight") == Asked("o", "BGR", 20.0, 0.0, 0.5)
    assert third_state(agreed, DEVESELU, "BGR", "debris") is None
    assert third_state(agreed, PATRIOT, "BGR", "overflight") is None
    assert third_state(agreed, DEVESELU, "TUR", "overflight") is None
