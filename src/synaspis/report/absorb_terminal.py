"""How large a raid each regime absorbs, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from synaspis.model.absorb import AbsorbAnswer
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import counted, percent

METHOD = (
    "The raid is the case's own, every row with so many times as many missiles in the same time; "
    "nothing else of it "
    "changes, and nothing looks for a raid that gets through. Multiples are whole and on the same luck. "
    "Results hold "
    "without countermeasures."
)


def finding(a: AbsorbAnswer) -> str:
    """The answer in a sentence."""
    most = max(r.multiple for r in a.regimes.values())
    best = [name for name, r in a.regimes.items() if r.multiple == most]
    what = "no leaker" if a.share == 0.0 else f"at most {percent(a.share)} of what would land"
    sure = f"in {percent(a.confidence)} of trials"
    if most == 0:
        return f"No regime absorbs the raid of {a.missiles} as it stands: {what} {sure} is out of reach."
    least = "at least " if most == a.most else ""
    return (
        f"{' and '.join(best) if len(best) < 3 else f'{len(best)} regimes'} "
        f"absorb{'s' if len(best) == 1 else ''} {least}{counted(most, 'time', 'times')} the raid of "
        f"{a.missiles}: "
        f"{most * a.missiles} missiles with {what} {sure}."
    )


def render(answer: AbsorbAnswer, console: Console) -> None:
    """Print `answer`."""
    a = answer
    console.print()
    console.print(Text(a.title, style="bold"))
    paragraph(console, Text(f"{a.trials:,} trials, seed {a.seed}.", style="dim"))
    console.print()
    paragraph(console, Text(finding(a), style="bold"))
    console.print()
    table = plain_table()
    table.add_column("regime", no_wrap=True)
    for heading in ("absorbs", "missiles", "chance", "at the next"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, r in a.regimes.items():
        at = "–" if r.multiple == 0 else percent(r.chance)
        after = "not tried" if r.next_chance is None else percent(r.next_chance)
        table.add_row(escape(name), f"× {r.multiple}", f"{r.missiles}", at, after)
    console.print(table)
    console.print()
    paragraph(console, Text(METHOD, style="dim"))
