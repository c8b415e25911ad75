"""Who is covered, free of any raid: feasible engagements against every declared class and launch area.

A probe is one missile of a declared class from a declared area at an asset within its reach. A place is
covered when every probe at it can be engaged at least once, twice covered when at least twice. Decisions
take their median time, nobody is unreachable, and magazines are full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.orders import Ways, at_targets, ways
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

MOST_SHOTS = 16
"""Engagements of one missile by one battery that are counted."""


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


@dataclass(frozen=True)
class Chances:
    """Engagements that every battery could make of every flight, one after the other.

    count (D, B, U) sequential shots; opens_s and closes_s (D, B, U) first and last launch after the
    flight's own launch, inf and -inf where there is no shot. D runs over decision times.
    """

    count: NDArray[np.int64]
    opens_s: NDArray[np.float64]
    closes_s: NDArray[np.float64]


def chances(a: Arena, regime: str, decisions_s: Sequence[float] = (), most: int = MOST_SHOTS) -> Chances:
    """Feasible engagements of each flight under a regime, with every site ready: at most `most` by a battery.

    Every order that somebody may give takes each of `decisions_s` in turn; without any, D is 1 and
    each takes its median time. A battery looks before it shoots again, where its doctrine looks at all.
    """
    given = a.rules(regime)
    pictures, orders = a.pictures(given), a.orders(pure(given))
    targets = np.array([a.w.missiles[i].target for i in a.g.first_missile])
    who = ways(a.w, a.g, orders)
    shape = (len(decisions_s) or 1, len(a.w.batteries), len(a.g.states))
    found = Chances(np.zeros(shape, np.int64), np.full(shape, np.inf), np.full(shape, -np.inf))
    for b, f in enumerate(a.w.batteries):
        if not (orders.fire[b] and f.rounds > 0 and np.isfinite(pictures.fire_control_s[b]).any()):
            continue
        answer_s = answers_s(who, b, a.g.first_missile)[None, :]
        if decisions_s:
            answer_s = np.where(np.isfinite(answer_s), np.array(decisions_s)[:, None], np.inf)
        mandated = at_targets(orders.mandate != "", targets)[b]
        known = pictures.known_s[a.w.nation(f.battery.owner)]
        ordered = np.maximum(known + answer_s, pictures.fire_control_s[b])
        ordered = np.where(mandated, ordered, np.inf)
        count, meets = np.zeros(ordered.shape, np.int64), np.empty(ordered.shape)
        pace = f.interceptor.assess_s, f.system.launch_interval_s, *shots(f, most)
        feasible(a.g.launch_s[b], a.g.intercept_s[b], ordered, *pace, count, meets)
        last = np.where(np.isfinite(a.g.launch_s[b]), a.g.launch_s[b], -np.inf).max(axis=1)
        opens = np.minimum(np.maximum(ordered, a.g.launch_s[b, :, 0]), last)
        found.opens_s[:, b] = np.where(np.isfinite(meets), opens, np.inf)
        found.closes_s[:, b] = np.where(np.isfinite(meets), last, -np.inf)
        found.count[:, b] = count
    return found


def shots(f: Fielded, most: int) -> tuple[int, int]:
    """(shots one after the other, how many of them to a look) by a battery's doctrine, at most `most`."""
    if f.battery.doctrine == "barrage":
        return 1, 1
    return min(most, f.rounds), 2 if f.battery.doctrine == "shoot-shoot-look" else 1


def engagements(a: Arena, regime: str, decisions_s: Sequence[float] = ()) -> NDArray[np.int64]:
    """(D, U) feasible engagements of each probe under a regime, at most two by each battery."""
    return chances(a, regime, decisions_s, 2).count.sum(axis=1)


def answers_s(who: Ways, b: int, missiles: NDArray[np.int64]) -> NDArray[np.float64]:
    """(U,) median time of the quickest route to an order, those asked besides included; inf for none."""
    ordered = np.where(who.allows[b] > 0, who.route[rows.DECISION, b][:, None], np.inf)
    leave = np.where(who.asks[b] > 0, who.consent[rows.ASKED_DECISION, b][None, :, None], 0.0).max(axis=1)
    return np.maximum(ordered, leave).min(axis=0)[missiles]


def _least(a: Arena, count: NDArray[np.int64], among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """(A,) fewest engagements over the probes at each asset; -1 where nothing declared gets there.

    Of the probes in `among` (U,) only, where given.
    """
    least = np.full(len(a.w.assets), -1, np.int64)
    for u, first in enumerate(a.g.first_missile):
        row = a.w.missiles[first].target
        if a.g.impact_s[u] > 0.0 and (among is None or among[u]):
            least[row] = count[u] if least[row] < 0 else min(least[row], count[u])
    return least


def covered_assets(a: Arena, regime: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(A,) covered at least once and at least twice; an asset that nothing declared reaches is neither."""
    least = _least(a, engagements(a, regime)[0])
    return least >= 1, least >= 2


def least_by_class(a: Arena, regime: str) -> dict[str, NDArray[np.int64]]:
    """By declared class, (A,) fewest engagements over its probes at each asset; -1 where it does not reach.

    An asset is covered where the least of those not -1 is at least 1: as `covered_assets` has it.
    """
    count = engagements(a, regime)[0]
    names = [a.w.missiles[i].threat.name for i in a.g.first_missile]
    return {name: _least(a, count, np.array([n == name for n in names])) for name in dict.fromkeys(names)}


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
