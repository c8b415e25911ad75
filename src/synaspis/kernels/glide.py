"""Prescribed flights of gliding and quasi-ballistic classes, in a vertical plane over a round Earth.

A flight is a fixed sequence: boost to a speed and a climb angle, coast, a pull-up on a circular arc, a
glide, and a dive on an arc into a straight line. Nothing here steers: every part follows from figures of
the class, and the speed at burnout, an inner unknown, from how far the flight is to go.

- Boost: constant acceleration along a path that pitches over as `boost` does.
- Coast: gravity and drag. Drag is that of the trimmed glider at all times: `BETA` = m / (Cd A).
- Equilibrium glide: the height at which lift, `LIFT` times the drag, carries what the centrifugal force does
  not: density = 2 BETA (g - V^2/r) / (LIFT V^2). Speed follows from drag and from the height given up.
  Source: A. Eggers, H. Allen and S. Neice, A comparative analysis of the performance of long-range
  hypervelocity vehicles, NACA Report 1382 (1958); J. Acton, Hypersonic boost-glide weapons, Science & Global
  Security 23 (2015), 191-219.
- Skip: the same lift, full and constant from apogee on: the phugoid that no control damps.
- Dive: begins when as much energy is left as that of a glide at `END_SPEED`.

The Earth does not turn here: speeds are those over the ground. Winds and steering losses are left out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.atmosphere import density_kgpm3
from synaspis.kernels.boost import PITCHED_SHARE, RISE_SHARE
from synaspis.kernels.earth import GRAVITY_M3PS2, MEAN_RADIUS_M, STANDARD_GRAVITY_MPS2
from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]

BURN, TOP_SPEED, CLIMB, BETA, LIFT, END_SPEED, DIVE, LOAD, SKIPS = range(9)
"""Entries of a class's `plan` (9,): burn s, greatest speed at burnout m/s, climb angle there rad, kg/m2,
lift over drag, speed at which the glide ends m/s, dive angle rad, load of pull-up and dive (g), 1 to skip."""
TIME, GROUND, HEIGHT, SPEED, ANGLE, PHASE = range(6)
"""Columns of a flight's rows: s, metres along the ground, m, m/s, rad above the level, one of those below."""
BOOSTING, COASTING, PULLING_UP, GLIDING, SKIPPING, DIVING, FALLING = range(7)

STEP_S = 0.5
MOST_ROWS = 12_000
"""Longest flight that is followed: 6,000 s."""
_SETTLE_S = 30.0
"""Time in which the glide takes up what height the pull-up left it off the equilibrium."""
_SCALE_STEP_M = 250.0
_EVENT_ROUNDS = 4
_SOLVE_ROUNDS = 60
_CLOSE_ENOUGH_M = 1.0
_LOWEST_SHARE = 0.3  # of the top speed: no class is flown slower
# What falls deeper in one step, or is slower, is no such flight.
_DEEPEST_M = -10_000.0
_SLOWEST_MPS = 50.0
_FLATTEST_RAD = math.radians(0.5)
_STEEPEST_RAD = math.radians(75.0)
_CLIMB_ROUNDS = 24
_SHARE_STEP = 0.1


@inlined
def _unborne(height: float, speed: float) -> tuple[float, float]:
    """Gravity, and what of it the centrifugal force does not bear, m/s2."""
    radius = MEAN_RADIUS_M + height
    gravity = GRAVITY_M3PS2 / (radius * radius)
    return gravity, max(gravity - speed * speed / radius, 1e-3 * gravity)


@inlined
def _scale_height_m(height: float) -> float:
    ratio = density_kgpm3(height - _SCALE_STEP_M) / density_kgpm3(height + _SCALE_STEP_M)
    return 2.0 * _SCALE_STEP_M / max(1e-3, math.log(ratio))


@kernel
def equilibrium_height_m(speed: float, beta: float, lift: float) -> float:
    """Height at which a glider at `speed` (m/s) is borne; 0 where the air is nowhere dense enough."""
    low, high = 0.0, 100_000.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        borne = 0.5 * density_kgpm3(middle) * speed * speed * lift / beta
        if borne > _unborne(middle, speed)[1]:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@inlined
def _below_equilibrium_m(height: float, speed: float, plan: Floats) -> float:
    """How far the equilibrium lies above `height`, by the scale height there: exact where it is near."""
    borne = 0.5 * density_kgpm3(height) * speed * speed * plan[LIFT] / plan[BETA]
    return _scale_height_m(height) * math.log(borne / _unborne(height, speed)[1])


@kernel
def glide_angle(height: float, speed: float, beta: float) -> float:
    """Path angle (rad, below the level) of the equilibrium glide there: it keeps density in balance."""
    gravity, left = _unborne(height, speed)
    drag = 0.5 * density_kgpm3(height) * speed * speed / beta
    sink = 2.0 * _scale_height_m(height) * gravity / (speed * speed * left)
    return -math.asin(min(0.5, drag * sink / (1.0 + gravity * sink)))


