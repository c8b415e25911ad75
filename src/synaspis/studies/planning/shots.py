"""Who could fire at what, and when, under one set of clauses and with one set of stations at work."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.arms import lone_p_kill
from synaspis.engine.geometry import Floats
from synaspis.engine.orders import Orders, Ways, ways
from synaspis.model.threat import OBJECTS
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, pure
from synaspis.studies.planning.chances import Weapon

QUANTILES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Middles of the fifths into which decision times are cut; all batteries are taken to wait alike."""
MIDDLE = 2
MOST_LOOKS = 6
SOON_S = 1e-9
SELDOM = 0.03
MOST_SCANS = 4
MOST_FRAIL = 2
"""Sensors whose chance of being out of order is counted; each doubles the work."""


@dataclass(frozen=True)
class Burst:
    """Salvos at one missile: when each is ordered and when it meets, seconds after the missile's launch."""

    ordered_s: tuple[float, ...]
    meets_s: tuple[float, ...]

    @property
    def looks(self) -> int:
        return len(self.meets_s)


@dataclass(frozen=True)
class Duties:
    """What clauses alone say of batteries B and the world's missiles T, whoever sees what.

    mandate (B, T) clause id or ""; reserve (B, T); may (B,) whether the site may fire; answer_s (Q, B, T);
    ready (B, T) chance of an order and that the battery stands ready; tells (B, B).
    """

    mandate: NDArray[np.object_]
    reserve: Floats
    may: NDArray[np.bool_]
    answer_s: Floats
    ready: Floats
    tells: NDArray[np.bool_]


def duties(a: Arena, given: Rules) -> Duties:
    """The duties under `given`."""
    orders = a.orders(pure(given))
    targets = np.array([m.target for m in a.w.missiles])
    who = ways(a.w, a.g, orders)
    available = np.array([f.battery.availability for f in a.w.batteries])[:, None]
    owners = np.array([a.w.nation(f.battery.owner) for f in a.w.batteries], np.int64)
    share = orders.share.astype(np.bool_) | np.eye(len(a.w.nations), dtype=np.bool_)
    return Duties(
        mandate=_at(orders.mandate, targets, ""),
        reserve=_at(orders.reserve, targets, 0.0),
        may=np.array(orders.fire, np.bool_),
        answer_s=np.array([_answers_s(who, NormalDist().inv_cdf(q)) for q in QUANTILES]),
        ready=available * _yes(who, orders),
        tells=share[owners][:, owners],
    )


def _at(by_asset: NDArray[Any], targets: NDArray[np.int64], nothing: Any) -> NDArray[Any]:
    out = by_asset[:, np.maximum(targets, 0)].copy()
    out[:, targets < 0] = nothing
    return out


def _answers_s(who: Ways, z: float) -> Floats:
    """(B, T) time of the quickest route to an order where every decider is `z` sigmas late; inf for none."""
    late = np.exp(np.maximum(who.route[rows.SPREAD], 0.0) * _sigmas(who, z))
    ordered = np.where(who.allows > 0, (who.route[rows.DECISION] * late)[:, :, None], np.inf)
    slow = who.consent[rows.ASKED_DECISION] * np.exp(np.maximum(who.consent[rows.ASKED_SPREAD], 0.0) * z)
    leave = np.where(who.asks > 0, slow[:, None, :, None], 0.0).max(axis=2)
    best: Floats = np.maximum(ordered, leave).min(axis=1)
    return best


def _sigmas(who: Ways, z: float) -> Floats:
    """(B, R) how late the vote that decides is: of several deciders, that order statistic's own quantile.

    Source: order statistics of uniform numbers are beta-distributed (David and Nagaraja, Order Statistics,
    2003, section 2.1).
    """
    from scipy.special import betaincinv, ndtr, ndtri

    votes, voters = who.route[rows.VOTES], (who.decider >= 0).sum(axis=2)
    votes = np.clip(votes, 1.0, np.maximum(voters, 1))
    found: Floats = ndtri(betaincinv(votes, np.maximum(voters, 1) - votes + 1.0, ndtr(z)))
    return np.where(voters > 0, found, 0.0)


def _yes(who: Ways, orders: Orders) -> Floats:
    """(B, T) chance that some route says yes and nobody who is asked besides says no."""
    batteries, most, missiles = who.allows.shape
    never = np.ones((batteries, missiles))
    for b in range(batteries):
        for r in range(min(most, len(orders.routes[b]))):
            votes, never_one = int(who.route[rows.VOTES, b, r]), who.route[rows.UNREACHABLE, b, r]
            voters = int((who.decider[b, r] >= 0).sum())
            yes = sum(
                math.comb(voters, k) * (1.0 - never_one) ** k * never_one ** (voters - k)
                for k in range(votes, voters + 1)
            ) if voters else 1.0 - who.route[rows.MISSING, b, r]  # fmt: skip
            silent = np.where(who.asks[b, r] > 0, who.consent[rows.ASKED_UNREACHABLE, b][:, None], 0.0)
            given = yes * np.prod(1.0 - np.maximum(silent, 0.0), axis=0)
            never[b] *= np.where(who.allows[b, r] > 0, 1.0 - given, 1.0)
    return 1.0 - never


Lags = tuple[tuple[float, float], ...]
"""(chance, seconds) by which the first detection is late: whole scans that see nothing."""


@dataclass(frozen=True)
class Sight:
    """What batteries hold with some set of stations at work, which has a `chance`.

    order_s (Q, B, U): when each battery is ordered to fire at each flight; track_s (B, U): when a track lets
    it, if every first scan detects; lags[b][u] how much later that may be. inf for never.
    """

    chance: float
    order_s: Floats
    track_s: Floats
    lags: tuple[tuple[Lags, ...], ...]

    def same_for(self, other: Sight, b: int, u: int) -> bool:
        """Whether the battery's launches at the flight are those of `other`."""
        return bool(
            self.track_s[b, u] == other.track_s[b, u]
            and (self.order_s[:, b, u] == other.order_s[:, b, u]).all()
            and self.lags[b][u] == other.lags[b][u]
        )


