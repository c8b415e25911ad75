"""Outlines of cells: closed, turned the right way, with holes, cut at the antimeridian."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from synaspis.studies.outline import outlines

Floats = NDArray[np.float64]


def area(ring: Floats) -> float:
    x, y = ring.T
    return float(0.5 * (x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def as_is(points: Floats) -> Floats:
    return points


def test_a_block_with_a_hole() -> None:
    grid = np.ones((7, 9), np.bool_)
    grid[3, 4] = False
    ((outer, hole),) = outlines(grid, as_is)
    assert (outer[0] == outer[-1]).all()
    assert (hole[0] == hole[-1]).all()
    # Corners are cut: an eighth of a cell at each of four, and the hole is a diamond of half a cell.
    assert area(outer) == pytest.approx(63.0 - 4 * 0.125)
    assert area(hole) == pytest.approx(-0.5)


def test_cells_that_touch_at_a_corner_are_apart() -> None:
    assert len(outlines(np.eye(3, dtype=np.bool_), as_is)) == 3


def test_nothing_has_no_outline() -> None:
    assert outlines(np.zeros((4, 4), np.bool_), as_is) == ()


@settings(max_examples=40)
@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=5, max_size=5))
def test_outlines_hold_every_cell_and_no_other(rows: list[list[bool]]) -> None:
    grid = np.array(rows)
    found = outlines(grid, as_is)
    for row, column in np.ndindex(*grid.shape):
        inside = 0
        for polygon in found:
            for ring in polygon:
                (x, y), (x2, y2) = ring[:-1].T, ring[1:].T
                crosses = (y > row) != (y2 > row)
                at = x + (row - y) * (x2 - x) / np.where(crosses, y2 - y, 1.0)
                inside += int((crosses & (at > column)).sum())
        assert bool(inside % 2) == bool(grid[row, column])


def test_an_outline_over_the_antimeridian_is_cut() -> None:
    grid = np.ones((4, 8), np.bool_)
    found = outlines(grid, lambda points: points * np.array([1.0, 1.0]) + np.array([176.0, 0.0]))
    assert len(found) == 2
    longitudes = [ring[:, 0] for polygon in found for ring in polygon]
    assert min(x.min() for x in longitudes) >= -180.0
    assert max(x.max() for x in longitudes) <= 180.0
    assert sum(area(p[0]) for p in found) == pytest.approx(32.0 - 4 * 0.125)
