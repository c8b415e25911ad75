"""May they see it, and may they have it? Questions, answers with their reasons, and experts' tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from synaspis.model.agreement import ACTS, ALERT_STATES, PRODUCTS, PURPOSES
from synaspis.model.declare import part, text
from synaspis.model.threat import CATEGORIES


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Whether a nation may have a product of another's. What is left out is not known."""

    owner: str = text("whose product", names="nation")
    recipient: str = text("who would have it", names="nation")
    product: str = text("which product", choices=PRODUCTS)
    sensor: str = text(
        "of this sensor (of any of the owner's where left out)", names="deployed-sensor", default=""
    )
    threatens: tuple[str, ...] = text("whom the missile threatens", names="party", default=())
    category: str = text("category of the missile", choices=CATEGORIES, default="")
    launched_from: str = text("launch area or nation that it came from", names="origin", default="")
    lands_in: str = text("nation where it will land", names="nation", default="")
    purpose: str = text("what it would be used for", choices=PURPOSES, default="defence")
    on: dt.date | None = part("the day (the case's date where left out)", default=None)
    alert: str = text("state of alert (the case's where left out)", choices=("", *ALERT_STATES), default="")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What an expert's test expects. The reasons are compared as a set, where they are given."""

    allowed: bool = part("whether it may be had")
    because: tuple[str, ...] | None = text("ids of exactly the clauses cited", names="clause", default=None)


@dataclass(frozen=True, kw_only=True)
class AskTest:
    """One expert's test: a question, and the answer that the agreements should give."""

    name: str = text("what the test says, in words")
    case: str = text("a shipped case, or the path of a case file", default="")
    regime: str = text("the regime (the headline's where left out)", names="regime", default="")
    ask: Ask = part("the question")
    expect: Expected = part("the answer it should have")


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A clause that an answer cites, with the agreement that holds it and where it is known from."""

    id: str
    agreement: str
    title: str
    effect: str
    note: str
    source: str
    assumed: bool


@dataclass(frozen=True, kw_only=True)
class AskAnswer:
    """Yes or no, why, and what a yes would need.

    `because` are ids of clauses; `needs` sentences, empty for a yes; `terms` what a yes comes with;
    `instead` the best product of the ladder that may be had where this one may not, or "". `sensors` tells
    for each sensor of the owner, where none was asked about; `via` is the nation that hands it on, or "".
    """

    case: str
    regime: str
    on: str
    alert: str
    ask: Ask
    allowed: bool
    because: tuple[str, ...]
    needs: tuple[str, ...]
    clauses: tuple[Cited, ...] = ()
    warning: str = ""
    via: str = ""
    terms: tuple[str, ...] = ()
    instead: str = ""
    delay_s: float | None = None
    sensors: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TransferAsk:
    """Whether a nation may have an item of others' making, or be given it by one that holds it."""

    makers: tuple[str, ...] = text("nations that make it; each must let it", names="nation")
    recipient: str = text("who would have it", names="nation")
    item: str = text("battery type, interceptor or radar", names="hardware")
    act: str = text("what it would do with it", choices=("", *ACTS), default="")
    holder: str = text("the nation that would pass it on", names="nation", default="")
    on: dt.date | None = part("the day (the case's date where left out)", default=None)


@dataclass(frozen=True, kw_only=True)
class TransferAnswer:
    """Yes or no, because of which clauses, and what a yes would need (sentences, empty for a yes)."""

    case: str
    regime: str
    on: str
    ask: TransferAsk
    allowed: bool
    because: tuple[str, ...]
    needs: tuple[str, ...]
    clauses: tuple[Cited, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One test and what became of it; `what` says what differs, "" where it passed."""

    file: str
    line: int
    name: str
    what: str
    answer: AskAnswer

    @property
    def passed(self) -> bool:
        return not self.what


def ask_document(answer: AskAnswer) -> dict[str, object]:
    """The answer as the JSON document of `agreements ask --json`."""
    asked = answer.ask
    return {
        "case": answer.case,
        "regime": answer.regime,
        "owner": asked.owner,
        "recipient": asked.recipient,
        "product": asked.product,
        "purpose": asked.purpose,
        "on": answer.on,
        "alert": answer.alert,
        "sensor": asked.sensor or None,
        "missile": {
            "threatens": list(asked.threatens) or None,
            "category": asked.category or None,
            "launched_from": asked.launched_from or None,
            "lands_in": asked.lands_in or None,
        },
        "allowed": answer.allowed,
        "because": list(answer.because),
        "needs": list(answer.needs),
        "instead": answer.instead or None,
        "via": answer.via or None,
        "terms": list(answer.terms),
        "delay_s": answer.delay_s,
        "sensors": dict(answer.sensors),
        "clauses": [dict(vars(c)) for c in answer.clauses],
        "warning": answer.warning or None,
    }


def transfer_document(answer: TransferAnswer) -> dict[str, object]:
    """The answer as the JSON document of `agreements ask --maker ... --json`."""
    asked = answer.ask
    return {
        "case": answer.case,
        "regime": answer.regime,
        "makers": list(asked.makers),
        "recipient": asked.recipient,
        "item": asked.item,
        "act": asked.act or None,
        "holder": asked.holder or None,
        "on": answer.on,
        "allowed": answer.allowed,
        "because": list(answer.because),
        "needs": list(answer.needs),
        "clauses": [dict(vars(c)) for c in answer.clauses],
    }


def checked_document(results: tuple[Checked, ...]) -> dict[str, object]:
    """All results as the JSON document of `agreements test --json`."""
    return {
        "passed": sum(r.passed for r in results),
        "failed": sum(not r.passed for r in results),
        "tests": [
            {
                "file": r.file,
                "line": r.line,
                "name": r.name,
                "passed": r.passed,
                "what": r.what or None,
                "allowed": r.answer.allowed,
                "because": list(r.answer.because),
                "needs": list(r.answer.needs),
            }
            for r in results
        ],
    }
