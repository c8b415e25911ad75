"""The phases of missile defence in Europe, as planned and as they happened, in the case `europe`."""

from __future__ import annotations

import datetime as dt

import pytest

from synaspis import api
from synaspis.files.case import load
from synaspis.studies.years import as_planned

CASE = load("europe")
PLAN = CASE.file.timeline.plan("epaa-planned")
PHASES = {"kurecik", "rotating-ship", "rota-levant", "rota-aegean", "deveselu", "redzikowo"}


def standing(year: int, planned: bool = False) -> set[str]:
    case = as_planned(CASE, PLAN) if planned else CASE
    then = case.on(dt.date(year, 12, 31)).file
    return PHASES & {*(s.name for s in then.sensors), *(b.name for b in then.batteries)}


@pytest.mark.parametrize(("year", "sites"), [
    (2010, set()),
    # USS Monterey, March 2011 (AFP, 1 March 2011); Kürecik from 1 January 2012 (Hürriyet through CNN).
    (2011, {"rotating-ship"}), (2012, {"rotating-ship", "kurecik"}),
    # USS Donald Cook at Rota on 11 February 2014 (NATO news 107082), the fourth ship on 25 September 2015.
    (2014, {"rota-levant", "kurecik"}), (2015, {"rota-levant", "rota-aegean", "kurecik"}),
    # Deveselu declared operational on 12 May 2016 (USNI News).
    (2016, {"rota-levant", "rota-aegean", "kurecik", "deveselu"}),
    (2023, {"rota-levant", "rota-aegean", "kurecik", "deveselu"}),
    # Redzikowo mission ready on 10 July 2024 (NATO).
    (2024, {"rota-levant", "rota-aegean", "kurecik", "deveselu", "redzikowo"}),
])  # fmt: skip
def test_the_phases_as_they_happened(year: int, sites: set[str]) -> None:
    assert standing(year) == sites


@pytest.mark.parametrize(("year", "sites"), [
    # US Department of State, 2011: phase 1 in the 2011 timeframe, 2 in 2015, 3 in 2018.
    (2010, set()), (2011, {"kurecik"}), (2014, {"kurecik"}), (2015, {"kurecik", "deveselu"}),
    (2017, {"kurecik", "deveselu"}), (2018, {"kurecik", "deveselu", "redzikowo"}),
])  # fmt: skip
def test_the_phases_as_planned(year: int, sites: set[str]) -> None:
    assert standing(year, planned=True) - {"rotating-ship", "rota-levant", "rota-aegean"} == sites


def test_nothing_of_the_fourth_phase_is_made_up() -> None:
    """Cancelled on 15 March 2013; no SM-3 Block IIB was ever built."""
    assert "SM-3 Block IIB" in PLAN.note
    assert not any("iib" in b.system for b in CASE.every_site.batteries)


def test_the_allied_missions_in_turkiye_ended_in_2015() -> None:
    """NATO news 98494, 16 February 2013; Netherlands Ministry of Defence; AFP, 5 October 2015."""
    mission = {"adana-dutch-patriot", "maras-german-patriot", "gaziantep-us-patriot"}
    for year, here in ((2012, set()), (2013, mission), (2014, mission), (2015, set())):
        then = CASE.on(dt.date(year, 12, 31)).file
        assert mission & {b.name for b in then.batteries} == here
    assert not mission & {b.name for b in CASE.file.batteries}


def test_the_year_of_the_case_is_its_run_to_the_last_digit() -> None:
    regimes = ["national", "allied"]
    run = api.run(CASE, regimes=regimes, trials=20, jobs=1)
    years = api.timeline(CASE, 2024, 2024, regimes=regimes, plans=[], trials=20, jobs=1)
    for name in regimes:
        r, y = run.regimes[name], years.years[0].regimes[name]
        assert y.protected_population.value == r.protected_population
        assert (y.covered_population, y.leakers) == (r.covered_population, r.leakers)
        assert {c: n.warning_s for c, n in y.nations.items()} == {
            c: n.warning_s for c, n in r.nations.items()
        }


def test_redzikowos_delay_left_people_uncovered() -> None:
    """2,018 days from the end of 2018 to 10 July 2024. The people are the model's own, held against drift.

    Tolerance: 5 %, what a change of flights or of the places in the case may move; luck has no part in it.
    """
    told = api.timeline(CASE, 2019, 2019, regimes=["allied"], trials=20, jobs=1)
    (redzikowo,) = (m for m in told.plans[0].moved if m.site == "redzikowo")
    assert redzikowo.late_days == 2018
    short = redzikowo.alone["allied"]
    assert short.covered == pytest.approx(38.3e6 * 365 / 365.25, rel=0.05)
    assert short.covered_existing < 0.02 * short.covered, "the class that exists does not need the site"
    assert told.plans[0].only_by_hypothetical["allied"] > 0.9 * short.protected.value
