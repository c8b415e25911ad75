"""Figures of a burden: gain against payment, payment under each key, stability, inside and outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from synaspis.model.burden import BurdenAnswer, Member
from synaspis.report import burden_findings as found
from synaspis.report import burden_words as said_as
from synaspis.report import svg
from synaspis.report.figures import NARROW, Bar, bars, both
from synaspis.report.words import number, people, percent, short_people, tick, tick_people

STYLE = """
svg .even { stroke: var(--against); stroke-dasharray: 5 4; }
svg .gain { fill: var(--friend); } svg .cost { fill: var(--threat); }
svg .dot.gain { fill: var(--friend); stroke: var(--friend); }
svg .dot.cost { fill: var(--threat); stroke: var(--threat); }
svg .now { stroke: var(--ink); stroke-width: 1.6; } svg .side { fill: var(--soft); font-size: 12.5px; }
svg .miss { fill: var(--threat); fill-opacity: .12; } svg .keep { fill: var(--friend); fill-opacity: .08; }
svg .out { stroke: var(--other); stroke-width: 2; } svg .ring { fill: var(--panel); stroke: var(--friend);
  stroke-width: 2; } svg .cross { stroke: var(--threat); stroke-width: 2; fill: none; }
svg .edge { stroke: var(--friend); stroke-width: 1.6; stroke-dasharray: 3 3; }
svg .panel-name { font-weight: 620; }
"""
Box = tuple[float, float, float, float]
Placing = Callable[[float, float], tuple[float, float]]
LETTER = 7.4
NAMED = 0.02
"""Members below this share of both are drawn without their name."""
MOST_BARS = 20


def shares(a: BurdenAnswer, said: str) -> str:
    """Each member's share of the benefit against its share of the burden; the diagonal is even."""
    told = [m for m in a.members.values() if m.benefit_share is not None and m.burden_share is not None]
    top = max([0.1, *(max(m.benefit_share or 0.0, m.burden_share or 0.0) for m in told)]) * 1.08

    def draw(width: float) -> str:
        left, right = 58.0, min(width - 18, 58.0 + 470.0)
        high = 14.0
        low = high + (right - left)

        def at(x: float, y: float) -> tuple[float, float]:
            return left + (right - left) * x / top, low - (low - high) * y / top

        parts = []
        for mark in svg.ticks(0.0, top, 5):
            x, y = at(mark, mark)
            parts.append(svg.line(x, high, x, low, "grid") + svg.line(left, y, right, y, "grid"))
            parts.append(svg.label(x, low + 17, percent(mark) if mark else "0", "tick", "middle"))
            parts.append(svg.label(left - 8, y + 4, percent(mark) if mark else "0", "tick", "end"))
        parts.append(svg.path([at(0, 0), at(top, top)], "even"))
        parts.append(_named(told, at, (left, right, high, low)))
        parts.append(svg.label((left + right) / 2, low + 40, "share of the burden", "axis", "middle"))
        turned = f"rotate(-90 13 {(high + low) / 2:.1f})"
        parts.append(svg.element("text", "share of the benefit", x=13, y=(high + low) / 2, cls="axis",
                                 text_anchor="middle", transform=turned))  # fmt: skip
        return svg.drawing(width, low + 48, "".join(parts), said)

    return both(draw)


