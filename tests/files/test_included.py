"""Files that a case takes in: read as if written into it, or refused where they stand."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.errors import Problem
from synaspis.files import tree
from synaspis.files.case import check, load, resolve
from synaspis.files.csv_rows import rows as csv_rows
from synaspis.files.geojson_rows import rows as geojson_rows
from synaspis.files.reader import Reader
from synaspis.files.run_folder import CASE
from synaspis.model.nation import Asset
from tests.files.example import swap
from tests.files.oem_samples import GEO, message

ASSETS = """assets:
  - name: Bucharest
    nation: ROU
    latitude_deg: 44.43
    longitude_deg: 26.10
    population: 1716961
"""
AREAS = """launch_areas:
  - {name: Tabriz area, nation: IRN, latitude_deg: 38.0, longitude_deg: 46.3}
"""
ORBIT = "geostationary_longitude_deg: 60"
CITIES = "name,nation,latitude_deg,longitude_deg,population\nBucharest,ROU,44.43,26.10,1716961\n"
COSTS = "id,kind,payer,millions,prices,source\nroad,other,USA,3.5,2020,a paper\n"


def point(lon: Any = 46.3, lat: Any = 38.0, **properties: Any) -> dict[str, Any]:
    told = {"name": "Tabriz area", "nation": "IRN", **properties}
    return {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


def write(folder: Path, *pairs: tuple[str, str], **files: str | bytes) -> Path:
    """The small case after the swaps, with files beside it: `cities_csv` is cities.csv."""
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "small.yaml").write_text(swap(*pairs))
    return folder / "small.yaml"


CSV = (ASSETS, "assets: {csv: cities.csv}\n")
MAP = (AREAS, "launch_areas:\n  - {geojson: areas.geojson}\n")
SKY = (ORBIT, "oem: sat.oem")


def test_as_if_it_were_written_there(tmp_path: Path) -> None:
    plain, _ = resolve(swap().encode(), "small.yaml")
    path = write(tmp_path, CSV, MAP, cities_csv=CITIES, areas_geojson=collection(point()))
    case = load(path)
    assert plain is not None and case.file == plain.file


def test_the_case_stands_alone_and_its_hash_covers_the_files(tmp_path: Path) -> None:
    path = write(
        tmp_path, CSV, MAP, SKY, cities_csv=CITIES, areas_geojson=collection(point()), sat_oem=message()
    )
    case = load(path)
    again, problems = resolve(case.text, CASE)
    assert problems == [] and again is not None
    assert (again.sha256, again.file, again.text) == (case.sha256, case.file, case.text)
    for name, old, new in (
        ("cities.csv", "1716961", "1716962"),
        ("sat.oem", "ORIGINATOR = TEST", "ORIGINATOR = X"),
    ):
        (tmp_path / name).write_text((tmp_path / name).read_text().replace(old, new))
        assert load(path).sha256 != case.sha256
    assert load(path).file.assets[0].population == 1_716_962


def test_what_names_no_file_keeps_its_bytes() -> None:
    case, _ = resolve(swap().encode(), "small.yaml")
    assert case is not None and case.text == swap().encode()


def test_rows_among_others(tmp_path: Path) -> None:
    listed = ASSETS + "  - {csv: more.csv}\n  - {geojson: bases.geojson}\n"
    base = point(
        27.1, 44.2, name="Base", nation="ROU", population=900, kind="base", forces=["USA"], radius_km=2
    )
    csv = "\ufeffname,nation,population,latitude_deg,longitude_deg,forces,radius_km\r\n"
    csv += '"Cluj, ""Napoca""",ROU,286598,46.77,23.6,USA; ROU,\r\n\r\n1918,ROU,1,45,25,,3\r\n'
    case = load(write(tmp_path, (ASSETS, listed), more_csv=csv, bases_geojson=collection(base)))
    assert [a.name for a in case.file.assets] == ["Bucharest", 'Cluj, "Napoca"', "1918", "Base"]
    assert [a.forces for a in case.file.assets] == [(), ("USA", "ROU"), (), ("USA",)]
    assert [a.radius_m for a in case.file.assets] == [10e3, 10e3, 3e3, 2e3]


