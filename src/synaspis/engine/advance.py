"""The event kernel: detect, know, decide, launch, intercept, look, shoot again.

State and tables are plain arrays grouped by index space, handed over as two tuples; `layout` says what
each holds. The heap's order is total: time, kind, a, b. `start` fills the state for one trial, `advance`
plays events until a time; a batch advances to infinity. Times are seconds from the start of the raid.
"""

from __future__ import annotations

import math

import numpy as np

from synaspis.engine.asking import ask
from synaspis.engine.heap import COUNT, EVENTS, pop, post
from synaspis.engine.layout import (
    ACTS,
    ALOFT,
    AREA_ID,
    ASTRAY,
    BATTERY,
    BATTERY_ID,
    BT,
    DETECT,
    DUD,
    FATE,
    FIRE_CONTROL,
    FIRST,
    FREED,
    GRANT,
    GRANTED,
    HEAP,
    HIT,
    HOLD_KNOWN,
    HOLD_WARNED,
    HOLDS,
    IDS,
    KEPT,
    KEPT_UNTIL,
    KILLER,
    KNOW,
    KNOWN,
    LAST,
    LEAKED,
    LEFT,
    LOG,
    LOG_MISS,
    MANDATE,
    MISSILE,
    MISSILE_ID,
    NEXT,
    NOBODY,
    NT,
    OWNER,
    P_LAND,
    READY,
    READY_CHANCE,
    RELIABILITY,
    ROUNDS,
    SB,
    SBT,
    SCAN_S,
    SEEN_IN,
    SERVES,
    SNT,
    ST,
    STATION_ID,
    STIRRED,
    TRACKED,
    TURN,
    UNTIL,
    WAKE,
    WARNED,
    WORK,
    N,
    State,
    Tables,
)
from synaspis.engine.log import note
from synaspis.engine.shooting import fire, on_freed
from synaspis.engine.striking import on_hit, on_look
from synaspis.engine.weather import weather_of
from synaspis.kernels import dice
from synaspis.kernels.dice import die
from synaspis.kernels.jit import lean_inlined, lean_kernel


@lean_kernel
def start(key: np.uint64, tables: Tables, state: State) -> None:
    """State at the start of a trial: magazines full, first detections on the heap.

    `fate` becomes what each missile would do undefended: DUD, ASTRAY or LEAKED.
    """
    snt, sbt, sb, fate = state[SNT], state[SBT], state[SB], state[FATE]
    state[N][:] = 0
    state[KILLER][:] = -1
    state[ALOFT][:] = 0.0
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
        sb[WAKE, b] = -np.inf
        sb[STIRRED, b] = -np.inf
        if tables[BATTERY][KEPT, b] > 0.0 and tables[BATTERY][KEPT_UNTIL, b] < np.inf:
            post(state[HEAP], state[N], tables[BATTERY][KEPT_UNTIL, b], FREED, b, 0)
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
def _on_detect(tables: Tables, state: State, s: int, t: int, now: float) -> None:
    """A sensor has the missile: every holder's picture follows, as late as the sensor was.

    The first loop over each kind of holder is written so that it runs on whole registers.
    """
    nt, bt, holds, serves = tables[NT], tables[BT], tables[HOLDS], tables[SERVES]
    snt, sbt = state[SNT], state[SBT]
    shift = now - state[FIRST][s, t]
    note(state, now, DETECT, s, t, shift)
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
        sbt[t, TRACKED, b] = min(when, sbt[t, TRACKED, b])
    for j in range(bt.shape[2] if news > 0 else 0):
        b = tables[TURN][j]
        if sbt[t, GRANTED, b] <= now:  # the order may have come before the track
            fire(tables, state, b, t, now)


@lean_inlined
def _on_know(key: np.uint64, tables: Tables, state: State, a: int, t: int, now: float) -> None:
    """A nation knows where the missile will land: its batteries with a duty there ask for an order."""
    if now > state[SNT][t, HOLD_KNOWN, a]:
        return
    note(state, now, KNOW, a, t, 0.0)
    if tables[NT][t, ACTS, a] == 0.0:
        return
    bt, battery, sbt = tables[BT], tables[BATTERY], state[SBT]
    for b in range(bt.shape[2]):
        if int(battery[OWNER, b]) == a and bt[t, MANDATE, b] > 0.0 and bt[t, LAST, b] > now:
            when = now + ask(key, tables, state[WORK], b, t)
            if when < sbt[t, GRANTED, b]:
                sbt[t, GRANTED, b] = when
                post(state[HEAP], state[N], when, GRANT, b, t)


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
            note(state, now, GRANT, a, b, 0.0)
            fire(tables, state, a, b, now)
        elif kind == READY:
            fire(tables, state, a, b, now)
        elif kind == HIT:
            on_hit(key, tables, state, a, b, now)
        elif kind == FREED:
            on_freed(tables, state, a, now)
        else:
            on_look(key, tables, state, a, b, now)
