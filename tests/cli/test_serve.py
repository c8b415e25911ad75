"""`synaspis serve`: help and errors; a changed case from the page's fields to its comparison."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from synaspis.api import errands
from synaspis.api.desk import Desk
from synaspis.cli.serve import COMMAND
from synaspis.errors import RunFolderError
from synaspis.files.case import load
from synaspis.files.run_folder import MANIFEST, write
from synaspis.model.edited import Edited
from synaspis.report.page import page
from tests.cli.calling import call
from tests.report.fake import fake_answer, fake_facts

UNTIL_S = 120.0
TELLS = """
import json, sys, time
from pathlib import Path
errand = json.loads(sys.stdin.readline())
print("no JSON"); print("[1]"); print(json.dumps({"words": "half", "part": 0.5}), flush=True)
"""
DONE = (
    TELLS
    + """
told = {name: errand[name] for name in ("name", "file", "trials", "seed", "changes")}
told |= {"case": "x", "headline": "allied", "finding": errand["begins"] + ", good.", "regimes": {}}
Path(errand["record"]).write_text(json.dumps(told))
"""
)
WAITS = (
    TELLS
    + """
Path(errand["out"]).with_name("." + errand["name"] + "-half").mkdir()
sys.stdin.read()
sys.exit(130)
"""
)
DEAF = TELLS + "\nimport signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
FAILS = (
    TELLS
    + """
