"""Answers about agreements in a terminal: one question, and a folder of experts' tests."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from synaspis.model.ask import AskAnswer, Checked, Cited, TransferAnswer
from synaspis.report.console import paragraph
from synaspis.report.words import counted


def render_ask(answer: AskAnswer, console: Console) -> None:
    """Print the answer: the finding, the clauses it rests on, and what a yes would take."""
    console.print()
    paragraph(console, Text(_finding(answer), style="bold"))
    paragraph(console, Text(_under(answer), style="dim"))
    _reasons(console, answer.allowed, answer.clauses)
    _points(console, "It comes with", answer.terms)
    _points(console, "What a yes would take", answer.needs)
    if answer.warning:
        console.print()
        paragraph(console, Text(f"Warning: {answer.warning}", style="bold"))
    if answer.instead:
        console.print()
        paragraph(console, Text(f"{answer.ask.recipient} may have its {answer.instead} instead."))


def render_transfer(answer: TransferAnswer, console: Console) -> None:
    """Print the answer on a transfer, as `render_ask` does."""
    a = answer.ask
    item = f"{' and '.join(a.makers)}'s {a.item}"
    may = "may" if answer.allowed else "may not"
    what = f"{a.recipient} {may} {a.act} {item}"
    if a.holder:
        what = f"{a.holder} {may} pass {item} on to {a.recipient}"
    console.print()
    paragraph(console, Text(f"{'Yes' if answer.allowed else 'No'}: {what}.", style="bold"))
    paragraph(console, Text(f"{answer.case}, regime {answer.regime}, on {answer.on}.", style="dim"))
    _reasons(console, answer.allowed, answer.clauses)
    _points(console, "What a yes would take", answer.needs)


def _reasons(console: Console, allowed: bool, clauses: tuple[Cited, ...]) -> None:
    if clauses:
        console.print()
        console.print(Text("Because" if allowed else "Because of", style="bold"))
        for clause in clauses:
            _clause(console, clause)


def _points(console: Console, heading: str, lines: tuple[str, ...]) -> None:
    if lines:
        console.print()
        console.print(Text(heading, style="bold"))
        for line in lines:
            _point(console, line[:1].upper() + line[1:])


def _finding(answer: AskAnswer) -> str:
    a = answer.ask
    what = f"{a.owner}'s {a.product}" + (f" of {a.sensor}" if a.sensor else "")
    if a.owner == a.recipient:
        return f"Yes: {what} is its own."
    if not answer.allowed:
        return f"No: {a.recipient} may not have {what}."
    late = f", {answer.delay_s:g} s late" if answer.delay_s else ""
    of = [name for name, yes in answer.sensors.items() if yes]
    only = f", of {' and '.join(of)} only" if 0 < len(of) < len(answer.sensors) else ""
    return f"Yes: {a.recipient} may have {what}{only}{late}{f', through {answer.via}' if answer.via else ''}."


def _under(answer: AskAnswer) -> str:
    a = answer.ask
    known = [
        f"threatens {', '.join(a.threatens)}" if a.threatens else "",
        f"is of category {a.category}" if a.category else "",
        f"comes from {a.launched_from}" if a.launched_from else "",
        f"lands in {a.lands_in}" if a.lands_in else "",
    ]
    said = ", ".join(filter(None, known))
    missile = f"a missile that {said}" if said else "a missile of which nothing is known"
    head = f"{answer.case}, regime {answer.regime}, on {answer.on}, in {answer.alert}"
    return f"{head}; for {a.purpose}; {missile}."


def _clause(console: Console, c: Cited) -> None:
    _point(console, f"{c.id}, a {c.effect} in {c.agreement} ({c.title}){', assumed' if c.assumed else ''}")
    for line in (c.note, c.source):
        if line:
            paragraph(console, Text(f"  {line}", style="dim"))


def _point(console: Console, line: str) -> None:
    paragraph(console, Text(f"· {line}"))


def render_tests(results: tuple[Checked, ...], console: Console) -> None:
    """Print every failing test with its place, and how many passed."""
    failed = [r for r in results if not r.passed]
    for r in failed:
        console.print(f"{r.file}:{r.line}: {r.name}", markup=False, soft_wrap=True, style="bold")
        console.print(f"    {r.what}", markup=False, soft_wrap=True)
        for need in r.answer.needs if r.answer.needs and not r.answer.allowed else ():
            console.print(f"    a yes would take: {need}", markup=False, soft_wrap=True, style="dim")
    files = len({r.file for r in results})
    count = f"{counted(len(results), 'test')} in {counted(files, 'file')}"
    end = f"{len(failed)} of {count} failed" if failed else f"{count}: all pass"
    console.print(Text(end, style="bold"))
