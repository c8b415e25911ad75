"""Who brings, gains and pays what: sums, limits and verdicts, on the smallest case."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis import api
from synaspis.files.case import load
from synaspis.model.burden import BURDENED, LEAVES, PRICED, STAYS, BurdenAnswer
from synaspis.model.compared import Gain
from synaspis.model.cost import Bill, Line
from synaspis.model.plan import Price
from synaspis.sharing.rules import rules
from synaspis.studies import burden_stability, coalitions
from synaspis.studies.burden import arrangement_of
from synaspis.studies.burden_bill import ALL, of_working, outlays, said, weak
from synaspis.studies.burden_leaving import _leaving as leaving_of
from synaspis.studies.burden_leaving import judged
from synaspis.studies.coalitions import Left


@cache
def answer() -> BurdenAnswer:
    return api.burden("first-light", trials=40, per_person_musd=1e-3, jobs=1)


def price(value: float) -> Price:
    return Price(value=value, low=0.5 * value, high=2.0 * value)


def line(payer: str, value: float, sites: tuple[str, ...] = (), assumed: bool = False) -> Line:
    return Line(kind="operation", payer=payer, amount=price(value), prices=2024, item="x", sites=sites,
                assumed=assumed, confidence="medium")  # fmt: skip


def test_what_each_adds_adds_up_and_who_brings_nothing_adds_nothing() -> None:
    a = answer()
    assert sum(m.shapley.value for m in a.members.values()) == pytest.approx(a.worth)
    assert a.worth == pytest.approx(sum(m.protected for m in a.members.values()))
    assert not a.members["BGR"].plays and a.members["BGR"].shapley.value == 0.0
    assert a.members["USA"].brings.batteries == ("deveselu",)
    assert a.members["ROU"].brings.hosts == ("deveselu",) and a.members["TUR"].brings.hosts == ("kurecik",)
    assert a.members["USA"].brings.rounds == {"sm-3-ib": 24}


def test_benefit_is_what_a_run_says_of_both_regimes() -> None:
    ran = api.run("first-light", trials=40, jobs=1)
    for code, m in answer().members.items():
        if code in ran.regimes["allied"].nations:
            told = [ran.regimes[r].nations[code].protected_population for r in ("allied", "national")]
            assert (m.protected, m.protected_against) == pytest.approx(told)
            assert m.benefit.value == pytest.approx(told[0] - told[1])


def test_what_is_paid_adds_up_under_every_key() -> None:
    a = answer()
    assert (
        a.amount
        == pytest.approx(a.bill.members.value)
        == pytest.approx(sum(m.burden.value for m in a.members.values()))
    )
    for key in a.keys:
        assert key.share is not None
        assert sum(m.pays[key.name] or 0.0 for m in a.members.values()) == pytest.approx(a.amount)
    other = api.burden("first-light", trials=5, amount_musd=2440.0, arrangement="2016-17", jobs=1)
    assert sum(m.pays["gdp"] or 0.0 for m in other.members.values()) == pytest.approx(2440.0)


def test_indices_lie_within_their_limits_and_add_up_to_nothing() -> None:
    told = [m.free_rider_index for m in answer().members.values()]
    assert all(i is not None and -1.0 <= i <= 1.0 for i in told)
    assert sum(i or 0.0 for i in told) == pytest.approx(0.0, abs=1e-12)


def test_it_is_stable_just_where_the_excess_is_not_above_nothing() -> None:
    s = answer().stability
    assert s.stable == (s.excess <= 0.0) and s.holds_from is not None
    for p in s.sweep:
        assert p.stable == (p.excess_musd <= 1e-6)
        if abs(p.excess_musd) > 1e-6:
            assert p.stable == (s.holds_from[0] <= p.per_person_musd <= s.holds_from[1])
    assert any(p.per_person_musd == s.holds_from[0] for p in s.sweep)
    assert s.shown is not None and s.shown.per_person_musd == 1e-3


def test_costs_at_the_ends_of_their_bands_move_the_value_from_which_it_holds() -> None:
    s = answer().stability
    assert s.holds_low is not None and s.holds_from is not None and s.holds_high is not None
    assert s.holds_low[0] < s.holds_from[0] < s.holds_high[0]


def test_the_nucleolus_shares_all_that_is_saved() -> None:
    a = answer()
    assert sum(m.nucleolus or 0.0 for m in a.members.values()) == pytest.approx(a.stability.saved)
    money = a.stability.saved * 1e-3 - a.stability.extra_cost.value
    assert sum(m.nucleolus_musd or 0.0 for m in a.members.values()) == pytest.approx(money)


def test_tables_hold_every_coalition_and_every_member() -> None:
    a = answer()
    told = a.tables.columns["coalitions"]
    assert len(told["members"]) == 15 == a.stability.looked_at
    assert told["excess_people"][-1] == pytest.approx(0.0, abs=1e-6)
    assert told["excess_musd"][-1] == pytest.approx(0.0, abs=1e-6)
    assert list(a.tables.columns["members"]["member"]) == list(a.members)


def test_who_leaves_takes_its_soil_with_it() -> None:
    x = answer().members["ROU"].leaving
    assert x is not None and x.others[1] == 0.0 and x.still_defended == 0.0
    assert x.inside == answer().members["ROU"].protected
    free = answer().members["BGR"].leaving
    assert free is not None and free.still_defended == free.inside and free.undefended == 0.0


def test_verdicts_are_of_what_is_lost_and_saved_either_way() -> None:
    told = [m.leaving for m in answer().members.values() if m.leaving is not None]
    assert any(x.still_defended != x.undefended for x in told)
    for x in told:
        saved = x.pays_inside.value - x.pays_outside.value
        assert (x.verdict, x.value_musd) == judged(x.inside - x.still_defended, saved)
        assert (x.verdict_undefended, x.value_undefended_musd) == judged(x.inside - x.undefended, saved)


def test_who_pays_and_is_defended_anyway_leaves_and_else_weighs_it() -> None:
    def lost(people: float) -> dict[str, Gain]:
        return {"A": Gain(value=-people, low=0.0, high=0.0), "B": Gain(value=-7.0, low=0.0, high=0.0)}

    left = Left(member="A", sites=(), apart=lost(0.0), cut_off=lost(1000.0), apart_warning_s={},
                cut_off_warning_s={})  # fmt: skip
    x = leaving_of("A", {"A": 1000.0, "B": 50.0}, left, price(5.0), price(0.0))
    assert (x.verdict, x.verdict_undefended, x.value_undefended_musd) == (LEAVES, PRICED, 0.005)
    assert (x.still_defended, x.undefended, x.others) == (1000.0, 0.0, (50.0, 43.0))


def test_shares_of_benefit_and_burden_are_of_the_members_sum() -> None:
    members = answer().members.values()
    gained, paid = sum(max(m.benefit.value, 0.0) for m in members), sum(m.burden.value for m in members)
    assert gained > 0.0 and paid > 0.0
    for m in members:
        assert m.benefit_share == pytest.approx(max(m.benefit.value, 0.0) / gained)
        assert m.burden_share == pytest.approx(m.burden.value / paid)


def test_too_many_players_are_sampled_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions, "EXACT", 2)
    monkeypatch.setattr(burden_stability, "SAMPLED", 1)
    a = api.burden("first-light", trials=20, jobs=1)
    s = a.stability
    assert not a.exact and a.orders > 0 and not s.exact
    assert all(m.nucleolus is None for m in a.members.values()) and s.joining is None
    monkeypatch.undo()
    whole = api.burden("first-light", trials=20, jobs=1)
    assert whole.exact and s.excess <= whole.stability.excess + 1e-6
    assert s.looked_at < whole.stability.looked_at


def test_one_nation_is_all_there_is() -> None:
    a = api.burden("first-light", members=["ROU"], trials=5, jobs=1)
    assert a.stability.stable and a.stability.excess == 0.0 and a.stability.looked_at == 1
    assert a.members["ROU"].pays["equal"] == a.amount and a.members["ROU"].leaving is None
    assert any("by itself" in note for note in a.notes)


def test_a_site_is_paid_for_where_all_its_parties_are() -> None:
    case = load("first-light")
    given = rules(case, case.regime("allied"))
    bill = Bill(lines=(line("USA", 5.0, ("deveselu",)), line("ROU", 1.0)), prices=2024)
    site, free = outlays(case, given, bill)
    assert site.sites == (("ROU", "USA"),) and free.sites == ()


def test_nobody_pays_for_what_does_not_work_without_those_outside() -> None:
    a = api.burden("first-light", members=["USA", "ROU"], trials=5, jobs=1)
    all_in = {x.where for x in answer().bill.lines}
    assert "kurecik" in all_in and {x.where for x in a.bill.lines} == all_in - {"kurecik"}
    assert any("kurecik" in note for note in a.notes)
    assert not any("nothing is paid" in note for note in answer().notes)
    for each in (a, answer()):
        game = each.tables.columns["coalitions"]
        assert game["excess_musd"][-1] == pytest.approx(0.0, abs=1e-9)  # burdens are C of all
        for m in each.members.values():
            assert m.leaving is not None and m.burden == m.leaving.pays_inside
            assert (
                m.burden.value >= m.leaving.pays_outside.value
            )  # whoever leaves pays nobody's share besides
    used = {k: a.members["USA"].brings.money[k].value for k in a.members["USA"].brings.money}
    assert sum(used.values()) == pytest.approx(a.members["USA"].burden.value)


def test_what_others_pay_for_working_sites_is_told_beside() -> None:
    lines = (
        line("JPN", 4.0, ("deveselu",)),
        line("JPN", 9.0, ("kurecik",)),
        line("ROU", 1.0),
        line("TUR", 2.0),
    )
    kept = of_working(Bill(lines=lines, prices=2024), ["deveselu"], ["USA", "ROU"])
    assert kept.lines == (lines[0], *lines[2:])
    fund = replace(line("USA", 3.0), parties=("USA", "TUR"))
    assert (
        of_working(Bill(lines=(fund,), prices=2024), [], ["USA", "ROU"]).lines == ()
    )  # a fund of one is none
    assert of_working(Bill(lines=(fund,), prices=2024), [], ["USA", "TUR"]).lines == (fund,)


def test_rounds_of_the_raid_cost_what_is_fired() -> None:
    r = answer().raid
    fired = api.run("first-light", trials=40, jobs=1).regimes["allied"].rounds
    case = load("first-light")
    assert r.rounds == pytest.approx(sum(fired.values())) and r.rounds > 0.0
    for owner, battery in (("USA", "deveselu"), ("ROU", "bucharest-patriot")):
        facts = case.entries[case.systems[case.file.batteries[0 if owner == "USA" else 1].system].interceptor]
        unit = next(f for f in facts.facts if f.parameter == "unit_cost")
        index = case.ledger.prices.index
        price = unit.value * index["2024"] / index[dict(unit.at)["prices"]]
        assert r.rounds_musd[owner].value == pytest.approx(fired[battery] * price)
        assert r.rounds_musd[owner].low < r.rounds_musd[owner].value < r.rounds_musd[owner].high
    assert not r.missing and set(r.rounds_musd) == {"USA", "ROU"}


def test_the_assumed_part_is_of_the_money() -> None:
    lines = (line("USA", 3.0, assumed=True), line("ROU", 1.0), line("JPN", 4.0))
    assert weak(lines) == pytest.approx(3.0 / 8.0) and weak(()) == 0.0
    told = said(Bill(lines=lines, prices=2024), ("USA", "ROU"))
    assert (told.members.value, told.others.value) == (4.0, 4.0) and told.assumed[ALL] == weak(lines)


@pytest.mark.parametrize(("lost", "saved", "told"), [
    (1000.0, 5.0, (PRICED, 0.005)), (-1000.0, -5.0, (BURDENED, 0.005)), (0.0, 5.0, (LEAVES, None)),
    (-10.0, 5.0, (LEAVES, None)), (1000.0, 0.0, (STAYS, None)), (0.1, 1e-5, (STAYS, None)),
    (0.0, -3.0, (STAYS, None)),
])  # fmt: skip
def test_verdicts(lost: float, saved: float, told: tuple[str, float | None]) -> None:
    assert judged(lost, saved) == told


@given(st.floats(-1e7, 1e7), st.floats(-1e4, 1e4), st.floats(1e-9, 1.0))
def test_a_verdict_is_what_the_sum_says(lost: float, saved: float, value: float) -> None:
    how, threshold = judged(lost, saved)
    worth = value * lost - saved
    if threshold is not None and abs(value - threshold) > 1e-6 * threshold:
        inside = value > threshold if how == PRICED else value < threshold
        assert inside == (worth > 0)
    assert (threshold is not None) == (how in (PRICED, BURDENED))
    if how == LEAVES and abs(lost) >= 0.5 and abs(saved) >= 5e-4:
        assert worth < 0


def test_the_arrangement_is_that_of_the_day() -> None:
    import datetime as dt

    told = [arrangement_of(dt.date(y, 6, 1)) for y in (2012, 2017, 2022, 2024, 2030)]
    assert told == ["2016-17", "2016-17", "2021-24", "2024-25", "2024-25"]


def test_it_is_the_same_for_any_number_of_workers() -> None:
    one, two = (api.burden("first-light", trials=10, jobs=j) for j in (1, 2))
    for name, columns in one.tables.columns.items():
        for key, values in columns.items():
            assert np.array_equal(values, two.tables.columns[name][key]), (name, key)
    assert math.isfinite(one.worth)


def test_groups_that_complain_have_more_or_pay_less_and_are_as_small_as_can_be() -> None:
    a = api.burden("first-light", trials=40, jobs=1)
    told = a.tables.columns["coalitions"]
    people, saves = told["excess_people"][:-1], told["excess_musd"][:-1]
    better = (people > -0.5) & (saves > -5e-4) & ((people > 0.5) | (saves > 5e-4))
    assert a.stability.complaining == better.sum() > 0
    first = a.stability.complaints[0]
    # The United States lose nobody of their own and need not pay for what stands in Romania and Turkey;
    # with any other nation they would do no better.
    assert first.members == ("USA",) and first.people == 0.0 and first.saves > 0.0
    listed = [frozenset(c.members) for c in a.stability.complaints]
    assert frozenset(("USA", "TUR")) not in listed and len(set(listed)) == len(listed)
