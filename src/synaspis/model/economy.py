"""What a nation has and spends: the figures by which costs are shared out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.declare import quantity, text

ARRANGEMENTS = ("2016-17", "2021-24", "2024-25")
"""NATO's cost share arrangements of which the catalogue knows something, by the years they hold for."""


@dataclass(frozen=True, kw_only=True)
class Economy:
    """A nation's economy, people and defence budget in one year (catalogue kind `economy`)."""

    name: str = text("name of the entry")
    nation: str = text("the nation, by ISO 3166 alpha-3 code")
    gdp_musd: float = quantity(
        "musd", "gross domestic product, millions of current US dollars", above=0, at_most=1e9
    )
    population: float = quantity("people", "people who live there", above=0, at_most=1e10)
    defence_musd: float = quantity(
        "musd", "defence expenditure, millions of current US dollars", at_least=0, at_most=1e8
    )
    defence_share: float = quantity(
        "1", "defence expenditure as a share of gross domestic product", at_least=0, at_most=1
    )
    common_funding: Mapping[str, float] = quantity(
        "1",
        "its share of NATO's common-funded budgets, by the years of the arrangement; 0 outside the alliance",
        at_least=0,
        at_most=1,
    )