def test_costs(tmp_path: Path) -> None:
    pair = ("compare:", "costs: {csv: costs.csv}\ncompare:")
    (charge,) = load(write(tmp_path, pair, costs_csv=COSTS)).file.costs
    assert (charge.id, charge.millions, charge.prices, charge.source) == ("road", 3.5, 2020, "a paper")


def said(path: Path) -> list[tuple[str, int, int, str, str]]:
    return [(Path(p.file).name, p.line, p.column, p.what, p.mend) for p in check(path)]


def test_every_wrong_cell_at_once(tmp_path: Path) -> None:
    csv = CITIES + 'Cluj,ROM,146.77,23.6,286598\n"Iași",ROU,47.2,"27,6",-1\nBucharest,ROU,45,25,1\nx,ROU,1\n'
    found = said(write(tmp_path, CSV, cities_csv=csv))
    assert {f[0] for f in found} == {"cities.csv"}
    assert [f[1:3] for f in found] == [(3, 6), (3, 10), (4, 17), (4, 24), (5, 1), (6, 1)]
    whats = [what for *_, what, _ in found]
    for part, what in zip(
        ("unknown nation `ROM`", "`latitude_deg` is 146.77", "`longitude_deg` is `27,6`, not a number",
         "`population` is -1", "two things are called `Bucharest`", "the row has 3 cells, the header 5"),
        whats, strict=True,
    ):  # fmt: skip
        assert part in what
    assert "on line 2 of" in whats[4]


