"""Reads the political map that ships (made by tools/borders.py)."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.model.borders import Borders

FILE = "borders.npz"


@functools.cache
def borders() -> Borders:
    """The map that ships: Natural Earth 1:50m, borders and disputed areas as drawn there."""
    # Kernels are loaded only where points are looked up on the map.
    from synaspis.kernels.borders import stripes

    table = _table()
    codes, edges, sides = edges_and_sides()
    first, rows = stripes(edges)
    return Borders(
        source=str(table["source"]),
        codes=codes,
        names=tuple(map(str, table["names"])),
        edges=edges,
        sides=sides,
        first=first,
        rows=rows,
    )


def named_areas() -> list[tuple[str, str]]:
    """Code and name of each of the map's areas; several may share a code, and some have none."""
    table = _table()
    return list(zip(map(str, table["codes"]), map(str, table["names"]), strict=True))


@functools.cache
def edges_and_sides() -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.int32]]:
    """Codes of the map's areas, its edges (E, 4) and the areas on either side of them, as in `Borders`."""
    table = _table()
    return tuple(map(str, table["codes"])), *_edges(table)


@functools.cache
def _table() -> dict[str, NDArray[Any]]:
    with (resources.files("synaspis.catalog") / FILE).open("rb") as file, np.load(file) as packed:
        return {name: packed[name] for name in packed.files}


def _edges(table: dict[str, NDArray[Any]]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    corners = table["translate"] + table["scale"] * _corners(table["steps"], table["first"])
    last = table["first"][1:] - 1
    starts = np.delete(np.arange(len(corners)), last)
    arc = np.repeat(np.arange(len(last)), np.diff(table["first"]) - 1)
    return np.hstack([corners[starts], corners[starts + 1]]), table["sides"][arc].astype(np.int32)


def _corners(steps: NDArray[np.int32], first: NDArray[np.int32]) -> NDArray[np.int64]:
    """Whole steps from the map's lower left corner: the running sum of `steps` within each arc."""
    total = np.cumsum(steps, axis=0, dtype=np.int64)
    before = total[first[:-1]] - steps[first[:-1]]
    corners: NDArray[np.int64] = total - np.repeat(before, np.diff(first), axis=0)
    return corners
