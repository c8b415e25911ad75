"""The catalogue: every figure has its birth certificate, and a bad one is refused."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from synaspis import units
from synaspis.errors import InputError
from synaspis.files import catalog, tree
from synaspis.files.reader import Reader
from synaspis.model.battery import System
from synaspis.model.sensor import Radar
from synaspis.model.threat import Threat


def test_every_shipped_entry_has_cited_figures() -> None:
    for name in catalog.names():
        entry = catalog.entry(name)
        assert entry.title
        assert entry.summary
        assert entry.facts or entry.kind == "arrangement"  # clauses may need no figure
        for fact in entry.facts:
            assert fact.entry == name
            assert fact.low <= fact.value <= fact.high
            assert len(fact.source) > 10
            assert fact.confidence in ("high", "medium", "low", "assumed")


def test_every_kind_is_read_as_its_noun() -> None:
    for kind, noun in catalog.KINDS.items():
        assert catalog.names(kind)
        for name in catalog.names(kind):
            assert type(catalog.noun(name)) is noun


def test_what_a_system_names_is_there() -> None:
    for name in catalog.names("system"):
        system = catalog.noun(name)
        assert isinstance(system, System)
        assert system.interceptor in catalog.names("interceptor")
        assert system.radar in catalog.names("radar")


def test_a_noun_says_what_its_figures_say_in_si() -> None:
    radar, entry = catalog.noun("an-tpy-2"), catalog.entry("an-tpy-2")
    assert isinstance(radar, Radar)
    reach = next(f for f in entry.facts if f.parameter == "reference_range")
    assert radar.reference_range_m == units.to_si(reach.value, reach.unit)
    threat, facts = catalog.noun("mrbm-2000"), {f.parameter: f for f in catalog.entry("mrbm-2000").facts}
    assert isinstance(threat, Threat)
    assert threat.stages[0].burn_s == facts["stages.0.burn"].value
    assert threat.cross_section_m2["X"]["boost"] == facts["cross_section.X.boost"].value


def test_a_missing_entry_is_said_with_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        catalog.entry("an-tpi-2")
    assert caught.value.problems[0].mend == "did you mean `an-tpy-2`?"


def fact(value: float, low: float, high: float, unit: str) -> str:
    band = f"value: {value}, unit: '{unit}', low: {low}, high: {high}"
    return f"{{{band}, source: s, as_of: 2024, confidence: low}}"


ROUND = f"""sources: {{s: A citation}}
entries:
  dart:
    kind: interceptor
    title: Dart
    summary: A round.
    layer: terminal
    engages: [srbm, mrbm]
    remote: own
    burnout_speed: {fact(1.5, 1, 2, "kmps")}
    burn: {fact(10, 5, 20, "s")}
    slowing_length: {fact(50, 20, 90, "km")}
    range: {fact(30, 20, 40, "km")}
    minimum_altitude: {fact(1, 0, 2, "km")}
    maximum_altitude: {fact(20, 10, 30, "km")}
    handover_radius: {fact(1, 0.5, 2, "km")}
    handover: {fact(5, 1, 9, "s")}
    reaction: {fact(5, 1, 9, "s")}
    assess: {fact(5, 1, 9, "s")}
    wrong_look: {fact(0.1, 0, 0.2, "1")}
    p_kill:
      srbm: {fact(0.7, 0.5, 0.8, "1")}
      mrbm: {fact(0.6, 0.5, 0.8, "1")}
    p_type_defect: {fact(0.1, 0, 0.2, "1")}
    p_confusion: {fact(0.1, 0, 0.2, "1")}
    p_confusion_countermeasures: {fact(0.5, 0.2, 0.9, "1")}
