"""A tracker on a small raid: who is tracked, whatever the order, the threads and the nonsense."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from bench import tracking as bench_tracking
from synaspis.kernels.ledger import CONFIRMED
from synaspis.kernels.sight import ERROR, RANGE
from synaspis.model.track_quality import Frame
from synaspis.tracking import births
from synaspis.tracking.filters import BALLISTIC
from synaspis.tracking.metrics import gospa, gospa_over_time
from synaspis.tracking.scan import Scan, Watch
from synaspis.tracking.tracker import Tracker
from synaspis.tracking.tracks import Tracks
from tests.tracking import raid

TARGETS, FRAMES = 12, 14
SCANS = raid.raid(TARGETS, FRAMES)


def taken(scans: Iterable[Scan], **manner: object) -> Tracker:
    tracker = Tracker(raid.radars(3), **manner)  # type: ignore[arg-type]
    for scan in scans:
        tracker.take(scan)
    return tracker


def same(one: Tracks, two: Tracks) -> bool:
    return all(
        np.array_equal(getattr(one, f.name), getattr(two, f.name), equal_nan=True)
        for f in dataclasses.fields(one)
        if f.name != "modes"
    )


IN_ORDER = taken(SCANS)


@pytest.mark.parametrize("association", ["gnn", "jpda"])
def test_all_are_tracked_each_once_and_well(association: str) -> None:
    times, states = raid.coasting(TARGETS, FRAMES)
    tracker = Tracker(raid.radars(3), association=association)  # type: ignore[arg-type]
    frames = []
    for k, time_s in enumerate(times):
        for scan in SCANS[3 * k : 3 * k + 3]:
            assert tracker.take(scan)
        held = tracker.tracks()
        assert (held.clocks == time_s).all()
        frames.append(
            Frame(time_s=float(time_s), true=states[k], true_names=np.arange(TARGETS),
                  estimated=tracker.mixture()[0], track_names=held.number)
        )  # fmt: skip
    found = gospa_over_time([dataclasses.replace(f, true=f.true[:, :3], estimated=f.estimated[:, :3])
                             for f in frames[6:]], 1000.0, switching=1000.0)  # fmt: skip
    assert sum(x.missed + x.false for x in found) == 0
    assert sum(x.switches for x in found) == 0
    mean, cov, mode = tracker.mixture()
    error = mean[np.array(found[-1].assigned), :6] - states[-1]
    square = np.einsum("ni,nij,nj->n", error, np.linalg.inv(cov[np.array(found[-1].assigned), :6, :6]), error)
    # 12 tracks of 6 numbers: chi-square with 72 degrees of freedom lies between 45 and 109 (99.5 %).
    assert 45.0 < square.sum() < 109.0
    assert (mode != 0).sum() >= TARGETS - 2
    assert (tracker.tracks().exists > 0.999).all()
    # What belongs to a track begins none: beside those there is what clutter of the last looks began.
    assert len(tracker.tracks(tentative=True)) < 4 * TARGETS


def test_late_scans_give_the_same_bytes() -> None:
    """Scans up to some seconds late, in a drawn order; the three of one time in any order."""
    luck = np.random.default_rng(3)
    late = np.argsort([s.time_s + 6.0 * luck.random() for s in SCANS])
    mixed = taken([SCANS[i] for i in late])
    assert (np.diff(late) < 0).sum() > 5
    assert same(IN_ORDER.tracks(tentative=True), mixed.tracks(tentative=True))
    assert sum(mixed.counts.values()) == 0


def test_scans_that_came_together_give_the_same_bytes() -> None:
    """In lots of five, each lot in reverse: what the lots replay is the whole lot and some of the last."""
    tracker = Tracker(raid.radars(3))
    for first in range(0, len(SCANS), 5):
        assert tracker.take_all(reversed(SCANS[first : first + 5])) == len(SCANS[first : first + 5])
    assert same(IN_ORDER.tracks(tentative=True), tracker.tracks(tentative=True))
    assert tracker.take_all([]) == 0
    assert tracker.take_all(SCANS[-2:]) == 0
    assert tracker.counts["duplicate"] == 2


def test_a_short_memory_refuses_what_is_too_late_and_still_goes_back_as_far_as_it_says() -> None:
    kept = taken([*SCANS[:20], *SCANS[23:26], *SCANS[20:23], *SCANS[26:]], lag_s=2.0)
    assert same(IN_ORDER.tracks(tentative=True), kept.tracks(tentative=True))
    assert not kept.take(SCANS[5])
    assert kept.counts["too_late"] == 1


def test_order_of_rows_threads_and_duplicates_change_nothing() -> None:
    shuffled = [dataclasses.replace(s, rows=s.rows[::-1]) for s in SCANS]
    many = taken([*shuffled, SCANS[-1], SCANS[-2]], threads=2)
    assert same(IN_ORDER.tracks(tentative=True), many.tracks(tentative=True))
    assert many.counts["duplicate"] == 2


def test_a_number_is_what_a_track_began_with() -> None:
    rows, nobody = np.array([0, 4]), np.empty(0, np.int64)
    one = births.numbers(SCANS[4], rows, nobody)
    assert np.array_equal(one, births.numbers(SCANS[4], rows, np.array([1, 2, 3])))
    assert len({*one, *births.numbers(SCANS[5], rows, nobody), *births.numbers(SCANS[4], rows, one)}) == 6


def test_threads_change_nothing_where_there_is_work_for_them() -> None:
    scans = raid.raid(90, 4)
    assert same(taken(scans).tracks(tentative=True), taken(scans, threads=3).tracks(tentative=True))


def _spoilt(scan: Scan, row: Sequence[float]) -> Scan:
    return dataclasses.replace(scan, rows=np.vstack([scan.rows, row]))


def _row(scan: Scan, **changed: float) -> list[float]:
    names = {"time": 0, "range": RANGE, "azimuth": RANGE + 1, "elevation": RANGE + 2, "error": ERROR}
    row = scan.rows[0].copy()
    for name, value in changed.items():
        row[names[name]] = value
    return [float(x) for x in row]


HOSTILE = {
    "not_finite": [{"range": np.nan}, {"azimuth": np.inf}, {"elevation": -np.inf}, {"error": np.nan},
                   {"error": np.inf}, {"time": np.nan}],
    "wrong_time": [{"time": 1e9}, {"time": 0.0}],
    "singular_covariance": [{"error": 0.0}, {"error": -5.0}, {"error": 1e-300}],
    "out_of_limits": [{"range": -1.0}, {"range": 1e12}, {"azimuth": 1e5}, {"elevation": 4.0}],
}  # fmt: skip


@pytest.mark.parametrize("reason", HOSTILE)
def test_rows_that_cannot_be_are_counted_and_leave_no_trace(reason: str) -> None:
    bad = [[_spoilt(s, _row(s, **c)) if len(s.rows) else s for s in SCANS] for c in HOSTILE[reason]]
    for scans in bad:
        tracker = taken(scans)
        assert same(IN_ORDER.tracks(tentative=True), tracker.tracks(tentative=True))
        expected = sum(len(s.rows) > 0 for s in SCANS)
        assert tracker.counts == {**dict.fromkeys(tracker.counts, 0), reason: expected}


def test_scans_that_cannot_be_are_counted_and_leave_no_trace() -> None:
    scan = SCANS[5]
    askew = scan.sight.copy()
    askew[3] += 0.5
    hostile: dict[str, list[dict[str, object]]] = {
        "malformed": [
            {"rows": np.zeros((3, 4))}, {"sight": np.zeros(5)}, {"rows": "nonsense"}, {"time_s": None}
        ],
        "unknown_sensor": [{"station": -1}, {"station": 3}],
        "not_finite": [{"time_s": np.nan}, {"received_s": np.inf}, {"sight": np.full(12, np.nan)}],
        "future": [{"time_s": scan.received_s + 1.0}],
        "out_of_limits": [
            {"time_s": 1e12, "received_s": 1e12}, {"sight": askew}, {"sight": 0.001 * scan.sight}
        ],
    }  # fmt: skip
    tracker = taken(SCANS)
    for reason, changes in hostile.items():
        for change in changes:
            assert not tracker.take(dataclasses.replace(scan, **change))  # type: ignore[arg-type]
        assert tracker.counts[reason] == len(changes)
    assert same(IN_ORDER.tracks(tentative=True), tracker.tracks(tentative=True))


def test_a_wild_row_poisons_no_track() -> None:
    """Rows that could be, but are nobody's: a range wrong by a thousand, an error far too small."""
    wild = [
        _spoilt(s, _row(s, range=0.001 * s.rows[0, RANGE], error=0.05)) if len(s.rows) else s for s in SCANS
    ]
    tracker = taken(wild)
    states = raid.coasting(TARGETS, FRAMES)[1][-1]
    found = gospa(states[:, :3], tracker.mixture()[0][:, :3], 1000.0)
    assert found.missed == 0
    assert found.localisation / TARGETS < 300.0**2


