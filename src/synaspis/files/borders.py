"""Reads the political map that ships (made by tools/borders.py)."""

from __future__ import annotations

import functools
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.borders import stripes
from synaspis.model.borders import Borders

FILE = "borders.npz"


@functools.cache
def borders() -> Borders:
    """The map that ships: Natural Earth 1:50m, borders and disputed areas as drawn there."""
    with (resources.files("synaspis.catalog") / FILE).open("rb") as file, np.load(file) as packed:
        table = {name: packed[name] for name in packed.files}
    corners = table["translate"] + table["scale"] * _corners(table["steps"], table["first"])
    last = table["first"][1:] - 1
    starts = np.delete(np.arange(len(corners)), last)
    edges = np.hstack([corners[starts], corners[starts + 1]])
    arc = np.repeat(np.arange(len(last)), np.diff(table["first"]) - 1)
    first, rows = stripes(edges)
    return Borders(
        source=str(table["source"]),
        codes=tuple(map(str, table["codes"])),
        names=tuple(map(str, table["names"])),
        edges=edges,
        sides=table["sides"][arc].astype(np.int32),
        first=first,
        rows=rows,
    )


def _corners(steps: NDArray[np.int32], first: NDArray[np.int32]) -> NDArray[np.int64]:
    """Whole steps from the map's lower left corner: the running sum of `steps` within each arc."""
    total = np.cumsum(steps, axis=0, dtype=np.int64)
    before = total[first[:-1]] - steps[first[:-1]]
    corners: NDArray[np.int64] = total - np.repeat(before, np.diff(first), axis=0)
    return corners
