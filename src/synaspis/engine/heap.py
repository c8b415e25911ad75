"""The event heap: pairs of time and code in one flat array, in total order of time, kind, a and b.

The code holds kind, a and b in one number, so that comparing and moving an event is cheap: it is exact
in a float, below 2^53. a and b are below WIDTH.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import lean_inlined, lean_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COUNT, EVENTS, LOGGED, OVERFLOW = range(4)
"""Counters beside the heap: events waiting, events played, rows logged, whether the heap was full."""
WIDTH = 1 << 22


@lean_inlined
def _before(time_s: float, code: float, other_s: float, other: float) -> bool:
    return time_s < other_s or (time_s == other_s and code < other)


@lean_inlined
def _rise(heap: Floats, i: int, time_s: float, code: float) -> None:
    """Put an event where place `i` is free, moving later ones down the way to the top."""
    while i > 0:
        parent = (i - 1) >> 1
        if not _before(time_s, code, heap[2 * parent], heap[2 * parent + 1]):
            break
        heap[2 * i] = heap[2 * parent]
        heap[2 * i + 1] = heap[2 * parent + 1]
        i = parent
    heap[2 * i] = time_s
    heap[2 * i + 1] = code


@lean_kernel
def post(heap: Floats, n: Ints, time_s: float, kind: int, a: int, b: int) -> None:
    """Put an event on the heap; a full heap sets OVERFLOW, which the caller turns into an error."""
    i = n[COUNT]
    if 2 * i + 3 >= heap.shape[0]:
        n[OVERFLOW] = 1
        return
    n[COUNT] = i + 1
    _rise(heap, i, time_s, np.float64((kind * WIDTH + a) * WIDTH + b))


@lean_inlined
def pop(heap: Floats, n: Ints) -> tuple[float, int, int, int]:
    """Take the first event off the heap: its time, kind, a and b.

    The gap it leaves sinks to the bottom, always to the earlier child, and the last event rises from
    there: which child is earlier is anybody's guess, so it is worked out without a branch. Unsigned
    places spare the look for negative ones.
    """
    first_s, first = heap[0], int(heap[1])
    m = n[COUNT] - 1
    n[COUNT] = m
    gap, child, end = np.uint64(0), np.uint64(2), np.uint64(2 * m)
    one, two = np.uint64(1), np.uint64(2)
    while child < end:
        right = child + two
        sooner = heap[right] < heap[child]
        sooner |= (heap[right] == heap[child]) & (heap[right + one] < heap[child + one])
        child += np.uint64(sooner & (right < end)) * two
        heap[gap] = heap[child]
        heap[gap + one] = heap[child + one]
        gap = child
        child = two * gap + two
    _rise(heap, int(np.int64(gap)) >> 1, heap[2 * m], heap[2 * m + 1])
    return first_s, first // (WIDTH * WIDTH), first // WIDTH % WIDTH, first % WIDTH
