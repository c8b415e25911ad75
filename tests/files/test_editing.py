"""What of a case may be changed: what is asked for is what is then read, or all that is wrong is said."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.files import editing
from synaspis.files.case import load, resolve
from synaspis.files.changed_case import Written, written
from synaspis.files.editing import Fault, Row
from synaspis.model.agreement import Clause
from synaspis.model.case import Case
from synaspis.model.threat import Firing

BORROWED = """agreements:
  # taken from the catalogue
  - {from: nato-bmd, without: [nato-bmd-3]}
  - {from: us-romania}
"""


def called(row: Row) -> str:
    noun = row.noun
    return noun.id if isinstance(noun, Clause) else noun.target if isinstance(noun, Firing) else noun.name


def edited(case: Case, **asked: str) -> tuple[Written | None, list[Fault]]:
    """The case with `NAME__KEY` as told; `_` stands for a dash in names."""
    every = editing.rows(case)
    told = {}
    for name, value in asked.items():
        row, key = name.split("__")
        told[next(r for r in every if called(r) == row.replace("_", "-")).fields[key].id] = value
    changes, faults = editing.asked(every, told)
    return (None, faults) if faults else written(case, changes, ["changed:", "- so"], "x.yaml")


def done(case: Case, **asked: str) -> Written:
    made, faults = edited(case, **asked)
    assert made is not None, faults
    return made


@pytest.fixture(scope="module")
def first() -> Case:
    return load("first-light")


@pytest.fixture(scope="module")
def borrowed() -> Case:
    """first-light with its agreements taken from the catalogue."""
    data = load("first-light").text.decode()
    begin, end = data.index("agreements:\n"), data.index("regimes:\n")
    regimes = data[end:].replace("agreements: [basing, own-affairs]", "agreements: [us-romania]")
    regimes = regimes.replace("[basing, own-affairs, nato-bmd]", "[us-romania, nato-bmd]")
    text = data[:begin] + BORROWED + regimes
    case, problems = resolve(text.encode(), "borrowed.yaml")
    assert case is not None, problems
    return case


def test_every_row_says_how_it_was(first: Case) -> None:
    every = {called(r): r for r in editing.rows(first)}
    assert every["bmd-1"].fields["delay_s"].was == "10"
    assert every["bmd-3"].fields["decision_s"].was == "15"
    assert every["kurecik"].fields["latitude_deg"].was == "38.35"
    assert every["deveselu"].fields["rounds"].was == "24"
    assert every["Sofia"].fields["count"].was == "1"
    assert "rounds" not in every["kurecik"].fields and "latitude_deg" not in every["geo-east"].fields
    ids = [f.id for r in every.values() for f in r.fields.values()]
    assert len(set(ids)) == len(ids)


def test_all_at_once_and_the_rest_of_the_file_stays(first: Case) -> None:
    made = done(
        first, bmd_1__state="out", bmd_2__state="from", bmd_2__from="2024-06-01", bmd_3__decision_s="30",
        deveselu__rounds="3", kurecik__state="away", bucharest_patriot__latitude_deg="44.6", Sofia__count="2",
    )  # fmt: skip
    case = made.case
    assert made.kept
    clauses = {c.id: c for a in case.file.agreements for c in a.clauses}
    assert "bmd-1" not in clauses and clauses["bmd-2"].until == dt.date(2024, 5, 31)
    assert clauses["bmd-3"].decision_s == 30.0  # type: ignore[attr-defined]
    assert [s.name for s in case.file.sensors] == ["geo-east", "geo-west"]
    assert {b.name: b.rounds for b in case.file.batteries} == {"deveselu": 3, "bucharest-patriot": None}
    assert [f.count for f in case.file.raid] == [2, 2]
    text = made.data.decode()
    assert text.startswith("# changed:\n# - so\n# Two batteries and three missiles")
    assert "# - {id: bmd-1, effect: permit" in text
    lines = difflib.ndiff(first.text.decode().splitlines(), text.splitlines())
    assert sum(line.startswith("- ") for line in lines) == 7


@pytest.mark.parametrize(
    ("asked", "key", "word"),
    [
        ({"bmd_3__decision_s": "-3"}, "decision_s", "outside"),
        ({"bmd_3__decision_s": ""}, "decision_s", "empty"),
        ({"bmd_1__delay_s": "soon"}, "delay_s", "not a number"),
        ({"bmd_1__delay_s": "nan"}, "delay_s", "cannot be"),
        ({"bmd_1__delay_s": "9" * 300}, "delay_s", "longer"),
        ({"bmd_1__delay_s": "1\n2"}, "delay_s", "longer"),
        ({"bmd_1__state": "perhaps"}, "state", "no choice"),
        ({"bmd_1__state": "from", "bmd_1__from": "tomorrow"}, "from", "not a date"),
        ({"bmd_1__state": "from", "bmd_1__from": "2016-07-09"}, "from", "begins on 2016-07-09"),
        ({"deveselu__rounds": "1.5"}, "rounds", "cannot be"),
        ({"Sofia__count": "0"}, "count", "outside"),
        ({"Sofia__count": "499"}, "count", "500 missiles"),
        ({"kurecik__latitude_deg": "95"}, "latitude_deg", "outside"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    first: Case, asked: dict[str, str], key: str, word: str
) -> None:
    made, faults = edited(first, **asked)
    assert made is None and len(faults) == 1
    assert faults[0].field.endswith(f"-{key}") and word in faults[0].what and faults[0].mend


def test_all_that_is_wrong_is_said_at_once(first: Case) -> None:
    _, faults = edited(first, bmd_3__decision_s="x", Sofia__count="-1", deveselu__rounds="")
    assert len(faults) == 3


def test_what_the_case_says_of_the_whole_is_said_too(first: Case) -> None:
    """A check between parts of the case is that of any file."""
    every = [r for r in editing.rows(first) if r.what == "site" and called(r) != "geo-east"]
    told = {r.fields["state"].id: "away" for r in every}
    changes, faults = editing.asked(editing.rows(first), told)
    assert not faults
    made, _ = written(first, changes, [], "x")
    assert made is not None and [s.name for s in made.case.file.sensors] == ["geo-east"]


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_a_file_of_another_system_keeps_its_lines(first: Case, ends: str) -> None:
    data = b"\xef\xbb\xbf" + first.text.replace(b"\n", ends.encode())
    case, _ = resolve(data, "x.yaml")
    assert case is not None
    made = done(case, bmd_1__state="out", bmd_2__state="from", deveselu__rounds="3")
    assert made.kept and made.data.count(ends.encode()) >= first.text.count(b"\n")


def test_nothing_changed_and_unknown_fields_are_refused(first: Case) -> None:
    every = editing.rows(first)
    for told in ({}, {every[0].fields["state"].id: "holds"}, {"f999-state": "out"}, {"__class__": "x"}):
        changes, faults = editing.asked(every, told)
        assert not changes and len(faults) == 1 and not faults[0].field


def test_a_day_without_suspension_changes_nothing(first: Case) -> None:
    _, faults = edited(first, bmd_1__from="2020-01-01")
    assert [f.what for f in faults] == ["nothing is changed"]


def test_an_agreement_of_the_catalogue_leaves_clauses_out_by_name(borrowed: Case) -> None:
    made = done(borrowed, nato_bmd_2__state="out")
    assert '{from: nato-bmd, without: [nato-bmd-3, "nato-bmd-2"]}' in made.data.decode()
    assert "nato-bmd-2" not in [c.id for a in made.case.file.agreements for c in a.clauses]


def test_an_agreement_of_the_catalogue_is_written_out_where_it_must_be(borrowed: Case) -> None:
    made = done(borrowed, nato_bmd_1__delay_s="77", nato_bmd_2__state="out")
    assert made.kept and "# taken from the catalogue" in made.data.decode()
    clauses = {c.id: c for a in made.case.file.agreements for c in a.clauses}
    assert clauses["nato-bmd-1"].delay_s == 77.0 and "nato-bmd-2" not in clauses  # type: ignore[attr-defined]
    assert "from: us-romania" in made.data.decode()


def test_a_site_may_come_that_is_not_there(tmp_path: Path) -> None:
    case = load("europe")
    assert "rotating-ship" not in [b.name for b in case.file.batteries]
    made = done(case, rotating_ship__state="there", redzikowo__state="away")
    names = [b.name for b in made.case.file.batteries]
    assert made.kept and "rotating-ship" in names and "redzikowo" not in names


@pytest.mark.parametrize(
    ("since", "until", "state"),
    [(s, u, state) for s in (None, -9, 0, 9) for u in (None, -5, 0, 20) for state in ("there", "away")],
)
def test_a_site_is_there_or_away_whatever_its_dates(
    first: Case, since: int | None, until: int | None, state: str
) -> None:
    """All dates against the case's day, in days; those in which it ends before it begins are no case."""
    from dataclasses import replace

    from synaspis.model.case import there

    day = first.file.date
    if since is not None and until is not None and since > until:
        return
    dates = {k: day + dt.timedelta(v) for k, v in (("since", since), ("until", until)) if v is not None}
    site = replace(first.file.sensors[2], **dates)  # type: ignore[arg-type]
    moved = replace(site, **editing.stays(site, day, state))  # type: ignore[arg-type]
    assert there(moved, day) == (state == "there")
    assert moved.since is None or moved.until is None or moved.since <= moved.until


