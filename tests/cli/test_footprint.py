"""`synaspis footprint`: one JSON document, a folder in one move, and mistakes told all at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import synaspis
from synaspis.errors import InputError
from synaspis.files.case import load
from synaspis.model.footprint import document
from synaspis.server.run_report import read
from tests.cli.calling import call
from tests.engine.scene import with_battery


def test_json_is_one_document_and_the_folder_holds_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "ground"
    asked = ["footprint", "first-light", "--battery", "bucharest-patriot", "--regime", "allied", "--json"]
    assert call([*asked, "--out", str(out)], monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "footprint.json").read_text(encoding="utf-8"))
    again = synaspis.footprint("first-light", ["bucharest-patriot"], ["allied"])
    assert told == json.loads(json.dumps(document(again)))
    assert {p.name for p in out.iterdir()} == {
        "case.yaml", "manifest.json", "report.html", "footprint.json", "footprint.geojson",
    }  # fmt: skip
    shown = read(out)
    assert shown.notices == ()
    assert "/footprint.json" in shown.documents


def test_the_terminal_says_what_would_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    asked = ["footprint", "first-light", "--battery", "bucharest-patriot", "--out", str(tmp_path / "g")]
    assert call(asked, monkeypatch) == 0
    told = capsys.readouterr().out
    assert "bucharest-patriot" in told
    assert "(73)" in told  # launch-on-remote would be, if its type could
    assert all(len(line) <= 80 for line in told.splitlines() if not line.startswith("Report:"))


def test_every_mistake_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["footprint", "first-light", "--battery", "devesellu", "--regime", "alliedd"]
    assert call([*asked, "--out", str(tmp_path / "g")], monkeypatch) == 2
    said = capsys.readouterr().err
    assert "did you mean `deveselu`?" in said
    assert "alliedd" in said
    assert not (tmp_path / "g").exists()


def test_a_site_outside_its_host_is_told() -> None:
    case = with_battery(load("first-light"), "deveselu", latitude_rad=0.72, longitude_rad=0.55)
    with pytest.raises(InputError) as told:
        synaspis.footprint(case, ["deveselu"], ["nobody"])
    (regime, site) = told.value.problems
    assert "nobody" in regime.what
    assert "stands on the soil of TUR, not of ROU" in site.what
    assert "host: TUR" in site.mend
    synaspis.footprint(case, ["bucharest-patriot"], ["allied"], cells=4)  # which is not asked about
