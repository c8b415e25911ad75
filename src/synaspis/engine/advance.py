"""The event kernel: detect, know, decide, launch, intercept, look, shoot again.

State and tables are plain arrays grouped by index space, with the row constants below. The heap's
order is total: time, kind, a, b. `start` fills the state for one trial, `advance` plays events until a
time; a batch advances to infinity. Times are seconds from the start of the raid.

Tables (constant over trials; S stations, N nations, B batteries, T missiles, U distinct flights):
`st` (3, S, T), `nt` (2, N, T), `bt` (6, B, T), `win` (2, B, U, J), `missile` (4, T), `b` (11, B),
`route` (6, B, R), `decider` (B, R, V) nation rows or -1, `sn` (2, S, N) and `sb` (S, B) who holds what
of whose sensor, `share` (N, N) who tells whom of engagements, and hashes of names for the dice.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from synaspis.kernels.dice import (
    CONFUSED,
    DECIDE,
    FLIES,
    HITS,
    LANDS,
    LOOKS,
    REACHED,
    SCAN,
    STANDING,
    TYPE_DEFECT,
    die,
    gauss,
)

SEEN, LOG_MISS, SCAN_S = range(3)  # st
KNOWN, WARNED = range(2)  # nt, sn
FIRE_CONTROL, LAST, P_KILL, MANDATE, RESERVE, GATE = range(6)  # bt
LAUNCH, INTERCEPT = range(2)  # win
LAUNCH_S, IMPACT_S, RELIABILITY, P_LAND = range(4)  # missile
OWNER, ROUNDS, CHANNELS, INTERVAL, SALVO, BARRAGE, ASSESS, WRONG_LOOK, P_DEFECT, P_CONFUSION, LAYER = range(
    11
)  # b
VOTES, DECISION, SPREAD, UNREACHABLE, MISSING, STANDING_ROUTE = range(6)  # route
HOLD_KNOWN, HOLD_WARNED, IN_FLIGHT, LOOK_AT, BELIEVED_DEAD = range(5)  # state nt
GRANTED, FIRED, TRACKED, WAITING, NEXT, SHORT = range(6)  # state bt
LEFT, FREE, BUSY = range(3)  # state b
DETECT, KNOW, GRANT, READY, HIT, LOOK = range(6)  # events
COUNT, EVENTS, LOGGED, OVERFLOW = range(4)  # n
DUD, ASTRAY, LEAKED, KILLED, KILLED_ASTRAY = range(5)  # fate
SALVO_BASE = 16
_u64 = np.uint64
_JIT = {"cache": True, "nogil": True, "error_model": "numpy"}


@njit(inline="always")
def _before(heap, i, j):
    if heap[i, 0] != heap[j, 0]:
        return heap[i, 0] < heap[j, 0]
    if heap[i, 1] != heap[j, 1]:
        return heap[i, 1] < heap[j, 1]
    if heap[i, 2] != heap[j, 2]:
        return heap[i, 2] < heap[j, 2]
    return heap[i, 3] < heap[j, 3]


@njit(inline="always")
def _swap(heap, i, j):
    for c in range(4):
        kept = heap[i, c]
        heap[i, c] = heap[j, c]
        heap[j, c] = kept


@njit(**_JIT)
def post(heap, n, time_s, kind, a, b):
    """Put an event on the heap; a full heap sets OVERFLOW, which the caller turns into an error."""
    i = n[COUNT]
    if i >= heap.shape[0]:
        n[OVERFLOW] = 1
        return
    heap[i, 0] = time_s
    heap[i, 1] = kind
    heap[i, 2] = a
    heap[i, 3] = b
    n[COUNT] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        if not _before(heap, i, parent):
            break
        _swap(heap, i, parent)
        i = parent


@njit(**_JIT)
def _pop(heap, n):
    """Move the first event behind the heap and return its row."""
    m = n[COUNT] - 1
    n[COUNT] = m
    _swap(heap, 0, m)
    i = 0
    while True:
        child = 2 * i + 1
        if child >= m:
            break
        if child + 1 < m and _before(heap, child + 1, child):
            child += 1
        if not _before(heap, child, i):
            break
        _swap(heap, i, child)
        i = child
    return m


@njit(inline="always")
def _note(log, n, time_s, kind, a, b, value):
    """Append to the log where there is one (a log of zero rows costs nothing)."""
    if n[LOGGED] < log.shape[0]:
        row = log[n[LOGGED]]
        row[0] = time_s
        row[1] = kind
        row[2] = a
        row[3] = b
        row[4] = value
        n[LOGGED] += 1


@njit(**_JIT)
def start(key, ids, st, missile, b, heap, n, snt, sbt, sb, fate, killer):
    """State at the start of a trial: magazines full, first detections on the heap.

    `fate` (T,) is what each missile would do undefended: DUD, ASTRAY or LEAKED.
    """
    missile_id, _, station_id, _, _, _ = ids
    n[:] = 0
    snt[HOLD_KNOWN] = np.inf
    snt[HOLD_WARNED] = np.inf
    snt[IN_FLIGHT] = 0.0
    snt[LOOK_AT] = np.inf
    snt[BELIEVED_DEAD] = 0.0
    sbt[GRANTED] = np.inf
    sbt[FIRED] = 0.0
    sbt[TRACKED] = np.inf
    sbt[WAITING] = 0.0
    sbt[NEXT] = -np.inf
    sbt[SHORT] = 0.0
    sb[LEFT] = b[ROUNDS]
    sb[FREE] = 0.0
    sb[BUSY] = 0.0
    killer[:] = -1
    none = _u64(0)
    for t in range(fate.shape[0]):
        if die(key, FLIES, missile_id[t], none, 0) >= missile[RELIABILITY, t]:
            fate[t] = DUD
            continue
        lands = missile[P_LAND, t] > 0.0 and die(key, LANDS, missile_id[t], none, 0) < missile[P_LAND, t]
        fate[t] = LEAKED if lands else ASTRAY
        for s in range(st.shape[1]):
            if st[SEEN, s, t] < np.inf:
                u = die(key, SCAN, station_id[s], missile_id[t], 0)
                shift = st[SCAN_S, s, t] * math.floor(math.log(u) / st[LOG_MISS, s, t])
                post(heap, n, st[SEEN, s, t] + shift, DETECT, s, t)


@njit(inline="always")
def _answer_s(key, ids, route, decider, b, r, t, work):
    """When a route answers: the `votes`-th of its deciders' log-normal times; inf if it cannot."""
    missile_id, _, _, nation_id, clause_id, _ = ids
    if route[STANDING_ROUTE, b, r] > 0.0:
        there = die(key, STANDING, clause_id[b, r], _u64(0), 0) >= route[MISSING, b, r]
        return route[DECISION, b, r] if there else np.inf
    count = 0
    for v in range(decider.shape[2]):
        who = decider[b, r, v]
        if who < 0:
            break
        delay = np.inf
        if die(key, REACHED, nation_id[who], missile_id[t], 0) >= route[UNREACHABLE, b, r]:
            z = gauss(key, DECIDE, nation_id[who], missile_id[t], 0)
            delay = route[DECISION, b, r] * math.exp(route[SPREAD, b, r] * z)
        i = count - 1
        while i >= 0 and work[i] > delay:
            work[i + 1] = work[i]
            i -= 1
        work[i + 1] = delay
        count += 1
    votes = int(route[VOTES, b, r])
    return work[votes - 1] if 0 < votes <= count else np.inf


