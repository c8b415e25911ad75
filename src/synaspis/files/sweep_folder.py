"""The folder of a `sweep`, and the file that keeps its points while it is at work.

Points are written one line each, as they are done, beside the place where the folder will stand. A sweep
that is stopped leaves that file behind; the same sweep, asked for again, goes on from it. A line that was
not written to its end is left out, so that nothing but the last point is played again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from synaspis.errors import RunFolderError
from synaspis.files import run_folder
from synaspis.model.case import Case
from synaspis.model.sweep import Answered, RegimePoint, SweepAnswer, SweepRequest, document

SWEEP, POINTS = "sweep.json", "points"
FORMAT = 1


def told_of(request: SweepRequest, version: str) -> list[object]:
    """All that an answer rests on beside the case."""
    axes = [[a.key, list(a.values)] for a in request.axes]
    return [version, request.seed, request.trials, list(request.regimes), axes]


def place(case: Case, request: SweepRequest, version: str, out: Path | None = None) -> Path:
    """Where the folder goes: `out`, or `runs/CASE-sweep-HASH8/`."""
    return out or run_folder.named(case, "sweep", told_of(request, version))


def write(case: Case, answer: SweepAnswer, report: str, out: Path | None = None) -> Path:
    """Write the folder and return its path; what was kept meanwhile goes. RunFolderError as a run."""
    final = place(case, answer.request, answer.version, out)
    made = run_folder.write_answer(
        final, case, answer, "sweep", {run_folder.REPORT: report}, {SWEEP: document(answer)},
        {POINTS: answer.columns}, axes=[asdict(a) for a in answer.request.axes],
    )  # fmt: skip
    kept_at(final).unlink(missing_ok=True)
    return made


def kept_at(final: Path) -> Path:
    """Where points are kept until the folder `final` stands."""
    return final.parent / f".{final.name}.points"


@dataclass
class Kept:
    """The points of one sweep that are done, by number; each new one is in the file before it counts."""

    file: IO[bytes] | None
    done: dict[int, Answered]

    def add(self, number: int, answered: Answered) -> None:
        """Keep one point. OSError where the disk refuses."""
        if self.file is not None:
            told = {name: asdict(point) for name, point in answered.items()}
            self.file.write(json.dumps([number, told]).encode() + b"\n")
            self.file.flush()
        self.done[number] = answered


@contextmanager
def keeping(case: Case, request: SweepRequest, version: str, final: Path) -> Iterator[Kept]:
    """What an earlier call of the same sweep left behind, and where new points go.

    RunFolderError where another process is at this sweep now. What another sweep left there is dropped.
    """
    path = kept_at(final)
    head = hashlib.sha256(json.dumps([FORMAT, case.sha256, *told_of(request, version)]).encode()).hexdigest()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
    except OSError as problem:
        raise RunFolderError(f"cannot write {path}: {problem.strerror}") from problem
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise RunFolderError(f"another process is at this sweep: it holds {path}") from problem
        done, end = _read(file, head, request)
        file.seek(end)
        file.truncate()
        if end == 0:
            file.write(head.encode() + b"\n")
            file.flush()
        yield Kept(file, done)


def _read(file: IO[bytes], head: str, request: SweepRequest) -> tuple[dict[int, Answered], int]:
    """The whole points of a file that begins with `head`, and where they end."""
    first = file.readline()
    if first != head.encode() + b"\n":
        return {}, 0
    done: dict[int, Answered] = {}
    end = len(first)
    count = len(request)
    for line in file:
        try:
            number, told = json.loads(line)
            answered = {name: _point(told[name]) for name in request.regimes}
        except (ValueError, TypeError, KeyError, AttributeError):
            break
        if not line.endswith(b"\n") or type(number) is not int or not 0 <= number < count:
            break
        done[number] = answered
        end += len(line)
    return done, end


def _point(told: dict[str, Any]) -> RegimePoint:
    if set(told) != {f.name for f in fields(RegimePoint)}:
        raise ValueError("another version's point")
    if not all(isinstance(value, int | float) for value in told.values()):
        raise ValueError("no number")
    return RegimePoint(**told)
