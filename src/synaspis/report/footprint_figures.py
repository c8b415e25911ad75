"""Maps of the footprint page: a battery's outlines, and the ground defended by anybody in coarse cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synaspis.model.answers import SiteMark
from synaspis.model.footprint import BatteryFootprint, Extent, FootprintAnswer
from synaspis.report import footprint_findings as found
from synaspis.report import svg
from synaspis.report.figures import both
from synaspis.report.map import Labels, View, ground, hull, scale_bar, view_of_places

STYLE = """
svg .hold { stroke-linejoin: round; }
svg .hold.own_radar { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 1.5 3; }
svg .hold.own_radar_cued { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 4 3; }
svg .hold.launch_on_remote { fill: none; stroke: var(--friend); stroke-width: 1.2; stroke-dasharray: 7 4; }
svg .hold.engage_on_remote { fill: none; stroke: var(--other); stroke-width: 1.4; }
svg .hold.headline { fill: var(--friend); fill-opacity: .3; stroke: var(--friend); stroke-width: 1.6; }
svg .hold.twice { fill: var(--friend); fill-opacity: .3; stroke: none; }
svg .hold.against { fill: none; stroke: var(--against); stroke-width: 2; }
svg .held { fill: var(--friend); fill-opacity: .5; stroke: none; }
svg .held.against { fill: var(--against); fill-opacity: .6; }
svg .spot { fill: var(--panel); stroke: var(--ink); }
svg .area { fill: var(--threat); stroke: var(--panel); }
"""


def battery_map(answer: FootprintAnswer, b: BatteryFootprint, said: str) -> str:
    """Modes as lines, the headline regime filled, the one it is held against as a line."""
    extents = [*b.modes.values(), *(u.extent for u in b.regimes.values())]
    points = [p for x in extents for polygon in x.outline for p in polygon[0][:, ::-1].tolist()]
    site = b.site

    def draw(width: float) -> str:
        height = 0.72 * width
        view = _close(
            view_of_places([*points, (site.latitude_deg, site.longitude_deg)], width, height), points
        )
        content = svg.rect(0, 0, width, height, "sea") + ground(view)
        for mode, extent in reversed(list(b.modes.items())):
            content += _outline(view, extent, f"hold {mode}", found.MODE_WORDS[mode])
        held = b.regimes[answer.headline].extent
        content += _outline(view, held, "hold headline", answer.headline)
        content += _outline(view, held, "hold twice", f"{answer.headline}: two engagements", twice=True)
        if answer.against != answer.headline:
            content += _outline(view, b.regimes[answer.against].extent, "hold against", answer.against)
        content += _spots(view, site, answer.assets)
        return svg.drawing(width, height, content + scale_bar(view), said, cls="map")

    return both(draw)


def _close(view: View, points: Sequence[tuple[float, float]]) -> View:
    """The window drawn in about a small footprint: `view_of_places` leaves 250 km of air."""
    plane = view.planes_km(points)
    east, north = [p[0] for p in plane], [p[1] for p in plane]
    wide, high = max(east) - min(east), max(north) - min(north)
    air = 0.12 * max(wide, high) + 2.0
    k = min(view.width / (wide + 2 * air), view.height / (high + 2 * air))
    return View(
        view.latitude_deg, view.longitude_deg, view.width, view.height, k,
        (min(east) + max(east)) / 2, (min(north) + max(north)) / 2,
    )  # fmt: skip


def _outline(view: View, x: Extent, cls: str, words: str, twice: bool = False) -> str:
    drawn = ""
    for polygon in x.twice_outline if twice else x.outline:
        drawn += "".join(svg.steps(view.spots(ring[:, ::-1].tolist()), closed=True) for ring in polygon)
    title = svg.element("title", svg.plain(words))
    return svg.element("path", title, d=drawn, cls=cls, fill_rule="evenodd") if drawn else ""


def _spots(view: View, site: SiteMark, assets: Sequence[SiteMark]) -> str:
    """The battery, and the case's places in the window with the names that fit."""
    labels = Labels(view)
    x, y = view.at(site.latitude_deg, site.longitude_deg)
    if site.domain == "sea":
        mark = svg.path(hull(x, y), "battery", closed=True)
    else:
        mark = svg.rect(x - 4.5, y - 4.5, 9, 9, "battery")
    labels.mark(x, y, 5)
    shown = []
    for a in sorted(assets, key=lambda a: -a.population):
        spot = view.at(a.latitude_deg, a.longitude_deg)
        if view.holds(spot, 4.0):
            labels.mark(*spot, 3)
            shown.append((a, *spot))
    dots = "".join(svg.element("circle", cx=px, cy=py, r=3, cls="spot") for _, px, py in shown)
    names = labels.place(x, y, 5, site.name, "place on-battery")
    names += "".join(labels.place(px, py, 3, a.name, "place on-asset") for a, px, py in shown[:12])
    return dots + mark + names


