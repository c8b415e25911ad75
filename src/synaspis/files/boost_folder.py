"""The folder of a boost-phase layer: its document, table and page, written in one move like a run's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synaspis.files import run_folder
from synaspis.model.boost_layer import BoostAnswer, document
from synaspis.model.case import Case


def default_path(case: Case, answer: BoostAnswer) -> Path:
    """`runs/CASE-boost-HASH8`: the hash names all that an answer rests on: equal answers share a folder."""
    figures = vars(answer.interceptor)
    told = [case.sha256, figures, answer.engagements, answer.trials, answer.version]
    return Path("runs") / f"{case.name}-boost-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]}"


def write(case: Case, answer: BoostAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path. RunFolderError as for a run."""

    def fill(folder: Path) -> None:
        (folder / run_folder.CASE).write_bytes(case.text)
        run_folder.write_json(folder / run_folder.BOOST, document(answer))
        (folder / run_folder.REPORT).write_text(report, encoding="utf-8")
        run_folder.write_parquet(folder / "sweeps.parquet", _sweeps(answer))
        manifest = run_folder.manifest(case, answer, kind="boost", interceptor=answer.interceptor.name)
        run_folder.write_json(folder / run_folder.MANIFEST, manifest)

    return run_folder.in_one_move(out or default_path(case, answer), fill)


def _sweeps(answer: BoostAnswer) -> dict[str, NDArray[np.generic]]:
    """One row for each point of each sweep; infinity where no number of satellites is enough."""
    rows = [(s.name, at, b.value, b.low, b.high)
            for s in answer.sweeps for at, b in zip(s.values, s.satellites, strict=True)]  # fmt: skip
    names = ("figure", "at", "satellites", "low", "high")
    return {name: np.array([row[k] for row in rows]) for k, name in enumerate(names)}
