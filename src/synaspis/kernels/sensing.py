"""What each sensor sees of each missile: first detection, and information about its motion.

Missiles come as ECEF states sampled every `dt_s` from launch, shape (T, K, 6), NaN after impact;
all times are seconds from that missile's launch. Sensors come as rows: the columns of
`radar.radar_table` or `infrared.infrared_table`, then those below.

Satellites and the Sun move: `moves` is (station (S,) row among the tracks, -1 for one that stands still;
tracks (G, M, 3) ECEF places; sun (G, 3) directions; start (T,) launch times), tracks and sun sampled every
`dt_s` from time zero of the raid. With no samples all stands still and there is no Sun.

Sources: radar range equation through a published reference and Swerling 1 detection (Skolnik,
Introduction to Radar Systems, 3rd ed. 2001, chapter 2); measurement noise from the signal-to-noise
ratio, and search as energy spread over a solid angle (Barton, Radar System Analysis and Modeling, 2005,
chapters 8 and 3).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import quick_height_m
from synaspis.kernels.infrared import burning_strength, cold_strength, stand
from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.radar import COLUMNS, apparent, in_view

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Moves = tuple[Ints, Floats, Floats, Floats]

KIND, REF_RANGE, REF_RCS, REF_SNR, DET_SNR, CUE, BEAM, RES, SCAN, UPDATE = range(COLUMNS, COLUMNS + 10)
MIN_INTENSITY, LOS, REPORT, LOOKS = range(COLUMNS + 10, COLUMNS + 14)
RATE, SPREAD, FENCE_LOW, FENCE_HIGH = range(COLUMNS + 14, COLUMNS + 18)
"""Columns of a sensor row behind those of `radar.radar_table`: SI, ratios not decibels.

SPREAD is the solid angle of search times the share of time that a cue gets; the fence is between sines.
"""
ROW_COLUMNS = COLUMNS + 18
X, Y, Z, UX, UY, UZ = 0, 1, 2, 6, 7, 8
RADAR, INFRARED = 0.0, 1.0

FALSE_ALARM = 1e-6
"""Chance of a false alarm in one look: the convention of Skolnik's detection curves."""
INFRARED_SNR = 20.0
"""Signal-to-noise ratio that `minimum_intensity` stands for: one look in two detects (Swerling 1)."""
CUE_LEVELS_M = (50_000.0, 5_000.0, 1_000.0)
"""One-sigma position errors of the tracks that cue a radar, from the coarsest; between them the coarser."""
CUE_WIDTH = math.sqrt(2.0 * math.log(10.0))
"""Half-width of what a cue leaves to search over its one-sigma error: 90 % of a circular normal."""
BEST_SPLIT = 20.0
"""How far a range or Doppler cell is split at best, however strong the signal."""
TERMINAL_ALTITUDE_M = 1e5
BOOST_WINDOW_S = 40.0
"""Last part of boost to which a cubic path is fitted; acceleration and jerk are then integrated out."""
ACCELERATION_PRIOR = 1.0 / 50.0**2
JERK_PRIOR = 1.0 / 1.0**2


@inlined
def detection_chance(snr: float) -> float:
    """Chance of detection in one look of a Swerling 1 target."""
    return FALSE_ALARM ** (1.0 / (1.0 + snr))


@inlined
def altitude_m(x: float, y: float, z: float) -> float:
    """Height above the ellipsoid, as the flight kernels reckon it."""
    square = x * x + y * y + z * z
    return quick_height_m(math.sqrt(square), z * z / square)


@inlined
def radar_look(row: Floats, dx: float, dy: float, dz: float, rcs: Floats) -> tuple[bool, float, float]:
    """(in view, signal-to-noise ratio without a cue, range) of a target `d` metres from the radar."""
    r = math.sqrt(dx * dx + dy * dy + dz * dz)
    if not in_view(row, dx, dy, dz):
        return False, 0.0, r
    return True, row[REF_SNR] * (row[REF_RANGE] / r) ** 4 * rcs / row[REF_RCS], r


