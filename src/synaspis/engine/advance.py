"""The event kernel: detect, know, decide, launch, intercept, look, shoot again.

State and tables are plain arrays grouped by index space, handed over as two tuples; `layout` says what
each holds. The heap's order is total: time, kind, a, b. `start` fills the state for one trial, `advance`
plays events until a time; a batch advances to infinity. Times are seconds from the start of the raid.
"""

from __future__ import annotations

import math

import numpy as np

from synaspis.engine.asking import ask
from synaspis.engine.heap import COUNT, EVENTS, LOGGED, Floats, Ints, pop, post
from synaspis.engine.layout import (
    ACTS,
    AREA_ID,
    ASSESS,
    ASTRAY,
    BARRAGE,
    BATTERY,
    BATTERY_ID,
    BELIEVED_DEAD,
    BT,
    BUSY,
    CHANNELS,
    DECOYS,
    DETECT,
    DUD,
    FATE,
    FIRE_CONTROL,
    FIRED,
    FIRST,
    FLIGHT,
    FREE,
    GRANT,
    GRANTED,
    HEAP,
    HIT,
    HOLD_KNOWN,
    HOLD_WARNED,
    HOLDS,
    IDS,
    IN_FLIGHT,
    INTERCEPT,
    INTERVAL,
    KILLED,
    KILLED_ASTRAY,
    KILLER,
    KNOW,
    KNOWN,
    LAST,
    LAUNCH,
    LAUNCH_S,
    LEAKED,
    LEFT,
    LOG,
    LOG_MISS,
    LOOK,
    LOOK_AT,
    MANDATE,
    MISSILE,
    MISSILE_ID,
    NEXT,
    NOBODY,
    NT,
    OBJECT_BASE,
    OWNER,
    P_CONFUSION,
    P_DEFECT,
    P_KILL,
    P_LAND,
    RANK,
    READY,
    READY_CHANCE,
    RELIABILITY,
    RESERVE,
    ROUNDS,
    SALVO,
    SALVO_BASE,
    SB,
    SBT,
    SCAN_S,
    SEEN_IN,
    SERVES,
    SHARE,
    SHORT,
    SNT,
    SPENT_BODIES,
    ST,
    STATION_ID,
    TRACKED,
    TYPE_ID,
    UNTIL,
    WAITING,
    WARNED,
    WASTED,
    WIN,
    WORK,
    WRONG_LOOK,
    N,
    State,
    Tables,
)
from synaspis.engine.weather import weather_of
from synaspis.kernels import dice
from synaspis.kernels.dice import die
from synaspis.kernels.jit import lean_inlined, lean_kernel


@lean_inlined
def _note(state: State, time_s: float, kind: int, a: int, b: int, value: float) -> None:
    """Append to the log where there is one (a log of zero rows costs nothing)."""
    log, n = state[LOG], state[N]
    if n[LOGGED] < log.shape[0]:
        i = n[LOGGED]
        log[i, 0] = time_s
        log[i, 1] = kind
        log[i, 2] = a
        log[i, 3] = b
        log[i, 4] = value
        n[LOGGED] += 1


