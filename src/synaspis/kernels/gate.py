"""Which detections could belong to which track: ellipsoidal gates, looked up in a grid of cells.

Detections are sorted into cells about as large as a gate; a track looks only at cells that the box about its
gate touches. What is found is the same as by trying all pairs, whatever the cells.

Links go as rows: those of track t are `first[t]` to `first[t + 1]` in `detection` and `square`, by rising
detection. Source of the gate: Bar-Shalom and Li, Multitarget-Multisensor Tracking, 1995, 2.3.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.squares import factor, square_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Grid = tuple[Floats, Floats, Ints, Ints, Ints]

GRID_AXES = 3
MOST_CELLS_PER_AXIS = 128
CELLS_PER_DETECTION = 64
MOST_CELLS = 1 << 20
"""Of a grid. Empty cells cost little, crowded ones a try for every pair; beyond this memory would count."""
TURN = 2.0 * math.pi
_SLACK = 1e-6
"""Of a cell: how far a box is widened, so that rounding of a turned angle loses nothing."""


@inlined
def wrapped(angle: float) -> float:
    """An angle in [-pi, pi)."""
    return angle - TURN * math.floor((angle + math.pi) / TURN)


@inlined
def _coordinate(value: float, periodic: bool) -> float:
    return wrapped(value) if periodic else value


@kernel
def _grid(detections: Floats, usable: Flags, periodic: Flags, half: Floats) -> Grid:
    """Origin and cell size by axis, cells by axis, and detections by cell: those of cell c are
    `order[start[c]]` to `order[start[c + 1]]`. `half` (M,) is a gate's usual half width.
    """
    axes = min(GRID_AXES, detections.shape[1])
    origin, size, cells = np.zeros(axes), np.ones(axes), np.ones(axes, dtype=np.int64)
    count = 0
    for d in range(usable.shape[0]):
        count += usable[d]
    for k in range(axes):
        low, high = math.inf, -math.inf
        for d in range(detections.shape[0]):
            if usable[d]:
                value = _coordinate(detections[d, k], periodic[k])
                low, high = min(low, value), max(high, value)
        span = TURN if periodic[k] else max(high - low, 0.0)
        origin[k] = -math.pi if periodic[k] else low
        span = span if math.isfinite(span) else 0.0
        if span > 0.0 and half[k] > 0.0:
            cells[k] = int(min(max(span / (2.0 * half[k]), 1.0), float(MOST_CELLS_PER_AXIS)))
        size[k] = span
    while cells.prod() > min(CELLS_PER_DETECTION * count + 1, MOST_CELLS):
        widest = int(cells.argmax())
        cells[widest] = (cells[widest] + 1) // 2
    for k in range(axes):
        size[k] = size[k] / cells[k] if size[k] > 0.0 else 1.0
    start = np.zeros(cells.prod() + 1, dtype=np.int64)
    order = np.empty(count, dtype=np.int64)
    home = np.empty(detections.shape[0], dtype=np.int64)
    for d in range(detections.shape[0]):
        if usable[d]:
            home[d] = 0
            for k in range(axes):
                place = (_coordinate(detections[d, k], periodic[k]) - origin[k]) / size[k]
                home[d] = home[d] * cells[k] + int(min(max(place, 0.0), float(cells[k] - 1)))
            start[home[d] + 1] += 1
    for c in range(1, start.shape[0]):
        start[c] += start[c - 1]
    filled = start[:-1].copy()
    for d in range(detections.shape[0]):
        if usable[d]:
            order[filled[home[d]]] = d
            filled[home[d]] += 1
    return origin, size, cells, start, order


@inlined
def _box(middle: Floats, half: Floats, grid: Grid, periodic: Flags, low: Ints, count: Ints) -> None:
    """First cell and number of cells that a gate's box touches, by axis; on a periodic axis past the end."""
    origin, size, cells, _, _ = grid
    for k in range(cells.shape[0]):
        value = _coordinate(middle[k], periodic[k])
        one = math.floor((value - half[k] - origin[k]) / size[k] - _SLACK)
        two = math.floor((value + half[k] - origin[k]) / size[k] + _SLACK)
        if periodic[k]:
            # From a turn on all cells are touched; asked first, for floats may be past all integers.
            whole = not two - one + 1.0 < cells[k]
            low[k] = 0 if whole else int(one) % cells[k]
            count[k] = cells[k] if whole else int(two - one) + 1
        else:
            top = float(cells[k] - 1)
            low[k] = int(min(max(one, 0.0), top))
            count[k] = int(min(max(two, 0.0), top)) - low[k] + 1


