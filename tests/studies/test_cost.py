"""Bills add up, nobody pays for what does not work, and what is not known is named."""

from __future__ import annotations

import datetime as dt
import functools
import math
import random
from dataclasses import replace

import pytest

from synaspis.errors import InputError
from synaspis.files.case import load, resolve
from synaspis.model.case import Case
from synaspis.model.cost import Bill, Charge, total
from synaspis.model.plan import Price
from synaspis.studies.cost import (
    bill,
    economies_of,
    funding_shares,
    rounds_used,
    spent,
    without_economy,
)
from tests.files.example import SMALL


@functools.cache
def small(*costs: str) -> Case:
    """The small case with lines of cost."""
    lines = "".join(f"  - {{{c}, source: s}}\n" for c in costs)
    text = SMALL.rstrip() + ("\ncosts:\n" + lines if costs else "") + "\n"
    case, problems = resolve(text.encode(), "small.yaml")
    assert case is not None, "\n".join(map(str, problems))
    return case


@functools.cache
def europe() -> Case:
    return load("europe")


def sites(case: Case) -> list[str]:
    return [s.name for s in (*case.file.sensors, *case.file.batteries)]


def members(case: Case) -> list[str]:
    return [n.code for n in case.file.nations]


def same(one: Price, other: Price) -> None:
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), rel=1e-12)


def test_a_bill_adds_up_by_payer_by_kind_and_by_both() -> None:
    b = bill(europe())
    assert b.prices == 2024
    assert b.missing == ()
    whole = b.total()
    same(total(b.by_member().values()), whole)
    same(total(b.by_kind().values()), whole)
    same(total(p for kinds in b.by_member_and_kind().values() for p in kinds.values()), whole)
    assert math.isfinite(whole.high)
    for x in b.lines:
        assert 0.0 <= x.amount.low <= x.amount.value <= x.amount.high
        assert x.amount.high > 0.0
        assert x.source
        assert x.assumed == (x.confidence == "assumed")


def test_each_site_of_the_shipped_cases_is_bought_and_run() -> None:
    for case in (europe(), load("first-light")):
        b = bill(case)
        assert b.missing == ()
        for site in sites(case):
            kinds = {x.kind for x in b.lines if x.site == site}
            assert {"procurement", "operation"} <= kinds, site


@pytest.mark.parametrize("seed", range(30))
def test_nobody_pays_for_a_site_that_does_not_work(seed: int) -> None:
    case = europe()
    b, draw = bill(case), random.Random(seed)
    works = [s for s in sites(case) if draw.random() < 0.5]
    inside = [m for m in members(case) if draw.random() < 0.5]
    part = b.of(works, inside)
    assert {x.payer for x in part.lines} <= set(inside)
    assert {s for x in part.lines for s in x.sites} <= set(works)
    for x in b.lines:
        kept = x in part.lines
        alone = x.parties and not (set(x.parties) - {x.payer}) & set(inside)
        assert kept == (x.payer in inside and (not x.site or x.site in works) and not alone)
    more = b.of([*works, *sites(case)], [*inside, *members(case)])
    assert part.total().value <= more.total().value
    assert b.of(works, []).lines == ()


def test_everybody_together_pays_all_but_what_outsiders_pay() -> None:
    b = bill(europe())
    together = b.of(sites(europe()), members(europe())).by_member()
    assert set(b.by_member()) - set(together) == {"JPN", "NATO, others"}
    for member, paid in together.items():
        same(paid, b.by_member()[member])


def test_a_fund_with_nobody_else_is_none() -> None:
    case = europe()
    b = bill(case)
    assert not [x for x in b.of([], ["DEU"]).lines if x.kind == "common"]
    assert [x.payer for x in b.of([], ["DEU", "AUT"]).lines if x.kind == "common"] == []
    assert [x.payer for x in b.of([], ["DEU", "FRA"]).lines if x.kind == "common"] == ["DEU", "FRA"]


@pytest.mark.parametrize("times", [2.0, 0.25])
def test_scaling_every_amount_scales_the_bill(times: float) -> None:
    case = europe()
    entries = {n: replace(e, facts=tuple(scaled(f, times) for f in e.facts)) for n, e in case.entries.items()}
    known = {
        n: replace(e, facts=tuple(scaled(f, times) for f in e.facts)) for n, e in case.ledger.entries.items()
    }
    costs = tuple(
        replace(
            c,
            millions=c.millions * times,
            low=None if c.low is None else c.low * times,
            high=None if c.high is None else c.high * times,
        )
        for c in case.file.costs
    )
    other = replace(
        case,
        entries=entries,
        ledger=replace(case.ledger, entries=known),
        file=replace(case.file, costs=costs),
    )
    whole = bill(case).total()
    same(
        bill(other).total(),
        Price(value=whole.value * times, low=whole.low * times, high=whole.high * times),
    )


