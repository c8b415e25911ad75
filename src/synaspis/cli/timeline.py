"""`synaspis timeline CASE --from Y --to Y`: protection, warning and cost, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def timeline_command(
    case: str,
    first: str | None,
    last: str | None,
    on: str,
    regimes: Sequence[str] | None,
    plans: Sequence[str] | None,
    trials: int,
    seed: int,
    shares: bool,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Work it out, write its folder and print."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.files.timeline_asking import timeline_request
    from synaspis.model.timeline import document
    from synaspis.report.timeline_terminal import render

    free(out)
    loaded = api.load(case)
    asked = timeline_request(loaded, first, last, on, regimes, plans, trials, seed, shares)
    with progress_on_terminal() as progress:
        answer = api.timeline(
            loaded, asked.first, asked.last, regimes=asked.regimes, plans=asked.plans, on=on, trials=trials,
            seed=seed, shares=shares, jobs=jobs, progress=progress,
        )  # fmt: skip
        folder = api.write_timeline(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)
