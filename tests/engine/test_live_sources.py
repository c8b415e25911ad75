"""What a viewer gets of another's tracks: judged by its owner's estimate, late, and as the product allows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pytest

from synaspis.engine.live_blur import Blur, blurred_spot
from synaspis.engine.live_feeds import Feed, Snapshot
from synaspis.engine.live_joined import Held
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
    return Received("USA/0", source, feed, late_s, feed, Blur(seed=1).of("USA", 1e3))


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


def _viewed(r: Received, own: Snapshot | None = None) -> list[Held]:
    feed = None if own is None else cast(Feed, Told([own]))
    return Viewer(["ROU"], feed, [r]).look(100.0, lambda p, _: np.zeros(len(p), np.int64), Judge(W))[0]


def _with(found: Snapshot, sigma_m: float, number: int = 7) -> Snapshot:
    cov = np.diag([sigma_m**2] * 3 + [25.0] * 3 + [1.0])[None]
    return replace(found, cov=cov, number=np.array([number]))


@pytest.mark.parametrize(("own_m", "clauses"), [(20e3, ("c-1",)), (2e3, ("c-1",)), (10.0, ())])
def test_what_rests_on_anothers_track_cites_the_clause_beside_ones_own(
    own_m: float, clauses: tuple[str, ...]
) -> None:
    """A good track of another beside a poor one of one's own, and a poor one beside a good one."""
    found = _snapshot(100.0, BUCHAREST, 20e3)
    held = _viewed(_received([_with(found, 1e3)]), _with(found, own_m))
    assert [x.clauses for x in held] == [clauses]
    assert len(held[0].fused.members) == 2  # type: ignore[union-attr]


def test_what_a_battery_fires_on_cites_what_it_rests_on() -> None:
    """Of a level that the track released is not of, one's own alone is left, and no clause."""
    found = _snapshot(100.0, BUCHAREST, 20e3)
    feed = cast(Feed, Told([_with(found, 20e3)]))
    viewer = Viewer(["ROU"], feed, [_received([_with(found, 1e3)], level=2)])
    (held,) = viewer.look(100.0, lambda p, _: np.zeros(len(p), np.int64), Judge(W))[0]
    assert held.fused is not None
    assert viewer.of_level(held.fused, 2)[1] == ("c-1",)  # type: ignore[index]
    state, clauses = viewer.of_level(held.fused, 3)  # type: ignore[misc]
    assert clauses == ()
    assert state[1][0, 0] == pytest.approx(20e3**2)


def test_the_error_that_an_owner_adds_is_there_and_stays() -> None:
    """A kilometre of error in all: off by as much as it says, the same at every look."""
    looks = [
        replace(_snapshot(t, BUCHAREST, 20e3), number=np.array([n])) for n in range(60) for t in (100.0,)
    ]
    off = []
    for look in looks:
        (held,) = _viewed(_received([look], floor_m=1e3))
        assert held.fused is not None
        off.append(held.fused.mean[:3] - look.mean[0, :3])
        assert held.sigma_m**2 == pytest.approx(3.0 + 1e6)
    square = np.sum(np.array(off) ** 2) / (1e6 / 3.0)
    assert 130.0 < square < 240.0  # 180 of freedom: 0.999 of chi-square lies there
    later = [replace(_snapshot(t, BUCHAREST, 20e3), number=np.array([5])) for t in (96.0, 100.0)]
    viewer = Viewer(["ROU"], None, [_received(later, floor_m=1e3)])
    means = []
    for now_s in (96.0, 100.0):
        (held,) = viewer.look(now_s, lambda p, _: np.zeros(len(p), np.int64), Judge(W))[0]
        means.append(held.fused.mean[:3])  # type: ignore[union-attr]
    assert np.array_equal(means[0], means[1])
    assert means[0] - later[0].mean[0, :3] == pytest.approx(off[5])


def test_an_estimate_is_off_by_what_it_says() -> None:
    """Twice 60 errors of 10 km each, one standard error each way."""
    square = 0.0
    for number in range(60):
        look = replace(_snapshot(100.0, BUCHAREST, 20e3), number=np.array([number]))
        (held,) = _viewed(_received([look], level=1, floor_m=10e3))
        north = (held.impact.latitude_rad[held.i] - BUCHAREST[0]) * 6_378e3
        east = (held.impact.longitude_rad[held.i] - BUCHAREST[1]) * 6_378e3 * math.cos(BUCHAREST[0])
        square += (north**2 + east**2) / 10e3**2
    assert 75.0 < square < 177.0  # 120 of freedom: 0.999 of chi-square lies there
    plain = _spots(BUCHAREST, 20e3)
    none = blurred_spot(plain, 0, 10e3, np.zeros(3))
    assert none.latitude_rad == pytest.approx(plain.latitude_rad)
    assert none.covs[0] == pytest.approx(np.diag([5e8, 5e8, 4e8]))
    turned = blurred_spot(_spots((0.0, math.pi - 1e-4), 20e3), 0, 10e3, np.array([1.0, 0.0]))
    assert -math.pi <= turned.longitude_rad[0] < -math.pi + 0.01


def test_luck_of_an_added_error_has_names() -> None:
    one = Blur(seed=1).of("USA", 1e3)
    assert np.array_equal(one(7), Blur(seed=1).of("USA", 1e3)(7))
    others = [
        one(8),
        Blur(seed=2).of("USA", 1e3)(7),
        Blur(seed=1, trial=1).of("USA", 1e3)(7),
        Blur(seed=1).of("ROU", 1e3)(7),
        Blur(seed=1).of("USA", 2e3)(7),
    ]
    assert all(not np.array_equal(one(7), other) for other in others)
