"""Sensors in places where none can be: each is named where it stands, with its mend."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources

import pytest

from synaspis.kernels.tle import faults
from tests.files.example import only, problems

GEO = "geostationary_longitude_deg: 60"
# A rocket body of 2006, one that has decayed, and Vanguard 1: of the verification set (AIAA 2006-6753).
ONE = "1 28623U 05006B   06177.81079184  .00637644  69054-6  96390-3 0  6000"
TWO = "2 28623  28.5200 114.9834 6249053 170.2550 212.8965  3.79477162 12753"
GONE = (
    "1 22312U 93002D   06094.46235912  .99999999  81888-5  49949-3 0  3953",
    "2 22312  62.1486  77.4698 0308723 267.9229  88.7392 15.95744531 98783",
)
VANGUARD = (
    "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753",
    "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667",
)
IN_2007 = (
    ("date: 2024-12-01", "date: 2007-12-01"),
    ("since: 2011-09-13", "since: 2001-09-13"),
    ("since: 2016-07-09", "since: 2006-07-09"),
)


def test_every_tle_of_the_verification_set() -> None:
    """Those of AIAA 2006-6753 as its authors' package ships them; three were made up there."""
    text = (resources.files("sgp4") / "SGP4-VER.TLE").read_text()
    lines = [line[:69].rstrip() for line in text.splitlines() if line[:2] in ("1 ", "2 ")]
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    refused = [one[2:7] for one, two in pairs if faults((one, two))]
    assert len(pairs) == 33 and refused == ["33333", "33334", "33335"]


def tle(*lines: str) -> str:
    return "tle: [" + ", ".join(f'"{line}"' for line in lines) + "]"


def orbit(given: str) -> str:
    return f"orbit: {{{given}, inclination_deg: 80}}"


def walker(given: str) -> str:
    return f"walker: {{{given}, inclination_deg: 80}}"


@pytest.mark.parametrize("place", [
    orbit("altitude_km: 1000"),
    orbit("semi_major_axis_km: 26600, eccentricity: 0.7, epoch: 2024-11-01T12:00"),
    walker("satellites: 12, planes: 3, altitude_km: 1000"),
    walker("satellites: 1, planes: 1, altitude_km: 120"),
])  # fmt: skip
def test_places_in_orbit_that_can_be(place: str) -> None:
    assert problems((GEO, place)) == []


def test_a_sound_tle() -> None:
    assert problems((GEO, tle(*VANGUARD)), *IN_2007) == []
    block = "tle: |\n        " + "\n        ".join(VANGUARD) + "\n"
    old = "{name: geo, type: geo-infrared, owner: USA, geostationary_longitude_deg: 60}"
    text = f"name: geo\n    type: geo-infrared\n    owner: USA\n    {block}"
    assert problems((old, text), *IN_2007) == []


