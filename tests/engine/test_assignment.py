"""Who fires at what: the best placed of those that tell each other, scarce rounds, and rounds spent twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis.engine import layout as rows
from synaspis.engine.arms import ranked
from synaspis.engine.batch import Outcomes, play, replay
from synaspis.engine.tables import EngineTables
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import (
    EVERYTHING,
    arena_of_four,
    authority,
    first_light,
    mandate,
    permit,
    tables_of,
    with_battery,
    with_file,
    with_interceptors,
    with_systems,
)
from tests.engine.test_closed_form import far_reaching, played

TELL = permit("tell", "engagement_status")
CERTAIN = {"p_kill": {"mrbm": 1.0}}


def twins(**interceptor: Any) -> Case:
    """Two far-sighted batteries side by side, of the United States and of Romania."""
    case = far_reaching(**(CERTAIN | interceptor))
    twin = replace(case.file.batteries[0], name="twin", owner="ROU")
    return with_file(case, batteries=(*case.file.batteries, twin))


def at_once(case: Case) -> Case:
    """All missiles launched at the same time."""
    return with_file(case, raid=tuple(replace(f, start_s=0.0, interval_s=0.0) for f in case.file.raid))


def by_battery(a: Arena, out: Outcomes) -> dict[str, np.ndarray]:
    """(K,) rounds of each battery."""
    return {f.battery.name: out.rounds[:, i] for i, f in enumerate(a.w.batteries)}


# -- rounds spent twice ------------------------------------------------------------------------------


def test_those_who_do_not_tell_waste_rounds_on_one_target_and_telling_saves_them() -> None:
    _, apart = played(twins(), trials=20)
    _, told = played(twins(), *EVERYTHING, TELL, trials=20)
    assert (apart.fate == told.fate).all(), "nothing is lost by firing half as much"
    assert (apart.rounds.sum(axis=1) == 6).all()
    assert (apart.doubled.sum(axis=1) == 3).all()
    assert (told.rounds.sum(axis=1) == 3).all()
    assert not told.doubled.any()


def test_who_is_told_alone_saves_his_own() -> None:
    """Romania is told what the United States does, and not the other way round."""
    one_way = permit("tell", "engagement_status", owners=("USA",), recipients=("ROU",))
    slow = authority("slow", owners=("ROU",), decision_s=20.0)
    quick = authority("quick", owners=("USA",))
    a, out = played(twins(), *EVERYTHING[:2], slow, quick, one_way, trials=20)
    assert (by_battery(a, out)["deveselu"] == 3).all()
    assert not by_battery(a, out)["twin"].any()
    a, out = played(twins(), *EVERYTHING[:2], slow, quick, trials=20)
    assert (by_battery(a, out)["twin"] == 3).all()
    doubled = {f.battery.name: out.doubled[:, i] for i, f in enumerate(a.w.batteries)}
    assert (doubled["twin"] == 3).all()
    assert not doubled["deveselu"].any(), "the first to fire doubles nobody's shot"


def test_a_round_at_a_missile_long_dead_is_doubled_too() -> None:
    """The second owner's order comes after the first one's look, of which it was not told."""
    case = twins()
    rest = (*EVERYTHING[:2], authority("quick", owners=("USA",)))
    late = authority("late", owners=("ROU",), decision_s=400.0)
    a = arena(case, 1)
    log = replay(tables_of(a, *rest, late), 3, 0)
    looks = {int(t): time_s for time_s, kind, b, t, _ in log if kind == rows.LOOK and b == 0}
    fired = [(time_s, int(t)) for time_s, kind, b, t, _ in log if kind == rows.READY and b == 1]
    after = [t for time_s, t in fired if time_s > looks.get(t, np.inf)]
    assert after, "or the case shows nothing"
    out = play(tables_of(a, *rest, late), 3, 1, 1)
    assert out.doubled[0, 1] == len(fired)


def recounted(a: Arena, tables: EngineTables, trial: int, share: np.ndarray) -> np.ndarray:
    """(B,) doubled rounds from the log alone."""
    found = np.zeros(len(a.w.batteries), int)
    owner = [a.w.nation(f.battery.owner) for f in a.w.batteries]
    aloft: dict[int, list[int]] = {}
    killer: dict[int, int] = {}
    for _, kind, b, t, value in replay(tables, 7, trial):
        b, t = int(b), int(t)
        if kind == rows.READY:
            others = [*aloft.get(t, []), *([killer[t]] if t in killer else [])]
            if any(not share[owner[i], owner[b]] for i in others):
                found[b] += int(value)
            aloft.setdefault(t, []).append(b)
        elif kind == rows.HIT and value > 0:
            killer[t] = b
        elif kind == rows.LOOK:
            aloft[t].remove(b)
    return found


@pytest.mark.parametrize("recipients", [(), ("ROU", "TUR"), ("USA", "BGR", "ROU", "TUR")])
def test_doubled_rounds_are_those_that_the_log_shows(recipients: tuple[str, ...]) -> None:
    a = arena_of_four()
    told = [permit("tell", "engagement_status", owners=("USA", "ROU"), recipients=recipients)]
    tables = tables_of(a, *EVERYTHING, *(told if recipients else []))
    out = play(tables, 7, 30, 1)
    for trial in range(30):
        assert out.doubled[trial].tolist() == recounted(a, tables, trial, tables.share).tolist()
    assert out.doubled.any()
    assert (out.doubled <= out.rounds).all()


# -- the best placed ---------------------------------------------------------------------------------


def better_twin(case: Case, **figures: Any) -> Case:
    """The twin fires a type of its own, like the other's but for `figures`."""
    name = case.systems[case.file.batteries[0].system].interceptor
    system = replace(case.systems[case.file.batteries[0].system], name="own-system", interceptor="own-type")
    made = replace(case.interceptors[name], name="own-type", **figures)
    case = replace(
        case,
        systems={**case.systems, "own-system": system},
        interceptors={**case.interceptors, "own-type": made},
    )
    return with_battery(case, "twin", system="own-system")


