"""A case's own missile classes: by stages, by range and burn time alone, and what can be wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from synaspis.files.case import resolve
from synaspis.files.catalog import noun
from synaspis.model.case import Case
from synaspis.model.threat import Threat
from synaspis.studies.range_check import farthest_km
from tests.files.example import only, problems, swap

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "a-threat-of-your-own.md"
STAGES = (
    "stages: [{burn_s: 60, propellant_kg: 5000, dry_kg: 700, specific_impulse_s: 265},"
    " {burn_s: 50, propellant_kg: 1500, dry_kg: 250, specific_impulse_s: 275}]"
)


def _with(own: str, threat: str = "mine") -> tuple[tuple[str, str], ...]:
    return (
        ("raid:\n", f"threats:\n  - {{name: mine, {own}}}\nraid:\n"),
        ("threat: mrbm-2000", f"threat: {threat}"),
    )


def _case(own: str) -> Case:
    found, wrong = resolve(swap(*_with(own)).encode(), "small.yaml")
    assert found is not None, "\n".join(map(str, wrong))
    return found


def test_range_and_burn_time_are_enough() -> None:
    """It flies a tenth farther than said, as the catalogue's classes do, and burns as long as said."""
    case = _case("range_km: 2500, burn_s: 90")
    made = case.threats["mine"]
    assert farthest_km(made) == pytest.approx(1.1 * 2500, rel=0.003)
    assert sum(s.burn_s for s in made.stages) == pytest.approx(90)
    assert (made.status, made.category, made.range_m) == ("hypothetical", "mrbm", 2_500e3)
    like = noun("mrbm-2000")
    assert isinstance(like, Threat)
    assert made.cross_section_m2 == like.cross_section_m2
    assert made.stages[0].specific_impulse_s == like.stages[0].specific_impulse_s


def test_what_is_said_chooses_what_it_is_like() -> None:
    solid = _case("range_km: 2500, burn_s: 110, stage_count: 2, propellant: solid").threats["mine"]
    assert len(solid.stages) == 2
    assert solid.propellant == "solid"
    named = _case("range_km: 2500, burn_s: 110, like: irbm-4500").threats["mine"]
    assert named.stages == solid.stages


def test_a_class_by_stages() -> None:
    made = _case(f"{STAGES}, payload_kg: 600, title: A two-stage class, status: assessed").threats["mine"]
    assert [s.propellant_kg for s in made.stages] == [5000, 1500]
    assert (made.title, made.status, made.payload_kg) == ("A two-stage class", "assessed", 600)
    assert made.range_m == pytest.approx(1000 * farthest_km(made))


def test_its_facts_say_where_they_come_from() -> None:
    case = _case("range_km: 2500, burn_s: 90, payload_kg: 600")
    facts = {f.parameter: f for f in case.entries["mine"].facts}
    assert {f.entry for f in facts.values()} == {"mine"}
    assert facts["range"].source == facts["payload"].source == "The case itself"
    assert (facts["range"].value, facts["range"].low, facts["range"].high) == (2500, 2500, 2500)
    assert "from mrbm-2000" in facts["stages.0.propellant"].source
    assert facts["stages.0.propellant"].value == case.threats["mine"].stages[0].propellant_kg
    assert facts["cep"].low < facts["cep"].high, "what the case does not say keeps its band"


@pytest.mark.parametrize(
    ("own", "what", "mend"),
    [
        ("burn_s: 90", "has neither `stages` nor `range_km`", "`range_km` and `burn_s`"),
        ("title: x", "nor `range_km` and `burn_s`", "give `stages`"),
        ("range_km: 6000, burn_s: 90, like: mrbm-2000", "more stages", "burns 105 s for 2,000 km"),
        ("range_km: 12000, burn_s: 375, like: icbm-liquid", "does not rise", "burns 250 s"),
        ("range_km: 9000, burn_s: 20, like: icbm-solid", " g: it burns too fast", "burns 170 s"),
        ("range_km: 900, burn_s: 60, stage_count: 3, propellant: liquid", "with 3 stages", "name one"),
        (f"{STAGES}, burn_s: 90", "`burn_s` stands beside", "leave it out"),
        (f"{STAGES}, stage_count: 3", "is 3, and 2 are listed", "leave it out"),
        (f"{STAGES}, range_km: 9000", "these stages fly", "leave `range_km` out"),
        (f"{STAGES}, payload_kg: 20000", "does not rise", "check burn times"),
        ("range_km: 2500, burn_s: 90, like: mrbm-200", "class of the catalogue", "`mrbm-2000`"),
        ("range_km: -5, burn_s: 90", "`range_km` is -5", "above 50 and at most 17000"),
        ("range_km: .nan, burn_s: 90", ".nan", "finite"),
        ("range_km: 2500, burn_s: 0", "`burn_s` is 0", "above 5"),
        ("range_km: 2500, burn_s: 90, like: mine", "of the catalogue `mine`", ""),
    ],
)  # fmt: skip
def test_what_can_be_wrong(own: str, what: str, mend: str) -> None:
    line, _, said, mended = only(*_with(own))
    assert line == 33
    assert what in said
    assert mend in mended


def test_a_name_of_the_catalogue_is_taken() -> None:
    found = problems(("raid:\n", "threats:\n  - {name: mrbm-2000, range_km: 2500, burn_s: 90}\nraid:\n"))
    assert ["`mrbm-2000` is a class of the catalogue" in p.what for p in found] == [True]


def test_all_problems_at_once() -> None:
    items = ("name: one, burn_s: 90", "name: two, range_km: 2500, burn_s: 9000", "name: one, x: 1")
    own = "threats:\n" + "".join(f"  - {{{item}}}\n" for item in items)
    found = problems(("raid:\n", own + "raid:\n"))
    assert {p.line for p in found} == {33, 34, 35}
    assert len(found) >= 4


def test_a_raid_beyond_its_range_is_said() -> None:
    _, _, what, _ = only(*_with("range_km: 900, burn_s: 60"))
    assert "reaches 900 km" in what


def test_the_tutorial_s_examples_hold() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        name = re.search(r"name: (\S+)", example)
        assert name is not None
        pairs = (("raid:\n", example + "raid:\n"), ("threat: mrbm-2000", f"threat: {name[1]}"))
        assert problems(*pairs) == []


@pytest.mark.parametrize("like", ["glide-mrbm", "cruise-subsonic", "rocket-300"])
def test_only_ballistic_missiles_can_be_taken_after(like: str) -> None:
    _, _, what, mend = only(*_with(f"range_km: 1500, burn_s: 90, like: {like}"))
    assert what == f"`{like}` is no plain ballistic class"
    assert "mrbm-2000" in mend and like not in mend
