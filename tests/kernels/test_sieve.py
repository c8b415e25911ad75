"""What a scan's numbers must be like."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels import sieve
from tests.tracking import raid

GOOD = [5.0, 400e3, 1.0, 0.5, -900.0, 20.0, 1e-3, 1e-3, 3.0]


@pytest.mark.parametrize(("column", "value", "wrong"), [
    (0, 5.0, sieve.GOOD), (0, 5.5, sieve.WRONG_TIME), (0, math.nan, sieve.NOT_FINITE),
    (1, math.nan, sieve.NOT_FINITE), (1, 2e6, sieve.OUT_OF_LIMITS), (1, 0.0, sieve.OUT_OF_LIMITS),
    (2, 7.0, sieve.OUT_OF_LIMITS), (3, 1.6, sieve.OUT_OF_LIMITS), (4, 2e4, sieve.OUT_OF_LIMITS),
    (4, math.inf, sieve.NOT_FINITE), (5, math.inf, sieve.NOT_FINITE), (6, math.inf, sieve.NOT_FINITE),
    (7, math.nan, sieve.NOT_FINITE), (8, math.inf, sieve.GOOD), (5, 0.0, sieve.SINGULAR),
    (6, -1e-3, sieve.SINGULAR), (8, 1e-5, sieve.SINGULAR), (5, 1e200, sieve.VAGUE), (5, 9e5, sieve.GOOD),
    (6, 1.2, sieve.VAGUE), (7, 1.1, sieve.VAGUE), (7, 0.9, sieve.GOOD), (8, 1e200, sieve.VAGUE),
])  # fmt: skip
def test_a_row_is_judged(column: int, value: float, wrong: int) -> None:
    row, out = np.array([GOOD, GOOD]), np.empty(2, np.int64)
    row[1, column] = value
    sieve.judge(row, 5.0, True, 1.5e6, out)
    assert out.tolist() == [sieve.GOOD, wrong]


def test_lines_of_sight_need_no_range() -> None:
    row, out = np.array([GOOD]), np.empty(1, np.int64)
    row[0, 5] = math.inf
    row[0, 1] = math.nan
    sieve.judge(row, 5.0, False, 1.5e6, out)
    assert out.tolist() == [sieve.GOOD]


def test_towards_the_zenith_an_azimuth_may_be_wide() -> None:
    """Two radians of azimuth at 89 degrees are two degrees of sky."""
    row, out = np.array([GOOD]), np.empty(1, np.int64)
    row[0, 3], row[0, 6] = math.radians(89.0), 2.0
    sieve.judge(row, 5.0, True, 1.5e6, out)
    assert out.tolist() == [sieve.GOOD]


def test_a_stations_row_has_a_place_and_a_frame() -> None:
    station = raid.satellites()[0]
    assert sieve.place_m(station) == pytest.approx(42_164e3)
    askew, lost = station.copy(), station.copy()
    askew[3:6] *= 1.01
    lost[7] = math.nan
    assert math.isnan(sieve.place_m(askew))
    assert math.isinf(sieve.place_m(lost))
