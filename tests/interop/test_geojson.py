"""A trial as GeoJSON, read back; lines over the antimeridian as RFC 7946, 3.1.9 has them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop.geojson import cut, geojson
from tests.interop.told import hostile, small

Way = list[tuple[float, float, float, float]]
# Longitudes as `telling` gives them, the antimeridian from either side among them.
EAST = st.one_of(st.sampled_from([-180.0, 180.0, 0.0]), st.floats(-180, 180))


def features(text: str) -> dict[str, Any]:
    return {f["id"]: f for f in json.loads(text)["features"]}


def test_it_reads_back() -> None:
    told = small()
    document = json.loads(geojson(told))
    assert document["type"] == "FeatureCollection" and document["synaspis"] == told.head
    found = features(geojson(told))
    assert {f["properties"]["marking"] for f in found.values()} == {"EXERCISE"}
    assert found["site/0"]["geometry"] == {"type": "Point", "coordinates": [24.411, 44.08]}
    assert found["site/1"]["geometry"] is None  # a satellite stands over no one place
    assert found["event/0"]["geometry"]["coordinates"] == [24.41, 44.08, 12300.0]
    assert found["event/1"]["properties"]["utc"] == "2026-03-02T00:00:58.000Z"


def test_a_line_is_cut_at_the_antimeridian() -> None:
    path = features(geojson(small()))["path/0"]
    assert path["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [
            [[170.0, 50.0, 0.0], [178.0, 60.0, 200_000.0], [180.0, 60.667, 166_666.7]],
            [[-180.0, 60.667, 166_666.7], [-176.0, 62.0, 100_000.0], [-173.0, 62.5, 50_000.0]],
        ],
    }
    assert path["properties"]["times_s"] == [[10.0, 30.0, 36.667], [36.667, 50.0, 60.0]]


@pytest.mark.parametrize(
    ("longitudes", "parts"),
    [
        ([179.0, 180.0, -179.0], [[179.0, 180.0], [-180.0, -179.0]]),
        ([179.0, -180.0, -179.0], [[179.0, 180.0], [-180.0, -179.0]]),
        ([-179.0, 180.0, -179.0], [[-179.0, -180.0, -179.0]]),
        ([10.0, 20.0], [[10.0, 20.0]]),
        ([10.0], []),
    ],
)
def test_points_on_the_antimeridian(longitudes: list[float], parts: list[list[float]]) -> None:
    way = [(float(i), 10.0 + i, lon, 0.0) for i, lon in enumerate(longitudes)]
    assert [[lon for _, _, lon, _ in part] for part in cut(way)] == parts


@given(st.lists(st.tuples(st.floats(-90, 90), EAST, st.floats(0, 1e6)), max_size=12))
def test_no_part_goes_round_the_globe_or_leaves_it(places: list[tuple[float, float, float]]) -> None:
    way: Way = [(float(i), *place) for i, place in enumerate(places)]
    for part in cut(way):
        assert len(part) > 1
        assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for _, lat, lon, _ in part)
        assert all(abs(b[2] - a[2]) <= 180.0 + 1e-9 for a, b in pairwise(part))


def test_hostile_names_come_back() -> None:
    told = hostile()
    found = features(geojson(told))
    assert found["path/0"]["properties"]["name"] == told.paths[0].flight.threat
