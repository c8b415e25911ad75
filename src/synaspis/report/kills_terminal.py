"""What a table of attacks says, in a terminal of 80 columns or more."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.answers import Band
from synaspis.model.kills import KillsAnswer, KillsFit
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import counted, number, percent

METHOD = (
    "Beta-binomial. Intervals of 95 % hold every value under which at least 5 % of tables drawn on these "
    "attack sizes are as odd as this one. None hit: attacks with no intercept."
)
DOUBTFUL = 0.05
SHOWN = 12
"""Letters of a class's name."""


def render(answer: KillsAnswer, console: Console) -> None:
    """Print `answer`."""
    console.print()
    whole = answer.whole
    head = f"{counted(whole.attacks, 'attack')}, {whole.launched:,} launched, {whole.destroyed:,} destroyed"
    console.print(Text(head, style="bold"))
    console.print()
    console.print(_table(answer))
    console.print()
    paragraph(console, Text(finding(whole), style="bold"))
    if none_sentence(whole):
        paragraph(console, Text(none_sentence(whole)))
    if outside_sentence(whole):
        console.print()
        paragraph(console, Text(outside_sentence(whole)))
    for warning in answer.warnings:
        console.print()
        paragraph(console, Text(f"Warning: {warning}", style="yellow"))
    console.print()
    paragraph(console, Text(METHOD, style="dim"))


def _table(answer: KillsAnswer) -> Table:
    table = plain_table()
    table.add_column("", no_wrap=True)
    for heading in (
        "attacks",
        "fired",
        "kill chance\n\\[95 %]",
        "correlation\n\\[95 %]",
        "none\nhit",
        "independence\nsays \\[95 %]",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row("all", *_cells(answer.whole), style="bold" if answer.classes else "")
    for name, fit in answer.classes.items():
        table.add_row(escape(name[:SHOWN]), *_cells(fit))
    return table


def _cells(fit: KillsFit) -> tuple[str, ...]:
    expected = fit.none_independent
    return (
        f"{fit.attacks:,}",
        f"{fit.launched:,}",
        interval(fit.p_kill),
        "–" if fit.correlation is None else interval(fit.correlation),
        f"{fit.none_seen:,}",
        f"{number(expected.value)} \\[{expected.low:,.0f}–{expected.high:,.0f}]",
    )


def interval(band: Band) -> str:
    """`0.37 [0.29–0.46]`."""
    return f"{band.value:.2f} \\[{band.low:.2f}–{band.high:.2f}]"


def finding(fit: KillsFit) -> str:
    """Whether the fates of an attack's missiles hang together."""
    if fit.correlation is None:
        return f"The table cannot tell a correlation: {fit.undetermined}."
    chance = _chance(fit.p_independent)
    if fit.p_independent < DOUBTFUL:
        return (
            f"Missiles of one attack share their fate: correlation {fit.correlation.value:.2f}. Independence "
            f"would spread kills so unevenly {chance}."
        )
    return (
        f"Nothing here speaks against independence: it spreads kills as unevenly {chance}. The table allows "
        f"a correlation up to {fit.correlation.high:.2f}."
    )


def none_sentence(fit: KillsFit) -> str:
    """Attacks with no intercept: seen, and predicted with and without correlation."""
    if fit.correlation is None:
        return ""
    return (
        f"{counted(fit.none_seen, 'attack')} had no intercept. Independence predicts "
        f"{number(fit.none_independent.value)} and gives as many {_chance(fit.p_none)}; the fit predicts "
        f"{number(fit.none_fitted)}."
    )


def outside_sentence(fit: KillsFit) -> str:
    """How many of those attacks would have to lie outside coverage to explain it."""
    if fit.outside == 0 or fit.correlation is None:
        return ""
    if fit.outside is None:
        return "Taking attacks with no intercept out of the table does not explain it."
    return (
        f"Had {fit.outside} of the {counted(fit.none_seen, 'attack')} with no intercept (the largest) "
        "been outside coverage, the rest would look independent at 5 %."
    )


def _chance(share: float) -> str:
    if share < 0.001:
        return "in fewer than 1 of 1,000 cases"
    return f"in {percent(share)} of cases"
