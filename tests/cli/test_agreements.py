"""`synaspis agreements`: exit codes, documents that keep their contracts, and what is said of bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import synaspis
from tests.cli.calling import call
from tests.files.contract import contract, wrong

ROOT = Path(__file__).resolve().parents[2]
POLAND = ["agreements", "ask", "europe", "--owner", "USA", "--recipient", "POL"]


@pytest.mark.parametrize("command", ["ask", "test", "diff", "rank", "package"])
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


TRANSFER = ["agreements", "ask", "europe", "--maker", "USA", "--recipient", "POL", "--item", "patriot-mse"]


def test_ask_answers_transfers_in_words_and_as_a_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call([*TRANSFER, "--act", "buy"], monkeypatch) == 0
    assert "No: POL may not buy USA's patriot-mse." in capsys.readouterr().out
    assert call([*TRANSFER, "--holder", "ROU"], monkeypatch) == 0
    assert "No: ROU may not pass USA's patriot-mse on to POL." in capsys.readouterr().out
    for more in (["--act", "buy"], ["--holder", "ROU"], ["--act", "host", "--recipient", "USA"]):
        assert call([*TRANSFER, *more, "--json"], monkeypatch) == 0
        document = json.loads(capsys.readouterr().out)
        assert wrong(document, contract("agreements-ask-transfer")) == []
        assert document["allowed"] == (document["recipient"] == "USA")


@pytest.mark.parametrize(("arguments", "said"), [
    (["--maker", "USB", "--recipient", "POLL", "--item", "patriot-msee", "--act", "by", "--holder", "X",
      "--on", "2024", "--regime", "alied"],
     ["--maker: unknown nation `USB`", "--recipient: ", "`patriot-mse`?", "`buy`?", "--holder: unknown",
      "--act: is given with --holder", "--on: `2024` is no date", "--regime: "]),
    (["--recipient", "POL", "--act", "buy"], ["--maker: is not given", "--item: is not given"]),
    (["--recipient", "POL", "--maker", "USA", "--item", "patriot-mse"], ["--act: is not given"]),
    (["--recipient", "POL", "--act", "buy", "--owner", "USA", "--alert", "war"],
     ["--owner: says nothing of a transfer, which --act asks about", "--alert: says nothing"]),
    (["--recipient", "POL"], ["--owner: is not given", "--product: is not given", "for a transfer"]),
])  # fmt: skip
def test_what_is_wrong_with_a_question_of_a_transfer_is_said(
    arguments: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["agreements", "ask", "europe", *arguments], monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == ""
    for words in said:
        assert words in told.err, words


def test_the_shipped_tests_pass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["agreements", "test", str(ROOT / "tests" / "agreements"), "--json"], monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert wrong(document, contract("agreements-test")) == []
    assert (document["passed"], document["failed"]) == (11, 0)


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
    assert "mine.yaml:4:62: `bucharest-patriot/radar` is not USSA's\n    mend: its owner is ROU" in told
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


def document(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    assert call(["agreements", *arguments, "--trials", "40", "--jobs", "1", "--json"], monkeypatch) == 0
    told = capsys.readouterr()
    assert told.err == ""
    found: dict[str, Any] = json.loads(told.out)
    return found


def test_diff_rank_and_package_keep_their_contracts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(["diff", "first-light", "national", "allied"], monkeypatch, capsys)
    assert wrong(found, contract("agreements-diff")) == []
    assert {"owner", "recipient", "product", "before", "after", "because"} <= set(found["changes"][0])
    assert set(found["nations"]) == {"ROU", "BGR"}
    found = document(["rank", "first-light", "--regime", "national"], monkeypatch, capsys)
    assert wrong(found, contract("agreements-rank")) == []
    assert {"owner", "recipient", "product", "gain"} <= set(found["clauses"][0])
    assert {"value", "low", "high"} <= set(found["clauses"][0]["gain"])
    assert found["clauses"][0]["what"] == "USA's rounds defend BGR's people and forces"
    found = document(
        ["package", "first-light", "--goal", "worst-nation", "--share", "0.7"], monkeypatch, capsys
    )
    assert wrong(found, contract("agreements-package")) == []
    assert found["packages"][0]["clauses"] == ["bmd-2"]


def test_their_tables_begin_with_the_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--trials", "40", "--jobs", "1"]
    assert call(["agreements", "diff", "first-light", "national", "allied", *few], monkeypatch) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("From national to allied 9 asks go otherwise, ")
    assert "USA BGR, ROU, TUR alert, impact estimate, no yes after 10 s bmd-1 track" in out
    assert "allied has the mandate bmd-2 and the authority bmd-3, which national has not." in out
    assert (
        call(["agreements", "rank", "first-light", "--regime", "national", "--top", "2", *few], monkeypatch)
        == 0
    )
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("One clause beyond national would protect ")
    assert (
        "40 candidates: 32 missing permits, 2 missing mandates, 1 change of authority and 5 clauses " in out
    )
    assert "clauses alone would change nothing at all." in out
    assert (
        call(
            ["agreements", "package", "first-light", "--goal", "worst-nation", "--share", "0.7", *few],
            monkeypatch,
        )
        == 0
    )
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith(
        "`bmd-2` brings the share protected of the worst-off nation's people at risk from 0 % to "
    )
    assert "every smaller set was tried" in out
    assert "pivotal signatures, with what the others keep of their gain without each: USA (0 %)" in out


@pytest.mark.parametrize(("arguments", "said"), [
    (["diff", "europe", "nationl", "alied"],
     ["REGIME_A: `nationl`", "REGIME_B: `alied`", "`national`?", "`allied`?"]),
    (["rank", "europe", "--regime", "alied"], ["--regime: `alied`", "`allied`?"]),
    (["package", "europe", "--goal", "waring", "--regime", "flor"],
     ["--goal: `waring`", "`warning`?", "`floor`?"]),
    (["rank", "europa"], ["no case of this name ships", "`europe`?"]),
])  # fmt: skip
def test_bad_input_is_said_before_anything_is_played(
    arguments: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["agreements", *arguments], monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == ""
    for words in said:
        assert words in told.err
