"""`synaspis export`: a small run in each format, and all that can be wrong at once."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from synaspis import api
from synaspis.api.exports import _in_calendar, document
from synaspis.errors import InputError
from synaspis.files.run_folder import MANIFEST
from synaspis.interop.formats import FORMATS
from synaspis.model.answers import RunAnswer
from synaspis.model.case import Case
from tests.cli.calling import call
from tests.interop.told import ACROSS, STARTS, flight, trial

TRIALS = 5


@pytest.fixture(scope="module")
def case() -> Case:
    return api.load("first-light")


@pytest.fixture(scope="module")
def answer(case: Case) -> RunAnswer:
    return api.run(case, trials=TRIALS, jobs=1)


@pytest.fixture(scope="module")
def run(case: Case, answer: RunAnswer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return api.write(case, answer, out=tmp_path_factory.mktemp("runs") / "one")


def table(run: Path, regime: str | None, trial: int | None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(document(run, "csv", regime, trial)[0].decode(), newline="")))


@pytest.mark.parametrize("regime", ["national", "allied"])
def test_the_reports_trial_is_the_default_and_the_same(run: Path, answer: RunAnswer, regime: str) -> None:
    found = table(run, regime, None)
    scene = answer.scenes[regime]
    assert {r["trial"] for r in found} == {str(scene.trial)}
    told = [(r["kind"], r["who"], r["name"], r["text"]) for r in found if r["what"] == "event"]
    assert sorted(told) == sorted((e.kind, e.who, e.threat, e.text) for e in scene.events)
    assert {r["name"] for r in found if r["what"] == "site"} == {s.name for s in answer.sites}


def test_every_trial_ends_as_in_the_run(run: Path, answer: RunAnswer) -> None:
    rows = answer.tables.columns["trials"]
    own = rows["regime"] == "national"
    for number, leakers in zip(rows["trial"][own], rows["leakers"][own], strict=True):
        found = table(run, "national", int(number))
        ends = {r["kind"] for r in found if r["what"] == "path"}
        assert ends <= {"killed", "landed", "failed in flight"}
        assert sum(" lands on " in r["text"] for r in found) == leakers


@pytest.mark.parametrize("to", list(FORMATS))
def test_a_file_beside_the_run(
    to: str, run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of = ["--of", "geo-east"] if to == "oem" else []
    assert (
        call(["export", str(run), "--to", to, "--regime", "national", "--trial", "3", *of], monkeypatch) == 0
    )
    made = run.parent / f"one-national-3{'-geo-east' if of else ''}.{to}"
    assert capsys.readouterr().out == f"Written: {made}\n"
    assert sorted(p.name for p in run.parent.iterdir()) == ["one", made.name]
    text = made.read_text(encoding="utf-8")
    made.unlink()
    assert "EXERCISE" in text and api.version() in text and "first-light" in text
    if to == "kml":
        ElementTree.fromstring(text.encode())
    elif to not in ("csv", "oem"):
        json.loads(text)


def test_the_folder_in_which_one_stands(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run)
    assert document(".", "kml", "national", 0)[1] == run.parent / "one-national-0.kml"
    monkeypatch.chdir(run.parent)
    assert document("one/", "kml", "national", 0)[1] == Path("one-national-0.kml")


def test_standard_output_and_a_place_of_ones_own(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(run), "--to", "geojson", "--out"]
    assert call([*ask, "-"], monkeypatch) == 0
    said = capsys.readouterr().out
    assert call([*ask, str(tmp_path / "x.json")], monkeypatch) == 0
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == said
    assert json.loads(said)["synaspis"]["regime"] == "allied"


def test_all_that_is_wrong_is_said_at_once(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(run), "--to", "kmz", "--regime", "alied", "--trial", "5"]
    assert call([*ask, "--out", str(tmp_path / "none" / "x")], monkeypatch) == 2
    said = capsys.readouterr()
    assert said.out == ""
    for part in ("--to: `kmz` is none", "--regime: `alied` is none", "did you mean `allied`", "4 problems",
                 "--trial: the run has 5 trials, none of them 5", "from 0 to 4", "--out: "):  # fmt: skip
        assert part in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (["oem"], "give `--of` with one of: geo-east, geo-west"),
        (["oem", "--of", "geo-eest"], "did you mean `geo-east`"),
        (["csv", "--of", "geo-east"], "--of: `csv` tells of all things"),
    ],
)
def test_which_satellite(
    ask: list[str], said: str, run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["export", str(run), "--to", *ask], monkeypatch) == 2
    assert said in capsys.readouterr().err


def test_no_run_is_said_beside_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(tmp_path), "--to", "x", "--trial", "-1", "--out", str(tmp_path)]
    assert call(ask, monkeypatch) == 2
    said = capsys.readouterr().err
    for part in ("RUN: ", "is no run folder", "--to: `x` is none", "--trial: -1 is below 0", "is a folder"):
        assert part in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "warn"}, "`synaspis warn` wrote it"),
        ({"version": "0.0.1"}, "is of version 0.0.1"),
        ({"seed": -1}, "its manifest was edited"),
        ({"trials": 0}, "its manifest was edited"),
        ({"regimes": ["none"]}, "regimes that the case has not"),
        ({"case_sha256": "0"}, "has changed since the run"),
        ({"format": 99}, "is of format 99"),
    ],
)
def test_a_folder_that_is_not_what_a_run_wrote(
    changes: dict[str, object], said: str, run: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(run, folder)
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**told, **changes}), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        document(folder, "kml")
    assert [p.name for p in tmp_path.iterdir()] == ["copy"]


def test_a_raid_beyond_the_calendar_is_refused() -> None:
    told = trial((flight("one", ACROSS),))
    _in_calendar(told)
    with pytest.raises(InputError, match="goes on after 9999"):
        _in_calendar(replace(told, starts=STARTS.replace(year=9999, month=12, day=31)))
