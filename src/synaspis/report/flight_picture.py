"""The picture of a reconstructed flight: height over ground distance, and the times on one line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synaspis.model.reconstruction import Profile, Reconstruction
from synaspis.report import figures, markup, svg
from synaspis.report.svg import Point
from synaspis.report.words import duration, tick

STYLE = """
svg .flown { fill: none; stroke: var(--threat); stroke-width: 2.2; stroke-linejoin: round; }
svg .powered { fill: none; stroke: var(--threat); stroke-width: 5; stroke-linecap: round; }
svg .mark { fill: var(--panel); stroke: var(--threat); stroke-width: 2; }
svg .claim { fill: var(--threat); } svg .ground { stroke: var(--against); stroke-width: 1.4; }
svg .powered.standard { stroke: var(--against); }
svg .standard { fill: none; stroke: var(--against); stroke-width: 1.8; stroke-dasharray: 6 4; }
svg .powered.standard { stroke-dasharray: none; stroke-width: 4; }
svg .could { stroke: var(--against); stroke-opacity: .45; stroke-width: 6; stroke-linecap: round; }
svg .found { fill: var(--threat); fill-opacity: .18; } svg .halo { paint-order: stroke; stroke: var(--paper);
  stroke-width: 4px; stroke-linejoin: round; }
