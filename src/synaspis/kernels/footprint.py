"""What one battery makes of missiles at many places: flights interpolated between those of a lattice.

All missiles are of one class and from one launch area. Their aims are points (u, v) in units of a lattice
of aims that were flown: rows of bearings from the launch area, columns of distances. A flight between them
is told by its phase s, from 0 (settled) to 1 (impact): ECEF states at equal phases are smooth in the
aim, and are interpolated by cubics through the nearest four rows and columns (Lagrange). Times of
knowledge have kinks, and are interpolated linearly, from a finer lattice where there is one.

Tuples of arrays: `flown` (nodes (I, J, 6 N): N states at even phases up to impact; ends (I, J, 2): settled
and impact, s; phases (2,): of the first node, step); `told` (base (S, I, J, 1 + Q), fine (S, F, P, P, 1 + Q),
fine_of (I - 1, J - 1) row of `fine` or -1, and the phases of the Q intercepts (2,): first, step): for each
setting the time from which an order may stand, then from which a track is good enough for each intercept.
`battery` (row of `flyout.FLYOUT_COLUMNS`, table of flight times, radar row, cross-sections (3,), sky,
pace (4,): assess s, launch interval s, shots at most, and to a look).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.engage import engagements
from synaspis.kernels.flyout import (
    HANDOVER,
    MAX_ALT,
    MIN_ALT,
    RANGE,
    REACTION,
    SAMPLES,
    arrival_mps,
    flight_s,
    from_battery,
    hermite,
    sees_to_hand_over,
    tabulate,
)
from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.sensing import UX, UY, UZ, X, Y, Z

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Arrays = tuple[Any, ...]

STEP_S = 0.5
"""Step of the times at which an intercept is tried: that of `flyout.launch_windows`."""
UNREACHED, MET, OUT_OF_RANGE, TOO_LOW, TOO_HIGH = range(5)
"""Why no launch meets a missile, whatever is known of it: kinds of place."""
SLACK_M = 20_000.0
"""How far beyond its limits an interceptor's nodes are still looked between: farther than a missile flies."""
FLIGHT, SPEED, CLOSING = range(3)
"""Rows of what is told of a first intercept: seconds of flight, m/s, m/s."""


@inlined
def cubic(x: float, count: int, weights: Floats) -> int:
    """First of the four lattice points about `x`; fills their weights (4,)."""
    first = min(max(math.floor(x) - 1, 0), count - 4)
    t = x - first
    weights[0] = -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0
    weights[1] = t * (t - 2.0) * (t - 3.0) / 2.0
    weights[2] = -t * (t - 1.0) * (t - 3.0) / 2.0
    weights[3] = t * (t - 1.0) * (t - 2.0) / 6.0
    return first


@inlined
def _flight_at(flown: Arrays, u: float, v: float, weights: Floats, nodes: Floats, ends: Floats) -> None:
    """The flight to (u, v): its nodes (6 N,) and ends (2,)."""
    i, j = cubic(u, flown[0].shape[0], weights[0]), cubic(v, flown[0].shape[1], weights[1])
    nodes[:] = 0.0
    ends[:] = 0.0
    for a in range(4):
        for b in range(4):
            w = weights[0, a] * weights[1, b]
            row, end = flown[0][i + a, j + b], flown[1][i + a, j + b]
            for k in range(nodes.shape[0]):
                nodes[k] += w * row[k]
            ends[0] += w * end[0]
            ends[1] += w * end[1]