def scaled(fact, times):  # type: ignore[no-untyped-def]
    if fact.unit != "musd":
        return fact
    return replace(fact, value=fact.value * times, low=fact.low * times, high=fact.high * times)


def test_a_year_of_prices_changes_the_bill_by_the_index_alone() -> None:
    case = europe()
    index = case.ledger.prices.index
    now, then = bill(case), bill(case, prices=2010)
    assert then.total().value == pytest.approx(now.total().value * index["2010"] / index["2024"], rel=1e-12)
    assert [x.payer for x in then.lines] == [x.payer for x in now.lines]
    with pytest.raises(InputError, match="no price index for 1999"):
        bill(case, prices=1999)
    assert bill(case, day=dt.date(1985, 1, 1)).prices == 2000


def test_price_over_life_and_operation() -> None:
    """One line worked by hand: the site at Deveselu in prices of its own year."""
    b = bill(small(), prices=2020)
    (bought,) = (x for x in b.lines if x.item == "aegis-ashore-ib" and x.kind == "procurement")
    facts = {f.parameter: f for f in small().entries["aegis-ashore-ib"].facts}
    cost, life = facts["unit_cost"], facts["life"]
    same(
        bought.amount,
        Price(value=cost.value / life.value, low=cost.low / life.high, high=cost.high / life.low),
    )
    assert bought.payer == "USA"
    (rounds,) = (x for x in b.lines if x.item == "sm-3-ib")
    assert rounds.site == "deveselu"
    assert rounds.kind == "procurement"


def test_what_is_not_known_is_named_and_not_counted() -> None:
    case = small()
    radar = case.entries["an-tpy-2"]
    poor = replace(radar, facts=tuple(f for f in radar.facts if f.parameter != "unit_cost"))
    b = bill(replace(case, entries={**case.entries, "an-tpy-2": poor}))
    assert [(m.site, m.what) for m in b.missing] == [("kurecik", "price of `an-tpy-2`")]
    assert {x.kind for x in b.lines if x.site == "kurecik"} == {"fielding", "operation"}
    assert b.of(["deveselu"], ["USA"]).missing == ()
    old = replace(radar, facts=tuple(replace(f, at=(("prices", "1988"),)) for f in radar.facts))
    b = bill(replace(case, entries={**case.entries, "an-tpy-2": old}))
    assert "price of `an-tpy-2` (in prices of 1988, which the index lacks)" in {m.what for m in b.missing}


def test_a_share_of_a_ship_counts() -> None:
    case = europe()
    ship = case.entries["aegis-ship-ib"]
    whole = replace(ship, facts=tuple(f for f in ship.facts if f.parameter != "cost_share"))
    part, all_ = (
        {x.kind: x.amount for x in b.lines if x.site == "rota-levant" and x.item == "aegis-ship-ib"}
        for b in (bill(case), bill(replace(case, entries={**case.entries, "aegis-ship-ib": whole})))
    )
    for kind, amount in part.items():
        assert amount.value == pytest.approx(0.25 * all_[kind].value, rel=1e-12)
        assert amount.low <= amount.value <= amount.high


REPLACED = "kind: operation, payer: ROU, site: deveselu, millions: 7, prices: 2024"


def test_a_line_for_a_site_stands_in_place_of_the_catalogue() -> None:
    b = bill(small(f"id: a, {REPLACED}", f"id: b, {REPLACED}, low: 1"))
    run = [x for x in b.lines if x.kind == "operation" and x.site == "deveselu"]
    assert [(x.item, x.payer, x.amount.value, x.amount.low) for x in run] == [
        ("a", "ROU", 7.0, 7.0),
        ("b", "ROU", 7.0, 1.0),
    ]
    plain = bill(small())
    assert [x for x in b.lines if x not in run] == [
        x for x in plain.lines if not (x.kind == "operation" and x.site == "deveselu")
    ]


def test_a_price_for_a_site_has_its_rounds_in_it() -> None:
    b = bill(
        small("id: p, kind: procurement, payer: USA, site: deveselu, millions: 0, high: 9, prices: 2024")
    )
    assert [x.item for x in b.lines if x.kind == "procurement" and x.site == "deveselu"] == ["p"]


