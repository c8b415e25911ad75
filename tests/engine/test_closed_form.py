"""The event kernel against formulas: independent shots, common faults, doctrine, votes and magazines."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis.engine import layout as rows
from synaspis.engine.batch import Outcomes, play
from synaspis.engine.tables import EngineTables
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import (
    EVERYTHING,
    authority,
    first_light,
    mandate,
    permit,
    tables_of,
    with_battery,
    with_file,
    with_interceptors,
    with_systems,
    with_threats,
)

TRIALS = 4000
P = 0.7
FRONT = 3.29
"""Standard deviations on either side that hold 99.9 % of a binomial; the seed is fixed."""


def one_battery(**interceptor: Any) -> Case:
    """Deveselu alone, against three missiles that all fly and all land within the asset's radius."""
    case = first_light()
    case = with_file(
        case,
        sensors=tuple(replace(x, host="") for x in case.file.sensors),
        batteries=(replace(case.file.batteries[0], host=""),),
        assets=tuple(replace(a, radius_m=100e3) for a in case.file.assets),
    )
    case = with_threats(case, reliability=1.0, cep_m=100.0)
    case = with_systems(case, rounds=2000, channels=500, launch_interval_s=0.0)
    plain = {"p_type_defect": 0.0, "p_confusion": 0.0, "wrong_look": 0.0, "p_kill": {"mrbm": P}}
    return with_interceptors(case, **(plain | interceptor))


def far_reaching(**interceptor: Any) -> Case:
    """The same with time for more than one look: it fires at what a remote radar tracks, far and high."""
    far = {"remote": "engage", "range_m": 2.0e6, "maximum_altitude_m": 8e5, "burnout_speed_mps": 5000.0}
    return one_battery(**(far | interceptor))


def barrage(case: Case, salvo: int) -> Case:
    return with_battery(case, "deveselu", doctrine="barrage", salvo=salvo)


def played(case: Case, *clauses: Any, seed: int = 3, trials: int = TRIALS) -> tuple[Arena, Outcomes]:
    a = arena(case, 1)
    return a, play(tables_of(a, *(clauses or EVERYTHING)), seed, trials, 2)


def in_band(count: int, of: int, p: float) -> bool:
    return bool(abs(count - of * p) <= FRONT * math.sqrt(of * p * (1.0 - p)) + 0.5)


@pytest.mark.parametrize("salvo", [1, 2, 3])
def test_independent_shots_leak_as_the_power_says(salvo: int) -> None:
    _, out = played(barrage(one_battery(), salvo))
    leaked = out.fate == rows.LEAKED
    assert (out.rounds == 3 * salvo).all()
    assert out.lands.all()
    for t in range(3):
        assert in_band(leaked[:, t].sum(), TRIALS, (1.0 - P) ** salvo)
    assert in_band((leaked.sum(axis=1) == 0).sum(), TRIALS, (1.0 - (1.0 - P) ** salvo) ** 3)


@pytest.mark.parametrize(("common", "value"), [("p_type_defect", 0.2), ("p_confusion", 0.2)])
@pytest.mark.parametrize("salvo", [1, 2])
def test_a_common_fault_leaves_the_single_shot_as_it_is_and_the_second_worth_less(
    common: str, value: float, salvo: int
) -> None:
    """P(kill by n shots) = (1 - c) (1 - (1 - p / (1 - c))^n): p for one shot whatever c."""
    _, out = played(barrage(one_battery(**{common: value}), salvo))
    killed = out.fate == rows.KILLED
    expected = (1.0 - value) * (1.0 - (1.0 - P / (1.0 - value)) ** salvo)
    assert salvo > 1 or expected == pytest.approx(P)
    for t in range(3):
        assert in_band(killed[:, t].sum(), TRIALS, expected)


def test_a_fault_of_the_type_spoils_a_whole_raid_and_one_of_discrimination_a_missile() -> None:
    one = P / 0.8
    _, typed = played(barrage(one_battery(p_type_defect=0.2), 1))
    _, confused = played(barrage(one_battery(p_confusion=0.2), 1))
    all_leak = [(out.fate == rows.LEAKED).all(axis=1).sum() for out in (typed, confused)]
    assert in_band(all_leak[0], TRIALS, 0.2 + 0.8 * (1.0 - one) ** 3)
    assert in_band(all_leak[1], TRIALS, (1.0 - P) ** 3)


