"""Launches over a grid: heights as flown, no direction, and sight where geometry gives it."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np

from synaspis.engine.geometry import STEP_S
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.early_warning import FirstSight
from synaspis.studies.arena import Arena, arena
from synaspis.studies.first_sight import AROUND_DEG, CELL_DEG, first_sights, grid, rising
from tests.engine.scene import first_light, with_file


@cache
def small() -> Arena:
    return arena(first_light(), 1)


@cache
def sight() -> FirstSight:
    (found,) = first_sights(small(), ("national", "allied"))
    return found


def test_the_grid_holds_the_launch_area_and_its_surroundings() -> None:
    cells = grid(small())
    assert len({tuple(c) for c in cells.tolist()}) == len(cells)
    for latitude, longitude in ((38.0, 46.3), (38.0 + AROUND_DEG, 46.3), (38.0, 46.3 - AROUND_DEG)):
        near = np.abs(cells - [latitude, longitude]) <= CELL_DEG / 2
        assert near.all(axis=1).any()


def test_the_grid_passes_the_date_line_and_stops_short_of_the_pole() -> None:
    case = first_light()
    there = tuple(
        replace(x, latitude_rad=math.radians(86.0), longitude_rad=math.radians(longitude))
        for x, longitude in zip(case.file.launch_areas * 2, (179.0, -178.0), strict=True)
    )
    a = small()
    cells = grid(replace(a, w=replace(a.w, case=with_file(case, launch_areas=there))))
    assert np.abs(cells[:, 0]).max() <= 89.0
    assert np.abs(cells[:, 1]).max() <= 180.0
    assert {-179.0, 179.0} <= set(cells[:, 1].tolist())
    assert len(set(cells[:, 1].tolist())) <= 2 * AROUND_DEG / CELL_DEG + 3


def test_a_missile_rises_straight_up_as_high_as_the_class_flies() -> None:
    a = small()
    burn_s = float(a.g.burnout_s[0])
    cells = np.array([[38.0, 46.0], [-10.0, 170.0]])
    states = rising(a.g.states[0], burn_s, cells)
    flown = geodetic_from_ecef(np.ascontiguousarray(a.g.states[0, : states.shape[1], :3]))
    for cell, track in zip(cells, states, strict=True):
        place = geodetic_from_ecef(np.ascontiguousarray(track[:, :3]))
        np.testing.assert_allclose(
            np.degrees(place[:, :2]), np.broadcast_to(cell, (len(track), 2)), atol=1e-9
        )
        np.testing.assert_allclose(place[:, 2], flown[:, 2], atol=1e-3)
        middle = (track[2:, :3] - track[:-2, :3]) / (2 * STEP_S)
        np.testing.assert_allclose(track[1:-1, 3:], middle, atol=1.0)


def test_satellites_report_once_it_is_above_cloud_and_looked_at_thrice() -> None:
    """Two geostationary satellites in view: cloud break, two revisits of 8 s, and 45 s for the report."""
    a = small()
    heights = geodetic_from_ecef(np.ascontiguousarray(a.g.states[0, :30, :3]))[:, 2]
    clear_s = STEP_S * int(np.argmax(heights >= a.g.skies.rows[a.g.skies.usual, 0]))
    usa = sight().views["national"]["USA"]
    assert np.median(usa.report_s) == clear_s + 2 * 8.0 + 45.0
    assert (usa.at_once >= 2).all()


def test_who_has_no_sensor_hears_only_what_is_released() -> None:
    national, allied = (sight().views[r]["BGR"] for r in ("national", "allied"))
    assert np.isinf(national.report_s).all()
    assert (national.at_once == 0).all()
    usa = sight().views["allied"]["USA"]
    np.testing.assert_array_equal(allied.report_s, usa.report_s + 10.0)  # bmd-1 takes 10 s
    np.testing.assert_array_equal(allied.at_once, usa.at_once)


def test_a_radar_sees_only_what_rises_above_its_horizon() -> None:
    """Without satellites: near the radar a report, far behind the horizon none."""
    case = first_light()
    radars = tuple(s for s in case.file.sensors if s.geostationary_longitude_rad is None)
    a = arena(with_file(case, sensors=radars), 1)
    (found,) = first_sights(a, ("national",))
    report = found.views["national"]["USA"].report_s
    seen = np.isfinite(report)
    assert 0 < seen.sum() < len(seen)
    assert (found.views["national"]["USA"].at_once <= 1).all()
    far = np.hypot(found.cells[:, 0] - 38.35, 0.78 * (found.cells[:, 1] - 37.79)) * 111.2
    top_m = 1000.0 * found.burnout_km
    horizon_km = (math.sqrt(2 * 8.5e6 * top_m) + math.sqrt(2 * 8.5e6 * 2100)) / 1000
    assert not seen[far > 1.05 * horizon_km].any()
