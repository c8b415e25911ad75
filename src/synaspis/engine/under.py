"""Third states under an intercept, and under what comes down from it."""

from __future__ import annotations

import numpy as np

from synaspis.engine.geometry import STEP_S, Floats, Geometry
from synaspis.engine.world import World
from synaspis.kernels.borders import areas_at
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.borders import Borders


def states_under(w: World, g: Geometry) -> dict[tuple[int, int, str], tuple[str, ...]]:
    """By (battery, flight, scope): nations that lie under, but for the owner's, the host's and the target's.

    `overflight`: under any point at which the battery might meet the missile. `debris`: under the rest of
    the missile's way from the first such point on, on which what is left of it comes down. A case that has
    no map (none of its clauses asks) has no such states.
    """
    borders = w.case.borders
    found: dict[tuple[int, int, str], tuple[str, ...]] = {}
    if borders is None:
        return found
    for u, first in enumerate(g.first_missile):
        missile = w.missiles[first]
        below = _nations(borders, g.states[u, :, :3])
        target = w.assets[missile.target].nation if missile.target >= 0 else ""
        for b, f in enumerate(w.batteries):
            meets = g.intercept_s[b, u][np.isfinite(g.intercept_s[b, u])]
            if not len(meets):
                continue
            own = {"", target, f.battery.owner, f.battery.host or f.battery.owner}
            at = np.clip(np.round(meets / STEP_S).astype(np.int64), 0, len(below) - 1)
            for scope, names in (("overflight", below[at]), ("debris", below[at.min() :])):
                found[b, u, scope] = tuple(sorted(set(names.tolist()) - own))
    return found


def _nations(borders: Borders, points: Floats) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """(K,) code of the nation under each of `points` (K, 3) ECEF; "" over the sea, and where it has none."""
    places = np.degrees(geodetic_from_ecef(np.ascontiguousarray(points))[:, :2])
    area = np.empty(len(points), np.int32)
    odd = np.zeros(len(borders.codes), np.bool_)
    areas_at(
        np.ascontiguousarray(places), borders.edges, borders.sides, borders.first, borders.rows, odd, area
    )
    return np.array([*borders.codes, ""])[area]
