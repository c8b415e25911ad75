"""A trial as ASTERIX: who has plots of what and when, in sector and reach alone, and all on the drawn way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.interop import asterix_trial
from synaspis.interop.asterix import Plot, SystemTrack, records
from synaspis.interop.telling import Telling, along, telling
from synaspis.kernels.earth import ecef_from_geodetic, enu_axes

from .told import ACROSS, event, flight, site, trial

RADAR = site("kurecik", "radar", 61.0, 179.0)
OTHER = site("far-off", "radar", -30.0, 0.0)


def told(*events: tuple[str, float, str], radars: tuple[object, ...] = (RADAR, OTHER)) -> Telling:
    happened = []
    for kind, time_s, who in events:
        one = event(kind, time_s, "one")
        happened.append(type(one)(**{**vars(one), "who": who}))
    return telling(trial((flight("one", ACROSS),), tuple(happened), radars))  # type: ignore[arg-type]


def read(t: Telling) -> tuple[list[tuple[float, Plot]], list[tuple[float, SystemTrack]]]:
    plots: list[tuple[float, Plot]] = []
    tracks: list[tuple[float, SystemTrack]] = []
    for time_s, block in asterix_trial.packets(t):
        for record in records(block):
            if isinstance(record, Plot):
                plots.append((time_s, record))
            else:
                assert isinstance(record, SystemTrack)
                tracks.append((time_s, record))
    return plots, tracks


def test_plots_begin_with_the_sight_and_tracks_with_the_knowledge() -> None:
    plots, tracks = read(told(("seen", 24.0, "kurecik"), ("known", 41.0, "ROU"), ("known", 52.0, "BGR")))
    assert [t for t, _ in plots] == [30.0, 40.0, 50.0, 60.0]  # at 70 s it is on the ground, below the horizon
    assert [t for t, _ in tracks] == [50.0, 60.0, 70.0]
    assert [t.ended for _, t in tracks] == [False, False, True]
    assert {p.source for _, p in plots} == {(0, 1)} and {t.source for _, t in tracks} == {(0, 0)}
    assert [p.time_of_day_s for _, p in plots] == [
        28.0,
        38.0,
        48.0,
        58.0,
    ]  # it begins two seconds before midnight


def test_nothing_is_told_of_what_nobody_saw_or_knew() -> None:
    assert list(asterix_trial.packets(told())) == []
    assert asterix_trial.document(told(("seen", 24.0, "a satellite"))) == b""
    plots, tracks = read(told(("seen", 90.0, "kurecik"), ("known", 90.0, "ROU")))
    assert plots == tracks == []


def test_a_plot_and_a_track_are_on_the_drawn_way() -> None:
    t = told(("seen", 0.0, "kurecik"), ("known", 0.0, "ROU"))
    here = np.radians([[61.0, 179.0, 0.0]])
    for time_s, p in read(t)[0]:
        flat = math.cos(p.elevation_rad)
        line = np.array(
            [flat * math.sin(p.azimuth_rad), flat * math.cos(p.azimuth_rad), math.sin(p.elevation_rad)]
        )
        place = ecef_from_geodetic(here)[0] + p.range_m * (line @ enu_axes(here)[0])
        _, lat, lon, height_m = along(t.paths[0].samples, time_s)
        there = ecef_from_geodetic(np.array([[math.radians(lat), math.radians(lon), height_m]]))[0]
        assert np.linalg.norm(place - there) < 100.0
    for time_s, track in read(t)[1]:
        _, lat, lon, height_m = along(t.paths[0].samples, time_s)
        assert (track.latitude_deg, track.longitude_deg) == pytest.approx((lat, lon), abs=1e-5)
        assert track.height_m == pytest.approx(height_m, abs=1.0)
        assert track.sigma_m == asterix_trial.SIGMA_M


def test_a_radar_has_plots_in_its_sector_and_reach_alone() -> None:
    def seen(**changes: float) -> int:
        one = type(RADAR)(**{**vars(RADAR), **changes})
        return len(read(told(("seen", 24.0, "kurecik"), radars=(one,)))[0])

    assert seen() == 4
    assert seen(facing_deg=90.0, sector_deg=120.0) + seen(facing_deg=270.0, sector_deg=240.0) == 4
    assert 0 < seen(facing_deg=90.0, sector_deg=120.0) < 4
    assert seen(latitude_deg=-61.0) == 0  # below its horizon


def test_what_is_left_out_is_counted_and_sources_are_named() -> None:
    said = asterix_trial.remarks(told(("seen", 0.0, "kurecik"), ("known", 0.0, "ROU")))
    assert said[0].endswith("0/1=kurecik,0/2=far-off")
    assert any("item 048/110" in line for line in said) and any("item 062/130" in line for line in said)
    assert asterix_trial.remarks(told(radars=())) == ()


def test_a_document_is_its_packets_one_after_the_other() -> None:
    t = told(("seen", 0.0, "kurecik"), ("known", 0.0, "ROU"))
    packets = list(asterix_trial.packets(t))
    assert asterix_trial.document(t) == b"".join(block for _, block in packets)
    assert [time_s for time_s, _ in packets] == sorted(time_s for time_s, _ in packets)
