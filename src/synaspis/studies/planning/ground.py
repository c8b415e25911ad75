"""The ground that a plan is made on: a case with what could be added to it, flown once, and its program."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, arena
from synaspis.studies.planning.options import Doctrine, Group, Maker, Option, doctrines, groups
from synaspis.studies.planning.program import (
    Addition,
    Attack,
    Choice,
    Least,
    Magazine,
    Program,
    moments,
)
from synaspis.studies.planning.shots import Duties, Shots, duties, shots
from synaspis.studies.planning.sites import ADDED, Candidate, with_candidates


@dataclass(frozen=True)
class Asked:
    """What a plan is asked for; `goal` is the number of people whose protection must be reached."""

    objective: str
    regime: str
    most_added: float = 0.0
    budget_musd: float = math.inf
    goal: float = 0.0


@dataclass
class Ground:
    """A case with candidates in it, all flown; `given` are its rules, with the leave of their hosts."""

    case: Case
    a: Arena
    given: Rules
    groups: tuple[Group, ...]
    candidates: tuple[Candidate, ...]
    rows: tuple[frozenset[int], ...]
    """Stations of each candidate."""
    own: Mapping[int, int]
    """Battery row of each candidate battery."""
    known: tuple[tuple[Doctrine, ...], ...]

    def shots(self, given: Rules, duty: Duties | None = None, only: int | None = None) -> Shots:
        """Who could fire when, with no candidate at work, or `only` one."""
        every = frozenset().union(*self.rows)
        down = every - (self.rows[only] if only is not None else frozenset())
        return shots(self.a, given, duty or duties(self.a, given), down)

    def options(self, given: Rules) -> tuple[tuple[Option, ...], Duties]:
        """What may be chosen under `given`, and the duties behind it."""
        duty = duties(self.a, given)
        base = self.shots(given, duty)
        with ThreadPoolExecutor(self.a.jobs) as pool:
            found = pool.map(lambda c: self.shots(given, duty, c), range(len(self.candidates)))
            added = dict(enumerate(found))
        return Maker(self.a, self.groups, base, added, self.own, self.known).every(), duty


def ground(case: Case, regime: str, candidates: Sequence[Candidate], jobs: int, free: bool = True) -> Ground:
    """Fly the raid with every candidate in the case that could meet some of it, or see."""
    useful = _useful(case, candidates, jobs)
    big = with_candidates(case, useful)
    a = arena(big, jobs)
    stations = {s.name: i for i, s in enumerate(a.w.stations)}
    batteries = {f.battery.name: b for b, f in enumerate(a.w.batteries)}
    own = {c: batteries[x.name] for c, x in enumerate(useful) if x.kind == "battery"}
    new = set(own.values())
    return Ground(
        case=case,
        a=a,
        given=a.rules(regime),
        groups=groups(a),
        candidates=tuple(useful),
        rows=tuple(frozenset(stations[s] for s in x.stations) for x in useful),
        own=own,
        known=tuple(doctrines(f.battery, free and b not in new) for b, f in enumerate(a.w.batteries)),
    )


def _useful(case: Case, candidates: Sequence[Candidate], jobs: int) -> list[Candidate]:
    """Sensors, and batteries in whose reach some missile of the raid comes that is aimed at an asset."""
    if not candidates:
        return []
    a = arena(with_candidates(case, [c for c in candidates if c.kind == "battery"]), jobs)
    aimed = [u for u, t in enumerate(a.g.first_missile) if a.w.missiles[t].target >= 0]
    reaches = {
        f.battery.name
        for b, f in enumerate(a.w.batteries)
        if f.rounds > 0 and np.isfinite(a.g.launch_s[b, aimed, 0]).any()
    }
    return [c for c in candidates if c.kind == "sensor" or c.name in reaches]


def program(
    g: Ground, asked: Asked, given: Rules | None = None, counted: Sequence[str] | None = None
) -> tuple[Program, tuple[Option, ...], Duties]:
    """The program of a ground under `given` (its own rules where None), with options and duties.

    `counted` are the nations of which the worst counts; those that some choice helps where None.
    """
    options, duty = g.options(given or g.given)
    choices = tuple(
        Choice(o.group, o.layer, o.leak, tuple((x.battery, x.doctrine, x.rounds) for x in o.posts), o.needs)
        for o in options
    )
    attacks = tuple(Attack(x.asset, x.count, x.lands) for x in g.groups)
    pools, pool_of = _pools(g)
    magazines = _magazines(g, duty, pool_of)
    channels = [float(f.system.channels) for f in g.a.w.batteries]
    assets = g.a.w.assets
    free = [not c.bars for c in g.candidates]
    helped = {assets[g.groups[o.group].asset].nation for o in options if all(free[c] for c in o.needs)}
    made = Program(
        attacks=attacks,
        choices=choices,
        magazines=magazines,
        people=tuple(x.population for x in assets),
        nations=_nations(g, helped if counted is None else set(counted)),
        pools=pools,
        busy=tuple(moments(choices, _spans(g, options), channels)),
        additions=tuple(
            Addition(math.inf if c.price is None else c.price.value, c.bars) for c in g.candidates
        ),
        most_added=asked.most_added,
        budget=asked.budget_musd,
        least=_least(g),
        objective=asked.objective,
        goal=asked.goal,
    )
    return priced(made), options, duty


def priced(p: Program) -> Program:
    """What has no price cannot be bought where money counts; elsewhere it costs nothing."""
    counts = p.objective == "cost" or math.isfinite(p.budget)
    additions = tuple(
        replace(x, cost=0.0, bars=(*x.bars, "no price")) if not math.isfinite(x.cost) and counts
        else replace(x, cost=x.cost if math.isfinite(x.cost) else 0.0)
        for x in p.additions
    )  # fmt: skip
    return replace(p, additions=additions)


def _nations(g: Ground, counted: set[str]) -> dict[str, tuple[int, ...]]:
    assets = g.a.w.assets
    attacked = dict.fromkeys(x.asset for x in g.groups if assets[x.asset].population > 0.0)
    found: dict[str, list[int]] = {}
    for a in attacked:
        found.setdefault(assets[a].nation, []).append(a)
    return {n: tuple(rows) for n, rows in found.items() if n in counted}


def capacity(g: Ground, b: int) -> int:
    """The most rounds that a battery holds: its type's, or what it has."""
    f = g.a.w.batteries[b]
    return max(f.system.rounds, f.rounds)


