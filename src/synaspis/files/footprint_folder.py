"""The folder of a `footprint`: its document, outlines and page."""

from __future__ import annotations

import json
from pathlib import Path

from synaspis.files import run_folder
from synaspis.files.geojson import geojson
from synaspis.model.case import Case
from synaspis.model.footprint import FootprintAnswer, document

FOOTPRINT, GEOJSON = "footprint.json", "footprint.geojson"


def write(case: Case, answer: FootprintAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder (default `runs/CASE-footprint-HASH8/`); its path. RunFolderError as for a run."""
    told = [list(answer.batteries), sorted(answer.regimes), answer.version]
    outlines = json.dumps(geojson(answer), ensure_ascii=False, allow_nan=False) + "\n"
    return run_folder.write_answer(
        out or run_folder.named(case, "footprint", told), case, answer, "footprint",
        {GEOJSON: outlines, run_folder.REPORT: report}, {FOOTPRINT: document(answer)},
        batteries=list(answer.batteries),
    )  # fmt: skip
