"""Moments as ephemerides spell them, in the time systems that clocks in orbit keep."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Final

_SPELT: Final = re.compile(
    r"([0-9]{4})-(?:([0-9]{2})-([0-9]{2})|([0-9]{3}))"
    r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,15})?Z?$"
)
_J2000: Final = dt.datetime(2000, 1, 1, 12)
SYSTEMS: Final = ("UTC", "TAI", "GPS", "TT")
_BEHIND_TAI_S: Final = {"TAI": 0.0, "GPS": 19.0, "TT": -32.184}
LEAPS: Final = (
    "1972-01-01", "1972-07-01", "1973-01-01", "1974-01-01", "1975-01-01", "1976-01-01", "1977-01-01",
    "1978-01-01", "1979-01-01", "1980-01-01", "1981-07-01", "1982-07-01", "1983-07-01", "1985-07-01",
    "1988-01-01", "1990-01-01", "1991-01-01", "1992-07-01", "1993-07-01", "1994-07-01", "1996-01-01",
    "1997-07-01", "1999-01-01", "2006-01-01", "2009-01-01", "2012-07-01", "2015-07-01", "2017-01-01",
)  # fmt: skip
"""Days from which TAI was one second more ahead of UTC: 10 s from the first, 37 s from the last.

Source: IERS Bulletin C. A leap second after the last is not known here."""
_FIRST_S: Final = 10.0


def seconds_utc(spelt: str, system: str) -> float | None:
    """UTC seconds since 2000-01-01 12:00, days of 86,400 s, of a moment spelt in one of `SYSTEMS`.

    Spelt as `2024-12-01T03:00:00.0` or with the day of the year, `2024-336T03:00:00`. None where it is none.
    """
    found = _SPELT.match(spelt)
    if found is None:
        return None
    day = _day(found[1], found[2], found[3], found[4])
    hour, minute, second = int(found[5]), int(found[6]), int(found[7])
    leap = 60 if system == "UTC" and (hour, minute) == (23, 59) else 59
    if day is None or hour > 23 or minute > 59 or second > leap:
        return None
    told = day + 3600.0 * hour + 60.0 * minute + second + float(found[8] or 0.0)
    if system == "UTC":
        return told
    tai = told + _BEHIND_TAI_S[system]
    return tai - ahead_s(tai)


@functools.lru_cache(maxsize=64)
def _day(year: str, month: str | None, day: str | None, of_year: str | None) -> float | None:
    try:
        if of_year is None:
            assert month is not None and day is not None
            begins = dt.datetime(int(year), int(month), int(day))
        else:
            begins = dt.datetime(int(year), 1, 1) + dt.timedelta(days=int(of_year) - 1)
            if begins.year != int(year):
                return None
    except (ValueError, OverflowError):
        return None
    return (begins - _J2000).total_seconds()


def ahead_s(tai: float) -> float:
    """By how much TAI is ahead of UTC at `tai`, s. Before 1972 it is taken as 10 s."""
    found = _FIRST_S
    for count, begins in enumerate(_leaps()):
        if tai >= begins + _FIRST_S + count:
            found = _FIRST_S + count
    return found


@functools.cache
def _leaps() -> tuple[float, ...]:
    return tuple((dt.datetime.fromisoformat(d) - _J2000).total_seconds() for d in LEAPS)
