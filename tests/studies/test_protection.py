"""What a run answers: it adds up, it stays within its bounds, and it means what the design says."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from synaspis import api
from synaspis.engine import layout as rows
from synaspis.engine.batch import play
from synaspis.errors import UnreachableError
from synaspis.model.answers import CAUSES, SWITCHES, RunAnswer
from synaspis.model.case import Case
from synaspis.studies.arena import Mix, arena, protected_by_trial, protected_population, pure, silent
from synaspis.studies.coverage import covered_assets, engagements, probe_arena, probes
from synaspis.studies.difference import begin_difference, shares
from synaspis.studies.marks import flights, sites
from synaspis.studies.protection import spread, warned_people, weighted_warning
from tests.engine.scene import first_light, with_battery, with_file, with_systems

TRIALS, SEED = 400, 5


@pytest.fixture(scope="module")
def answer() -> RunAnswer:
    return api.run("first-light", trials=TRIALS, seed=SEED, jobs=1)


# -- the split --------------------------------------------------------------------------------------


def test_the_four_parts_add_up_to_the_whole(answer: RunAnswer) -> None:
    d = answer.difference
    assert d is not None
    assert d.information + d.mandate + d.authority + d.coordination == pytest.approx(d.whole, rel=1e-9)
    headline, against = answer.regimes[d.headline], answer.regimes[d.against]
    assert d.whole == pytest.approx(headline.protected_population - against.protected_population, rel=1e-12)
    assert d.whole > 100_000


def slow_nations() -> Case:
    """First light with national decisions that take too long: authority matters as well as mandate."""
    case = first_light()
    slow = tuple(
        replace(x, authorities=tuple(replace(y, decision_s=430.0) for y in x.authorities))
        if x.name == "own-affairs"
        else x
        for x in case.file.agreements
    )
    return with_file(case, agreements=slow)


def test_the_split_is_that_of_the_sixteen_mixes() -> None:
    a = arena(slow_nations(), 1)
    high, low = a.rules("allied"), a.rules("national")
    worth = {}
    for n in range(5):
        for chosen in combinations(SWITCHES, n):
            mix = Mix(**{s: high if s in chosen else low for s in SWITCHES})
            worth[frozenset(chosen)] = protected_population(a.w, play(a.tables(mix), SEED, TRIALS, 1))
    found = begin_difference(a, "allied", "national", SEED, TRIALS)(silent)
    expected = shares(worth)
    assert {s: getattr(found, s) for s in SWITCHES} == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert min(abs(expected["mandate"]), abs(expected["authority"])) > 10_000, "or the mixes are alike"


def test_what_rests_on_a_class_that_does_not_exist_is_told_apart(answer: RunAnswer) -> None:
    assert answer.difference is not None
    assert answer.difference.hypothetical == 0.0
    case = first_light()
    supposed = replace(case.threats["mrbm-2000"], name="supposed", status="hypothetical")
    raid = tuple(replace(f, threat="supposed") if f.target == "Sofia" else f for f in case.file.raid)
    assert {f.threat for f in raid} == {"supposed", "mrbm-2000"}
    case = replace(with_file(case, raid=raid), threats={**case.threats, "supposed": supposed})
    found = api.run(case, trials=TRIALS, seed=SEED, jobs=1)
    d = found.difference
    assert d is not None
    sofia = [found.regimes[n].nations["BGR"].protected_population for n in (d.headline, d.against)]
    assert d.hypothetical == pytest.approx(sofia[0] - sofia[1], rel=1e-9)
    assert 0 < d.hypothetical < d.whole
    both = (*raid, replace(next(f for f in raid if f.target == "Sofia"), threat="mrbm-2000"))
    mixed = api.run(
        replace(case, file=replace(case.file, raid=both)), trials=TRIALS, seed=SEED, jobs=1
    ).difference
    assert mixed is not None
    assert mixed.whole - mixed.hypothetical > mixed.whole, "one of two missed is a place hit"


def test_a_clause_gains_what_is_lost_without_it(answer: RunAnswer) -> None:
    assert answer.difference is not None
    a = arena(first_light(), 1)
    rule = a.rules("allied")
    full = protected_population(a.w, play(a.tables(pure(rule)), SEED, TRIALS, 1))
    assert {c.id for c in answer.difference.clauses} == {"bmd-1", "bmd-2", "bmd-3"}
    for clause in answer.difference.clauses:
        rest = protected_population(a.w, play(a.tables(pure(rule.without(clause.id))), SEED, TRIALS, 1))
        assert clause.gain == pytest.approx(full - rest, abs=1e-6)
        assert clause.agreement == "nato-bmd"
    groups = {c.id: c.group for c in answer.difference.clauses}
    assert groups == {"bmd-1": "information", "bmd-2": "mandate", "bmd-3": "authority"}


# -- bounds -----------------------------------------------------------------------------------------


def test_nobody_is_protected_who_was_not_at_risk(answer: RunAnswer) -> None:
    people = sum(a.population for a in first_light().file.assets)
    for regime in answer.regimes.values():
        assert 0.0 <= regime.protected_population <= regime.population_at_risk <= people
        assert regime.covered_twice_population <= regime.covered_population <= people
        assert 0.0 <= regime.p_no_leaker <= 1.0
        for nation in regime.nations.values():
            assert 0.0 <= nation.protected_population <= nation.population_at_risk
            assert nation.covered_twice_population <= nation.covered_population
            assert nation.warning_s.p05 <= nation.warning_s.p50 <= nation.warning_s.p95
            seconds = [nation.warned_people[s] for s in (90, 300, 600)]
            assert seconds == sorted(seconds, reverse=True)
            assert seconds[0] <= nation.population_at_risk + 1e-6


def test_nations_add_up_to_the_regime(answer: RunAnswer) -> None:
    for regime in answer.regimes.values():
        for name in ("protected_population", "population_at_risk", "covered_population"):
            total = sum(getattr(n, name) for n in regime.nations.values())
            assert total == pytest.approx(getattr(regime, name), rel=1e-12)
        assert sum(n.leakers_mean for n in regime.nations.values()) == pytest.approx(regime.leakers.mean)


def test_every_landing_is_a_leak_a_kill_or_prevented(answer: RunAnswer) -> None:
    for regime in answer.regimes.values():
        landing = answer.self_check["landings_undefended"]
        assert regime.leakers.mean + regime.prevented_impacts.mean == pytest.approx(landing)
        assert sum(regime.kills.values()) == pytest.approx(regime.prevented_impacts.mean)
        assert sum(regime.kills_by_layer.values()) == pytest.approx(sum(regime.kills.values()))
        assert set(regime.shots_lost) == set(CAUSES)
    assert abs(answer.self_check["landings_z"]) < 4.0
    assert answer.self_check["largest_closure_error_m"] < 1000.0


def test_a_regime_of_fewer_clauses_protects_no_more_here(answer: RunAnswer) -> None:
    """Rounds suffice in this case, so `national`, whose clauses are all in `allied`, is a floor."""
    case = first_light()
    silent = replace(case.file.regimes[0], name="floor", agreements=())
    case = with_file(case, regimes=(silent, *case.file.regimes))
    found = api.run(case, trials=TRIALS, seed=SEED, jobs=1).regimes
    floor, national, allied = (found[r] for r in ("floor", "national", "allied"))
    assert floor.protected_population == 0.0
    assert floor.protected_population <= national.protected_population <= allied.protected_population
    for code, nation in found["national"].nations.items():
        assert nation.protected_population <= found["allied"].nations[code].protected_population
    assert found["national"] == answer.regimes["national"], "same luck, whichever regimes are asked"


def test_one_leaker_leaves_a_city_unprotected() -> None:
    """Population x [P(no impact | defended) - P(no impact | undefended)], by hand."""
    a = arena(first_light(), 1)
    out = play(a.tables(pure(a.rules("allied"))), SEED, TRIALS, 1)
    total = 0.0
    for row, asset in enumerate(a.w.assets):
        at = [t for t, m in enumerate(a.w.missiles) if m.target == row]
        spared = (~(out.fate[:, at] == rows.LEAKED).any(axis=1)).mean()
        undefended = (~out.lands[:, at].any(axis=1)).mean()
        total += asset.population * (spared - undefended)
    assert protected_population(a.w, out) == pytest.approx(total)
    before, after = protected_by_trial(a.w, out)
    assert (after <= before).all()


# -- warning ----------------------------------------------------------------------------------------


def test_warning_percentiles_are_weighted_by_people_and_include_zeros() -> None:
    seconds = np.array([[0.0, 100.0], [0.0, 300.0], [np.nan, 200.0]], np.float32)
    found = weighted_warning(seconds, np.array([1.0, 9.0]))
    assert (found.p05, found.p50, found.p95) == (0.0, 200.0, 300.0)
    heavy = weighted_warning(seconds, np.array([9.0, 1.0]))
    assert (heavy.p50, heavy.p95) == (0.0, 200.0)
    nothing = weighted_warning(np.full((3, 1), np.nan, np.float32), np.array([5.0]))
    assert (nothing.p05, nothing.p50, nothing.p95) == (0.0, 0.0, 0.0)


def test_people_warned_are_counted_where_something_comes() -> None:
    seconds = np.array([[0.0, 100.0], [90.0, np.nan]], np.float32)
    assert warned_people(seconds, np.array([10.0, 1000.0]), 90) == pytest.approx(5.0 + 500.0)


def test_spread() -> None:
    found = spread(np.arange(101))
    assert (found.mean, found.p05, found.p95) == (50.0, 5.0, 95.0)


def test_warning_is_impact_less_alert_less_dissemination(answer: RunAnswer) -> None:
    a = arena(first_light(), 1)
    warned = a.pictures(a.rules("allied")).warned_s
    practice = first_light().warnings["public-warning"]
    for code, target in (("ROU", "Bucharest"), ("BGR", "Sofia")):
        u = a.g.flight_of[next(t for t, m in enumerate(a.w.missiles) if a.w.assets[m.target].name == target)]
        best = a.g.impact_s[u] - warned[a.w.nation(code), u] - practice.dissemination_s
        told = answer.regimes["allied"].nations[code].warning_s
        assert best - 60.0 < told.p50 <= best + 0.5
        assert answer.regimes["national"].nations[code].warning_s.p95 == 0.0


# -- coverage ---------------------------------------------------------------------------------------


def test_covered_twice_is_covered() -> None:
    a = probe_arena(first_light(), 1)
    for regime in ("national", "allied"):
        once, twice = covered_assets(a, regime)
        assert (once | ~twice).all()
    assert covered_assets(a, "allied")[0].any()


def test_probes_are_one_of_each_class_and_area_at_each_place_in_reach() -> None:
    found = probes(first_light())
    assert [(m.threat.name, m.launch.name, m.target) for m in found] == [
        ("mrbm-2000", "Tabriz area", 0),
        ("mrbm-2000", "Tabriz area", 1),
    ]
    assert {m.shape for m in found} == {"minimum-energy"}


def test_whatever_a_raid_may_be_aimed_at_is_probed() -> None:
    """Sofia lies 14 km past the class's published range, and the raid hits it."""
    case = first_light()
    aimed = {f.target for f in case.file.raid}
    assert {case.file.assets[m.target].name for m in probes(case)} == aimed
    assert (probe_arena(case, 1).g.impact_s > 0.0).all()


