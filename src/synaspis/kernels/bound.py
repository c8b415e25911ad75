"""The posterior Cramér-Rao bound of any mix of sources, and when it is first good enough.

After burnout the motion is deterministic, so what a sensor knows about a missile is a 6 x 6 matrix of
information about the state at burnout, which only grows and adds over sensors. Before it, a cubic path
is fitted to the end of boost and acceleration and jerk are integrated out (Schur complement).

A nation's picture is the best of its *sources*. A source is a set of sensors whose measurements one
owner fuses; two sources are combined by covariance intersection (Julier and Uhlmann, 1997), two at a
time, with weights from a fixed list, so that a further source can never make the picture worse.

Arrays that describe one nation's sources (G of them, E sensor entries):
`first` (G + 1,) first entry of each source; `sensor`, `delay_s` (E,); `start_s` (E, T) when that
sensor's stream begins; `since_s` (G, T) from when the nation may use the source; `level` (G,).
Times are seconds after launch. `pair_of` (S, T) is a row of the information store, or -1.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from synaspis.kernels.sensing import ACCELERATION_PRIOR, JERK_PRIOR

ELLIPSE_90 = math.sqrt(2.0 * math.log(10.0))
"""Semi-major axis of the 90 % ellipse over the larger standard deviation, two dimensions."""
POSITION_PRIOR = 1.0 / 1e7**2
VELOCITY_PRIOR = 1.0 / 1e4**2
WEIGHTS = (0.25, 0.5, 0.75)
REFINEMENTS = 7
IMPACT, TRACK = 0, 1
MAX_SOURCES = 48


@njit(inline="always")
def _marginal(m, out):
    """Information about position and velocity in `m` (12 x 12) once acceleration and jerk are unknown."""
    c = m[6:, 6:].copy()
    for i in range(3):
        c[i, i] += ACCELERATION_PRIOR
        c[3 + i, 3 + i] += JERK_PRIOR
    x = np.linalg.solve(c, m[6:, :6])
    out[:] = m[:6, :6] - m[:6, 6:] @ x


@njit(inline="always")
def _add_stream(coast, first_row, k0, k1, dt_s, when_s, start_s, out):
    """Add what a pair of sensor and missile gathered from `start_s` to `when_s`."""
    for sign, at in ((1.0, when_s), (-1.0, start_s)):
        f = at / dt_s - k0
        if f <= 0.0:
            continue
        top = k1 - k0
        i = min(int(f), top)
        w = min(f - i, 1.0) if i < top else 0.0
        j = min(i + 1, top)
        for a in range(6):
            for b in range(6):
                out[a, b] += sign * ((1.0 - w) * coast[first_row + i, a, b] + w * coast[first_row + j, a, b])


@njit(cache=True, nogil=True, error_model="numpy")
def gathered(
    t, now_s, e0, e1, sensor, delay_s, start_s, pair_of, span, offset, coast, boost, burnout_s, dt_s, out
):
    """Information of one source's entries e0..e1 about missile `t` at `now_s`; False if there is none."""
    any_ = False
    m = np.zeros((12, 12))
    boosted = False
    out[:] = 0.0
    for e in range(e0, e1):
        p = pair_of[sensor[e], t]
        when = now_s - delay_s[e]
        if p < 0 or when < start_s[e, t]:
            continue
        if when >= burnout_s[t] and boost[p, 0, 0] > 0.0 and start_s[e, t] < burnout_s[t]:
            m += boost[p]
            boosted = True
        if when > burnout_s[t]:
            _add_stream(coast, offset[p], span[p, 0], span[p, 1], dt_s, when, start_s[e, t], out)
            any_ = any_ or out[0, 0] > 0.0
    if boosted:
        reduced = np.empty((6, 6))
        _marginal(m, reduced)
        out += reduced
    return any_ or boosted


@njit(inline="always")
def _covariance(info, rows, n, out):
    """`rows` (n x 6) times the inverse of `info` plus a weak prior, times `rows` transposed."""
    a = np.empty((6, 6))
    scale = np.empty(6)
    for i in range(6):
        scale[i] = 1.0 / math.sqrt(info[i, i] + (POSITION_PRIOR if i < 3 else VELOCITY_PRIOR))
    for i in range(6):
        for j in range(i + 1):
            a[i, j] = info[i, j] * scale[i] * scale[j]
        a[i, i] = 1.0 + 1e-12
    for j in range(6):
        for i in range(j, 6):
            s = a[i, j]
            for k in range(j):
                s -= a[i, k] * a[j, k]
            if i == j:
                a[j, j] = math.sqrt(max(s, 1e-13))
            else:
                a[i, j] = s / a[j, j]
    y = np.empty((3, 6))
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


@njit(inline="always")
def _error(info, rows, criterion, out):
    """Semi-major axis of the 90 % ellipse (IMPACT) or one-sigma position error (TRACK), metres."""
    if criterion == IMPACT:
        _covariance(info, rows, 2, out)
        half = 0.5 * (out[0, 0] + out[1, 1])
        spread = math.sqrt(max(0.25 * (out[0, 0] - out[1, 1]) ** 2 + out[0, 1] * out[1, 0], 0.0))
        return ELLIPSE_90 * math.sqrt(max(half + spread, 0.0))
    _covariance(info, rows, 3, out)
    return math.sqrt(max(out[0, 0] + out[1, 1] + out[2, 2], 0.0))


