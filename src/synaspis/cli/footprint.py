"""`synaspis footprint CASE`: which ground is defended, in a terminal, as JSON, GeoJSON and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def footprint_command(
    case: str,
    batteries: Sequence[str] | None,
    regimes: Sequence[str] | None,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Work it out, write its folder and print."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.model.footprint import document
    from synaspis.report.footprint_terminal import render

    free(out)
    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.footprint(loaded, batteries or None, regimes or None, jobs=jobs, progress=progress)
        folder = api.write_footprint(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)
