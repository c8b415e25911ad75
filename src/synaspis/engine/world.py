"""Index spaces of a case: which row of every array is which nation, sensor, battery, missile, asset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from synaspis.engine.satellites import Motion, motions, places
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.battery import Battery, Interceptor, System
from synaspis.model.case import Case
from synaspis.model.nation import Asset
from synaspis.model.sensor import Infrared, Radar, Sensor
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
    motion: Motion | None = None
    """How a satellite that does not stand still moves; its place is then that at the raid's start."""

    @property
    def site(self) -> str:
        """The name under which hosts consent to it: a battery's radar goes by the battery's name."""
        return self.name.partition("/")[0]

    @property
    def deployed(self) -> str:
        """The name under which clauses release what it sees: satellites of a pattern go by the pattern's."""
        return self.site if self.battery < 0 else self.name


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
        return self._owned.get(owner, ())

    @cached_property
    def _owned(self) -> dict[str, tuple[int, ...]]:
        owners = dict.fromkeys(s.owner for s in self.stations)
        return {n: tuple(i for i, s in enumerate(self.stations) if s.owner == n) for n in owners}


def world(case: Case, missiles: Sequence[Missile] | None = None) -> World:
    """Number everything; `missiles` other than the raid's may be given (coverage probes)."""
    stations = [station for s in case.file.sensors for station in _stations(case, s)]
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


def _stations(case: Case, s: Sensor) -> list[Station]:
    """The stations of one sensor: a Walker pattern opens into its satellites NAME/1, NAME/2, ..."""
    kind = case.radars.get(s.type) or case.infrareds[s.type]
    moving = motions(s, case.file.starts)
    one = Station(
        s.name, kind, s.owner, s.host or s.owner, *_place(s), s.facing_rad, -1, s.availability
    )  # fmt: skip
    if not moving:
        return [one]
    names = [f"{s.name}/{i}" for i in range(1, len(moving) + 1)] if s.walker is not None else [s.name]
    at = geodetic_from_ecef(places(moving, case.file.starts, np.zeros(1))[0])
    return [
        replace(one, name=name, latitude_rad=lat, longitude_rad=lon, height_m=height, motion=motion)
        for name, (lat, lon, height), motion in zip(names, at.tolist(), moving, strict=True)
    ]


def _place(s: Sensor) -> tuple[float, float, float]:
    """Latitude, longitude and height of a sensor that stands still; of another nothing is known here."""
    if s.geostationary_longitude_rad is not None:
        return 0.0, s.geostationary_longitude_rad, GEOSTATIONARY_HEIGHT_M
    return s.latitude_rad or 0.0, s.longitude_rad or 0.0, s.height_m


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
