"""The editor of a run's case: changes are checked and written as a case file, run in a process of their own,
one at a time, and held against the run of the case as it was."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from synaspis.api.edited import Errand
from synaspis.api.errands import Ended, Errands
from synaspis.errors import RunFolderError, SynaspisError
from synaspis.files import editing, run_folder, words
from synaspis.files.changed_case import Written, written
from synaspis.files.editing import Change, Fault
from synaspis.model.edited import Edited
from synaspis.report import edited as said
from synaspis.report.desk import sheet_document

MOST_TRIALS: Final = 100_000
MOST_EDITS: Final = 999
MOST_RECORD_BYTES: Final = 2_000_000


@dataclass
class _Edit:
    """One changed case: what became of it."""

    name: str
    changes: tuple[str, ...]
    file: Path
    state: str
    """`running`, `done`, `stopped` or `failed`."""
    words: str = ""
    part: float = 0.0
    finding: str = ""


class Desk:
    """What the editor of one run folder may be asked. It may be asked from several threads."""

    def __init__(self, run: Path, edits: Path | None, command: Sequence[str]) -> None:
        """`command` runs an errand that it is told on standard input, see `cli.edited_run`.

        RunFolderError where the folder holds no run whose case can be run again.
        """
        told = run_folder.read_manifest(run)
        if "kind" in told or not (run / run_folder.SUMMARY).is_file():
            raise RunFolderError(f"{run} is no folder of `synaspis run`: its case cannot be changed here")
        self.case = run_folder.case_of(run)
        self.run = run
        self.folder = edits or run.with_name(f"{run.name}-edits")
        self._told = told
        self._errands = Errands(command)
        self._rows = editing.rows(self.case)
        self._lock = threading.Lock()
        self._edits = {e.name: e for e in self._earlier()}

    def _earlier(self) -> list[_Edit]:
        """Edits of an earlier time whose comparison can still be read."""
        found = []
        for n in range(1, MOST_EDITS + 1):
            record = self._record(f"edit-{n}")
            if record is not None:
                name, file = f"edit-{n}", self.folder / f"edit-{n}.yaml"
                found.append(_Edit(name, record.changes, file, "done", finding=record.finding))
        return found

    def _record(self, name: str) -> Edited | None:
        path = self.folder / f"{name}.json"
        try:
            if path.stat().st_size > MOST_RECORD_BYTES:
                return None
            return msgspec.json.decode(path.read_bytes(), type=Edited)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def sheet(self) -> Mapping[str, Any]:
        """All that may be changed, as it is in the case."""
        return {
            **sheet_document(self.case, self._rows),
            "run": str(self.run),
            "folder": str(self.folder),
            "trials": self._told["trials"],
            "most_trials": MOST_TRIALS,
            "seed": self._told["seed"],
        }

    def state(self) -> Mapping[str, Any]:
        """Every edit so far, oldest first, and how far the one that runs is."""
        with self._lock:
            return {
                "edits": [
                    {
                        "name": e.name,
                        "changes": list(e.changes),
                        "file": str(e.file),
                        "state": e.state,
                        "words": e.words,
                        "part": e.part,
                        "finding": e.finding,
                    }
                    for e in self._edits.values()
                ]
            }

    def comparison(self, name: str) -> bytes | None:
        """The document of a finished edit (`model.edited.Edited` as JSON)."""
        record = self._record(name) if name in self._edits else None
        return None if record is None else msgspec.json.encode(record)

    def changes(self, name: str) -> tuple[str, ...]:
        """What is changed in an edit, in words."""
        edit = self._edits.get(name)
        return () if edit is None else edit.changes

    def report(self, name: str) -> Path | None:
        """The run folder of a finished edit."""
        edit = self._edits.get(name)
        return self.folder / name if edit is not None and edit.state == "done" else None

    def text(self, name: str) -> bytes | None:
        """The changed case of an edit, as its file has it."""
        edit = self._edits.get(name)
        if edit is None:
            return None
        with contextlib.suppress(OSError):
            return edit.file.read_bytes()
        return None

    def begin(self, given: Mapping[str, str], trials: str) -> tuple[str, list[Fault]]:
        """Check changes (text by field) and run the changed case; its name, or "" and all that is wrong.

        Nothing is written and nothing runs where anything is wrong, or while another runs.
        """
        with self._lock:
            if self._errands.busy:
                mend = "wait until it is done, or stop it"
                return "", [Fault(field="", what="another changed case is running", mend=mend)]
            changes, faults = editing.asked(self._rows, given)
            count = _count(trials, faults)
            if faults:
                return "", faults
            lines = tuple(line for c in changes for line in said.change_words(c))
            head = [f"{self.run} with changes:", *(f"- {line}" for line in lines)]
            try:
                made, faults = written(self.case, changes, head, "the changed case")
            except SynaspisError as problem:
                return "", [Fault(field="", what=str(problem), mend="")]
            if made is None:
                return "", faults
            return self._started(changes, lines, made, count)

    def _started(
        self, changes: Sequence[Change], lines: tuple[str, ...], made: Written, trials: int
    ) -> tuple[str, list[Fault]]:
        try:
            name = self._kept(made.data)
        except OSError as problem:
            what = f"the changed case cannot be written to {self.folder}: {problem.strerror}"
            mend = "start `synaspis serve` with --edits and another folder"
            return "", [Fault(field="", what=what, mend=mend)]
        errand = Errand(
            name=name,
            base=self.run,
            was=self.folder / f"as-it-was-{trials}",
            file=self.folder / f"{name}.yaml",
            out=self.folder / name,
            record=self.folder / f"{name}.json",
            trials=trials,
            seed=self._told["seed"],
            regimes=tuple(self._told["regimes"]),
            changes=lines,
            begins=said.lead(changes),
        )
        edit = _Edit(name, lines, errand.file, "running", words="starting")
        self._edits[name] = edit
        self._begin(errand, edit)
        return name, []

    def _begin(self, errand: Errand, edit: _Edit) -> None:
        try:
            self._errands.begin(
                msgspec.json.encode(errand, enc_hook=str).decode(), _Follower(self, errand, edit)
            )
        except OSError as problem:
            edit.state, edit.words = "failed", f"its process cannot be started: {problem.strerror}"

    def _kept(self, data: bytes) -> str:
        """Write the changed case beside its place, and give it the first name that is free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".edit-{os.getpid()}.yaml"
        try:
            beside.write_bytes(data)
            for n in range(1, MOST_EDITS + 1):
                final = self.folder / f"edit-{n}.yaml"
                if final.exists() or (self.folder / f"edit-{n}").exists():
                    continue
                with contextlib.suppress(FileExistsError):
                    os.link(beside, final)  # which never replaces
                    return final.stem
        finally:
            beside.unlink(missing_ok=True)
        raise OSError(0, f"it holds {MOST_EDITS} edits already")

    def went_on(self, edit: _Edit, words: str | None, part: float | None) -> None:
        """How far the run of an edit is."""
        with self._lock:
            edit.words = edit.words if words is None else words
            edit.part = max(edit.part, part or 0.0)

    def ended(self, errand: Errand, edit: _Edit, how: Ended) -> None:
        """The run of an edit ended."""
        record = self._record(errand.name) if how.code == 0 else None
        if record is None:
            self._clear(errand)
        with self._lock:
            if record is not None:
                edit.state, edit.finding, edit.part = "done", record.finding, 1.0
            elif how.stopped:
                edit.state, edit.words = "stopped", ""
            else:
                edit.state, edit.words = "failed", how.why

    def _clear(self, errand: Errand) -> None:
        """Take away what a run that was made to end could not."""
        for place in (errand.out, errand.was):
            for left in self.folder.glob(f".{place.name}-*"):
                shutil.rmtree(left, ignore_errors=True)

    def stop(self) -> bool:
        """End the run that is under way, in the background; False where there is none."""
        return self._errands.stop()

    def close(self) -> None:
        """End the run that is under way and wait for it."""
        self._errands.close()


@dataclass(frozen=True)
class _Follower:
    """Tells a desk how the run of one edit goes."""

    desk: Desk
    errand: Errand
    edit: _Edit

    def told(self, words: str | None, part: float | None) -> None:
        self.desk.went_on(self.edit, words, part)

    def ended(self, how: Ended) -> None:
        self.desk.ended(self.errand, self.edit, how)


def _count(trials: str, faults: list[Fault]) -> int:
    """How many trials are asked for; 0 with the fault noted where it is no such number."""
    told = words.number(trials.strip())
    if isinstance(told, int) and 1 <= told <= MOST_TRIALS:
        return told
    what = f"`{words.shown(trials)}` trials cannot be run" if trials.strip() else "the number is missing"
    faults.append(Fault(field="trials", what=what, mend=f"give a whole number from 1 to {MOST_TRIALS:,}"))
    return 0
