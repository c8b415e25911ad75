"""What a tracker does not let in: scans and rows that cannot be, each counted by its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, MutableMapping, Sequence

import numpy as np

from synaspis.kernels import sieve
from synaspis.kernels.sight import RANGE, ROW_COLUMNS, STATION_COLUMNS
from synaspis.model.measurement import FARTHEST_SATELLITE_M, LATEST_S, NEAREST_SATELLITE_M
from synaspis.tracking.scan import Floats, Scan, Watch

REASONS: Mapping[str, str] = {
    "malformed": "arrays that are not of the shape of a scan",
    "unknown_sensor": "no station has this row",
    "not_finite": "a time, a place or what is measured is NaN or infinite",
    "future": "measured after it was received, received after now, or far ahead of all others",
    "too_late": "older than the newest scan by more than the lag",
    "duplicate": "the same scan again",
    "wrong_time": "a row of another time than its scan",
    "singular_covariance": "an error that is 0 or less, or so small that it must be a mistake",
    "vague": "an error so large that the row tells nothing",
    "out_of_limits": "a value that cannot be, or that its station cannot measure",
}
"""Why a scan or a row of one is not used; the first that is found."""
LOWEST_PLACE_M = 6_300e3
_OF_ROWS = {
    sieve.NOT_FINITE: "not_finite",
    sieve.WRONG_TIME: "wrong_time",
    sieve.SINGULAR: "singular_covariance",
    sieve.VAGUE: "vague",
    sieve.OUT_OF_LIMITS: "out_of_limits",
}


def sifted(scan: Scan, watches: Sequence[Watch], counts: MutableMapping[str, int]) -> Scan | None:
    """The scan with the rows that can be used, in an order of their own; None where it cannot be used at all.

    Counts what is not used. A scan without a row stays: it tells of misses.
    """
    try:
        sight, rows = _arrays(scan)
        time_s, received_s, station = float(scan.time_s), float(scan.received_s), int(scan.station)
    except (TypeError, ValueError, OverflowError):
        counts["malformed"] += 1
        return None
    if reason := _refused(time_s, received_s, station, sight, watches):
        counts[reason] += 1
        return None
    watch, wrong = watches[station], np.empty(len(rows), np.int64)
    sieve.judge(rows, time_s, watch.kind == "radar", watch.longest_range_m, wrong)
    if wrong.any():
        for code, reason in _OF_ROWS.items():
            counts[reason] += int((wrong == code).sum())
        rows = rows[wrong == sieve.GOOD]
    return Scan(time_s=time_s, received_s=received_s, station=station, sight=sight, rows=_ordered(rows))


def _ordered(rows: Floats) -> Floats:
    """Rows of one time by rising range, then whatever comes after it in a row."""
    order = np.argsort(rows[:, RANGE], kind="stable")
    ranges = rows[order, RANGE]
    if not (ranges[1:] > ranges[:-1]).all():
        order = np.lexsort(rows.T[::-1])
    return rows[order]


def _arrays(scan: Scan) -> tuple[Floats, Floats]:
    """Copies of the arrays of a scan. ValueError where they are not of its shape."""
    sight = np.array(scan.sight, dtype=np.float64, order="C")
    rows = np.array(scan.rows, dtype=np.float64, order="C")
    if rows.size == 0:
        rows = np.empty((0, ROW_COLUMNS))
    if sight.shape != (STATION_COLUMNS,) or rows.ndim != 2 or rows.shape[1] != ROW_COLUMNS:
        raise ValueError(f"shapes {sight.shape} and {rows.shape} are none of a scan")
    return sight, rows


def _refused(time_s: float, received_s: float, station: int, sight: Floats, watches: Sequence[Watch]) -> str:
    """Why a whole scan cannot be used; empty where it can."""
    if not 0 <= station < len(watches):
        return "unknown_sensor"
    far = float(sieve.place_m(sight))
    if not (math.isfinite(time_s) and math.isfinite(received_s)) or far == math.inf:
        return "not_finite"
    if time_s > received_s:
        return "future"
    low = LOWEST_PLACE_M if watches[station].kind == "radar" else NEAREST_SATELLITE_M
    fits = low <= far <= FARTHEST_SATELLITE_M and 0.0 <= time_s <= LATEST_S
    return "" if fits else "out_of_limits"
