"""Years as they happened and as planned: each is a run of its day, and sums are over days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest

from synaspis import api
from synaspis.files.case import load
from synaspis.model.timeline import RegimeYear, TimelineAnswer, document
from tests.built_up import TIMELINE, built_up

CASE = built_up()
TRIALS = 60


@cache
def answer(first: int = 2008, last: int = 2024) -> TimelineAnswer:
    return api.timeline(CASE, first, last, trials=TRIALS, seed=3, jobs=1)


def same_as_run(year: RegimeYear, run: api.RunAnswer, regime: str) -> None:
    r = run.regimes[regime]
    assert year.protected_population.value == r.protected_population
    assert year.protected_spread == r.protected_spread
    assert year.population_at_risk == r.population_at_risk
    assert year.covered_population == r.covered_population
    assert year.covered_twice_population == r.covered_twice_population
    assert year.leakers == r.leakers
    assert sum(year.kills.values()) == pytest.approx(sum(r.kills.values()), abs=1e-12)
    for code, n in r.nations.items():
        mine = year.nations[code]
        assert mine.warning_s == n.warning_s and mine.protected_population == n.protected_population
        assert mine.covered_population == n.covered_population


def test_the_year_of_the_cases_date_is_its_run() -> None:
    """Exactly: the same sums over the same trials in the same order."""
    case = load("first-light")
    run = api.run(case, trials=TRIALS, seed=3, jobs=1)
    years = api.timeline(case, 2024, 2024, trials=TRIALS, seed=3, jobs=1).years
    for regime in ("national", "allied"):
        same_as_run(years[0].regimes[regime], run, regime)


@pytest.mark.parametrize("year", [2012, 2018, 2024])
def test_a_year_is_the_run_of_a_case_with_what_is_there_by_then(year: int) -> None:
    """Nothing of the history but what stands on the day: the dates are taken out of the file."""
    then = CASE.in_year(dt.date(year, 12, 31))
    file = replace(
        then.file,
        sensors=tuple(replace(s, since=None) for s in then.file.sensors),
        batteries=tuple(replace(b, since=None) for b in then.file.batteries),
    )
    run = api.run(replace(then, file=file, whole=None), trials=TRIALS, seed=3, jobs=1)
    (found,) = (y for y in answer().years if y.year == year)
    for regime in found.regimes:
        same_as_run(found.regimes[regime], run, regime)


def test_more_years_never_change_a_years_figures() -> None:
    few = {y.year: y for y in answer(2015, 2017).years}
    many = {y.year: y for y in answer().years}
    assert all(many[year] == few[year] for year in few)
    plan, whole = answer(2015, 2017).plans[0], answer().plans[0]
    assert all(whole.years[year] == plan.years[year] for year in plan.years)


def test_equal_years_are_played_once() -> None:
    happened = [y.regimes for y in answer().years]
    assert answer(2017, 2019).played == 1, "the plan makes no difference in these years"
    assert happened[9] == happened[10] and happened[7] != happened[8]


def test_a_year_tells_what_is_new_since_the_year_before() -> None:
    came = {c.name: y.year for y in answer().years for c in y.changes if c.begins and c.kind == "site"}
    assert came == {"kurecik": 2012, "deveselu": 2016, "bucharest-patriot": 2023}
    assert sum(len(y.changes) for y in answer().years) == len({c for y in answer().years for c in y.changes})
    (only,) = answer(2017, 2017).years
    assert only.changes == ()


def test_years_before_everything_are_answered() -> None:
    early = api.timeline(CASE, 1950, 1951, trials=5, jobs=1)
    assert early.years[0].sites == ("geo-east", "geo-west") and early.undated == ("geo-east", "geo-west")
    assert early.years[0].raid == {}
    assert all(r.protected_population.value == 0.0 for y in early.years for r in y.regimes.values())
    assert early.plans[0].shortfall["allied"].lags == ()


def test_a_plan_equal_to_what_happened_falls_short_of_nothing() -> None:
    kurecik = next(m for m in answer().plans[0].moved if m.site == "kurecik")
    assert kurecik.late_days == 0 and kurecik.alone["allied"].lags == ()
    assert kurecik.alone["allied"].protected.value == 0.0


def test_people_years_are_people_times_days() -> None:
    """Deveselu alone: from the planned 1 January 2015 to 12 May 2016, cut at New Year."""
    plan = answer().plans[0]
    (one,) = (m for m in plan.moved if m.site == "deveselu")
    assert one.late_days == 497
    short = one.alone["allied"]
    days = sum((dt.date.fromisoformat(x.end) - dt.date.fromisoformat(x.start)).days for x in short.lags)
    assert days == 497 and short.lags[0].start == "2015-01-01" and short.lags[-1].end == "2016-05-12"
    years = {
        x: (dt.date.fromisoformat(x.end) - dt.date.fromisoformat(x.start)).days / 365.25 for x in short.lags
    }
    assert short.protected.value == pytest.approx(sum(x.protected * years[x] for x in short.lags), rel=1e-12)
    assert sum(short.protected_by_year.values()) == pytest.approx(short.protected.value, rel=1e-12)
    assert set(short.protected_by_year) == {2015, 2016}
    assert (
        sum(short.covered_by_year.values()) == pytest.approx(short.covered, rel=1e-12) and short.covered > 0
    )
    assert short.covered == pytest.approx(sum(x.covered * years[x] for x in short.lags), rel=1e-12)
    assert sum(short.nations.values()) == pytest.approx(short.covered, rel=1e-12)
    happened, planned = answer().years[2015 - 2008], plan.years[2015]
    lag = short.lags[0]
    more = (
        planned["allied"].protected_population.value - happened.regimes["allied"].protected_population.value
    )
    assert lag.protected == pytest.approx(more, rel=1e-9) and more > 0.0


def test_the_whole_plan_is_its_parts_where_they_do_not_overlap() -> None:
    plan = answer().plans[0]
    for regime in ("national", "allied"):
        parts = sum(m.alone[regime].protected.value for m in plan.moved)
        assert plan.shortfall[regime].protected.value == pytest.approx(parts, rel=1e-9)


def test_what_rests_on_hypothetical_classes_is_told() -> None:
    assert answer().hypothetical == () and answer().plans[0].only_by_hypothetical["allied"] == 0.0
    timeline = TIMELINE.replace("mrbm-2000", "irbm-4500")
    text = (
        built_up().text.decode().replace(TIMELINE, timeline).replace("mrbm-2000, launch", "irbm-4500, launch")
    )
    from synaspis.files.case import resolve

    guessed, problems = resolve(text.encode(), "guessed.yaml")
    assert guessed is not None, problems
    told = api.timeline(guessed, 2015, 2016, trials=5, jobs=1)
    short = told.plans[0].shortfall["allied"]
    assert told.hypothetical == ("irbm-4500",)
    assert told.plans[0].only_by_hypothetical["allied"] == pytest.approx(short.protected.value, abs=1e-9)
    assert short.covered_existing == 0.0


def test_costs_are_those_of_the_year_under_each_regime() -> None:
    for y in answer().years:
        assert y.cost["allied"].low <= y.cost["allied"].value <= y.cost["allied"].high
        assert sum(x.value for x in y.paid.values()) == pytest.approx(y.cost["allied"].value)
    by_year = {y.year: y.cost["allied"].value for y in answer().years}
    assert by_year[2016] > by_year[2017] > by_year[2010] >= 0.0, "what comes is paid when it comes"


def test_any_number_of_workers_gives_the_same() -> None:
    two = api.timeline(CASE, 2014, 2017, trials=TRIALS, seed=3, jobs=2)
    one = api.timeline(CASE, 2014, 2017, trials=TRIALS, seed=3, jobs=1)
    assert document(two) == document(one)


def test_shares_are_the_headlines_and_add_up_to_its_worth() -> None:
    told = api.timeline(CASE, 2020, 2020, plans=[], trials=TRIALS, seed=3, shares=True, jobs=1)
    year = told.years[0].regimes
    assert year["national"].shapley == {}
    assert sum(x.value for x in year["allied"].shapley.values()) == pytest.approx(
        year["allied"].protected_population.value, rel=1e-9
    )
    assert set(year["allied"].shapley) == {"USA", "ROU", "TUR", "BGR"}


def test_progress_goes_from_nothing_to_all() -> None:
    told: list[tuple[str, float]] = []
    api.timeline(CASE, 2016, 2018, trials=2, jobs=1, progress=lambda stage, part: told.append((stage, part)))
    parts = [part for _, part in told]
    assert parts == sorted(parts) and parts[0] == 0.0 and told[-1] == ("done", 1.0)
    assert all(0.0 <= part <= 1.0 for part in parts)
