"""Turns before the raid: nothing holds without a yes of all whom it binds, and the outcome is a function."""

from __future__ import annotations

import msgspec
import pytest

from synaspis.exercise.campaign import Campaign, outcome
from synaspis.exercise.inputs import (
    DIRECTOR,
    OBSERVER,
    Agree,
    Answer,
    Bring,
    Deploy,
    Draft,
    EndTurn,
    Inform,
    Input,
    Launch,
    Played,
    Preauthorise,
    WarnPublic,
)
from synaspis.files.case import resolve
from synaspis.model.agreement import Authority, Release
from synaspis.model.case import Case
from synaspis.sharing.rules import Rules, rules, site_works
from tests.files.test_plan_sites import BASE

SITES = """
plan:
  sites:
    - {name: Sofia west, host: BGR, latitude_deg: 42.7, longitude_deg: 23.2}
    - {name: Buzau, host: ROU, latitude_deg: 45.15, longitude_deg: 26.8}
    - {name: off shore, host: ROU, latitude_deg: 43.5, longitude_deg: 31.5, domain: sea}
"""


@pytest.fixture(scope="module")
def case() -> Case:
    found, problems = resolve(f"{BASE}{SITES}".encode(), "mine.yaml")
    assert found is not None, problems
    return found


def after(campaign: Campaign) -> Rules:
    case, regime = campaign.outcome()
    return rules(case, case.regime(regime))


def played(case: Case, *told: tuple[str, Input], regime: str = "national") -> Campaign:
    campaign = Campaign(case, regime, turns=1)
    for seat, what in told:
        assert campaign.play(seat, what) == "", (seat, what)
    return campaign


def sees(given: Rules, owner: str, recipient: str) -> bool:
    return any(isinstance(c, Release) for c in given.between(owner, recipient))


def test_a_draft_holds_when_both_parties_have_agreed_and_the_turn_has_ended(case: Case) -> None:
    draft = Draft("USA", "BGR", "track", 20.0)
    alone = played(case, ("USA", draft), (DIRECTOR, EndTurn()))
    assert alone.outcome() == (case, "national")
    early = played(case, ("USA", draft), ("BGR", Agree("1")))
    assert early.outcome() == (case, "national")
    both = played(case, ("USA", draft), ("BGR", Agree("1")), (DIRECTOR, EndTurn()))
    given = after(both)
    assert [(c.id, c.delay_s) for c in given.between("USA", "BGR")] == [("USA-BGR-track-20", 20.0)]
    assert not sees(given, "USA", "ROU") and not sees(given, "BGR", "USA")
    assert given.agreement_of["USA-BGR-track-20"] == "agreed-before"
    regretted = played(
        case, ("USA", draft), ("BGR", Agree("1")), ("BGR", Agree("1", False)), (DIRECTOR, EndTurn())
    )
    assert regretted.outcome() == (case, "national")


def test_one_who_is_on_both_sides_agrees_with_nobody(case: Case) -> None:
    assert played(case, ("USA", Bring("bmd-1")), (DIRECTOR, EndTurn())).outcome() == (case, "national")


def test_a_clause_of_many_holds_between_those_who_agree(case: Case) -> None:
    told = (("ROU", Bring("bmd-1")), ("USA", Agree("1")), (DIRECTOR, EndTurn()))
    given = after(played(case, *told))
    assert sees(given, "USA", "ROU") and not sees(given, "USA", "BGR")
    assert {c.id for c in given.between("USA", "ROU")} == {"bmd-1-agreed"}
    assert (
        after(played(case, ("ROU", Bring("bmd-1")), ("BGR", Agree("1")), (DIRECTOR, EndTurn()))).ids()
        == rules(case, case.regime("national")).ids()
    )


def test_a_deployment_needs_its_host_and_brings_its_consent(case: Case) -> None:
    told = ("USA", Deploy("deveselu", "Sofia west"))
    assert played(case, told, (DIRECTOR, EndTurn())).outcome()[0] is case
    made, regime = played(case, told, ("BGR", Agree("1")), (DIRECTOR, EndTurn())).outcome()
    battery = next(b for b in made.file.batteries if b.name == "deveselu")
    assert (battery.host, round(battery.latitude_rad * 57.29578, 2)) == ("BGR", 42.7)
    assert site_works(rules(made, made.regime(regime)), "deveselu", "BGR", "USA", "fire").allowed
    assert not site_works(rules(made, made.regime("national")), "deveselu", "BGR", "USA", "fire").allowed


def test_own_soil_and_own_people_ask_nobody(case: Case) -> None:
    told = (("ROU", Deploy("bucharest-patriot", "Buzau")), ("ROU", WarnPublic()), (DIRECTOR, EndTurn()))
    made, _ = played(case, *told).outcome()
    nation = {n.code: made.warnings[n.warning].dissemination_s for n in made.file.nations}
    assert nation == {"USA": 120.0, "ROU": 30.0, "TUR": 120.0, "BGR": 120.0}
    assert next(b for b in made.file.batteries if b.name == "bucharest-patriot").host == "ROU"


