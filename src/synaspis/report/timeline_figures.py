"""Figures of the years: steps by regime, the area that a delay left open, and costs stacked by payer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from synaspis.model.timeline import Shortfall, TimelineAnswer
from synaspis.report import svg
from synaspis.report import timeline_findings as found
from synaspis.report.figures import NARROW, apart, both
from synaspis.report.words import people, tick, tick_people

STYLE = """
svg .mark { stroke: var(--friend); stroke-opacity: .4; stroke-dasharray: 2 3; }
svg .mark-name { font-size: 12px; fill: var(--soft); }
svg .curve.planned { stroke: var(--friend); stroke-width: 2; stroke-dasharray: 6 4; }
svg .value.planned { fill: var(--friend); }
svg .area { fill: var(--threat); fill-opacity: .2; } svg .brim { stroke: var(--threat); stroke-width: 1.6; }
svg .sum { font-size: 15px; font-weight: 620; }
svg .pay0 { fill: #1d6296; } svg .pay1 { fill: #5f9bc4; } svg .pay2 { fill: #a7c6de; }
svg .pay3 { fill: #8f8a6a; } svg .pay4 { fill: #c3bd98; } svg .pay5 { fill: var(--other); }
svg .whisker { stroke: var(--ink); stroke-width: 1.2; }
"""
HEIGHT, FOOT, LEFT, ROOM = 330.0, 46.0, 62.0, 96.0
MOST_PAYERS = 5
"""Payers that have a colour of their own; the others share one."""
MOST_MARKS = 5
LEAST_MARK = 0.01
"""Steps below this share of the highest are not named in the figure."""
LANE = 15.0


@dataclass(frozen=True)
class Line:
    """One step line: its name, its tone, and a value for every year."""

    name: str
    tone: str
    values: Sequence[float]


def tone(a: TimelineAnswer, regime: str) -> str:
    """The tone of a regime's line."""
    return "headline" if regime == a.headline else "against" if regime == a.against else "other"


def step_chart(
    years: Sequence[int], lines: Sequence[Line], marks: Mapping[int, str], axis: str,
    words: Callable[[float], str], said: str,
) -> str:  # fmt: skip
    """Step lines over years, each year a tread; `marks` are words at the foot of a riser."""
    most = max((v for line in lines for v in line.values), default=0.0) or 1.0
    lanes = len(marks)

    def draw(width: float) -> str:
        left, right, top = LEFT, width - ROOM, 22.0 + LANE * lanes
        bottom = HEIGHT + LANE * lanes - FOOT
        step = (right - left) / len(years)
        parts = []
        for mark in svg.ticks(0.0, most, 4):
            y = bottom - (bottom - top) * mark / most
            parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(left - 8, y + 4, words(mark), "tick", "end"))
        parts += _year_ticks(years, left, step, bottom, width)
        parts += _marks(years, marks, (left, step, bottom), width)
        ends = {}
        for line in sorted(lines, key=lambda x: ("other", "against", "planned", "headline").index(x.tone)):
            points = []
            for i, v in enumerate(line.values):
                y = bottom - (bottom - top) * v / most
                points += [(left + step * i, y), (left + step * (i + 1), y)]
            parts.append(svg.path(points, f"curve {line.tone}", title=line.name))
            ends[line.name] = points[-1][1]
        tones = {line.name: line.tone for line in lines}
        for name, y in apart(ends, top, bottom).items():
            parts.append(svg.label(right + 8, y + 4, svg.cut(name, ROOM - 10), f"value {tones[name]}"))
        parts.append(svg.label((left + right) / 2, bottom + 38, "year", "axis", "middle"))
        parts.append(svg.label(0, 10, axis, "axis"))
        return svg.drawing(width, bottom + FOOT, "".join(parts), said)

    return both(draw)


def _year_ticks(years: Sequence[int], left: float, step: float, bottom: float, width: float) -> list[str]:
    """Years below their treads, as many as there is room for."""
    every = next(
        n for n in (1, 2, 5, 10, 20, 60) if n * step >= (38.0 if width > NARROW else 42.0) or n == 60
    )
    shown = [i for i, y in enumerate(years) if (y - years[0]) % every == 0]
    return [svg.label(left + step * (i + 0.5), bottom + 17, f"{years[i]}", "tick", "middle") for i in shown]


def _marks(
    years: Sequence[int], marks: Mapping[int, str], place: tuple[float, float, float], width: float
) -> list[str]:
    """A dotted line where something came, and its name above in a lane of its own."""
    left, step, bottom = place
    parts = []
    for k, (year, words) in enumerate(sorted(marks.items())):
        x, y = left + step * (year - years[0]), 24.0 + LANE * k
        parts.append(svg.line(x, y - 8, x, bottom, "mark"))
        late = x > 0.55 * width
        room = (x if late else width - x) - 6.0
        at, anchor = (x - 5, "end") if late else (x + 5, "start")
        parts.append(svg.label(at, y, svg.cut(f"{year} {words}", room, 6.3), "mark-name", anchor))
    return parts


def protected_chart(a: TimelineAnswer, said: str) -> str:
    """People protected by regime, with each plan beside the headline, and what came where it mattered."""
    lines = [Line(n, tone(a, n), [found.value(y, n) for y in a.years]) for n in a.regimes]
    for p in a.plans:
        values = [p.years[y.year][a.headline].protected_population.value for y in a.years]
        lines.append(Line("as planned", "planned", values))
    return step_chart([y.year for y in a.years], lines, marks_of(a), "people", tick_people, said)


def marks_of(a: TimelineAnswer) -> dict[int, str]:
    """What came in the years that changed people protected most under the headline."""
    steps = {}
    most = max(found.value(y, a.headline) for y in a.years)
    for before, after in zip(a.years, a.years[1:], strict=False):
        change = abs(found.value(after, a.headline) - found.value(before, a.headline))
        names = found.came_with(after, a.headline)
        if change > LEAST_MARK * most and names:
            more = f" +{len(names) - 2}" if len(names) > 2 else ""
            steps[after.year] = (change, ", ".join(names[:2]) + more)
    kept = sorted(steps, key=lambda year: -steps[year][0])[:MOST_MARKS]
    return {year: steps[year][1] for year in kept}


def warning_chart(a: TimelineAnswer, said: str) -> str:
    """Median warning by regime."""
    lines = [Line(n, tone(a, n), [y.regimes[n].warning_s.p50 for y in a.years]) for n in a.regimes]
    return step_chart([y.year for y in a.years], lines, {}, "seconds", tick, said)


def lag_chart(a: TimelineAnswer, short: Shortfall, said: str) -> str:
    """The people that a plan would have covered, day by day: its area is the people-years."""
    most = max((lag.covered for lag in short.lags), default=0.0) or 1.0
    first, last = dt.date(a.first_year, 1, 1), dt.date(a.last_year + 1, 1, 1)

    def draw(width: float) -> str:
        left, right, top, bottom = LEFT, width - 22.0, 22.0, 240.0
        days = (last - first).days

        def at(day: str) -> float:
            return left + (right - left) * (dt.date.fromisoformat(day) - first).days / days

        parts = []
        for mark in svg.ticks(0.0, most, 3):
            y = bottom - (bottom - top) * mark / most
            parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(left - 8, y + 4, tick_people(mark), "tick", "end"))
        years = list(range(a.first_year, a.last_year + 1))
        parts += _year_ticks(years, left, (right - left) / len(years), bottom, width)
        shown = [lag for lag in short.lags if lag.covered > 0.0]
        for lag in shown:
            x, wide = at(lag.start), at(lag.end) - at(lag.start)
            tall = (bottom - top) * lag.covered / most
            title = svg.plain(f"{lag.start} to {lag.end}: {lag.covered:,.0f} people")
            box = svg.element("title", title) + svg.rect(x, bottom - tall, wide, tall, "area")
            parts.append(svg.element("g", box))
            parts.append(svg.line(x, bottom - tall, x + wide, bottom - tall, "brim"))
        if shown:
            middle, half = 0.5 * (at(shown[0].start) + at(shown[-1].end)), 0.5 * (top + bottom)
            parts.append(svg.label(middle, half, people(short.covered), "sum", "middle"))
            parts.append(svg.label(middle, half + 17, "people-years", "tick", "middle"))
        parts.append(svg.label((left + right) / 2, bottom + 38, "year", "axis", "middle"))
        parts.append(svg.label(0, 10, "people", "axis"))
        return svg.drawing(width, bottom + FOOT, "".join(parts), said)

    return both(draw)


