"""Tables of measurements as scans: the rows of one station at one time together, as `kernels.sight` has them.

A table tells of detections, not of looks. A station whose rows come together looked when they came: what is
not among them it did not detect. A row alone at its time is part of some look, and tells of itself only.

A line of sight becomes the two angles about nadir. Errors of one row that are correlated become
independent ones that are nowhere smaller: each variance times the largest eigenvalue of the correlations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import sight
from synaspis.model.measurement import (
    AZIMUTH,
    ELEVATION,
    LINE_LATITUDE,
    LINE_LONGITUDE,
    RANGE,
    RANGE_RATE,
    Measurements,
    Station,
)
from synaspis.tracking.scan import Scan, Watch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOGETHER_S = 1e-5
"""Rows of one station that are no farther apart are of one time: what is tracked moves a decimetre in it."""
SAME_PLACE_M = 1.0
"""So near to each other a satellite's places are one."""
_OF_RADAR = (RANGE, AZIMUTH, ELEVATION, RANGE_RATE)


def watch(station: Station) -> Watch:
    """What a tracker knows of a station that only its table of measurements describes."""
    if station.kind == "radar":
        return Watch(name=station.name, kind="radar", longest_range_m=station.longest_range_m)
    return Watch(name=station.name, kind="infrared")


def scans(given: Measurements) -> list[Scan]:
    """All rows as scans, in the order in which they were received; each when its last row was."""
    if not given.time_s.size:
        return []
    rows = np.full((given.time_s.size, sight.ROW_COLUMNS), np.inf)
    rows[:, sight.TIME] = given.time_s
    rows[:, sight.RANGE : sight.ERROR] = 0.0
    infrared = np.array([s.kind == "infrared" for s in given.stations])[given.station]
    _radar(given, ~infrared, rows)
    stations = _places(given, infrared)
    _infrared(given, infrared, stations, rows)
    parts = _together(given, rows)
    tells = _tells(given, parts)
    found = [
        Scan(
            time_s=float(rows[part[0], sight.TIME]), received_s=float(given.received_s[part].max()),
            station=int(given.station[part[0]]), sight=stations[part[0]], rows=rows[part], tells=told,
        )
        for part, told in zip(parts, tells, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda scan: (scan.received_s, scan.time_s, scan.station))


def _together(given: Measurements, rows: Floats) -> list[Ints]:
    """The rows of each scan: of one station, at one time but for jitter, from one place.

    Their times in `rows` become one.
    """
    order = np.lexsort((given.time_s, given.station))
    times, stations = given.time_s[order], given.station[order]
    begins = np.append(True, (np.diff(times) > TOGETHER_S) | (np.diff(stations) != 0))
    rows[order, sight.TIME] = times[begins][np.cumsum(begins) - 1]
    places = np.nan_to_num(given.place_m)
    order = np.lexsort((*places.T[::-1], rows[:, sight.TIME], given.station))
    moved = (np.abs(np.diff(places[order], axis=0)) > SAME_PLACE_M).any(axis=1)
    begins = moved | (np.diff(rows[order, sight.TIME]) != 0.0) | (np.diff(given.station[order]) != 0)
    return [np.sort(part) for part in np.split(order, np.flatnonzero(begins) + 1)]


def _tells(given: Measurements, parts: Sequence[Ints]) -> list[bool]:
    """Of which scans silence tells: of no row alone, and of none where most of a station's rows are alone."""
    alone = np.zeros(len(given.stations))
    for part in parts:
        alone[given.station[part[0]]] += len(part) == 1
    mostly = 2.0 * alone > np.bincount(given.station, minlength=len(alone))
    return [len(part) > 1 and not mostly[given.station[part[0]]] for part in parts]


def _places(given: Measurements, infrared: NDArray[np.bool_]) -> Floats:
    """(N, STATION_COLUMNS) the station of each row, where it was then."""
    geodetic = np.array([[s.latitude_rad, s.longitude_rad, s.height_m] for s in given.stations])
    fixed = sight.radar_stations(np.nan_to_num(geodetic))[given.station]
    if infrared.any():
        fixed[infrared] = sight.satellite_stations(given.place_m[infrared])
    return fixed


def _radar(given: Measurements, which: NDArray[np.bool_], rows: Floats) -> None:
    for part, column in enumerate(_OF_RADAR):
        there = which & ~np.isnan(given.values[:, column])
        rows[there, sight.RANGE + part] = given.values[there, column]
        rows[there, sight.ERROR + part] = np.sqrt(given.covariance[there, column, column])
    spread = np.sqrt(np.diagonal(given.covariance, axis1=1, axis2=2))
    related = np.nan_to_num(given.covariance / (spread[:, :, None] * spread[:, None, :]))
    asked = np.flatnonzero(which & (np.abs(np.triu(related, 1)) > 0.0).any(axis=(1, 2)))
    if asked.size:
        largest = np.linalg.eigvalsh(related[asked])[:, -1]
        rows[asked, sight.ERROR :] *= np.sqrt(largest)[:, None]


def _infrared(given: Measurements, which: NDArray[np.bool_], stations: Floats, rows: Floats) -> None:
    if not which.any():
        return
    longitude, latitude = given.values[which, LINE_LONGITUDE], given.values[which, LINE_LATITUDE]
    flat = np.cos(latitude)
    line = np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)
    frames = stations[which, sight.FRAME :].reshape(-1, 3, 3)
    across, ahead, up = np.einsum("nij,nj->in", frames, line)
    error = np.sqrt(given.covariance[which, LINE_LATITUDE, LINE_LATITUDE])
    rows[which, sight.FIRST_ANGLE] = np.arctan2(across, ahead)
    rows[which, sight.SECOND_ANGLE] = np.arcsin(np.clip(up, -1.0, 1.0))
    # One error across the line in any direction; near the frame's own poles an angle covers less sky.
    rows[which, sight.ERROR + 1] = error / np.maximum(np.hypot(across, ahead), 1e-6)
    rows[which, sight.ERROR + 2] = error
