"""The event heap: rows of (time, code) in one array, in total order of time, kind, a and b.

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


@lean_kernel
def post(heap: Floats, n: Ints, time_s: float, kind: int, a: int, b: int) -> None:
    """Put an event on the heap; a full heap sets OVERFLOW, which the caller turns into an error."""
    i = n[COUNT]
    if i >= heap.shape[0]:
        n[OVERFLOW] = 1
        return
    n[COUNT] = i + 1
    code = np.float64((kind * WIDTH + a) * WIDTH + b)
    while i > 0:
        parent = (i - 1) >> 1
        if not _before(time_s, code, heap[parent, 0], heap[parent, 1]):
            break
        heap[i, 0] = heap[parent, 0]
        heap[i, 1] = heap[parent, 1]
        i = parent
    heap[i, 0] = time_s
    heap[i, 1] = code


@lean_inlined
def pop(heap: Floats, n: Ints) -> tuple[float, int, int, int]:
    """Take the first event off the heap: its time, kind, a and b."""
    first_s, first = heap[0, 0], int(heap[0, 1])
    m = n[COUNT] - 1
    n[COUNT] = m
    time_s, code = heap[m, 0], heap[m, 1]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= m:
            break
        if child + 1 < m and _before(heap[child + 1, 0], heap[child + 1, 1], heap[child, 0], heap[child, 1]):
            child += 1
        if not _before(heap[child, 0], heap[child, 1], time_s, code):
            break
        heap[i, 0] = heap[child, 0]
        heap[i, 1] = heap[child, 1]
        i = child
    heap[i, 0] = time_s
    heap[i, 1] = code
    return first_s, first // (WIDTH * WIDTH), first // WIDTH % WIDTH, first % WIDTH
