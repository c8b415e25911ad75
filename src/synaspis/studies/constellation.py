"""Which constellations see the whole Earth, always, with two satellites at once.

Method of M. Dahlgren and T. Karako, Getting on Track: Space and Airborne Sensors for Hypersonic Missile
Defense, CSIS, 18 December 2023: targets at 20 km altitude on a 6-degree grid; success is a day without a
gap in stereo (two satellites or more) anywhere. Only geometry counts: field of regard, and
the Earth in the way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.satellites import motions, places
from synaspis.engine.world import GEOSTATIONARY_HEIGHT_M
from synaspis.kernels import constellation
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.model.case import Case
from synaspis.model.constellation import Merits
from synaspis.model.sensor import Infrared, Sensor

Floats = NDArray[np.float64]

CELL_DEG = 6.0
TARGET_M = 20_000.0
STEP_S = 30.0
DAY_S = 86_400.0
STEREO = 2


def grid() -> tuple[Floats, Floats]:
    """Middles of the cells, (C, 3) ECEF at the targets' height, from the south; their shares of area."""
    latitude = np.radians(np.arange(-90.0 + 0.5 * CELL_DEG, 90.0, CELL_DEG))
    longitude = np.radians(np.arange(-180.0 + 0.5 * CELL_DEG, 180.0, CELL_DEG))
    lat, lon = (a.ravel() for a in np.meshgrid(latitude, longitude, indexing="ij"))
    area = np.cos(lat)
    return ecef_from_geodetic(np.stack([lat, lon, np.full(lat.shape, TARGET_M)], axis=1)), area / area.sum()


def merits_of(
    sensors: Sequence[Sensor], types: Mapping[str, Infrared], start: dt.datetime, jobs: int = 1
) -> Merits:
    """The merits of the satellites of `sensors` over the day from `start`, UTC."""
    seconds = np.arange(0.0, DAY_S, STEP_S)
    where, fields = [], []
    for s in sensors:
        found = _places(s, start, seconds)
        where.append(found)
        fields += [types[s.type].field_of_regard_rad] * found.shape[1]
    cells, area = grid()
    tally = constellation.covered(cells, np.concatenate(where, axis=1), np.array(fields), STEREO, jobs)
    mean = tally[constellation.TOTAL] / len(seconds)
    stereo = tally[constellation.ENOUGH] / len(seconds)
    rows = round(180.0 / CELL_DEG)
    return Merits(
        satellites=len(fields),
        coverage_min=int(tally[constellation.LEAST].min()),
        coverage_mean=float(area @ mean),
        persistent_stereo=bool((tally[constellation.LEAST] >= STEREO).all()),
        stereo_share=min(float(area @ stereo), 1.0),  # shares sum to 1 but for rounding
        worst_gap_s=float(tally[constellation.WORST].max()) * STEP_S,
        mean=mean.reshape(rows, -1),
        stereo=stereo.reshape(rows, -1),
    )


def _places(sensor: Sensor, start: dt.datetime, seconds: Floats) -> Floats:
    """(T, N, 3) where the satellites of one sensor are."""
    if sensor.geostationary_longitude_rad is None:
        return places(motions(sensor, start), start, seconds)
    place = np.array([[0.0, sensor.geostationary_longitude_rad, GEOSTATIONARY_HEIGHT_M]])
    return np.broadcast_to(ecef_from_geodetic(place), (len(seconds), 1, 3))


def constellations(case: Case) -> dict[str, tuple[Sensor, ...]]:
    """The constellations of a case by name, in the case's order.

    Each Walker pattern of infrared satellites is one, by the sensor's name; so are all infrared satellites
    of an owner taken together, by the owner's code, where they are more than one pattern.
    """
    orbiting = [
        s
        for s in case.file.sensors
        if s.type in case.infrareds and case.infrareds[s.type].platform == "satellite"
    ]
    found: dict[str, tuple[Sensor, ...]] = {s.name: (s,) for s in orbiting if s.walker is not None}
    for owner in dict.fromkeys(s.owner for s in orbiting):
        own = tuple(s for s in orbiting if s.owner == owner)
        if len(own) > 1 or own[0].walker is None:
            found[owner] = own
    return found


def merits(case: Case, jobs: int = 1) -> dict[str, Merits]:
    """The merits of each constellation of a case over the day from the raid's start."""
    return {
        name: merits_of(sensors, case.infrareds, case.file.starts, jobs)
        for name, sensors in constellations(case).items()
    }
