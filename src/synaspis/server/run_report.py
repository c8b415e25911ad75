"""What a run folder has to show, and what is wrong with it.

Nothing is worked out again: what is shown is what the run wrote. A folder that is incomplete, from
another version or edited by hand is shown as far as it goes, with a notice at the top of the page.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from synaspis.errors import RunFolderError
from synaspis.files.run_folder import MANIFEST, REPORT, SUMMARY, case_of, read_manifest

KINDS = {".html": "text/html; charset=utf-8", ".json": "application/json; charset=utf-8"}
DATA = re.compile(r'<script type="application/json" id="synaspis-data">(.*?)</script>', re.DOTALL)
NOTICE = (
    '<div role="alert" style="max-width:1120px;margin:24px auto 0;padding:12px 40px;'
    'border-left:4px solid currentColor"><b>About this run folder.</b> {}</div>'
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is served: documents by path, and what a reader should know about the folder."""

    folder: Path
    documents: Mapping[str, tuple[str, bytes]]
    notices: tuple[str, ...]


def read(folder: Path) -> Shown:
    """What `folder` has to show. RunFolderError where it has no report."""
    if not folder.is_dir():
        raise RunFolderError(f"{folder} is no folder")
    report = _text(folder / REPORT)
    if report is None:
        have = [name for name in (SUMMARY, MANIFEST) if (folder / name).is_file()]
        rest = f" ({' and '.join(have)} can still be read)" if have else ""
        raise RunFolderError(f"{folder} has no {REPORT} that can be read{rest}; run the case again")
    notices = [*_about_manifest(folder), *_about_report(folder, report)]
    page = _with_notices(report, notices)
    documents = {"/": (KINDS[".html"], page.encode())}
    for path in (*folder.glob("*.json"), *folder.glob("*.html")):
        text = _text(path)
        if text is not None:
            documents[f"/{path.name}"] = (KINDS[path.suffix], text.encode())
    documents[f"/{REPORT}"] = documents["/"]
    return Shown(folder=folder, documents=documents, notices=tuple(notices))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _about_manifest(folder: Path) -> list[str]:
    """What the manifest and the kept case say against the folder."""
    try:
        manifest = read_manifest(folder)
    except RunFolderError as problem:
        return [f"{problem}."]
    notices = []
    ours = importlib.metadata.version("synaspis")
    if manifest["version"] != ours:
        notices.append(f"It was written by Synaspis {manifest['version']}; this is {ours}.")
    try:
        case_of(folder)
    except RunFolderError as problem:
        notices.append(f"{problem}.")
    except Exception as problem:  # the kept case may be anything by now; the report can be shown all the same
        notices.append(f"Its case cannot be read: {problem}.")
    return notices


def _about_report(folder: Path, report: str) -> list[str]:
    """Whether the report is whole and says what summary.json says."""
    notices = []
    if not report.rstrip().endswith("</html>"):
        notices.append(f"{REPORT} is cut short.")
    others = (path for path in folder.glob("*.json") if path.name not in (SUMMARY, MANIFEST))
    if any(_document(_text(path)) is not None for path in others):
        return notices  # the page of another question holds no data of its own to compare
    summary, held = _document(_text(folder / SUMMARY)), DATA.search(report)
    inside = _document(held.group(1)) if held else None
    if summary is None:
        notices.append(f"{SUMMARY} is missing or cannot be read; the report stands alone.")
    elif inside is None:
        notices.append(f"{REPORT} holds no data to compare with {SUMMARY}.")
    elif inside.get("summary") != summary:
        notices.append(f"{SUMMARY} and {REPORT} differ: one of them was changed after the run.")
    return notices


def _document(text: str | None) -> dict[str, Any] | None:
    try:
        told = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _with_notices(report: str, notices: list[str]) -> str:
    if not notices:
        return report
    said = NOTICE.format(escape(" ".join(notices)))
    return at_top(report, said)


def at_top(page: str, markup: str) -> str:
    """A page with `markup` at its very top."""
    changed = page.replace("<body>", f"<body>{markup}", 1)
    return changed if changed != page else markup + page
