"""Questions of third states in a case: whatever is wrong with them is said at once, with its mend."""

from __future__ import annotations

from importlib import resources

import pytest

from synaspis.errors import Problem
from synaspis.files.case import load, resolve

BASE = (resources.files("synaspis.cases") / "first-light.yaml").read_text(encoding="utf-8")
GOOD = """\
stability:
  - state: RUS
    title: towards Poland
    classes: [icbm-solid]
    regions:
      - {name: Urals, latitude_deg: 54.3, longitude_deg: 59.8, radius_km: 450}
    towards: [POL, {name: western Europe, latitude_deg: 48.8, longitude_deg: 3.5, radius_km: 700}]
    missiles: {value: 300, low: 280, high: 320}
    source: assumed
    as_of: 2024
"""
FIRST = len(BASE.splitlines()) + 1


def problems(said: str) -> list[Problem]:
    return resolve((BASE + said).encode(), "mine.yaml")[1]


def swapped(*pairs: tuple[str, str]) -> list[tuple[int, str, str]]:
    """Line within the question, what and mend of every problem that the swaps make."""
    text = GOOD
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return [(p.line - FIRST, p.what, p.mend) for p in problems(text)]


def test_a_good_question_is_read() -> None:
    assert swapped() == []
    case = resolve((BASE + GOOD).encode(), "mine.yaml")[0]
    assert case is not None
    (q,) = case.file.stability
    assert (q.missiles.band.value, q.missiles.band.low, q.missiles.band.high) == (300, 280, 320)
    assert [d.is_area for d in q.towards] == [False, True]
    assert set(case.declared) == set(case.declared_entries) == {"icbm-solid"}
    assert "icbm-solid" not in case.threats and "icbm-solid" not in case.entries


def test_a_bare_number_of_missiles_is_its_value() -> None:
    assert swapped(("{value: 300, low: 280, high: 320}", "300")) == []


def test_the_hash_holds_the_classes_asked_about() -> None:
    plain, asked = load("first-light"), resolve((BASE + GOOD).encode(), "mine.yaml")[0]
    other = GOOD + "catalog: {entries: {}}\n"
    assert asked is not None and plain.sha256 != asked.sha256
    assert resolve((BASE + other).encode(), "mine.yaml")[1] == []


@pytest.mark.parametrize(("old", "new", "line", "what", "mend"), [
    ("state: RUS", "state: RUSS", 1, "`RUSS` is no country code", "did you mean `RUS`?"),
    ("state: RUS", "state: ROU", 1,
     "ROU owns, runs or hosts `deveselu` of this shield, so it is no third state",
     "name a state that stands outside, or take the question out"),
    ("[icbm-solid]", "[icbm-solud]", 3, "unknown missile class `icbm-solud`", "did you mean `icbm-solid`?"),
    ("[icbm-solid]", "[]", 3, "`classes` is empty", "give at least one: missile classes"),
    ("radius_km: 450", "radius_km: 20", 5, "`Urals` has a radius of 20 km",
     "give at least 100: a region is examined as a whole, never a site in it"),
    ("radius_km: 700", "radius_km: 99.9", 6, "`western Europe` has a radius of 99.9 km",
     "give at least 100: a region is examined as a whole, never a site in it"),
    (", radius_km: 700", "", 6, "`western Europe` has no `radius_km`",
     "a wide area has a place and a radius; a nation its code alone"),
    ("[POL,", "[POLL,", 6, "`POLL` is no country code", "did you mean `POL`?"),
    ("[POL,", "[Atlantis,", 6, "`Atlantis` is no country code",
     "give a code as FRA, or `latitude_deg`, `longitude_deg` and `radius_km` of a wide area"),
    ("[POL,", "[RUS,", 6, "RUS is asked about paths to itself", "name another nation, or a wide area"),
    ("[POL,", "[POL, POL,", 6, "`towards` names `POL` twice", "keep one"),
    ("    missiles: {value: 300, low: 280, high: 320}\n", "", 1, "`missiles` is missing",
     "add `missiles`: how many such missiles the state is said to have"),
    ("{value: 300, low: 280, high: 320}", "{low: 280, high: 320}", 7,
     "`towards Poland` has no number of missiles",
     "add `value`, with `low` and `high` where sources differ"),
    ("low: 280", "low: 310", 7, "`missiles` is 300, outside its band 310 to 320",
     "give low <= value <= high"),
    ("value: 300", "value: many", 7, "`value` is `many`, not a number", "give a whole number"),
    ("    source: assumed\n", "", 1, "`source` is missing", "add `source`: where that number is known from"),
])  # fmt: skip
def test_what_is_wrong_is_said(old: str, new: str, line: int, what: str, mend: str) -> None:
    found = swapped((old, new))
    assert [(x, w) for x, w, _ in found] == [(line, what)], found
    assert found[0][2].startswith(mend)


def test_an_empty_list_asks_nothing() -> None:
    (found,) = problems("stability: []\n")
    assert found.what == "`stability` asks nothing" and found.line == FIRST


def test_small_states_alone_are_refused_and_merged_with_others() -> None:
    west = "{name: western Europe, latitude_deg: 48.8, longitude_deg: 3.5, radius_km: 700}"
    (alone,) = swapped((f"[POL, {west}]", "[LUX]"))
    assert alone[:2] == (6, "LUX: 2,615 km² of soil, less than 31,416 km²")
    assert "no single place is examined" in alone[2]
    assert swapped((f"[POL, {west}]", "[LUX, BEL, NLD]")) == []
    for beside in ("[BES]", f"[BES, {west}]"):
        (nowhere,) = swapped((f"[POL, {west}]", beside))
        assert nowhere[1].startswith("BES: no soil on the map")
    assert len(swapped(("[POL,", "[LUX,"))) == 1  # an area beside does not make it wide


def test_everything_is_said_at_once() -> None:
    found = swapped(
        ("state: RUS", "state: USA"), ("icbm-solid", "icbm"), ("radius_km: 450", "radius_km: 5"),
        ("[POL,", "[XXX,"), ("value: 300", "value: 3"),
    )  # fmt: skip
    assert [x for x, *_ in found] == [1, 3, 5, 6, 7]


def test_questions_and_regions_have_names_of_their_own() -> None:
    twice = GOOD.replace(
        "    regions:\n",
        "    regions:\n      - {name: Urals, latitude_deg: 60, longitude_deg: 80, radius_km: 300}\n",
    )
    found = problems(GOOD + twice.replace("stability:\n", ""))
    assert {p.what for p in found} == {
        "two questions are called `towards Poland`", "two launch regions are called `Urals`"
    }  # fmt: skip


def test_too_much_is_refused() -> None:
    region = "      - {{name: r{}, latitude_deg: 54.3, longitude_deg: 59.8, radius_km: 450}}\n"
    many = GOOD.replace("    regions:\n", "    regions:\n" + "".join(region.format(i) for i in range(60)))
    (found,) = problems(many)
    assert "pass 60 pairs of class and launch region" in found.what
