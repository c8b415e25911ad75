"""`synaspis replay LOG --verify`: whole and closed, open, broken, or no record at all."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from synaspis.exercise.entries import Marked, Seated
from synaspis.exercise.record import Record

from .calling import call


def a_record(log: Path, close: bool) -> str:
    """A record of a few entries; returns its key."""
    record = Record.create(
        log, case_sha256="ab" * 32, case_name="x.yaml", case=b"case: text\n", regime="r", seed=1
    )
    record.append(Seated("AAA", "redeemed", 20))
    record.append(Marked(10, "00" * 32, 5000))
    if close:
        record.close(12)
    else:
        record.leave()
    return record.key


def test_a_closed_record_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "x.log"
    key = a_record(log, close=True)
    assert call(["replay", str(log), "--verify", "--key", key.upper(), "--json"], monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"]["state"] == "closed" and told["verdict"]["key"] == key
    assert call(["replay", str(log), "--verify", "--key", "ab" * 32], monkeypatch) == 2
    assert "not the one given" in capsys.readouterr().err


def test_an_open_record_says_that_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_record(tmp_path / "x.log", close=False)
    assert call(["replay", str(tmp_path / "x.log"), "--verify"], monkeypatch) == 0
    assert "open: whole so far" in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--verify"], ["--json"]])
def test_a_changed_record_is_broken_and_not_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    log = tmp_path / "x.log"
    a_record(log, close=True)
    with sqlite3.connect(log) as connection:
        connection.execute("DROP TRIGGER no_update")
        connection.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE position = 3")
    connection.close()
    assert call(["replay", str(log), *more], monkeypatch) == 2
    out, err = capsys.readouterr()
    if "--json" in more:
        assert json.loads(out)["verdict"]["first_bad"] == 3
    else:
        assert "broken (entry 3)" in err and not out


def test_what_is_no_record_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["replay", str(tmp_path / "none.log"), "--verify"], monkeypatch) == 2
    assert "is not there" in capsys.readouterr().err
    log = tmp_path / "x.log"
    with monkeypatch.context() as other:
        other.setattr("synaspis.exercise.record.ours", lambda: "0.0.0")
        a_record(log, close=True)
    assert call(["replay", str(log)], monkeypatch) == 2
    assert "made by synaspis 0.0.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "60"], "--from: nothing is gone on with"),
        (["--what-if", "national", "--from", "inf"], "--from: inf is no moment"),
        (["--what-if", "national", "--against", "x.log", "--json"], "--json: two documents"),
    ],
)
def test_what_does_not_go_together(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    a_record(tmp_path / "x.log", close=True)
    assert call(["replay", str(tmp_path / "x.log"), *options], monkeypatch) == 2
    assert said in capsys.readouterr().err
