"""Footprints as GeoJSON (RFC 7946): longitude and latitude in degrees on WGS84."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from synaspis.model.footprint import BatteryFootprint, Extent, FootprintAnswer, Polygon, Soil, allowed_modes

DECIMALS = 4
"""Of degrees: 11 m."""
Coordinates = list[list[list[float]]]


def geojson(answer: FootprintAnswer) -> dict[str, object]:
    """One feature per battery and mode, per battery and regime, and per nation and coalition and regime.

    Nations and the coalition are in cells of 25 km. What defends nothing has no feature.
    """
    features = []
    for name, b in answer.batteries.items():
        for mode, extent in b.modes.items():
            features += _battery(name, b, extent, mode=mode, allowed=mode in allowed_modes(b.allowed))
        for regime, under in b.regimes.items():
            features += _battery(name, b, under.extent, regime=regime)
    for regime, r in answer.regimes.items():
        for code, nation in r.nations.items():
            features += _soil(nation, kind="nation", nation=code, regime=regime)
        features += _soil(r.coalition, kind="coalition", regime=regime)
    return {"type": "FeatureCollection", "features": features}


def _battery(name: str, b: BatteryFootprint, extent: Extent, **more: object) -> list[dict[str, object]]:
    told = {"kind": "battery", "battery": name, "owner": b.site.owner, **more}
    found = []
    for engagements, area, outline in (
        (1, extent.area_m2, extent.outline), (2, extent.twice_m2, extent.twice_outline),
    ):  # fmt: skip
        if outline:
            properties = {**told, "engagements": engagements, "area_km2": round(area / 1e6, 1)}
            found.append(_feature(properties, [_rings(p) for p in outline]))
    return found


def _soil(s: Soil, **told: object) -> list[dict[str, object]]:
    if not len(s.cells):
        return []
    properties = {**told, "engagements": 1, "area_km2": round(s.area_m2 / 1e6, 1), "cell_km": 25}
    return [_feature(properties, _strips(s.cells))]


def _strips(cells: NDArray[np.float64]) -> list[Coordinates]:
    """Cells that touch in their band of latitude, joined."""
    found = []
    rows = sorted(np.round(cells, DECIMALS).tolist())
    for (south, north), band in groupby(rows, key=itemgetter(0, 2)):
        edges: list[list[float]] = []
        for _, west, _, east in band:
            if edges and abs(edges[-1][1] - west) < 2 * 10**-DECIMALS:
                edges[-1][1] = east
            else:
                edges.append([west, east])
        for west, east in edges:
            corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            found.append([corners])
    return found


def _rings(polygon: Polygon) -> Coordinates:
    return [(np.round(ring, DECIMALS) + 0.0).tolist() for ring in polygon]


def _feature(properties: dict[str, object], polygons: Sequence[Coordinates]) -> dict[str, object]:
    geometry = {"type": "MultiPolygon", "coordinates": list(polygons)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
