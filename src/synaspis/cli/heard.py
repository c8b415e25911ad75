"""`synaspis warn CASE --measurements FILE`: a recording heard by the nations of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.cli.live import check, paced, say
from synaspis.errors import InputError, Problem

if TYPE_CHECKING:
    from synaspis.studies.heard import Hearing


def heard_command(
    case: str, measurements: Path, regimes: Sequence[str] | None, stations: str | None, starts: str | None,
    seed: int, speed: float, as_json: bool,
) -> None:  # fmt: skip
    """Play it through, at `speed` seconds of the recording to one of the clock; 0: as fast as it goes."""
    check(regimes, speed)
    from synaspis import api
    from synaspis.files import source_map

    problems: list[Problem] = []
    named = None if stations is None else source_map.read(problems, "--stations", stations)
    began = None if starts is None else _utc(problems, starts)
    if problems:
        raise InputError(problems)
    heard = api.overhear(case, measurements, regimes[0] if regimes else None, named, began, seed)
    if as_json:
        _json_lines(heard, speed)
    else:
        _terminal(heard, measurements.name, speed)


def _utc(problems: list[Problem], given: str) -> dt.datetime | None:
    """A moment; UTC where it does not say."""
    try:
        told = dt.datetime.fromisoformat(given)
        return told if told.tzinfo is None else told.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        mend = "give a date and time, UTC, as 2026-03-01T12:00:00"
        problems.append(Problem("--second-0", 0, 0, f"`{given[:40]}` is no moment", mend))
        return None


def _terminal(heard: Hearing, recording: str, speed: float) -> None:
    from rich.console import Console

    from synaspis.report.heard_terminal import heading, render
    from synaspis.report.live_terminal import Lines, together

    console, lines = Console(highlight=False), Lines(heard.over.names)
    heading(heard.case.file.title, heard.regime, recording, console)
    for group in paced(together(heard.events()), lambda found: found[0].time_s, speed):
        console.print(lines.line(group), soft_wrap=True)
    render(heard.table(), console)


def _json_lines(heard: Hearing, speed: float) -> None:
    from synaspis.model.live_warning import event_document, head_document, heard_document

    say(head_document(heard.case.name, heard.case.file.title, heard.regime, heard.seed, heard.version))
    for event in paced(heard.events(), lambda found: found.time_s, speed):
        say(event_document(event))
    say(heard_document(heard.table()))
