"""A permit never delays any nation's first possible warning, nor anything else that it may know.

Random clauses on the small world of four owners, as in tests/engine/test_monotone.py.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from hypothesis import given

from synaspis.model.agreement import Release
from synaspis.model.early_warning import View
from synaspis.sharing.rules import Rules
from synaspis.studies.first_sight import grid, rising, seen_rising, views
from synaspis.studies.knowledge import launch_point, times
from tests.engine.scene import arena_of_four
from tests.engine.test_monotone import PROPERTY, RELEASES, releases, rules


@cache
def looked() -> tuple[Any, ...]:
    """The class of the first flight, rising over the grid, as every station sees it."""
    a = arena_of_four()
    threat, burn_s = a.w.missiles[a.g.first_missile[0]].threat, float(a.g.burnout_s[0])
    states = rising(a.g.states[0], burn_s, grid(a)[::7])
    return threat, *seen_rising(a, threat, states, burn_s), burn_s


def heard(given_: Rules) -> dict[str, View]:
    return views(arena_of_four(), given_, *looked())


@PROPERTY
@given(RELEASES, releases("permit"))
def test_a_permit_never_delays_a_warning(found: list[Release], more: Release) -> None:
    a = arena_of_four()
    before, after = rules(*found), rules(*found, more)
    was, now = times(a, before), times(a, after)
    for stage in was:
        assert (now[stage] <= was[stage]).all(), stage
    for nation in a.w.nations:
        first = [launch_point(a, a.pictures(x), nation, 0) for x in (before, after)]
        assert first[1][0] <= first[0][0]


@PROPERTY
@given(RELEASES, releases("permit"))
def test_a_permit_never_hides_a_launch(found: list[Release], more: Release) -> None:
    was, now = heard(rules(*found)), heard(rules(*found, more))
    for nation, view in was.items():
        assert (now[nation].report_s <= view.report_s).all(), nation
        assert (now[nation].at_once >= view.at_once).all(), nation


def test_the_world_is_worth_testing() -> None:
    """Some permit hastens a warning and some report, so that the properties can fail."""
    a = arena_of_four()
    all_ = Release(
        id="all", effect="permit", owners=a.w.nations, recipients=a.w.nations, products=("measurement",)
    )
    was, now = times(a, rules()), times(a, rules(all_))
    assert (now["warned_s"] < was["warned_s"]).any()
    assert (now["class_s"] < was["class_s"]).any()
    assert any((heard(rules(all_))[n].report_s < heard(rules())[n].report_s).any() for n in a.w.nations)
    assert np.isinf(heard(rules())["BGR"].report_s).any()
