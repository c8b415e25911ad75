"""What sensors look over, as CZML: fans of radars, satellites on their ways, and the ground in their sight.

A fan reaches as far as the catalogue's reference range, between the sector's edges and the elevations of the
radar's type. A footprint is the ground that a satellite has in its line of sight and field of regard, on a
sphere. A battery's ring is its interceptor's stated range, not the area that it defends.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synaspis.interop.czml import Colour, Packet, Scene, label, trail
from synaspis.interop.telling import Telling
from synaspis.model.answers import SiteMark
from synaspis.model.shown import Orbiting

Floats = NDArray[np.float64]

SIGHT: Final[Colour] = (29, 98, 150, 26)
EDGE: Final[Colour] = (29, 98, 150, 90)
RING: Final[Colour] = (29, 98, 150, 70)
FRIEND: Final[Colour] = (29, 98, 150, 255)
MEAN_RADIUS_M: Final = 6_371_008.8
LIFTED_M: Final = 3_000.0
"""Lines on the ground are drawn so high, lest the ground hide them."""
MOST_FOOTPRINTS: Final = 40
TRAIL_S: Final = 1_200.0
_NO_WALL_M: Final = 1_000.0


def fan(s: SiteMark, low_deg: float, high_deg: float) -> Packet:
    """A radar's volume about its place: an ellipsoid's part in the frame of east, north and up."""
    radius = 1e3 * s.reach_km
    half = min(s.sector_deg, 360.0) / 2.0
    middle = 90.0 - s.facing_deg
    spread = {
        "minimumClock": math.radians(middle - half), "maximumClock": math.radians(middle + half),
        "minimumCone": math.radians(90.0 - high_deg), "maximumCone": math.radians(90.0 - low_deg),
    }  # fmt: skip
    return {
        "radii": {"cartesian": [radius] * 3}, "innerRadii": {"cartesian": [_NO_WALL_M] * 3},
        **{key: round(value, 6) for key, value in spread.items()}, "material": _material(SIGHT),
        "outline": True, "outlineColor": {"rgba": list(EDGE)}, "stackPartitions": 8, "slicePartitions": 12,
    }  # fmt: skip


def ring(s: SiteMark) -> Packet:
    """The stated range of a battery's interceptor."""
    return _outline(1e3 * s.reach_km, RING)


def _material(colour: Colour) -> Packet:
    return {"solidColor": {"color": {"rgba": list(colour)}}}


def _outline(radius_m: float | Packet, colour: Colour) -> Packet:
    return {
        "semiMajorAxis": radius_m, "semiMinorAxis": radius_m, "height": LIFTED_M, "fill": False,
        "outline": True, "outlineColor": {"rgba": list(colour)},
    }  # fmt: skip


def satellites(scene: Scene, told: Telling) -> None:
    """Each satellite on its way, with what it has in sight on the ground below."""
    scene.folder("satellites", "Satellites, and what they have in sight")
    for i, s in enumerate(told.satellites):
        still = not s.states[:, 4:].any()
        rows = s.states[:1] if still else s.states
        way = {} if still else {"path": trail(FRIEND, TRAIL_S)}
        scene.packets.append(
            {
                "id": f"satellites/{i}", "name": s.name, "parent": "satellites",
                "position": _way(scene, rows), "point": {"pixelSize": 6, "color": {"rgba": list(FRIEND)}},
                "label": label(s.name, within_m=1e8), **way,
                "properties": {"kind": "satellite", "type": s.type, "owner": s.owner, "sensor": s.sensor},
            }
        )  # fmt: skip
        if i < MOST_FOOTPRINTS:
            scene.packets.append(_footprint(scene, f"footprints/{i}", s, rows))


def _way(scene: Scene, rows: Floats) -> Packet:
    """Places that turn with the Earth, m: one that stays, or seconds and places."""
    told = rows[:, :4].round(1) + 0.0
    if len(told) == 1:
        return {"cartesian": told[0, 1:].tolist()}
    return {
        "epoch": scene.at(0.0), "cartesian": told.ravel().tolist(), "interpolationAlgorithm": "LAGRANGE",
        "interpolationDegree": 5, "forwardExtrapolationType": "HOLD", "backwardExtrapolationType": "HOLD",
    }  # fmt: skip


def _footprint(scene: Scene, name: str, s: Orbiting, rows: Floats) -> Packet:
    """The circle of ground in sight, about the point below."""
    x, y, z = rows[:, 1:4].T
    away = np.sqrt(x * x + y * y + z * z)
    below = np.stack([MEAN_RADIUS_M * x / away, MEAN_RADIUS_M * y / away, MEAN_RADIUS_M * z / away], axis=1)
    radius = sight_m(away, s.field_of_regard_deg).round(0)
    axis: float | Packet = float(radius[0])
    if len(rows) > 1:
        series = np.column_stack([rows[:, 0], radius]).ravel().tolist()
        axis = {"epoch": scene.at(0.0), "number": series, "forwardExtrapolationType": "HOLD",
                "backwardExtrapolationType": "HOLD"}  # fmt: skip
    return {
        "id": name, "name": f"in sight of {s.name}", "parent": "satellites",
        "position": _way(scene, np.column_stack([rows[:, 0], below])), "ellipse": _outline(axis, EDGE),
    }  # fmt: skip


def sight_m(away_m: Floats, field_deg: float) -> Floats:
    """Radius over the ground of what is in sight from so far from the Earth's middle, m."""
    edge = np.arcsin(np.minimum(1.0, MEAN_RADIUS_M / away_m))
    half = np.minimum(edge, math.radians(field_deg) / 2.0)
    found: Floats = MEAN_RADIUS_M * (np.arcsin(np.minimum(1.0, away_m / MEAN_RADIUS_M * np.sin(half))) - half)
    return found
