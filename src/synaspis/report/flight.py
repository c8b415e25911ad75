"""One trajectory as a picture: the ground track on a map, and below it the altitude over the same nations."""

from __future__ import annotations

import math
from html import escape
from importlib.resources import files
from itertools import pairwise

from synaspis.model.answers import FlyAnswer, Stretch
from synaspis.report import map as maps
from synaspis.report import svg
from synaspis.report.flight_terminal import headline
from synaspis.report.markup import figure, section, table
from synaspis.report.shell import heading, whole
from synaspis.report.svg import element
from synaspis.report.words import duration, tick

WIDTH = 860.0
MAP_HEIGHT = 430.0
PROFILE_HEIGHT = 270.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 16.0, 26.0, 66.0
_EARTH_KM = 6371.0
_STYLE = """
svg { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
svg .air { fill: var(--threat); fill-opacity: .1; } svg .path { fill: none; stroke: var(--threat);
  stroke-width: 2; }
svg .over { fill: var(--land); stroke: var(--shore); } svg .over.other { fill: var(--border); }
svg .water { fill: var(--sea); } svg .end { fill: var(--panel); stroke: var(--threat); stroke-width: 2; }
svg .heading { font-size: 20px; font-weight: 620; } svg .remark { font-size: 13px; fill: var(--soft); }
svg .paper { fill: var(--paper); } svg .place { font-weight: 600; }
h1 { max-width: 26em; }
"""
CREDIT = "Synaspis. A generic class, public figures. Borders: Natural Earth, as drawn there; no view on any."


def drawn(answer: FlyAnswer, suffix: str) -> str:
    """The picture as the text of a file: `.svg`, or `.html` with the figures beside it."""
    return _svg_file(answer) if suffix == ".svg" else _page(answer)


def _style() -> str:
    return files("synaspis.report").joinpath("page.css").read_text(encoding="utf-8") + _STYLE


def _svg_file(answer: FlyAnswer) -> str:
    head, pad = 74.0, 24.0
    width, height = WIDTH + 2 * pad, head + MAP_HEIGHT + PROFILE_HEIGHT + 52
    content = element("style", _style()) + svg.rect(0, 0, width, height, "paper")
    content += svg.label(pad, 38, headline(answer), "heading")
    content += svg.label(pad, 60, svg.cut(_remark(answer), WIDTH), "remark")
    content += _placed(_map(answer), pad, head, MAP_HEIGHT)
    content += _placed(_profile(answer), pad, head + MAP_HEIGHT + 14, PROFILE_HEIGHT)
    content += svg.label(pad, height - 10, CREDIT, "tick")
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria_label": headline(answer)}
    box = f"0 0 {svg.short(width)} {svg.short(height)}"
    return element("svg", content, viewBox=box, width=width, height=height, **attributes) + "\n"


def _placed(content: str, x: float, y: float, height: float) -> str:
    box = f"0 0 {svg.short(WIDTH)} {svg.short(height)}"
    return element("svg", content, x=x, y=y, width=WIDTH, height=height, viewBox=box)


def _remark(answer: FlyAnswer) -> str:
    over = ", ".join(answer.overflown) or "no nation"
    return f"{answer.title} ({answer.status}), {answer.shape}. Over {over}."


def _page(answer: FlyAnswer) -> str:
    said = heading("Synaspis · fly", headline(answer))
    said += element("p", escape(_remark(answer)), cls="lede")
    track = svg.drawing(WIDTH, MAP_HEIGHT, _map(answer), "the ground track on a map", cls="map")
    profile = svg.drawing(WIDTH, PROFILE_HEIGHT, _profile(answer), "altitude along the ground track")
    main = section("Ground track", _where(answer), figure("", track))
    main += section("Altitude", _how_high(answer), figure("", profile) + _figures(answer))
    if answer.stretches:
        main += section("Nations", "Under the trajectory, in order", _nations(answer))
    notes = "".join(element("li", escape(note)) for note in answer.notes)
    main += section("Notes", "What to keep in mind", element("ul", notes, cls="plain"))
    return whole(headline(answer), _STYLE, said, main, CREDIT)


def _where(answer: FlyAnswer) -> str:
    land = sum(s.length_km for s in answer.stretches)
    return f"{answer.track_km:,.0f} km over ground, {land:,.0f} km of it over land"


def _how_high(answer: FlyAnswer) -> str:
    low = "stays below 100 km" if answer.reentry_height_km <= 0 else "leaves the air"
    return f"It {low}: {answer.apogee_km:,.0f} km at most, {duration(answer.time_s)} from launch to impact"


def _figures(answer: FlyAnswer) -> str:
    where = "at the ground" if answer.reentry_height_km <= 0 else f"at {answer.reentry_height_km:.0f} km"
    rows = [
        ("burnout after launch", f"{answer.burnout_time_s:,.0f} s"),
        ("speed at burnout, over ground", f"{answer.burnout_speed_mps:,.0f} m/s"),
        ("speed at impact", f"{answer.impact_speed_mps:,.0f} m/s"),
        (f"angle of re-entry {where}", f"{answer.reentry_angle_deg:.1f}°"),
        ("distance between the places", f"{answer.distance_km:,.0f} km"),
        ("impact to target", f"{answer.closure_error_m:,.0f} m"),
    ]
    return table("", [("figure", ""), ("value", "n")], rows)


