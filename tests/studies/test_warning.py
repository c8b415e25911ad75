"""Who is warned, and when: against the run, against closed forms, and against the clauses cited."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synaspis import api
from synaspis.engine.geometry import STEP_S
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.kernels.earth import GRAVITY_M3PS2, MEAN_RADIUS_M
from synaspis.kernels.orbit import minimum_energy
from synaspis.model.early_warning import STAGES, WarnAnswer
from synaspis.model.estimate import CLASS_RANGES_M
from synaspis.model.sensor import Infrared
from synaspis.studies.arena import Arena, arena
from synaspis.studies.knowledge import (
    CLOUD_SPREAD_M,
    NOTICED_S,
    SURE_90,
    Reasons,
    _launch_point_m,
    class_rows,
    launch_point,
    times,
)
from tests.engine.scene import first_light

TRIALS = 60


@cache
def answer() -> WarnAnswer:
    return api.warn(first_light(), trials=TRIALS, jobs=1)


@cache
def small() -> Arena:
    return arena(first_light(), 1)


def test_people_and_percentiles_are_those_of_a_run() -> None:
    """The same dice: not near, but the same."""
    run = api.run(first_light(), trials=TRIALS, jobs=1)
    for name, regime in answer().regimes.items():
        for code, nation in regime.nations.items():
            other = run.regimes[name].nations[code]
            assert nation.luck == other.warning_s
            assert nation.warned_people == other.warned_people
            assert nation.warned_needlessly == other.warned_needlessly


def test_luck_never_warns_before_the_first_scans() -> None:
    places = [a for r in answer().regimes.values() for n in r.nations.values() for a in n.assets.values()]
    assert any(a.luck.p95 > 0 for a in places)
    for a in places:
        assert a.luck.p95 <= a.warning_s + 1e-3


def test_what_is_known_comes_in_order() -> None:
    for regime in answer().regimes.values():
        for nation in regime.nations.values():
            for a in nation.assets.values():
                k = a.known
                assert k.alert_s <= k.impact_50km_s <= k.impact_10km_s <= k.impact_1km_s
                assert k.track_s >= k.alert_s
                assert not k.warned_s < k.alert_s + 120.0
                assert a.warning_s == pytest.approx(max(a.impact_s - k.warned_s, 0.0), abs=61.0)
                sizes = [m for m in k.ellipse_m if math.isfinite(m)]
                assert sizes == sorted(sizes, reverse=True)


def test_a_nation_without_sensors_or_friends_knows_nothing() -> None:
    sofia = answer().regimes["national"].nations["BGR"].assets["Sofia"]
    assert all(math.isinf(float(getattr(sofia.known, stage))) for stage in STAGES)
    assert sofia.warning_s == 0.0
    assert not any(sofia.known.because.values())


def test_the_clauses_cited_are_those_that_are_missed() -> None:
    """Each cited alone by bmd-1, the only release; and by base-2, without which the radar is dark."""
    sofia = answer().regimes["allied"].nations["BGR"].assets["Sofia"]
    assert sofia.known.because["warned_s"] == ("base-2", "bmd-1")
    a = small()
    given, n = a.rules("allied"), a.w.nation("BGR")
    reasons = Reasons(a, given)
    for stage in ("alert_s", "warned_s", "track_s"):
        for u in range(len(a.g.states)):
            for clause in (*given.releases, *given.consents):
                later = (
                    times(a, given.without(clause.id))[stage][n, u] > reasons.times[stage][n, u] + NOTICED_S
                )
                assert (clause.id in reasons.of(stage, n, u)) == later


def test_the_change_told_is_the_largest_place_s() -> None:
    first = answer().changes[0]
    assert (first.nation, first.asset) == ("ROU", "Bucharest")
    assert all(c.before_s > c.after_s for c in answer().changes)


def test_the_row_of_the_class_is_the_slope_of_the_surface_speed() -> None:
    """Against a difference quotient, in units of the way to the next class."""
    g = small().g
    rows = class_rows(g)
    state = g.states[0, math.ceil(g.settled_s[0] / STEP_S)]

    def speed(s: np.ndarray) -> float:
        radius = float(np.linalg.norm(s[:3]))
        return math.sqrt(s[3:] @ s[3:] + 2 * GRAVITY_M3PS2 * (1 / MEAN_RADIUS_M - 1 / radius))

    margin = min(abs(speed(state) - minimum_energy(r, MEAN_RADIUS_M)[0]) for r in CLASS_RANGES_M)
    for i, step in enumerate((10.0, 10.0, 10.0, 0.1, 0.1, 0.1)):
        move = step * np.eye(6)[i]
        slope = (speed(state + move) - speed(state - move)) / (2 * step)
        assert rows[0, 0, i] == pytest.approx(slope * SURE_90 / (ELLIPSE_90 * margin), rel=1e-4, abs=1e-12)
    assert not rows[0, 1].any()


def test_two_satellites_place_a_launch_better_than_one() -> None:
    a = small()
    infrared = [s for s, x in enumerate(a.w.stations) if isinstance(x.type, Infrared)]
    alone = [_launch_point_m(a, 0, [s]) for s in infrared]
    assert _launch_point_m(a, 0, infrared) < min(alone)
    for s, size in zip(infrared, alone, strict=True):
        assert size == pytest.approx(_one_line_m(a, s), rel=1e-9)


def _one_line_m(a: Arena, s: int) -> float:
    """The closed form for one line of sight, in the plane that it spans with the vertical.

    Across the line the missile is known to `blur`, upwards to the cloud's spread; along the ground that runs
    out with the tangent of the zenith angle.
    """
    first = a.g.states[0, 0, :3]
    missile = a.g.states[0, int(a.g.information.span[a.g.information.pair_of[s, 0], 0]), :3]
    kind = a.w.stations[s].type
    assert isinstance(kind, Infrared)
    up, line = first / np.linalg.norm(first), a.g.sensors[s, :3] - missile
    away = float(np.linalg.norm(line))
    blur = away * kind.line_of_sight_rad / math.sqrt(kind.looks_to_report)
    sine = float(line @ up / away)
    along = math.sqrt(blur**2 + (1 - sine**2) * CLOUD_SPREAD_M**2) / sine
    way = missile - first
    moved = float(np.linalg.norm(way - (way @ up) * up))
    return math.hypot(ELLIPSE_90 * max(along, blur), moved)


def test_the_launch_point_comes_with_the_first_infrared_report() -> None:
    a = small()
    made = a.pictures(a.rules("allied"))
    at_s, size = launch_point(a, made, "USA", 0)
    seen = [a.g.seen_s[s, 0] + 45.0 for s, x in enumerate(a.w.stations) if isinstance(x.type, Infrared)]
    assert at_s == min(seen)
    assert 100.0 < size < 20_000.0
    nothing = launch_point(a, a.pictures(a.rules("national")), "BGR", 0)
    assert math.isinf(nothing[0])
    assert math.isnan(nothing[1])


def test_what_the_missile_has_moved_counts_as_error_of_its_launch_point() -> None:
    """Had it been launched 50 km aside of where it was first seen, none would be told closer than that."""
    a = small()
    s = next(i for i, x in enumerate(a.w.stations) if isinstance(x.type, Infrared))
    aside = np.cross(a.g.states[0, 0, :3], [0.0, 0.0, 1.0])
    states = a.g.states.copy()
    states[0, 0, :3] += 50_000.0 * aside / np.linalg.norm(aside)
    assert _launch_point_m(a, 0, [s]) < 20_000.0
    assert _launch_point_m(replace(a, g=replace(a.g, states=states)), 0, [s]) > 45_000.0


def test_who_hears_after_the_impact_is_not_warned() -> None:
    slow = {name: replace(x, dissemination_s=3600.0) for name, x in first_light().warnings.items()}
    late = api.warn(replace(first_light(), warnings=slow), regimes=["allied"], trials=1, jobs=1)
    for nation in late.regimes["allied"].nations.values():
        for place in nation.assets.values():
            assert math.isinf(place.known.warned_s)
            assert not place.known.because["warned_s"]
            assert math.isfinite(place.known.alert_s)
