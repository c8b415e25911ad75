"""`synaspis fly THREAT --from LAT,LON --to LAT,LON`: one trajectory, told, as JSON, or drawn."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from synaspis.cli.output import give, picture_problems
from synaspis.errors import InputError
from synaspis.model.flown import document

DRAWN = (".svg", ".html")


def fly_command(
    threat: str,
    start: str,
    end: str,
    shape: str,
    via: list[str],
    case: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fly, draw where `out` says so, and print. InputError with every problem; UnreachableError."""
    from synaspis import api

    mistaken = picture_problems(out, DRAWN)
    try:
        answer = api.fly(threat, start, end, shape, case, via)
    except InputError as error:
        raise InputError([*error.problems, *mistaken]) from None
    if mistaken:
        raise InputError(mistaken)
    from synaspis.report.flight import drawn
    from synaspis.report.flight_terminal import render

    give(document(answer), lambda console: render(answer, console), partial(drawn, answer), out, as_json)
