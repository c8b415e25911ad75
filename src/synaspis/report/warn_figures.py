"""Figures of the warning page: what is known when, how the impact ellipse shrinks, launches over a grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from synaspis.model.early_warning import AssetWarning, FirstSight, View, WarnAnswer
from synaspis.report import svg
from synaspis.report import warn_findings as found
from synaspis.report.figures import NARROW, both
from synaspis.report.map import View as Window
from synaspis.report.map import ground, scale_bar, view_of_places
from synaspis.report.words import duration, tick

STYLE = """
svg .wait { stroke: var(--other); stroke-width: 2; }
svg .wait.headline { stroke: var(--friend); stroke-opacity: .5; }
svg .wait.against { stroke: var(--against); stroke-opacity: .7; }
svg .mark { fill: var(--panel); stroke: var(--other); stroke-width: 1.8; }
svg .mark.headline { stroke: var(--friend); } svg .mark.against { stroke: var(--against); }
svg .mark.full.headline { fill: var(--friend); } svg .mark.full.against { fill: var(--against); }
svg .mark.full.other { fill: var(--other); } svg .hit { stroke: var(--threat); stroke-width: 2; fill: none; }
svg .cell { fill: var(--friend); stroke: var(--panel); stroke-width: .5; } svg .cell.never { fill: none;
  stroke: var(--threat); stroke-opacity: .5; }
svg .s0 { fill-opacity: .85; } svg .s1 { fill-opacity: .66; } svg .s2 { fill-opacity: .48; }
svg .s3 { fill-opacity: .32; } svg .s4 { fill-opacity: .18; } svg .s5 { fill-opacity: .08; }
svg .single { fill: var(--panel); stroke: none; } svg .gap { stroke: var(--threat); stroke-width: 1.2; }
svg .area { fill: var(--threat); stroke: var(--panel); }
"""
MARKS = (
    ("alert_s", "launch known"), ("impact_50km_s", "impact to 50 km"), ("impact_10km_s", "to 10 km"),
    ("fire_control_s", "own fire-control launch"), ("warned_s", "people warned"),
)  # fmt: skip
STEPS_S = (60.0, 90.0, 120.0, 180.0, 240.0)
"""Where the shades of the maps change."""
LANE, TOP = 17.0, 6.0
TONES = ("headline", "against", "other")


def timeline(answer: WarnAnswer, said: str) -> str:
    """One row for each nation's largest attacked place, a lane for each of the two regimes."""
    regimes = tuple(dict.fromkeys((answer.headline, answer.against)))
    codes = found.nation_codes(answer)
    rows = [(code, found.main_place(answer.regimes[answer.headline].nations[code])[0]) for code in codes]
    lanes = {
        (code, name): [(r, answer.regimes[r].nations[code].assets[name]) for r in regimes]
        for code, name in rows
    }
    longest = max(asset.impact_s for told in lanes.values() for _, asset in told)

    def draw(width: float) -> str:
        left, right = (150.0 if width > NARROW else 96.0), width - 16
        height = LANE * len(regimes) + 12

        def at(seconds: float) -> float:
            return left + (right - left) * seconds / longest

        bottom = TOP + height * len(rows)
        parts = []
        for second in svg.ticks(0.0, longest, 6 if width > NARROW else 3):
            parts.append(svg.line(at(second), TOP, at(second), bottom, "zero" if second == 0 else "grid"))
            parts.append(svg.label(at(second), bottom + 17, tick(second), "tick", "middle"))
        for i, ((code, name), told) in enumerate(lanes.items()):
            y = TOP + height * i
            words = f"{name}, {code}" if width > NARROW else name
            parts.append(svg.label(left - 10, y + height / 2 + 4.5, svg.cut(words, left - 10), "name", "end"))
            for k, (regime, asset) in enumerate(told):
                parts.append(_lane(asset, found.tone(answer, regime), regime, y + 6 + LANE * (k + 0.5), at))
            parts.append(svg.line(0, y + height, width, y + height, "row"))
        parts.append(svg.label((left + right) / 2, bottom + 38, "seconds after launch", "axis", "middle"))
        return svg.drawing(width, bottom + 46, "".join(parts), said)

    return both(draw)


