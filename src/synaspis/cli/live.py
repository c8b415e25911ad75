"""`synaspis warn CASE --live`: the raid unfolds in the terminal, or as JSON lines."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from synaspis.studies.live import Unfolding

T = TypeVar("T")


def live_command(
    case: str, regimes: Sequence[str] | None, seed: int, jobs: int | None, speed: float, as_json: bool
) -> None:
    """Play it, at `speed` seconds of raid to one of the clock; 0 and infinity: as fast as it goes."""
    check(regimes, speed)
    from synaspis import api
    from synaspis.cli.progress import progress_on_terminal

    with progress_on_terminal() as progress:
        raid = api.unfold(case, regimes[0] if regimes else None, seed, jobs, progress)
    tell = _json_lines if as_json else _terminal
    tell(raid, speed)


def refuse(given: Mapping[str, object], why: str) -> None:
    """Say of each option that is there (not None), though it would do nothing, why it is none here."""
    from synaspis.errors import InputError, Problem

    problems = [Problem(name, 0, 0, why, "leave it out") for name, it in given.items() if it is not None]
    if problems:
        raise InputError(problems)


def check(regimes: Sequence[str] | None, speed: float) -> None:
    """InputError for several regimes, and for what is no speed."""
    from synaspis.errors import InputError, Problem

    problems = []
    if regimes and len(regimes) > 1:
        problems.append(Problem("--regime", 0, 0, "a raid is watched live under one regime", "give one"))
    if math.isnan(speed) or speed < 0.0:
        mend = "give seconds of raid to one of the clock; 0 for as fast as it goes"
        problems.append(Problem("--speed", 0, 0, f"{speed} is no speed", mend))
    if problems:
        raise InputError(problems)


def paced(told: Iterable[T], at: Callable[[T], float], speed: float) -> Iterator[T]:
    """What is told, each not before its time `at`; Ctrl-C ends it."""
    began = time.monotonic()
    waits = 0.0 < speed < math.inf
    try:
        for one in told:
            if waits:
                time.sleep(max(began + at(one) / speed - time.monotonic(), 0.0))
            yield one
    except KeyboardInterrupt:
        return


def _terminal(raid: Unfolding, speed: float) -> None:
    from rich.console import Console

    from synaspis.report.live_terminal import Lines, heading, render, together

    console, lines = Console(highlight=False), Lines()
    heading(raid.case.file.title, raid.regime, raid.seed, console)
    for group in paced(together(raid.events()), lambda found: found[0].time_s, speed):
        console.print(lines.line(group), soft_wrap=True)
    render(raid.table(), console)


def _json_lines(raid: Unfolding, speed: float) -> None:
    from synaspis.model.live_warning import event_document, head_document, table_document

    say(head_document(raid.case.name, raid.case.file.title, raid.regime, raid.seed, raid.version))
    for event in paced(raid.events(), lambda found: found.time_s, speed):
        say(event_document(event))
    say(table_document(raid.table()))


def say(document: dict[str, object]) -> None:
    """Print it as one line of JSON."""
    print(json.dumps(document, ensure_ascii=False, allow_nan=False), flush=True)
