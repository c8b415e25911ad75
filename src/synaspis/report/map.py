"""The map: land, ground tracks of the raid, sensors with their sectors, batteries, places attacked.

Projection: Lambert azimuthal equal-area about the middle of what is drawn (J. P. Snyder,
Map Projections: A Working Manual, USGS Professional Paper 1395, 1987, chapter 24), sphere.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, chain, pairwise

import numpy as np

from synaspis.model.answers import Flight, RunAnswer, SiteMark
from synaspis.report import cap, svg
from synaspis.report.svg import Point
from synaspis.report.words import counted, people

EARTH_KM = 6371.0
STATUS_ORDER = ("demonstrated", "assessed", "hypothetical")


@dataclass(frozen=True)
class View:
    """A projection and the window that shows it: `k` pixels for a kilometre."""

    latitude_deg: float
    longitude_deg: float
    width: float
    height: float
    k: float = 1.0
    x0_km: float = 0.0
    y0_km: float = 0.0

    def plane_km(self, latitude_deg: float, longitude_deg: float) -> Point:
        """Kilometres east and north of the middle."""
        return self.planes_km([(latitude_deg, longitude_deg)])[0]

    def planes_km(self, places: Sequence[tuple[float, float]]) -> list[Point]:
        """The same for many places (latitude, longitude; degrees): tens of thousands of them on a shore."""
        if not places:
            return []
        f, longitude = np.radians(np.asarray(places, float)).T
        f0, dl = math.radians(self.latitude_deg), longitude - math.radians(self.longitude_deg)
        cosine = math.sin(f0) * np.sin(f) + math.cos(f0) * np.cos(f) * np.cos(dl)
        scale = EARTH_KM * np.sqrt(2.0 / np.maximum(1.0 + cosine, 1e-6))
        east = scale * np.cos(f) * np.sin(dl)
        north = scale * (math.cos(f0) * np.sin(f) - math.sin(f0) * np.cos(f) * np.cos(dl))
        return list(zip(east.tolist(), north.tolist(), strict=True))

    def at(self, latitude_deg: float, longitude_deg: float) -> Point:
        """Pixels from the top left."""
        return self.pixel(*self.plane_km(latitude_deg, longitude_deg))

    def spots(self, places: Sequence[tuple[float, float]]) -> list[Point]:
        """Pixels from the top left of many places."""
        return [self.pixel(*point) for point in self.planes_km(places)]

    def pixel(self, x: float, y: float) -> Point:
        """Kilometres east and north of the middle as pixels."""
        return self.width / 2 + (x - self.x0_km) * self.k, self.height / 2 - (y - self.y0_km) * self.k

    @property
    def radius_km(self) -> float:
        """Radius about the middle that holds the window, clear of the antipode, which is a circle here."""
        corner = math.hypot(
            abs(self.x0_km) + self.width / self.k / 2 + 100, abs(self.y0_km) + self.height / self.k / 2 + 100
        )
        return min(corner, 1.99 * EARTH_KM)

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """True where `point` lies inside the window, `margin` pixels from its edge."""
        inside = margin <= point[0] <= self.width - margin
        return inside and margin <= point[1] <= self.height - margin


def drawn_sites(answer: RunAnswer) -> list[SiteMark]:
    """Sites that a map shows: not satellites, and none without a place."""
    return [
        site
        for site in answer.sites
        if site.kind != "satellite" and math.isfinite(site.latitude_deg) and math.isfinite(site.longitude_deg)
    ]


def view_of(answer: RunAnswer, width: float, height: float) -> View:
    """The window that holds every track and site with some air around them."""
    places = [(site.latitude_deg, site.longitude_deg) for site in drawn_sites(answer)]
    places += [(float(p[1]), float(p[2])) for flight in answer.flights for p in flight.points]
    return view_of_places(places or [(45.0, 20.0)], width, height)


def view_of_places(places: Sequence[tuple[float, float]], width: float, height: float) -> View:
    """The window that holds all `places` (latitude, longitude; degrees) with some air around them."""
    f, longitude = np.radians(np.asarray(places, float)).T
    x, y = float((np.cos(f) * np.cos(longitude)).sum()), float((np.cos(f) * np.sin(longitude)).sum())
    z = float(np.sin(f).sum())
    middle = View(
        math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)), width, height
    )
    plane = middle.planes_km(places)
    west, east = min(p[0] for p in plane), max(p[0] for p in plane)
    south, north = min(p[1] for p in plane), max(p[1] for p in plane)
    air_km = max(250.0, 0.08 * max(east - west, north - south))
    k = min(width / (east - west + 2 * air_km), height / (north - south + 2 * air_km))
    return View(
        middle.latitude_deg, middle.longitude_deg, width, height, k, (west + east) / 2, (south + north) / 2
    )


@cache
def _land() -> dict[str, list[list[tuple[float, float]]]]:
    """Shores and borders as lists of (latitude, longitude) in degrees."""
    document = json.loads(files("synaspis.report").joinpath("land.json").read_text(encoding="utf-8"))
    return {kind: [_decoded(steps) for steps in document[kind]] for kind in ("land", "borders")}


def _decoded(steps: Sequence[int]) -> list[tuple[float, float]]:
    points, x, y = [], 0, 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((y / 100, x / 100))
    return points


def _all_planes_km(view: View, lines: Sequence[Sequence[tuple[float, float]]]) -> list[list[Point]]:
    """`View.planes_km` of many lines at once."""
    points = view.planes_km(list(chain.from_iterable(lines)))
    ends = accumulate((len(line) for line in lines), initial=0)
    return [points[begin:end] for begin, end in pairwise(ends)]


def clipped(ring: Sequence[Point], view: View) -> list[Point]:
    """The part of a polygon inside the window and 20 px around it (Sutherland and Hodgman)."""
    pad = 20.0
    found = list(ring)
    for axis, limit, sign in (
        (0, -pad, 1),
        (0, view.width + pad, -1),
        (1, -pad, 1),
        (1, view.height + pad, -1),
    ):
        source, found = found, []
        for a, b in zip(source, source[1:] + source[:1], strict=True):
            a_in, b_in = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if a_in:
                found.append(a)
            if a_in != b_in:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                found.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
    return found


@lru_cache(maxsize=4)
def ground(view: View) -> str:
    """Land and borders, drawn once for maps of the same window."""
    shores = []
    for ring in cap.cut(_all_planes_km(view, _land()["land"]), view.radius_km):
        kept = clipped([view.pixel(*point) for point in ring], view)
        if len(kept) > 2:
            shores.append(svg.steps(kept, closed=True))
    borders = []
    for border in _all_planes_km(view, _land()["borders"]):
        for a, b in pairwise([view.pixel(*point) for point in border]):
            if view.holds(a, -20) or view.holds(b, -20):
                borders.append((a, b))
    return svg.element("path", d="".join(shores), cls="land") + svg.element(
        "path", d=_joined(borders), cls="border"
    )


def _joined(segments: Sequence[tuple[Point, Point]]) -> str:
    """Segments as path data, those that meet in one stroke."""
    runs: list[list[Point]] = []
    for a, b in segments:
        if runs and runs[-1][-1] == a:
            runs[-1].append(b)
        else:
            runs.append([a, b])
    return "".join(svg.steps(run) for run in runs)


def destination(
    latitude_deg: float, longitude_deg: float, bearing_deg: float, distance_km: float
) -> tuple[float, float]:
    """Latitude and longitude, degrees, of the place so far from another along a great circle."""
    f, a, d = math.radians(latitude_deg), math.radians(bearing_deg), distance_km / EARTH_KM
    lat = math.asin(math.sin(f) * math.cos(d) + math.cos(f) * math.sin(d) * math.cos(a))
    east = math.atan2(math.sin(a) * math.sin(d) * math.cos(f), math.cos(d) - math.sin(f) * math.sin(lat))
    return math.degrees(lat), longitude_deg + math.degrees(east)


def _area(site: SiteMark, view: View, cls: str) -> str:
    """A sensor's sector or a battery's circle."""
    if not 0 < site.reach_km < 12_000:
        return ""
    whole = site.sector_deg >= 359.9 or site.sector_deg <= 0
    start, width = (0.0, 360.0) if whole else (site.facing_deg - site.sector_deg / 2, site.sector_deg)
    arc = view.spots(
        [
            destination(site.latitude_deg, site.longitude_deg, start + width * i / 72, site.reach_km)
            for i in range(73)
        ]
    )
    if not whole:
        arc = [view.at(site.latitude_deg, site.longitude_deg), *arc]
    kept = clipped(arc, view)
    return (
        svg.path(kept, cls, closed=True, title=f"{site.name}: {site.reach_km:,.0f} km")
        if len(kept) > 2
        else ""
    )


def _tracks(flights: Sequence[Flight], view: View) -> str:
    """One line for each launch area, class and target."""
    alike: dict[tuple[str, str, str, str], list[Flight]] = {}
    for flight in flights:
        alike.setdefault((flight.launch, flight.target, flight.type, flight.status), []).append(flight)
    parts = []
    for (launch, target, kind, status), same in alike.items():
        points = view.spots([(float(p[1]), float(p[2])) for p in same[0].points])
        title = f"{counted(len(same), 'missile')}, {kind} ({status}), {launch} to {target}"
        parts.append(
            svg.path(points, f"track {status if status in STATUS_ORDER else ''}".strip(), title=title)
        )
    return "".join(parts)


class Labels:
    """Places words so that none covers another or a mark: first come, first placed."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.taken: list[tuple[float, float, float, float]] = []

    def mark(self, x: float, y: float, radius: float) -> None:
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def place(self, x: float, y: float, radius: float, words: str, cls: str) -> str:
        wide = 6.4 * len(words)
        gap = radius + 4
        for dx, dy, anchor in (
            (gap, 4, "start"),
            (-gap, 4, "end"),
            (0, -gap, "middle"),
            (0, gap + 10, "middle"),
        ):
            left = x + dx - {"start": 0.0, "end": wide, "middle": wide / 2}[anchor]
            box = (left, y + dy - 10, left + wide, y + dy + 3)
            inside = (
                box[0] > 2 and box[2] < self.view.width - 2 and box[1] > 2 and box[3] < self.view.height - 2
            )
            if inside and not any(_overlap(box, other) for other in self.taken):
                self.taken.append(box)
                return svg.label(x + dx, y + dy, words, cls, anchor)
        return ""


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _marks(sites: Sequence[SiteMark], view: View) -> str:
    """Assets by population, radars as triangles, aircraft as wings, batteries as squares or hulls.

    Then the names that fit.
    """
    shapes, spots = [], []
    labels = Labels(view)
    most = max((site.population for site in sites), default=0.0) or 1.0
    big = 13.0 if view.width > 500 else 9.0
    for site in sorted(sites, key=lambda s: -s.population):
        x, y = view.at(site.latitude_deg, site.longitude_deg)
        if not view.holds((x, y)):
            continue
        radius, shape = _shape(site, x, y, max(2.5, big * math.sqrt(max(site.population, 0.0) / most)))
        shapes.append(svg.element("g", svg.element("title", svg.plain(_said(site))) + shape))
        labels.mark(x, y, radius)
        spots.append((site, x, y, radius))
    names = [labels.place(x, y, r, site.name, f"place on-{_tone(site)}") for site, x, y, r in spots]
    return "".join(shapes) + "".join(names)