def test_shares_are_those_of_the_nearest_arrangement_that_knows_most() -> None:
    case, known = europe(), europe().ledger.economies["DEU"].common_funding
    for year, name in ((2010, "2016-17"), (2018, "2016-17"), (2020, "2021-24"), (2026, "2024-25")):
        assert funding_shares(case, ("USA", "DEU"), year)["DEU"] == known[name]
    assert funding_shares(case, members(case), 2010)["DEU"] == known["2021-24"]
    assert funding_shares(case, ("AUT",), 2020) == {}


def test_hosting_and_friction_are_added() -> None:
    hosting = "id: h, kind: hosting, payer: ROU, site: deveselu, millions: 3, prices: 2024"
    friction = "id: f, kind: friction, payer: RUS, millions: 30, low: 10, high: 90, prices: 2024"
    b, plain = bill(small(hosting, friction)), bill(small())
    assert b.total().value == pytest.approx(plain.total().value + 33.0)
    assert b.by_kind()["friction"] == Price(value=30.0, low=10.0, high=90.0)
    assert "RUS" not in b.of(sites(small()), ["USA", "ROU", "TUR"]).by_member()
    assert b.of(["deveselu"], ["ROU"]).total().value == 3.0
    assert b.of(["kurecik"], ["ROU"]).lines == ()


def test_nothing_is_paid_for_a_site_that_is_not_there_on_the_day() -> None:
    text = (SMALL.rstrip() + "\ncosts:\n  - {id: h, kind: hosting, payer: ROU, site: deveselu, millions: 3, "
            "prices: 2024, source: s}\n")  # fmt: skip
    for last, paid in (("2024-11-30", 0.0), ("2024-12-01", 3.0)):
        dated = text.replace(
            "- name: deveselu\n", f"- name: deveselu\n    since: 2020-01-01\n    until: {last}\n", 1
        )
        case, problems = resolve(dated.encode(), "small.yaml")
        assert case is not None, "\n".join(map(str, problems))
        assert case.day == dt.date(2024, 12, 1)
        assert bill(case).by_kind().get("hosting", Price(value=0.0, low=0.0, high=0.0)).value == paid
        same(bill(case, dt.date(2024, 6, 1)).by_kind()["hosting"], Price(value=3.0, low=3.0, high=3.0))


@pytest.mark.parametrize("millions", [0.0, 10.0, 40.0, 10_000.0])
def test_a_third_party_relieves_the_owner(millions: float) -> None:
    gift = f"id: g, kind: third-party, payer: JPN, site: deveselu, millions: {millions}, prices: 2024"
    plain, b = bill(small()), bill(small(gift))
    before = total(x.amount for x in plain.lines if x.payer == "USA" and x.site == "deveselu").value
    after = total(x.amount for x in b.lines if x.payer == "USA" and x.site == "deveselu").value
    assert after == pytest.approx(max(before - millions, 0.0), abs=1e-9)
    assert b.total().value == pytest.approx(max(plain.total().value, plain.total().value + millions - before))
    loose = bill(small(f"{gift}, low: {millions / 2}, high: {millions * 2}"))
    left, exact = (
        total(x.amount for x in y.lines if x.payer == "USA" and x.site == "deveselu") for y in (loose, b)
    )
    assert left.value == exact.value
    assert left.low <= exact.low and left.high >= exact.high
    assert millions in (0.0, 10_000.0) or left.low < exact.low
    for x in b.lines:
        assert 0.0 <= x.amount.low <= x.amount.value <= x.amount.high


def test_euros_and_years_are_brought_to_dollars_of_one_year() -> None:
    case = small(
        "id: e, kind: hosting, payer: ROU, site: deveselu, millions: 10, currency: EUR, prices: 2010"
    )
    index, rate = case.ledger.prices.index, case.ledger.currencies["EUR"].rate
    (line,) = (x for x in bill(case).lines if x.kind == "hosting")
    assert line.amount.value == pytest.approx(10.0 * rate["2010"] * index["2024"] / index["2010"], rel=1e-12)


