"""Measurements as they come: columns of a table, the stations that made them, what was turned away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.declare import quantity, text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS = ("radar", "infrared")
RANGE, AZIMUTH, ELEVATION, RANGE_RATE = range(4)
"""Columns of a radar's values."""
LINE_LONGITUDE, LINE_LATITUDE = range(2)
"""Columns of an infrared satellite's values."""
VALUES = 4
LATEST_S = 86_400.0
NEAREST_SATELLITE_M, FARTHEST_SATELLITE_M = 6_450e3, 60_000e3
"""Distances from the Earth's centre between which a satellite may say that it was."""

REASONS: Mapping[str, str] = {
    "malformed": "too few or too many fields, or a word where a number belongs",
    "not_finite": "a value that is needed is missing, NaN or infinite",
    "unknown_sensor": "no station has this name",
    "units": "a value that would fit if it were divided or multiplied by a thousand",
    "out_of_limits": "a value that cannot be, or that its station cannot measure",
    "singular_covariance": "errors make no covariance: one is zero, or one follows from others",
    "future": "measured after it was received, after now, after what its station sent later, or far off",
    "duplicate": "the same station gave the same values for the same time before",
    "out_of_order": "earlier than what the same station had sent before",
}
"""Why a row is turned away. A row has one reason, the first that is found."""


@dataclass(frozen=True, kw_only=True)
class MeasurementRow:
    """One row of a table of measurements. NaN or an empty field stands for what is not given.

    A radar gives `range`, `azimuth` and `elevation`, and may give `range_rate`; angles are those of the local
    horizon at its place, without refraction. An infrared satellite gives its own place and the direction of
    its line of sight in Earth-fixed axes, as a point infinitely far away would have longitude and latitude.
    """

    time_s: float = quantity("s", "when it was measured", at_least=0, at_most=LATEST_S)
    sensor: str = text("name of the station", names="station")
    received_s: float = quantity(
        "s", "when it came; the order of rows where left out", at_least=0, at_most=LATEST_S, default=math.nan
    )
    range_m: float = quantity("km", "slant range", above=0, at_most=60_000, default=math.nan)
    azimuth_rad: float = quantity(
        "deg", "azimuth, clockwise from north", at_least=-360, at_most=360, default=math.nan
    )
    elevation_rad: float = quantity(
        "deg", "elevation above the local horizon", at_least=-90, at_most=90, default=math.nan
    )
    range_rate_mps: float = quantity(
        "mps",
        "range rate, positive where the range grows",
        at_least=-15_000,
        at_most=15_000,
        default=math.nan,
    )
    line_longitude_rad: float = quantity(
        "deg", "longitude of the line of sight's direction, from +x to +y", at_least=-360, at_most=360,
        default=math.nan,
    )  # fmt: skip
    line_latitude_rad: float = quantity(
        "deg", "latitude of the line of sight's direction", at_least=-90, at_most=90, default=math.nan
    )
    x_m: float = quantity("km", "satellite's place, Earth-fixed", default=math.nan)
    y_m: float = quantity("km", "satellite's place, Earth-fixed", default=math.nan)
    z_m: float = quantity("km", "satellite's place, Earth-fixed", default=math.nan)
    sigma_range_m: float = quantity("m", "standard error of the range", default=math.nan)
    sigma_azimuth_rad: float = quantity("urad", "standard error of the azimuth", default=math.nan)
    sigma_elevation_rad: float = quantity("urad", "standard error of the elevation", default=math.nan)
    sigma_range_rate_mps: float = quantity("mps", "standard error of the range rate", default=math.nan)
    sigma_line_rad: float = quantity("urad", "standard error across the line of sight", default=math.nan)
    correlation_range_azimuth: float = quantity("1", "correlation of the two errors", default=math.nan)
    correlation_range_elevation: float = quantity("1", "correlation of the two errors", default=math.nan)
    correlation_azimuth_elevation: float = quantity("1", "correlation of the two errors", default=math.nan)
    correlation_range_range_rate: float = quantity("1", "correlation of the two errors", default=math.nan)


@dataclass(frozen=True, kw_only=True)
class Station:
    """Something that measures: a radar at a place, or a satellite that says with each row where it is.

    Its standard errors hold for rows that give none. A row's own may differ from them by up to a factor of
    31.6 (the root of 1,000), and its ranges go from a thousandth of the longest to the longest: so an error
    of 1,000 in the unit of either is always seen, but for errors of range rates where the station has none of
    its own. Azimuths have the standard error of the angle across the sky times one over the cosine of the
    elevation; what is given here is the error of the azimuth itself.
    """

    name: str = text("its name, as the rows give it")
    kind: str = text("what it is", choices=KINDS)
    latitude_rad: float = quantity("deg", "geodetic latitude", at_least=-90, at_most=90, default=math.nan)
    longitude_rad: float = quantity("deg", "longitude", at_least=-180, at_most=180, default=math.nan)
    height_m: float = quantity("m", "height above the ellipsoid", at_least=-500, at_most=9000, default=0.0)
    longest_range_m: float = quantity(
        "km", "longest range that it can measure", above=0, at_most=60_000, default=math.nan
    )
    sigma_range_m: float = quantity("m", "standard error of ranges", above=0, default=math.nan)
    sigma_azimuth_rad: float = quantity("urad", "standard error of azimuths", above=0, default=math.nan)
    sigma_elevation_rad: float = quantity("urad", "standard error of elevations", above=0, default=math.nan)
    sigma_range_rate_mps: float = quantity("mps", "standard error of range rates", above=0, default=math.nan)
    sigma_line_rad: float = quantity(
        "urad", "standard error across the line of sight", above=0, default=math.nan
    )


RADAR_NEEDS = (
    "latitude_rad",
    "longitude_rad",
    "longest_range_m",
    "sigma_range_m",
    "sigma_azimuth_rad",
    "sigma_elevation_rad",
)
INFRARED_NEEDS = ("sigma_line_rad",)


@dataclass(frozen=True, kw_only=True, order=True)
class Rejection:
    """A row turned away: its line in a CSV file, or its place in a table of columns, counted from 1."""

    row: int
    reason: str
    what: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurements:
    """The rows that can be used, in order of time (rows of one time in the order in which they came), in SI.

    `time_s`, `received_s` (N,); `station` (N,) index into `stations`; `values` (N, 4): a radar's range,
    azimuth, elevation and range rate, a satellite's longitude and latitude of the line of sight, NaN where
    there is none; `covariance` (N, 4, 4), NaN in the rows and columns of values that there are not;
    `place_m` (N, 3) ECEF of a satellite, NaN for radars; `row` (N,) where each stood. `counts` has every
    reason; `rejections` the first of them.
    """

    source: str
    stations: tuple[Station, ...]
    time_s: Floats
    received_s: Floats
    station: Ints
    values: Floats
    covariance: Floats
    place_m: Floats
    row: Ints
    counts: Mapping[str, int]
    rejections: tuple[Rejection, ...]

    @property
    def rejected(self) -> int:
        """How many rows were turned away."""
        return sum(self.counts.values())
