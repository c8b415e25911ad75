"""Nations' soil in coarse cells of equal size: what is told of ground that nobody defends is no finer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.under import areas
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.plane import AUTHALIC_RADIUS_M, authalic_rad
from synaspis.model.borders import Borders

Floats = NDArray[np.float64]
CELL_M = 25_000.0
TERRITORIES = {
    "GUM": "USA", "PRI": "USA", "VIR": "USA", "MNP": "USA", "ASM": "USA", "UMI": "USA", "GRL": "DNK",
    "FRO": "DNK", "ALA": "FIN", "GIB": "GBR", "FLK": "GBR", "BMU": "GBR", "IOT": "GBR", "SHN": "GBR",
    "IMN": "GBR", "JEY": "GBR", "GGY": "GBR", "NCL": "FRA", "PYF": "FRA", "ABW": "NLD", "CUW": "NLD",
    "HKG": "CHN", "MAC": "CHN",
}  # fmt: skip
"""Whose soil areas are that the map gives a code of their own (ISO 3166)."""


@dataclass(frozen=True)
class Cells:
    """Cells of soil by row: `place` (C, 2) their middles, rad; `corners` (C, 4) south, west, north, east in
    degrees; `nation` (C,) codes; `area_m2` (C,)."""

    place: Floats
    corners: Floats
    nation: NDArray[np.str_]
    area_m2: Floats


def nation_at(borders: Borders, places: Floats) -> NDArray[np.str_]:
    """(P,) whose soil each of places (P, 2), rad, is; "" for the sea and where the map gives no code."""
    degrees = np.degrees(places)
    degrees[:, 1] = np.mod(degrees[:, 1] + 180.0, 360.0) - 180.0
    codes = np.array([*(TERRITORIES.get(c, c) for c in borders.codes), ""])
    return codes[areas(borders, degrees)]


def soil_cells(
    borders: Borders,
    nations: Sequence[str],
    wanted: Callable[[Floats], NDArray[np.bool_]],
    south_rad: float = -math.pi,
    north_rad: float = math.pi,
) -> Cells:
    """Every cell whose middle lies on the soil of one of `nations`: bands of latitude cut into equal parts.

    Only bands between the latitudes `south_rad` and `north_rad` are looked at, and of them the cells of which
    `wanted` says so of their middles (C, 2), rad.
    """
    bands = math.ceil(math.pi * MEAN_RADIUS_M / CELL_M)
    edges = np.linspace(-0.5 * math.pi, 0.5 * math.pi, bands + 1)
    middle = 0.5 * (edges[1:] + edges[:-1])
    count = np.maximum(1, np.round(2.0 * math.pi * MEAN_RADIUS_M * np.cos(middle) / CELL_M)).astype(np.int64)
    band_m2 = 2.0 * math.pi * AUTHALIC_RADIUS_M**2 * np.diff(np.sin(authalic_rad(edges)))
    count[(middle < south_rad) | (middle > north_rad)] = 0
    span = _spans(borders, nations, np.degrees(edges))
    row = np.repeat(np.arange(bands), count)
    first = np.cumsum(count) - count
    width = 360.0 / count[row]
    west = -180.0 + width * (np.arange(len(row)) - first[row])
    near = np.flatnonzero((west + width > span[row, 0]) & (west < span[row, 1]))
    row, west, width = row[near], west[near], width[near]
    place = np.stack([middle[row], np.radians(west + 0.5 * width)], -1)
    kept = np.flatnonzero(wanted(place))
    nation = nation_at(borders, place[kept])
    own = np.isin(nation, list(nations))
    kept = kept[own]
    south, north = np.degrees(edges[row[kept]]), np.degrees(edges[row[kept] + 1])
    corners = np.stack([south, west[kept], north, west[kept] + width[kept]], -1)
    return Cells(place[kept], corners, nation[own], band_m2[row[kept]] / count[row[kept]])


def _spans(borders: Borders, nations: Sequence[str], bands_deg: Floats) -> Floats:
    """(bands, 2) westernmost and easternmost border of some nations in each band of latitude, degrees."""
    own = np.array([*(TERRITORIES.get(c, c) in nations for c in borders.codes), False])
    edges = borders.edges[own[borders.sides].any(axis=1)]
    low, high = edges[:, [1, 3]].min(axis=1), edges[:, [1, 3]].max(axis=1)
    west, east = edges[:, [0, 2]].min(axis=1), edges[:, [0, 2]].max(axis=1)
    out = np.zeros((len(bands_deg) - 1, 2))
    for i, (south, north) in enumerate(pairwise(bands_deg.tolist())):
        touch = (low <= north) & (high >= south)
        if touch.any():
            out[i] = west[touch].min(), east[touch].max()
    return out
