"""New tracks from detections that belong to no track."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import births, ekf
from synaspis.kernels.assign import assign
from synaspis.kernels.ledger import CONFIRMED
from synaspis.kernels.motion import STATES
from synaspis.kernels.sight import ROW_COLUMNS, STATION_COLUMNS
from synaspis.tracking.manner import Manner
from synaspis.tracking.scan import Scan, Watch
from synaspis.tracking.tracks import Crowd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LOWEST_M, HIGHEST_M = 0.0, 1_000e3
"""Heights between which two satellites' lines of sight may meet."""
HIGHER_M = 40e3
"""One sigma of how far above cloud they meet, where several could be one's."""
MEETS = 15.1
"""Square of the least distance over its error that lines of one missile stay below with chance 0.9999."""
STATION_BITS, ROW_BITS = 12, 16


def numbers(scan: Scan, rows: Ints, taken: Ints) -> Ints:
    """Names of tracks by what they began with, (N,): the same whatever came before or after.

    Milliseconds, station and row, so that a late scan renames nobody; a name in `taken` is passed over.
    """
    milli = int(scan.time_s * 1000.0) << (STATION_BITS + ROW_BITS)
    found = milli + (scan.station << ROW_BITS) + rows
    known = set(taken[taken >= found[0]].tolist())
    while not known.isdisjoint(found.tolist()):
        found = found + len(rows)
    return np.asarray(found, np.int64)


def begin(crowd: Crowd, scan: Scan, watch: Watch, left: Ints, manner: Manner) -> None:
    """Start a tentative track for each row of `left`, or mend one that began with one line of sight."""
    if watch.kind == "infrared":
        left = _pair(crowd, scan, watch, left, manner)
    if not len(left):
        return
    count, modes = len(left), manner.rows
    new = Crowd.fresh(count, len(modes), crowd.seen_by.shape[1])
    good, room, pair = np.zeros(count, np.bool_), np.zeros(ekf.ROOM), np.zeros((2, ROW_COLUMNS))
    rows = scan.rows[left]
    if watch.kind == "radar":
        births.from_points(
            rows, scan.sight[None], manner.risen_mps, manner.any_sigma_mps, modes, new.means, new.covs, good,
            pair, room,
        )  # fmt: skip
    else:
        births.from_lines(
            rows, scan.sight, manner.cloud_m, manner.cloud_sigma_m, manner.young_mps, manner.young_sigma_mps,
            modes, new.means, new.covs, good, room,
        )  # fmt: skip
        new.line_row[:], new.line_sight[:], new.line_of[:] = rows, scan.sight, scan.station
    new.number[:] = numbers(scan, left, crowd.number)
    new.weights[:] = manner.first_weights(watch)
    new.first_s[:] = scan.time_s
    new.clocks[:, 0] = new.last_s[:] = scan.time_s
    new.seen_by[:, scan.station] = 1
    new.last_by[:] = scan.station
    new.hits[:] = 1
    new.status[:], new.looks[:], new.history[:] = manner.ladder.step(
        new.status, new.looks, new.history, np.ones(count, np.bool_)
    )
    new.keep(good)
    crowd.add(new)


def waiting(crowd: Crowd, scan: Scan, manner: Manner) -> Flags:
    """Which tracks wait for a line of the scan's satellite: those that only another satellite has seen.

    How far away they are is a guess, so that a line that meets theirs tells more than their gate.
    """
    fresh: Flags = scan.time_s - crowd.last_s <= manner.pair_s
    return fresh & (crowd.line_of >= 0) & (crowd.line_of != scan.station)


def _pair(crowd: Crowd, scan: Scan, watch: Watch, left: Ints, manner: Manner) -> Ints:
    """Restart tracks of one line of sight each where a line of another satellite meets it: the rows left."""
    which = np.flatnonzero(waiting(crowd, scan, manner))
    if not len(which) or not len(left):
        return left
    room, rows = np.zeros(ekf.ROOM), scan.rows[left]
    others, stations = crowd.line_row[which], crowd.line_sight[which]
    squares = np.empty((len(left), len(which)))
    births.crossings(
        rows, scan.sight, others, stations, crowd.line_of[which], manner.risen_mps, manner.cloud_m, HIGHER_M,
        LOWEST_M, HIGHEST_M, MEETS, squares, room,
    )  # fmt: skip
    links = squares < np.inf
    first = np.concatenate([[0], np.cumsum(links.sum(axis=1))]).astype(np.int64)
    taken = assign(first, np.nonzero(links)[1], squares[links] - MEETS - 1e-6, len(which))
    got = np.flatnonzero(taken >= 0)
    if not len(got):
        return left
    tracks, modes = which[taken[got]], manner.rows
    means = np.empty((len(got), len(modes), STATES))
    covs, good = np.empty((*means.shape, STATES)), np.zeros(len(got), np.bool_)
    births.from_pairs(
        rows[got], scan.sight, others[taken[got]], stations[taken[got]], manner.risen_mps, manner.risen_mps,
        manner.risen_sigma_mps, modes, means, covs, good, np.zeros((2, ROW_COLUMNS)),
        np.zeros((2, STATION_COLUMNS)), room,
    )  # fmt: skip
    got, tracks = got[good], tracks[good]
    crowd.means[tracks], crowd.covs[tracks] = means[good], covs[good]
    crowd.weights[tracks], crowd.clocks[tracks] = manner.first_weights(watch), scan.time_s
    crowd.last_s[tracks], crowd.line_of[tracks] = scan.time_s, -1
    crowd.seen_by[tracks, scan.station] += 1
    crowd.last_by[tracks], crowd.since[tracks] = scan.station, 0
    crowd.hits[tracks] += 1
    crowd.status[tracks], crowd.looks[tracks], crowd.history[tracks] = manner.ladder.step(
        crowd.status[tracks], crowd.looks[tracks], crowd.history[tracks], np.ones(len(tracks), np.bool_)
    )
    return np.setdiff1d(left, left[got])


def doubled(crowd: Crowd, young: Ints, hit: Flags) -> Ints:
    """Which tracks of `young`, just confirmed, are another confirmed track over again.

    So it is where the states agree within their errors and the older was not detected in the same scan, `hit`
    (T,): what is detected twice in one scan is two.
    """
    if not len(young):
        return young
    old = np.flatnonzero((crowd.status == CONFIRMED) & ~hit)
    if not len(old):
        return young[:0]
    found = []
    best = crowd.weights.argmax(axis=1)
    means, covs = crowd.means[np.arange(len(crowd)), best], crowd.covs[np.arange(len(crowd)), best]
    for t in young:
        others = old[(old != t) & (crowd.clocks[old, 0] == crowd.clocks[t, 0])]
        apart = means[others, :6] - means[t, :6]
        spread = covs[others, :6, :6] + covs[t, :6, :6]
        near = (np.abs(apart[:, :3]) < 5.0 * np.sqrt(spread[:, [0, 1, 2], [0, 1, 2]])).all(axis=1)
        for off, wide in zip(apart[near], spread[near], strict=True):
            if off @ np.linalg.solve(wide, off) < SAME:
                found.append(t)
                break
    return np.array(found, np.int64)


SAME = 16.8
"""Square below which six errors of one thing lie with chance 0.99."""
