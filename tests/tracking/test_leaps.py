"""A scan from the future stops no tracker; a long silence does not either."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from synaspis.tracking.leaps import Leaps
from synaspis.tracking.scan import Scan
from synaspis.tracking.tracker import Tracker
from tests.tracking import raid

SCANS = raid.raid(3, 8)


def later(scan: Scan, by_s: float, rows: slice = slice(None)) -> Scan:
    moved = scan.rows[rows].copy()
    moved[:, 0] += by_s
    return dataclasses.replace(scan, time_s=scan.time_s + by_s, received_s=scan.received_s + by_s, rows=moved)


def told(scans: list[Scan], stations: int = 3, **more: float) -> Tracker:
    tracker = Tracker(raid.radars(stations), **more)  # type: ignore[arg-type]
    for scan in scans:
        tracker.take(scan)
    return tracker


@pytest.mark.parametrize("rows", [slice(0, 0), slice(None)])
@pytest.mark.parametrize("by_s", [400.0, 50_000.0])
def test_one_scan_from_the_future_is_counted_and_stops_nothing(by_s: float, rows: slice) -> None:
    tracker = told([*SCANS[:12], later(SCANS[12], by_s, rows), *SCANS[12:]])
    plain = told(list(SCANS))
    assert len(plain.tracks()) == 3
    assert np.array_equal(tracker.mixture()[0], plain.mixture()[0])
    assert tracker.counts["future"] == 1
    assert tracker.newest_s == SCANS[-1].time_s


def test_a_clock_that_stays_wrong_shuts_nobody_out() -> None:
    """Every scan of the third station is an hour ahead."""
    wrong = [later(s, 3600.0) if s.station == 2 else s for s in SCANS]
    tracker = told(wrong)
    assert tracker.counts["future"] == sum(s.station == 2 for s in SCANS)
    assert len(tracker.tracks()) == 3


@pytest.mark.parametrize("stations", [1, 3])
def test_after_a_long_silence_nothing_is_lost(stations: int) -> None:
    """Two stations, or the only one, say that it is an hour later: what waited is taken too."""
    own = [s for s in SCANS if s.station < stations]
    tracker = told([*own, *(later(s, 3600.0) for s in own)], stations)
    assert sum(tracker.counts.values()) == 0
    assert tracker.newest_s == own[-1].time_s + 3600.0
    assert len(tracker.tracks()) == len(told(own, stations).tracks())
    assert len(tracker.tracks()) > 0


def test_one_station_of_several_is_believed_once_it_has_gone_on() -> None:
    leaps = Leaps(300.0, 30.0, 3)
    scans = [dataclasses.replace(SCANS[0], time_s=t, received_s=t) for t in np.arange(1e3, 1031.0)]
    found = [len(leaps.judged(scan, 10.0)) for scan in scans]
    assert found == [0] * 30 + [31]
    assert len(leaps.judged(scans[0], 10.0)) == 0


def test_who_knows_the_time_says_so() -> None:
    tracker = Tracker(raid.radars(3))
    assert not tracker.take(later(SCANS[0], 200.0), now_s=SCANS[0].time_s)
    assert tracker.counts["future"] == 1
    for scan in SCANS:
        assert tracker.take(scan, now_s=scan.received_s)
    far = later(SCANS[-1], 3600.0)
    assert Tracker(raid.radars(3), leap_s=np.inf).take(far)
    with pytest.raises(ValueError, match="leap"):
        Tracker(raid.radars(3), leap_s=0.0)


def test_tracks_are_carried_as_far_as_they_fly_and_no_farther(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = told(list(SCANS))
    asked: list[float] = []
    plain = tracker._follower.carry

    def carry(crowd: object, to_s: float) -> None:
        asked.append(to_s)
        plain(crowd, to_s)  # type: ignore[arg-type]

    monkeypatch.setattr(tracker._follower, "carry", carry)
    assert len(tracker.tracks(at_s=1e8)) == 0
    assert len(asked) == 1
    assert asked[0] < tracker.newest_s + 2000.0
