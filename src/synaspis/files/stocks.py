"""What must hold of the stock in a case: one line for each owner and type, and a battery that it serves."""

from __future__ import annotations

from synaspis.files import words
from synaspis.files.catalog import Catalog
from synaspis.files.reader import Reader
from synaspis.model.battery import System
from synaspis.model.case import CaseFile
from synaspis.model.stock import Stock


def check_stock(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """Every stock serves some battery of its owner, and nothing is counted twice."""
    fired: dict[str, list[str]] = {}
    for battery in file.batteries:
        item = catalog.items.get(battery.system)
        if item is not None and isinstance(item.noun, System):
            fired.setdefault(battery.owner, []).append(item.noun.interceptor)
    first: dict[tuple[str, str], Stock] = {}
    for stock in file.stock:
        if not (stock.owner and stock.interceptor):
            continue
        same = first.setdefault((stock.owner, stock.interceptor), stock)
        if same is not stock:
            what = f"the stock of `{words.shown(stock.interceptor)}` of {stock.owner} is given twice"
            reader.say(reader.node(stock), what, f"keep one; the first is on line {reader.node(same).line}")
        elif stock.interceptor in catalog.names("interceptor"):
            types = fired.get(stock.owner, [])
            if stock.interceptor not in types:
                what = f"no battery of {stock.owner} fires `{stock.interceptor}`"
                mend = words.suggest(stock.interceptor, dict.fromkeys(types), f"{stock.owner} has no battery")
                reader.say(reader.node(stock, "interceptor"), what, mend)