def test_a_track_that_is_not_seen_any_more_is_given_up_and_one_out_of_view_is_not() -> None:
    tracker = taken(SCANS)
    blind = [dataclasses.replace(s, time_s=s.time_s + FRAMES, received_s=s.time_s + FRAMES, rows=s.rows[:0])
             for s in SCANS]  # fmt: skip
    for scan in blind[:12]:
        tracker.take(scan)
    assert len(tracker.tracks()) == 0
    away = Watch(name="away", kind="radar", longest_range_m=100e3)
    other = Tracker((*raid.radars(3), away))
    for scan in SCANS:
        other.take(scan)
    before = other.tracks().number
    for scan in blind:
        other.take(dataclasses.replace(scan, station=3))
    weak = Tracker((*raid.radars(3), raid.radars(1)[0]))
    for scan in (*SCANS, *(dataclasses.replace(s, station=3) for s in blind[:30])):
        weak.take(scan)
    assert np.array_equal(weak.tracks().number, before)  # it looks where they are, but never saw them
    assert np.array_equal(other.tracks().number, before)
    assert len(before) == TARGETS


def test_what_has_come_down_is_gone() -> None:
    tracker = taken(SCANS)
    assert len(tracker.tracks(at_s=SCANS[-1].time_s + 30.0)) == TARGETS
    assert len(tracker.tracks(at_s=SCANS[-1].time_s + 900.0)) == 0


