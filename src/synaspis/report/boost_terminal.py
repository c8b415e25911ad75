"""A boost-phase layer in orbit, in a terminal of 80 columns or more."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.boost_layer import BoostAnswer, Engagement
from synaspis.report import boost_findings as found
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import number


def render(answer: BoostAnswer, console: Console) -> None:
    """Print `answer`."""
    i = answer.interceptor
    console.print()
    console.print(Text(f"{answer.title}: a boost-phase layer in orbit", style="bold"))
    said = (
        f"{i.title}: {i.fly_out_mps / 1000:g} km/s out of orbits at {i.altitude_m / 1000:.0f} km, "
        f"{i.detection_s:.0f} s to detect, {i.decision_s:.0f} s to decide. {answer.satellites:,} satellites."
    )
    paragraph(console, Text(said, style="dim"))
    console.print()
    console.print(_launches(answer))
    console.print()
    paragraph(console, Text(found.headline(answer), style="bold"))
    for sentence in (
        found.reference_sentence(answer), found.simulated_sentence(answer), found.launch_sentence(answer),
        *answer.notes, *(found.sweep_sentence(s) for s in answer.sweeps), found.cost_sentence(answer),
    ):  # fmt: skip
        paragraph(console, Text(sentence))
    console.print()
    paragraph(console, Text(found.METHOD, style="dim"))


def _launches(answer: BoostAnswer) -> Table:
    table = plain_table()
    table.add_column("launch", max_width=24, overflow="ellipsis", no_wrap=True)
    table.add_column("class", no_wrap=True)
    for heading in ("burns\ns", "to fly\ns", "in\nreach", "satellites\nneeded"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for e in (answer.reference, *answer.launches):
        table.add_row(*_row(e), style="bold" if not e.area else "")
    return table


def _row(e: Engagement) -> tuple[str, ...]:
    return (
        escape(e.area or "study's missile"), escape(e.threat or "–"), f"{e.burn_s:.0f}", f"{e.flight_s:.0f}",
        number(e.in_reach.value), found.satellites(e.satellites.value), e.verdict,
    )  # fmt: skip