def _tone(site: SiteMark) -> str:
    return "radar" if site.kind == "aircraft" else site.kind if site.kind in ("radar", "battery") else "asset"


def hull(x: float, y: float) -> list[tuple[float, float]]:
    """A ship seen from the side, around a point."""
    return [(x - 7, y - 3.5), (x + 7, y - 3.5), (x + 4, y + 4), (x - 4, y + 4)]


def wing(x: float, y: float) -> list[tuple[float, float]]:
    """An aircraft seen from above, around a point."""
    return [(x, y - 7), (x + 7, y + 4), (x, y + 1), (x - 7, y + 4)]


def _shape(site: SiteMark, x: float, y: float, radius: float) -> tuple[float, str]:
    if site.kind == "battery" and site.domain == "sea":
        return 5.5, svg.path(hull(x, y), "battery", closed=True)
    if site.kind == "battery":
        return 4.5, svg.rect(x - 4.5, y - 4.5, 9, 9, "battery")
    if site.kind == "radar":
        return 7.0, svg.path([(x, y - 7), (x + 6.5, y + 5), (x - 6.5, y + 5)], "sensor", closed=True)
    if site.kind == "aircraft":
        return 7.0, svg.path(wing(x, y), "sensor", closed=True)
    return radius, svg.element("circle", cx=x, cy=y, r=radius, cls="asset")


