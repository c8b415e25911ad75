"""One trajectory in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from synaspis.model.answers import FlyAnswer
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import counted, duration

_PROFILE_ROWS = 8
_PROFILE_COLUMNS = 64


def headline(answer: FlyAnswer) -> str:
    """The finding in a sentence."""
    over = counted(len(answer.overflown), "nation") if answer.overflown else "no nation"
    return (
        f"{answer.threat} flies {answer.distance_km:,.0f} km in {duration(answer.time_s)}, "
        f"{answer.apogee_km:,.0f} km high, over {over}"
    )


def render(answer: FlyAnswer, console: Console) -> None:
    """Print `answer`, for 80 columns or more."""
    console.print()
    console.print(Text(headline(answer), style="bold"))
    paragraph(console, Text(f"{answer.title} ({answer.status}), {answer.shape} trajectory.", style="dim"))
    console.print()
    console.print(_figures(answer))
    console.print()
    for line in _profile(answer):
        console.print(Text(line, style="cyan"), soft_wrap=True)
    console.print()
    if answer.stretches:
        console.print(Text("Under the trajectory, in order", style="bold"))
        console.print(_stretches(answer))
        console.print()
    for note in answer.notes:
        paragraph(console, Text(f"Note: {note}", style="dim"))


def _figures(answer: FlyAnswer) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0), pad_edge=False)
    for justify in ("left", "right", "left", "right"):
        table.add_column(justify=justify, no_wrap=True)  # type: ignore[arg-type]
    where = "at the ground" if answer.reentry_height_km <= 0 else f"at {answer.reentry_height_km:.0f} km"
    table.add_row(
        "flight time", f"{answer.time_s:,.0f} s", "burnout", f"{answer.burnout_time_s:,.0f} s after launch"
    )
    table.add_row(
        "apogee", f"{answer.apogee_km:,.0f} km", "speed at burnout", f"{answer.burnout_speed_mps:,.0f} m/s"
    )
    table.add_row(
        "distance", f"{answer.distance_km:,.0f} km", "speed at impact", f"{answer.impact_speed_mps:,.0f} m/s"
    )
    table.add_row(
        "track", f"{answer.track_km:,.0f} km", f"re-entry {where}", f"{answer.reentry_angle_deg:.1f}° steep"
    )
    return table


def _profile(answer: FlyAnswer) -> list[str]:
    """Altitude over time, drawn with eighths of a block."""
    times, heights = answer.points[:, 0], answer.points[:, 3]
    blocks = " ▁▂▃▄▅▆▇█"
    columns = []
    row = 0
    for c in range(_PROFILE_COLUMNS):
        at = answer.time_s * (c + 0.5) / _PROFILE_COLUMNS
        while row + 2 < len(times) and times[row + 1] < at:
            row += 1
        share = (at - times[row]) / max(1e-9, times[row + 1] - times[row])
        columns.append(heights[row] + share * (heights[row + 1] - heights[row]))
    unit = answer.apogee_km / _PROFILE_ROWS
    lines = []
    for r in range(_PROFILE_ROWS - 1, -1, -1):
        bar = "".join(blocks[int(8 * min(1.0, max(0.0, h / unit - r)))] for h in columns)
        name = f"{answer.apogee_km:,.0f} km" if r == _PROFILE_ROWS - 1 else ""
        lines.append(f"{name:>9} {bar}".rstrip())
    lines.append(f"{'0 km':>9} " + "─" * _PROFILE_COLUMNS)
    lines.append(" " * 10 + f"0 s{f'{answer.time_s:,.0f} s':>{_PROFILE_COLUMNS - 3}}")
    return lines


def _stretches(answer: FlyAnswer) -> Table:
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    table.add_column("name")
    for heading in ("from", "to", "under it", "of track", "height above it"):
        table.add_column(heading, justify="right", no_wrap=True)
    for s in answer.stretches:
        table.add_row(
            s.nation or "–", s.name, f"{s.from_s:,.0f} s", f"{s.to_s:,.0f} s", f"{s.length_km:,.0f} km",
            _share(s.length_km / answer.track_km), f"{s.lowest_km:,.0f}–{s.highest_km:,.0f} km",
        )  # fmt: skip
    away = answer.track_km - sum(s.length_km for s in answer.stretches)
    if away > 0.5:
        table.add_row("", "sea", "", "", f"{away:,.0f} km", _share(away / answer.track_km), "", style="dim")
    return table


def _share(part: float) -> str:
    return f"{100 * part:.0f} %" if part >= 0.01 else "< 1 %"
