"""Sites with dates: one that is not there on the day takes no part, though it may be named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from synaspis.errors import InputError
from synaspis.files.case import load, resolve
from synaspis.model.case import Case, there

DAY = dt.date(2024, 12, 1)


@pytest.fixture(scope="module")
def text() -> str:
    return load("first-light").text.decode()


def read(text: str) -> Case:
    case, problems = resolve(text.encode(), "dated.yaml")
    assert case is not None, "\n".join(map(str, problems))
    return case


def dated(text: str, site: str, dates: str) -> Case:
    old = f"{{name: {site}, "
    assert text.count(old) == 1
    return read(text.replace(old, f"{old}{dates}, "))


def names(case: Case) -> tuple[list[str], list[str]]:
    return [s.name for s in case.file.sensors], [b.name for b in case.file.batteries]


@pytest.mark.parametrize(
    ("dates", "stands"),
    [
        ("since: 2024-12-01", True),
        ("since: 2024-12-02", False),
        ("until: 2024-12-01", True),
        ("until: 2024-11-30", False),
        ("since: 2020-01-01, until: 2023-01-01", False),
    ],
)
def test_a_site_is_there_from_its_first_to_its_last_day(text: str, dates: str, stands: bool) -> None:
    case = dated(text, "deveselu", dates)
    assert ("deveselu" in names(case)[1]) is stands
    assert ("deveselu/radar" in case.sensors_there) is stands
    assert "deveselu/radar" in case.sensor_owners, "its name is known on any day"


def test_undated_sites_are_always_there(text: str) -> None:
    case = read(text)
    assert case.whole is None and case.day == DAY
    assert names(case.on(dt.date(1950, 1, 1))) == names(case)


def test_on_another_day_only_sites_and_the_day_change(text: str) -> None:
    case = dated(text, "kurecik", "since: 2011-12-26")
    before, after = case.on(dt.date(2011, 12, 25)), case.on(dt.date(2011, 12, 26))
    assert names(before)[0] == ["geo-east", "geo-west"]
    assert names(after)[0] == ["geo-east", "geo-west", "kurecik"], "in the order of the file"
    assert before.file.date == after.file.date == DAY, "sky and Sun stay"
    assert after.day == dt.date(2011, 12, 26)
    assert before.on(DAY).file == case.file


def test_entries_are_those_that_the_sites_of_the_day_use(text: str) -> None:
    case = dated(text, "kurecik", "until: 2012-01-01")
    assert "an-tpy-2" not in case.entries and set(case.others) == {"an-tpy-2"}
    then = case.on(dt.date(2011, 12, 31))
    assert "an-tpy-2" in then.entries and not then.others
    assert then.entries.keys() == read(text).entries.keys()
    assert "an-tpy-2" in case.radars, "types of all sites are known on any day"


def test_dated_sites_that_are_there_change_nothing(text: str) -> None:
    case = dated(text, "kurecik", "since: 2012-01-01")
    plain = read(text)
    undone = tuple(replace(s, since=None) for s in case.file.sensors)
    assert replace(case.file, sensors=undone) == plain.file
    assert case.whole is None


def test_clauses_may_name_a_site_that_is_not_there(text: str) -> None:
    case = dated(text, "kurecik", "since: 2030-01-01")
    assert case.oddities == ()


def test_a_site_that_ends_before_it_begins_is_said(text: str) -> None:
    with pytest.raises(AssertionError, match="`deveselu` ends on 2019-01-01, before it begins on 2020-01-01"):
        dated(text, "deveselu", "since: 2020-01-01, until: 2019-01-01")


def test_there_of_one_without_dates(text: str) -> None:
    assert all(there(s, dt.date.min) for s in read(text).file.sensors)


def test_shipped_cases_read_as_of_their_own_date() -> None:
    for name in ("europe", "first-light"):
        try:
            case = load(name)
        except InputError as found:  # pragma: no cover
            pytest.fail(str(found))
        assert all(there(s, case.file.date) for s in (*case.file.sensors, *case.file.batteries))
