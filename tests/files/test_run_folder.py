"""Run folders: complete or not there at all, whatever happens while one is written."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import synaspis
from synaspis import api
from synaspis.errors import RunFolderError
from synaspis.files import run_folder
from synaspis.files.case import load
from synaspis.model.answers import RunAnswer
from synaspis.model.case import Case
from synaspis.model.summary import summary

FILES = {
    "manifest.json", "summary.json", "report.html", "case.yaml", "trials.parquet", "missiles.parquet",
    "assets.parquet",
}  # fmt: skip
TRIALS = 40


@pytest.fixture(scope="module")
def case() -> Case:
    return load("first-light")


@pytest.fixture(scope="module")
def answer(case: Case) -> RunAnswer:
    return api.run(case, trials=TRIALS, seed=9, jobs=1)


@pytest.fixture
def folder(case: Case, answer: RunAnswer, tmp_path: Path) -> Path:
    return run_folder.write(case, answer, "<p>report</p>", tmp_path / "run")


def complete(path: Path) -> bool:
    return {p.name for p in path.iterdir()} == FILES and run_folder.read_manifest(path)["format"] == 1


# -- what is in it ----------------------------------------------------------------------------------


def test_a_folder_holds_all_and_nothing_beside(folder: Path, case: Case, answer: RunAnswer) -> None:
    assert complete(folder)
    assert [p.name for p in folder.parent.iterdir()] == ["run"]
    assert json.loads((folder / "summary.json").read_text()) == json.loads(json.dumps(summary(answer)))
    assert (folder / "case.yaml").read_bytes() == case.text
    assert (folder / "report.html").read_text() == "<p>report</p>"
    manifest = run_folder.read_manifest(folder)
    assert (manifest["seed"], manifest["trials"], manifest["case"]) == (9, TRIALS, "first-light")
    assert manifest["regimes"] == ["national", "allied"]
    assert manifest["case_sha256"] == case.sha256
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(("table", "count"), [("trials", 2 * TRIALS), ("missiles", 2 * 3), ("assets", 2 * 2)])
def test_tables_open_elsewhere(folder: Path, answer: RunAnswer, table: str, count: int) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{folder / table}.parquet'").fetchnumpy()
    columns = answer.tables.columns[table]
    assert list(found) == list(columns)
    for name, column in columns.items():
        assert len(found[name]) == count
        if column.dtype.kind == "f":
            np.testing.assert_array_equal(np.asarray(found[name], float), column)
        else:
            assert [str(x) for x in found[name]] == [str(x) for x in column]


def test_a_quote_in_a_path_is_only_a_character(case: Case, answer: RunAnswer, tmp_path: Path) -> None:
    assert complete(run_folder.write(case, answer, "", tmp_path / "it's; DROP"))


def test_equal_runs_have_one_name_and_others_another(case: Case, answer: RunAnswer) -> None:
    from dataclasses import replace

    path = run_folder.default_path(case, answer)
    assert path.parent == Path("runs")
    assert path.name.startswith("first-light-")
    assert len(path.name) == len("first-light-") + 8
    assert run_folder.default_path(case, replace(answer, notes=("x",))) == path
    others = [replace(answer, seed=1), replace(answer, trials=1), replace(answer, regimes={}),
              replace(answer, version="x")]  # fmt: skip
    others_paths = {run_folder.default_path(case, x) for x in others}
    others_paths.add(run_folder.default_path(replace(case, sha256="0"), answer))
    assert len(others_paths | {path}) == 6


# -- replacing and refusing -------------------------------------------------------------------------


def test_an_older_run_is_replaced_whole(folder: Path, case: Case, answer: RunAnswer) -> None:
    (folder / "left-over").touch()
    assert run_folder.write(case, answer, "new", folder) == folder
    assert complete(folder)
    assert (folder / "report.html").read_text() == "new"
    assert [p.name for p in folder.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_run_is_left_alone(kind: str, case: Case, answer: RunAnswer, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    if kind == "folder":
        mine.mkdir()
        (mine / "thesis.txt").write_text("years of work")
    else:
        mine.write_text("years of work")
    with pytest.raises(RunFolderError, match=r"mine exists and is no run folder; choose another --out"):
        run_folder.write(case, answer, "", mine)
    kept = mine / "thesis.txt" if kind == "folder" else mine
    assert kept.read_text() == "years of work"
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_a_place_that_cannot_be_written_is_said(case: Case, answer: RunAnswer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunFolderError, match="cannot write beside"):
        run_folder.write(case, answer, "", tmp_path / "file" / "run")


# -- failing half-way -------------------------------------------------------------------------------


def failing_at(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> None:
    """The `number`-th table cannot be written."""
    real = run_folder.write_parquet
    calls = []

    def write(path: Path, columns: Any) -> None:
        calls.append(path)
        if len(calls) == number:
            raise error
        real(path, columns)

    monkeypatch.setattr(run_folder, "write_parquet", write)


@pytest.mark.parametrize("number", [1, 3])
def test_a_full_disk_leaves_nothing(
    number: int, case: Case, answer: RunAnswer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_at(monkeypatch, number, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(RunFolderError, match="No space left on device; nothing was left behind"):
        run_folder.write(case, answer, "", tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_fails_to_write_is_a_full_disk_too(
    case: Case, answer: RunAnswer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB raises errors of its own, which are no OSError."""

    class Broken:
        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None: ...

        def register(self, *_: object) -> None: ...

        def execute(self, *_: object) -> None:
            raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr(duckdb, "connect", Broken)
    with pytest.raises(RunFolderError, match=r"No space left on device.*nothing was left behind"):
        run_folder.write(case, answer, "", tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("a fault")])