def test_a_place_that_nothing_reaches_is_not_probed_nor_covered() -> None:
    case = first_light()
    far = replace(case.file.assets[0], name="Iceland", latitude_rad=1.13, longitude_rad=-0.35)
    a = probe_arena(with_file(case, assets=(*case.file.assets, far)), 1)
    assert {m.target for m in a.w.missiles} == {0, 1}
    assert not covered_assets(a, "allied")[0][2]


def test_a_missile_that_cannot_get_there_is_refused_with_its_reach() -> None:
    case = first_light()
    west = np.radians([36.5, 21.0])
    far = replace(case.file.assets[1], latitude_rad=west[0], longitude_rad=west[1])
    with pytest.raises(UnreachableError, match=r"mrbm-2000 to Sofia #1 .* gets 2,\d\d\d km far") as told:
        api.run(with_file(case, assets=(case.file.assets[0], far)), trials=2, jobs=1)
    assert 2.0e6 < told.value.reach_m < 2.3e6


def test_coverage_needs_mandate_rounds_and_an_order() -> None:
    case = first_light()
    plain = probe_arena(case, 1)
    bucharest, sofia = engagements(plain, "national")[0]
    assert bucharest > 0
    assert sofia == 0, "no mandate for Sofia before NATO's"
    assert (engagements(plain, "allied")[0] >= (bucharest, 1)).all()
    empty = with_battery(with_battery(case, "deveselu", rounds=0), "bucharest-patriot", rounds=0)
    assert not engagements(probe_arena(empty, 1), "allied").any()
    one = with_systems(with_battery(case, "deveselu", rounds=1), rounds=1)
    assert engagements(probe_arena(one, 1), "allied").max() <= 2, "one round, one engagement a battery"
    orderless = with_file(case, agreements=tuple(replace(x, authorities=()) for x in case.file.agreements))
    assert not engagements(probe_arena(orderless, 1), "allied").any()


