"""`footprint --json` and its GeoJSON keep their contracts."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from synaspis.files.geojson import geojson
from synaspis.model.footprint import FootprintAnswer, document
from tests import answers
from tests.files.contract import contract, wrong

SCHEMA = contract("footprint")


@pytest.fixture(scope="module")
def answer() -> FootprintAnswer:
    return answers.footprint()


@pytest.fixture(scope="module")
def told(answer: FootprintAnswer) -> dict[str, Any]:
    return json.loads(json.dumps(document(answer), allow_nan=False))


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []


def test_it_has_the_keys_that_tools_rely_on(told: dict[str, Any]) -> None:
    for regime in told["regimes"].values():
        assert set(regime["batteries"]) == {"deveselu", "bucharest-patriot"}
        for b in regime["batteries"].values():
            assert {"area_km2", "diameter_km", "population"} <= set(b)
        assert set(regime["nations"]) == {"USA", "ROU", "TUR", "BGR"}
        for n in regime["nations"].values():
            assert {"area_km2", "population"} <= set(n)
    none = told["regimes"]["national"]["batteries"]["bucharest-patriot"]
    assert none["area_km2"] == 0.0
    assert none["arrival"] is None
    assert none["because"]


@pytest.mark.parametrize(("path", "value"), [
    (("all_batteries",), "yes"), (("batteries", "deveselu", "allowed_mode"), "any"),
    (("regimes", "allied", "batteries", "deveselu", "area_km2"), -1.0),
    (("regimes", "allied", "batteries", "deveselu", "not_defended_km2", "luck"), 1.0),
    (("regimes", "allied", "coalition", "population"), None),
    (("batteries", "deveselu", "modes", "launch_on_remote", "arrival"), {"flight_s": 3}),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(told)
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []


def signed(ring: list[list[float]]) -> float:
    x, y = np.array(ring).T
    return float(0.5 * (x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def test_geojson_is_closed_and_turned_as_it_should_be(answer: FootprintAnswer) -> None:
    found = json.loads(json.dumps(geojson(answer), allow_nan=False))
    assert found["type"] == "FeatureCollection"
    kinds = {f["properties"]["kind"] for f in found["features"]}
    assert kinds == {"battery", "nation", "coalition"}
    for f in found["features"]:
        assert f["geometry"]["type"] == "MultiPolygon"
        for outer, *holes in f["geometry"]["coordinates"]:
            assert outer[0] == outer[-1]
            assert signed(outer) > 0.0
            assert all(signed(hole) < 0.0 for hole in holes)


def test_an_outline_holds_the_area_that_is_told(answer: FootprintAnswer) -> None:
    """Within 3 %: corners are cut, and a degree of longitude is taken at the middle latitude."""
    b = answer.batteries["deveselu"].regimes["allied"].extent
    area = 0.0
    for polygon in b.outline:
        for ring in polygon:
            y, x = np.radians(ring[:, 1]), np.radians(ring[:, 0])
            area += 6.371e6**2 * float(-np.sum((x[1:] - x[:-1]) * np.sin(0.5 * (y[1:] + y[:-1]))))
    assert area == pytest.approx(b.area_m2, rel=0.03)
