"""The posterior Cramér-Rao bound of any mix of sources, and when it is first good enough.

After burnout the motion is deterministic, so what a sensor knows about a missile is a 6 x 6 matrix of
information about the state at burnout, which only grows and adds over sensors. Before it, a cubic path
is fitted to the end of boost, and acceleration and jerk are integrated out (Schur complement).

A nation's picture is the best of its *sources*. A source is a set of sensors whose measurements one
owner fuses; two sources are combined by covariance intersection (Julier and Uhlmann, 1997), two at a
time, with weights from a fixed list, so that a further source can never make the picture worse.

Two tuples of arrays go through all functions. Times are seconds after launch.
`sources` of one nation, G of them with E sensor entries: `first` (G + 1,) first entry of each;
`sensor` (E,); `delay_s` (E,); `start_s` (E, U) when that sensor's stream begins; `since_s` (G, U) from
when the nation may use the source; `level` (G,) step of the product ladder; `floor_m` (G,) one-sigma position
error than which it is never better; `until_s` (G, U) from when it is no longer updated.
`store` of information: `pair_of` (S, U) row of a pair of sensor and flight, or -1; `span` (P, 2)
samples; `offset` (P,) first row in `coast` (R, 6, 6), cumulative; `boost` (P, 12, 12); `burnout_s` (U,).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.kernels.sensing import ACCELERATION_PRIOR, JERK_PRIOR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Arrays = tuple[Any, ...]

FIRST, SENSOR, DELAY, START, SINCE, LEVEL, FLOOR, UNTIL = range(8)  # in `sources`
PAIR_OF, SPAN, OFFSET, COAST, BOOST, BURNOUT = range(6)  # in `store`
KEPT, MIX, WIDE, COUNTS, KNOWN, FACTOR, SCALE, SOLVED, FOUND, ROWS = range(10)  # in `room`

ELLIPSE_90 = math.sqrt(2.0 * math.log(10.0))
"""Semi-major axis of the 90 % ellipse over the larger standard deviation, two dimensions."""
POSITION_PRIOR = 1.0 / 1e7**2
VELOCITY_PRIOR = 1.0 / 1e4**2
WEIGHTS = (0.25, 0.5, 0.75)
SURE = 1.0 - 1e-6
"""What rounding may add to the error of information that is all but singular."""
FINENESS = 128
TRACK_STRIDE = 4
"""Samples between the times at which a track is first looked for."""
IMPACT, TRACK = 0, 1


@lean_inlined
def _clear(m: Floats) -> None:
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            m[i, j] = 0.0


@lean_inlined
def _eliminate(m: Floats) -> None:
    """Integrate acceleration and jerk (rows 6 to 11) out of the information `m` (12, 12), in place."""
    for i in range(3):
        m[6 + i, 6 + i] += ACCELERATION_PRIOR
        m[9 + i, 9 + i] += JERK_PRIOR
    for pivot in range(11, 5, -1):
        for i in range(pivot):
            share = m[i, pivot] / m[pivot, pivot]
            for j in range(pivot):
                m[i, j] -= share * m[pivot, j]


@lean_inlined
def _add_sample(store: Arrays, p: int, at_s: float, dt_s: float, sign: float, out: Floats) -> None:
    """Add `sign` times what pair `p` had gathered in coast by `at_s`, between samples linearly."""
    span, coast = store[SPAN], store[COAST]
    place = at_s / dt_s - span[p, 0]
    if place <= 0.0:
        return
    top = span[p, 1] - span[p, 0]
    i = min(int(place), top)
    w = min(place - i, 1.0) if i < top else 0.0
    lower = store[OFFSET][p] + i
    upper = store[OFFSET][p] + min(i + 1, top)
    for a in range(6):
        for b in range(6):
            out[a, b] += sign * ((1.0 - w) * coast[lower, a, b] + w * coast[upper, a, b])


@lean_inlined
def _boosts(u: int, now_s: float, e: int, sources: Arrays, store: Arrays) -> bool:
    """Whether entry `e` brings by `now_s` what it saw of flight `u` before burnout."""
    p = store[PAIR_OF][sources[SENSOR][e], u]
    return bool(
        p >= 0
        and store[BOOST][p, 0, 0] > 0.0
        and sources[START][e, u] < store[BURNOUT][u]
        and now_s - sources[DELAY][e] >= store[BURNOUT][u]
    )


@lean_inlined
def _add_boost(u: int, now_s: float, g: int, sources: Arrays, store: Arrays, room: Arrays,
               out: Floats) -> None:  # fmt: skip
    """Add to `out` (6, 6) what source `g` knows of the end of boost: worked out again if more came in."""
    wide, counts, known = room[WIDE], room[COUNTS], room[KNOWN]
    first, last = sources[FIRST][g], sources[FIRST][g + 1]
    count = 0
    for e in range(first, last):
        count += _boosts(u, now_s, e, sources, store)
    if count == 0:
        return
    if counts[g] != count:
        _clear(wide)
        for e in range(first, last):
            if _boosts(u, now_s, e, sources, store):
                p = store[PAIR_OF][sources[SENSOR][e], u]
                for a in range(12):
                    for b in range(12):
                        wide[a, b] += store[BOOST][p, a, b]
        _eliminate(wide)
        for a in range(6):
            for b in range(6):
                known[g, a, b] = wide[a, b]
        counts[g] = count
    for a in range(6):
        for b in range(6):
            out[a, b] += known[g, a, b]


@lean_kernel
def gathered(u: int, now_s: float, g: int, sources: Arrays, store: Arrays, dt_s: float, room: Arrays,
             out: Floats) -> bool:  # fmt: skip
    """`out` (6, 6): information of source `g` about flight `u` at `now_s`; False if there is none."""
    now_s = min(now_s, sources[UNTIL][g, u])
    burnout_s = store[BURNOUT][u]
    _clear(out)
    for e in range(sources[FIRST][g], sources[FIRST][g + 1]):
        p = store[PAIR_OF][sources[SENSOR][e], u]
        when = now_s - sources[DELAY][e]
        start = sources[START][e, u]
        if p < 0 or when < start or when < burnout_s:
            continue
        _add_sample(store, p, when, dt_s, 1.0, out)
        _add_sample(store, p, start, dt_s, -1.0, out)
    _add_boost(u, now_s, g, sources, store, room, out)
    return bool(out[0, 0] > 0.0)


def room_for(sources: Arrays) -> Arrays:
    """Working arrays for the kernels here, which make none: see the row constants."""
    count = len(sources[LEVEL])
    return (
        np.empty((count, 6, 6)), np.empty((6, 6)), np.empty((12, 12)), np.zeros(count, np.int64),
        np.empty((count, 6, 6)), np.empty((6, 6)), np.empty(6), np.empty((3, 6)), np.empty((3, 3)),
        np.empty((3, 6)),
    )  # fmt: skip


@lean_inlined
def _factor(info: Floats, a: Floats, scale: Floats) -> None:
    """Cholesky factor `a` of `info` with a weak prior, after scaling its diagonal to one."""
    for i in range(6):
        scale[i] = 1.0 / math.sqrt(info[i, i] + (POSITION_PRIOR if i < 3 else VELOCITY_PRIOR))
    for i in range(6):
        for j in range(i):
            a[i, j] = info[i, j] * scale[i] * scale[j]
        a[i, i] = 1.0 + 1e-12
    for j in range(6):
        for i in range(j, 6):
            s = a[i, j]
            for k in range(j):
                s -= a[i, k] * a[j, k]
            a[i, j] = math.sqrt(max(s, 1e-13)) if i == j else s / a[j, j]


@lean_inlined
def _covariance(info: Floats, rows: Floats, n: int, room: Arrays) -> None:
    """`rows` (n, 6) times the inverse of `info` times `rows` transposed, in `room[FOUND]` (n, n)."""
    a, scale, y, out = room[FACTOR], room[SCALE], room[SOLVED], room[FOUND]
    _factor(info, a, scale)
    for r in range(n):
        for i in range(6):
            s = rows[r, i] * scale[i]
            for k in range(i):
                s -= a[i, k] * y[r, k]
            y[r, i] = s / a[i, i]
    for r in range(n):
        for q in range(n):
            s = 0.0
            for i in range(6):
                s += y[r, i] * y[q, i]
            out[r, q] = s


@lean_kernel
def _error(info: Floats, rows: Floats, criterion: int, room: Arrays) -> float:
    """Semi-major axis of the 90 % ellipse (IMPACT) or one-sigma position error (TRACK), metres."""
    c = room[FOUND]
    if criterion == IMPACT:
        _covariance(info, rows, 2, room)
        half = 0.5 * (c[0, 0] + c[1, 1])
        spread = math.sqrt(max(0.25 * (c[0, 0] - c[1, 1]) ** 2 + c[0, 1] * c[1, 0], 0.0))
        return ELLIPSE_90 * math.sqrt(max(half + spread, 0.0))
    _covariance(info, rows, 3, room)
    return math.sqrt(max(c[0, 0] + c[1, 1] + c[2, 2], 0.0))


@lean_inlined
def _crossed(h: int, g: int, rows: Floats, criterion: int, room: Arrays, best: float, skip_m: float) -> float:
    """The least error of `best` and of mixtures of what sources `h` and `g` gathered.

    No mixture knows more than the two added up: where their sum is no better, none is tried.
    """
    kept, mix = room[KEPT], room[MIX]
    for a in range(6):
        for b in range(6):
            mix[a, b] = kept[h, a, b] + kept[g, a, b]
    if _error(mix, rows, criterion, room) * SURE > min(best, skip_m):
        return best
    for w in WEIGHTS:
        for a in range(6):
            for b in range(6):
                mix[a, b] = w * kept[h, a, b] + (1.0 - w) * kept[g, a, b]
        best = min(best, _error(mix, rows, criterion, room))
    return best


@lean_inlined
def _all_together(used: int, rows: Floats, criterion: int, room: Arrays) -> float:
    """Error of all that `used` sources gathered, added up: no pair of them can be better."""
    kept, mix = room[KEPT], room[MIX]
    _clear(mix)
    for g in range(used):
        for a in range(6):
            for b in range(6):
                mix[a, b] += kept[g, a, b]
    return _error(mix, rows, criterion, room) * SURE


@lean_kernel
def error_m(
    u: int, now_s: float, rows: Floats, asked: Arrays, sources: Arrays, store: Arrays, dt_s: float,
    room: Arrays, enough_m: float,
) -> float:  # fmt: skip
    """Error of a nation's picture of flight `u` at `now_s`: the least over its sources and pairs of them.

    `rows` (3, 6) projects the state at burnout on what is asked. `asked` is (criterion, lowest level of
    source that counts, floor in metres): a source below level 1 (an alert) is never better than the
    floor. inf without a source. With `enough_m` of 0 or more it only matters on which side of that the
    error lies: the search ends as soon as this is sure. `room`: `room_for(sources)`, whose COUNTS are
    zero when `u` is new.
    """
    criterion, lowest, floor_m = asked
    kept = room[KEPT]
    best = np.inf
    skip_m = enough_m if enough_m >= 0.0 else np.inf
    used = 0
    for g in range(sources[LEVEL].shape[0]):
        if sources[LEVEL][g] < lowest or now_s < sources[SINCE][g, u]:
            continue
        if sources[UNTIL][g, u] < sources[SINCE][g, u]:  # revoked before it might be used
            continue
        if not gathered(u, now_s, g, sources, store, dt_s, room, kept[used]):
            continue
        alone = _error(kept[used], rows, criterion, room)
        if sources[LEVEL][g] < 1:
            best = min(best, max(alone, floor_m))
        elif sources[FLOOR][g] > 0.0:  # no mixture with others is better than what its owner gave away
            blur = sources[FLOOR][g] * (ELLIPSE_90 if criterion == IMPACT else 1.0)
            best = min(best, math.sqrt(alone * alone + blur * blur))
        else:
            best = min(best, alone)
            used += 1
        if best <= enough_m:
            return best
    if used < 2 or _all_together(used, rows, criterion, room) > skip_m:
        return best
    for g in range(1, used):
        for h in range(g):
            best = _crossed(h, g, rows, criterion, room, best, skip_m)
            if best <= enough_m:
                return best
    return best


@lean_inlined
def forget(room: Arrays) -> None:
    """Another flight: what was kept of boost is the last one's."""
    for g in range(room[COUNTS].shape[0]):
        room[COUNTS][g] = 0


