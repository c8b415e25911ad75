"""Prescribed profiles join their places, and the engine promises no more of them than it may."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synaspis.engine.flights import SETTLED_S, Order, farthest_m, fly, prescribed
from synaspis.files.catalog import noun, shipped
from synaspis.kernels import glide
from synaspis.kernels.geodesic import geodesic_point
from synaspis.model.case import Case
from synaspis.model.threat import Threat
from synaspis.studies.arena import Arena, arena
from tests.engine import scene


def threat(name: str) -> Threat:
    found = noun(name)
    assert isinstance(found, Threat)
    return found


def order(kind: Threat, share: float, azimuth: float, latitude: float = 0.6) -> Order:
    far = farthest_m(kind) if kind.glide else kind.range_m
    end = geodesic_point(latitude, 0.4, azimuth, share * far)[:2]
    return Order(kind, (latitude, 0.4), end, "minimum-energy")


@pytest.mark.parametrize(
    "name", [n for n in shipped().names("threat") if threat(n).prescribed or threat(n).category == "rocket"]
)
def test_every_class_joins_its_places(name: str) -> None:
    """Closure within 5 m is what ballistic flights are solved to; 1 km is asked."""
    kind = threat(name)
    orders = [order(kind, share, azimuth) for share in (0.25, 0.6, 0.95) for azimuth in (0.3, 2.0, 4.4)]
    found = fly(orders, 2.0)
    assert (found.closure_m < 5.0).all()
    assert np.isnan(found.reach_m).all()
    assert (found.impact_s > found.settled_s).all()
    assert (found.settled_s >= found.burnout_s).all()


def test_ballistic_and_prescribed_flights_stand_in_the_order_asked() -> None:
    kinds = [threat(n) for n in ("glide-mrbm", "srbm-600", "cruise-supersonic")]
    mixed = fly([order(k, 0.5, 1.0) for k in kinds], 2.0)
    for i, kind in enumerate(kinds):
        alone = fly([order(kind, 0.5, 1.0)], 2.0)
        assert mixed.impact_s[i] == alone.impact_s[0]
        assert mixed.settled_s[i] == alone.settled_s[0]
        count = alone.states.shape[1]
        np.testing.assert_array_equal(mixed.states[i, :count], alone.states[0])
        assert np.isnan(mixed.states[i, count:]).all()
    assert mixed.settled_s[1] == mixed.burnout_s[1]


@pytest.mark.parametrize("name", ["glide-mrbm", "quasi-ballistic-500", "cruise-subsonic"])
def test_out_of_reach_says_how_far_it_flies(name: str) -> None:
    kind = threat(name)
    found = fly([order(kind, 1.3, 1.0)], 2.0)
    assert math.isnan(found.impact_s[0])
    assert found.reach_m[0] == pytest.approx(farthest_m(kind) if kind.glide else kind.range_m)


def test_a_cruise_missile_flies_no_farther_than_a_raid_may_aim_it() -> None:
    near, far = fly([order(threat("cruise-subsonic"), share, 1.0) for share in (1.015, 1.03)], 2.0).impact_s
    assert near > 0.0
    assert math.isnan(far)


PRESCRIBED = [n for n in shipped().names("threat") if threat(n).prescribed]


@pytest.mark.parametrize("name", PRESCRIBED)
def test_it_is_settled_from_its_dive_or_for_its_last_minute(name: str) -> None:
    """Whichever comes first, and never while it burns."""
    flown = prescribed(order(threat(name), 0.6, 1.0))
    phase, end_s = flown.rows[:, glide.PHASE], flown.rows[-1, glide.TIME]
    dive_s = flown.rows[np.argmax(phase >= glide.DIVING), glide.TIME]
    burning = flown.rows[phase == glide.BOOSTING]
    assert flown.burnout_s == (
        0.0 if threat(name).cruise else pytest.approx(burning[-1, glide.TIME], abs=0.5)
    )
    assert flown.settled_s == max(flown.burnout_s, min(dive_s, end_s - 60.0))


def glider(**profile: float) -> Threat:
    kind = threat("glide-mrbm")
    assert kind.glide is not None
    return replace(kind, glide=replace(kind.glide, **profile))


def test_a_class_that_skips_does_and_no_other() -> None:
    far = order(glider(), 0.7, 1.0)
    for flight in ("glide", "skip"):
        rows = prescribed(replace(far, threat=replace(far.threat, flight=flight))).rows
        assert (rows[:, glide.PHASE] == glide.SKIPPING).any() == (flight == "skip")
        assert (rows[:, glide.PHASE] == glide.GLIDING).any() == (flight == "glide")


def test_cross_range_is_flown_and_costs_way() -> None:
    straight, bowed = (
        prescribed(order(glider(sideways_share=share), 0.7, 1.0)).rows[-1] for share in (0.0, 0.1)
    )
    assert 1.01 < bowed[glide.GROUND] / straight[glide.GROUND] < 1.1
    assert bowed[glide.TIME] > straight[glide.TIME]


def test_all_stages_burn() -> None:
    """At its top speed a class burns for as long as its stages together."""
    kind = glider(sideways_share=0.0)
    both = replace(kind, stages=(*kind.stages, *kind.stages))
    for made, stages in ((kind, 1), (both, 2)):
        burnout_s = prescribed(order(made, 0.999, 1.0)).burnout_s
        assert burnout_s == pytest.approx(stages * sum(s.burn_s for s in kind.stages), rel=0.02)


def test_range_rises_with_lift_to_drag() -> None:
    kind = threat("glide-mrbm")
    assert kind.glide is not None
    ranges = [farthest_m(replace(kind, glide=replace(kind.glide, lift_to_drag=x))) for x in (1.5, 2.0, 3.0)]
    assert ranges[0] < ranges[1] < ranges[2]


def test_waypoints_lengthen_a_cruise() -> None:
    straight = order(threat("cruise-subsonic"), 0.3, 1.0)
    corner = geodesic_point(*straight.launch, 0.0, 200e3)[:2]
    one, other = fly([straight, replace(straight, via=(corner,))], 2.0).impact_s
    assert other > one + 200.0


def with_gliders(case: Case, *, listed: bool) -> Case:
    """`case` with a glider in place of each missile, which the interceptors engage where `listed`."""
    made = scene.with_file(case, raid=tuple(replace(f, threat="glide-mrbm") for f in case.file.raid))
    made = replace(made, threats={"glide-mrbm": threat("glide-mrbm")})
    if listed:
        chance = {k: {**v.p_kill, "hgv": 0.5} for k, v in made.interceptors.items()}
        types = {
            k: replace(v, engages=(*v.engages, "hgv"), p_kill=chance[k]) for k, v in made.interceptors.items()
        }
        made = replace(made, interceptors=types)
    return made


@cache
def gliders(listed: bool) -> Arena:
    return arena(with_gliders(scene.first_light(), listed=listed), 1)


def test_nothing_engages_a_glider_unless_its_list_says_so() -> None:
    assert np.isinf(gliders(False).g.launch_s).all()


def test_a_glider_is_met_only_once_its_motion_is_settled() -> None:
    g = gliders(True).g
    met = np.isfinite(g.intercept_s)
    late = np.broadcast_to(g.settled_s[None, :, None], met.shape)
    assert (g.intercept_s[met] >= late[met]).all()
    assert (g.settled_s >= g.impact_s - SETTLED_S - 1e-9).all()


def test_nobody_knows_where_a_glider_comes_down_before_that() -> None:
    a = gliders(True)
    for regime in ("national", "allied"):
        pictures = a.pictures(a.rules(regime))
        for known in (pictures.known_s, pictures.warned_s, pictures.track_s):
            assert (known >= a.g.settled_s).all()
        assert np.isfinite(pictures.alert_s).any()
        assert (pictures.alert_s.min(axis=0) < a.g.settled_s - 300.0).all()
