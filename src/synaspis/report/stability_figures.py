"""Figures of the transparency page: wide regions and the shield on a map, shares, rounds against missiles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synaspis.model.answers import Band, SiteMark
from synaspis.model.stability import ReachShare, StabilityAnswer
from synaspis.report import svg
from synaspis.report.figures import Bar, bars, both
from synaspis.report.map import Labels, View, clipped, destination, ground, hull, scale_bar, view_of_places
from synaspis.report.stability_findings import share_of
from synaspis.report.words import tick

STYLE = """
svg .region { fill: var(--threat); fill-opacity: .12; stroke: var(--threat); stroke-width: 1.2; }
svg .goal { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 5 4; stroke-opacity: .7; }
svg .place.on-region { fill: var(--threat); } svg .place.on-goal { fill: var(--ink); }
.said { color: var(--soft); }
"""
LEAST_SHOWN_KM = 300.0
"""Interceptors of shorter range are squares without a circle."""
EDGE = 73


def stability_map(q: StabilityAnswer, sites: Sequence[SiteMark], said: str) -> str:
    """Launch regions, where the paths lead and the shield's batteries. No path is drawn."""
    regions = [
        (r.name, math.degrees(r.latitude_rad), math.degrees(r.longitude_rad), r.radius_m / 1000.0)
        for r in q.regions
    ]
    batteries = [s for s in sites if s.kind == "battery"]
    corners = [p for _, lat, lon, radius in (*regions, *q.marks) for p in _ring(lat, lon, radius)[::9]]
    corners += [(s.latitude_deg, s.longitude_deg) for s in batteries]
    areas = {d.name for d in q.towards if d.is_area}

    def draw(width: float) -> str:
        height = (0.62 if width > 500 else 0.9) * width
        view = view_of_places(corners, width, height)
        content = svg.rect(0, 0, width, height, "sea") + ground(view)
        content += "".join(_circle(view, mark, "region") for mark in regions)
        content += "".join(_circle(view, mark, "goal") for mark in q.marks if mark[0] in areas)
        reaching = [(s.name, s.latitude_deg, s.longitude_deg, s.reach_km) for s in far_reaching(batteries)]
        content += "".join(_circle(view, mark, "circle") for mark in reaching)
        content += _marks(view, batteries, regions, q.marks) + scale_bar(view)
        return svg.drawing(width, height, content, said, cls="map")

    return both(draw)


def far_reaching(sites: Sequence[SiteMark]) -> list[SiteMark]:
    """Batteries whose interceptors reach `LEAST_SHOWN_KM` over ground, the farthest first."""
    found = [s for s in sites if s.kind == "battery" and s.reach_km >= LEAST_SHOWN_KM]
    return sorted(found, key=lambda s: -s.reach_km)


def _ring(latitude_deg: float, longitude_deg: float, radius_km: float) -> list[tuple[float, float]]:
    return [destination(latitude_deg, longitude_deg, 360.0 * i / (EDGE - 1), radius_km) for i in range(EDGE)]


_Mark = tuple[str, float, float, float]
"""Name, latitude and longitude in degrees, radius in km."""


def _circle(view: View, mark: _Mark, cls: str) -> str:
    name, latitude_deg, longitude_deg, radius_km = mark
    kept = clipped(view.spots(_ring(latitude_deg, longitude_deg, radius_km)), view)
    return svg.path(kept, cls, closed=True, title=f"{name}: {radius_km:,.0f} km") if len(kept) > 2 else ""


def _marks(
    view: View, batteries: Sequence[SiteMark], regions: Sequence[_Mark], goals: Sequence[_Mark]
) -> str:
    """Batteries, and the names of regions and destinations, then of far-reaching batteries, as they fit."""
    labels, shapes, names = Labels(view), [], []
    for s in batteries:
        x, y = view.at(s.latitude_deg, s.longitude_deg)
        if s.reach_km >= LEAST_SHOWN_KM:
            labels.mark(x, y, 4.0)
        square = svg.rect(x - 3.5, y - 3.5, 7, 7, "battery")
        shape = svg.path(hull(x, y), "battery", closed=True) if s.domain == "sea" else square
        title = svg.element("title", svg.plain(f"{s.name}: {s.type}, owned by {s.owner}"))
        shapes.append(svg.element("g", title + shape))
    for _, lat, lon, radius in regions:
        labels.mark(*view.at(lat, lon), 0.7 * radius * view.k)
    for name, lat, lon, radius in regions:
        x, y = view.at(lat, lon)
        names.append(labels.place(x, y, 0.9 * radius * view.k, name, "place on-region"))
    for name, lat, lon, _ in goals:
        names.append(labels.place(*view.at(lat, lon), 0.0, name, "place on-goal"))
    for s in far_reaching(batteries):
        names.append(labels.place(*view.at(s.latitude_deg, s.longitude_deg), 5.0, s.name, "place on-battery"))
    return "".join(shapes) + "".join(names)


