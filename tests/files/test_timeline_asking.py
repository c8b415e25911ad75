"""Years, days, regimes and plans that are asked for: every mistake at once."""

from __future__ import annotations

import pytest

from synaspis.errors import InputError
from synaspis.files.timeline_asking import timeline_request
from tests.built_up import built_up

CASE = built_up()


def test_all_is_asked_for_where_nothing_is_left_out() -> None:
    asked = timeline_request(CASE, " 2010 ", "2012")
    assert (asked.first, asked.last, asked.on) == (2010, 2012, (12, 31))
    assert asked.regimes == ("national", "allied") and asked.plans == ("planned",)
    assert timeline_request(CASE, 2010, 2010, plans=[], regimes=["allied"]).plans == ()


@pytest.mark.parametrize(("arguments", "said"), [
    ({"first": "x"}, ["--from: `x` is no year", "as 2010"]),
    ({"first": "2010.5"}, ["`2010.5` is no year"]),
    ({"first": None, "last": None}, ["--from: is not given", "--to: is not given"]),
    ({"first": "2012"}, ["--to: ends in 2011, before it begins in 2012", "--from 2011 --to 2012"]),
    ({"first": "1900"}, ["--from: is 1900", "from 1941 to 2100"]),
    ({"first": "1950"}, ["1950 to 2011 are 62 years", "at most 60"]),
    ({"on": "13-01"}, ["--on: `13-01` is no day", "12-31"]),
    ({"on": "02-30"}, ["`02-30` is no day"]),
    ({"on": "today"}, ["`today` is no day"]),
    ({"regimes": ["alied"]}, ["--regime: `alied` is no regime", "did you mean `allied`"]),
    ({"plans": ["plan"]}, ["--plan: `plan` is no plan of this case", "planned"]),
    ({"trials": 10**11, "seed": 2**63}, ["--trials: is 1000", "from 1 to 10000000", "--seed: is 9223"]),
    ({"trials": 0, "seed": -1}, ["--trials: is 0", "--seed: is -1", "2 problems"]),
    ({"first": "x", "last": "y", "on": "z", "regimes": ["a"], "plans": ["b"]}, ["5 problems"]),
])  # fmt: skip
def test_mistakes_are_told(arguments: dict[str, object], said: list[str]) -> None:
    with pytest.raises(InputError) as found:
        timeline_request(CASE, **{"first": "2010", "last": "2011", **arguments})  # type: ignore[arg-type]
    told = str(found.value)
    assert all(words in told for words in said), told


def test_a_case_without_plans_says_so() -> None:
    with pytest.raises(InputError, match="the case has none; give some under `timeline: plans:`"):
        timeline_request(built_up(""), "2010", "2011", plans=["any"])


@pytest.mark.parametrize(("year", "day"), [(2023, 28), (2024, 29), (2100, 28), (2000, 29)])
def test_a_leap_day_is_the_last_of_february(year: int, day: int) -> None:
    asked = timeline_request(CASE, year, year, on="02-29")
    assert asked.day(year).day == day