def _lane(asset: AssetWarning, tone: str, regime: str, y: float, at: Callable[[float], float]) -> str:
    parts = []
    if math.isfinite(asset.known.alert_s):
        parts.append(svg.line(at(asset.known.alert_s), y, at(asset.impact_s), y, f"wait {tone}"))
    for stage, words in MARKS:
        seconds = float(getattr(asset.known, stage))
        if math.isfinite(seconds):
            title = svg.element("title", svg.plain(f"{words}: {duration(seconds)} ({regime})"))
            parts.append(svg.element("g", title + shape(stage, at(seconds), y, tone)))
    parts.append(_cross(at(asset.impact_s), y))
    return "".join(parts)


def shape(stage: str, x: float, y: float, tone: str) -> str:
    """The mark of one stage: a bar, circles that grow, a square, a full circle."""
    if stage == "alert_s":
        return svg.line(x, y - 6, x, y + 6, f"mark {tone}")
    if stage == "fire_control_s":
        return svg.rect(x - 4, y - 4, 8, 8, f"mark {tone}")
    if stage == "warned_s":
        return svg.element("circle", cx=x, cy=y, r=5, cls=f"mark full {tone}")
    return svg.element("circle", cx=x, cy=y, r=3 if stage == "impact_50km_s" else 4.5, cls=f"mark {tone}")


