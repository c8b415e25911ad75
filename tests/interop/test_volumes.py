"""What sensors look over, in CZML: fans that hold what a radar sees, circles that touch the horizon."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop.czml import label
from synaspis.interop.telling import Telling, telling
from synaspis.interop.trial_czml import czml
from synaspis.interop.volumes import MEAN_RADIUS_M, MOST_FOOTPRINTS, fan, sight_m
from synaspis.model.shown import Orbiting
from tests.interop.told import ACROSS, flight, site, trial

GEO = np.array([[60.0 * i, 4.2164e7, 0.0, 0.0, 0.0, 0.0, 0.0] for i in range(8)])
LEO = np.array([[60.0 * i, 7.4e6, 1e5 * i, 0.0, 0.0, 1e5 / 60.0, 0.0] for i in range(8)])


def orbiting(name: str, states: np.ndarray) -> Orbiting:
    return Orbiting(name=name, sensor="s", type="t", owner="USA", field_of_regard_deg=180.0, states=states)


def told(*satellites: Orbiting) -> Telling:
    radar = replace(site("radar", "radar"), facing_deg=90.0, sector_deg=120.0)
    sites = (radar, site("blind", "radar"), site("battery"), site("Sofia", "city"))
    shown = trial((flight("one", ACROSS),), sites=sites)
    return telling(replace(shown, satellites=satellites, elevations={"radar": (5.0, 80.0)}))


def packets(t: Telling) -> dict[str, dict[str, Any]]:
    return {p["id"]: p for p in json.loads(czml(t))}


@given(
    facing=st.floats(-360, 360), sector=st.floats(1, 360), low=st.floats(-10, 40), high=st.floats(41, 90),
    bearing=st.floats(0, 360), elevation=st.floats(-10, 90),
)  # fmt: skip
def test_a_fan_holds_what_is_within_its_sector_property(
    facing: float, sector: float, low: float, high: float, bearing: float, elevation: float
) -> None:
    """In the viewer's frame: x east, y north, clock from x to y, cone from up."""
    made = fan(replace(site("r", "radar"), facing_deg=facing, sector_deg=sector), low, high)
    east, north = math.sin(math.radians(bearing)), math.cos(math.radians(bearing))
    off = abs((bearing - facing + 180.0) % 360.0 - 180.0)
    if abs(off - sector / 2.0) > 1e-3:
        middle = (made["minimumClock"] + made["maximumClock"]) / 2.0
        turn = abs((math.atan2(north, east) - middle + math.pi) % (2.0 * math.pi) - math.pi)
        assert (turn < (made["maximumClock"] - made["minimumClock"]) / 2.0) == (off < sector / 2.0)
    if min(abs(elevation - low), abs(elevation - high)) > 1e-3:
        cone = math.radians(90.0 - elevation)
        assert (made["minimumCone"] < cone < made["maximumCone"]) == (low < elevation < high)
    assert made["radii"]["cartesian"] == [700e3] * 3


@given(st.floats(6.6e6, 4.2e8), st.floats(1.0, 179.0))
def test_a_footprint_is_as_far_as_one_sees_property(away_m: float, field_deg: float) -> None:
    (radius,) = sight_m(np.array([away_m]), field_deg)
    angle = radius / MEAN_RADIUS_M
    horizon = math.acos(MEAN_RADIUS_M / away_m)
    assert 0.0 < angle <= horizon + 1e-9
    off = math.atan2(math.sin(angle), away_m / MEAN_RADIUS_M - math.cos(angle))
    assert off <= math.radians(field_deg) / 2.0 + 1e-9
    assert angle == pytest.approx(horizon, abs=1e-6) or off == pytest.approx(math.radians(field_deg) / 2.0)


def test_what_is_drawn_of_whom() -> None:
    found = packets(told(orbiting("geo", GEO), orbiting("leo", LEO)))
    assert "ellipsoid" in found["sites/0"] and "ellipsoid" not in found["sites/1"]
    assert found["sites/2"]["ellipse"]["semiMajorAxis"] == 700e3 and "ellipse" not in found["sites/3"]
    assert found["satellites/0"]["position"] == {"cartesian": [42_164_000.0, 0.0, 0.0]}
    assert found["satellites/1"]["position"]["cartesian"][4:8] == [60.0, 7.4e6, 1e5, 0.0]
    assert "path" in found["satellites/1"] and "path" not in found["satellites/0"]
    ground = found["footprints/0"]
    assert ground["ellipse"]["semiMajorAxis"] == pytest.approx(9_040e3, rel=0.01)  # 81.3 degrees
    assert np.linalg.norm(ground["position"]["cartesian"]) == pytest.approx(MEAN_RADIUS_M, rel=1e-6)
    moving = found["footprints/1"]["ellipse"]["semiMajorAxis"]["number"]
    assert moving[::2] == [60.0 * i for i in range(8)] and moving[3] > moving[1]


def test_of_a_great_pattern_some_footprints() -> None:
    found = packets(told(*[orbiting(f"s/{i}", LEO) for i in range(MOST_FOOTPRINTS + 5)]))
    assert sum(name.startswith("satellites/") for name in found) == MOST_FOOTPRINTS + 5
    assert sum(name.startswith("footprints/") for name in found) == MOST_FOOTPRINTS


def test_words_of_a_battery_and_its_city_stand_apart() -> None:
    """On opposite sides of the point, and not on one line."""
    city, battery = label("Sofia", "city"), label("sofia-patriot", "battery")
    assert {city["horizontalOrigin"], battery["horizontalOrigin"]} == {"LEFT", "RIGHT"}
    right, down = zip(*(x["pixelOffset"]["cartesian2"] for x in (city, battery)), strict=True)
    assert right[0] > 0 > right[1] and down[0] - down[1] >= 13
