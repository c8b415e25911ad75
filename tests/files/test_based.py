"""A case based on a shipped one: spelt out it is a case like any, faults stand where they were written."""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path

import pytest

from synaspis.files import based, raidless
from synaspis.files.case import load, resolve
from synaspis.model.case import Case, standing

MUTANTS = 300 * max(int(os.environ.get("SYNASPIS_SOAK") or 0), 1)
HEAD = "# A comment of its own.\nbased_on: first-light\ncase: other\n"


def read(text: str) -> Case:
    case, problems = resolve((HEAD + text).encode(), "other.yaml")
    assert case is not None, "\n".join(map(str, problems))
    return case


def wrong(text: str, head: str = HEAD) -> list[tuple[str, int, int, str, str]]:
    found = resolve((head + text).encode(), "other.yaml")[1]
    return [(p.file, p.line, p.column, p.what, p.mend) for p in found]


def test_what_is_not_said_is_the_bases() -> None:
    base, case = load("first-light"), read("")
    assert case.name == "other"
    assert case.file.raid == base.file.raid
    assert case.file.agreements == base.file.agreements
    assert case.file.sensors == base.file.sensors
    assert case.sha256 != base.sha256


def test_things_with_names_change_one_by_one_and_the_rest_whole() -> None:
    base = load("first-light")
    case = read(
        "date: 2030-01-01\nbatteries:\n  - {name: deveselu, rounds: 3, since: 2029-06-01}\n"
        "agreements:\n  - {name: own-affairs, since: 2001-01-01}\n"
        "raid:\n  - {threat: mrbm-2000, launch: Tabriz area, target: Sofia}\n"
    )
    assert case.file.date == dt.date(2030, 1, 1)
    first, second = case.file.batteries
    assert (first.rounds, first.since) == (3, dt.date(2029, 6, 1))
    assert first.system == base.file.batteries[0].system
    assert second == base.file.batteries[1]
    assert [a.since.year for a in case.file.agreements] == [2011, 2001, 2016]
    assert len(case.file.raid) == 1


def test_spelt_out_it_needs_no_base_and_says_so() -> None:
    case = read("title: Another\n")
    text = case.text.decode()
    assert text.startswith("# A comment of its own.\n# Spelt out from its base, first-light")
    assert "based_on" not in text
    again, problems = resolve(case.text, "again.yaml")
    assert problems == []
    assert again is not None
    assert (again.file, again.sha256) == (case.file, case.sha256)
    assert "# Residents of the municipality" in text  # the base keeps its comments


def test_what_is_wrong_stands_where_it_was_written() -> None:
    assert wrong("batteries:\n  - {name: deveselu,\n     rounds: many}\n")[0][:3] == ("other.yaml", 6, 14)
    assert wrong("date: soon\n")[0][:3] == ("other.yaml", 4, 7)
    assert wrong("moon: 3\n")[0][:3] == ("other.yaml", 4, 1)
    # Türkiye is taken away: what the base says of it is wrong now, in the base.
    found = wrong("nations: [USA, ROU, BGR]\n")
    assert {place[0] for place in found} == {"synaspis/cases/first-light.yaml"}
    base = Path(based.__file__).parents[1] / "cases" / "first-light.yaml"
    lines = base.read_text(encoding="utf-8").splitlines()
    assert all("TUR" in lines[line - 1] for _, line, *_ in found)


