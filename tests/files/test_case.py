"""Cases load with everything they use, and their hash follows their content."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from synaspis.errors import InputError
from synaspis.files.case import check, load, resolve, shipped_cases
from tests.files.example import SMALL, only, problems, swap

OWN = """
catalog:
  sources: {mine: A report of my own}
  entries:
    siren:
      kind: warning
      title: Sirens
      summary: Quick sirens.
      zone: {value: 80, unit: km, low: 50, high: 100, source: mine, as_of: 2024, confidence: low}
      dissemination: {value: 5, unit: s, low: 1, high: 9, source: mine, as_of: 2024, confidence: low}
"""


@pytest.mark.parametrize("name", shipped_cases())
def test_a_shipped_case_has_no_problem(name: str) -> None:
    assert check(name) == []
    assert load(name).name == name


def test_first_light_is_read_in_si() -> None:
    case = load("first-light")
    kurecik = case.file.sensors[2]
    assert kurecik.name == "kurecik"
    assert kurecik.latitude_rad == pytest.approx(math.radians(38.35), rel=1e-15)
    assert kurecik.height_m == 2100.0
    assert [f.count for f in case.file.raid] == [2, 1]
    assert case.members(("NATO",)) == ("USA", "ROU", "TUR", "BGR")
    assert case.regime("allied").agreements == ("basing", "own-affairs", "nato-bmd")


def test_a_case_holds_every_entry_that_it_uses_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    case = load(path)
    assert set(case.systems) == {"aegis-ashore-ib"}
    system = case.systems["aegis-ashore-ib"]
    assert set(case.interceptors) == {system.interceptor}
    assert set(case.radars) == {"an-tpy-2", system.radar}
    assert set(case.infrareds) == {"geo-infrared"}
    assert set(case.threats) == {"mrbm-2000"}
    assert set(case.warnings) == {"public-warning"}
    named = {*case.systems, *case.interceptors, *case.radars, *case.infrareds, *case.threats, *case.warnings}
    assert set(case.entries) == named | {"standard-sky"}
    assert all(entry.facts for entry in case.entries.values())


@pytest.mark.parametrize(
    ("said", "spent_body", "decoy", "entries"),
    [
        ("0", 0, 0, set()),
        ("2", 2, 0, {"spent-body"}),
        ("{decoy: 3}", 0, 3, {"simple-decoy"}),
        ("{spent_body: 1, decoy: 4}", 1, 4, {"spent-body", "simple-decoy"}),
        ("{}", 0, 0, set()),
    ],
)
def test_objects_are_counted_by_kind_or_all_at_once(
    said: str, spent_body: int, decoy: int, entries: set[str]
) -> None:
    """And only those that fly bring their figures into the case."""
    case, found = resolve(swap(("count: 2", f"count: 2\n    objects: {said}")).encode(), "small.yaml")
    assert case is not None, found
    beside = case.file.raid[0].objects
    assert (beside.spent_body, beside.decoy) == (spent_body, decoy)
    assert set(case.objects) == entries
    assert entries == {name for name, entry in case.entries.items() if entry.kind == "object"}


def test_a_class_of_a_case_s_own_needs_a_cross_section_in_every_band() -> None:
    own = """
catalog:
  sources: {mine: A report of my own}
  entries:
    simple-decoy:
      kind: object
      title: A decoy
      summary: Of mine.
      cross_section:
        X: {value: 0.1, unit: m2, low: 0.1, high: 0.1, source: mine, as_of: 2024, confidence: low}
