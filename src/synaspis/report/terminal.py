"""The answer in a terminal: what each regime is worth, why they differ, and for whom."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.answers import CAUSES, Ignorance, NationAnswer, RegimeAnswer, RunAnswer
from synaspis.model.stability import Stability
from synaspis.report import findings, ignorance, layers, stability_findings
from synaspis.report.console import WIDE, paragraph, plain_table
from synaspis.report.words import CAUSE_WORDS, band, counted, number, percent, short_people


def render(answer: RunAnswer, console: Console) -> None:
    """Print `answer`, for 80 columns or more."""
    console.print()
    console.print(Text(answer.title, style="bold"))
    raid = findings.raid_sentence(answer.flights)
    paragraph(
        console, Text(f"{answer.date}. {raid} {answer.trials:,} trials, seed {answer.seed}.", style="dim")
    )
    console.print()
    console.print(_regimes_table(answer, console.width >= WIDE))
    console.print()
    paragraph(console, _verdict(answer))
    if any(n.population_at_risk > 0 for r in answer.regimes.values() for n in r.nations.values()):
        console.print()
        console.print(Text("Nations attacked", style="bold"))
        console.print(_nations_table(answer, console.width >= WIDE))
    table = layers.terminal_layers(answer, plain_table())
    if table is not None:
        console.print()
        console.print(Text("Layers, in the order of time", style="bold"))
        console.print(table)
        console.print()
        paragraph(console, Text(layers.stock_sentence(layers.told(answer))))
    if any(value > 0 for regime in answer.regimes.values() for value in regime.shots_lost.values()):
        console.print()
        console.print(Text("Shots in reach never fired, by the first gate that failed", style="bold"))
        console.print(_lost_table(answer))
    if answer.stability is not None:
        _stability(console, answer.stability)
    if answer.ignorance is not None:
        _ignorance(console, answer, answer.ignorance)
    console.print()
    for note in answer.notes:
        paragraph(console, Text(f"Note: {note}", style="dim"))


def _stability(console: Console, found: Stability) -> None:
    """What the shield could touch of third states' missiles at most: a row and a few sentences a question."""
    console.print()
    console.print(Text("Strategic stability: paths that some interceptor could meet, at most", style="bold"))
    console.print(stability_findings.terminal_stability(found, plain_table()))
    for q in found.questions:
        console.print()
        said = (stability_findings.list_sentence(q), stability_findings.rounds_sentence(q))
        paragraph(console, Text(f"{q.title}: {stability_findings.finding(q)} {' '.join(filter(None, said))}"))


def _ignorance(console: Console, answer: RunAnswer, found: Ignorance) -> None:
    """Ignorance beside luck, and the figures that move the answer most."""
    console.print()
    title = f"Ignorance (public figures drawn from their bands, {counted(found.draws, 'draw')})"
    console.print(Text(title, style="bold"))
    console.print(ignorance.terminal_regimes(answer, found))
    console.print()
    paragraph(console, Text(ignorance.sentence(answer, found)))
    if found.movers:
        console.print(ignorance.terminal_movers(found))
    weak = ignorance.weak_sentence(found)
    if weak:
        console.print()
        paragraph(console, Text(weak, style="bold"))


def _regimes_table(answer: RunAnswer, wide: bool) -> Table:
    table = plain_table()
    gap = "  " if wide else ""
    table.add_column("regime", no_wrap=True)
    for heading in (
        "leakers\nmean \\[5–95 %]",
        "no leaker\nchance" if wide else "no leak\nchance",
        "people protected\nof those at risk",
        "people\ncovered",
        "impacts\nprevented" if wide else "impacts\nstopped",
        "rounds\nfired",
    ):
        table.add_column("\n".join(gap + line for line in heading.split("\n")), justify="right", no_wrap=True)
    for regime in answer.regimes.values():
        table.add_row(*_regime_cells(regime), style=_style(answer, regime.name))
    return table


def _regime_cells(r: RegimeAnswer) -> tuple[str, ...]:
    luck = f"{number(r.leakers.mean)} \\[{band(r.leakers.p05, r.leakers.p95)}]"
    return (
        escape(r.name),
        luck,
        percent(r.p_no_leaker),
        f"{short_people(r.protected_population)} of {short_people(r.population_at_risk)}",
        short_people(r.covered_population),
        number(r.prevented_impacts.mean),
        number(sum(r.rounds.values())),
    )


def _style(answer: RunAnswer, regime: str) -> str:
    return "bold" if answer.difference is not None and answer.difference.headline == regime else ""


def _verdict(answer: RunAnswer) -> Text:
    text = Text(findings.headline(answer), style="bold")
    condition = findings.condition_sentence(answer)
    if condition:
        text.append(" " + condition, style="not bold")
    if answer.difference is not None:
        text.append(" " + findings.split_sentence(answer.difference), style="not bold")
        text.append(" " + findings.clause_sentence(answer.difference), style="not bold")
    doubled = findings.doubled_sentence(answer)
    if doubled:
        text.append(" " + doubled, style="not bold")
    return text


def _nations_table(answer: RunAnswer, wide: bool) -> Table:
    pair = findings.compared(answer)
    shown = pair if pair is not None else tuple(answer.regimes.values())[:2]
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    table.add_column("at risk", justify="right", no_wrap=True)
    headings = ("median warning" if wide else "warning", "leakers", "protected")
    for heading in headings:
        for regime in shown:
            name = regime.name if wide else regime.name.replace("-", "-\n")
            table.add_column(f"{heading}\n{escape(name)}", justify="right", no_wrap=True)
    for code in findings.nation_codes(answer):
        told = [regime.nations.get(code) for regime in shown]
        at_risk = next((n.population_at_risk for n in told if n is not None), 0.0)
        if at_risk <= 0:
            continue
        cells = [_nation_cell(nation, what) for what in range(3) for nation in told]
        table.add_row(escape(code), short_people(at_risk), *cells)
    return table


def _nation_cell(nation: NationAnswer | None, what: int) -> str:
    if nation is None:
        return "–"
    if what == 0:
        return f"{nation.warning_s.p50:,.0f} s"
    return number(nation.leakers_mean) if what == 1 else short_people(nation.protected_population)


def _lost_table(answer: RunAnswer) -> Table:
    table = plain_table()
    table.add_column("cause", no_wrap=True)
    for name in answer.regimes:
        table.add_column(escape(name), justify="right")
    for cause in CAUSES:
        values = [regime.shots_lost.get(cause, 0.0) for regime in answer.regimes.values()]
        if any(value > 0 for value in values):
            table.add_row(CAUSE_WORDS[cause], *(number(value) for value in values))
    return table