@njit(cache=True, nogil=True, error_model="numpy")
def error_m(
    t,
    now_s,
    rows,
    criterion,
    lowest,
    floor_m,
    first,
    sensor,
    delay_s,
    start_s,
    since_s,
    level,
    pair_of,
    span,
    offset,
    coast,
    boost,
    burnout_s,
    dt_s,
):
    """Error of a nation's picture of missile `t` at `now_s`: the least over its sources and pairs of them.

    `rows` projects the state at burnout on what is asked. Only sources of `level >= lowest` count; a
    source below level 1 (an alert) is never better than `floor_m`. inf without a source.
    """
    best = np.inf
    out = np.empty((3, 3))
    store = np.empty((first.shape[0], 6, 6))
    used = 0
    for g in range(first.shape[0] - 1):
        if level[g] < lowest or now_s < since_s[g, t]:
            continue
        if not gathered(
            t,
            now_s,
            first[g],
            first[g + 1],
            sensor,
            delay_s,
            start_s,
            pair_of,
            span,
            offset,
            coast,
            boost,
            burnout_s,
            dt_s,
            store[used],
        ):
            continue
        alone = _error(store[used], rows, criterion, out)
        if level[g] < 1:
            best = min(best, max(alone, floor_m))
            continue
        best = min(best, alone)
        for h in range(used):
            for w in WEIGHTS:
                best = min(best, _error(w * store[h] + (1.0 - w) * store[used], rows, criterion, out))
        used += 1
    return best


@njit(inline="always")
def _rows_at(phi, t, when_s, dt_s, out):
    """Position rows of the transition from burnout to `when_s`, interpolated."""
    f = when_s / dt_s
    k = min(int(f), phi.shape[1] - 2)
    w = f - k
    for i in range(3):
        for j in range(6):
            lo, hi = phi[t, k, i, j], phi[t, k + 1, i, j]
            if math.isnan(lo):
                out[i, j] = hi
            elif math.isnan(hi):
                out[i, j] = lo
            else:
                out[i, j] = (1.0 - w) * lo + w * hi


@njit(cache=True, nogil=True, error_model="numpy")
def first_times(
    criterion,
    limit_m,
    lowest,
    floor_m,
    earliest_s,
    impact_s,
    phi,
    impact_rows,
    first,
    sensor,
    delay_s,
    start_s,
    since_s,
    level,
    pair_of,
    span,
    offset,
    coast,
    boost,
    burnout_s,
    dt_s,
    out,
):
    """First time at which each missile's error is within `limit_m`; fills out (T,), inf for never.

    IMPACT uses `impact_rows` (T, 2, 6); TRACK projects to the present. `earliest_s` (T,) is a time
    before which no source can be good enough. Steps of `dt_s`, then bisection to dt_s / 128.
    """
    rows = np.empty((3, 6))
    for t in range(out.shape[0]):
        out[t] = np.inf
        low = max(earliest_s[t], burnout_s[t])
        if low >= impact_s[t] or low == np.inf:
            continue
        now, before = low, low
        while True:
            if criterion == IMPACT:
                rows[:2] = impact_rows[t]
            else:
                _rows_at(phi, t, now, dt_s, rows)
            e = error_m(
                t,
                now,
                rows,
                criterion,
                lowest,
                floor_m,
                first,
                sensor,
                delay_s,
                start_s,
                since_s,
                level,
                pair_of,
                span,
                offset,
                coast,
                boost,
                burnout_s,
                dt_s,
            )
            if e <= limit_m:
                break
            before = now
            now += dt_s
            if now >= impact_s[t]:
                now = np.inf
                break
        if now == np.inf or now == low:
            out[t] = now
            continue
        for _ in range(REFINEMENTS):
            middle = 0.5 * (before + now)
            if criterion == TRACK:
                _rows_at(phi, t, middle, dt_s, rows)
            e = error_m(
                t,
                middle,
                rows,
                criterion,
                lowest,
                floor_m,
                first,
                sensor,
                delay_s,
                start_s,
                since_s,
                level,
                pair_of,
                span,
                offset,
                coast,
                boost,
                burnout_s,
                dt_s,
            )
            if e <= limit_m:
                now = middle
            else:
                before = middle
        out[t] = now


@njit(cache=True, nogil=True, error_model="numpy")
def first_launches(
    limit_m,
    lowest,
    launch_s,
    intercept_s,
    impact_s,
    phi,
    first,
    sensor,
    delay_s,
    start_s,
    since_s,
    level,
    pair_of,
    span,
    offset,
    coast,
    boost,
    burnout_s,
    dt_s,
    out,
):
    """First launch time at which the error *predicted to the intercept* is within `limit_m`.

    launch_s, intercept_s: (T, J) candidate launches and their intercepts, inf where there is none.
    Fills out (T,), inf for never.
    """
    rows = np.empty((3, 6))
    for t in range(out.shape[0]):
        out[t] = np.inf
        if not launch_s[t, 0] < np.inf:
            continue
        for j in range(launch_s.shape[1]):
            if not launch_s[t, j] < np.inf:
                break
            _rows_at(phi, t, intercept_s[t, j], dt_s, rows)
            e = error_m(
                t,
                launch_s[t, j],
                rows,
                TRACK,
                lowest,
                0.0,
                first,
                sensor,
                delay_s,
                start_s,
                since_s,
                level,
                pair_of,
                span,
                offset,
                coast,
                boost,
                burnout_s,
                dt_s,
            )
            if e <= limit_m:
                out[t] = launch_s[t, j]
                break
