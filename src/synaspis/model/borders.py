"""A political map: areas with a code and a name, and the edges that bound them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Borders:
    """Areas of a map by row, and their edges.

    `codes` are ISO 3166 alpha-3, "" where a map draws an area that has none; several areas may share one.
    `edges` (E, 4): longitude and latitude of either end, degrees. `sides` (E, 2): the areas on either side
    of an edge, -1 for none. `first` and `rows` sort the edges by longitude (`kernels.borders.stripes`).
    """

    source: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    edges: NDArray[np.float64]
    sides: NDArray[np.int32]
    first: NDArray[np.int32]
    rows: NDArray[np.int32]