@njit(**_JIT)
def _ask(key, ids, route, decider, b, t, work):
    """Seconds until some route orders battery `b` to engage missile `t`; inf for never."""
    best = np.inf
    for r in range(route.shape[2]):
        if route[DECISION, b, r] < 0.0:
            break
        best = min(best, _answer_s(key, ids, route, decider, b, r, t, work))
    return best


@njit(inline="always")
def _meets(win, bt, b, t, u, launch_s, now):
    """When a launch ordered at `now` meets the missile: the next tabulated launch's intercept."""
    first, last = win[LAUNCH, b, u, 0], bt[LAST, b, t] - launch_s
    when = now - launch_s
    if when <= first:
        return win[INTERCEPT, b, u, 0] + launch_s
    j = win.shape[3] - 1
    if last > first:
        j = min(int(math.ceil((when - first) / (last - first) * j - 1e-9)), j)
    return win[INTERCEPT, b, u, j] + launch_s


@njit(inline="always")
def _ready_at(heap, n, sbt, b, t, when):
    """Try again at `when`, once."""
    if sbt[NEXT, b, t] != when:
        sbt[NEXT, b, t] = when
        post(heap, n, when, READY, b, t)


@njit(**_JIT)
def _fire(bt, win, flight, missile, b_, share, heap, n, snt, sbt, sb, log, b, t, now):
    """Fire if every gate is open; otherwise arrange to try again when the closed one may open."""
    owner = int(b_[OWNER, b])
    tracked = sbt[TRACKED, b, t]
    if tracked == np.inf or sbt[GRANTED, b, t] > now or snt[BELIEVED_DEAD, owner, t] > 0.0:
        return
    last = bt[LAST, b, t]
    when = max(now, tracked, sb[FREE, b])
    if when > last:
        return
    if snt[IN_FLIGHT, owner, t] > 0.0 and b_[BARRAGE, b] == 0.0:
        # Shoot, look, shoot: wait for the look unless that would be too late for this battery.
        look = snt[LOOK_AT, owner, t]
        if sbt[FIRED, b, t] > 0.0 and look > now:
            return
        if look <= last:
            return  # the look itself tries again
    elif sbt[FIRED, b, t] > 0.0 and b_[BARRAGE, b] > 0.0:
        return
    if when > now:
        _ready_at(heap, n, sbt, b, t, when)
        return
    if sb[LEFT, b] <= bt[RESERVE, b, t]:
        sbt[SHORT, b, t] = 1.0
        return
    if sb[BUSY, b] >= b_[CHANNELS, b]:
        sbt[WAITING, b, t] = 1.0
        sbt[SHORT, b, t] = 1.0
        return
    salvo = int(min(b_[SALVO, b], sb[LEFT, b] - bt[RESERVE, b, t]))
    meets = _meets(win, bt, b, t, flight[t], missile[LAUNCH_S, t], now)
    sb[LEFT, b] -= salvo
    sb[FREE, b] = now + b_[INTERVAL, b]
    sb[BUSY, b] += 1.0
    sbt[FIRED, b, t] += salvo
    sbt[WAITING, b, t] = 0.0
    look = meets + b_[ASSESS, b]
    for w in range(share.shape[0]):
        if share[owner, w] > 0:
            snt[IN_FLIGHT, w, t] += 1.0
            if snt[IN_FLIGHT, w, t] == 1.0 or look > snt[LOOK_AT, w, t]:
                snt[LOOK_AT, w, t] = look
    _note(log, n, now, READY, b, t, salvo)
    post(heap, n, meets, HIT, b, t * SALVO_BASE + salvo)


