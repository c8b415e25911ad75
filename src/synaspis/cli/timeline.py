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
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.files.timeline_asking import timeline_request

    free(out)
    loaded = api.load(case)
    asked = timeline_request(loaded, first, last, on, regimes, plans, trials, seed, shares)
    with progress_on_terminal() as progress:
        answer = api.timeline(
            loaded, asked.first, asked.last, regimes=asked.regimes, plans=asked.plans, on=on, trials=trials,
            seed=seed, shares=shares, jobs=jobs, progress=progress,
        )  # fmt: skip
        folder = api.write_timeline(loaded, answer, out=out)
    if as_json:
        from synaspis.cli.output import print_json
        from synaspis.model.timeline import document

        print_json(document(answer))
        return
    from rich.console import Console

    from synaspis.report.timeline_terminal import render

    console = Console(highlight=False)
    render(answer, console)
    console.print(f"Report: {folder / 'report.html'}", markup=False, soft_wrap=True)