def battery_key(answer: FootprintAnswer, b: BatteryFootprint) -> list[tuple[str, str]]:
    """What the lines mean: only what is drawn."""
    marks = []
    for name in dict.fromkeys((answer.headline, answer.against)):
        if b.regimes[name].extent.outline:
            marks.append((svg.rect(3, 2, 16, 10, f"hold {found.tone(answer, name)}"), name))
    if b.regimes[answer.headline].extent.twice_outline:
        twice = svg.rect(3, 2, 16, 10, "hold headline") + svg.rect(3, 2, 16, 10, "hold twice")
        marks.append((twice, f"{answer.headline}: two engagements"))
    for mode, extent in b.modes.items():
        if extent.outline:
            marks.append((svg.line(1, 7, 21, 7, f"hold {mode}"), found.MODE_WORDS[mode]))
    return marks


def cells_map(answer: FootprintAnswer, regime: str, said: str) -> str:
    """Ground defended by anybody under one regime, in cells of 25 km."""
    reached = [r.coalition.cells for r in answer.regimes.values()]
    corners = np.concatenate(reached)
    places = [(float(s), float(w)) for s, w, _, _ in corners.tolist()] + [
        (float(n), float(e)) for _, _, n, e in corners.tolist()
    ]
    places += [(m.latitude_deg, m.longitude_deg) for m in (*answer.areas, *_marks(answer))]

    def draw(width: float) -> str:
        height = 0.62 * width
        view = view_of_places(places, width, height)
        content = svg.rect(0, 0, width, height, "sea") + ground(view)
        drawn = ""
        for south, west, north, east in _joined(answer.regimes[regime].coalition.cells):
            steps = np.linspace(west, east, max(2, math.ceil(east - west) + 1)).tolist()
            ring = [(south, x) for x in steps] + [(north, x) for x in reversed(steps)]
            drawn += svg.steps(view.spots(ring), closed=True)
        content += svg.element("path", d=drawn, cls=f"held {found.tone(answer, regime)}") if drawn else ""
        for m in _marks(answer):
            x, y = view.at(m.latitude_deg, m.longitude_deg)
            content += (
                svg.path(hull(x, y), "battery", closed=True)
                if m.domain == "sea"
                else svg.rect(x - 3.5, y - 3.5, 7, 7, "battery")
            )
        for m in {(m.latitude_deg, m.longitude_deg): m for m in answer.areas}.values():
            x, y = view.at(m.latitude_deg, m.longitude_deg)
            title = svg.element("title", svg.plain(m.name))
            content += svg.element("g", title + svg.element("circle", cx=x, cy=y, r=4, cls="area"))
        return svg.drawing(width, height, content + scale_bar(view), said, cls="map")

    return both(draw)


def _marks(answer: FootprintAnswer) -> list[SiteMark]:
    return [b.site for b in answer.batteries.values()]


def _joined(cells: np.ndarray) -> list[list[float]]:
    """Cells side by side in their band, as one."""
    found_: list[list[float]] = []
    for south, west, north, east in sorted(cells.tolist()):
        if found_ and found_[-1][0] == south and abs(found_[-1][3] - west) < 1e-9:
            found_[-1][3] = east
        else:
            found_.append([south, west, north, east])
    return found_


def cells_key(answer: FootprintAnswer, regime: str) -> list[tuple[str, str]]:
    """What the map's marks mean."""
    return [
        (svg.rect(3, 1, 16, 12, f"held {found.tone(answer, regime)}"), "defended by anybody, cells of 25 km"),
        (svg.rect(7, 3, 7, 7, "battery"), "batteries"),
        (svg.element("circle", cx=11, cy=7, r=4, cls="area"), "launch areas of the case"),
    ]
