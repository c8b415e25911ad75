"""Recordings as measurements: when, by whom and what, and what is left out for which reason."""

from __future__ import annotations

import datetime as dt
import math
import os
import random
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop import dis
from synaspis.interop.asterix import Plot, SystemTrack
from synaspis.interop.captures import captured
from synaspis.interop.dis_records import EntityId, EntityState, Head, timestamp_of
from synaspis.interop.dis_types import entity_type
from synaspis.interop.recorded_rows import mapped
from synaspis.interop.recordings import ENTITY_SIGMA_M, REASONS, TRACK_SIGMA_M, Recorded, read
from synaspis.kernels.earth import ecef_from_geodetic, geodetic_from_ecef
from synaspis.model.measurement import AZIMUTH, ELEVATION, RANGE, Station

from .asterix_samples import NEAR, SAMPLES, block
from .dis_samples import SAMPLES as PDUS
from .test_asterix import mutant

MUTANTS = 1000 * max(int(os.environ.get("SYNASPIS_SOAK") or 0), 1)
STARTS = dt.datetime(2026, 3, 1, 23, 50)
UNIX_S = STARTS.replace(tzinfo=dt.UTC).timestamp()
RADAR = Station(
    name="kurecik", kind="radar", latitude_rad=math.radians(38.35), longitude_rad=math.radians(37.79),
    height_m=1_900.0, longest_range_m=3e6, sigma_range_m=10.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3,
)  # fmt: skip
LEVEL = replace(NEAR, source=(25, 10), time_of_day_s=85_900.0, height_m=12e3)


def plots(*changes: dict[str, object]) -> bytes:
    return b"".join(block(replace(LEVEL, **each)) for each in changes)  # type: ignore[arg-type]


def times(found: Recorded) -> list[float]:
    return [row.time_s for row in found.rows]


def test_a_day_that_ends_goes_on_in_the_next() -> None:
    of_day = [85_810.0, 86_399.5, 0.5, 3_600.0]
    found = read(plots(*({"time_of_day_s": t} for t in of_day)), STARTS)
    assert times(found) == [10.0, 599.5, 600.5, 4_200.0]
    assert found.sources == {"25/10": 4} and found.simulated == 4


def test_a_long_recording_may_go_round_the_clock_once() -> None:
    hours = [(85_800.0 + 3_600.0 * h) % 86_400.0 for h in range(26)]
    found = read(plots(*({"time_of_day_s": t} for t in hours)), STARTS)
    assert times(found) == [3_600.0 * h for h in range(25)]
    assert found.left_out == {"outside": 1} and found.first["outside"].startswith(
        "record 26: second 90,000.0"
    )


def test_what_is_before_the_run_is_outside() -> None:
    found = read(plots({"time_of_day_s": 85_799.0}), STARTS)
    assert found.rows == [] and found.first == {"outside": "record 1: second -1.0 of the raid"}


@pytest.mark.parametrize(("late_s", "wanted"), [(0.0, [100.0]), (86_400.0, []), (-86_400.0, [])])
def test_a_capture_says_of_which_day_it_is(late_s: float, wanted: list[float]) -> None:
    data = captured([(UNIX_S + 101.0 + late_s, block(LEVEL))], 8600)
    found = read(data, STARTS)
    assert times(found) == wanted and found.left_out == ({} if wanted else {"outside": 1})
    assert times(read(data, STARTS + dt.timedelta(seconds=late_s))) == [100.0]