@lean_inlined
def position_rows(phi: Floats, u: int, when_s: float, dt_s: float, out: Floats) -> None:
    """Position rows of the transition from burnout to `when_s`, between samples linearly."""
    place = when_s / dt_s
    k = min(int(place), phi.shape[1] - 2)
    w = place - k
    for i in range(3):
        for j in range(6):
            lower, upper = phi[u, k, i, j], phi[u, k + 1, i, j]
            if math.isnan(lower):
                lower = upper
            if math.isnan(upper):
                upper = lower
            out[i, j] = (1.0 - w) * lower + w * upper


@lean_inlined
def _project(criterion: int, phi: Floats, impact_rows: Floats, u: int, now_s: float, dt_s: float,
             rows: Floats) -> None:  # fmt: skip
    if criterion == TRACK:
        position_rows(phi, u, now_s, dt_s, rows)
    else:
        for i in range(2):
            for j in range(6):
                rows[i, j] = impact_rows[u, i, j]


@lean_inlined
def first_look(earliest_s: float, burnout_s: float, dt_s: float) -> int:
    """The point of the grid at which `first_times` begins to look."""
    stride = TRACK_STRIDE * FINENESS
    return int(math.floor(max(earliest_s - burnout_s, 0.0) / (stride * (dt_s / FINENESS))) * stride)


