"""The reader turns nodes into nouns as their fields say, in either spelling of a quantity."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from synaspis.errors import Problem
from synaspis.files import tree, words
from synaspis.files.reader import Reader, columns
from synaspis.model.agreement import Release
from synaspis.model.declare import part, quantity, text
from synaspis.model.nation import Nation, WarningPractice
from synaspis.model.sensor import Radar


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A part of the noun below."""

    length_m: float = quantity("km", "length", above=0)


@dataclass(frozen=True, kw_only=True)
class Trip:
    """A noun with every type that the model uses."""

    name: str = text("name")
    day: dt.date = part("day")
    speed_mps: float = quantity("kmps", "speed", above=0, at_most=10)
    count: int = quantity("1", "how many", at_least=1, at_most=9, default=1)
    angle_rad: float | None = quantity("deg", "angle", at_least=-90, at_most=90, default=None)
    until: dt.date | None = part("last day", default=None)
    certain: bool = part("flag", default=True)
    tags: tuple[str, ...] = text("words", default=())
    legs: tuple[Leg, ...] = part("legs", default=())
    leg: Leg | None = part("one leg", default=None)
    chance: Mapping[str, float] = quantity("1", "chance by word", at_least=0, at_most=1, default=None)
    areas_m2: Mapping[str, Mapping[str, float]] = quantity("m2", "area by two words", above=0, default=None)


FULL = """
name: there
day: 2024-02-29
speed_kmps: 2.5
count: 3
angle_deg: -90
until: 2025-01-01
certain: false
tags: [a, b]
legs: [{length_km: 1}, {length_km: 0.5}]
leg: {length_km: 2}
chance: {x: 0.5}
areas_m2: {X: {boost: 3}}
"""


def read(text_: str, kind: type = Trip) -> tuple[object, list[Problem]]:
    node, found = tree.parse(text_.encode(), "trip.yaml")
    assert node is not None
    reader = Reader("trip.yaml")
    return reader.noun(node, kind), found + reader.problems


def test_every_type_is_read_into_si() -> None:
    made, found = read(FULL)
    assert found == []
    assert made == Trip(
        name="there",
        day=dt.date(2024, 2, 29),
        speed_mps=2500.0,
        count=3,
        angle_rad=-math.pi / 2,
        until=dt.date(2025, 1, 1),
        certain=False,
        tags=("a", "b"),
        legs=(Leg(length_m=1000.0), Leg(length_m=500.0)),
        leg=Leg(length_m=2000.0),
        chance={"x": 0.5},
        areas_m2={"X": {"boost": 3.0}},
    )


def test_what_is_left_out_or_null_has_its_default() -> None:
    made, found = read("{name: a, day: 2024-01-01, speed_kmps: 1, count: null, tags: , angle_deg: ~}")
    assert found == []
    assert made == Trip(name="a", day=dt.date(2024, 1, 1), speed_mps=1000.0)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("2.5", "0"), "`speed_kmps` is 0"),
        (("2.5", "10.1"), "`speed_kmps` is 10.1"),
        (("count: 3", "count: 10"), "`count` is 10"),
        (("{x: 0.5}", "{x: 1.5}"), "`x` is 1.5"),
        (("{x: 0.5}", "{x: [1]}"), "`x` is a list"),
        (("{x: 0.5}", "0.5"), "`chance` is `0.5`"),
        (("{x: 0.5}", "{}"), "`chance` is empty"),
        (("{boost: 3}", "{boost: -3}"), "`boost` is -3"),
        (("{boost: 3}", "3"), "`X` is `3`"),
        (("[{length_km: 1}, {length_km: 0.5}]", "{length_km: 1}"), "`legs` is a mapping"),
        (
            ("[{length_km: 1}, {length_km: 0.5}]", "[{length_m: 1}, {length_km: 0.5}]"),
            "unknown key `length_m`",
        ),
        (("leg: {length_km: 2}", "leg: [2]"), "a list stands where a mapping belongs"),
        (("certain: false", "certain: 0"), "`certain` is `0`"),
        (("until: 2025-01-01", "until: [2025]"), "`until` is a list"),
    ],
)
def test_limits_and_types_hold_at_every_depth(change: tuple[str, str], what: str) -> None:
    assert change[0] in FULL
    _, found = read(FULL.replace(*change))
    assert any(what in p.what for p in found), found


def test_the_mend_names_the_limit_in_the_unit_of_the_file() -> None:
    _, found = read(FULL.replace("angle_deg: -90", "angle_deg: 91"))
    assert str(found[0]) == "trip.yaml:6:12: `angle_deg` is 91\n    mend: give a value from -90 to 90 deg"


def test_a_missing_key_says_its_unit() -> None:
    _, found = read("{name: a, day: 2024-01-01}")
    assert [p.mend for p in found] == ["add `speed_kmps`: speed, in kmps"]


