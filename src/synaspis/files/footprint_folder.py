"""The folder of a `footprint`: its document, outlines and page, written in one move like a run's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from synaspis.files import run_folder
from synaspis.files.geojson import geojson
from synaspis.model.case import Case
from synaspis.model.footprint import FootprintAnswer, document

GEOJSON = "footprint.geojson"


def default_path(case: Case, answer: FootprintAnswer) -> Path:
    """`runs/CASE-footprint-HASH8`: the hash names all that an answer rests on."""
    told = [case.sha256, list(answer.batteries), sorted(answer.regimes), answer.version]
    return Path("runs") / f"{case.name}-footprint-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]}"


def write(case: Case, answer: FootprintAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path. RunFolderError as for a run."""

    def fill(folder: Path) -> None:
        (folder / run_folder.CASE).write_bytes(case.text)
        run_folder.write_json(folder / run_folder.FOOTPRINT, document(answer))
        outlines = json.dumps(geojson(answer), ensure_ascii=False, allow_nan=False)
        (folder / GEOJSON).write_text(outlines + "\n", encoding="utf-8")
        (folder / run_folder.REPORT).write_text(report, encoding="utf-8")
        manifest = run_folder.manifest(case, answer, kind="footprint", batteries=list(answer.batteries))
        run_folder.write_json(folder / run_folder.MANIFEST, manifest)

    return run_folder.in_one_move(out or default_path(case, answer), fill)
