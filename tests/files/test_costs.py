"""Lines of cost in a case, and a case's own entries about money: what is wrong with them, all at once."""

from __future__ import annotations

from synaspis.files.case import resolve
from synaspis.files.catalog import shipped
from synaspis.files.iso3166 import CODES
from synaspis.files.ledger import ledger
from tests.files.example import SMALL, problems

AFTER = SMALL.rstrip() + "\n"
FIRST = AFTER.count("\n") + 2
"""The line of the first cost."""


def said(*costs: str) -> set[tuple[int, str]]:
    """What is said of the lines `costs`, by their number from 0; every mend says something."""
    text = AFTER + "costs:\n" + "".join(f"  - {{{c}}}\n" for c in costs)
    found = resolve(text.encode(), "small.yaml")[1]
    assert all(p.mend and p.column > 1 for p in found)
    return {(p.line - FIRST, p.what) for p in found}


GOOD = "id: a, kind: hosting, payer: ROU, site: deveselu, millions: 3, prices: 2020, source: s"


def test_a_sound_line_is_read() -> None:
    text = AFTER + f"costs:\n  - {{{GOOD}, low: 2, high: 5, currency: EUR, since: 2016-05-12}}\n"
    case, found = resolve(text.encode(), "small.yaml")
    assert found == []
    assert case is not None
    (charge,) = case.file.costs
    assert vars(charge.amount) == {"value": 3.0, "low": 2.0, "high": 5.0}
    assert (charge.per, charge.currency, charge.payer) == ("year", "EUR", "ROU")


def test_everything_wrong_with_the_lines_is_said() -> None:
    assert said(
        GOOD,
        "id: b, kind: other, payer: XYZ, site: devesel, agreement: sheild, millions: 3, prices: 2020, "
        "source: s",
        "id: c, kind: common, payer: NATO, millions: -1, prices: 2020, source: s",
        "id: d, kind: common, payer: NATO, millions: 4, low: 5, high: 6, prices: 2020, source: s",
        "id: e, kind: other, payer: TUR, millions: 4, prices: 1999, source: s, since: 2020-01-01, "
        "until: 2019-01-01",
        "id: f, kind: other, payer: TUR, millions: 4, prices: 2035, currency: EU, source: s",
        "id: g, kind: operation, payer: TUR, millions: 4, prices: 2020, per: once, assumed: true",
        "id: h, kind: friction, payer: RUS, millions: 4, prices: 2020, over_yr: 3",
        "id: a, kind: gift, payer: TUR, millions: .nan, prices: 2020, source: s",
    ) == {
        (1, "unknown nation or alliance `XYZ`"),
        (1, "unknown sensor or battery in this case `devesel`"),
        (1, "unknown agreement `sheild`"),
        (2, "`millions` is -1"),
        (3, "4 lies outside its band 5 to 6"),
        (4, "`e` ends on 2019-01-01, before it begins on 2020-01-01"),
        (4, "`prices` is 1999, before the price index begins"),
        (5, "`prices` is 2035, which the price index lacks"),
        (5, "unknown currency `EU`"),
        (6, "`g` is paid once, and nothing says for how long it serves"),
        (6, "`g` says nothing of what it is paid for"),
        (7, "`h` is paid every year, so it is not spread"),
        (7, "nothing says where `h` is known from"),
        (8, "`kind` cannot be `gift`"),
        (8, "`millions` is .nan, which no such figure can be"),
        (8, "two things are called `a`: this line of cost and the line of cost on line " + str(FIRST)),
    }


def test_the_nearest_name_is_given() -> None:
    line = "id: b, kind: common, payer: NAT, agreement: shiel, millions: 3, prices: 2020, assumed: true"
    text = AFTER + f"costs:\n  - {{{line}}}\n"
    mends = {p.what: p.mend for p in resolve(text.encode(), "small.yaml")[1]}
    assert mends["unknown nation or alliance `NAT`"] == "did you mean `NATO`?"
    assert mends["unknown agreement `shiel`"] == "did you mean `shield`?"


ONE = "'1'"


def test_nothing_comes_before_it_is_bought() -> None:
    dated = "    system: aegis-ashore-ib\n    bought: 2016-08-01\n    since: 2016-07-01\n"
    found = problems(("    system: aegis-ashore-ib\n", dated))
    assert [p.what for p in found] == ["`deveselu` was bought on 2016-08-01, after it came on 2016-07-01"]


OWN = """case: small
catalog:
  sources: {{s: A citation}}
  entries:
    {name}:
      kind: {kind}
      title: T
      summary: S
{body}"""