@inlined
def _phase(time_s: float, burnout_s: float, falling: bool, altitude: float) -> int:
    if time_s < burnout_s:
        return 0
    return 2 if falling and altitude < TERMINAL_ALTITUDE_M else 1


@inlined
def look(
    row: Floats, state: Floats, time_s: float, burnout_s: float, rcs: Floats, plume: float, sky: Floats
) -> tuple[bool, float, float]:
    """(in view, signal-to-noise ratio without a cue, range) of one sensor and one missile at one time."""
    x, y, z = state[0], state[1], state[2]
    altitude = altitude_m(x, y, z)
    if row[KIND] == INFRARED:
        if time_s < burnout_s:
            ok, strength, r = burning_strength(row, x, y, z, plume / row[MIN_INTENSITY], altitude, sky)
        else:
            ok, strength, r = cold_strength(row, x, y, z)
        return ok, row[DET_SNR] * strength * strength, r
    falling = x * state[3] + y * state[4] + z * state[5] < 0.0
    phase = _phase(time_s, burnout_s, falling, altitude)
    return radar_look(row, x - row[X], y - row[Y], z - row[Z], rcs[phase])


@inlined
def cue_gain(row: Floats, error_m: float, r: float) -> float:
    """What a cue of one-sigma error `error_m` adds to a look at range `r`, at least 1 and at most CUE.

    A radar gives each direction of its search an equal share of its time. With a cue it gives a part of
    that time to the cone that the cue leaves, at least a beam: the energy of a look grows as the
    solid angle shrinks. CUE stands for the longest dwell that it can integrate.
    """
    half = CUE_WIDTH * error_m / r
    solid = max(math.pi * half * half, row[BEAM] * row[BEAM])
    return min(max(row[SPREAD] / solid, 1.0), row[CUE])


@inlined
def _climb(row: Floats, state: Floats, r: float) -> float:
    """Sine of the apparent elevation."""
    dx, dy, dz = state[0] - row[X], state[1] - row[Y], state[2] - row[Z]
    return apparent(row, dx * row[UX] + dy * row[UY] + dz * row[UZ], r) / r


@inlined
def _crosses(row: Floats, before: float, now: float) -> bool:
    """Whether a missile is in the search fence, or has jumped over it since the last sample."""
    low, high = row[FENCE_LOW], row[FENCE_HIGH]
    return (low <= now <= high) or (before < low and now > high) or (now < low and before > high)


@inlined
def _first_of_pair(
    row: Floats, states: Floats, dt_s: float, burnout_s: float, impact_s: float, rcs: Floats, plume: float,
    sky: Floats, tracks: Floats, sun: Floats, station: int, start_s: float, cued: Floats, span: Ints,
) -> tuple[float, float]:  # fmt: skip
    """(first detection in search, chance of it in a scan) of one sensor and one missile; see `first_seen`.

    `row` is moved along the track of `station`; `start_s` is the launch, NaN where nothing moves.
    """
    cued[:] = np.inf
    span[:] = -1
    seen_s, p_scan, looks = np.inf, 1.0, 0.0
    blind = cued.shape[0]  # how many levels of cue have not yet led to detection: the finest lead
    fenced = row[FENCE_HIGH] < 1.0 or row[FENCE_LOW] > -1.0
    before = np.nan
    for k in range(states.shape[0]):
        time_s = k * dt_s
        if time_s >= impact_s:
            break
        if not math.isnan(start_s):
            stand(row, tracks, sun, station, (start_s + time_s) / dt_s)
        ok, snr, r = look(row, states[k], time_s, burnout_s, rcs, plume, sky)
        if not ok or snr * row[CUE] < row[DET_SNR]:
            looks, before = 0.0, np.nan
            continue
        if span[0] < 0:
            span[0] = k
        span[1] = k
        while blind > 0 and snr * cue_gain(row, CUE_LEVELS_M[blind - 1], r) >= row[DET_SNR]:
            blind -= 1
            cued[blind] = time_s + (row[LOOKS] - 1.0) * row[SCAN]
        if seen_s < np.inf:
            continue
        last, outside = before, False
        if fenced:
            before = _climb(row, states[k], r)
            outside = not _crosses(row, last, before)
        if snr < row[DET_SNR] or outside:
            looks = 0.0
            continue
        looks += dt_s / row[SCAN]
        if looks >= row[LOOKS] - 1.0:
            seen_s, p_scan = max(time_s, cued[0]), detection_chance(snr)
    return seen_s, p_scan