def _nations(answer: FlyAnswer) -> str:
    columns = [
        ("nation", "c"), ("name", ""), ("from", "n"), ("to", "n"), ("under it", "n"), ("of track", "n"),
        ("height above it", "n"),
    ]  # fmt: skip
    rows = [
        (
            s.nation or "–", s.name, f"{s.from_s:,.0f} s", f"{s.to_s:,.0f} s", f"{s.length_km:,.0f} km",
            f"{100 * s.length_km / answer.track_km:.0f} %", f"{s.lowest_km:,.0f}–{s.highest_km:,.0f} km",
        )
        for s in answer.stretches
    ]  # fmt: skip
    return table("", columns, rows)


def _map(answer: FlyAnswer) -> str:
    places = [(float(p[1]), float(p[2])) for p in answer.points]
    view = maps.view_of_places(places, WIDTH, MAP_HEIGHT)
    points = view.spots(places)
    labels = maps.Labels(view)
    ends = (points[0], points[-1])
    marks = "".join(element("circle", cx=x, cy=y, r=5.0, cls="end") for x, y in ends)
    for end in ends:
        labels.mark(*end, 6.0)
    names = labels.place(*points[0], 6.0, "launch", "place") + labels.place(
        *points[-1], 6.0, "target", "place"
    )
    longest: dict[str, Stretch] = {}
    for stretch in sorted(answer.stretches, key=lambda s: -s.length_km):
        longest.setdefault(stretch.nation or stretch.name, stretch)
    for name, stretch in longest.items():
        names += labels.place(*view.at(*_middle(answer, stretch)), 7.0, name, "place")
    return (
        svg.rect(0, 0, WIDTH, MAP_HEIGHT, "sea") + maps.ground(view)
        + svg.path(points, f"track {answer.status}") + marks + names + maps.scale_bar(view)
    )  # fmt: skip


def _middle(answer: FlyAnswer, stretch: Stretch) -> tuple[float, float]:
    when = 0.5 * (stretch.from_s + stretch.to_s)
    nearest = min(answer.points, key=lambda p: abs(p[0] - when))
    return float(nearest[1]), float(nearest[2])


def _gone_km(answer: FlyAnswer) -> list[float]:
    """Distance along the ground at each point, scaled so that the last is the whole track."""
    total = [0.0]
    for a, b in pairwise(answer.points):
        f1, f2, turn = math.radians(a[1]), math.radians(b[1]), math.radians(b[2] - a[2])
        h = math.sin((f2 - f1) / 2) ** 2 + math.cos(f1) * math.cos(f2) * math.sin(turn / 2) ** 2
        total.append(total[-1] + 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(h))))
    scale = answer.track_km / total[-1] if total[-1] > 0 else 1.0
    return [x * scale for x in total]


def _profile(answer: FlyAnswer) -> str:
    gone = _gone_km(answer)
    times, heights = [float(p[0]) for p in answer.points], [float(p[3]) for p in answer.points]
    right, floor = WIDTH - _RIGHT, PROFILE_HEIGHT - _BOTTOM

    def x(km: float) -> float:
        return _LEFT + (right - _LEFT) * km / answer.track_km

    def y(km: float) -> float:
        return floor - (floor - _TOP) * km / (1.08 * answer.apogee_km)

    def at(when: float) -> tuple[float, float]:
        i = next((i for i in range(1, len(times) - 1) if times[i] >= when), len(times) - 1)
        share = (when - times[i - 1]) / max(1e-9, times[i] - times[i - 1])
        return tuple(v[i - 1] + share * (v[i] - v[i - 1]) for v in (gone, heights))  # type: ignore[return-value]

    content = "".join(
        svg.line(_LEFT, y(h), right, y(h), "grid") + svg.label(_LEFT - 8, y(h) + 4, tick(h), "tick", "end")
        for h in svg.ticks(0.0, 1.08 * answer.apogee_km, 4)
    )
    curve = [(x(km), y(h)) for km, h in zip(gone, heights, strict=True)]
    content += svg.path([(x(0.0), floor), *curve, (right, floor)], "air", closed=True)
    content += svg.path(curve, "path")
    highest = heights.index(max(heights))
    marks = [
        (
            gone[highest],
            heights[highest],
            f"apogee {answer.apogee_km:,.0f} km, {times[highest]:,.0f} s",
            "middle",
        ),
        (*at(answer.burnout_time_s), f"burnout {answer.burnout_time_s:,.0f} s", "start"),
    ]
    for km, h, words, anchor in marks:
        content += element("circle", cx=x(km), cy=y(h), r=3.5, cls="end")
        dx, dy = (10, 12) if anchor == "start" else (0, -9)
        content += svg.label(x(km) + dx, y(h) + dy, words, "axis", anchor)
    content += _band(answer, [(x(at(s.from_s)[0]), x(at(s.to_s)[0])) for s in answer.stretches], floor)
    for km in svg.ticks(0.0, answer.track_km, 6):
        content += svg.label(x(km), floor + 42, tick(km), "tick", "middle")
    content += svg.label(14, _TOP - 12, "altitude, km", "axis", "start")
    return content + svg.label(right, floor + 60, "along the ground, km", "axis", "end")


def _band(answer: FlyAnswer, spans: list[tuple[float, float]], floor: float) -> str:
    """The ground below the profile: which nation lies where."""
    content = svg.rect(_LEFT, floor, WIDTH - _RIGHT - _LEFT, 22, "water")
    for i, (stretch, (a, b)) in enumerate(zip(answer.stretches, spans, strict=True)):
        said = f"{stretch.name}: {stretch.length_km:,.0f} km"
        box = svg.rect(a, floor, max(1.0, b - a), 22, f"over {'other' if i % 2 else ''}".strip())
        content += element("g", element("title", escape(said)) + box)
        if b - a > 30:
            content += svg.label((a + b) / 2, floor + 15, stretch.nation or "–", "tick", "middle")
    return content
