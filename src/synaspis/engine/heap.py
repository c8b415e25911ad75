"""The event heap: rows of (time, kind, a, b) in one array, in total order of all four."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import lean_inlined, lean_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COUNT, EVENTS, LOGGED, OVERFLOW = range(4)
"""Counters beside the heap: events waiting, events played, rows logged, whether the heap was full."""


@lean_inlined
def _before(heap: Floats, i: int, j: int) -> bool:
    if heap[i, 0] != heap[j, 0]:
        return bool(heap[i, 0] < heap[j, 0])
    if heap[i, 1] != heap[j, 1]:
        return bool(heap[i, 1] < heap[j, 1])
    if heap[i, 2] != heap[j, 2]:
        return bool(heap[i, 2] < heap[j, 2])
    return bool(heap[i, 3] < heap[j, 3])


@lean_inlined
def _swap(heap: Floats, i: int, j: int) -> None:
    for c in range(4):
        kept = heap[i, c]
        heap[i, c] = heap[j, c]
        heap[j, c] = kept


@lean_kernel
def post(heap: Floats, n: Ints, time_s: float, kind: int, a: int, b: int) -> None:
    """Put an event on the heap; a full heap sets OVERFLOW, which the caller turns into an error."""
    i = n[COUNT]
    if i >= heap.shape[0]:
        n[OVERFLOW] = 1
        return
    heap[i, 0] = time_s
    heap[i, 1] = kind
    heap[i, 2] = a
    heap[i, 3] = b
    n[COUNT] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        if not _before(heap, i, parent):
            break
        _swap(heap, i, parent)
        i = parent


@lean_kernel
def pop(heap: Floats, n: Ints) -> int:
    """Move the first event behind the heap and return its row."""
    m = n[COUNT] - 1
    n[COUNT] = m
    _swap(heap, 0, m)
    i = 0
    while True:
        child = 2 * i + 1
        if child >= m:
            break
        if child + 1 < m and _before(heap, child + 1, child):
            child += 1
        if not _before(heap, child, i):
            break
        _swap(heap, i, child)
        i = child
    return int(m)
