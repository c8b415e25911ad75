"""The folder of a `timeline`: its document, tables and page, written in one move like a run's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.timeline import TimelineAnswer, document

TIMELINE = "timeline.json"
"""Stands in place of the summary in the folder of a `timeline`."""


def default_path(case: Case, answer: TimelineAnswer) -> Path:
    """`runs/CASE-timeline-HASH8`: the hash names all that an answer rests on; equal ones share a folder."""
    told = [
        case.sha256, answer.version, answer.seed, answer.trials, answer.first_year, answer.last_year,
        answer.on, list(answer.regimes), [p.name for p in answer.plans], answer.shares,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return Path("runs") / f"{case.name}-timeline-{digest[:8]}"


def write(case: Case, answer: TimelineAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path. RunFolderError as for a run."""

    def fill(folder: Path) -> None:
        (folder / run_folder.CASE).write_bytes(case.text)
        run_folder.write_json(folder / TIMELINE, document(answer))
        (folder / run_folder.REPORT).write_text(report, encoding="utf-8")
        for name, columns in answer.tables.columns.items():
            run_folder.write_parquet(folder / f"{name}.parquet", columns)
        made = run_folder.manifest(case, answer, kind="timeline")
        run_folder.write_json(folder / run_folder.MANIFEST, made)

    return run_folder.in_one_move(out or default_path(case, answer), fill)
