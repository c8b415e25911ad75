"""Fields that every fielded thing declares alike: its costs beyond the price, and the days it is there."""

from __future__ import annotations

from typing import Any

from synaspis.model.declare import part, quantity


def fielding(meaning: str = "building and installing one, beyond its price") -> Any:
    """`fielding_musd`: paid once, when it comes."""
    return quantity("musd", meaning, at_least=0, at_most=100_000, default=None)


def operation() -> Any:
    """`operation_musd`: paid each year."""
    return quantity("musd", "operating and supporting one, a year", at_least=0, at_most=10_000, default=None)


def life() -> Any:
    """`life_s`: its price is spread over this."""
    return quantity("yr", "years that one serves", above=0, at_most=100, default=None)


def cost_share() -> Any:
    """`cost_share`: what part of all this the shield is to bear."""
    return quantity(
        "1", "share of its cost that counts here, where most of its work is other than missile defence",
        above=0, at_most=1, default=1.0,
    )  # fmt: skip


def bought() -> Any:
    """`bought`: a date, from when on its price counts."""
    return part(
        "day on which it was bought, where it stood elsewhere before (`since` where left out)", default=None
    )


def since() -> Any:
    """`since`: a date."""
    return part("first day on which it is there (always where left out)", default=None)


def until() -> Any:
    """`until`: a date, itself included."""
    return part("last day on which it is there (to this day where left out)", default=None)
