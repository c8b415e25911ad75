"""Where a case's satellites are during its raid, with their velocities."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.satellites import places
from synaspis.engine.world import Station, World
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.model.sensor import Infrared
from synaspis.model.shown import Orbiting

Floats = NDArray[np.float64]

STEP_S = 60.0
LEAST = 8
"""States to interpolate between, however short the raid."""
_HALF_S = 0.5


def satellites(w: World, until_s: float) -> tuple[Orbiting, ...]:
    """Every satellite of the case from second 0 to `until_s`; those of a pattern one by one."""
    orbiting = [s for s in w.stations if isinstance(s.type, Infrared) and s.type.platform == "satellite"]
    if not orbiting:
        return ()
    until_s = max(until_s, (LEAST - 1) * 1.0)
    grid = np.linspace(0.0, until_s, max(LEAST, math.ceil(until_s / STEP_S) + 1))
    seconds = np.floor(1e3 * grid) / 1e3  # formats tell milliseconds
    found = _states(orbiting, w.case.file.starts, seconds)
    return tuple(
        Orbiting(
            name=s.name, sensor=s.deployed, type=s.type.name, owner=s.owner,
            field_of_regard_deg=_field_deg(s),
            states=np.column_stack([seconds, found[:, i]])[np.isfinite(found[:, i]).all(axis=1)],
        )
        for i, s in enumerate(orbiting)
    )  # fmt: skip


def _field_deg(s: Station) -> float:
    assert isinstance(s.type, Infrared)
    return math.degrees(s.type.field_of_regard_rad)


def _states(orbiting: list[Station], start: dt.datetime, seconds: Floats) -> Floats:
    """(T, N, 6) ECEF. Velocities by the parabola through places half a second apart, within a mm/s."""
    out = np.zeros((len(seconds), len(orbiting), 6))
    moving = [(i, s.motion) for i, s in enumerate(orbiting) if s.motion is not None]
    rows = [i for i, _ in moving]
    still = [s for s in orbiting if s.motion is None]
    at = np.array([[s.latitude_rad, s.longitude_rad, s.height_m] for s in still]).reshape(-1, 3)
    out[:, [i for i, s in enumerate(orbiting) if s.motion is None], :3] = ecef_from_geodetic(at)
    if not moving:
        return out
    middle = np.clip(seconds, _HALF_S, seconds[-1] - _HALF_S)
    motions = [m for _, m in moving]
    before, now, after = (places(motions, start, middle + by) for by in (-_HALF_S, 0.0, _HALF_S))
    aside = (seconds - middle)[:, None, None]
    slope, bend = (after - before) / (2.0 * _HALF_S), (after - 2.0 * now + before) / _HALF_S**2
    out[:, rows, :3] = places(motions, start, seconds)
    out[:, rows, 3:] = slope + aside * bend
    return out


def elevations(w: World) -> dict[str, tuple[float, float]]:
    """Lowest and highest elevation at which each radar of its own sees, degrees, by the sensor's name."""
    return {
        s.name: (math.degrees(s.type.minimum_elevation_rad), math.degrees(s.type.maximum_elevation_rad))
        for s in w.stations
        if s.battery < 0 and not isinstance(s.type, Infrared)
    }