def test_reliability_and_accuracy_are_closed_forms() -> None:
    """P(lands) = reliability (1 - 2^-(radius / CEP)^2): the circular normal."""
    case = with_threats(one_battery(), reliability=0.8, cep_m=10_000.0)
    case = with_file(case, assets=tuple(replace(a, radius_m=8_000.0) for a in case.file.assets))
    _, out = played(case, EVERYTHING[0])
    expected = 0.8 * (1.0 - 0.5 ** (0.8**2))
    for t in range(3):
        assert in_band(out.lands[:, t].sum(), TRIALS, expected)
        assert in_band((out.fate[:, t] == rows.DUD).sum(), TRIALS, 0.2)
    assert np.array_equal(out.fate == rows.LEAKED, out.lands)


def test_shoot_look_shoot_fires_until_it_kills() -> None:
    _, out = played(far_reaching())
    fired = out.rounds[:, 0]
    chances = _chances(far_reaching())
    for t in range(3):
        assert in_band((out.fate[:, t] == rows.LEAKED).sum(), TRIALS, (1.0 - P) ** chances[t])
    assert min(chances) >= 2, "a case in which a second look matters"
    expected = sum(sum((1.0 - P) ** k for k in range(n)) for n in chances)
    assert fired.mean() == pytest.approx(expected, abs=0.05)


def _chances(case: Case) -> list[int]:
    """Shots that each missile leaves time for: found with interceptors that never hit."""
    _, out = played(with_interceptors(case, p_kill={"mrbm": 0.0}), trials=1)
    a = arena(case, 1)
    counts = []
    for missile in a.w.missiles:
        name = a.w.assets[missile.target].name
        alone = with_file(
            case,
            raid=tuple(replace(f, count=1, interval_s=0.0) for f in case.file.raid if f.target == name),
        )
        _, single = played(with_interceptors(alone, p_kill={"mrbm": 0.0}), trials=1)
        counts.append(int(single.rounds[0, 0]))
    assert sum(counts) == out.rounds[0, 0]
    return counts


def test_a_wrong_look_leaves_a_missile_alive_or_wastes_a_round() -> None:
    _, right = played(far_reaching())
    _, wrong = played(far_reaching(wrong_look=0.3))
    assert (wrong.fate == rows.LEAKED).sum() > 1.2 * (right.fate == rows.LEAKED).sum()


def test_a_class_off_the_list_and_a_zero_kill_chance_kill_nothing() -> None:
    _, off = played(one_battery(engages=("srbm",)))
    assert not off.rounds.any()
    assert not off.lost.any(), "no pair in reach, so nothing is lost"
    _, zero = played(one_battery(p_kill={"mrbm": 0.0}), trials=50)
    assert zero.rounds.any()
    assert (zero.fate == rows.LEAKED).all()


# -- authority --------------------------------------------------------------------------------------

SEE, DEFEND = EVERYTHING[:2]


def granted(*orders: Any, trials: int = 400) -> tuple[EngineTables, np.ndarray, np.ndarray]:
    """Tables, and known and ordered times (K, T) of deveselu, inf for never."""
    from synaspis.engine.batch import replay

    a = arena(one_battery(), 1)
    tables = tables_of(a, SEE, DEFEND, *orders)
    known, ordered = (np.full((trials, 3), np.inf) for _ in range(2))
    owner = a.w.nation("USA")
    for k in range(trials):
        for time_s, kind, who, t, _ in replay(tables, 3, k):
            if kind == rows.KNOW and int(who) == owner:
                known[k, int(t)] = time_s
            if kind == rows.GRANT:
                ordered[k, int(t)] = min(ordered[k, int(t)], time_s)
    return tables, known, ordered


def test_a_decision_takes_its_log_normal_time() -> None:
    _, known, ordered = granted(authority("a", decision_s=60.0, spread=0.5))
    z = np.log((ordered - known) / 60.0).ravel() / 0.5
    assert abs(z.mean()) < FRONT / math.sqrt(z.size)
    assert abs(z.std() - 1.0) < FRONT / math.sqrt(2.0 * z.size)