def _said(site: SiteMark) -> str:
    if _tone(site) == "asset":
        return f"{site.name} ({site.owner}), {people(site.population)} people"
    host = "" if site.host == site.owner else f", on the soil of {site.host}"
    host = ", at sea" if site.domain == "sea" else ", in the air" if site.kind == "aircraft" else host
    return f"{site.name}: {site.type}, owned by {site.owner}{host}"


def scale_bar(view: View) -> str:
    """How long a round number of kilometres is, at the lower left."""
    length_km = max(
        mark for mark in (100, 200, 500, 1000, 2000) if mark == 100 or mark * view.k < view.width / 4
    )
    x, y, end = 16.0, view.height - 16, 16 + length_km * view.k
    return svg.line(x, y, end, y, "scale") + svg.label(x, y - 7, f"{length_km:,} km", "scale-name")


def world_map(answer: RunAnswer, width: float, height: float, said: str) -> str:
    """The map of a run, `width` by `height` pixels."""
    return raid_map(drawn_sites(answer), answer.flights, view_of(answer, width, height), said)


def raid_map(sites: Sequence[SiteMark], flights: Sequence[Flight], view: View, said: str) -> str:
    """The map of a raid: what stands where, what it reaches, and the ways of the missiles."""
    content = svg.rect(0, 0, view.width, view.height, "sea") + ground(view)
    content += "".join(_area(site, view, "sector") for site in sites if site.kind == "radar")
    content += "".join(_area(site, view, "circle") for site in sites if site.kind == "battery")
    content += _tracks(flights, view) + _marks(sites, view) + scale_bar(view)
    return svg.drawing(view.width, view.height, content, said, cls="map")
