"""The folder of a `burden`: its document, tables and page, written in one move like a run's."""

from __future__ import annotations

from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.burden import BurdenAnswer
from synaspis.model.burden_document import document
from synaspis.model.case import Case

BURDEN = "burden.json"


def write(case: Case, answer: BurdenAnswer, report: str, out: Path | None = None) -> Path:
    """Write it (default `runs/CASE-burden-HASH8/`) and return its path. RunFolderError as for a run."""
    a = answer
    shown = a.stability.shown
    told = [
        a.version, a.seed, a.trials, a.regime, a.against, list(a.members), a.measure,
        a.amount if a.amount_given else None, a.arrangement, shown.per_person_musd if shown else None,
        a.alone is not None,
    ]  # fmt: skip
    return run_folder.write_answer(
        out or run_folder.named(case, "burden", told), case, answer, "burden",
        {run_folder.REPORT: report}, {BURDEN: document(answer)}, a.tables.columns,
    )  # fmt: skip
