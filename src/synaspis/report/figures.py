"""Figures: bars, ranges and histograms, each drawn for one width in pixels.

The page holds a wide and a narrow drawing of every figure, so that text stays readable on a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.report import svg

WIDE, NARROW = 720.0, 350.0
ROW = 34.0
LETTER = 7.2
"""Width of a letter of a value beside its bar, mean."""
AXIS = 46.0
LINE = 15.0
"""Between the names at the ends of curves."""
Words = Callable[[float], str]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: `tone` is headline, against, other or loss; `low` and `high` draw the luck."""

    label: str
    value: float
    said: str
    tone: str = "other"
    low: float | None = None
    high: float | None = None
    whole: float | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Range:
    """5th percentile, middle and 95th percentile of one thing."""

    low: float
    middle: float
    high: float
    tone: str
    said: str


def both(draw: Callable[[float], str]) -> str:
    """The wide and the narrow drawing; the style sheet shows the one that fits."""
    wide, narrow = draw(WIDE), draw(NARROW)
    return f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'


def _left(labels: Sequence[str], width: float) -> float:
    longest = max((len(name) for name in labels), default=4)
    return min(7.4 * longest + 14, (0.34 if width > NARROW else 0.43) * width)


def _scale(low: float, high: float, left: float, right: float) -> Callable[[float], float]:
    span = high - low if high > low else 1.0
    return lambda value: left + (right - left) * (value - low) / span


def _axis(at: Callable[[float], float], marks: Sequence[float], bottom: float, words: Words) -> str:
    parts = []
    for mark in marks:
        parts.append(svg.line(at(mark), 4, at(mark), bottom, "zero" if mark == 0 else "grid"))
        parts.append(svg.label(at(mark), bottom + 17, words(mark), "tick", "middle"))
    return "".join(parts)


def bars(rows: Sequence[Bar], axis: str, words: Words, said: str) -> str:
    """Horizontal bars from zero, with the whole as an outline and luck as a whisker."""

    def draw(width: float) -> str:
        longest = max((len(b.said) for b in rows), default=0)
        least = 112 if width > NARROW else 76
        left, right = _left([b.label for b in rows], width), width - max(least, 10 + LETTER * longest)
        reach = [v for b in rows for v in (b.value, b.low, b.high, b.whole) if v is not None]
        low, high = min([0.0, *reach]), max([0.0, *reach])
        if high == low:
            high = 1.0
        if low < 0:
            left += 60
        at = _scale(low, high, left, right)
        bottom = ROW * len(rows) + 6
        parts = [_axis(at, svg.ticks(low, high, 5 if width > NARROW else 3), bottom, words)]
        parts += [_bar(b, 6 + ROW * i, at, left - (60 if low < 0 else 0)) for i, b in enumerate(rows)]
        parts.append(svg.label((left + right) / 2, bottom + 38, axis, "axis", "middle"))
        return svg.drawing(width, bottom + AXIS, "".join(parts), said)

    return both(draw)


def _bar(b: Bar, top: float, at: Callable[[float], float], left: float) -> str:
    middle = top + ROW / 2
    parts = [svg.label(left - 10, middle + 4.5, svg.cut(b.label, left - 10), "name", "end")]
    if b.whole is not None:
        parts.append(svg.rect(at(0), top + 6, at(b.whole) - at(0), ROW - 12, "whole"))
    title = svg.element("title", svg.plain(b.note)) if b.note else ""
    shape = svg.rect(at(0), top + 6, at(b.value) - at(0), ROW - 12, f"bar {b.tone}")
    parts.append(svg.element("g", title + shape))
    if b.low is not None and b.high is not None:
        parts.append(svg.line(at(b.low), middle, at(b.high), middle, "luck"))
        parts += [svg.line(at(v), middle - 4, at(v), middle + 4, "luck") for v in (b.low, b.high)]
    furthest = max(v for v in (b.value, b.high, b.whole, 0.0) if v is not None)
    if b.value < 0:
        parts.append(svg.label(at(b.value) - 8, middle + 4.5, b.said, "value", "end"))
    else:
        parts.append(svg.label(at(furthest) + 8, middle + 4.5, b.said, "value"))
    return "".join(parts)


