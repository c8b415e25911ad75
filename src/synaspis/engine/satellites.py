"""Where a case's satellites are: each sensor in orbit opened into its satellites, placed in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.ephemerides import fixed_places
from synaspis.kernels import satellite, tle
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M
from synaspis.kernels.sensing import Moves
from synaspis.model import oem
from synaspis.model.orbit import Orbit, Walker, days_since_2000, instant
from synaspis.model.sensor import Infrared, Sensor

if TYPE_CHECKING:
    from synaspis.engine.world import Station

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """How one satellite moves: one of these.

    A TLE's two lines, mean elements (`kernels.satellite` columns), or its name and the text of an OEM.
    """

    tle: tuple[str, ...] = ()
    elements: tuple[float, ...] = ()
    oem: tuple[str, ...] = ()


def motions(sensor: Sensor, start: dt.datetime) -> tuple[Motion, ...]:
    """The satellites of a sensor whose place changes; none for one that stands still.

    `start` is time zero of the case. Numbers must have been checked.
    """
    if sensor.tle:
        return (Motion(tle=sensor.tle_lines),)
    if sensor.oem:
        return (Motion(oem=(sensor.name, sensor.oem)),)
    if sensor.walker is not None:
        return tuple(Motion(elements=tuple(row)) for row in _pattern(sensor.walker, start))
    return () if sensor.orbit is None else (Motion(elements=_elements(sensor.orbit, start)),)


def _age_s(epoch: str, start: dt.datetime) -> float:
    return (start - (instant(epoch) or start)).total_seconds()


def _elements(o: Orbit, start: dt.datetime) -> tuple[float, ...]:
    axis = o.semi_major_axis_m
    if axis is None:
        assert o.altitude_m is not None
        axis = EQUATORIAL_RADIUS_M + o.altitude_m
    return (
        axis, o.eccentricity, o.inclination_rad, o.raan_rad, o.argument_of_perigee_rad, o.mean_anomaly_rad,
        _age_s(o.epoch, start),
    )  # fmt: skip


def _pattern(w: Walker, start: dt.datetime) -> Floats:
    rows = satellite.walker(
        w.satellites, w.planes, w.phasing, w.altitude_m, w.inclination_rad, w.pattern == "star"
    )
    rows[:, satellite.NODE] += w.raan_rad
    rows[:, satellite.ANOMALY] += w.mean_anomaly_rad
    rows[:, satellite.AGE] = _age_s(w.epoch, start)
    return rows


def places(moving: Sequence[Motion], start: dt.datetime, seconds: Floats) -> Floats:
    """(T, M, 3) ECEF places at `seconds` (T,) after `start`; NaN where SGP4 or an OEM has none."""
    days = days_since_2000(start) + seconds / satellite.DAY_S
    out = np.empty((len(seconds), len(moving), 3))
    kepler = [i for i, m in enumerate(moving) if m.elements]
    if kepler:
        found = np.empty((len(seconds), len(kepler), 3))
        rows = np.array([moving[i].elements for i in kepler])
        satellite.fixed_positions(rows, seconds, satellite.gmst_rad(days), found)
        out[:, kepler] = found
    for i, m in enumerate(moving):
        if m.tle:
            _, place, speed = tle.teme_states(m.tle, days)
            out[:, i] = satellite.fixed_from_teme(place, speed, days)[0]
        elif m.oem:
            told, _ = oem.read(m.oem[1], m.oem[0])
            assert told is not None
            out[:, i] = fixed_places(told, days)
    return out


def is_timed(stations: Sequence[Station]) -> bool:
    """Whether what stations see depends on the time of day: satellites move, or the Sun dazzles."""
    return any(
        s.motion is not None or (isinstance(s.type, Infrared) and s.type.solar_exclusion_rad > 0.0)
        for s in stations
    )


def satellite_moves(
    stations: Sequence[Station], start: dt.datetime, launches: Floats | None, samples: int, step_s: float
) -> Moves:
    """`kernels.sensing` moves of stations for flights of `samples` launched at `launches` (U,) s.

    Without launches nothing moves.
    """
    row_of = np.full(len(stations), -1, np.int64)
    if launches is None:
        return row_of, np.zeros((0, 0, 3)), np.zeros((0, 3)), np.zeros(0)
    count = int(launches.max(initial=0.0) / step_s) + samples + 2
    seconds: Floats = step_s * np.arange(count, dtype=np.float64)
    moving = [(i, s.motion) for i, s in enumerate(stations) if s.motion is not None]
    row_of[[i for i, _ in moving]] = np.arange(len(moving))
    tracks = places([motion for _, motion in moving], start, seconds)
    sun = satellite.sun_direction(days_since_2000(start) + seconds / satellite.DAY_S)
    return row_of, tracks, sun, launches
