"""Recorded rows as a table of measurements: each as the radar of the case that it is mapped to would have it.

A plot has range and azimuth; its elevation is its own, where our special purpose field has one, or that at
which the range reaches its height. A place becomes what the radar would measure of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.interop.asterix import NM_M
from synaspis.interop.recordings import HEIGHT_SIGMA_M, LEVEL_SIGMA_M, Recorded, Row
from synaspis.kernels.earth import ecef_from_geodetic, enu_axes, geodetic_from_ecef
from synaspis.model.measurement import AZIMUTH, ELEVATION, RANGE, RANGE_RATE, VALUES, Station

Floats = NDArray[np.float64]
RANGE_STEP_M, AZIMUTH_STEP_RAD = NM_M / 256.0, 2.0 * math.pi / 65_536
"""What CAT048 rounds to; the error that this adds is that of an even spread over a step."""
LEAST_COSINE = 0.05
"""Nearer to the zenith an error of height no longer grows the elevation's."""
TURNS = 8
"""Newton's steps to an elevation: each takes the error to next to nothing."""
Seen = tuple[tuple[float, float, float, float], tuple[float, ...]]
"""Range, azimuth, elevation and range rate, and the standard errors of each; SI, NaN for what is not told."""
Columns = dict[str, list[float] | list[str]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Mapped:
    """A table (docs/measurements.md) of N rows, where each stood in the recording, and (N, 4) standard errors
    in SI, NaN where the station's own holds."""

    columns: Columns
    at: tuple[str, ...]
    errors: Floats


def mapped(found: Recorded, stations: Mapping[str, Station]) -> Mapped:
    """The rows of the sources in `stations`; what cannot be used is counted in `found`."""
    told: Columns = {
        "time_s": [], "sensor": [], "range_km": [], "azimuth_deg": [], "elevation_deg": [],
        "range_rate_mps": [],
    }  # fmt: skip
    at: list[str] = []
    errors: list[Sequence[float]] = []
    sights = {source: _Sight(station) for source, station in stations.items()}
    for row in found.rows:
        sight = sights.get(row.source)
        if sight is None:
            found.leave_out("unmapped", row.at, f"source {row.source}")
            continue
        made = sight.of(row)
        if isinstance(made, str):
            found.leave_out(made, row.at)
            continue
        (far_m, azimuth, elevation, rate), sigmas = made
        values: tuple[float | str, ...] = (
            row.time_s, sight.station.name, far_m / 1e3, math.degrees(azimuth), math.degrees(elevation), rate,
        )  # fmt: skip
        for column, value in zip(told.values(), values, strict=True):
            column.append(value)  # type: ignore[arg-type]
        at.append(row.at)
        errors.append(sigmas)
    return Mapped(columns=told, at=tuple(at), errors=np.array(errors, float).reshape(-1, VALUES))


class _Sight:
    """A radar of the case, and how it would see."""

    def __init__(self, station: Station) -> None:
        self.station = station
        here = np.array([[station.latitude_rad, station.longitude_rad, station.height_m]])
        self._place, self._axes = ecef_from_geodetic(here)[0], enu_axes(here)[0]

    def of(self, row: Row) -> Seen | str:
        """What it measures; where that is nothing, why not."""
        if row.place_m is not None:
            return self._place_seen(np.array(row.place_m), row.sigma_m)
        p = row.plot
        assert p is not None
        far_m, elevation = p.range_m, p.elevation_rad
        sigmas = [math.nan] * VALUES
        sigmas[RANGE], sigmas[AZIMUTH] = p.sigma_range_m, p.sigma_azimuth_rad
        sigmas[ELEVATION], sigmas[RANGE_RATE] = p.sigma_elevation_rad, p.sigma_range_rate_mps
        if math.isnan(elevation):
            height_m, sigma_m = (
                (p.level_m, LEVEL_SIGMA_M) if math.isnan(p.height_m) else (p.height_m, HEIGHT_SIGMA_M)
            )
            elevation = self._elevation(far_m, p.azimuth_rad, height_m)
            if math.isnan(elevation):
                return "no_height"
            sigmas[ELEVATION] = sigma_m / (far_m * max(math.cos(elevation), LEAST_COSINE))
        for part, step in ((RANGE, RANGE_STEP_M), (AZIMUTH, AZIMUTH_STEP_RAD)):
            own = self._own(part) if math.isnan(sigmas[part]) else sigmas[part]
            sigmas[part] = math.hypot(own, step / math.sqrt(12.0))
        return (far_m, p.azimuth_rad, elevation, p.range_rate_mps), tuple(sigmas)

    def _own(self, part: int) -> float:
        return self.station.sigma_range_m if part == RANGE else self.station.sigma_azimuth_rad

    def _place_seen(self, place: Floats, sigma_m: float) -> Seen | str:
        east, north, up = (self._axes @ (place - self._place)).tolist()
        level = math.hypot(east, north)
        far_m = math.hypot(level, up)
        if not (0.0 < far_m < math.inf and up >= 0.0):
            return "unseen"
        flat = max(level, LEAST_COSINE * far_m)
        seen = (far_m, math.atan2(east, north), math.atan2(up, level), math.nan)
        return seen, (sigma_m, sigma_m / flat, sigma_m / far_m, math.nan)

    def _elevation(self, far_m: float, azimuth: float, height_m: float) -> float:
        """The elevation at which the range reaches a height above the ellipsoid; NaN where it never does."""
        if not math.isfinite(height_m) or far_m <= 0.0:
            return math.nan
        sine, off_m = (height_m - self.station.height_m) / far_m, math.inf
        for _ in range(TURNS):
            if abs(sine) > 1.0:
                return math.nan
            flat = math.sqrt(1.0 - sine * sine)
            line = np.array([flat * math.sin(azimuth), flat * math.cos(azimuth), sine])
            there = self._place + far_m * (line @ self._axes)
            off_m = height_m - float(geodetic_from_ecef(there[None])[0, 2])
            sine += off_m / far_m
        return math.asin(sine) if abs(sine) <= 1.0 and abs(off_m) < HEIGHT_SIGMA_M else math.nan
