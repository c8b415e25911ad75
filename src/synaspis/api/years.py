"""Year by year: protection, warning and cost as a case's sites, agreements and threats come."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from synaspis.api.given import Progress, version
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.model.timeline import TimelineAnswer


def timeline(
    case: Case | str | os.PathLike[str],
    first_year: int | str,
    last_year: int | str,
    regimes: Sequence[str] | None = None,
    plans: Sequence[str] | None = None,
    on: str = "12-31",
    trials: int = 300,
    seed: int = 1,
    shares: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> TimelineAnswer:
    """The years `first_year` to `last_year`, each judged on the day `on` (month-day), on the same luck.

    `regimes` and `plans` are all of the case's where None. `shares`: each member's Shapley value by year
    under the headline regime, which takes minutes. InputError with every problem of the arguments at once.
    `synaspis.model.timeline.document` makes it plain JSON.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files.timeline_asking import timeline_request
    from synaspis.studies import timeline as study
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    asked = timeline_request(loaded, first_year, last_year, on, regimes, plans, trials, seed, shares)
    return study.timeline(loaded, asked, jobs_or_default(jobs), version(), progress or silent)


def write_timeline(case: Case, answer: TimelineAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `timeline` (default `runs/CASE-timeline-HASH8/`) in one move; return its path."""
    from synaspis.files import timeline_folder
    from synaspis.report.timeline_page import page

    return timeline_folder.write(case, answer, page(answer), Path(out) if out else None)
