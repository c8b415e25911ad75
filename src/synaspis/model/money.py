"""Prices of different years and currencies, and programmes whose cost several parties carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.declare import part, quantity, text

YEARS = tuple(str(year) for year in range(2000, 2041))
"""Years that an index or a currency may speak of."""
DOLLAR = "USD"


@dataclass(frozen=True, kw_only=True)
class Prices:
    """How prices in US dollars moved, by year (catalogue kind `prices`)."""

    name: str = text("name of the entry")
    index: Mapping[str, float] = quantity(
        "1", "price level by year; only the ratio of two years matters", above=0, at_most=10_000
    )


@dataclass(frozen=True, kw_only=True)
class Currency:
    """A currency in US dollars, by year (catalogue kind `currency`)."""

    name: str = text("name of the entry")
    code: str = text("ISO 4217 code, as EUR")
    rate: Mapping[str, float] = quantity("1", "US dollars for one, mean of the year", above=0, at_most=1000)


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What one party paid in all."""

    payer: str = text("who paid, by ISO 3166 alpha-3 code")
    amount_musd: float = quantity(
        "musd", "what it paid in all, millions of US dollars", at_least=0, at_most=1e6
    )


@dataclass(frozen=True, kw_only=True)
class Funded:
    """The part of every purchase that somebody else than the owner pays."""

    payer: str = text("who pays it, by ISO 3166 alpha-3 code")
    owners: tuple[str, ...] = text("for which owners, by ISO 3166 alpha-3 code")
    share: float = quantity("1", "share of the price that it pays", at_least=0, at_most=1)


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Something developed together, or bought with others' money (catalogue kind `programme`).

    Each unit that is deployed bears its part of the development: what each party paid, over `units`.
    """

    name: str = text("name of the programme")
    title: str = text("what it is, in words")
    items: tuple[str, ...] = text(
        "what it made: interceptors, battery types, radars. Names that the catalogue lacks wait for a case "
        "that adds them",
        default=(),
    )
    units: float | None = quantity(
        "1", "how many units its development is spread over", above=0, at_most=1e6, default=None
    )
    development: tuple[Paid, ...] = part("who paid for its development", default=())
    funding: tuple[Funded, ...] = part("who pays a part of others' purchases", default=())
    grants: tuple[Paid, ...] = part(
        "what others are on record as having paid towards it; told, and not counted in any bill", default=()
    )
