"""Consent asked each time, routes that hold for some, sites that may be down, and needless warnings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synaspis import api
from synaspis.engine.layout import LEAKED
from synaspis.model.agreement import Consent
from synaspis.model.case import Case
from synaspis.sharing.authority import host_consent, routes
from synaspis.studies.arena import Arena, arena, pure
from tests.engine.scene import (
    EVERYTHING,
    authority,
    first_light,
    mandate,
    permit,
    rule_of,
    with_battery,
    with_file,
)

TRIALS = 200
USE = Consent(id="use", by="ROU", sites=("deveselu",), scope=("use",))
SEE = Consent(id="see", by="TUR", sites=("kurecik",), scope=("use",))
STANDING = Consent(id="standing", by="ROU", sites=("deveselu",), scope=("fire",))
ASKED = Consent(id="asked", by="ROU", sites=("deveselu",), scope=("fire",), decision_s=100.0)


@pytest.fixture(scope="module")
def a() -> Arena:
    return arena(first_light(), 1)


def rounds(a: Arena, *clauses: object, battery: str = "deveselu") -> float:
    out = a.play(pure(rule_of((*EVERYTHING, USE, SEE, *clauses))), 1, TRIALS)  # type: ignore[arg-type]
    row = [f.battery.name for f in a.w.batteries].index(battery)
    return float(out.rounds[:, row].mean())


def test_without_its_host_s_consent_a_battery_never_fires(a: Arena) -> None:
    assert rounds(a) == 0.0
    assert rounds(a, STANDING) > 0.5


def test_a_host_that_answers_too_late_costs_every_shot(a: Arena) -> None:
    late = replace(ASKED, decision_s=3000.0)
    assert rounds(a, late) == 0.0
    assert 0.0 < rounds(a, replace(ASKED, decision_s=60.0)) <= rounds(a, STANDING)
    assert rounds(a, late, STANDING) == rounds(a, STANDING), "a standing consent needs no answer"


def test_a_host_out_of_reach_costs_its_share_of_shots(a: Arena) -> None:
    half = replace(ASKED, decision_s=1.0, unreachable=0.5)
    assert 0.3 < rounds(a, half) / rounds(a, STANDING) < 0.75


def test_the_quickest_consent_of_the_host_counts(a: Arena) -> None:
    battery = a.w.batteries[0].battery
    assert host_consent(rule_of((ASKED,)), battery).clause == "asked"  # type: ignore[union-attr]
    assert (
        host_consent(rule_of((ASKED, replace(ASKED, id="quick", decision_s=5.0))), battery).clause == "quick"
    )  # type: ignore[union-attr]
    assert host_consent(rule_of((ASKED, STANDING)), battery) is None


def test_a_route_holds_only_for_those_it_defends(a: Arena) -> None:
    bulgaria = authority("for-bgr", defends=("BGR",))
    clauses = (permit("see", "measurement"), mandate("all"), bulgaria, USE, SEE, STANDING)
    out = a.play(pure(rule_of(clauses)), 1, TRIALS)
    deveselu = 0
    killed_at = {
        a.w.assets[m.target].name for t, m in enumerate(a.w.missiles) if (out.killer[:, t] == deveselu).any()
    }
    assert killed_at == {"Sofia"}
    (route,) = routes(rule_of(clauses), a.w.batteries[deveselu].battery)
    sofia = next(x for x in a.w.assets if x.name == "Sofia")
    bucharest = next(x for x in a.w.assets if x.name == "Bucharest")
    assert route.holds_for(sofia) and not route.holds_for(bucharest)


def available(case: Case, name: str, chance: float) -> Case:
    sensors = tuple(replace(s, availability=chance) if s.name == name else s for s in case.file.sensors)
    return with_file(case, sensors=sensors)


def test_a_radar_that_is_down_changes_the_picture_in_its_trials_only() -> None:
    whole = api.run(first_light(), regimes=["allied"], trials=TRIALS, jobs=1)
    doubtful = arena(available(first_light(), "kurecik", 0.5), 1)
    mix = pure(doubtful.rules("allied"))
    down = doubtful.down(1, np.arange(TRIALS))
    out = doubtful.play(mix, 1, TRIALS)
    up = np.array([not rows for rows in down])
    assert 0.35 < up.mean() < 0.65
    steady = arena(first_light(), 1).play(mix, 1, TRIALS)
    assert (out.fate[up] == steady.fate[up]).all()
    assert (out.fate[~up] == LEAKED).sum() > (steady.fate[~up] == LEAKED).sum()
    assert whole.regimes["allied"].leakers.mean == pytest.approx((steady.fate == LEAKED).sum(axis=1).mean())


def test_a_battery_that_is_away_fires_nothing() -> None:
    away = arena(with_battery(first_light(), "deveselu", availability=1e-9), 1)
    out = away.play(pure(away.rules("allied")), 1, 50)
    assert out.rounds[:, 0].sum() == 0


def test_simple_countermeasures_cost_protection(a: Arena) -> None:
    mix = pure(a.rules("allied"))
    plain, decoyed = a.play(mix, 1, TRIALS), a.play(mix, 1, TRIALS, countermeasures=True)
    assert (decoyed.fate == LEAKED).sum() > (plain.fate == LEAKED).sum()
    assert ((plain.fate == LEAKED) <= (decoyed.fate == LEAKED)).all(), "same luck: nothing gets better"


def test_people_near_the_target_are_warned_needlessly(a: Arena) -> None:
    """Bucharest and Sofia lie 300 km apart, inside one warning zone of 500 km."""
    out = a.play(pure(a.rules("allied")), 1, TRIALS)
    struck = {m.target for m in a.w.missiles}
    assert struck == {0, 1}
    nothing = ~out.lands.any(axis=1)
    assert (out.needless & ~np.isnan(out.warning_s)).sum() == 0, "needless only where nothing would land"
    assert out.needless[~nothing].any()
    assert not a.play(pure(rule_of(())), 1, 50).needless[:, 1].any(), "nobody tells Bulgaria"


def test_a_warning_that_comes_too_late_is_not_needless() -> None:
    """Needless is a warning that is heard before the impact: none is where telling people takes an hour."""
    slow = {name: replace(x, dissemination_s=3600.0) for name, x in first_light().warnings.items()}
    late = arena(replace(first_light(), warnings=slow), 1)
    assert not late.play(pure(late.rules("allied")), 1, TRIALS).needless.any()