def payers_of(a: TimelineAnswer) -> list[str]:
    """Those who pay anything, largest first."""
    paid: dict[str, float] = {}
    for y in a.years:
        for payer, amount in y.paid.items():
            paid[payer] = paid.get(payer, 0.0) + amount.value
    return sorted((p for p in paid if paid[p] > 0.0), key=lambda p: (-paid[p], p))


def pay_key(a: TimelineAnswer) -> list[tuple[str, str]]:
    """What the colours of the costs mean."""
    payers = payers_of(a)
    named = [(svg.rect(4, 2, 14, 10, f"pay{i}"), name) for i, name in enumerate(payers[:MOST_PAYERS])]
    return named + ([(svg.rect(4, 2, 14, 10, "pay5"), "others")] if len(payers) > MOST_PAYERS else [])


def cost_chart(a: TimelineAnswer, said: str) -> str:
    """What is paid in each year, stacked by payer, with the band of the whole."""
    totals = [y.cost[a.headline] for y in a.years]
    most = max((t.high for t in totals), default=0.0) or 1.0
    payers = payers_of(a)
    years = [y.year for y in a.years]

    def draw(width: float) -> str:
        left, right, top, bottom = LEFT, width - 22.0, 22.0, 260.0
        step = (right - left) / len(years)
        parts = []
        for mark in svg.ticks(0.0, most, 4):
            y = bottom - (bottom - top) * mark / most
            parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(left - 8, y + 4, f"{mark:,.0f}", "tick", "end"))
        parts += _year_ticks(years, left, step, bottom, width)
        for i, (year, whole) in enumerate(zip(a.years, totals, strict=True)):
            x, level = left + step * (i + 0.14), bottom
            for k, payer in enumerate(payers):
                amount = year.paid[payer].value if payer in year.paid else 0.0
                tall = (bottom - top) * amount / most
                title = svg.element("title", svg.plain(f"{year.year}, {payer}: {amount:,.0f} million USD"))
                box = svg.rect(x, level - tall, 0.72 * step, tall, f"pay{min(k, MOST_PAYERS)}")
                parts.append(svg.element("g", title + box) if tall > 0.0 else "")
                level -= tall
            low, high = (bottom - (bottom - top) * v / most for v in (whole.low, whole.high))
            if whole.high > 0.0:
                parts.append(svg.line(x + 0.36 * step, low, x + 0.36 * step, high, "whisker"))
        parts.append(svg.label((left + right) / 2, bottom + 38, "year", "axis", "middle"))
        parts.append(svg.label(0, 10, f"million US dollars, prices of {a.prices}", "axis"))
        return svg.drawing(width, bottom + FOOT, "".join(parts), said)

    return both(draw)
