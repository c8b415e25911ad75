"""Who is warned of what, and when."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from synaspis.api.given import Progress, playable, version
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.model.early_warning import WarnAnswer


def warn(
    case: Case | str | os.PathLike[str],
    regimes: Sequence[str] | None = None,
    trials: int = 200,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> WarnAnswer:
    """What each nation knows of every launch towards it, and when, under a case's regimes.

    Arguments as for `run`. Times of single places are without luck; people and percentiles are over
    `trials`, on the same dice as a run's. `synaspis.model.early_warning.document` makes it plain JSON.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies import warning
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    playable(loaded, regimes, trials, seed)
    workers = jobs_or_default(jobs)
    return warning.warn(loaded, regimes, trials, seed, workers, version(), progress or silent)


def write_warning(case: Case, answer: WarnAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `warn` (default `runs/CASE-warn-HASH8/`) in one move, and return its path."""
    from synaspis.files import warn_folder
    from synaspis.report.warn_page import page

    return warn_folder.write(case, answer, page(answer), Path(out) if out else None)
