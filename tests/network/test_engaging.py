"""Which object a battery could meet, by the nation's picture: held against the tables made from the truth."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from synaspis.engine.live_joined import Held, Joined, Terms
from synaspis.engine.live_knowledge import Judge
from synaspis.model.agreement import Consent
from synaspis.network.engaging import Chance, Engaging
from synaspis.network.picture import Name
from synaspis.tracking.filters import PHASES, mode_rows
from synaspis.tracking.fusion import Edition
from tests.engine.scene import EVERYTHING, authority, mandate, permit, rule_of
from tests.network.test_range import lit, tables

COAST, BURN = (next(i for i, m in enumerate(PHASES) if m.name == name) for name in ("coast", "boost"))
ROWS = mode_rows(PHASES)


HOST = Consent(id="host", by="ROU", sites=("deveselu",), scope=("use", "fire"))


@cache
def engaging(me: str, *clauses: object) -> Engaging:
    return Engaging(Judge(lit().w), me, rule_of((*(clauses or EVERYTHING), HOST)))


def edition(owner: str, t: int, time_s: float, sigma_m: float, mode: int = COAST) -> Edition:
    """A track of a missile as it really flies, with errors as large as told."""
    w, g = lit().w, lit().g
    k = round((time_s - w.missiles[t].launch_s) / 2.0)
    beta = np.log(w.missiles[t].threat.ballistic_coefficient_kgpm2)
    cov = np.diag([sigma_m**2 / 3.0] * 3 + [(sigma_m / 300.0) ** 2] * 3 + [0.01])
    return Edition(
        owner=owner, number=1, time_s=time_s, mean=np.append(g.states[g.flight_of[t], k], beta), cov=cov,
        mode=ROWS[mode],
    )  # fmt: skip


def held(
    me: str, t: int, time_s: float, sigma_m: float = 50.0, level: int | None = None, mode: int = COAST
) -> tuple[Joined, list[tuple[Name, Held]]]:
    """A picture of one missile, one's own or from another's track of a level."""
    joined = Joined(me)
    if level is None:
        joined.picture.own([edition(me, t, time_s, sigma_m, mode)])
    else:
        joined.terms["other"] = Terms(level, ("c-1",))
        assert joined.picture.take(edition("other", t, time_s, sigma_m, mode)) is None
    return joined, [(("", 1), one) for one in joined.at(time_s)]


def chances(me: str, t: int, time_s: float, *clauses: object, **more: float) -> dict[str, Chance]:
    joined, picture = held(me, t, time_s, **more)
    found = engaging(me, *clauses).chances(picture, joined.of_level, time_s)
    return {lit().w.batteries[c.battery].battery.name: c for c in found}


def last_s(b: int, t: int) -> float:
    return float(tables().bt[t, 1, b])


def owners() -> list[str]:
    return sorted({f.battery.owner for f in lit().w.batteries})


def test_the_launches_are_those_of_the_tables() -> None:
    """Foretold with another integrator from one state: the last launch comes within 3 s of the true one."""
    compared = 0
    for t, m in enumerate(lit().w.missiles):
        time_s = m.launch_s + 300.0
        for me in owners():
            found = chances(me, t, time_s)
            for b, f in enumerate(lit().w.batteries):
                if f.battery.owner != me:
                    continue
                if not np.isfinite(last_s(b, t)):
                    assert f.battery.name not in found
                    continue
                chance = found[f.battery.name]
                assert chance.last_s == pytest.approx(last_s(b, t), abs=3.0)
                assert time_s <= chance.launch_s <= chance.last_s < chance.intercept_s
                compared += 1
    assert compared >= 4


def pair() -> tuple[str, int, float]:
    """A battery's owner, a missile that it can meet, and a time at which it coasts."""
    b, t = np.argwhere(np.isfinite(tables().bt[:, 1, :].T))[0]
    return lit().w.batteries[b].battery.owner, int(t), lit().w.missiles[t].launch_s + 300.0


def test_a_poor_track_lets_fire_later_or_not_at_all() -> None:
    me, t, time_s = pair()
    found = [next(iter(chances(me, t, time_s, sigma_m=s).values())) for s in (50.0, 500.0, 5_000.0)]
    assert found[0].launch_s <= found[1].launch_s <= found[2].launch_s
    assert found[0].launch_s < np.inf
    assert found[2].launch_s == np.inf
    assert found[0].last_s == found[2].last_s, "it may be asked for all the same"


def test_a_track_that_is_not_for_fire_control_lets_nobody_fire() -> None:
    me, t, time_s = pair()
    track, fire = (next(iter(chances(me, t, time_s, level=level).values())) for level in (2, 3))
    assert track.launch_s == np.inf
    assert track.clauses == fire.clauses == ("c-1",)
    assert (fire.launch_s < np.inf) == (
        next(f for f in lit().w.batteries if f.battery.owner == me).interceptor.remote != "own"
    )


def test_without_a_mandate_rounds_are_withheld() -> None:
    me, t, time_s = pair()
    assert chances(me, t, time_s)
    nobody = (permit("see", "measurement"), authority("fire"))
    assert not chances(me, t, time_s, *nobody)
    target = lit().w.assets[lit().w.missiles[t].target].nation
    others = tuple(n for n in lit().w.nations if n != target)
    assert not chances(me, t, time_s, *nobody, mandate("others", defends=others))
    found = next(iter(chances(me, t, time_s, *nobody, mandate("own", defends=(target,))).values()))
    assert found.mandate == ("own",)
    assert {lit().w.assets[row].nation for row in found.assets} == {target}


def test_without_its_host_s_leave_a_battery_meets_nothing() -> None:
    me, t, time_s = pair()
    joined, picture = held(me, t, time_s)
    alone = Engaging(Judge(lit().w), me, rule_of(EVERYTHING))
    assert not alone.chances(picture, joined.of_level, time_s)
    assert alone.rows == ()


def test_what_burns_is_not_foretold() -> None:
    me, t, _ = pair()
    burning = lit().w.missiles[t].launch_s + 40.0
    assert not chances(me, t, burning, mode=BURN)


def test_where_it_comes_down_must_be_known() -> None:
    me, t, time_s = pair()
    assert not chances(me, t, time_s, sigma_m=200_000.0)


def test_a_class_that_is_not_on_the_list_is_left_alone() -> None:
    me, t, time_s = pair()
    joined, picture = held(me, t, time_s)
    e = engaging(me)
    assert e.chances(picture, joined.of_level, time_s)
    one = picture[0][1]
    wrong = np.zeros_like(one.chances)
    wrong[3] = 1.0  # intercontinental
    changed = Held(**{**vars(one), "chances": wrong})
    assert not e.chances([(("", 1), changed)], joined.of_level, time_s)


def test_it_comes_down_where_it_is_said_to() -> None:
    me, t, time_s = pair()
    found = next(iter(chances(me, t, time_s).values()))
    true = lit().g.states[lit().g.flight_of[t]]
    down = true[~np.isnan(true[:, 0])][-1, :3]
    assert np.linalg.norm(found.way[-1, :3] - down) < 10_000.0
    assert ((found.meets >= 0) & (found.meets < len(found.way))).all()
