"""`synaspis warn`: one JSON document, a folder in one move, and mistakes told."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

import synaspis
from synaspis.model.early_warning import document
from synaspis.server.run_report import read
from tests.cli.calling import call


def test_json_is_one_document_and_the_folder_holds_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "warned"
    asked = ["warn", "first-light", "--trials", "20", "--seed", "3", "--json", "--out", str(out)]
    assert call(asked, monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "warning.json").read_text(encoding="utf-8"))
    assert told == json.loads(json.dumps(document(synaspis.warn("first-light", trials=20, seed=3))))
    held = {p.name for p in out.iterdir()}
    assert held == {
        "case.yaml", "manifest.json", "report.html", "warning.json", "warnings.parquet", "ellipses.parquet",
        "launches.parquet",
    }  # fmt: skip
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["trials"], manifest["seed"]) == ("warn", 20, 3)
    assert call(asked, monkeypatch) == 0  # again, in place of the old one


def test_the_tables_say_what_the_document_says(tmp_path: Path) -> None:
    case = synaspis.load("first-light")
    answer = synaspis.warn(case, trials=5)
    out = synaspis.write_warning(case, answer, tmp_path / "warned")
    rows = duckdb.sql(
        f"select regime, asset, warning_s, alert_s is null from '{out}/warnings.parquet'"
    ).fetchall()
    told = {
        (regime, name): (a.warning_s, a.known.alert_s == float("inf"))
        for regime, r in answer.regimes.items()
        for n in r.nations.values()
        for name, a in n.assets.items()
    }
    assert {(r, a): (w, never) for r, a, w, never in rows} == told
    (cells,) = duckdb.sql(f"select count(*) from '{out}/launches.parquet'").fetchall()
    (sight,) = answer.coverage
    assert cells == (len(sight.cells) * 2 * (len(case.file.nations) + 1),)


def test_the_folder_is_served_without_complaint(tmp_path: Path) -> None:
    case = synaspis.load("first-light")
    out = synaspis.write_warning(case, synaspis.warn(case, trials=2), tmp_path / "warned")
    shown = read(out)
    assert shown.notices == ()
    assert "/warning.json" in shown.documents


def test_an_unknown_regime_leaves_with_2_and_no_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "warned"
    assert call(["warn", "first-light", "--regime", "alliedd", "--out", str(out)], monkeypatch) == 2
    assert "alliedd" in capsys.readouterr().err
    assert not out.exists()