"""
TALLEST, AIR = 430.0, 26.0


def section(found: Reconstruction) -> str:
    """The flight as it was, and the same booster on a standard trajectory; nothing where none fits."""
    if found.flown is None:
        return ""
    said = _title(found)
    key = markup.key(
        [
            ('<path class="flown" d="M1 12Q11 -8 21 12"></path>', "the flight that fits the claim"),
            ('<path class="powered" d="M3 7H19"></path>', "under power"),
            (
                '<path class="standard" d="M1 10Q11 -2 21 10"></path>',
                "the same booster on a standard trajectory",
            ),
            ('<path class="could" d="M4 7H18"></path>', "band of the standard range"),
        ]
    )
    note = (
        "One scale for height and distance. The standard trajectory is drawn on an Earth that does not turn."
    )
    drawn = figures.both(lambda width: _flight(found, width, said))
    return markup.section("Flight", said, markup.figure("", drawn, note, key))


def _title(found: Reconstruction) -> str:
    up = found.claim.apogee_m / found.least_energy_apogee_m
    if found.shape == "normal":
        return "The apogee is what the range calls for: a flight near the least energy"
    if found.shape == "depressed":
        return "The flight stays below the trajectory of least energy"
    return f"The flight went {up:,.0f} times as high as its range needed; flown flatter it goes farther"


def _flight(found: Reconstruction, width: float, said: str) -> str:
    flown, standard = found.flown, found.standard
    if flown is None:
        return ""
    drawn = [flown] + ([standard] if standard is not None else [])
    reach = found.standard_range_m
    far = (
        max([float(p.points[:, 0].max()) for p in drawn] + ([reach.high] if reach is not None else [])) / 1000
    )
    high = max(float(p.points[:, 1].max()) for p in drawn) / 1000
    left, right = 58.0, width - 14.0
    scale = min((right - left) / far, TALLEST / high)
    floor = AIR + scale * high + 6

    def at(x_km: float, y_km: float) -> Point:
        return left + scale * x_km, floor - scale * y_km

    parts = [_axes(at, far, high, floor, (left, right))]
    if standard is not None and reach is not None:
        low, top = at(reach.low / 1000, 0)[0], at(reach.high / 1000, 0)[0]
        parts.append(svg.line(low, floor, max(top, low + 0.1), floor, "could"))
        parts.append(_curve(standard, at, "standard"))
    parts.append(_curve(flown, at, "flown"))
    parts.append(_labels(found, flown, at, width))
    return svg.drawing(width, floor + 50, "".join(parts), said)


def _axes(
    at: Callable[[float, float], Point], far: float, high: float, floor: float, sides: tuple[float, float]
) -> str:
    """Ground line, ticks and units."""
    left, right = sides
    end = min(right, at(far, 0)[0] + 4)
    about = 6 if right > 400 else 3
    parts = [
        svg.line(left, at(0, mark)[1], end, at(0, mark)[1], "grid") for mark in svg.ticks(0, high, 4) if mark
    ]
    parts += [
        svg.label(left - 8, at(0, mark)[1] + 4, tick(mark), "tick", "end") for mark in svg.ticks(0, high, 4)
    ]
    for mark in svg.ticks(0, far, max(2, round(about * (end - left) / (right - left)))):
        parts.append(svg.line(at(mark, 0)[0], floor, at(mark, 0)[0], floor + 5, "zero"))
        parts.append(svg.label(at(mark, 0)[0], floor + 19, tick(mark), "tick", "middle"))
    parts.append(svg.line(left, floor, end, floor, "ground"))
    parts.append(svg.label(4, 13, "height, km", "axis"))
    parts.append(
        svg.label(max((left + end) / 2, left + 90), floor + 42, "ground distance, km", "axis", "middle")
    )
    return "".join(parts)


def _curve(profile: Profile, at: Callable[[float, float], Point], cls: str) -> str:
    points = [at(x / 1000, y / 1000) for x, y in profile.points]
    return svg.path(points, cls) + svg.path(
        points[: profile.burnout + 1], f"powered {cls}".replace(" flown", "")
    )


def _labels(found: Reconstruction, flown: Profile, at: Callable[[float, float], Point], width: float) -> str:
    points = flown.points / 1000
    top, burnout = points[int(np.argmax(points[:, 1]))], points[min(flown.burnout, len(points) - 1)]
    parts = []
    for (x, y), words in (
        (at(*top), f"apogee {found.claim.apogee_m / 1000:,.0f} km"),
        (at(*burnout), "burnout"),
        (at(*points[-1]), f"impact, {found.claim.range_m / 1000:,.0f} km"),
    ):
        parts.append(svg.element("circle", cx=x, cy=y, r=4.5, cls="mark"))
        leftward = x + 10 + 7.2 * len(words) > width
        lower = -8 if words.startswith("impact") else 4.5
        parts.append(
            svg.label(x + (-10 if leftward else 10), y + lower, words, "halo", "end" if leftward else "")
        )
    if found.standard is not None and found.shape != "normal":
        points = found.standard.points / 1000
        x, y = at(*points[int(np.argmax(points[:, 1]))])
        parts.append(svg.label(x, y - 9, "standard trajectory", "tick halo", "middle"))
    return "".join(parts)


def time_section(found: Reconstruction) -> str:
    """Least time, flight time with its band, and the claimed times on one line; nothing where none fits."""
    time = found.flight_time_s
    if time is None:
        return ""
    drawn = figures.both(lambda width: _times(found, width))
    title = f"The flight takes {duration(time.value)}, give or take {duration((time.high - time.low) / 2)}"
    note = (
        "Line: the least time by Kepler's laws. Shaded: the band of the flight time, its value the bar in it."
    )
    return markup.section("Time", title, markup.figure("", drawn, note))


def _times(found: Reconstruction, width: float) -> str:
    time, least = found.flight_time_s, found.keplerian_minimum_s
    if time is None:
        return ""
    ends = [least, time.low, time.high, *(t.time_s for t in found.times)]
    air = 0.08 * (max(ends) - min(ends))
    low, high = max(0.0, min(ends) - air), max(ends) + air
    left, right, floor = 16.0, width - 16.0, 56.0 + 20.0 * len(found.times)

    def at(seconds: float) -> float:
        return left + (right - left) * (seconds - low) / (high - low)

    parts = [svg.rect(at(time.low), 26, at(time.high) - at(time.low), floor - 26, "found")]
    for mark in svg.ticks(low, high, 6 if width > 400 else 3):
        parts.append(svg.line(at(mark), floor, at(mark), floor + 5, "zero"))
        parts.append(svg.label(at(mark), floor + 19, tick(mark), "tick", "middle"))
    parts.append(svg.line(left, floor, right, floor, "ground"))
    parts.append(svg.line(at(least), 26, at(least), floor, "luck"))
    parts.append(svg.line(at(time.value), 26, at(time.value), floor, "flown"))
    parts.append(svg.label(at(least), 18, f"least {least:,.0f} s", "tick", _side(at(least), width)))
    parts.append(svg.label(at(time.value), 18, f"{time.value:,.0f} s", "value", _side(at(time.value), width)))
    for i, t in enumerate(found.times):
        y = 46.0 + 20.0 * i
        words = f"claimed {t.time_s:,.0f} s: {t.verdict}"
        leftward = at(t.time_s) + 10 + 7.2 * len(words) > width
        parts.append(svg.element("circle", cx=at(t.time_s), cy=y, r=5, cls="claim"))
        x = at(t.time_s) + (-10 if leftward else 10)
        parts.append(svg.label(x, y + 4.5, words, "halo", "end" if leftward else ""))
    parts.append(svg.label((left + right) / 2, floor + 42, "time of flight, s", "axis", "middle"))
    return svg.drawing(width, floor + 50, "".join(parts), "Times of flight")


def _side(x: float, width: float) -> str:
    """Anchor of a label over a mark: inward near the edges."""
    return "" if x < 60 else "end" if x > width - 60 else "middle"
