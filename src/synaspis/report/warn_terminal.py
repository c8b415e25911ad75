"""Who is warned and when, in a terminal of 80 columns or more."""

from __future__ import annotations

import math

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.early_warning import AssetWarning, WarnAnswer
from synaspis.report import warn_findings as found
from synaspis.report.console import WIDE, paragraph, plain_table
from synaspis.report.findings import raid_sentence
from synaspis.report.words import listed, short_people

SHOWN = (("launch\nknown", "alert_s"), ("to\n10 km", "impact_10km_s"), ("fire\ncontrol", "fire_control_s"))
CHANGED = "bold cyan"


def render(answer: WarnAnswer, console: Console) -> None:
    """Print `answer`."""
    console.print()
    console.print(Text(answer.title, style="bold"))
    said = f"{answer.date}. {raid_sentence(answer.flights)} {answer.trials:,} trials, seed {answer.seed}."
    paragraph(console, Text(said, style="dim"))
    console.print()
    console.print(_regimes(answer))
    console.print()
    paragraph(console, Text(found.headline(answer), style="bold"))
    paragraph(console, Text(found.change_sentence(answer)))
    for regime in dict.fromkeys((answer.against, answer.headline)):
        console.print()
        title = f"Under {regime}: seconds after launch, for each nation's largest place attacked"
        console.print(Text(title, style="bold"))
        console.print(_nations(answer, regime, console.width >= WIDE))
    if found.pair(answer) is not None:
        console.print(Text("What differs between the two is in colour; – is never.", style="dim"))
    console.print()
    for c in answer.coverage:
        paragraph(console, Text(found.coverage_sentence(answer, c, found.telling_nation(answer, c))))
    for name, made in answer.constellations.items():
        stereo = "stereo without a gap" if made.persistent_stereo else "no stereo without a gap"
        paragraph(console, Text(f"Constellation {name}: {made.satellites} satellites, {stereo}."))
    console.print()
    paragraph(console, Text(found.METHOD, style="dim"))


def _regimes(answer: WarnAnswer) -> Table:
    table = plain_table()
    table.add_column("regime", no_wrap=True)
    for heading in ("people\nattacked", "with\n90 s", "with\n300 s", "with\n600 s", "warned\nneedlessly"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, r in answer.regimes.items():
        counts = [found.attacked(r), *(found.warned(r, s) for s in (90, 300, 600)), found.needless(r)]
        style = "bold" if name == answer.headline else ""
        table.add_row(escape(name), *(short_people(x) for x in counts), style=style)
    return table


def _nations(answer: WarnAnswer, regime: str, wide: bool) -> Table:
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    table.add_column("place", no_wrap=True, max_width=14, overflow="ellipsis")
    for heading, _ in SHOWN:
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("impact", "warning\nno luck", "over trials\n5 %–median"):
        table.add_column(heading, justify="right", no_wrap=True)
    if wide:
        table.add_column("rests on", no_wrap=True)
    other = answer.against if regime == answer.headline else answer.headline
    for code in found.nation_codes(answer):
        name, asset = found.main_place(answer.regimes[regime].nations[code])
        beside = answer.regimes[other].nations[code].assets[name]
        cells = [
            _cell(float(getattr(asset.known, stage)), float(getattr(beside.known, stage)))
            for _, stage in SHOWN
        ]
        luck = f"{asset.luck.p05:,.0f}–{asset.luck.p50:,.0f}"
        table.add_row(
            escape(code), escape(name), *cells, f"{asset.impact_s:,.0f}",
            _cell(asset.warning_s, beside.warning_s), luck, *([escape(_clauses(asset))] if wide else []),
        )  # fmt: skip
    return table


def _cell(value: float, beside: float) -> Text:
    """A time, in colour where the other regime has another."""
    said = f"{value:,.0f}" if math.isfinite(value) else "–"
    differs = value != beside and not abs(value - beside) < 1.0
    return Text(said, style=CHANGED if differs else "")


def _clauses(asset: AssetWarning) -> str:
    """Clauses that the warning rests on, else those of the alert."""
    because = asset.known.because
    return listed(because["warned_s"] or because["alert_s"]) or "own sensors" * math.isfinite(
        asset.known.alert_s
    )
