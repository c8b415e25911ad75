"""Radars with much in view look at each missile less often; no clause changes how much they have in view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synaspis.engine.geometry import STEP_S, Geometry, geometry
from synaspis.engine.load import stretched
from synaspis.engine.world import World, world
from synaspis.model.case import Case
from synaspis.model.threat import Objects
from synaspis.studies.arena import arena
from tests.engine.scene import four_owners, with_radar
from tests.engine.test_objects import with_objects

RADAR = "an-tpy-2"


def busy(case: Case, capacity: int) -> Case:
    return with_radar(case, RADAR, track_capacity=capacity)


def raid_of(starts_s: tuple[float, ...], objects: int = 0) -> World:
    """The same flight at Bucharest, once for each start."""
    w = world(four_owners())
    first = w.missiles[0]
    made = tuple(
        replace(first, name=f"{first.name} {i}", launch_s=s, objects=Objects(decoy=objects))
        for i, s in enumerate(starts_s)
    )
    return replace(w, missiles=made)


def with_capacity(w: World, capacity: int) -> World:
    def changed(kind: object) -> object:
        return replace(kind, track_capacity=capacity) if getattr(kind, "name", "") == RADAR else kind

    return replace(w, stations=tuple(replace(s, type=changed(s.type)) for s in w.stations))


def stretches(
    w: World, capacity: int, spans: list[list[int]], flights: list[int] | None = None
) -> np.ndarray:
    """Of the first AN/TPY-2, which sees each flight over `spans`."""
    row = next(i for i, s in enumerate(w.stations) if s.type.name == RADAR)
    pairs = np.array([[row, u] for u in range(len(spans))])
    flight_of = np.zeros(len(w.missiles), int) if flights is None else np.array(flights)
    return stretched(with_capacity(w, capacity), flight_of, pairs, np.array(spans), STEP_S)


def test_the_interval_grows_as_load_over_capacity() -> None:
    """Three at once, the third a minute later: 2 in view for 30 samples, 3 after that."""
    found = stretches(raid_of((0.0, 0.0, 60.0)), 2, [[10, 99]])
    assert found[:30] == pytest.approx(1.5), (
        "the third missile meets 3 all its early way: the worst load counts"
    )
    assert found == pytest.approx(1.5)
    apart = stretches(raid_of((0.0, 0.0, 60.0)), 2, [[10, 99], [10, 99]], [0, 0, 1])
    assert apart[:30] == pytest.approx(1.0)
    assert apart[30:150] == pytest.approx(1.5)
    assert apart[150:] == pytest.approx(1.0), "the others have left"


def test_objects_take_time_too() -> None:
    assert stretches(raid_of((0.0, 0.0), objects=2), 3, [[0, 50]]) == pytest.approx(2.0)


def test_a_start_between_samples_counts_at_both() -> None:
    found = stretches(raid_of((0.0, 1.0)), 1, [[10, 20], [10, 20]], [0, 1])
    assert found == pytest.approx(2.0)
    after = stretches(raid_of((1.0, 0.0)), 1, [[10, 20], [21, 30]], [0, 1])
    assert after[:10] == pytest.approx(1.0)
    assert after[10] == pytest.approx(2.0), "half of its last sample falls in the other's first"


def test_within_its_capacity_a_radar_keeps_its_pace() -> None:
    assert (stretches(raid_of((0.0, 5.0, 9.0)), 3, [[0, 50]]) == 1.0).all()


def known(g: Geometry) -> np.ndarray:
    return g.information.coast[:, range(6), range(6)]


def test_a_crowded_radar_learns_less_and_each_missile_alone_is_free_of_the_crowd() -> None:
    wide, narrow = (busy(four_owners(), c) for c in (1000, 2))
    free, crowded = (geometry(world(case), 1) for case in (wide, narrow))
    np.testing.assert_array_equal(free.seen_s, crowded.seen_s)
    np.testing.assert_array_equal(free.information.span, crowded.information.span)
    assert (known(crowded) <= known(free)).all()
    assert (known(crowded) < known(free)).any()
    alone = geometry(world(narrow), 1, together=False)
    np.testing.assert_array_equal(alone.information.coast, free.information.coast)


def test_given_missiles_fly_alone_unless_they_are_a_raid() -> None:
    """Coverage is asked with one probe at a time, whatever stands in the list."""
    narrow = busy(four_owners(), 2)
    missiles = world(narrow).missiles
    alone, raid = (arena(narrow, 1, missiles, together=t).g.information.coast for t in (False, True))
    np.testing.assert_array_equal(raid, arena(narrow, 1).g.information.coast)
    assert (raid != alone).any()


def test_another_thing_in_view_never_lightens_the_load() -> None:
    crowded = with_objects(busy(four_owners(), 1), 1, decoy=2)
    w = world(crowded)
    alone = tuple(replace(m, objects=Objects()) for m in w.missiles)
    plain, loaded = geometry(world(crowded, alone), 1), geometry(w, 1)
    assert (known(loaded) <= known(plain)).all()
    assert (known(loaded) < known(plain)).any()
