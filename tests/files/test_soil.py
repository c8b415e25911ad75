"""Soil by nation on the map that ships, reckoned without kernels."""

from __future__ import annotations

import subprocess
import sys

import pytest

from synaspis.files.soil import soil_m2


@pytest.mark.parametrize(("code", "km2", "within"), [
    ("CHE", 41_285, 0.01),  # United Nations, Demographic Yearbook 2012, Table 3: surface area, water included
    ("LUX", 2_586, 0.03),  # borders at 1:50 million are round
    ("KAZ", 2_724_900, 0.01),
    ("RUS", 17_098_246, 0.03),  # the map has no inland seas of it; the date line runs through
])  # fmt: skip
def test_areas_are_those_of_yearbooks(code: str, km2: float, within: float) -> None:
    assert soil_m2({code}) == pytest.approx(1e6 * km2, rel=within)


def test_nations_add_up_and_the_unknown_have_none() -> None:
    together, apart = soil_m2({"BEL", "NLD", "LUX"}), sum(soil_m2({c}) for c in ("BEL", "NLD", "LUX"))
    assert together == pytest.approx(apart, rel=0.01)
    assert soil_m2({"BES"}) == 0.0 == soil_m2(())


def test_counting_ends_when_there_is_enough() -> None:
    assert 1e10 < soil_m2({"USA"}, 1e10) < 1e12


def test_no_kernel_is_loaded_for_it() -> None:
    code = (
        "import sys; from synaspis.files.case import check; check('europe'); sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
