"""Who is covered, free of any raid: feasible engagements against every declared class and launch area.

A probe is one missile of a declared class from a declared area at an asset within its reach. A place is
covered when every probe at it can be engaged at least once, twice covered when at least twice. Decisions
take their median time, nobody is unreachable, and magazines are full.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.orders import Ways, ways
from synaspis.engine.world import Fielded, Missile
from synaspis.kernels.engage import feasible
from synaspis.kernels.geodesic import geodesic
from synaspis.model.answers import DecisionTime
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, arena, pure

DECISIONS_S = tuple(float(s) for s in (*range(0, 120, 10), *range(120, 301, 20), *range(330, 601, 30)))
"""Decision times of the price of a second."""
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
    return arena(case, jobs, probes(case), warns=False)


def engagements(a: Arena, regime: str, decisions_s: Sequence[float] = ()) -> NDArray[np.int64]:
    """(D, U) feasible engagements of each probe under a regime, all batteries together: see `by_battery`."""
    total: NDArray[np.int64] = by_battery(a, regime, decisions_s).sum(axis=0)
    return total


def by_battery(a: Arena, regime: str, decisions_s: Sequence[float] = ()) -> NDArray[np.int64]:
    """(B, D, U) feasible engagements of each probe by each battery under a regime.

    Every order that somebody may give takes each of `decisions_s` in turn; without any, D is 1 and
    each takes its median time.
    """
    given = a.rules(regime)
    pictures, orders = a.pictures(given), a.orders(pure(given))
    found = np.zeros((len(a.w.batteries), len(decisions_s) or 1, len(a.g.states)), np.int64)
    targets = np.array([a.w.missiles[i].target for i in a.g.first_missile])
    who = ways(a.w, a.g, orders)
    for b, f in enumerate(a.w.batteries):
        if not (orders.fire[b] and f.rounds > 0 and np.isfinite(pictures.fire_control_s[b]).any()):
            continue
        answer_s = answers_s(who, b, a.g.first_missile)[None, :]
        if decisions_s:
            answer_s = np.where(np.isfinite(answer_s), np.array(decisions_s)[:, None], np.inf)
        mandated = orders.mandate[b, targets] != ""
        known = pictures.known_s[a.w.nation(f.battery.owner)]
        first = np.maximum(known + answer_s, pictures.fire_control_s[b])
        feasible(
            a.g.launch_s[b], a.g.intercept_s[b], first, f.interceptor.assess_s, f.system.launch_interval_s,
            looks_again(f), found[b],
        )  # fmt: skip
        found[b] *= mandated
    return found


def looks_again(f: Fielded) -> bool:
    """Whether a battery may fire a second time at what it has missed."""
    return f.battery.doctrine != "barrage" and f.rounds > 1


def answers_s(who: Ways, b: int, missiles: NDArray[np.int64]) -> NDArray[np.float64]:
    """(U,) median time of the quickest route to an order, those asked besides included; inf for none."""
    ordered = np.where(who.allows[b] > 0, who.route[rows.DECISION, b][:, None], np.inf)
    leave = np.where(who.asks[b] > 0, who.consent[rows.ASKED_DECISION, b][None, :, None], 0.0).max(axis=1)
    return np.maximum(ordered, leave).min(axis=0)[missiles]


def _least(a: Arena, count: NDArray[np.int64]) -> NDArray[np.int64]:
    """(A,) fewest engagements over the probes at each asset; -1 where nothing declared gets there."""
    least = np.full(len(a.w.assets), -1, np.int64)
    for u, first in enumerate(a.g.first_missile):
        row = a.w.missiles[first].target
        if a.g.impact_s[u] > 0.0:
            least[row] = count[u] if least[row] < 0 else min(least[row], count[u])
    return least


def covered_assets(a: Arena, regime: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(A,) covered at least once and at least twice; an asset that nothing declared reaches is neither."""
    least = _least(a, engagements(a, regime)[0])
    return least >= 1, least >= 2


def price_of_a_second(a: Arena, regime: str) -> DecisionTime:
    """People covered once and twice against the time that every decision takes."""
    people = np.array([x.population for x in a.w.assets])
    nation = np.array([x.nation for x in a.w.assets])
    least = np.array([_least(a, count) for count in engagements(a, regime, DECISIONS_S)])
    once, twice = (least >= 1) * people, (least >= 2) * people
    return DecisionTime(
        decision_s=DECISIONS_S,
        once=_people(once),
        twice=_people(twice),
        nations={
            code: (_people(once[:, nation == code]), _people(twice[:, nation == code]))
            for code in a.w.nations
            if (nation == code).any()
        },
    )


def _people(by_time_and_asset: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(float, by_time_and_asset.sum(axis=1)))