def test_any_other_failure_leaves_nothing_and_is_raised(
    error: BaseException, case: Case, answer: RunAnswer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_at(monkeypatch, 2, error)
    with pytest.raises(type(error)):
        run_folder.write(case, answer, "", tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_older_run(
    folder: Path, case: Case, answer: RunAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_at(monkeypatch, 2, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(RunFolderError):
        run_folder.write(case, answer, "new", folder)
    assert complete(folder)
    assert (folder / "report.html").read_text() == "<p>report</p>"
    assert [p.name for p in folder.parent.iterdir()] == ["run"]


def test_a_failed_swap_keeps_the_older_run(
    folder: Path, case: Case, answer: RunAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old folder has been moved aside when the new one cannot take its place."""
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if Path(target) == folder and self.name != "run":
            raise OSError(errno.EIO, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(RunFolderError, match="Input/output error"):
        run_folder.write(case, answer, "new", folder)
    monkeypatch.undo()
    assert complete(folder)
    assert (folder / "report.html").read_text() == "<p>report</p>"


# -- reading ----------------------------------------------------------------------------------------


def test_a_run_is_explained(folder: Path) -> None:
    told = api.explain(folder, "Bucharest", regime="national", trial=3)
    assert told.startswith("Bucharest (ROU, 1,716,961 people) under `national`, trial 3")


def test_an_edited_case_is_refused(folder: Path) -> None:
    text = (folder / "case.yaml").read_text()
    (folder / "case.yaml").write_text(text.replace("decision_s: 60", "decision_s: 61"))
    with pytest.raises(RunFolderError, match=r"case\.yaml or the catalogue has changed since the run"):
        api.explain(folder, "Bucharest")


@pytest.mark.parametrize(("text", "said"), [
    ("{", "cannot be read"),
    ("[]", "lacks case_sha256, format, regimes, seed, trials, version"),
    ("3", "lacks case_sha256"),
    ('{"format": 1}', "lacks case_sha256, regimes, seed, trials, version; run the case again"),
])  # fmt: skip
def test_a_broken_manifest_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(RunFolderError, match=said):
        api.explain(folder, "Bucharest")


def test_a_manifest_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunFolderError, match="cannot be read"):
        run_folder.read_manifest(folder)


@pytest.mark.parametrize(("key", "value", "said"), [
    ("format", 99, "is of format 99, this version reads 1"),
    ("case_sha256", "0" * 64, "has changed since the run"),
    ("seed", "x", "was edited: seed cannot be"),
    ("trials", 1.5, "was edited: trials cannot be"),
    ("regimes", 5, "was edited: regimes cannot be"),
    ("regimes", [], "names regimes that the case has not"),
    ("regimes", ["national", "nobody"], "names regimes that the case has not"),
    ("regimes", [[]], "names regimes that the case has not"),
])  # fmt: skip
def test_an_edited_manifest_is_refused(folder: Path, key: str, value: Any, said: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {key: value}))
    with pytest.raises(RunFolderError, match=said):
        api.explain(folder, "Bucharest")


@pytest.mark.parametrize("missing", ["manifest.json", "case.yaml"])
def test_a_folder_without_its_parts_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(RunFolderError, match=f"has no {missing}"):
        api.explain(folder, "Bucharest")


# -- real processes ---------------------------------------------------------------------------------

READY = "ready"
SCRIPT = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's & ignores it
    "from synaspis.cli.main import main; from synaspis import api; import duckdb, numba\n"
    f"print({READY!r}, flush=True)\n"
    "main()"
)


@contextlib.contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the command line in `folder`, past its imports."""
    environment = {**os.environ, "PYTHONPATH": str(Path(synaspis.__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == READY
        yield process
    finally:
        process.kill()
        process.communicate()


ARGUMENTS = ("run", "first-light", "--trials", "3000", "--out", "out/run")


@pytest.fixture(scope="module")
def run_s(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds that a whole run takes once its imports are done."""
    place = tmp_path_factory.mktemp("whole")
    with running(place, *ARGUMENTS) as process:
        begun = time.monotonic()
        process.communicate()
        assert process.returncode == 0
        assert complete(place / "out" / "run")
        return time.monotonic() - begun


@pytest.mark.long
@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.8, 0.95])
def test_a_killed_process_leaves_a_whole_run_or_none(share: float, run_s: float, tmp_path: Path) -> None:
    """Killed at five moments, from just begun to just about done."""
    with running(tmp_path, *ARGUMENTS) as process:
        time.sleep(share * run_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
    out = tmp_path / "out"
    shown = [p for p in out.iterdir() if not p.name.startswith(".")] if out.exists() else []
    assert [p.name for p in shown] in ([], ["run"])
    assert all(complete(p) for p in shown)


def test_ctrl_c_leaves_no_run(run_s: float, tmp_path: Path) -> None:
    """Kernels are compiled by then (`run_s`): the compiler itself answers no signal until it is done."""
    with running(tmp_path, "run", "first-light", "--trials", "3000000", "--out", "out/run") as process:
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 130
    assert "stopped; no run folder was left behind" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or not mount or not unmount:
        pytest.skip("only root may mount a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "none", str(place)], capture_output=True)
    if made.returncode != 0:
        pytest.skip(f"no small disk could be mounted: {made.stderr.decode().strip()}")
    yield place
    subprocess.run([unmount, str(place)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    with running(small_disk.parent, "run", "first-light", "--trials", "50", "--out", "disk/run") as process:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 2, told
    assert "No space left on device" in told
    assert "nothing was left behind" in told
    assert "Traceback" not in told
    assert list(small_disk.iterdir()) == []
