"""Whose leave an order needs besides: vetoes, and states under an intercept or its debris."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synaspis.engine.layout import LEAKED
from synaspis.engine.under import states_under
from synaspis.files.borders import borders
from synaspis.model.agreement import Clause, Consent
from synaspis.studies.arena import Arena, arena, pure
from tests.engine.scene import (
    EVERYTHING,
    authority,
    four_owners,
    mandate,
    rule_of,
    with_file,
    with_interceptors,
    with_systems,
)

TRIALS = 300
SEE, DEFEND, _ = EVERYTHING
DEVESELU, THAAD = 0, 2


@cache
def a() -> Arena:
    return arena(replace(four_owners(), borders=borders()), 1)


def rounds(*clauses: Clause) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Mean rounds of each battery."""
    out = a().play(pure(rule_of((SEE, DEFEND, *clauses))), 1, TRIALS)
    return np.asarray(out.rounds.mean(axis=0))


def test_a_veto_that_is_never_used_costs_nothing() -> None:
    free = rounds(authority("a"))
    np.testing.assert_array_equal(rounds(authority("a", veto=("TUR",))), free)
    assert (free > 0).any()


def test_a_veto_that_is_always_used_stops_every_shot_but_no_other_route() -> None:
    vetoed = authority("a", veto=("TUR",), refuses=1.0)
    assert not rounds(vetoed).any()
    np.testing.assert_array_equal(rounds(vetoed, authority("b")), rounds(authority("b")))


def test_a_veto_stops_its_share_of_engagements() -> None:
    # The decider refuses too, with the same chance: other dice, so both must agree.
    pre = {"protocol": "pre-authorised"}
    share = (
        rounds(authority("a", veto=("TUR",), refuses=0.4, **pre)).sum() / rounds(authority("a", **pre)).sum()
    )
    assert share == pytest.approx(0.6, abs=0.08)


def test_states_under_an_intercept_are_third_ones() -> None:
    found = states_under(a().w, a().g)
    assert found
    for (b, u, scope), states in found.items():
        f, missile = a().w.batteries[b], a().w.missiles[a().g.first_missile[u]]
        target = a().w.assets[missile.target].nation if missile.target >= 0 else ""
        assert not {f.battery.owner, f.battery.host or f.battery.owner, target, ""} & set(states)
        assert scope in ("overflight", "debris")
    over = {s for (_, _, scope), states in found.items() for s in states if scope == "overflight"}
    assert "TUR" in over, "missiles from Tabriz to the Balkans are met above Türkiye"


def test_a_state_under_the_intercept_that_says_nothing_says_no() -> None:
    asked = authority("a", asks=("overflight",))
    free, shut = rounds(authority("a")), rounds(asked)
    assert (shut <= free).all() and shut.sum() < free.sum()
    over = Consent(id="o", by="TUR", owners=("USA", "ROU", "BGR"), scope=("overflight",))
    leave = [
        replace(over, id=f"o-{n}", by=n, owners=("USA", "ROU", "TUR", "BGR"))
        for n in ("USA", "ROU", "TUR", "BGR")
    ]
    opened = rounds(asked, *leave)
    assert (opened >= shut).all() and opened.sum() > shut.sum()
    late = rounds(asked, *(replace(c, decision_s=5000.0) for c in leave))
    np.testing.assert_array_equal(late, shut)
    refused = rounds(asked, *(replace(c, refuses=1.0) for c in leave))
    np.testing.assert_array_equal(refused, shut)


def test_without_a_map_nobody_is_asked() -> None:
    assert states_under(replace(a().w, case=four_owners()), a().g) == {}


def test_those_named_first_are_served_first() -> None:
    """One channel and one battery: whom the mandate names first is hit less often than when named last."""
    case = with_systems(with_interceptors(four_owners(), assess_s=5.0), channels=1)
    at_once = tuple(
        replace(f, start_s=0.0, interval_s=0.0, count=3, shape="minimum-energy") for f in case.file.raid
    )
    one = arena(with_file(case, raid=at_once), 1)
    rows = [x.nation for x in one.w.assets]

    def leakers(*order: str) -> dict[str, float]:
        given = rule_of((SEE, mandate("m", defends=order, in_order=True), authority("a", owners=("BGR",))))
        leaked = (one.play(pure(given), 1, TRIALS).fate == LEAKED).mean(axis=0)
        aimed = [rows[m.target] if m.target >= 0 else "" for m in one.w.missiles]
        return {n: float(leaked[[nation == n for nation in aimed]].sum()) for n in order}

    first, last = leakers("BGR", "ROU"), leakers("ROU", "BGR")
    assert first["BGR"] < last["BGR"]
    assert first["ROU"] > last["ROU"]
