"""Index spaces of a case: which row of every array is which nation, sensor, battery, missile, asset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synaspis.model.battery import Battery, Interceptor, System
from synaspis.model.case import Case
from synaspis.model.nation import Asset
from synaspis.model.sensor import Infrared, Radar
from synaspis.model.threat import Firing, LaunchArea, Objects, Threat

GEOSTATIONARY_HEIGHT_M = 35_786_000.0
"""Height of the geostationary orbit above the WGS84 equator."""


@dataclass(frozen=True)
class Station:
    """A working sensor at a place: deployed by itself, or a battery's own radar."""

    name: str
    type: Radar | Infrared
    owner: str
    host: str
    latitude_rad: float
    longitude_rad: float
    height_m: float
    facing_rad: float
    battery: int
    availability: float = 1.0

    @property
    def site(self) -> str:
        """The name under which hosts consent to it: a battery's radar goes by the battery's name."""
        return self.name.removesuffix("/radar")


@dataclass(frozen=True)
class Missile:
    """One missile: its class, where from, at which asset (-1: at open ground), and when.

    `aim` is (latitude rad, longitude rad, height m); `objects` fly with it and are no warhead. `via` are
    the waypoints of a cruise missile, (latitude rad, longitude rad).
    """

    name: str
    threat: Threat
    launch: LaunchArea
    target: int
    aim: tuple[float, float, float]
    launch_s: float
    shape: str
    objects: Objects = Objects()
    via: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Fielded:
    """A battery with its catalogue types and its own radar's row among the stations."""

    battery: Battery
    system: System
    interceptor: Interceptor
    rounds: int
    radar: int


@dataclass(frozen=True)
class World:
    """The case with every row numbered. `nations` also holds owners of sensors and batteries only."""

    case: Case
    nations: tuple[str, ...]
    stations: tuple[Station, ...]
    batteries: tuple[Fielded, ...]
    assets: tuple[Asset, ...]
    missiles: tuple[Missile, ...]

    def nation(self, code: str) -> int:
        return self.nations.index(code)

    def stations_of(self, owner: str) -> tuple[int, ...]:
        return tuple(i for i, s in enumerate(self.stations) if s.owner == owner)


def world(case: Case, missiles: Sequence[Missile] | None = None) -> World:
    """Number everything; `missiles` other than the raid's may be given (coverage probes)."""
    stations = [_station(case, s.name) for s in case.file.sensors]
    batteries = []
    for row, b in enumerate(case.file.batteries):
        system = case.systems[b.system]
        batteries.append(
            Fielded(
                b,
                system,
                case.interceptors[system.interceptor],
                system.rounds if b.rounds is None else b.rounds,
                len(stations),
            )
        )
        stations.append(
            Station(
                f"{b.name}/radar",
                case.radars[system.radar],
                b.owner,
                b.host or b.owner,
                b.latitude_rad,
                b.longitude_rad,
                b.height_m,
                b.facing_rad,
                row,
            )
        )
    return World(
        case,
        tuple(n.code for n in case.file.nations),
        tuple(stations),
        tuple(batteries),
        case.file.assets,
        tuple(missiles) if missiles is not None else raid(case),
    )


def _station(case: Case, name: str) -> Station:
    s = next(s for s in case.file.sensors if s.name == name)
    kind = case.radars.get(s.type) or case.infrareds[s.type]
    longitude = s.longitude_rad
    latitude, height = s.latitude_rad, s.height_m
    if s.geostationary_longitude_rad is not None:
        latitude, longitude, height = 0.0, s.geostationary_longitude_rad, GEOSTATIONARY_HEIGHT_M
    assert latitude is not None and longitude is not None
    return Station(
        s.name,
        kind,
        s.owner,
        s.host or s.owner,
        latitude,
        longitude,
        height,
        s.facing_rad,
        -1,
        s.availability,
    )


def raid(case: Case) -> tuple[Missile, ...]:
    """The raid's rows opened into single missiles, numbered within (class, area, target)."""
    areas = {a.name: a for a in case.file.launch_areas}
    rows = {a.name: i for i, a in enumerate(case.file.assets)}
    seen: dict[tuple[str, str, str], int] = {}
    found = []
    for firing in case.file.raid:
        for i in range(firing.count):
            key = (firing.threat, firing.launch, firing.target)
            seen[key] = seen.get(key, 0) + 1
            target = rows.get(firing.target, -1)
            aim = case.file.assets[target] if target >= 0 else firing.open_ground
            assert aim is not None
            found.append(
                Missile(
                    missile_name(firing, seen[key]),
                    case.threats[firing.threat],
                    areas[firing.launch],
                    target,
                    (aim.latitude_rad, aim.longitude_rad, 0.0),
                    firing.start_s + i * firing.interval_s,
                    firing.shape,
                    firing.objects,
                    tuple((p.latitude_rad, p.longitude_rad) for p in firing.via),
                )
            )
    return tuple(found)


def missile_name(firing: Firing, number: int) -> str:
    """`mrbm-2000 to Bucharest #2 (Tabriz area)`: names dice and rows of tables."""
    return f"{firing.threat} to {firing.target or 'open ground'} #{number} ({firing.launch})"
