"""The folder of a `plan`: its document and page, written in one move like a run's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.plan import PlanAnswer, document

PLAN = "plan.json"
"""Stands in place of the summary in the folder of a `plan`."""


def default_path(case: Case, answer: PlanAnswer) -> Path:
    """`runs/CASE-plan-HASH8`: the hash names all that an answer rests on, so equal answers share a folder."""
    told = [
        case.sha256, answer.version, answer.regime, answer.objective, answer.add, answer.budget_usd,
        answer.protect, list(answer.allowed), answer.played.trials if answer.played else 0,
        answer.played.seed if answer.played else 0,
    ]  # fmt: skip
    return Path("runs") / f"{case.name}-plan-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]}"


def write(case: Case, answer: PlanAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path. RunFolderError as for a run."""

    def fill(folder: Path) -> None:
        (folder / run_folder.CASE).write_bytes(case.text)
        run_folder.write_json(folder / PLAN, document(answer))
        (folder / run_folder.REPORT).write_text(report, encoding="utf-8")
        run_folder.write_json(folder / run_folder.MANIFEST, run_folder.manifest(case, answer, kind="plan"))

    return run_folder.in_one_move(out or default_path(case, answer), fill)
