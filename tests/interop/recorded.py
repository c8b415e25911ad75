"""Recordings for tests: what the radars of a live raid measured, as other systems would have written it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from synaspis.engine.detections import Seen
from synaspis.engine.live import LiveRaid
from synaspis.interop import asterix
from synaspis.interop.asterix import PLOTS, Plot
from synaspis.kernels import sight
from synaspis.model.case import Case


def heard_of(raid: LiveRaid) -> list[Seen]:
    """Every scan of a raid, as its range tells them; `raid` is to be played with them."""
    kept: list[Seen] = []
    tells = raid.over.frame

    def frame(number: int) -> tuple[Seen, ...]:
        told = tells(number)
        kept.extend(told)
        return told

    raid.over.frame = frame  # type: ignore[method-assign]
    return kept


def second_of_day(starts: dt.datetime, time_s: float) -> float:
    return (starts - starts.replace(hour=0, minute=0, second=0)).total_seconds() + time_s


def plots(case: Case, names: Sequence[str], scans: Sequence[Seen]) -> tuple[bytes, str]:
    """CAT048 of all rows of radars, and the map of `--stations`: station row s is source 25/s."""
    blocks = []
    radars: dict[int, None] = {}
    for seen in scans:
        rows = seen.scan.rows
        if not np.isfinite(rows[0, sight.ERROR]):
            continue  # a satellite has no range
        radars[seen.station] = None
        records = [plot(case, seen.station, row) for row in rows]
        blocks += asterix.blocks(PLOTS, records)
    return b"".join(blocks), ",".join(f"25/{s}={names[s]}" for s in radars)


def plot(case: Case, station: int, row: np.ndarray) -> bytes:
    time_s, far_m, azimuth, elevation, rate, *errors = row.tolist()
    told = Plot(
        source=(25, station), time_of_day_s=second_of_day(case.file.starts, time_s), range_m=far_m,
        azimuth_rad=azimuth, elevation_rad=elevation, range_rate_mps=rate, sigma_range_m=errors[0],
        sigma_azimuth_rad=errors[1], sigma_elevation_rad=errors[2],
        sigma_range_rate_mps=errors[3] if np.isfinite(errors[3]) else float("nan"),
    )  # fmt: skip
    return asterix.plot_record(told)[0]
