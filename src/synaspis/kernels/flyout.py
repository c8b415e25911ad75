"""How fast an interceptor gets somewhere, and which launches of it can still meet a missile.

No guidance: an interceptor flies a straight powered path bent by gravity, from public burnout speed
and burn time. With constant thrust direction `u`, constant acceleration and uniform gravity the
displacement is exactly `u s(t) - g t^2 / 2`, so the time to a point is the smallest root of
`|d + g t^2 / 2 up| = s(t)`. Drag after burnout takes speed exponentially with distance.

Times are seconds from the missile's launch; positions ECEF metres.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.sensing import CUE, DET_SNR, UX, UY, UZ, X, Y, Z, altitude_m, look

Floats = NDArray[np.float64]

FLYOUT_COLUMNS = [
    "speed",
    "burn",
    "slowing",
    "range",
    "minimum_altitude",
    "maximum_altitude",
    "handover",
    "reaction",
]
SPEED, BURN, SLOWING, RANGE, MIN_ALT, MAX_ALT, HANDOVER, REACTION = range(8)
SUBSTEPS = 4
SAMPLES = 64
"""Launch times tabulated between the first and the last that can meet a missile."""
GRAVITY = 9.80665
TABLE_RANGE, TABLE_HEIGHT = 97, 97


@inlined
def _path(speed: float, burn: float, slowing: float, t: float) -> float:
    """Distance flown after `t` seconds."""
    if t <= burn:
        return 0.5 * speed / burn * t * t
    return 0.5 * speed * burn + slowing * math.log(1.0 + speed * (t - burn) / slowing)


@inlined
def _ahead_m(
    speed: float, burn: float, slowing: float, g: float, across_m: float, up_m: float, t: float
) -> float:
    """How much farther the interceptor has flown by `t` than it must; negative while it cannot be there."""
    return _path(speed, burn, slowing, t) - math.hypot(across_m, up_m + 0.5 * g * t * t)


@inlined
def time_to_point(speed: float, burn: float, slowing: float, across_m: float, up_m: float) -> float:
    """Seconds to reach a point `across_m` away and `up_m` above the launcher; inf if it never does.

    Looked for from the time that the full speed would take, which is too early, in steps of 15 %; then
    by regula falsi (Illinois) to a microsecond.
    """
    g = GRAVITY * (MEAN_RADIUS_M / (MEAN_RADIUS_M + max(0.5 * up_m, 0.0))) ** 2
    low = 0.5 * math.hypot(across_m, up_m) / speed
    below = _ahead_m(speed, burn, slowing, g, across_m, up_m, low)
    if below >= 0.0:
        return low
    high, above = low, below
    while above < 0.0:
        low, below = high, above
        high = max(1.15 * high, 1.0)
        above = _ahead_m(speed, burn, slowing, g, across_m, up_m, high)
        # Once gravity has turned the flight downwards a growing gap never closes again.
        if high > 2000.0 or (high > burn and g * high > speed and above < below):
            return np.inf
    side = 0
    while high - low > 1e-6:
        t = high - above * (high - low) / (above - below)
        now = _ahead_m(speed, burn, slowing, g, across_m, up_m, t)
        if now < 0.0:
            low, below = t, now
            above *= 0.5 if side < 0 else 1.0
            side = -1
        else:
            if high - t < 1e-6:
                return t
            high, above = t, now
            below *= 0.5 if side > 0 else 1.0
            side = 1
    return high


@kernel
def flyout_table(row: Floats, out: Floats) -> None:
    """Fill out (TABLE_RANGE, TABLE_HEIGHT): seconds to (range, height) on an even grid.

    Heights run from the drop of the horizon at full range up to the highest intercept.
    """
    lowest = -(row[RANGE] ** 2) / (2.0 * MEAN_RADIUS_M)
    for i in range(TABLE_RANGE):
        across = row[RANGE] * i / (TABLE_RANGE - 1)
        for j in range(TABLE_HEIGHT):
            up = lowest + (row[MAX_ALT] - lowest) * j / (TABLE_HEIGHT - 1)
            out[i, j] = time_to_point(row[SPEED], row[BURN], row[SLOWING], across, up)


@inlined
def _looked_up(table: Floats, row: Floats, across: float, up: float) -> float:
    lowest = -(row[RANGE] ** 2) / (2.0 * MEAN_RADIUS_M)
    f = across / row[RANGE] * (TABLE_RANGE - 1)
    g = (up - lowest) / (row[MAX_ALT] - lowest) * (TABLE_HEIGHT - 1)
    i = min(max(int(f), 0), TABLE_RANGE - 2)
    j = min(max(int(g), 0), TABLE_HEIGHT - 2)
    a, b = f - i, g - j
    return ((1 - a) * (1 - b) * table[i, j] + a * (1 - b) * table[i + 1, j]
            + (1 - a) * b * table[i, j + 1] + a * b * table[i + 1, j + 1])  # fmt: skip


@inlined
def arrival_mps(row: Floats, across_m: float, up_m: float, t: float) -> tuple[float, float]:
    """Velocity (outward, upward) of an interceptor that is `across_m` away and `up_m` above after `t` s."""
    speed, burn, slowing = row[SPEED], row[BURN], row[SLOWING]
    g = GRAVITY * (MEAN_RADIUS_M / (MEAN_RADIUS_M + max(0.5 * up_m, 0.0))) ** 2
    pace = speed / burn * t if t <= burn else speed / (1.0 + speed * (t - burn) / slowing)
    raised = up_m + 0.5 * g * t * t
    length = max(math.hypot(across_m, raised), 1e-9)
    return pace * across_m / length, pace * raised / length - g * t


@inlined
def hermite(p0: float, p1: float, m0: float, m1: float, w: float) -> tuple[float, float]:
    """Value and slope at `w` (0 to 1) of the cubic from `p0` to `p1` with slopes `m0` and `m1`."""
    a = 2.0 * p0 - 2.0 * p1 + m0 + m1
    b = -3.0 * p0 + 3.0 * p1 - 2.0 * m0 - m1
    return ((a * w + b) * w + m0) * w + p0, (3.0 * a * w + 2.0 * b) * w + m0


@inlined
def _between(states: Floats, t: int, k: int, w: float, dt_s: float, out: Floats) -> None:
    """Cubic Hermite state between samples k and k + 1."""
    for c in range(3):
        m0, m1 = states[t, k, c + 3] * dt_s, states[t, k + 1, c + 3] * dt_s
        out[c], slope = hermite(states[t, k, c], states[t, k + 1, c], m0, m1, w)
        out[c + 3] = slope / dt_s


@inlined
def _own_radar_sees(
    radar: Floats,
    states: Floats,
    t: int,
    when_s: float,
    dt_s: float,
    burnout_s: float,
    rcs: Floats,
    sky: Floats,
    work: Floats,
) -> bool:
    k = int(when_s / dt_s)
    if when_s < 0.0 or k + 1 >= states.shape[1] or math.isnan(states[t, k + 1, 0]):
        return False
    _between(states, t, k, when_s / dt_s - k, dt_s, work)
    return sees_to_hand_over(radar, work, when_s, burnout_s, rcs, sky)


@inlined
def sees_to_hand_over(
    radar: Floats, state: Floats, when_s: float, burnout_s: float, rcs: Floats, sky: Floats
) -> bool:
    """Whether a radar that knows where to look sees a missile in `state`."""
    ok, snr, _ = look(radar, state, when_s, burnout_s, rcs, 0.0, sky)
    return ok and snr * radar[CUE] >= radar[DET_SNR]


@inlined
def from_battery(radar: Floats, state: Floats) -> tuple[float, float, float]:
    """(altitude, distance across, height above the battery's horizontal) of a missile, metres."""
    dx, dy, dz = state[0] - radar[X], state[1] - radar[Y], state[2] - radar[Z]
    up = dx * radar[UX] + dy * radar[UY] + dz * radar[UZ]
    across = math.sqrt(max(dx * dx + dy * dy + dz * dz - up * up, 0.0))
    return altitude_m(state[0], state[1], state[2]), across, up


@inlined
def flight_s(row: Floats, table: Floats, altitude: float, across: float, up: float) -> float:
    """Seconds from order to a place as of `from_battery`; inf outside the interceptor's limits."""
    if altitude < row[MIN_ALT] or altitude > row[MAX_ALT] or across > row[RANGE] or up > row[MAX_ALT]:
        return np.inf
    return row[REACTION] + _looked_up(table, row, across, up)


@kernel
def launch_windows(
    states: Floats, dt_s: float, burnout_s: Floats, impact_s: Floats, row: Floats, table: Floats,
    radar: Floats,
    needs_radar: bool, rcs: Floats, sky: Floats, listed: NDArray[np.bool_], launch_s: Floats,
    intercept_s: Floats,
) -> None:  # fmt: skip
    """Which launches of one battery meet each missile, and when.

    A launch at `launch_s[t, j]` is met at `intercept_s[t, j]`, which never falls with j; both (T,
    SAMPLES), inf where there is none. `listed` (T,) says whether the class is on the interceptor's
    list; with `needs_radar` the battery's own radar must see the missile at handover.
    """
    state, work = np.empty(6), np.empty(6)
    meets, latest = np.empty(states.shape[1] * SUBSTEPS), np.empty(states.shape[1] * SUBSTEPS)
    for t in range(states.shape[0]):
        for j in range(SAMPLES):
            launch_s[t, j] = np.inf
            intercept_s[t, j] = np.inf
        count = 0
        first = math.ceil(burnout_s[t] / dt_s * SUBSTEPS)
        last = math.floor(impact_s[t] / dt_s) * SUBSTEPS if listed[t] else 0
        for step in range(first, last):
            k, when = step // SUBSTEPS, step * dt_s / SUBSTEPS
            _between(states, t, k, step / SUBSTEPS - k, dt_s, state)
            altitude, across, up = from_battery(radar, state)
            order_s = when - flight_s(row, table, altitude, across, up)
            if order_s < 0.0:
                continue
            if needs_radar and not _own_radar_sees(
                radar, states, t, when - row[HANDOVER], dt_s, burnout_s[t], rcs[t], sky, work
            ):
                continue
            meets[count] = when
            latest[count] = order_s
            count += 1
        if count > 0:
            tabulate(meets, latest, count, launch_s[t], intercept_s[t])


@kernel
def seen_at_handover(
    states: Floats, dt_s: float, burnout_s: Floats, radars: Floats, rcs: Floats, sky: Floats,
    handover_s: float, intercept_s: Floats, seen: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Whether one of R radars sees a thing beside each missile at the handover of some intercept.

    Shapes: states (T, K, 6), radars (R, sensing.ROW_COLUMNS), rcs (R, 3) its cross-section by phase, and
    `intercept_s` (T, SAMPLES) as `launch_windows` leaves it. Fills `seen` (T,).
    """
    work = np.empty(6)
    for t in range(states.shape[0]):
        seen[t] = False
        for j in range(SAMPLES):
            for r in range(radars.shape[0] if intercept_s[t, j] < np.inf else 0):
                if not seen[t]:
                    seen[t] = _own_radar_sees(
                        radars[r], states, t, intercept_s[t, j] - handover_s, dt_s, burnout_s[t], rcs[r], sky,
                        work,
                    )  # fmt: skip


@inlined
def tabulate(meets: Floats, latest: Floats, count: int, launch_s: Floats, intercept_s: Floats) -> None:
    """Even launch times from the first useful to the last possible, each with its earliest intercept."""
    first, last = latest[0], latest[0]
    for i in range(count):
        last = max(last, latest[i])
    i = 0
    for j in range(SAMPLES):
        when = last if j == SAMPLES - 1 else first + (last - first) * j / (SAMPLES - 1)
        while i < count - 1 and latest[i] < when - 1e-9:
            i += 1
        if latest[i] < when - 1e-9:
            break
        launch_s[j] = when
        intercept_s[j] = meets[i]