@settings(max_examples=25)
@given(data=st.data())
def test_any_changes_are_read_as_they_were_asked_for(data: st.DataObject) -> None:
    """`written` itself compares what is read with what was asked for, and raises where they differ."""
    case = load("first-light")
    told = {}
    for row in editing.rows(case):
        for f in row.fields.values():
            if not data.draw(st.booleans()):
                continue
            if f.kind == "choice":
                told[f.id] = data.draw(st.sampled_from(f.choices))
            elif f.kind == "date":
                told[f.id] = data.draw(st.dates(dt.date(2017, 1, 1), dt.date(2030, 1, 1))).isoformat()
            else:
                low, high = (1, 200) if f.kind == "whole" else (0, 80)
                told[f.id] = str(data.draw(st.integers(low, high)))
    changes, faults = editing.asked(editing.rows(case), told)
    if faults:
        assert [f.what for f in faults] == ["nothing is changed"]
        return
    made, faults = written(case, changes, ["x"], "x.yaml")
    assert made is not None and made.kept, faults


def test_what_would_not_be_what_was_asked_for_is_never_written(
    first: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from synaspis.errors import SynaspisError
    from synaspis.files import spans

    monkeypatch.setattr(spans, "changed", lambda text, root, steps: (text, root, True))
    with pytest.raises(SynaspisError, match="by hand"):
        edited(first, Sofia__count="2")
