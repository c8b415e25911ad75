"""A drill as DIS while it is played: the PDUs of each moment.

PDUs have the raid's time; heartbeats go by the wall clock. At another speed than 1 a viewer that reckons by
its own clock is corrected with every PDU. A missile has no velocity before its highest point: what flies now
shows where it is, not how its burning ends.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np

from synaspis.interop.dis_cast import (
    DESTROYED,
    EMITS_S,
    FROZEN,
    GONE,
    MOVES_S,
    REACH_M,
    RECESS,
    SHOTS,
    STAYS_S,
    TERMINATION,
    Body,
    Cast,
    ecef,
    off_m,
)
from synaspis.interop.dis_records import ZERO, Vector
from synaspis.interop.dis_trial import stands
from synaspis.interop.live import OVER, RUNNING, Drill, Flying, Moment
from synaspis.model.answers import SceneEvent

BASE_S: Final = 4.0
"""Speeds are differences of places so far apart in time: those that are told are rounded."""


class _Told:
    """What was told of a missile last, and where it lately was."""

    def __init__(self, type: str) -> None:
        self.type = type
        self.lately: deque[tuple[float, Vector]] = deque()
        self.velocity: Vector = ZERO
        self.place: Vector = ZERO
        self.time_s = self.real_s = -math.inf
        self.appearance = 0
        self.height_m = -math.inf
        self.falls = False


class DisFeed:
    """The `Feed` of DIS. A drill that steps back is told as one that stood still and goes on earlier."""

    def __init__(self, drill: Drill) -> None:
        self._cast = Cast(drill.starts, ())
        self._clock: tuple[str, float] | None = None
        self._time_s = 0.0
        self._stay_s = self._emit_s = -math.inf
        self._told: dict[str, _Told] = {}
        self._known: set[SceneEvent] = set()

    def datagrams(self, moment: Moment, real_s: float) -> list[bytes]:
        """The PDUs that are due; none after the end. What happened before the first moment is not told."""
        m, found = moment, list[bytes]()
        if m.state == OVER and self._clock is not None and self._clock[0] == OVER:
            return found
        if self._clock is None:
            self._known.update(m.events)
        elif m.time_s < self._time_s:
            found += self._back(m)
        self._time_s = m.time_s
        self._cast.arm(m.sites)
        changed = (m.state, m.speed) != self._clock
        self._clock = m.state, m.speed
        if changed and m.state == RUNNING:
            found.append(self._cast.begins(m.time_s, real_s))
        found += self._standing(m, real_s)
        found += self._happened(m)
        for missile in m.flying.values():
            found += self._flies(missile, m, real_s)
        found += [self._gone(name, m) for name in list(self._told) if name not in m.flying]
        if changed and m.state != RUNNING:
            reason = TERMINATION if m.state == OVER else RECESS
            found.append(self._cast.stands(m.time_s, reason, real_s))
        return found

    def _back(self, m: Moment) -> list[bytes]:
        """The drill has stepped back: what flew is as it was, and what had happened has not."""
        found = [self._gone(name, m) for name in list(self._told)]
        self._known = set(m.events)
        self._clock, self._stay_s = ("", 0.0), -math.inf
        return found

    def _standing(self, m: Moment, real_s: float) -> list[bytes]:
        found: list[bytes] = []
        sites = [s for s in m.sites if stands(s)]
        if sites and real_s - self._stay_s >= STAYS_S:
            self._stay_s = real_s
            found += [self._cast.site(s, m.time_s) for s in sites]
        if sites and m.state == RUNNING and real_s - self._emit_s >= EMITS_S:
            self._emit_s = real_s
            found += [self._cast.radar(s, m.time_s) for s in sites if s.kind == "radar"]
        return found

    def _happened(self, m: Moment) -> list[bytes]:
        new = [e for e in m.events if e not in self._known and e.kind in SHOTS]
        self._known.update(new)
        types = {e.threat: self._told[e.threat].type if e.threat in self._told else "" for e in new}
        return [self._cast.event(e, types[e.threat]) for e in new]

    def _flies(self, missile: Flying, m: Moment, real_s: float) -> list[bytes]:
        told = self._told.setdefault(missile.name, _Told(missile.type))
        rad = np.radians([[missile.latitude_deg, missile.longitude_deg, 0.0]])
        rad[0, 2] = missile.height_m
        place = ecef(rad)
        velocity = _velocity(told.lately, m.time_s, place)
        told.falls = told.falls or missile.height_m < told.height_m
        told.height_m = missile.height_m
        if not told.falls:
            velocity = ZERO
        appearance = 0
        if m.state != RUNNING:
            velocity, appearance = ZERO, FROZEN
        after_s = m.time_s - told.time_s
        if (
            appearance == told.appearance
            and real_s - told.real_s < MOVES_S
            and off_m(told.place, told.velocity, after_s, place) <= REACH_M
        ):
            return []
        told.place, told.velocity, told.appearance = place, velocity, appearance
        told.time_s, told.real_s = m.time_s, real_s
        body = Body(
            name=missile.name, type=missile.type, place=place, velocity=velocity, appearance=appearance
        )
        return [self._cast.missile(body, m.time_s)]

    def _gone(self, name: str, m: Moment) -> bytes:
        """A missile is no more, where it was last seen."""
        told = self._told.pop(name)
        place = told.lately[-1][1] if told.lately else told.place
        look = GONE | DESTROYED if m.ended.get(name) == "down" else GONE
        return self._cast.missile(Body(name=name, type=told.type, place=place, appearance=look), m.time_s)


def _velocity(lately: deque[tuple[float, Vector]], time_s: float, place: Vector) -> Vector:
    """Over the last few seconds, which are kept; zero at first sight."""
    if not lately or time_s > lately[-1][0]:
        lately.append((time_s, place))
    while len(lately) > 2 and lately[1][0] <= time_s - BASE_S:
        lately.popleft()
    since_s = time_s - lately[0][0]
    if since_s <= 0.0:
        return ZERO
    x, y, z = ((b - a) / since_s for a, b in zip(lately[0][1], place, strict=True))
    return x, y, z