def reversed_batteries(case: Case) -> Case:
    return with_file(case, batteries=case.file.batteries[::-1])


SAME: Callable[[Case], Case] = lambda case: case  # noqa: E731


@pytest.mark.parametrize("turned", [SAME, reversed_batteries])
def test_a_missile_goes_to_the_highest_chance_whatever_the_order_of_the_file(
    turned: Callable[[Case], Case],
) -> None:
    for chance, shooter in ((0.9, "twin"), (0.5, "deveselu")):
        case = turned(better_twin(twins(p_kill={"mrbm": 0.7}), p_kill={"mrbm": chance}))
        a = arena(case, 1)
        tables = tables_of(a, *EVERYTHING, TELL)
        for trial in range(5):
            first: dict[int, str] = {}
            for _, kind, b, t, _ in replay(tables, 3, trial):
                if kind == rows.READY:
                    first.setdefault(int(t), a.w.batteries[int(b)].battery.name)
            assert set(first.values()) == {shooter}


@pytest.mark.parametrize("turned", [SAME, reversed_batteries])
def test_equal_chances_go_to_the_fuller_magazine(turned: Callable[[Case], Case]) -> None:
    for name, other in (("deveselu", "twin"), ("twin", "deveselu")):
        few = turned(with_battery(with_battery(twins(), name, rounds=30), other, rounds=10))
        a, out = played(few, *EVERYTHING, TELL, trials=5)
        assert (by_battery(a, out)[name] == 3).all()
        assert not by_battery(a, out)[other].any()


def test_without_telling_each_acts_alone() -> None:
    case = better_twin(twins(p_kill={"mrbm": 0.7}), p_kill={"mrbm": 0.9})
    _, out = played(case, trials=5)
    assert (out.rounds > 0).all()


def test_who_is_not_ready_is_not_waited_for() -> None:
    """The better placed one gets its order a minute later: the other fires at once."""
    case = better_twin(twins(), p_kill={"mrbm": 1.0}, assess_s=3.0)
    late = authority("late", owners=("ROU",), decision_s=60.0)
    a, out = played(case, *EVERYTHING[:2], authority("quick", owners=("USA",)), late, TELL, trials=5)
    assert (by_battery(a, out)["deveselu"] == 3).all()


