"""What the terms of a release do to pictures: purpose, quality, revocation, onward release."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synaspis.engine.pictures import Pictures
from synaspis.model.agreement import Agreement, Clause, Condition, Release
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import arena_of_four, four_owners, permit, rule_of, with_file

USA, ROU, TUR, BGR = range(4)


def pictures(*clauses: Clause, a: Arena | None = None) -> Pictures:
    return (a or arena_of_four()).maker.make(rule_of(clauses))


def to_rou(product: str, **more: object) -> Release:
    return permit("p", product, **({"owners": ("USA",), "recipients": ("ROU",)} | more))


def test_what_is_for_warning_alone_warns_and_serves_no_battery() -> None:
    alone, free = pictures(), pictures(to_rou("fire_control_track"))
    told = pictures(to_rou("fire_control_track", purposes=("warning",)))
    np.testing.assert_array_equal(told.warned_s, free.warned_s)
    np.testing.assert_array_equal(told.alert_s, free.alert_s)
    assert (free.known_s[ROU] < alone.known_s[ROU]).any(), "a case in which it matters"
    np.testing.assert_array_equal(told.known_s, alone.known_s)
    np.testing.assert_array_equal(told.fire_control_s, alone.fire_control_s)
    np.testing.assert_array_equal(told.sees_s, alone.sees_s)


def test_what_is_for_defence_alone_warns_nobody() -> None:
    alone, free = pictures(), pictures(to_rou("fire_control_track"))
    told = pictures(to_rou("fire_control_track", purposes=("defence",)))
    np.testing.assert_array_equal(told.known_s, free.known_s)
    assert (told.alert_s[ROU] > free.alert_s[ROU]).any()
    assert np.isinf(alone.alert_s[ROU]).any() and np.isinf(told.alert_s[ROU]).any()


@pytest.mark.parametrize("term", ["degraded_to_m", "rounded_to_m"])
def test_the_coarser_the_release_the_later_the_picture(term: str) -> None:
    before = pictures(to_rou("track"))
    for size_m in (1e3, 8e3, 6e4, 1e6):
        now = pictures(to_rou("track", **{term: size_m}))
        assert (now.known_s[ROU] >= before.known_s[ROU]).all()
        assert (now.track_s[ROU] >= before.track_s[ROU]).all()
        before = now
    np.testing.assert_array_equal(before.track_s[ROU], pictures().track_s[ROU])


def revoked(at_s: float) -> Arena:
    """Four owners with an agreement that is revoked: flights of other times are then apart."""
    case = four_owners()
    clause = to_rou("track", revoked_s=at_s)
    agreement = Agreement(
        name="a", title="A", parties=("USA", "ROU"), source="none", since=case.file.date, releases=(clause,)
    )
    return arena(with_file(case, agreements=(agreement,)), 1)


def test_what_is_revoked_is_known_as_far_as_it_was_received() -> None:
    a = revoked(400.0)
    free = pictures(to_rou("track"), a=a)
    launch = np.array([a.w.missiles[first].launch_s for first in a.g.first_missile])
    at_s = float(np.median(free.known_s[ROU] + launch))
    cut = pictures(to_rou("track", revoked_s=at_s), a=a)
    early = free.known_s[ROU] + launch < at_s
    assert early.any() and (~early).any(), "some are known before, some only after"
    np.testing.assert_array_equal(cut.known_s[ROU][early], free.known_s[ROU][early])
    alone = pictures(a=a).known_s[ROU]
    np.testing.assert_array_equal(cut.known_s[ROU][~early], alone[~early])
    never = pictures(to_rou("track", revoked_s=0.0), a=a)
    np.testing.assert_array_equal(never.known_s[ROU], alone)
    np.testing.assert_array_equal(never.alert_s[ROU], pictures(a=a).alert_s[ROU])


def test_missiles_of_other_times_share_no_flight_where_a_release_is_revoked() -> None:
    assert len(arena_of_four().g.first_missile) < len(arena_of_four().w.missiles)
    a = revoked(400.0)
    assert len(a.g.first_missile) == len(a.w.missiles)


def test_what_is_handed_on_comes_later_by_both_delays() -> None:
    first = to_rou("track", delay_s=20.0, onward=("BGR",))
    then = permit("q", "track", owners=("ROU",), recipients=("BGR",), delay_s=30.0)
    direct = pictures(permit("d", "track", owners=("USA",), recipients=("BGR",), delay_s=50.0), then, first)
    handed = pictures(first, then)
    np.testing.assert_array_equal(handed.alert_s[BGR], direct.alert_s[BGR])
    found = [s for s in handed.sources["BGR"] if s.via == "ROU"]
    assert {s.owner for s in found} == {"USA"} and found[0].clauses == ("p", "q")
    no_leave = pictures(replace(first, onward=()), then)
    assert not [s for s in no_leave.sources["BGR"] if s.owner == "USA"]


def test_where_it_came_from_is_told_before_whom_it_threatens() -> None:
    free = pictures(to_rou("alert"))
    area = pictures(to_rou("alert", when=Condition(launched_from=("IRN",))))
    threatened = pictures(to_rou("alert", when=Condition(threatens=("ROU",))))
    elsewhere = pictures(to_rou("alert", when=Condition(launched_from=("PRK",))))
    np.testing.assert_array_equal(area.alert_s[ROU], free.alert_s[ROU])
    meant = np.isfinite(threatened.alert_s[ROU])
    assert meant.any() and (threatened.alert_s[ROU][meant] > area.alert_s[ROU][meant]).all()
    np.testing.assert_array_equal(elsewhere.alert_s[ROU], pictures().alert_s[ROU])
