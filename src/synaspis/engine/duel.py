"""One battery against one missile, with rounds, channels and time enough: what a formula can check.

The tables are made by hand, and played by the same kernels as any raid.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synaspis.engine import layout as rows
from synaspis.engine.arms import ALONE, Floats, beta_steps, lone_p_kill
from synaspis.engine.tables import NO_GATE, EngineTables, battery_row
from synaspis.kernels.dice import name_hashes
from synaspis.model.battery import Battery, Interceptor, System

FLIGHT_S = 1.0
"""From launch to intercept."""
CERTAIN = np.log(1e-12)
"""Logarithm of the chance that a look at the missile does not find it."""


def duel_tables(b: Battery, s: System, r: Interceptor, category: str, looks: int) -> EngineTables:
    """Tables of a duel in which doctrine lets the battery engage `looks` times, each followed by a look.

    The missile flies, lands where it is aimed, has no objects beside it, and is seen, known, tracked and
    ordered to be engaged at 0 s. All that is fired in one engagement leaves at the same tabulated launch.
    """
    b = replace(b, availability=1.0, reserve=0, reserve_until_s=None)
    pace = 2.0 * (FLIGHT_S + r.assess_s + s.launch_interval_s)
    launches = pace * np.arange(1, looks + 1)
    rounds = 2 * b.salvo * looks
    battery = (*battery_row(b, replace(s, channels=2), r, rounds), b.salvo)
    bt, chances = _pair(b, r, category, float(launches[-1]))
    missile = np.array([[0.0], [launches[-1] + 2.0 * pace], [1.0], [1.0]])
    nothing, one = np.zeros((1, 1)), np.ones((1, 1), np.uint8)
    names = (f"{category} duel", b.name, "watch", b.owner)
    hashes = [name_hashes((name,)) for name in (*names, "order", r.name, "area")]
    hashes[rows.CLAUSE_ID] = hashes[rows.CLAUSE_ID].reshape(1, 1)
    return EngineTables(
        ids=tuple(hashes),
        st=np.array([0.0, CERTAIN, 1.0]).reshape(3, 1, 1),
        nt=np.array([0.0, 0.0, 1.0]).reshape(1, 3, 1),
        bt=bt,
        win=np.stack([launches, launches + FLIGHT_S]).reshape(2, 1, 1, -1),
        flight=np.zeros(1, np.int64),
        missile=missile,
        battery=np.array(battery, float).reshape(-1, 1),
        route=np.array([1.0, 0.0, 0.0, 0.0, 0.0, 1.0]).reshape(6, 1, 1),
        decider=np.full((1, 1, 1), -1, np.int64),
        allows=one.reshape(1, 1, 1),
        consent=np.full((4, 1, 1), -1.0),
        asks=np.zeros((1, 1, 1, 1), np.uint8),
        holds=np.zeros((2, 1, 1)),
        serves=nothing,
        share=one,
        reach=np.ones((1, 1), np.bool_),
        target=np.zeros(1, np.int64),
        near=np.ones((1, 1), np.bool_),
        asset_nation=np.zeros(1, np.int64),
        dissemination_s=np.zeros(1),
        seen=np.zeros((1, 1, 1)),
        until=np.ones(1),
        wants=np.zeros((1, 1), np.int64),
        turn=np.zeros(1, np.int64),
        chances=chances,
    )


def _pair(b: Battery, r: Interceptor, category: str, last_s: float) -> tuple[Floats, Floats]:
    """`bt` (1, 13, 1) and `chances` of the one pair."""
    bt = np.zeros((1, 13, 1))
    chance = lone_p_kill(r, category)
    together = r.correlation > 0.0 and 0.0 < chance < 1.0
    bt[0, rows.LAST], bt[0, rows.MANDATE], bt[0, rows.GATE] = last_s, 1.0, NO_GATE
    bt[0, rows.P_KILL], bt[0, rows.EXPECTED] = chance, r.p_kill.get(category, 0.0)
    bt[0, rows.SALVO], bt[0, rows.TOGETHER] = b.salvo, 0.0 if together else ALONE
    return bt, beta_steps(chance, r.correlation)[None] if together else np.zeros((1, 1))
