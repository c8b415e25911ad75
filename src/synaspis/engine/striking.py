"""Rounds arrive, and somebody looks: hit or miss, dead or alive, and who shoots again."""

from __future__ import annotations

import numpy as np

from synaspis.engine.heap import post
from synaspis.engine.layout import (
    ALOFT,
    ARRIVED,
    ASSESS,
    ASTRAY,
    BATTERY,
    BATTERY_ID,
    BELIEVED_DEAD,
    BT,
    BUSY,
    CHANCES,
    CHANNELS,
    DECOYS,
    FATE,
    FIRED,
    HEAP,
    HIT,
    IDS,
    IN_FLIGHT,
    KILLED,
    KILLED_ASTRAY,
    KILLER,
    LEAKED,
    LOOK,
    MISSILE_ID,
    NOBODY,
    OBJECT_BASE,
    OWNER,
    P_CONFUSION,
    P_DEFECT,
    P_KILL,
    QUEUE,
    SALVO_BASE,
    SB,
    SBT,
    SENT,
    SHARE,
    SNT,
    SPENT_BODIES,
    TOGETHER,
    TURN,
    TYPE_ID,
    UNDER_WAY,
    WASTED,
    WRONG_LOOK,
    N,
    State,
    Tables,
)
from synaspis.engine.log import note
from synaspis.engine.shooting import fire, wake, wake_others
from synaspis.kernels import dice
from synaspis.kernels.dice import die
from synaspis.kernels.jit import lean_inlined


@lean_inlined
def _taken(key: np.uint64, tables: Tables, b: int, t: int) -> int:
    """How many of the objects beside missile `t` that battery `b` can see it takes for the warhead.

    Above the atmosphere only: the chance is 0 for every other layer. Each object has one die in a trial,
    so that layers and batteries alike in this are misled by the same objects.
    """
    chance, missile = tables[BATTERY][P_CONFUSION, b], tables[IDS][MISSILE_ID][t]
    found = 0
    for kind in range(2 if chance > 0.0 else 0):
        for i in range(int(tables[BT][t, SPENT_BODIES + kind, b])):
            if die(key, dice.MISTAKEN, missile, NOBODY, OBJECT_BASE * kind + i) < chance:
                found += 1
    return found


@lean_inlined
def _chance(key: np.uint64, tables: Tables, b: int, t: int) -> float:
    """Chance that a sound round at the warhead kills: one draw for all shots of a type in a trial."""
    row = int(tables[BT][t, TOGETHER, b])
    if row < 0:
        return tables[BT][t, P_KILL, b]
    chances = tables[CHANCES]
    u = die(key, dice.TYPE_CHANCE, tables[IDS][TYPE_ID][b], NOBODY, 0)
    return chances[row, int(u * chances.shape[1])]


@lean_inlined
def on_hit(key: np.uint64, tables: Tables, state: State, b: int, packed: int, now: float) -> None:
    """Rounds arrive. A fault of the type, of discrimination, or plain luck decides.

    Each round goes at one of the things taken for the warhead; at another than it, the round is wasted.
    The log holds 1 for a kill, -1 where every round went at another thing, else 0.
    """
    ids, battery, fate = tables[IDS], tables[BATTERY], state[FATE]
    t, salvo = packed // SALVO_BASE, packed % SALVO_BASE
    killed, astray = False, 0
    if fate[t] in (LEAKED, ASTRAY):
        sound = die(key, dice.TYPE_DEFECT, ids[TYPE_ID][b], NOBODY, 0) >= battery[P_DEFECT, b]
        told = die(key, dice.CONFUSED, ids[MISSILE_ID][t], NOBODY, 0) >= battery[P_CONFUSION, b]
        others = _taken(key, tables, b, t)
        beside = tables[BT][t, SPENT_BODIES, b] + tables[BT][t, DECOYS, b]
        chance = _chance(key, tables, b, t)
        before = int(state[SBT][t, ARRIVED, b])
        for r in range(salvo):
            shot = before + 1 + r
            right = told
            if told and others > 0:
                right = (
                    die(key, dice.AIMED, ids[BATTERY_ID][b], ids[MISSILE_ID][t], shot) * (others + 1) < 1.0
                )
            if not right:
                astray += 1 if beside > 0.0 else 0
            elif sound and die(key, dice.HITS, ids[BATTERY_ID][b], ids[MISSILE_ID][t], shot) < chance:
                killed = True
    if killed:
        fate[t] = KILLED if fate[t] == LEAKED else KILLED_ASTRAY
        state[KILLER][t] = b
    state[SBT][t, ARRIVED, b] += salvo
    if state[SB][QUEUE, b] > 0.0 and state[SB][BUSY, b] >= battery[CHANNELS, b]:
        wake(state, b, now)
    state[SB][BUSY, b] -= 1.0
    state[SB][WASTED, b] += astray
    note(state, now, HIT, b, t, 1.0 if killed else -1.0 if astray == salvo else 0.0)
    post(state[HEAP], state[N], now + battery[ASSESS, b], LOOK, b, t)


@lean_inlined
def on_look(key: np.uint64, tables: Tables, state: State, b: int, t: int, now: float) -> None:
    """The look after a shot, which may err. Those who are told stop, or shoot again.

    Of salvos fired in sequence only the last under way is followed by a look.
    """
    ids, battery, share = tables[IDS], tables[BATTERY], tables[SHARE]
    snt, sbt, fate = state[SNT], state[SBT], state[FATE]
    owner = int(battery[OWNER, b])
    state[ALOFT][t] -= 1.0
    for w in range(share.shape[0]):
        if share[owner, w] > 0:
            snt[t, IN_FLIGHT, w] -= 1.0
    sbt[t, UNDER_WAY, b] -= 1.0
    if sbt[t, UNDER_WAY, b] > 0.0:
        return
    sbt[t, SENT, b] = 0.0
    u = die(key, dice.LOOKS, ids[BATTERY_ID][b], ids[MISSILE_ID][t], int(sbt[t, FIRED, b]))
    dead = (fate[t] in (KILLED, KILLED_ASTRAY)) != (u < battery[WRONG_LOOK, b])
    note(state, now, LOOK, b, t, 1.0 if dead else 0.0)
    if dead:
        for w in range(share.shape[0]):
            if share[owner, w] > 0:
                snt[t, BELIEVED_DEAD, w] = 1.0
        wake_others(tables, state, owner, t, now)
    else:
        turn = tables[TURN]
        for j in range(turn.shape[0]):
            if share[owner, int(battery[OWNER, turn[j]])] > 0:
                fire(tables, state, turn[j], t, now)