@lean_kernel
def first_times(
    asked: Arrays, limit_m: float, earliest_s: Floats, impact_s: Floats, phi: Floats, impact_rows: Floats,
    sources: Arrays, store: Arrays, dt_s: float, room: Arrays, flights: Ints, out: Floats,
) -> None:  # fmt: skip
    """First time at which the error is within `limit_m`; fills out (U,) at `flights`, inf for never.

    IMPACT uses `impact_rows` (U, 2, 6) and only falls with time, so it is bisected over all of coast;
    TRACK projects to the present through `phi` (U, K, 6, 6) and is first looked for in steps of
    TRACK_STRIDE `dt_s`. Both are found on a grid of `dt_s` / FINENESS that starts at burnout
    whatever the sources, so that a further source can only lead to an earlier point of it.
    `earliest_s` (U,) is a time before which no source can be good enough.
    """
    criterion = asked[0]
    rows = room[ROWS]
    fine_s = dt_s / FINENESS
    for i in range(flights.shape[0]):
        u = flights[i]
        out[u] = np.inf
        forget(room)
        burnout_s = store[BURNOUT][u]
        if not max(earliest_s[u], burnout_s) < impact_s[u]:
            continue
        last = math.ceil((impact_s[u] - burnout_s) / fine_s) - 1
        stride = TRACK_STRIDE * FINENESS
        good = first_look(earliest_s[u], burnout_s, dt_s)
        bad = good - 1
        step = stride if criterion == TRACK else max(last - good, 1)
        while good <= last:
            now = burnout_s + good * fine_s
            _project(criterion, phi, impact_rows, u, now, dt_s, rows)
            if error_m(u, now, rows, asked, sources, store, dt_s, room, limit_m) <= limit_m:
                break
            bad = good
            good += step
        if good > last:
            continue
        while good - bad > 1:
            middle = (good + bad) // 2
            now = burnout_s + middle * fine_s
            _project(criterion, phi, impact_rows, u, now, dt_s, rows)
            if error_m(u, now, rows, asked, sources, store, dt_s, room, limit_m) <= limit_m:
                good = middle
            else:
                bad = middle
        out[u] = burnout_s + good * fine_s


@lean_kernel
def first_launches(
    asked: Arrays, limit_m: float, launch_s: Floats, intercept_s: Floats, phi: Floats, sources: Arrays,
    store: Arrays, dt_s: float, room: Arrays, out: Floats,
) -> None:  # fmt: skip
    """First launch time at which the error *predicted to the intercept* is within `limit_m`.

    launch_s, intercept_s: (U, J) candidate launches and their intercepts, inf where there is none.
    Fills out (U,), inf for never.
    """
    rows = room[ROWS]
    for u in range(out.shape[0]):
        out[u] = np.inf
        forget(room)
        for j in range(launch_s.shape[1]):
            if not launch_s[u, j] < np.inf:
                break
            position_rows(phi, u, intercept_s[u, j], dt_s, rows)
            if error_m(u, launch_s[u, j], rows, asked, sources, store, dt_s, room, limit_m) <= limit_m:
                out[u] = launch_s[u, j]
                break
