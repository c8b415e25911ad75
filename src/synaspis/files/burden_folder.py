"""The folder of a `burden`: its document, tables and page, written in one move like a run's."""

from __future__ import annotations

from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.burden import BurdenAnswer
from synaspis.model.burden_document import document
from synaspis.model.case import Case

BURDEN = "burden.json"
"""Stands in place of the summary in the folder of a `burden`."""


def default_path(case: Case, answer: BurdenAnswer) -> Path:
    """`runs/CASE-burden-HASH8`, by all that the answer rests on."""
    a = answer
    shown = a.stability.shown
    told = [
        case.sha256, a.version, a.seed, a.trials, a.regime, a.against, list(a.members), a.measure,
        a.amount if a.amount_given else None, a.arrangement, shown.per_person_musd if shown else None,
        a.alone is not None,
    ]  # fmt: skip
    return run_folder.named(case, "burden", told)


def write(case: Case, answer: BurdenAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path. RunFolderError as for a run."""

    def fill(folder: Path) -> None:
        (folder / run_folder.CASE).write_bytes(case.text)
        run_folder.write_json(folder / BURDEN, document(answer))
        (folder / run_folder.REPORT).write_text(report, encoding="utf-8")
        for name, columns in answer.tables.columns.items():
            run_folder.write_parquet(folder / f"{name}.parquet", columns)
        run_folder.write_json(folder / run_folder.MANIFEST, run_folder.manifest(case, answer, kind="burden"))

    return run_folder.in_one_move(out or default_path(case, answer), fill)
