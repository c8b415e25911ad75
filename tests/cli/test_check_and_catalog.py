"""`check` and `catalog` print what they should and leave with the right code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synaspis.cli.catalog import catalog_command
from synaspis.cli.check import check_command
from synaspis.files.catalog import shipped
from synaspis.model.arrangement import Arrangement
from synaspis.report.arrangement import says
from tests.files.example import swap


def test_check_is_calm_about_a_sound_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_command("first-light") == 0
    out, err = capsys.readouterr()
    assert out == (
        "first-light: no problem found "
        "(3 missiles, 2 batteries, 3 sensors, 4 nations, 3 agreements, 2 regimes)\n"
    )
    assert err == ""


def test_check_prints_every_problem(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("case: bad\ndate: soon\n")
    assert check_command(str(path)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{path}:2:7: `date` is `soon`, not a date" in err
    assert f"{path}:1:1: `raid` is missing" in err


def test_check_warns_of_a_clause_that_never_applies(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(swap(("sites: [deveselu]", "sites: [kurecik]")))
    assert check_command(str(path)) == 0
    out, err = capsys.readouterr()
    assert out.startswith("small: no problem found")
    assert err.startswith(f"warning: {path}:44:9: `base-1` never applies")
    assert "\n    mend: mend it, or take it out" in err


def test_catalog_lists_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command() == 0
    out = capsys.readouterr().out
    assert "an-tpy-2" in out
    assert out.index("threat") < out.index("radar ") < out.index("interceptor")


def test_catalog_shows_an_entry_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("an-tpy-2") == 0
    out = capsys.readouterr().out
    assert "reference range" in out
    assert "870" in out
    assert "[1] G. Lewis and T. Postol" in out


def test_catalog_writes_large_figures_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("economy-usa") == 0
    out = capsys.readouterr().out
    assert "28,780,000" in out
    assert "e+0" not in out


def test_catalog_cuts_no_figure_short(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    assert catalog_command("mrbm-2000") == 0
    out = capsys.readouterr().out
    assert "stage 1 burn" in out
    assert "\u2026" not in out


def test_catalog_prints_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("sm-3-ib", json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["kind"] == "interceptor"
    assert document["engages"] == ["srbm", "mrbm"]
    figure = next(f for f in document["facts"] if f["parameter"] == "p_kill.mrbm")
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert catalog_command(json=True) == 0
    assert "sm-3-ib" in [e["name"] for e in json.loads(capsys.readouterr().out)["entries"]]


def test_catalog_names_the_nearest_entry(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("an-tpi-2") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "the catalogue has no entry `an-tpi-2`\n    mend: did you mean `an-tpy-2`?\n"


def test_catalog_shows_an_arrangement_by_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("us-turkey") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "In force: from 2011-09-14" in out
    assert "us-turkey-2 cited Nations outside NATO must not have alert" in out
    assert "us-turkey-3 assumed TUR may have track of USA (kurecik), 10 s late." in out
    assert "QA-20, 20 July 2014" in out
    assert "Recalled, not read again: Day of the memorandum" in out
    assert "us-turkey-3 delay 10 2 to 40 s assumed" in out
    assert "https://www.mfa.gov.tr/" in out


def test_catalog_prints_an_arrangement_as_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("us-turkey", json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["kind"] == "arrangement"
    assert document["parties"] == ["USA", "TUR"]
    assert "ROU" in document["alliances"]["NATO"]
    forbid = next(c for c in document["clauses"] if c["id"] == "us-turkey-2")
    assert (forbid["kind"], forbid["effect"], forbid["assumed"]) == ("release", "forbid", False)
    assert forbid["recipients"] == ["not-NATO"]
    assert forbid["revoked_s"] is None
    assert document["facts"][0]["parameter"] == "releases.1.delay"


def test_catalog_lists_arrangements_as_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command() == 0
    out = capsys.readouterr().out
    assert out.index("arrangement") < out.index("gsomia-2016") < out.index("us-turkey")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nato-bmd", "Fire of NATO is decided under delegated authority by USA, in 18 s at the median."),
        ("nato-bmd", "Rounds of NATO defend NATO."),
        ("us-romania", "ROU may have track of USA on what threatens recipient, 15 s late."),
        ("us-korea", "KOR may have track of USA (seongju/radar) on what is launched from PRK, 5 s late."),
        ("us-korea", "KOR lets seongju work and fire."),
        ("missile-warning-2023", "on what is launched from PRK, 5 s late, for warning alone."),
        ("gsomia-2016", "caveat: no third state without the originator's written approval."),
        ("european-sky-shield", "Rounds of neutral must not defend nations outside neutral."),
        ("us-japan-co-production", "co-produce pac-3-cri and pac-3-mse of USA; onward to USA."),
        ("us-japan-co-production", "co-produce sm-3-iia of JPN; onward to nobody."),
    ],
)
def test_clauses_are_said_in_words(name: str, said: str) -> None:
    noun = shipped().get(name).noun
    assert isinstance(noun, Arrangement)
    assert any(f"{says(c)}.".endswith(said) for c in noun.clauses)


def test_catalog_tells_who_paid_for_a_programme(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("sm-3-iia-development") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "development by JPN: amount" in said
    assert "In prices of 2009. Half of 2,400; 1,000 to 1,200 by the plan of 2005" in said
    assert "grants" not in said
    assert catalog_command("iron-dome-funding") == 0
    assert "funding by USA for ISR: share" in " ".join(capsys.readouterr().out.split())


def test_catalog_tells_what_a_site_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog_command("aegis-ship-ib") == 0
    said = capsys.readouterr().out
    for figure in ("operation, a year", "years of service", "share of cost that counts", "building"):
        assert figure in " ".join(said.split())
    assert catalog_command("euro") == 0
    assert "rate 2016" in capsys.readouterr().out
