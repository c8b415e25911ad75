"""The terminal table fits its terminal and says the finding."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from synaspis.report.terminal import render
from tests.report.fake import fake_answer, hostile_answer


def shown(answer, width: int) -> str:  # type: ignore[no-untyped-def]
    console = Console(file=io.StringIO(), width=width, highlight=False)
    render(answer, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_and_cuts_nothing(width: int) -> None:
    text = shown(fake_answer(), width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert "…" not in text


@pytest.mark.parametrize("width", [80, 120])
def test_it_says_the_finding(width: int) -> None:
    text = " ".join(shown(fake_answer(), width).replace("\u00a0", " ").split())
    assert "The allied regime protects 5.60 million people more than the national one." in text
    assert "information 40 %, mandate 35 %, authority 20 % and coordination 5 %" in text
    assert "The clause that matters most is bmd-2" in text
    assert "4.5 [2.5–6.5]" in text
    assert "10.9 M of 16.1 M" in text


def test_every_nation_and_cause_has_a_row() -> None:
    text = shown(fake_answer(), 100)
    for due in (
        "ROU",
        "BGR",
        "POL",
        "TUR",
        "GRC",
        "DEU",
        "not seen",
        "no mandate",
        "too late",
        "no rounds left",
    ):
        assert any(line.startswith(due) for line in text.splitlines()), due


def test_markup_in_names_is_text() -> None:
    answer = hostile_answer()
    odd = replace(
        answer,
        regimes={"[red]x[/red]": replace(answer.regimes["allied"], name="[red]x[/red]")},
        difference=None,
    )
    assert "[red]x[/red]" in shown(odd, 100)
