"""What a tracker does not let in: scans and rows that cannot be, each counted by its reason."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.sight import (
    ERROR,
    FIRST_ANGLE,
    FRAME,
    PARTS,
    PLACE,
    RANGE,
    RATE,
    ROW_COLUMNS,
    SECOND_ANGLE,
    STATION_COLUMNS,
    TIME,
)
from synaspis.model.measurement import FARTHEST_SATELLITE_M, LATEST_S, NEAREST_SATELLITE_M
from synaspis.tracking.scan import Scan, Watch

Floats = NDArray[np.float64]

REASONS: Mapping[str, str] = {
    "malformed": "arrays that are not of the shape of a scan",
    "unknown_sensor": "no station has this row",
    "not_finite": "a time, a place or what is measured is NaN or infinite",
    "future": "measured after it was received",
    "too_late": "older than the newest scan by more than the lag",
    "duplicate": "the same scan again",
    "wrong_time": "a row of another time than its scan",
    "singular_covariance": "an error that is 0 or less, or so small that it must be a mistake",
    "out_of_limits": "a value that cannot be, or that its station cannot measure",
}
"""Why a scan or a row of one is not used; the first that is found."""
LEAST = np.array([1e-2, 1e-8, 1e-8, 1e-4])
"""Smallest errors that are taken at their word: m, rad, rad, m/s."""
FASTEST_MPS = 15_000.0
LOWEST_PLACE_M = 6_300e3


def sifted(scan: Scan, watches: Sequence[Watch], counts: MutableMapping[str, int]) -> Scan | None:
    """The scan with the rows that can be used, in an order of their own; None where it cannot be used at all.

    Counts what is not used. A scan without a row stays: it tells of misses.
    """
    reason = _of_scan(scan, watches)
    if reason:
        counts[reason] += 1
        return None
    rows = np.array(scan.rows, dtype=np.float64, order="C").reshape(-1, ROW_COLUMNS)
    good = np.ones(len(rows), np.bool_)
    for reason, bad in _of_rows(rows, scan, watches[scan.station]).items():
        counts[reason] += int((good & bad).sum())
        good &= ~bad
    rows = rows[good]
    rows = rows[np.lexsort(rows.T[::-1])]
    return Scan(
        time_s=float(scan.time_s), received_s=float(scan.received_s), station=int(scan.station),
        sight=np.array(scan.sight, dtype=np.float64, order="C"), rows=rows,
    )  # fmt: skip


def _of_scan(scan: Scan, watches: Sequence[Watch]) -> str:
    """Why a whole scan cannot be used; empty where it can."""
    sight, rows = np.asarray(scan.sight), np.asarray(scan.rows)
    right = sight.shape == (STATION_COLUMNS,) and sight.dtype.kind in "fiu" and rows.dtype.kind in "fiu"
    if not right or (rows.size and (rows.ndim != 2 or rows.shape[1] != ROW_COLUMNS)):
        return "malformed"
    if not 0 <= scan.station < len(watches):
        return "unknown_sensor"
    if not (np.isfinite(scan.time_s) and np.isfinite(scan.received_s) and np.isfinite(sight).all()):
        return "not_finite"
    if scan.time_s > scan.received_s:
        return "future"
    frame = sight[FRAME:].reshape(3, 3)
    far = float(np.linalg.norm(sight[PLACE : PLACE + 3]))
    low = LOWEST_PLACE_M if watches[scan.station].kind == "radar" else NEAREST_SATELLITE_M
    if not (low <= far <= FARTHEST_SATELLITE_M and abs(frame @ frame.T - np.eye(3)).max() < 1e-6):
        return "out_of_limits"
    return "" if 0.0 <= scan.time_s <= LATEST_S else "out_of_limits"


def _of_rows(rows: Floats, scan: Scan, watch: Watch) -> dict[str, NDArray[np.bool_]]:
    """Which rows cannot be used, by reason."""
    values, errors = rows[:, RANGE : RANGE + PARTS], rows[:, ERROR : ERROR + PARTS]
    there = errors < np.inf
    needed = [1, 2] if watch.kind == "infrared" else [0, 1, 2]
    with np.errstate(invalid="ignore"):
        return {
            "not_finite": np.isnan(rows[:, TIME]) | np.isnan(errors).any(axis=1)
            | ~there[:, needed].all(axis=1) | (there & ~np.isfinite(values)).any(axis=1),
            "wrong_time": rows[:, TIME] != scan.time_s,
            "singular_covariance": (errors < LEAST).any(axis=1),
            "out_of_limits": (there[:, 0] & ~((rows[:, RANGE] > 0.0) & (rows[:, RANGE] <= watch.longest_range_m)))
            | (np.abs(rows[:, FIRST_ANGLE]) > 2.0 * np.pi) | (np.abs(rows[:, SECOND_ANGLE]) > 0.5 * np.pi)
            | (there[:, 3] & (np.abs(rows[:, RATE]) > FASTEST_MPS)),
        }  # fmt: skip
