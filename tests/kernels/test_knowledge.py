"""The impact ellipse at given times agrees with when it is first small enough."""

from __future__ import annotations

import numpy as np

from synaspis.engine.ellipses import impact_errors_m
from synaspis.engine.pictures import ALERT_FLOOR_M
from tests.engine.scene import EVERYTHING, arena_of_four, rule_of


def test_the_ellipse_reaches_each_limit_when_it_is_first_within_it() -> None:
    a = arena_of_four()
    made = a.pictures(rule_of(EVERYTHING))
    tested = 0
    for limit_m in (50_000.0, 10_000.0, 1_000.0):
        first = a.maker.impact_within(made, limit_m)
        for n, nation in enumerate(a.w.nations):
            known = np.isfinite(first[n])
            when = np.where(known[:, None], first[n][:, None] + [[-0.05, 0.0, 5.0]], 0.0)
            sizes = impact_errors_m(a.maker, made, nation, when)
            assert (sizes[known, 1] <= limit_m).all()
            late = known & (first[n] > a.g.settled_s + 1.0)
            assert (sizes[late, 0] > limit_m).all()
            later = known & (when[:, 2] < a.g.impact_s)
            assert (sizes[later, 2] <= sizes[later, 1]).all()
            tested += int(late.sum())
    assert tested > 5


def test_nothing_is_known_before_burnout_nor_after_impact_and_no_alert_is_sharp() -> None:
    a = arena_of_four()
    made = a.pictures(rule_of(EVERYTHING))
    when = np.column_stack([a.g.settled_s - 1.0, a.g.impact_s + 1.0])
    sizes = impact_errors_m(a.maker, made, "USA", when)
    assert np.isinf(sizes[:, 0]).all()
    assert np.isnan(sizes[:, 1]).all()
    nothing = a.pictures(rule_of([]))
    blind = impact_errors_m(a.maker, nothing, "BGR", when)
    assert np.isinf(blind[:, 0]).all()
    assert np.isnan(blind[:, 1]).all()
    assert ALERT_FLOOR_M == 100_000.0
