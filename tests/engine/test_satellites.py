"""Satellites in a case: opened into stations, moving while missiles fly, known to clauses by one name."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synaspis.engine.geometry import STEP_S, Geometry, geometry
from synaspis.engine.satellites import motions, places
from synaspis.engine.world import World, world
from synaspis.files.case import resolve
from synaspis.kernels import satellite, tle
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.case import Case
from synaspis.model.orbit import days_since_2000
from synaspis.sharing.rules import rules
from synaspis.studies.arena import arena, pure
from synaspis.studies.constellation import constellations, merits
from synaspis.studies.marks import sites
from synaspis.studies.scenes import scene
from tests.files.example import swap

GEO = "{name: geo, type: geo-infrared, owner: USA, geostationary_longitude_deg: 60}"
LEO = "walker: {satellites: 66, planes: 6, altitude_km: 1000, inclination_deg: 80, phasing: 1}"
TRACKER = f"{{name: leo, type: leo-tracker, owner: USA, {LEO}}}"
# Vanguard 1, from the verification set of SGP4 (AIAA 2006-6753).
LINES = (
    "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753",
    "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667",
)


@cache
def case_of(sensors: str, *swaps: tuple[str, str]) -> Case:
    text = swap((f"  - {GEO}\n", "".join(f"  - {s}\n" for s in sensors.split(";"))), *swaps)
    case, problems = resolve(text.encode(), "small.yaml")
    assert case is not None, problems
    return case


@cache
def seen(sensors: str, *swaps: tuple[str, str]) -> tuple[World, Geometry]:
    w = world(case_of(sensors, *swaps))
    return w, geometry(w, 1)


def test_a_pattern_opens_into_its_satellites_under_one_name() -> None:
    w = world(case_of(TRACKER))
    own = [s for s in w.stations if s.motion is not None]
    assert [s.name for s in own] == [f"leo/{i}" for i in range(1, 67)]
    assert {s.site for s in own} == {s.deployed for s in own} == {"leo"}
    radar = next(s for s in w.stations if s.battery >= 0)
    assert (radar.site, radar.deployed) == ("deveselu", "deveselu/radar")


def test_stations_stand_where_their_satellites_are_at_the_start() -> None:
    case = case_of(TRACKER, ("date: 2024-12-01", 'date: 2024-12-01\nstart_utc: "03:00"'))
    w = world(case)
    assert case.file.starts.hour == 3
    now = places(motions(case.file.sensors[0], case.file.starts), case.file.starts, np.zeros(1))[0]
    own = np.array([[s.latitude_rad, s.longitude_rad, s.height_m] for s in w.stations[:66]])
    np.testing.assert_allclose(own, geodetic_from_ecef(now))
    assert np.ptp(own[:, 2]) < 25e3  # the Earth is flatter than the orbits
    assert abs(own[:, 2].mean() - 1e6) < 15e3


def test_two_lines_are_flown_by_sgp4() -> None:
    sensor = f"{{name: v, type: leo-tracker, owner: USA, tle: ['{LINES[0]}', '{LINES[1]}']}}"
    swaps = [("date: 2024-12-01", "date: 2000-06-28"), ("since: 2011-09-13", "since: 1999-09-13")]
    case = case_of(sensor, *swaps, ("since: 2016-07-09", "since: 1999-07-09"))
    start, seconds = case.file.starts, np.array([0.0, 600.0])
    days = days_since_2000(start) + seconds / 86400.0
    _, place, speed = tle.teme_states(LINES, days)
    found = places(motions(case.file.sensors[0], start), start, seconds)
    assert np.array_equal(found[:, 0], satellite.fixed_from_teme(place, speed, days)[0])
    text = replace(case.file.sensors[0], tle=("\n".join(LINES) + "\n",))
    assert motions(text, start) == motions(case.file.sensors[0], start)


def test_elements_drift_from_their_epoch() -> None:
    given = "type: leo-tracker, owner: USA, orbit: {altitude_km: 1000, inclination_deg: 60, epoch: %s}"
    case = case_of("{name: a, " + given % "2024-12-01" + "};{name: b, " + given % "2024-11-30T23:50" + "}")
    (a,), (b,) = (motions(s, case.file.starts) for s in case.file.sensors[:2])
    assert (a.elements[satellite.AGE], b.elements[satellite.AGE]) == (0.0, 600.0)
    day = case.file.starts
    later = places([a], day, np.array([600.0]))[0, 0]
    turn = 600.0 * satellite.ROTATION_RADPS  # the Earth has turned below the one, not below the other
    x, y, z = places([b], day, np.zeros(1))[0, 0]
    turned = [x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn), z]
    np.testing.assert_allclose(later, turned, rtol=1e-6)


def test_missiles_share_a_flight_unless_satellites_move_meanwhile() -> None:
    spread = ("count: 2", "count: 3\n    interval_s: 600")
    assert seen(GEO, spread)[1].flight_of.tolist() == [0, 0, 0]
    w, g = seen(TRACKER, spread)
    assert g.flight_of.tolist() == [0, 1, 2]
    assert len({tuple(np.isfinite(g.seen_s[:66, u])) for u in range(3)}) == 3, "others are overhead by then"
    assert np.array_equal(g.states[0], g.states[1], equal_nan=True)
    # What does not move sees each the same.
    radar = next(i for i, s in enumerate(w.stations) if s.name == "kurecik")
    assert np.ptp(g.seen_s[radar]) == 0.0


def test_launches_at_one_time_share_a_flight_still() -> None:
    at_once = ("count: 2", "count: 2\n    interval_s: 0")
    assert seen(TRACKER, at_once)[1].flight_of.tolist() == [0, 0]


def test_trackers_inform_after_burnout_and_a_scanner_does_not() -> None:
    _, g = seen(f"{GEO};{TRACKER}")
    i = g.information
    coasting = g.impact_s[0] - g.burnout_s[0] > 100.0
    assert coasting

    def gathered(station: int) -> float:
        pair = i.pair_of[station, 0]
        if pair < 0:
            return 0.0
        rows = i.span[pair, 1] - i.span[pair, 0] + 1
        return float(np.trace(i.coast[i.offset[pair] + rows - 1][:3, :3]))

    assert gathered(0) == 0.0
    assert sum(gathered(s) > 0.0 for s in range(1, 67)) >= 2
    ends = [i.span[i.pair_of[s, 0], 1] * STEP_S for s in range(1, 67) if i.pair_of[s, 0] >= 0]
    assert i.span[i.pair_of[0, 0], 1] * STEP_S < g.burnout_s[0] < max(ends)


def test_a_clause_that_names_the_pattern_covers_all_its_satellites() -> None:
    case = case_of(
        TRACKER, ("products: [track]\n        delay_s: 10", "products: [track]\n        sensors: [leo]")
    )
    a = arena(case, 1)
    given = rules(case, case.regime("allied"))
    sources = a.pictures(given).sources["ROU"]
    released = [s for s in sources if s.clauses == ("share-1",)]
    assert len(released) == 1
    assert [entry[0] for entry in released[0].entries] == list(range(66))
    assert pure(given)


def test_a_raid_without_moving_satellites_takes_no_tracks() -> None:
    w, _ = seen(GEO)
    assert all(s.motion is None for s in w.stations)


def test_the_constellations_of_a_case() -> None:
    case = case_of(f"{GEO};{TRACKER}")
    assert {n: len(s) for n, s in constellations(case).items()} == {"leo": 1, "USA": 2}
    assert list(constellations(case_of(TRACKER))) == ["leo"]
    assert list(constellations(case_of(GEO))) == ["USA"]


def test_merits_of_a_case() -> None:
    found = merits(case_of(GEO))["USA"]
    assert (found.satellites, found.coverage_min, found.persistent_stereo) == (1, 0, False)
    assert found.worst_gap_s == 86400.0
    # A geostationary satellite sees targets at 20 km within 85.7 degrees of arc: 46 % of the Earth.
    assert found.coverage_mean == pytest.approx(0.5 * (1.0 - np.cos(np.radians(81.3 + 4.5))), rel=0.02)
    middle = found.mean[15, 40]  # 3 N, 63 E
    assert middle == 1.0
    assert found.mean[15, 10] == 0.0


def test_to_the_reader_a_pattern_is_one_sensor() -> None:
    a = arena(case_of(f"{GEO};{TRACKER}"), 1)
    assert [s.name for s in sites(a) if s.kind == "satellite"] == ["geo", "leo"]
    told = scene(a, "allied", 1, a.play(pure(a.rules("allied")), 1, 1).fate[0], 0)
    sightings = [(e.who, e.threat) for e in told.events if e.kind == "seen"]
    assert len(sightings) == len(set(sightings))
    assert {who for who, _ in sightings} >= {"geo", "leo"}
