"""Figures of the boost-phase layer: satellites against one figure, and interceptors in reach by latitude."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from synaspis.model.boost_layer import BoostAnswer, Sweep
from synaspis.report import svg
from synaspis.report.boost_findings import satellites
from synaspis.report.figures import NARROW, both
from synaspis.report.words import tick

STYLE = """
svg .doubt { fill: var(--friend); fill-opacity: .13; stroke: none; }
svg .need { stroke: var(--threat); stroke-dasharray: 5 4; stroke-width: 1.4; }
svg .launch { stroke: var(--threat); stroke-width: 1.4; }
svg .launch-name { fill: var(--threat); font-size: 12px; }
"""
HEIGHT, TOP, LOW_POWER, HIGH_POWER = 300.0, 14.0, 2, 6
AXES = {
    "burn_s": "burn time of the missile, s",
    "decision_s": "decision, s",
    "fly_out_kmps": "fly-out speed, km/s",
}


def sweep(answer: BoostAnswer, s: Sweep, said: str) -> str:
    """Satellites needed, decades upwards: the line, its band over draws, and the study's own figure."""
    marks: dict[str, float] = {}
    if s.name == "burn_s":
        marks = {e.threat: e.burn_s for e in answer.launches if s.values[0] <= e.burn_s <= s.values[-1]}

    def draw(width: float) -> str:
        left, right, bottom = 66.0, width - 22, HEIGHT - 46

        def at(x: float, count: float) -> tuple[float, float]:
            across = (x - s.values[0]) / (s.values[-1] - s.values[0])
            power = math.log10(min(max(count, 10.0**LOW_POWER), 10.0**HIGH_POWER))
            up = (power - LOW_POWER) / (HIGH_POWER - LOW_POWER)
            return left + (right - left) * across, bottom - (bottom - TOP) * up

        parts = [_decades(left, right, at, s.values[0])]
        parts += _ticks(svg.ticks(s.values[0], s.values[-1], 6 if width > NARROW else 4), at, bottom)
        parts += _launch_marks(marks, at, bottom)
        parts.append(_doubt(s, at))
        points = [at(x, b.value) for x, b in zip(s.values, s.satellites, strict=True) if _drawn(b.value)]
        parts.append(svg.path(points, "curve headline", title="satellites needed"))
        if _drawn(answer.reference.satellites.value):
            x, y = at(s.at, answer.reference.satellites.value)
            title = svg.element("title", svg.plain(satellites(answer.reference.satellites.value)))
            parts.append(svg.element("g", title + svg.element("circle", cx=x, cy=y, r=5, cls="dot headline")))
        parts.append(svg.label((left + right) / 2, HEIGHT - 8, AXES[s.name], "axis", "middle"))
        parts.append(svg.label(left + 6, TOP + 2, "satellites", "axis"))
        return svg.drawing(width, HEIGHT, "".join(parts), said)

    return both(draw)


def _drawn(count: float) -> bool:
    return math.isfinite(count) and count <= 10.0**HIGH_POWER


def _decades(left: float, right: float, at: Callable[[float, float], tuple[float, float]], x: float) -> str:
    parts = []
    for power in range(LOW_POWER, HIGH_POWER + 1):
        y = at(x, 10.0**power)[1]
        parts.append(svg.line(left, y, right, y, "zero" if power == LOW_POWER else "grid"))
        parts.append(svg.label(left - 8, y + 4, f"{10**power:,}", "tick", "end"))
    return "".join(parts)


def _ticks(
    marks: Sequence[float], at: Callable[[float, float], tuple[float, float]], bottom: float
) -> list[str]:
    return [svg.label(at(m, 1.0)[0], bottom + 17, tick(m), "tick", "middle") for m in marks]


def _launch_marks(
    marks: dict[str, float], at: Callable[[float, float], tuple[float, float]], bottom: float
) -> list[str]:
    parts = []
    for k, (name, burn_s) in enumerate(sorted(marks.items(), key=lambda m: -m[1])):
        x = at(burn_s, 1.0)[0]
        parts.append(svg.line(x, bottom - 24 - 16 * k, x, bottom, "launch"))
        parts.append(svg.label(x + 5, bottom - 16 - 16 * k, name, "launch-name"))
    return parts


def _doubt(s: Sweep, at: Callable[[float, float], tuple[float, float]]) -> str:
    """The band, which runs out of the figure's top where no number is enough in some draws."""
    told = [(x, b) for x, b in zip(s.values, s.satellites, strict=True) if math.isfinite(b.low)]
    if len(told) < 2:
        return ""
    low = [at(x, b.low) for x, b in told]
    high = [at(x, b.high) for x, b in reversed(told)]
    return svg.path([*low, *high], "doubt", closed=True)


def latitudes(answer: BoostAnswer, said: str) -> str:
    """Interceptors of the constellation in reach of the study's missile, by the latitude of its launch."""
    most = max([*answer.by_latitude, float(answer.needed), 1.0]) * 1.08
    last = answer.latitudes_deg[-1]
    areas = {e.area: abs(e.latitude_deg) for e in answer.launches}

    def draw(width: float) -> str:
        left, right, bottom = 50.0, width - 22, HEIGHT - 46

        def at(x: float, count: float) -> tuple[float, float]:
            return left + (right - left) * x / last, bottom - (bottom - TOP) * count / most

        parts = []
        for mark in svg.ticks(0.0, most, 5):
            y = at(0.0, mark)[1]
            parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
            parts.append(svg.label(left - 8, y + 4, tick(mark), "tick", "end"))
        parts += _ticks(svg.ticks(0.0, last, 8 if width > NARROW else 4), at, bottom)
        y = at(0.0, answer.needed)[1]
        parts.append(svg.line(left, y, right, y, "need"))
        parts.append(svg.label(right, y - 6, f"{answer.needed} needed", "launch-name", "end"))
        for name, latitude in areas.items():
            x = at(latitude, 0.0)[0]
            title = svg.element("title", svg.plain(name))
            parts.append(svg.element("g", title + svg.line(x, bottom - 14, x, bottom, "launch")))
        points = [at(*p) for p in zip(answer.latitudes_deg, answer.by_latitude, strict=True)]
        parts.append(svg.path(points, "curve headline", title="in reach, mean"))
        words = "latitude of the launch, degrees north or south"
        parts.append(svg.label((left + right) / 2, HEIGHT - 8, words, "axis", "middle"))
        parts.append(svg.label(left + 6, TOP + 2, "interceptors", "axis"))
        return svg.drawing(width, HEIGHT, "".join(parts), said)

    return both(draw)
