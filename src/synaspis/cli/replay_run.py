"""`synaspis replay LOG`: is the record whole, and what came of the exercise."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synaspis.cli.output import print_json
from synaspis.exercise.record import Verdict, verify

if TYPE_CHECKING:
    from rich.console import Console

    from synaspis.cli.replay_beside import Beside
    from synaspis.exercise.again import Replayed
    from synaspis.exercise.responses import Band, Response
    from synaspis.exercise.review import Review


def verify_command(
    log: Path, key: str | None, only: bool, as_json: bool
) -> tuple[dict[str, Any] | None, int]:
    """What is said of a record that is to be played; None, said already, where nothing is, and the exit code:
    2 where it is broken."""
    verdict = verify(log, key)
    told: dict[str, Any] = {"log": str(log), "verdict": dataclasses.asdict(verdict)}
    broken = verdict.state == "broken"
    if not broken and not only:
        return {**told, "said": _said(log, verdict)}, 0
    if as_json:
        print_json(told)
    else:
        print(_said(log, verdict), file=sys.stderr if broken else sys.stdout)
    return None, 2 if broken else 0


def replay_command(
    told: dict[str, Any], out: Path | None, beside: Beside, port: int | None, as_json: bool
) -> None:
    """Review a record that is whole; write it to a folder, serve it at a port, each where it is given."""
    from synaspis.cli import replay_serve
    from synaspis.exercise.again import replayed
    from synaspis.exercise.review import review
    from synaspis.exercise.review_files import document
    from synaspis.exercise.rooms import in_pseudonyms, room_of

    at = None if port is None else replay_serve.bound(port)  # said now, and not after all was played
    said = told.pop("said")
    again = replayed(beside.log, room_of, beside.branch)
    names = beside.names
    if names is not None:
        told["log"] = names.outward(beside.log.name)
    try:
        found = in_pseudonyms(review(again), names)
        shown = _shown(again, document(found), beside) if out is not None or at is not None else {}
        if out is not None:
            _write(out, told, found, shown)
    finally:
        again.close()
    if as_json:
        print_json({**told, **document(found)})
    else:
        from rich.console import Console

        console = Console(highlight=False)
        console.print(said, markup=False, soft_wrap=True)
        render(found, console)
        if out is not None:
            console.print(f"Review: {out}", markup=False, soft_wrap=True)
    if at is not None:
        replay_serve.serve(at, shown, beside)


def _shown(again: Replayed, review: dict[str, Any], beside: Beside) -> dict[str, Any]:
    """What the page shows."""
    from synaspis.exercise.replay_page import shown

    return {**shown(again, review, beside.names), **beside.documents()}


def _said(log: Path, v: Verdict) -> str:
    where = f" (entry {v.first_bad})" if v.first_bad else ""
    lines = [
        f"{log}: {v.state}{where}: {v.words}",
        f"{v.entries} entries, signed by the key {v.key or 'none'}",
    ]
    return "\n".join(lines)


def _write(out: Path, told: dict[str, Any], found: Review, shown: dict[str, Any]) -> None:
    """The review's files in a folder of their own."""
    import json

    from synaspis.exercise.replay_czml import czml
    from synaspis.exercise.replay_page import page
    from synaspis.exercise.review_files import decisions_csv, document, responses_yaml
    from synaspis.files.whole import write_whole

    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**told, **document(found)}, indent=2, ensure_ascii=False, allow_nan=False)
    for name, body in (
        ("review.json", text + "\n"),
        ("decisions.csv", decisions_csv(found)),
        ("responses.yaml", responses_yaml(found)),
        ("replay.html", page(shown)),
        ("replay.czml", json.dumps(czml(shown), ensure_ascii=False, allow_nan=False)),
    ):
        write_whole(out / name, body)


def render(r: Review, console: Console) -> None:
    """The review in words and tables."""
    from synaspis.exercise.review import causes
    from synaspis.report.words import CAUSE_WORDS, counted

    console.print()
    console.print(f"{r.case}, regime {r.regime}, {r.ends_s:.0f} s of its clock", markup=False, style="bold")
    if r.differs_s is not None:
        console.print(f"Played again it is not as recorded from {r.differs_s:.0f} s on.", style="bold")
    answered = sum(d.took_s is not None for d in r.decisions)
    console.print(
        f"{counted(len(r.decisions), 'question')}, {answered} answered; {counted(len(r.missed), 'chance')} "
        f"missed; {counted(r.shot_down, 'missile')} shot down, {r.came_down} came down on target.",
        markup=False,
    )
    rows = [_answers(name, each) for name, each in r.responses.items()]
    table(console, ("question", "asked", "answered", "no", "median s", "spread"), rows)
    lost = [(CAUSE_WORDS[cause], str(n)) for cause, n in causes(r).items() if n]
    table(console, ("missed for", "chances"), lost)
    chances = [
        (m.missile, m.battery, CAUSE_WORDS[m.cause], ", ".join(m.because) or "-", m.words)
        for m in sorted(r.missed, key=lambda m: (-m.people, m.last_s))[:12]
    ]
    table(console, ("missile", "battery", "why", "clauses", ""), chances)


def _answers(name: str, r: Response) -> tuple[str, ...]:
    """How the questions of one kind were answered; a band where there is one."""
    return (
        name, str(r.asked), str(r.answered), str(r.refused), banded(r.median_s), banded(r.spread)
    )  # fmt: skip


def banded(band: Band | None) -> str:
    if band is None or math.isnan(band[0]):
        return "-"
    value, low, high = band
    return f"{value:.3g}" if math.isnan(low) else f"{value:.3g} ({low:.2g} to {high:.2g})"


def table(console: Console, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on the terminal; nothing where there are no rows."""
    from rich.markup import escape

    from synaspis.report.console import plain_table

    told = list(rows)
    if not told:
        return
    shown = plain_table()
    for head in heads:
        shown.add_column(head)
    for row in told:
        shown.add_row(*(escape(cell) for cell in row))
    console.print()
    console.print(shown)
