"""Layers: what flies on adds up, and no delay gains a second of battle space."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synaspis import api
from synaspis.engine.layout import KILLED
from synaspis.model.answers import RunAnswer
from synaspis.model.layers import LAYERS
from synaspis.studies.arena import Arena, arena, pure
from synaspis.studies.coverage import Chances, chances, engagements, probe_arena
from synaspis.studies.layers import _over_missiles

DELAYS_S = (0.0, 15.0, 40.0, 90.0, 200.0, 500.0)


@pytest.fixture(scope="module")
def raid() -> Arena:
    return arena(api.load("first-light"), 1)


@pytest.fixture(scope="module", params=["first-light", "europe"])
def answer(request: pytest.FixtureRequest) -> RunAnswer:
    regimes = None if request.param == "first-light" else ["national", "allied"]
    return api.run(request.param, regimes=regimes, trials=80, jobs=2)


def test_what_flies_on_after_the_last_layer_leaks(answer: RunAnswer) -> None:
    for regime in answer.regimes.values():
        assert regime.layers is not None
        last = regime.layers.layers[-1]
        assert vars(last.left) == pytest.approx(vars(regime.leakers), abs=1e-12)
        assert last.leakage == pytest.approx(regime.leakers.mean / regime.layers.landing.mean)


def test_kills_of_all_layers_are_the_impacts_prevented(answer: RunAnswer) -> None:
    for regime in answer.regimes.values():
        assert regime.layers is not None
        layers = regime.layers.layers
        assert sum(x.kills for x in layers) == pytest.approx(regime.prevented_impacts.mean)
        assert {x.layer: x.kills for x in layers} == pytest.approx(dict(regime.kills_by_layer))
        flying = regime.layers.landing.mean
        for each in layers:
            flying -= each.kills
            assert each.left.mean == pytest.approx(flying)


def test_layers_stand_in_the_order_of_time_and_share_out_all_batteries(answer: RunAnswer) -> None:
    for regime in answer.regimes.values():
        assert regime.layers is not None
        layers = regime.layers.layers
        assert [x.layer for x in layers] == [x for x in LAYERS if x in {y.layer for y in layers}]
        assert sorted(b for x in layers for b in x.batteries) == sorted(regime.rounds)
        for each in layers:
            assert each.rounds.mean == pytest.approx(sum(regime.rounds[b] for b in each.batteries))
            assert 0.0 <= each.engageable <= 1.0
            assert each.opportunities.mean >= each.engageable - 1e-12
            assert each.rounds_left.mean + each.rounds.mean == pytest.approx(
                each.rounds_left.p05 + each.rounds.p95
            )


def test_only_what_can_be_engaged_is_killed(raid: Arena) -> None:
    """With every order at its median a battery with no chance kills nothing when luck is left as it is."""
    for regime in ("national", "allied"):
        found = chances(raid, regime)
        out = raid.play(pure(raid.rules(regime)), 1, 60)
        killers = {(int(b), t) for row, k in zip(out.fate, out.killer, strict=True)
                   for t, b in enumerate(k) if row[t] == KILLED}  # fmt: skip
        assert killers
        possible = np.isfinite(raid.g.launch_s).any(axis=2)
        assert all(possible[b, raid.g.flight_of[t]] for b, t in killers)
        assert (found.count[0] > 0)[~possible].sum() == 0


def test_longer_decisions_never_widen_battle_space(raid: Arena) -> None:
    for regime in ("national", "allied"):
        found = chances(raid, regime, DELAYS_S)
        with np.errstate(invalid="ignore"):
            space = np.where(found.count > 0, found.closes_s - found.opens_s, 0.0)
        assert (np.diff(space, axis=0) <= 1e-9).all()
        assert (np.diff(found.count, axis=0) <= 0).all()
        assert (space >= 0.0).all()
        assert space[0].sum() > 0.0


def test_engagements_of_coverage_are_the_same_chances(raid: Arena) -> None:
    probes = probe_arena(api.load("first-light"), 1)
    two = chances(probes, "allied", most=2)
    assert (engagements(probes, "allied") == two.count.sum(axis=1)).all()
    assert (two.count <= chances(probes, "allied").count).all()


def _open_from(raid: Arena, first_s: float, last_s: float, flight_s: float, **changes: object) -> Arena:
    """The raid with every battery able to launch from `first_s` to `last_s`; rounds fly `flight_s`."""
    launch_s = np.broadcast_to(np.arange(first_s, last_s + 0.5), (*raid.g.launch_s.shape[:2], 401)).copy()
    g = replace(raid.g, launch_s=launch_s, intercept_s=launch_s + flight_s)
    batteries = tuple(replace(f, **changes) for f in raid.w.batteries)  # type: ignore[arg-type]
    return replace(raid, g=g, w=replace(raid.w, batteries=batteries))


def test_a_look_takes_its_time(raid: Arena) -> None:
    """Launches from 600 to 1000 s, 20 s to the intercept and 15 s to the look: the next leaves 35 s later."""
    deveselu = next(b for b, f in enumerate(raid.w.batteries) if f.battery.name == "deveselu")
    assert raid.w.batteries[deveselu].interceptor.assess_s == 15.0
    found = chances(_open_from(raid, 600.0, 1000.0, 20.0), "allied")
    assert (found.count[0, deveselu] == 1 + 400 // 35).all()
    assert (found.opens_s[0, deveselu] == 600.0).all()
    assert (found.closes_s[0, deveselu] == 1000.0).all()
    few = chances(_open_from(raid, 600.0, 1000.0, 20.0, rounds=3), "allied")
    assert (few.count[0, deveselu] == 3).all()
    assert (chances(_open_from(raid, 600.0, 1000.0, 20.0), "allied", most=5).count[0, deveselu] == 5).all()
    at_once = replace(raid.w.batteries[deveselu].battery, doctrine="barrage")
    once = chances(_open_from(raid, 600.0, 1000.0, 20.0, battery=at_once), "allied")
    assert (once.count[0, deveselu] == 1).all()


def test_a_case_without_batteries_or_targets_has_no_layer_to_speak_of(tmp_path: Path) -> None:
    text = api.load("first-light").text.decode()
    bare = text[: text.index("batteries:")] + text[text.index("# Residents") :].partition("# Behind")[0]
    path = tmp_path / "bare.yaml"
    path.write_text(bare.replace("      - {id: base-1, by: ROU, sites: [deveselu]}\n", ""))
    found = api.run(path, trials=5, jobs=1).regimes["allied"]
    assert found.layers is not None
    assert found.layers.layers == ()
    assert found.layers.landing == found.leakers
    assert found.stock is not None
    assert (found.stock.magazines, found.stock.weeks, found.stock.lasting.mean) == ((), (), None)
    ground = "open_ground: {latitude_deg: 46, longitude_deg: 25}"
    aimed = text.replace("target: Bucharest", ground).replace("target: Sofia", ground)
    path.write_text(aimed)
    nowhere = api.run(path, trials=5, jobs=1).regimes["allied"].layers
    assert nowhere is not None
    assert [(x.engageable, x.leakage, x.battle_space_s.mean) for x in nowhere.layers] == [(0, 0, 0)] * 2


def test_the_answer_holds_these_chances(raid: Arena) -> None:
    """Each of the three missiles counts once; those out of reach as zeros."""
    for name, regime in api.run("first-light", trials=5, jobs=1).regimes.items():
        found = chances(raid, name)
        assert regime.layers is not None
        for layer in regime.layers.layers:
            rows = [b for b, f in enumerate(raid.w.batteries) if f.battery.name in layer.batteries]
            assert len(rows) == 1
            count, opens, closes = (
                x[0, rows[0]][raid.g.flight_of] for x in (found.count, found.opens_s, found.closes_s)
            )
            space = [c - o if n else 0.0 for n, o, c in zip(count, opens, closes, strict=True)]
            assert layer.engageable == pytest.approx((count > 0).mean())
            assert layer.opportunities.mean == pytest.approx(count.mean())
            assert layer.battle_space_s.mean == pytest.approx(np.mean(space))


def test_batteries_of_a_layer_fire_together(raid: Arena) -> None:
    """Shots add up; battle space runs from the first launch of any to the last of any."""
    shape = (1, 3, len(raid.g.states))
    count, opens, closes = np.zeros(shape, np.int64), np.full(shape, np.inf), np.full(shape, -np.inf)
    for b, (shots, first, last) in enumerate([(2, 300.0, 400.0), (1, 350.0, 380.0), (1, 390.0, 450.0)]):
        count[0, b], opens[0, b], closes[0, b] = shots, first, last
    both, third = _over_missiles(raid, Chances(count=count, opens_s=opens, closes_s=closes), [[0, 2], [1]])
    assert (both[0], both[1].mean, both[2].mean) == (1.0, 3.0, 150.0)
    assert (third[0], third[1].mean, third[2].mean) == (1.0, 1.0, 30.0)


def test_missiles_aimed_at_no_asset_count_for_nothing(raid: Arena) -> None:
    """Of three missiles the last goes to open ground and cannot be engaged: the other two all can."""
    *aimed, last = raid.w.missiles
    w = replace(raid.w, missiles=(*aimed, replace(last, target=-1)))
    count = np.ones((1, 1, len(raid.g.states)), np.int64)
    count[..., raid.g.flight_of[-1]] = 0
    found = Chances(count=count, opens_s=np.full(count.shape, 10.0), closes_s=np.full(count.shape, 20.0))
    (told,) = _over_missiles(replace(raid, w=w), found, [[0]])
    assert (told[0], told[1].mean, told[2].mean) == (1.0, 1.0, 10.0)
