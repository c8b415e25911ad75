"""The transparency page: well-formed, findings as titles, bounds said as bounds, and no path in it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import StringIO

import pytest
from rich.console import Console

from synaspis.model.answers import Band, RunAnswer
from synaspis.model.stability import (
    Destination,
    LaunchRegion,
    LayerRounds,
    ReachShare,
    Stability,
    StabilityAnswer,
)
from synaspis.report import stability_findings as found
from synaspis.report.page import page as report
from synaspis.report.stability_page import page
from synaspis.report.terminal import render
from tests.report.fake import fake_answer, fake_facts
from tests.report.headings import in_order
from tests.report.test_page import Reader

NOTHING = Band(value=0.0, low=0.0, high=0.0)
SOME = Band(value=0.25, low=0.1, high=0.6)
NEARLY, ALL = Band(value=0.995, low=0.5, high=1.0), Band(value=1.0, low=1.0, high=1.0)
TWELVE = Band(value=12.0, low=8.0, high=24.0)


def share(launch: Band = SOME, burnout: Band = NOTHING, listed: Band = NOTHING) -> ReachShare:
    return ReachShare(
        paths=40, out_of_range=0, from_launch=launch, from_burnout=burnout, on_list=listed,
        released={"national": 0.0, "allied": listed.value / 2},
    )  # fmt: skip


def short(paths: int = 0) -> ReachShare:
    return ReachShare(
        paths=paths, out_of_range=40 - paths, from_launch=None, from_burnout=None, on_list=None, released=None
    )


def question(whole: ReachShare, title: str = "missiles towards the <west>") -> StabilityAnswer:
    region = LaunchRegion(name="wide & far", latitude_rad=0.9, longitude_rad=1.0, radius_m=4e5)
    goal = Destination(name="west", latitude_rad=0.8, longitude_rad=0.0, radius_m=6e5)
    return StabilityAnswer(
        state="RUS", title=title, classes={"icbm-solid": ("Solid <missile>", "hypothetical")},
        regions=(region,), towards=(goal,), missiles=Band(value=300.0, low=280.0, high=320.0),
        source="a <source>", as_of=2024,
        note="a <note>", cells={"wide & far": {"icbm-solid": whole}}, whole=whole,
        layers={"midcourse": LayerRounds(ready=TWELVE, within_reach=TWELVE, on_list=NOTHING)},
        ratio=SOME, ratio_within_reach=Band(value=0.04, low=0.025, high=0.086), ratio_on_list=NOTHING,
        marks=(("west", 45.0, 0.0, 600.0),),
    )  # fmt: skip


def answer(*questions: StabilityAnswer) -> RunAnswer:
    told = Stability(questions=questions, assumptions=("As <assumed>.",), entries=tuple(fake_facts()))
    return replace(fake_answer(), stability=told)


@cache
def shown() -> str:
    return page(answer(question(share()), question(share(SOME, SOME, SOME), "others")))


def test_the_markup_is_well_formed_and_escaped() -> None:
    reader = Reader()
    reader.feed(shown())
    assert reader.open == []
    for raw in ("<west>", "<missile>", "<source>", "<note>", "<assumed>"):
        assert raw not in shown()


def test_headings_come_in_order() -> None:
    assert in_order(shown())


def test_it_fetches_nothing_and_goes_back_to_the_report() -> None:
    assert re.findall(r'href="([^"]*)"', shown()) == ["report.html"]
    assert "src=" not in shown() and "<script" not in shown()


def test_the_map_draws_regions_and_batteries_and_no_path() -> None:
    assert 'class="region"' in shown() and 'class="goal"' in shown() and 'class="battery"' in shown()
    assert 'class="track' not in shown()


@pytest.mark.parametrize(("whole", "words"), [
    (share(NOTHING), "no interceptor of this shield reaches any of 40 paths."),
    (share(), "none of 40 paths can be met once the missile’s motors have stopped."),
    (share(SOME, SOME), "25\u00a0% of 40 paths (10–60\u00a0%) could be met"),
    (share(SOME, NEARLY), "nearly all of 40 paths (50–100\u00a0%) could be met"),
    (share(SOME, ALL), "all of 40 paths could be met"),
    (share(SOME, Band(value=0.0, low=0.0, high=0.1)),
     "none of 40 paths can be met once the missile’s motors have stopped; 10\u00a0% at the better end"),
    (short(), "out of reach: these classes fly none of the 40 paths examined."),
    (short(10), "only 10 paths can be flown at all, too few to tell a share (at least 25)."),
])  # fmt: skip
def test_the_finding_says_what_it_is(whole: ReachShare, words: str) -> None:
    q = question(whole)
    assert found.finding(q).startswith(words.removesuffix("."))
    assert page(answer(q)).count("</section>") >= 4
    assert found.reach_sentence(q).endswith(".")


def test_what_is_in_reach_is_told_at_the_top_too() -> None:
    """No question stands alone for the whole: who reads two lines must hear of all."""
    lede = shown()[: shown().index('class="cards"')]
    assert "missiles towards the &lt;west&gt;: none of 40 paths can be met" in lede
    assert "others: 25\u00a0% of 40 paths" in lede


def test_a_list_without_the_class_and_one_with_it() -> None:
    assert "so none is fired at them here" in found.list_sentence(question(share()))
    told = found.list_sentence(question(share(SOME, SOME, SOME)))
    assert "0\u00a0% under national and 12\u00a0% under allied" in told
    assert found.list_sentence(question(short())) == ""


def test_rounds_are_held_against_missiles() -> None:
    said = found.rounds_sentence(question(share()))
    assert said.startswith("12 (8–24) of the 12 (8–24) ready rounds stand where 3 or more of these paths")
    assert said.endswith(
        "the 300 (280–320) missiles that RUS is said to have: 0.04 (0.03–0.09) rounds to a missile."
    )


def test_every_share_is_rounded_to_certainty_only_where_it_is_certain() -> None:
    assert found.share_of(239 / 240) == ">\u00a099\u00a0%"
    assert found.share_of(1.0) == "100\u00a0%"


def test_the_report_has_it_in_short_with_a_link() -> None:
    with_it, without = report(answer(question(share())), fake_facts()), report(fake_answer(), fake_facts())
    assert 'href="stability.html"' in with_it and "stability.html" not in without
    assert page(fake_answer()) == ""


def test_the_terminal_has_a_row_and_a_sentence_for_each() -> None:
    out = StringIO()
    render(answer(question(share()), question(short(), "others")), Console(file=out, width=80))
    told = " ".join(out.getvalue().split())
    assert "Strategic stability: paths that some interceptor could meet, at most" in told
    assert "others: out of reach: these classes fly none" in told and "25 % (10–60 %)" in told
