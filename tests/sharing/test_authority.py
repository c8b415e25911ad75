"""May they fire, and may the site work at all?"""

from __future__ import annotations

from typing import Any

import pytest

from synaspis.files.case import load
from synaspis.model.agreement import Authority, Consent
from synaspis.sharing.authority import Route, routes
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
