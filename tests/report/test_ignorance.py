"""Ignorance on the page and in the terminal: beside luck, never mixed, and its weak grounds said."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from synaspis.model.answers import SWITCHES, Band, Ignorance, Mover, RegimeIgnorance, RunAnswer
from synaspis.report.ignorance import mover_sentence, sentence, weak_sentence
from synaspis.report.page import page
from synaspis.report.terminal import render
from synaspis.report.words import short_people
from tests.report.fake import fake_answer, fake_facts


def mover(parameter: str, confidence: str, at_low: float, at_high: float) -> Mover:
    return Mover(
        entry="an-tpy-2", title="AN/TPY-2 <b>", parameter=parameter, unit="km", value=870.0, low=700.0,
        high=1100.0, confidence=confidence, at_low=at_low, at_high=at_high, direction="rises",
        correlation=0.5,
    )  # fmt: skip


def around(value: float) -> Band:
    return Band(value=value, low=0.8 * value, high=1.5 * value)


def with_ignorance(whole: Band | None = None, movers: tuple[Mover, ...] | None = None) -> RunAnswer:
    answer = fake_answer()
    assert answer.difference is not None
    regimes = {
        name: RegimeIgnorance(
            leakers=around(r.leakers.mean),
            p_no_leaker=Band(value=r.p_no_leaker, low=0.0, high=0.5),
            protected_population=around(r.protected_population),
            warning_s={
                code: Band(value=n.warning_s.p50, low=11.0, high=777.0) for code, n in r.nations.items()
            },
        )
        for name, r in answer.regimes.items()
    }
    made = (
        mover("reference_range", "low", 2.0e6, 9.0e6),
        mover("scan", "assumed", 5.0e6, 4.0e6),
        mover("sector", "high", 5.0e6, 5.5e6),
    )
    found = Ignorance(
        draws=50, figures=223, regimes=regimes,
        difference={"whole": whole or around(answer.difference.whole)}
        | {s: around(getattr(answer.difference, s)) for s in SWITCHES},
        moved="allied less national", at_value=answer.difference.whole,
        movers=made if movers is None else movers, drawn_back=0,
    )  # fmt: skip
    return replace(answer, ignorance=found)


def found(answer: RunAnswer) -> Ignorance:
    assert answer.ignorance is not None
    return answer.ignorance


def shown(answer: RunAnswer, width: int) -> str:
    console = Console(file=(out := io.StringIO()), width=width, highlight=False)
    render(answer, console)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_shows_luck_and_ignorance_apart(width: int) -> None:
    text = shown(with_ignorance(), width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert "…" not in text
    flat = " ".join(text.replace("\u00a0", " ").split())
    assert "Ignorance (public figures drawn from their bands, 50 draws)" in flat
    assert "4.5 2.5–6.5 3.6–6.8" in flat  # leakers of allied: mean, luck, ignorance
    assert "2 of 3 rest on weak ground: an-tpy-2 scan is assumed, with no public source" in flat
    assert "an-tpy-2 reference range is of low confidence" in flat


def test_without_draws_nothing_is_said() -> None:
    assert "Ignorance" not in shown(fake_answer(), 100)
    assert "Ignorance" not in page(fake_answer(), fake_facts())
    assert "--draws" not in page(fake_answer(), fake_facts())


def test_the_page_says_it_and_escapes_it() -> None:
    html = page(with_ignorance(), fake_facts())
    assert "Ignorance, apart from luck" in html
    assert "an-tpy-2 reference range moves the answer most" in html
    assert "AN/TPY-2 &lt;b&gt;" in html and "AN/TPY-2 <b>" not in html
    assert "[11–777]" in html
    part = found(with_ignorance()).difference["mandate"]
    assert f"{short_people(part.low)} – {short_people(part.high)}" in html
    assert "--draws 50" in html


def test_the_sentence_keeps_the_sign() -> None:
    def said(low: float, high: float) -> str:
        answer = with_ignorance(Band(value=5e6, low=low, high=high))
        return sentence(answer, found(answer)).replace("\u00a0", " ")

    assert "protects 4.00 million to 9.00 million people more" in said(4e6, 9e6)
    assert "protects 4.00 million to 9.00 million people fewer" in said(-9e6, -4e6)
    assert "not even the sign is sure" in said(-1e6, 4e6)


def test_what_is_known_well_is_not_called_weak() -> None:
    answer = with_ignorance(movers=(mover("sector", "high", 5e6, 5.5e6),))
    assert weak_sentence(found(answer)) == ""
    assert "confidence" not in mover_sentence(found(answer))


def test_no_mover_is_said() -> None:
    answer = with_ignorance(movers=())
    assert mover_sentence(found(answer)) in page(answer, fake_facts())
    assert shown(answer, 100)
