"""A sweep in a terminal of 80 columns or more: one line for each point and regime."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.sweep import SweepAnswer
from synaspis.report import sweep_findings as found
from synaspis.report.console import WIDE, paragraph, plain_table
from synaspis.report.words import number, percent, short_people

MOST_ROWS = 60
"""Lines printed; the folder has all."""


def render(answer: SweepAnswer, console: Console) -> None:
    """Print `answer`."""
    a = answer
    console.print()
    console.print(Text(a.title, style="bold"))
    said = f"{found.others(a)} {a.trials:,} trials, seed {a.seed}."
    paragraph(console, Text(said, style="dim"))
    if a.resumed:
        paragraph(
            console, Text(f"{a.resumed:,} of the points had been kept by an earlier call.", style="dim")
        )
    console.print()
    paragraph(console, Text(found.headline(a), style="bold"))
    if found.between(a):
        paragraph(console, Text(found.between(a)))
    console.print()
    console.print(_table(a, console.width >= WIDE))
    rows = len(a.columns["point"])
    if rows > MOST_ROWS:
        console.print(Text(f"and {rows - MOST_ROWS:,} more rows in points.parquet", style="dim"))
    console.print()
    paragraph(console, Text(found.METHOD, style="dim"))


def _table(a: SweepAnswer, wide: bool) -> Table:
    table = plain_table()
    axes = a.request.of_points
    for axis in axes:
        table.add_column(escape(axis.key.replace(".", ".\n")), no_wrap=True, justify="right")
    table.add_column("regime", no_wrap=True)
    headings = ["leakers", "no leak", "protected", "covered", "warned\n300 s"]
    for heading in (*headings, "rounds") if wide else headings:
        table.add_column(heading, justify="right", no_wrap=True)
    told = a.columns
    for i in range(min(len(told["point"]), MOST_ROWS)):
        regime = str(told["regime"][i])
        r = a.answered[int(told["point"][i])][regime]
        table.add_row(
            *(escape(str(told[x.key][i])) for x in axes), escape(regime), number(r.leakers_mean),
            percent(r.p_no_leaker), short_people(r.protected_population), short_people(r.covered_population),
            short_people(r.warned_300_s), *([number(r.rounds)] if wide else []),
        )  # fmt: skip
    return table
