"""`synaspis warn --measurements`: a recording in the terminal and as JSON lines; all mistakes at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from synaspis.interop import asterix
from synaspis.interop.asterix import PLOTS, Plot
from tests.cli.calling import call
from tests.files.contract import wrong

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/contracts/warn-live.schema.json").read_text())
MAP = "25/10=kurecik"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Something that rises south-east of Kurecik, a plot each 2 s, one of another source and half a block."""
    records = []
    for k in range(40):
        told = Plot(
            source=(25, 10), time_of_day_s=100.0 + 2.0 * k, range_m=600e3 - 4_000.0 * k, azimuth_rad=1.6,
            elevation_rad=0.1 + 0.004 * k, range_rate_mps=-2_000.0, number=1,
        )  # fmt: skip
        records.append(asterix.plot_record(told)[0])
    other = asterix.plot_record(Plot(source=(25, 99), time_of_day_s=101.0, range_m=1e5, azimuth_rad=0.0))[0]
    file = tmp_path / "radars.ast"
    file.write_bytes(b"".join(asterix.blocks(PLOTS, [*records, other])) + b"\x30\x00\x20")
    return file


def test_json_lines_keep_the_contract(
    recording: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["warn", "first-light", "--measurements", str(recording), "--stations", MAP, "--json"]
    assert call([*ask, "--regime", "allied"], monkeypatch) == 0
    told: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [wrong(line, SCHEMA) for line in told] == [[]] * len(told)
    assert (told[0]["event"], told[0]["regime"], told[-1]["event"]) == ("raid", "allied", "heard")
    heard = told[-1]
    assert heard["measurements"]["sources"] == {"25/10": 40, "25/99": 1}
    assert heard["measurements"]["left_out"] == {"malformed": 1, "unmapped": 1}
    assert heard["measurements"]["used"] == 40 and heard["measurements"]["rows"] == 42
    assert heard["objects"] >= 1 and {h["nation"] for h in heard["held"]} >= {"USA"}
    released = [e for e in told if e["event"] == "released"]
    assert released and all(e["because"] == ["bmd-1"] and e["flight"].startswith("T") for e in released)
    assert wrong({**heard, "objects": -1}, SCHEMA) != []


def test_the_terminal_tells_events_counts_and_first_places(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "map.yaml").write_text("25/10: kurecik\n", encoding="utf-8")
    ask = ["warn", "first-light", "--measurements", str(recording), "--stations", str(tmp_path / "map.yaml")]
    assert call(ask, monkeypatch) == 0
    out = capsys.readouterr().out
    assert any("USA" in line and "alert" in line and " T1 " in line for line in out.splitlines())
    assert "radars.ast, under allied" in out
    assert "Used: 40 measurements. Recorded, by source: 25/10 40, 25/99 1." in out
    assert "Not used: 1 unmapped, first record 41: source 25/99" in out
    assert "Not used: 1 malformed, first byte" in out and "says that it has 32 bytes" in out


@pytest.mark.parametrize(("more", "said"), [
    (["--trials", "7"], ["--trials"]),
    (["--out", "elsewhere", "--jobs", "1", "--live"], ["--out", "--jobs", "--live"]),
    (["--regime", "national", "--regime", "allied"], ["--regime"]), (["--speed", "-1"], ["--speed"]),
    (["--stations", "25/10=,=kurecik"], ["`25/10=`", "`=kurecik`"]),
    (["--stations", "none.yaml"], ["none.yaml"]),
    (["--stations", "25/10=kurecik,25/10=kurecik"], ["or one again"]),
    (["--stations", "25/10=kurecig", "--second-0", "noon"], ["--second-0: `noon` is no moment"]),
    (["--stations", "25/10=kurecig"], ["did you mean `kurecik`"]),
    ([], ["41 unmapped", "--stations 25/10=kurecik"]),
    (["--stations", MAP, "--second-0", "2001-01-01T03:00:00Z"], ["41 outside", "--second-0 20"]),
])  # fmt: skip
def test_mistakes_leave_with_2(
    more: list[str], said: list[str], recording: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    code = call(["warn", "first-light", "--measurements", str(recording), *more], monkeypatch)
    captured = capsys.readouterr()
    assert code == 2 and captured.out == ""
    for part in said:
        assert part in captured.err


def test_a_map_without_a_recording_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["warn", "first-light", "--stations", MAP, "--second-0", "2026-01-01"], monkeypatch) == 2
    said = capsys.readouterr().err
    assert "--stations: there is no recording" in said and "--second-0: there is no recording" in said