WRONG: dict[str, tuple[str, int, str, str]] = {
    "checksum": (tle(ONE, TWO[:-1] + "9"), 128, "ends in 9; its digits sum to 3", "copy the line again"),
    "a character changed": (tle(ONE.replace("177.8", "177.9"), TWO), 55, "its digits sum to 1", "copy"),
    "one line": (tle(ONE), 55, "has two lines, not 1", "line 1 and line 2"),
    "a line cut short": (tle(ONE, "2 28623"), 128, "has 7 characters", "69 characters"),
    "lines turned round": (tle(TWO, ONE), 55, "the wrong way round", "line 1, then"),
    "two satellites": (tle(ONE, GONE[1]), 128, "satellite 22312, line 1 of 28623", "one satellite"),
    "elements of decades ago": (tle(ONE, TWO), 54, "18 years before the case's date", "within 10 years"),
    "perigee inside": (
        orbit("altitude_km: 100, eccentricity: 0.5"), 70, "3,139 km inside the Earth", "120 km or more"
    ),
    "decayed": (orbit("altitude_km: 100"), 70, "100 km high: the satellite has decayed", "larger"),
    "smaller than the Earth": (orbit("semi_major_axis_km: 6000"), 77, "378 km inside the Earth", "larger"),
    "no size": ("orbit: {inclination_deg: 80}", 56, "no size", "semi_major_axis_km or altitude_km"),
    "two sizes": (orbit("semi_major_axis_km: 8000, altitude_km: 900"), 56, "two sizes", "either"),
    "old epoch": (orbit("altitude_km: 1000, epoch: 1990-01-01"), 83, "35 years before", "10 years"),
    "epoch to come": (orbit("altitude_km: 1000, epoch: 2090-01-01"), 83, "65 years after", "10 years"),
    "no epoch": (orbit("altitude_km: 1000, epoch: soon"), 83, "`soon`, not a moment", "2024-12-01T03:00"),
    "no orbit": ("orbit: now", 56, "`now` stands where a mapping belongs", "inclination_deg"),
    "planes": (walker("satellites: 12, planes: 5, altitude_km: 1000"), 82, "do not fill 5 planes", "divisor"),
    "phasing": (
        walker("satellites: 12, planes: 3, phasing: 3, altitude_km: 1000"), 94, "`phasing` is 3", "0 to 2"
    ),
    "a pattern in the air": (
        walker("satellites: 12, planes: 3, altitude_km: 90"), 98, "`altitude_km` is 90", "120"
    ),
    "two places": (
        f"{GEO}, {walker('satellites: 12, planes: 3, altitude_km: 900')}", 90, "two places", "one of the two"
    ),
    "on the ground and in orbit": (
        f"latitude_deg: 1, longitude_deg: 2, {orbit('altitude_km: 900')}", 91, "ground and in orbit", "one of"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_place_that_cannot_be_is_named(name: str) -> None:
    place, column, what, mend = WRONG[name]
    found = only((GEO, place))
    assert found[:2] == (8, column)
    assert what in found[2]
    assert mend in found[3]


def test_an_orbit_that_has_decayed_by_the_cases_date() -> None:
    line, column, what, mend = only((GEO, tle(*GONE)), *IN_2007)
    assert (line, column) == (8, 54)
    assert what.startswith("on 2007-12-01 SGP4 finds no orbit")
    assert "nearer to the case's date" in mend


@pytest.mark.parametrize("time", ["25:00", "3", "03:60", "noon"])
def test_a_time_of_day(time: str) -> None:
    found = problems(("date: 2024-12-01", f"date: 2024-12-01\nstart_utc: {time}"))
    assert [(p.line, p.column) for p in found] == [(4, 12)]
    assert "03:00" in found[0].mend or "quotes" in found[0].mend


def test_more_satellites_than_a_case_may_have() -> None:
    one = "  - {name: %s, type: leo-tracker, owner: USA, walker: {satellites: 600, planes: 6, altitude_km: 9"
    text = "".join(one % name + "00, inclination_deg: 80}}\n" for name in "ab")
    assert [p.what for p in problems(("sensors:\n", "sensors:\n" + text))] == [
        "the patterns pass 1000 satellites here"
    ]


def test_an_aircraft_has_a_place_and_a_height() -> None:
    where = "type: airborne-infrared, owner: USA, latitude_deg: 40, longitude_deg: 30"
    given = f"type: geo-infrared, owner: USA, {GEO}"
    assert problems((given, f"{where}, height_m: 15000")) == []
    assert "20000" in only((given, f"{where}, height_m: 30000"))[3]
    line, column, what, mend = only(("type: geo-infrared", "type: airborne-infrared"))
    assert (line, column) == (8, 83)
    assert "an aircraft, not a satellite" in what
    assert "latitude_deg" in mend


def test_a_radar_does_not_fly() -> None:
    line, column, what, _ = only(("    facing_deg: 110\nbatteries", "    height_m: 15000\nbatteries"))
    assert (line, column) == (15, 15)
    assert "stands 15,000 m high" in what


def test_a_sensor_inside_the_earth() -> None:
    assert "-500" in only(("    facing_deg: 110\nbatteries", "    height_m: -90000\nbatteries"))[3]


@pytest.mark.parametrize(("value", "high"), [(200, 200), (170, 190)])
def test_fields_of_regard_over_half_a_turn(value: int, high: int) -> None:
    own = f"""catalog:
  sources: {{mine: my own}}
  entries:
    wide:
      kind: infrared
      title: Too wide
      summary: One
      revisit: &r {{value: 8, unit: s, low: 5, high: 10, source: mine, as_of: 2024, confidence: low}}
      report: *r
      minimum_intensity: {{value: 30, unit: kwpsr, low: 20, high: 50, source: mine, as_of: 2024,
        confidence: low}}
      line_of_sight: {{value: 30, unit: urad, low: 20, high: 40, source: mine, as_of: 2024, confidence: low}}
      looks_to_report: {{value: 3, unit: "1", low: 2, high: 5, source: mine, as_of: 2024, confidence: low}}
      field_of_regard: {{value: {value}, unit: deg, low: 90, high: {high}, source: mine, as_of: 2024,
        confidence: low}}
compare:"""
    found = problems(("compare:", own))
    assert found
    assert {p.line for p in found} == {75}
    assert all("field_of_regard" in p.what and "at most 180" in p.mend for p in found)


def test_help_and_version_load_no_sgp4() -> None:
    code = "import sys; from synaspis.cli.main import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "sys.exit('sgp4' in sys.modules or 'numba' in sys.modules)"
    for argument in ("--help", "version"):
        done = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
