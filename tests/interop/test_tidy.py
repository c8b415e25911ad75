"""A trial as CSV, read back."""

from __future__ import annotations

import csv
import io

import pytest

from synaspis.interop.telling import Telling, telling
from synaspis.interop.tidy import COLUMNS, HEAD, table
from tests.interop.told import hostile, site, small, trial


def rows(told: Telling) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(told), newline="")))


def test_it_reads_back() -> None:
    told = small()
    found = rows(told)
    assert all(tuple(r) == COLUMNS for r in found)
    assert {tuple(r[k] for k in HEAD) for r in found} == {("EXERCISE", "small", "allied", "37", "5", "0.1.0")}
    assert [r["what"] for r in found] == ["site"] * 2 + ["path"] * 4 + ["event"] * 2
    figures = ("time_s", "latitude_deg", "longitude_deg", "height_m")
    path = [tuple(float(r[k]) for k in figures) for r in found if r["what"] == "path"]
    assert path == list(told.paths[0].samples)
    assert {r["kind"] for r in found if r["what"] == "path"} == {"killed"}
    assert [r["latitude_deg"] for r in found[:2]] == ["44.08", ""]  # a satellite stands over no one place


def test_a_row_that_holds_a_line_end_is_one_row() -> None:
    told = hostile()
    assert len(rows(told)) == 1 + len(told.paths[0].samples) + 1
    assert rows(told)[0]["name"] == told.sites[0].name


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1"])
def test_no_name_is_a_formula(name: str) -> None:
    (found,) = rows(telling(trial((), (), (site(name, lon=-24.0),))))
    assert found["name"] == f"'{name}"
    assert found["longitude_deg"] == "-24.0"
