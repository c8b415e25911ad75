"""What a catalogue knows about money, gathered for a case."""

from __future__ import annotations

from synaspis.errors import Problem
from synaspis.files.catalog import Catalog
from synaspis.files.economies import economies
from synaspis.files.iso3166 import CODES
from synaspis.files.reader import Reader
from synaspis.files.words import suggest
from synaspis.model.cost import Ledger
from synaspis.model.economy import Economy
from synaspis.model.money import DOLLAR, Currency, Funded, Paid, Prices, Programme

INDEX = "us-gdp-deflator"
"""The entry by which amounts are brought to prices of one year; a case's own replaces it."""


def ledger(known: Catalog) -> Ledger:
    """Economies, prices, currencies and programmes of a catalogue without `problems`."""
    index = known.get(INDEX).noun
    assert isinstance(index, Prices)
    programmes = known.names("programme")
    return Ledger(
        economies=economies(known),
        prices=index,
        currencies=currencies(known),
        programmes=tuple(p for n in programmes for p in (known.get(n).noun,) if isinstance(p, Programme)),
        entries={n: known.get(n).entry for n in programmes},
    )


def currencies(known: Catalog) -> dict[str, Currency]:
    """The currencies beside the dollar, by code."""
    found = (known.get(name).noun for name in known.names("currency"))
    return {c.code: c for c in found if isinstance(c, Currency) and c.code != DOLLAR}


def problems(known: Catalog, own: Catalog, reader: Reader) -> list[Problem]:
    """What is wrong with a case's own entries about money; `known` is the catalogue with them over it."""
    before = len(reader.problems)
    for name, item in own.items.items():
        if isinstance(item.noun, Economy):
            twins = [n for n in known.names("economy") if n != name and _nation(known, n) == item.noun.nation]
            if twins:
                what = f"`{name}` and `{twins[0]}` are both economies of {item.noun.nation}"
                reader.say(reader.node(item.noun), what, f"call your own `{twins[0]}`: it then replaces that")
        elif isinstance(item.noun, Programme):
            _programme(reader, item.noun)
        elif isinstance(item.noun, Currency):
            _currency(reader, known, item.noun)
        elif isinstance(item.noun, Prices) and name != INDEX:
            reader.say(
                reader.node(item.noun), f"no amount is brought to prices by `{name}`", f"call it `{INDEX}`"
            )
    return reader.problems[before:]


def _currency(reader: Reader, known: Catalog, currency: Currency) -> None:
    """One entry for each code, and none for the dollar, in which everything is told."""
    others = (known.get(name).noun for name in known.names("currency"))
    twins = [c.name for c in others if isinstance(c, Currency) and c.code == currency.code]
    if currency.code == DOLLAR:
        reader.say(reader.node(currency, "code"), "the dollar has no rate in dollars", "take the entry out")
    elif len(twins) > 1:
        twin = next(n for n in twins if n != currency.name)
        what = f"`{currency.name}` and `{twin}` are both {currency.code}"
        reader.say(reader.node(currency), what, f"call your own `{twin}`: it then replaces that")


def _nation(known: Catalog, name: str) -> str:
    noun = known.get(name).noun
    return noun.nation if isinstance(noun, Economy) else ""


def _programme(reader: Reader, programme: Programme) -> None:
    """Payers are nations, development is spread over something, and nobody pays more than the whole."""
    if programme.development and programme.units is None:
        what = f"the development of `{programme.name}` is spread over nothing"
        reader.say(reader.node(programme), what, "add `units`: how many it is spread over")
    paying: tuple[Paid | Funded, ...] = (*programme.development, *programme.funding, *programme.grants)
    for paid in paying:
        if paid.payer and paid.payer not in CODES:
            reader.say(
                reader.node(paid, "payer"),
                f"unknown nation `{paid.payer}`",
                suggest(paid.payer, sorted(CODES)),
            )
    for owner in sorted({o for f in programme.funding for o in f.owners}):
        shares = [f.share for f in programme.funding if owner in f.owners]
        if sum(shares) > 1.0:
            what = f"others pay {sum(shares):g} of what {owner} buys"
            reader.say(reader.node(programme), what, "give shares that add up to 1 at most")