def test_leave_that_stands_is_for_its_own_batteries(case: Case) -> None:
    given = after(played(case, ("ROU", Preauthorise("own-2")), (DIRECTOR, EndTurn())))
    standing = [a for a in given.authorities if a.protocol == "pre-authorised"]
    assert [(a.owners, a.decision_s, a.missing) for a in standing] == [(("ROU",), 0.0, 0.0)]
    assert all(isinstance(a, Authority) for a in standing)


def test_a_state_consents_beforehand_only_by_its_own_yes(case: Case) -> None:
    told = ("USA", Inform("TUR"))
    assert played(case, told, (DIRECTOR, EndTurn())).outcome()[0] is case
    given = after(played(case, told, ("TUR", Agree("1")), (DIRECTOR, EndTurn())))
    found = [c for c in given.consents if c.id == "TUR-below-USA"]
    assert [(c.by, c.owners, c.scope) for c in found] == [("TUR", ("USA",), ("overflight", "debris"))]


@pytest.mark.parametrize(("seat", "what", "why"), [
    ("USA", Bring("own-1"), "own-1 is in force"),
    ("USA", Bring("bdm-1"), "did you mean `bmd-1`"),
    ("TUR", Bring("bmd-3"), "does not bind TUR"),
    ("BGR", Draft("USA", "ROU", "track"), "a nation drafts what it gives"),
    ("USA", Draft("USA", "FRA", "track"), "no nation FRA"),
    ("USA", Draft("USA", "ROU", "tracks"), "did you mean `track`"),
    ("ROU", Deploy("deveselu", "Buzau"), "no battery of ROU"),
    ("USA", Deploy("deveselu", "Paris"), "no site `Paris`"),
    ("ROU", Deploy("bucharest-patriot", "off shore"), "which is at sea"),
    ("TUR", Preauthorise("own-2"), "no protocol in force"),
    ("USA", Inform("IRN"), "no seat that could agree"),
    ("USA", EndTurn(), "only the director"),
    (DIRECTOR, WarnPublic(), "only a nation"),
    (OBSERVER, WarnPublic(), "only a nation"),
    ("USA", Agree("1"), "nothing on the table"),
    ("USA", Answer("1", True), "not for the turns"),
    (DIRECTOR, Launch("x"), "not for the turns"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_words_and_does_nothing(
    case: Case, seat: str, what: Input, why: str
) -> None:
    campaign = Campaign(case, "national")
    assert why in campaign.play(seat, what)
    assert campaign.tabled == {} and campaign.turn == 1


def test_one_site_takes_one_battery_and_nothing_is_tabled_twice(case: Case) -> None:
    campaign = played(case, ("USA", Deploy("deveselu", "Buzau")))
    assert "see 1" in campaign.play("ROU", Deploy("bucharest-patriot", "Buzau"))
    assert "already" in campaign.play("USA", Deploy("deveselu", "Buzau"))
    assert "does not bind" in campaign.play("BGR", Agree("1"))


def test_what_holds_since_a_turns_end_holds(case: Case) -> None:
    campaign = Campaign(case, "national", turns=2)
    for seat, what in (("USA", Draft("USA", "BGR", "alert")), ("BGR", Agree("1")), (DIRECTOR, EndTurn())):
        assert campaign.play(seat, what) == ""
    assert "holds since" in campaign.play("BGR", Agree("1", False))
    assert not campaign.over and campaign.play(DIRECTOR, EndTurn()) == "" and campaign.over
    assert "are over" in campaign.play("USA", WarnPublic())


def test_a_seat_sees_what_binds_it_alone(case: Case) -> None:
    campaign = played(case, ("USA", Draft("USA", "BGR", "track")), ("ROU", WarnPublic()))
    assert set(campaign.document(DIRECTOR)["table"]) == {"1", "2"}
    assert set(campaign.document("BGR")["table"]) == {"1"}
    assert campaign.document("TUR")["table"] == {} == campaign.document(OBSERVER)["table"]
    assert "bmd-1" in campaign.document("TUR")["may"]["bring"]


def test_the_outcome_is_a_function_of_what_was_played(case: Case) -> None:
    moves: tuple[tuple[str, Input], ...] = (
        ("USA", Draft("USA", "BGR", "track")), ("TUR", Draft("USA", "ROU", "track")), ("BGR", Agree("1")),
        ("ROU", WarnPublic()), (DIRECTOR, EndTurn()),
    )  # fmt: skip
    told = [Played(0, seat, str(i), what, wall_ms=i) for i, (seat, what) in enumerate(moves)]
    kept = msgspec.json.decode(msgspec.json.encode(told), type=list[Played])
    made, regime = outcome(case, "national", told, turns=1)
    again = outcome(case, "national", [Played(p.tick, p.seat, p.id, p.what) for p in kept], turns=1)
    assert again == (made, regime) and made.sha256 != case.sha256
    other = outcome(case, "national", [*told[:2], *told[3:]], turns=1)
    assert other[0].sha256 != made.sha256