def own(name: str, kind: str, body: str) -> list[str]:
    """What is said of an entry of the case's own."""
    indented = "".join(f"      {x}\n" for x in body.strip().splitlines())
    return [p.what for p in problems(("case: small\n", OWN.format(name=name, kind=kind, body=indented)))]


def fact(value: float, unit: str) -> str:
    band = f"value: {value}, unit: {unit}, low: {value}, high: {value}"
    return f"{{{band}, source: s, as_of: 2024, confidence: low}}"


def test_a_second_economy_of_a_nation_is_refused_where_the_case_is_read() -> None:
    body = f"""
nation: ROU
gdp: {fact(5, "musd")}
population: {fact(7, "people")}
defence: {fact(1, "musd")}
defence_share: {fact(0.2, ONE)}
common_funding: {{"2024-25": {fact(0.1, ONE)}}}
"""
    assert own("romania", "economy", body) == ["`romania` and `economy-rou` are both economies of ROU"]
    assert own("economy-rou", "economy", body) == []


def test_a_programme_says_what_it_is_spread_over_and_who_pays() -> None:
    body = f"""
items: [an-tpy-2]
development: [{{payer: USB, amount: {fact(5, "musd")}}}]
funding:
  - {{payer: USA, owners: [ISR], share: {fact(0.7, ONE)}}}
  - {{payer: DEU, owners: [ISR], share: {fact(0.4, ONE)}}}
"""
    assert sorted(own("joint", "programme", body)) == [
        "others pay 1.1 of what ISR buys",
        "the development of `joint` is spread over nothing",
        "unknown nation `USB`",
    ]


def test_another_price_index_replaces_the_one_that_ships() -> None:
    one = fact(1, ONE)
    body = f'index: {{"2020": {one}}}'
    assert own("cpi", "prices", body) == ["no amount is brought to prices by `cpi`"]
    assert own("us-gdp-deflator", "prices", body) == []
    assert own("us-gdp-deflator", "prices", body.replace("2020", "1066")) == ["unknown key `1066`"]


def test_one_entry_for_each_currency_and_none_for_the_dollar() -> None:
    one = fact(1, ONE)
    body = f'code: EUR\nrate: {{"2020": {one}}}'
    assert own("ecu", "currency", body) == ["`ecu` and `euro` are both EUR"]
    assert own("euro", "currency", body) == []
    assert own("pound", "currency", body.replace("EUR", "GBP")) == []
    assert own("buck", "currency", body.replace("EUR", "USD")) == ["the dollar has no rate in dollars"]


def test_a_currency_of_ones_own_is_known_in_its_years_alone() -> None:
    one = fact(1, ONE)
    entry = OWN.format(
        name="pound", kind="currency", body=f'      code: GBP\n      rate: {{"2020": {one}}}\n'
    )
    lines = "costs:\n" + "".join(
        f"  - {{id: c{y}, kind: other, payer: TUR, millions: 1, currency: GBP, prices: {y}, source: s}}\n"
        for y in (2020, 2021)
    )
    found = resolve((AFTER.replace("case: small\n", entry) + lines).encode(), "small.yaml")[1]
    assert [p.what for p in found] == ["nothing says what GBP was worth in 2021"]


WAITING = {
    "arrow-2",
    "arrow-3",
    "arrow-2-battery",
    "arrow-3-battery",
    "davids-sling",
    "stunner",
    "iron-dome",
    "tamir",
}
"""What shipped programmes made that the catalogue does not hold: a case may add it under these names."""


def test_every_shipped_price_has_a_year_that_the_index_reaches() -> None:
    known = ledger(shipped())
    for kind in ("system", "radar", "infrared", "interceptor", "programme"):
        for name in shipped().names(kind):
            for f in shipped().get(name).entry.facts:
                if f.unit == "musd":
                    assert dict(f.at)["prices"] in known.prices.index, (name, f.parameter)


def test_shipped_programmes_are_sound() -> None:
    known = ledger(shipped())
    for p in known.programmes:
        paying = (*p.development, *p.funding, *p.grants)
        assert paying, p.name
        assert {x.payer for x in paying} <= set(CODES), p.name
        assert bool(p.development) == (p.units is not None), p.name
        assert set(p.items) <= {*shipped().names("system", "interceptor", "radar"), *WAITING}, p.name


def test_the_index_and_the_euro_have_every_year() -> None:
    known = ledger(shipped())
    years = [str(y) for y in range(2000, 2027)]
    assert list(known.prices.index) == years
    assert list(known.currencies["EUR"].rate) == years