def test_what_is_paid_once_is_spread_and_then_over() -> None:
    once = "id: o, kind: hosting, payer: ROU, millions: 20, per: once, over_yr: 10, prices: 2024"
    case = small(f"{once}, since: 2016-01-01")
    on = {
        y: bill(case, dt.date(y, 6, 1), prices=2024).by_kind().get("hosting")
        for y in (2015, 2016, 2025, 2026)
    }
    assert on[2015] is None and on[2026] is None
    assert on[2016] == on[2025] == Price(value=2.0, low=2.0, high=2.0)
    cash = spent(case, 2015, 2018, prices=2024)
    assert {y: b.by_kind().get("hosting") for y, b in cash.items()} == {
        2015: None, 2016: Price(value=20.0, low=20.0, high=20.0), 2017: None, 2018: None,
    }  # fmt: skip


def test_a_year_in_part_is_paid_in_part() -> None:
    case = small(
        "id: y, kind: hosting, payer: ROU, millions: 366, prices: 2024, since: 2024-03-01, until: 2025-01-31"
    )
    cash = spent(case, 2023, 2026, prices=2024)
    paid = {y: b.by_kind()["hosting"].value for y, b in cash.items() if "hosting" in b.by_kind()}
    assert paid == pytest.approx({2024: 306.0, 2025: 366.0 * 31 / 365})


def test_a_site_is_bought_when_it_enters_and_run_while_it_is_there() -> None:
    case = europe()
    paid = {y: kinds_at(b, "redzikowo") for y, b in spent(case, 2022, 2026, prices=2024).items()}
    year = kinds_at(bill(case, prices=2024), "redzikowo")
    life = next(f.value for f in case.entries["aegis-ashore-iia"].facts if f.parameter == "life")
    assert paid[2022] == paid[2023] == {}
    assert paid[2024]["procurement", "aegis-ashore-iia"] == pytest.approx(
        life * year["procurement", "aegis-ashore-iia"]
    )
    key = ("operation", "aegis-ashore-iia")
    assert paid[2024][key] == pytest.approx(year[key] * 175 / 366)
    assert paid[2025] == {k: pytest.approx(v) for k, v in year.items() if k[0] in ("operation", "hosting")}
    gone = bill(case, day=dt.date(2014, 6, 1)).by_site()
    assert set(spent(case, 2014, 2014)[2014].by_site()) >= {s for s in gone if s}
    assert "redzikowo" not in gone
    assert set(gone) - set(sites(case))


MOVED = SMALL.replace(
    "    system: aegis-ashore-ib\n",
    "    system: aegis-ashore-ib\n    bought: 2014-05-01\n    since: 2016-07-01\n    until: 2020-01-31\n",
)


def test_what_stood_elsewhere_before_is_not_bought_again() -> None:
    case, problems = resolve(MOVED.encode(), "small.yaml")
    assert problems == [] and case is not None
    known = case.others["aegis-ashore-ib"]
    built = tuple(replace(f, value=100.0) if f.parameter == "fielding" else f for f in known.facts)
    case = replace(case, others={**case.others, "aegis-ashore-ib": replace(known, facts=built)})
    paid = {y: {k for k, _ in kinds_at(b, "deveselu")} for y, b in spent(case, 2013, 2021).items()}
    assert paid[2013] == paid[2015] == paid[2021] == set()
    assert paid[2014] == {"procurement"}
    assert paid[2016] == {"fielding", "operation"}
    assert paid[2017] == paid[2020] == {"operation"}


def test_cash_of_a_line_for_a_site_falls_on_the_day_of_the_site() -> None:
    once = "kind: hosting, payer: ROU, site: deveselu, millions: 8, per: once, over_yr: 10, prices: 2024"
    text = f"{MOVED.rstrip()}\ncosts:\n  - {{id: a, {once}, source: s}}\n"
    case, problems = resolve(text.encode(), "small.yaml")
    assert problems == [] and case is not None
    cash = {y: b.by_kind() for y, b in spent(case, 2013, 2021).items()}
    assert {y: kinds["hosting"].value for y, kinds in cash.items() if "hosting" in kinds} == {2016: 8.0}


def kinds_at(b: Bill, site: str) -> dict[tuple[str, str], float]:
    """What is paid for a site by members, by kind and thing."""
    return {(x.kind, x.item): x.amount.value for x in b.lines if x.site == site and x.kind != "development"}


def test_without_dates_of_entry_only_running_is_cash() -> None:
    case = small()
    cash, year = spent(case, 2024, 2024)[2024], bill(case)
    assert set(cash.by_kind()) == {"operation"}
    same(cash.by_kind()["operation"], year.by_kind()["operation"])


