"""A trial as DIS: what is told of it and in which order, how near dead reckoning stays, what tshark reads."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from synaspis.errors import InputError
from synaspis.interop import dis
from synaspis.interop.captures import datagrams
from synaspis.interop.dis_cast import DESTROYED, GONE, MOST, NOBODY, REACH_M, Body, Cast
from synaspis.interop.dis_reckoning import axes, reckon
from synaspis.interop.dis_records import (
    ZERO,
    Detonation,
    Emission,
    EntityState,
    Fire,
    Pdu,
    StartResume,
    StopFreeze,
    past_hour_s,
)
from synaspis.interop.dis_trial import document, packets
from synaspis.interop.telling import Telling, along, telling
from synaspis.kernels.earth import ecef_from_geodetic, geodetic_from_ecef

from .dis_capture import dissected, leaves, tshark, version
from .told import STARTS, event, flight, hostile, site, small, trial

WORDS = Path(__file__).resolve().parents[1] / "golden" / "dis" / "trial.tshark.json"
COMPLAINTS = {"_ws.malformed", "_ws.expert", "_ws.short"}
T = TypeVar("T", bound=Pdu)
HIGH = [
    (0.0, 40.0, 30.0, 0.0),
    (60.0, 41.0, 29.0, 90.0),
    (300.0, 43.0, 27.0, 300.0),
    (600.0, 45.0, 25.0, 0.0),
]


def raid() -> Telling:
    """Two missiles, one shot down and one that lands; a battery, a radar, a ship, a city, a satellite."""
    radar = replace(site("kurecik", "radar", 38.3, 37.8), type="an-tpy-2", facing_deg=90.0, sector_deg=120.0)
    ship = replace(site("at-sea", lat=43.5, lon=30.0), domain="sea")
    sites = (site("deveselu"), radar, ship, site("sofia", "city"), site("geo", "satellite", 0.0, 60.0))
    events = (
        event("seen", 30.0, "raid-mrbm-1"), event("fired", 200.0, "raid-mrbm-1", 44.08, 24.41),
        event("fired", 220.0, "raid-mrbm-1", 44.08, 24.41), event("missed", 380.0, "raid-mrbm-1"),
        event("hit", 400.0, "raid-mrbm-1"), event("landed", 600.0, "raid-mrbm-2"),
    )  # fmt: skip
    return telling(trial((flight("raid-mrbm-1", HIGH), flight("raid-mrbm-2", HIGH)), events, sites))


def told(what: Telling) -> list[tuple[float, Pdu]]:
    found = []
    for time_s, data in packets(what):
        pdu = dis.decode(data)
        assert not isinstance(pdu, dis.Malformed)
        found.append((time_s, pdu))
    return found


def of(what: Telling, kind: type[T]) -> list[tuple[float, T]]:
    return [(t, pdu) for t, pdu in told(what) if isinstance(pdu, kind)]


def marked(what: Telling, mark: str) -> list[tuple[float, EntityState]]:
    return [(t, pdu) for t, pdu in of(what, EntityState) if pdu.marking == mark]


def test_it_starts_first_and_stops_last_and_all_is_an_exercise_in_order() -> None:
    found = told(raid())
    assert isinstance(found[0][1], StartResume) and isinstance(found[-1][1], StopFreeze)
    times = [t for t, _ in found]
    assert times == sorted(times) and times[0] == 0.0 and times[-1] == 600.0
    for time_s, pdu in found:
        assert pdu.head.exercise == 1
        assert past_hour_s(pdu.head.timestamp) == pytest.approx((3598 + time_s) % 3600, abs=1e-5)
        assert not isinstance(pdu, EntityState) or pdu.marking.startswith("EX ")
    start = found[0][1]
    assert isinstance(start, StartResume) and start.simulation == start.real_world
    clock = start.simulation.hours * 3600 + past_hour_s(start.simulation.past)
    assert clock == pytest.approx(STARTS.replace(tzinfo=dt.UTC).timestamp(), abs=1e-5)


def test_sites_that_stand_somewhere_are_entities_once_a_minute() -> None:
    found = [pdu for _, pdu in of(raid(), EntityState) if pdu.force == 1]
    assert {pdu.marking for pdu in found} == {"EX deveselu", "EX kurecik", "EX at-sea"}
    assert len(found) == 3 * 11 and {pdu.velocity for pdu in found} == {ZERO}
    types = {pdu.marking: tuple(pdu.type)[:4] for pdu in found}
    assert types == {
        "EX deveselu": (1, 1, 225, 28),
        "EX kurecik": (1, 1, 225, 28),
        "EX at-sea": (1, 3, 225, 0),
    }
    lat, lon, height_m = geodetic_from_ecef(np.array([found[0].location]))[0]
    assert np.degrees([lat, lon]) == pytest.approx([44.080, 24.411], abs=1e-9)
    assert height_m == pytest.approx(0.0, abs=1e-3)


def test_a_radar_faces_where_pictures_have_it_and_tells_its_sector() -> None:
    _, state = marked(raid(), "EX kurecik")[0]
    ahead, _, down = axes(np.array(state.orientation))
    up = np.array(state.location) / np.linalg.norm(state.location)
    east = np.cross([0.0, 0.0, 1.0], up) / np.linalg.norm(np.cross([0.0, 0.0, 1.0], up))
    assert ahead == pytest.approx(east, abs=1e-6)  # a facing of 90 degrees
    assert down @ up == pytest.approx(-1.0, abs=1e-4)  # on an ellipsoid
    beats = of(raid(), Emission)
    assert [t for t, _ in beats] == [10.0 * n for n in range(61)]
    emission = beats[0][1]
    assert (emission.entity, emission.name) == (state.entity, 7333)
    (beam,) = emission.beams
    assert (beam.function, beam.azimuth_rad) == (1, 0.0)
    assert beam.azimuth_sweep_rad == pytest.approx(math.radians(60.0))
    assert (beam.frequency_hz, beam.power_dbm, beam.elevation_rad, beam.targets) == (0.0, 0.0, 0.0, ())


def test_dead_reckoning_stays_near_the_drawn_way() -> None:
    what = raid()
    for path, mark in zip(what.paths, ("EX M1 mrbm-", "EX M2 mrbm-"), strict=True):
        sent = marked(what, mark)
        assert sent[0][0] == 0.0 and sent[-1][0] == path.samples[-1][0]
        for (t, state), (after, _) in itertools.pairwise(sent):
            assert after - t <= 5.0
            for at in np.arange(t, after, 0.5):
                lat, lon, height_m = along(path.samples, float(at))[1:]
                true = ecef_from_geodetic(np.array([[math.radians(lat), math.radians(lon), height_m]]))[0]
                where, _ = reckon(state.algorithm, at - t, np.array(state.location), np.array(state.velocity))
                # between two looks a second apart, and `along` is rounded to a thousandth of a degree
                assert np.linalg.norm(where - true) < REACH_M + 150.0


def test_what_is_no_more_is_told_so_once_and_last() -> None:
    for mark, look in (("EX M1 mrbm-", DESTROYED | GONE), ("EX M2 mrbm-", GONE)):
        states = [state for _, state in marked(raid(), mark)]
        assert [s.appearance for s in states[:-1]] == [0] * (len(states) - 1)
        assert states[-1].appearance == look and states[-1].velocity == ZERO
        assert {s.force for s in states} == {2}
        assert {tuple(s.type) for s in states} == {(2, 10, 0, 1, 0, 0, 0)}


def test_shots_and_what_came_of_them() -> None:
    what = raid()
    one, two = (marked(what, m)[0][1].entity for m in ("EX M1 mrbm-", "EX M2 mrbm-"))
    battery = marked(what, "EX deveselu")[0][1]
    fires, bursts = of(what, Fire), of(what, Detonation)
    assert [(t, f.shooter, f.target) for t, f in fires] == [(t, battery.entity, one) for t in (200.0, 220.0)]
    assert {tuple(f.descriptor.type) for _, f in fires} == {(2, 1, 225, 1, 27, 3, 0)}
    assert [(t, b.result, b.target) for t, b in bursts] == [
        (380.0, 6, one), (400.0, 1, one), (600.0, 3, (0, 0, 0)),
    ]  # fmt: skip
    assert [b.event for _, b in bursts[:2]] == [f.event for _, f in fires]
    assert bursts[2][1].munition == two and bursts[2][1].event not in [f.event for _, f in fires]
    killed = marked(what, "EX M1 mrbm-")[-1][1]
    assert math.dist(bursts[1][1].location, killed.location) < 1.0


def test_names_of_any_kind_stay_exercise_markings() -> None:
    for _, state in of(hostile(), EntityState):
        assert state.marking.startswith("EX ") and state.marking.isprintable()


def test_a_trial_without_anything_still_starts_and_stops() -> None:
    kinds = [type(pdu) for _, pdu in told(telling(trial(())))]
    assert kinds == [StartResume, StopFreeze]


def test_a_raid_of_days_stays_small() -> None:
    radar = replace(site("r", "radar"), type="an-tpy-2")
    found = packets(telling(trial((), (event("landed", 1e7, "x"),), (radar,))))
    assert len(found) < 5000


def test_many_entities_have_numbers_of_their_own() -> None:
    cast = Cast(STARTS, ())
    cast._numbers = {("missile", str(n)): NOBODY for n in range(MOST - 1)}
    numbers = []
    for name in ("a", "b", "a"):
        state = dis.decode(cast.missile(Body(name=name, type="", place=(1.0, 2.0, 3.0)), 0.0))
        assert isinstance(state, EntityState)
        numbers.append(tuple(state.entity))
    assert numbers == [(1, 1, MOST), (1, 2, 1), (1, 1, MOST)]


def test_the_capture_has_the_packets_at_the_raids_times() -> None:
    what = raid()
    found, skipped = datagrams(document(what))
    zero = STARTS.replace(tzinfo=dt.UTC).timestamp()
    assert skipped == 0 and {d.port for d in found} == {3000}
    assert [(pytest.approx(zero + t, abs=1e-5), data) for t, data in packets(what)] == [
        (d.time_s, d.payload) for d in found
    ]


@pytest.mark.parametrize("year", [1969, 2106, 9999])
def test_a_year_that_no_capture_has_is_refused(year: int) -> None:
    what = replace(small(), starts=STARTS.replace(year=year, month=12))
    assert packets(what)
    with pytest.raises(InputError, match="from 1970 to 2106"):
        document(what)


def test_tsharks_words_are_of_what_is_written_now() -> None:
    said = json.loads(WORDS.read_text(encoding="utf-8"))
    held_against([pdu for _, pdu in told(raid())], said["packets"])


def held_against(written: list[Pdu], said: list[dict[str, str]]) -> None:
    """AssertionError where tshark complains, or reads something other than was written."""
    kinds = {
        EntityState: "1",
        Fire: "2",
        Detonation: "3",
        StartResume: "13",
        StopFreeze: "14",
        Emission: "23",
    }
    assert len(written) == len(said)
    for pdu, packet in zip(written, said, strict=True):
        assert not COMPLAINTS & set(packet)
        assert packet["dis.pdu_type"] == kinds[type(pdu)] and packet["dis.exer_id"] == "1"
        past_s = past_hour_s(pdu.head.timestamp)
        assert float(packet["dis.timestamp"]) == pytest.approx(past_s, abs=0.0011)
        if isinstance(pdu, EntityState):
            assert packet["dis.entity_marking"] == pdu.marking
            assert float(packet["dis.entity_location.x"]) == pytest.approx(pdu.location[0], rel=1e-12)
            assert float(packet["dis.entity_orientation.psi"]) == pytest.approx(pdu.orientation[0], rel=1e-5)
            assert int(packet["dis.appearance"], 16) == pdu.appearance
        elif isinstance(pdu, Fire | Detonation):
            assert int(packet["dis.event_number"]) == pdu.event.number
        if isinstance(pdu, Detonation):
            assert int(packet["dis.detonation.result"]) == pdu.result


def plainly(capture: Path) -> list[dict[str, str]]:
    """What tshark says of each packet that is compared."""
    kept = {
        "dis.pdu_type", "dis.exer_id", "dis.timestamp", "dis.entity_marking", "dis.entity_location.x",
        "dis.entity_orientation.psi", "dis.appearance", "dis.event_number", "dis.detonation.result",
    }  # fmt: skip
    found = []
    for packet in dissected(capture):
        told = {name: value for name, value in leaves(packet.get("dis", {})) if name in kept}
        found.append(told | dict.fromkeys(COMPLAINTS & set(packet), ""))
    return found


def write_words() -> None:
    """Write tshark's words anew."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.pcap"
        path.write_bytes(document(raid()))
        said = plainly(path)
    rows = ",\n  ".join(map(json.dumps, said))
    text = f'{{\n "tshark": {json.dumps(version())},\n "packets": [\n  {rows}\n ]\n}}\n'
    WORDS.write_text(text, encoding="utf-8")


@pytest.mark.skipif(tshark() is None, reason="tshark is not installed")
@pytest.mark.long
def test_tshark_reads_it_now(tmp_path: Path) -> None:
    path = tmp_path / "trial.pcap"
    path.write_bytes(document(raid()))
    said = plainly(path)
    held_against([pdu for _, pdu in told(raid())], said)
    committed = json.loads(WORDS.read_text(encoding="utf-8"))
    if version() == committed["tshark"]:
        assert said == committed["packets"]
