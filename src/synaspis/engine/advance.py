"""The event kernel: detect, know, decide, launch, intercept, look, shoot again.

State and tables are plain arrays grouped by index space, with the row constants below, handed over as
two tuples. The heap's order is total: time, kind, a, b. `start` fills the state for one trial, `advance`
plays events until a time; a batch advances to infinity. Times are seconds from the start of the raid.

Tables (constant over trials; S stations, N nations, B batteries, T missiles, U distinct flights):
`st` (3, S, T), `nt` (T, 3, N), `bt` (T, 6, B), `win` (2, B, U, J), `missile` (5, T), `battery` (11, B),
`route` (6, B, R), `decider` (B, R, V) nation rows or -1, `allows` (B, R, T) for which missiles a route
may be taken, `consent` (4, B) the host that is asked each time, `holds` (2, S, N) and `serves` (S, B)
who has what of whose sensor (0, or inf for never), `share` (N, N) who tells whom of engagements, hashes
of names for the dice, and by weather W `seen` (W, S, T) and `until` (W,), cumulative chances.
State: the heap and its counters, `snt` (T, 5, N), `sbt` (T, 6, B), `sb` (4, B), `fate` and `killer`
(T,), a log (rows, 5) that may have no rows, room to sort votes, and `first` (S, T), SEEN in today's weather.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synaspis.engine.heap import COUNT, EVENTS, LOGGED, Floats, Ints, pop, post
from synaspis.engine.weather import weather_of
from synaspis.kernels import dice
from synaspis.kernels.dice import die, gauss
from synaspis.kernels.jit import lean_inlined, lean_kernel

Tables = tuple[Any, ...]
State = tuple[Any, ...]

# The two tuples, by place.
IDS, ST, NT, BT, WIN, FLIGHT, MISSILE, BATTERY = range(8)
ROUTE, DECIDER, ALLOWS, CONSENT, HOLDS, SERVES, SHARE, SEEN_IN, UNTIL = range(8, 17)
HEAP, N, SNT, SBT, SB, FATE, KILLER, LOG, WORK, FIRST = range(10)
MISSILE_ID, BATTERY_ID, STATION_ID, NATION_ID, CLAUSE_ID, TYPE_ID, AREA_ID = range(7)  # in IDS

# Rows of the tables.
SEEN, LOG_MISS, SCAN_S = range(3)  # st
KNOWN, WARNED, ACTS = range(3)  # nt, and the first two in holds
FIRE_CONTROL, LAST, P_KILL, MANDATE, RESERVE, GATE = range(6)  # bt
LAUNCH, INTERCEPT = range(2)  # win
LAUNCH_S, IMPACT_S, RELIABILITY, P_LAND, OBJECTS = range(5)  # missile
OWNER, ROUNDS, CHANNELS, INTERVAL, SALVO, BARRAGE = range(6)  # battery
ASSESS, WRONG_LOOK, P_DEFECT, P_CONFUSION, READY_CHANCE = range(6, 11)
VOTES, DECISION, SPREAD, UNREACHABLE, MISSING, STANDING_ROUTE = range(6)  # route
HOST, HOST_DECISION, HOST_SPREAD, HOST_UNREACHABLE = range(4)  # consent

# Rows of the state.
HOLD_KNOWN, HOLD_WARNED, IN_FLIGHT, LOOK_AT, BELIEVED_DEAD = range(5)  # snt
GRANTED, FIRED, TRACKED, WAITING, NEXT, SHORT = range(6)  # sbt
LEFT, FREE, BUSY, WASTED = range(4)  # sb

DETECT, KNOW, GRANT, READY, HIT, LOOK = range(6)
"""Events, in the order in which those of one moment are played."""
DUD, ASTRAY, LEAKED, KILLED, KILLED_ASTRAY = range(5)
"""Fates; before the defence acts a missile is a DUD, ASTRAY (hits no asset) or LEAKED."""
SALVO_BASE = 16
_NOBODY = np.uint64(0)


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
        awake = die(key, dice.STANDS_READY, tables[IDS][BATTERY_ID][b], _NOBODY, 0)
        ready = awake < tables[BATTERY][READY_CHANCE, b]
        sb[LEFT, b] = tables[BATTERY][ROUNDS, b] if ready else 0.0
    missile, st, first = tables[MISSILE], tables[ST], state[FIRST]
    names, stations = tables[IDS][MISSILE_ID], tables[IDS][STATION_ID]
    for t in range(fate.shape[0]):
        if die(key, dice.FLIES, names[t], _NOBODY, 0) >= missile[RELIABILITY, t]:
            fate[t] = DUD
            continue
        fate[t] = LEAKED if die(key, dice.LANDS, names[t], _NOBODY, 0) < missile[P_LAND, t] else ASTRAY
        weather = weather_of(key, tables[IDS][AREA_ID][t], tables[UNTIL])
        for s in range(st.shape[1]):
            first[s, t] = tables[SEEN_IN][weather, s, t]
            if first[s, t] < np.inf:
                scans = math.floor(
                    math.log(die(key, dice.SCAN, stations[s], names[t], 0)) / st[LOG_MISS, s, t]
                )
                post(state[HEAP], state[N], first[s, t] + st[SCAN_S, s, t] * scans, DETECT, s, t)


@lean_inlined
def _delay_s(
    key: np.uint64, tables: Tables, who: int, t: int, decision_s: float, spread: float, unreachable: float
) -> float:
    """A log-normal decision of one nation about one missile; inf where it cannot be reached."""
    nation, missile = tables[IDS][NATION_ID][who], tables[IDS][MISSILE_ID][t]
    if die(key, dice.REACHED, nation, missile, 0) < unreachable:
        return np.inf
    return decision_s * math.exp(spread * gauss(key, dice.DECIDE, nation, missile, 0))


@lean_inlined
def _answer_s(key: np.uint64, tables: Tables, work: Floats, b: int, r: int, t: int) -> float:
    """When a route answers: the `votes`-th of its deciders' log-normal times; inf if it cannot."""
    ids, route, decider = tables[IDS], tables[ROUTE], tables[DECIDER]
    if route[STANDING_ROUTE, b, r] > 0.0:
        there = die(key, dice.STANDING, ids[CLAUSE_ID][b, r], _NOBODY, 0) >= route[MISSING, b, r]
        return route[DECISION, b, r] if there else np.inf
    count = 0
    for v in range(decider.shape[2]):
        who = decider[b, r, v]
        if who < 0:
            break
        delay = _delay_s(
            key, tables, who, t, route[DECISION, b, r], route[SPREAD, b, r], route[UNREACHABLE, b, r]
        )
        i = count - 1
        while i >= 0 and work[i] > delay:
            work[i + 1] = work[i]
            i -= 1
        work[i + 1] = delay
        count += 1
    votes = int(route[VOTES, b, r])
    return work[votes - 1] if 0 < votes <= count else np.inf


