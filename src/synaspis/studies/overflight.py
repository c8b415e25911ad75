"""Which nations lie under a ground track, in order, and where.

The map is drawn for the scale of 1:50 million: a border may be some kilometres off. Borders and disputed
areas are those it draws. Only land counts: territorial seas are no part of its areas.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.under import areas
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.model.answers import Stretch
from synaspis.model.borders import Borders

Floats = NDArray[np.float64]

_HALVINGS = 12


def on_land(borders: Borders, places: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    """(N,) which of the places (latitude, longitude; degrees) lie in an area of the map."""
    return areas(borders, np.array(places, np.float64)) >= 0


def stretches(borders: Borders, track: Floats) -> tuple[Stretch, ...]:
    """The parts of `track` (N, 4: time s, latitude deg, longitude deg, altitude km) over land, in order.

    Points should lie close together (1 km): what is narrower than their spacing may be missed. Crossings
    are found to a small fraction of it.
    """
    over = areas(borders, track[:, 1:3])
    changes = np.flatnonzero(over[1:] != over[:-1])
    crossings = _crossings(borders, track, over, changes)
    cuts = np.concatenate([track[:1], crossings, track[-1:]])
    owners = over[np.append(changes, len(over) - 1)]
    found = []
    for i, area in enumerate(owners):
        if area >= 0:
            inside = track[(track[:, 0] > cuts[i, 0]) & (track[:, 0] < cuts[i + 1, 0])]
            part = np.concatenate([cuts[i : i + 1], inside, cuts[i + 1 : i + 2]])
            found.append(
                Stretch(
                    nation=borders.codes[area],
                    name=borders.names[area],
                    from_s=float(part[0, 0]),
                    to_s=float(part[-1, 0]),
                    length_km=length_km(part),
                    lowest_km=max(0.0, float(part[:, 3].min())),
                    highest_km=float(part[:, 3].max()),
                )
            )
    return tuple(found)


def _crossings(borders: Borders, track: Floats, over: NDArray[np.int32], changes: NDArray[np.intp]) -> Floats:
    """Points (C, 4) where the track leaves one area for the next, by halving the steps that do."""
    before, after = track[changes].copy(), track[changes + 1].copy()
    # The shorter way over the date line; near a pole a step of a kilometre may turn by any angle.
    after[:, 2] = before[:, 2] + (after[:, 2] - before[:, 2] + 180.0) % 360.0 - 180.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (before + after)
        same = areas(borders, middle[:, 1:3]) == over[changes]
        before[same], after[~same] = middle[same], middle[~same]
    return after


def length_km(track: Floats) -> float:
    """Length along the ellipsoid of the ground under `track`, whose points lie close together."""
    ground = np.zeros((len(track), 3))
    ground[:, :2] = np.radians(track[:, 1:3])
    return float(np.linalg.norm(np.diff(ecef_from_geodetic(ground), axis=0), axis=1).sum() / 1000.0)


def nations(found: tuple[Stretch, ...]) -> tuple[str, ...]:
    """Codes in the order in which they are first met; areas without a code are left out."""
    return tuple(dict.fromkeys(s.nation for s in found if s.nation))
