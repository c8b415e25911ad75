"""Which battery fires at what: the best placed of those that tell each other, and rounds kept for more.

Local rules, asked each time something changes; nothing looks ahead, and nothing is solved for all at once.
See docs/decisions/doctrine-and-assignment.md.
"""

from __future__ import annotations

import numpy as np

from synaspis.engine.heap import Ints
from synaspis.engine.layout import (
    ABOVE,
    BARRAGE,
    BATTERY,
    BELIEVED_DEAD,
    BT,
    BUSY,
    CHANNELS,
    EXPECTED,
    FIRED,
    FREE,
    GRANTED,
    HOLD_KNOWN,
    IN_FLIGHT,
    KEPT,
    KEPT_UNTIL,
    LAST,
    LEFT,
    LOOK_AT,
    OWNER,
    RESERVE,
    SALVO,
    SALVOS,
    SB,
    SBT,
    SENT,
    SHARE,
    SNT,
    TRACKED,
    TURN,
    WANTED,
    WANTS,
    State,
    Tables,
)
from synaspis.kernels.jit import lean_inlined, lean_kernel


@lean_inlined
def spare_rounds(tables: Tables, state: State, b: int, t: int, now: float) -> float:
    """Rounds that battery `b` may spend on missile `t`: of its two reserves the larger stays."""
    battery = tables[BATTERY]
    kept = battery[KEPT, b] if now < battery[KEPT_UNTIL, b] else 0.0
    return state[SB][LEFT, b] - max(kept, tables[BT][t, RESERVE, b])


@lean_inlined
def _may_be_needed(tables: Tables, state: State, b: int, t: int, now: float) -> bool:
    """Whether the owner knows of a missile that `b` may yet meet, and of no rounds on their way to it."""
    snt, owner = state[SNT], int(tables[BATTERY][OWNER, b])
    if snt[t, HOLD_KNOWN, owner] > now or snt[t, BELIEVED_DEAD, owner] > 0.0:
        return False
    if snt[t, IN_FLIGHT, owner] > 0.0 or tables[BT][t, LAST, b] <= now:
        return False
    return not (tables[BATTERY][BARRAGE, b] > 0.0 and state[SBT][t, FIRED, b] > 0.0)


@lean_kernel
def kept_for_more(
    tables: Tables, state: State, b: int, t: int, spare: float, now: float
) -> tuple[float, float]:
    """Rounds, up to `spare`, that `b` keeps for known missiles at more valued places, and until when.

    Until the first of those missiles is past its last launch; inf where none is kept.
    """
    wants, kept, until = tables[WANTS], 0.0, np.inf
    if spare >= tables[BATTERY][WANTED, b]:
        return kept, until
    for j in range(int(tables[BT][t, ABOVE, b])):
        other = wants[b, j]
        if _may_be_needed(tables, state, b, other, now):
            kept += tables[BT][other, SALVO, b]
            until = min(until, tables[BT][other, LAST, b])
            if kept >= spare:
                return spare, until
    return kept, until


@lean_kernel
def _plenty(tables: Tables, state: State, b: int, t: int, now: float) -> float:
    """Spare rounds for each round that `b` may be needed for, missile `t` among them."""
    wants, needed = tables[WANTS], tables[BT][t, SALVO, b]
    for j in range(wants.shape[1]):
        other = wants[b, j]
        if other < 0:
            break
        if other != t and _may_be_needed(tables, state, b, other, now):
            needed += tables[BT][other, SALVO, b]
    return spare_rounds(tables, state, b, t, now) / needed


@lean_inlined
def holds_fire(tables: Tables, state: State, b: int, t: int, now: float) -> bool:
    """Whether doctrine keeps the battery from firing now: the look at another shot comes first.

    What it fires in sequence before a look it does not hold back. A battery that could not fire after the
    look at another's shot does not wait for it.
    """
    sent = state[SBT][t, SENT, b]
    if 0.0 < sent < tables[BATTERY][SALVOS, b]:
        return False
    fired = state[SBT][t, FIRED, b] > 0.0
    if tables[BATTERY][BARRAGE, b] > 0.0:
        return fired
    owner = int(tables[BATTERY][OWNER, b])
    if state[SNT][t, IN_FLIGHT, owner] == 0.0:
        return False
    look = state[SNT][t, LOOK_AT, owner]
    return (fired and look > now) or look <= tables[BT][t, LAST, b]


@lean_kernel
def _ready(tables: Tables, state: State, b: int, t: int, now: float) -> bool:
    """Whether every gate before battery `b` is open at this moment."""
    sbt, sb, owner = state[SBT], state[SB], int(tables[BATTERY][OWNER, b])
    if sbt[t, TRACKED, b] > now or sbt[t, GRANTED, b] > now or now > tables[BT][t, LAST, b]:
        return False
    if state[SNT][t, BELIEVED_DEAD, owner] > 0.0 or sb[FREE, b] > now:
        return False
    spare = spare_rounds(tables, state, b, t, now)
    if spare <= 0.0 or sb[BUSY, b] >= tables[BATTERY][CHANNELS, b]:
        return False
    if holds_fire(tables, state, b, t, now):
        return False
    return spare > kept_for_more(tables, state, b, t, spare, now)[0]


@lean_inlined
def best_placed(tables: Tables, state: State, b: int, t: int, now: float) -> int:
    """The battery that fires at missile `t` where `b` could: the best of those ready now.

    Among batteries whose owners and that of `b` tell each other of engagements: the highest chance to kill,
    then the most spare rounds for each that it may be needed for, then the order of names' hashes.
    """
    share, turn, expected = tables[SHARE], tables[TURN], tables[BT][t, EXPECTED]
    owner = int(tables[BATTERY][OWNER, b])
    best, plenty = b, -1.0
    for j in range(turn.shape[0]):
        i = turn[j]
        other = int(tables[BATTERY][OWNER, i])
        if i == b or share[owner, other] == 0 or share[other, owner] == 0 or expected[i] < expected[best]:
            continue
        if not _ready(tables, state, i, t, now):
            continue
        if expected[i] > expected[best]:
            best, plenty = i, -1.0
            continue
        if plenty < 0.0:
            plenty = _plenty(tables, state, best, t, now)
        mine = _plenty(tables, state, i, t, now)
        if mine > plenty or (mine == plenty and _comes_before(turn, i, best)):
            best, plenty = i, mine
    return best


@lean_inlined
def _comes_before(turn: Ints, i: int, other: int) -> bool:
    """Whether battery row `i` stands before row `other` in `turn`."""
    for j in range(turn.shape[0]):
        if turn[j] == i:
            return True
        if turn[j] == other:
            return False
    return False
