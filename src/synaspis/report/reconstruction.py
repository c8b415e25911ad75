"""A reconstructed flight in words, in a terminal and on a page of its own."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from html import escape

from rich.console import Console
from rich.text import Text

from synaspis.model.answers import Band
from synaspis.model.reconstruction import Reconstruction
from synaspis.report import flight_picture, markup
from synaspis.report.console import plain_table
from synaspis.report.shell import heading, whole
from synaspis.report.svg import element
from synaspis.report.words import duration

READABLE = 96
STYLES = {"consistent": "bold green", "doubtful": "bold yellow", "impossible": "bold red"}
LIMITS = (
    "The boosters are generic and hold one attitude after they have pitched over; winds, lift and steering "
    "are left out. A test says what was flown, not what a loaded missile does."
)


def headline(found: Reconstruction) -> str:
    """The finding in one sentence."""
    claim, time = found.claim, found.flight_time_s
    way = f"{_km(claim.apogee_m)} up and {_km(claim.range_m)} away"
    if time is None:
        return f"{found.verdict.capitalize()}: no missile flies {way}"
    if found.verdict == "impossible":
        claimed = " or ".join(duration(t) for t in claim.times_s)
        return f"Impossible: {way} takes {duration(time.value)}, not {claimed}"
    if found.in_the_air:
        return f"Doubtful: {way} may be flown with lift; without it the flight takes {duration(time.value)}"
    said = f"{found.verdict.capitalize()}: {way} takes {duration(time.value)}; on a standard trajectory"
    reach = found.standard_range_m
    if reach is None or found.reaches_all:
        return f"{said} it would reach any place on Earth"
    between = f"{_rounded(reach.low)} to {_rounded(reach.high)}"
    return f"{said} that is a range of some {_rounded(reach.value)}\u00a0km ({between})"


def rows(found: Reconstruction) -> list[tuple[str, str, str, str]]:
    """The figures: (what, value, band, remark)."""
    told = []
    if found.flight_time_s is not None:
        told.append(
            ("flight time", *_told(found.flight_time_s, 1.0, "s"), duration(found.flight_time_s.value))
        )
    told.append(
        (
            "least time by Kepler",
            f"{found.keplerian_minimum_s:,.0f}\u00a0s",
            "",
            "no climb under power, no air",
        )
    )
    if found.burnout_speed_mps is not None:
        told.append(
            ("burnout speed", *_told(found.burnout_speed_mps, 1.0, "m/s"), "as if left behind at the surface")
        )
    if found.standard_range_m is not None:
        what = "half the Earth: reaches any place" if found.reaches_all else "least energy, same payload"
        told.append(("standard range", *_told(found.standard_range_m, 1e-3, "km"), what))
    for t in found.times:
        off = f"{100 * t.off:+.1f}\u00a0%".replace("-", "−") if math.isfinite(t.off) else ""
        told.append((f"claimed {t.time_s:,.0f}\u00a0s", off, "", t.verdict))
    return told


def render(found: Reconstruction, console: Console) -> None:
    """Print `found`, for 80 columns or more."""
    console.print()
    _paragraph(console, Text(headline(found), style=STYLES[found.verdict]))
    console.print()
    table = plain_table()
    for name, side in (("", "left"), ("value", "right"), ("band", "right"), ("", "left")):
        table.add_column(name, justify="right" if side == "right" else "left", no_wrap=True)
    for what, value, band, remark in rows(found):
        style = STYLES.get(remark, "dim")
        table.add_row(Text(what), Text(value), Text(band), Text(remark, style=style))
    console.print(table)
    for title, said in (("Because", found.because), ("Assumed", found.assumed)):
        if said:
            console.print()
            console.print(Text(title, style="bold"))
            for reason in said:
                _paragraph(console, Text(reason), "· ")


def page(found: Reconstruction) -> str:
    """One HTML file that needs nothing else: the finding, the picture, the figures and the reasons."""
    main = flight_picture.section(found) + flight_picture.time_section(found)
    columns = (("", ""), ("value", "n"), ("band", "n"), ("", "t"))
    main += markup.section("Figures", "What the flight says", markup.table("", columns, rows(found)))
    grounds = _list("", found.because) + _list("Assumed", found.assumed)
    main += markup.section("Grounds", "Why, and on what assumptions", grounds)
    header = heading("Synaspis · reconstruct", headline(found))
    return whole(headline(found), flight_picture.STYLE, header, main, f"Synaspis {found.version}. {LIMITS}")


def _list(title: str, said: Sequence[str]) -> str:
    if not said:
        return ""
    listed = element("ul", "".join(element("li", escape(text)) for text in said), cls="plain")
    return (element("h3", escape(title)) if title else "") + listed


def _told(band: Band, factor: float, unit: str) -> tuple[str, str]:
    low, high = f"{factor * band.low:,.0f}", f"{factor * band.high:,.0f}"
    return f"{factor * band.value:,.0f}\u00a0{unit}", low if low == high else f"{low}–{high}"


def _km(metres: float) -> str:
    return f"{metres / 1000:,.0f}\u00a0km" if metres >= 9_950 else f"{metres / 1000:.1f}\u00a0km"


def _rounded(metres: float) -> str:
    """Kilometres to three figures: more would pretend."""
    km = metres / 1000.0
    digits = max(0, math.floor(math.log10(km)) - 2) if km >= 1 else 0
    return f"{round(km, -digits):,.0f}"


def _paragraph(console: Console, text: Text, mark: str = "") -> None:
    """Print `text` in lines of a readable length; unlike rich, keep numbers with their units."""
    width = min(console.width, READABLE) - len(mark)
    start = 0
    for i, line in enumerate(
        textwrap.wrap(text.plain, width, break_long_words=False, break_on_hyphens=False)
    ):
        start = text.plain.index(line, start)
        lead = Text(mark if i == 0 else " " * len(mark))
        console.print(lead + text[start : start + len(line)], soft_wrap=True)
        start += len(line)