def _pools(g: Ground) -> tuple[tuple[float, ...], dict[int, int]]:
    """Stocks that are shared out, and the pool of each battery that draws on one.

    A stock is of one type and one owner: rounds cross to another owner only by a transfer.
    """
    of: dict[tuple[str, str], list[int]] = {}
    for b, f in enumerate(g.a.w.batteries):
        if b not in set(g.own.values()) and f.battery.source != ADDED:
            of.setdefault((f.battery.owner, f.interceptor.name), []).append(b)
    stock = {(s.owner, s.interceptor): s.rounds for s in g.case.file.plan.stock}
    pools: list[float] = []
    found: dict[int, int] = {}
    for key, batteries in of.items():
        held = sum(g.a.w.batteries[b].rounds for b in batteries)
        have = stock.get(key, held)
        if key in stock or (len(batteries) > 1 and have < sum(capacity(g, b) for b in batteries)):
            found.update(dict.fromkeys(batteries, len(pools)))
            pools.append(float(have))
    return tuple(pools), found


def _magazines(g: Ground, duty: Duties, pool_of: Mapping[int, int]) -> tuple[Magazine, ...]:
    candidate = {b: c for c, b in g.own.items()}
    found = []
    for b, f in enumerate(g.a.w.batteries):
        kept = {k: float(duty.reserve[b, x.missiles[0]]) for k, x in enumerate(g.groups)}
        reserved = tuple(
            (r, tuple(k for k in kept if kept[k] >= r)) for r in sorted({v for v in kept.values() if v > 0})
        )
        found.append(
            Magazine(
                rounds=float(max(f.rounds - _kept(f.battery), 0)),
                capacity=float(capacity(g, b)),
                pool=pool_of.get(b, -1),
                doctrines=len(g.known[b]),
                addition=candidate.get(b, -1),
                reserved=reserved,
            )
        )
    return tuple(found)


def _kept(battery: Battery) -> int:
    """Rounds that it keeps back for later waves throughout the raid."""
    return battery.reserve if battery.reserve_until_s is None else 0


def _spans(g: Ground, options: Sequence[Option]) -> list[list[tuple[int, float, float, float]]]:
    """(battery, from, to, chance) of every engagement of each option, in the raid's time."""
    return [
        [
            (post.battery, at + start, at + end, chance)
            for post in o.posts
            for t in g.groups[o.group].missiles
            for at in (g.a.w.missiles[t].launch_s,)
            for start, end, chance in post.busy
        ]
        for o in options
    ]


def _least(g: Ground) -> tuple[Least, ...]:
    found = []
    attacked = dict.fromkeys(x.asset for x in g.groups)
    for floor in g.case.file.plan.require:
        own = tuple(a for a in attacked if floor.of in (g.a.w.assets[a].nation, g.a.w.assets[a].name))
        if own:
            found.append(Least(f"{floor.of} at least {floor.share:.0%}", own, floor.share))
    return tuple(found)
