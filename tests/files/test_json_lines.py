"""Tables as JSON lines: what a CSV file of the same rows gives, and lines that are none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synaspis.errors import InputError
from synaspis.files import measurements
from synaspis.model.measurement import Station

STATION = Station(
    name="a", kind="radar", latitude_rad=0.7, longitude_rad=0.6, longest_range_m=2e6, sigma_range_m=30.0,
    sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3,
)  # fmt: skip
ROWS = [
    {"time_s": 1.5, "sensor": "a", "range_km": 800.25, "azimuth_deg": 20, "elevation_deg": 10},
    {
        "elevation_deg": 11,
        "time_s": 2.5,
        "sensor": "a",
        "range_km": 801,
        "azimuth_deg": 21,
        "sigma_range_m": 40,
    },
]


def read(name: str, text: str, folder: Path) -> measurements.Measurements:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return measurements.read(path, [STATION])


def test_they_give_what_a_csv_file_gives(tmp_path: Path) -> None:
    csv = (
        "time_s,sensor,range_km,azimuth_deg,elevation_deg,sigma_range_m\n"
        "1.5,a,800.25,20,10,\n2.5,a,801,21,11,40\n"
    )
    one = read("m.csv", csv, tmp_path)
    two = read("m.jsonl", "\n".join(map(json.dumps, ROWS)) + "\n\n", tmp_path)
    assert one.time_s.size == 2
    for name in ("time_s", "values", "covariance", "station"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert two.row.tolist() == [1, 2]


@pytest.mark.parametrize(
    "line", ["nonsense", "[1, 2]", "3", '{"time_s": [1]}', '{"time_s": {"x": 1}}', "{" * 5000]
)
def test_a_line_that_is_no_object_of_plain_values_is_turned_away_alone(line: str, tmp_path: Path) -> None:
    text = "\n".join([json.dumps(ROWS[0]), line, json.dumps(ROWS[1])])
    found = read("m.jsonl", text, tmp_path)
    assert found.counts["malformed"] == 1 and found.row.tolist() == [1, 3]


def test_a_null_is_not_given_and_yes_is_no_number(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "sigma_range_m": None}, {**ROWS[1], "range_km": True}]
    found = read("m.jsonl", "\n".join(map(json.dumps, rows)), tmp_path)
    assert found.row.tolist() == [1] and found.counts["malformed"] == 1


def test_a_key_that_is_no_column_and_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown column `colour`"):
        read("m.jsonl", json.dumps({**ROWS[0], "colour": 1}), tmp_path)
    with pytest.raises(InputError, match="the file is empty"):
        read("m.jsonl", "\n \n", tmp_path)
