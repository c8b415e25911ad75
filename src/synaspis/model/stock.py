"""Rounds behind the launchers: depots and production, and how many days of raids they last."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.answers import Spread
from synaspis.model.declare import quantity, text

LONGEST_DAYS = 364
"""How far ahead magazines are counted: 52 weeks."""


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What an owner has of an interceptor beyond its batteries, and what is made of it."""

    owner: str = text("nation whose batteries it serves", names="nation")
    interceptor: str = text("interceptor type", names="interceptor")
    depot: int = quantity("1", "rounds in depot", at_least=0, at_most=100_000, default=0)
    production_per_month: float = quantity(
        "1", "rounds made a month", at_least=0, at_most=10_000, default=0.0
    )
    to_others: float = quantity("1", "share of them that goes to others", at_least=0, at_most=1, default=0.0)
    resupply_s: float = quantity("h", "from depot to battery", at_least=0, at_most=2000, default=48 * 3600.0)
    source: str = text("where it is known from", default="")


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """Days until a raid first asks for more rounds than there are; None beyond a year of raids.

    `mean` where every raid takes the mean number of rounds of all trials, `heavy` and `light` where it
    takes the 95th and 5th percentile. `first_dry` is the battery that falls short first, "" for none.
    """

    mean: float | None
    heavy: float | None
    light: float | None
    first_dry: str = ""

    def document(self) -> dict[str, object]:
        """For `summary.json`."""
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class Magazine:
    """One battery's rounds: ready, held for reload, fired in a raid, and how long they last."""

    battery: str
    owner: str
    interceptor: str
    ready: float
    reloads: float
    per_raid: Spread
    lasting: Lasting


@dataclass(frozen=True, kw_only=True)
class StockWeek:
    """One week of raids that take the mean number of rounds: an owner's rounds of one interceptor type.

    `wanted` and `fired` in the week, `produced` for this owner in it, `left` at its end, wherever they are.
    """

    week: int
    owner: str
    interceptor: str
    wanted: float
    fired: float
    produced: float
    left: float


@dataclass(frozen=True, kw_only=True)
class StockAnswer:
    """How many days of raids like this one the magazines last, and what production adds week by week."""

    raids_per_day: float
    lasting: Lasting
    magazines: tuple[Magazine, ...]
    weeks: tuple[StockWeek, ...]


def stock_document(answer: StockAnswer) -> dict[str, object]:
    """For `summary.json`."""
    return {
        "raids_per_day": answer.raids_per_day,
        "lasting": answer.lasting.document(),
        "magazines": {
            m.battery: {
                "owner": m.owner,
                "interceptor": m.interceptor,
                "ready": m.ready,
                "reloads": m.reloads,
                "per_raid": dict(vars(m.per_raid)),
                "lasting": m.lasting.document(),
            }
            for m in answer.magazines
        },
        "weeks": [dict(vars(w)) for w in answer.weeks],
    }


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """Rounds delivered, where they stand when every launcher is full, and what is left after some are fired.

    `reloads_left` have not been drawn on while the firing batteries' launchers stand empty; filling those
    again takes `to_fill_again`; `total_left` is everything.
    """

    delivered: int
    on_launchers: int
    reloads: int
    fired: int = 0
    reloads_left: int = 0
    to_fill_again: int = 0
    total_left: int = 0
