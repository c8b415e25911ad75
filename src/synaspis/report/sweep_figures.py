"""Figures of a sweep: one panel for each setting of the other axes, a line for each regime."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from synaspis.model.sweep import Axis, SweepAnswer, as_column
from synaspis.report import svg
from synaspis.report.figures import apart, both
from synaspis.report.sweep_findings import effects, grid

LEFT, ROOM, TOP, HEIGHT, FOOT = 62.0, 96.0, 24.0, 250.0, 46.0
MOST_PANELS = 6
"""Settings of the other axes that are drawn; the table has all."""


def tone(a: SweepAnswer, regime: str) -> str:
    """The tone of a regime's line."""
    return "headline" if regime == a.headline else "against" if regime == a.against else "other"


def along(a: SweepAnswer) -> Axis:
    """The axis that figures run along: of those with numbers the one that matters most, else the first."""
    axes = [e.axis for e in effects(a)]
    numeric = [x for x in axes if len(x.values) > 1 and as_column(x.values, x.values).dtype.kind in "if"]
    return (numeric or axes)[0]


def panels(a: SweepAnswer) -> list[tuple[str, tuple[int | slice, ...]]]:
    """Name and place in the grid of each setting of the axes that figures do not run along."""
    axes, main = a.request.of_points, along(a)
    choices = [[(None, slice(None))] if x is main else list(enumerate(x.values)) for x in axes]
    found: list[tuple[str, tuple[int | slice, ...]]] = []
    for combination in itertools.product(*choices):
        words = [f"{x.key} {value}" for x, (i, value) in zip(axes, combination, strict=True) if i is not None]
        place = tuple(slice(None) if i is None else int(i) for i, _ in combination)
        found.append((", ".join(words), place))
    return found


def drawn_panels(a: SweepAnswer) -> list[tuple[str, tuple[int | slice, ...]]]:
    """At most so many panels, the first and the last among them."""
    every = panels(a)
    if len(every) <= MOST_PANELS:
        return every
    picked = sorted({round(i) for i in np.linspace(0, len(every) - 1, MOST_PANELS)})
    return [every[i] for i in picked]


def chart(
    a: SweepAnswer, figure: str, place: tuple[int | slice, ...], axis: str, words: Callable[[float], str],
    said: str,
) -> str:  # fmt: skip
    """A line for each regime over the main axis; all panels of a figure share their scale."""
    lines = {name: np.atleast_1d(grid(a, name, figure)[place]) for name in a.regimes}
    most = max((float(grid(a, name, figure).max()) for name in a.regimes), default=0.0) or 1.0
    main = along(a)
    where = _places(main)

    def draw(width: float) -> str:
        left, right, bottom = LEFT, width - ROOM, HEIGHT - FOOT
        x = [left + (right - left) * w for w in where]
        parts = []
        for mark in svg.ticks(0.0, most, 4):
            y = bottom - (bottom - TOP) * mark / most
            parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(left - 8, y + 4, words(mark), "tick", "end"))
        parts += _names(main.values, x, bottom)
        ends = {}
        for name in sorted(lines, key=lambda n: ("other", "against", "headline").index(tone(a, n))):
            points = [
                (at, bottom - (bottom - TOP) * float(v) / most) for at, v in zip(x, lines[name], strict=True)
            ]
            parts.append(svg.path(points, f"curve {tone(a, name)}", title=name))
            for (at, y), value in zip(points, lines[name], strict=True):
                title = svg.element("title", svg.plain(f"{name}: {words(float(value))}"))
                parts.append(svg.element("circle", title, cx=at, cy=y, r=3.0, cls=f"dot {tone(a, name)}"))
            ends[name] = points[-1][1]
        for name, y in apart(ends, TOP, bottom).items():
            parts.append(svg.label(right + 8, y + 4, svg.cut(name, ROOM - 10), f"value {tone(a, name)}"))
        parts.append(svg.label((left + right) / 2, bottom + 38, main.key, "axis", "middle"))
        parts.append(svg.label(0, 10, axis, "axis"))
        return svg.drawing(width, HEIGHT, "".join(parts), said)

    return both(draw)


def _places(axis: Axis) -> list[float]:
    """Where each value stands, 0 to 1: by its number, or at equal steps."""
    told = as_column(axis.values, axis.values)
    count = len(axis.values)
    if told.dtype.kind in "if" and count > 1:
        values = np.asarray(told, float)
        places = (values - values.min()) / float(np.ptp(values))
        if np.all(np.diff(places) > 0.0):
            return [float(p) for p in places]
    return [i / (count - 1) if count > 1 else 0.5 for i in range(count)]


def _names(values: Sequence[str], x: Sequence[float], bottom: float) -> list[str]:
    """Values below the axis, as many as there is room for."""
    parts, free = [], -np.inf
    for value, at in zip(values, x, strict=True):
        half = 4.0 * len(value) + 5.0
        if at - half > free:
            parts.append(svg.label(at, bottom + 17, value, "tick", "middle"))
            free = at + half
    return parts
