"""Keys lead to values of a case file, and what they make is what a file changed by hand would be."""

from __future__ import annotations

import datetime as dt
from importlib import resources

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.files.case import resolve
from synaspis.files.varied import Variants
from synaspis.model.case import Case
from synaspis.model.sweep import Settings

EUROPE, LIGHT = api.load("europe"), api.load("first-light")


def made(*settings: tuple[str, str], case: Case = LIGHT) -> Case:
    return Variants(case).of(settings)


def by_hand(name: str, old: str, new: str) -> Case:
    text = (resources.files("synaspis.cases") / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    case, problems = resolve(text.replace(old, new).encode(), name)
    assert case is not None, problems
    return case


@pytest.mark.parametrize(("case", "key", "value", "old", "new"), [
    (LIGHT, "clauses.own-2.decision_s", "20", "national, decision_s: 60", "national, decision_s: 20"),
    (LIGHT, "agreements.own-affairs.authorities.own-2.decision_s", "20", "national, decision_s: 60",
     "national, decision_s: 20"),
    (LIGHT, "date", "2015-12-01", "date: 2024-12-01", "date: 2015-12-01"),
    (LIGHT, "batteries.bucharest-patriot.rounds", "3", "name: bucharest-patriot,",
     "name: bucharest-patriot, rounds: 3,"),
    (LIGHT, "sensors.kurecik.availability", "0.5", "name: kurecik,", "name: kurecik, availability: 0.5,"),
    (LIGHT, "agreements.nato-bmd", "off", "agreements: [basing, own-affairs, nato-bmd]",
     "agreements: [basing, own-affairs]"),
    (LIGHT, "sensors.kurecik", "off", "name: kurecik,", "name: kurecik, until: 2024-11-30,"),
    (EUROPE, "clauses.bmd-6.decision_s", "90", "deciders: [USA], decision_s: 18, spread: 0.4,\n         "
     "unreachable: 0.01, assumed: true,\n         note: \"Allied Air Command at Ramstein (A",
     "deciders: [USA], decision_s: 90, spread: 0.4,\n         "
     "unreachable: 0.01, assumed: true,\n         note: \"Allied Air Command at Ramstein (A"),
])  # fmt: skip
def test_a_key_makes_what_a_change_by_hand_makes(
    case: Case, key: str, value: str, old: str, new: str
) -> None:
    changed = made((key, value), case=case)
    assert changed.every_site == by_hand(case.name, old, new).every_site != case.every_site
    assert changed.file == by_hand(case.name, old, new).file
    assert changed.sha256 != case.sha256


def test_nothing_set_is_the_case_itself() -> None:
    assert made() is LIGHT


def test_a_clause_goes_and_an_agreement_leaves_every_regime() -> None:
    gone = made(("clauses.bmd-2", "off"))
    ids = {c.id for a in gone.file.agreements for c in a.clauses}
    assert "bmd-2" not in ids and {"bmd-1", "bmd-3"} <= ids
    assert made(("clauses.bmd-2", "on")).file == LIGHT.file
    out = made(("agreements.basing", "off"))
    assert all("basing" not in r.agreements for r in out.file.regimes)


def test_a_site_is_away_on_the_day_that_is_set_and_back_again() -> None:
    day = dt.date(2016, 1, 1)
    away = made(("sensors.kurecik", "off"), ("date", day.isoformat()))
    assert "kurecik" not in [s.name for s in away.file.sensors] and away.file.date == day
    assert made(("sensors.kurecik", "on")).file == LIGHT.file


def test_salvo_is_missiles_in_each_row_and_scale_keeps_the_time_that_the_raid_takes() -> None:
    assert [f.count for f in made(("raid.salvo", "5")).file.raid] == [5, 5]
    twice = made(("raid.scale", "2")).file.raid
    assert [f.count for f in twice] == [4, 2]
    assert [f.interval_s for f in twice] == [30.0, 15.0]
    assert made(("raid.scale", "1")).file == LIGHT.file


def test_each_sets_all_sites_but_only_clauses_that_say_it() -> None:
    assert {b.rounds for b in made(("batteries.each.rounds", "7")).file.batteries} == {7}
    told = made(("clauses.each.decision_s", "9"))
    assert [a.decision_s for g in told.file.agreements for a in g.authorities] == [9.0, 9.0]
    assert [c.decision_s for g in told.file.agreements for c in g.consents] == [
        c.decision_s for g in LIGHT.file.agreements for c in g.consents
    ]


def test_a_figure_of_the_catalogue_is_set_in_its_unit() -> None:
    changed = made(("catalog.sm-3-ib.p_kill.mrbm", "0.25"))
    assert changed.interceptors["sm-3-ib"].p_kill["mrbm"] == 0.25
    slower = made(("catalog.sm-3-ib.burnout_speed", "2.9"))
    assert slower.interceptors["sm-3-ib"].burnout_speed_mps == pytest.approx(2900.0)
    assert slower.file == LIGHT.file


@pytest.mark.parametrize(("settings", "what", "mend"), [
    ((("raid.target", "Sofia"),), "is an input, never varied", "raid.salvo, raid.scale"),
    ((("launch_areas.Tabriz area.latitude_deg", "38"),), "is an input, never varied", "raid.salvo"),
    ((("assets.Sofia.latitude_deg", "38"),), "is an input, never varied", "raid.salvo"),
    ((("raid.salvo", "2.5"),), "no whole number", "4,8,16"),
    ((("raid.salvo", "0"),), "no whole number", "4,8,16"),
    ((("raid.salvo", "501"),), "`count` is 501", "from 1 to 500"),
    ((("sensor.kurecik", "off"),), "no axis `sensor`", "did you mean `sensors`?"),
    ((("sensors.kurecek", "off"),), "no `kurecek`", "did you mean `kurecik`?"),
    ((("sensors.kurecik.availabilty", "1"),), "no `availabilty`", "did you mean `availability`?"),
    ((("sensors.kurecik", "of"),), "neither on nor off", "sensors.kurecik."),
    ((("sensors", "off"),), "`sensors` is a list", "sensors.geo-east"),
    ((("sensors.kurecik.name", "x"),), "no `name`", ""),
    ((("clauses.own-2.deciders", "USA"),), "is a list", ""),
    ((("date.year", "2020"),), "is one value", "end the key there"),
    ((("clauses.own-2.decision_s", "soon"),), "`soon`, not a number", "number"),
    ((("clauses.own-2.decision_s", "-1"),), "`decision_s` is -1", "give a value"),
    ((("state_of_alert", "panic"),), "cannot be `panic`", "peace"),
    ((("catalog.sm-3-ib.p_kil.mrbm", "1"),), "has no figure `p_kil.mrbm`", "did you mean `p_kill"),
    ((("catalog.sm-3-ic.p_kill.mrbm", "1"),), "uses no entry `sm-3-ic`", "did you mean `sm-3-ib`?"),
    ((("catalog.sm-3-ib.p_kill.mrbm", "1.5"),), "outside what can be", "from 0 to 1"),
    ((("catalog.sm-3-ib.p_kill.mrbm", "x"),), "is not a number", "a number"),
    ((("catalog.mrbm-2000.reliability", "0.1"),), "stays within its published band", "0.7 to 0.95"),
    ((("catalog.patriot-mse.channels", "2.5"),), "not a whole number", "whole"),
])  # fmt: skip
def test_what_cannot_be_set_is_said_with_its_mend(settings: Settings, what: str, mend: str) -> None:
    with pytest.raises(InputError) as refused:
        made(*settings)
    (problem,) = refused.value.problems
    assert what in problem.what and mend in problem.mend
    assert problem.file.startswith("--vary ") and problem.line == 0


def test_a_problem_elsewhere_in_the_file_is_told_with_the_settings() -> None:
    with pytest.raises(InputError) as refused:
        made(("agreements.nato-bmd.since", "2020-01-01"), ("agreements.nato-bmd.until", "2019-01-01"))
    told = str(refused.value)
    assert "2019-01-01" in told


def test_the_case_that_is_varied_stays_as_it_was() -> None:
    variants = Variants(LIGHT)
    variants.of((("raid.salvo", "9"),))
    variants.of((("agreements.basing", "off"),))
    assert variants.of((("clauses.bmd-2", "on"),)).file == LIGHT.file
