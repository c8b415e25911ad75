"""DIS 7: the protocol data units that an exercise has, as records.

Source: IEEE Std 1278.1-2012, clauses in the records; values from SISO-REF-010. Metres, radians, seconds,
positions from the Earth's centre (ECEF, WGS 84). A Fire PDU's velocity and range, which would tell how
something was launched, are not among its fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from synaspis.interop.dis_types import EntityType

CONSTRUCTIVE = 0b110
"""Status of a PDU whose entities a simulation moves (6.2.67, LVC indicator 3)."""
HOUR_UNITS = 2**31
MARK = "EX"

Vector = tuple[float, float, float]
ZERO: Vector = (0.0, 0.0, 0.0)


class EntityId(NamedTuple):
    """Site, application and number, each 0 to 65535; all zero is no entity."""

    site: int = 0
    application: int = 0
    number: int = 0


class Clock(NamedTuple):
    """6.2.14: hours since 1970-01-01 UTC, and a timestamp within the hour."""

    hours: int = 0
    past: int = 0


@dataclass(frozen=True, kw_only=True)
class Head:
    """What every PDU begins with: exercise 1 to 255, timestamp (see `timestamp_of`), status bits."""

    exercise: int
    timestamp: int = 0
    status: int = CONSTRUCTIVE


@dataclass(frozen=True, kw_only=True)
class EntityState:
    """Where an entity is. `parameters` are variable parameter records of 16 bytes, kept as they came."""

    head: Head
    entity: EntityId
    type: EntityType
    location: Vector
    marking: str
    force: int = 0
    alternative: EntityType = EntityType()
    velocity: Vector = ZERO
    orientation: Vector = ZERO
    appearance: int = 0
    algorithm: int = 1
    acceleration: Vector = ZERO
    spin: Vector = ZERO
    capabilities: int = 0
    parameters: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Descriptor:
    """6.2.19: a munition, and how many at what rate (a minute)."""

    type: EntityType
    warhead: int = 0
    fuse: int = 0
    quantity: int = 1
    rate: int = 0


@dataclass(frozen=True, kw_only=True)
class Fire:
    """A round leaves its launcher. No velocity and no range: see above."""

    head: Head
    shooter: EntityId
    target: EntityId
    munition: EntityId
    event: EntityId
    location: Vector
    descriptor: Descriptor
    mission: int = 0


@dataclass(frozen=True, kw_only=True)
class Detonation:
    """A round bursts or hits. `offset` is from the target's centre, in its axes."""

    head: Head
    shooter: EntityId
    target: EntityId
    munition: EntityId
    event: EntityId
    location: Vector
    descriptor: Descriptor
    velocity: Vector = ZERO
    offset: Vector = ZERO
    result: int = 0
    parameters: bytes = b""


class Target(NamedTuple):
    """What a beam follows."""

    entity: EntityId
    emitter: int = 0
    beam: int = 0


@dataclass(frozen=True, kw_only=True)
class Beam:
    """One beam. Hz, dBm, s, rad; sweep in per cent. What is not modelled stays 0."""

    number: int
    function: int = 0
    index: int = 0
    frequency_hz: float = 0.0
    frequency_range_hz: float = 0.0
    power_dbm: float = 0.0
    repetition_hz: float = 0.0
    pulse_s: float = 0.0
    azimuth_rad: float = 0.0
    azimuth_sweep_rad: float = 0.0
    elevation_rad: float = 0.0
    elevation_sweep_rad: float = 0.0
    sweep: float = 0.0
    high_density: int = 0
    status: int = 0
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Emission:
    """One radar's one system and its beams."""

    head: Head
    entity: EntityId
    event: EntityId
    name: int = 0
    function: int = 0
    number: int = 1
    update: int = 0
    offset: Vector = ZERO
    beams: tuple[Beam, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StartResume:
    """The exercise starts or goes on."""

    head: Head
    origin: EntityId
    receiver: EntityId
    real_world: Clock
    simulation: Clock
    request: int = 0


@dataclass(frozen=True, kw_only=True)
class StopFreeze:
    """The exercise stops or stands still. `reason` and `behaviour` as SISO-REF-010, UID 67 and 68."""

    head: Head
    origin: EntityId
    receiver: EntityId
    real_world: Clock
    reason: int = 0
    behaviour: int = 0
    request: int = 0


Pdu = EntityState | Fire | Detonation | Emission | StartResume | StopFreeze


def timestamp_of(past_hour_s: float, absolute: bool = False) -> int:
    """6.2.88: 31 bits of time past the hour, and whether it is absolute. Wraps at the hour."""
    return (round(past_hour_s / 3600.0 * HOUR_UNITS) % HOUR_UNITS) << 1 | absolute


def clock_of(unix_s: float) -> Clock:
    """6.2.14: a moment of Unix time (s). Its timestamp is an absolute one."""
    hours, units = divmod(round(unix_s / 3600.0 * HOUR_UNITS), HOUR_UNITS)
    return Clock(hours, units << 1 | 1)


def past_hour_s(timestamp: int) -> float:
    """Seconds past the hour of a timestamp."""
    return (timestamp >> 1) * 3600.0 / HOUR_UNITS


def marked(name: str) -> str:
    """A marking that says exercise: `EX ` and what fits of the name, eleven characters in all."""
    return f"{MARK} {''.join(c if ' ' <= c <= '~' else '?' for c in name)}"[:11]