@kernel
def _settled_angle(height: float, speed: float, plan: Floats) -> float:
    """`glide_angle`, and on top of it the way back to the equilibrium."""
    back = _below_equilibrium_m(height, speed, plan) / (speed * _SETTLE_S)
    return glide_angle(height, speed, plan[BETA]) + math.atan(back)


@inlined
def _rates(
    phase: float, height: float, speed: float, angle: float, plan: Floats, bend: float
) -> tuple[float, float, float, float]:
    """Rates of ground distance, height, speed and angle. `bend` is the curvature of an arc, 1/m."""
    radius = MEAN_RADIUS_M + height
    gravity = GRAVITY_M3PS2 / (radius * radius)
    drag = 0.5 * density_kgpm3(height) * speed * speed / plan[BETA]
    if phase == GLIDING:
        angle = _settled_angle(height, speed, plan)
    sine, cosine = math.sin(angle), math.cos(angle)
    turn = 0.0
    if phase == PULLING_UP:
        turn = bend * speed
    elif phase == DIVING:
        turn = -bend * speed
    elif phase in (COASTING, SKIPPING):
        turn = -(gravity - speed * speed / radius) * cosine / speed
        if phase == SKIPPING:
            turn += plan[LIFT] * drag / speed
    return speed * cosine * MEAN_RADIUS_M / radius, speed * sine, -drag - gravity * sine, turn


@kernel
def _advance(state: Floats, dt: float, plan: Floats, bend: float) -> None:
    """One Runge-Kutta step of `state` (6,) in place."""
    phase, h, v, a = state[PHASE], state[HEIGHT], state[SPEED], state[ANGLE]
    total_s = total_h = total_v = total_a = 0.0
    ds = dh = dv = da = 0.0
    for k in range(4):
        part = dt if k == 3 else 0.5 * dt * min(k, 1)
        ds, dh, dv, da = _rates(phase, h + part * dh, v + part * dv, a + part * da, plan, bend)
        weight = (2.0 if k in (1, 2) else 1.0) * dt / 6.0
        total_s += weight * ds
        total_h += weight * dh
        total_v += weight * dv
        total_a += weight * da
    state[TIME] += dt
    state[GROUND] += total_s
    state[HEIGHT] = h + total_h
    state[SPEED] = v + total_v
    state[ANGLE] = a + total_a
    if phase == GLIDING:
        state[ANGLE] = _settled_angle(state[HEIGHT], state[SPEED], plan)


@inlined
def _energy(height: float, speed: float) -> float:
    return 0.5 * speed * speed + STANDARD_GRAVITY_MPS2 * height


@kernel
def _event(state: Floats, plan: Floats, end_energy: float) -> float:
    """What falls through 0 where the phase ends."""
    phase, height, speed, angle = state[PHASE], state[HEIGHT], state[SPEED], state[ANGLE]
    if phase == COASTING:
        level = angle * 1e5
        if plan[SKIPS] > 0.0 or level > 0.0:
            return level
        radius = speed * speed / (plan[LOAD] * STANDARD_GRAVITY_MPS2)
        bottom = min(100_000.0, max(0.0, height + _below_equilibrium_m(height, speed, plan)))
        bottom += _below_equilibrium_m(bottom, speed, plan)
        return max(level, height - bottom - radius * (1.0 - math.cos(angle)))
    if phase == PULLING_UP:
        return max(glide_angle(height, speed, plan[BETA]) - angle, -1.0)
    if phase in (GLIDING, SKIPPING):
        return _energy(height, speed) - end_energy
    if phase == DIVING:
        return min(angle + plan[DIVE], height * 1e-5)
    return height


@kernel
def _boost(plan: Floats, speed: float, rows: Floats) -> int:
    """Rows to the burnout at `speed`: constant acceleration, Simpson's rule. The number of rows."""
    burn = plan[BURN] * speed / plan[TOP_SPEED]
    count = max(2, math.ceil(burn / STEP_S))
    dt = burn / count
    rise, pitched = RISE_SHARE * plan[BURN], PITCHED_SHARE * plan[BURN]
    ground = height = 0.0
    for k in range(count + 1):
        for j in range(3):
            # The last half step, its middle and its end; the first row stands still.
            now = (k - 1 + 0.5 * j) * dt if k > 0 else 0.0
            part = min(1.0, max(0.0, (now - rise) / (pitched - rise)))
            smooth = part * part * part * (10.0 + part * (6.0 * part - 15.0))
            angle = 0.5 * math.pi - (0.5 * math.pi - plan[CLIMB]) * smooth
            fast = now * plan[TOP_SPEED] / plan[BURN]
            weight = (4.0 if j == 1 else 1.0) * dt / 6.0 if k > 0 else 0.0
            ground += weight * fast * math.cos(angle) * MEAN_RADIUS_M / (MEAN_RADIUS_M + height)
            height += weight * fast * math.sin(angle)
        rows[k, TIME], rows[k, GROUND], rows[k, HEIGHT] = now, ground, height
        rows[k, SPEED], rows[k, ANGLE], rows[k, PHASE] = fast, angle, BOOSTING
    return count + 1


