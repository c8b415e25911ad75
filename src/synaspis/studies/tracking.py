"""A table of measurements through a tracker: its pictures at some times, held against the truth if given.

The tracker gets each scan when it was received, and each picture is what it knew by then. Offsets of
stations, where some are trusted, are the exception: they are found from the whole table, so that the first
pictures too rest on all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import enu_axes, geodetic_from_ecef
from synaspis.model.estimate import CLASSES, Spots
from synaspis.model.measurement import Measurements
from synaspis.model.track_quality import NOT_ASSIGNED, Frame
from synaspis.model.tracking import (
    Picture,
    Quality,
    Score,
    Spot,
    StationBias,
    TrackingAnswer,
    TrackState,
    Truth,
)
from synaspis.studies import registering
from synaspis.studies.track_lives import Ledger
from synaspis.tracking import estimates
from synaspis.tracking.air_picture import air_picture
from synaspis.tracking.consistency import consistency, nees
from synaspis.tracking.following import Given
from synaspis.tracking.manner import Association
from synaspis.tracking.metrics import gospa, gospa_over_time, ospa
from synaspis.tracking.scan import Scan
from synaspis.tracking.sights import scans, watch
from synaspis.tracking.tracker import Tracker
from synaspis.tracking.tracks import Tracks

Floats = NDArray[np.float64]

CUTOFF_M = 10_000.0
"""Farther than this from an object a track is of something else."""
NUMBERS = 6
"""Of a state that are held against the truth: place and velocity."""
PICTURES = 10
MOST_PICTURES = 60
LEAST_LAG_S, MOST_LAG_S = 1.0, 300.0


def track(
    given: Measurements, truth: Truth | None, association: Association, at_s: Sequence[float] | None,
    version: str, threads: int = 1, trusted: Collection[str] = (),
) -> TrackingAnswer:  # fmt: skip
    """Tracks at the times `at_s`: those of the truth where None, or else some of those at which rows came.

    With `trusted` stations, what the others add to range and angles is found first, from all rows, and taken
    off.
    """
    arrived = scans(given)
    arrived, biases = _unbiased(given, arrived, association, threads, trusted)
    tracker = _tracker(given, arrived, association, threads)
    frames, pictures, squares = [], [], np.empty(0)
    ledger = Ledger(given.stations)
    place = 0
    for time_s in _times(given, truth, at_s):
        while place < len(arrived) and arrived[place].received_s <= time_s:
            tracker.take(arrived[place])
            ledger.note(tracker.confirmed())
            place += 1
        held = tracker.tracks(time_s)
        mean, cov, mode = held.mixture()
        quality = None
        if truth is not None:
            frame, quality, squares = _quality(truth, time_s, held, mean, cov)
            frames.append(frame)
        tracks = _states(held, mean, cov, mode, ledger.names)
        same = estimates.duplicates(mean, cov)
        count = estimates.object_count(held.exists, same)
        pictures.append(Picture(time_s=time_s, tracks=tracks, count=count, quality=quality))
    for scan in arrived[place:]:
        tracker.take(scan)
        ledger.note(tracker.confirmed())
    return TrackingAnswer(
        source=given.source, version=version, association=association,
        stations=tuple(s.name for s in given.stations), used=int(given.time_s.size),
        rejected=given.counts, refused=tracker.counts, rejections=given.rejections,
        lives=ledger.lives(), pictures=tuple(pictures),
        score=None if truth is None else _score(frames, squares), biases=biases,
    )  # fmt: skip


def _tracker(
    given: Measurements, arrived: Sequence[Scan], association: Association, threads: int,
    told: Callable[[Scan, Given], None] | None = None,
) -> Tracker:  # fmt: skip
    watches = [watch(s) for s in given.stations]
    return Tracker(
        watches, association=association, lag_s=_lag_s(arrived), leap_s=np.inf, threads=threads, told=told
    )


def _unbiased(
    given: Measurements, arrived: list[Scan], association: Association, threads: int, trusted: Collection[str]
) -> tuple[list[Scan], tuple[StationBias, ...]]:
    """The scans without what stations add that are not trusted, and what that is."""
    if not trusted:
        return arrived, ()
    diary = registering.Diary()
    _tracker(given, arrived, association, threads, diary.note).take_all(arrived)
    found = registering.offsets(diary, given.stations, trusted)
    right = registering.corrected(arrived, given.stations, found)
    return right, registering.told(found, given.stations)


def _lag_s(arrived: Sequence[Scan]) -> float:
    """How far back the tracker must be able to go, so that no scan of the table comes too late."""
    if not arrived:
        return LEAST_LAG_S
    times = np.array([scan.time_s for scan in arrived])
    late = float((np.maximum.accumulate(times) - times).max())
    return min(max(late, LEAST_LAG_S), MOST_LAG_S)


def _times(given: Measurements, truth: Truth | None, at_s: Sequence[float] | None) -> list[float]:
    if at_s is not None:
        return sorted({float(t) for t in at_s})
    if not given.time_s.size:
        return []
    if truth is None:
        came = np.unique(given.received_s)
        return np.unique(came[np.linspace(0, len(came) - 1, PICTURES + 1).round().astype(int)[1:]]).tolist()
    first, last = float(given.time_s.min()), float(given.received_s.max())
    known = np.unique(np.concatenate(truth.times_s))
    known = known[(known >= first) & (known <= last)]
    picked = np.unique(np.linspace(0, max(len(known) - 1, 0), MOST_PICTURES).round().astype(int))
    return [float(t) for t in known[picked]] if len(known) else []


def _quality(
    truth: Truth, time_s: float, held: Tracks, mean: Floats, cov: Floats
) -> tuple[Frame, Quality, Floats]:
    """A picture beside the truth: the frame, how good it is, the squares of errors over their number."""
    who, true = truth.at(time_s)
    frame = Frame(time_s=time_s, true=true, true_names=who, estimated=mean[:, :6], track_names=held.number)
    near = gospa(true[:, :3], mean[:, :3], CUTOFF_M)
    own = np.array(near.assigned, np.int64).reshape(-1)
    has = own != NOT_ASSIGNED
    squares = nees(mean[own[has], :6] - true[has], cov[own[has], :6, :6]) if has.any() else np.empty(0)
    quality = Quality(
        ospa_m=ospa(true[:, :3], mean[:, :3], CUTOFF_M).distance, gospa_m=near.distance, missed=near.missed,
        false=near.false, nees=consistency(squares, NUMBERS).mean,
    )  # fmt: skip
    return frame, quality, squares


def _score(frames: Sequence[Frame], squares: Floats) -> Score:
    over_time = gospa_over_time(frames, CUTOFF_M, switching=CUTOFF_M)
    return Score(
        air_picture=air_picture(frames, CUTOFF_M), switches=sum(x.switches for x in over_time),
        gospa_m=float(np.mean([x.distance for x in over_time])) if over_time else float("nan"),
        last_consistency=consistency(squares, NUMBERS),
    )  # fmt: skip


def _states(
    held: Tracks, mean: Floats, cov: Floats, mode: NDArray[np.int64], names: Mapping[int, int]
) -> tuple[TrackState, ...]:
    falls = _spots(estimates.impacts(mean, cov, mode, held.clocks[:, 0], modes=held.modes))
    boost = np.full(len(held), next((i for i, m in enumerate(held.modes) if m.kind == "thrust"), 0))
    rises = _spots(estimates.launches(held.power_mean, held.power_cov, boost, held.power_s, modes=held.modes))
    classes = estimates.class_chances(mean, cov, mode, modes=held.modes)
    geodetic = geodetic_from_ecef(mean[:, :3])
    paces = np.einsum("nij,nj->ni", enu_axes(geodetic), mean[:, 3:6])
    wide = np.sqrt(np.trace(cov[:, :3, :3], axis1=1, axis2=2))
    fast = np.sqrt(np.trace(cov[:, 3:6, 3:6], axis1=1, axis2=2))
    found = [
        TrackState(
            number=names[int(held.number[t])],
            phases={m.name: float(w) for m, w in zip(held.modes, held.weights[t], strict=True)},
            classes={name: float(x) for name, x in zip(CLASSES, classes[t], strict=True)},
            exists=float(held.exists[t]), latitude_rad=float(geodetic[t, 0]),
            longitude_rad=float(geodetic[t, 1]), height_m=float(geodetic[t, 2]), east_mps=float(paces[t, 0]),
            north_mps=float(paces[t, 1]), up_mps=float(paces[t, 2]), sigma_position_m=float(wide[t]),
            sigma_velocity_mps=float(fast[t]), launch=rises[t], impact=falls[t],
        )
        for t in range(len(held))
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda x: x.number))


def _spots(found: Spots) -> list[Spot | None]:
    rows = np.column_stack([
        found.latitude_rad, found.longitude_rad, found.time_s, found.sigma_s, found.semi_major_m,
        found.semi_minor_m, found.bearing_rad,
    ])  # fmt: skip
    return [
        Spot(**dict(zip(_SPOT, row.tolist(), strict=True))) if np.isfinite(row).all() else None
        for row in rows
    ]


_SPOT = (
    "latitude_rad",
    "longitude_rad",
    "time_s",
    "sigma_s",
    "semi_major_m",
    "semi_minor_m",
    "bearing_rad",
)
