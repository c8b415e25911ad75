"""The folder of a boost-phase layer: its document, table and page."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synaspis.files import run_folder
from synaspis.model.boost_layer import BoostAnswer, document
from synaspis.model.case import Case

BOOST = "boost_layer.json"


def write(case: Case, answer: BoostAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder (default `runs/CASE-boost-HASH8/`); its path. RunFolderError as for a run."""
    told = [vars(answer.interceptor), answer.engagements, answer.trials, answer.version]
    return run_folder.write_answer(
        out or run_folder.named(case, "boost", told), case, answer, "boost",
        {run_folder.REPORT: report}, {BOOST: document(answer)}, {"sweeps": _sweeps(answer)},
        interceptor=answer.interceptor.name,
    )  # fmt: skip


def _sweeps(answer: BoostAnswer) -> run_folder.Columns:
    """One row for each point of each sweep; infinity where no number of satellites is enough."""
    rows = [(s.name, at, b.value, b.low, b.high)
            for s in answer.sweeps for at, b in zip(s.values, s.satellites, strict=True)]  # fmt: skip
    names = ("figure", "at", "satellites", "low", "high")
    return {name: np.array([row[k] for row in rows]) for k, name in enumerate(names)}