def test_an_alliance_shares_a_line_and_the_absent_keep_theirs() -> None:
    line = "kind: common, payer: NATO, millions: 100, prices: 2024"
    by = {k: bill(small(f"id: {k}, {line}, shared_by: {k}")) for k in ("common_funding", "gdp", "equal")}
    for b in by.values():
        assert b.by_kind()["common"].value == pytest.approx(100.0)
    shares = funding_shares(small(), ["USA", "ROU", "TUR"], 2024)
    paid = {x.payer: x.amount.value / 100.0 for x in by["common_funding"].lines if x.kind == "common"}
    assert paid == pytest.approx(shares | {"NATO, others": 1.0 - sum(shares.values())})
    thirds = [x.amount.value for x in by["equal"].lines if x.kind == "common"]
    assert thirds == pytest.approx([100.0 / 3.0] * 3)
    gdp = {x.payer: x.amount.value for x in by["gdp"].lines if x.kind == "common"}
    assert gdp["USA"] > gdp["TUR"] > gdp["ROU"]


def test_who_pays_is_missing_where_no_economy_is_known() -> None:
    case = small("id: c, kind: common, payer: NATO, millions: 100, prices: 2024, shared_by: gdp")
    poor = replace(
        case,
        ledger=replace(case.ledger, economies={n: e for n, e in case.ledger.economies.items() if n != "TUR"}),
    )
    b = bill(poor)
    assert "common" not in b.by_kind()
    assert [m.what for m in b.missing] == ["who pays `c`: no figure for TUR"]
    assert without_economy(poor) == ("TUR",)
    assert set(economies_of(poor)) == {"USA", "ROU"}


def test_an_agreement_outside_the_regime_costs_nothing() -> None:
    case = europe()
    assert "common" in bill(case).by_kind()
    assert "common" not in bill(case, regime="national").by_kind()
    assert "common" not in bill(case, day=dt.date(2010, 11, 19)).by_kind()
    cash = {y: b.by_kind().get("common") for y, b in spent(case, 2009, 2021).items()}
    assert cash[2009] is None and cash[2021] is None
    assert cash[2010] is not None and cash[2015] is not None
    year = bill(case).by_kind()["common"].value
    assert total(p for p in cash.values() if p).value == pytest.approx(20.0 * year, rel=1e-12)
    with pytest.raises(KeyError):
        bill(case, regime="nonsense")


def test_rounds_of_a_raid() -> None:
    case = europe()
    used = rounds_used(case, {"redzikowo": 2.5, "deveselu": 0.0, "capu-midia-sampt": 4.0}, prices=2018)
    assert {x.kind for x in used.lines} == {"rounds"}
    iia = next(f for f in case.entries["sm-3-iia"].facts if f.parameter == "unit_cost")
    assert used.by_member()["USA"].value == pytest.approx(2.5 * iia.value)
    assert set(used.by_member()) == {"USA", "FRA"}
    assert rounds_used(case, {}).total().value == 0.0


def test_rounds_in_depot_count_while_a_battery_that_fires_them_works() -> None:
    text = SMALL.rstrip() + "\nstock:\n  - {owner: USA, interceptor: sm-3-ib, depot: 12}\n"
    case, problems = resolve(text.encode(), "small.yaml")
    assert problems == [] and case is not None
    ready, depot = (x for x in bill(case).lines if x.item == "sm-3-ib")
    assert depot.amount.value == pytest.approx(ready.amount.value / 2.0)
    assert depot.sites == ("deveselu",)
    assert bill(case).of(["kurecik"], ["USA"]).by_site().keys() == {"kurecik"}


PROGRAMME = """case: small
catalog:
  sources: {s: A citation}
  entries:
    joint:
      kind: programme
      title: T
      summary: S
      items: [aegis-ashore-ib, an-tpy-2]
      units: {value: 10, unit: "1", low: 5, high: 20, source: s, as_of: 2024, confidence: low}
      development:
        - payer: JPN
          amount: {value: 90, unit: musd, low: 60, high: 99, source: s, as_of: 2024, confidence: low}
      funding:
        - payer: DEU
          owners: [USA]
          share: {value: 0.4, unit: "1", low: 0.2, high: 0.5, source: s, as_of: 2024, confidence: high}
"""