def _named(told: Sequence[Member], at: Placing, frame: Box) -> str:
    """Dots, and names where one can stand clear of all dots and other names."""
    dots = [(m, *at(m.burden_share or 0.0, m.benefit_share or 0.0)) for m in told]
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for _, x, y in dots]
    parts, names = [], []
    names += _sides(frame, taken)
    for m, x, y in sorted(dots, key=lambda d: -max(d[0].benefit_share or 0.0, d[0].burden_share or 0.0)):
        gained, borne = percent(m.benefit_share or 0.0), percent(m.burden_share or 0.0)
        words = f"{m.nation}: {gained} of the benefit, {borne} of the burden"
        tone = "gain" if (m.free_rider_index or 0.0) > 0 else "cost"
        dot = svg.element("circle", cx=x, cy=y, r=4.5, cls=f"dot {tone}")
        parts.append(svg.element("g", svg.element("title", svg.plain(words)) + dot))
        if max(m.benefit_share or 0.0, m.burden_share or 0.0) < NAMED:
            continue
        wide = LETTER * len(m.nation) + 4
        spots = ((x + 9, y + 4.5, "start", x + 8), (x - 9, y + 4.5, "end", x - 8 - wide),
                 (x, y - 9, "middle", x - wide / 2), (x, y + 18, "middle", x - wide / 2))  # fmt: skip
        for sx, sy, anchor, edge in spots:
            box = (edge, sy - 11, edge + wide, sy + 3)
            clear = all(_apart(box, other) for other in taken)
            if clear and box[0] >= frame[0] and box[2] <= frame[1] + 14 and box[3] <= frame[3] + 3:
                taken.append(box)
                names.append(svg.label(sx, sy, m.nation, "name", anchor))
                break
    return "".join(parts) + "".join(names)


def _sides(frame: Box, taken: list[Box]) -> list[str]:
    """Names of both sides of the diagonal, clear of what is `taken` if they can be, and noted there."""
    names = []
    for words, x, anchor, levels in (
        ("gains more than it pays", frame[0] + 14, "start", (0.05, 0.12, 0.19, 0.26)),
        ("pays more than it gains", frame[1] - 8, "end", (0.58, 0.65, 0.72, 0.79)),
    ):
        long = LETTER * len(words)
        edge = x if anchor == "start" else x - long
        heights = [(frame[2] + (frame[3] - frame[2]) * part, edge) for part in levels]
        boxes = [(left, y - 11, left + long, y + 3) for y, left in heights]
        box = next((b for b in boxes if all(_apart(b, other) for other in taken)), boxes[0])
        names.append(svg.label(x, box[3] - 3, words, "side", anchor))
        taken.append(box)
    return names


