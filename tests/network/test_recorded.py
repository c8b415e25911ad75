"""Recorded measurements as looks of own stations: by their times, by frames, bad rows left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synaspis.engine.detections import FRAME_S
from synaspis.engine.world import World, world
from synaspis.errors import InputError
from synaspis.files import case as cases
from synaspis.kernels import sight
from synaspis.network.recorded import Recording
from synaspis.network.seam import scan_of

RADAR = {"sensor": "kurecik", "range_km": 900.0, "azimuth_deg": 110.0, "elevation_deg": 20.0}
SATELLITE = {
    "sensor": "geo-east", "line_longitude_deg": 60.0, "line_latitude_deg": 5.0, "x_km": 21082.0,
    "y_km": 36515.0, "z_km": 0.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def w() -> World:
    case = cases.load("first-light")
    return world(replace(case, file=replace(case.file, raid=())), ())


def recording(rows: list[object], w: World, folder: Path, nation: str = "USA") -> Recording:
    path = folder / "measurements.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return Recording(path, w, nation)


def test_rows_come_when_they_were_received_together_by_frames(w: World, tmp_path: Path) -> None:
    rows = [
        {**RADAR, "time_s": 10.0, "received_s": 10.0},
        {**RADAR, "time_s": 10.0, "received_s": 10.0, "range_km": 500.0},
        {**SATELLITE, "time_s": 9.0, "received_s": 11.5},
        {**RADAR, "time_s": 14.0, "received_s": 14.0, "sigma_range_m": 1.0},
    ]
    r = recording(rows, w, tmp_path)
    assert r.ends_s == 14.0 and list(r.due(9.9)) == []
    first, second = r.due(12.0)
    assert [(x.station, x.time_s, x.received_s) for x in first.scans] == [("kurecik", 10.0, 10.0)]
    assert [(x.station, x.time_s, x.received_s) for x in second.scans] == [("geo-east", 9.0, 11.5)]
    assert (first.frame, second.frame) == (5, 6) and second.frame * FRAME_S >= 11.5
    scan, free = scan_of(first.scans[0], 0)
    ranges_m = sorted(scan.rows[:, sight.RANGE].tolist())
    assert ranges_m == [500e3, 900e3] and free.all()
    assert not r.over
    (last,) = r.due(1e9)
    assert r.over and list(r.due(1e9)) == []
    assert scan_of(last.scans[0], 0)[0].rows[0, sight.ERROR] == 1.0


def test_errors_that_a_row_does_not_give_are_those_of_a_look_that_just_detects(
    w: World, tmp_path: Path
) -> None:
    (looks,) = recording([{**RADAR, "time_s": 1.0}], w, tmp_path).due(5.0)
    row = scan_of(looks.scans[0], 0)[0].rows[0]
    kurecik = next(s.type for s in w.stations if s.name == "kurecik")
    gain = np.sqrt(2.0 * 10.0 ** (kurecik.detection_snr_db / 10.0))
    assert row[sight.ERROR] == pytest.approx(kurecik.range_resolution_m / gain)
    assert row[sight.ERROR + 1] == pytest.approx(kurecik.beamwidth_rad / (1.6 * gain))


def test_rows_that_cannot_be_used_are_left_out_and_counted(w: World, tmp_path: Path) -> None:
    rows = [{**RADAR, "time_s": 1.0}, "nonsense", "[1]", {**RADAR, "sensor": "nobody", "time_s": 2.0}]
    r = recording(rows, w, tmp_path)
    assert (r.read.counts["malformed"], r.read.counts["unknown_sensor"]) == (2, 1)
    assert sum(len(x.scans) for x in r.due(9.0)) == 1


@pytest.mark.parametrize(
    ("rows", "nation", "said"),
    [
        ([{"time_s": 1.0, "sensor": "nobody"}], "USA", "no row can be used: 1 unknown_sensor"),
        ([{**RADAR, "time_s": 1.0}], "BGR", "BGR has no station in this case"),
        ([{**RADAR, "time_s": 1.0}], "ROU", "give measurements of bucharest-patriot/radar"),
        ([{**RADAR, "time_s": 1.0, "colour": 3}], "USA", "unknown column `colour`"),
        ([""], "USA", "the file is empty"),
    ],
)
def test_a_recording_that_is_none(
    rows: list[object], nation: str, said: str, w: World, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        recording(rows, w, tmp_path, nation)
