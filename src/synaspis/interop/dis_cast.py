"""The PDUs of one exercise: its sites, missiles, shots and clock, each with its number.

What they tell is what pictures are given (`model/answers.py`): this adds no place, time or speed of its own.
Timestamps are the raid's UTC past the hour. Rounds of interceptors have no place in pictures, so they are no
entities; a Fire and what came of it have the same event number. One Fire is one salvo, of whatever number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from synaspis.interop import dis
from synaspis.interop.dis_reckoning import FPW, STATIC, angles
from synaspis.interop.dis_records import (
    ZERO,
    Beam,
    Descriptor,
    Detonation,
    Emission,
    EntityId,
    EntityState,
    Fire,
    Head,
    StartResume,
    StopFreeze,
    Vector,
    clock_of,
    marked,
    timestamp_of,
)
from synaspis.interop.dis_types import EMITTER_NAMES, munition_type, site_type
from synaspis.kernels.earth import ecef_from_geodetic, enu_axes
from synaspis.model.answers import SceneEvent, SiteMark

PORT: Final = 3000
"""The UDP port that DIS has."""
EXERCISE: Final = 1
SITE: Final = 1
NOBODY: Final = EntityId()
ALL: Final = EntityId(65_535, 65_535, 65_535)
MOST: Final = 65_533
"""Entities of one application."""
FRIENDLY, OPPOSING = 1, 2
"""Force, UID 6."""
DESTROYED, FROZEN, GONE = 3 << 3, 1 << 21, 1 << 23
"""Appearance, UID 31 and 38: damage, frozen, and deactivated (no longer in the exercise)."""
IMPACT, GROUND, NOTHING = 1, 3, 6
"""Detonation result, UID 62: it hit an entity, the ground, or came to nothing."""
RECESS, TERMINATION = 1, 2
"""Reason of a Stop/Freeze, UID 67."""
SENDS_ON: Final = 1
"""Frozen behaviour, UID 68: PDUs are sent on."""
SEARCH: Final = 1
"""Beam function, UID 78."""
STAYS_S: Final = 60.0
"""What stands still is told again so often (the standard's heartbeat)."""
EMITS_S: Final = 10.0
MOVES_S: Final = 5.0
REACH_M: Final = 500.0
"""A missile is told again where it is farther than this from where dead reckoning has it, or after `MOVES_S`.
"""
SHOTS: Final = {"fired", "hit", "missed", "landed"}
"""Kinds of event that have a PDU."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """A missile at a moment: degrees, m; ECEF m/s. `appearance` as above."""

    name: str
    type: str
    place: Vector
    velocity: Vector = ZERO
    appearance: int = 0


class Cast:
    """Gives numbers as things are first told, so the same telling has the same numbers."""

    def __init__(self, starts: dt.datetime, sites: Sequence[SiteMark], exercise: int = EXERCISE) -> None:
        """`starts`: UTC of the raid's second 0."""
        self._starts_s = starts.replace(tzinfo=dt.UTC).timestamp()
        self._exercise = exercise
        self._numbers: dict[tuple[str, str], EntityId] = {}
        self._missiles: dict[str, int] = {}
        self._events = 0
        self._under_way: dict[tuple[str, str], list[EntityId]] = {}
        self._fires: dict[str, str] = {}
        self.arm(sites)

    def arm(self, sites: Sequence[SiteMark]) -> None:
        """What batteries there are, and so what they fire."""
        self._fires = {s.name: s.type for s in sites if s.kind == "battery"}

    def unix_s(self, time_s: float) -> float:
        """Unix time of a second of the raid."""
        return self._starts_s + time_s

    def begins(self, time_s: float, real_s: float | None = None) -> bytes:
        """The exercise starts or goes on at a second of the raid; `real_s` is the world's Unix time then."""
        now_s = self.unix_s(time_s)
        return dis.encode(
            StartResume(
                head=self._head(time_s), origin=EntityId(SITE, 1, 0), receiver=ALL,
                real_world=clock_of(now_s if real_s is None else real_s), simulation=clock_of(now_s),
            )
        )  # fmt: skip

    def stands(self, time_s: float, reason: int, real_s: float | None = None) -> bytes:
        """The exercise stands still or is over."""
        real_world = clock_of(self.unix_s(time_s) if real_s is None else real_s)
        return dis.encode(
            StopFreeze(
                head=self._head(time_s), origin=EntityId(SITE, 1, 0), receiver=ALL, real_world=real_world,
                reason=reason, behaviour=SENDS_ON if reason == RECESS else 0,
            )
        )  # fmt: skip

    def site(self, s: SiteMark, time_s: float) -> bytes:
        """Where a site stands, and which way it faces."""
        place = np.radians([[s.latitude_deg, s.longitude_deg, 0.0]])
        east, north, up = enu_axes(place)[0]
        facing = math.radians(s.facing_deg)
        ahead = math.cos(facing) * north + math.sin(facing) * east
        turned = angles(np.array([ahead, np.cross(-up, ahead), -up]))
        return dis.encode(
            EntityState(
                head=self._head(time_s), entity=self._number("site", s.name), force=FRIENDLY,
                type=site_type(s.kind, s.type, s.domain), location=ecef(place), marking=marked(s.name),
                orientation=tuple(turned.tolist()), algorithm=STATIC,
            )
        )  # fmt: skip

    def radar(self, s: SiteMark, time_s: float) -> bytes:
        """That a radar searches its sector: of its beam the pictures have no more."""
        beam = Beam(number=1, function=SEARCH, azimuth_sweep_rad=math.radians(s.sector_deg) / 2.0)
        return dis.encode(
            Emission(
                head=self._head(time_s), entity=self._number("site", s.name), event=self._event(),
                name=EMITTER_NAMES.get(s.type, 0), beams=(beam,),
            )
        )  # fmt: skip

    def missile(self, b: Body, time_s: float) -> bytes:
        """Where a missile is, and how it goes on."""
        return dis.encode(
            EntityState(
                head=self._head(time_s), entity=self._number("missile", b.name), force=OPPOSING,
                type=munition_type(b.type), location=b.place, velocity=b.velocity, appearance=b.appearance,
                marking=marked(f"M{self.row(b.name)} {b.type}"),
                algorithm=STATIC if b.velocity == ZERO else FPW,
            )
        )  # fmt: skip

    def event(self, e: SceneEvent, type: str, time_s: float | None = None) -> bytes:
        """A shot, what came of it, or a landing, told at `time_s`; `type` is the missile's class."""
        head = self._head(e.time_s if time_s is None else time_s)
        threat = self._number("missile", e.threat)
        there = np.radians([[e.latitude_deg, e.longitude_deg, 0.0]])
        there[0, 2] = 1e3 * e.height_km
        place = ecef(there)
        if e.kind == "landed":
            return dis.encode(
                Detonation(
                    head=head, shooter=NOBODY, target=NOBODY, munition=threat, event=self._event(),
                    location=place, descriptor=Descriptor(type=munition_type(type)), result=GROUND,
                )
            )  # fmt: skip
        under_way = self._under_way.setdefault((e.who, e.threat), [])
        shooter = self._number("site", e.who)
        shot = Descriptor(type=munition_type(self._fires.get(e.who, "")))
        if e.kind == "fired":
            under_way.append(self._event())
            return dis.encode(
                Fire(
                    head=head, shooter=shooter, target=threat, munition=NOBODY, event=under_way[-1],
                    location=place, descriptor=shot,
                )
            )  # fmt: skip
        return dis.encode(
            Detonation(
                head=head, shooter=shooter, target=threat, munition=NOBODY, location=place, descriptor=shot,
                event=under_way.pop(0) if under_way else self._event(),
                result=IMPACT if e.kind == "hit" else NOTHING,
            )
        )  # fmt: skip

    def _head(self, time_s: float) -> Head:
        return Head(exercise=self._exercise, timestamp=timestamp_of(self.unix_s(time_s) % 3600.0))

    def row(self, missile: str) -> int:
        """Missiles count from 1 as they are asked for: their names are longer than a marking."""
        return self._missiles.setdefault(missile, len(self._missiles) + 1)

    def _number(self, what: str, name: str) -> EntityId:
        found = self._numbers.get((what, name))
        if found is None:
            application, number = divmod(len(self._numbers), MOST)
            found = self._numbers[what, name] = EntityId(SITE, 1 + application, 1 + number)
        return found

    def _event(self) -> EntityId:
        self._events = self._events % MOST + 1
        return EntityId(SITE, 1, self._events)


def ecef(geodetic: np.ndarray) -> Vector:  # type: ignore[type-arg]
    """(1, 3) rad, rad, m as a place from the Earth's centre."""
    x, y, z = ecef_from_geodetic(geodetic)[0].tolist()
    return x, y, z


def off_m(one: Sequence[float], velocity: Sequence[float], after_s: float, other: Sequence[float]) -> float:
    """How far `other` is from where dead reckoning takes `one`."""
    return math.dist(other, [a + v * after_s for a, v in zip(one, velocity, strict=True)])
