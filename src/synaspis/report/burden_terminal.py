"""A burden in a terminal of 80 columns or more."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from synaspis.model.burden import BurdenAnswer, Member
from synaspis.report import burden_findings as found
from synaspis.report import burden_together as together
from synaspis.report import burden_words as said_as
from synaspis.report.burden_apart import alone
from synaspis.report.console import WIDE, paragraph, plain_table
from synaspis.report.words import number, percent, short_people

SHORT_KEYS = {"common_funding": "common", "population": "people", "benefit": "benefit"}


def render(answer: BurdenAnswer, console: Console) -> None:
    """Print `answer`."""
    a = answer
    console.print()
    console.print(Text(a.title, style="bold"))
    said = f"{a.date}, regime {a.regime} against {a.against}; {a.trials:,} trials."
    paragraph(console, Text(said, style="dim"))
    console.print()
    paragraph(console, Text(found.headline(a), style="bold"))
    for text in (
        found.contributes(a),
        found.gains(a),
        found.bill(a),
        found.shared_costs(a),
        found.assumed(a),
        found.raid(a),
    ):
        if text:
            paragraph(console, Text(text))
    _say(console, "Who adds, gains and pays what", _members(a, console.width))
    for text in (found.sampled(a), found.free_riding(a), found.size_and_share(a)):
        if text:
            paragraph(console, Text(text))
    if a.amount > 0.0:
        what = "as was asked" if a.amount_given else "the members' bill"
        head = f"What each would pay of {said_as.money(a.amount)} a year, {what}; million USD"
        _say(console, head, _keys(a))
    for text in found.undefined(a):
        paragraph(console, Text(text))
    _stability(a, console)
    if a.alone is not None:
        _say(console, "What it would cost apart", _alone(a))
        paragraph(console, Text(alone(a)))
    console.print()
    for note in a.notes:
        paragraph(console, Text(note, style="dim"))
    meant = (
        "Errors are luck (standard errors of means); bands of money are ignorance (how far sources differ). "
    )
    paragraph(console, Text(meant + found.METHOD, style="dim"))


def _stability(a: BurdenAnswer, console: Console) -> None:
    console.print()
    console.print(Text("Does it hold together?", style="bold"))
    paragraph(console, Text(together.stability(a)))
    if len(a.members) < 2:
        return
    for text in (together.more_on_stability(a), together.complaints(a), together.joining(a)):
        paragraph(console, Text(text))
    _say(console, "In or out: people of its own protected, and what it pays", _leaving(a))
    for text in (together.leaving(a), together.missed(a)):
        paragraph(console, Text(text))


def _say(console: Console, title: str, table: Table) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    console.print(table)


def _numbers(table: Table, *headings: str) -> None:
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)


def _members(a: BurdenAnswer, width: int) -> Table:
    """One row each, those first that add most; a wide terminal has bands and Banzhaf values too."""
    wide = width >= WIDE
    table = plain_table()
    table.add_column("", no_wrap=True)
    _numbers(table, "adds\n(Shapley)", "±", "share")
    if wide:
        _numbers(table, "adds\n(Banzhaf)")
    _numbers(table, "gains", "share", "pays\nM USD")
    if wide:
        _numbers(table, "low–high")
    _numbers(table, "share", "index")
    for m in found.by_contribution(a):
        adds = found.contribution(a, m)
        row = [m.nation, _value(a, m.shapley.value), _value(a, m.shapley.error), _share(adds)]
        row += [_value(a, m.banzhaf.value)] if wide else []
        row += [short_people(m.benefit.value), _share(m.benefit_share), number(m.burden.value)]
        row += [f"{number(m.burden.low)}–{number(m.burden.high)}"] if wide else []
        table.add_row(*row, _share(m.burden_share), _index(m))
    return table


def _value(a: BurdenAnswer, value: float) -> str:
    return short_people(value) if a.unit == "people" else percent(value)


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _index(m: Member) -> Text:
    value = m.free_rider_index or 0.0
    return Text(said_as.index(m), style="cyan" if value > 0.05 else "yellow" if value < -0.05 else "")


def _keys(a: BurdenAnswer) -> Table:
    table = plain_table()
    table.add_column("", no_wrap=True)
    _numbers(table, "now", *(SHORT_KEYS.get(k.name, said_as.KEY_WORDS[k.name]) for k in a.keys))
    for m in sorted(a.members.values(), key=lambda m: -(found.now(a, m) or 0.0)):
        paid = (said_as.short_money(m.pays[k.name]) for k in a.keys)
        table.add_row(m.nation, said_as.short_money(found.now(a, m)), *paid)
    return table


def _leaving(a: BurdenAnswer) -> Table:
    table = plain_table()
    table.add_column("", no_wrap=True)
    _numbers(table, "inside", "still\ndefended", "not\ndefended", "pays\ninside", "out")
    table.add_column("better off\nif still defended")
    for m in found.by_contribution(a):
        x = m.leaving
        if x is not None:
            table.add_row(
                m.nation, *(short_people(p) for p in (x.inside, x.still_defended, x.undefended)),
                number(x.pays_inside.value), number(x.pays_outside.value),
                together.better(x, defended=True),
            )  # fmt: skip
    return table


def _alone(a: BurdenAnswer) -> Table:
    table = plain_table()
    table.add_column("group")
    _numbers(table, "people", "once, M USD", "a year")
    for x in a.alone or ():
        paid = ("–" if p is None else said_as.band(p) for p in (x.cost, x.yearly))
        table.add_row(", ".join(x.members), short_people(x.goal), *paid)
    return table
