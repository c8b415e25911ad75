"""What one station detects of the missiles in flight in one frame of time, with its errors drawn.

A *frame* is the looks that a station gives within a short time, told as one measurement at its end: the mean
of those that detect. A station looks for a missile until it has found it, as `sensing.first_seen` has it and
with the engine's luck, and from then on looks at it as often as its update interval and its load allow.

Sources: as `kernels.sensing`, whose looks, chances and errors these are.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import dice, sight
from synaspis.kernels.dice import die, gauss
from synaspis.kernels.jit import kernel, lean_kernel
from synaspis.kernels.sensing import CUE, DET_SNR, SCAN, cue_gain, detection_chance, look, look_errors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

LOOKS_A_FRAME = 64
"""More looks than a frame can have: they are named by number of frame and of look."""
PARTS_A_FRAME = 4
MOST_FALSE = 15
FALSE_DICE = 1 + 4 * MOST_FALSE
"""Dice of a frame's false alarms: how many, and four for each."""
LEAST_COSINE = 0.05
"""Of the second angle, where the first goes round a pole of the station's frame."""


@kernel
def in_flight(
    states: Floats,
    flight: Ints,
    launch_s: Floats,
    impact_s: Floats,
    step_s: float,
    time_s: float,
    out: Floats,
) -> None:
    """State (T, 6) of each missile at `time_s` of the raid, NaN before launch and after impact.

    Shapes: states (U, K, 6) sampled every `step_s` from launch; flight, launch_s (T,); impact_s (U,). Between
    samples by Hermite's cubic through places and velocities.
    """
    for t in range(flight.shape[0]):
        u, age_s = flight[t], time_s - launch_s[t]
        for c in range(6):
            out[t, c] = np.nan
        if not 0.0 <= age_s < impact_s[u]:
            continue
        k = min(int(age_s / step_s), states.shape[1] - 2)
        w = age_s / step_s - k
        if math.isnan(states[u, k + 1, 0]):
            k, w = k - 1, w + 1.0
        for c in range(3):
            a, b = states[u, k, c], states[u, k + 1, c]
            va, vb = step_s * states[u, k, 3 + c], step_s * states[u, k + 1, 3 + c]
            bend, turn = 3.0 * (b - a) - 2.0 * va - vb, 2.0 * (a - b) + va + vb
            out[t, c] = a + w * (va + w * (bend + w * turn))
            out[t, 3 + c] = (va + w * (2.0 * bend + w * 3.0 * turn)) / step_s


@lean_kernel
def strengths(
    row: Floats, states: Floats, age_s: Floats, burnout_s: Floats, rcs: Floats, plume: Floats, skies: Floats,
    out: Floats,
) -> int:  # fmt: skip
    """Signal-to-noise ratio of a plain look at each missile and its range, (T, 2): 0 where out of view.

    How many could be tracked now, with the longest dwell. Shapes: row (sensing.ROW_COLUMNS,) where the
    station is now; states (T, 6), NaN where none flies; age_s, burnout_s, plume (T,); rcs (T, 3); skies
    (T, 4).
    """
    count = 0
    for t in range(states.shape[0]):
        out[t, 0], out[t, 1] = 0.0, 0.0
        if math.isnan(states[t, 0]):
            continue
        ok, snr, r = look(row, states[t], age_s[t], burnout_s[t], rcs[t], plume[t], skies[t])
        if ok:
            out[t, 0], out[t, 1] = snr, r
            count += snr * row[CUE] >= row[DET_SNR]
    return count


@lean_kernel
def cued(row: Floats, cue_m: Floats, strength: Floats, time_s: float, seen: Floats) -> None:
    """Let the station be cued: `seen` (T,), when each missile is first there to be found, may become now.

    `cue_m` (T,) is the one-sigma error of what points it there, inf for nothing; `strength` (T, 2) as
    `strengths` fills it.
    """
    for t in range(seen.shape[0]):
        if not (time_s < seen[t] and cue_m[t] < np.inf and strength[t, 0] > 0.0):
            continue
        if strength[t, 0] * cue_gain(row, cue_m[t], strength[t, 1]) >= row[DET_SNR]:
            seen[t] = time_s


@lean_kernel
def lucky_scans(key: np.uint64, stations: Hashes, names: Hashes, log_miss: Floats, out: Floats) -> None:
    """How many scans fail before each station first detects each missile, as the engine draws: `out` (S, T).

    Shapes: stations (S,) and names (T,) as hashes; log_miss (S, T) the logarithm of the chance that a scan
    fails.
    """
    for s in range(out.shape[0]):
        for t in range(out.shape[1]):
            out[s, t] = math.floor(math.log(die(key, dice.SCAN, stations[s], names[t], 0)) / log_miss[s, t])


@lean_kernel
def glimpse(
    key: np.uint64, station: np.uint64, names: Hashes, row: Floats, stand: Floats, states: Floats,
    strength: Floats, seen: Floats, luck: Floats, time_s: float, frame: int, looks: float, seen_part: Floats,
    out: Floats,
) -> int:  # fmt: skip
    """Rows of what is detected in a frame that ends at `time_s`, into `out` (T, sight.ROW_COLUMNS): how many.

    Shapes as `strengths` and `cued`; `names` (T,) and `station` name the dice, `luck` (T,) is how many scans
    pass between `seen` and the first detection, `frame` counts the station's frames, `looks` is how many it
    gives to each missile, with a part of one as a chance. `stand` is the station as `kernels.sight` has it,
    `seen_part` (PARTS,) a working array. The row of a missile that is not detected has the time NaN.
    """
    count = 0
    for t in range(seen.shape[0]):
        out[t, sight.TIME] = np.nan
        snr = strength[t, 0] * row[CUE]
        if not (snr >= row[DET_SNR] and time_s >= seen[t] + row[SCAN] * luck[t]):
            continue
        wanted, hits, chance = looks, 0, detection_chance(snr)
        for i in range(LOOKS_A_FRAME):
            if wanted <= 0.0:
                break
            n = frame * LOOKS_A_FRAME + i
            hits += die(key, dice.GLIMPSED, station, names[t], n) < chance * min(wanted, 1.0)
            wanted -= 1.0
        if hits == 0:
            continue
        count += 1
        sight.expect(states[t], stand, seen_part)
        along_m, angle_rad, rate_mps = look_errors(row, snr)
        fewer = 1.0 / math.sqrt(hits)
        wide = fewer / max(math.cos(seen_part[2]), LEAST_COSINE)
        errors = (along_m * fewer, angle_rad * wide, angle_rad * fewer, rate_mps * fewer)
        out[t, sight.TIME] = time_s
        for part in range(sight.PARTS):
            error = errors[part]
            drawn = 0.0
            if error < np.inf:
                drawn = error * gauss(key, dice.BLURRED, station, names[t], frame * PARTS_A_FRAME + part)
            out[t, sight.RANGE + part] = seen_part[part] + drawn if error < np.inf else 0.0
            out[t, sight.ERROR + part] = error
    return count


@lean_kernel
def false_dice(key: np.uint64, station: np.uint64, frame: int, out: Floats) -> None:
    """Uniform numbers (N,) for the false alarms of a station's frame."""
    for i in range(out.shape[0]):
        out[i] = die(key, dice.FALSE_ALARMS, station, np.uint64(0), frame * FALSE_DICE + i)