@lean_inlined
def ask(key: np.uint64, tables: Tables, work: Floats, b: int, t: int) -> float:
    """Seconds until some route orders battery `b` to engage missile `t`; inf for never."""
    best = np.inf
    for r in range(tables[ROUTE].shape[2]):
        if tables[ROUTE][DECISION, b, r] < 0.0:
            break
        if tables[ALLOWS][b, r, t] > 0:
            best = min(best, _answer_s(key, tables, work, b, r, t))
    consent = tables[CONSENT]
    if consent[HOST, b] >= 0.0:
        asked = _delay_s(
            key, tables, int(consent[HOST, b]), t, consent[HOST_DECISION, b], consent[HOST_SPREAD, b],
            consent[HOST_UNREACHABLE, b],
        )  # fmt: skip
        best = max(best, asked)
    return best


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
    """How many of the objects beside missile `t` battery `b` takes for the warhead.

    Above the atmosphere only: the chance is 0 for every other layer. Each object has one die in a trial,
    so that layers and batteries alike in this are misled by the same objects.
    """
    chance, missile = tables[BATTERY][P_CONFUSION, b], tables[IDS][MISSILE_ID][t]
    found = 0
    if chance > 0.0:
        for i in range(int(tables[MISSILE][OBJECTS, t])):
            if die(key, dice.MISTAKEN, missile, _NOBODY, i) < chance:
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
        sound = die(key, dice.TYPE_DEFECT, ids[TYPE_ID][b], _NOBODY, 0) >= battery[P_DEFECT, b]
        told = die(key, dice.CONFUSED, ids[MISSILE_ID][t], _NOBODY, 0) >= battery[P_CONFUSION, b]
        others = _taken(key, tables, b, t)
        for r in range(salvo):
            shot = int(state[SBT][t, FIRED, b]) - r
            right = told
            if told and others > 0:
                right = (
                    die(key, dice.AIMED, ids[BATTERY_ID][b], ids[MISSILE_ID][t], shot) * (others + 1) < 1.0
                )
            if not right:
                astray += 1 if tables[MISSILE][OBJECTS, t] > 0.0 else 0
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
    for other in range(sbt.shape[0]):
        if sbt[other, WAITING, b] > 0.0 and state[SB][BUSY, b] < battery[CHANNELS, b]:
            sbt[other, WAITING, b] = 0.0
            fire(tables, state, b, other, now)


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