def _cross(x: float, y: float) -> str:
    return svg.element("path", d=f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", cls="hit")


def timeline_key(answer: WarnAnswer) -> list[tuple[str, str]]:
    """What the marks mean."""
    marks = [(shape(stage, 11, 7, "headline"), words) for stage, words in MARKS]
    marks.append((_cross(11, 7), "impact"))
    for regime in dict.fromkeys((answer.headline, answer.against)):
        marks.append((svg.line(1, 7, 21, 7, f"wait {found.tone(answer, regime)}"), regime))
    return marks


def ellipses(answer: WarnAnswer, code: str, name: str, said: str) -> str:
    """Semi-major axis of the impact ellipse against time, one curve for each regime; decades upwards."""
    told = {r: answer.regimes[r].nations[code].assets[name] for r in answer.regimes}
    known = {
        r: [(t, m / 1000) for t, m in zip(x.known.ellipse_s, x.known.ellipse_m, strict=True) if m < math.inf]
        for r, x in told.items()
    }
    sizes = [km for points in known.values() for _, km in points] or [1.0]
    low, high = math.floor(math.log10(max(min(sizes), 1e-3))), math.ceil(math.log10(max(sizes)) + 1e-9)
    longest = max(x.impact_s for x in told.values())

    def draw(width: float) -> str:
        left, right, top, bottom = 62.0, width - (96 if width > NARROW else 14), 16.0, 254.0

        def at(seconds: float, km: float) -> tuple[float, float]:
            share = (math.log10(max(km, 1e-3)) - low) / max(high - low, 1)
            return left + (right - left) * seconds / longest, bottom - (bottom - top) * share

        parts = []
        for power in range(low, high + 1):
            y = at(0, 10.0**power)[1]
            parts.append(svg.line(left, y, right, y, "grid"))
            parts.append(svg.label(left - 8, y + 4, tick(10.0**power), "tick", "end"))
        for mark in svg.ticks(0.0, longest, 6 if width > NARROW else 4):
            parts.append(svg.label(at(mark, 1)[0], bottom + 17, tick(mark), "tick", "middle"))
        used: list[float] = []
        order = sorted(known, key=lambda r: TONES.index(found.tone(answer, r)))
        curves = [(r, [at(*p) for p in known[r]]) for r in order if len(known[r]) > 1]
        for regime, points in reversed(curves):  # the headline's on top
            parts.append(svg.path(points, f"curve {found.tone(answer, regime)}", title=regime))
        for regime, points in curves if width > NARROW else ():
            if all(abs(points[-1][1] - y) > 13 for y in used):
                used.append(points[-1][1])
                parts.append(svg.label(points[-1][0] + 8, points[-1][1] + 4, regime, "value"))
        parts.append(svg.label((left + right) / 2, bottom + 38, "seconds after launch", "axis", "middle"))
        parts.append(svg.label(left + 6, top + 4, "km", "axis"))
        return svg.drawing(width, bottom + 46, "".join(parts), said)

    return both(draw)


# -- launches over a grid ------------------------------------------------------------------------


def launch_map(answer: WarnAnswer, c: FirstSight, regime: str, code: str, said: str) -> str:
    """Cells shaded by the time of the nation's first report of a launch there."""
    view = c.views[regime][code]

    def draw(width: float) -> str:
        height = 0.86 * width
        half = c.cell_deg / 2
        corners = [(f + a, x + b) for f, x in c.cells.tolist() for a in (-half, half) for b in (-half, half)]
        window = view_of_places(corners, width, height)
        content = svg.rect(0, 0, width, height, "sea") + ground(window)
        content += "".join(_cell(window, c, view, i) for i in range(len(c.cells)))
        for area in dict.fromkeys((f.launch, *f.points[0, 1:3].tolist()) for f in answer.flights):
            x, y = window.at(float(area[1]), float(area[2]))
            title = svg.element("title", svg.plain(str(area[0])))
            content += svg.element("g", title + svg.element("circle", cx=x, cy=y, r=4, cls="area"))
        return svg.drawing(width, height, content + scale_bar(window), said, cls="map")

    return both(draw)


def _cell(window: Window, c: FirstSight, view: View, i: int) -> str:
    f, x = c.cells[i].tolist()
    half = c.cell_deg / 2
    ring = [(f - half, x - half), (f - half, x + half), (f + half, x + half), (f + half, x - half)]
    points = window.spots(ring)
    seconds = float(view.report_s[i])
    middle = window.at(f, x)
    if not math.isfinite(seconds):
        title = f"{_place(f, x)}: not reported"
        return svg.path(points, "cell never", closed=True, title=title) + _gap(*middle)
    at_once = int(view.at_once[i])
    title = f"{_place(f, x)}: {duration(seconds)}, {at_once} at once"
    drawn = svg.path(points, f"cell s{shade(seconds)}", closed=True, title=title)
    if at_once < 2:
        drawn += svg.element("circle", cx=middle[0], cy=middle[1], r=3, cls="single")
    return drawn


def shade(seconds: float) -> int:
    """Which of the six shades a time has."""
    return int(np.searchsorted(STEPS_S, seconds, side="left"))


def _gap(x: float, y: float) -> str:
    return svg.element("path", d=f"M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6", cls="gap")


def _place(latitude: float, longitude: float) -> str:
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"cell at {abs(latitude):g}° {north}, {abs(longitude):g}° {east}"


def map_key(views: Sequence[View]) -> list[tuple[str, str]]:
    """Shades that occur, then the marks of a single sensor and of a gap where there are any."""
    times = np.concatenate([v.report_s for v in views])
    used = sorted({shade(float(s)) for s in times[np.isfinite(times)]})
    names = [f"up to {STEPS_S[0]:.0f} s", *(f"{a:.0f} to {b:.0f} s" for a, b in pairwise(STEPS_S))]
    names.append(f"over {STEPS_S[-1]:.0f} s")
    marks = [(svg.rect(3, 1, 16, 12, f"cell s{i}"), names[i]) for i in used]
    if any((np.isfinite(v.report_s) & (v.at_once < 2)).any() for v in views):
        dot = svg.rect(3, 1, 16, 12, "cell s1") + svg.element("circle", cx=11, cy=7, r=3, cls="single")
        marks.append((dot, "one sensor at a time: no stereo"))
    if not np.isfinite(times).all():
        marks.append((svg.rect(3, 1, 16, 12, "cell never") + _gap(11, 7), "no report"))
    marks.append((svg.element("circle", cx=11, cy=7, r=4, cls="area"), "launch areas of the case"))
    return marks
