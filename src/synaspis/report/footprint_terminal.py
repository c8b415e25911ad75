"""Defended ground in a terminal of 80 columns or more."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.footprint import MODES, FootprintAnswer, allowed_modes
from synaspis.report import footprint_findings as found
from synaspis.report.console import WIDE, paragraph
from synaspis.report.words import listed, short_people

ALLOWED, WOULD_BE = "", "dim"
HEADS = ("own\nradar", "own,\ncued", "launch\nremote", "engage\nremote")


def render(answer: FootprintAnswer, console: Console) -> None:
    """Print `answer`."""
    console.print()
    console.print(Text(answer.title, style="bold"))
    paragraph(console, Text(f"{answer.date}. {found.classes_sentence(answer)}", style="dim"))
    console.print()
    console.print(Text("Footprint of each battery: diameter of the circle of equal area, km", style="bold"))
    console.print(_batteries(answer))
    note = "In brackets: would be, if its type could. Modes: every sensor shared, nobody to decide."
    paragraph(console, Text(note, style="dim"))
    for name, because in found.silent(answer).items():
        if because:
            paragraph(console, Text(f"{name}, {answer.headline}: {'; '.join(because)}."))
    console.print()
    paragraph(console, Text(found.headline(answer), style="bold"))
    paragraph(console, Text(found.people_sentence(answer)))
    if gap := found.gap_sentence(answer):
        paragraph(console, Text(gap))
    console.print()
    whose = "anybody" if answer.whole else listed(list(answer.batteries))
    console.print(Text(f"Soil defended by {whose}, thousand km², and people uncovered", style="bold"))
    console.print(_nations(answer, console.width >= WIDE))
    console.print()
    paragraph(console, Text(found.METHOD, style="dim"))


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 1), collapse_padding=True, pad_edge=False, show_edge=False)


def _batteries(answer: FootprintAnswer) -> Table:
    table = _table()
    table.add_column("battery", no_wrap=True, max_width=20, overflow="ellipsis")
    for head in HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    shown = list(dict.fromkeys((answer.against, answer.headline)))
    for name in shown:
        table.add_column(escape(name), justify="right", no_wrap=True)
    table.add_column("people\ninside", justify="right", no_wrap=True)
    for name, b in answer.batteries.items():
        modes = []
        for mode in MODES:
            said = _km(b.modes[mode].diameter_m)
            has = mode in allowed_modes(b.allowed)
            modes.append(Text(said if has else f"({said})", style=ALLOWED if has else WOULD_BE))
        under = [_km(b.regimes[r].extent.diameter_m) for r in shown]
        held = b.regimes[answer.headline].extent
        table.add_row(escape(name), *modes, *under, short_people(held.population))
    return table


def _km(length_m: float) -> str:
    return f"{length_m / 1000:,.0f}" if length_m > 0.0 else "–"


def _nations(answer: FootprintAnswer, wide: bool) -> Table:
    table = _table()
    table.add_column("nation", no_wrap=True)
    table.add_column("within\nreach", justify="right", no_wrap=True)
    names = list(answer.regimes) if wide else list(dict.fromkeys((answer.against, answer.headline)))
    for name in names:
        table.add_column(escape(name), justify="right", no_wrap=True)
    for name in names:
        table.add_column(f"{escape(name)},\nuncovered", justify="right", no_wrap=True)
    for code in found.nations_shown(answer):
        told = [answer.regimes[r].nations[code] for r in names]
        table.add_row(
            escape(code), _thousand(told[0].threatened_m2), *(_thousand(n.area_m2) for n in told),
            *(short_people(found.uncovered(n)) for n in told),
        )  # fmt: skip
    whole = [answer.regimes[r].coalition for r in names]
    table.add_row(
        "all", _thousand(whole[0].threatened_m2), *(_thousand(n.area_m2) for n in whole),
        *(short_people(found.uncovered(n)) for n in whole), style="bold",
    )  # fmt: skip
    return table


def _thousand(area_m2: float) -> str:
    return f"{area_m2 / 1e9:,.0f}" if area_m2 >= 9.95e9 or area_m2 == 0.0 else f"{area_m2 / 1e9:,.1f}"
