"""A year's bill of a coalition: who pays, how much of it is assumed, and what it needs to be spent at all."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from synaspis.model.battery import Battery
from synaspis.model.burden import BillSaid, Brings, Entry, Member, RaidCost
from synaspis.model.case import Case
from synaspis.model.cost import Bill, Line, total
from synaspis.model.sensor import Sensor
from synaspis.sharing.coalition import parties_of, works_in
from synaspis.sharing.rules import Rules
from synaspis.studies.bargain import Outlay
from synaspis.studies.cost import rounds_used

WEAK = ("low", "assumed")
"""Confidence at which a line rests on little."""
ALL = "all"


Site = Sensor | Battery


def sites(case: Case) -> tuple[Site, ...]:
    """Sensors and batteries of the case."""
    return (*case.file.sensors, *case.file.batteries)


def outlays(case: Case, given: Rules, bill: Bill) -> tuple[Outlay, ...]:
    """The lines of `bill` with who must be together for each to be paid.

    A site needs all its parties; one that does not work with all nations together is not paid for by any.
    """
    works = frozenset(works_in(case, given, [n.code for n in case.file.nations]))
    needs = {s.name: tuple(sorted(parties_of(given, s))) for s in sites(case) if s.name in works}
    return tuple(
        Outlay(
            payer=x.payer,
            price=x.amount,
            sites=tuple(needs[s] for s in x.sites if s in needs),
            partners=x.parties,
        )
        for x in bill.lines
        if not x.sites or any(s in needs for s in x.sites)
    )


def of_working(bill: Bill, works: Collection[str], members: Collection[str]) -> Bill:
    """The bill of sites that work: what `members` pay when they take part, and what others pay beside them.

    The members' part is C(S) of all of them: so that leaving saves nobody what is not spent.
    """
    theirs = bill.of(works, members)
    kept = {id(x) for x in theirs.lines}

    def others(x: Line) -> bool:
        return x.payer not in members and (not x.sites or any(s in works for s in x.sites))

    return replace(theirs, lines=tuple(x for x in bill.lines if id(x) in kept or others(x)))


def raid(case: Case, fired: Mapping[str, float]) -> RaidCost:
    """What the rounds of one raid cost their owners, `fired` rounds by battery."""
    used = rounds_used(case, fired)
    return RaidCost(
        rounds=math.fsum(fired.values()),
        rounds_musd=used.by_member(),
        missing=tuple(m.what for m in used.missing),
    )


def said(bill: Bill, members: Collection[str]) -> BillSaid:
    """The bill in the words of an answer: what `members` pay, and what others pay beside them."""
    inside = set(members)
    kinds = bill.by_kind()
    assumed = {k: weak([x for x in bill.lines if x.kind == k]) for k in kinds}
    return BillSaid(
        prices=bill.prices,
        members=total(x.amount for x in bill.lines if x.payer in inside),
        others=total(x.amount for x in bill.lines if x.payer not in inside),
        kinds=kinds,
        payers=bill.by_member(),
        assumed={**assumed, ALL: weak(bill.lines)},
        lines=tuple(_entry(x) for x in bill.lines),
        missing=tuple(f"{m.site}: {m.what}" if m.site else m.what for m in bill.missing),
    )


def weak(lines: Sequence[Line]) -> float:
    """Share of the money that rests on assumed or low-confidence figures; 0 where nothing is paid."""
    whole = total(x.amount for x in lines).value
    part = total(x.amount for x in lines if x.assumed or x.confidence in WEAK).value
    return part / whole if whole > 0.0 else 0.0


def _entry(x: Line) -> Entry:
    return Entry(
        what=x.item,
        where=x.agreement or ", ".join(x.sites),
        kind=x.kind,
        payer=x.payer,
        price=x.amount,
        source=x.source,
        confidence=x.confidence,
        assumed=x.assumed,
    )


def brings(case: Case, member: str, bill: Bill) -> Brings:
    """What `member` puts in: sensors, batteries and rounds that it owns, sites of others that it hosts."""
    file = case.file
    own = [b for b in file.batteries if b.owner == member]
    rounds: dict[str, int] = {}
    for b in own:
        system = case.systems[b.system]
        ready = system.rounds if b.rounds is None else b.rounds
        rounds[system.interceptor] = rounds.get(system.interceptor, 0) + ready + b.reloads
    return Brings(
        sensors=tuple(s.name for s in file.sensors if s.owner == member),
        batteries=tuple(b.name for b in own),
        rounds=rounds,
        hosts=tuple(s.name for s in sites(case) if s.host == member and s.owner != member),
        money=bill.by_member_and_kind().get(member, {}),
    )


def remarks(
    case: Case, members: Mapping[str, Member], regime: str, against: str, works: Collection[str]
) -> tuple[str, ...]:
    """What is odd about the coalition and must be said before its figures are read."""
    found = []
    still = [s.name for s in sites(case) if s.name not in works and s.owner in members]
    if still:
        found.append(f"Not all whom they need take part for {', '.join(still)}: nothing is paid for them.")
    if len(members) == 1:
        (one,) = members
        found.append(
            f"{one} is by itself: what it brings, gains and pays is all its own, every key that is defined "
            "has it pay everything, and there is nobody to leave or to be left."
        )
    if not case.file.batteries:
        found.append("There is no battery in this case: no coalition of any members protects anybody.")
    if not case.file.sensors:
        what = "nobody is warned" if not case.file.batteries else "only the batteries' own radars see"
        found.append(f"There is no sensor in this case: {what}.")
    if not any(m.plays for m in members.values()):
        found.append("None of these members owns, hosts or decides anything: every value is 0.")
    if regime == against:
        found.append(f"The regime {regime} is held against itself: nobody gains anything by it.")
    unknown = [m.nation for m in members.values() if m.gdp_musd is None]
    if unknown:
        found.append(
            f"No economy is known of {', '.join(unknown)}: keys that need one are undefined. A case may give "
            "it in its `catalog`, as an entry of the kind `economy`."
        )
    return tuple(found)
