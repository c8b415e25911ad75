"""What must hold of the lines of cost in a case."""

from __future__ import annotations

import math

from synaspis.files import words
from synaspis.files.catalog import Catalog
from synaspis.files.ledger import INDEX, currencies
from synaspis.files.reader import Reader
from synaspis.files.years import ends
from synaspis.model.battery import Battery
from synaspis.model.case import CaseFile
from synaspis.model.cost import REPLACING, Charge
from synaspis.model.money import DOLLAR, Prices
from synaspis.model.sensor import Sensor


def check_costs(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """Amounts within their bands, dates in order, years that the index knows, a source for each line."""
    sites: tuple[Sensor | Battery, ...] = (*file.sensors, *file.batteries)
    for site in sites:
        if site.bought and site.since and site.bought > site.since:
            what = f"`{words.shown(site.name)}` was bought on {site.bought}, after it came on {site.since}"
            reader.say(reader.node(site, "bought"), what, "mend one, or leave `bought` out")
    index = catalog.items.get(INDEX)
    years = sorted(map(int, index.noun.index)) if index and isinstance(index.noun, Prices) else []
    for charge in file.costs:
        _band(reader, charge)
        _time(reader, charge)
        if years and charge.prices:
            _prices(reader, charge, years, catalog)
        if not charge.source.strip() and not charge.assumed:
            what = f"nothing says where `{words.shown(charge.id)}` is known from"
            reader.say(reader.node(charge), what, "add `source`, or `assumed: true`")
        if charge.kind in REPLACING and not charge.site:
            what = f"`{words.shown(charge.id)}` says nothing of what it is paid for"
            mend = f"add `site`, for which it replaces the catalogue's {charge.kind}; or call it `other`"
            reader.say(reader.node(charge), what, mend)


def _band(reader: Reader, charge: Charge) -> None:
    amount = charge.amount
    if math.isnan(amount.low + amount.value + amount.high) or amount.low <= amount.value <= amount.high:
        return
    what = f"{amount.value:g} lies outside its band {amount.low:g} to {amount.high:g}"
    reader.say(reader.node(charge, "millions"), what, "give low <= millions <= high")


def _time(reader: Reader, charge: Charge) -> None:
    ends(reader, charge, charge.id)
    if charge.per == "once" and charge.over_s is None:
        what = f"`{words.shown(charge.id)}` is paid once, and nothing says for how long it serves"
        reader.say(reader.node(charge), what, "add `over_yr`: the years that it is spread over")
    elif charge.per == "year" and charge.over_s is not None:
        what = f"`{words.shown(charge.id)}` is paid every year, so it is not spread"
        reader.say(reader.node(charge, "over_s"), what, "take `over_yr` away, or give `per: once`")


def _prices(reader: Reader, charge: Charge, years: list[int], catalog: Catalog) -> None:
    """The index reaches the year, and so does the currency."""
    if charge.prices not in years:
        side = "before the price index begins" if charge.prices < years[0] else "which the price index lacks"
        what = f"`prices` is {charge.prices}, {side}"
        reader.say(reader.node(charge, "prices"), what, f"give a year from {years[0]} to {years[-1]}")
        return
    money = currencies(catalog).get(charge.currency)
    if charge.currency != DOLLAR and money is not None and str(charge.prices) not in money.rate:
        what = f"nothing says what {charge.currency} was worth in {charge.prices}"
        known = sorted(money.rate)
        reader.say(reader.node(charge, "prices"), what, f"give a year from {known[0]} to {known[-1]}")
