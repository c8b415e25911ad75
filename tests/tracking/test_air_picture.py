"""SIAP attributes of pictures small enough to count by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.model.track_quality import Frame
from synaspis.tracking.air_picture import air_picture


def _frame(time_s: float, true: dict[int, float], tracks: dict[int, float]) -> Frame:
    def states(at: dict[int, float]) -> np.ndarray:
        return np.array([[x, 0.0, 0.0, 10.0 * x, 0.0, 0.0] for x in at.values()]).reshape(-1, 6)

    return Frame(
        time_s=time_s,
        true=states(true),
        true_names=np.array(list(true), dtype=np.int64),
        estimated=states(tracks),
        track_names=np.array(list(tracks), dtype=np.int64),
    )


def test_a_perfect_picture() -> None:
    frames = [_frame(t, {1: 0.0, 2: 100.0}, {8: 0.0, 9: 100.0}) for t in (0.0, 1.0, 4.0)]
    found = air_picture(frames, 5.0)
    assert (found.completeness, found.ambiguity, found.spuriousness) == (1.0, 1.0, 0.0)
    assert (found.position_m, found.velocity_mps) == (0.0, 0.0)
    assert (found.number_changes_per_s, found.longest_segment) == (0.0, 1.0)


def test_a_picture_with_every_fault() -> None:
    """Two objects in six frames, 2 s apart.

    Object 1 is tracked by 8 in frames 0 and 1, lost in 2, tracked by 9 in 3 to 5, with 7 beside it in 4.
    Object 2 is never tracked; track 6 is on nothing in frame 5.
    """
    of_one = ({8: 1.0}, {8: 1.0}, {}, {9: 3.0}, {9: 3.0, 7: 1.0}, {9: 3.0, 6: 500.0})
    frames = [_frame(2.0 * t, {1: 0.0, 2: 100.0}, tracks) for t, tracks in enumerate(of_one)]
    found = air_picture(frames, 5.0)
    assert found.completeness == pytest.approx(5 / 12)
    assert found.ambiguity == pytest.approx(6 / 5)
    assert found.spuriousness == pytest.approx(1 / 7)
    assert found.position_m == pytest.approx((1 + 1 + 3 + 3 + 1 + 3) / 6)
    assert found.velocity_mps == pytest.approx(10 * found.position_m)
    # One change of number in 2 s under 8 and 4 s under 9; the longest segment is 4 of 10 s, of two lives.
    assert found.number_changes_per_s == pytest.approx(1 / 6)
    assert found.longest_segment == pytest.approx(4 / 20)


def test_the_fewest_numbers_are_counted() -> None:
    """Tracks 1, 2 and 3 overlap, but 1 and 3 alone cover the life: one change."""
    held = ({1: 0.0}, {1: 0.0, 2: 0.0}, {1: 0.0, 2: 0.0}, {2: 0.0, 3: 0.0}, {3: 0.0})
    frames = [_frame(float(t), {5: 0.0}, tracks) for t, tracks in enumerate(held)]
    # Between frames 2 and 3 only track 2 spans the gap, so the whole four seconds are tracked.
    assert air_picture(frames, 1.0).number_changes_per_s == pytest.approx(1 / 4)


def test_nothing_to_see() -> None:
    found = air_picture([_frame(0.0, {}, {})], 5.0)
    assert all(math.isnan(x) for x in vars(found).values())
    lost = air_picture([_frame(0.0, {1: 0.0}, {}), _frame(1.0, {1: 0.0}, {2: math.nan})], 5.0)
    assert (lost.completeness, lost.spuriousness, lost.longest_segment) == (0.0, 1.0, 0.0)


def test_times_must_rise() -> None:
    with pytest.raises(ValueError, match="order of time"):
        air_picture([_frame(1.0, {}, {}), _frame(1.0, {}, {})], 5.0)
