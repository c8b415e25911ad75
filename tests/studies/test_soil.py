"""Nations' soil in coarse cells."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.files.borders import borders
from synaspis.studies.soil import nation_at, soil_cells


def everywhere(places: np.ndarray) -> np.ndarray:
    return np.ones(len(places), np.bool_)


@pytest.mark.parametrize(("code", "km2"), [("ROU", 238_397.0), ("BGR", 110_994.0), ("TUR", 783_562.0)])
def test_cells_add_up_to_a_nations_area(code: str, km2: float) -> None:
    """CIA World Factbook 2024, total areas: inland waters and a map of 1:50 million make 2 %."""
    cells = soil_cells(borders(), [code], everywhere)
    assert cells.area_m2.sum() / 1e6 == pytest.approx(km2, rel=0.02)
    assert set(cells.nation.tolist()) == {code}
    size = cells.area_m2 / 25_000.0**2
    assert 0.97 < size.min() <= size.max() < 1.03


def test_only_what_is_wanted_is_looked_at() -> None:
    cells = soil_cells(borders(), ["ROU"], lambda p: p[:, 0] > np.radians(46.0))
    assert cells.corners[:, 2].min() > 46.0
    assert len(soil_cells(borders(), ["ROU"], everywhere, north_rad=0.0).nation) == 0


def test_a_territory_is_its_sovereigns() -> None:
    guam, sea = [13.45, 144.78], [13.45, 150.0]
    assert nation_at(borders(), np.radians(np.array([guam, sea]))).tolist() == ["USA", ""]