print(json.dumps({"failed": "no room"})); sys.exit(1)
"""
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    case = load("first-light")
    made = fake_answer()
    regimes = {r.name: replace(made.regimes["allied"], name=r.name) for r in case.file.regimes}
    answer = replace(made, regimes=regimes, difference=None)
    return write(case, answer, page(answer, fake_facts()), tmp_path / "runs" / "one")


@contextmanager
def desk(run: Path, script: str = DONE, edits: Path | None = None) -> Iterator[Desk]:
    made = Desk(run, edits, (sys.executable, "-c", script))
    try:
        yield made
    finally:
        made.close()


def field(made: Desk, row: str, key: str) -> str:
    told = made.sheet()
    rows = [*(c for a in told["agreements"] for c in a["clauses"]), *told["sites"], *told["salvo"]]
    found = next(r for r in rows if r["name"] == row)
    return str(next(f["id"] for f in found["fields"] if f["key"] == key))


def begun(made: Desk, trials: str = "3") -> str:
    name, faults = made.begin({field(made, "bmd-3", "state"): "out"}, trials)
    assert name and not faults
    return name


def state(made: Desk, name: str) -> dict[str, object]:
    return next(e for e in made.state()["edits"] if e["name"] == name)


def ended(made: Desk, name: str) -> dict[str, object]:
    until_s = time.monotonic() + UNTIL_S
    while state(made, name)["state"] == "running":
        assert time.monotonic() < until_s
        time.sleep(0.02)
    return state(made, name)


def test_help_and_an_example(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["serve", "--help"], monkeypatch) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Example: synaspis serve" in said and "--edits" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serve", "nowhere"], "no folder"),
        (["serve", "RUN", "--port", "70000"], "65535"),
        (["serve", "RUN", "--edits", "FILE"], "is no folder"),
    ],
)
def test_what_cannot_be_served_is_said(
    run: Path,
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = [str({"RUN": run, "FILE": run / MANIFEST}.get(a, a)) for a in arguments]
    assert call(told, monkeypatch) == 2
    assert words in capsys.readouterr().err


def test_a_changed_case_is_written_run_and_kept(run: Path) -> None:
    with desk(run) as made:
        name = begun(made)
        told = ended(made, name)
        assert told["state"] == "done" and told["finding"] == "Without bmd-3, good."
        assert told["changes"] == ["bmd-3 left out"]
        assert json.loads(made.comparison(name) or b"")["trials"] == 3
        assert begun(made) == "edit-2"
        ended(made, "edit-2")
    folder = run.with_name("one-edits")
    case = load(folder / "edit-1.yaml")
    assert "bmd-3" not in [c.id for a in case.file.agreements for c in a.clauses]
    text = (folder / "edit-1.yaml").read_text()
    assert text.startswith(f"# {run} with changes:\n# - bmd-3 left out\n")
    assert not list(folder.glob(".*"))
    with desk(run) as again:
        assert [e["name"] for e in again.state()["edits"]] == ["edit-1", "edit-2"]
        assert begun(again) == "edit-3"


def test_one_at_a_time_and_it_can_be_stopped(run: Path) -> None:
    with desk(run, WAITS) as made:
        assert not made.stop()
        name = begun(made)
        _, faults = made.begin({field(made, "bmd-1", "state"): "out"}, "3")
        assert [f.what for f in faults] == ["another changed case is running"]
        until_s = time.monotonic() + UNTIL_S
        while state(made, name)["part"] != 0.5 and time.monotonic() < until_s:
            time.sleep(0.02)
        assert state(made, name)["words"] == "half"
        assert made.stop()
        assert ended(made, name)["state"] == "stopped"
        assert made.report(name) is None and made.comparison(name) is None
        assert not list(run.with_name("one-edits").glob(".*")) and b"left out" in (made.text(name) or b"")
        assert begun(made) == "edit-2"


def test_leaving_ends_what_runs_even_if_it_does_not_heed(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "GRACE_S", 0.1)
    with desk(run, DEAF) as made:
        begun(made)
        child = made._errands._child
    assert child is not None and child.poll() is not None


def test_a_failure_is_said(run: Path) -> None:
    with desk(run, FAILS) as made:
        told = ended(made, begun(made))
        assert (told["state"], told["words"]) == ("failed", "no room")
    with desk(run, "raise SystemExit(3)") as made:
        told = ended(made, begun(made))
        assert told["state"] == "failed" and "code 3" in str(told["words"])


def test_a_process_that_cannot_be_started_is_said(run: Path) -> None:
    made = Desk(run, None, ("/nowhere/python",))
    told = ended(made, begun(made))
    assert told["state"] == "failed" and "cannot be started" in str(told["words"])


@pytest.mark.parametrize("trials", ["", "0", "-1", "1.5", "x", "100001", "1e3", "²", "9" * 200])
def test_trials_are_a_number_within_bounds(run: Path, trials: str) -> None:
    with desk(run) as made:
        name, faults = made.begin({field(made, "bmd-3", "state"): "out"}, trials)
        assert name == "" and [f.field for f in faults] == ["trials"]
        assert made.state()["edits"] == [] and not run.with_name("one-edits").exists()


def test_nothing_is_written_where_something_is_wrong(run: Path) -> None:
    with desk(run) as made:
        told = {
            field(made, "bmd-3", "decision_s"): "x",
            field(made, "Sofia", "count"): "0",
            "f0-nothing": "1",
        }
        name, faults = made.begin(told, "0")
        assert name == "" and len(faults) == 4
        assert made.state()["edits"] == [] and not run.with_name("one-edits").exists()


def test_a_folder_that_cannot_be_written_is_said(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with desk(run, edits=tmp_path / "file" / "below") as made:
        _, faults = made.begin({field(made, "bmd-3", "state"): "out"}, "3")
        assert "cannot be written" in faults[0].what and "--edits" in faults[0].mend


@pytest.mark.parametrize("content", ["", "[]", "{", '{"name": 1}', "[" * 100_000])
def test_a_comparison_that_was_edited_is_left_out(run: Path, content: str) -> None:
    folder = run.with_name("one-edits")
    folder.mkdir()
    (folder / "edit-1.json").write_text(content)
    with desk(run) as made:
        assert made.state()["edits"] == [] and made.comparison("edit-1") is None


def test_only_a_run_whose_case_is_whole_can_be_changed(run: Path) -> None:
    told = json.loads((run / MANIFEST).read_text())
    (run / MANIFEST).write_text(json.dumps({**told, "kind": "warn"}))
    with pytest.raises(RunFolderError, match="no folder of `synaspis run`"):
        Desk(run, None, ())
    (run / MANIFEST).write_text(json.dumps(told))
    (run / "case.yaml").write_text((run / "case.yaml").read_text() + "# more\n")
    with pytest.raises(RunFolderError, match="changed since"):
        Desk(run, None, ())


@pytest.mark.processes
def test_two_runs_side_by_side(tmp_path: Path) -> None:
    """The whole chain: another number of trials than the run's, so the case as it was is run again, too."""
    from synaspis import api

    case = load("first-light")
    run = api.write(case, api.run(case, trials=2), tmp_path / "run")
    made = Desk(run, None, (*COMMAND, "edited"))
    try:
        name, faults = made.begin({field(made, "deveselu", "state"): "away"}, "4")
        assert not faults
        told = ended(made, name)
        assert told["state"] == "done", told
        found = msgspec.json.decode(made.comparison(name) or b"", type=Edited)
        folder = made.report(name)
    finally:
        made.close()
    assert found.trials == 4 and found.changes == ("deveselu taken out",)
    assert folder is not None and found.finding.startswith("Without deveselu, the allied regime protects")
    allied = found.regimes["allied"]
    assert allied.nations["BGR"].protected_population.before > 0.0
    assert allied.nations["BGR"].protected_population.after == 0.0
    assert allied.protected_population.gain is not None
    assert allied.protected_population.gain.value == pytest.approx(allied.protected_population.change)
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["trials"] == 4 and not list(made.folder.glob(".*"))
    assert (made.folder / "as-it-was-4" / "summary.json").is_file()
    again = api.run(load(made.folder / "edit-1.yaml"), trials=4)
    assert (
        again.regimes["allied"].protected_population == summary["regimes"]["allied"]["protected_population"]
    )
