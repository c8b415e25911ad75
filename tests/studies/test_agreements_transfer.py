"""May they have it? Answers on transfers, with their reasons and what a yes would take."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.files.case import load
from synaspis.model.agreement import Agreement, Regime, Transfer
from synaspis.model.ask import TransferAnswer, TransferAsk
from synaspis.model.case import Case
from synaspis.studies.agreements_transfer import ask_transfer

BASE = load("first-light")


def clause(name: str, **more: Any) -> Transfer:
    terms = {"makers": ("USA",), "recipients": ("ROU",), "items": ("patriot-mse",), "acts": ("buy", "host")}
    return Transfer(**({"id": name} | terms | more))


def case_of(*clauses: Transfer, **agreement: Any) -> Case:
    """`first-light` with one agreement of these clauses, under the regime `it`; `none` has no agreement."""
    terms: dict[str, Any] = {"since": dt.date(2020, 1, 1), "until": None} | agreement
    only = Agreement(
        name="only", title="Only", parties=("NATO",), source="a text", transfers=clauses, **terms
    )
    regimes = (
        Regime(name="it", title="It", agreements=("only",)), Regime(name="none", title="None", agreements=()),
    )  # fmt: skip
    return replace(BASE, file=replace(BASE.file, agreements=(only,), regimes=regimes))


def asked(case: Case, regime: str = "it", **more: Any) -> TransferAnswer:
    question: dict[str, Any] = {"makers": ("USA",), "recipient": "ROU", "item": "patriot-mse"} | more
    if not question.get("holder"):
        question.setdefault("act", "buy")
    return ask_transfer(case, regime, TransferAsk(**question))


def test_a_yes_cites_its_clause_and_needs_nothing() -> None:
    answer = asked(case_of(clause("t", recipients=("NATO",))))
    assert (answer.allowed, answer.because, answer.needs) == (True, ("t",), ())
    assert [(c.id, c.agreement, c.effect) for c in answer.clauses] == [("t", "only", "permit")]


def test_silence_is_no_and_says_which_clause_it_takes() -> None:
    case = case_of(clause("t"))
    assert asked(case, act="co-produce").needs == (
        "no clause speaks: it takes a permit by USA for ROU to co-produce patriot-mse",
    )
    assert not asked(case, item="thaad-battery").allowed


def test_every_maker_must_let_it() -> None:
    answer = asked(case_of(clause("t")), makers=("USA", "TUR", "ROU"))
    assert (answer.allowed, answer.needs) == (
        False,
        ("no clause speaks: it takes a permit by TUR for ROU to buy patriot-mse",),
    )


def test_a_forbid_is_cited_and_would_have_to_be_lifted() -> None:
    answer = asked(case_of(clause("t"), clause("no", effect="forbid", acts=("buy",))))
    assert (answer.allowed, answer.because) == (False, ("no",))
    assert answer.needs == ("`no` (only) forbids it: it would have to be lifted",)
    assert answer.clauses[0].effect == "forbid"


def test_permits_out_of_date_and_of_regime_are_named() -> None:
    case = case_of(clause("t"), until=dt.date(2021, 1, 1))
    (_, need) = asked(case, regime="none").needs
    assert need == "`t` (only) would permit it, but `none` lacks that agreement (it is in it) and " + (
        "it ended on 2021-01-01"
    )
    assert asked(case, on=dt.date(2020, 6, 1)).allowed


def test_what_one_has_goes_on_only_to_those_the_makers_name() -> None:
    case = case_of(clause("t", onward=("BGR",)))
    assert asked(case, holder="ROU", recipient="BGR").because == ("t",)
    answer = asked(case, holder="ROU", recipient="TUR")
    wanted = "it takes a permit by USA for ROU to have patriot-mse that names TUR in `onward`"
    assert (answer.allowed, answer.needs) == (False, (f"no clause speaks: {wanted}",))
    barred = case_of(clause("t", onward=("BGR",)), clause("no", effect="forbid", recipients=("BGR",)))
    shut = asked(barred, holder="ROU", recipient="BGR")
    assert (shut.because, shut.needs) == (
        ("no",),
        ("`no` (only) forbids it: it would have to be lifted",),
    )


def test_an_act_or_a_holder_is_asked_about() -> None:
    for more in ({"act": "buy", "holder": "TUR"}, {}):
        with pytest.raises(InputError) as found:
            api.ask_transfer(BASE, ["USA"], "ROU", "patriot-mse", **more)
        assert [p.file for p in found.value.problems] == ["--act"]
    assert not api.ask_transfer(BASE, ["USA", "USA"], "ROU", "patriot-mse", "buy").allowed
