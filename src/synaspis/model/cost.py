"""What a coalition costs: lines that the user owns, and a year's bill."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from synaspis.model.declare import part, quantity, text
from synaspis.model.economy import Economy
from synaspis.model.fact import Entry
from synaspis.model.money import DOLLAR, Currency, Prices, Programme
from synaspis.model.plan import Price

CHARGED = (
    "hosting", "common", "friction", "fielding", "operation", "procurement", "third-party", "other",
)  # fmt: skip
"""Kinds of cost that a case may give."""
KINDS = (
    "procurement", "fielding", "operation", "rounds", "hosting", "common", "development", "third-party",
    "friction", "other",
)  # fmt: skip
"""All kinds of cost, in the order in which they are shown."""
REPLACING = ("procurement", "fielding", "operation")
"""Kinds of which a case's line for a site stands in place of the catalogue's figure."""
SHARED_BY = ("common_funding", "gdp", "population", "equal")
"""Keys by which the members of an alliance may share a line that it pays."""


@dataclass(frozen=True, kw_only=True)
class Charge:
    """A line of cost that the user owns (case key `costs`).

    A line of kind procurement, fielding or operation that names a site stands in place of the catalogue's
    figure of that kind for it; several such lines add up. A third-party line that names a site is taken off
    what its owner pays for it. All other lines are added.

    A line counts from `since` to `until`; where it has neither, while its agreement is in force. What is paid
    once is spread over `over_yr` from the first day on; as cash it falls on that day, or evenly on the days
    until the last where there is one.
    """

    id: str = text("id, unique among the lines")
    kind: str = text("what is paid for", choices=CHARGED)
    payer: str = text("the nation that pays, or an alliance whose members share it", names="payer")
    site: str = text("the sensor or battery that it is paid for", names="site", default="")
    agreement: str = text("the agreement that it is paid under", names="agreement", default="")
    millions: float = quantity("1", "amount, millions of `currency`", at_least=0, at_most=1e7)
    low: float | None = quantity(
        "1", "least that it may be (the amount where left out)", at_least=0, at_most=1e7, default=None
    )
    high: float | None = quantity(
        "1", "most that it may be (the amount where left out)", at_least=0, at_most=1e7, default=None
    )
    per: str = text("paid every year, or once", choices=("year", "once"), default="year")
    over_s: float | None = quantity(
        "yr", "years over which an amount paid once is spread", above=0, at_most=100, default=None
    )
    prices: int = quantity("1", "year of its prices", at_least=1900, at_most=2100)
    currency: str = text("currency, by ISO 4217 code", names="currency", default=DOLLAR)
    since: dt.date | None = part("first day on which it is paid", default=None)
    until: dt.date | None = part("last day on which it is paid", default=None)
    shared_by: str = text(
        "the key by which an alliance's members share it", choices=SHARED_BY, default="common_funding"
    )
    source: str = text("where it is known from", default="")
    assumed: bool = part("true where no public figure stands behind it", default=False)
    note: str = text("in words", default="")

    @property
    def amount(self) -> Price:
        """Its band, in millions of its currency."""
        low = self.millions if self.low is None else self.low
        high = self.millions if self.high is None else self.high
        return Price(value=self.millions, low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What a case's catalogue knows about money: economies by nation, prices, currencies, programmes.

    `entries` holds the figures of the programmes with their sources.
    """

    economies: Mapping[str, Economy]
    prices: Prices
    currencies: Mapping[str, Currency]
    programmes: tuple[Programme, ...]
    entries: Mapping[str, Entry]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a bill: who pays how much for what, in millions of US dollars of the year `prices`.

    `sites` the line counts where any of them works; always where there is none
    `parties` where given, the line counts only with another of them beside the payer
    `item` what is paid for, in the catalogue's words or by the id of the case's line
    `assumed` no public figure stands behind some part of it
    """

    kind: str
    payer: str
    amount: Price
    prices: int
    item: str
    sites: tuple[str, ...] = ()
    agreement: str = ""
    parties: tuple[str, ...] = ()
    source: str = ""
    confidence: str = ""
    assumed: bool = False

    @property
    def site(self) -> str:
        """The one site that it is paid for, "" where there is none or several."""
        return self.sites[0] if len(self.sites) == 1 else ""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A cost that is not counted because a figure is not known: of which site, which figure of what."""

    site: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What is paid: for a year of what is deployed, in a year of a build-up, or for a raid.

    Bands are added low to low and high to high, as if all figures erred the same way: the widest case.
    """

    lines: tuple[Line, ...]
    prices: int
    missing: tuple[Missing, ...] = field(default=())

    def by_member(self) -> dict[str, Price]:
        """What each payer pays, sorted by name; those outside the coalition, as a co-developer, too."""
        return {p: total(x.amount for x in self.lines if x.payer == p) for p in self.payers()}

    def by_kind(self) -> dict[str, Price]:
        """What is paid for each kind of cost that occurs, in the order of `KINDS`."""
        found = {x.kind for x in self.lines}
        return {k: total(x.amount for x in self.lines if x.kind == k) for k in KINDS if k in found}

    def by_member_and_kind(self) -> dict[str, dict[str, Price]]:
        """What each payer pays for each kind of cost."""
        return {
            p: replace(self, lines=tuple(x for x in self.lines if x.payer == p)).by_kind()
            for p in self.payers()
        }

    def by_site(self) -> dict[str, Price]:
        """What is paid for each site of its own lines, in the order of the lines."""
        names = dict.fromkeys(x.site for x in self.lines if x.site)
        return {s: total(x.amount for x in self.lines if x.site == s) for s in names}

    def total(self) -> Price:
        """Everything."""
        return total(x.amount for x in self.lines)

    def payers(self) -> tuple[str, ...]:
        """All who pay something, sorted."""
        return tuple(sorted({x.payer for x in self.lines}))

    def of(self, sites: Collection[str], members: Collection[str]) -> Bill:
        """What `members` pay where only `sites` work: the cost C(S) of a coalition is its total.

        Nobody pays for a site that does not work, outsiders pay nothing, and what is paid in common under
        an agreement or to an alliance falls away where no other party of it is a member.
        """
        inside = set(members)

        def counts(x: Line) -> bool:
            works = not x.sites or any(s in sites for s in x.sites)
            partner = not x.parties or any(p != x.payer and p in inside for p in x.parties)
            return x.payer in inside and works and partner

        return replace(
            self,
            lines=tuple(x for x in self.lines if counts(x)),
            missing=tuple(m for m in self.missing if not m.site or m.site in sites),
        )


def total(prices: Iterable[Price]) -> Price:
    """The sum, low to low and high to high. Exact to the last digit in any order of the summands."""
    found = list(prices)
    return Price(
        value=math.fsum(p.value for p in found),
        low=math.fsum(p.low for p in found),
        high=math.fsum(p.high for p in found),
    )


def times(one: Price, other: Price) -> Price:
    """The product of two bands of figures not below nothing."""
    return Price(value=one.value * other.value, low=one.low * other.low, high=one.high * other.high)


def over(one: Price, other: Price) -> Price:
    """The quotient: least over most, and most over least. `other` is above nothing."""
    return Price(value=one.value / other.value, low=one.low / other.high, high=one.high / other.low)


def exactly(value: float) -> Price:
    """A band without width."""
    return Price(value=value, low=value, high=value)