def _apart(one: Box, other: Box) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def keys(a: BurdenAnswer, said: str) -> str:
    """A panel for each key: what each member pays under it, and a line at what it pays now."""
    told = [k for k in a.keys if k.share is not None]
    rows = sorted(a.members.values(), key=lambda m: -(found.now(a, m) or 0.0))[:MOST_BARS]
    amounts = [x for m in rows for x in (found.now(a, m), *(m.pays[k.name] for k in told)) if x is not None]
    top = max([*amounts, 1e-9])

    def draw(width: float) -> str:
        across = 3 if width > NARROW else 1
        gap, line, head, foot = 26.0, 17.0, 26.0, 46.0
        wide = (width - gap * (across - 1)) / across
        tall = head + line * len(rows) + foot
        parts = []
        for i, key in enumerate(told):
            x0, y0 = (i % across) * (wide + gap), (i // across) * tall
            parts.append(_panel(a, key.name, rows, (x0, y0, wide, line, head), top, i % across == 0))
        down = -(-len(told) // across)
        return svg.drawing(width, max(down, 1) * tall, "".join(parts), said)

    return both(draw)


def _panel(
    a: BurdenAnswer, key: str, rows: Sequence[Member], place: tuple[float, ...], top: float, first: bool
) -> str:
    x0, y0, wide, line, head = place
    left, right = x0 + 38.0, x0 + wide - 14
    bottom = y0 + head + line * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * value / top

    parts = [svg.label(x0, y0 + 15, said_as.KEY_WORDS[key], "panel-name")]
    for mark in svg.ticks(0.0, top, 3):
        parts.append(svg.line(at(mark), y0 + head, at(mark), bottom, "zero" if mark == 0 else "grid"))
        parts.append(svg.label(at(mark), bottom + 15, tick(mark), "tick", "middle"))
    for i, m in enumerate(rows):
        y = y0 + head + line * i
        paid, now = m.pays[key] or 0.0, found.now(a, m)
        words = f"{m.nation} under {said_as.KEY_WORDS[key]}: {said_as.money(paid)}"
        bar = svg.rect(left, y + 3, at(paid) - left, line - 6, "bar headline")
        parts.append(svg.label(left - 6, y + line - 4.5, m.nation, "tick", "end"))
        parts.append(svg.element("g", svg.element("title", svg.plain(words)) + bar))
        if now is not None:
            parts.append(svg.line(at(now), y + 1, at(now), y + line - 1, "now"))
    if first:
        parts.append(svg.label((left + right) / 2, bottom + 32, "million USD a year", "axis", "middle"))
    return "".join(parts)


def contributions(a: BurdenAnswer, said: str) -> str:
    """Shapley values with two standard errors to either side, largest first; those of nothing left out."""
    rows = [
        Bar(
            label=m.nation,
            value=m.shapley.value,
            said=f"{said_as.worth(a, m.shapley.value)}",
            tone="headline",
            low=m.shapley.value - 2 * m.shapley.error,
            high=m.shapley.value + 2 * m.shapley.error,
            note=f"standard error {said_as.worth(a, m.shapley.error)}",
        )
        for m in found.by_contribution(a)
        if m.shapley.value != 0.0
    ]
    unit = "people protected in all nations" if a.unit == "people" else a.unit
    return bars(rows[:MOST_BARS], unit, tick_people if a.unit == "people" else tick, said)


def stability(a: BurdenAnswer, said: str) -> str:
    """What the worst-off group misses at best, against the value of a person protected (log)."""
    points = a.stability.sweep
    usd = [p.per_person_musd * 1e6 for p in points]
    worst = max([p.excess_musd for p in points] + [0.0])
    top = 1.15 * (worst or a.stability.extra_cost.value or 1.0)
    bottom = -top

    def draw(width: float) -> str:
        left, right, high, low = 66.0, width - 20, 14.0, 268.0
        first, last = math.log10(usd[0]), math.log10(usd[-1])

        def at(x: float, y: float) -> tuple[float, float]:
            share = (math.log10(x) - first) / max(last - first, 1e-9)
            return left + (right - left) * share, low - (low - high) * (y - bottom) / (top - bottom)

        zero = at(usd[0], 0.0)[1]
        parts = [svg.rect(left, high, right - left, zero - high, "miss"),
                 svg.rect(left, zero, right - left, low - zero, "keep")]  # fmt: skip
        for mark in svg.ticks(bottom, top, 6):
            y = at(usd[0], mark)[1]
            parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(left - 8, y + 4, tick(mark), "tick", "end"))
        step = 1 if width > NARROW else 2
        for power in range(math.ceil(first), math.floor(last) + 1):
            x = at(10.0**power, 0.0)[0]
            parts.append(svg.line(x, high, x, low, "grid"))
            if (power - math.ceil(first)) % step == 0:
                parts.append(svg.label(x, low + 17, _power(power), "tick", "middle"))
        curve = [at(u, min(max(p.excess_musd, bottom), top)) for u, p in zip(usd, points, strict=True)]
        seen = next((i for i, p in enumerate(points) if p.excess_musd < bottom), len(points) - 1)
        parts.append(svg.path(curve[: seen + 1], "curve headline"))
        parts.append(_edge(a, at, (high, low), (left, right)))
        parts.append(svg.label(right - 8, high + 16, "some group would go", "side", "end"))
        parts.append(svg.label(left + 8, low - 8, "all are better off inside", "side"))
        axis = "what a person protected is worth, USD a year"
        parts.append(svg.label((left + right) / 2, low + 38, axis, "axis", "middle"))
        turned = f"rotate(-90 13 {(high + low) / 2:.1f})"
        parts.append(svg.element("text", "missed at best, million USD a year", x=13, y=(high + low) / 2,
                                 cls="axis", text_anchor="middle", transform=turned))  # fmt: skip
        return svg.drawing(width, low + 46, "".join(parts), said)

    return both(draw)


def _power(power: int) -> str:
    return tick(10.0**power) if -2 <= power <= 1 else tick_people(10.0**power)


def _edge(a: BurdenAnswer, at: Placing, rows: tuple[float, float], sides: tuple[float, float]) -> str:
    """Lines at the value from which it holds, or comes nearest, and at the user's own."""
    s, parts = a.stability, []
    marks = []
    if s.holds_from is not None and s.holds_from[0] > 0.0:
        marks.append((s.holds_from[0], "holds from", "edge"))
    elif s.nearly is not None and s.nearly.per_person_musd > 0.0:
        marks.append((s.nearly.per_person_musd, "nearest from", "edge"))
    if s.shown is not None:
        marks.append((s.shown.per_person_musd, "asked", "now"))
    for i, (value, words, cls) in enumerate(marks):
        x = at(value * 1e6, 0.0)[0]
        parts.append(svg.line(x, rows[0], x, rows[1], cls))
        anchor, shift = ("end", -6) if x > (sides[0] + sides[1]) / 2 else ("start", 6)
        text = f"{words} {said_as.per_person(value)}"
        parts.append(svg.label(x + shift, rows[1] - 66 + 18 * i, text, "value", anchor))
    return "".join(parts)


def inside_outside(a: BurdenAnswer, said: str) -> str:
    """People of each member's own protected: inside, outside but still defended, outside and not defended."""
    rows = [m for m in a.members.values() if m.leaving is not None and m.at_risk >= 0.5]
    rows.sort(key=lambda m: -m.protected)
    top = max([m.leaving.inside for m in rows if m.leaving] + [1.0])

    def draw(width: float) -> str:
        left, right, line = 52.0, width - 22, 24.0
        bottom = 6 + line * len(rows)

        def at(value: float) -> float:
            return left + (right - left) * min(value, top) / top

        parts = []
        for mark in svg.ticks(0.0, top, 6 if width > NARROW else 3):
            parts.append(svg.line(at(mark), 4, at(mark), bottom, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(at(mark), bottom + 17, tick_people(mark), "tick", "middle"))
        for i, m in enumerate(rows):
            x, y = m.leaving, 6 + line * (i + 0.5)
            assert x is not None
            ends = sorted((x.inside, x.still_defended, x.undefended))
            parts.append(svg.label(left - 8, y + 4.5, m.nation, "name", "end"))
            parts.append(svg.line(at(ends[0]), y, at(ends[2]), y, "out"))
            words = f"{m.nation}: {people(x.inside)} inside, {people(x.still_defended)} outside and still "
            words += f"defended, {people(x.undefended)} outside and not defended"
            title = svg.element("title", svg.plain(words))
            marks = cross(at(x.undefended), y) + dot(at(x.inside), y) + ring(at(x.still_defended), y)
            parts.append(svg.element("g", title + marks))
        axis = "people of its own protected"
        parts.append(svg.label((left + right) / 2, bottom + 38, axis, "axis", "middle"))
        return svg.drawing(width, bottom + 46, "".join(parts), said)

    return both(draw)


def dot(x: float, y: float) -> str:
    """Inside."""
    return svg.element("circle", cx=x, cy=y, r=6, cls="gain")


def ring(x: float, y: float) -> str:
    """Outside, still defended: drawn within the dot where they are alike."""
    return svg.element("circle", cx=x, cy=y, r=3.2, cls="ring")


def cross(x: float, y: float) -> str:
    """Outside, not defended."""
    return svg.element("path", d=f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", cls="cross")


def bill(a: BurdenAnswer, said: str) -> str:
    """The bill by kind, with how far sources differ."""
    rows = [
        Bar(label=said_as.KIND_SHORT[k], value=p.value, said=number(p.value), tone="headline", low=p.low,
            high=p.high, note=f"{percent(a.bill.assumed.get(k, 0.0))} assumed or of low confidence")
        for k, p in a.bill.kinds.items()
    ]  # fmt: skip
    return bars(rows, "million USD a year", tick, said)


def whole(m: Member) -> str:
    """People at risk and protected, for a table cell."""
    return f"{short_people(m.protected)} of {short_people(m.at_risk)}"