def test_one_word_stands_for_a_list_of_one_word() -> None:
    made, found = read("{name: a, day: 2024-01-01, speed_kmps: 1, tags: a}")
    assert found == []
    assert isinstance(made, Trip)
    assert made.tags == ("a",)


def test_a_noun_that_needs_one_word_may_be_that_word() -> None:
    assert read("ROU", Nation) == (Nation(code="ROU"), [])
    assert read("{code: ROU}", Nation) == (Nation(code="ROU"), [])


def test_a_condition_is_read() -> None:
    made, found = read(
        "{id: r, effect: permit, owners: USA, recipients: [ROU], products: track, "
        "when: {threatens: recipient, category: [mrbm]}}",
        Release,
    )
    assert found == []
    assert isinstance(made, Release)
    assert made.when.threatens == ("recipient",)
    assert made.when.category == ("mrbm",)


def test_keys_carry_the_unit_in_cases_and_the_stem_in_the_catalogue() -> None:
    spelt = {c.name: (c.key, c.fact_key) for c in columns(Radar)}
    assert spelt["reference_range_m"] == ("reference_range_km", "reference_range")
    assert spelt["sector_rad"] == ("sector_deg", "sector")
    assert spelt["band"] == ("band", "band")


FACT = "{value: 2, unit: min, low: 60, high: 180, source: s, as_of: 2020, confidence: low}"


def facts(dissemination: str) -> tuple[WarningPractice, Reader]:
    zone = "{value: 100, unit: km, low: 50, high: 200, source: s, as_of: 2024, confidence: low}"
    node, found = tree.parse(f"zone: {zone}\ndissemination: {dissemination}".encode(), "c.yaml")
    assert node is not None
    assert found == []
    reader = Reader("c.yaml", {"s": "A citation"})
    return reader.noun(node, WarningPractice, given={"name": "w"}), reader


def test_a_figure_keeps_its_birth_certificate() -> None:
    made, reader = facts(
        "{value: 2, unit: min, low: 1, high: 3, source: s, as_of: 2020, confidence: low,\n"
        "  note: said so, at: {mode: drill}}"
    )
    assert reader.problems == []
    assert made.dissemination_s == 120.0
    fact = reader.facts[1]
    assert (fact.parameter, fact.value, fact.unit, fact.low, fact.high) == ("dissemination", 2, "min", 1, 3)
    assert (fact.source, fact.as_of, fact.confidence, fact.note) == ("A citation", 2020, "low", "said so")
    assert fact.at == (("mode", "drill"),)


@pytest.mark.parametrize(
    ("figure", "what", "mend"),
    [
        ("30", "not a figure", "low, high, source"),
        ("{value: 30, unit: s}", "has no low, high, source, as_of, confidence", "every figure"),
        (FACT.replace("unit: min", "unit: km"), "cannot be in `km`", "s or min or h"),
        (FACT, "is 2, outside its band 60 to 180", "low <= value <= high"),
        (FACT.replace("source: s", "source: t"), "unknown source `t`", "give one of: s"),
        (FACT.replace("low}", "lo}"), "cannot be `lo`", "`low`"),
        (FACT.replace("2020", "20"), "`as_of` is 20", "1940 to 2100"),
        (FACT.replace("2020", "soon"), "`as_of` is `soon`", "whole number"),
        (
            FACT.replace("low: 60", "low: -1").replace("180", "3"),
            "`dissemination.low` is -60",
            "at least 0 s",
        ),
        (FACT.replace("as_of", "asof"), "unknown key `asof`", "`as_of`"),
        (FACT.replace("value: 2", "value: .inf"), "`value` is .inf", "finite"),
        (FACT.replace("low}", "low, at: now}"), "`at` is not a mapping", "conditions"),
    ],
)
def test_a_bad_figure_is_refused(figure: str, what: str, mend: str) -> None:
    _, reader = facts(figure)
    assert any(what in p.what and mend in p.mend for p in reader.problems), reader.problems


@pytest.mark.parametrize(
    ("spelt", "value"),
    [
        ("12", 12),
        ("-1_000", -1000),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("+2.", 2.0),
        ("0x10", None),
        ("1:30", None),
        ("", None),
        ("1e", None),
        ("one", None),
        ("23.3_", None),
        ("1_", None),
        ("1__0", None),
        ("1._5", None),
        ("1_0.2_5", 10.25),
    ],
)
def test_numbers_are_spelt_in_decimal(spelt: str, value: float | None) -> None:
    assert words.number(spelt) == value


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert words.nearest("nato", ["NATO", "USA"]) == "NATO"
    assert words.nearest("ROM", ["SOM", "ROU", "DOM"]) == "ROU"
    assert words.nearest("xyz", ["NATO", "USA"]) is None
