"""Rounds leave: whether a battery may fire now, what doctrine says, and the launch."""

from __future__ import annotations

import math

import numpy as np

from synaspis.engine.heap import post
from synaspis.engine.layout import (
    ASSESS,
    BARRAGE,
    BATTERY,
    BELIEVED_DEAD,
    BT,
    BUSY,
    CHANNELS,
    FIRED,
    FLIGHT,
    FREE,
    GRANTED,
    HEAP,
    HIT,
    IN_FLIGHT,
    INTERCEPT,
    INTERVAL,
    LAST,
    LAUNCH,
    LAUNCH_S,
    LEFT,
    LOOK_AT,
    MISSILE,
    NEXT,
    OWNER,
    READY,
    RESERVE,
    SALVO,
    SALVO_BASE,
    SB,
    SBT,
    SHARE,
    SHORT,
    SNT,
    TRACKED,
    WAITING,
    WIN,
    N,
    State,
    Tables,
)
from synaspis.engine.log import note
from synaspis.kernels.jit import lean_inlined, lean_kernel


@lean_inlined
def _meets(tables: Tables, b: int, t: int, now: float) -> float:
    """When a launch ordered at `now` meets the missile: the next tabulated launch's intercept."""
    win, u, launch_s = tables[WIN], tables[FLIGHT][t], tables[MISSILE][LAUNCH_S, t]
    first, last = win[LAUNCH, b, u, 0], tables[BT][t, LAST, b] - launch_s
    when = now - launch_s
    j = 0
    if when > first:
        top = win.shape[3] - 1
        j = top
        if last > first:
            j = min(math.ceil((when - first) / (last - first) * top - 1e-9), top)
    return win[INTERCEPT, b, u, j] + launch_s


@lean_inlined
def _holds_fire(tables: Tables, state: State, b: int, t: int, now: float) -> bool:
    """Whether doctrine keeps the battery from firing now: the look at another shot comes first.

    A battery that could not fire after that look does not wait for it.
    """
    fired = state[SBT][t, FIRED, b] > 0.0
    if tables[BATTERY][BARRAGE, b] > 0.0:
        return fired
    owner = int(tables[BATTERY][OWNER, b])
    if state[SNT][t, IN_FLIGHT, owner] == 0.0:
        return False
    look = state[SNT][t, LOOK_AT, owner]
    return (fired and look > now) or look <= tables[BT][t, LAST, b]


@lean_kernel
def fire(tables: Tables, state: State, b: int, t: int, now: float) -> None:
    """Fire if every gate is open; otherwise arrange to try again when the closed one may open."""
    battery, bt = tables[BATTERY], tables[BT]
    snt, sbt, sb = state[SNT], state[SBT], state[SB]
    owner = int(battery[OWNER, b])
    if sbt[t, TRACKED, b] == np.inf or sbt[t, GRANTED, b] > now or snt[t, BELIEVED_DEAD, owner] > 0.0:
        return
    when = max(now, sbt[t, TRACKED, b], sb[FREE, b])
    if when > bt[t, LAST, b] or _holds_fire(tables, state, b, t, now):
        return
    if when > now:
        if sbt[t, NEXT, b] != when:
            sbt[t, NEXT, b] = when
            post(state[HEAP], state[N], when, READY, b, t)
        return
    spare = sb[LEFT, b] - bt[t, RESERVE, b]
    if spare <= 0.0 or sb[BUSY, b] >= battery[CHANNELS, b]:
        sbt[t, SHORT, b] = 1.0
        sbt[t, WAITING, b] = 1.0 if spare > 0.0 else 0.0
        return
    _launch(tables, state, b, t, int(min(battery[SALVO, b], spare)), now)


@lean_inlined
def _launch(tables: Tables, state: State, b: int, t: int, salvo: int, now: float) -> None:
    """Rounds leave; those who are told of it count them until the look."""
    battery, share = tables[BATTERY], tables[SHARE]
    snt, sbt, sb = state[SNT], state[SBT], state[SB]
    meets = _meets(tables, b, t, now)
    look = meets + battery[ASSESS, b]
    sb[LEFT, b] -= salvo
    sb[FREE, b] = now + battery[INTERVAL, b]
    sb[BUSY, b] += 1.0
    sbt[t, FIRED, b] += salvo
    sbt[t, WAITING, b] = 0.0
    owner = int(battery[OWNER, b])
    for w in range(share.shape[0]):
        if share[owner, w] > 0:
            snt[t, IN_FLIGHT, w] += 1.0
            if snt[t, IN_FLIGHT, w] == 1.0 or look > snt[t, LOOK_AT, w]:
                snt[t, LOOK_AT, w] = look
    note(state, now, READY, b, t, salvo)
    post(state[HEAP], state[N], meets, HIT, b, t * SALVO_BASE + salvo)
