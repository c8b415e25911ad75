"""Looks that a table does not tell of: rows with times of their own, clocks that jitter, and radars that look
more often than others."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import synaspis
from synaspis.files.measurements import read
from synaspis.kernels import ekf, motion, sight
from synaspis.model.measurement import Station
from synaspis.tracking.filters import COAST
from synaspis.tracking.sights import scans, watch
from synaspis.tracking.tracker import Tracker
from tests.tracking import tables

PLACES = np.array([[0.7, 0.5, 0.0], [0.72, 0.5, 0.0]])
RADARS = [
    Station(name=name, kind="radar", latitude_rad=float(place[0]), longitude_rad=float(place[1]),
            height_m=0.0, longest_range_m=1.5e6, sigma_range_m=20.0, sigma_azimuth_rad=1e-3,
            sigma_elevation_rad=1e-3)
    for name, place in zip("AB", PLACES, strict=True)
]  # fmt: skip
SITES = sight.radar_stations(PLACES)


def _falling(count: int) -> list[np.ndarray]:
    """States of as many objects in free fall, north of the radars and well apart."""
    luck, axes = np.random.default_rng(0), SITES[0, sight.FRAME :].reshape(3, 3)
    at = luck.uniform([-2e5, 4e5, 2.5e5], [2e5, 6e5, 3.5e5], (count, 3))
    pace = luck.uniform([-300.0, -2300.0, 200.0], [300.0, -1700.0, 800.0], (count, 3))
    return [
        np.array([*(SITES[0, :3] + axes.T @ p), *(axes.T @ v), math.log(4000.0)])
        for p, v in zip(at, pace, strict=True)
    ]


def _seen(looks: Sequence[tuple[float, int, int]], states: Sequence[np.ndarray]) -> dict[str, list[Any]]:
    """A table of looks, each when, by which radar and at which object."""
    luck, room, mode, rows = np.random.default_rng(1), np.zeros(ekf.ROOM), COAST.row(), []
    for time_s, radar, which in sorted(looks):
        state, told = states[which].copy(), np.empty(sight.PARTS)
        if time_s > 0.0:
            motion.move(state, mode, time_s, room)
        sight.expect(state, SITES[radar], told)
        off = luck.normal(0.0, [20.0, 1e-3, 1e-3])
        rows.append({
            "time_s": 100.0 + time_s, "sensor": RADARS[radar].name, "range_km": (told[0] + off[0]) / 1e3,
            "azimuth_deg": math.degrees(told[1] + off[1]), "elevation_deg": math.degrees(told[2] + off[2]),
        })  # fmt: skip
    return tables.table(rows)


@pytest.mark.parametrize("off_s", [lambda n: 0.0, lambda n: 1e-9 * (n % 3), lambda n: 0.01 * n,
                                   lambda n: 0.2 * n])  # fmt: skip
def test_rows_of_one_look_need_not_be_of_one_time(off_s: Callable[[int], float]) -> None:
    """Five objects and one radar: five tracks, whether the sweep takes no time, or all of its period."""
    looks = [(k + off_s(n), 0, n) for k in range(40) for n in range(5)]
    found = synaspis.track(_seen(looks, _falling(5)), RADARS[:1], at_s=[135.9])
    assert len(found.lives) == 5
    assert [len(p.tracks) for p in found.pictures] == [5]


def test_what_is_missing_among_rows_that_came_together_was_missed() -> None:
    """One of three is not seen any more after 20 s: its track ends, and the two others go on."""
    looks = [(float(k), 0, n) for k in range(40) for n in range(3) if n or k < 20]
    found = synaspis.track(_seen(looks, _falling(3)), RADARS[:1], at_s=[119.0, 135.0])
    assert [len(p.tracks) for p in found.pictures] == [3, 2]


def test_one_vague_row_a_look_spoils_no_track() -> None:
    """Its error, 900 km and 0.9 rad, is its own: the others are shared out by theirs."""
    given = scans(read(_seen([(float(k), 0, n) for k in range(20) for n in range(5)], _falling(5)), RADARS))
    tracker = Tracker([watch(radar) for radar in RADARS])
    for scan in given:
        vague = scan.rows[:1].copy()
        vague[0, sight.RANGE : sight.RATE] = 1.2e6, 0.1, 0.1
        vague[0, sight.ERROR : sight.ERROR + 3] = 9e5, 0.9, 0.9
        assert tracker.take(replace(scan, rows=np.vstack([scan.rows, vague])))
    assert tracker.tracks(119.0).hits.tolist() == [20] * 5


def test_a_fast_radar_that_loses_a_track_does_not_end_it_for_another() -> None:
    """A looks ten times a second, and sees one of three no more after 10 s; B, once a second, sees all."""
    fast = [(k / 10, 0, n) for k in range(400) for n in range(3) if n or k < 100]
    slow = [(float(k), 1, n) for k in range(40) for n in range(3)]
    found = synaspis.track(_seen(fast + slow, _falling(3)), RADARS, at_s=[115.5, 125.5, 138.5])
    assert [len(p.tracks) for p in found.pictures] == [3, 3, 3]
    assert len(found.lives) == 3