@pytest.mark.parametrize(
    ("csv", "line", "what", "mend"),
    [
        ("", 1, "the file is empty", "names the columns"),
        (CITIES.replace("latitude_deg", "latitude"), 1, "unknown column `latitude`", "`latitude_deg`"),
        (CITIES.replace(",population", "", 1), 1, "there is no column `population`", "people who live"),
        (CITIES.replace("nation", "name", 1), 1, "`name` is given twice", "keep one"),
        (CITIES.replace(",", ";"), 1, "apart by semicolons", "with commas"),
        (CITIES + '"Cluj,ROU,1,2,3\n', 3, "this is no row of a CSV file", "quote"),
        (CITIES.encode("utf-16"), 1, "this is not UTF-8 text", "save the file as UTF-8"),
        (CITIES.replace("Buch", "Bu\x00ch"), 2, "character U+0000 is not text", ""),
        (CITIES.replace("Buch", "Bu\u202ech"), 2, "control character U+202E", "take it out"),
        (CITIES + "x" * 1_000_000, 3, "field larger than field limit", "quote"),
        (CITIES + "y,ROU,1,2,3\n" * 5_001, 5_002, "more than 5,000 rows", "leave out"),
        (CITIES + " " * 2_000_000, 0, "larger than 2,000,000 bytes", "beside the case"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, csv: str | bytes, line: int, what: str, mend: str) -> None:
    found = said(write(tmp_path, CSV, cities_csv=csv))
    hits = [f for f in found if what in f[3] and mend in f[4]]
    assert hits and all(f[0] == "cities.csv" and f[1] == line for f in hits if line), found


RING = [[46.0, 37.7], [46.6, 37.7], [46.6, 38.3], [46.0, 38.3], [46.0, 37.7]]


def shape(kind: str, coordinates: Any) -> dict[str, Any]:
    return {**point(), "geometry": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("[1, 2", "this is not JSON: expecting", "brackets"),
        (collection(point(46.3, math.nan)), "NaN is no number", ""),
        ("[" * 100_000, "this is not JSON", ""),
        ("[]", "no FeatureCollection", "RFC 7946"),
        (json.dumps(point()), "no FeatureCollection", "RFC 7946"),
        (collection(point(), crs={"type": "name"}), "names a coordinate system", "take `crs` out"),
        (collection({"type": "Point", "coordinates": [1, 2]}), "this is no Feature", "Features alone"),
        (collection(point(38.0, 146.3)), "the two are probably swapped", "longitude first"),
        (collection(point(4_800_000, 5_500_000)), "the latitude is 5.5e+06", "not metres of a map"),
        (collection(point(190.0, 1.0)), "the longitude is 190", "antimeridian"),
        (collection(point("46.3", 1.0)), "this is no position", "in degrees"),
        (collection(shape("Point", [1])), "this is no position", "in this order"),
        (collection(shape("LineString", RING)), "its geometry is LineString", "Point, Polygon"),
        (collection({**point(), "geometry": None}), "its geometry is none", "Point"),
        (collection(shape("Polygon", [RING[:-1]])), "the ring is not closed", "the last as the first"),
        (collection(shape("Polygon", [[[170, 1], [-170, 1], [-170, 2], [170, 1]]])), "antimeridian", "3.1.9"),
        (collection(shape("Polygon", [RING, RING])), "no area", "holes"),
        (collection(shape("Polygon", RING)), "this is no position", ""),
        (collection(shape("MultiPolygon", [])), "here are no polygons", "3.1"),
        (collection(point(natoin="IRN")), "unknown property `natoin`", "did you mean `nation`"),
        (collection(point(latitude_deg=3)), "stands among the properties", "the geometry gives"),
        (collection(*[point()] * 5_001), "there are 5,001 features", "at most 5,000"),
        (collection(point(), point()), "two things are called `Tabriz area`", "rename one"),
        (collection(point(nation=None)), "`nation` is missing", "add `nation`"),
    ],
)
def test_a_map_that_is_none(tmp_path: Path, text: str, what: str, mend: str) -> None:
    found = said(write(tmp_path, MAP, areas_geojson=text))
    hits = [f for f in found if what in f[3] and mend in f[4]]
    assert hits and hits[0][0] == "areas.geojson" and hits[0][1] >= 1, found


def test_places_in_a_map(tmp_path: Path) -> None:
    text = '{"type": "FeatureCollection", "features": [\n\t' + json.dumps(point(38.0, 146.3)) + "]}"
    (found,) = said(write(tmp_path, MAP, areas_geojson=text))
    assert found[1] == 2 and text.split("\n")[1][found[2] - 1 :].startswith("146.3")


def test_properties_of_other_programs_are_passed_over(tmp_path: Path) -> None:
    told = collection(point(fid=3, OBJECTID_1="x", note="a \ud83d\ude00"), name="layer", bbox=[0, 0, 1, 1])
    assert said(write(tmp_path, MAP, areas_geojson=told)) == []


def test_a_shape_stands_for_its_middle(tmp_path: Path) -> None:
    hole = [[46.1, 37.8], [46.2, 37.8], [46.2, 37.9], [46.1, 37.8]]
    far = [[-179.9, 38.0], [-179.0, 38.0], [-179.0, 38.2], [-179.9, 38.0]]
    for kind, held in (("Polygon", [RING]), ("MultiPolygon", [[RING]]), ("Polygon", [RING[::-1]])):
        case = load(write(tmp_path, MAP, areas_geojson=collection(shape(kind, held))))
        (area,) = case.file.launch_areas
        assert math.degrees(area.longitude_rad) == pytest.approx(46.3, abs=0.001)
        assert math.degrees(area.latitude_rad) == pytest.approx(38.0, abs=0.01)
    moved = load(write(tmp_path, MAP, areas_geojson=collection(shape("Polygon", [RING, hole]))))
    assert math.degrees(moved.file.launch_areas[0].longitude_rad) > 46.3
    assert said(
        write(tmp_path, MAP, areas_geojson=collection(shape("MultiPolygon", [[far]])))
    )  # out of reach


def test_the_circle_of_equal_area() -> None:
    half = 10.0 / 111.19493  # degrees of 10 km on the sphere
    ring = [[x * half, y * half] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    city = {"name": "a", "nation": "ROU", "population": 1}
    told = collection(
        {"type": "Feature", "properties": city, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    )
    problems: list[Problem] = []
    rows = geojson_rows(told, "x", Asset, problems)
    assert problems == [] and rows is not None
    reader = Reader("x")
    made = reader.noun(rows[0], Asset)
    assert reader.problems == []
    assert made.radius_m == pytest.approx(20e3 / math.sqrt(math.pi), rel=1e-3)
    assert abs(made.latitude_rad) < 1e-6 and abs(made.longitude_rad) < 1e-6


@pytest.mark.parametrize(
    "name", ["../cities.csv", "sub/../../cities.csv", "/etc/passwd", "link.csv", "out/cities.csv"]
)
def test_nothing_outside_the_cases_folder(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "cities.csv").write_text(CITIES)
    (home / "link.csv").symlink_to(tmp_path / "cities.csv")
    (home / "out").symlink_to(tmp_path)
    (found,) = said(write(home, (ASSETS, f"assets: {{csv: {name}}}\n")))
    assert found[0] == "small.yaml" and "leads out of the case's folder" in found[3]


def test_a_folder_below_and_a_link_within(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cities.csv").write_text(CITIES)
    (tmp_path / "near.csv").symlink_to(tmp_path / "data" / "cities.csv")
    for name in ("data/cities.csv", "near.csv", "data/../data/cities.csv"):
        assert said(write(tmp_path, (ASSETS, f"assets: {{csv: {name}}}\n"))) == []


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("{csv: none.csv}", "there is no such file"),
        ("{csv: .}", "this is not a file"),
        ("{csv: pipe}", "this is not a file"),
        ("{csv: }", "names no file"),
        ("{csv: [a]}", "names no file"),
        ("{csv: cities.csv, sep: x}", "`sep` stands beside `csv`"),
        ('{csv: "a\\0b"}', ""),
    ],
)
def test_no_file_to_take_in(tmp_path: Path, given: str, what: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = said(write(tmp_path, (ASSETS, f"assets: {given}\n"), cities_csv=CITIES))
    assert found and all(f[0] == "small.yaml" for f in found) and any(what in f[3] for f in found), found


def test_costs_are_in_no_map(tmp_path: Path) -> None:
    (found,) = said(write(tmp_path, ("compare:", "costs: {geojson: x}\ncompare:")))
    assert "`costs` is not read from geojson" in found[3] and found[4] == "give csv"


def test_a_case_that_stands_in_no_folder() -> None:
    _, problems = resolve(swap(CSV).encode(), "small.yaml")
    assert "stands in no folder" in problems[0].what


def test_an_ephemeris_is_held_against_the_raid(tmp_path: Path) -> None:
    assert said(write(tmp_path, SKY, sat_oem=message())) == []
    short = message().replace("STOP_TIME = 2024-12-01T01:00", "STOP_TIME = 2024-12-01T00:09")
    rows = [line for line in short.split("\n") if not line.startswith("2024") or line < "2024-12-01T00:10"]
    (found,) = said(write(tmp_path, SKY, sat_oem="\n".join(rows) + "\n"))
    assert found[:2] == ("sat.oem", 15) and "tells nothing of 2024-12-01 00:09:00 UTC" in found[3]
    (found,) = said(write(tmp_path, SKY, sat_oem=GEO))
    assert "the raid lasts from 2024-12-01 00:00:00 to 2024-12-01 00:1" in found[3]


def test_what_is_wrong_with_an_ephemeris(tmp_path: Path) -> None:
    bad = message().replace("ITRF2000", "MCI").replace("= UTC", "= UT9")
    found = said(write(tmp_path, SKY, sat_oem=bad))
    assert [f[:2] for f in found] == [("sat.oem", 8), ("sat.oem", 9)]
    text = swap((ORBIT, f"oem: {json.dumps(bad)}"))
    _, problems = resolve(text.encode(), "small.yaml")
    assert [p.what[:28] for p in problems] == ["line 8 of the ephemeris: REF", "line 9 of the ephemeris: TIM"]
    (both,) = said(write(tmp_path, (ORBIT, f"{ORBIT}, oem: sat.oem"), sat_oem=message()))
    assert "two places" in both[3]


cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=20)


@given(st.lists(st.lists(cell, min_size=2, max_size=2), max_size=6))
@settings(max_examples=150, deadline=None)
def test_cells_come_back_property(given: list[list[str]]) -> None:
    """What a program writes as RFC 4180 is read as it was, each cell where it stands."""
    quoted = [['"' + c.replace('"', '""') + '"' for c in row] for row in given]
    text = "name,nation,latitude_deg,longitude_deg,population\n"
    text += "".join(f"{a},{b},1,2,3\r\n" for a, b in quoted)
    problems: list[Problem] = []
    rows = csv_rows(text, "x", Asset, problems)
    assert problems == [] and rows is not None
    lines = text.splitlines()
    for row, (name, nation) in zip(rows, given, strict=True):
        assert isinstance(row, tree.Map)
        for key, told in (("name", name), ("nation", nation)):
            held = row.pairs.get(key)
            assert (held.text if isinstance(held, tree.Scalar) else "") == told.strip()
        three = row.pairs["population"]
        assert lines[three.line - 1][three.column - 1 :] == "3"
