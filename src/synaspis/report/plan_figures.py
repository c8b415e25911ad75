"""Figures of a plan: who defends whom on a map, and bars with long labels above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from synaspis.model.answers import SiteMark
from synaspis.model.plan import PlanAnswer
from synaspis.report import svg
from synaspis.report.figures import Bar, both
from synaspis.report.map import Labels, View, ground, hull, scale_bar, view_of_places

STYLE = """
svg .duty { stroke: var(--friend); stroke-width: 1.3; stroke-opacity: .6; fill: none; }
svg .duty.backup { stroke-dasharray: 4 4; }
svg .site { fill: var(--panel); stroke: var(--friend); stroke-width: 1.6; }
svg .site.idle { stroke: var(--other); } svg .site.added { fill: var(--friend); }
svg .town { fill: var(--ink); fill-opacity: .75; }
svg .town-name { font-size: 12px; } svg .site-name { font-size: 12px; fill: var(--friend); }
"""
BIG = 9.0


def plan_map(a: PlanAnswer, said: str) -> str:
    """Places that are defended, batteries, what is added, and lines from each primary to what it defends."""
    attacked = {r.asset for r in a.responsibility if r.missiles}
    places = [s for s in a.sites if s.name in attacked and s.kind not in ("battery", "radar")]
    batteries = [s for s in a.sites if s.kind == "battery"]
    new = {x.name for x in a.laydown}
    sensors = [s for s in a.sites if s.kind == "radar" and s.name in new]
    corners = [(s.latitude_deg, s.longitude_deg) for s in (*places, *batteries, *sensors)] or [(45.0, 20.0)]
    at = {s.name: (s.latitude_deg, s.longitude_deg) for s in (*places, *batteries, *sensors)}
    part = {m.battery for m in a.magazines if m.expected > 0.0}

    def draw(width: float) -> str:
        height = 0.72 * width
        view = view_of_places(corners, width, height)
        content = svg.rect(0, 0, width, height, "sea") + ground(view) + _lines(a, view, at)
        labels, marks = Labels(view), []
        words: list[tuple[float, float, float, str, str]] = []
        for s in sorted(batteries, key=lambda s: (s.name not in new, s.name not in part)):
            tone = "added" if s.name in new else "" if s.name in part else "idle"
            marks.append(_battery(s, view, tone))
            x, y = view.at(s.latitude_deg, s.longitude_deg)
            labels.mark(x, y, 6.0)
            if tone != "idle":
                words.append((x, y, 6.0, s.name.partition(" at ")[0], "site-name"))
        for s in sensors:
            x, y = view.at(s.latitude_deg, s.longitude_deg)
            corner = [(x, y - 7), (x + 6.5, y + 5), (x - 6.5, y + 5)]
            marks.append(svg.path(corner, "site added", closed=True, title=s.name))
            words.append((x, y, 7.0, s.type, "site-name"))
        for s in sorted(places, key=lambda s: -s.population):
            x, y = view.at(s.latitude_deg, s.longitude_deg)
            title = svg.element("title", svg.plain(f"{s.name} ({s.owner})"))
            dot = svg.element("circle", cx=x, cy=y, r=4, cls="town")
            marks.append(svg.element("g", title + dot))
            words.insert(0, (x, y, 4.0, s.name, "town-name"))
        names = [labels.place(x, y, r, text, cls) for x, y, r, text, cls in words]
        return svg.drawing(
            width, height, content + "".join(marks) + "".join(names) + scale_bar(view), said, cls="map"
        )

    return both(draw)


def _lines(a: PlanAnswer, view: View, at: dict[str, tuple[float, float]]) -> str:
    parts = []
    for r in a.responsibility:
        for post, cls in ((r.primary, "duty"), (r.backup, "duty backup")):
            if r.missiles and post is not None and post.battery in at and r.asset in at:
                ends = [view.at(*at[post.battery]), view.at(*at[r.asset])]
                parts.append(svg.path(ends, cls, title=f"{post.battery} defends {r.asset}, {r.layer}"))
    return "".join(parts)


def _battery(s: SiteMark, view: View, tone: str) -> str:
    x, y = view.at(s.latitude_deg, s.longitude_deg)
    title = svg.element("title", svg.plain(f"{s.name}: {s.type}, {s.owner}, on the soil of {s.host}"))
    if s.domain == "sea":
        return svg.element("g", title + svg.path(hull(x, y), f"site {tone}".strip(), closed=True))
    return svg.element("g", title + svg.rect(x - 4.5, y - 4.5, 9, 9, f"site {tone}".strip()))


def map_key(a: PlanAnswer) -> list[tuple[str, str]]:
    """What the marks mean, those that occur."""
    marks = [
        (svg.rect(6, 2, 9, 9, "site"), "battery with a part in the plan"),
        (svg.rect(6, 2, 9, 9, "site idle"), "battery without one"),
    ]
    if a.laydown:
        marks.append((svg.rect(6, 2, 9, 9, "site added"), "added"))
    marks.append((svg.element("circle", cx=11, cy=7, r=4, cls="town"), "place defended in the raid"))
    return marks


def rule_bars(rows: Sequence[Bar], axis: str, ticks: Callable[[float], str], said: str) -> str:
    """Bars whose labels are sentences: each stands above its bar."""
    most = max((r.value for r in rows), default=1.0) or 1.0

    def draw(width: float) -> str:
        line, left, room = 44.0, 2.0, 118.0
        height = line * len(rows) + 40.0
        right = width - room
        parts = []
        for mark in svg.ticks(0.0, most, 4):
            x = left + (right - left) * mark / most
            parts.append(svg.line(x, 0, x, height - 36, "grid"))
            parts.append(svg.label(x, height - 20, ticks(mark), "tick", "middle" if mark else "start"))
        for i, r in enumerate(rows):
            y = line * i
            parts.append(svg.label(left, y + 15, svg.cut(r.label, width - 4, 6.6), ""))
            parts.append(
                svg.rect(left, y + 22, max((right - left) * r.value / most, 1.0), 12, f"bar {r.tone}")
            )
            parts.append(svg.label(left + (right - left) * r.value / most + 7, y + 33, r.said, "value"))
        parts.append(svg.label((left + right) / 2, height - 3, axis, "axis", "middle"))
        return svg.drawing(width, height, "".join(parts), said)

    return both(draw)
