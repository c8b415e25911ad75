"""A case before it is run: a map of what stands where, and of the raid as straight ways on the ground."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Flight, SiteMark
from synaspis.model.case import Case
from synaspis.report.map import raid_map, view_of_places

WIDTH, HEIGHT = 520.0, 340.0
STEPS = 24
STYLE = (
    "svg{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif}"
    "text{fill:var(--ink)}"
)


def case_picture(case: Case) -> str:
    """The map as a picture of its own (SVG), light and dark as its reader has it."""
    sites, flights = [*_sensors(case), *_batteries(case), *_assets(case)], list(_flights(case))
    places = [(s.latitude_deg, s.longitude_deg) for s in sites]
    places += [(float(p[1]), float(p[2])) for f in flights for p in f.points]
    view = view_of_places(places or [(45.0, 20.0)], WIDTH, HEIGHT)
    drawn = raid_map(sites, flights, view, f"Map: {case.file.title}")
    style = f"<style>{_style()}</style>"
    box = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{HEIGHT:.0f}"'
    return drawn.replace("<svg", box, 1).replace(">", f">{style}", 1)


def _style() -> str:
    """The colours and the marks of the reports' own style sheet."""
    sheet = files("synaspis.report").joinpath("page.css").read_text(encoding="utf-8")
    colours = sheet[: sheet.index("* {")]
    marks = sheet[sheet.index("svg .sea {") : sheet.index("@media (min-width")]
    return colours + STYLE + marks


def _degrees(latitude_rad: float, longitude_rad: float) -> tuple[float, float]:
    return math.degrees(latitude_rad), math.degrees(longitude_rad)


def _mark(name: str, kind: str, owner: str, place: tuple[float, float], **more: float | str) -> SiteMark:
    told: dict[str, float | str] = {
        "type": "", "operator": owner, "host": owner, "facing_deg": 0.0, "sector_deg": 0.0, "reach_km": 0.0,
        "population": 0.0, **more,
    }  # fmt: skip
    return SiteMark(name=name, kind=kind, owner=owner, latitude_deg=place[0], longitude_deg=place[1], **told)  # type: ignore[arg-type]


def _sensors(case: Case) -> Iterator[SiteMark]:
    for s in case.file.sensors:
        radar = case.radars.get(s.type)
        if radar is None or s.latitude_rad is None or s.longitude_rad is None:
            continue  # satellites stand over no one place
        yield _mark(
            s.name, "radar", s.owner, _degrees(s.latitude_rad, s.longitude_rad), type=s.type,
            host=s.host or s.owner, facing_deg=math.degrees(s.facing_rad or 0.0),
            sector_deg=math.degrees(radar.sector_rad), reach_km=radar.instrumented_range_m / 1000,
        )  # fmt: skip


def _batteries(case: Case) -> Iterator[SiteMark]:
    for b in case.file.batteries:
        system = case.systems[b.system]
        yield _mark(
            b.name, "battery", b.owner, _degrees(b.latitude_rad, b.longitude_rad), type=b.system,
            host=b.host or b.owner, domain=system.domain,
            reach_km=case.interceptors[system.interceptor].range_m / 1000,
        )  # fmt: skip


def _assets(case: Case) -> Iterator[SiteMark]:
    attacked = {row.target for row in case.file.raid}
    for a in case.file.assets:
        if a.name in attacked:
            yield _mark(
                a.name, a.kind, a.nation, _degrees(a.latitude_rad, a.longitude_rad), population=a.population
            )


def _flights(case: Case) -> Iterator[Flight]:
    starts = {area.name: area for area in case.file.launch_areas}
    ends = {asset.name: asset for asset in case.file.assets}
    for row in case.file.raid:
        if row.launch not in starts or row.target not in ends:
            continue
        one, other = starts[row.launch], ends[row.target]
        way = _great_circle((one.latitude_rad, one.longitude_rad), (other.latitude_rad, other.longitude_rad))
        yield Flight(
            threat=row.threat, type=row.threat, status=case.threats[row.threat].status, launch=row.launch,
            target=row.target, nation=other.nation, launch_s=row.start_s, burnout_s=0.0, impact_s=0.0,
            apogee_km=0.0, range_km=0.0, points=way,
        )  # fmt: skip


def _great_circle(one: tuple[float, float], other: tuple[float, float]) -> NDArray[np.float64]:
    """Points (STEPS + 1, 4) on the ground: time 0, latitude and longitude (deg), height 0."""
    a, b = (
        np.array([math.cos(f) * math.cos(x), math.cos(f) * math.sin(x), math.sin(f)]) for f, x in (one, other)
    )
    angle = math.acos(max(-1.0, min(1.0, float(a @ b))))
    t = np.linspace(0.0, 1.0, STEPS + 1)[:, None]
    if angle < 1e-9:
        points = np.repeat(a[None, :], STEPS + 1, axis=0)
    else:
        points = (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / math.sin(angle)
    latitude = np.degrees(np.arcsin(np.clip(points[:, 2], -1.0, 1.0)))
    longitude = np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    zero = np.zeros(STEPS + 1)
    return np.column_stack([zero, latitude, longitude, zero])