@dataclass
class Shots:
    """First launches and bursts under one set of clauses: the likeliest sight first."""

    a: Arena
    duty: Duties
    sights: tuple[Sight, ...]
    memory: dict[tuple[object, ...], Burst] = field(default_factory=dict)

    def burst(
        self, b: int, u: int, barrage: bool, q: int, late_s: float = 0.0, after_s: float = -math.inf,
        sight: int = 0,
    ) -> Burst:  # fmt: skip
        """What battery `b` fires at flight `u`, detected `late_s` late, and no sooner than `after_s`."""
        key = (b, u, barrage, q, late_s, after_s, sight)
        if key not in self.memory:
            seen = self.sights[sight]
            first = max(float(seen.order_s[q, b, u]), float(seen.track_s[b, u]) + late_s, after_s)
            self.memory[key] = _burst(self.a, b, u, barrage, first)
        return self.memory[key]

    def weapon(self, b: int, t: int) -> Weapon:
        """What its rounds do to missile `t`."""
        return _weapon(self.a, self.duty, b, t)

    def same_for(self, other: Shots, b: int, u: int) -> bool:
        """Whether the battery's launches at the flight are those of `other`."""
        return all(x.same_for(y, b, u) for x, y in zip(self.sights, other.sights, strict=True))


def shots(a: Arena, given: Rules, duty: Duties, down: frozenset[int] = frozenset()) -> Shots:
    """Who could fire when under `given`, with the stations in `down` out of order for good."""
    found = [_sight(a, given, duty, chance, down | out) for chance, out in outages(a)]
    return Shots(a, duty, tuple(sorted(found, key=lambda x: -x.chance)))


def outages(a: Arena) -> list[tuple[float, frozenset[int]]]:
    """(chance, stations out of order), of the least ready few; the others are taken to stand ready."""
    frail = sorted((s.availability, i) for i, s in enumerate(a.w.stations) if s.availability < 1.0)
    found = [(1.0, frozenset[int]())]
    for ready, i in frail[:MOST_FRAIL]:
        found = [x for p, out in found for x in ((p * ready, out), (p * (1.0 - ready), out | {i}))]
    return found


def _sight(a: Arena, given: Rules, duty: Duties, chance: float, down: frozenset[int]) -> Sight:
    # Whoever has neither sensor nor battery adds nothing to what batteries see.
    pictures = a.maker.make(given, down, {s.owner for s in a.w.stations})
    owners = [a.w.nation(f.battery.owner) for f in a.w.batteries]
    known = pictures.known_s[owners]
    mandated = (duty.mandate != "") & duty.may[:, None]
    order = np.full((len(QUANTILES), len(owners), len(a.g.states)), np.inf)
    for u, t in enumerate(a.g.first_missile):
        order[:, :, u] = np.where(mandated[:, t], known[:, u] + duty.answer_s[:, :, t], np.inf)
    sees = np.isfinite(pictures.sees_s)
    misses = np.where(sees, 1.0 - np.clip(a.g.p_scan, 0.0, 1.0), 1.0)
    lags = []
    for b, f in enumerate(a.w.batteries):
        missed = np.prod(misses[pictures.serves[:, b]], axis=0)
        scan_s = float(getattr(a.w.stations[f.radar].type, "scan_s", 0.0))
        lags.append(tuple(lags_of(float(p), scan_s) for p in missed))
    return Sight(chance, order, pictures.fire_control_s, tuple(lags))


def lags_of(missed: float, scan_s: float) -> Lags:
    """Whole scans that see nothing, each with chance `missed`; what is rarer than SELDOM joins the last."""
    if missed < SELDOM or missed >= 1.0:
        return ((1.0, 0.0),)
    found, left, k = [], 1.0, 0
    while left * missed >= SELDOM and k < MOST_SCANS:
        found.append((left * (1.0 - missed), k * scan_s))
        left, k = left * missed, k + 1
    return (*found, (left, k * scan_s))


def _burst(a: Arena, b: int, u: int, barrage: bool, first_s: float) -> Burst:
    f = a.w.batteries[b]
    launch, meet = a.g.launch_s[b, u], a.g.intercept_s[b, u]
    ordered: list[float] = []
    meets: list[float] = []
    now = first_s
    while math.isfinite(now) and len(meets) < (1 if barrage else MOST_LOOKS):
        j = int(np.searchsorted(launch, now - SOON_S))
        if j >= len(launch) or not math.isfinite(launch[j]):
            break
        ordered.append(now)
        meets.append(float(meet[j]))
        now = max(meets[-1] + f.interceptor.assess_s, now + f.system.launch_interval_s)
    return Burst(tuple(ordered), tuple(meets))


def _weapon(a: Arena, duty: Duties, b: int, t: int) -> Weapon:
    r, m = a.w.batteries[b].interceptor, a.w.missiles[t]
    upper = r.layer == "midcourse"
    seen = a.g.objects_seen[:, b, a.g.flight_of[t]]
    beside = sum(getattr(m.objects, kind) * bool(seen[k]) for k, kind in enumerate(OBJECTS))
    return Weapon(
        type=r.name,
        p_kill=lone_p_kill(r, m.threat.category),
        p_defect=r.p_type_defect,
        p_confusion=r.p_confusion if upper else 0.0,
        wrong_look=r.wrong_look,
        objects=int(beside) if upper else 0,
        ready=float(duty.ready[b, t]),
    )