@pytest.mark.parametrize(
    ("votes", "expected"), [(1, 1.0 - 0.4**3), (2, 0.6**3 + 3.0 * 0.6**2 * 0.4), (3, 0.6**3)]
)
def test_votes_are_counted_among_those_who_can_be_reached(votes: int, expected: float) -> None:
    order = authority(
        "c",
        protocol="consensus",
        deciders=("USA", "ROU", "TUR"),
        votes=votes,
        unreachable=0.4,
        decision_s=5.0,
    )
    _, _, ordered = granted(order)
    assert in_band(np.isfinite(ordered).sum(), ordered.size, expected)


def test_consensus_waits_for_the_last_vote_it_needs() -> None:
    times = {}
    for votes in (1, 2, 3):
        order = authority(
            "c",
            protocol="consensus",
            deciders=("USA", "ROU", "TUR"),
            votes=votes,
            decision_s=60.0,
            spread=0.5,
        )
        _, known, ordered = granted(order, trials=60)
        times[votes] = ordered - known
    assert (times[1] < times[2]).all()
    assert (times[2] < times[3]).all()


def test_a_standing_order_is_there_or_not_for_the_whole_raid() -> None:
    _, known, ordered = granted(authority("s", protocol="pre-authorised", decision_s=4.0, missing=0.3))
    there = np.isfinite(ordered)
    assert (there.all(axis=1) | ~there.any(axis=1)).all()
    assert in_band(there.all(axis=1).sum(), len(there), 0.7)
    assert (ordered - known)[there] == pytest.approx(4.0)


def test_the_quickest_route_counts() -> None:
    slow, quick = authority("slow", decision_s=90.0), authority("quick", decision_s=20.0)
    _, known, ordered = granted(slow, quick, trials=5)
    assert ordered - known == pytest.approx(20.0)


# -- magazines, channels, launchers -------------------------------------------------------------------


def test_no_more_rounds_are_fired_than_there_are() -> None:
    _, out = played(with_battery(one_battery(), "deveselu", rounds=2), trials=200)
    assert out.rounds.max() == 2
    assert out.lost[:, :, 5].sum() > 0, "no_rounds"


def test_a_reserve_is_kept_from_those_under_that_clause() -> None:
    case = with_battery(one_battery(p_kill={"mrbm": 1.0}), "deveselu", rounds=4)
    kept = mandate("kept", defends=("ROU",), reserve=2)
    whole = mandate("whole", defends=("BGR",))
    _, out = played(case, SEE, EVERYTHING[2], kept, whole, trials=50)
    assert (out.rounds == 2).all(), "one for Sofia and, down to the reserve of two, one for Bucharest"
    assert ((out.fate == rows.KILLED).sum(axis=1) == 2).all()
    _, free = played(case, SEE, EVERYTHING[2], mandate("all"), trials=50)
    assert (free.rounds == 3).all()


def test_one_channel_serves_one_missile_at_a_time() -> None:
    case = with_systems(one_battery(p_kill={"mrbm": 1.0}), channels=1)
    _, one = played(case, trials=50)
    _, many = played(one_battery(p_kill={"mrbm": 1.0}), trials=50)
    assert (many.fate == rows.KILLED).all()
    assert (one.fate == rows.LEAKED).any(axis=1).all(), "Sofia's flies beside Bucharest's first"
    assert one.lost[0, :, 5].sum() > 0


def test_launches_keep_their_interval() -> None:
    from synaspis.engine.batch import replay

    case = with_systems(one_battery(), launch_interval_s=25.0)
    a = arena(case, 1)
    tables = tables_of(a, *EVERYTHING)
    for trial in range(10):
        fired = [x[0] for x in replay(tables, 3, trial) if x[1] == rows.READY]
        assert len(fired) >= 3
        assert np.diff(fired).min() >= 25.0 - 1e-9


def test_those_who_tell_each_other_do_not_fire_twice_at_once() -> None:
    """Two batteries of two owners: with `engagement_status` the second waits for the first one's look."""
    case = far_reaching(p_kill={"mrbm": 1.0})
    twin = replace(case.file.batteries[0], name="twin", owner="ROU")
    case = with_file(case, batteries=(*case.file.batteries, twin))
    _, apart = played(case, trials=20)
    assert (apart.rounds.sum(axis=1) == 6).all()
    _, told = played(case, *EVERYTHING, permit("tell", "engagement_status"), trials=20)
    assert (told.rounds.sum(axis=1) == 3).all()
    assert (told.fate == rows.KILLED).all()
