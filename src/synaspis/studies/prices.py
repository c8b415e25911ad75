"""Amounts of any year and currency, in US dollars of one year.

An amount in another currency becomes dollars at the mean rate of its own year, and dollars become those of
another year by the price index. That says what an amount would buy; not what the same thing would cost
to make again. Bands of the index and of rates are a per cent or less and are left out.
"""

from __future__ import annotations

from synaspis.errors import InputError, Problem
from synaspis.model.cost import Ledger, exactly, times
from synaspis.model.money import DOLLAR
from synaspis.model.plan import Price


def years(ledger: Ledger) -> tuple[int, int]:
    """First and last year of the price index."""
    known = sorted(map(int, ledger.prices.index))
    return known[0], known[-1]


def factor(ledger: Ledger, year: int, to_year: int, currency: str = DOLLAR) -> float | None:
    """US dollars of `to_year` for one of `currency` in prices of `year`; None where a year is not known."""
    index = ledger.prices.index
    then, now = index.get(str(year)), index.get(str(to_year))
    rate = 1.0 if currency == DOLLAR else ledger.currencies[currency].rate.get(str(year))
    if then is None or now is None or rate is None:
        return None
    return rate * (now / then)


def converted(ledger: Ledger, amount: Price, year: int, to_year: int, currency: str = DOLLAR) -> Price | None:
    """`amount` in millions of US dollars of `to_year`; None where a year is not known."""
    by = factor(ledger, year, to_year, currency)
    return None if by is None else times(amount, exactly(by))


def prices_year(ledger: Ledger, wanted: int | None, day_year: int) -> int:
    """The year of prices to answer in: the one wanted, or of the index's years the nearest to the day's.

    InputError where the wanted year lies outside the index.
    """
    first, last = years(ledger)
    if wanted is None:
        return min(sorted(map(int, ledger.prices.index)), key=lambda year: abs(year - day_year))
    if str(wanted) not in ledger.prices.index:
        what = f"no price index for {wanted}"
        raise InputError([Problem("--prices", 0, 0, what, f"give a year from {first} to {last}")])
    return wanted
