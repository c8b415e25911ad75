"""The lines of a bill: what each site costs by the catalogue, and what the case's own lines say.

Two clocks make two kinds of bill from the same lines. `Spread` takes a day: what stands then costs a year's
part of what was paid once, and a year of running. `Cash` takes a year: what enters in it is paid in full,
what runs is paid for the days of the year on which it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.cost import Line, Missing, exactly, over, times
from synaspis.model.fact import Fact
from synaspis.model.money import Programme
from synaspis.model.plan import Price
from synaspis.model.sensor import Sensor
from synaspis.studies.prices import converted

YEAR_S, DAY_S = 31_557_600.0, 86_400.0
_CALLED = {
    "unit_cost": "price",
    "fielding": "cost of building",
    "operation": "cost of operation",
    "life": "years of service",
}
_WORST = ("assumed", "low", "medium", "high")


@dataclass(frozen=True)
class Span:
    """From the first day to the last; None where it is open. `bought` where that was not on the first day."""

    since: dt.date | None
    until: dt.date | None
    bought: dt.date | None = None

    def within(self, other: Span) -> Span:
        """The days that both hold."""
        first = max((d for d in (self.since, other.since) if d), default=None)
        last = min((d for d in (self.until, other.until) if d), default=None)
        return Span(first, last, self.bought or other.bought)

    def holds(self, day: dt.date) -> bool:
        """Whether the day lies in it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


ALWAYS = Span(None, None)


@dataclass(frozen=True)
class Spread:
    """A year of what stands on `day`."""

    day: dt.date

    @property
    def year(self) -> int:
        """The year whose shares hold."""
        return self.day.year

    def once(self, span: Span, life: Price) -> Price:
        """The part of what is paid once that falls on a year."""
        return over(exactly(1.0), life) if span.holds(self.day) else exactly(0.0)

    def counts(self, span: Span) -> bool:
        """Whether anything is paid for it."""
        return span.holds(self.day)

    def running(self, span: Span) -> float:
        """How much of a year it runs."""
        return 1.0 if span.holds(self.day) else 0.0

    def instalment(self, span: Span, over_s: float) -> Price:
        """A year's part of an amount that serves for `over_s` from the first day of `span` on."""
        days = min(over_s / DAY_S, float((dt.date.max - (span.since or dt.date.min)).days))
        served = Span(span.since, None if span.since is None else span.since + dt.timedelta(days=days))
        return exactly(YEAR_S / over_s if served.holds(self.day) else 0.0)


@dataclass(frozen=True)
class Cash:
    """What is paid in `year`."""

    year: int

    def once(self, span: Span, life: Price) -> Price:
        """All of it in the year in which it was bought; before every year where that is not known."""
        paid = span.bought or span.since
        return exactly(1.0 if paid is not None and paid.year == self.year else 0.0)

    def counts(self, span: Span) -> bool:
        """Whether anything is paid for it."""
        return self.running(span) > 0.0 or self.once(span, exactly(1.0)).value > 0.0

    def running(self, span: Span) -> float:
        """The share of the year's days on which it runs."""
        first, last = dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)
        from_, to = max(span.since or first, first), min(span.until or last, last)
        return max((to - from_).days + 1, 0) / ((last - first).days + 1)

    def instalment(self, span: Span, over_s: float) -> Price:
        """What falls on the year of an amount paid evenly over `span`; on the first day if it has no last."""
        if span.since is None or span.until is None:
            return self.once(span, exactly(1.0))
        first, last = dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)
        within = (min(span.until, last) - max(span.since, first)).days + 1
        return exactly(max(within, 0) / ((span.until - span.since).days + 1))


Clock = Spread | Cash


@dataclass(frozen=True)
class Figure:
    """A figure of the catalogue; money in US dollars of the bill's year."""

    amount: Price
    fact: Fact


