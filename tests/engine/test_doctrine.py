"""Doctrine: salvos in sequence, salvos by value, rounds kept for later, and shots that fail together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis.engine import layout as rows
from synaspis.engine.arms import STEPS, beta_steps
from synaspis.engine.batch import play, replay
from synaspis.model.battery import SalvoByValue
from synaspis.model.case import Case
from synaspis.studies.arena import arena
from synaspis.studies.leakage import survives
from tests.engine.scene import (
    EVERYTHING,
    arena_of_four,
    mandate,
    permit,
    tables_of,
    with_battery,
    with_file,
    with_interceptors,
    with_systems,
)
from tests.engine.test_closed_form import TRIALS, barrage, far_reaching, in_band, one_battery, played

Event = tuple[float, int, int, int, float]
GAP = 15.0
"""Seconds between launches, in these tests."""


def sequence(salvo: int = 1, **interceptor: Any) -> Case:
    case = with_systems(far_reaching(**interceptor), launch_interval_s=GAP)
    return with_battery(case, "deveselu", doctrine="shoot-shoot-look", salvo=salvo)


def one_missile(case: Case) -> Case:
    return with_file(case, raid=(case.file.raid[0],) if case.file.raid[0].count == 1 else case.file.raid[-1:])


def log_of(case: Case, trial: int, *clauses: Any) -> list[Event]:
    a = arena(case, 1)
    return [tuple(row) for row in replay(tables_of(a, *(clauses or EVERYTHING)), 3, trial).tolist()]  # type: ignore[misc]


# -- two salvos in sequence, then a look --------------------------------------------------------------


def test_the_second_salvo_follows_the_first_at_once_and_the_look_follows_both() -> None:
    case = one_missile(sequence(p_kill={"mrbm": 0.0}))
    log = log_of(case, 0)
    kinds = [int(kind) for _, kind, *_ in log if kind in (rows.READY, rows.HIT, rows.LOOK)]
    assert kinds[:5] == [rows.READY, rows.READY, rows.HIT, rows.HIT, rows.LOOK]
    fired = [x[0] for x in log if x[1] == rows.READY]
    hits = [x[0] for x in log if x[1] == rows.HIT]
    looks = [x[0] for x in log if x[1] == rows.LOOK]
    assert fired[1] - fired[0] == pytest.approx(GAP)
    assess = case.interceptors["sm-3-ib"].assess_s
    assert looks[0] == pytest.approx(max(hits[:2]) + assess), "one look, after the later of the two"
    assert len(fired) >= 4, "a case in which it engages again"
    assert fired[2] >= looks[0]
    assert fired[3] - fired[2] == pytest.approx(GAP)


def test_nothing_more_is_fired_after_a_look_that_finds_it_dead() -> None:
    log = log_of(one_missile(sequence(p_kill={"mrbm": 1.0})), 0)
    assert [x[4] for x in log if x[1] == rows.READY] == [1.0, 1.0]
    assert [x[4] for x in log if x[1] == rows.LOOK] == [1.0]


def test_each_round_of_a_sequence_has_a_die_of_its_own() -> None:
    case = one_missile(sequence(salvo=2))
    full = with_battery(case, "deveselu", rounds=4)
    _, out = played(full, trials=TRIALS)
    assert (out.rounds == 4).all()
    assert in_band((out.fate[:, 0] == rows.LEAKED).sum(), TRIALS, 0.3**4)


def test_others_who_are_told_wait_for_the_look_after_both() -> None:
    case = one_missile(sequence(p_kill={"mrbm": 1.0}))
    twin = replace(case.file.batteries[0], name="twin", owner="ROU")
    case = with_file(case, batteries=(*case.file.batteries, twin))
    tell = permit("tell", "engagement_status")
    log = log_of(case, 0, *EVERYTHING, tell)
    assert {int(x[2]) for x in log if x[1] == rows.READY} in ({0}, {1})
    assert len([x for x in log if x[1] == rows.READY]) == 2


def test_a_sequence_that_finds_no_second_round_is_looked_at_after_the_first() -> None:
    case = with_battery(one_missile(sequence(p_kill={"mrbm": 0.0})), "deveselu", rounds=1)
    log = log_of(case, 0)
    assert len([x for x in log if x[1] == rows.READY]) == 1
    assert len([x for x in log if x[1] == rows.LOOK]) == 1


# -- salvos by value, and reserves ----------------------------------------------------------------------


def test_more_rounds_go_where_more_people_are() -> None:
    lines = (SalvoByValue(at_least_people=1.5e6, salvo=3), SalvoByValue(at_least_people=1e6, salvo=2))
    case = with_battery(barrage(one_battery(), 1), "deveselu", salvo_by_value=lines)
    a, out = played(case, trials=5)
    people = [a.w.assets[m.target].population for m in a.w.missiles]
    expected = sum(3 if p >= 1.5e6 else 2 for p in people)
    assert sorted({3 if p >= 1.5e6 else 2 for p in people}) == [2, 3]
    assert (out.rounds == expected).all()
    fewer = with_battery(case, "deveselu", salvo_by_value=lines[:1])
    _, out = played(fewer, trials=5)
    assert (out.rounds == sum(3 if p >= 1.5e6 else 1 for p in people)).all()


def test_a_reserve_is_kept_for_the_whole_raid_or_until_its_time() -> None:
    case = with_battery(one_battery(p_kill={"mrbm": 1.0}), "deveselu", rounds=3, reserve=2)
    _, out = played(case, trials=5)
    assert (out.rounds == 1).all()
    fired = [x[0] for x in log_of(with_battery(case, "deveselu", reserve=0), 0) if x[1] == rows.READY]
    assert len(fired) == 3
    opened = (fired[0] + fired[-1]) / 2.0
    case = with_battery(case, "deveselu", reserve_until_s=opened)
    times = [x[0] for x in log_of(case, 0) if x[1] == rows.READY]
    assert len([x for x in times if x < opened]) == 1
    assert len([x for x in times if x >= opened]) >= 1
    assert any(x == opened for x in times) or fired[1] >= opened, "what waited for it is fired at once"


def test_of_two_reserves_the_larger_counts() -> None:
    case = with_battery(one_battery(p_kill={"mrbm": 1.0}), "deveselu", rounds=4, reserve=1)
    kept = mandate("kept", reserve=2)
    _, out = played(case, EVERYTHING[0], kept, EVERYTHING[2], trials=5)
    assert (out.rounds == 2).all()


# -- shots that fail together ----------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [0.02, 0.3, 0.8, 0.97])
@pytest.mark.parametrize("rho", [0.01, 0.1, 0.3, 0.6, 0.95])
def test_the_table_of_a_beta_keeps_mean_and_variance(mean: float, rho: float) -> None:
    table = beta_steps(mean, rho)
    assert table.shape == (STEPS,)
    assert table.mean() == pytest.approx(mean, abs=1e-12)
    assert table.var() == pytest.approx(rho * mean * (1.0 - mean), rel=1e-2)
    assert (np.diff(table) >= 0.0).all()
    assert 0.0 <= table[0] <= table[-1] <= 1.0


@pytest.mark.parametrize("salvo", [1, 2, 4])
def test_correlated_rounds_leak_as_the_beta_binomial_says(salvo: int) -> None:
    rho = 0.3
    _, out = played(barrage(one_battery(correlation=rho), salvo))
    leaked = out.fate == rows.LEAKED
    for t in range(3):
        assert in_band(leaked[:, t].sum(), TRIALS, survives(0.7, rho, salvo))
    assert in_band(leaked.all(axis=1).sum(), TRIALS, survives(0.7, rho, 3 * salvo)), "shared by a raid"


def test_one_draw_serves_all_batteries_of_a_type_and_none_of_another() -> None:
    case = with_interceptors(one_battery(correlation=0.9), correlation=0.9)
    twin = replace(case.file.batteries[0], name="twin", owner="ROU")
    both = with_file(
        barrage(case, 1), batteries=(*barrage(case, 1).file.batteries, replace(twin, doctrine="barrage"))
    )
    _, out = played(both)
    assert in_band((out.fate == rows.LEAKED).all(axis=1).sum(), TRIALS, survives(0.7, 0.9, 6))


def test_without_correlation_nothing_is_drawn_and_the_single_shot_never_changes() -> None:
    _, plain = played(barrage(one_battery(), 1))
    _, tiny = played(barrage(one_battery(correlation=1e-6), 1))
    assert (plain.fate == tiny.fate).mean() > 0.99, "the same dice decide"
    _, much = played(barrage(one_battery(correlation=0.5), 1))
    for t in range(3):
        assert in_band((much.fate[:, t] == rows.LEAKED).sum(), TRIALS, 0.3)


def test_a_sequence_on_four_owners_fires_no_later_than_single_salvos() -> None:
    """First launches do not depend on what follows them, where nothing is scarce."""
    plain = arena_of_four()
    case = plain.w.case
    sequenced = with_file(
        case, batteries=tuple(replace(b, doctrine="shoot-shoot-look") for b in case.file.batteries)
    )
    other = arena(sequenced, 1)
    for trial in range(3):
        first = []
        for a in (plain, other):
            times: dict[tuple[int, int], float] = {}
            for time_s, kind, b, t, _ in replay(tables_of(a, *EVERYTHING), 3, trial):
                if kind == rows.READY:
                    times.setdefault((int(b), int(t)), time_s)
            first.append(times)
        assert first[0] == first[1]
    assert play(tables_of(other, *EVERYTHING), 3, 10, 1).rounds.sum() > 0
