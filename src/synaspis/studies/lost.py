"""Why shots were lost: pairs in reach that never fired, by the first gate that failed, with clauses."""

from __future__ import annotations

from synaspis.engine.batch import Outcomes
from synaspis.engine.orders import Orders
from synaspis.engine.world import Missile
from synaspis.model.answers import CAUSES, LostShot
from synaspis.sharing.mandate import defends
from synaspis.sharing.release import decide
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, pure

SHOWN = 40


def lost_shots(a: Arena, regime: str, out: Outcomes) -> tuple[LostShot, ...]:
    """The most frequent losses of a regime, grouped by battery, class with target, and cause."""
    given = a.rules(regime)
    orders = a.orders(pure(given))
    total: dict[tuple[int, str, str], tuple[float, Missile]] = {}
    for b, by_missile in enumerate(out.lost):
        for t, causes in enumerate(by_missile):
            missile = a.w.missiles[t]
            label = missile.name.split(" #")[0]
            for c, count in enumerate(causes):
                if count:
                    key = (b, label, CAUSES[c])
                    before = total.get(key, (0.0, missile))[0]
                    total[key] = (before + count / len(out.fate), missile)
    ranked = sorted(total.items(), key=lambda item: (-item[1][0], item[0]))[:SHOWN]
    found = []
    for (b, label, cause), (mean, missile) in ranked:
        clauses, why = reason(a, given, orders, b, missile, cause)
        found.append(
            LostShot(
                battery=a.w.batteries[b].battery.name,
                threat=label,
                cause=cause,
                mean=mean,
                clauses=clauses,
                why=why,
            )
        )
    return tuple(found)


def reason(
    a: Arena, given: Rules, orders: Orders, b: int, missile: Missile, cause: str
) -> tuple[tuple[str, ...], str]:
    """Clause ids behind a failed gate, and the gate in words."""
    f = a.w.batteries[b]
    owner = f.battery.owner
    asset = a.w.assets[missile.target] if missile.target >= 0 else None
    routes = tuple(r.clause for r in orders.routes[b])
    if cause == "not_seen":
        return (), "no sensor of anyone could have given a good enough track in time"
    if cause == "not_released":
        return _unreleased(a, given, owner)
    if cause == "no_mandate":
        place = f"{asset.name} ({asset.nation})" if asset else "empty ground"
        reserved = defends(given, f.battery, asset).because if asset else ()
        if reserved:
            return reserved, f"{owner} has reserved not to defend {place}"
        held = tuple(m.id for m in given.mandates if owner in m.owners)
        return held, f"no clause lets {owner}'s rounds defend {place}"
    if cause == "no_authority" and not orders.fire[b]:
        return (), f"{f.battery.host} has not consented to fire from {f.battery.name}"
    silent = silent_states(a, orders, b, missile)
    if cause == "no_authority" and silent:
        return routes, f"no consent from {', '.join(silent)}, under the intercept or what comes down from it"
    if cause == "no_authority":
        return routes, f"no order reaches {f.battery.name}: nobody may give one, or could be reached"
    if cause == "too_late":
        return routes, "the track or the order came after the last launch that could meet the missile"
    return (), "no round or channel was free, or the rest was kept in reserve or for more valued places"


def silent_states(a: Arena, orders: Orders, b: int, missile: Missile) -> tuple[str, ...]:
    """Third states that every route of battery `b` to `missile` would need, and that gave no consent."""
    ways = orders.routes[b]
    if not ways or not all(way.asks for way in ways):
        return ()
    u = int(a.g.flight_of[a.w.missiles.index(missile)])
    scopes = dict.fromkeys(scope for way in ways for scope in way.asks)
    asked = ((s, scope) for scope in scopes for s in a.under().get((b, u, scope), ()))
    return tuple(sorted({s for s, scope in asked if (s, scope) not in orders.leave[b]}))


def _unreleased(a: Arena, given: Rules, owner: str) -> tuple[tuple[str, ...], str]:
    """The forbids that keep tracks from `owner`; without any, the permits that did not help it."""
    told = [decide(given, n, owner, "fire_control_track") for n in a.w.nations if n != owner]
    shut = {clause for d in told if not d.allowed for clause in d.because}
    open_ = {clause for d in told if d.allowed for clause in d.because}
    if shut or not open_:
        return tuple(sorted(shut)), f"a track good enough exists, but nobody releases it to {owner}"
    return tuple(sorted(open_)), f"what others release to {owner} comes too late or is not good enough"