def test_two_satellites_start_a_track_under_power_and_radars_take_it_over() -> None:
    times, states, _, burnout_s = bench_tracking.flown()
    eyes, luck = raid.satellites(), np.random.default_rng(2)
    watches = (*raid.radars(3), *(Watch(name=f"eye-{i}", kind="infrared", detected=0.9) for i in range(2)))
    tracker = Tracker(watches)
    numbers = set()
    for k in range(int(np.searchsorted(times, 45.0)), int(burnout_s) + 120):
        time_s, now = float(times[k]), states[k : k + 1]
        if time_s < burnout_s and k % 5 == 0:
            for i in range(2):
                tracker.take(raid.infrared_scan(time_s, 3 + i, eyes[i], now, luck))
        for s in range(3):
            tracker.take(raid.radar_scan(time_s, s, now, luck, false=0.0))
        if time_s > 75.0:
            numbers |= set(tracker.tracks().number.tolist())
        if abs(time_s - burnout_s) < 1.0:
            assert tracker.mixture()[2][0] == 0
    held = tracker.tracks()
    assert len(numbers) == len(held) == 1
    assert held.seen_by[0].min() > 0
    mean, _, mode = tracker.mixture()
    assert mode[0] != 0
    assert np.linalg.norm(mean[0, :3] - states[k, :3]) < 500.0
    assert held.power_s[0] < burnout_s
    assert np.linalg.norm(held.power_mean[0, :3] - states[int(held.power_s[0]), :3]) < 3000.0