@lean_kernel
def start(key: np.uint64, tables: Tables, state: State) -> None:
    """State at the start of a trial: magazines full, first detections on the heap.

    `fate` becomes what each missile would do undefended: DUD, ASTRAY or LEAKED.
    """
    snt, sbt, sb, fate = state[SNT], state[SBT], state[SB], state[FATE]
    state[N][:] = 0
    state[KILLER][:] = -1
    snt[:] = 0.0
    sbt[:] = 0.0
    sb[:] = 0.0
    for t in range(fate.shape[0]):
        for i in range(snt.shape[2]):
            snt[t, HOLD_KNOWN, i] = np.inf
            snt[t, HOLD_WARNED, i] = np.inf
        for b in range(sbt.shape[2]):
            sbt[t, GRANTED, b] = np.inf
            sbt[t, TRACKED, b] = np.inf
            sbt[t, NEXT, b] = -np.inf
    for b in range(sb.shape[1]):
        awake = die(key, dice.STANDS_READY, tables[IDS][BATTERY_ID][b], NOBODY, 0)
        ready = awake < tables[BATTERY][READY_CHANCE, b]
        sb[LEFT, b] = tables[BATTERY][ROUNDS, b] if ready else 0.0
    missile, st, first = tables[MISSILE], tables[ST], state[FIRST]
    names, stations = tables[IDS][MISSILE_ID], tables[IDS][STATION_ID]
    for t in range(fate.shape[0]):
        if die(key, dice.FLIES, names[t], NOBODY, 0) >= missile[RELIABILITY, t]:
            fate[t] = DUD
            continue
        fate[t] = LEAKED if die(key, dice.LANDS, names[t], NOBODY, 0) < missile[P_LAND, t] else ASTRAY
        weather = weather_of(key, tables[IDS][AREA_ID][t], tables[UNTIL])
        for s in range(st.shape[1]):
            first[s, t] = tables[SEEN_IN][weather, s, t]
            if first[s, t] < np.inf:
                scans = math.floor(
                    math.log(die(key, dice.SCAN, stations[s], names[t], 0)) / st[LOG_MISS, s, t]
                )
                post(state[HEAP], state[N], first[s, t] + st[SCAN_S, s, t] * scans, DETECT, s, t)


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
    _note(state, now, READY, b, t, salvo)
    post(state[HEAP], state[N], meets, HIT, b, t * SALVO_BASE + salvo)


@lean_inlined
def _on_detect(tables: Tables, state: State, s: int, t: int, now: float) -> None:
    """A sensor has the missile: every holder's picture follows, as late as the sensor was.

    The first loop over each kind of holder is written so that it runs on whole registers.
    """
    nt, bt, holds, serves = tables[NT], tables[BT], tables[HOLDS], tables[SERVES]
    snt, sbt = state[SNT], state[SBT]
    shift = now - state[FIRST][s, t]
    _note(state, now, DETECT, s, t, shift)
    news = 0
    for i in range(nt.shape[2]):
        told = max(nt[t, WARNED, i] + holds[WARNED, s, i] + shift, now)
        snt[t, HOLD_WARNED, i] = min(told, snt[t, HOLD_WARNED, i])
        when = max(nt[t, KNOWN, i] + holds[KNOWN, s, i] + shift, now)
        news += when < snt[t, HOLD_KNOWN, i]
    for i in range(nt.shape[2] if news > 0 else 0):
        when = max(nt[t, KNOWN, i] + holds[KNOWN, s, i] + shift, now)
        if when < snt[t, HOLD_KNOWN, i]:
            snt[t, HOLD_KNOWN, i] = when
            if nt[t, ACTS, i] > 0.0 or state[LOG].shape[0] > 0:  # else nothing comes of it, and nobody looks
                post(state[HEAP], state[N], when, KNOW, i, t)
    news = 0
    for b in range(bt.shape[2]):
        news += max(bt[t, FIRE_CONTROL, b] + serves[s, b] + shift, now) < sbt[t, TRACKED, b]
    for b in range(bt.shape[2] if news > 0 else 0):
        when = max(bt[t, FIRE_CONTROL, b] + serves[s, b] + shift, now)
        if when < sbt[t, TRACKED, b]:
            sbt[t, TRACKED, b] = when
            fire(tables, state, b, t, now)  # the order may have come before the track


