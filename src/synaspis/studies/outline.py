"""Outlines of ground on a grid: polygons with holes, through the middles between cells inside and outside."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synaspis.model.footprint import Polygon

Floats = NDArray[np.float64]
Node = tuple[int, int]

# Marching squares on the middles of cells: for each pattern of the corners (south-west 1, south-east 2,
# north-east 4, north-west 8) the sides that a border leads between, the inside on its left.
# Sides: south 0, east 1, north 2, west 3. Where corners touch diagonally they are kept apart.
_LEADS: tuple[tuple[tuple[int, int], ...], ...] = (
    (), ((0, 3),), ((1, 0),), ((1, 3),), ((2, 1),), ((0, 3), (2, 1)), ((2, 0),), ((2, 3),),
    ((3, 2),), ((0, 2),), ((1, 0), (3, 2)), ((1, 2),), ((3, 1),), ((0, 1),), ((3, 0),), (),
)  # fmt: skip
_SIDES: tuple[Node, ...] = ((1, 0), (2, 1), (1, 2), (0, 1))
"""Middle of each side from the south-west corner, in half cells east and north."""


def outlines(inside: NDArray[np.bool_], place: Callable[[Floats], Floats]) -> tuple[Polygon, ...]:
    """Polygons about the cells of `inside` (rows north, columns east); largest first.

    `place` turns points (N, 2), columns and rows counted from the middle of the south-west cell, into
    longitude and latitude in degrees. Rings close, run anticlockwise and their holes clockwise, and are cut
    at the antimeridian.
    """
    rings = [_straight(ring) for ring in _rings(np.pad(inside, 1))]
    outer = [r for r in rings if _area(r) > 0.0]
    holes = [r for r in rings if _area(r) < 0.0]
    outer.sort(key=_area, reverse=True)
    found: list[list[Floats]] = [[r] for r in outer]
    for hole in holes:
        within = [p for p in found if _holds(p[0], hole[0])]
        if within:
            min(within, key=lambda p: _area(p[0])).append(hole)
    return tuple(
        part for rings_of in found for part in _cut(tuple(_closed(place(ring)) for ring in rings_of))
    )


def _rings(grid: NDArray[np.bool_]) -> list[Floats]:
    """Closed borders of a padded grid, as (columns, rows) of cells' middles before padding."""
    pattern = (
        grid[:-1, :-1] + 2 * grid[:-1, 1:].astype(int) + 4 * grid[1:, 1:].astype(int)
        + 8 * grid[1:, :-1].astype(int)
    )  # fmt: skip
    leads: dict[Node, Node] = {}
    for row, column in np.argwhere((pattern > 0) & (pattern < 15)).tolist():
        for a, b in _LEADS[pattern[row, column]]:
            start = (2 * column + _SIDES[a][0], 2 * row + _SIDES[a][1])
            leads[start] = (2 * column + _SIDES[b][0], 2 * row + _SIDES[b][1])
    rings = []
    while leads:
        first, now = leads.popitem()
        ring = [first]
        while now != first:
            ring.append(now)
            now = leads.pop(now)
        rings.append(np.array(ring, float) / 2.0 - 1.0)
    return rings


def _straight(ring: Floats) -> Floats:
    """The ring without the points on its straight parts."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    return ring[np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > 1e-9]


def _area(ring: Floats) -> float:
    """Signed area: positive anticlockwise."""
    x, y = ring.T
    return float(0.5 * (x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def _holds(ring: Floats, point: Floats) -> bool:
    """Whether a point lies in a ring: even-odd along the line to the east."""
    x, y = ring.T
    x2, y2 = np.roll(x, -1), np.roll(y, -1)
    crosses = (y > point[1]) != (y2 > point[1])
    at = x + (point[1] - y) * (x2 - x) / np.where(crosses, y2 - y, 1.0)
    return bool((crosses & (at > point[0])).sum() % 2)


def _closed(ring: Floats) -> Floats:
    return np.concatenate([ring, ring[:1]])


def _cut(polygon: Polygon) -> tuple[Polygon, ...]:
    """A polygon whose longitudes may pass 180 degrees, as those on either side of the antimeridian."""
    longitudes = polygon[0][:, 0]
    if longitudes.min() >= -180.0 and longitudes.max() <= 180.0:
        return (polygon,)
    found = []
    for turn in (-360.0, 0.0, 360.0):
        moved = [ring + np.array([turn, 0.0]) for ring in polygon]
        parts = [
            r for r in (_clipped(_clipped(ring, -180.0, 1.0), 180.0, -1.0) for ring in moved) if len(r) > 3
        ]
        if parts:
            found.append(tuple(parts))
    return tuple(found)


def _clipped(ring: Floats, limit: float, sign: float) -> Floats:
    """The part of a closed ring on one side of a meridian (Sutherland and Hodgman)."""
    found: list[Floats] = []
    for a, b in pairwise(ring):
        a_in, b_in = sign * (a[0] - limit) >= 0.0, sign * (b[0] - limit) >= 0.0
        if a_in:
            found.append(a)
        if a_in != b_in:
            found.append(a + (limit - a[0]) / (b[0] - a[0]) * (b - a))
    return np.array([*found, found[0]]) if found else np.zeros((0, 2))