"""


def read(text: str) -> Reader:
    root, found = tree.parse(text.encode(), "c.yaml")
    assert root is not None
    assert found == []
    return catalog.read(root, "c.yaml")[1]


def test_the_example_round_is_sound() -> None:
    assert read(ROUND).problems == []


@pytest.mark.parametrize(
    ("change", "place", "what", "mend"),
    [
        (("engages: [srbm, mrbm]", "engages: [srbm, irbm]"), (21, 5), "nothing for `irbm`", "add `irbm`"),
        ((fact(0.7, 0.5, 0.8, "1"), fact(0.82, 0.5, 0.9, "1")), (22, 13), "0.82 cannot be reached", "0.81"),
        (("      mrbm: {", "      mrbn: {"), (23, 7), "unknown key `mrbn`", "`mrbm`"),
        (("kind: interceptor", "kind: intercepter"), (4, 11), "unknown kind", "`interceptor`"),
        (("    summary: A round.\n", ""), (4, 5), "`summary` is missing", "in words"),
        (("    remote: own\n", ""), (4, 5), "`remote` is missing", "what track"),
        (
            ("sources: {s: A citation}", "sources: {s: [a]}"),
            (1, 14),
            "the source `s` is not a text",
            "one citation",
        ),
        (("sources:", "source:"), (1, 1), "unknown key `source`", "`sources`"),
        (("unit: 'kmps'", "unit: 'km'"), (10, 39), "cannot be in `km`", "mps or kmps"),
    ],
)
def test_a_bad_entry_is_refused(
    change: tuple[str, str], place: tuple[int, int], what: str, mend: str
) -> None:
    assert change[0] in ROUND
    found = read(ROUND.replace(*change, 1)).problems
    assert any((p.line, p.column) == place and what in p.what and mend in p.mend for p in found), "\n".join(
        map(str, found)
    )


@pytest.mark.parametrize("text", ["[]", "a: b", "entries: 5", "entries: {a: 5}", "{sources: 5, entries: {}}"])
def test_what_is_no_catalogue_is_refused(text: str) -> None:
    assert read(text).problems


def test_a_class_has_the_profile_that_its_flight_needs() -> None:
    """The shipped glider, called something else that it is not."""
    text = resources.files("synaspis.catalog").joinpath("threats.yaml").read_text(encoding="utf-8")
    glider = text[text.index("  glide-mrbm:") : text.index("  cruise-subsonic:")]
    alone = text[: text.index("entries:")] + "entries:\n" + glider
    assert read(alone).problems == []
    ballistic = read(alone.replace("    flight: glide\n", "")).problems
    assert [p.what for p in ballistic] == ["a ballistic class has no `glide`"]
    cruise = read(alone.replace("    flight: glide\n", "    flight: cruise\n")).problems
    assert sorted(p.what for p in cruise) == [
        "`cruise` is missing", "a cruise class has no `glide`", "a cruise class has no `stages`"
    ]  # fmt: skip


def entry_of(file: str, name: str) -> str:
    """One shipped entry alone in a catalogue."""
    text = resources.files("synaspis.catalog").joinpath(file).read_text(encoding="utf-8")
    found = re.search(rf"^  {name}:\n(?:(?:    .*)?\n)+", text, re.MULTILINE)
    assert found
    return text[: text.index("entries:")] + "entries:\n" + found[0]


def test_a_search_fence_lies_where_the_radar_looks() -> None:
    radar = entry_of("radars.yaml", "an-fps-132")
    assert read(radar).problems == []
    assert catalog.noun("an-fps-132").search_rad == pytest.approx((0.05236, 0.17453), abs=1e-5)
    given = "search_low: {value: 3, unit: deg, low: 3, high: 4"
    assert given in radar
    low = radar.replace(given, "search_low: {value: 60, unit: deg, low: 50, high: 70")
    found = read(low).problems
    assert [p.what for p in found] == ["the search fence holds no elevation that the radar sees"]
    assert "search_low < search_high" in found[0].mend


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        ("value: 0.33, ", "value: 0.34, ", "sum to 1.01", "sum to 1"),
        ("value: 0.33, ", "value: 0.32, ", "sum to 0.99", "sum to 1"),
        ("value: 0.33, unit", "value: 1.33, unit", "`probability.value` is 1.33", "from 0 to 1"),
        (
            "value: 6.5, unit: km, low: 4,",
            "value: 3, unit: km, low: 3,",
            "cloud breaks of `weather`",
            "rising",
        ),
        ("      high-cloud:\n", "      fog:\n", "unknown key `fog`", "high-cloud"),
    ],
)
def test_some_weather_is_certain(old: str, new: str, what: str, mend: str) -> None:
    sky = entry_of("practice.yaml", "standard-sky")
    assert read(sky).problems == []
    assert old in sky
    found = read(sky.replace(old, new, 1)).problems
    assert any(what in p.what and mend in p.mend for p in found), "\n".join(map(str, found))


def test_no_band_of_weather_may_be_left_out() -> None:
    sky = entry_of("practice.yaml", "standard-sky")
    short = sky[: sky.index("      clear:")] + sky[sky.index("      low-cloud:") :]
    assert [(p.what, p.mend) for p in read(short).problems] == [
        ("`weather` has no clear", "give all of clear, low-cloud, middle-cloud, high-cloud")
    ]


def test_fragments_run_from_light_to_heavy() -> None:
    figures = {"fastest": (300, "mps"), "lightest": (900, "kgpm2"), "heaviest": (90, "kgpm2"),
               "kill_vehicle": (60, "kg"), "least_share": (0.01, "1")}  # fmt: skip
    lines = [f"    {name}: {fact(v, v, v, unit)}" for name, (v, unit) in figures.items()]
    header = ["sources: {s: A citation}", "entries:", "  odd:", "    kind: breakup", "    title: Odd",
              "    summary: Back to front."]  # fmt: skip
    root, _ = tree.parse("\n".join([*header, *lines]).encode(), "own.yaml")
    assert root is not None
    _, reader = catalog.read(root, "own.yaml")
    assert [p.what for p in reader.problems] == ["the lightest fragment is heavier than the heaviest"]
