"""Tables as scans: what a station measured comes out as `kernels.sight` would have it."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.files import measurements
from synaspis.tracking.sights import scans, watch
from tests.tracking import raid, tables

STATIONS = tables.stations()


def test_rows_come_back_as_they_went_into_the_table() -> None:
    luck = np.random.default_rng(1)
    times, states = raid.coasting(4, 2)
    given = [raid.radar_scan(float(times[0]), 1, states[0], luck, 3.0),
             raid.infrared_scan(float(times[0]), 4, raid.satellites()[1], states[0], luck),
             raid.radar_scan(float(times[1]), 0, states[1], luck, 3.0)]  # fmt: skip
    rows = [row for scan in given for row in tables.rows_of(scan, [s.name for s in STATIONS])]
    found = scans(measurements.read(tables.table(rows), STATIONS))
    assert [s.station for s in found] == [1, 4, 0]
    for scan, own in zip(found, given, strict=True):
        assert scan.time_s == own.time_s == scan.received_s
        assert scan.sight == pytest.approx(own.sight, abs=1e-6)
        there = own.rows[:, 5:] < np.inf
        assert np.array_equal(scan.rows[:, 5:] < np.inf, there)
        assert scan.rows[:, 1:5][there] == pytest.approx(own.rows[:, 1:5][there], rel=1e-9, abs=1e-10)
        # A satellite's first angle covers less of the sky by the cosine of the second.
        sky = scan.rows[:, 5:].copy()
        if own.station == 4:
            sky[:, 1] *= np.cos(own.rows[:, 3])
        assert sky[there] == pytest.approx(own.rows[:, 5:][there], rel=1e-6)


def test_correlated_errors_become_independent_ones_that_are_nowhere_smaller() -> None:
    row = {"time_s": 5.0, "sensor": "radar-0", "range_km": 500.0, "azimuth_deg": 10.0, "elevation_deg": 20.0,
           "correlation_range_azimuth": 0.8, "correlation_azimuth_elevation": -0.3}  # fmt: skip
    given = measurements.read(tables.table([row]), STATIONS)
    (scan,) = scans(given)
    spread = np.sqrt(np.diag(given.covariance[0])[:3])
    gap = (np.diag(scan.rows[0, 5:8] ** 2) - given.covariance[0, :3, :3]) / np.outer(spread, spread)
    least = np.linalg.eigvalsh(gap)[0]
    assert least == pytest.approx(0.0, abs=1e-9)  # nowhere smaller, and no larger than that asks


def test_a_scan_is_known_when_its_last_row_is_and_scans_come_in_that_order() -> None:
    row = {"sensor": "radar-0", "azimuth_deg": 10.0, "elevation_deg": 20.0}
    rows = [row | {"time_s": 5.0, "received_s": 9.0, "range_km": 500.0},
            row | {"time_s": 5.0, "received_s": 9.8, "range_km": 700.0},
            row | {"time_s": 6.0, "sensor": "radar-1", "received_s": 9.5, "range_km": 501.0}]  # fmt: skip
    found = scans(measurements.read(tables.table(rows), STATIONS))
    assert [(scan.time_s, scan.received_s, len(scan.rows)) for scan in found] == [
        (6.0, 9.5, 1),
        (5.0, 9.8, 2),
    ]
    assert all((scan.rows[:, 0] == scan.time_s).all() for scan in found)


def test_clocks_that_jitter_make_no_scans_of_their_own_and_a_row_alone_tells_of_itself() -> None:
    row = {"sensor": "radar-0", "azimuth_deg": 10.0, "elevation_deg": 20.0}
    rows = [row | {"time_s": time_s, "range_km": 500.0 + i}
            for i, time_s in enumerate((5.0, 5.0 + 1e-9, 5.0 + 2e-9, 5.5, 6.0, 6.0))]  # fmt: skip
    found = scans(measurements.read(tables.table(rows), STATIONS))
    assert [(scan.time_s, len(scan.rows), scan.tells) for scan in found] == [
        (5.0, 3, True), (5.5, 1, False), (6.0, 2, True)
    ]  # fmt: skip
    assert all((scan.rows[:, 0] == scan.time_s).all() for scan in found)
    lonely = [one | {"time_s": 5.0 + max(i - 1, 0)} for i, one in enumerate(rows)]
    found = scans(measurements.read(tables.table(lonely), STATIONS))
    assert [(len(scan.rows), scan.tells) for scan in found] == [(2, False)] + 4 * [(1, False)]


def test_no_rows_are_no_scans_and_stations_become_watches() -> None:
    empty = measurements.read({"time_s": [], "sensor": []}, STATIONS)
    assert scans(empty) == []
    assert watch(STATIONS[0]).longest_range_m == raid.FAR_M
    assert watch(STATIONS[4]).kind == "infrared"
