"""`synaspis export`: one trial of a run, for other programs."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    to: Annotated[str, typer.Option(metavar="FORMAT", help="czml, kml, geojson, csv or oem.")],
    regime: Annotated[str | None, typer.Option(help="The regime (default: the headline's).")] = None,
    trial: Annotated[
        int | None, typer.Option(help="The trial (default: the one that the report plays).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where (default: beside RUN; `-` is standard output)."),
    ] = None,
    of: Annotated[str | None, typer.Option(metavar="NAME", help="The satellite, for oem.")] = None,
) -> None:
    """Write a trial for other programs: sites, the missiles' ways and what happened, marked EXERCISE."""
    # The command ends before garbage is worth collecting; looking for it takes a tenth of the time.
    collected = gc.isenabled()
    gc.disable()
    try:
        _export(run, to, regime, trial, out, of)
    finally:
        if collected:
            gc.enable()


def _export(
    run: Path, to: str, regime: str | None, trial: int | None, out: Path | None, of: str | None
) -> None:
    from synaspis.api import exports

    if out == Path("-"):
        sys.stdout.buffer.write(exports.document(run, to, regime, trial, of=of)[0])
        return
    print(f"Written: {exports.export(run, to, regime, trial, out, of)}")