@pytest.mark.parametrize(
    ("text", "place", "what", "mend"),
    [
        ("based_on: first-lihgt\n", (1, 11), "no case `first-lihgt` ships", "first-light"),
        ("based_on: ../first-light.yaml\n", (1, 11), "no case", ""),
        ("based_on: [europe]\n", (1, 11), "no case", ""),
        ("based_on: europe-2011\n", (1, 11), "is itself based on a case", "name the case"),
        ("based_on: first-light\nbatteries:\n  - {name: deveslu}\n", (3, 5), "no `deveslu`", "`deveselu`"),
        ("based_on: first-light\nbatteries:\n  - {rounds: 4}\n", (3, 5), "no `name`", ""),
        ("based_on: first-light\nbatteries:\n  - deveselu\n", (3, 5), "no `name`", ""),
        (
            "based_on: first-light\nbatteries:\n  - {name: deveselu}\n  - {name: deveselu}\n",
            (4, 5),
            "stands here twice",
            "once",
        ),
    ],
)
def test_a_base_that_cannot_be(text: str, place: tuple[int, int], what: str, mend: str) -> None:
    (found,) = wrong(text, head="")
    assert found[:3] == ("other.yaml", *place)
    assert what in found[3]
    assert mend in found[4]


def test_too_many_changes_are_refused_before_any_is_made() -> None:
    keys = ", ".join(f"k{i}: 1" for i in range(based.MOST_CHANGES + 1))
    (found,) = wrong(f"batteries:\n  - {{name: deveselu, {keys}}}\n")
    assert "more than 200 things" in found[3]


def test_mutated_bytes_are_read_or_refused_where_they_were_written() -> None:
    luck = random.Random(1)
    text = (
        f'{HEAD}date: 2030-01-01\nbatteries:\n  - {{name: deveselu, rounds: 3}}\nnotes:\n  - "A."\n'.encode()
    )
    pieces = (
        b"&a ",
        b"*a",
        b"\n- ",
        b"\n  - {name: kurecik}",
        b": {",
        b"name: ",
        b"based_on: ",
        b"\xff",
        b"\t",
    )
    good = 0
    for _ in range(MUTANTS):
        data = bytearray(text)
        for _ in range(luck.randint(1, 3)):
            at = luck.randrange(len(data))
            data[at : at + luck.choice((0, 1, 9))] = luck.choice((*pieces, b"", b"x", b"7"))
        case, problems = resolve(bytes(data), "other.yaml")
        good += case is not None
        assert (case is None) == bool(problems)
        assert all(p.line > 0 and p.column > 0 and p.file for p in problems)
    assert 0 < good < MUTANTS


def test_a_nodes_case_has_no_base_for_that_would_bring_a_raid(tmp_path: Path) -> None:
    place = tmp_path / "case.yaml"
    place.write_text(HEAD, encoding="utf-8")
    assert resolve(HEAD.encode(), "case.yaml", raid=False)[0] is None
    with pytest.raises(Exception, match="based_on"):
        raidless.load(place)


@pytest.mark.parametrize(
    ("name", "plan_day", "there", "away"),
    [
        ("europe-2011", dt.date(2011, 12, 31), {"kurecik", "rotating-ship"}, {"deveselu", "redzikowo"}),
        ("europe-2015", dt.date(2015, 12, 31), {"kurecik", "deveselu"}, {"rotating-ship", "redzikowo"}),
        ("europe-2018", dt.date(2018, 12, 31), {"kurecik", "deveselu", "redzikowo"}, {"rotating-ship"}),
    ],
)
def test_the_phases_are_those_of_the_plan_in_europe(
    name: str, plan_day: dt.date, there: set[str], away: set[str]
) -> None:
    case, base = load(name), load("europe")
    (plan,) = base.file.timeline.plans
    planned = {s.site: s.since for s in plan.sites}
    site = {"europe-2011": "kurecik", "europe-2015": "deveselu", "europe-2018": "redzikowo"}[name]
    assert planned[site] == plan_day == case.file.date
    sites = {s.name: s for s in (*case.every_site.sensors, *case.every_site.batteries)}
    assert sites[site].since == plan_day
    stands = {s.name for s in (*case.file.sensors, *case.file.batteries)}
    assert there <= stands
    assert not away & stands
    # All else is what stood on that day.
    real = standing(base.every_site, plan_day)
    assert stands - {site} == {s.name for s in (*real.sensors, *real.batteries)} - {site}
