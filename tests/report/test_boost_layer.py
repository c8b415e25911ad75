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

from synaspis.cli import boost_layer as command
from synaspis.cli.guard import guarded
from synaspis.model.answers import Band
from synaspis.model.boost_layer import BoostAnswer, document
from synaspis.report import boost_findings as found
from synaspis.report.boost_page import MARKED, page
from synaspis.report.boost_terminal import render
from synaspis.server.run_report import read
from tests import answers
from tests.report.headings import in_order


@pytest.fixture(scope="module")
def answer() -> BoostAnswer:
    return answers.boost_layer()


def test_the_page_stands_alone_and_every_title_is_a_finding(answer: BoostAnswer) -> None:
    told = page(answer)
    assert in_order(told)
    assert told.rstrip().endswith("</html>")
    assert not re.search(r"(?:src|href)=|https?://", told)
    headings = re.findall(r"<h2>(.*?)</h2>", told[told.index("<section") :])
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


def test_marks_of_classes_are_not_to_be_read_off_the_curve(answer: BoostAnswer) -> None:
    """The curve stands for the study's missile; a class that burns as long may burn out too low."""
    assert page(answer).count(MARKED.replace("'", "&#x27;")) + page(answer).count(MARKED) == 1
    assert "Classes of the case stand" not in page(replace(answer, launches=()))


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


def test_a_sweep_speaks_of_no_more_than_it_holds(answer: BoostAnswer) -> None:
    """Between swept values in proportion; beyond them of its own ends."""
    values, told = (80.0, 140.0, 200.0), (9000.0, 4000.0, 1000.0)
    bands = tuple(Band(value=x, low=x, high=x) for x in told)
    sweep = replace(answer.sweeps[0], name="burn_s", unit="s", values=values, satellites=bands, at=170.0)
    assert found.sweep_sentence(sweep) == "A burn 60 s shorter takes 2.6 times as many satellites."
    short = found.sweep_sentence(replace(sweep, at=130.0))
    assert short == "From 80 to 200 s it takes 9,000 to 1,000 satellites."
    never = Band(value=math.inf, low=math.inf, high=math.inf)
    none = replace(sweep, satellites=(never, *bands[1:]))
    assert found.sweep_sentence(none) == "A burn 60 s shorter takes more than any number of satellites."
    assert found.sweep_sentence(replace(sweep, at=130.0, satellites=(never,) * 3)).startswith("No number")


def test_sentences_of_the_shipped_layer(answer: BoostAnswer) -> None:
    """By how much each figure is changed, and the study's number beside ours only for its own engagements."""
    by = {s.name: dict(zip(s.values, (b.value for b in s.satellites), strict=True)) for s in answer.sweeps}
    for name, step in (("burn_s", -60.0), ("decision_s", 30.0), ("fly_out_kmps", 1.0)):
        sweep = next(s for s in answer.sweeps if s.name == name)
        times = by[name][sweep.at + step] / by[name][sweep.at]
        assert f"{times:.1f} times" in found.sweep_sentence(sweep)
    assert found.reference_sentence(answer).endswith("The study says 7,800.")
    assert "7,800" not in found.reference_sentence(replace(answer, engagements=3))


def test_classes_that_are_left_out_are_named(answer: BoostAnswer) -> None:
    said = "Left out, since their flights are prescribed, without a burn: glider."
    odd = replace(answer, notes=(said,))
    assert said in page(odd)
    assert document(odd)["notes"] == [said]
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    render(odd, console)
    assert said in console.export_text()