def ranges(rows: Sequence[tuple[str, Sequence[Range]]], axis: str, words: Words, said: str) -> str:
    """One row for each label: a line from the 5th to the 95th percentile and a mark in the middle."""

    def draw(width: float) -> str:
        left, right = _left([name for name, _ in rows], width), width - 22
        high = max([r.high for _, told in rows for r in told] + [0.0]) or 1.0
        at = _scale(0.0, high, left, right)
        lane = 15.0
        heights = [max(1, len(told)) * lane + 14 for _, told in rows]
        bottom = sum(heights) + 4
        parts = [_axis(at, svg.ticks(0.0, high, 6 if width > NARROW else 3), bottom, words)]
        top = 4.0
        for (name, told), height in zip(rows, heights, strict=True):
            parts.append(
                svg.label(left - 10, top + height / 2 + 4.5, svg.cut(name, left - 10), "name", "end")
            )
            parts += [_range(r, top + 7 + lane * (i + 0.5), at) for i, r in enumerate(told)]
            top += height
            parts.append(svg.line(0, top, width, top, "row"))
        parts.append(svg.label((left + right) / 2, bottom + 38, axis, "axis", "middle"))
        return svg.drawing(width, bottom + AXIS, "".join(parts), said)

    return both(draw)


def _range(r: Range, y: float, at: Callable[[float], float]) -> str:
    title = svg.element("title", svg.plain(r.said))
    reach = svg.line(at(r.low), y, at(r.high), y, f"reach {r.tone}")
    return svg.element(
        "g", title + reach + svg.element("circle", cx=at(r.middle), cy=y, r=5, cls=f"dot {r.tone}")
    )


def histogram(rows: Sequence[tuple[str, str, NDArray[np.float64]]], axis: str, said: str) -> str:
    """Share of trials with each whole number; rows are (label, tone, numbers over trials)."""
    most = int(max(float(values.max()) for _, _, values in rows)) if rows else 0
    shares = [np.bincount(values.astype(np.int64), minlength=most + 1) / len(values) for _, _, values in rows]
    tallest = max(float(share.max()) for share in shares)

    def draw(width: float) -> str:
        left, right, height = _left([name for name, _, _ in rows], width), width - 22, 74.0
        at = _scale(-0.5, most + 0.5, left, right)
        bottom = height * len(rows) + 4
        marks = [mark for mark in svg.ticks(0, max(most, 1), 8) if mark == int(mark) and mark <= most]
        parts = [svg.label(at(mark), bottom + 17, f"{mark:.0f}", "tick", "middle") for mark in marks]
        for i, ((name, tone, _), share) in enumerate(zip(rows, shares, strict=True)):
            floor = 4 + height * (i + 1)
            parts.append(svg.label(left - 10, floor - 10, svg.cut(name, left - 10), "name", "end"))
            parts.append(svg.line(left, floor, right, floor, "zero"))
            for k, part in enumerate(share):
                if part > 0:
                    tall = (height - 16) * float(part) / tallest
                    step = at(1) - at(0)
                    parts.append(
                        svg.rect(at(k) - 0.42 * step, floor - tall, 0.84 * step, tall, f"bar {tone}")
                    )
        parts.append(svg.label((left + right) / 2, bottom + 38, axis, "axis", "middle"))
        return svg.drawing(width, bottom + AXIS, "".join(parts), said)

    return both(draw)


def apart(ends: Mapping[str, float], top: float, bottom: float) -> dict[str, float]:
    """Heights for the names of curves that end at `ends`, downwards: in that order, and none over another."""
    order = sorted(ends, key=lambda name: ends[name])
    placed: dict[str, float] = {}
    lowest = bottom + LINE
    for name in reversed(order):
        lowest = placed[name] = min(ends[name], lowest - LINE)
    highest = top - LINE
    for name in order:
        highest = placed[name] = max(placed[name], highest + LINE)
    return placed
