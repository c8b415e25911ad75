"""Clauses that change nothing are said, each with its reason; a clause that may matter is not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from synaspis.files.case import load
from synaspis.model.agreement import (
    Agreement,
    Authority,
    Condition,
    Consent,
    Mandate,
    Regime,
    Release,
    Transfer,
)
from synaspis.model.case import Case
from synaspis.sharing.idle import idle_clauses

CASE = load("first-light")


def release(name: str, **more: Any) -> Release:
    given = {
        "id": name,
        "effect": "permit",
        "owners": ("USA",),
        "recipients": ("ROU",),
        "products": ("track",),
    }
    return Release(**(given | more))


def case_with(**parts: Any) -> Case:
    agreement = Agreement(
        **(
            {"name": "a", "title": "A", "parties": ("NATO",), "source": "none", "since": dt.date(2020, 1, 1)}
            | parts
        )
    )
    file = replace(
        CASE.file, agreements=(agreement,), regimes=(Regime(name="r", title="R", agreements=("a",)),)
    )
    return replace(CASE, file=file)


def said(case: Case) -> list[str]:
    return [found.what for found in idle_clauses(case)]


def test_shipped_cases_have_none() -> None:
    for name in ("first-light", "europe"):
        assert load(name).oddities == ()


@pytest.mark.parametrize(
    ("clause", "why"),
    [
        (release("x", recipients=("USA",)), "its own"),
        (release("x", sensors=("bucharest-patriot/radar",)), "belongs to its owners"),
        (release("x", until=dt.date(2023, 1, 1)), "not in force"),
        (release("x", when=Condition(alert=("war",))), "state of alert"),
        (release("x", products=("engagement_status",), when=Condition(category=("mrbm",))), "condition"),
        (Mandate(id="x", owners=("BGR",), defends=("BGR",)), "no battery"),
        (
            Authority(id="x", owners=("USA",), batteries=("bucharest-patriot",), protocol="national"),
            "batteries",
        ),
        (Consent(id="x", by="BGR", sites=("deveselu",)), "on BGR's soil"),
        (Consent(id="x", by="ROU", sites=("bucharest-patriot",)), "on ROU's soil"),
        (Consent(id="x", by="USA", owners=("USA",), scope=("overflight",)), "no battery"),
        (
            Transfer(id="x", makers=("USA",), recipients=("USA",), items=("patriot-mse",), acts=("buy",)),
            "make it",
        ),
    ],
    ids=["own", "sensor", "date", "alert", "status", "mandate", "authority", "soil", "host", "over", "maker"],
)
def test_a_clause_that_never_applies_is_said(clause: Any, why: str) -> None:
    kind = {"Release": "releases", "Mandate": "mandates", "Authority": "authorities",
            "Consent": "consents", "Transfer": "transfers"}[type(clause).__name__]  # fmt: skip
    (what,) = said(case_with(**{kind: (clause,)}))
    assert what.startswith("`x` never applies") and why in what


def test_a_permit_that_a_forbid_closes_wholly_is_said() -> None:
    permit = release("p")
    forbid = release("f", effect="forbid", recipients=("NATO",), products=("alert",))
    assert said(case_with(releases=(permit, forbid))) == ["`p` permits nothing: `f` forbids all of it"]
    for narrower in (
        {"recipients": ("TUR",)},
        {"sensors": ("kurecik",)},
        {"products": ("fire_control_track",)},
    ):
        assert said(case_with(releases=(permit, replace(forbid, **narrower)))) == []


def test_a_consent_that_may_be_asked_for_is_not_said() -> None:
    for more in (
        {"by": "ROU", "sites": ("deveselu",)},
        {"by": "TUR", "sites": ("kurecik",), "scope": ("use",)},
        {"by": "TUR", "owners": ("ROU",), "scope": ("debris",)},
    ):
        assert said(case_with(consents=(Consent(id="x", **more),))) == []


def test_a_mandate_that_a_reservation_takes_back_is_said() -> None:
    permit = Mandate(id="p", owners=("USA",), defends=("ROU", "BGR"))
    forbid = Mandate(id="f", effect="forbid", owners=("USA", "ROU"), defends=("NATO",))
    assert said(case_with(mandates=(permit, forbid))) == ["`p` permits nothing: `f` forbids all of it"]
    for narrower in ({"owners": ("ROU",)}, {"defends": ("ROU",)}, {"batteries": ("deveselu",)}):
        assert said(case_with(mandates=(permit, replace(forbid, **narrower)))) == []


def test_a_transfer_that_a_forbid_takes_back_is_said() -> None:
    permit = Transfer(id="p", makers=("USA",), recipients=("ROU",), items=("patriot-mse",), acts=("buy",))
    forbid = replace(permit, id="f", effect="forbid", recipients=("NATO",), acts=("buy", "host"))
    assert said(case_with(transfers=(permit, forbid))) == ["`p` permits nothing: `f` forbids all of it"]
    for narrower in ({"acts": ("host",)}, {"items": ("thaad-battery",)}, {"recipients": ("BGR",)}):
        assert said(case_with(transfers=(permit, replace(forbid, **narrower)))) == []


def test_an_agreement_in_no_regime_is_said() -> None:
    case = case_with(releases=(release("p"),))
    case = replace(case, file=replace(case.file, regimes=(Regime(name="r", title="R", agreements=()),)))
    assert said(case) == ["no regime has the agreement `a`"]
