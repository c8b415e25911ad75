"""Stations that face away from the raid: what they could see, or shoot at, never comes into their sector.

A slip that a case shows nowhere else: such a battery fires nothing, and nobody is told why. Places on the
raid's straight ways over a round Earth say enough for a warning.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from synaspis.model.battery import Battery
from synaspis.model.case import Case, CaseFile
from synaspis.model.sensor import Radar, Sensor
from synaspis.sharing.idle import Idle

EARTH_M = 6_371_000.0
STEPS = 32
"""Places on each leg of a way."""
LAST_M = (80e3, 60e3, 45e3, 30e3, 20e3, 10e3)
"""And these before its end, where a short-range battery has what it meets."""
NEAR_M = 5_000.0
"""Nearer than this a missile is on no side of a station."""
SLACK_RAD = math.radians(5.0)
"""A sector that is missed by less is not spoken of: ways in the air are not quite those on the ground."""

Vector = tuple[float, float, float]


def turned_away(case: Case) -> Iterator[Idle]:
    """Radars and batteries with a sector that none of the raid comes into, though some comes into reach."""
    ways = _ways(case.file)
    for battery in case.file.batteries:
        system = case.systems[battery.system]
        radar = case.radars.get(system.radar)
        if radar:
            reach_m = case.interceptors[system.interceptor].range_m
            yield from _missed(battery, radar, reach_m, ways)
    for sensor in case.file.sensors:
        radar = case.radars.get(sensor.type)
        if radar:
            yield from _missed(sensor, radar, radar.instrumented_range_m, ways)


def _missed(station: Battery | Sensor, radar: Radar, reach_m: float, ways: list[Vector]) -> Iterator[Idle]:
    """The station, where some of the raid comes within what it sees and reaches, and none into its sector."""
    latitude, longitude = station.latitude_rad, station.longitude_rad
    half, seen_m = 0.5 * radar.sector_rad + SLACK_RAD, radar.instrumented_range_m
    if latitude is None or longitude is None or half >= math.pi:
        return
    here, east, north = _unit(latitude, longitude), 0.0, 0.0
    farthest, nearest = (math.cos(min(math.pi, far_m / EARTH_M)) for far_m in (seen_m, NEAR_M))
    reached = math.cos(min(math.pi, reach_m / EARTH_M))
    for there in ways:
        cosine = here[0] * there[0] + here[1] * there[1] + here[2] * there[2]
        if not farthest <= cosine <= nearest:
            continue
        bearing = _bearing(latitude, longitude, there)
        off = abs(math.remainder(bearing - station.facing_rad, 2.0 * math.pi))
        if off <= half:
            return
        if cosine >= reached:
            east, north = east + math.sin(bearing), north + math.cos(bearing)
    if east or north:
        faces, comes = (round(math.degrees(a)) % 360 for a in (station.facing_rad, math.atan2(east, north)))
        what = (
            f"`{station.name}` faces {faces} degrees with a sector of {math.degrees(radar.sector_rad):.0f}: "
            "some of the raid comes within its reach, and none into its sector"
        )
        yield Idle(
            station, what, f"turn it towards {comes} degrees or so, if it is to take part", "facing_rad"
        )


def _ways(file: CaseFile) -> list[Vector]:
    """Places along the ways of the raid, each way once."""
    starts = {area.name: area for area in file.launch_areas}
    assets = {asset.name: asset for asset in file.assets}
    legs = dict[tuple[Vector, Vector], None]()
    for row in file.raid:
        end = assets[row.target] if row.target else row.open_ground
        stops = [starts[row.launch], *row.via, end]
        places = [_unit(p.latitude_rad, p.longitude_rad) for p in stops if p is not None]
        legs |= dict.fromkeys(pairwise(places))
    return [_between(a, b, share) for a, b in legs for share in _shares(a, b)]


def _shares(one: Vector, other: Vector) -> list[float]:
    """How far along a leg it is looked at: evenly, and closely near its end."""
    length_m = EARTH_M * _angle(one, other)
    return [i / STEPS for i in range(STEPS)] + [1.0 - m / length_m for m in LAST_M if m < length_m]


def _unit(latitude: float, longitude: float) -> Vector:
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)


def _between(one: Vector, other: Vector, share: float) -> Vector:
    """On the great circle from `one` to `other`."""
    angle = _angle(one, other)
    if angle < 1e-9:
        return one
    p, q = (math.sin(part * angle) / math.sin(angle) for part in (1.0 - share, share))
    return p * one[0] + q * other[0], p * one[1] + q * other[1], p * one[2] + q * other[2]


def _angle(one: Vector, other: Vector) -> float:
    return math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(one, other, strict=True)))))


def _bearing(latitude: float, longitude: float, there: Vector) -> float:
    """The azimuth (rad, from north) at which a place is seen from another."""
    east = -math.sin(longitude) * there[0] + math.cos(longitude) * there[1]
    inward = math.cos(longitude) * there[0] + math.sin(longitude) * there[1]
    return math.atan2(east, math.cos(latitude) * there[2] - math.sin(latitude) * inward)
