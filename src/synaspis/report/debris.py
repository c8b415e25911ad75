"""The footprint of intercept debris: sentences, and a table for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from synaspis.model.debris import BatteryDebris, DebrisAnswer
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import counted, listed, percent

MOST_NAMED = 4
METHOD = (
    "Shares of the mass of both bodies, mean over the missiles of the raid that a battery may meet and the "
    "first, middle and last point at which it may. Fragments of missile and interceptor are thrown to all "
    "sides about their own paths and fall through still air. Nothing is taken to burn up; what rises into "
    "orbit, and what is left of a missile that no battery meets, is not counted."
)


def sentence(answer: DebrisAnswer) -> str:
    """On how many third states more than the least share falls, and who of them has not let it."""
    thirds = {code for b in answer.batteries.values() for code, n in b.nations.items() if n.third}
    least = percent(answer.least_share)
    if not thirds:
        return f"No third state gets more than {least} of what comes down."
    silent = sorted({code for b in answer.batteries.values() for code in b.silent})
    said = f"{counted(len(thirds), 'third state')} may get more than {least} of what comes down"
    if not silent:
        return f"{said}; under {answer.regime} each has let it."
    if len(silent) == len(thirds):
        return f"{said}; under {answer.regime} none of them has let it."
    return (
        f"{said}; under {answer.regime} {listed(silent)} {'has' if len(silent) == 1 else 'have'} not let it."
    )


def asked_sentence(answer: DebrisAnswer) -> str:
    """Whose orders ask for that consent."""
    asking = [name for name, b in answer.batteries.items() if b.asks]
    if not asking:
        return f"No order under {answer.regime} asks for consent to debris, so nobody is stopped by it."
    return f"Under {answer.regime} the orders of {listed(asking)} wait for it."


def render(answer: DebrisAnswer, console: Console) -> None:
    """Print `answer`, for 80 columns or more."""
    console.print()
    console.print(Text(f"{answer.title}: debris of intercepts", style="bold"))
    console.print()
    shown = plain_table()
    shown.add_column("battery", no_wrap=True, max_width=22, overflow="ellipsis")
    shown.add_column("missiles", justify="right", no_wrap=True)
    shown.add_column("on land of", overflow="fold")
    shown.add_column("at sea", justify="right", no_wrap=True)
    for name, b in answer.batteries.items():
        shown.add_row(escape(name), f"{b.missiles}", _named(b), percent(b.sea.value))
    console.print(shown)
    console.print()
    for said in (sentence(answer), asked_sentence(answer)):
        paragraph(console, Text(said))
    console.print()
    paragraph(console, Text(METHOD, style="dim"))


def _named(b: BatteryDebris) -> str:
    told = [f"{code} {percent(n.share.value)}" for code, n in list(b.nations.items())[:MOST_NAMED]]
    more = len(b.nations) - MOST_NAMED
    return ", ".join([*told, *([f"{more} more"] if more > 0 else [])])