@dataclass
class Books:
    """Makes lines, and notes what it has no figure for."""

    case: Case
    prices: int
    clock: Clock
    missing: dict[Missing, None] = field(default_factory=dict)

    def figure(self, entry: str, parameter: str, site: str) -> Figure | None:
        """A figure of a catalogue entry; None, and noted, where there is none."""
        known = self.case.entries.get(entry)
        fact = next((f for f in known.facts if f.parameter == parameter), None) if known else None
        found = None if fact is None else self.read(fact)
        if found is None:
            year = "" if fact is None else f" (in prices of {price_year(fact)}, which the index lacks)"
            self.missing[Missing(site=site, what=f"{_CALLED[parameter]} of `{entry}`{year}")] = None
        return found

    def known(self, entry: str, parameter: str) -> Figure | None:
        """A figure that an entry need not have."""
        facts = self.case.entries[entry].facts if entry in self.case.entries else ()
        fact = next((f for f in facts if f.parameter == parameter), None)
        return None if fact is None else self.read(fact)

    def of_programme(self, programme: Programme, parameter: str) -> Fact:
        """A figure of a programme. KeyError where it has none of that name."""
        facts = {f.parameter: f for f in self.case.ledger.entries[programme.name].facts}
        return facts[parameter]

    def read(self, fact: Fact) -> Figure | None:
        """The fact's band, money in the bill's prices; None where the index does not reach its year."""
        band = Price(value=fact.value, low=fact.low, high=fact.high)
        if fact.unit != "musd":
            return Figure(band, fact)
        amount = converted(self.case.ledger, band, price_year(fact), self.prices)
        return None if amount is None else Figure(amount, fact)

    def line(
        self, kind: str, payer: str, amount: Price, item: str, sites: tuple[str, ...], known: Iterable[Figure]
    ) -> Line:
        """A line that rests on figures of the catalogue."""
        facts = [f.fact for f in known]
        worst = min((f.confidence for f in facts), key=_WORST.index)
        return Line(
            kind=kind, payer=payer, amount=amount, prices=self.prices, item=item, sites=sites,
            source="; ".join(dict.fromkeys(f.source for f in facts)), confidence=worst,
            assumed=worst == "assumed",
        )  # fmt: skip


def price_year(fact: Fact) -> int:
    """The year of an amount's prices: as said, else the year that it was published."""
    said = dict(fact.at).get("prices", "")
    return int(said) if said.isdecimal() else fact.as_of


def site_lines(books: Books, replaced: frozenset[tuple[str, str]]) -> Iterator[Line]:
    """What every site costs by the catalogue, but for the (site, kind) that the case's own lines replace."""
    case = books.case
    for s in case.file.sensors:
        number = float(s.walker.satellites) if s.walker else 1.0
        yield from _own(books, s, s.type, number, replaced)
        yield from _developed(books, s.type, number, (s.name,), span_of(s))
    for b in case.file.batteries:
        system = case.systems[b.system]
        rounds = float((system.rounds if b.rounds is None else b.rounds) + b.reloads)
        yield from _own(books, b, b.system, 1.0, replaced)
        for item in (b.system, system.radar):
            yield from _developed(books, item, 1.0, (b.name,), span_of(b))
        if (b.name, "procurement") not in replaced:
            yield from _rounds(books, b.owner, system.interceptor, rounds, (b.name,), span_of(b))
        yield from _developed(books, system.interceptor, rounds, (b.name,), span_of(b))
    for stock in case.file.stock:
        fires = tuple(
            b.name
            for b in case.file.batteries
            if b.owner == stock.owner and case.systems[b.system].interceptor == stock.interceptor
        )
        yield from _rounds(books, stock.owner, stock.interceptor, float(stock.depot), fires, ALWAYS)
        yield from _developed(books, stock.interceptor, float(stock.depot), fires, ALWAYS)


def sites_of(case: Case) -> tuple[Battery | Sensor, ...]:
    """Every deployed sensor and battery."""
    return (*case.file.sensors, *case.file.batteries)


