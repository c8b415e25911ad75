"""What comes down, by nation: shares are whole, the map comes where it is asked for, and leave opens."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synaspis.engine.geometry import STEP_S
from synaspis.engine.under import ALOFT, SEA, areas, debris_of, nations_at, own, states_under
from synaspis.engine.under import _fallen as fallen_of
from synaspis.engine.under import _samples as samples
from synaspis.files.case import resolve, with_map
from synaspis.model.agreement import Clause, Consent
from synaspis.model.breakup import Breakup
from synaspis.model.draw import drawn, with_figures
from synaspis.studies.arena import Arena, arena, pure
from tests.engine.scene import EVERYTHING, authority, first_light, four_owners, rule_of

SEE, DEFEND, _ = EVERYTHING
STATES = ("USA", "ROU", "TUR", "BGR")
WHOLE = Breakup(
    name="whole", fastest_mps=0.0, lightest_kgpm2=3000.0, heaviest_kgpm2=3000.0, kill_vehicle_kg=1e-6,
    least_share=0.5,
)  # fmt: skip


@cache
def a() -> Arena:
    return arena(with_map(four_owners()), 1)


def test_shares_are_whole() -> None:
    case = a().w.case
    assert case.borders is not None
    assert case.breakup is not None
    found = debris_of(a().w, a().g, case.borders, case.breakup)
    assert found
    for fallen in found.values():
        assert 1 <= len(fallen.shares) <= 3
        for shares in (*fallen.shares, fallen.mean()):
            assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
            assert all(0.0 <= s <= 1.0 for s in shares.values())
    threaded = debris_of(a().w, a().g, case.borders, case.breakup, 3)
    assert threaded == found


def test_a_body_that_stays_whole_lands_where_it_was_aimed() -> None:
    """No spread, the class's own coefficient, and next to no kill vehicle: all of it on the target's land."""
    case = a().w.case
    assert case.borders is not None
    beta = a().w.missiles[0].threat.ballistic_coefficient_kgpm2
    whole = replace(WHOLE, lightest_kgpm2=beta, heaviest_kgpm2=beta)
    found = debris_of(a().w, a().g, case.borders, whole)
    flown = [(a().w.missiles[a().g.first_missile[u]], fallen) for (_, u), fallen in found.items()]
    alike = [(m, f) for m, f in flown if m.threat.ballistic_coefficient_kgpm2 == beta]
    assert alike
    for missile, fallen in alike:
        target = np.degrees([missile.aim[:2]])
        (area,) = areas(case.borders, target)
        nation = case.borders.codes[area] if area >= 0 else SEA
        assert fallen.mean()[nation] == pytest.approx(1.0, abs=1e-6)


def test_far_thrown_fragments_reach_more_nations() -> None:
    case = a().w.case
    assert case.borders is not None
    assert case.breakup is not None
    near, far = (
        debris_of(a().w, a().g, case.borders, replace(case.breakup, fastest_mps=v)) for v in (50.0, 2000.0)
    )
    counts = [sum(len(f.mean()) for f in found.values()) for found in (near, far)]
    assert counts[0] < counts[1]


def test_third_states_are_those_with_more_than_the_least_share() -> None:
    under = {key: names for key, names in states_under(a().w, a().g).items() if key[2] == "debris"}
    strict = arena(replace(a().w.case, breakup=replace(_breakup(), least_share=0.9)), 1)
    loose = arena(replace(a().w.case, breakup=replace(_breakup(), least_share=0.0)), 1)
    few, many = (states_under(x.w, x.g) for x in (strict, loose))
    assert any(under.values())
    for key, names in under.items():
        f, missile = a().w.batteries[key[0]], a().w.missiles[a().g.first_missile[key[1]]]
        assert not own(a().w, f, missile) & set(names)
        assert not {SEA, ALOFT, "IRN"} & set(names)  # the attacker is asked nothing
        assert set(few[key]) <= set(names) <= set(many[key])
    assert sum(map(len, few.values())) < sum(map(len, many.values()))


def _breakup() -> Breakup:
    found = a().w.case.breakup
    assert found is not None
    return found


def test_it_is_worked_out_once_for_a_world() -> None:
    one = states_under(a().w, a().g)
    assert states_under(a().w, a().g) is one
    other = arena(with_map(first_light()), 1)
    assert states_under(other.w, other.g) is not one


def test_a_case_whose_clause_asks_has_a_map_and_another_none() -> None:
    """Without it nobody would be asked, and silence would be a yes."""
    plain = first_light()
    assert plain.borders is None
    assert plain.breakup is None
    asking = plain.text.replace(b"protocol:", b"asks: [overflight], protocol:", 1)
    case, problems = resolve(asking, "asking.yaml")
    assert problems == []
    assert case is not None
    assert case.borders is not None
    assert case.breakup is not None
    assert "standard-breakup" in case.entries
    fastest = ("standard-breakup", "fastest")
    assert {drawn(case, 1, k).breakup.fastest_mps for k in (0, 1)} != {case.breakup.fastest_mps}  # type: ignore[union-attr]
    assert with_figures(case, {fastest: 500.0}).breakup == replace(case.breakup, fastest_mps=500.0)


def rounds(*clauses: Clause) -> np.ndarray:
    """Mean rounds of each battery."""
    out = a().play(pure(rule_of((SEE, DEFEND, *clauses))), 1, 200)
    return np.asarray(out.rounds.mean(axis=0))


def test_leave_to_let_debris_fall_opens_and_never_shuts() -> None:
    asked = authority("a", asks=("debris",))
    free, shut = rounds(authority("a")), rounds(asked)
    assert (shut <= free).all()
    assert shut.sum() < free.sum()
    before, given = shut, []
    for state in STATES:
        given.append(Consent(id=f"d-{state}", by=state, owners=STATES, scope=("debris",)))
        now = rounds(asked, *given)
        assert (now >= before).all()
        before = now
    assert before.sum() > shut.sum()


def test_a_battery_is_taken_at_the_first_middle_and_last_point() -> None:
    assert samples(STEP_S * np.array([3.2, 4.0, 9.9, 12.0, 20.5])) == [3, 9, 20]
    assert samples(STEP_S * np.array([3.2, 3.4])) == [3]
    assert samples(np.empty(0)) == []


def test_the_interceptor_falls_on_a_way_of_its_own() -> None:
    """Bodies that stay whole: with a heavy interceptor shares are its own, with a light one the missile's."""
    case = a().w.case
    assert case.borders is not None
    light, heavy = (
        debris_of(a().w, a().g, case.borders, replace(WHOLE, kill_vehicle_kg=kg)) for kg in (1e-6, 1e9)
    )
    assert all(f.missile > 0.999 for f in light.values())
    assert all(f.missile < 1e-3 for f in heavy.values())
    assert any(f.shares != light[key].shares for key, f in heavy.items())