def test_two_salvos_in_sequence_are_two_engagements_before_any_look() -> None:
    case = first_light()
    sequence = tuple(replace(b, doctrine="shoot-shoot-look") for b in case.file.batteries)
    looks, follows = (
        engagements(probe_arena(x, 1), "allied")[0] for x in (case, with_file(case, batteries=sequence))
    )
    assert (follows >= looks).all()
    assert follows.sum() > looks.sum(), "some battery has no time for a look, but for a second salvo"


# -- marks ------------------------------------------------------------------------------------------


def test_marks_show_where_things_are() -> None:
    a = arena(first_light(), 1)
    shown = flights(a)
    assert [f.threat for f in shown] == [m.name for m in a.w.missiles]
    for f, m in zip(shown, a.w.missiles, strict=True):
        assert f.launch_s == m.launch_s
        assert f.launch_s < f.burnout_s < f.impact_s
        assert f.points[0, 0] == f.launch_s
        assert f.points[0, 1:3] == pytest.approx([38.0, 46.3], abs=0.05)
        assert np.diff(f.points[:, 0]).min() > 0.0
        assert f.apogee_km == f.points[:, 3].max()
        assert 1500.0 < f.range_km < 2040.0
        asset = a.w.assets[m.target]
        assert f.points[-1, 1:3] == pytest.approx(
            np.degrees([asset.latitude_rad, asset.longitude_rad]), abs=0.2
        )
    kinds = [s.kind for s in sites(a)]
    assert kinds == ["satellite", "satellite", "radar", "battery", "battery", "city", "city"]
    names = {s.name: s for s in sites(a)}
    assert names["deveselu"].host == "ROU"
    assert names["kurecik"].owner == "USA"
    assert names["Sofia"].population == 1274290