@njit(**_JIT)
def _on_detect(st, nt, bt, sn, sb_mask, heap, n, snt, sbt, log, s, t, now):
    """A sensor has the missile: every holder's picture follows, as late as the sensor was."""
    shift = now - st[SEEN, s, t]
    for i in range(nt.shape[1]):
        if sn[WARNED, s, i] and nt[WARNED, i, t] + shift < snt[HOLD_WARNED, i, t]:
            snt[HOLD_WARNED, i, t] = nt[WARNED, i, t] + shift
        if sn[KNOWN, s, i]:
            when = max(nt[KNOWN, i, t] + shift, now)
            if when < snt[HOLD_KNOWN, i, t]:
                snt[HOLD_KNOWN, i, t] = when
                post(heap, n, when, KNOW, i, t)
    for b in range(bt.shape[1]):
        if sb_mask[s, b] and bt[FIRE_CONTROL, b, t] < np.inf:
            when = max(bt[FIRE_CONTROL, b, t] + shift, now)
            if when < sbt[TRACKED, b, t]:
                sbt[TRACKED, b, t] = when
    _note(log, n, now, DETECT, s, t, shift)


@njit(**_JIT)
def _on_know(key, ids, bt, b_, route, decider, heap, n, snt, sbt, log, work, a, t, now):
    """A nation knows where the missile will land: its batteries with a duty there ask for an order."""
    if now > snt[HOLD_KNOWN, a, t]:
        return
    _note(log, n, now, KNOW, a, t, 0.0)
    for b in range(bt.shape[1]):
        if int(b_[OWNER, b]) == a and bt[MANDATE, b, t] > 0.0 and bt[LAST, b, t] > now:
            when = now + _ask(key, ids, route, decider, b, t, work)
            if when < sbt[GRANTED, b, t]:
                sbt[GRANTED, b, t] = when
                post(heap, n, when, GRANT, b, t)


