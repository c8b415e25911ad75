"""`synaspis replay LOG` beside something else: another course from a moment on, or another exercise."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.cli.output import print_json
from synaspis.cli.replay_run import banded, table

if TYPE_CHECKING:
    from rich.console import Console

    from synaspis.exercise.comparing import Compared
    from synaspis.exercise.responses import Band
    from synaspis.exercise.review import Review
    from synaspis.exercise.what_if import WhatIf

COUNTED = (
    ("shot_down", "shot down"), ("came_down", "came down on target"), ("in_flight", "in flight"),
    ("rounds", "rounds fired"),
)  # fmt: skip


def what_if_command(
    log: Path, branch: int | None, regime: str, from_s: float | None, as_json: bool, real_names: bool = False
) -> None:
    """Three courses side by side. InputError for another regime than the case has, or a moment not played."""
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.errors import InputError, Problem
    from synaspis.exercise.again import replayed
    from synaspis.exercise.entries import Opened
    from synaspis.exercise.record import read
    from synaspis.exercise.rooms import case_of, pseudonyms, room_of
    from synaspis.exercise.what_if import what_if

    opened = read(log)[0]
    assert isinstance(opened, Opened)
    names = [r.name for r in case_of(opened).file.regimes]
    if regime not in names:
        mend = f"give one of {', '.join(names)}"
        raise InputError([Problem("--what-if", 0, 0, f"the case has no regime `{regime}`", mend)])
    moment_s = float(opened.plan.get("starts_s", 0.0)) if from_s is None else from_s
    with progress_on_terminal() as progress:
        told = progress or (lambda _stage, _fraction: None)
        try:
            found = what_if(lambda: replayed(log, room_of, branch), regime, moment_s, told=told)
        except ValueError as error:
            mend = "give a second of the case's clock at which it was played"
            raise InputError([Problem("--from", 0, 0, str(error), mend)]) from error
    told_in = None if real_names else pseudonyms(opened)
    found = found if told_in is None else told_in.retold(found)
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    from rich.console import Console

    render_what_if(found, Console(highlight=False))


def render_what_if(found: WhatIf, console: Console) -> None:
    """Three courses in a table, what they came to above it."""
    own, other = found.same, found.other
    console.print(
        f"From {found.from_s:.0f} s on under {other.regime}: {other.came_down} come down on target, under "
        f"{own.regime} {own.came_down}; as it was played {found.played.came_down} by "
        f"{found.played.ends_s:.0f} s.",
        markup=False, style="bold",
    )  # fmt: skip
    courses = (found.played, own, other)
    places = dict.fromkeys(place for c in courses for place in c.warned)
    rows = [
        ("by", *("people" if c.people else "protocol" for c in courses)),
        ("until, s", *(f"{c.ends_s:.0f}" for c in courses)),
        *((words, *(str(getattr(c, name)) for c in courses)) for name, words in COUNTED),
        *((f"{place} warned, s", *(_when(c.warned.get(place)) for c in courses)) for place in places),
    ]
    table(console, ("", *(c.regime for c in courses)), rows)


def _when(time_s: float | None) -> str:
    return "-" if time_s is None else f"{time_s:.0f}"


def against_command(
    log: Path, branch: int | None, other: Path, as_json: bool, real_names: bool = False
) -> None:
    """Two exercises side by side. JournalError where one is not whole."""
    from synaspis.exercise.again import replayed
    from synaspis.exercise.comparing import compare
    from synaspis.exercise.review import review
    from synaspis.exercise.rooms import in_pseudonyms, pseudonyms, room_of

    reviews, logs = [], []
    for each, chosen in ((log, branch), (other, None)):
        again = replayed(each, room_of, chosen)
        try:
            names = None if real_names else pseudonyms(again.opened)
            reviews.append(in_pseudonyms(review(again), names))
            logs.append(str(each) if names is None else names.outward(each.name))
        finally:
            again.close()
    rows = compare(*reviews)
    if as_json:
        sides = [{"log": path, "case": r.case, "regime": r.regime, "seed": r.seed, "version": r.version}
                 for path, r in zip(logs, reviews, strict=True)]  # fmt: skip
        print_json({"one": sides[0], "other": sides[1], "figures": [_document(row) for row in rows]})
        return
    from rich.console import Console

    render_compared(reviews[0], reviews[1], rows, Console(highlight=False))


def _document(row: Compared) -> dict[str, object]:
    return {"about": row.about, "what": row.what, "one": _value(row.one), "other": _value(row.other)}


def _value(figure: float | Band | None) -> object:
    if not isinstance(figure, tuple):
        return figure
    names = ("value", "low", "high")
    return {n: None if math.isnan(x) else x for n, x in zip(names, figure, strict=True)}


def render_compared(one: Review, other: Review, rows: tuple[Compared, ...], console: Console) -> None:
    """What is of both in a table, what differs in what they are of above it."""
    console.print(f"One: {one.case}, {one.regime}. Other: {other.case}, {other.regime}.", style="bold")
    if (one.case, one.regime, one.seed) != (other.case, other.regime, other.seed):
        console.print("They differ in more than their people: in case, regime or luck.")
    told = [(row.about, row.what.replace("_", " "), _shown(row.one), _shown(row.other)) for row in rows]
    table(console, ("", "", "one", "other"), told)


def _shown(figure: float | Band | None) -> str:
    return banded(figure) if figure is None or isinstance(figure, tuple) else f"{figure:g}"
