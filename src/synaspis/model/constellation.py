"""What a constellation of infrared satellites covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Merits:
    """How many satellites see each cell of the Earth over a day, and whether two always do.

    Means and shares are over time and over the Earth's area. `mean` and `stereo` (rows of latitude from the
    south, columns of longitude from -180 degrees) are the same cell by cell: satellites, and share of time.
    """

    satellites: int
    coverage_min: int
    coverage_mean: float
    persistent_stereo: bool
    """Whether two satellites see every cell at every time."""
    stereo_share: float
    worst_gap_s: float
    """The longest that any cell is seen by fewer than two."""
    mean: NDArray[np.float64]
    stereo: NDArray[np.float64]