@njit(**_JIT)
def _on_hit(key, ids, bt, b_, heap, n, sbt, sb, fate, killer, log, b, packed, now):
    """Rounds arrive. A fault of the type, of discrimination, or plain luck decides."""
    missile_id, battery_id, _, _, _, type_id = ids
    t, salvo = packed // SALVO_BASE, packed % SALVO_BASE
    none = _u64(0)
    kills = 0.0
    alive = fate[t] == LEAKED or fate[t] == ASTRAY
    sound = die(key, TYPE_DEFECT, type_id[b], none, 0) >= b_[P_DEFECT, b]
    told = die(key, CONFUSED, missile_id[t], none, 0) >= b_[P_CONFUSION, b]
    if alive and sound and told:
        share = bt[P_KILL, b, t] / ((1.0 - b_[P_DEFECT, b]) * (1.0 - b_[P_CONFUSION, b]))
        for r in range(salvo):
            shot = int(sbt[FIRED, b, t]) - r
            if die(key, HITS, battery_id[b], missile_id[t], shot) < share:
                kills = 1.0
    if kills > 0.0:
        fate[t] = KILLED if fate[t] == LEAKED else KILLED_ASTRAY
        killer[t] = b
    sb[BUSY, b] -= 1.0
    _note(log, n, now, HIT, b, t, kills)
    post(heap, n, now + b_[ASSESS, b], LOOK, b, t)


@njit(**_JIT)
def _on_look(key, ids, bt, win, flight, missile, b_, share, heap, n, snt, sbt, sb, fate, log, b, t, now):
    """The look after a shot, which may err. Those who are told stop, or shoot again."""
    missile_id, battery_id, _, _, _, _ = ids
    owner = int(b_[OWNER, b])
    wrong = die(key, LOOKS, battery_id[b], missile_id[t], int(sbt[FIRED, b, t])) < b_[WRONG_LOOK, b]
    dead = (fate[t] == KILLED or fate[t] == KILLED_ASTRAY) != wrong
    _note(log, n, now, LOOK, b, t, 1.0 if dead else 0.0)
    for w in range(share.shape[0]):
        if share[owner, w] > 0:
            snt[IN_FLIGHT, w, t] -= 1.0
            if dead:
                snt[BELIEVED_DEAD, w, t] = 1.0
    if not dead:
        for i in range(bt.shape[1]):
            if share[owner, int(b_[OWNER, i])] > 0 and sbt[GRANTED, i, t] <= now:
                _fire(bt, win, flight, missile, b_, share, heap, n, snt, sbt, sb, log, i, t, now)
    for other in range(bt.shape[2]):
        if sbt[WAITING, b, other] > 0.0 and sb[BUSY, b] < b_[CHANNELS, b]:
            sbt[WAITING, b, other] = 0.0
            _fire(bt, win, flight, missile, b_, share, heap, n, snt, sbt, sb, log, b, other, now)


@njit(**_JIT)
def advance(
    key,
    ids,
    st,
    nt,
    bt,
    win,
    flight,
    missile,
    b_,
    route,
    decider,
    sn,
    sb_mask,
    share,
    heap,
    n,
    snt,
    sbt,
    sb,
    fate,
    killer,
    log,
    work,
    until_s,
):
    """Play every event up to and including `until_s`."""
    while n[COUNT] > 0 and heap[0, 0] <= until_s:
        i = _pop(heap, n)
        n[EVENTS] += 1
        now, kind, a, t = heap[i, 0], int(heap[i, 1]), int(heap[i, 2]), int(heap[i, 3])
        if now == np.inf:
            break
        if kind == DETECT:
            _on_detect(st, nt, bt, sn, sb_mask, heap, n, snt, sbt, log, a, t, now)
        elif kind == KNOW:
            _on_know(key, ids, bt, b_, route, decider, heap, n, snt, sbt, log, work, a, t, now)
        elif kind == GRANT or kind == READY:
            if kind == GRANT:
                _note(log, n, now, GRANT, a, t, 0.0)
            _fire(bt, win, flight, missile, b_, share, heap, n, snt, sbt, sb, log, a, t, now)
        elif kind == HIT:
            _on_hit(key, ids, bt, b_, heap, n, sbt, sb, fate, killer, log, a, t, now)
        else:
            _on_look(
                key, ids, bt, win, flight, missile, b_, share, heap, n, snt, sbt, sb, fate, log, a, t, now
            )
