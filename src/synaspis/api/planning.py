"""Who takes which layer, what to add and where, and what each rule costs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from synaspis.api.given import Progress, version
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.model.plan import AloneAnswer, PlanAnswer


def plan(
    case: Case | str | os.PathLike[str],
    objective: str = "protected-population",
    regime: str | None = None,
    add: int = 0,
    allow: Sequence[str] = (),
    budget_usd: float | None = None,
    protect: float | None = None,
    trials: int = 1000,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> PlanAnswer:
    """Responsibility, laydown, rounds and doctrine that serve an objective best under one regime.

    `objective` is protected-population, worst-nation or cost; the regime is the headline's where None. At
    most `add` batteries or sensors of the types in `allow` (those of the case where empty) are added, for at
    most `budget_usd`. `protect`, for a cost only, is a share of the people at risk up to 1, else a number of
    people. `trials` of the raid check the plan. InputError with every problem of the arguments at once.
    `synaspis.model.plan.document` makes it plain JSON.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files.plan_asking import plan_request
    from synaspis.studies.arena import silent
    from synaspis.studies.planning import study

    loaded = case if isinstance(case, Case) else load(case)
    ready, request = plan_request(loaded, objective, regime, add, allow, budget_usd, protect, trials, seed)
    return study.plan(ready, request, jobs_or_default(jobs), version(), progress or silent)


def plan_alone(
    case: Case | str | os.PathLike[str],
    members: Sequence[str],
    protect: float,
    regime: str | None = None,
    add: int = 3,
    allow: Sequence[str] = (),
    jobs: int | None = None,
) -> AloneAnswer:
    """What `members` would have to spend by themselves so that `protect` of their people are protected.

    Sites count whose owner and host are both among them; only their own people count. `cost` is None where
    no `add` additions reach it. Arguments and errors as for `plan`.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files.plan_asking import plan_request
    from synaspis.studies.planning.alone import alone

    loaded = case if isinstance(case, Case) else load(case)
    ready, request = plan_request(loaded, "cost", regime, add, allow, None, protect, 1, 1, members)
    return alone(ready, request, tuple(members), jobs_or_default(jobs))


def write_plan(case: Case, answer: PlanAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `plan` (default `runs/CASE-plan-HASH8/`) in one move, and return its path."""
    from synaspis.files import plan_folder
    from synaspis.report.plan_page import page

    return plan_folder.write(case, answer, page(answer), Path(out) if out else None)
