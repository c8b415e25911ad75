"""Ignorance on the page and in the terminal: what doubt about the public figures does, beside luck."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from rich.markup import escape as shown
from rich.table import Table

from synaspis.model.answers import Ignorance, Mover, RegimeAnswer, RunAnswer
from synaspis.report import svg
from synaspis.report.console import plain_table
from synaspis.report.figures import AXIS, NARROW, ROW, Bar, bars, both
from synaspis.report.findings import tone
from synaspis.report.markup import figure, flag, section, table
from synaspis.report.words import (
    counted,
    listed,
    number,
    people,
    percent,
    short_people,
    tick_people,
)
from synaspis.report.words import (
    figure as in_figures,
)

WEAK = ("low", "assumed")
"""Confidences that a reader must be warned of."""
_ABOUT = (
    "Ignorance is doubt about the public figures: each is drawn from the band in which sources differ, all "
    "at once, and the raid is played again on the same luck. Low and high hold 90 % of draws. It is never "
    "mixed with luck, which is the spread over trials with the figures as they stand."
)


def sentence(answer: RunAnswer, i: Ignorance) -> str:
    """What ignorance does to the headline, in one sentence."""
    drawn = f"over {counted(i.draws, 'draw')} of the public figures"
    whole, d = i.difference.get("whole"), answer.difference
    if whole is None or d is None:
        told = i.regimes[i.moved].protected_population
        return f"Ignorance: the {i.moved} regime protects {_between(told.low, told.high)} people {drawn}."
    if whole.low == whole.high == whole.value:
        return "Doubt about the public figures does not change the difference between the regimes."
    if whole.low * whole.high > 0:
        more = "more" if whole.low > 0 else "fewer"
        low, high = sorted((abs(whole.low), abs(whole.high)))
        than = (
            f"the {d.headline} regime protects {_between(low, high)} people {more} than the {d.against} one"
        )
        return f"Ignorance: {than} {drawn}."
    than = f"the {d.headline} regime protects {_between(whole.low, whole.high)} people more"
    return f"Ignorance: {than} than the {d.against} one {drawn}; not even the sign is sure."


def _between(low: float, high: float) -> str:
    return _signed(low) if _signed(low) == _signed(high) else f"{_signed(low)} to {_signed(high)}"


def mover_sentence(i: Ignorance) -> str:
    """The figure that moves the answer most, and how little is known of it."""
    if not i.movers:
        return "No public figure, moved alone, changes the answer."
    m = i.movers[0]
    doubt = {"assumed": "; that figure is assumed", "low": "; confidence in it is low"}.get(m.confidence, "")
    low, high = sorted((m.at_low, m.at_high))
    return f"{_name(m)} moves the answer most, from {_signed(low)} to {_signed(high)} people{doubt}."


def weak_sentence(i: Ignorance) -> str:
    """Says plainly which movers rest on figures of low confidence, or on assumptions."""
    weak = [m for m in i.movers if m.confidence in WEAK]
    if not weak:
        return ""
    parts = []
    for word, said in (("assumed", "assumed, with no public source"), ("low", "of low confidence")):
        names = [_name(m) for m in weak if m.confidence == word]
        if names:
            parts.append(f"{listed(names)} {'is' if len(names) == 1 else 'are'} {said}")
    text = "; ".join(parts)
    return f"{len(weak)} of {len(i.movers)} rest on weak ground: {text}."


def _signed(value: float) -> str:
    return people(value).replace("-", "−")


def _name(m: Mover) -> str:
    return f"{m.entry} {m.parameter.replace('_', ' ').replace('.', ' ')}"


def _unit(m: Mover) -> str:
    return "" if m.unit == "1" else f"\u00a0{m.unit}"


def _band_of(m: Mover) -> str:
    return f"{in_figures(m.low)} – {in_figures(m.high)}{_unit(m)}"


def page_section(answer: RunAnswer) -> str:
    """The section of the report; empty where the figures were not drawn."""
    i = answer.ignorance
    if i is None:
        return ""
    inside = svg.element("p", escape(_ABOUT)) + _protection(answer, i) + _beside(answer, i) + _parts_table(i)
    if i.movers:
        inside += figure(mover_sentence(i), _tornado(i), _tornado_note(i)) + _movers_table(i)
        inside += svg.element("p", escape(weak_sentence(i))) if weak_sentence(i) else ""
    else:
        inside += svg.element("p", escape(mover_sentence(i)))
    return section("Ignorance, apart from luck", sentence(answer, i), inside)


def _protection(answer: RunAnswer, i: Ignorance) -> str:
    rows = [
        Bar(
            label=name,
            value=r.protected_population.value,
            said=short_people(r.protected_population.value),
            tone=tone(answer, name),
            low=r.protected_population.low,
            high=r.protected_population.high,
            note=f"{name}: {short_people(r.protected_population.low)} to "
            f"{short_people(r.protected_population.high)} over {i.draws} draws",
        )
        for name, r in i.regimes.items()
    ]
    widest = max(
        i.regimes.items(), key=lambda x: x[1].protected_population.high - x[1].protected_population.low
    )
    told = widest[1].protected_population
    said = f"Doubt is widest under {widest[0]}: {_between(told.low, told.high)} people protected."
    note = (
        f"Bar: with the catalogue's values. Whiskers: 5th to 95th percentile of {i.draws} draws. The bar may "
        "lie off the middle, or outside, because bands are lopsided and figures act together."
    )
    return figure(said, bars(rows, "people protected", tick_people, said), note)


def _beside(answer: RunAnswer, i: Ignorance) -> str:
    """The table that holds luck and ignorance side by side, each in columns of its own."""
    columns = [("regime", "c"), ("mean", "n"), ("luck 5–95 %", "n"), ("ignorance", "n")]
    columns += [
        ("catalogue", "n"),
        ("luck 5–95 %", "n"),
        ("ignorance", "n"),
        ("catalogue", "n"),
        ("ignorance", "n"),
    ]
    groups = [("", 1), ("leakers", 3), ("people protected", 3), ("chance of no leaker", 2)]
    rows = [_row(answer.regimes[name], i) for name in i.regimes if name in answer.regimes]
    tones = [tone(answer, name) for name in i.regimes if name in answer.regimes]
    return table("Luck and ignorance", columns, rows, tones, groups) + _warning_table(i)


def _row(r: RegimeAnswer, i: Ignorance) -> list[str]:
    told = i.regimes[r.name]
    return [
        r.name,
        number(r.leakers.mean),
        _span(r.leakers.p05, r.leakers.p95, number),
        _span(told.leakers.low, told.leakers.high, number),
        short_people(r.protected_population),
        _span(r.protected_spread.p05, r.protected_spread.p95, short_people),
        _span(told.protected_population.low, told.protected_population.high, short_people),
        percent(r.p_no_leaker),
        _span(told.p_no_leaker.low, told.p_no_leaker.high, percent),
    ]


def _span(low: float, high: float, words: Callable[[float], str]) -> str:
    return words(low) if words(low) == words(high) else f"{words(low)} – {words(high)}"


def _warning_table(i: Ignorance) -> str:
    names = list(i.regimes)
    codes = list(dict.fromkeys(code for r in i.regimes.values() for code in r.warning_s))
    if not codes:
        return ""
    columns = [("nation", "c")] + [(name, "n") for name in names]
    rows = []
    for code in codes:
        told = [r.warning_s.get(code) for r in i.regimes.values()]
        rows.append(
            [code] + ["–" if b is None else f"{b.value:,.0f} [{b.low:,.0f}–{b.high:,.0f}]" for b in told]
        )
    return table("Median warning, s, with its low and high over draws", columns, rows)


def _parts_table(i: Ignorance) -> str:
    """The difference and its parts with their bands, largest first."""
    parts = sorted((x for x in i.difference.items() if x[0] != "whole"), key=lambda x: -abs(x[1].value))
    if not parts:
        return ""
    columns = [("part", "c"), ("catalogue", "n"), ("ignorance", "n")]
    listed = [("whole", i.difference["whole"]), *parts]
    rows = [[name, short_people(b.value), _span(b.low, b.high, short_people)] for name, b in listed]
    return table(f"The difference in people protected, {i.moved}, and what makes it", columns, rows)


def _tornado(i: Ignorance) -> str:
    """One bar for each mover, from the answer at its low end to that at its high end."""
    reach = [i.at_value] + [v for m in i.movers for v in (m.at_low, m.at_high)]

    def draw(width: float) -> str:
        wide = width > NARROW
        lane = 2 * ROW
        spare = 0.1 * (max(reach) - min(reach) or 1.0)
        low, high = min(reach) - spare, max(reach) + spare
        left, right = 8.0, width - 8.0
        scale = (right - left) / (high - low)
        bottom = lane * len(i.movers) + 4
        parts = []
        for mark in svg.ticks(low, high, 5 if wide else 3):
            x = left + (mark - low) * scale
            parts.append(svg.line(x, 4, x, bottom, "grid"))
            parts.append(svg.label(x, bottom + 17, tick_people(mark), "tick", "middle"))
        for k, m in enumerate(i.movers):
            parts.append(_tornado_bar(m, 4 + lane * k, lambda v: left + (v - low) * scale, i.at_value, width))
        parts.append(svg.label((left + right) / 2, bottom + 38, _axis(i), "axis", "middle"))
        return svg.drawing(width, bottom + AXIS, "".join(parts), mover_sentence(i))

    return both(draw)


def _axis(i: Ignorance) -> str:
    return f"people protected, {i.moved}"


def _tornado_bar(m: Mover, top: float, at: Callable[[float], float], usual: float, width: float) -> str:
    middle = top + 1.5 * ROW
    kind = "bar headline" if m.confidence not in WEAK else "bar other"
    ends = sorted(((m.at_low, m.low), (m.at_high, m.high)))
    words = f"{_name(m)} ({m.confidence}), {_band_of(m)}"
    parts = [svg.label(8, top + 22, svg.cut(words, width - 16), "name")]
    shape = svg.rect(at(ends[0][0]), middle - 9, at(ends[1][0]) - at(ends[0][0]), 18, kind)
    title = svg.element("title", svg.plain(f"{m.title}: {words}"))
    parts.append(svg.element("g", title + shape))
    parts.append(svg.line(at(usual), middle - 13, at(usual), middle + 13, "luck"))
    for (value, given), anchor, move in zip(ends, ("end", "start"), (-5, 5), strict=True):
        parts.append(svg.label(at(value) + move, middle + 4.5, in_figures(given), "tick", anchor))
    return "".join(parts)


def _tornado_note(i: Ignorance) -> str:
    return (
        f"Each figure alone at either end of its band, the others as in the catalogue, same luck. Line: all "
        f"as in the catalogue, {_signed(i.at_value)}. Pale bars: confidence low, or assumed. Of {i.figures} "
        f"figures those were tried that are quick to try or to which the {i.draws} draws point; one that "
        "matters can be missed."
    )


def _movers_table(i: Ignorance) -> str:
    columns = [("figure", "c"), ("of", ""), ("value", "n"), ("band", "n"), ("confidence", "c")]
    columns += [("at low", "n"), ("at high", "n"), ("as it grows", "c")]
    rows = [
        [
            m.parameter,
            m.title,
            f"{in_figures(m.value)}{_unit(m)}",
            _band_of(m),
            flag(m.confidence, m.confidence) if m.confidence in WEAK else m.confidence,
            short_people(m.at_low),
            short_people(m.at_high),
            m.direction,
        ]
        for m in i.movers
    ]
    return table(f"What moves it: {_axis(i)}", columns, rows)


def terminal_regimes(answer: RunAnswer, i: Ignorance) -> Table:
    """Luck and ignorance side by side, for 80 columns."""
    out = plain_table()
    out.add_column("regime", no_wrap=True)
    for heading in ("leakers", "luck\n5–95 %", "ignorance\nlow–high", "protected", "luck\n5–95 %"):
        out.add_column(heading, justify="right", no_wrap=True)
    out.add_column("ignorance\nlow–high", justify="right", no_wrap=True)
    for name in i.regimes:
        if name in answer.regimes:
            cells = [c.replace(" – ", "–") for c in _row(answer.regimes[name], i)[:7]]
            out.add_row(*(shown(c) for c in cells))
    return out


def terminal_movers(i: Ignorance) -> Table:
    """The movers, for 80 columns."""
    out = plain_table()
    out.add_column("figure that moves it most", overflow="fold")
    for heading in ("band", "at low", "at high"):
        out.add_column(heading, justify="right", no_wrap=True)
    out.add_column("confidence", no_wrap=True)
    for m in i.movers:
        cells = (_name(m), _band_of(m).replace(" – ", "–"), short_people(m.at_low), short_people(m.at_high))
        out.add_row(*(shown(c) for c in cells), shown(m.confidence))
    return out
