"""`synaspis agreements`: exit codes, documents that keep their contracts, and what is said of bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import synaspis
from synaspis.cli.main import main
from tests.contract import wrong

ROOT = Path(__file__).resolve().parents[2]
POLAND = ["agreements", "ask", "europe", "--owner", "USA", "--recipient", "POL"]


def call(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["synaspis", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def contract(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "docs" / "contracts" / f"{name}.schema.json").read_text())


@pytest.mark.parametrize("command", ["ask", "test"])
def test_every_command_has_help_and_an_example(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["agreements", command, "--help"], monkeypatch) == 0
    assert f"Example: synaspis agreements {command}" in " ".join(capsys.readouterr().out.split())


def test_ask_answers_in_words_and_as_a_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [*POLAND, "--product", "fire_control_track", "--threatens", "POL", "--on", "2024-12-01"]
    assert call(asked, monkeypatch) == 0
    out = capsys.readouterr().out
    assert "No: POL may not have USA's fire_control_track." in out
    assert "POL may have its track instead." in out
    assert call([*asked, "--json"], monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert wrong(document, contract("agreements-ask")) == []
    assert (document["allowed"], document["because"]) == (False, [])
    assert document["needs"][0] == "no clause speaks: it takes a permit by USA for POL of fire_control_track"
    assert call([*POLAND, "--product", "track", "--sensor", "kurecik", "--json"], monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert wrong(document, contract("agreements-ask")) == []
    assert (document["allowed"], document["because"], document["needs"]) == (True, ["bmd-1"], [])


def test_ask_loads_no_kernel() -> None:
    script = (
        "import sys; from synaspis.cli.main import main\n"
        f"sys.argv = ['synaspis', *{[*POLAND, '--product', 'track', '--json']!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('heavy:', sorted({'numba', 'scipy', 'duckdb'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": str(Path(synaspis.__file__).parents[1]), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.stdout.splitlines()[-1] == "heavy: []", done.stderr


def test_everything_wrong_with_a_question_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["agreements", "ask", "europe", "--owner", "USB", "--recipient", "POLL", "--product", "trak",
             "--regime", "alied", "--on", "2024-13-01", "--threatens", "NATOO", "--purpose", "defense",
             "--alert", "panic", "--category", "mrmb", "--lands-in", "XXX", "--launched-from", "Tabriz",
             "--sensor", "kurecikk"]  # fmt: skip
    assert call(asked, monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == ""
    for option in asked[3::2]:
        assert f"\n{option}: " in f"\n{told.err}", option
    for meant in ("USA", "POL", "track", "allied", "NATO", "defence", "mrbm", "Tabriz area", "kurecik"):
        assert f"did you mean `{meant}`?" in told.err
    assert (
        call([*POLAND[:4], "ROU", *POLAND[5:], "--product", "track", "--sensor", "kurecik"], monkeypatch) == 2
    )
    assert "--sensor: `kurecik` is not ROU's\n    mend: its owner is USA" in capsys.readouterr().err


def test_the_shipped_tests_pass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["agreements", "test", str(ROOT / "tests" / "agreements"), "--json"], monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert wrong(document, contract("agreements-test")) == []
    assert (document["passed"], document["failed"]) == (10, 0)


def test_every_failing_test_is_shown_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "europe.yaml"
    file.write_text(
        "- name: one\n  ask: {owner: USA, recipient: POL, product: track}\n  expect: {allowed: false}\n"
        "- name: two\n  ask: {owner: USA, recipient: POL, product: alert, sensor: kurecik}\n"
        "  expect: {allowed: true, because: [bmd-1]}\n"
        "- name: three\n  ask: {owner: USA, recipient: AUT, product: track}\n  expect: {allowed: true}\n"
    )
    assert call(["agreements", "test", str(tmp_path)], monkeypatch) == 1
    out = capsys.readouterr().out
    assert f"{file}:1: one\n    expected no, the agreements say yes; because of bmd-1 and bmd-2\n" in out
    assert f"{file}:7: three\n" in out
    assert "two" not in out
    assert "2 of 3 tests in 1 file failed" in out
    assert call(["agreements", "test", str(file), "--json"], monkeypatch) == 1
    document = json.loads(capsys.readouterr().out)
    assert wrong(document, contract("agreements-test")) == []
    assert [t["passed"] for t in document["tests"]] == [False, True, False]


def test_a_malformed_test_stops_everything_with_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.yaml").write_text(
        "- name: one\n  case: europe\n  regime: alied\n"
        "  ask: {owner: USSA, recipient: POL, product: trakk, sensor: bucharest-patriot/radar}\n"
        "  expect: {allowed: maybe, because: [bmd-1x]}\n"
        "- name: two\n  ask: {owner: USA, recipient: POL, product: track}\n  expect: {allowed: true}\n"
    )
    (tmp_path / "other.yml").write_text("name: no list\n")
    assert call(["agreements", "test", str(tmp_path)], monkeypatch) == 2
    told = capsys.readouterr().err
    for place in ("mine.yaml:3:11", "mine.yaml:4:16", "mine.yaml:4:47", "mine.yaml:5:21", "mine.yaml:5:38",
                  "mine.yaml:6:3", "other.yml:1:1"):  # fmt: skip
        assert f"{place}: " in told, told
    for meant in ("USA", "track", "allied", "bmd-1"):
        assert f"did you mean `{meant}`?" in told
    assert call(["agreements", "test", str(tmp_path / "none")], monkeypatch) == 2
    (tmp_path / "empty").mkdir()
    assert call(["agreements", "test", str(tmp_path / "empty")], monkeypatch) == 2


def test_a_test_may_name_a_case_beside_its_file_or_take_the_one_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = Path(synaspis.__file__).parent / "cases" / "first-light.yaml"
    (tmp_path / "own.yaml").write_bytes(shipped.read_bytes())
    (tmp_path / "tests").mkdir()
    ask = "  ask: {owner: USA, recipient: BGR, product: track}\n  expect: {allowed: true, because: [bmd-1]}\n"
    (tmp_path / "tests" / "a.yaml").write_text(f"- name: one\n  case: ../own.yaml\n{ask}- name: two\n{ask}")
    assert call(["agreements", "test", str(tmp_path / "tests")], monkeypatch) == 2
    assert call(["agreements", "test", str(tmp_path / "tests"), "--case", "first-light"], monkeypatch) == 0