@lean_inlined
def _on_know(key: np.uint64, tables: Tables, state: State, a: int, t: int, now: float) -> None:
    """A nation knows where the missile will land: its batteries with a duty there ask for an order."""
    if now > state[SNT][t, HOLD_KNOWN, a]:
        return
    _note(state, now, KNOW, a, t, 0.0)
    if tables[NT][t, ACTS, a] == 0.0:
        return
    bt, battery, sbt = tables[BT], tables[BATTERY], state[SBT]
    for b in range(bt.shape[2]):
        if int(battery[OWNER, b]) == a and bt[t, MANDATE, b] > 0.0 and bt[t, LAST, b] > now:
            when = now + ask(key, tables, state[WORK], b, t)
            if when < sbt[t, GRANTED, b]:
                sbt[t, GRANTED, b] = when
                post(state[HEAP], state[N], when, GRANT, b, t)


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
def _on_hit(key: np.uint64, tables: Tables, state: State, b: int, packed: int, now: float) -> None:
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
        for r in range(salvo):
            shot = int(state[SBT][t, FIRED, b]) - r
            right = told
            if told and others > 0:
                right = (
                    die(key, dice.AIMED, ids[BATTERY_ID][b], ids[MISSILE_ID][t], shot) * (others + 1) < 1.0
                )
            if not right:
                astray += 1 if beside > 0.0 else 0
            elif (
                sound
                and die(key, dice.HITS, ids[BATTERY_ID][b], ids[MISSILE_ID][t], shot)
                < tables[BT][t, P_KILL, b]
            ):
                killed = True
    if killed:
        fate[t] = KILLED if fate[t] == LEAKED else KILLED_ASTRAY
        state[KILLER][t] = b
    state[SB][BUSY, b] -= 1.0
    state[SB][WASTED, b] += astray
    _note(state, now, HIT, b, t, 1.0 if killed else -1.0 if astray == salvo else 0.0)
    post(state[HEAP], state[N], now + battery[ASSESS, b], LOOK, b, t)


@lean_inlined
def _on_look(key: np.uint64, tables: Tables, state: State, b: int, t: int, now: float) -> None:
    """The look after a shot, which may err. Those who are told stop, or shoot again."""
    ids, battery, share = tables[IDS], tables[BATTERY], tables[SHARE]
    snt, sbt, fate = state[SNT], state[SBT], state[FATE]
    owner = int(battery[OWNER, b])
    u = die(key, dice.LOOKS, ids[BATTERY_ID][b], ids[MISSILE_ID][t], int(sbt[t, FIRED, b]))
    dead = (fate[t] in (KILLED, KILLED_ASTRAY)) != (u < battery[WRONG_LOOK, b])
    _note(state, now, LOOK, b, t, 1.0 if dead else 0.0)
    for w in range(share.shape[0]):
        if share[owner, w] > 0:
            snt[t, IN_FLIGHT, w] -= 1.0
            if dead:
                snt[t, BELIEVED_DEAD, w] = 1.0
    if not dead:
        for i in range(battery.shape[1]):
            if share[owner, int(battery[OWNER, i])] > 0:
                fire(tables, state, i, t, now)
    while state[SB][BUSY, b] < battery[CHANNELS, b]:
        best = -1
        for other in range(sbt.shape[0]):
            first = best < 0 or tables[BT][other, RANK, b] < tables[BT][best, RANK, b]
            if sbt[other, WAITING, b] > 0.0 and first:
                best = other
        if best < 0:
            break
        sbt[best, WAITING, b] = 0.0
        fire(tables, state, b, best, now)


@lean_kernel
def advance(key: np.uint64, tables: Tables, state: State, until_s: float) -> None:
    """Play every event up to and including `until_s`."""
    heap, n = state[HEAP], state[N]
    while n[COUNT] > 0 and heap[0] <= until_s and heap[0] < np.inf:
        now, kind, a, b = pop(heap, n)
        n[EVENTS] += 1
        if kind == DETECT:
            _on_detect(tables, state, a, b, now)
        elif kind == KNOW:
            _on_know(key, tables, state, a, b, now)
        elif kind == GRANT:
            _note(state, now, GRANT, a, b, 0.0)
            fire(tables, state, a, b, now)
        elif kind == READY:
            fire(tables, state, a, b, now)
        elif kind == HIT:
            _on_hit(key, tables, state, a, b, now)
        else:
            _on_look(key, tables, state, a, b, now)


__all__ = ["Floats", "Ints", "advance", "ask", "fire", "start"]
