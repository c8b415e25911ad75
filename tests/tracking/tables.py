"""Tables of measurements and truth of a small raid, as a user would give them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bench import tracking as bench_tracking
from synaspis.kernels import sight
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.measurement import Station
from tests.tracking import raid


def stations() -> list[Station]:
    geodetic = geodetic_from_ecef(bench_tracking.flown()[2][:, :3])
    radars = [
        Station(name=f"radar-{i}", kind="radar", latitude_rad=float(place[0]), longitude_rad=float(place[1]),
                height_m=float(place[2]), longest_range_m=raid.FAR_M, sigma_range_m=20.0,
                sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3)
        for i, place in enumerate(geodetic)
    ]  # fmt: skip
    eyes = [
        Station(name=f"eye-{i}", kind="infrared", sigma_line_rad=raid.LINE_ERROR)
        for i in range(len(raid.satellites()))
    ]
    return radars + eyes


def rows_of(scan: Any, names: list[str]) -> list[dict[str, Any]]:
    """The rows of a scan as rows of a table."""
    found = []
    for row in scan.rows:
        common = {"time_s": scan.time_s, "sensor": names[scan.station], "received_s": scan.received_s}
        if row[sight.ERROR] < np.inf:
            found.append(common | {
                "range_km": row[1] / 1e3, "azimuth_deg": math.degrees(row[2]),
                "elevation_deg": math.degrees(row[3]),
            })  # fmt: skip
            continue
        flat = math.cos(row[3])
        line = np.array([flat * math.sin(row[2]), flat * math.cos(row[2]), math.sin(row[3])])
        way = line @ scan.sight[sight.FRAME :].reshape(3, 3)
        found.append(common | {
            "line_longitude_deg": math.degrees(math.atan2(way[1], way[0])),
            "line_latitude_deg": math.degrees(math.asin(way[2])),
            **dict(zip(("x_km", "y_km", "z_km"), scan.sight[:3] / 1e3, strict=True)),
        })  # fmt: skip
    return found


def table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name, "") for row in rows] for name in names}


def one_flight(
    until_s: float = 200.0, false: float = 0.5
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Measurements and truth of the bench's flight from 40 s on, by all stations."""
    times, states, _, burnout_s = bench_tracking.flown()
    luck, names = np.random.default_rng(4), [s.name for s in stations()]
    rows: list[dict[str, Any]] = []
    truth: list[dict[str, Any]] = []
    for k in range(40, int(until_s)):
        now = states[k : k + 1]
        if k % 5 == 0 and times[k] < burnout_s:
            for i, place in enumerate(raid.satellites()):
                rows += rows_of(raid.infrared_scan(float(times[k]), 3 + i, place, now, luck), names)
        for s in range(3):
            rows += rows_of(raid.radar_scan(float(times[k]), s, now, luck, false), names)
        if k % 10 == 0:
            truth.append({"time_s": times[k], "object": "one"} | dict(zip(
                ("x_km", "y_km", "z_km", "vx_mps", "vy_mps", "vz_mps"),
                states[k] / [1e3, 1e3, 1e3, 1.0, 1.0, 1.0], strict=True,
            )))  # fmt: skip
    return table(rows), table(truth)
