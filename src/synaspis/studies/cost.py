"""What a case's sites cost: a year of what is deployed, the cash of a build-up, the rounds of a raid.

A year's bill spreads what is paid once (price, building, development) evenly over the years that it serves,
without interest, and adds what is paid every year. The catalogue gives public figures with their bands; the
case's own lines (`costs`) replace or add. What no figure is known of is named in `missing` and not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.cost import REPLACING, Bill, Charge, Line, Missing, exactly, times, total
from synaspis.model.economy import ARRANGEMENTS, Economy
from synaspis.model.money import DOLLAR
from synaspis.model.plan import Price
from synaspis.model.sensor import Sensor
from synaspis.studies.cost_lines import (
    ALWAYS,
    Books,
    Cash,
    Clock,
    Span,
    Spread,
    site_lines,
    sites_of,
    span_of,
)
from synaspis.studies.keys import by_weight, equal
from synaspis.studies.prices import converted, prices_year


def bill(
    case: Case, day: dt.date | None = None, prices: int | None = None, regime: str | None = None
) -> Bill:
    """A year's cost of what is deployed on `day` (the case's day), in US dollars of `prices` (its year).

    Lines paid under an agreement count where `regime` (the headline) holds it and it is in force.
    InputError for a year that the price index lacks, KeyError for an unknown regime.
    """
    if day is None or day == case.day:
        day = case.day
    else:
        case = _of_all_days(case)
    return _bill(case, prices_year(case.ledger, prices, day.year), Spread(day), regime)


def spent(
    case: Case, first_year: int, last_year: int, prices: int | None = None, regime: str | None = None
) -> dict[int, Bill]:
    """What is paid in each year: price, building and development when a site enters, the rest as it runs.

    What has no date of entry was paid for before the first year. Nothing is bought again when its years of
    service are over. InputError for a year that the price index lacks.
    """
    year = prices_year(case.ledger, prices, case.day.year)
    whole = _of_all_days(case)
    return {y: _bill(whole, year, Cash(y), regime) for y in range(first_year, last_year + 1)}


def _of_all_days(case: Case) -> Case:
    """The case with the sites of all days, and its own lines of cost."""
    whole = case.at_all_times()
    return replace(whole, file=replace(case.file, sensors=whole.file.sensors, batteries=whole.file.batteries))


def rounds_used(case: Case, fired: Mapping[str, float], prices: int | None = None) -> Bill:
    """What the rounds of a raid cost their owners: `fired` rounds by battery, millions of US dollars."""
    year = prices_year(case.ledger, prices, case.day.year)
    books = Books(case, year, Spread(case.day))
    lines = []
    for b in case.file.batteries:
        if not fired.get(b.name):
            continue
        interceptor = case.systems[b.system].interceptor
        known = books.figure(interceptor, "unit_cost", b.name)
        if known is not None:
            amount = times(known.amount, exactly(fired[b.name]))
            lines.append(books.line("rounds", b.owner, amount, interceptor, (b.name,), (known,)))
    return Bill(lines=tuple(lines), prices=year, missing=tuple(books.missing))


def economies_of(case: Case) -> dict[str, Economy]:
    """The economy of each nation of the case of which the catalogue knows one, in the case's order."""
    known = case.ledger.economies
    return {n.code: known[n.code] for n in case.file.nations if n.code in known}


def without_economy(case: Case) -> tuple[str, ...]:
    """The nations of the case of which the catalogue knows no economy."""
    return tuple(n.code for n in case.file.nations if n.code not in case.ledger.economies)


def funding_shares(case: Case, members: Sequence[str], year: int) -> dict[str, float]:
    """Each member's share of NATO's common funding in `year`; members without one are left out.

    Of the arrangements that give a share to most of the members it is the one nearest to the year.
    """
    known = {m: case.ledger.economies[m].common_funding for m in members if m in case.ledger.economies}
    counts = {a: sum(s.get(a, 0.0) > 0.0 for s in known.values()) for a in ARRANGEMENTS}
    most = max(counts.values())
    if most == 0:
        return {}
    best = min((a for a in ARRANGEMENTS if counts[a] == most), key=lambda a: _away(a, year))
    return {m: s[best] for m, s in known.items() if s.get(best, 0.0) > 0.0}


def _away(arrangement: str, year: int) -> int:
    first = int(arrangement[:4])
    last = int(arrangement[:2] + arrangement[-2:])
    return max(first - year, year - last, 0)


