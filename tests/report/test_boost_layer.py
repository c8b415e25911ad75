"""The page and the table of a boost-phase layer, and the folder that holds them."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import typer
from rich.console import Console

import synaspis
from synaspis.cli import boost_layer as command
from synaspis.cli.guard import guarded
from synaspis.model.answers import Band
from synaspis.model.boost_layer import BoostAnswer, document
from synaspis.report import boost_findings as found
from synaspis.report.boost_page import page
from synaspis.report.boost_terminal import render
from synaspis.server.run_report import read


@pytest.fixture(scope="module")
def answer() -> BoostAnswer:
    return synaspis.boost_layer("first-light", jobs=1)


def test_the_page_stands_alone_and_every_title_is_a_finding(answer: BoostAnswer) -> None:
    told = page(answer)
    assert told.rstrip().endswith("</html>")
    assert not re.search(r"(?:src|href)=|https?://", told)
    headings = re.findall(r"<h2>(.*?)</h2>", told)
    assert len(headings) == 8
    assert [h for h in headings if not (h.endswith(".") and len(h.split()) >= 4)] == []
    assert told.count("<svg") >= 8  # wide and narrow
    for words in (
        "burn time of the missile, s",
        "decision, s",
        "fly-out speed, km/s",
        "latitude of the launch",
    ):
        assert words in told
    assert "NaN" not in told
    assert ">inf" not in told


def test_names_are_escaped(answer: BoostAnswer) -> None:
    (launch,) = answer.launches
    odd = replace(answer, title="<b>odd</b>", launches=(replace(launch, area="<i>here</i>"),))
    assert "<b>odd" not in page(odd)
    assert "<i>here" not in page(odd)


def test_what_no_number_meets_is_said(answer: BoostAnswer) -> None:
    never = Band(value=math.inf, low=math.inf, high=math.inf)
    none = Band(value=0.0, low=0.0, high=0.0)
    reference = replace(answer.reference, satellites=never, in_reach=none, simulated=None, verdict="too late")
    short = replace(answer, reference=reference, share=0.0, asked=None)
    assert found.headline(short) == "No number of satellites meets 10 missiles at once."
    assert "–" in page(short)
    json.dumps(document(short), allow_nan=False)


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits(answer: BoostAnswer, width: int) -> None:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    render(answer, console)
    lines = console.export_text().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width
    row = next(line for line in lines if "mrbm-2000" in line)
    assert "Tabriz area" in row
    assert "too low" in row


def test_sentences_agree_with_the_figures(answer: BoostAnswer) -> None:
    assert f"{answer.absentee_ratio:,.0f}" in found.headline(answer)
    assert "17.1 billion (2.4 %) more" in found.cost_sentence(answer)
    one = replace(answer, engagements=1)
    assert "one missile takes" in found.headline(one)


def test_the_folder_and_its_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "layer"
    command.show("first-light", "sbi-aps-2003", 2, True, out)
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "boost_layer.json").read_text(encoding="utf-8"))
    assert (told["interceptor"]["name"], told["engagements"]) == ("sbi-aps-2003", 2)
    held = {"case.yaml", "manifest.json", "report.html", "boost_layer.json", "sweeps.parquet"}
    assert {p.name for p in out.iterdir()} == held
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["kind"] == "boost"
    (rows,) = duckdb.sql(f"select count(*) from '{out}/sweeps.parquet'").fetchall()
    assert rows == (sum(len(s["satellites"]) for s in told["sweeps"].values()),)
    shown = read(out)
    assert shown.notices == ()
    assert "/boost_layer.json" in shown.documents


def test_mistakes_leave_with_2_and_no_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "layer"
    with pytest.raises((SystemExit, typer.Exit)) as left:
        guarded(command.show)("first-light", "sbi-cbo-2062", 0, False, out)
    assert getattr(left.value, "exit_code", getattr(left.value, "code", None)) == 2
    said = capsys.readouterr().err
    assert "sbi-cbo-2026" in said
    assert "--simultaneous" in said
    assert not out.exists()
