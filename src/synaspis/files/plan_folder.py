"""The folder of a `plan`: its document and page."""

from __future__ import annotations

from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.plan import PlanAnswer, document

PLAN = "plan.json"


def write(case: Case, answer: PlanAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder (default `runs/CASE-plan-HASH8/`) and return its path. RunFolderError as for a run."""
    played = (answer.played.trials, answer.played.seed) if answer.played else (0, 0)
    told = [answer.version, answer.regime, answer.objective, answer.add, answer.budget_usd, answer.protect,
            list(answer.allowed), *played]  # fmt: skip
    return run_folder.write_answer(
        out or run_folder.named(case, "plan", told), case, answer, "plan",
        {run_folder.REPORT: report}, {PLAN: document(answer)},
    )  # fmt: skip
