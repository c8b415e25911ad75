"""A package of clauses in a terminal: the smallest sets, whose signature they need, and who loses."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from synaspis.model.compared import AgreementsPackage, Package
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import counted, listed, people, percent, short_people

GOAL_WORDS = {
    "protected-population": "people protected",
    "worst-nation": "the share protected of the worst-off nation's people at risk",
    "warning": "the mean warning of people at risk",
}


def render_package(p: AgreementsPackage, console: Console) -> None:
    """Print the sets found, each with its signatories."""
    console.print()
    paragraph(console, Text(package_finding(p), style="bold"))
    paragraph(console, Text(_under(p), style="dim"))
    for package in p.packages:
        console.print()
        console.print(Text(" + ".join(package.clauses), style="bold"))
        for line in _lines(p, package):
            paragraph(console, Text(f"· {line}"))
    alone = sorted(p.alone.items(), key=lambda item: -item[1])
    if alone:
        console.print()
        console.print(Text("Alone, each clause of the pool", style="bold"))
        table = plain_table()
        table.add_column("clause", no_wrap=True)
        table.add_column(f"changes {GOAL_WORDS[p.goal]} by", justify="right")
        for clause, value in alone:
            table.add_row(escape(clause), _value(p, value, signed=True))
        console.print(table)
    for note in p.notes:
        console.print()
        paragraph(console, Text(f"Note: {note}.", style="dim"))


def package_finding(p: AgreementsPackage) -> str:
    """The smallest set in a sentence."""
    if not p.packages:
        return f"No clause of the case beyond {p.regime} raises {GOAL_WORDS[p.goal]}."
    best = p.packages[0]
    together = listed([f"`{c}`" for c in best.clauses])
    values = f"from {_value(p, p.base)} to {_value(p, best.value)}"
    if not p.reached:
        return (
            f"No set of at most {counted(p.most, 'clause')} reaches the goal; {together} come nearest and "
            f"bring {GOAL_WORDS[p.goal]} {values}, of {_value(p, p.all_clauses)} with all."
        )
    rest = len(p.packages) - 1
    also = (
        f" ({counted(rest, 'other set')} of that size {'does' if rest == 1 else 'do'}, too)" if rest else ""
    )
    verb = "brings" if len(best.clauses) == 1 else "together bring"
    return f"{together} {verb} {GOAL_WORDS[p.goal]} {values}{also}."


def _under(p: AgreementsPackage) -> str:
    if not p.packages:
        return (
            f"{p.case}, from regime {p.regime}: {_value(p, p.base)}, and {_value(p, p.all_clauses)} with all "
            f"{counted(len(p.pool), 'clause')} that it lacks, over {p.trials:,} trials (seed {p.seed})."
        )
    how = "every smaller set was tried" if p.proven else "the search was heuristic: a smaller set may exist"
    return (
        f"{p.case}, from regime {p.regime}; the goal is {_value(p, p.target)}, of {_value(p, p.all_clauses)} "
        f"with all {counted(len(p.pool), 'clause')} that it lacks. {counted(p.tried, 'set')} tried over "
        f"{p.trials:,} trials on the same luck (seed {p.seed}); {how}."
    )


def _lines(p: AgreementsPackage, package: Package) -> list[str]:
    gain = package.gain
    found = [
        f"brings {GOAL_WORDS[p.goal]} to {_value(p, package.value)}; {people(gain.value)} more people are "
        f"protected ({short_people(gain.low)} to {short_people(gain.high)})"
    ]
    if package.pivotal:
        told = listed([f"{n} ({percent(max(kept, 0.0))})" for n, kept in package.pivotal.items()])
        found.append(f"pivotal signatures, with what the others keep of their gain without each: {told}")
    else:
        found.append("no single signature is pivotal: without any one nation the others keep most of it")
    if package.losers:
        found.append("worse off: " + listed([f"{n} ({short_people(v)})" for n, v in package.losers.items()]))
    else:
        found.append("nobody is worse off")
    best = sorted(package.gainers.items(), key=lambda item: -item[1])[:6]
    if best:
        found.append("better off: " + listed([f"{n} (+{short_people(v)})" for n, v in best]))
    return found


def _value(p: AgreementsPackage, value: float, signed: bool = False) -> str:
    plus = "+" if signed and value > 0 else ""
    if p.goal == "protected-population":
        return plus + short_people(value)
    if p.goal == "worst-nation":
        return plus + (percent(value) if value else "0\u00a0%")
    return f"{plus}{value:,.0f}\u00a0s".replace("-", "−")
