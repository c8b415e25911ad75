"""The years in a terminal of 80 columns or more: one line each."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.timeline import TimelineAnswer, Year
from synaspis.report import timeline_findings as found
from synaspis.report.console import WIDE, paragraph, plain_table
from synaspis.report.words import short_people


def render(answer: TimelineAnswer, console: Console) -> None:
    """Print `answer`."""
    a = answer
    console.print()
    console.print(Text(a.title, style="bold"))
    said = f"{a.first_year} to {a.last_year}, {a.trials:,} trials, seed {a.seed}."
    paragraph(console, Text(said, style="dim"))
    console.print()
    paragraph(console, Text(found.headline(a), style="bold"))
    paragraph(console, Text(found.proof(a)))
    for p in a.plans:
        for text in (
            found.delay(a, p),
            *(found.moved(m, a.headline) for m in p.moved if m.alone[a.headline].lags),
        ):
            paragraph(console, Text(text))
        if p.shortfall[a.headline].lags:
            paragraph(console, Text(found.raid_words(a, p)))
    paragraph(console, Text(found.cost(a)))
    console.print()
    console.print(Text(f"Year by year, under {a.headline}", style="bold"))
    console.print(_table(a, console.width))
    console.print()
    for note in (*found.assumptions(a), *a.notes):
        paragraph(console, Text(note, style="dim"))
    paragraph(console, Text(found.METHOD, style="dim"))


def _table(a: TimelineAnswer, width: int) -> Table:
    table = plain_table()
    table.add_column("year", no_wrap=True)
    table.add_column("protected", justify="right", no_wrap=True)
    if a.plans:
        table.add_column("planned", justify="right", no_wrap=True)
    if a.against != a.headline:
        table.add_column(escape(a.against), justify="right", no_wrap=True, max_width=10, overflow="ellipsis")
    for heading in ("covered", "warned"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("M USD", justify="right", no_wrap=True)
    room = max(width - (63 if a.plans else 54), 14)
    table.add_column("new or gone", no_wrap=True, max_width=room, overflow="ellipsis")
    for y in a.years:
        table.add_row(*_row(a, y, wide=width >= WIDE))
    return table


def _row(a: TimelineAnswer, y: Year, *, wide: bool) -> list[str]:
    r = y.regimes[a.headline]
    row = [str(y.year), short_people(r.protected_population.value)]
    if a.plans:
        row.append(short_people(a.plans[0].years[y.year][a.headline].protected_population.value))
    if a.against != a.headline:
        row.append(short_people(found.value(y, a.against)))
    row += [short_people(r.covered_population), f"{r.warning_s.p50:.0f}\u00a0s"]
    cost = y.cost[a.headline]
    row.append((found.band(cost) if wide else f"{cost.value:,.0f}") if cost.value else "–")
    came = found.came(y)
    return [*row, escape(", ".join(came).replace("\u00a0", "")) if came else "–"]
