"""`synaspis plan CASE`: who takes which layer, what to add and where, and what each rule costs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def plan_command(
    case: str,
    objective: str,
    regime: str | None,
    add: int,
    allow: Sequence[str],
    budget: float | None,
    protect: float | None,
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
    from synaspis.model.plan import document
    from synaspis.report.plan_terminal import render

    _keep_standard_output_clean()
    free(out)
    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.plan(
            loaded, objective=objective, regime=regime, add=add, allow=allow, budget_usd=budget,
            protect=protect, trials=trials, seed=seed, jobs=jobs, progress=progress,
        )  # fmt: skip
        folder = api.write_plan(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)


def _keep_standard_output_clean() -> None:
    """What the solver's compiled code may print goes to standard error: standard output is the answer's.

    Only where standard output is this process's own: a caller that has replaced it is left alone.
    """
    try:
        own = sys.stdout.fileno() == 1
    except (OSError, ValueError, AttributeError):
        return
    if own:
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = os.fdopen(kept, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
