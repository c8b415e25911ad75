"""What is kept of each track beside its state: counts, score and where it stands on the ladder.

Whole numbers of a track are a row of `counts` (T, COUNTS and one for each station), in the columns below.
Source of the ladder: the M-of-N logic of Blackman and Popoli, Design and Analysis of Modern Tracking Systems
(1999), 6.5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.kernels.sight import ROW_COLUMNS, STATION_COLUMNS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NUMBER, STATUS, LOOKS, HISTORY, HITS, LINE_OF, UNSEEN, LAST_BY, SINCE = range(9)
COUNTS = 9
"""LAST_BY is the station that detected it last, SINCE how often that one has looked in vain since."""
TENTATIVE, CONFIRMED, DELETED = range(3)
LAST_MISSES = 3
"""So often at least, of all misses, the station that saw a track last must have missed it."""
SURE = 30.0
"""The logarithm of a track's odds is kept within this of nought."""


@lean_inlined
def _rung(status: int, looks: int, history: int, since: int, ladder: Ints) -> int:
    """Where a track stands after a look that is already in `looks` and `history`.

    Others that look more often do not give up what the station that saw it last has hardly missed.
    """
    hits, of, misses = ladder[0], ladder[1], ladder[2]
    if status == TENTATIVE:
        count, last = 0, history & ((1 << of) - 1)
        while last:
            last &= last - 1
            count += 1
        if count >= hits:
            return CONFIRMED
        return DELETED if count + max(of - looks, 0) < hits else TENTATIVE
    lost = looks >= misses and since >= min(misses, LAST_MISSES) and history & ((1 << misses) - 1) == 0
    return DELETED if status == CONFIRMED and lost else status


@lean_kernel
def climb(status: Ints, looks: Ints, history: Ints, hit: Flags, ladder: Ints) -> None:
    """A look that `hit` (T,) some: status, looks and history (T,) are changed.

    `history` holds the last looks as bits, the newest lowest; `ladder` (3,) is hits, of, misses as
    `tracking.association.Ladder` has them.
    """
    kept = (1 << max(ladder[1], ladder[2])) - 1
    for t in range(status.shape[0]):
        looks[t] += 1
        history[t] = ((history[t] << 1) | hit[t]) & kept
        status[t] = _rung(status[t], looks[t], history[t], looks[t], ladder)


@lean_kernel
def note(
    which: Ints, taken: Ints, expected: Flags, gain: Floats, missed: Floats, station: int, time_s: float,
    tells: bool, rows: Floats, sight: Floats, ladder: Ints, counts: Ints, score: Floats, last_s: Floats,
    line_row: Floats, line_sight: Floats, hit: Flags, young: Flags,
) -> None:  # fmt: skip
    """Write down a look of `station` at the tracks `which` (N,), each by its row `taken` (N,), -1 for none.

    Silence tells of a track that is `expected` (N,) to be seen and that the station has seen before; if not
    `tells`, the scan is part of a look, and the station has not looked in vain. The score grows by `gain` +
    `missed` (N,). Of all tracks (T, ..) counts, score, last_s, line_row and line_sight are changed where they
    must be; `hit` and `young` (T,), False before, say which were seen and which were confirmed by that.
    """
    seen_by, kept = COUNTS + station, (1 << max(ladder[1], ladder[2])) - 1
    for i in range(which.shape[0]):
        t = which[i]
        got = taken[i] >= 0
        told = got or (expected[i] and counts[t, seen_by] > 0)
        counts[t, UNSEEN] = 0 if got else counts[t, UNSEEN] + expected[i]
        if got:
            hit[t] = True
            counts[t, HITS] += 1
            counts[t, seen_by] += 1
            counts[t, LAST_BY], counts[t, SINCE] = station, 0
            last_s[t] = time_s
            if counts[t, LINE_OF] == station:
                for c in range(ROW_COLUMNS):
                    line_row[t, c] = rows[taken[i], c]
                for c in range(STATION_COLUMNS):
                    line_sight[t, c] = sight[c]
            else:
                counts[t, LINE_OF] = -1
        elif tells and counts[t, LAST_BY] == station:
            counts[t, SINCE] += 1
        if told:
            score[t] = min(max(score[t] + (gain[i] + missed[i]), -SURE), SURE)
            was = counts[t, STATUS]
            counts[t, LOOKS] += 1
            counts[t, HISTORY] = ((counts[t, HISTORY] << 1) | got) & kept
            counts[t, STATUS] = _rung(was, counts[t, LOOKS], counts[t, HISTORY], counts[t, SINCE], ladder)
            young[t] = was == TENTATIVE and counts[t, STATUS] == CONFIRMED


@lean_kernel
def won(first: Ints, detection: Ints, score: Floats, taken: Ints, gain: Floats, left: Flags) -> None:
    """What the rows `taken` (N,) say of each track, `gain` (N,), and which rows are `left` (D,).

    Links as `kernels.gate` gives them, each with its score (E,). Before, gain is 0 and left True.
    """
    for i in range(taken.shape[0]):
        for e in range(first[i], first[i + 1]):
            if detection[e] == taken[i]:
                gain[i] = score[e]
                left[taken[i]] = False


@lean_kernel
def close_up(kept: Ints, rows: Floats | Ints) -> None:
    """Move the rows `kept` (N,), rising, of `rows` (T, C) to the front, in place."""
    for n in range(kept.shape[0]):
        if kept[n] != n:
            for c in range(rows.shape[1]):
                rows[n, c] = rows[kept[n], c]


@lean_kernel
def past(counts: Ints, patience: int, out: Flags) -> int:
    """Add to `out` (T,) what was looked at in vain `patience` times or is deleted: how many are out."""
    found = 0
    for t in range(counts.shape[0]):
        out[t] |= counts[t, UNSEEN] >= patience or counts[t, STATUS] == DELETED
        found += out[t]
    return found
