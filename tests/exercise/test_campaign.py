"""Turns before the raid: nothing holds without a yes of all whom it binds, and the outcome is a function."""

from __future__ import annotations

import pytest

from synaspis.exercise.campaign import Campaign
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
    Preauthorise,
    WarnPublic,
)
from synaspis.exercise.plan import Turn, named
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
    campaign = Campaign(case, regime, (Turn(),))
    go_on(campaign, *told)
    return campaign


def go_on(campaign: Campaign, *told: tuple[str, Input]) -> None:
    """Inputs that are taken; `Agree("2")` is to the second thing on the table."""
    for seat, what in told:
        if isinstance(what, Agree):
            what = Agree(list(campaign.tabled)[int(what.proposal) - 1], what.yes)
        assert campaign.play(seat, what) == "", (seat, what)


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
    ("ROU", Deploy("deveselu", "Buzau"), "no battery or radar of ROU"),
    ("USA", Deploy("geo-east", "Buzau"), "no battery or radar of USA"),
    ("USA", Draft("USA", "ROU", "track", purposes=("fun",)), "no purpose `fun`"),
    ("ROU", Preauthorise("own-2", ("panic",)), "no state of alert `panic`"),
    ("USA", Deploy("deveselu", "Paris"), "no site `Paris`"),
    ("ROU", Deploy("bucharest-patriot", "off shore"), "which is at sea"),
    ("TUR", Preauthorise("own-2"), "no protocol in force"),
    ("USA", Inform("IRN"), "no seat that could agree"),
    ("USA", EndTurn(), "only the director"),
    (DIRECTOR, WarnPublic(), "only a nation"),
    (OBSERVER, WarnPublic(), "only a nation"),
    ("USA", Agree("1"), "nothing that is on the table for USA"),
    ("USA", Answer("1", True), "not for the turns"),
    (DIRECTOR, Launch("x"), "not for the turns"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_words_and_does_nothing(
    case: Case, seat: str, what: Input, why: str
) -> None:
    campaign = Campaign(case, "national", (Turn(),))
    assert why in campaign.play(seat, what)
    assert campaign.tabled == {} and campaign.turn == 1


def test_nobody_says_yes_to_two_things_of_which_only_one_can_be(case: Case) -> None:
    campaign = played(case, ("USA", Deploy("deveselu", "Buzau")))
    assert "moves once" in campaign.play("USA", Deploy("deveselu", "Sofia west"))
    assert "already" in campaign.play("USA", Deploy("deveselu", "Buzau"))
    go_on(campaign, ("ROU", Deploy("bucharest-patriot", "Buzau")))
    (first, second) = campaign.tabled
    assert "Buzau takes one" in campaign.play("ROU", Agree(first)), "the host says yes to one"
    go_on(campaign, ("ROU", Agree("2", False)), ("ROU", Agree("1")), (DIRECTOR, EndTurn()))
    made, _ = campaign.outcome()
    assert second not in campaign.tabled and campaign.tabled[first].bound == {"USA", "ROU"}
    found = next(b for b in made.file.batteries if b.name == "deveselu")
    assert round(found.latitude_rad * 57.29578, 2) == 45.15


def test_a_sensor_moves_as_a_battery_does(case: Case) -> None:
    told = (("USA", Deploy("kurecik", "Sofia west")), ("BGR", Agree("1")), (DIRECTOR, EndTurn()))
    made, regime = played(case, *told).outcome()
    sensor = next(s for s in made.file.sensors if s.name == "kurecik")
    assert sensor.longitude_rad is not None
    assert (sensor.host, round(sensor.longitude_rad * 57.29578, 2)) == ("BGR", 23.2)
    assert site_works(rules(made, made.regime(regime)), "kurecik", "BGR", "USA", "use").allowed


def test_who_put_it_there_withdraws_it_and_others_refuse(case: Case) -> None:
    campaign = played(case, ("USA", Draft("USA", "BGR", "track")), ("BGR", Agree("1", False)))
    (told,) = campaign.document("USA")["table"].values()
    assert (told["agreed"], told["refused"]) == (["USA"], ["BGR"]) and campaign.waits("BGR") == 0
    go_on(campaign, ("BGR", Agree("1")), ("USA", Agree("1", False)))
    assert campaign.tabled == {}


def test_a_draft_is_for_what_it_says(case: Case) -> None:
    draft = Draft("USA", "BGR", "track", 20.0, True, ("warning",))
    campaign = played(case, ("BGR", draft), ("USA", Agree("1")), (DIRECTOR, EndTurn()))
    (told,) = campaign.document("BGR")["table"].values()
    assert told["text"] == (
        "BGR may have track of USA after 20\u00a0s, of missiles that threaten it, for warning alone"
    )
    assert [c.purposes for c in after(campaign).between("USA", "BGR")] == [("warning",)]


def test_leave_given_beforehand_for_war_is_none_in_a_crisis(case: Case) -> None:
    told = (("ROU", Preauthorise("own-2", ("war",))), (DIRECTOR, EndTurn()))
    made, regime = played(case, *told).outcome()
    for alert, stands in (("crisis", False), ("war", True)):
        given = rules(made, made.regime(regime), alert=alert)
        assert any(a.protocol == "pre-authorised" for a in given.authorities) is stands


def test_a_turn_is_for_what_it_is_for(case: Case) -> None:
    campaign = Campaign(case, "national", (Turn("first", may=("draft",)), Turn("second")))
    assert campaign.play("ROU", WarnPublic()) == "that is not for this turn, which is for draft"
    go_on(campaign, (DIRECTOR, EndTurn()), ("ROU", WarnPublic()))


def test_what_would_change_is_said(case: Case) -> None:
    campaign = played(
        case, ("USA", Draft("USA", "BGR", "track")), ("USA", Deploy("deveselu", "Sofia west")),
        ("ROU", WarnPublic()), ("ROU", Preauthorise("own-2")), ("ROU", Bring("bmd-1")),
    )  # fmt: skip
    changes = [t["change"] for t in campaign.document(DIRECTOR)["table"].values()]
    assert changes[0] == "Now the regime gives BGR nothing of USA."
    assert changes[1].startswith("It moves 182 km, from the soil of ROU. Within ")
    assert changes[2] == "Now a warning reaches them in 2\u00a0min."
    assert changes[3] == "Now: own-2, the owner decides."
    assert changes[4].endswith("It holds between those who say yes.")


def test_what_holds_since_a_turns_end_holds(case: Case) -> None:
    campaign = Campaign(case, "national", (Turn(), Turn()))
    go_on(campaign, ("USA", Draft("USA", "BGR", "alert")), ("BGR", Agree("1")), (DIRECTOR, EndTurn()))
    (id,) = campaign.tabled
    assert "holds since" in campaign.play("BGR", Agree(id, False))
    assert not campaign.over and campaign.play(DIRECTOR, EndTurn()) == "" and campaign.over
    assert "are over" in campaign.play("USA", WarnPublic())


def test_a_seat_sees_what_binds_it_alone(case: Case) -> None:
    campaign = played(case, ("USA", Draft("USA", "BGR", "track")), ("ROU", WarnPublic()))
    draft, warned = campaign.tabled
    assert set(campaign.document(DIRECTOR)["table"]) == {draft, warned}
    assert set(campaign.document("BGR")["table"]) == {draft}
    assert campaign.document("TUR")["table"] == {} == campaign.document(OBSERVER)["table"]
    assert "bmd-1" in campaign.choices("TUR")["bring"] and campaign.choices(OBSERVER) == {}
    go_on(campaign, ("BGR", Agree("1")), (DIRECTOR, EndTurn()))
    for seat in ("TUR", OBSERVER):
        assert set(campaign.document(seat)["table"]) == {warned}, "that the public was told is public"


@pytest.mark.parametrize("seat", ["TUR", OBSERVER])
def test_what_others_table_changes_nothing_that_a_seat_is_told(case: Case, seat: str) -> None:
    quiet, busy = (Campaign(case, "national", (Turn(), Turn())) for _ in range(2))
    go_on(
        busy, ("USA", Draft("USA", "BGR", "track")), ("ROU", Draft("USA", "ROU", "track")),
        ("BGR", Agree("1")), ("ROU", Draft("ROU", "BGR", "alert")), ("BGR", Agree("3", False)),
    )  # fmt: skip
    told = []
    for campaign in (quiet, busy):
        found: list[object] = [campaign.document(seat), campaign.choices(seat)]
        for what in (
            Draft("USA", "TUR", "track"), Agree(named("USA", Draft("USA", "BGR", "track"))), Agree("p0"),
            Inform("ROU"), Deploy("kurecik", "Buzau"),
        ):  # fmt: skip
            found += [campaign.play(seat, what).replace("p0", named("USA", Draft("USA", "BGR", "track")))]
        campaign.play(DIRECTOR, EndTurn())
        told.append([*found, campaign.document(seat)])
    assert told[0] == told[1] and told[0][3] == told[0][4], "an unknown id and another's are the same"


def test_the_outcome_is_a_function_of_what_was_played(case: Case) -> None:
    moves: tuple[tuple[str, Input], ...] = (
        ("USA", Draft("USA", "BGR", "track")), ("BGR", Agree("1")), ("ROU", WarnPublic()),
        (DIRECTOR, EndTurn()),
    )  # fmt: skip
    made, regime = played(case, *moves).outcome()
    refused = played(case, *moves[:2])
    assert refused.play("TUR", Draft("USA", "ROU", "track")) != "", "what is refused changes nothing"
    go_on(refused, *moves[2:])
    assert refused.outcome() == (made, regime) and made.sha256 != case.sha256
    assert played(case, *moves[:2], moves[3]).outcome()[0].sha256 != made.sha256
