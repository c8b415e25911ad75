"""The study of a table of measurements: which pictures are made of it, and which lives it tells of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import synaspis
from synaspis.model.tracking import LEAST_SAMPLES, Score, TrackingAnswer
from synaspis.tracking.air_picture import air_picture
from synaspis.tracking.consistency import consistency
from tests.tracking import tables

STATIONS = tables.stations()
SHORT, TRUTH = tables.one_flight(86.0, false=0.0)


def _with(changed: dict[int, float], column: str = "time_s") -> dict[str, list[Any]]:
    table = {name: list(cells) for name, cells in SHORT.items()}
    for row, factor in changed.items():
        table[column][row] *= factor
        if column == "time_s":
            table["received_s"][row] *= factor
    return table


def _shown(answer: TrackingAnswer) -> list[tuple[float, int]]:
    return [(p.time_s, len(p.tracks)) for p in answer.pictures]


@pytest.fixture(scope="module")
def plain() -> TrackingAnswer:
    return synaspis.track(SHORT, STATIONS)


def test_ten_pictures_where_rows_came(plain: TrackingAnswer) -> None:
    times = [p.time_s for p in plain.pictures]
    assert len(times) == 10
    assert set(times) <= set(SHORT["received_s"])
    assert times[-1] == max(SHORT["received_s"])
    assert [n for _, n in _shown(plain)][-4:] == [1] * 4


@pytest.mark.parametrize("of", ["one row", "one station"])
def test_times_a_thousand_empty_no_picture(of: str, plain: TrackingAnswer) -> None:
    rows = range(len(SHORT["time_s"]))
    wrong = [rows[-1]] if of == "one row" else [i for i in rows if SHORT["sensor"][i] == "radar-1"]
    found = synaspis.track(_with(dict.fromkeys(wrong, 1000.0)), STATIONS)
    assert found.rejected["units"] == len(wrong)
    assert len(found.lives) == 1
    assert [n for _, n in _shown(found)][-4:] == [1] * 4
    assert found.pictures[-1].time_s <= plain.pictures[-1].time_s


def test_a_late_reception_shifts_one_picture_at_most() -> None:
    """It may come four minutes late: then only the last picture has nothing new."""
    table = {name: list(cells) for name, cells in SHORT.items()}
    table["received_s"][-1] += 240.0
    found = synaspis.track(table, STATIONS)
    assert [n for _, n in _shown(found)][-4:-1] == [1] * 3


def test_a_track_that_no_picture_shows_has_a_life(plain: TrackingAnswer) -> None:
    assert plain.pictures[-1].tracks[0].number == plain.lives[0].number == 1
    for at_s in ([], [10.0], [80_000.0]):
        found = synaspis.track(SHORT, STATIONS, at_s=at_s)
        assert found.lives == plain.lives
        assert all(not p.tracks for p in found.pictures)


def test_scores_are_of_one_scale() -> None:
    """One missile: what the last picture has of it is the score's only sample, and tells little."""
    found = synaspis.track(SHORT, STATIONS, truth=TRUTH)
    quality, score = found.pictures[-1].quality, found.score
    assert quality is not None and score is not None
    assert quality.nees == pytest.approx(score.last_consistency.mean)
    assert 0.05 < quality.nees < 3.0  # of six degrees of freedom, over six
    assert score.last_consistency.samples == 1
    assert score.consistent is None
    each = [p.quality.gospa_m for p in found.pictures if p.quality is not None]
    assert score.switches == 0.0
    assert score.gospa_m == pytest.approx(np.mean(each))


@pytest.mark.parametrize(("samples", "consistent"), [(LEAST_SAMPLES - 1, None), (LEAST_SAMPLES, True)])
def test_a_few_samples_tell_nothing(samples: int, consistent: bool | None) -> None:
    score = Score(
        air_picture=air_picture([], 1e4), switches=0.0, gospa_m=0.0,
        last_consistency=consistency(np.full(samples, 6.0), 6),
    )  # fmt: skip
    assert score.consistent is consistent


def test_a_change_of_track_costs_in_the_mean_gospa() -> None:
    """For twenty seconds all ranges are off by 60 km: the missile is lost, and found by another number.

    Each radar sees something else besides: a row alone would not tell that the missile is not there.
    """
    table, truth = tables.one_flight(160.0, false=0.0)
    off = [60.0 if 110.0 <= t < 130.0 else 0.0 for t in table["time_s"]]
    table["range_km"] = [x + more if x else x for x, more in zip(table["range_km"], off, strict=True)]
    twice = [i for i, x in enumerate(table["range_km"]) for _ in range(2 if x else 1)]
    table = {name: [cells[i] for i in twice] for name, cells in table.items()}
    for k in range(1, len(twice)):
        if twice[k] == twice[k - 1]:
            table["azimuth_deg"][k] = (table["azimuth_deg"][k] + 40.0) % 360.0
    found = synaspis.track(table, STATIONS, truth=truth)
    assert found.score is not None
    each = [p.quality.gospa_m for p in found.pictures if p.quality is not None]
    assert found.score.switches == 1.0
    assert found.score.gospa_m > np.mean(each) + 100.0
