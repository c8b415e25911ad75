"""The folder of a `warn`: its document, tables and page."""

from __future__ import annotations

from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.early_warning import WarnAnswer, document

WARNING = "warning.json"


def write(case: Case, answer: WarnAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder (default `runs/CASE-warn-HASH8/`) and return its path. RunFolderError as for a run."""
    told = [answer.seed, answer.trials, sorted(answer.regimes), answer.version]
    return run_folder.write_answer(
        out or run_folder.named(case, "warn", told), case, answer, "warn",
        {run_folder.REPORT: report}, {WARNING: document(answer)}, answer.tables.columns,
    )  # fmt: skip
