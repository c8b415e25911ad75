"""A clock in milliseconds and a row from the future are told by the other rows of the table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.files import measurements
from synaspis.files.measurement_times import far_off
from synaspis.model.measurement import Measurements, Station

STATIONS = [
    Station(
        name=f"radar-{i}", kind="radar", latitude_rad=0.77, longitude_rad=0.42, longest_range_m=1_000e3,
        sigma_range_m=20.0, sigma_azimuth_rad=1e-3, sigma_elevation_rad=1e-3,
    )
    for i in range(3)
]  # fmt: skip
ONE, TWO, THREE = np.arange(40.0, 160.0), np.arange(40.3, 160.0), np.arange(41.0, 150.0, 0.1)


def _read(*stations: np.ndarray, received: bool = False, late_s: float = 1.0) -> Measurements:
    """Rows of each station in turn, at its times."""
    times = np.concatenate(stations)
    name = np.repeat(np.arange(len(stations)), [len(x) for x in stations])
    table = {
        "time_s": times, "sensor": [f"radar-{i}" for i in name],
        "range_km": 500.0 + np.arange(times.size) / 100.0, "azimuth_deg": np.full(times.size, 120.0),
        "elevation_deg": np.full(times.size, 20.0),
    }  # fmt: skip
    if received:
        table["received_s"] = times + late_s
    return measurements.read(table, STATIONS)


def _counts(found: Measurements) -> dict[str, int]:
    return {reason: n for reason, n in found.counts.items() if n}


@pytest.mark.parametrize("received", [False, True])
@pytest.mark.parametrize(("stations", "expected"), [
    ((ONE, TWO, THREE), {}),
    ((ONE, TWO * 1000.0), {"units": 47, "out_of_limits": 73}),
    ((ONE[:40], TWO[:40] * 1000.0, THREE), {"units": 40}),
    ((ONE[:40] * 1000.0, TWO[:40] * 1000.0, THREE), {"units": 80}),
    ((ONE[:40], THREE[:400] * 1000.0), {"units": 400}),
    ((np.append(ONE[:40], 80_000.0),), {"units": 1}),
    ((np.append(ONE[:40], 60_000.0), np.append(TWO[:40], 80_300.0)), {"units": 2}),
    ((np.append(ONE, 5_000.0), TWO), {"future": 1}),
    ((ONE, np.append(TWO, [5_000.0, 7_000.0])), {"future": 2}),
])  # fmt: skip
def test_what_lies_far_beyond_all_others_is_turned_away(
    stations: tuple[np.ndarray, ...], expected: dict[str, int], received: bool
) -> None:
    assert _counts(_read(*stations, received=received, late_s=1.0)) == expected


@pytest.mark.parametrize("stations", [
    (np.concatenate([ONE, ONE + 7_000.0]),),  # two raids
    (ONE, TWO + 41_000.0),  # the second seen by another, a thousand times as late as the first
    (np.array([1.0, 5_000.0]),), (np.array([1.0, 2.0, 50_000.0]),),  # too few to tell
    (np.arange(0.0, 80_000.0, 900.0),),  # nothing follows as looks do
    (ONE * 500.0,),  # in milliseconds, all of it: nothing tells
])  # fmt: skip
def test_what_may_be_stays(stations: tuple[np.ndarray, ...]) -> None:
    assert _counts(_read(*stations)) == {}


def test_one_reception_from_the_future_is_one_row() -> None:
    table = {
        "time_s": ONE, "received_s": np.where(ONE == 90.0, 70_000.0, ONE + 1.0),
        "sensor": ["radar-0"] * ONE.size, "range_km": 500.0 + ONE, "azimuth_deg": ONE,
        "elevation_deg": ONE / 2,
    }  # fmt: skip
    assert _counts(measurements.read(table, STATIONS)) == {"units": 1}
    table["received_s"] = np.where(ONE == 90.0, 10_000.0, ONE + 1.0)
    assert _counts(measurements.read(table, STATIONS)) == {"future": 1}


@given(st.lists(st.tuples(st.floats(0.0, 86_400.0), st.integers(0, 2)), max_size=12))
def test_it_judges_anything_and_never_all(rows: list[tuple[float, int]]) -> None:
    times, station = np.array([t for t, _ in rows]), np.array([s for _, s in rows], np.int64)
    thousands, lone = far_off(times, station)
    assert not (thousands & lone).any()
    assert not rows or not (thousands | lone).all()