# -- scarce rounds -----------------------------------------------------------------------------------


def scarce(rounds: int, **interceptor: Any) -> Case:
    """Deveselu alone with few rounds; two missiles at Bucharest and one at the smaller Sofia, at once."""
    case = at_once(far_reaching(**(CERTAIN | interceptor)))
    return with_battery(case, "deveselu", rounds=rounds)


def killed_at(a: Arena, out: Outcomes, place: str) -> np.ndarray:
    """(K,) missiles killed that were aimed at the place."""
    aimed = [t for t, m in enumerate(a.w.missiles) if a.w.assets[m.target].name == place]
    return (out.fate[:, aimed] == rows.KILLED).sum(axis=1)


@pytest.mark.parametrize("turned", [False, True])
def test_the_last_rounds_are_for_the_larger_city(turned: bool) -> None:
    for rounds, bucharest, sofia in ((1, 1, 0), (2, 2, 0), (3, 2, 1)):
        case = scarce(rounds)
        if turned:
            case = with_file(case, raid=case.file.raid[::-1])
        a, out = played(case, trials=20)
        assert (killed_at(a, out, "Bucharest") == bucharest).all()
        assert (killed_at(a, out, "Sofia") == sofia).all()


def test_rounds_kept_for_a_missile_are_let_go_when_it_is_past() -> None:
    """No order ever comes for Bucharest: Sofia's missile is engaged when Bucharest's can be met no more."""
    sofia_only = authority("sofia", defends=("BGR",))
    never = authority("never", defends=("ROU",), unreachable=1.0, decision_s=5.0)
    a = arena(scarce(2), 1)
    tables = tables_of(a, *EVERYTHING[:2], sofia_only, never)
    last = {a.w.assets[m.target].name: tables.bt[t, rows.LAST, 0] for t, m in enumerate(a.w.missiles)}
    assert last["Bucharest"] < last["Sofia"], "or the case shows nothing"
    fired = [x[0] for x in replay(tables, 3, 0) if x[1] == rows.READY]
    assert fired == [last["Bucharest"]]


@pytest.mark.parametrize("told", [True, False])
def test_rounds_kept_for_a_missile_are_let_go_when_another_engages_it(told: bool) -> None:
    """Romania's battery fires at Bucharest's; who is told of it has its one round free for Sofia's."""
    case = with_battery(at_once(twins()), "deveselu", rounds=1)
    case = with_file(case, raid=tuple(replace(f, count=1) for f in case.file.raid))
    orders = (
        authority("sofia", owners=("USA",), defends=("BGR",)),
        authority("never", owners=("USA",), defends=("ROU",), unreachable=1.0, decision_s=5.0),
        authority("later", owners=("ROU",), decision_s=60.0),
    )
    duties = (mandate("both", owners=("USA",)), mandate("own", owners=("ROU",), defends=("ROU",)))
    a = arena(case, 1)
    tables = tables_of(a, EVERYTHING[0], *duties, *orders, *([TELL] if told else []))
    fired = {int(b): time_s for time_s, kind, b, _, _ in replay(tables, 3, 0) if kind == rows.READY}
    last = {a.w.assets[m.target].name: tables.bt[t, rows.LAST, 0] for t, m in enumerate(a.w.missiles)}
    assert fired[0] == (fired[1] if told else last["Bucharest"])
    assert fired[1] < last["Bucharest"]


def test_a_better_rank_goes_before_more_people() -> None:
    case = scarce(1)
    own = mandate("own", defends=("BGR", "ROU"), in_order=True)
    a, out = played(case, EVERYTHING[0], own, EVERYTHING[2], trials=20)
    bt = tables_of(a, EVERYTHING[0], own, EVERYTHING[2]).bt
    rank = {a.w.assets[m.target].name: bt[t, rows.RANK, 0] for t, m in enumerate(a.w.missiles)}
    assert rank["Sofia"] < rank["Bucharest"], "or the case shows nothing"
    assert (killed_at(a, out, "Sofia") == 1).all()
    assert not killed_at(a, out, "Bucharest").any()


