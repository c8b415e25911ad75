"""`synaspis reconstruct`: is a claimed flight true, and how far would that missile fly?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from synaspis import api
from synaspis.cli.output import give, picture_problems
from synaspis.errors import InputError
from synaspis.model.reconstruction import document

DRAWN = (".html",)


def reconstruct_command(
    apogee_km: float,
    range_km: float,
    site: str | None,
    bearing_deg: float | None,
    times_s: Sequence[float],
    propellant: str | None,
    stages: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Print what fits the claim, and write its page to `out` where one is named. InputError."""
    mistaken = picture_problems(out, DRAWN)
    try:
        found = api.reconstruct(apogee_km, range_km, site, bearing_deg, times_s, propellant, stages)
    except InputError as error:
        raise InputError([*error.problems, *mistaken]) from None
    if mistaken:
        raise InputError(mistaken)
    from synaspis.report.reconstruction import page, render

    give(document(found), lambda console: render(found, console), lambda _: page(found), out, as_json)
