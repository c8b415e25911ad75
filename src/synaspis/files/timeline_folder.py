"""The folder of a `timeline`: its document, tables and page."""

from __future__ import annotations

from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.timeline import TimelineAnswer, document

TIMELINE = "timeline.json"


def write(case: Case, answer: TimelineAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder (default `runs/CASE-timeline-HASH8/`) and return its path. RunFolderError as a run."""
    told = [answer.version, answer.seed, answer.trials, answer.first_year, answer.last_year, answer.on,
            list(answer.regimes), [p.name for p in answer.plans], answer.shares]  # fmt: skip
    return run_folder.write_answer(
        out or run_folder.named(case, "timeline", told), case, answer, "timeline",
        {run_folder.REPORT: report}, {TIMELINE: document(answer)}, answer.tables.columns,
    )  # fmt: skip