def map_key(q: StabilityAnswer) -> list[tuple[str, str]]:
    """What the map's marks mean: only what is drawn."""
    marks = [(svg.element("circle", cx=11, cy=7, r=6, cls="region"), "launch region")]
    if any(d.is_area for d in q.towards):
        marks.append((svg.element("circle", cx=11, cy=7, r=6, cls="goal"), "where the paths lead"))
    return [
        *marks,
        (svg.rect(7, 3, 7, 7, "battery"), "battery"),
        (svg.element("circle", cx=11, cy=7, r=6, cls="circle"), "its interceptor’s range over ground"),
    ]


def share_bars(q: StabilityAnswer, said: str) -> str:
    """Shares of paths by launch region and class: launched with the missile, and after its burnout."""
    rows = []
    for region, by_class in q.cells.items():
        for i, (name, cell) in enumerate(by_class.items()):
            label = region if i == 0 else ""
            rows.append(_row(label, cell, cell.from_launch, name, "other"))
            if meets_late(q):
                rows.append(_row("", cell, cell.from_burnout, name, "headline"))
    return bars(rows, "share of paths that some interceptor could meet, %", tick, said)


def _row(label: str, cell: ReachShare, share: Band | None, name: str, tone: str) -> Bar:
    if share is None:
        told = "out of range" if cell.paths == 0 else "too few paths"
        return Bar(label=label, value=0.0, said=f"{name}: {told}", tone=tone)
    hundred = [100.0 * x for x in (share.value, share.low, share.high)]
    low, high = (None, None) if share.low == share.high else hundred[1:]
    said = f"{share_of(share.value)} {name}"
    return Bar(label=label, value=hundred[0], said=said, tone=tone, low=low, high=high)


def meets_late(q: StabilityAnswer) -> bool:
    """Whether any path could be met from burnout, with some figures: else its bars are left out."""
    return q.whole.from_burnout is not None and q.whole.from_burnout.high > 0.0


def share_key(q: StabilityAnswer) -> list[tuple[str, str]]:
    """What the bars mean."""
    marks = [(svg.rect(3, 2, 16, 10, "bar other"), "launched at the same moment as the missile")]
    if meets_late(q):
        marks.append(
            (svg.rect(3, 2, 16, 10, "bar headline"), "launched when its motors have stopped, or later")
        )
    return [
        *marks,
        (svg.line(2, 7, 20, 7, "luck"), "public figures at the worse and the better end of their bands"),
    ]


def rounds_bars(q: StabilityAnswer, said: str) -> str:
    """Ready rounds by layer, those in reach of some, and the state's missiles."""
    rows = [_counted(f"missiles of {q.state}", q.missiles, "loss", "")]
    for layer, x in q.layers.items():
        rows.append(_counted(f"{layer} rounds", x.ready, "other", "ready"))
        rows.append(_counted("", x.within_reach, "headline", "in reach"))
        if _any_on_list(q):
            rows.append(_counted("", x.on_list, "against", "on a list"))
    return bars(rows, "missiles; rounds ready to fire", tick, said)


def _counted(label: str, b: Band, tone: str, words: str) -> Bar:
    low, high = (None, None) if b.low == b.high else (b.low, b.high)
    return Bar(
        label=label, value=b.value, said=f"{b.value:,.0f} {words}".rstrip(), tone=tone, low=low, high=high
    )


def _any_on_list(q: StabilityAnswer) -> bool:
    return any(x.on_list.high > 0.0 for x in q.layers.values())


def rounds_key(q: StabilityAnswer) -> list[tuple[str, str]]:
    """What the bars mean."""
    marks = [
        (svg.rect(3, 2, 16, 10, "bar loss"), "missiles that the state is said to have"),
        (svg.rect(3, 2, 16, 10, "bar other"), "rounds ready"),
        (svg.rect(3, 2, 16, 10, "bar headline"), "of them, where three or more paths could be met"),
    ]
    if _any_on_list(q):
        marks.append((svg.rect(3, 2, 16, 10, "bar against"), "of types with the class on their list"))
    return marks