def test_a_run_may_hold_one_regime_only(answer: RunAnswer) -> None:
    one = api.run("first-light", regimes=["allied"], trials=TRIALS, seed=SEED, jobs=1)
    assert one.difference is None
    assert one.regimes == {"allied": answer.regimes["allied"]}


def test_tables_agree_with_the_answer(answer: RunAnswer) -> None:
    trials = answer.tables.columns["trials"]
    for name, regime in answer.regimes.items():
        own = trials["regime"] == name
        assert own.sum() == TRIALS
        assert trials["leakers"][own].mean() == pytest.approx(regime.leakers.mean)
        assert trials["protected_population"][own].mean() == pytest.approx(regime.protected_population)
        assert trials["rounds"][own].mean() == pytest.approx(sum(regime.rounds.values()))
    assets = answer.tables.columns["assets"]
    missiles = answer.tables.columns["missiles"]
    assert len(assets["asset"]) == 2 * 2
    assert len(missiles["missile"]) == 2 * 3
    assert (assets["p_struck"] <= assets["p_struck_undefended"]).all()
    assert (missiles["p_leaks"] <= missiles["p_lands_undefended"]).all()


def test_progress_is_told_and_ends() -> None:
    told: list[tuple[str, float]] = []
    api.run("first-light", trials=2, jobs=1, progress=lambda stage, done: told.append((stage, done)))
    assert told[-1] == ("done", 1.0)
    assert {"flying the raid", "playing allied"} <= {stage for stage, _ in told}
    assert all(0.0 <= done <= 1.0 for _, done in told)


def test_a_case_may_be_given_by_name_or_as_such() -> None:
    by_name = api.run("first-light", trials=3, jobs=1)
    by_case = api.run(first_light(), trials=3, jobs=1)
    assert api.summary(by_name) == api.summary(by_case)
