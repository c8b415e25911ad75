"""The engine's word on a plan: the same raid and luck, as things stand and with the plan carried out.

Batteries do first what they are responsible for, by the doctrine and with the rounds of the plan; a backup
that is told holds its fire until the primary's looks are over. What a battery is likely to need for that is
kept back; with the rest it helps wherever the regime lets it, as it does today.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.arms import ranked, value
from synaspis.engine.batch import Outcomes, Playing, begin
from synaspis.engine.tables import EngineTables
from synaspis.engine.workers import pool_of
from synaspis.engine.world import World
from synaspis.kernels.dice import name_hashes
from synaspis.model.plan import Played
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Begun, protected_by_trial, pure
from synaspis.studies.paired import gain
from synaspis.studies.planning.options import Doctrine, Option

LATER = 100.0
"""Added to the rank of what a battery is not responsible for."""


@dataclass(frozen=True)
class Orders:
    """A plan as batteries get it: rows of batteries and missiles.

    `assigned` (B, T); `waits_s` (B, T) after the missile's launch; doctrine and rounds by battery.
    """

    assigned: NDArray[np.bool_]
    waits_s: NDArray[np.float64]
    keeps: NDArray[np.float64]
    doctrines: Mapping[int, Doctrine]
    rounds: Mapping[int, int]


def orders(
    a: Arena, options: Sequence[Option], missiles: Sequence[Sequence[int]],
    doctrines: Mapping[int, Doctrine], rounds: Mapping[int, int],
) -> Orders:  # fmt: skip
    """What the chosen `options` order; `missiles` are those of each group."""
    shape = (len(a.w.batteries), len(a.w.missiles))
    assigned, waits = np.zeros(shape, np.bool_), np.full(shape, -math.inf)
    keeps = np.zeros(shape[0])
    for o in options:
        for post in o.posts:
            keeps[post.battery] += post.rounds * len(missiles[o.group])
            for t in missiles[o.group]:
                assigned[post.battery, t] = True
                waits[post.battery, t] = max(waits[post.battery, t], post.waits_s)
    return Orders(assigned, waits, np.ceil(keeps), doctrines, rounds)


def planned(compiled: EngineTables, plan: Orders, w: World) -> EngineTables:
    """Compiled rules with the plan's orders over them."""
    bt = compiled.bt.transpose(1, 2, 0).copy()
    battery = compiled.battery.copy()
    launch_s = np.array([m.launch_s for m in w.missiles])
    mine, keeps = plan.assigned, plan.keeps[:, None]
    bt[rows.FIRE_CONTROL] = np.maximum(bt[rows.FIRE_CONTROL], plan.waits_s + launch_s)
    bt[rows.RESERVE] = np.where(mine, bt[rows.RESERVE], np.maximum(bt[rows.RESERVE], keeps))
    bt[rows.RANK] = np.where(mine, bt[rows.RANK], bt[rows.RANK] + LATER)
    for b, d in plan.doctrines.items():
        own = w.batteries[b].battery
        if (d.name, d.salvo) != (own.doctrine, own.salvo):
            bt[rows.SALVO, b] = d.salvo
            battery[rows.SALVOS, b], battery[rows.BARRAGE, b] = d.salvos, float(d.barrage)
    for b, n in plan.rounds.items():
        battery[rows.ROUNDS, b] = n
    wants, battery[rows.WANTED] = ranked(bt, value(w), name_hashes(tuple(m.name for m in w.missiles)))
    return replace(compiled, bt=np.ascontiguousarray(bt.transpose(2, 0, 1)), battery=battery, wants=wants)


def play(
    before: tuple[Arena, Rules], after: tuple[Arena, Rules], plan: Orders, seed: int, trials: int, jobs: int
) -> Played:
    """Both, on the same luck."""
    with pool_of(jobs) as pool:
        stands = before[0].begin(pure(before[1]), seed, trials)
        a = after[0]
        lots = a.lots(pure(after[1]), seed, trials, False)
        playing: list[Playing] = [
            begin(planned(compiled, plan, a.w), seed, numbers, pool) for compiled, numbers in lots
        ]
        done = Begun(tuple(numbers for _, numbers in lots), tuple(playing)).outcomes()
        return _played(before[0], stands.outcomes(), done, seed, trials)


def _played(a: Arena, stands: Outcomes, done: Outcomes, seed: int, trials: int) -> Played:
    people = np.array([x.population for x in a.w.assets])
    saved, shares, leaked = [], [], []
    for out in (stands, done):
        undefended, defended = protected_by_trial(a.w, out)
        saved.append((undefended - defended) @ people)
        shares.append(_worst(a, undefended, defended, people))
        leaked.append(float((out.fate == rows.LEAKED).sum(axis=1).mean()))
    change = gain(saved[1] - saved[0])
    return Played(
        trials=trials,
        seed=seed,
        as_it_stands=float(saved[0].mean()),
        planned=float(saved[1].mean()),
        difference=change.value,
        error=change.error,
        worst_as_it_stands=shares[0],
        worst_planned=shares[1],
        leakers_as_it_stands=leaked[0],
        leakers_planned=leaked[1],
        rounds_as_it_stands=float(stands.rounds.sum(axis=1).mean()),
        rounds_planned=float(done.rounds.sum(axis=1).mean()),
    )


def _worst(
    a: Arena, undefended: NDArray[np.float64], defended: NDArray[np.float64], people: NDArray[np.float64]
) -> float:
    """The least share of a nation's people at risk who are protected."""
    nations = np.array([x.nation for x in a.w.assets])
    risk, safe = undefended.mean(axis=0) * people, (undefended - defended).mean(axis=0) * people
    shares = [
        safe[nations == n].sum() / risk[nations == n].sum()
        for n in a.w.nations
        if risk[nations == n].sum() > 0.0
    ]
    return float(min(shares, default=0.0))