@kernel
def first_seen(
    states: Floats,
    dt_s: float,
    burnout_s: Floats,
    impact_s: Floats,
    sensors: Floats,
    rcs: Floats,
    plume: Floats,
    sky: Floats,
    moves: Moves,
    seen: Floats,
    cued: Floats,
    p_scan: Floats,
    span: Ints,
) -> None:
    """When each sensor first detects each missile, in search and with a cue.

    Shapes: states (T, K, 6); burnout, impact, plume (T,); sensors (S, ROW_COLUMNS); rcs (S, T, 3) by phase.
    Fills seen (S, T) and cued (len(CUE_LEVELS_M), S, T) seconds after launch, inf for never; p_scan (S, T)
    chance of detection in one scan then; span (S, T, 2) first and last sample at which the longest
    dwell detects (-1 for never): a radar that tracks knows where to look.
    """
    station, tracks, sun, start = moves
    for s in range(sensors.shape[0]):
        row = sensors[s].copy()
        moving = row[KIND] == INFRARED and len(tracks) > 0
        for t in range(states.shape[0]):
            seen[s, t], p_scan[s, t] = _first_of_pair(
                row, states[t], dt_s, burnout_s[t], impact_s[t], rcs[s, t], plume[t], sky, tracks, sun,
                station[s], start[t] if moving else np.nan, cued[:, s, t], span[s, t],
            )  # fmt: skip


@inlined
def look_errors(row: Floats, snr: float) -> tuple[float, float, float]:
    """One-sigma errors of one look: along the line of sight (m), across it (rad), of the range rate (m/s).

    inf for what the sensor does not measure.
    """
    if row[KIND] == INFRARED:
        return np.inf, row[LOS], np.inf
    gain = math.sqrt(2.0 * snr)
    rate = max(row[RATE] / gain, row[RATE] / BEST_SPLIT) if row[RATE] > 0.0 else np.inf
    along = max(row[RES] / gain, row[RES] / BEST_SPLIT)
    return along, max(row[BEAM] / (1.6 * gain), row[BEAM] / 50.0), rate


@inlined
def _position_information(row: Floats, state: Floats, snr: float, r: float, out: Floats) -> None:
    """Information about position, 3 x 3, that one look gives."""
    ux, uy, uz = (state[0] - row[X]) / r, (state[1] - row[Y]) / r, (state[2] - row[Z]) / r
    along_m, angle_rad, _ = look_errors(row, snr)
    along, across = 1.0 / along_m**2, 1.0 / (r * angle_rad) ** 2
    u = (ux, uy, uz)
    for i in range(3):
        for j in range(3):
            same = 1.0 if i == j else 0.0
            out[i, j] = along * u[i] * u[j] + across * (same - u[i] * u[j])


@inlined
def _rate_information(row: Floats, state: Floats, snr: float, r: float, out: Floats) -> float:
    """Information that one look gives about the range rate; 0 for a sensor that does not measure it.

    Fills out (6,), the derivative of the range rate by position and velocity: the velocity across the line
    of sight over the range, and the line of sight. The radar stands still on the Earth.
    """
    if row[RATE] <= 0.0:
        return 0.0
    rate = 0.0
    for i in range(3):
        out[3 + i] = (state[i] - row[X + i]) / r
        rate += out[3 + i] * state[3 + i]
    for i in range(3):
        out[i] = (state[3 + i] - rate * out[3 + i]) / r
    return 1.0 / look_errors(row, snr)[2] ** 2


