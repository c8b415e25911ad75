"""The picture of a reconstructed flight: height over ground distance, and the times on one line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synaspis.model.reconstruction import Profile, Reconstruction
from synaspis.report import figures, markup, svg
from synaspis.report.svg import Point
from synaspis.report.words import duration, figure

STYLE = """
svg .flown { fill: none; stroke: var(--threat); stroke-width: 2.2; stroke-linejoin: round; }
svg .standard { fill: none; stroke: var(--against); stroke-width: 1.8; stroke-dasharray: 6 4; }
svg .powered { fill: none; stroke: var(--threat); stroke-width: 5; stroke-linecap: round; }
svg .powered.standard { stroke: var(--against); stroke-dasharray: none; stroke-width: 4; }
svg .mark { fill: var(--panel); stroke: var(--threat); stroke-width: 2; } svg .claim { fill: var(--threat); }
svg .ground { stroke: var(--against); stroke-width: 1.4; }
svg .drop { stroke: var(--threat); stroke-dasharray: 2 3; }
svg .could { stroke: var(--against); stroke-opacity: .45; stroke-width: 6; stroke-linecap: round; }
svg .found { fill: var(--threat); fill-opacity: .18; }
svg .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
"""
TALLEST, AIR, LEFT, RIGHT = 430.0, 30.0, 58.0, 20.0
LEAST_TALL, LOWEST = 0.36, 200.0
"""Of the width, and in pixels: a picture that would be lower has its heights stretched."""
LETTER = 7.2
At = Callable[[float, float], Point]


def section(found: Reconstruction) -> str:
    """The flight as it was, and the same booster on a standard trajectory; nothing where none fits."""
    if found.flown is None:
        return ""
    said = _title(found)
    key = markup.key(
        [
            ('<path class="flown" d="M1 12Q11 -8 21 12"></path>', "the flight that fits the claim"),
            ('<path class="powered" d="M3 7H19"></path>', "under power"),
            ('<path class="standard" d="M1 10Q11 -2 21 10"></path>', "the same booster, standard trajectory"),
            ('<path class="could" d="M4 7H18"></path>', "band of the standard range"),
        ]
    )
    note = " The standard trajectory is drawn on an Earth that does not turn."
    wide = figures.WIDE
    drawn = svg.element("div", _flight(found, wide, said) + _caption(found, wide, note), cls="wide")
    narrow = figures.NARROW
    drawn += svg.element("div", _flight(found, narrow, said) + _caption(found, narrow, note), cls="narrow")
    return markup.section("Flight", said, markup.figure("", drawn, "", key))


def _caption(found: Reconstruction, width: float, note: str) -> str:
    along, up = _pixels_per_km(found, width)
    scales = f"Heights are stretched {up / along:.1f} times."
    if up < 1.05 * along:
        scales = "One scale for height and distance."
    return svg.element("figcaption", svg.plain(scales + note))


def _title(found: Reconstruction) -> str:
    up = found.claim.apogee_m / found.least_energy_apogee_m
    if found.shape == "normal":
        return "The apogee is what the range calls for: a flight near the least energy"
    if found.shape == "depressed":
        return "The flight stays below the trajectory of least energy"
    return f"The flight went {up:,.0f} times as high as its range needed; flown flatter it goes farther"


def _extent(found: Reconstruction) -> Point:
    """Kilometres across and up that hold everything drawn."""
    drawn = [p.points for p in (found.flown, found.standard) if p is not None]
    reach = [] if found.standard_range_m is None else [found.standard_range_m.high]
    far = max([float(p[:, 0].max()) for p in drawn] + reach)
    return far / 1000, max(float(p[:, 1].max()) for p in drawn) / 1000


def _pixels_per_km(found: Reconstruction, width: float) -> Point:
    """Across and up: one scale where that leaves the picture tall enough to read."""
    far, high = _extent(found)
    label = width > figures.NARROW and found.claim.range_m > 850.0 * far
    along = min((width - LEFT - RIGHT - (125.0 if label else 0.0)) / far, TALLEST / high)
    return along, max(along, max(LEAST_TALL * width, LOWEST) / high)


def _flight(found: Reconstruction, width: float, said: str) -> str:
    flown, standard, reach = found.flown, found.standard, found.standard_range_m
    if flown is None:
        return ""
    far, high = _extent(found)
    along, up = _pixels_per_km(found, width)
    floor = AIR + up * high + 6

    def at(x_km: float, y_km: float) -> Point:
        return LEFT + along * x_km, floor - up * y_km

    parts = [_axes(at, far, high, width)]
    if standard is not None and reach is not None:
        low, top = at(reach.low / 1000, 0)[0], at(reach.high / 1000, 0)[0]
        parts.append(svg.line(low, floor, max(top, low + 0.1), floor, "could"))
        parts.append(_curve(standard, at, "standard", "powered standard"))
    parts.append(_curve(flown, at, "flown", "powered"))
    parts.append(_labels(found, flown, at, width))
    return svg.drawing(width, floor + 50, "".join(parts), said)


def _axes(at: At, far: float, high: float, width: float) -> str:
    """Ground line, ticks and units."""
    floor, end = at(0, 0)[1], at(far, 0)[0] + 4
    parts = []
    for mark in svg.ticks(0, high, 4):
        y = at(0, mark)[1]
        if mark:
            parts.append(svg.line(LEFT, y, end, y, "grid"))
        parts.append(svg.label(LEFT - 8, y + 4, figure(mark), "tick", "end"))
    about = 6 if width > figures.NARROW else 3
    for mark in svg.ticks(0, far, max(2, round(about * (end - LEFT) / (width - LEFT)))):
        x = at(mark, 0)[0]
        parts.append(svg.line(x, floor, x, floor + 5, "zero"))
        parts.append(svg.label(x, floor + 19, figure(mark), "tick", "middle"))
    parts.append(svg.line(LEFT, floor, end, floor, "ground"))
    parts.append(svg.label(4, 13, "height, km", "axis"))
    middle = max((LEFT + end) / 2, LEFT + 90)
    return "".join(parts) + svg.label(middle, floor + 42, "ground distance, km", "axis", "middle")


def _curve(profile: Profile, at: At, cls: str, powered: str) -> str:
    points = [at(x / 1000, y / 1000) for x, y in profile.points]
    return svg.path(points, cls) + svg.path(points[: profile.burnout + 1], powered)


def _labels(found: Reconstruction, flown: Profile, at: At, width: float) -> str:
    points = flown.points / 1000
    (x, y), (bx, by), (ex, ey) = (
        at(*points[row])
        for row in (int(np.argmax(points[:, 1])), min(flown.burnout, len(points) - 1), len(points) - 1)
    )
    parts = [svg.element("circle", cx=a, cy=b, r=4.5, cls="mark") for a, b in ((x, y), (bx, by), (ex, ey))]
    apogee = f"apogee {found.claim.apogee_m / 1000:,.0f} km"
    if found.shape == "lofted":
        parts.append(_beside(x, y + 4.5, apogee, width))
    else:
        parts.append(svg.label(x, y - 12, apogee, "halo", "middle"))
    parts.append(_beside(bx, by + (4.5 if found.shape == "lofted" else 17.0), "burnout", width))
    parts.append(_beside(ex, ey - 9, f"impact, {found.claim.range_m / 1000:,.0f} km", width))
    if found.standard is not None and found.shape != "normal":
        points = found.standard.points / 1000
        sx, sy = at(*points[int(np.argmax(points[:, 1]))])
        parts.append(svg.label(sx, sy - 9, "standard trajectory", "tick halo", "middle"))
    return "".join(parts)


def _beside(x: float, y: float, words: str, width: float) -> str:
    """A label to the right of a mark, or to its left where there is no room."""
    leftward = x + 10 + LETTER * len(words) > width
    return svg.label(x + (-10 if leftward else 10), y, words, "halo", "end" if leftward else "")


def time_section(found: Reconstruction) -> str:
    """Least time, flight time with its band, and the claimed times on one line; nothing where none fits."""
    time = found.flight_time_s
    if time is None:
        return ""
    drawn = figures.both(lambda width: _times(found, width))
    title = f"The flight takes {duration(time.value)}, give or take {duration((time.high - time.low) / 2)}"
    note = "Dark line: the least time by Kepler's laws. Shaded: the band of the flight time, with its value."
    return markup.section("Time", title, markup.figure("", drawn, note))


def _times(found: Reconstruction, width: float) -> str:
    time, least = found.flight_time_s, found.keplerian_minimum_s
    if time is None:
        return ""
    ends = [least, time.low, time.high, *(t.time_s for t in found.times)]
    low, high = min(ends), max(ends)
    left, right, above = 100.0, width - 60.0, 8.0 + 22.0 * len(found.times)
    strip, floor = above + 20.0, above + 46.0

    def at(seconds: float) -> float:
        return left + (right - left) * (seconds - low) / (high - low)

    parts = [svg.rect(at(time.low), strip, at(time.high) - at(time.low), floor - strip, "found")]
    for mark in svg.ticks(low, high, 6 if width > figures.NARROW else 2):
        parts.append(svg.line(at(mark), floor, at(mark), floor + 5, "zero"))
        parts.append(svg.label(at(mark), floor + 19, figure(mark), "tick", "middle"))
    parts.append(svg.line(left - 84, floor, right + 44, floor, "ground"))
    parts.append(svg.line(at(least), strip - 14, at(least), floor, "luck"))
    parts.append(svg.line(at(time.value), strip - 14, at(time.value), floor, "flown"))
    for i, t in enumerate(found.times):
        x, y = at(t.time_s), 12.0 + 22.0 * i
        parts.append(svg.line(x, y, x, floor, "drop"))
        parts.append(svg.element("circle", cx=x, cy=y, r=5, cls="claim"))
        parts.append(_beside(x, y + 4.5, f"claimed {t.time_s:,.0f} s: {t.verdict}", width))
    parts.append(svg.label(at(least) - 6, strip - 4, f"least {least:,.0f} s", "tick halo", "end"))
    parts.append(svg.label(at(time.value) + 6, strip - 4, f"{time.value:,.0f} s", "value halo"))
    parts.append(svg.label((left + right) / 2, floor + 42, "time of flight, s", "axis", "middle"))
    return svg.drawing(width, floor + 50, "".join(parts), "Times of flight")
