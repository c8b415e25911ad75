"""A raid as it unfolds, in a terminal: one line per event, and at the end who was warned when."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from synaspis.model.live_warning import LiveEvent, LiveTable, LiveWarned
from synaspis.report.console import paragraph, plain_table

NATIONS_SHOWN = 3
THREAT, FRIEND, QUIET = "red", "cyan", "dim"
STYLES = {"launch": THREAT, "down": THREAT, "warned": f"bold {FRIEND}", "fire_control": FRIEND}
WORDS = {
    "launch": "launch", "detected": "detected", "alert": "alert", "released": "released",
    "classified": "class", "impact_estimate": "impact", "track": "track", "fire_control": "may fire",
    "warned": "warned", "revoked": "revoked", "down": "down",
}  # fmt: skip
METHOD = (
    "Each nation's trackers work on its own detections and on what is released to it; which missile a track "
    "is of is told to the reader alone. Every missile flies and every station works. The bound is that of "
    "`synaspis warn`, without luck: live times have the luck of the seed, and pictures are looked at every "
    "4 s."
)


def clock(seconds: float) -> str:
    """Minutes and seconds from the start of the raid; – for never."""
    if not math.isfinite(seconds):
        return "–"
    whole = abs(round(seconds))
    sign = "-" if seconds < 0 and whole else ""
    return f"{sign}{whole // 60}:{whole % 60:02d}"


class Lines:
    """Says events; numbers the missiles in the order in which they are launched, but for those `named`."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._number = {name: name for name in named}

    def line(self, told: Sequence[LiveEvent]) -> Text:
        """Events that say the same of one missile at one time, as one line."""
        e = told[0]
        nations = tuple(dict.fromkeys(n for one in told for n in one.nations))
        because = tuple(dict.fromkeys(clause for one in told for clause in one.because))
        if e.flight and e.flight not in self._number:
            self._number[e.flight] = f"M{len(self._number) + 1}"
        shown = Text(f"{clock(e.time_s):>6}  ", style=QUIET)
        shown.append(f"{_who(nations):<16}")
        shown.append(f"{WORDS[e.kind]:<10}", style=STYLES.get(e.kind, ""))
        shown.append(f"{self._number.get(e.flight, ''):<5}")
        shown.append(said(e))
        if because:
            shown.append("  " + " ".join(because), style=QUIET)
        return shown


def together(events: Iterable[LiveEvent]) -> Iterator[list[LiveEvent]]:
    """Events in groups that read alike but for the nations: neighbours of one time, kind and missile."""
    for _, group in itertools.groupby(events, lambda e: (e.time_s, e.kind, e.flight, said(e))):
        yield list(group)


def _who(nations: tuple[str, ...]) -> str:
    more = len(nations) - NATIONS_SHOWN
    return " ".join(nations[:NATIONS_SHOWN]) + (f" +{more}" if more > 0 else "")


def said(e: LiveEvent) -> str:
    """What an event tells, in words."""
    w = e.what
    if e.kind == "launch":
        return f"{w['threat']} from {w['area']}"
    if e.kind == "detected":
        return f"by {w['station']}"
    if e.kind == "alert":
        return "by own sensors"
    if e.kind in ("released", "revoked"):
        ends = " ends" if e.kind == "revoked" else ""
        return f"{_product(w['product'])} of {w['by']}{ends}"
    if e.kind == "classified":
        return f"{w['category']}, {100.0 * _number(w['chance']):.0f} %"
    if e.kind == "track":
        return f"known to {_number(w['sigma_m']) / 1000.0:.1f} km"
    if e.kind == "fire_control":
        return f"{w['battery']}, launch at {clock(_number(w['launch_s']))}"
    if e.kind == "warned":
        places = w["places"]
        told = ", ".join(places) if isinstance(places, tuple) else str(places)
        return f"{told}, down at {clock(_number(w['impact_s']))}"
    return _impact(e) if e.kind == "impact_estimate" else ""


def _impact(e: LiveEvent) -> str:
    w = e.what
    size = _size(_number(w["semi_major_m"]), _number(w["semi_minor_m"]))
    at = f"{clock(_number(w['impact_s']))} ± {_number(w['impact_sigma_s']):.0f} s"
    if not w["nearest"]:
        return f"{size}, down at {at}"
    off = _number(w["nearest_m"]) / 1000.0
    return f"{size}, {off:,.0f} km from {w['nearest']}, down at {at}"


def _size(major_m: float, minor_m: float) -> str:
    """Half-axes of an ellipse, in metres where it is small."""
    if major_m < 1000.0:
        return f"{major_m:.0f} × {minor_m:.0f} m"
    return f"{_kilometres(major_m)} × {_kilometres(minor_m)} km"


def _kilometres(metres: float) -> str:
    return f"{metres / 1000.0:.0f}" if metres >= 10_000.0 else f"{metres / 1000.0:.1f}"


def _product(value: object) -> str:
    return str(value).replace("_", " ")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def heading(title: str, regime: str, seed: int, console: Console) -> None:
    """What is about to be seen."""
    console.print()
    console.print(Text(title, style="bold"))
    console.print(
        Text(f"Live, under {regime}, seed {seed}. Time runs from the start of the raid.", style=QUIET)
    )
    console.print()


def render(t: LiveTable, console: Console) -> None:
    """Who was warned when, beside the bound."""
    console.print()
    if not t.finished:
        console.print(Text(f"Ended at {clock(t.until_s)}; so far:", style="bold"))
    paragraph(console, Text(_finding(t), style="bold"))
    console.print()
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    table.add_column("place", no_wrap=True, max_width=16, overflow="ellipsis")
    for name in ("first\nimpact", "warned\nlive", "warned\nbound", "warning\nlive, s", "warning\nbound, s"):
        table.add_column(name, justify="right", no_wrap=True)
    for w in t.warned:
        table.add_row(
            escape(w.nation), escape(w.asset), clock(w.impact_s), clock(w.warned_s), clock(w.bound_s),
            f"{w.warning_s:,.0f}", f"{w.bound_warning_s:,.0f}",
        )  # fmt: skip
    console.print(table)
    console.print()
    paragraph(console, Text(METHOD, style=QUIET))


def _finding(t: LiveTable) -> str:
    told = [w for w in t.warned if w.warning_s > 0.0]
    head = f"{len(told)} of {len(t.warned)} attacked places are warned before the first impact there"
    late = Counter(_compared(w) for w in t.warned)
    if not late["both"]:
        return head + "."
    worst = max(abs(w.warned_s - w.bound_s) for w in t.warned if _compared(w) == "both")
    return head + f"; live and bound differ by at most {worst:,.0f} s."


def _compared(w: LiveWarned) -> str:
    return "both" if math.isfinite(w.warned_s) and math.isfinite(w.bound_s) else "one"
