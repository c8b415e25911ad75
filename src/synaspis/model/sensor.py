"""Sensors, described by public figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model import fielded
from synaspis.model.declare import part, quantity, text
from synaspis.model.orbit import Orbit, Walker
from synaspis.model.threat import BANDS

PLATFORMS = ("satellite", "aircraft")
WEATHERS = ("clear", "low-cloud", "middle-cloud", "high-cloud")
"""Bands of weather, from the lowest cloud break to the highest."""


@dataclass(frozen=True, kw_only=True)
class Radar:
    """A ground or ship radar (catalogue kind `radar`)."""

    name: str = text("name of the type")
    title: str = text("what it is, in words")
    band: str = text("radar band", choices=BANDS)
    reference_range_m: float = quantity(
        "km", "slant range at which `reference_rcs` gives `reference_snr`", above=0, at_most=20_000
    )
    reference_rcs_m2: float = quantity("m2", "radar cross-section of that reference", above=0)
    reference_snr_db: float = quantity("db", "single-look signal-to-noise ratio there", at_most=60)
    detection_snr_db: float = quantity("db", "single-look signal-to-noise ratio that detects", at_most=40)
    cue_gain_db: float = quantity(
        "db", "most that a cue or a track adds to a look: the longest dwell over that of search",
        at_least=0, at_most=20,
    )  # fmt: skip
    cue_share: float = quantity("1", "share of its time that it gives to one cue", above=0, at_most=1)
    instrumented_range_m: float = quantity("km", "no detection beyond it", above=0, at_most=20_000)
    beamwidth_rad: float = quantity("deg", "half-power beamwidth", above=0, at_most=20)
    range_resolution_m: float = quantity("m", "range resolution in track", above=0, at_most=1000)
    range_rate_resolution_mps: float = quantity(
        "mps", "range-rate (Doppler) resolution in track; 0 where it measures none", at_least=0, at_most=1000
    )
    sector_rad: float = quantity("deg", "full width of the azimuth sector", above=0, at_most=360)
    minimum_elevation_rad: float = quantity("deg", "lowest elevation", at_least=-10, at_most=60)
    maximum_elevation_rad: float = quantity("deg", "highest elevation", above=0, at_most=90)
    scan_s: float = quantity("s", "time between looks at one place in search", above=0, at_most=60)
    update_s: float = quantity("s", "time between looks in track", above=0, at_most=60)
    track_capacity: int = quantity(
        "1", "objects in track at once; with more in view each is looked at less often", at_least=1
    )
    search_low_rad: float | None = quantity(
        "deg", "lowest elevation of the search fence (of all it sees where left out)", at_least=-10,
        at_most=90, default=None,
    )  # fmt: skip
    search_high_rad: float | None = quantity(
        "deg", "highest elevation of the search fence (of all it sees where left out)", above=0, at_most=90,
        default=None,
    )  # fmt: skip
    unit_cost_musd: float | None = quantity(
        "musd", "price of one, millions of US dollars", above=0, at_most=100_000, default=None
    )
    fielding_musd: float | None = fielded.fielding()
    operation_musd: float | None = fielded.operation()
    life_s: float | None = fielded.life()
    cost_share: float = fielded.cost_share()
    makers: tuple[str, ...] = text("nations that make it and decide its transfer", default=())

    @property
    def search_rad(self) -> tuple[float, float]:
        """Lowest and highest elevation at which it searches."""
        low, high = self.search_low_rad, self.search_high_rad
        return (
            self.minimum_elevation_rad if low is None else max(low, self.minimum_elevation_rad),
            self.maximum_elevation_rad if high is None else min(high, self.maximum_elevation_rad),
        )


@dataclass(frozen=True, kw_only=True)
class Infrared:
    """An infrared sensor in orbit or aboard an aircraft (catalogue kind `infrared`).

    It sees burning missiles, and bodies after burnout too where it has a `cold_range`. A satellite's field
    of regard is a cone about the nadir; an aircraft looks all round, down to its horizon.
    """

    name: str = text("name of the type")
    title: str = text("what it is, in words")
    revisit_s: float = quantity("s", "time between looks at one place", above=0, at_most=120)
    minimum_intensity_wpsr: float = quantity(
        "kwpsr", "faintest source detected at geostationary distance", above=0
    )
    line_of_sight_rad: float = quantity("urad", "one-sigma line-of-sight error", above=0, at_most=1000)
    report_s: float = quantity("s", "from first look to a report", at_least=0, at_most=600)
    looks_to_report: int = quantity("1", "looks that hold the source before a report", at_least=1, at_most=20)
    platform: str = text("what carries it", choices=PLATFORMS, default="satellite")
    field_of_regard_rad: float = quantity(
        "deg",
        "full angle about the nadir in which a satellite can look",
        above=0,
        at_most=180,
        default=math.pi,
    )
    solar_exclusion_rad: float = quantity(
        "deg", "it sees nothing nearer to the Sun than this", at_least=0, at_most=90, default=0.0
    )
    cold_range_m: float = quantity(
        "km", "range at which one look in two detects a body after burnout (0: none)",
        at_least=0, at_most=100_000, default=0.0,
    )  # fmt: skip
    limb_m: float = quantity(
        "km", "height above which the line of sight to such a body must stay, on into space",
        at_least=0, at_most=300, default=100_000.0,
    )  # fmt: skip
    unit_cost_musd: float | None = quantity(
        "musd", "price of one, millions of US dollars", above=0, at_most=100_000, default=None
    )
    fielding_musd: float | None = fielded.fielding("bringing one to its place, beyond its price")
    operation_musd: float | None = fielded.operation()
    life_s: float | None = fielded.life()
    cost_share: float = fielded.cost_share()


@dataclass(frozen=True, kw_only=True)
class Weather:
    """One band of weather over a launch area."""

    cloud_break_m: float = quantity(
        "km", "altitude at which a burning missile comes in sight from above", at_least=0, at_most=20
    )
    probability: float = quantity("1", "chance of this weather", at_least=0, at_most=1)


@dataclass(frozen=True, kw_only=True)
class Sky:
    """Weather and plume physics shared by infrared sensors (catalogue kind `sky`)."""

    name: str = text("name of the entry")
    weather: Mapping[str, Weather] = part("bands of weather: " + ", ".join(WEATHERS))
    trough_low_m: float = quantity("km", "where the plume begins to dim", above=0)
    trough_high_m: float = quantity("km", "where it has brightened again", above=0)
    trough_factor: float = quantity("1", "intensity in the trough over that below it", above=0, at_most=1)


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """A deployed sensor: its type, whose it is, who runs it, whose soil it stands on.

    Ground radars give a latitude and longitude and where they face, aircraft latitude, longitude and
    height. Satellites give `geostationary_longitude`, an `orbit`, a `tle` (two lines), an ephemeris (`oem`),
    or a `walker` pattern, which stands for all its satellites by the one name. A ship's host is its owner.
    """

    name: str = text("name, unique in the case")
    type: str = text("catalogue entry", names="sensor")
    owner: str = text("nation that owns it", names="nation")
    operator: str = text("nation that runs it (the owner where left out)", names="nation", default="")
    host: str = text("nation on whose soil it stands (the owner where left out)", names="nation", default="")
    latitude_rad: float | None = quantity("deg", "geodetic latitude", at_least=-90, at_most=90, default=None)
    longitude_rad: float | None = quantity("deg", "longitude", at_least=-180, at_most=360, default=None)
    height_m: float = quantity("m", "height above the ellipsoid", at_least=-500, at_most=20_000, default=0.0)
    facing_rad: float = quantity(
        "deg", "azimuth of the middle of its sector", at_least=-360, at_most=360, default=0.0
    )
    geostationary_longitude_rad: float | None = quantity(
        "deg", "longitude of a geostationary satellite", at_least=-180, at_most=360, default=None
    )
    orbit: Orbit | None = part("orbital elements of a satellite", default=None)
    tle: tuple[str, ...] = text("two-line elements of a satellite, the two lines as published", default=())
    walker: Walker | None = part("a pattern of satellites", default=None)
    oem: str = text(
        "a satellite's ephemeris: a CCSDS OEM (KVN) beside the case, by its name, or its text", default=""
    )
    availability: float = quantity(
        "1", "chance that it stands ready when the raid comes", above=0, at_most=1, default=1.0
    )
    source: str = text("where it is known from", default="")
    bought: dt.date | None = fielded.bought()
    since: dt.date | None = fielded.since()
    until: dt.date | None = fielded.until()

    @property
    def tle_lines(self) -> tuple[str, ...]:
        """The lines of the TLE, which may be given as a list or as one text of two lines."""
        return tuple(line.rstrip() for item in self.tle for line in item.splitlines() if line.strip())
