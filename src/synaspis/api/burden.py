"""Who brings, gains and pays what in a coalition, and whether it holds together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from synaspis.api.given import Progress, version
from synaspis.files.case import load
from synaspis.model.burden import BurdenAnswer
from synaspis.model.case import Case


def burden(
    case: Case | str | os.PathLike[str],
    regime: str | None = None,
    members: Sequence[str] = (),
    measure: str = "population",
    trials: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    per_person_musd: float | None = None,
    amount_musd: float | None = None,
    arrangement: str | None = None,
    progress: Progress | None = None,
    alone: str = "members",
) -> BurdenAnswer:
    """What each member of a coalition brings, gains, pays and would pay, and who would leave.

    The regime is the headline's where None; `members` (nations or alliances) narrows the coalition. `measure`
    of what a coalition is worth is population or worst-nation. `per_person_musd` is what a person protected
    is worth a year, `amount_musd` a cost to share out instead of the bill, both in millions of US dollars;
    `arrangement` names NATO's cost shares (those of the case's day where None). `alone` says of whom it is
    asked what they would have to spend by themselves for as many of their people: none, members, pairs or
    all groups (which takes long). InputError with every problem
    of the arguments at once. `synaspis.model.burden_document.document` makes it plain JSON.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files.burden_asking import burden_request, market
    from synaspis.studies import burden as study
    from synaspis.studies.arena import silent
    from synaspis.studies.burden_alone import with_alone

    loaded = case if isinstance(case, Case) else load(case)
    request = burden_request(
        loaded,
        regime,
        members,
        measure,
        trials,
        seed,
        per_person_musd,
        amount_musd,
        arrangement,
        alone,
    )
    workers, told = jobs_or_default(jobs), progress or silent
    answer = study.burden(loaded, request, workers, version(), told)
    return with_alone(answer, *market(loaded, request.regime), alone, workers, told)


def write_burden(case: Case, answer: BurdenAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `burden` (default `runs/CASE-burden-HASH8/`) in one move, and return its path."""
    from synaspis.files import burden_folder
    from synaspis.report.burden_page import page

    return burden_folder.write(case, answer, page(answer), Path(out) if out else None)
