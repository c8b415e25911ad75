"""Lambert's problem against published solutions.

Source: Vallado, example 7-5; Curtis, examples 5.2 and 5.3 (with its erratum); Der's Molniya cases; as
quoted by poliastro tests/test_iod.py, commit 21fd7719 (MIT licence). km, km/s; the tolerances are
those of that file, on the length of the vector, and follow the digits printed.
"""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels.orbit import lambert

MU = 398_600.4418
DER = ([22592.145603, -1599.915239, -19783.950506], [1922.067697, 4054.157051, -8925.727465], 36000.0)
# name, r1, r2, seconds, revolutions, right branch, v1, v2, relative tolerance
CASES = [
    ("Vallado 7-5", [15945.34, 0, 0], [12214.83399, 10249.46731, 0], 4560.0, 0, False,
     [2.058925, 2.915956, 0], [-3.451569, 0.910301, 0], 1e-5),
    ("Curtis 5.2", [5000, 10000, 2100], [-14600, 2500, 7000], 3600.0, 0, False,
     [-5.9925, 1.9254, 3.2456], [-3.3125, -4.1966, -0.38529], 1e-4),
    ("Curtis 5.3", [273378, 0, 0], [145820, 12758, 0], 48600.0, 0, False,
     [-2.4356, 0.26741, 0], None, 1e-4),
    ("Der zero", *DER, 0, False,
     [2.000652697, 0.387688615, -2.666947760], [-3.79246619, -1.77707641, 6.856814395], 1e-6),
    ("Der one left", *DER, 1, False,
     [0.50335770, 0.61869408, -1.57176904], [-4.18334626, -1.13262727, 6.13307091], 1e-5),
    ("Der one right", *DER, 1, True,
     [-2.45759553, 1.16945801, 0.43161258], [-5.53841370, 0.01822220, 5.49641054], 1e-4),
]  # fmt: skip


def _solve(
    r1: object, r2: object, time: float, revs: int = 0, right: bool = False
) -> tuple[bool, np.ndarray]:
    out = np.empty((2, 3))
    found = lambert(np.array(r1, dtype=float), np.array(r2, dtype=float), time, revs, right, True, MU, out)
    return found, out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_published_solutions(case: tuple) -> None:
    _, r1, r2, time, revs, right, v1, v2, tolerance = case
    found, out = _solve(r1, r2, time, revs, right)
    assert found
    for velocity, published in zip(out, (v1, v2), strict=True):
        if published is not None:
            assert np.linalg.norm(velocity - published) < tolerance * np.linalg.norm(published)


@pytest.mark.parametrize("end", [[-8000.0, 0.0, 0.0], [16000.0, 0.0, 0.0]])
def test_in_line_with_the_centre_is_refused(end: list[float]) -> None:
    found, out = _solve([8000.0, 0.0, 0.0], end, 3600.0)
    assert not found
    assert np.isnan(out).all()


def test_too_little_time_for_a_turn_is_refused() -> None:
    found, out = _solve(*DER[:2], 3000.0, 1)
    assert not found
    assert np.isnan(out).all()


def test_the_way_back_is_the_way_there_reversed() -> None:
    r1, r2 = np.array([7000.0, 500.0, 2000.0]), np.array([-3000.0, 8000.0, 500.0])
    there, back = np.empty((2, 3)), np.empty((2, 3))
    assert lambert(r1, r2, 2500.0, 0, False, True, MU, there)
    assert lambert(r2, r1, 2500.0, 0, False, False, MU, back)
    np.testing.assert_allclose(back[0], -there[1], rtol=1e-10)
    np.testing.assert_allclose(back[1], -there[0], rtol=1e-10)
