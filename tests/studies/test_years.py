"""A case on other days: which days differ, and what is played for each."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest

from synaspis.model.case import Case
from synaspis.studies.arena import silent
from synaspis.studies.changes import changes
from synaspis.studies.coverage import covered_assets, least_by_class, probe_arena
from synaspis.studies.shortfall import spans
from synaspis.studies.years import _covered, as_planned, play_states, state_on, turning_days
from tests.built_up import built_up

CASE = built_up()
REGIMES = ("national", "allied")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def batteries(case: Case, on: str) -> tuple[str, ...]:
    return tuple(b.name for b in case.in_year(day(on)).file.batteries)


def test_a_plan_moves_its_sites_and_nothing_else() -> None:
    planned = as_planned(CASE, CASE.file.timeline.plan("planned"))
    assert batteries(planned, "2015-01-01") == ("deveselu",)
    assert batteries(planned, "2020-01-01") == ("deveselu", "bucharest-patriot")
    assert batteries(CASE, "2016-05-11") == ()
    assert planned.file == CASE.file
    only = as_planned(CASE, CASE.file.timeline.plan("planned"), ("deveselu",))
    assert batteries(only, "2022-01-01") == ("deveselu",)


def test_equal_days_are_one_state_and_every_change_makes_another() -> None:
    turning = turning_days(CASE, day("2008-01-01"), day("2025-12-31"))
    assert [d.isoformat() for d in turning] == [
        "2009-05-20", "2011-09-13", "2012-01-01", "2014-01-01", "2016-05-12", "2016-07-09", "2023-11-17",
    ]  # fmt: skip
    for d in turning:
        before, now = (state_on(CASE, REGIMES, x)[0] for x in (d - dt.timedelta(days=1), d))
        assert before != now
    starts = [day("2008-01-01"), *turning]
    ends = [*turning, day("2026-01-01")]
    for start, end in zip(starts, ends, strict=True):
        assert state_on(CASE, REGIMES, start)[0] == state_on(CASE, REGIMES, end - dt.timedelta(days=1))[0]


def test_an_agreement_that_no_regime_asked_for_has_makes_no_other_state() -> None:
    before, after = day("2016-07-08"), day("2016-07-09")
    assert state_on(CASE, ("national",), before)[0] == state_on(CASE, ("national",), after)[0]
    assert state_on(CASE, ("allied",), before)[0] != state_on(CASE, ("allied",), after)[0]


def test_changes_are_told_once_and_in_order() -> None:
    years = [changes(CASE, REGIMES, day(f"{y - 1}-12-31"), day(f"{y}-12-31")) for y in range(2008, 2026)]
    told = [(c.date, c.name, c.begins) for year in years for c in year]
    assert told == sorted(told, key=lambda c: c[0]) and len(told) == len(set(told))
    assert ("2016-05-12", "deveselu", True) in told and ("2013-12-31", "mrbm-2000", False) in told
    (nato,) = (c for year in years for c in year if c.name == "nato-bmd")
    assert nato.regimes == ("allied",) and nato.kind == "agreement"
    (one,) = (c for year in years for c in year if c.name == "deveselu")
    assert one.kind == "site" and one.title == "aegis-ashore-ib" and one.regimes == ()


def test_what_ends_changes_the_day_after_its_last() -> None:
    case = built_up("", deveselu="since: 2016-05-12, until: 2018-12-31")
    assert [c.name for c in changes(case, REGIMES, day("2018-12-30"), day("2018-12-31"))] == []
    (gone,) = changes(case, REGIMES, day("2018-12-31"), day("2019-12-31"))
    assert (gone.name, gone.begins, gone.date) == ("deveselu", False, "2018-12-31")


def test_clauses_that_keep_other_dates_than_their_agreement_are_told() -> None:
    nato = CASE.file.agreements[2]
    late = replace(nato.releases[0], since=day("2018-01-01"))
    file = replace(CASE.file, agreements=(*CASE.file.agreements[:2], replace(nato, releases=(late,))))
    case = replace(CASE, file=file, whole=None)
    (told,) = changes(case, REGIMES, day("2017-12-31"), day("2018-12-31"))
    assert (told.kind, told.name) == ("clause", "bmd-1")


def test_spans_cover_the_years_without_gap_and_never_cross_a_new_year() -> None:
    found = spans([day("2012-02-29"), day("2012-07-01"), day("2099-01-01")], 2011, 2013)
    assert found[0][0] == day("2011-01-01") and found[-1][1] == day("2014-01-01")
    assert all(a[1] == b[0] for a, b in itertools.pairwise(found))
    assert all(start.year == (end - dt.timedelta(days=1)).year for start, end in found)
    assert len(found) == 5


def test_covered_by_class_is_covered_in_all() -> None:
    probing = probe_arena(CASE.on(day("2024-12-01")), 1)
    for regime in REGIMES:
        least = least_by_class(probing, regime)
        once, twice = covered_assets(probing, regime)
        assert np.array_equal(_covered(least.values(), 1, len(once)), once)
        assert np.array_equal(_covered(least.values(), 2, len(once)), twice)


@pytest.mark.parametrize(
    ("counts", "covered"),
    [(((1,), (0,)), False), (((1,), (-1,)), True), (((-1,), (-1,)), False), (((2,), (1,)), True)],
)
def test_a_class_that_does_not_reach_a_place_leaves_it_covered(
    counts: tuple[tuple[int], tuple[int]], covered: bool
) -> None:
    assert _covered([np.array(c) for c in counts], 1, 1).tolist() == [covered]


def test_a_year_without_missiles_has_nobody_at_risk() -> None:
    state, case = state_on(CASE, REGIMES, day("2008-12-31"))
    found = play_states({state: case}, REGIMES, 5, 1, 1, silent)[state]["allied"]
    assert found.year.population_at_risk == found.year.protected_population.value == 0.0
    assert found.by_trial.tolist() == [0.0] * 5 and not found.covered.any()
    assert set(found.year.nations) == {"ROU", "BGR"}


def test_a_year_without_any_site_protects_nobody() -> None:
    case = built_up("", geo_east="since: 2000-01-01", geo_west="since: 2000-01-01")
    state, then = state_on(case, REGIMES, day("1990-12-31"))
    assert then.file.sensors == then.file.batteries == ()
    found = play_states({state: then}, REGIMES, 20, 1, 1, silent)[state]
    for regime in REGIMES:
        year = found[regime].year
        assert year.population_at_risk > 0.0 and year.leakers.mean > 0.0
        assert year.protected_population.value == year.covered_population == year.warning_s.p95 == 0.0
        assert year.kills == {}
