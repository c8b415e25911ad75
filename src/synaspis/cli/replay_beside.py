"""`synaspis replay LOG` beside something else: another course from a moment on, or another exercise."""

from __future__ import annotations

import dataclasses
import functools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synaspis.cli.output import print_json
from synaspis.cli.replay_run import banded, table

if TYPE_CHECKING:
    from rich.console import Console

    from synaspis.cli.progress import Progress
    from synaspis.exercise.comparing import Compared
    from synaspis.exercise.entries import Opened
    from synaspis.exercise.notional import Notional
    from synaspis.exercise.responses import Band
    from synaspis.exercise.review import Review
    from synaspis.exercise.what_if import WhatIf
    from synaspis.model.agreement import Regime

COUNTED = (
    ("shot_down", "shot down"), ("came_down", "came down on target"), ("in_flight", "in flight"),
    ("rounds", "rounds fired"),
)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """What is to stand beside an exercise: another course of it, or another exercise."""

    log: Path
    branch: int | None
    regime: str | None = None
    from_s: float | None = None
    against: Path | None = None
    real_names: bool = False

    @property
    def wanted(self) -> bool:
        """Whether anything is."""
        return self.regime is not None or self.against is not None

    @functools.cached_property
    def names(self) -> Notional | None:
        """The pseudonyms in which it is told."""
        from synaspis.exercise.rooms import pseudonyms

        return None if self.real_names else pseudonyms(_opened(self.log))

    def say(self, as_json: bool) -> None:
        """On the terminal. InputError and JournalError as below."""
        if self.regime is not None:
            what_if_command(self.log, self.branch, self.regime, self.from_s, as_json, self.real_names)
        if self.against is not None:
            against_command(self.log, self.branch, self.against, as_json, self.real_names)

    def documents(self) -> dict[str, Any]:
        """For the page. InputError and JournalError as below."""
        names = self.names
        titles = {r.name: r.title if names is None else "" for r in _regimes(self.log)}
        found: dict[str, Any] = {"regimes": titles, "what_ifs": []}
        if self.regime is not None:
            from synaspis.cli.progress import progress_on_terminal

            with progress_on_terminal() as progress:
                found["what_ifs"].append(self.course(self.regime, self.from_s, progress))
        if self.against is not None:
            found["beside"] = compared(self.log, self.branch, self.against, self.real_names)[1]
        return found

    def course(self, regime: str, from_s: float | None, told: Progress | None) -> dict[str, Any]:
        """Another course, as the page has it. InputError as below."""
        return dataclasses.asdict(_what_if(self.log, self.branch, regime, from_s, told, self.real_names))


def what_if_command(
    log: Path, branch: int | None, regime: str, from_s: float | None, as_json: bool, real_names: bool = False
) -> None:
    """Three courses side by side. InputError for another regime than the case has, or a moment not played."""
    from synaspis.cli.progress import progress_on_terminal

    with progress_on_terminal() as progress:
        found = _what_if(log, branch, regime, from_s, progress, real_names)
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    from rich.console import Console

    render_what_if(found, Console(highlight=False))


def _what_if(
    log: Path, branch: int | None, regime: str, from_s: float | None, told: Progress | None,
    real_names: bool,
) -> WhatIf:  # fmt: skip
    from synaspis.errors import InputError, Problem
    from synaspis.exercise.again import replayed
    from synaspis.exercise.rooms import pseudonyms, room_of
    from synaspis.exercise.what_if import what_if

    known = [r.name for r in _regimes(log)]
    if regime not in known:
        mend = f"give one of {', '.join(known)}"
        raise InputError([Problem("--what-if", 0, 0, f"the case has no regime `{regime}`", mend)])
    moment_s = float(_opened(log).plan.get("starts_s", 0.0)) if from_s is None else from_s
    try:
        found = what_if(
            lambda: replayed(log, room_of, branch),
            regime,
            moment_s,
            told=told or (lambda _stage, _share: None),
        )
    except ValueError as error:
        mend = "give a second of the case's clock at which it was played"
        raise InputError([Problem("--from", 0, 0, str(error), mend)]) from error
    names = None if real_names else pseudonyms(_opened(log))
    return found if names is None else names.retold(found)


def _opened(log: Path) -> Opened:
    from synaspis.exercise.entries import Opened
    from synaspis.exercise.record import read

    opened = read(log)[0]
    assert isinstance(opened, Opened)
    return opened


def _regimes(log: Path) -> tuple[Regime, ...]:
    from synaspis.exercise.rooms import case_of

    return case_of(_opened(log)).file.regimes


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
    (reviews, rows), document = compared(log, branch, other, real_names)
    if as_json:
        print_json(document)
        return
    from rich.console import Console

    render_compared(reviews[0], reviews[1], rows, Console(highlight=False))


def compared(
    log: Path, branch: int | None, other: Path, real_names: bool
) -> tuple[tuple[list[Review], tuple[Compared, ...]], dict[str, Any]]:
    """Two exercises side by side: their reviews and the figures of both, and these as a document."""
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
    sides = [{"log": path, "case": r.case, "regime": r.regime, "seed": r.seed, "version": r.version}
             for path, r in zip(logs, reviews, strict=True)]  # fmt: skip
    document = {"one": sides[0], "other": sides[1], "figures": [_document(row) for row in rows]}
    return (reviews, rows), document


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
