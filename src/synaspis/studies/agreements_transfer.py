"""May they have it? One question on a transfer put to a regime: yes or no, why, and what a yes takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from synaspis.model.agreement import Agreement, Transfer
from synaspis.model.ask import TransferAnswer, TransferAsk
from synaspis.model.case import Case
from synaspis.sharing.rules import Rules, rules
from synaspis.sharing.transfer import retransfer, transfer
from synaspis.studies.agreements_ask import cited, out_of_force
from synaspis.studies.wording import listed


def ask_transfer(case: Case, regime: str, asked: TransferAsk) -> TransferAnswer:
    """The answer under `regime`. The names in `asked` are the case's and the catalogue's."""
    day = asked.on or case.day
    given = rules(case, case.regime(regime), day)
    if asked.holder:
        found = retransfer(given, asked.makers, asked.holder, asked.recipient, asked.item)
    else:
        found = transfer(given, asked.makers, asked.recipient, asked.item, asked.act)
    needs = () if found.allowed else tuple(_needs(case, regime, asked, given, day))
    return TransferAnswer(
        case=case.name,
        regime=regime,
        on=day.isoformat(),
        ask=asked,
        allowed=found.allowed,
        because=found.because,
        needs=needs,
        clauses=tuple(cited(case, clause) for clause in found.because),
    )


def _needs(case: Case, regime: str, asked: TransferAsk, given: Rules, day: dt.date) -> Iterator[str]:
    """What each maker would have to do."""
    held = {c.id for c in given.transfers}
    for maker in (m for m in asked.makers if m not in (asked.holder, asked.recipient)):
        spoken = list(_clauses(case, maker, asked))
        for a, c in spoken:
            if c.effect == "forbid" and c.id in held:
                yield f"`{c.id}` ({a.name}) forbids it: it would have to be lifted"
        permits = [(a, c) for a, c in spoken if c.effect == "permit"]
        if any(c.id in held for _, c in permits):
            continue
        yield _wanted(maker, asked)
        for a, c in permits:
            yield f"`{c.id}` ({a.name}) would permit it, but {listed(out_of_force(case, regime, a, c, day))}"


def _wanted(maker: str, asked: TransferAsk) -> str:
    if not asked.holder:
        what = f"{asked.recipient} to {asked.act} {asked.item}"
        return f"no clause speaks: it takes a permit by {maker} for {what}"
    what = f"{asked.holder} to have {asked.item} that names {asked.recipient} in `onward`"
    return f"no clause speaks: it takes a permit by {maker} for {what}"


def _clauses(case: Case, maker: str, asked: TransferAsk) -> Iterator[tuple[Agreement, Transfer]]:
    """Every clause of the case, in force or not, in which `maker` speaks of just this."""
    for a in case.file.agreements:
        for c in a.transfers:
            if maker in c.makers and asked.item in c.items and _speaks(case, c, asked):
                yield a, c


def _speaks(case: Case, c: Transfer, asked: TransferAsk) -> bool:
    told = asked.recipient in case.members(c.recipients)
    if not asked.holder:
        return told and asked.act in c.acts
    if c.effect == "forbid":
        return told
    return asked.holder in case.members(c.recipients) and asked.recipient in case.members(c.onward)
