"""Where sensors stand or fly: one place each, of the kind that their type needs, in orbits that hold.

Every check notes its problems and goes on. Fields that could not be read are empty and were reported already.
"""

from __future__ import annotations

import datetime as dt
import math

from synaspis.files import ephemerides, words
from synaspis.files.catalog import Catalog
from synaspis.files.reader import Reader
from synaspis.model.case import CaseFile
from synaspis.model.orbit import Orbit, Walker, days_since_2000, instant, time_of_day
from synaspis.model.sensor import Infrared, Radar, Sensor

EARTH_RADIUS_M = 6_378_137.0
"""Equatorial radius (WGS84), from which heights of orbits are reckoned."""
LOWEST_ORBIT_M = 120_000.0
"""Below this a satellite comes down within a turn."""
HIGHEST_GROUND_M = 9_000.0
MOST_YEARS = 10.0
"""Elements older than this say nothing of where a satellite is; those of a TLE hold for weeks."""
MOST_SATELLITES = 1000
YEAR_DAYS = 365.25

_SPACE = {
    "geostationary_longitude_rad": "geostationary_longitude_deg",
    "orbit": "orbit",
    "tle": "tle",
    "walker": "walker",
    "oem": "oem",
}
"""The ways to place a satellite: field and key."""


def check_sensors(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """Places of all sensors, and the time of day at which the raid starts."""
    if file.start_utc and time_of_day(file.start_utc) is None:
        what = f"`start_utc` is `{words.shown(file.start_utc)}`, not a time of day"
        reader.say(reader.node(file, "start_utc"), what, 'give hours and minutes, UTC, as "03:00"')
    satellites = 0
    for sensor in file.sensors:
        _place(reader, sensor, catalog)
        if sensor.orbit is not None:
            _orbit(reader, sensor.orbit, file)
        if sensor.walker is not None:
            _walker(reader, sensor.walker, file)
            before, satellites = satellites, satellites + sensor.walker.satellites
            if before <= MOST_SATELLITES < satellites:
                what = f"the patterns pass {MOST_SATELLITES} satellites here"
                reader.say(reader.node(sensor, "walker"), what, f"give at most {MOST_SATELLITES} in all")
        if sensor.tle:
            _tle(reader, sensor, file)
        if sensor.oem:
            ephemerides.check_oem(reader, sensor)


def _place(reader: Reader, sensor: Sensor, catalog: Catalog) -> None:
    item = catalog.items.get(sensor.type)
    kind = item.noun if item is not None else None
    ground = sensor.latitude_rad is not None or sensor.longitude_rad is not None
    space = [name for name in _SPACE if getattr(sensor, name) not in (None, (), "")]
    orbiting = isinstance(kind, Infrared) and kind.platform == "satellite"
    if ground and space:
        what = "geostationary" if space[0].startswith("geo") else "in orbit"
        reader.say(
            reader.node(sensor, space[0]),
            f"`{sensor.name}` is both on the ground and {what}",
            "give one of the two places",
        )
    elif len(space) > 1:
        one, other = (_SPACE[name] for name in space[:2])
        reader.say(
            reader.node(sensor, space[1]),
            f"`{sensor.name}` has two places: `{one}` and `{other}`",
            "give one of the two",
        )
    elif space and kind is not None and not orbiting:
        called = "a radar" if isinstance(kind, Radar) else "an aircraft"
        reader.say(
            reader.node(sensor, space[0]),
            f"`{sensor.type}` is {called}, not a satellite",
            "give latitude_deg and longitude_deg",
        )
    elif ground and orbiting:
        reader.say(
            reader.node(sensor, "latitude_rad"),
            f"`{sensor.type}` is a satellite, not a ground radar",
            "give geostationary_longitude_deg, orbit, tle, oem or walker alone",
        )
    elif not ground and not space:
        ways = ["latitude_deg and longitude_deg", "geostationary_longitude_deg, orbit, tle, oem or walker"]
        wanted = ways if kind is None else ways[orbiting : orbiting + 1]
        mend = "give " + ", or ".join(wanted)
        reader.say(reader.node(sensor), f"`{sensor.name}` has no place", mend)
    elif ground:
        _ground(reader, sensor, kind)


def _ground(reader: Reader, sensor: Sensor, kind: object) -> None:
    if sensor.latitude_rad is None or sensor.longitude_rad is None:
        missing = "latitude_deg" if sensor.latitude_rad is None else "longitude_deg"
        reader.say(reader.node(sensor), f"`{sensor.name}` has no {missing}", f"add {missing}")
    elif isinstance(kind, Radar) and sensor.height_m > HIGHEST_GROUND_M:
        what = f"the radar `{sensor.name}` stands {sensor.height_m:,.0f} m high"
        mend = f"give at most {HIGHEST_GROUND_M:,.0f} m; only an aircraft flies higher"
        reader.say(reader.node(sensor, "height_m"), what, mend)


def _orbit(reader: Reader, orbit: Orbit, file: CaseFile) -> None:
    axis, height = orbit.semi_major_axis_m, orbit.altitude_m
    if any(size is not None and math.isnan(size) for size in (axis, height)):
        return
    if (axis is None) == (height is None):
        what = "an orbit has no size" if axis is None else "an orbit has two sizes"
        reader.say(reader.node(orbit), what, "give either semi_major_axis_km or altitude_km")
    else:
        size = axis if axis is not None else EARTH_RADIUS_M + (height or 0.0)
        perigee = size * (1.0 - orbit.eccentricity) - EARTH_RADIUS_M
        if perigee < LOWEST_ORBIT_M:
            name = "semi_major_axis_m" if axis is not None else "altitude_m"
            _low(reader, orbit, name, perigee)
    _epoch(reader, orbit, file)


def _low(reader: Reader, orbit: Orbit, name: str, perigee_m: float) -> None:
    if perigee_m < 0.0:
        what = f"the satellite passes {-perigee_m / 1000:,.0f} km inside the Earth at its perigee"
    else:
        what = f"the perigee is {perigee_m / 1000:,.0f} km high: the satellite has decayed"
    mend = f"give a larger or rounder orbit: a perigee of {LOWEST_ORBIT_M / 1000:,.0f} km or more"
    reader.say(reader.node(orbit, name), what, mend)


def _walker(reader: Reader, walker: Walker, file: CaseFile) -> None:
    if walker.planes and walker.satellites % walker.planes:
        what = f"{walker.satellites} satellites do not fill {walker.planes} planes equally"
        reader.say(reader.node(walker, "planes"), what, "give a divisor of the number of satellites")
    elif walker.planes and walker.phasing >= walker.planes:
        what = f"`phasing` is {walker.phasing}, with {walker.planes} planes"
        reader.say(reader.node(walker, "phasing"), what, f"give 0 to {walker.planes - 1}")
    _epoch(reader, walker, file)


def _epoch(reader: Reader, of: Orbit | Walker, file: CaseFile) -> None:
    if not of.epoch:
        return
    moment = instant(of.epoch)
    if moment is None:
        what = f"`epoch` is `{words.shown(of.epoch)}`, not a moment"
        reader.say(reader.node(of, "epoch"), what, "give 2024-12-01 or 2024-12-01T03:00, UTC")
    elif isinstance(file.date, dt.date):
        _age(reader, of, "epoch", (file.starts - moment).total_seconds() / 86_400.0, file)


def _age(reader: Reader, noun: object, name: str, days: float, file: CaseFile) -> None:
    years = days / YEAR_DAYS
    if abs(years) > MOST_YEARS:
        side = "before" if years > 0.0 else "after"
        what = f"these elements hold {abs(years):,.0f} years {side} the case's date, {file.date}"
        reader.say(reader.node(noun, name), what, f"give elements within {MOST_YEARS:.0f} years of it")


def _tle(reader: Reader, sensor: Sensor, file: CaseFile) -> None:
    # SGP4 is loaded only where a case gives a TLE.
    import numpy as np

    from synaspis.kernels import tle

    lines = sensor.tle_lines
    found = tle.faults(lines)
    for line, what, mend in found:
        reader.say(reader.node(sensor, "tle", line if len(sensor.tle) == len(lines) else None), what, mend)
    if found or not isinstance(file.date, dt.date):
        return
    before = len(reader.problems)
    start = days_since_2000(file.starts)
    _age(reader, sensor, "tle", start - tle.epoch_days(lines), file)
    perigee_m = tle.perigee_m(lines)
    code = int(tle.teme_states(lines, np.array([start]))[0][0])
    if math.isnan(perigee_m) or perigee_m < 0.0:
        what = f"the satellite passes {-perigee_m / 1000:,.0f} km inside the Earth at its perigee"
    elif code:
        what = f"on {file.date} SGP4 finds no orbit: {tle.WRONG.get(code, 'the elements are wrong')}"
    else:
        return
    if len(reader.problems) == before:
        reader.say(
            reader.node(sensor, "tle"),
            what,
            "give elements nearer to the case's date, of a satellite in orbit",
        )