"""
    *_, what, mend = only(("compare:", own.strip() + "\ncompare:"))
    assert (what, mend) == ("`cross_section` has nothing for `UHF`", "give all of UHF, L, S, C, X")


def test_a_battery_s_own_radar_may_be_named_in_a_clause() -> None:
    case, found = resolve(swap(("delay_s: 10", "sensors: [deveselu/radar]")).encode(), "x")
    assert found == []
    assert case is not None


def test_a_regime_may_hold_no_agreement() -> None:
    case, found = resolve(swap(("agreements: [basing]}", "agreements: []}")).encode(), "x")
    assert found == []
    assert case is not None
    assert case.regime("national").agreements == ()


def test_a_missile_may_be_aimed_at_open_ground() -> None:
    text = swap(("target: Bucharest", "open_ground: {latitude_deg: 43, longitude_deg: 34}"))
    case, found = resolve(text.encode(), "x")
    assert found == []
    assert case is not None
    assert case.file.raid[0].target == ""
    assert case.file.raid[0].open_ground is not None


def test_the_hash_follows_the_file_and_the_figures() -> None:
    plain, _ = resolve(SMALL.encode(), "a.yaml")
    again, _ = resolve(SMALL.encode(), "b.yaml")
    other, _ = resolve(swap(("count: 2", "count: 3")).encode(), "a.yaml")
    assert plain is not None
    assert again is not None
    assert other is not None
    assert plain.sha256 == again.sha256
    assert plain.sha256 != other.sha256
    assert len(plain.sha256) == 64


def test_a_case_may_bring_entries_of_its_own() -> None:
    text = swap(("[USA, ROU, TUR]\nalliances", "[USA, {code: ROU, warning: siren}, TUR]\nalliances")) + OWN
    case, found = resolve(text.encode(), "x")
    assert found == []
    assert case is not None
    assert case.warnings["siren"].dissemination_s == 5.0
    assert case.entries["siren"].facts[0].source == "A report of my own"
    assert case.warnings["public-warning"].dissemination_s != 5.0


def test_an_entry_of_its_own_replaces_the_shipped_one_of_that_name() -> None:
    plain, _ = resolve(SMALL.encode(), "x")
    case, found = resolve((SMALL + OWN.replace("siren:", "public-warning:")).encode(), "x")
    assert found == []
    assert case is not None
    assert plain is not None
    assert case.warnings["public-warning"].zone_m == 80_000.0
    assert case.sha256 != plain.sha256


def test_an_entry_cannot_change_what_a_shipped_name_is() -> None:
    _, found = resolve((SMALL + OWN.replace("siren:", "standard-sky:")).encode(), "x")
    assert [p.what for p in found] == ["`standard-sky` ships as a sky, not a warning"]


def test_a_bad_entry_of_its_own_is_a_problem_of_the_case_file() -> None:
    _, found = resolve((SMALL + OWN.replace("unit: km", "unit: kg")).encode(), "x.yaml")
    assert [(p.file, p.line, p.column) for p in found] == [("x.yaml", 71, 31)]


def test_a_file_beside_a_shipped_name_is_given_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first-light").write_text(SMALL)
    assert load("first-light").name == "first-light"
    assert load("./first-light").name == "small"


def test_a_broken_case_raises_with_its_problems() -> None:
    with pytest.raises(InputError, match="no case of this name ships"):
        load("no-such-case")


def test_prescribed_profiles_take_no_shape_and_only_cruise_takes_waypoints() -> None:
    glider = ("threat: mrbm-2000", "threat: glide-mrbm")
    assert problems(glider) == []
    shaped = only(glider, ("    count: 2", "    count: 2\n    shape: lofted"))
    assert shaped[2] == "`glide-mrbm` flies one prescribed profile, none that is lofted"
    via = ("    count: 2", "    count: 2\n    via: [{latitude_deg: 41, longitude_deg: 35}]")
    assert only(glider, via)[2] == "`glide-mrbm` flies no waypoints"
    assert only(via)[2] == "`mrbm-2000` flies no waypoints"


def test_the_way_past_waypoints_counts_against_the_reach() -> None:
    cruise = ("threat: mrbm-2000", "threat: cruise-subsonic")
    near = ("longitude_deg: 46.3", "longitude_deg: 40")
    assert problems(cruise, near) == []
    via = ("    count: 2", "    count: 2\n    via: [{latitude_deg: 30, longitude_deg: 35}]")
    assert "`cruise-subsonic` reaches 1,600 km" in only(cruise, near, via)[2]
