"""US Standard Atmosphere 1976 against rows of its own tables.

Source: NOAA/NASA/USAF, U.S. Standard Atmosphere, 1976, tables I and III, as quoted by the tests of
poliastro (tests_atmosphere/test_coesa76.py, commit 21fd7719, MIT licence).
"""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.kernels.atmosphere import _DENSITY, _HEIGHTS, atmosphere, density_kgpm3
from synaspis.kernels.jit import kernel

# Geometric km; K, mbar, kg/m3, m/s, kg/(m s); None where the quotation leaves it out.
TABLE = [
    (0.5, 284.9, 954.61, 1.1673, 338.37, 1.7737e-05),
    (1.0, 281.651, 898.76, 1.1117, None, None),
    (10, 223.252, 264.99, 0.41351, 299.53, 1.4577e-05),
    (24, None, None, None, 297.72, 1.443e-05),
    (41, None, None, None, 318.94, 1.6151e-05),
    (50, None, None, None, 329.8, 1.7037e-05),
    (67, None, None, None, 302.57, 1.4823e-05),
    (77, 204.493, 0.017286, 2.9448e-05, None, None),
    (85, None, None, None, 275.52, 1.2647e-05),
    (86, 186.87, 0.0037338, 6.958e-06, None, None),
    (92, 186.96, 0.0012887, 2.393e-06, None, None),
    (230, 915.78, 3.9276e-07, 1.029e-10, None, None),
    (1000, 1000.0, 7.5138e-11, 3.561e-15, None, None),
]
# To 86 km the layers are exact, so the printed digits decide: half a unit in the fourth or fifth.
# Above, the spline between tabulated rows errs by up to 0.15 %.
EXACT, SPLINE = 6e-5, 1.5e-3


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} km")
def test_published_rows(row: tuple[float | None, ...]) -> None:
    height_km, *published = row
    assert height_km is not None
    found = [float(column) for column in atmosphere(np.array(height_km * 1000.0))]
    found[1] /= 100.0
    tolerance = EXACT if height_km <= 86 else SPLINE
    for value, printed in zip(found, published, strict=True):
        if printed is not None:
            assert value == pytest.approx(printed, rel=tolerance)


@pytest.mark.parametrize(
    ("height_km", "density"), [(130, 8.152e-9), (140, 3.831e-9), (350, 7.014e-12), (450, 1.184e-12)]
)
def test_rows_that_the_spline_was_not_given(height_km: float, density: float) -> None:
    """Table I; the rows lie midway between the spline's knots, where it is worst: 0.25 %."""
    assert float(atmosphere(np.array(height_km * 1e3))[2]) == pytest.approx(density, rel=2.5e-3)


def test_outside_there_is_nothing() -> None:
    for column in atmosphere(np.array([-5001.0, 1_000_001.0, np.nan])):
        assert np.isnan(column).all()


def test_the_two_parts_meet_at_86_km() -> None:
    low, high = (atmosphere(np.array(z)) for z in (85_999.9, 86_000.1))
    for below, above in zip(low[:3], high[:3], strict=True):
        assert float(below) == pytest.approx(float(above), rel=1e-4)


@kernel
def _read(heights: np.ndarray) -> np.ndarray:
    out = np.empty(heights.size)
    for i in range(heights.size):
        out[i] = density_kgpm3(heights[i])
    return out


def test_the_inner_loops_table_keeps_to_it() -> None:
    """Off the kinks between layers 3e-5, at the sharpest kink (47 km) 7e-4, on the rows exact."""
    heights = np.linspace(-900.0, 999_000.0, 100_003)
    error = np.abs(_read(heights) / atmosphere(heights)[2] - 1.0)
    assert error.max() < 7e-4
    assert np.quantile(error, 0.99) < 3e-5
    np.testing.assert_allclose(_read(_HEIGHTS), _DENSITY, rtol=1e-9)


def test_the_table_holds_its_ends() -> None:
    ends = _read(np.array([-1e6, -1000.0, 1e6, 1e9]))
    assert ends[0] == ends[1] == _DENSITY[0]
    assert ends[2] == ends[3] == pytest.approx(3.5614e-15, rel=1e-6)
