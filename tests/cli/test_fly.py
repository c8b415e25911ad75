"""`synaspis fly`: its document, its words, its pictures, and everything that can be wrong at once."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from synaspis.cli.main import app

TABRIZ = ["fly", "mrbm-2000", "--from", "38.08,46.29", "--to", "44.43,26.10"]
FORBIDDEN = ("azimuth", "pitch", "loft_", "cutoff", "cut_off", "heading", "bearing", "velocity")


def _run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_the_document_holds_what_the_contract_says() -> None:
    code, out, _ = _run(*TABRIZ, "--shape", "lofted", "--json")
    assert code == 0
    document = json.loads(out)
    assert 600 < document["time_s"] < 1200
    assert 500 < document["apogee_km"] < 900
    assert 3000 < document["burnout_speed_mps"] < 4500
    assert 40 < document["reentry_angle_deg"] < 60
    assert document["closure_error_m"] < 50
    assert document["overflown"] == ["IRN", "TUR", "ROU"]
    assert document["track"][0]["altitude_km"] == 0.0
    assert sum(s["share"] for s in document["stretches"]) < 1.0


def test_a_glider_flies_its_own_profile() -> None:
    code, out, _ = _run("fly", "glide-mrbm", "--from", "38.08,46.29", "--to", "44.43,26.10", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["shape"] == "glide"
    assert document["closure_error_m"] < 50
    assert 50 < document["apogee_km"] < 100
    assert 700 < document["time_s"] < 1000
    assert not any(word in key for key in document for word in FORBIDDEN)


def test_cruise_takes_waypoints_and_nothing_else_does() -> None:
    way = ["--from", "44.6,33.5", "--to", "46.48,30.73", "--via", "45.0,31.0", "--json"]
    code, out, _ = _run("fly", "cruise-subsonic", *way)
    assert code == 0
    document = json.loads(out)
    assert document["track_km"] > 1.1 * document["distance_km"]
    code, _, err = _run("fly", "glide-mrbm", *way, "--shape", "lofted")
    assert code == 2
    assert "--via: `glide-mrbm` flies no waypoints" in err
    assert "--shape: `glide-mrbm` flies one prescribed profile, none that is lofted" in err


def test_no_aiming_is_given_away() -> None:
    """Neither azimuth, attitude nor velocity at cut-off: the contract's burnout speed is all there is."""
    keys: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            keys.update(part)
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(json.loads(_run(*TABRIZ, "--json")[1]))
    assert [k for k in keys if any(word in k for word in FORBIDDEN)] == []


def test_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = _run(*TABRIZ)
    assert code == 0
    assert "mrbm-2000 flies 1,827 km in" in out
    assert "over 3 nations" in out
    assert "Türkiye" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", ["flight.svg", "flight.html", "FLIGHT.SVG"])
def test_pictures(tmp_path: Path, name: str) -> None:
    code, out, _ = _run(*TABRIZ, "--out", str(tmp_path / name))
    assert code == 0
    assert name in out
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert "mrbm-2000 flies 1,827" in text
    assert "TUR" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    if name.lower().endswith("svg"):
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"


def test_all_problems_at_once() -> None:
    code, out, err = _run(
        "fly", "mrbm-2001", "--from", "95,10", "--to", "10;nan", "--shape", "high", "--out", "a.png"
    )
    assert (code, out) == (2, "")
    for piece in (
        "threat: unknown missile class `mrbm-2001`", "did you mean `mrbm-2000`?",
        "--from: latitude is 95", "did you mean 10,95?", "--to: `10;nan` is no place",
        "--shape: `high` is none", "--out: `a.png` says no kind of picture", "5 problems",
    ):  # fmt: skip
        assert piece in err


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("35,51", "35,51", "--to: is the same place as `--from`"),
        ("35,51", "35,411", "longitude is 411"),
        ("35,-9", "35,351", "--to: is the same place as `--from`"),
        ("90,10", "90,120", "--to: is the same place as `--from`"),
        ("nan,10", "1,2", "--from: latitude is not a number"),
        ("1e999,10", "1,2", "--from: latitude is inf"),
        ("35", "1,2", "--from: `35` is no place"),
        ("", "1,2", "--from: `` is no place"),
        ("-35.5,10", "60,2", "out of reach or class"),
    ],
)
def test_bad_places(start: str, end: str, said: str) -> None:
    code, out, err = _run("fly", "mrbm-2000", "--from", start, "--to", end)
    assert (code, out) == (2, "")
    assert (said if "or class" not in said else "take a nearer place, or a class of longer range") in err


def test_against_the_turning_earth_it_says_what_its_range_means() -> None:
    code, _, err = _run("fly", "icbm-liquid", "--from", "0,0", "--to", "0,-107")
    assert code == 2
    assert "that way it flies 10,8" in err
    assert "its 12,000 km are those of an Earth that does not turn" in err
    assert "does not turn" not in _run("fly", "mrbm-2000", "--from", "38,46", "--to", "60,26")[2]


def test_no_missile_class() -> None:
    code, _, err = _run("fly", "an-tpy-2", "--from", "1,1", "--to", "2,2")
    assert code == 2
    assert "`an-tpy-2` is a radar, not a missile class" in err


def test_a_case_s_own_class(tmp_path: Path) -> None:
    from importlib import resources

    text = (resources.files("synaspis.cases") / "first-light.yaml").read_text(encoding="utf-8")
    own = (
        "threats:\n  - {name: mine, range_km: 2500, burn_s: 90}\n"
        "raid:\n  - {threat: mine, launch: Tabriz area, target: Sofia}\n"
    )
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("raid:\n", own), encoding="utf-8")
    code, out, err = _run(
        "fly", "mine", "--from", "38,46.3", "--to", "42.7,23.32", "--case", str(path), "--json"
    )
    assert code == 0, err
    assert json.loads(out)["status"] == "hypothetical"
    code, _, err = _run("fly", "mine", "--from", "38,46.3", "--to", "42.7,23.32")
    assert code == 2
