"""A plan in a terminal of 80 columns or more."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.plan import PlanAnswer
from synaspis.report import plan_findings as found
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import number, percent, short_people

MOST_RULES = 12


def render(answer: PlanAnswer, console: Console) -> None:
    """Print `answer`."""
    console.print()
    console.print(Text(answer.title, style="bold"))
    said = f"{answer.date}, regime {answer.regime}. Objective: {found.GOALS[answer.objective]}."
    paragraph(console, Text(said, style="dim"))
    console.print()
    paragraph(console, Text(found.headline(answer), style="bold"))
    for text in (found.proof(answer), found.played(answer), found.costs(answer)):
        if text:
            paragraph(console, Text(text))
    if answer.clash is not None and answer.clash.nearest:
        paragraph(console, Text("What would do: " + "; or ".join(answer.clash.nearest) + "."))
    if answer.laydown:
        _say(console, "What is added", _laydown(answer))
    _say(console, "Who takes which layer of the raid", _responsibility(answer))
    _say(console, "Rounds and doctrine of the batteries with a part in it", _magazines(answer))
    if answer.binding:
        _say(console, "What each constraint costs", _binding(answer))
    console.print()
    for note in answer.notes:
        paragraph(console, Text(note, style="dim"))
    paragraph(console, Text(found.METHOD, style="dim"))


def _say(console: Console, title: str, table: Table) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    console.print(table)


def _laydown(answer: PlanAnswer) -> Table:
    table = plain_table()
    for heading in ("type", "place", "owner", "host"):
        table.add_column(heading, no_wrap=heading != "place")
    table.add_column("M USD", justify="right", no_wrap=True)
    for x in answer.laydown:
        cost = "–" if x.price is None else f"{x.price.value:,.0f} ({x.price.low:,.0f}–{x.price.high:,.0f})"
        table.add_row(escape(x.type), escape(x.place), x.owner, x.host, cost)
    return table


def _responsibility(answer: PlanAnswer) -> Table:
    table = plain_table()
    table.add_column("place", no_wrap=True, max_width=16, overflow="ellipsis")
    table.add_column("missiles", no_wrap=True, max_width=15, overflow="ellipsis")
    table.add_column("layer", no_wrap=True)
    table.add_column("primary, then backup")
    table.add_column("gets\nthrough", justify="right", no_wrap=True)
    for r in answer.responsibility:
        if r.missiles:
            what = f"{r.missiles} {r.threat}"
            table.add_row(
                escape(r.asset), escape(what), r.layer, escape(found.who(r)), percent(r.gets_through)
            )
    return table


def _magazines(answer: PlanAnswer) -> Table:
    table = plain_table()
    table.add_column("battery")
    table.add_column("of", no_wrap=True)
    for heading in ("rounds", "likely\nfired"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("doctrine")
    for m in answer.magazines:
        if m.expected > 0.0:
            held = f"{m.rounds}" if m.rounds == m.rounds_now else f"{m.rounds_now} → {m.rounds}"
            how = f"{m.doctrine}, {m.salvo} at a time"
            changed = (m.doctrine, m.salvo) != (m.doctrine_now, m.salvo_now)
            table.add_row(
                escape(m.battery), m.nation, held, number(m.expected),
                Text(how, style="bold cyan" if changed else ""),
            )  # fmt: skip
    return table


def _binding(answer: PlanAnswer) -> Table:
    table = plain_table()
    table.add_column("kind", no_wrap=True)
    table.add_column("if")
    table.add_column("worth", justify="right", no_wrap=True)
    table.add_column("how", no_wrap=True)
    for b in answer.binding[:MOST_RULES]:
        table.add_row(
            b.kind, escape(b.what), short_people(b.gain) if b.unit == "people" else found.gain(b), b.how
        )
    return table