def entity(**changes: object) -> EntityState:
    place = tuple(ecef_from_geodetic(np.array([[*np.radians([40.0, 40.0]), 90e3]]))[0].tolist())
    one = EntityState(
        head=Head(exercise=1, timestamp=timestamp_of(3_100.0, absolute=True)), entity=EntityId(3, 4, 5),
        type=entity_type("mrbm-1300"), location=place, marking="EX M-1", force=2,
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def test_entities_of_the_other_sides_munitions_are_places() -> None:
    own, site = entity(force=1), entity(type=entity_type("an-tpy-2"))
    data = b"".join(dis.encode(pdu) for pdu in (entity(), own, site, PDUS["stop"]))
    found = read(data, STARTS)
    assert [(row.source, row.sigma_m) for row in found.rows] == [("3/4", ENTITY_SIGMA_M)]
    assert times(found) == pytest.approx([100.0])
    assert found.left_out == {"own_side": 2, "other": 1}


def test_an_hour_that_ends_goes_on_in_the_next_and_a_relative_clock_is_the_captures() -> None:
    later = entity(head=Head(exercise=1, timestamp=timestamp_of(30.0, absolute=True)))
    assert times(read(dis.encode(entity()) + dis.encode(later), STARTS)) == pytest.approx([100.0, 630.0])
    relative = entity(head=Head(exercise=1, timestamp=timestamp_of(77.0)))
    data = captured(
        [(UNIX_S + 5_000.0, dis.encode(relative)), (UNIX_S + 7_300.0, dis.encode(entity()))], 3000
    )
    assert times(read(data, STARTS)) == pytest.approx([5_000.0, 7_300.0])


def test_both_kinds_may_be_in_one_capture_and_the_rest_is_counted() -> None:
    packets = [block(LEVEL), dis.encode(entity()), b"\x22\x00\x04\x00", b"\x30\x00", b""]
    found = read(captured(((UNIX_S + 100.0, p) for p in packets), 9000), STARTS)
    assert [row.source for row in found.rows] == ["25/10", "3/4"]
    assert found.left_out == {"other": 1, "malformed": 1}
    assert found.first == {
        "other": "packet 3, record 1: ASTERIX category 34",
        "malformed": "packet 4, byte 0: a data block's head is cut short",
    }
    assert set(found.left_out) <= set(REASONS)


def test_a_broken_capture_is_told() -> None:
    with pytest.raises(ValueError, match="no capture"):
        read(b"\xd4\xc3\xb2\xa1", STARTS)


def test_what_a_radar_did_not_detect_is_no_measurement() -> None:
    found = read(plots({"detected": False}), STARTS)
    assert found.rows == [] and found.left_out == {"foretold": 1}


@given(st.floats(1e3, 2.5e6), st.floats(0.0, 6.28), st.floats(0.01, 1.5))
def test_a_height_gives_the_elevation_at_which_the_range_reaches_it(
    far_m: float, azimuth: float, up: float
) -> None:
    sent = Plot(source=(1, 1), time_of_day_s=85_900.0, range_m=far_m, azimuth_rad=azimuth, elevation_rad=up)
    found = read(block(sent), STARTS)
    there = place_of(mapped(found, {"1/1": RADAR}).columns)
    height_m = float(geodetic_from_ecef(there[None])[0, 2])
    found.rows[0] = replace(found.rows[0], plot=replace(sent, elevation_rad=math.nan, height_m=height_m))
    told = mapped(found, {"1/1": RADAR})
    assert np.linalg.norm(place_of(told.columns) - there) < 200.0
    assert told.errors[0, ELEVATION] >= 50.0 / far_m


def place_of(columns: dict[str, list]) -> np.ndarray:  # type: ignore[type-arg]
    """Where a row's first measurement is, by hand."""
    from synaspis.kernels.earth import enu_axes

    here = np.array([[RADAR.latitude_rad, RADAR.longitude_rad, RADAR.height_m]])
    far, azimuth, up = (
        1e3 * columns["range_km"][0],
        *np.radians([columns["azimuth_deg"][0], columns["elevation_deg"][0]]),
    )
    line = np.array([math.cos(up) * math.sin(azimuth), math.cos(up) * math.cos(azimuth), math.sin(up)])
    return np.asarray(ecef_from_geodetic(here)[0] + far * (line @ enu_axes(here)[0]))


def test_without_a_height_or_with_an_impossible_one_there_is_no_measurement() -> None:
    found = read(plots({"height_m": math.nan}, {"range_m": 5e3, "height_m": 30e3}, {}), STARTS)
    told = mapped(found, {"25/10": RADAR})
    assert told.at == ("record 3",) and found.left_out == {"no_height": 2}
    track = replace(SAMPLES["low_track"], height_m=math.nan, time_of_day_s=85_900.0)  # type: ignore[arg-type]
    assert read(block(track), STARTS).left_out == {"no_height": 1}


def test_a_place_is_what_the_radar_would_measure_with_its_accuracy_across() -> None:
    track = SystemTrack(
        source=(25, 200), time_of_day_s=85_900.0, latitude_deg=40.0, longitude_deg=40.0, number=1,
        height_m=90e3, sigma_m=300.0,
    )  # fmt: skip
    found = read(block(track) + block(replace(track, sigma_m=math.nan)) + dis.encode(entity()), STARTS)
    assert [row.sigma_m for row in found.rows] == [300.0, TRACK_SIGMA_M]
    told = mapped(found, {"25/200": RADAR})
    there = ecef_from_geodetic(np.array([[math.radians(40.0), math.radians(40.0), 90e3]]))[0]
    assert np.linalg.norm(place_of(told.columns) - there) < 2.0
    far_m, up = (
        1e3 * float(told.columns["range_km"][0]),
        math.radians(float(told.columns["elevation_deg"][0])),
    )
    assert told.errors[0, RANGE] == 300.0
    assert told.errors[0, AZIMUTH] == pytest.approx(300.0 / (far_m * math.cos(up)))
    assert told.errors[0, ELEVATION] == pytest.approx(300.0 / far_m)


def test_a_place_below_the_radars_horizon_is_not_seen() -> None:
    far = SystemTrack(
        source=(1, 1), time_of_day_s=85_900.0, latitude_deg=55.0, longitude_deg=10.0, number=1, height_m=90e3
    )
    found = read(block(far) + block(replace(far, height_m=900e3)), STARTS)
    assert mapped(found, {"1/1": RADAR}).at == ("record 2",)
    assert found.left_out == {"unseen": 1}


def test_sources_that_are_mapped_to_nothing_are_counted_and_not_guessed() -> None:
    found = read(plots({}, {"source": (25, 11)}, {"source": (25, 11)}), STARTS)
    told = mapped(found, {"25/10": RADAR})
    assert told.at == ("record 1",)
    assert found.left_out == {"unmapped": 2} and found.first == {"unmapped": "record 2: source 25/11"}
    assert found.sources == {"25/10": 1, "25/11": 2}


def test_a_plots_own_errors_hold_and_rounding_is_added() -> None:
    stated = {"elevation_rad": 0.1, "sigma_range_m": 4.0, "sigma_azimuth_rad": 2e-3}
    plain, own = mapped(read(plots({}, stated), STARTS), {"25/10": RADAR}).errors
    assert plain[RANGE] == pytest.approx(math.hypot(10.0, 1852 / 256 / math.sqrt(12)))
    assert own[RANGE] == pytest.approx(math.hypot(4.0, 1852 / 256 / math.sqrt(12)))
    assert own[AZIMUTH] == pytest.approx(2e-3, rel=1e-3) and math.isnan(own[ELEVATION])


def test_mutated_recordings_are_read_and_counted_within_bounds() -> None:
    luck = random.Random(2)
    whole = [
        plots({}, {"time_of_day_s": 1.0}), dis.encode(entity()),
        captured([(UNIX_S, block(LEVEL)), (UNIX_S, dis.encode(entity()))], 9000),
    ]  # fmt: skip
    refused = 0
    tracemalloc.start()
    for _ in range(MUTANTS):
        try:
            found = read(mutant(luck, luck.choice(whole)), STARTS)
        except ValueError:
            refused += 1
            continue
        assert set(found.left_out) <= set(REASONS) and len(found.rows) <= 4
        mapped(found, {"25/10": RADAR, "3/4": RADAR})
        refused += bool(found.left_out)
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()
    assert 0 < refused < MUTANTS
