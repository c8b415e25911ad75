"""Orbits as a case gives them: elements, or a Walker pattern."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from synaspis.model.declare import quantity, text

PATTERNS = ("delta", "star")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(:([0-5][0-9]))?$")
_J2000 = dt.datetime(2000, 1, 1, 12)


@dataclass(frozen=True, kw_only=True)
class Orbit:
    """Mean Kepler elements, which drift with the Earth's flattening (J2).

    The size is given as `semi_major_axis_km` or, less the Earth's equatorial radius, as `altitude_km`.
    """

    semi_major_axis_m: float | None = quantity(
        "km", "half the long axis", above=0, at_most=500_000, default=None
    )
    altitude_m: float | None = quantity(
        "km", "semi-major axis less the Earth's equatorial radius", above=0, at_most=500_000, default=None
    )
    eccentricity: float = quantity("1", "eccentricity", at_least=0, at_most=0.95, default=0.0)
    inclination_rad: float = quantity("deg", "inclination to the equator", at_least=0, at_most=180)
    raan_rad: float = quantity(
        "deg", "right ascension of the ascending node", at_least=-360, at_most=360, default=0.0
    )
    argument_of_perigee_rad: float = quantity(
        "deg", "argument of perigee", at_least=-360, at_most=360, default=0.0
    )
    mean_anomaly_rad: float = quantity(
        "deg", "mean anomaly at the epoch", at_least=-360, at_most=360, default=0.0
    )
    epoch: str = text(
        "when the elements hold, UTC, as 2024-12-01 or 2024-12-01T03:00 (the raid's start where left out)",
        default="",
    )


@dataclass(frozen=True, kw_only=True)
class Walker:
    """A Walker pattern of satellites on circular orbits in equal planes."""

    satellites: int = quantity("1", "how many satellites in all", at_least=1, at_most=1000)
    planes: int = quantity("1", "in how many planes", at_least=1, at_most=1000)
    phasing: int = quantity(
        "1",
        "by how many steps of a turn / satellites the next plane is ahead",
        at_least=0,
        at_most=999,
        default=0,
    )
    altitude_m: float = quantity(
        "km", "height above the Earth's equatorial radius", at_least=120, at_most=100_000
    )
    inclination_rad: float = quantity("deg", "inclination to the equator", at_least=0, at_most=180)
    pattern: str = text(
        "delta: nodes over the whole equator; star: over half of it", choices=PATTERNS, default="delta"
    )
    raan_rad: float = quantity(
        "deg", "right ascension of the first plane's node", at_least=-360, at_most=360, default=0.0
    )
    mean_anomaly_rad: float = quantity(
        "deg", "mean anomaly of the first satellite", at_least=-360, at_most=360, default=0.0
    )
    epoch: str = text(
        "when these hold, UTC, as 2024-12-01 or 2024-12-01T03:00 (the raid's start where left out)",
        default="",
    )


def time_of_day(text: str) -> dt.time | None:
    """The time that `03:00` or `03:00:30` spells; None where it spells none."""
    found = _TIME.match(text)
    return dt.time(int(found[1]), int(found[2]), int(found[4] or 0)) if found else None


def instant(text: str) -> dt.datetime | None:
    """The moment, UTC, that `2024-12-01` or `2024-12-01T03:00` spells; None where it spells none."""
    day, _, clock = text.removesuffix("Z").partition("T")
    time = time_of_day(clock) if "T" in text else dt.time()
    try:
        return None if time is None else dt.datetime.combine(dt.date.fromisoformat(day), time)
    except ValueError:
        return None


def days_since_2000(moment: dt.datetime) -> float:
    """Days, UTC, since 2000-01-01 12:00."""
    return (moment - _J2000).total_seconds() / 86_400.0