@kernel
def _next_phase(state: Floats, plan: Floats) -> float:
    """The phase that follows; 0 when the flight is over."""
    phase = state[PHASE]
    if phase == COASTING:
        return SKIPPING if plan[SKIPS] > 0.0 else PULLING_UP
    if phase == PULLING_UP:
        return GLIDING
    if phase in (GLIDING, SKIPPING):
        return DIVING
    if phase == DIVING and state[HEIGHT] > 1.0:
        return FALLING
    return 0.0


@kernel
def fly_plan(plan: Floats, speed: float, rows: Floats) -> int:
    """Fill `rows` (MOST_ROWS, 6) with the flight that burns out at `speed`; how many, or 0 if there is none.

    The last row is the impact. A phase that begins shows in the row at which it does.
    """
    if math.isnan(np.sum(plan) + speed):
        return 0
    end_energy = _energy(equilibrium_height_m(plan[END_SPEED], plan[BETA], plan[LIFT]), plan[END_SPEED])
    count = _boost(plan, speed, rows)
    state, before = rows[count - 1].copy(), np.empty(6)
    state[PHASE], bend = COASTING, 0.0
    while count < rows.shape[0]:
        before[:] = state
        left = _event(before, plan, end_energy)
        _advance(state, STEP_S, plan, bend)
        if not (state[HEIGHT] > _DEEPEST_M and state[SPEED] > _SLOWEST_MPS):
            return 0
        now = _event(state, plan, end_energy)
        if now <= 0.0:
            dt = STEP_S
            for _ in range(_EVENT_ROUNDS):
                if left <= 0.0:
                    dt = 0.0
                    break
                dt = min(STEP_S, dt * left / (left - now)) if now != left else dt
                state[:] = before
                _advance(state, dt, plan, bend)
                now = _event(state, plan, end_energy)
                if abs(now) < 1e-9 * left:
                    break
            if dt == 0.0:
                state[:] = before
            state[PHASE] = _next_phase(state, plan)
            if state[PHASE] == PULLING_UP or state[PHASE] == DIVING:
                bend = plan[LOAD] * STANDARD_GRAVITY_MPS2 / (state[SPEED] * state[SPEED])
        if state[TIME] == before[TIME]:  # the phase was over before it began
            count -= 1
        rows[count] = state
        count += 1
        if state[PHASE] == 0.0:
            rows[count - 1, PHASE] = FALLING
            return count
    return 0


@kernel
def climb_for(plan: Floats, apogee_m: float) -> float:
    """The climb angle at burnout (rad) whose flight at top speed peaks at `apogee_m`; NaN if none does."""
    rows = np.empty((MOST_ROWS, 6))
    trial = plan.copy()
    low, high = _FLATTEST_RAD, _STEEPEST_RAD
    for _ in range(_CLIMB_ROUNDS):
        trial[CLIMB] = 0.5 * (low + high)
        count = fly_plan(trial, trial[TOP_SPEED], rows)
        if count > 0 and np.max(rows[:count, HEIGHT]) < apogee_m:
            low = trial[CLIMB]
        else:
            high = trial[CLIMB]
    ends = low > _FLATTEST_RAD and high < _STEEPEST_RAD
    return 0.5 * (low + high) if ends else np.nan


@kernel
def solve_plan(plan: Floats, length_m: float, rows: Floats) -> tuple[int, float]:
    """Fill `rows` with the flight over `length_m` of ground; how many, and how far the class flies at most.

    None where there is no such flight: too far, or nearer than the class can be aimed.
    """
    count = fly_plan(plan, plan[TOP_SPEED], rows)
    farthest = rows[count - 1, GROUND] if count > 0 else np.nan
    if not farthest >= length_m:
        return 0, farthest
    high, over = plan[TOP_SPEED], farthest - length_m
    low, under, share = high, over, 1.0
    while under > 0.0 and share > _LOWEST_SHARE:
        share = max(_LOWEST_SHARE, share - _SHARE_STEP)
        count = fly_plan(plan, share * plan[TOP_SPEED], rows)
        if count == 0:
            return 0, farthest
        if rows[count - 1, GROUND] > length_m:
            high, over = share * plan[TOP_SPEED], rows[count - 1, GROUND] - length_m
        low, under = share * plan[TOP_SPEED], rows[count - 1, GROUND] - length_m
    if under > 0.0:
        return 0, farthest
    for _ in range(_SOLVE_ROUNDS):
        # False position; an end that stays counts half (the Illinois rule), so that it cannot stall.
        middle = low + (high - low) * under / (under - over)
        count = fly_plan(plan, middle, rows)
        if count == 0:
            return 0, farthest
        miss = rows[count - 1, GROUND] - length_m
        if abs(miss) < _CLOSE_ENOUGH_M:
            break
        if miss > 0.0:
            high, over, under = middle, miss, 0.5 * under
        else:
            low, under, over = middle, miss, 0.5 * over
    return count, farthest