def test_one_satellite_alone_begins_at_the_height_of_cloud() -> None:
    times, states, _, _ = bench_tracking.flown()
    tracker = Tracker((Watch(name="eye", kind="infrared", detected=0.9),))
    k = int(np.searchsorted(np.linalg.norm(states[:, :3], axis=1), np.linalg.norm(states[0, :3]) + 9e3))
    luck = np.random.default_rng(2)
    for j in range(3):
        tracker.take(
            raid.infrared_scan(
                float(times[k + 5 * j]), 0, raid.satellites()[0], states[k + 5 * j][None], luck
            )
        )
    held = tracker.tracks(tentative=True)
    assert held.hits.tolist() == [3]
    assert held.status.tolist() == [CONFIRMED]
    mean, cov, mode = tracker.mixture()
    assert mode.tolist() == [0]
    error = mean[0, :3] - states[k + 10, :3]
    assert error @ np.linalg.solve(cov[0, :3, :3], error) < 16.3  # 0.999 of chi-square with three


def test_a_tracker_by_one_mode_and_what_it_refuses() -> None:
    tracker = taken(SCANS, modes=(BALLISTIC,), rates=np.zeros((1, 1)))
    assert len(tracker.tracks()) == TARGETS
    for wrong in ({"lag_s": -1.0}, {"modes": ()}, {"association": "best"}, {"threads": 0}):
        with pytest.raises(ValueError, match=r"lag|modes|association|threads"):
            taken([], **wrong)
    with pytest.raises(ValueError, match="chances"):
        Tracker([Watch(name="sure", kind="radar", detected=1.0)])


def test_missiles_first_seen_far_above_cloud_are_sorted_out_by_two_satellites() -> None:
    """Six burn together at 25 to 50 km, each in its own plane with the satellites: lines that meet tell."""
    times, states, _, _ = bench_tracking.flown()
    eyes, luck = raid.satellites(), np.random.default_rng(6)
    tracker = Tracker(tuple(Watch(name=f"eye-{i}", kind="infrared", detected=0.9) for i in range(2)))
    apart = np.zeros((6, 6))
    apart[:, :3] = 1e4 * np.array([[0, 0, 0], [1, 1, 2], [-1, 1, 1], [0, 1, -1], [2, -1, -2], [-2, 0, 3]])
    for k in range(44, 60, 2):
        for i in range(2):
            tracker.take(raid.infrared_scan(float(times[k]), i, eyes[i], states[k] + apart, luck))
    found = gospa((states[58] + apart)[:, :3], tracker.mixture()[0][:, :3], 5e3)
    assert (found.missed, found.false) == (0, 0)


def test_a_track_that_radars_look_for_in_vain_goes_in_the_end() -> None:
    """A station that never saw it counts too, but slowly; one whose silence tells nothing never does."""
    patient = Tracker(raid.radars(3), patience=20)
    dumb = Watch(name="dumb", kind="radar", longest_range_m=raid.FAR_M, silence_tells=False)
    other = Tracker((*raid.radars(2), dumb, raid.radars(1)[0]), patience=20)
    for scan in SCANS:
        patient.take(scan if scan.station == 0 else dataclasses.replace(scan, rows=scan.rows[:0]))
        if scan.station == 0:
            other.take(scan)
    assert len(patient.tracks()) == len(other.tracks()) == TARGETS
    for i in range(1, 12):
        for scan in SCANS[1:3]:
            later = scan.time_s + FRAMES + i
            blind = dataclasses.replace(scan, time_s=later, received_s=later, rows=scan.rows[:0])
            patient.take(blind)
            other.take(dataclasses.replace(blind, station=2))
    assert len(patient.tracks()) == 0
    assert len(other.tracks()) == TARGETS
