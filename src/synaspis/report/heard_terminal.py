"""A recording heard by the nations of a case, in a terminal: heading, and what came of it at the end."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from synaspis.model.live_warning import HeardTable
from synaspis.report.console import paragraph, plain_table
from synaspis.report.live_terminal import QUIET, clock

SOURCES_SHOWN = 8
METHOD = (
    "Each nation's trackers work on the measurements of its own sensors and on what is released to it, by "
    "the same rules as in `synaspis warn --live`. What flew is not known: T1, T2, ... are what one more "
    "tracker finds in all that was recorded, for the reader alone. Impact times are the nation's own last "
    "estimates."
)


def heading(title: str, regime: str, recording: str, console: Console) -> None:
    """What is about to be seen."""
    console.print()
    console.print(Text(title, style="bold"))
    told = f"{recording}, under {regime}. Time runs from second 0 of the raid."
    console.print(Text(told, style=QUIET), soft_wrap=True)
    console.print()


def render(t: HeardTable, console: Console) -> None:
    """Who was warned when, and what was not used."""
    console.print()
    if not t.finished:
        console.print(Text(f"Ended at {clock(t.until_s)}; so far:", style="bold"))
    paragraph(console, Text(_finding(t), style="bold"))
    console.print()
    if t.warned:
        table = plain_table()
        for name in ("nation", "place", "track"):
            table.add_column(name, no_wrap=True)
        for name in ("warned", "impact,\nestimated", "warning,\ns"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("by")
        for w in t.warned:
            table.add_row(
                escape(w.nation), escape(w.asset), w.object, clock(w.warned_s), clock(w.impact_s),
                f"{w.warning_s:,.0f}", escape(" ".join(w.because)) or "own sensors",
            )  # fmt: skip
        console.print(table)
        console.print()
    for line in _used(t):
        console.print(Text(line, style=QUIET), soft_wrap=True)
    paragraph(console, Text(METHOD, style=QUIET))


def _finding(t: HeardTable) -> str:
    places = {(w.nation, w.asset) for w in t.warned}
    holders = {h.nation for h in t.held}
    objects = f"{t.objects:,} object" + "s" * (t.objects != 1)
    return (
        f"{objects} in the recording, held by {len(holders)} nation{'s' * (len(holders) != 1)}; "
        f"{len(places)} place{'s' * (len(places) != 1)} warned."
    )


def _used(t: HeardTable) -> list[str]:
    sources = sorted(t.sources.items(), key=lambda item: -item[1])
    told = ", ".join(f"{name} {n:,}" for name, n in sources[:SOURCES_SHOWN])
    more = f" and {len(sources) - SOURCES_SHOWN} more" if len(sources) > SOURCES_SHOWN else ""
    lines = [f"Used: {t.used:,} measurements. Recorded, by source: {told}{more}."]
    for reason, n in sorted(t.left_out.items()):
        first = t.first.get(reason, "")
        lines.append(f"Not used: {n:,} {reason.replace('_', ' ')}" + (f", first {first}" if first else ""))
    return lines
