"""The cases that ship, with their findings and pictures, and the runs that were made of them."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec

from synaspis.api.errands import Ended, Errands
from synaspis.api.given import Progress
from synaspis.errors import RunFolderError, SynaspisError
from synaspis.files.case import load, shipped_cases
from synaspis.files.run_folder import MANIFEST, REPORT, read_manifest
from synaspis.report.words import counted

MOST_RUNS: Final = 200
TRIALS: Final = 1000
HEADLINE: Final = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
HEAD_BYTES: Final = 200_000


@dataclass(frozen=True, kw_only=True)
class CaseErrand:
    """Run the shipped case `name`, and put its folder under `runs`."""

    name: str
    runs: Path
    trials: int = TRIALS


def run_case(errand: CaseErrand, progress: Progress) -> Path:
    """Run a shipped case and write its folder. InputError and RunFolderError as for any run."""
    from synaspis.api.runs import run, write
    from synaspis.files.run_folder import default_path

    def told(words: str, part: float) -> None:
        progress("writing the report" if part >= 1.0 else words, 0.95 * part)

    case = load(errand.name)
    answer = run(case, trials=errand.trials, progress=told)
    return write(case, answer, errand.runs / default_path(case, answer).name)


@cache
def findings() -> Mapping[str, str]:
    """What each shipped case was found to say, by its name."""
    text = (resources.files("synaspis.cases") / "findings.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@dataclass(frozen=True)
class _Now:
    """The run that is under way or ended last. `state` is running, done, stopped or failed."""

    case: str
    state: str = "running"
    words: str = "starting"
    part: float = 0.0
    run: str = ""


class Gallery:
    """What the page of all cases may be asked. It may be asked from several threads."""

    def __init__(self, runs: Path, command: Sequence[str]) -> None:
        """`command` runs a `CaseErrand` that it is told on standard input, see `cli.errand`."""
        self.folder = runs
        self._errands = Errands(command)
        self._lock = threading.Lock()
        self._now: _Now | None = None
        self._cases = [_told(name) for name in shipped_cases()]
        self._pictures: dict[str, str] = {}

    def document(self) -> Mapping[str, Any]:
        """Every shipped case, the runs there are, newest first, and the run that is under way."""
        now = self._now
        return {
            "cases": self._cases,
            "runs": self.runs(),
            "folder": str(self.folder),
            "trials": TRIALS,
            "now": None if now is None else vars(now),
        }

    def runs(self) -> list[Mapping[str, Any]]:
        """Folders of runs under `folder`, newest first; what cannot be read is left out."""
        found = [(p.stat().st_mtime, p.parent) for p in self.folder.glob(f"*/{MANIFEST}") if p.is_file()]
        newest = [folder for _, folder in sorted(found, reverse=True)[:MOST_RUNS]]
        return [told for folder in newest if (told := _of_run(folder)) is not None]

    def place(self, name: str) -> Path | None:
        """The folder of the run `name`, where there is one."""
        known = name not in ("", ".", "..") and os.sep not in name and "/" not in name
        folder = self.folder / name
        return folder if known and (folder / MANIFEST).is_file() else None

    def picture(self, name: str) -> str | None:
        """The map of a shipped case (SVG)."""
        from synaspis.report.case_picture import case_picture

        if name not in (c["name"] for c in self._cases):
            return None
        if name not in self._pictures:
            self._pictures[name] = case_picture(load(name))
        return self._pictures[name]

    def begin(self, name: str) -> str:
        """Begin to run a shipped case; what is wrong, or nothing."""
        with self._lock:
            if name not in (c["name"] for c in self._cases):
                return "no case of this name ships"
            if self._errands.busy:
                return "another case is running: wait until it is done, or stop it"
            self._now = _Now(name)
            errand = msgspec.json.encode(CaseErrand(name=name, runs=self.folder), enc_hook=str).decode()
            try:
                self._errands.begin(errand, self)
            except OSError as problem:
                self._now = None
                return f"its process cannot be started: {problem.strerror}"
        return ""

    def told(self, words: str | None, part: float | None) -> None:
        """How far the run is."""
        with self._lock:
            if self._now is not None:
                own = self._now
                self._now = replace(own, words=words or own.words, part=max(own.part, part or 0.0))

    def ended(self, how: Ended) -> None:
        """The run ended."""
        with self._lock:
            if self._now is None:
                return
            if how.code == 0:
                self._now = replace(self._now, state="done", part=1.0, run=Path(how.done).name)
            elif how.stopped:
                self._now = replace(self._now, state="stopped", words="")
            else:
                self._now = replace(self._now, state="failed", words=how.why)

    def stop(self) -> bool:
        """End the run that is under way; False where there is none."""
        return self._errands.stop()

    def close(self) -> None:
        """End the run that is under way and wait for it."""
        self._errands.close()


def _told(name: str) -> Mapping[str, Any]:
    """What the page says of a shipped case."""
    file = load(name).file
    missiles = sum(row.count for row in file.raid)
    return {
        "name": name,
        "title": file.title,
        "date": file.date.isoformat(),
        "finding": findings().get(name, ""),
        "facts": ", ".join(
            (
                counted(len(file.nations), "nation"),
                counted(len(file.sensors), "sensor"),
                counted(len(file.batteries), "battery", "batteries"),
                counted(missiles, "missile"),
                counted(len(file.regimes), "regime"),
            )
        ),
    }


def _of_run(folder: Path) -> Mapping[str, Any] | None:
    """What the page says of a run, None where it is no run that can be shown."""
    try:
        manifest = read_manifest(folder)
        with (folder / REPORT).open(encoding="utf-8") as report:
            headline = HEADLINE.search(report.read(HEAD_BYTES))
    except (OSError, UnicodeDecodeError, SynaspisError, RunFolderError):
        return None
    if "kind" in manifest:
        return None
    return {
        "name": folder.name,
        "case": str(manifest["case"]),
        "written": str(manifest.get("written", "")),
        "trials": manifest["trials"],
        "finding": unescape(headline.group(1)) if headline else "",
    }
