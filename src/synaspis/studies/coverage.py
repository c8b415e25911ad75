"""Who is covered, free of any raid: feasible engagements against every declared class and launch area.

A probe is one missile of a declared class from a declared area at an asset within its reach. A place is
covered when every probe at it can be engaged at least once, twice covered when at least twice. Decisions
take their median time, nobody is unreachable, and magazines are full.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import Geometry
from synaspis.engine.world import Missile
from synaspis.kernels.earth import geodesic
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, arena, pure

REACH_GRACE = 1.02
"""How far past its published range a class is probed, as far as a raid may aim it; the flight decides."""


def probes(case: Case) -> tuple[Missile, ...]:
    """One missile per (declared class and area, asset within the class's reach)."""
    areas = {a.name: a for a in case.file.launch_areas}
    declared = dict.fromkeys((f.threat, f.launch) for f in case.file.raid)
    found = []
    for name, area_name in declared:
        threat, area = case.threats[name], areas[area_name]
        for row, asset in enumerate(case.file.assets):
            distance_m = geodesic(
                area.latitude_rad, area.longitude_rad, asset.latitude_rad, asset.longitude_rad
            )[0]
            if distance_m <= threat.range_m * REACH_GRACE:
                aim = (asset.latitude_rad, asset.longitude_rad, 0.0)
                title = f"probe {name} {area_name} {asset.name}"
                found.append(Missile(title, threat, area, row, aim, 0.0, "minimum-energy"))
    return tuple(found)


def probe_arena(case: Case, jobs: int) -> Arena:
    """The case with its probes in place of the raid."""
    return arena(case, jobs, probes(case))


def engagements(a: Arena, regime: str) -> NDArray[np.int64]:
    """(U,) feasible engagements of each probe under a regime, all batteries together."""
    given = a.rules(regime)
    pictures, orders = a.pictures(given), a.orders(pure(given))
    total = np.zeros(len(a.g.states), np.int64)
    targets = np.array([a.w.missiles[i].target for i in a.g.first_missile])
    for b, f in enumerate(a.w.batteries):
        answer_s = min((r.decision_s for r in orders.routes[b] if r.missing < 1), default=np.inf)
        mandated = (orders.mandate[b, targets] != "") & orders.fire[b] & (f.rounds > 0)
        known = pictures.known_s[a.w.nation(f.battery.owner)]
        first = np.maximum(known + answer_s, pictures.fire_control_s[b])
        meets = _meets(a.g, b, first)
        once = mandated & np.isfinite(meets)
        again = np.maximum(meets + f.interceptor.assess_s, first + f.system.launch_interval_s)
        twice = once & (f.battery.doctrine != "barrage") & (f.rounds > 1) & np.isfinite(_meets(a.g, b, again))
        total += once.astype(np.int64) + twice
    return total


def _meets(g: Geometry, b: int, ordered_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """(U,) intercept of a launch ordered at each time, inf where it is too late."""
    out = np.full(len(ordered_s), np.inf)
    for u, when in enumerate(ordered_s):
        if np.isfinite(when):
            j = int(np.searchsorted(g.launch_s[b, u], when - 1e-9))
            if j < g.launch_s.shape[2]:
                out[u] = g.intercept_s[b, u, j]
    return out


def covered_assets(a: Arena, regime: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(A,) covered at least once and at least twice; an asset that nothing declared reaches is neither."""
    count = engagements(a, regime)
    least = np.full(len(a.w.assets), -1, np.int64)
    for u, first in enumerate(a.g.first_missile):
        row = a.w.missiles[first].target
        if a.g.impact_s[u] <= 0.0:
            continue  # the class does not get there after all
        least[row] = count[u] if least[row] < 0 else min(least[row], count[u])
    return least >= 1, least >= 2
