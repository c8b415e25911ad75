"""Layers and days of raids, on the page and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from synaspis.model.answers import RegimeAnswer, RunAnswer, Spread
from synaspis.model.layers import LayerAnswer
from synaspis.model.stock import LONGEST_DAYS, Lasting, StockWeek
from synaspis.report import findings, svg
from synaspis.report.figures import Bar, apart, bars, both
from synaspis.report.findings import tone
from synaspis.report.markup import figure, section, table
from synaspis.report.words import band, counted, listed, number, percent, tick

HEIGHT = 300.0
ROOM = 92.0
"""For the names at the ends of the stairs."""
FLYING = (
    "Missiles that would land in an asset, and those that still fly after each layer; the last step is the "
    "leakers. Mean over trials."
)
SPACE = (
    "From the first launch that track and order allow to the last that still meets the missile, mean over "
    "the raid's missiles: 0 where no launch will do, or the last alone. Every site ready, decisions at their "
    "median."
)
LASTS = (
    "Days until a raid first asks for more rounds than a battery has, if every raid takes the mean number of "
    "rounds [the 95th to the 5th percentile]. Raids come evenly apart; nothing is reloaded within one; no "
    "battery stands in for another."
)
BEYOND = f"{LONGEST_DAYS}+"


def layers_section(answer: RunAnswer) -> str:
    """The layers of every regime: stairs, battle space, and a table."""
    shown = [r for r in answer.regimes.values() if r.layers is not None and r.layers.layers]
    if not shown:
        return ""
    title = finding(told(answer))
    stairs = figure("", both(lambda width: _stairs(answer, shown, width, title)), FLYING)
    space = figure(space_sentence(told(answer)), _space(answer, shown), SPACE)
    return section("Layers", title, stairs + space + _table(answer, shown))


def stock_section(answer: RunAnswer) -> str:
    """How many days of raids the magazines last, and what production adds."""
    shown = [r for r in answer.regimes.values() if r.stock is not None and r.stock.magazines]
    if not shown:
        return ""
    columns = [("battery", "c"), ("rounds", "n"), ("reloads", "n"), *((r.name, "n") for r in shown)]
    rows = []
    for i, magazine in enumerate(shown[0].stock.magazines if shown[0].stock else ()):
        each = [r.stock.magazines[i].lasting for r in shown if r.stock]
        if any(lasting.heavy is not None for lasting in each):
            rows.append(
                [magazine.battery, number(magazine.ready), number(magazine.reloads), *map(days, each)]
            )
    inside = table("Days that each battery's rounds last", columns, rows) if rows else ""
    inside += svg.element("p", svg.plain(LASTS), cls="small") if rows else ""
    return section("Days of raids", stock_sentence(told(answer)), inside + _weeks(told(answer)))


def told(answer: RunAnswer) -> RegimeAnswer:
    """The regime that titles speak of."""
    pair = findings.compared(answer)
    return pair[0] if pair else list(answer.regimes.values())[-1]


def finding(r: RegimeAnswer) -> str:
    """What each layer takes away, in a sentence."""
    if r.layers is None or not r.layers.layers:
        return ""
    first, *rest = ((number(x.left.mean), x.layer) for x in r.layers.layers)
    after = [f"{first[0]} fly on after {first[1]}", *(f"{left} after {layer}" for left, layer in rest)]
    landing = number(r.layers.landing.mean)
    return f"Under {r.name}, of {landing} missiles that would land in an asset, {listed(after)}."


def space_sentence(r: RegimeAnswer) -> str:
    """For how long each layer can fire, and how often."""
    if r.layers is None:
        return ""
    parts = [
        f"{seconds(x.battle_space_s.mean)}\u00a0s in {x.layer} ({number(x.opportunities.mean)} shots)"
        for x in r.layers.layers
    ]
    return f"Under {r.name}, the mean missile can be shot at for {listed(parts)}."


def stock_sentence(r: RegimeAnswer) -> str:
    """Which magazine runs dry first, and when."""
    if r.stock is None:
        return ""
    rate = (
        f"{counted(int(r.stock.raids_per_day), 'raid')}"
        if _is_whole(r)
        else f"{r.stock.raids_per_day:g} raids"
    )
    lasting = r.stock.lasting
    if lasting.mean is None:
        return f"Under {r.name}, no magazine runs dry within {LONGEST_DAYS} days of {rate} a day."
    if lasting.mean <= 0.0:
        return f"Under {r.name}, a single raid asks for more than {lasting.first_dry} has."
    when = (
        counted(int(lasting.mean), "day") if lasting.mean == int(lasting.mean) else f"{lasting.mean:.1f} days"
    )
    return f"Under {r.name}, at {rate} a day, {lasting.first_dry} runs dry first, after {when}."


def _is_whole(r: RegimeAnswer) -> bool:
    return r.stock is not None and r.stock.raids_per_day == int(r.stock.raids_per_day)


def days(lasting: Lasting) -> str:
    """`9 [8–24]`; `364+` for longer than is counted."""
    if lasting.heavy is None:
        return BEYOND
    return f"{said_days(lasting.mean)} [{said_days(lasting.heavy)}–{said_days(lasting.light)}]"


def said_days(day: float | None) -> str:
    """`9`, `8.5`, `364+`."""
    return BEYOND if day is None else f"{day:,.0f}" if day == int(day) else f"{day:,.1f}"


def layer_days(x: LayerAnswer) -> str:
    """Days that a layer lasts; a dash for one that never fires, whose full magazines defend nobody."""
    return said_days(x.lasting.mean) if x.rounds.mean > 0.0 else "–"


def seconds(value: float) -> str:
    """Whole seconds from ten on; below, as a count."""
    return f"{value:,.0f}" if value >= 9.95 else number(value)


def _stairs(answer: RunAnswer, shown: Sequence[RegimeAnswer], width: float, said: str) -> str:
    """Missiles that still fly, falling from layer to layer; one line for each regime."""
    names = [x.layer for x in shown[0].layers.layers] if shown[0].layers else []
    left, right, top, bottom = 52.0, width - ROOM, 28.0, HEIGHT - 40
    step = (right - left) / (len(names) + 1)
    most = max((r.layers.landing.mean for r in shown if r.layers), default=1.0) or 1.0

    def y(count: float) -> float:
        return bottom - (bottom - top) * count / most

    parts = []
    for mark in svg.ticks(0.0, most, 4):
        parts.append(svg.line(left, y(mark), right, y(mark), "zero" if mark == 0 else "grid"))
        parts.append(svg.label(left - 8, y(mark) + 4, tick(mark), "tick", "end"))
    for i, name in enumerate(("would land", *names)):
        words = svg.cut(name, step - 4, 6.2)
        parts.append(svg.label(left + step * (i + 0.5), bottom + 18, words, "tick", "middle"))
    ends = {}
    for r in sorted(shown, key=lambda r: tone(answer, r.name) == "headline"):
        counts = _counts(r)
        points = [(left + step * (i + at), y(c)) for i, c in enumerate(counts) for at in (0, 1)]
        parts.append(svg.path(points, f"curve {tone(answer, r.name)}", title=_stair_words(r)))
        ends[r.name] = y(counts[-1])
    for name, height in apart(ends, top, bottom).items():
        words = svg.cut(name, ROOM - 10)
        parts.append(svg.label(right + 8, height + 4, words, f"value {tone(answer, name)}"))
    parts.append(svg.label(left - 46, top - 14, "missiles", "axis"))
    return svg.drawing(width, HEIGHT, "".join(parts), said)


def _counts(r: RegimeAnswer) -> list[float]:
    assert r.layers is not None
    return [r.layers.landing.mean, *(x.left.mean for x in r.layers.layers)]


def _stair_words(r: RegimeAnswer) -> str:
    return f"{r.name}: {', '.join(number(c) for c in _counts(r))}"


def _space(answer: RunAnswer, shown: Sequence[RegimeAnswer]) -> str:
    """Battle space as bars, layer by layer, of the regimes that are compared."""
    pair = findings.compared(answer) or tuple(shown)
    rows = [
        Bar(
            label=x.layer if i == 0 else "",
            value=x.battle_space_s.mean,
            said=f"{seconds(x.battle_space_s.mean)} s {r.name}",
            tone=tone(answer, r.name),
            note=f"{x.layer}, {r.name}: 5–95 % of missiles {_ends(x.battle_space_s)} s",
        )
        for name in (x.layer for x in (shown[0].layers.layers if shown[0].layers else ()))
        for i, r in enumerate(pair)
        for x in (r.layers.layers if r.layers else ())
        if x.layer == name
    ]
    return bars(rows, "seconds in which a launch can meet the missile", tick, "Battle space by layer")


def _ends(s: Spread) -> str:
    return band(round(s.p05), round(s.p95))


def _table(answer: RunAnswer, shown: Sequence[RegimeAnswer]) -> str:
    columns = [("regime", "c"), ("layer", "c"), ("can engage", "n"), ("shots", "n"), ("space, s", "n")]
    columns += [("5–95 %", "n"), ("fired", "n"), ("left", "n"), ("kills", "n"), ("fly on", "n")]
    columns += [("5–95 %", "n"), ("leakage", "n"), ("days", "n")]
    groups = [("", 2), ("each missile", 4), ("rounds", 2), ("missiles", 4), ("lasts", 1)]
    rows, tones = [], []
    for r in shown:
        for i, x in enumerate(r.layers.layers if r.layers else ()):
            rows.append([r.name if i == 0 else "", *_row(x)])
            tones.append(tone(answer, r.name))
    return table("Each layer", columns, rows, tones, groups)


def _row(x: LayerAnswer) -> list[str]:
    return [
        x.layer,
        percent(x.engageable),
        number(x.opportunities.mean),
        seconds(x.battle_space_s.mean),
        _ends(x.battle_space_s),
        number(x.rounds.mean),
        number(x.rounds_left.mean),
        number(x.kills),
        number(x.left.mean),
        _ends(x.left),
        percent(x.leakage),
        layer_days(x),
    ]


def _weeks(r: RegimeAnswer) -> str:
    """Week by week, for those owners and types that still fire or are made."""
    weeks = r.stock.weeks if r.stock is not None else ()
    rows = [_week(w) for w in weeks if w.fired > 0.0 or w.produced > 0.0]
    columns = [("week", "n"), ("owner", "c"), ("interceptor", "c"), ("wanted", "n"), ("fired", "n")]
    columns += [("produced", "n"), ("left", "n")]
    return table(f"Weeks of mean raids under {r.name}: rounds", columns, rows) if rows else ""


def _week(w: StockWeek) -> list[str]:
    rounds = (w.wanted, w.fired, w.produced, w.left)
    return [str(w.week), w.owner, w.interceptor, *map(number, rounds)]


def terminal_layers(answer: RunAnswer, plain: Table) -> Table | None:
    """Rows of the compared regimes, or of the first two, in `plain`, an empty table; None without layers."""
    shown = [
        r for r in findings.compared(answer) or tuple(answer.regimes.values())[:2] if r.layers is not None
    ]
    if not any(r.layers.layers for r in shown if r.layers is not None):
        return None
    plain.add_column("regime", no_wrap=True)
    plain.add_column("layer", no_wrap=True)
    headings = (
        "can\nengage",
        "shots\neach",
        "battle\nspace",
        "rounds\nfired",
        "kills",
        "fly on\nmean",
        "lasts\ndays",
    )
    for heading in headings:
        plain.add_column(heading, justify="right", no_wrap=True)
    for r in shown:
        for i, x in enumerate(r.layers.layers if r.layers is not None else ()):
            plain.add_row(
                escape(r.name) if i == 0 else "",
                x.layer,
                percent(x.engageable),
                number(x.opportunities.mean),
                f"{seconds(x.battle_space_s.mean)} s",
                number(x.rounds.mean),
                number(x.kills),
                number(x.left.mean),
                layer_days(x),
            )
    return plain
