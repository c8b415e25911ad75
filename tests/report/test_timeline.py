"""The page of the years: whole, escaped, with findings that follow the figures."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from synaspis import api
from synaspis.model.plan import Price
from synaspis.model.timeline import Estimate, Moved, TimelineAnswer
from synaspis.report import timeline_figures as drawn
from synaspis.report import timeline_findings as found
from synaspis.report.timeline_page import page
from tests.built_up import built_up
from tests.report.headings import in_order


@cache
def answer() -> TimelineAnswer:
    return api.timeline(built_up(), 2008, 2024, trials=20, jobs=1)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_one_whole_page_that_needs_nothing_else() -> None:
    made = page(answer())
    assert in_order(made)
    tags = _Tags()
    tags.feed(made)
    assert tags.open == []
    assert tags.headings[0] == 1 and tags.headings.count(1) == 1
    assert all(b - a <= 2 for a, b in zip(tags.headings, tags.headings[1:], strict=False))
    assert "http://" not in made and "https://" not in made and "<script" not in made
    for topic in (
        "Protection",
        "As planned",
        "Warning",
        "Cost",
        "Whose shield",
        "Year by year",
        "What changed",
    ):
        assert topic in made
    assert "nan" not in re.sub(r"<[^>]*>", " ", made).lower().split()


def test_names_are_escaped() -> None:
    a = answer()
    year = replace(a.years[-1], changes=(replace(a.years[8].changes[0], name="<b>x", source="A & B"),))
    made = page(replace(a, years=(*a.years[:-1], year), title="A <i> & B"))
    assert "&lt;b&gt;x" in made and "<b>x" not in made and "A &lt;i&gt; &amp; B" in made


def test_the_headline_tells_the_delay_that_cost_most() -> None:
    a = answer()
    late = found.latest(a)
    assert late is not None and late.alone["allied"].covered == max(
        m.alone["allied"].covered for m in a.plans[0].moved
    )
    assert found.headline(a).startswith("Under allied, people protected go from 0 in 2008 to ")
    assert "late" not in found.headline(replace(a, plans=()))


def test_one_year_and_no_plan_make_a_page_too() -> None:
    one = api.timeline(built_up(""), 2024, 2024, trials=5, jobs=1)
    made = page(one)
    assert "In 2024," in made and "As planned" not in made and "What changed" in made


def test_years_that_are_alike_are_said_to_be() -> None:
    one = api.timeline(built_up(""), 2024, 2026, trials=5, jobs=1)
    assert " people are protected in every year from 2024 to 2026." in found.headline(one)
    assert "over these years, about the same in each;" in found.cost(one)
    assert "1 state of the world was played 5 times." in found.proof(one)
    two = replace(one, years=one.years[:1], last_year=2024)
    assert " in 2024; " in found.cost(two)


def test_a_peak_between_the_ends_is_told() -> None:
    a = replace(answer(), plans=())
    years = (*a.years[:-1], replace(a.years[-1], regimes=a.years[0].regimes))
    said = found.headline(replace(a, years=years))
    assert "go from 0 in 2008 to 0 in 2024, " in said and " at most, in 20" in said


def test_an_empty_history_says_so() -> None:
    none = page(api.timeline(built_up(), 1960, 1962, trials=2, jobs=1))
    assert "nobody is protected in any year from 1960 to 1962" in none
    assert "nobody is at risk" in none and "nothing that came protects anybody more" in none
    assert "Date not known, taken as always there: geo-east and geo-west." in none


@pytest.mark.parametrize(("days", "said"), [
    (1, "1 day"), (45, "45 days"), (133, "4 months"), (-366, "12 months"), (2018, "5.5 years"),
])  # fmt: skip
def test_lateness_in_words(days: int, said: str) -> None:
    moved = Moved(site="a", planned="2018-12-31", happened="2024-07-10", late_days=days, alone={})
    assert found.lateness(moved) == said


def test_a_site_that_came_sooner_is_said_to() -> None:
    m = next(m for m in answer().plans[0].moved if m.site == "deveselu")
    assert " later:" in found.moved(m, "allied")
    assert " earlier:" in found.moved(replace(m, late_days=-5), "allied")
    elsewhere = {"allied": replace(m.alone["allied"], lags=())}
    assert "none of that falls in these years" in found.moved(replace(m, alone=elsewhere), "allied")
    assert "not known" in found.moved(replace(m, happened=None, late_days=None), "allied")


def test_payers_are_stacked_largest_first_and_the_rest_shares_a_colour() -> None:
    a = answer()
    paid = {f"N{i}": Price(value=float(i), low=0.0, high=9.0) for i in range(8)}
    rich = replace(a, years=tuple(replace(y, paid=paid) for y in a.years))
    assert drawn.payers_of(rich)[:2] == ["N7", "N6"] and "N0" not in drawn.payers_of(rich)
    assert [words for _, words in drawn.pay_key(rich)] == ["N7", "N6", "N5", "N4", "N3", "others"]


def test_shares_name_those_who_have_any() -> None:
    a = answer()
    assert "Shapley" not in page(a)
    told = {"USA": Estimate(value=2e6, error=1.0), "BGR": Estimate(value=-0.2, error=0.1)}
    last = a.years[-1]
    shared = {**last.regimes, "allied": replace(last.regimes["allied"], shapley=told)}
    made = page(replace(a, shares=True, years=(*a.years[:-1], replace(last, regimes=shared))))
    table = made[made.index("Shapley value of each member") :].split("</table>")[0]
    assert ">USA<" in table and "2.00" in table and ">BGR<" not in table


def test_marks_name_what_came_with_the_largest_steps() -> None:
    marks = drawn.marks_of(answer())
    assert marks[2016] == "deveselu, nato-bmd" and len(marks) <= drawn.MOST_MARKS