@inlined
def _node_at(nodes: Floats, phases: Floats, ends: Floats, when_s: float) -> tuple[int, float]:
    """The node before a time and the part of the way to the next; before the first node the first."""
    place = max(((when_s - ends[0]) / (ends[1] - ends[0]) - phases[0]) / phases[1], 0.0)
    k = min(int(place), nodes.shape[0] // 6 - 2)
    return k, place - k


@inlined
def _place_at(nodes: Floats, phases: Floats, ends: Floats, when_s: float, out: Floats) -> int:
    """Cubic Hermite position, into the first three of `out`; the node before it."""
    k, w = _node_at(nodes, phases, ends, when_s)
    dt = phases[1] * (ends[1] - ends[0])
    for c in range(3):
        m0, m1 = nodes[6 * k + 3 + c] * dt, nodes[6 * k + 9 + c] * dt
        out[c], _ = hermite(nodes[6 * k + c], nodes[6 * k + 6 + c], m0, m1, w)
    return k


@inlined
def _state_at(nodes: Floats, phases: Floats, ends: Floats, when_s: float, out: Floats) -> None:
    """Cubic Hermite state (6,) at a time."""
    k, w = _node_at(nodes, phases, ends, when_s)
    dt = phases[1] * (ends[1] - ends[0])
    for c in range(3):
        m0, m1 = nodes[6 * k + 3 + c] * dt, nodes[6 * k + 9 + c] * dt
        out[c], slope = hermite(nodes[6 * k + c], nodes[6 * k + 6 + c], m0, m1, w)
        out[c + 3] = slope / dt


@inlined
def _near(battery: Arrays, nodes: Floats, near: Bytes, state: Floats) -> int:
    """Mark the nodes (N,) that may lie within the interceptor's limits; what kind of place it is without any.

    A flight passes too high or too low where it is in range of the ground below, and only so.
    """
    row, radar = battery[0], battery[2]
    low = high = band = False
    for k in range(near.shape[0]):
        for c in range(6):
            state[c] = nodes[6 * k + c]
        altitude, across, _ = from_battery(radar, state)
        inside = row[MIN_ALT] <= altitude <= row[MAX_ALT]
        if across <= row[RANGE]:
            low, high, band = low or altitude < row[MIN_ALT], high or altitude > row[MAX_ALT], band or inside
        fits = row[MIN_ALT] - SLACK_M <= altitude <= row[MAX_ALT] + SLACK_M
        near[k] = fits and across <= row[RANGE] + SLACK_M
    if band or not (low or high):
        return OUT_OF_RANGE
    return TOO_LOW if low else TOO_HIGH


@inlined
def _windows(
    battery: Arrays, nodes: Floats, phases: Floats, ends: Floats, near: Bytes, work: Arrays, windows: Floats
) -> int:
    """Fill windows (2, 2, J), launches and intercepts without and with the own radar; how many tries met."""
    state, meets, latest, seen_meets, seen_latest = work
    row, table, radar, rcs, sky = battery[0], battery[1], battery[2], battery[3], battery[4]
    windows[:] = np.inf
    length_s = ends[1] - ends[0]
    begin, end = 0, near.shape[0]
    while begin < end and near[begin] == 0:
        begin += 1
    while end > begin and near[end - 1] == 0:
        end -= 1
    if begin == end:
        return 0
    # From a node before the first that may be met to a node after the last.
    node_s = phases[1] * length_s
    start_s = ends[0] + phases[0] * length_s
    first = math.ceil(max(ends[0], start_s + (begin - 1) * node_s) / STEP_S)
    last = min(math.floor(ends[1] / 2.0) * 4, math.ceil((start_s + end * node_s) / STEP_S) + 1)
    count, seen = 0, 0
    for step in range(first, last):
        when = step * STEP_S
        k = _place_at(nodes, phases, ends, when, state)
        if near[k] == 0 and near[k + 1] == 0:
            continue
        altitude, across, up = from_battery(radar, state)
        order_s = when - flight_s(row, table, altitude, across, up)
        if order_s < 0.0:
            continue
        meets[count], latest[count] = when, order_s
        count += 1
        _state_at(nodes, phases, ends, when - row[HANDOVER], state)
        if sees_to_hand_over(radar, state, when - row[HANDOVER], ends[0], rcs, sky):
            seen_meets[seen], seen_latest[seen] = when, order_s
            seen += 1
    if count > 0:
        tabulate(meets, latest, count, windows[0, 0], windows[0, 1])
    if seen > 0:
        tabulate(seen_meets, seen_latest, seen, windows[1, 0], windows[1, 1])
    return count


@inlined
def _between(corners: Floats, i: int, j: int, a: float, b: float, out: Floats) -> None:
    """Linearly between rows i and i + 1 and columns j and j + 1 of `corners` (I, J, n)."""
    for q in range(out.shape[0]):
        low = (1.0 - b) * corners[i, j, q] + b * corners[i, j + 1, q]
        high = (1.0 - b) * corners[i + 1, j, q] + b * corners[i + 1, j + 1, q]
        out[q] = (1.0 - a) * low + a * high


@inlined
def _told_at(told: Arrays, setting: int, u: float, v: float, out: Floats) -> None:
    """The times (1 + Q,) of a setting at (u, v), linearly from the finest lattice there."""
    base, fine, fine_of, _ = told
    i, j = min(max(int(u), 0), base.shape[1] - 2), min(max(int(v), 0), base.shape[2] - 2)
    a, b, part = min(max(u - i, 0.0), 1.0), min(max(v - j, 0.0), 1.0), fine_of[i, j]
    if part < 0:
        _between(base[setting], i, j, a, b, out)
        return
    side = fine.shape[2] - 1
    k, m = min(int(a * side), side - 1), min(int(b * side), side - 1)
    _between(fine[setting, part], k, m, a * side - k, b * side - m, out)


@inlined
def _first_s(times: Floats, phases: Floats, ends: Floats, launch_s: Floats, intercept_s: Floats) -> float:
    """From when an order may stand that a good enough track serves; inf for never."""
    count = times.shape[0] - 1
    for j in range(launch_s.shape[0]):
        if not launch_s[j] < np.inf:
            break
        place = ((intercept_s[j] - ends[0]) / (ends[1] - ends[0]) - phases[0]) / phases[1]
        q = min(max(int(place), 0), count - 2)
        w = place - q
        if launch_s[j] >= (1.0 - w) * times[1 + q] + w * times[2 + q]:
            return max(times[0], launch_s[j])
    return np.inf


@inlined
def _arrival(battery: Arrays, state: Floats, figures: Floats) -> None:
    """Flight time, speed and closing speed (3,) of an interceptor that meets a missile in `state`."""
    row, table, radar = battery[0], battery[1], battery[2]
    altitude, across, up = from_battery(radar, state)
    t = flight_s(row, table, altitude, across, up) - row[REACTION]
    outward, upward = arrival_mps(row, across, up, t)
    axis = (radar[UX], radar[UY], radar[UZ])
    place = (radar[X], radar[Y], radar[Z])
    square = 0.0
    for c in range(3):
        level = (state[c] - place[c] - up * axis[c]) / max(across, 1.0)
        square += (state[3 + c] - outward * level - upward * axis[c]) ** 2
    figures[FLIGHT], figures[SPEED], figures[CLOSING] = t, math.hypot(outward, upward), math.sqrt(square)


@kernel
def places(
    at: Floats, flown: Arrays, told: Arrays, battery: Arrays, views: Ints, view_of: Ints, group: Ints,
    kind: Bytes, count: Bytes, figures: NDArray[np.float32],
) -> None:  # fmt: skip
    """What the battery can do about a missile at each of P places.

    `at` (P, 2) aims (u, v), NaN where the class does not get there; `views` (V,) 1 where a view needs the
    own radar at handover; `view_of` (G, V) setting of each view for places of a group; `group` (P,).
    Fills kind (P,), count (V, P) feasible engagements, figures (V, 3, P) of the first, NaN for none.
    """
    size = flown[0].shape[2]
    nodes, ends, weights = np.empty(size), np.empty(2), np.empty((2, 4))
    near, windows = np.empty(size // 6, np.uint8), np.empty((2, 2, SAMPLES))
    tries = int(np.max(flown[1][:, :, 1]) / STEP_S) + 4 if size > 6 else 1
    work = (np.empty(6), np.empty(tries), np.empty(tries), np.empty(tries), np.empty(tries))
    times, told_of = np.empty(told[0].shape[3]), np.empty(3)
    assess_s, interval_s, most, to_a_look = (
        battery[5][0],
        battery[5][1],
        int(battery[5][2]),
        int(battery[5][3]),
    )
    for p in range(at.shape[0]):
        kind[p] = UNREACHED
        count[:, p] = 0
        figures[:, :, p] = np.nan
        if math.isnan(at[p, 0]):
            continue
        kind[p] = OUT_OF_RANGE
        if size <= 6:
            continue
        _flight_at(flown, at[p, 0], at[p, 1], weights, nodes, ends)
        kind[p] = _near(battery, nodes, near, work[0])
        if _windows(battery, nodes, flown[2], ends, near, work, windows) == 0:
            continue
        kind[p] = MET
        for v in range(views.shape[0]):
            with_radar = views[v]
            _told_at(told, view_of[group[p], v], at[p, 0], at[p, 1], times)
            launch_s, intercept_s = windows[with_radar, 0], windows[with_radar, 1]
            first = _first_s(times, told[3], ends, launch_s, intercept_s)
            times_met, meets = engagements(
                launch_s, intercept_s, first, assess_s, interval_s, most, to_a_look
            )
            count[v, p] = times_met
            if times_met > 0:
                _state_at(nodes, flown[2], ends, meets, work[0])
                _arrival(battery, work[0], told_of)
                for c in range(3):
                    figures[v, c, p] = told_of[c]


@kernel
def states_of(at: Floats, flown: Arrays, when_s: Floats, out: Floats, found: Floats) -> None:
    """Fill out (P, K, 6) with the interpolated states at `when_s` (P, K), and found (P, 2) with the ends."""
    nodes, weights = np.empty(flown[0].shape[2]), np.empty((2, 4))
    for p in range(at.shape[0]):
        _flight_at(flown, at[p, 0], at[p, 1], weights, nodes, found[p])
        for k in range(when_s.shape[1]):
            _state_at(nodes, flown[2], found[p], when_s[p, k], out[p, k])
