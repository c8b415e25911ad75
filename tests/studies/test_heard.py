"""Recordings through the chain of a live raid: its own measurements give the same tracks and warnings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from synaspis import api
from synaspis.engine.detections import Seen
from synaspis.engine.live import LOOK_S, LiveRaid
from synaspis.errors import InputError
from synaspis.interop import asterix, dis
from synaspis.interop.captures import captured
from synaspis.interop.dis_records import EntityId, EntityState, Head, timestamp_of
from synaspis.interop.dis_types import entity_type
from synaspis.kernels import sight
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.case import Case
from synaspis.model.live_warning import LiveEvent
from synaspis.model.sensor import Infrared
from synaspis.studies.arena import Arena, arena
from synaspis.studies.heard import Hearing
from tests.interop.asterix_by_others import payloads
from tests.interop.recorded import heard_of, plots, second_of_day

WARNED = [("BGR", ("Sofia",)), ("ROU", ("Bucharest",)), ("ROU", ("Bucharest",))]


@dataclass
class Played:
    """A live raid that was seen by radars alone, and a recording of what they measured."""

    case: Case
    arena: Arena
    raid: LiveRaid
    events: list[LiveEvent]
    scans: list[Seen]
    recording: bytes
    stations: dict[str, str]


@pytest.fixture(scope="module")
def played() -> Played:
    case = api.load("first-light")
    a = arena(case, 1)
    blind = frozenset(i for i, s in enumerate(a.w.stations) if isinstance(s.type, Infrared))
    raid = LiveRaid(a.w, a.g, a.rules("allied"), 1, 0, blind)
    scans = heard_of(raid)
    events = list(raid.events())
    data, names = plots(case, [s.name for s in a.w.stations], scans)
    stations = dict(pair.split("=") for pair in names.split(","))
    return Played(case, a, raid, events, scans, data, stations)


@pytest.fixture(scope="module")
def heard(played: Played, tmp_path_factory: pytest.TempPathFactory) -> tuple[Hearing, list[LiveEvent]]:
    file = tmp_path_factory.mktemp("heard") / "raid.ast"
    file.write_bytes(played.recording)
    hearing = api.overhear(played.case, file, "allied", played.stations)
    return hearing, list(hearing.events())


def told(events: list[LiveEvent], kind: str) -> list[tuple[str, float, tuple[str, ...]]]:
    """Nation, time and clauses of each event of a kind, whatever it is about."""
    return sorted((nation, e.time_s, e.because) for e in events if e.kind == kind for nation in e.nations)


@pytest.mark.parametrize("kind", ["alert", "released", "track", "warned"])
def test_a_raids_own_measurements_give_the_same_tracks_and_warnings(
    kind: str, played: Played, heard: tuple[Hearing, list[LiveEvent]]
) -> None:
    """Within a look: CAT048 rounds range to 7 m and azimuth to 0.0055 degrees."""
    live, again = told(played.events, kind), told(heard[1], kind)
    assert [(nation, because) for nation, _, because in again] == [(n, b) for n, _, b in live]
    assert len(live) >= 3
    for (_, one, _), (_, other, _) in zip(live, again, strict=True):
        assert abs(one - other) <= LOOK_S


def test_warned_are_the_same_places_by_the_same_clauses(
    played: Played, heard: tuple[Hearing, list[LiveEvent]]
) -> None:
    for events in (played.events, heard[1]):
        warned = [e for e in events if e.kind == "warned"]
        assert sorted((e.nations[0], e.what["places"]) for e in warned) == WARNED
        assert {e.because for e in warned} == {("bmd-1",)}
    live = sorted(e.what["impact_s"] for e in played.events if e.kind == "warned")
    again = sorted(e.what["impact_s"] for e in heard[1] if e.kind == "warned")
    assert again == pytest.approx(live, abs=5.0)


def test_the_table_says_who_held_and_who_was_warned_of_what(heard: tuple[Hearing, list[LiveEvent]]) -> None:
    table = heard[0].table()
    assert (table.finished, table.objects, table.used, table.left_out) == (True, 3, table.rows, {})
    assert {h.nation for h in table.held} == {"USA", "TUR", "ROU", "BGR"}
    assert all(h.alert_s <= h.track_s for h in table.held)
    assert sorted((w.nation, (w.asset,)) for w in table.warned) == WARNED
    events = [e for e in heard[1] if e.kind == "warned"]
    assert sorted(w.warned_s for w in table.warned) == sorted(e.time_s for e in events)
    assert all(
        w.impact_s - w.warned_s > w.warning_s > 300.0 and w.because == ("bmd-1",) for w in table.warned
    )
    assert {e.flight for e in heard[1]} <= {"T1", "T2", "T3"}


def test_a_regime_decides_who_hears_of_it(played: Played, tmp_path: Path) -> None:
    file = tmp_path / "raid.ast"
    file.write_bytes(played.recording)
    hearing = api.overhear(played.case, file, "national", played.stations)
    events = list(hearing.events())
    assert not told(events, "released")
    late = told(events, "warned")  # by its own radars, once the missiles are near
    assert {(nation, because) for nation, _, because in late} == {("ROU", ())}
    assert min(time_s for _, time_s, _ in late) > 600.0
    assert {h.nation for h in hearing.table().held} <= {"USA", "ROU"}


def test_a_capture_of_the_same_is_heard_the_same(
    played: Played, heard: tuple[Hearing, list[LiveEvent]], tmp_path: Path
) -> None:
    from synaspis.interop.asterix import records

    starts_s = (played.case.file.starts - played.case.file.starts.__class__(1970, 1, 1)).total_seconds()
    sent = []
    for block in payloads(played.recording):
        first = next(iter(records(block)))
        assert not isinstance(first, int) and hasattr(first, "time_of_day_s")
        midnight = starts_s - starts_s % 86_400.0
        sent.append((midnight + first.time_of_day_s + 0.2, block))
    file = tmp_path / "raid.pcap"
    file.write_bytes(captured(sent, 8600))
    again = list(api.overhear(played.case, file, "allied", played.stations).events())
    assert told(again, "warned") == told(heard[1], "warned")
    assert told(again, "track") == told(heard[1], "track")


def test_a_table_of_the_same_measurements_is_heard_as_the_raid_was(played: Played, tmp_path: Path) -> None:
    lines = ["time_s,sensor,range_km,azimuth_deg,elevation_deg,range_rate_mps,sigma_range_m,"
             "sigma_azimuth_urad,sigma_elevation_urad"]  # fmt: skip
    for seen in played.scans:
        for row in seen.scan.rows.tolist():
            values = (
                row[sight.RANGE] / 1e3,
                *np.degrees(row[2:4]).tolist(),
                row[sight.RATE],
                row[sight.ERROR],
            )
            name = played.arena.w.stations[seen.station].name
            errors = (1e6 * row[sight.ERROR + 1], 1e6 * row[sight.ERROR + 2])
            lines.append(f"{row[0]!r},{name}," + ",".join(map(repr, (*values, *errors))))
    file = tmp_path / "raid.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    hearing = api.overhear(played.case, file, "allied")
    again = list(hearing.events())
    for kind in ("track", "warned"):
        assert [x[0] for x in told(again, kind)] == [x[0] for x in told(played.events, kind)]
    assert set(hearing.table().sources) == {"kurecik", "deveselu/radar", "bucharest-patriot/radar"}


def entities(case: Case, places: list[tuple[float, int, np.ndarray]]) -> bytes:
    """DIS: an entity state for each place of each missile."""
    past_hour_s = case.file.starts.minute * 60.0 + case.file.starts.second
    kind = entity_type("mrbm-1300")
    return b"".join(
        dis.encode(EntityState(
            head=Head(exercise=1, timestamp=timestamp_of(past_hour_s + time_s, absolute=True)),
            entity=EntityId(3, 4, t + 1), type=kind, location=tuple(place.tolist()), marking="EX M", force=2,
        ))
        for time_s, t, place in places
    )  # fmt: skip


def system_tracks(case: Case, places: list[tuple[float, int, np.ndarray]]) -> bytes:
    """CAT062: a track update for each place of each missile."""
    made = []
    for time_s, t, place in places:
        lat, lon, height_m = geodetic_from_ecef(place[None])[0].tolist()
        of_day = second_of_day(case.file.starts, time_s)
        made.append(asterix.track_record(asterix.SystemTrack(
            source=(3, 4), time_of_day_s=of_day, latitude_deg=float(np.degrees(lat)),
            longitude_deg=float(np.degrees(lon)), number=t + 1, height_m=height_m, sigma_m=100.0,
        ))[0])  # fmt: skip
    return b"".join(asterix.blocks(asterix.TRACKS, made))


@pytest.mark.parametrize("write", [entities, system_tracks])
def test_places_that_other_systems_tell_are_heard_as_a_radars(
    write: Callable[[Case, list[tuple[float, int, np.ndarray]]], bytes], played: Played, tmp_path: Path
) -> None:
    places = []
    for time_s in np.arange(2.0, 700.0, 4.0).tolist():
        states = played.raid.over.states_at(time_s)
        places += [(time_s, t, states[t, :3]) for t in np.flatnonzero(np.isfinite(states[:, 0])).tolist()]
    file = tmp_path / "places.bin"
    file.write_bytes(write(played.case, places))
    hearing = api.overhear(played.case, file, "allied", {"3/4": "kurecik"})
    warned = [e for e in hearing.events() if e.kind == "warned"]
    assert sorted((e.nations[0], e.what["places"]) for e in warned) == WARNED
    assert {e.because for e in warned} == {("bmd-1",)}
    table = hearing.table()
    assert table.objects == 3 and table.sources == {"3/4": len(places)}
    assert set(table.left_out) <= {"unseen"}


def test_nothing_to_hear_is_said_with_what_there_is(played: Played, tmp_path: Path) -> None:
    file = tmp_path / "raid.ast"
    file.write_bytes(played.recording)
    with pytest.raises(InputError, match="398 unmapped") as unmapped:
        api.overhear(played.case, file)
    assert "--stations 25/2=kurecik" in str(unmapped.value)
    with pytest.raises(InputError, match=r"398 outside .*record 1: second"):
        api.overhear(
            played.case, file, stations=played.stations, starts=played.case.file.starts.replace(hour=2)
        )
    file.write_bytes(b"")
    with pytest.raises(InputError, match="no measurement can be used: there is none"):
        api.overhear(played.case, file, stations=played.stations)


def test_all_that_is_wrong_with_the_map_is_said_at_once(played: Played, tmp_path: Path) -> None:
    wrong = {"25": "kurecik", "1/99999": "kurecik", "1/2": "kurecig", "1/3": "geo-east"}
    with pytest.raises(InputError) as found:
        api.overhear(played.case, tmp_path / "none.ast", stations=wrong)
    said = str(found.value)
    for part in ("`25` is no source", "`1/99999` is no source", "`kurecig` is none", "did you mean `kurecik`",
                 "`geo-east` is none", "there is no such file"):  # fmt: skip
        assert part in said
    (tmp_path / "x.csv").write_text("time_s,sensor\n")
    with pytest.raises(InputError, match="--stations: a table names its sensors"):
        api.overhear(played.case, tmp_path / "x.csv", stations={"1/2": "kurecik"})
