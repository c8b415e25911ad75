"""Whether members stay together: what each coalition of them saves, what that costs, who would leave.

v(S) is how many people of the members of S the coalition S protects beyond what each of them protects by
itself. With money, v_lambda(S) = lambda v(S) - [C(S) - sum of C({i})], where lambda is what a person
protected is worth a year and C(S) what S must spend. Where lambda is not given it is swept, and the values
between which some sharing satisfies every coalition are solved for, not searched.

Sharings move money and, in people alone, protection: a core in people asks whether some division of what is
protected together would leave no coalition short, not whether it can be had.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.plan import Price
from synaspis.studies.few_rows import least
from synaspis.studies.games import TINY, Core, least_core, members, nucleolus, small_or_large

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_HELD = 18
"""Members up to which every coalition is looked at."""
PER_DECADE = 4
DECADES = 3
"""The sweep reaches so many decades to either side of what a person protected costs on the whole."""
FALLBACK = 1e-3
"""Millions of US dollars a year: the middle of the sweep where nothing is spent or saved together."""


@dataclass(frozen=True, kw_only=True)
class Outlay:
    """What one member spends a year, in millions.

    Only where all nations of one of the sets in `sites` are together (always, where there is no such set),
    and only with one of `partners` inside (where some are named).
    """

    payer: str
    price: Price
    sites: tuple[tuple[str, ...], ...] = ()
    partners: tuple[str, ...] = ()


def spent(names: Sequence[str], inside: Bools, outlays: Sequence[Outlay]) -> Floats:
    """(3, R) C(S) of coalitions `inside` (R, n): value, low and high. Outsiders pay nothing."""
    at = {name: i for i, name in enumerate(names)}
    found = np.zeros((3, len(inside)))
    for x in outlays:
        if x.payer not in at:
            continue
        paid = inside[:, at[x.payer]].copy()
        if x.sites:
            known = [[at[m] for m in needs] for needs in x.sites if set(needs) <= set(at)]
            works = [inside[:, needs].all(axis=1) for needs in known]
            paid &= np.logical_or.reduce(works) if works else False
        if x.partners:
            paid &= inside[:, [at[p] for p in x.partners if p in at and p != x.payer]].any(axis=1)
        found += np.array([[x.price.value], [x.price.low], [x.price.high]]) * paid
    return found


@dataclass(frozen=True)
class MemberGame:
    """Coalitions of `members` (n,) by row, the last of them all: what each saves and must spend more.

    `inside` (R, n) who is in it; `people` (R,) is v; `cost`, `low`, `high` (R,) what it spends beyond its
    members by themselves, millions a year; `alone` (3, n) what each spends by itself: value, low, high.
    `exact`: every coalition is among them.
    """

    members: tuple[str, ...]
    inside: Bools
    people: Floats
    cost: Floats
    low: Floats
    high: Floats
    alone: Floats
    exact: bool

    def worth(self, per_person: float) -> Floats:
        """(R,) v_lambda, millions a year; `per_person` millions a year for a person protected."""
        return per_person * self.people - self.cost


def coalitions_of(n: int, sampled: int, seed: int) -> tuple[Bools, bool]:
    """Coalitions (R, n) of n members without the empty one, all of them last; and whether those are all.

    Above `MOST_HELD`, or with `sampled` above 0: single ones, all but one, and so many at random.
    """
    if n <= MOST_HELD and not sampled:
        return members(n)[1:], True
    one = np.eye(n, dtype=np.bool_)
    draw = np.random.Generator(np.random.Philox(seed))
    size = draw.integers(2, max(n - 1, 3), sampled)
    some = np.argsort(np.argsort(draw.random((sampled, n)), axis=1), axis=1) < size[:, None]
    rows = np.unique(np.concatenate([one, ~one, some]), axis=0)
    rows = rows[(rows.sum(axis=1) > 0) & (rows.sum(axis=1) < n)]
    return np.concatenate([rows, np.ones((1, n), np.bool_)]), False


def member_game(
    names: Sequence[str], inside: Bools, protected: Floats, outlays: Sequence[Outlay], exact: bool
) -> MemberGame:
    """The game of coalitions `inside` (R, n); `protected` (R, n) people of each member under each of them.

    Every single member must be among the rows.
    """
    size = inside.sum(axis=1)
    alone = np.array([protected[np.flatnonzero((size == 1) & inside[:, i])[0], i] for i in range(len(names))])
    people = ((protected - alone) * inside).sum(axis=1)
    by_itself = spent(names, np.eye(len(names), dtype=np.bool_), outlays)
    cost = spent(names, inside, outlays) - by_itself @ inside.T
    return MemberGame(tuple(names), inside, people, cost[0], cost[1], cost[2], by_itself, exact)


def held(game: MemberGame, per_person: float) -> Core:
    """The least core of v_lambda; where the game is not exact, no coalition beyond its rows is heard."""
    return _core(game, game.worth(per_person))


def held_in_people(game: MemberGame) -> Core:
    """The least core of v, in people."""
    return _core(game, game.people)


def _core(game: MemberGame, worth: Floats) -> Core:
    return least_core(game.inside[:-1].astype(np.float64), worth[:-1], float(worth[-1]))


def even(game: MemberGame, worth: Floats) -> Floats | None:
    """(n,) the nucleolus of `worth` (R,); None where not every coalition is there, or none shares fairly."""
    return nucleolus(np.append(0.0, worth)) if game.exact else None


def holds_from(game: MemberGame, cost: Floats, missing: float = 0.0) -> tuple[float, float] | None:
    """Least and greatest value of a person protected for which the core is not empty; None where it is.

    Millions a year; the greatest is infinite where the coalition holds at any higher value. One linear
    program each, in which that value is unknown beside the shares: the stable values lie in one interval,
    because the least excess is convex in them. A coalition counts as content that misses `missing` millions.
    """
    if len(game.members) == 1:
        return 0.0, math.inf
    p = _program(game, cost)
    ends = []
    for sign in (1.0, -1.0):
        c = np.append(np.zeros(len(game.members)), sign)
        found = least(c, p.rows, p.limits + missing / p.scale, p.whole, p.sums, p.bounds, p.first)
        if found is None:
            return None
        ends.append(float(found.at[-1]))
    return ends[0] * p.middle, math.inf if ends[1] >= TOP * (1 - 1e-9) else ends[1] * p.middle


@dataclass(frozen=True)
class Nearest:
    """How near a coalition that never holds comes to it.

    `missing` millions a year is what its worst-off group misses where that is least, from a value of a person
    protected of `per_person` on; `left_out` are the members outside each of the groups that then miss it.
    """

    missing: float
    per_person: float
    left_out: tuple[tuple[str, ...], ...]


def nearest(game: MemberGame, cost: Floats) -> Nearest:
    """The least excess over all values of a person protected, and who stands in the way."""
    n = len(game.members)
    p = _program(game, cost)
    found = least(
        np.append(np.zeros(n + 1), 1.0), np.column_stack([p.rows, -np.ones(len(p.rows))]), p.limits,
        np.column_stack([p.whole, [0.0]]), p.sums, [*p.bounds, (None, None)], p.first,
    )  # fmt: skip
    assert found is not None
    missing = float(found.at[-1]) * p.scale
    ends = holds_from(game, cost, missing + 1e-6 * max(abs(missing), 1e-3))
    groups = [k for k in np.argsort(-found.prices, kind="stable")[:n] if found.prices[k] > 1e-7]
    names = np.array(game.members, dtype=object)
    outside = [tuple(names[~game.inside[k]]) for k in groups]
    return Nearest(missing, ends[0] if ends else math.nan, tuple(sorted(outside, key=lambda x: (len(x), x))))


TOP = 1e6
"""The greatest value of a person protected that is tried, as a multiple of the natural one."""


@dataclass(frozen=True)
class _Program:
    """Shares x (n,) and the value of a person protected, as a multiple of `middle`, of millions / `scale`."""

    rows: Floats
    limits: Floats
    whole: Floats
    sums: Floats
    bounds: list[tuple[float | None, float | None]]
    first: Bools
    scale: float
    middle: float


def _program(game: MemberGame, cost: Floats) -> _Program:
    n = len(game.members)
    middle = natural_value(game, cost)
    scale = max(float(np.abs(cost).max()), middle * float(np.abs(game.people).max()), 1e-300)
    saved, spent = game.people * middle / scale, cost / scale
    inside = game.inside[:-1].astype(np.float64)
    return _Program(
        rows=np.column_stack([-inside, saved[:-1]]),
        limits=spent[:-1],
        whole=np.append(np.ones(n), -saved[-1])[None, :],
        sums=-spent[-1:],
        bounds=[*[(None, None)] * n, (0.0, TOP)],
        first=small_or_large(inside),
        scale=scale,
        middle=middle,
    )


def natural_value(game: MemberGame, cost: Floats) -> float:
    """What a person protected together costs on the whole, millions a year; `FALLBACK` where none does."""
    if game.people[-1] > 0.0 and cost[-1] > 0.0:
        return float(cost[-1] / game.people[-1])
    return FALLBACK


def swept(game: MemberGame, *also: float) -> tuple[float, ...]:
    """Values of a person protected, log-spaced round the natural one, and those of `also` that are finite."""
    middle = round(PER_DECADE * math.log10(natural_value(game, game.cost)))
    reach = PER_DECADE * DECADES
    grid = [10.0 ** ((middle + k) / PER_DECADE) for k in range(-reach, reach + 1)]
    return tuple(sorted({*grid, *(x for x in also if 0.0 < x < math.inf)}))


def complaints(game: MemberGame, worth: Floats, shares: Floats) -> Floats:
    """(R,) what each coalition would have more by itself than `shares` (n,) give its members."""
    return worth - game.inside @ shares


@dataclass(frozen=True, kw_only=True)
class Together:
    """Whether two coalitions that join have at least what they had: pairs tried, those that fail, the worst.

    `lost` is by how many people the worst pair (`one`, `other`) falls short.
    """

    pairs: int
    failures: int
    lost: float
    one: tuple[str, ...]
    other: tuple[str, ...]


def superadditive(game: MemberGame, players: Sequence[str]) -> Together | None:
    """Every pair of disjoint coalitions of `players`, each with the other members that make it fail worst.

    Members that are no players change nobody's protection, so that each of them adds to a coalition by
    itself. None where not every coalition is there.
    """
    if not game.exact:
        return None
    people = np.append(0.0, game.people)
    bit = {m: 1 << i for i, m in enumerate(game.members)}
    one, other = _disjoint([bit[p] for p in players], empty=len(players) < len(game.members))
    both = one | other
    joined = people[both] - people[one] - people[other]
    idle: dict[str, NDArray[np.int8]] = {}
    for m in game.members:
        if m not in players:
            adds = [people[x | bit[m]] - people[x] for x in (one, other, both)]
            change = adds[2] - np.maximum(adds[0], adds[1])
            idle[m] = np.where(change < 0.0, np.where(adds[0] >= adds[1], 1, 2), 0).astype(np.int8)
            joined += np.minimum(change, 0.0)
    fails = int((joined < -TINY * float(np.abs(people).max())).sum())
    worst = int(np.argmin(joined)) if len(joined) else 0
    if not fails:
        return Together(pairs=len(joined), failures=0, lost=0.0, one=(), other=())
    sides = [_named(game, int(x[worst]), idle, worst, k) for k, x in ((1, one), (2, other))]
    return Together(
        pairs=len(joined), failures=fails, lost=float(-joined[worst]), one=sides[0], other=sides[1]
    )


def _named(
    game: MemberGame, mask: int, idle: Mapping[str, NDArray[np.int8]], row: int, side: int
) -> tuple[str, ...]:
    return tuple(
        m for i, m in enumerate(game.members) if mask >> i & 1 or (m in idle and idle[m][row] == side)
    )


def _disjoint(bits: Sequence[int], empty: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every unordered pair of disjoint sets of `bits`; with `empty` one of them may be, never both."""
    one, other = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for b in bits:
        one, other = np.concatenate([one, one | b, one]), np.concatenate([other, other, other | b])
    kept = (one > other) & (empty | (other > 0))
    return one[kept], other[kept]
