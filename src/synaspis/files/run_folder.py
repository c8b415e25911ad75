"""Run folders: written beside and renamed, so that a crash leaves no half of one."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from synaspis.errors import RunFolderError
from synaspis.files.case import load
from synaspis.model.answers import RunAnswer
from synaspis.model.case import Case
from synaspis.model.summary import summary

FORMAT = 1
NEEDED = {"format": int, "version": str, "case_sha256": str, "seed": int, "trials": int, "regimes": list}
"""What a manifest holds at least, and of what kind."""
MANIFEST, SUMMARY, REPORT, CASE = "manifest.json", "summary.json", "report.html", "case.yaml"
STABILITY = "stability.html"
"""What the shield can and cannot do about third states' missiles, where the case asks."""
Columns = Mapping[str, NDArray[np.generic]]
Column = NDArray[np.float64]


class Answer(Protocol):
    """What the manifest tells of any answer."""

    @property
    def version(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def trials(self) -> int: ...
    @property
    def regimes(self) -> Sequence[str] | Mapping[str, Any]: ...


def named(case: Case, kind: str, told: Sequence[object]) -> Path:
    """`runs/CASE-KIND-HASH8`: the hash names all that an answer rests on, so equal answers share a folder."""
    digest = hashlib.sha256(json.dumps([case.sha256, *told]).encode()).hexdigest()[:8]
    return Path("runs") / "-".join((case.name, *([kind] if kind else []), digest))


def default_path(case: Case, answer: RunAnswer) -> Path:
    """`runs/CASE-HASH8`."""
    told: list[object] = [answer.seed, answer.trials, sorted(answer.regimes), answer.version]
    if answer.ignorance is not None:
        told.append(answer.ignorance.draws)
    return named(case, "", told)


def write_answer(
    final: Path,
    case: Case,
    answer: Answer,
    kind: str,
    texts: Mapping[str, str],
    documents: Mapping[str, Mapping[str, object]],
    tables: Mapping[str, Columns] | None = None,
    **more: object,
) -> Path:
    """Write the folder of an answer that is no run's in one move; see `in_one_move`.

    Files by name: `texts` as they are, `documents` as JSON, `tables` as Parquet (`NAME.parquet`). The case as
    read and the manifest, with `more` in it, stand beside them.
    """

    def fill(folder: Path) -> None:
        (folder / CASE).write_bytes(case.text)
        for name, document in documents.items():
            write_json(folder / name, document)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        for name, columns in (tables or {}).items():
            write_parquet(folder / f"{name}.parquet", columns)
        write_json(folder / MANIFEST, manifest(case, answer, kind=kind, **more))

    return in_one_move(final, fill)


def write(
    case: Case, answer: RunAnswer, report: str, out: Path | None = None, transparency: str = ""
) -> Path:
    """Write a run's folder in one move and return its path; see `in_one_move`.

    `transparency` is the page about third states, where the case asks for one.
    """
    final = out or default_path(case, answer)
    return in_one_move(final, lambda folder: _fill(folder, case, answer, report, transparency))


def free(final: Path | None) -> None:
    """RunFolderError where `final` exists and is no run folder. Best asked before the work is done."""
    if final is not None and final.exists() and not (final / MANIFEST).is_file():
        raise RunFolderError(f"{final} exists and is no run folder; choose another --out")


def in_one_move(final: Path, fill: Callable[[Path], None]) -> Path:
    """Let `fill` write everything beside, then rename. An older run folder of that name is replaced.

    RunFolderError where `final` exists and is no run folder, or the disk refuses.
    """
    free(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    except OSError as problem:
        raise RunFolderError(f"cannot write beside {final}: {problem.strerror}") from problem
    try:
        fill(beside)
        os.chmod(beside, 0o755)
        _swap(beside, final)
    except OSError as problem:
        raise RunFolderError(
            f"cannot write {final}: {problem.strerror}; nothing was left behind"
        ) from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return final


def _fill(folder: Path, case: Case, answer: RunAnswer, report: str, transparency: str) -> None:
    (folder / CASE).write_bytes(case.text)
    write_json(folder / SUMMARY, summary(answer))
    (folder / REPORT).write_text(report, encoding="utf-8")
    if transparency:
        (folder / STABILITY).write_text(transparency, encoding="utf-8")
    for name, columns in answer.tables.columns.items():
        write_parquet(folder / f"{name}.parquet", columns)
    draws = 0 if answer.ignorance is None else answer.ignorance.draws
    write_json(folder / MANIFEST, manifest(case, answer, draws=draws))


def _swap(beside: Path, final: Path) -> None:
    """Put the new folder in the old one's place; the old one goes only once the new one stands."""
    if not final.exists():
        beside.rename(final)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{final.name}-old-", dir=final.parent))
    final.rename(old / "run")
    try:
        beside.rename(final)
    except BaseException:
        (old / "run").rename(final)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """One document, indented; NaN and infinity are no JSON."""
    path.write_text(
        json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )


def manifest(case: Case, answer: Answer, **more: object) -> dict[str, object]:
    """Versions, hashes, seed, and `more`: the only file with clock times and facts of the host."""
    import numba

    return {
        "format": FORMAT,
        "version": answer.version,
        "case": case.name,
        "case_sha256": case.sha256,
        "seed": answer.seed,
        "trials": answer.trials,
        **more,
        "regimes": list(answer.regimes),
        "written": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "machine": platform.machine(),
    }


def write_parquet(path: Path, columns: Columns) -> None:
    """Columns of equal length to one Parquet file, through DuckDB. OSError where the disk refuses."""
    import duckdb

    table = {name: _plain(column) for name, column in columns.items()}
    with duckdb.connect() as connection:
        connection.register("written", table)
        target = str(path).replace("'", "''")
        copy = f"COPY (SELECT * FROM written) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        try:
            connection.execute(copy)
        except duckdb.IOException as problem:  # no OSError, though a full disk is one
            raise OSError(errno.EIO, str(problem)) from problem


def _plain(column: NDArray[np.generic]) -> NDArray[np.generic]:
    """Text as objects, booleans and numbers as they are: what DuckDB reads from NumPy."""
    return (
        np.asarray([str(x) for x in column], object)
        if column.dtype.kind in "OUS"
        else np.ascontiguousarray(column)
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder. RunFolderError where it is none, incomplete or newer than this."""
    path = folder / MANIFEST
    if not path.is_file():
        raise RunFolderError(f"{folder} is no run folder: it has no {MANIFEST}")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise RunFolderError(f"{path} cannot be read: {problem}") from problem
    have = manifest if isinstance(manifest, dict) else {}
    if not set(NEEDED) <= set(have):
        raise RunFolderError(f"{path} lacks {', '.join(sorted(set(NEEDED) - set(have)))}; run the case again")
    if manifest["format"] != FORMAT:
        raise RunFolderError(
            f"{path} is of format {manifest['format']}, this version reads {FORMAT}; run the case again"
        )
    wrong = [key for key, kind in NEEDED.items() if type(manifest[key]) is not kind]
    if wrong:
        raise RunFolderError(f"{path} was edited: {', '.join(wrong)} cannot be; run the case again")
    return dict(manifest)


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary of a run folder. RunFolderError where there is none, or none of this kind."""
    path = folder / SUMMARY
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        regimes = told["regimes"].values()
        _ = [(r["protected_population"], r["leakers"]["mean"], r["nations"].items()) for r in regimes]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise RunFolderError(f"{path} cannot be read; run the case again") from problem
    return dict(told)


def read_trials(folder: Path, regimes: Sequence[str], trials: int) -> dict[str, dict[str, Column]]:
    """People protected and leakers of each trial (K,), in their order, by regime and column.

    RunFolderError where the table is missing, another one, or not of so many trials.
    """
    import duckdb

    path = folder / "trials.parquet"
    asked = "SELECT regime, protected_population::DOUBLE AS protected_population, leakers::DOUBLE AS leakers "
    asked += "FROM read_parquet(?) ORDER BY regime, trial LIMIT ?"
    try:
        with duckdb.connect() as connection:
            most = (len(regimes) + 100) * trials
            plain = re.sub(r"([*?\[])", r"[\1]", str(path))  # it takes a path for a pattern
            held = connection.execute(asked, [plain, most]).fetchnumpy()
    except duckdb.Error as problem:
        raise RunFolderError(f"{path} cannot be read; run the case again") from problem
    found = {}
    for regime in regimes:
        own = np.asarray(held["regime"]) == regime
        columns = {name: np.asarray(held[name], float)[own] for name in ("protected_population", "leakers")}
        if own.sum() != trials or not all(np.isfinite(c).all() for c in columns.values()):
            raise RunFolderError(f"{path} is not of {trials} trials; run the case again")
        found[regime] = columns
    return found


def case_of(folder: Path) -> Case:
    """The case that a run folder holds. RunFolderError where it was edited since, or is missing."""
    path = folder / CASE
    if not path.is_file():
        raise RunFolderError(f"{folder} has no {CASE}; run the case again")
    case = load(path)
    told = read_manifest(folder)
    if case.sha256 != told["case_sha256"]:
        raise RunFolderError(f"{path} or the catalogue has changed since the run; run the case again")
    have = [r.name for r in case.file.regimes]
    if not told["regimes"] or any(r not in have for r in told["regimes"]):
        raise RunFolderError(f"{folder / MANIFEST} names regimes that the case has not; run the case again")
    return case