def test_a_programme_bears_its_part_of_each_unit() -> None:
    case, problems = resolve(SMALL.replace("case: small\n", PROGRAMME).encode(), "small.yaml")
    assert problems == [] and case is not None
    b, plain = bill(case), bill(small())
    for item, site in (("aegis-ashore-ib", "deveselu"), ("an-tpy-2", "kurecik")):
        (bought,) = (x for x in plain.lines if x.item == item and x.kind == "procurement")
        mine = {(x.kind, x.payer): x.amount for x in b.lines if x.item == item and x.site == site}
        kept, given = mine["procurement", "USA"], mine["third-party", "DEU"]
        assert given.value == pytest.approx(0.4 * bought.amount.value)
        assert kept.value + given.value == pytest.approx(bought.amount.value)
        assert (kept.low, kept.high) == pytest.approx((0.5 * bought.amount.low, 0.8 * bought.amount.high))
        life = next(f for f in case.entries[item].facts if f.parameter == "life")
        part = mine["development", "JPN"]
        assert (part.value, part.low, part.high) == pytest.approx(
            (90 / 10 / life.value, 60 / 20 / life.high, 99 / 5 / life.low)
        )
    assert "DEU" not in plain.by_member()
    assert "third-party" not in {x.kind for x in b.lines if x.item == "sm-3-ib"}


def test_operators_run_what_owners_bought() -> None:
    case = small()
    (battery,) = case.file.batteries
    lent = replace(case, file=replace(case.file, batteries=(replace(battery, operator="TUR", reloads=8),)))
    b, plain = bill(lent), bill(case)
    assert {(x.kind, x.payer) for x in b.lines if x.site == "deveselu"} == {
        ("procurement", "USA"), ("fielding", "USA"), ("operation", "TUR"),
    }  # fmt: skip
    rounds, fewer = (next(x for x in y.lines if x.item == "sm-3-ib").amount.value for y in (b, plain))
    assert rounds / fewer == pytest.approx((24 + 8) / 24)


def test_a_constellation_costs_all_its_satellites() -> None:
    one = "{name: geo, type: geo-infrared, owner: USA, geostationary_longitude_deg: 60}"
    many = one.replace(
        "geostationary_longitude_deg: 60",
        "walker: {satellites: 12, planes: 3, phasing: 1, inclination_deg: 60, altitude_km: 1000}",
    )
    case, problems = resolve(SMALL.replace(one, many).encode(), "small.yaml")
    assert problems == [] and case is not None
    alone, twelve = (bill(c).by_site()["geo"].value for c in (small(), case))
    assert twelve == pytest.approx(12.0 * alone)


def test_an_index_with_gaps_answers_in_the_nearest_year() -> None:
    case = small()
    sparse = replace(case.ledger.prices, index={"2010": 90.0, "2020": 105.0, "2026": 132.0})
    b = bill(replace(case, ledger=replace(case.ledger, prices=sparse)))
    assert b.prices == 2026
    lacks = "cost of operation of `aegis-ashore-ib` (in prices of 2011, which the index lacks)"
    assert lacks in {m.what for m in b.missing}


def test_order_of_lines_changes_no_sum() -> None:
    b = bill(europe())
    for seed in range(3):
        lines = list(b.lines)
        random.Random(seed).shuffle(lines)
        assert replace(b, lines=tuple(lines)).total() == b.total()


def test_a_charge_without_a_band_is_exact() -> None:
    charge = Charge(id="a", kind="other", payer="USA", millions=4.0, prices=2020)
    assert charge.amount == Price(value=4.0, low=4.0, high=4.0)
    assert Bill(lines=(), prices=2020).total() == Price(value=0.0, low=0.0, high=0.0)


def test_a_line_for_a_site_that_is_not_there_on_the_day_costs_nothing() -> None:
    later = (
        load("first-light").text.decode().replace("{name: deveselu, ", "{name: deveselu, since: 2026-01-01, ")
    )
    lines = "".join(
        f"  - {{id: {kind}, kind: {kind}, payer: {payer}, site: deveselu, millions: 50, prices: 2020, "
        "assumed: true}\n"
        for kind, payer in (("operation", "ROU"), ("hosting", "ROU"), ("third-party", "DEU"))
    )
    case, problems = resolve(f"{later}costs:\n{lines}".encode(), "later.yaml")
    assert problems == [] and case is not None
    then, now = bill(case, dt.date(2026, 6, 1)), bill(case)
    assert then.by_member()["DEU"].value > 0.0 and {"operation", "hosting"} <= set(then.by_kind())
    assert "DEU" not in now.by_member()
    assert not [x for x in now.lines if "deveselu" in x.sites]
