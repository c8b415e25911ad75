"""Layers and days of raids on the page and in the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from rich.console import Console

from synaspis.model.answers import RegimeAnswer, RunAnswer, Spread
from synaspis.model.layers import LayerAnswer, LayersAnswer
from synaspis.model.stock import Lasting, Magazine, StockAnswer, StockWeek
from synaspis.report import layers
from synaspis.report.page import page
from synaspis.report.terminal import render
from tests.report.fake import fake_answer, fake_facts

ROW = re.compile(r"<tr[^>]*>(.*?)</tr>")


def _same(value: float) -> Spread:
    return Spread(mean=value, p05=value, p95=value)


def _layer(name: str, left: float, kills: float, lasting: Lasting) -> LayerAnswer:
    return LayerAnswer(
        layer=name, batteries=("deveselu",), engageable=0.5, opportunities=_same(1.25),
        battle_space_s=_same(213.4 if name == "midcourse" else 0.25), rounds=_same(7.5),
        rounds_left=_same(16.5), kills=kills, left=_same(left), leakage=left / 12, lasting=lasting,
    )  # fmt: skip


def _told(r: RegimeAnswer, rate: float = 1.0, mean: float | None = 3.0) -> RegimeAnswer:
    lasting = Lasting(mean=mean, heavy=2.0, light=None, first_dry="" if mean is None else "deveselu")
    upper, lower = 12 - 4.0, 12 - 5.5
    stock = StockAnswer(
        raids_per_day=rate,
        lasting=lasting,
        magazines=(
            Magazine(battery="deveselu", owner="USA", interceptor="sm-3-ib", ready=24.0, reloads=6.0,
                     per_raid=_same(8.0), lasting=lasting),
        ),
        weeks=tuple(
            StockWeek(week=w, owner="USA", interceptor="sm-3-ib", wanted=56.0, fired=(30.0, 0.0, 0.0)[w - 1],
                      produced=0.0, left=0.0)
            for w in (1, 2, 3)
        ),
    )  # fmt: skip
    made = LayersAnswer(
        landing=_same(12.0),
        layers=(_layer("midcourse", upper, 4.0, lasting), _layer("terminal", lower, 1.5, lasting)),
    )
    return replace(r, layers=made, stock=stock)


def _answer(**more: float) -> RunAnswer:
    fake = fake_answer()
    return replace(fake, regimes={n: _told(r, **more) for n, r in fake.regimes.items()})


def _terminal(answer: RunAnswer, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    render(answer, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_sentences_say_the_figures() -> None:
    told = layers.told(_answer())
    assert told.name == "allied"
    fly_on = (
        "of 12.0 missiles that would land in an asset, 8.0 fly on after midcourse and 6.5 after terminal."
    )
    assert layers.finding(told).endswith(fly_on)
    assert "213\u00a0s in midcourse" in layers.space_sentence(told)
    assert "0.25\u00a0s in terminal" in layers.space_sentence(told)


def test_days_in_words() -> None:
    assert "at 1 raid a day, deveselu runs dry first, after 3 days" in layers.stock_sentence(_told(_regime()))
    assert "at 0.5 raids a day" in layers.stock_sentence(_told(_regime(), rate=0.5))
    assert "after 2.5 days" in layers.stock_sentence(_told(_regime(), mean=2.5))
    assert "a single raid asks for more than deveselu has" in layers.stock_sentence(
        _told(_regime(), mean=0.0)
    )
    assert "no magazine runs dry within 364 days" in layers.stock_sentence(_told(_regime(), mean=None))
    assert layers.days(Lasting(mean=9.0, heavy=8.0, light=24.0)) == "9 [8–24]"
    assert layers.days(Lasting(mean=None, heavy=8.0, light=None)) == "364+ [8–364+]"
    assert layers.days(Lasting(mean=None, heavy=None, light=None)) == "364+"


def _regime() -> RegimeAnswer:
    return fake_answer().regimes["allied"]


def test_the_page_has_both_sections() -> None:
    html = page(_answer(), fake_facts())
    for topic in ("Layers", "Days of raids"):
        assert html.count(f'<p class="over">{topic}</p>') == 1
    rows = [re.sub(r"<[^>]+>", "|", row) for row in ROW.findall(html)]
    assert any("midcourse" in row and "213" in row and "67" in row for row in rows)  # 8 of 12 fly on
    weeks = [row for row in rows if "sm-3-ib" in row]
    assert len(weeks) == 1  # dry weeks, in which nothing is made, are left out
    # One stair for each regime and drawing, and it never rises.
    stairs = re.findall(r'<path d="(M[^"]*)" class="curve [a-z]+"><title>\w+: 12', html)
    assert len(stairs) == 2 * 3
    for stair in stairs:
        heights = [float(y) for y in re.findall(r"[ML]-?[\d.]+ (-?[\d.]+)", stair)]
        assert heights == sorted(heights)
        assert len(set(heights)) == 3


def test_a_page_without_layers_has_neither() -> None:
    html = page(fake_answer(), fake_facts())
    assert "Days of raids" not in html
    assert '<p class="over">Layers</p>' not in html


def test_the_terminal_holds_its_width() -> None:
    told = _terminal(_answer(), 80)
    assert "Layers, in the order of time" in told
    assert "…" not in told
    assert max(map(len, told.splitlines())) <= 80
    assert "deveselu runs dry first" in told
    assert "Layers" not in _terminal(fake_answer(), 80)


def test_a_layer_that_never_fires_lasts_no_time_worth_telling() -> None:
    lasting = Lasting(mean=None, heavy=None, light=None)
    fires = _layer("terminal", 6.5, 1.5, lasting)
    assert layers.layer_days(fires) == "364+"
    assert layers.layer_days(replace(fires, rounds=_same(0.0))) == "–"


def test_magazines_and_weeks_that_say_something_have_rows() -> None:
    """A magazine that only heavy raids empty; a week in which rounds are made and none is left to fire."""
    answer = _answer(mean=None)
    html = layers.stock_section(answer)
    assert "364+ [2–364+]" in html
    told = answer.regimes["allied"]
    assert told.stock is not None
    fired, made, dry = told.stock.weeks
    weeks = (fired, replace(made, produced=4.0), dry)
    regimes = {**answer.regimes, "allied": replace(told, stock=replace(told.stock, weeks=weeks))}
    assert layers.stock_section(replace(answer, regimes=regimes)).count("sm-3-ib") == 2
    assert html.count("sm-3-ib") == 1
