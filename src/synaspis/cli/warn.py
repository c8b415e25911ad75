"""`synaspis warn CASE`: who is warned and when, in a terminal, as JSON, and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def warn_command(
    case: str,
    regimes: Sequence[str] | None,
    trials: int,
    seed: int,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Work it out, write its folder and print."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.model.early_warning import document
    from synaspis.report.warn_terminal import render

    free(out)
    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.warn(loaded, regimes=regimes, trials=trials, seed=seed, jobs=jobs, progress=progress)
        folder = api.write_warning(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)
