"""The command `reconstruct`: words, one document, a page, and what is no question."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.cli.test_main import call

CLAIM = [
    "reconstruct",
    "--apogee-km",
    "4475",
    "--range-km",
    "950",
    "--from",
    "39.28,125.87",
    "--bearing",
    "76",
]


def test_the_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call([*CLAIM, "--time-s", "3240", "--time-s", "2400", "--json"], monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    for key in ("flight_time_s", "burnout_speed_mps", "standard_range_km"):
        assert found[key]["low"] <= found[key]["value"] <= found[key]["high"]
    assert found["keplerian_minimum_s"] < found["flight_time_s"]["low"]
    assert found["verdict"] == "consistent"
    assert len(found["because"]) >= 4
    assert [t["verdict"] for t in found["times"]] == ["consistent", "impossible"]
    assert found["claim"]["from"] == [39.28, 125.87]
    assert not {"azimuth", "loft", "lean", "pitch", "cutoff"} & set(" ".join(found).replace("_", " ").split())


def test_the_document_of_what_cannot_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["reconstruct", "--apogee-km", "50", "--range-km", "5000", "--json"], monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "impossible"
    assert found["flight_time_s"] is found["burnout_speed_mps"] is found["standard_range_km"] is None
    assert math.isfinite(found["keplerian_minimum_s"])
    assert found["because"]


def test_words_and_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "flight.html"
    assert call([*CLAIM, "--time-s", "3240", "--out", str(page)], monkeypatch) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("Consistent: 4,475 km up and 950 km away takes")
    assert f"Picture: {page}" in said
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (["--apogee-km", "nan"], ["--apogee-km"]),
        (["--apogee-km", "-3"], ["--apogee-km"]),
        (["--apogee-km", "1e9", "--range-km", "20100"], ["--apogee-km", "--range-km"]),
        (["--range-km", "0"], ["--range-km"]),
        (["--from", "here", "--time-s", "-1"], ["--from", "--time-s"]),
        (["--from", "91,0", "--bearing", "1000"], ["--from", "--bearing"]),
        (["--from", "1,2,3"], ["--from"]),
        (["--propellant", "steam", "--stages", "9"], ["--propellant", "--stages"]),
    ],
)
def test_no_question_at_all(
    changed: list[str],
    named: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call([*CLAIM, *changed], monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split(":")[0] for line in told.err.splitlines() if line.startswith("--")] == sorted(named)
    assert told.err.count("mend:") == len(named)


def test_times_that_cannot_be_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call([*CLAIM, "--time-s", "1500", "--time-s", "9000"], monkeypatch) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("Impossible: 4,475 km up and 950 km away takes 53 min")
    assert "not 25 min or 150 min" in said


def test_a_picture_has_a_kind_and_a_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Said with whatever else is wrong, before anything is flown."""
    assert call([*CLAIM, "--out", "flight.svg", "--stages", "9"], monkeypatch) == 2
    told = capsys.readouterr().err
    assert "--out: `flight.svg` says no kind of picture" in told
    assert "end it in .html" in told
    assert "--stages" in told
    assert call([*CLAIM, "--out", str(tmp_path / "none" / "flight.html")], monkeypatch) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_site_needs_a_bearing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(CLAIM[:-2], monkeypatch) == 2
    assert "--from: is of no use without --bearing" in capsys.readouterr().err


def test_a_folder_is_no_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call([*CLAIM, "--out", str(tmp_path)], monkeypatch) == 2
    assert "is a folder" in capsys.readouterr().err
