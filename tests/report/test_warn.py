"""The page and the table of `warn`: whole, self-contained, the same each time, and safe with any name."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest
from rich.console import Console

from synaspis import api
from synaspis.model.early_warning import Constellation, WarnAnswer, document
from synaspis.model.nation import Place
from synaspis.report import warn_findings as found
from synaspis.report.warn_figures import STEPS_S, shade
from synaspis.report.warn_page import page
from synaspis.report.warn_terminal import render
from tests.engine.scene import first_light, with_file
from tests.report.headings import in_order


@cache
def answer() -> WarnAnswer:
    return api.warn(first_light(), trials=20, jobs=1)


def shown(told: WarnAnswer, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    render(told, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


class Reader(HTMLParser):
    """Tags that are open, links, and headings."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [str(v) for k, v in attrs if k in ("src", "href", "action")]
        self.headings += tag in ("h1", "h2", "h3")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.wrong == []
    assert reader.open == []
    return reader


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_table_fits_and_says_the_finding(width: int) -> None:
    text = shown(answer(), width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    words = " ".join(text.replace("\u00a0", " ").split())
    assert found.headline(answer()).replace("\u00a0", " ") in words
    assert "Bucharest" in words
    assert "bmd-1" in words


def test_the_page_needs_nothing_else() -> None:
    made = page(answer())
    assert in_order(made)
    reader = read(made)
    assert reader.links == []
    assert "<script" not in made
    assert "url(" not in made
    assert reader.headings > 10
    assert made == page(api.warn(first_light(), trials=20, jobs=2))


def test_every_figure_has_its_sentence_and_its_axes() -> None:
    made = page(answer())
    for title in (found.change_sentence(answer()), found.warning_sentence(answer()),
                  found.people_sentence(answer()), found.needless_sentence(answer())):  # fmt: skip
        assert title in made
    for axis in (
        "seconds after launch",
        "warning before impact, s",
        "people with five minutes or more, mean",
    ):
        assert axis in made


def test_hostile_names_stay_words() -> None:
    bad = "<script>alert(1)</script> & [bold]"
    told = replace(
        answer(), title=bad, notes=(bad,), constellations={bad: Constellation(
            satellites=2, coverage_min=0, coverage_mean=0.5, persistent_stereo=False, stereo_share=0.1,
            worst_gap_s=600.0,
        )},
        regimes={bad if n == "national" else n: replace(r, title=bad) for n, r in answer().regimes.items()},
        against=bad,
        coverage=tuple(
            replace(c, views={bad if n == "national" else n: v for n, v in c.views.items()})
            for c in answer().coverage
        ),
    )  # fmt: skip
    made = page(told)
    read(made)
    assert "<script" not in made
    assert "[bold]" in shown(told, 160)


def test_one_regime_alone() -> None:
    told = api.warn(first_light(), regimes=["allied"], trials=5, jobs=1)
    read(page(told))
    assert "Under national" not in shown(told, 100)
    assert found.pair(told) is None


def test_a_raid_at_open_ground_warns_nobody_and_says_so() -> None:
    case = first_light()
    firing = replace(
        case.file.raid[0], target="", open_ground=Place(latitude_rad=0.72, longitude_rad=0.55), count=1
    )
    told = api.warn(with_file(case, raid=(firing,)), trials=5, jobs=1)
    assert found.headline(told) == "The raid attacks no place of the case."
    read(page(told))
    assert shown(told, 80)
    json.dumps(document(told), allow_nan=False)


def test_shades_follow_time() -> None:
    assert [shade(s) for s in (0.0, 60.0, 60.1, 239.0, 241.0)] == [0, 0, 1, 4, 5]
    assert len(STEPS_S) == 5
    assert len(set(re.findall(r"svg \.s(\d) ", page(answer())))) == 6
