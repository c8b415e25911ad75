"""Rounds leave: whether a battery may fire now, what doctrine says, and the launch."""

from __future__ import annotations

import math

import numpy as np

from synaspis.engine.heap import post
from synaspis.engine.layout import (
    ALOFT,
    ASSESS,
    BATTERY,
    BELIEVED_DEAD,
    BT,
    BUSY,
    CHANNELS,
    DOUBLED,
    FIRED,
    FLIGHT,
    FREE,
    FREED,
    GRANTED,
    HEAP,
    HIT,
    IN_FLIGHT,
    INTERCEPT,
    INTERVAL,
    KILLER,
    LAST,
    LAUNCH,
    LAUNCH_S,
    LEFT,
    LOOK_AT,
    MISSILE,
    NEXT,
    OWNER,
    QUEUE,
    READY,
    RESERVE,
    SALVO,
    SALVO_BASE,
    SALVOS,
    SB,
    SBT,
    SENT,
    SHARE,
    SHORT,
    SNT,
    STIRRED,
    TRACKED,
    UNDER_WAY,
    WAITING,
    WAKE,
    WANTS,
    WIN,
    N,
    State,
    Tables,
)
from synaspis.engine.log import note
from synaspis.engine.placing import best_placed, holds_fire, kept_for_more, spare_rounds
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


@lean_kernel
def fire(tables: Tables, state: State, b: int, t: int, now: float) -> None:
    """Fire if every gate is open; otherwise arrange to try again when the closed one may open.

    Where batteries tell each other, the best placed of those that could fires in place of `b`; `b` then
    waits for that look, unless it could not fire after it.
    """
    battery, bt = tables[BATTERY], tables[BT]
    snt, sbt, sb = state[SNT], state[SBT], state[SB]
    owner = int(battery[OWNER, b])
    if sbt[t, TRACKED, b] == np.inf or sbt[t, GRANTED, b] > now or snt[t, BELIEVED_DEAD, owner] > 0.0:
        return
    when = max(now, sbt[t, TRACKED, b], sb[FREE, b])
    if when > bt[t, LAST, b] or holds_fire(tables, state, b, t, now):
        return
    if when > now:
        if sbt[t, NEXT, b] != when:
            sbt[t, NEXT, b] = when
            post(state[HEAP], state[N], when, READY, b, t)
        return
    spare = spare_rounds(tables, state, b, t, now)
    if spare <= 0.0 or sb[BUSY, b] >= battery[CHANNELS, b]:
        _wait(state, b, t, now, np.inf, sb[LEFT, b] > bt[t, RESERVE, b])
        return
    kept, until = kept_for_more(tables, state, b, t, spare, now)
    if kept >= spare:
        _wait(state, b, t, now, until, True)
        return
    best = b if sbt[t, SENT, b] > 0.0 else best_placed(tables, state, b, t, now)
    if best != b:
        theirs = spare_rounds(tables, state, best, t, now)
        theirs -= kept_for_more(tables, state, best, t, theirs, now)[0]
        _launch(tables, state, best, t, theirs, now)
    if best == b or not holds_fire(tables, state, b, t, now):
        _launch(tables, state, b, t, spare - kept, now)


@lean_inlined
def _wait(state: State, b: int, t: int, now: float, until_s: float, may: bool) -> None:
    """Missile `t` waits for a round or a channel of battery `b`, where it `may` yet get one."""
    sbt, sb = state[SBT], state[SB]
    sbt[t, SHORT, b] = 1.0
    if may and sbt[t, WAITING, b] == 0.0:
        sbt[t, WAITING, b] = 1.0
        sb[QUEUE, b] += 1.0
    if may and until_s < np.inf and not now < sb[WAKE, b] <= until_s:
        sb[WAKE, b] = until_s
        post(state[HEAP], state[N], until_s, FREED, b, 0)


@lean_inlined
def wake(state: State, b: int, now: float) -> None:
    """Have battery `b` look at what waits for it, at the end of this moment."""
    sb = state[SB]
    if sb[STIRRED, b] != now:
        sb[STIRRED, b] = now
        post(state[HEAP], state[N], now, FREED, b, 0)


@lean_inlined
def wake_others(tables: Tables, state: State, owner: int, t: int, now: float) -> None:
    """Missile `t` wants no rounds for now: those told of it by `owner`, who kept some for it, look again."""
    share, battery, last = tables[SHARE], tables[BATTERY], tables[BT][t, LAST]
    for i in range(battery.shape[1]):
        if state[SB][QUEUE, i] > 0.0 and last[i] > now and share[owner, int(battery[OWNER, i])] > 0:
            wake(state, i, now)


@lean_kernel
def on_freed(tables: Tables, state: State, b: int, now: float) -> None:
    """What waits for battery `b` tries again, the most valued first."""
    wants, sb, sbt = tables[WANTS], state[SB], state[SBT]
    sb[STIRRED, b] = -np.inf
    for j in range(wants.shape[1]):
        t = wants[b, j]
        if t < 0 or sb[QUEUE, b] == 0.0:
            break
        if sbt[t, WAITING, b] > 0.0:
            _leave_queue(state, b, t)
            fire(tables, state, b, t, now)


@lean_inlined
def _leave_queue(state: State, b: int, t: int) -> None:
    if state[SBT][t, WAITING, b] > 0.0:
        state[SBT][t, WAITING, b] = 0.0
        state[SB][QUEUE, b] -= 1.0


@lean_inlined
def _untold(tables: Tables, state: State, b: int, t: int) -> bool:
    """Whether another owner, who did not tell, has rounds on their way to missile `t` or has killed it."""
    share, battery, killer = tables[SHARE], tables[BATTERY], state[KILLER][t]
    owner = int(battery[OWNER, b])
    if state[ALOFT][t] > state[SNT][t, IN_FLIGHT, owner]:
        return True
    return killer >= 0 and share[int(battery[OWNER, killer]), owner] == 0


@lean_kernel
def _launch(tables: Tables, state: State, b: int, t: int, spare: float, now: float) -> None:
    """Rounds leave, a salvo or what is to `spare`; those who are told of it count them until the look."""
    battery, share = tables[BATTERY], tables[SHARE]
    snt, sbt, sb = state[SNT], state[SBT], state[SB]
    salvo = int(min(tables[BT][t, SALVO, b], spare))
    if _untold(tables, state, b, t):
        sb[DOUBLED, b] += salvo
    meets = _meets(tables, b, t, now)
    look = meets + battery[ASSESS, b]
    sb[LEFT, b] -= salvo
    sb[FREE, b] = now + battery[INTERVAL, b]
    sb[BUSY, b] += 1.0
    sbt[t, FIRED, b] += salvo
    sbt[t, SENT, b] += 1.0
    sbt[t, UNDER_WAY, b] += 1.0
    _leave_queue(state, b, t)
    owner = int(battery[OWNER, b])
    state[ALOFT][t] += 1.0
    for w in range(share.shape[0]):
        if share[owner, w] > 0:
            snt[t, IN_FLIGHT, w] += 1.0
            if snt[t, IN_FLIGHT, w] == 1.0 or look > snt[t, LOOK_AT, w]:
                snt[t, LOOK_AT, w] = look
    note(state, now, READY, b, t, salvo)
    post(state[HEAP], state[N], meets, HIT, b, t * SALVO_BASE + salvo)
    if sbt[t, SENT, b] < battery[SALVOS, b]:
        sbt[t, NEXT, b] = sb[FREE, b]
        post(state[HEAP], state[N], sb[FREE, b], READY, b, t)
    wake_others(tables, state, owner, t, now)
