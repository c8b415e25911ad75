"""The page of `synaspis sweep`: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from synaspis.model.sweep import SweepAnswer
from synaspis.report import sweep_figures as drawn
from synaspis.report import sweep_findings as found
from synaspis.report.markup import figure, section, table
from synaspis.report.shell import card, heading, outline, whole
from synaspis.report.svg import element
from synaspis.report.words import number, people, percent, short_people, tick, tick_people

MOST_ROWS = 400
"""Rows of the table on the page; `points.parquet` has all."""


def page(a: SweepAnswer) -> str:
    """The whole page."""
    over = f"Synaspis sweep · {a.case}"
    parts = []
    if a.request.of_points:
        parts = [
            _figure(a, "Protection", "protected_population", "people protected", tick_people),
            _figure(a, "Leakers", "leakers_mean", "leakers, mean", tick),
        ]
    said = f"Synaspis {a.version}. Seed {a.seed}, {a.trials:,} trials at a point unless said."
    main = _outline(a) + "".join(parts) + _table(a)
    return whole(f"Sweep: {a.title}", "", heading(over, found.headline(a)), main, said)


def _outline(a: SweepAnswer) -> str:
    cards = ""
    for name in dict.fromkeys((found.shown(a), *([a.against] if a.against in a.regimes else []))):
        protected, leakers = (found.grid(a, name, f) for f in ("protected_population", "leakers_mean"))
        covered, no_leak = (found.grid(a, name, f) for f in ("covered_population", "p_no_leaker"))
        lines = (
            ("at least", short_people(float(protected.min()))),
            ("covered", _range(short_people, float(covered.min()), float(covered.max()))),
            ("leakers", _range(number, float(leakers.min()), float(leakers.max()))),
            ("no leak", _range(percent, float(no_leak.min()), float(no_leak.max()))),
        )
        most = people(float(protected.max()))
        cards += card(name, "over all points", most, lines, drawn.tone(a, name), "people protected at most")
    lede = f"{a.title}. {found.others(a)} {found.between(a)}"
    return outline(lede.strip(), cards, found.METHOD)


def _range(words: Callable[[float], str], low: float, high: float) -> str:
    one, other = words(low), words(high)
    return one if one == other else f"{one} to {other}"


def _figure(a: SweepAnswer, topic: str, name: str, axis: str, words: Callable[[float], str]) -> str:
    """One figure in panels. Its title is what the axis does to it."""
    title = _title(a, name, axis)
    every, shown = drawn.panels(a), drawn.drawn_panels(a)
    inside = "".join(
        figure(called, drawn.chart(a, name, place, axis, words, f"{title} {called}"))
        for called, place in shown
    )
    if len(shown) < len(every):
        inside += element(
            "p", escape(f"{len(shown)} of {len(every)} settings are drawn; the table has all."), cls="small"
        )
    return section(topic, title, inside)


def _title(a: SweepAnswer, name: str, axis: str) -> str:
    regime, main = found.shown(a), drawn.along(a)
    values = found.grid(a, regime, name)
    place = a.request.of_points.index(main)
    mean = values.mean(axis=tuple(k for k in range(values.ndim) if k != place))
    words = people if name.endswith("population") else number
    told = f"Under {regime}, {axis}: {words(float(mean[0]))} at {main.key} {main.values[0]}"
    if len(main.values) == 1:
        return told + "."
    tail = ", other axes averaged." if values.ndim > 1 else "."
    return f"{told}, {words(float(mean[-1]))} at {main.values[-1]}{tail}"


def _table(a: SweepAnswer) -> str:
    axes = a.request.of_points
    headings = (
        "leakers", "5–95 %", "no leak", "protected", "at risk", "covered", "warned 300 s", "warning, s",
        "rounds",
    )  # fmt: skip
    columns = [*((x.key, "c") for x in axes), ("regime", "c"), *((h, "n") for h in headings)]
    rows, tones = [], []
    told = a.columns
    for i in range(min(len(told["point"]), MOST_ROWS)):
        regime = str(told["regime"][i])
        r = a.answered[int(told["point"][i])][regime]
        rows.append([
            *(str(told[x.key][i]) for x in axes), regime, number(r.leakers_mean),
            f"{r.leakers_p05:,.0f}–{r.leakers_p95:,.0f}", percent(r.p_no_leaker),
            short_people(r.protected_population), short_people(r.population_at_risk),
            short_people(r.covered_population), short_people(r.warned_300_s), f"{r.warning_p50_s:.0f}",
            number(r.rounds),
        ])  # fmt: skip
        tones.append(drawn.tone(a, regime))
    more = len(told["point"]) - len(rows)
    caption = f"and {more:,} more rows in points.parquet" if more else "all of it is in points.parquet too"
    return section("All points", f"{len(told['point']):,} rows.", table(caption, columns, rows, tones))
