"""May they see it? Each answer with its reasons, and what a yes would take."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.files.case import load
from synaspis.model.agreement import ALERT_STATES, PRODUCTS, Agreement, Condition, Regime, Release
from synaspis.model.ask import Ask, AskAnswer, AskTest, Expected
from synaspis.model.case import Case
from synaspis.model.threat import CATEGORIES
from synaspis.sharing.conditions import Missile, Predicate
from synaspis.sharing.release import decide
from synaspis.sharing.rules import rules
from synaspis.studies.agreements_ask import ask, checked, missiles_of, sensors_of

BASE = load("first-light")
NATIONS = ("USA", "ROU", "TUR", "BGR")


def permit(name: str, *products: str, **more: Any) -> Release:
    terms = {"effect": "permit", "owners": ("USA",), "recipients": ("ROU",), "products": products} | more
    return Release(id=name, **terms)


def case_of(*clauses: Release, **agreement: Any) -> Case:
    """`first-light` with one agreement of these clauses, under the regime `it`; `none` has no agreement."""
    terms: dict[str, Any] = {"since": dt.date(2020, 1, 1), "until": None} | agreement
    only = Agreement(name="only", title="Only", parties=("NATO",), source="a text", releases=clauses, **terms)
    regimes = (
        Regime(name="it", title="It", agreements=("only",)), Regime(name="none", title="None", agreements=()),
    )  # fmt: skip
    return replace(BASE, file=replace(BASE.file, agreements=(only,), regimes=regimes))


def asked(case: Case, regime: str = "it", **more: Any) -> AskAnswer:
    return ask(case, regime, Ask(**({"owner": "USA", "recipient": "ROU", "product": "track"} | more)))


def test_a_yes_cites_its_clause_and_needs_nothing() -> None:
    answer = asked(case_of(permit("p", "track", delay_s=10.0, assumed=True, note="Said")))
    assert (answer.allowed, answer.because, answer.needs, answer.delay_s) == (True, ("p",), (), 10.0)
    (cited,) = answer.clauses
    assert (cited.agreement, cited.effect, cited.note, cited.source) == ("only", "permit", "Said", "a text")
    assert cited.assumed


def test_silence_is_no_and_says_which_clause_it_takes() -> None:
    answer = asked(case_of(permit("p", "alert")))
    assert (answer.allowed, answer.because, answer.instead) == (False, (), "alert")
    assert answer.needs == ("no clause speaks: it takes a permit by USA for ROU of track",)


def test_ones_own_is_ones_own() -> None:
    answer = asked(case_of(permit("p", "alert")), recipient="USA")
    assert (answer.allowed, answer.because, answer.needs, answer.sensors) == (True, (), (), {})


def test_a_condition_that_is_not_known_is_needed_and_one_that_fails_is_said() -> None:
    case = case_of(permit("p", "track", when=Condition(threatens=("recipient",), category=("mrbm",))))
    assert asked(case, threatens=("ROU",), category="mrbm").because == ("p",)
    assert asked(case, threatens=("ROU",)).needs == (
        "`p` (only) permits it once the missile is known to threaten ROU and be of category mrbm",
    )
    (need,) = asked(case, threatens=("BGR",)).needs
    assert need == (
        "`p` (only) permits it only for a missile known to threaten ROU and be of category mrbm, "
        "which this one does not"
    )


def test_a_forbid_is_cited_and_would_have_to_be_lifted() -> None:
    forbid = permit("f", "alert", effect="forbid", when=Condition(lands_in=("NATO",)))
    case = case_of(permit("p", "track"), forbid)
    answer = asked(case)
    assert (answer.allowed, answer.because) == (False, ("f",))
    assert answer.needs == (
        "`f` (only) forbids it: it would have to be lifted, or the missile known not to land in NATO",
    )
    assert asked(case, lands_in="USA").because == ("f",)


def test_permits_out_of_date_of_regime_of_purpose_of_alert_and_of_sensor_are_named() -> None:
    case = case_of(
        permit("p", "track", purposes=("warning",), sensors=("kurecik",)), until=dt.date(2021, 1, 1)
    )
    answer = asked(case, regime="none", sensor="geo-east")
    assert answer.needs[1] == (
        "`p` (only) would permit it, but `none` lacks that agreement (it is in it), it ended on 2021-01-01, "
        "it is for warning, not for defence and it is of kurecik, not of geo-east"
    )
    early = asked(case, on=dt.date(2019, 1, 1), purpose="warning")
    assert "it is in force only from 2020-01-01" in early.needs[-1]
    war = case_of(permit("p", "track", when=Condition(alert=("war",))))
    assert "it holds only in war, and the alert is crisis" in asked(war).needs[-1]
    assert asked(war, alert="war").allowed


def test_each_sensor_has_its_answer_where_none_is_asked_about() -> None:
    forbid = permit("f", "alert", effect="forbid", sensors=("kurecik",))
    case = case_of(permit("p", "track"), forbid)
    answer = asked(case)
    assert not answer.allowed
    assert answer.sensors == {"geo-east": True, "geo-west": True, "kurecik": False, "deveselu/radar": True}
    assert answer.needs[-1] == "asked of geo-east, geo-west and deveselu/radar alone, the answer is yes"
    assert asked(case, sensor="geo-east").allowed


def test_what_may_be_handed_on_comes_through_the_nation_between() -> None:
    case = case_of(
        permit("one", "track", recipients=("TUR",), onward=("ROU",), delay_s=5.0),
        permit("two", "track", owners=("TUR",), delay_s=3.0, degraded_to_m=2000.0, caveats=("not by press",)),
    )
    answer = asked(case)
    # What TUR lets ROU have of its own it also lets it have of what it may hand on.
    assert (answer.allowed, answer.via, answer.because) == (True, "TUR", ("one", "two"))
    assert answer.delay_s == 8.0
    assert "under `two` no better than 2 km (one sigma)" in answer.terms
    assert "under `two`: not by press" in answer.terms
    assert not asked(case, product="fire_control_track").allowed


def test_a_nation_of_launch_leaves_the_area_open() -> None:
    """A forbid on one area stands where only the nation is known: the area may be that one."""
    forbid = permit("f", "alert", effect="forbid", when=Condition(launched_from=("Tabriz area",)))
    case = case_of(permit("p", "track", when=Condition(launched_from=("IRN",))), forbid)
    assert asked(case, launched_from="IRN").because == ("f",)
    assert asked(case, launched_from="Tabriz area").because == ("f",)
    only = case_of(permit("p", "track", when=Condition(launched_from=("Tabriz area",))))
    assert not asked(only, launched_from="IRN").allowed
    assert asked(only, launched_from="Tabriz area").allowed


def test_a_rule_that_fails_is_a_no_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, m: Missile) -> bool:
        raise ValueError("broken")

    monkeypatch.setattr(Predicate, "holds", broken)
    # What could be handed on is not asked for either: the same rule would judge it.
    hand = permit("one", "track", recipients=("TUR",), onward=("ROU",))
    here = permit("p", "track", sensors=("kurecik",))
    answer = asked(case_of(here, hand, permit("two", "track", owners=("TUR",))))
    assert (answer.allowed, answer.because) == (False, ("p",))
    assert "broken" in answer.warning
    assert answer.needs == ("the rules would have to be mended: " + answer.warning,)


def test_a_test_passes_or_says_what_differs() -> None:
    case = case_of(permit("p", "track"))
    question = Ask(owner="USA", recipient="ROU", product="track")

    def told(**expected: Any) -> str:
        test = AskTest(name="t", ask=question, expect=Expected(**expected))
        return checked(case, "it", test, "f.yaml", 3).what

    assert told(allowed=True) == ""
    assert told(allowed=True, because=("p",)) == ""
    assert told(allowed=True, because=()) == "expected because of no clause, it is because of p"
    assert told(allowed=False) == "expected no, the agreements say yes; because of p"
    assert told(allowed=False, because=("q",)) == (
        "expected no, the agreements say yes; expected because of q, it is because of p"
    )


conditions = st.builds(
    Condition,
    threatens=st.lists(st.sampled_from([*NATIONS, "NATO", "recipient"]), max_size=2, unique=True).map(tuple),
    category=st.lists(st.sampled_from(CATEGORIES[:3]), max_size=2, unique=True).map(tuple),
    lands_in=st.lists(st.sampled_from(NATIONS), max_size=2, unique=True).map(tuple),
    alert=st.lists(st.sampled_from(ALERT_STATES), max_size=2, unique=True).map(tuple),
)
questions = st.builds(
    Ask,
    owner=st.sampled_from(NATIONS),
    recipient=st.sampled_from(NATIONS),
    product=st.sampled_from(PRODUCTS),
    threatens=st.lists(st.sampled_from(NATIONS), max_size=2, unique=True).map(tuple),
    category=st.sampled_from(("", *CATEGORIES[:3])),
    lands_in=st.sampled_from(("", *NATIONS)),
    alert=st.sampled_from(("", *ALERT_STATES)),
    launched_from=st.sampled_from(("", "IRN", "Tabriz area")),
)


@st.composite
def clauses(draw: st.DrawFn) -> tuple[Release, ...]:
    parties = st.lists(st.sampled_from([*NATIONS, "NATO"]), min_size=1, max_size=2, unique=True).map(tuple)
    count = draw(st.integers(0, 5))
    return tuple(
        Release(
            id=f"c{i}",
            effect=draw(st.sampled_from(("permit", "permit", "forbid"))),
            owners=draw(parties),
            recipients=draw(parties),
            products=(draw(st.sampled_from(PRODUCTS)),),
            when=draw(conditions),
        )
        for i in range(count)
    )


@given(clauses(), questions)
@settings(max_examples=300)
def test_it_is_the_one_decision_and_a_no_always_says_what_it_takes(
    rows: tuple[Release, ...], question: Ask
) -> None:
    case = case_of(*rows)
    answer = ask(case, "it", question)
    given_ = rules(case, case.regime("it"), None, question.alert)
    each = [
        decide(given_, question.owner, question.recipient, question.product, None, m, question.purpose)
        for m in missiles_of(case, question)
    ]
    assert answer.allowed == all(d.allowed for d in each)
    assert bool(answer.needs) == (not answer.allowed)
    assert set(answer.because) <= {c.id for c in rows}
    assert [c.id for c in answer.clauses] == list(answer.because)
    names = set(sensors_of(case, question.owner))
    assert set(answer.sensors) in (set(), names)
