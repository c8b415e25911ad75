"""Who knows what, when: cues, delays, conditions, consents, and which battery may use whose track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synaspis.engine.pictures import TRACK_GOOD_M, PictureMaker, Pictures
from synaspis.kernels import bound
from synaspis.kernels.sensing import CUE_LEVELS_M
from synaspis.model.agreement import Clause, Condition, Consent
from synaspis.studies.arena import Arena, arena, pure
from tests.engine.scene import (
    EVERYTHING,
    arena_of_four,
    four_owners,
    permit,
    rule_of,
    with_file,
    with_radar,
)  # fmt: skip

USA, ROU, TUR, BGR = range(4)
DEVESELU, PATRIOT, THAAD, SOFIA = range(4)


def pictures(*clauses: Clause) -> Pictures:
    return arena_of_four().maker.make(rule_of(clauses))


def station(name: str) -> int:
    return [s.name for s in arena_of_four().w.stations].index(name)


def flight(target: str) -> int:
    a = arena_of_four()
    rows = [x.name for x in a.w.assets]
    return int(a.g.flight_of[next(t for t, m in enumerate(a.w.missiles) if m.target == rows.index(target))])


def to_rou(product: str, **more: object) -> Clause:
    return permit("p", product, **({"owners": ("USA",), "recipients": ("ROU",)} | more))


def test_without_a_clause_each_nation_has_its_own_sensors_and_no_more() -> None:
    p = pictures()
    assert np.isfinite(p.alert_s[[USA, TUR]]).all()
    assert np.isinf(p.alert_s[ROU, flight("Ankara")])
    assert not p.holds_warned[station("kurecik"), ROU]
    assert p.holds_warned[station("kurecik"), USA]


def test_a_cue_lets_a_radar_see_sooner_but_not_before_the_cue() -> None:
    g = arena_of_four().g
    radar, u = station("bucharest-patriot/radar"), flight("Bucharest")
    good = g.cued_s[CUE_LEVELS_M.index(TRACK_GOOD_M), radar, u]
    assert good < g.seen_s[radar, u], "a case in which a cue matters"
    assert pictures().sees_s[radar, u] == g.seen_s[radar, u]
    cued = pictures(to_rou("track"))
    assert cued.track_s[ROU, u] < good
    assert cued.sees_s[radar, u] == good
    between = 0
    for delay_s in range(400, 620, 4):
        late = pictures(to_rou("track", delay_s=float(delay_s)))
        expected = min(g.seen_s[radar, u], max(good, late.track_s[ROU, u]))
        assert g.cued_s[-1, radar, u] <= late.sees_s[radar, u] <= expected
        between += good < late.sees_s[radar, u] < g.seen_s[radar, u]
    assert between > 0, "a cue that comes while only a cued look would see"
    assert pictures(to_rou("alert")).sees_s[radar, u] == g.seen_s[radar, u], "an alert is no cue"


def test_the_better_the_track_the_sooner_a_radar_sees() -> None:
    """What each grade of track would give, worked out for all flights, and the best of them taken."""
    shy = with_radar(four_owners(), "patriot-mpq-65", cue_share=0.05, cue_gain_db=9.0)
    a = arena(shy, 1)
    g, maker, n = a.g, a.maker, a.w.nations.index("ROU")
    radar = [s.name for s in a.w.stations].index("bucharest-patriot/radar")
    works = (True,) * len(a.w.stations)
    base, judged, located = maker._alone(works)
    helped = np.zeros(len(CUE_LEVELS_M), int)
    for delay_s in range(300, 660, 20):
        given = rule_of([to_rou("track", delay_s=float(delay_s))])
        found = maker.make(given)
        packed = maker._packed(
            found.sources["ROU"],
            maker.contributors.since(found.sources["ROU"], judged, located),
            maker._streams(base, base),
        )
        sees = base[radar].copy()
        for level, limit_m in enumerate(CUE_LEVELS_M):
            track = maker._first(bound.TRACK, limit_m, 2, packed)
            if limit_m == TRACK_GOOD_M:
                np.testing.assert_array_equal(track, found.track_s[n])
            cued = np.maximum(g.cued_s[level, radar], track)
            helped[level] += (cued < sees).sum()
            sees = np.minimum(sees, cued)
        np.testing.assert_array_equal(found.sees_s[radar], sees)
    assert (helped[1:] > 0).all(), "a case in which a finer track helps further"


def test_a_nation_s_own_sensors_cue_each_other() -> None:
    g, radar = arena_of_four().g, station("deveselu/radar")
    seen = pictures().sees_s[radar]
    assert (seen <= g.seen_s[radar]).all()
    assert (seen < g.seen_s[radar]).any()


@pytest.mark.parametrize(
    ("product", "known", "track", "fire"),
    [
        ("alert", False, False, False),
        ("impact_estimate", True, False, False),
        ("track", True, True, False),
        ("fire_control_track", True, True, True),
        ("measurement", True, True, True),
    ],
)
def test_each_product_opens_its_picture(product: str, known: bool, track: bool, fire: bool) -> None:
    p = pictures(permit("p", product, owners=("USA",), recipients=("BGR",)))
    u = flight("Ankara")
    assert np.isfinite(p.alert_s[BGR, u])
    assert bool(np.isfinite(p.known_s[BGR, u])) is known
    assert bool(np.isfinite(p.track_s[BGR, u])) is track
    assert bool(np.isfinite(p.fire_control_s[SOFIA, u])) is fire
    assert bool(p.serves[station("kurecik"), SOFIA]) is fire
    assert bool(p.holds_known[station("kurecik"), BGR]) is known


def test_a_delay_delays_alert_and_knowledge() -> None:
    u = flight("Ankara")
    soon, late = (pictures(to_rou("track", delay_s=d)) for d in (0.0, 30.0))
    assert late.alert_s[ROU, u] == pytest.approx(soon.alert_s[ROU, u] + 30.0)
    assert late.known_s[ROU, u] == pytest.approx(soon.known_s[ROU, u] + 30.0, abs=0.05)


def test_a_condition_waits_for_the_owner_s_own_estimate() -> None:
    threatened = to_rou("track", when=Condition(threatens=("recipient",)))
    p, free = pictures(threatened), pictures(to_rou("track"))
    at_rou, at_tur = flight("Bucharest"), flight("Ankara")
    assert np.isinf(p.alert_s[ROU, at_tur])
    assert np.isfinite(p.alert_s[ROU, at_rou])
    assert p.alert_s[ROU, at_rou] >= p.warned_s[USA, at_rou] > free.alert_s[ROU, at_rou]
    delayed = pictures(replace(threatened, delay_s=25.0))
    assert delayed.alert_s[ROU, at_rou] == pytest.approx(p.alert_s[ROU, at_rou] + 25.0)
    forces = pictures(permit("p", "track", owners=("TUR",), recipients=("USA",),
                             when=Condition(threatens=("recipient",))))  # fmt: skip
    shared = [x for x in forces.sources["USA"] if x.owner == "TUR"]
    assert [x.clauses for x in shared] == [("p",)]


def test_a_condition_on_the_category() -> None:
    none = pictures(to_rou("track", when=Condition(category=("icbm",))))
    some = pictures(to_rou("track", when=Condition(category=("mrbm", "icbm"))))
    assert np.isinf(none.alert_s[ROU, flight("Ankara")])
    assert np.isfinite(some.alert_s[ROU, flight("Ankara")])


def test_a_battery_with_its_own_radar_uses_no_other() -> None:
    u = flight("Bucharest")
    p = pictures(to_rou("measurement"))
    assert np.flatnonzero(p.serves[:, PATRIOT]).tolist() == [station("bucharest-patriot/radar")]
    assert p.fire_control_s[PATRIOT, u] > p.sees_s[station("bucharest-patriot/radar"), u]
    assert np.isinf(p.fire_control_s[PATRIOT, flight("Ankara")])


def hosted(*consents: Consent) -> tuple[Arena, Pictures]:
    case = four_owners()
    sensors = tuple(replace(s, host="TUR") if s.name == "kurecik" else s for s in case.file.sensors)
    a = arena(with_file(case, sensors=sensors), 1)
    return a, a.maker.make(rule_of((*EVERYTHING, *consents)))


def test_a_sensor_on_foreign_soil_works_by_its_host_s_consent() -> None:
    kurecik = station("kurecik")
    shut = hosted()[1]
    assert np.isinf(shut.sees_s[kurecik]).all()
    assert not shut.holds_warned[kurecik].any()
    for scope, works in ((("use",), True), (("fire",), False)):
        _, p = hosted(Consent(id="c", by="TUR", sites=("kurecik",), scope=scope))
        assert bool(np.isfinite(p.sees_s[kurecik]).any()) is works


def test_nothing_shared_beats_what_everything_at_once_would_give() -> None:
    a = arena_of_four()
    fire, known = a.maker.pooled()
    p = a.pictures(rule_of(EVERYTHING))
    assert (fire <= p.fire_control_s).all()
    assert (known <= p.known_s + 1e-9).all()
    assert a.tables(pure(rule_of(EVERYTHING))).reach.any(axis=1).all()


def test_what_is_kept_for_others_changes_no_picture() -> None:
    """One maker through every set of stations out of order, against a new one for each."""
    a = arena_of_four()
    only = [station(s) for s in ("geo-east", "kurecik", "izmir", "deveselu/radar", "ankara-thaad/radar")]
    releases = (
        permit("seen", "track", owners=("TUR",), sensors=("izmir", "ankara-thaad/radar"), delay_s=3.0),
        permit("own", "fire_control_track", owners=("USA",), sensors=("deveselu/radar",), delay_s=7.0),
        permit(
            "if", "track", owners=("USA",), sensors=("geo-east",), when=Condition(threatens=("recipient",))
        ),
    )
    given, kept, told = rule_of(releases), PictureMaker(a.w, a.g), set()
    for bits in range(1 << len(only)):
        down = frozenset(s for j, s in enumerate(only) if bits >> j & 1)
        made = kept.make(given, down)
        assert made.digest == PictureMaker(a.w, a.g).make(given, down).digest
        told.add(made.digest)
    assert len(told) == 32
