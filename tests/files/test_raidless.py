"""A node's case: all that the case says but its raid."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from synaspis.errors import InputError
from synaspis.files import case, raidless

TELLS_OF_THE_RAID = {
    "raid",
    "raids_per_day",
    "weather",
    "timeline",
    "plan",
    "stability",
    "stock",
    "costs",
    "notes",
}


@pytest.mark.parametrize("name", ["first-light", "europe"])
def test_all_is_as_in_the_case_but_what_tells_of_the_raid(name: str, tmp_path: Path) -> None:
    whole = case.load(name)
    path = tmp_path / "case.yaml"
    path.write_bytes(raidless.without_raid(whole))
    found = raidless.load(path)
    assert found.file.raid == () and not found.threats
    for field in dataclasses.fields(whole.file):
        if field.name not in TELLS_OF_THE_RAID:
            assert repr(getattr(found.file, field.name)) == repr(getattr(whole.file, field.name))
    assert found.sha256 != whole.sha256
    assert b"mrbm-2000" not in path.read_bytes()


def test_two_raids_of_one_case_leave_the_same_bytes(tmp_path: Path) -> None:
    text = case.load("first-light").text.decode()
    files = []
    for name, told in (("one", text), ("two", text.replace("count: 2", "count: 5"))):
        (tmp_path / f"{name}.yaml").write_text(told, encoding="utf-8")
        files.append(raidless.without_raid(case.load(tmp_path / f"{name}.yaml")))
    assert files[0] == files[1]


def test_a_case_with_its_raid_is_no_case_for_a_node(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(case.load("first-light").text)
    with pytest.raises(InputError, match=r"case\.yaml:\d+:1: this case holds its raid"):
        raidless.load(path)


def test_every_problem_of_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    told = raidless.without_raid(case.load("first-light")).decode()
    path.write_text(told.replace("latitude_deg: 44.43", "latitude_deg: 144").replace("by: TUR", "by: TUX"))
    with pytest.raises(InputError) as wrong:
        raidless.load(path)
    assert len(wrong.value.problems) == 2
