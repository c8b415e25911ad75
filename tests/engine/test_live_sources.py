"""What a viewer gets of another's tracks: judged by its owner's estimate, late, and as the product allows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from synaspis.engine.live_feeds import Feed, Snapshot
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.live_viewers import Received, Viewer
from synaspis.engine.pictures import ALERT_FLOOR_M
from synaspis.engine.sources import Source
from synaspis.engine.world import world
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.model.estimate import Spots
from synaspis.sharing.conditions import ALWAYS, UNKNOWN, Predicate
from tests.engine.scene import first_light

W = world(first_light())
BUCHAREST, SOFIA = (math.radians(44.43), math.radians(26.10)), (math.radians(42.70), math.radians(23.32))
TABRIZ = math.radians(38.0), math.radians(46.3)


def _spots(place: tuple[float, float], semi_m: float) -> Spots:
    one = np.array([1.0])
    return Spots(
        latitude_rad=place[0] * one, longitude_rad=place[1] * one, time_s=700.0 * one,
        covs=np.eye(3)[None] * semi_m**2, semi_major_m=semi_m * one, semi_minor_m=semi_m * one,
        bearing_rad=0.0 * one,
    )  # fmt: skip


def _snapshot(time_s: float, place: tuple[float, float], semi_m: float, sure: float = 0.99) -> Snapshot:
    rest = (1.0 - sure) / 3.0
    return Snapshot(
        time_s=time_s, number=np.array([7]), last_s=np.array([time_s]),
        mean=np.array([[7e6, 0.0, 0.0, 0.0, 3e3, 0.0, 8.0]]),
        cov=np.eye(7)[None], mode=np.array([1]), sigma_m=np.array([math.sqrt(3.0)]),
        impact=_spots(place, semi_m), launch=_spots(TABRIZ, 5e3),
        chances=np.array([[rest, sure, rest, rest]]), flight=np.array([0]),
    )  # fmt: skip


@dataclass
class Told:
    """Stands for a feed: its looks."""

    looks: list[Snapshot]

    def at(self, when_s: float) -> Snapshot | None:
        return next((s for s in reversed(self.looks) if s.time_s <= when_s), None)


def _received(
    looks: list[Snapshot], predicate: Predicate = ALWAYS, level: int = 2, late_s: float = 0.0,
    until_s: float = math.inf, floor_m: float = 0.0,
) -> Received:  # fmt: skip
    feed = cast(Feed, Told(looks))
    source = Source(((0, late_s, "released"),), level, "USA", predicate, ("c-1",), floor_m, until_s)
    return Received("USA/0", source, feed, late_s, feed)


def test_an_estimate_tells_whom_it_threatens_once_it_is_small_enough() -> None:
    judge = Judge(W)
    near = judge.known(_snapshot(100.0, BUCHAREST, 20e3), 0)
    assert near.threatens == {"ROU"}
    assert (near.category, near.lands_in) == ("mrbm", "ROU")
    assert near.launched_from == {"Tabriz area", "IRN"}
    wide = judge.known(_snapshot(100.0, BUCHAREST, judge.zone_m * 0.99), 0)
    assert wide.threatens == {"ROU", "BGR"}
    assert wide.lands_in is None
    wider = judge.known(_snapshot(100.0, BUCHAREST, judge.zone_m * 1.01), 0)
    assert wider == UNKNOWN._replace(launched_from=near.launched_from)
    assert judge.known(_snapshot(100.0, BUCHAREST, 20e3, sure=0.85), 0).category is None
    assert judge.known(_snapshot(100.0, (0.0, 0.0), 20e3), 0).threatens is None


def test_places_met_are_those_in_the_ellipse_nearest_first() -> None:
    judge = Judge(W)
    assert [W.assets[row].name for row in judge.threatened(_spots(SOFIA, 400e3), 0)] == ["Sofia", "Bucharest"]
    assert judge.threatened(_spots(SOFIA, math.nan), 0) == []
    # Bucharest lies some 290 km away: beyond 200 km and its own radius, unless more is asked.
    assert len(judge.threatened(_spots(SOFIA, 200e3), 0)) == 1
    assert len(judge.threatened(_spots(SOFIA, 200e3), 0, least_m=300e3)) == 2
    row, far_m = judge.nearest(_spots(SOFIA, 1e3), 0)
    assert W.assets[row].name == "Sofia"
    assert far_m < 100.0


def test_a_condition_opens_a_source_once_met_and_it_stays_open() -> None:
    judge = Judge(W)
    looks = [_snapshot(100.0, SOFIA, 50e3), _snapshot(104.0, BUCHAREST, 50e3), _snapshot(108.0, SOFIA, 50e3)]
    r = _received(looks, Predicate(threatens=("ROU",)))
    assert [r.admitted(now, judge)[1] for now in (100.0, 104.0, 108.0)] == [[], [0], [0]]  # type: ignore[index]
    never = _received(looks, Predicate(threatens=("TUR",)))
    assert [never.admitted(now, judge)[1] for now in (100.0, 104.0, 108.0)] == [[], [], []]  # type: ignore[index]


def test_it_comes_late_and_stays_as_it_was_when_it_is_revoked() -> None:
    judge = Judge(W)
    looks = [_snapshot(float(t), BUCHAREST, 50e3) for t in range(100, 160, 4)]
    r = _received(looks, late_s=10.0, until_s=130.0)
    assert r.admitted(108.0, judge) is None
    made = [r.admitted(now, judge)[0].time_s for now in (112.0, 128.0, 130.0, 158.0)]  # type: ignore[index]
    assert made == [100.0, 116.0, 120.0, 120.0]


@pytest.mark.parametrize(("level", "floor_m", "semi_m"), [
    (0, 0.0, ALERT_FLOOR_M), (1, 0.0, 20e3), (1, 10e3, math.hypot(20e3, ELLIPSE_90 * 10e3)),
])  # fmt: skip
def test_less_than_a_track_is_an_estimate_no_better_than_it_is_let_be(
    level: int, floor_m: float, semi_m: float
) -> None:
    r = _received([_snapshot(100.0, BUCHAREST, 20e3)], level=level, floor_m=floor_m)
    held, told = Viewer(["ROU"], None, [r]).look(
        100.0, lambda places, _: np.zeros(len(places), np.int64), Judge(W)
    )
    assert [(x.level, x.flight, x.fused, x.clauses) for x in held] == [(level, 0, None, ("c-1",))]
    assert held[0].semi_m == pytest.approx(semi_m)
    assert told == [(r, 0)]