@inlined
def _try(
    d: int,
    middle: Floats,
    half: Floats,
    lower: Floats,
    detections: Floats,
    periodic: Flags,
    error: Floats,
    room: Floats,
) -> float:
    """The normalised square of detection `d`, infinite outside the box."""
    size = middle.shape[0]
    for k in range(size):
        off = detections[d, k] - middle[k]
        if periodic[k]:
            off = wrapped(off)
        if not abs(off) <= half[k]:
            return math.inf
        error[k] = off
    return square_of(lower, size, error, room)


@inlined
def _keep(last: int, begin: int, d: int, square: float, detection: Ints, squares: Floats) -> None:
    """Insert a link at place `last` of a row that begins at `begin`, by rising detection."""
    place = last
    while place > begin and detection[place - 1] > d:
        detection[place], squares[place] = detection[place - 1], squares[place - 1]
        place -= 1
    detection[place], squares[place] = d, square


@kernel
def gate(
    predicted: Floats, covariances: Floats, detections: Floats, periodic: Flags, limit: float
) -> tuple[Ints, Ints, Floats, Floats]:
    """Links of T tracks and D detections whose normalised square is at most `limit`.

    predicted (T, M) and covariances (T, M, M) of the innovation, detections (D, M), periodic (M,) where a
    component is an angle. Returns first (T + 1,), detection (E,), square (E,), and the logarithm of each
    covariance's determinant (T,). A track whose covariance is none, or that is not finite, has no link;
    neither has a detection that is not finite.
    """
    tracks, size = predicted.shape
    half = np.empty((tracks, size))
    factors, logs = np.empty((tracks, size, size)), np.empty(tracks)
    usual, sound = np.zeros(size), 0
    for t in range(tracks):
        logs[t] = factor(covariances[t], size, factors[t])
        for k in range(size):
            half[t, k] = math.sqrt(limit * covariances[t, k, k])
            if not math.isfinite(predicted[t, k]):
                logs[t] = math.nan
        if math.isfinite(logs[t]):
            usual += half[t]
            sound += 1
    usable = np.empty(detections.shape[0], dtype=np.bool_)
    for d in range(detections.shape[0]):
        usable[d] = True
        for k in range(size):
            usable[d] &= math.isfinite(detections[d, k])
    grid = _grid(detections, usable, periodic, usual / max(sound, 1))
    return (*_look(predicted, half, factors, logs, detections, periodic, limit, grid), logs)


@kernel
def _look(
    predicted: Floats,
    half: Floats,
    factors: Floats,
    logs: Floats,
    detections: Floats,
    periodic: Flags,
    limit: float,
    grid: Grid,
) -> tuple[Ints, Ints, Floats]:
    tracks, size = predicted.shape
    cells, start, order = grid[2], grid[3], grid[4]
    axes = cells.shape[0]
    low, count = np.zeros(axes, dtype=np.int64), np.zeros(axes, dtype=np.int64)
    at = np.zeros(axes, dtype=np.int64)
    first = np.zeros(tracks + 1, dtype=np.int64)
    detection, square = np.empty(4 * tracks + 16, dtype=np.int64), np.empty(4 * tracks + 16)
    # A track's own row, copied once: slices in the inner loop would be counted and freed.
    middle, own_half, lower = np.empty(size), np.empty(size), np.empty((size, size))
    error, room = np.empty(size), np.empty(size)
    for t in range(tracks):
        last = first[t]
        if math.isfinite(logs[t]):
            middle[:], own_half[:], lower[:] = predicted[t], half[t], factors[t]
            _box(middle, own_half, grid, periodic, low, count)
            for number in range(count.prod()):
                rest, cell = number, 0
                for k in range(axes - 1, -1, -1):
                    at[k] = rest % count[k]
                    rest //= count[k]
                for k in range(axes):
                    cell = cell * cells[k] + (low[k] + at[k]) % cells[k]
                for place in range(start[cell], start[cell + 1]):
                    d = order[place]
                    found = _try(d, middle, own_half, lower, detections, periodic, error, room)
                    if found <= limit:
                        if last == detection.shape[0]:
                            detection = np.concatenate((detection, np.empty_like(detection)))
                            square = np.concatenate((square, np.empty_like(square)))
                        _keep(last, first[t], d, found, detection, square)
                        last += 1
        first[t + 1] = last
    return first, detection[: first[tracks]].copy(), square[: first[tracks]].copy()
