"""`synaspis reconstruct`: is a claimed flight true, and how far would that missile fly?"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from synaspis import api
from synaspis.errors import InputError, Problem
from synaspis.model.reconstruction import Reconstruction, claim_of, document


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
    """Print what fits the claim, and write its page to `out` where one is named."""
    try:
        place = None if site is None else _place(site)
    except InputError as error:
        raise _with_the_rest(error, apogee_km, range_km, times_s, propellant, stages) from None
    found = api.reconstruct(apogee_km, range_km, place, bearing_deg, times_s, propellant, stages)
    if out is not None:
        _write(found, out)
    if as_json:
        print(json.dumps(document(found), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    from synaspis.report.reconstruction import render

    console = Console(highlight=False)
    render(found, console)
    if out is not None:
        console.print(f"\nPicture: {out}", markup=False, soft_wrap=True)


def _place(site: str) -> tuple[float, float]:
    parts = site.replace(";", ",").split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        what = f"`{site}` is no place"
        raise InputError([Problem("--from", 0, 0, what, "give latitude,longitude: 39.28,125.87")]) from None
    return lat, lon


def _with_the_rest(
    error: InputError,
    apogee_km: float,
    range_km: float,
    times_s: Sequence[float],
    propellant: str | None,
    stages: int | None,
) -> InputError:
    """`error` with whatever else is wrong, so that all is said at once."""
    try:
        claim_of(apogee_km, range_km, None, None, times_s, propellant, stages)
    except InputError as more:
        return InputError([*error.problems, *more.problems])
    return error


def _write(found: Reconstruction, out: Path) -> None:
    """The page, written beside its place and renamed, so that it is whole or not there."""
    from synaspis.report.reconstruction import page

    if out.is_dir():
        what = f"`{out}` is a folder"
        raise InputError([Problem("--out", 0, 0, what, "name a file, such as flight.html")])
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_text(page(found), encoding="utf-8")
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
