"""An exercise as CZML: who flew, what each nation held, and what was warned, at the times at which it was."""

from __future__ import annotations

import json
from typing import Any

from synaspis.exercise.replay_czml import czml
from synaspis.server.patches import difference

ELLIPSE = {"lat": 1.0, "lon": 2.0, "major_km": 40.0, "minor_km": 10.0, "bearing_deg": 30.0, "at_s": 99.0}
TRACK = {"lat": 3.0, "lon": 4.0, "height_km": 100.0, "level": "track", "impact": ELLIPSE}
MISSILE = {"lat": 3.0, "lon": 4.0, "height_km": 100.0, "state": "flying", "threat": "srbm-500"}


def moments() -> list[dict[str, Any]]:
    """Five seconds: a missile is launched at 1 and shot down at 4; AAA sees it from 2 to 3."""
    states = [
        {"director": {"truth": {"m": {"state": "waiting", "threat": "srbm-500"}}}, "AAA": {}},
        {"director": {"truth": {"m": MISSILE}}, "AAA": {}},
        {
            "director": {"truth": {"m": {**MISSILE, "lat": 3.5}}},
            "AAA": {"tracks": {"7": {**TRACK, "level": "alert"}}},
        },
        {
            "director": {"truth": {"m": {**MISSILE, "lat": 4.0}}},
            "AAA": {"tracks": {"7": TRACK}, "warned": {"Town": {"since_s": 3.0}}},
        },
        {"director": {"truth": {"m": {"state": "down", "threat": "srbm-500"}}}, "AAA": {}},
    ]
    found, before = [], dict[str, Any]()
    for at_s, seats in enumerate(states):
        found.append({"case_s": float(at_s), "seats": difference(before, seats)})
        before = seats
    return found


def packets() -> dict[str, dict[str, Any]]:
    told = czml({
        "title": "x", "starts": "2026-03-01T00:00:00", "moments": moments(),
        "still": {"places": {"Town": {"lat": 1.0, "lon": 2.0}}, "nations": {"AAA": "Aland"}},
    })  # fmt: skip
    json.dumps(told, allow_nan=False)
    assert told[0]["name"] == "EXERCISE: x"
    names = [p["id"] for p in told]
    assert len(set(names)) == len(names), "an id that comes twice would merge two things"
    assert all(p["parent"] in names for p in told if "parent" in p)
    return {p["id"]: p for p in told}


def test_a_missile_flies_from_launch_to_where_it_was_shot_down() -> None:
    told = packets()
    (flight,) = told["truth/m"]["position"]
    assert flight["interval"] == "2026-03-01T00:00:01.000Z/2026-03-01T00:00:03.000Z"
    assert flight["cartographicDegrees"][1::4] == [4.0, 4.0, 4.0]
    assert flight["cartographicDegrees"][3::4] == [100e3] * 3
    assert told["truth/m/down"]["position"]["cartographicDegrees"][:2] == [4.0, 4.0]
    assert "truth/m/hit" not in told


def test_a_nations_track_is_there_while_it_was_held_and_as_well_as_it_was_known() -> None:
    told = packets()["picture/AAA/7"]
    assert told["availability"] == ["2026-03-01T00:00:02.000Z/2026-03-01T00:00:03.000Z"]
    first, second = told["point"]["color"]
    assert first["rgba"][3] < second["rgba"][3]
    assert first["interval"].endswith("03.000Z") and second["interval"].endswith("04.000Z")


def test_ellipses_and_warnings_stand_for_as_long_as_they_held() -> None:
    told = packets()
    assert told["picture/AAA/7/impact/0"]["ellipse"]["semiMajorAxis"] == 40e3
    assert told["warned/AAA/Town/0"]["availability"] == "2026-03-01T00:00:03.000Z/2026-03-01T00:00:04.000Z"