def _bill(case: Case, prices: int, clock: Clock, regime: str | None) -> Bill:
    held = case.regime(regime or case.file.compare.headline).agreements
    books = Books(case, prices, clock)
    there = {"", *(s.name for s in sites_of(case))}
    charges = [c for c in case.file.costs if (not c.agreement or c.agreement in held) and c.site in there]
    replaced = frozenset((c.site, c.kind) for c in charges if c.site and c.kind in REPLACING)
    lines = list(site_lines(books, replaced))
    for c in charges:
        lines += _charged(books, c)
    for c in charges:
        if c.kind == "third-party" and c.site:
            lines = _relieved(books, lines, c)
    return Bill(lines=tuple(lines), prices=prices, missing=tuple(books.missing))


def _amount(books: Books, charge: Charge) -> Price:
    """What is paid by the bill's clock; nothing outside the days of the line, its site and its agreement."""
    case = books.case
    span = _days(case, charge)
    whole = converted(case.ledger, charge.amount, charge.prices, books.prices, charge.currency or DOLLAR)
    # Years that the index lacks were refused when the case was read.
    assert whole is not None
    if charge.per == "year":
        return times(whole, exactly(books.clock.running(span)))
    assert charge.over_s is not None
    if charge.until is None:
        span = replace(span, until=None)
    return times(whole, books.clock.instalment(span, charge.over_s))


def _days(case: Case, charge: Charge) -> Span:
    """Its own days, or its agreement's where it gives none; of them those on which its site is there."""
    span = Span(charge.since, charge.until)
    for agreement in case.file.agreements:
        if agreement.name == charge.agreement and span == ALWAYS:
            span = Span(agreement.since, agreement.until)
    # Of sites on all days: one that is not there on the case's own has days too, and they are others.
    whole = case.every_site
    sites: tuple[Sensor | Battery, ...] = (*whole.sensors, *whole.batteries)
    for site in sites:
        if site.name == charge.site:
            there = span_of(site)
            span = span.within(there if charge.kind == "procurement" else replace(there, bought=None))
    return span


def _charged(books: Books, charge: Charge) -> Iterator[Line]:
    """The line, shared out among members where an alliance pays it."""
    amount = _amount(books, charge)
    if amount.high == 0.0:
        return
    case = books.case
    alliance = any(a.name == charge.payer for a in case.file.alliances)
    parties: tuple[str, ...] = case.members((charge.payer,)) if alliance else ()
    for agreement in case.file.agreements:
        if agreement.name == charge.agreement:
            parties = case.members(agreement.parties)
    line = Line(
        kind=charge.kind, payer=charge.payer, amount=amount, prices=books.prices, item=charge.id,
        sites=(charge.site,) if charge.site else (), agreement=charge.agreement, parties=parties,
        source=charge.source, confidence="assumed" if charge.assumed else "given", assumed=charge.assumed,
    )  # fmt: skip
    if not alliance:
        yield line
        return
    shares, why = _shares(case, charge, books.clock.year)
    if why:
        books.missing[Missing(site=charge.site, what=f"who pays `{charge.id}`: {why}")] = None
    for payer, share in shares.items():
        yield replace(line, payer=payer, amount=times(amount, exactly(share)))


def _shares(case: Case, charge: Charge, year: int) -> tuple[dict[str, float], str]:
    """What each pays of an alliance's line, or why that is not known.

    Shares of common funding cover the whole alliance. What its members outside the case pay stays with
    them, as a payer of its own: nobody in the case pays more because the case is small.
    """
    members = case.members((charge.payer,))
    if charge.shared_by == "common_funding":
        shares = funding_shares(case, members, year)
        rest = 1.0 - sum(shares.values())
        if not shares:
            return {}, "no member has a share of common funding"
        return shares | ({f"{charge.payer}, others": rest} if rest > 1e-9 else {}), ""
    known = economies_of(case)
    if charge.shared_by == "equal":
        key = equal(members)
    else:
        weights = {
            m: known[m].gdp_musd if charge.shared_by == "gdp" else known[m].population
            for m in members
            if m in known
        }
        key = by_weight(charge.shared_by, members, weights)
    return (dict(key.share), "") if key.share is not None else ({}, key.why)


def _relieved(books: Books, lines: list[Line], charge: Charge) -> list[Line]:
    """The lines with a third party's payment for a site taken off what its owner pays for it."""
    owners = {s.name: s.owner for s in sites_of(books.case)}
    if charge.site not in owners:  # not there on the day
        return lines
    owner, paid = owners[charge.site], _amount(books, charge)
    mine = [x for x in lines if x.payer == owner and x.site == charge.site and x.kind in REPLACING]
    whole = total(x.amount for x in mine)
    if whole.value == 0.0:
        return lines
    left = Price(
        value=max(1.0 - paid.value / whole.value, 0.0),
        low=max(1.0 - paid.high / whole.low, 0.0) if whole.low > 0.0 else 0.0,
        high=max(1.0 - paid.low / whole.high, 0.0),
    )
    off = {id(x) for x in mine}
    return [replace(x, amount=times(x.amount, left)) if id(x) in off else x for x in lines]
