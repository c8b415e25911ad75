"""A reconstructed flight in a terminal and on a page."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import pytest
from rich.console import Console

from synaspis import api
from synaspis.model.reconstruction import Reconstruction
from synaspis.report.reconstruction import headline, page, render
from tests.report.headings import in_order


@cache
def lofted() -> Reconstruction:
    return api.reconstruct(4475, 950, (39.28, 125.87), 76, (3240, 2400))


@cache
def hopeless() -> Reconstruction:
    return api.reconstruct(50, 5000, times_s=(1200,))


@pytest.mark.parametrize("found", [lofted, hopeless])
@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal(found, width: int) -> None:  # type: ignore[no-untyped-def]
    out = io.StringIO()
    render(found(), Console(file=out, width=width, highlight=False))
    text = out.getvalue()
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert "…" not in text
    assert text.strip().startswith(found().verdict.capitalize())
    for reason in found().because:
        assert " ".join(reason.split()) in " ".join(text.split())


def test_the_page_shows_the_flight_and_the_standard_one() -> None:
    text = page(lofted())
    assert in_order(text)
    assert text.count("<svg") == 4 + 4  # two drawings, wide and narrow, and four marks of the key
    assert text.count('class="standard"') == 2 + 1
    for words in ("apogee 4,475 km", "burnout", "impact, 950 km", "ground distance, km", "height, km"):
        assert text.count(words) >= 2, words
    assert "claimed 3,240 s: consistent" in text
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", text)
    assert headline(lofted()) in text.replace("&#x27;", "'")


def test_curves_start_at_the_ground_and_stay_in_the_drawing() -> None:
    text = page(lofted())
    for drawing in re.findall(r'<svg viewBox="0 0 (\S+) (\S+)" role.*?</svg>', text):
        width, height = (float(v) for v in drawing)
        assert width in (720, 350, 22)
        assert height < 600
    curves = re.findall(r'<path d="M([^"]+)" class="(?:flown|standard)"', text)
    assert len(curves) == 4
    for curve in curves:
        values = [float(v) for v in re.findall(r"-?\d+\.?\d*", curve)]
        assert min(values) >= 0
        assert max(values) <= 720


def test_a_page_without_a_flight_has_words_alone() -> None:
    text = page(hopeless())
    assert "<svg" not in text
    assert "lower than the range needs" in text


def test_where_lift_may_steer_the_headline_promises_no_range() -> None:
    said = headline(api.reconstruct(50, 600)).replace("\u00a0", " ")
    assert said.startswith("Doubtful: 50 km up and 600 km away may be flown with lift")
    assert "range" not in said


def test_hostile_text_is_escaped() -> None:
    text = page(replace(lofted(), because=("<script>alert(1)</script>",)))
    assert "<script>" not in text