def test_what_rises_for_good_is_aloft() -> None:
    case = a().w.case
    assert case.borders is not None
    state = np.array([7.0e6, 0.0, 0.0, 12e3, 0.0, 0.0])
    assert fallen_of(case.borders, state, (np.zeros((2, 3)), np.full(2, 1e-3))) == {ALOFT: 1.0}


def test_no_third_states_are_owner_host_target_and_attacker() -> None:
    one = a().w.batteries[0]
    abroad = replace(one, battery=replace(one.battery, host="HUN"))
    missile = next(m for m in a().w.missiles if m.target >= 0)
    target = a().w.assets[missile.target].nation
    found = own(a().w, abroad, missile)
    assert found - {SEA, ALOFT} == {abroad.battery.owner, "HUN", target, missile.launch.nation}


def test_overflight_is_where_they_may_meet_and_debris_by_the_worst_point() -> None:
    """Not all of the missile's way; and one point with more than the least share is enough."""
    case = a().w.case
    assert case.borders is not None
    found = states_under(a().w, a().g)
    fallen = debris_of(a().w, a().g, case.borders, _breakup())
    short = 0
    for (b, u, scope), names in found.items():
        mine = own(a().w, a().w.batteries[b], a().w.missiles[a().g.first_missile[u]])
        if scope == "debris":
            worst = {n for s in fallen[b, u].shares for n, part in s.items() if part > _breakup().least_share}
            assert set(names) == worst - mine
        else:
            whole = a().g.states[u, :, :3]
            under = set(nations_at(case.borders, whole[~np.isnan(whole[:, 0])]).tolist()) - mine
            assert set(names) <= under
            short += set(names) < under
    assert short