def span_of(site: Battery | Sensor) -> Span:
    """The days on which it is deployed."""
    return Span(site.since, site.until, site.bought)


def _own(
    books: Books, site: Battery | Sensor, entry: str, number: float, replaced: frozenset[tuple[str, str]]
) -> Iterator[Line]:
    """Price, building and operation of the site itself, without rounds."""
    span = span_of(site)
    if not books.clock.counts(span):
        return
    share = books.known(entry, "cost_share")
    rests_on = () if share is None else (share,)
    several = exactly(number) if share is None else times(exactly(number), share.amount)
    payers = {"procurement": site.owner, "fielding": site.owner, "operation": site.operator or site.owner}
    for kind, parameter in (
        ("procurement", "unit_cost"),
        ("fielding", "fielding"),
        ("operation", "operation"),
    ):
        if (site.name, kind) in replaced:
            continue
        cost = books.figure(entry, parameter, site.name)
        life = None if kind == "operation" else books.figure(entry, "life", site.name)
        if cost is None or (life is None and kind != "operation"):
            continue
        # Building is paid where it stands; the price when it was bought, wherever it stood then.
        paid = Span(span.since, span.until) if kind == "fielding" else span
        when = exactly(books.clock.running(span)) if life is None else books.clock.once(paid, life.amount)
        amount = times(times(cost.amount, several), when)
        if amount.high > 0.0:
            rests = (cost, *rests_on, *(() if life is None else (life,)))
            line = books.line(kind, payers[kind], amount, entry, (site.name,), rests)
            yield from _funded(books, line)


def _rounds(
    books: Books, owner: str, interceptor: str, number: float, sites: tuple[str, ...], span: Span
) -> Iterator[Line]:
    """The price of rounds."""
    if number == 0.0 or not books.clock.counts(span):
        return
    site = sites[0] if sites else ""
    cost = books.figure(interceptor, "unit_cost", site)
    life = books.figure(interceptor, "life", site)
    if cost is not None and life is not None:
        amount = times(times(cost.amount, exactly(number)), books.clock.once(span, life.amount))
        if amount.high > 0.0:
            line = books.line("procurement", owner, amount, interceptor, sites, (cost, life))
            yield from _funded(books, line)


def _developed(books: Books, item: str, number: float, sites: tuple[str, ...], span: Span) -> Iterator[Line]:
    """What each party paid to develop it, over all units, for `number` of them."""
    if number == 0.0 or not books.clock.counts(span):
        return
    for programme in (p for p in books.case.ledger.programmes if item in p.items and p.development):
        units = books.read(books.of_programme(programme, "units"))
        life = books.figure(item, "life", sites[0] if sites else "")
        if units is None or life is None:
            continue
        part = times(over(exactly(number), units.amount), books.clock.once(span, life.amount))
        for i, paid in enumerate(programme.development):
            cost = books.read(books.of_programme(programme, f"development.{i}.amount"))
            if cost is not None and part.high > 0.0:
                amount = times(cost.amount, part)
                yield books.line("development", paid.payer, amount, item, sites, (cost, units, life))


def _funded(books: Books, line: Line) -> Iterator[Line]:
    """The line as its owner pays it, and what others pay of it."""
    rest = exactly(1.0)
    for programme in books.case.ledger.programmes if line.kind == "procurement" else ():
        for i, funded in enumerate(programme.funding):
            if line.item not in programme.items or line.payer not in funded.owners:
                continue
            share = books.read(books.of_programme(programme, f"funding.{i}.share"))
            if share is None:
                continue
            s = share.amount
            rest = Price(value=rest.value - s.value, low=max(rest.low - s.high, 0.0), high=rest.high - s.low)
            amount = times(line.amount, s)
            known = books.line("third-party", funded.payer, amount, line.item, line.sites, (share,))
            yield replace(known, source=f"{line.source}; {known.source}")
    yield replace(line, amount=times(line.amount, rest))
