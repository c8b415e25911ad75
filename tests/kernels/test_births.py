"""First states: a point, a line at a height, two lines that meet."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels import births, ekf, sight
from synaspis.kernels.earth import ecef_from_geodetic, geodetic_from_ecef
from synaspis.tracking.filters import PHASES
from tests.tracking import raid

MODES = np.array([mode.row() for mode in PHASES])
EYES = raid.satellites()
TRUE = raid.coasting(5, 1)[1][0]


def room() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros((5, 3, 7)), np.zeros((5, 3, 7, 7)), np.zeros(5, np.bool_)


def lines(of: int, time_s: float = 0.0) -> np.ndarray:
    rows = raid.infrared_scan(time_s, of, EYES[of], TRUE, np.random.default_rng(of)).rows
    seen = np.empty(4)
    for row, state in zip(rows, TRUE, strict=True):
        sight.expect(np.append(state, 0.0), EYES[of], seen)
        row[2:4] = seen[1:3]
    return rows


def test_a_radars_point_is_where_it_was_and_its_rate_is_taken_in() -> None:
    station = raid.radar_scan(0.0, 0, TRUE, np.random.default_rng(0)).sight
    rows = np.full((5, 9), np.inf)
    for row, state in zip(rows, TRUE, strict=True):
        sight.expect(np.append(state, 0.0), station, row[1:5])
        row[0], row[5:] = 0.0, (20.0, 1e-3, 1e-3, 3.0)
    means, covs, good = room()
    births.from_points(rows, station[None], 1500.0, 3500.0, MODES, means, covs, good, np.zeros((2, 9)),
                       np.zeros(ekf.ROOM))  # fmt: skip
    assert good.all()
    for n, state in enumerate(TRUE):
        for j in range(3):
            assert means[n, j, :3] == pytest.approx(state[:3], abs=1.0)
            line = (state[:3] - station[:3]) / np.linalg.norm(state[:3] - station[:3])
            assert line @ (means[n, j, 3:6] - state[3:6]) == pytest.approx(0.0, abs=1.0)
            # The rate's own error, and what the angles' leave open of a speed across the line.
            assert 8.9 < line @ covs[n, j, 3:6, 3:6] @ line < 9.0 + 1500.0**2 * 1e-6
            assert np.linalg.eigvalsh(covs[n, j])[0] > 0.0
    blind = rows.copy()
    blind[2, 5:8] = np.inf
    births.from_points(blind, station[None], 1500.0, 3500.0, MODES, means, covs, good, np.zeros((2, 9)),
                       np.zeros(ekf.ROOM))  # fmt: skip
    assert good.tolist() == [True, True, False, True, True]


def test_a_line_begins_at_the_height_that_is_thought() -> None:
    means, covs, good = room()
    births.from_lines(
        lines(0), EYES[0], 10e3, 3e3, 600.0, 300.0, MODES, means, covs, good, np.zeros(ekf.ROOM)
    )
    assert good.all()
    height = geodetic_from_ecef(means[:, 0, :3])[:, 2]
    assert height == pytest.approx(10e3, abs=30.0)  # a raised ellipsoid is not one of equal height
    up = means[:, 0, :3] / np.linalg.norm(means[:, 0, :3], axis=1)[:, None]
    # The height's error, and of the line's, 1.1 km, what is upward.
    sigma = np.sqrt(np.einsum("ni,nij,nj->n", up, covs[:, 0, :3, :3], up))
    assert (sigma > 3.0e3).all()
    assert (sigma < np.hypot(3.0e3, 1.2e3)).all()
    assert np.einsum("ni,ni->n", means[:, 0, 3:6], up) == pytest.approx(600.0)
    away = lines(0)
    away[:, 2] += 0.3  # past the Earth's limb
    births.from_lines(away, EYES[0], 10e3, 3e3, 600.0, 300.0, MODES, means, covs, good, np.zeros(ekf.ROOM))
    assert not good.any()


def crossed(rows: np.ndarray, others: np.ndarray, of: np.ndarray) -> np.ndarray:
    out = np.empty((len(rows), len(others)))
    births.crossings(
        rows, EYES[1], others, EYES[[0] * len(others)], of, 1500.0, 10e3, 4e6, 0.0, 1e6, 15.1, out,
        np.zeros(ekf.ROOM),
    )  # fmt: skip
    return out


def test_lines_of_one_missile_meet_and_those_of_two_do_not() -> None:
    found = crossed(lines(1), lines(0), np.zeros(5, np.int64))
    assert np.diag(found) == pytest.approx(0.0, abs=1e-2)
    assert np.isinf(found[~np.eye(5, dtype=bool)]).sum() >= 18
    assert np.isinf(crossed(lines(1), lines(0), np.full(5, -1))).all()
    off = lines(1)
    error = raid.LINE_ERROR * np.linalg.norm(TRUE[0, :3] - EYES[1, :3])
    off[:, 3] += 10.0 * raid.LINE_ERROR
    assert error > 500.0
    assert not (np.diag(crossed(off, lines(0), np.zeros(5, np.int64))) < 1.0).any()


@pytest.mark.parametrize(("latitude_deg", "height_m", "meet"), [
    (60.0, 10e3, True), (60.0, 1e3, True), (-75.0, 10e3, True), (0.0, 10e3, True), (60.0, -3e3, False),
    (0.0, -3e3, False), (60.0, 1_005e3, False),
])  # fmt: skip
def test_heights_at_which_lines_meet_are_above_the_ellipsoid(
    latitude_deg: float, height_m: float, meet: bool
) -> None:
    """At 60 degrees the ellipsoid is 16 km nearer to the Earth's centre than at the equator."""
    spots = np.array([[np.radians(latitude_deg), np.radians(40.0), height_m]])
    eyes = sight.satellite_stations(
        ecef_from_geodetic(np.array([[0.0, np.radians(east), 35_786e3] for east in (10.0, 70.0)]))
    )
    rows = np.full((2, sight.ROW_COLUMNS), np.inf)
    for row, eye in zip(rows, eyes, strict=True):
        sight.expect(np.append(ecef_from_geodetic(spots)[0], np.zeros(4)), eye, row[1:5])
        row[0], row[6:8] = 0.0, 3e-5
    out = np.empty((1, 1))
    births.crossings(
        rows[:1], eyes[0], rows[1:], eyes[1:], np.zeros(1, np.int64), 1500.0, 10e3, 40e3, 0.0, 1e6, 15.1, out,
        np.zeros(ekf.ROOM),
    )  # fmt: skip
    if not meet:
        assert np.isinf(out[0, 0])
        return
    # What it is above cloud, in units of 40 km, is all that speaks against it.
    rise = (height_m - 10e3) / 40e3
    assert out[0, 0] == pytest.approx(rise**2 / (1.0 + 0.25 * rise**2), abs=1e-3)


def paired(apart_s: float) -> tuple[np.ndarray, np.ndarray]:
    """States from the lines of both satellites, the second's so much later."""
    means, covs, good = room()
    births.from_pairs(
        lines(1, apart_s), EYES[1], lines(0), EYES[[0] * 5], 1500.0, 1500.0, 1500.0, MODES, means, covs, good,
        np.zeros((2, 9)), np.zeros((2, 12)), np.zeros(ekf.ROOM),
    )  # fmt: skip
    assert good.all()
    return means, covs


def test_two_lines_fix_a_place_to_their_error() -> None:
    means, covs = paired(0.0)
    assert means[:, 2, :3] == pytest.approx(TRUE[:, :3], abs=1.0)
    sigma = np.sqrt(np.linalg.eigvalsh(covs[0, 0, :3, :3]))
    assert (sigma > 300.0).all()
    assert (sigma < 5e3).all()
    assert np.linalg.eigvalsh(paired(4.0)[1][0, 0, :3, :3])[0] > 6000.0**2
