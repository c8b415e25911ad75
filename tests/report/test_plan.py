"""The page of a plan: whole, escaped, without what it must not say."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from synaspis.model.plan import Binding, Clash, Post, Responsibility
from synaspis.report import plan_findings as found
from synaspis.report.plan_page import page
from tests.answers import plan as answer
from tests.report.headings import in_order


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
    assert in_order(made)
    tags = _Tags()
    tags.feed(made)
    assert tags.open == []
    assert "http://" not in made and "https://" not in made and "<script" not in made
    for topic in ("Who defends whom", "What is added", "Responsibility", "What each rule costs", "Limits"):
        assert topic in made


def test_names_are_escaped() -> None:
    a = answer()
    r = replace(a.responsibility[0], primary=Post(battery="<b>x", nation="ROU", host="ROU", rounds=1.0))
    made = page(replace(a, responsibility=(r,), title="A <i> & B"))
    assert "&lt;b&gt;x" in made and "<b>x" not in made and "A &lt;i&gt; &amp; B" in made


def test_a_clash_has_the_word() -> None:
    none = replace(answer(), feasible=False, clash=Clash(constraints=("one", "another"), nearest=("less",)))
    assert "one and another clash" in found.headline(none)
    assert "What is asked for cannot be had." in page(none)


@pytest.mark.parametrize(("gap", "said"), [(0.0, "optimum is proven"), (0.012, "1.2\u00a0% better")])
def test_the_proof_is_no_better_than_it_is(gap: float, said: str) -> None:
    assert said in found.proof(replace(answer(), gap=gap))


def test_costs_name_the_greatest_rule() -> None:
    rule = Binding(kind="mandate", what="X", clause="", nation="", gain=5e6, unit="people", how="re-solved")
    assert (
        found.costs(replace(answer(), binding=(rule,))) == "What would buy most: X, worth 5.00\u00a0M people."
    )
    assert "No single rule" in found.costs(replace(answer(), binding=()))


def test_a_backup_that_is_not_told_is_said() -> None:
    post = Post(battery="b", nation="ROU", host="ROU", rounds=1.0)
    r = Responsibility(
        asset="A", nation="ROU", threat="t", launch="l", layer="terminal", missiles=1, primary=post,
        backup=replace(post, battery="c"), told=False, gets_through=0.1,
    )  # fmt: skip
    assert found.who(r) == "b (ROU), then c (ROU) (not told)"
