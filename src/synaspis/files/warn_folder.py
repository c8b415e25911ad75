"""The folder of a `warn`: its document, tables and page, written in one move like a run's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.early_warning import WarnAnswer, document


def default_path(case: Case, answer: WarnAnswer) -> Path:
    """`runs/CASE-warn-HASH8`: the hash names all that an answer rests on, so equal answers share a folder."""
    told = [case.sha256, answer.seed, answer.trials, sorted(answer.regimes), answer.version]
    return Path("runs") / f"{case.name}-warn-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]}"


def write(case: Case, answer: WarnAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path. RunFolderError as for a run."""

    def fill(folder: Path) -> None:
        (folder / run_folder.CASE).write_bytes(case.text)
        run_folder.write_json(folder / run_folder.WARNING, document(answer))
        (folder / run_folder.REPORT).write_text(report, encoding="utf-8")
        for name, columns in answer.tables.columns.items():
            run_folder.write_parquet(folder / f"{name}.parquet", columns)
        manifest = run_folder.manifest(case, answer, kind="warn")
        run_folder.write_json(folder / run_folder.MANIFEST, manifest)

    return run_folder.in_one_move(out or default_path(case, answer), fill)