@inlined
def _add_boost(info: Floats, rate: Floats, weight: float, tau: float, looks: float, out: Floats) -> None:
    """Add one look's information about (position, velocity, acceleration, jerk) at burnout.

    `rate` (6,) is the derivative of the range rate, whose information is `weight`.
    """
    place = (1.0, tau, 0.5 * tau * tau, tau * tau * tau / 6.0)
    pace = (0.0, 1.0, tau, 0.5 * tau * tau)
    for a in range(4):
        for b in range(4):
            w = looks * place[a] * place[b]
            for i in range(3):
                for j in range(3):
                    out[3 * a + i, 3 * b + j] += w * info[i, j]
    if weight > 0.0:
        for a in range(4):
            for i in range(3):
                one = looks * weight * (place[a] * rate[i] + pace[a] * rate[3 + i])
                for b in range(4):
                    for j in range(3):
                        out[3 * a + i, 3 * b + j] += one * (place[b] * rate[j] + pace[b] * rate[3 + j])


@inlined
def _add_coast(info: Floats, rate: Floats, weight: float, phi: Floats, looks: float, out: Floats) -> None:
    """Add one look's information about the state at burnout, through the transition `phi`.

    Only the diagonal of `out` (6, 6) and what is right of it are filled: it is symmetric.
    """
    half = np.empty((3, 6))
    seen = np.zeros(6)
    for i in range(3):
        for j in range(6):
            half[i, j] = info[i, 0] * phi[0, j] + info[i, 1] * phi[1, j] + info[i, 2] * phi[2, j]
    if weight > 0.0:
        for i in range(6):
            for j in range(6):
                seen[j] += rate[i] * phi[i, j]
    for i in range(6):
        own = weight * seen[i]
        for j in range(i, 6):
            out[i, j] += looks * (
                phi[0, i] * half[0, j] + phi[1, i] * half[1, j] + phi[2, i] * half[2, j] + own * seen[j]
            )


@kernel
def information(
    states: Floats, phi: Floats, dt_s: float, burnout_s: Floats, settled_s: Floats, sensors: Floats,
    rcs: Floats, plume: Floats, sky: Floats, moves: Moves, pairs: Ints, span: Ints, offset: Ints,
    stretch: Floats, coast: Floats, boost: Floats,
) -> None:  # fmt: skip
    """Information that each sensor gathers about each missile's state at `settled_s`.

    Shapes: pairs (P, 2) of sensor and missile; span (P, 2) samples; offset (P,) first row of each
    pair in coast (R, 6, 6), cumulative from the first sample of the span; boost (P, 12, 12) about
    position, velocity, acceleration and jerk. Looks are as many as the update interval allows, which
    `stretch` (R,) multiplies at each sample. `settled_s` (T,) is burnout, or later where a missile goes
    on to manoeuvre.
    """
    info, rate = np.empty((3, 3)), np.empty(6)
    station, tracks, sun, start = moves
    for p in range(pairs.shape[0]):
        s, t = pairs[p, 0], pairs[p, 1]
        row = sensors[s].copy()
        moving = row[KIND] == INFRARED and len(tracks) > 0
        total = np.zeros((6, 6))
        for k in range(span[p, 0], span[p, 1] + 1):
            time_s, here = k * dt_s, offset[p] + k - span[p, 0]
            if moving:
                stand(row, tracks, sun, station[s], (start[t] + time_s) / dt_s)
            ok, snr, r = look(row, states[t, k], time_s, burnout_s[t], rcs[s, t], plume[t], sky)
            snr *= row[CUE]
            if ok and snr >= row[DET_SNR]:
                _position_information(row, states[t, k], snr, r, info)
                weight = _rate_information(row, states[t, k], snr, r, rate)
                looks = dt_s / (row[UPDATE] * stretch[here])
                if time_s >= settled_s[t]:
                    _add_coast(info, rate, weight, phi[t, k], looks, total)
                elif time_s >= settled_s[t] - BOOST_WINDOW_S:
                    _add_boost(info, rate, weight, time_s - settled_s[t], looks, boost[p])
            for i in range(6):
                for j in range(i, 6):
                    coast[here, i, j] = total[i, j]
                    coast[here, j, i] = total[i, j]
