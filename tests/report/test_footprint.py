"""The footprint page: it stands alone, names what it shows, and draws no map of what is not defended."""

from __future__ import annotations

import re

import pytest

from synaspis import api
from synaspis.model.footprint import FootprintAnswer
from synaspis.report import footprint_findings as found
from synaspis.report.footprint_page import page
from tests import answers
from tests.report.headings import in_order


@pytest.fixture(scope="module")
def answer() -> FootprintAnswer:
    return answers.footprint()


@pytest.fixture(scope="module")
def html(answer: FootprintAnswer) -> str:
    return page(answer)


def test_it_needs_nothing_else(html: str) -> None:
    assert html.rstrip().endswith("</html>")
    assert in_order(html)
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert "<script" not in html


def test_every_battery_and_regime_is_there(answer: FootprintAnswer, html: str) -> None:
    for name in (*answer.batteries, *answer.regimes):
        assert name in html
    assert "bucharest-patriot · pac-3-mse · ROU" in html
    assert "track not released" in html
    assert "launch-on-remote" in html


def test_the_findings_say_the_figures(answer: FootprintAnswer) -> None:
    assert found.headline(answer).startswith("Under allied, ")
    assert "defends no ground" not in found.battery_sentence(answer, "deveselu")
    assert list(found.silent(answer)) == []
    assert found.nations_shown(answer) == ["ROU", "BGR", "TUR"]


def test_one_battery_and_regime_alone_make_a_page() -> None:
    one = api.footprint("first-light", ["bucharest-patriot"], ["national"], jobs=2, cells=10)
    html = page(one)
    assert "1 of 1 batteries defend no ground" in html
    assert "authority" in html or "order" in html