def test_missiles_are_ranked_by_rank_then_people_then_last_launch() -> None:
    bt = np.zeros((13, 1, 5))
    bt[rows.GATE], bt[rows.MANDATE], bt[rows.SALVO] = -1.0, 1.0, 2.0
    bt[rows.RANK, 0] = [1, 0, 0, 0, 0]
    bt[rows.LAST, 0] = [10.0, 30.0, 20.0, 10.0, -np.inf]
    people = np.array([9e6, 5.0, 5.0, 7.0, 8.0])
    wants, wanted = ranked(bt, people, np.arange(5, dtype=np.uint64))
    assert wants[0].tolist() == [3, 2, 1, 0, -1], "the last of them can never be met"
    assert bt[rows.ABOVE, 0, [3, 2, 1, 0]].tolist() == [0, 1, 1, 3]
    assert wanted.tolist() == [8.0]


def test_a_channel_serves_the_next_missile_from_the_intercept_on() -> None:
    case = with_systems(at_once(far_reaching(**CERTAIN)), channels=1)
    log = replay(tables_of(arena(case, 1), *EVERYTHING), 3, 0)
    fired = [x[0] for x in log if x[1] == rows.READY]
    met = [x[0] for x in log if x[1] == rows.HIT]
    assert len(fired) >= 2, "or the case shows nothing"
    assert fired[1:] == met[: len(fired) - 1]


def test_telling_of_engagements_leaves_every_picture_order_and_warning_as_it_is() -> None:
    a = arena(tight(), 1)
    orders = (*EVERYTHING[:2], authority("fire", decision_s=30.0, spread=0.4))
    apart, told = tables_of(a, *orders), tables_of(a, *orders, TELL)
    one, other = play(apart, 7, 60, 1), play(told, 7, 60, 1)
    assert one.warning_s.tobytes() == other.warning_s.tobytes()
    assert not np.array_equal(one.rounds, other.rounds), "or the case shows nothing"
    for trial in range(5):
        kinds = (rows.DETECT, rows.KNOW, rows.GRANT)
        before, after = (
            sorted(tuple(x) for x in replay(tables, 7, trial).tolist() if x[1] in kinds)
            for tables in (apart, told)
        )
        assert before == after


# -- the order of files ------------------------------------------------------------------------------


def tight() -> Case:
    """Six missiles, few rounds, one channel each, and an interval between launches."""
    case = with_interceptors(first_light(), range_m=2.0e6, maximum_altitude_m=8e5, burnout_speed_mps=5000.0,
                             remote="engage", p_kill={"mrbm": 0.6})  # fmt: skip
    twin = replace(case.file.batteries[0], name="twin", owner="ROU", host="", rounds=3)
    case = with_file(
        case,
        batteries=(replace(case.file.batteries[0], host="", rounds=3), *case.file.batteries[1:], twin),
        sensors=tuple(replace(s, host="") for s in case.file.sensors),
        raid=tuple(
            replace(f, count=3, interval_s=7.0, start_s=11.0 * i) for i, f in enumerate(case.file.raid)
        ),
    )
    systems = {k: replace(s, channels=1) for k, s in case.systems.items()}
    return replace(case, systems=systems)


def named(case: Case) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Fates by missile and rounds by battery, trial by trial."""
    orders = authority("fire", decision_s=30.0, spread=0.4)
    a, out = played(case, *EVERYTHING[:2], orders, TELL, trials=60)
    fates = {m.name: out.fate[:, t].tolist() for t, m in enumerate(a.w.missiles)}
    rounds = {f.battery.name: out.rounds[:, i].tolist() for i, f in enumerate(a.w.batteries)}
    return fates, rounds


def test_the_order_of_batteries_and_of_the_raid_in_the_file_changes_nothing() -> None:
    case = tight()
    plain = named(case)
    assert len({tuple(r) for r in zip(*plain[1].values(), strict=True)}) > 5, "or any order would pass"
    assert named(reversed_batteries(case)) == plain
    assert named(with_file(case, raid=case.file.raid[::-1])) == plain
