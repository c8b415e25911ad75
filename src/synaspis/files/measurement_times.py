"""Times of a table of measurements held against each other: a clock in milliseconds, a leap into the future.

No station alone tells that its last row is a thousand times too late; all of them together do.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

THOUSAND = 1000.0
LEAP_S = 300.0
"""Rows farther apart than this, with none between them, are apart: no track outlives such a silence."""
SLOWEST_S = 30.0
"""What measures looks at least so often."""
LEAST_LOOKS = 3
"""With fewer there is no track."""
LEAST_SHARE = 0.1
"""A station in milliseconds measures, in seconds, for at least this share of the time of the others."""


def far_off(times: Floats, station: Ints) -> tuple[Mask, Mask]:
    """Which of N rows have a time in thousandths of a second, and which are from a lone future: (N,) each.

    `times` (N,) s; `station` (N,). What has to be right is the longest stretch of looks that follow each
    other as looks do: where there is none, nothing is said. A later stretch counts as well if it is one of
    looks; lone rows do not. A station whose times, over a thousand, lie within those of the others has the
    wrong unit.
    """
    thousands, lone = np.zeros((2, times.size), dtype=bool)
    for s in np.unique(station):
        own = station == s
        thousands[own] = _in_thousandths(times[own], times[~own])
    rest = np.flatnonzero(~thousands)
    if not rest.size:
        return thousands, lone
    order = rest[np.argsort(times[rest], kind="stable")]
    begins = np.concatenate([[0], np.flatnonzero(np.diff(times[order]) > LEAP_S) + 1, [order.size]])
    parts = [order[first:last] for first, last in pairwise(begins)]
    looks = [_looks(times[part], station[part]) for part in parts]
    main = int(np.argmax(looks))
    if not looks[main]:
        return thousands, lone
    first_s, last_s = float(times[order[0]]), float(times[parts[main][-1]])
    for part, count in zip(parts[main + 1 :], looks[main + 1 :], strict=True):
        if not count:
            seconds = times[part] / THOUSAND
            fits = (seconds >= first_s - SLOWEST_S) & (seconds <= last_s + SLOWEST_S)
            thousands[part[fits]] = True
            lone[part[~fits]] = True
    return thousands, lone


def _looks(times: Floats, station: Ints) -> int:
    """How many looks a stretch of rows is of, 0 where they do not follow each other as looks do."""
    count = len(np.unique(np.column_stack([times, station]), axis=0))
    steps = np.diff(np.unique(times))
    steady = count >= LEAST_LOOKS and steps.size > 0 and float(np.median(steps)) <= SLOWEST_S
    return count if steady else 0


def _in_thousandths(own: Floats, others: Floats) -> bool:
    """Whether a station's times are the others', times a thousand: as late, and as long."""
    if own.size < LEAST_LOOKS or others.size < LEAST_LOOKS:
        return False
    first_s, last_s = np.quantile(others, [0.05, 0.95])
    middle_s, span_s = float(np.median(own)), float(np.ptp(own))
    late = middle_s > float(others.max()) and first_s <= middle_s / THOUSAND <= last_s
    return bool(late and span_s / THOUSAND > LEAST_SHARE * (last_s - first_s) > 0.0)
