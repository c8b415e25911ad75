"""The page and the terminal of a burden: whole, escaped, and saying what the figures say."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from synaspis.model.burden import (
    STAYS,
    ApartRow,
    BurdenAnswer,
    Complaint,
    Key,
    Nearly,
    NotTogether,
    Point,
    SignedRank,
    Stability,
)
from synaspis.model.plan import Price
from synaspis.report import burden_findings as found
from synaspis.report import burden_together as together
from synaspis.report import burden_words as words
from synaspis.report.burden_apart import alone
from synaspis.report.burden_figures import shares
from synaspis.report.burden_page import page
from synaspis.report.burden_terminal import render
from tests.answers import burden as answer
from tests.report.headings import in_order


def changed(**of_stability: object) -> BurdenAnswer:
    a = answer()
    stability: Stability = replace(a.stability, **of_stability)  # type: ignore[arg-type]
    return replace(a, stability=stability)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_one_whole_page_that_needs_nothing_else() -> None:
    made = page(answer())
    tags = _Tags()
    tags.feed(made)
    assert tags.open == [] and in_order(made)
    assert "http://" not in made and "https://" not in made and "<script" not in made
    for topic in ("Who contributes what", "Who gains, and who pays", "What it costs", "What each would pay",
                  "Does it hold together?", "Better off outside?", "Sources", "Limits"):  # fmt: skip
        assert topic in made
    assert "nan" not in made.replace("finance", "").replace("Finance", "") and "inf\u00a0" not in made


def test_names_are_escaped() -> None:
    a = answer()
    lines = tuple(replace(x, what="<b>x", source="A <i> & B") for x in a.bill.lines)
    made = page(replace(a, title="T <u> & V", bill=replace(a.bill, lines=lines)))
    assert (
        "&lt;b&gt;x" in made and "<b>x" not in made and "T &lt;u&gt; &amp; V" in made and "<i> &" not in made
    )


def test_the_headline_names_who_adds_and_who_gains_most() -> None:
    a = answer()
    most = max(a.members.values(), key=lambda m: m.shapley.value).nation
    rides = max(a.members.values(), key=lambda m: m.free_rider_index or -2.0).nation
    said = found.headline(a)
    assert said.startswith(most) or f"and {most}" in said
    assert f"{rides} gains most" in said
    members = {k: replace(m, free_rider_index=0.9 if k == "TUR" else 0.1) for k, m in a.members.items()}
    assert "TUR gains most" in found.headline(replace(a, members=members))


@pytest.mark.parametrize(("ends", "told"), [
    ((0.0, math.inf), "some sharing keeps every group"), ((0.002, math.inf), "2,000\u00a0USD"),
    ((0.002, 0.004), "only where a person protected is worth between 2,000"), (None, "no sharing of cost"),
])  # fmt: skip
def test_stability_has_the_word(ends: tuple[float, float] | None, told: str) -> None:
    assert told in together.holds(changed(holds_from=ends))
    assert page(changed(holds_from=ends))
    assert "as far as 15 coalitions tell" in together.holds(changed(holds_from=ends, exact=False))


def test_who_stands_in_the_way_is_named() -> None:
    near = Nearly(missing_musd=1.7, per_person_musd=1e-4, left_out=(("BGR",), ("USA", "ROU", "BGR")))
    a = changed(holds_from=None, nearly=near)
    assert "all but BGR and TUR alone" in together.more_on_stability(a)
    assert "at best some group misses 1.7\u00a0million USD a year" in together.stability(a)
    assert "nearest from 100\u00a0USD" in page(a)


def test_nothing_is_nearest_where_people_do_not_matter() -> None:
    near = Nearly(missing_musd=1.7, per_person_musd=0.0, left_out=(("BGR",),))
    a = changed(holds_from=None, nearly=near)
    said = together.more_on_stability(a)
    assert "changes nothing in that: the groups that miss most (all but BGR) miss 1.7" in said
    assert "nearest from" not in page(a)


def test_those_who_contribute_alike_are_named_together() -> None:
    a = answer()
    usa, rou = a.members["USA"], a.members["ROU"]
    one = replace(usa, shapley=replace(usa.shapley, value=2.0 * rou.shapley.value))
    assert found.foremost(replace(a, members={"USA": one, "ROU": rou})) == ["USA"]
    alike = replace(a, members={"USA": usa, "ROU": replace(rou, shapley=usa.shapley)})
    assert found.foremost(alike) == ["USA", "ROU"]
    assert ">USA, ROU<" in page(alike)


def test_values_that_are_estimates_say_so() -> None:
    a = replace(answer(), exact=False, orders=200)
    console = Console(width=80, record=True, file=io.StringIO())
    render(a, console)
    told = " ".join(console.export_text().split())
    assert "estimates from 200 random orders of joining" in told
    assert "added nothing in any of them" in page(a) and "add nothing" in page(answer())
    assert found.sampled(answer()) == ""


def test_who_neither_gains_nor_pays_may_be_in_or_out() -> None:
    x = answer().members["USA"].leaving
    assert x is not None
    free = Price(value=3.0, low=3.0, high=3.0)
    idle = replace(x, inside=5.0, still_defended=5.0, undefended=0.0, verdict=STAYS, verdict_undefended=STAYS,
                   pays_inside=free, pays_outside=free)  # fmt: skip
    assert together.better(idle, defended=True) == "either"
    assert together.better(idle, defended=False) == "inside"
    assert together.better(replace(idle, pays_outside=x.pays_inside), defended=True) == "inside"


def test_the_sides_are_named_clear_of_dots_and_names() -> None:
    a = answer()
    members = {
        m: replace(x, burden_share=0.04, benefit_share=0.93) if m == "BGR" else x
        for m, x in a.members.items()
    }
    drawing = shares(replace(a, members=members), "").split("</svg>")[0]
    dot, name, side = (
        [float(y) for y in re.search(pattern, drawing).groups()]  # type: ignore[union-attr]
        for pattern in (
            r'BGR: 93.*?cx="([\d.]+)" cy="([\d.]+)"',
            r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>BGR<',
            r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>gains more than it pays<',
        )
    )
    assert abs(name[1] - side[1]) > 12 and abs(dot[1] - side[1]) > 8


def test_what_nobody_gains_or_pays_is_said_so() -> None:
    a = answer()
    lost = replace(a.members["ROU"].benefit, value=-5000.0)
    worse = {m: replace(x, benefit_share=None, benefit=lost if m == "ROU" else x.benefit)
             for m, x in a.members.items() if m in ("USA", "ROU")}  # fmt: skip
    assert "than under national (there the sites of all nations count); ROU loses 5,000." in found.gains(
        replace(a, members=worse)
    )
    nothing = Price(value=0.0, low=0.0, high=0.0)
    others = replace(a.bill, members=nothing, others=a.bill.members, payers={"USA": a.bill.members})
    free = replace(a, bill=others, members={"ROU": a.members["ROU"]})
    assert found.bill(free) == "The members pay nothing; all costs that are known are others'."
    assert "USA pays " in found.shared_costs(free)


def test_complaints_and_losses_by_joining_are_told() -> None:
    first = Complaint(members=("USA", "TUR"), people=0.0, saves=12.0, musd=None)
    a = changed(complaints=(first,), complaining=3)
    assert (
        "USA with TUR, which loses nobody and spends 12\u00a0million USD a year less"
        in together.complaints(a)
    )
    bad = NotTogether(pairs=9, failures=2, lost=4000.0, one=("USA",), other=("ROU", "TUR"))
    assert "at worst 4,000 (USA with ROU, TUR)" in together.joining(changed(joining=bad))
    assert "no group would do better" in together.complaints(changed(complaining=0))


def test_a_test_that_cannot_reject_says_so() -> None:
    few = SignedRank(statistic=0.0, p_value=0.25, members=3)
    assert "so few can never tell" in found.free_riding(replace(answer(), concordance=few))
    clear = SignedRank(statistic=0.0, p_value=0.004, members=12)
    assert "do not agree" in found.free_riding(replace(answer(), concordance=clear))


def test_an_undefined_key_is_a_dash_with_its_reason() -> None:
    a = answer()
    keys = tuple(
        Key(name=k.name, share=None, why="no figure for BGR") if k.name == "gdp" else k for k in a.keys
    )
    members = {c: replace(m, pays={**m.pays, "gdp": None}) for c, m in a.members.items()}
    made = replace(a, keys=keys, members=members)
    assert "Key GDP: undefined, no figure for BGR." in found.undefined(made)
    assert "Key GDP: undefined" in page(made)


def apart(*members: str, once: float | None) -> ApartRow:
    cost = None if once is None else Price(value=once, low=once / 2, high=once * 2)
    yearly = None if once is None else Price(value=once / 20, low=once / 40, high=once / 10)
    why, buys = ("nothing reaches it", ()) if once is None else ("", ("thaad-battery at Sofia",))
    return ApartRow(members=members, goal=1e6, cost=cost, yearly=yearly, why=why, buys=buys)


def test_what_it_would_cost_apart_is_drawn_when_known() -> None:
    assert "What it would cost apart" not in page(replace(answer(), alone=None))
    rows = (apart("USA", once=2000.0), apart("ROU", once=1000.0), apart("BGR", once=None))
    made = replace(answer(), alone=rows)
    assert "thaad-battery at Sofia" in page(made) and "nothing reaches it" in page(made)
    told = alone(made)
    assert "2 members" in told and "3.00\u00a0billion USD" in told and "150\u00a0million USD a year" in told
    assert "BGR could not" in told
    # Groups are no members: what they would pay is not added up.
    assert alone(replace(made, alone=(*rows, apart("USA", "ROU", once=9e5)))) == told
    assert "to within" not in told
    row = replace(apart("ROU", once=1000.0), why="within 2 % of it", within=0.02)
    near = replace(made, alone=(rows[0], row))
    assert "ROU would come to within 2.0\u00a0% of that." in alone(near)
    assert "thaad-battery at Sofia; within 2 % of it" in page(near)
    free = replace(made, alone=(apart("USA", once=0.0),))
    assert alone(free) == "Each member has by itself what it has together."


def test_words_fit_a_terminal() -> None:
    for width in (80, 120):
        console = Console(width=width, record=True, file=io.StringIO())
        render(answer(), console)
        told = console.export_text()
        assert all(len(x) <= width for x in told.splitlines())
        assert "Does it hold together?" in told and "Wilcoxon" in told
    assert "Banzhaf" in told


@pytest.mark.parametrize(("value", "said"), [
    (1234.5, "1.23\u00a0billion USD"), (340.0, "340\u00a0million USD"), (1.7258, "1.7\u00a0million USD"),
    (0.34, "340,000\u00a0USD"), (0.0, "0\u00a0USD"),
])  # fmt: skip
def test_money(value: float, said: str) -> None:
    assert words.money(value) == said


def test_a_value_asked_for_is_shown() -> None:
    point = Point(per_person_musd=5e-4, stable=False, excess_musd=3.0)
    a = changed(shown=point)
    said = together.more_on_stability(a)
    assert "At 500\u00a0USD a year for a person protected it is not stable: some group misses 3.0" in said
    assert "asked 500\u00a0USD" in page(a)
