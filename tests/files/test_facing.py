"""Stations that face away from the raid are said, with the place and which way to turn."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from synaspis.files.case import load, shipped_cases
from synaspis.files.facing import turned_away
from synaspis.model.case import Case
from synaspis.model.threat import Place
from tests.engine.scene import first_light


def faced(case: Case, name: str, degrees: float) -> Case:
    """The case with one battery or sensor turned."""
    turned = {
        field: tuple(
            replace(s, facing_rad=math.radians(degrees)) if s.name == name else s
            for s in getattr(case.file, field)
        )
        for field in ("batteries", "sensors")
    }
    return replace(case, file=replace(case.file, **turned))


def said(case: Case) -> list[str]:
    return [f"{odd.what}; {odd.mend}" for odd in turned_away(case)]


def test_no_shipped_case_has_one() -> None:
    assert {name: said(load(name).at_all_times()) for name in shipped_cases()} == {
        n: [] for n in shipped_cases()
    }


@pytest.mark.parametrize("name", ["deveselu", "bucharest-patriot"])
def test_a_battery_with_its_back_to_the_raid_is_said_with_the_way_to_turn(name: str) -> None:
    case = first_light()
    battery = next(b for b in case.file.batteries if b.name == name)
    told = said(faced(case, name, math.degrees(battery.facing_rad) + 180.0))
    if case.radars[case.systems[battery.system].radar].sector_rad > 6.0:  # it sees all round
        assert told == []
        return
    (words,) = told
    assert words.startswith(f"`{name}` faces 290 degrees") and "none into its sector" in words
    towards = float(words.split("turn it towards ")[1].split()[0])
    assert said(faced(case, name, towards)) == []


def test_a_radar_too() -> None:
    case = first_light()
    sofia = next(a for a in case.file.assets if a.name == "Sofia")
    moved = tuple(
        replace(s, latitude_rad=sofia.latitude_rad, longitude_rad=sofia.longitude_rad)
        if s.name == "kurecik" else s
        for s in case.file.sensors
    )  # fmt: skip
    case = replace(case, file=replace(case.file, sensors=moved))
    assert [len(said(faced(case, "kurecik", degrees))) for degrees in (90.0, 270.0)] == [0, 1]


def test_a_little_off_and_far_off_are_not_spoken_of() -> None:
    case = first_light()
    battery = next(b for b in case.file.batteries if b.name == "bucharest-patriot")
    half = math.degrees(case.radars[case.systems[battery.system].radar].sector_rad) / 2
    told = {turn: said(faced(case, battery.name, turn)) for turn in range(0, 360, 5)}
    spoken = [turn for turn, words in told.items() if words]
    assert 0 < len(spoken) * 5 < 360 - 2 * half
    away = replace(battery, latitude_rad=math.radians(-40.0), facing_rad=0.0)
    others = tuple(b for b in case.file.batteries if b is not battery)
    assert said(replace(case, file=replace(case.file, batteries=(*others, away)))) == []


def test_a_way_with_turns_is_followed() -> None:
    case = first_light()
    west = Place(latitude_rad=math.radians(44.4), longitude_rad=math.radians(24.5))
    around = replace(
        case, file=replace(case.file, raid=tuple(replace(r, via=(west,)) for r in case.file.raid))
    )
    turned = [faced(c, "bucharest-patriot", 270.0) for c in (case, around)]
    assert [len(said(c)) for c in turned] == [1, 0]


def test_check_says_it_with_its_place(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "src/synaspis/cases/first-light.yaml").read_text(encoding="utf-8")
    facing = next(
        line for line in text.splitlines() if line.strip().startswith("height_m: 80, facing_deg: 110")
    )
    path = tmp_path / "case.yaml"
    path.write_text(text.replace(facing, facing.replace("110", "290"), 1), encoding="utf-8")
    odd = [o for o in load(path).oddities if "faces" in o.what]
    place = text.splitlines().index(facing) + 1, facing.index("110") + 1
    assert [(o.file, o.line, o.column) for o in odd] == [(str(path), *place)]
