"""`synaspis burden`: one JSON document, a folder in one move, and every mistake told at once."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

import synaspis
from synaspis.model.burden_document import document
from tests.cli.calling import call

ALONE = """
case: alone
title: One nation, and nothing that sees or fires
date: 2024-12-01
nations: [{nations}]
assets:
  - {{name: Bucharest, nation: ROU, latitude_deg: 44.43, longitude_deg: 26.10, population: 1716961}}
launch_areas:
  - {{name: Tabriz area, nation: IRN, latitude_deg: 38.0, longitude_deg: 46.3}}
raid:
  - {{threat: mrbm-2000, launch: Tabriz area, target: Bucharest}}
agreements:
  - name: own-affairs
    title: What each nation decides for itself
    parties: [{nations}]
    source: assumed
    since: 2000-01-01
    mandates:
      - {{id: own-1, owners: [ROU], defends: [ROU], assumed: true}}
regimes:
  - {{name: all, title: Each for itself, agreements: [own-affairs]}}
  - {{name: none, title: Nothing, agreements: []}}
compare: {{headline: all, against: none}}
"""


def test_json_is_one_document_and_the_folder_holds_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "shared"
    asked = ["burden", "first-light", "--trials", "10", "--seed", "3", "--json", "--out", str(out)]
    assert call(asked, monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "burden.json").read_text(encoding="utf-8"))
    assert told == json.loads(json.dumps(document(synaspis.burden("first-light", trials=10, seed=3))))
    assert {p.name for p in out.iterdir()} == {
        "case.yaml", "manifest.json", "report.html", "burden.json", "members.parquet", "coalitions.parquet",
    }  # fmt: skip
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["trials"], manifest["regimes"]) == ("burden", 10, ["allied"])
    rows = duckdb.sql(f"SELECT count(*), max(size) FROM '{out / 'coalitions.parquet'}'").fetchall()
    assert rows == [(15, 4)]


def test_an_answer_has_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for more in ([], [], ["--amount", "100"], ["--value-per-person", "0.001"], ["--members", "ROU,USA"]):
        assert call(["burden", "first-light", "--trials", "3", *more], monkeypatch) == 0
    assert len(list((tmp_path / "runs").iterdir())) == 4
    assert "Report: runs" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "told"), [
    (["--trials", "0", "--members", "USA,XXX", "--regime", "nowhere", "--measure", "most", "--amount", "-3",
      "--value-per-person", "0", "--arrangement", "2030", "--seed", "-1"],
     ["8 problems", "`XXX` is no nation", "--trials: is 0", "give one of: 2016-17", "as 0.001"]),
    (["--members", ","], ["--members: names nobody", "as USA,ROU"]),
    (["--amount", "nan"], ["--amount: is nan", "give millions of US dollars from 1e-06 to 1e+09"]),
    (["--amount", "1e300", "--value-per-person", "inf", "--trials", "99999999999", "--seed", str(2**63)],
     ["4 problems", "--amount: is 1e+300", "from 1e-12 to 1e+06", "from 1 to 10000000", "--seed: is 922"]),
    (["--members", "nato"], ["`nato` is no nation", "NATO"]),
])  # fmt: skip
def test_mistakes_are_told(
    arguments: list[str], told: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert call(["burden", "first-light", *arguments], monkeypatch) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(words in said.err for words in told)


def test_a_nation_outside_the_regime_is_no_member(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["burden", "europe", "--members", "AUT,USA"], monkeypatch) == 2
    said = capsys.readouterr().err
    assert "`AUT` takes no part in the regime `allied`" in said and "these do: USA, TUR" in said


@pytest.mark.parametrize("nations", ["ROU", "ROU, CHE"])
def test_a_case_with_nothing_to_share_is_answered(
    nations: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = tmp_path / "alone.yaml"
    case.write_text(ALONE.format(nations=nations), encoding="utf-8")
    assert call(["burden", str(case), "--trials", "3", "--out", str(tmp_path / "o")], monkeypatch) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "there is nothing to share" in said and "There is no battery in this case" in said
    assert ("nobody to lose" in said) == (nations == "ROU")
    assert ("No economy is known of CHE" in said) == ("CHE" in nations)
    assert ("Key GDP: undefined, no figure for CHE" in said) == ("CHE" in nations)


def test_sensors_without_batteries_cost_and_protect_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    seen = "sensors:\n  - {name: eye, type: an-tpy-2, owner: ROU, latitude_deg: 44.4, longitude_deg: 26.1}\n"
    case = tmp_path / "eyes.yaml"
    case.write_text(ALONE.format(nations="ROU, BGR").replace("assets:", seen + "assets:"), encoding="utf-8")
    assert call(["burden", str(case), "--trials", "3", "--out", str(tmp_path / "o")], monkeypatch) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "there is nothing to share" in said and "The members pay" in said


@pytest.mark.parametrize("asked", [
    ["burden", "first-light"], ["timeline", "first-light", "--from", "2010", "--to", "2012"],
])  # fmt: skip
def test_a_folder_that_is_no_run_folder_is_refused_before_the_work(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    for study in ("burden", "timeline"):
        monkeypatch.setattr(f"synaspis.api.{study}", lambda *_, **__: pytest.fail("worked first"))
    assert call([*asked, "--out", str(tmp_path)], monkeypatch) == 2
    assert "exists and is no run folder; choose another --out" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
