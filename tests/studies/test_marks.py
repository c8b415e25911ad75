"""Marks for pictures: which battery stands aboard a ship, which sensor flies and how high."""

from __future__ import annotations

from dataclasses import replace

from synaspis import api
from synaspis.files.case import load, resolve
from synaspis.report.page import page
from synaspis.studies.arena import arena
from synaspis.studies.marks import sites
from tests.engine.scene import first_light
from tests.files.example import swap


def test_a_battery_of_a_system_at_sea_is_marked_so_and_no_other() -> None:
    case = first_light()
    afloat = replace(case.systems["aegis-ashore-ib"], domain="sea")
    marks = sites(arena(replace(case, systems={**case.systems, "aegis-ashore-ib": afloat}), 1))
    assert {m.name for m in marks if m.domain == "sea"} == {"deveselu"}
    assert {m.domain for m in sites(arena(case, 1))} == {"land"}


def test_an_aircraft_is_no_satellite() -> None:
    """It is drawn where it flies, on map and globe, with a mark of its own."""
    where = "owner: USA, latitude_deg: 41, longitude_deg: 34, height_m: 15000"
    more = f"  - {{name: awacs, type: airborne-infrared, {where}}}\nbatteries:\n"
    case, problems = resolve(swap(("batteries:\n", more)).encode(), "small.yaml")
    assert case is not None, problems
    marks = {m.name: m for m in sites(arena(case, 1))}
    assert {name: m.kind for name, m in marks.items() if m.kind in ("radar", "satellite", "aircraft")} == {
        "geo": "satellite", "kurecik": "radar", "awacs": "aircraft",
    }  # fmt: skip
    drawn = page(api.run(case, trials=1, jobs=1), ())
    assert drawn.count("<title>awacs: airborne-infrared, owned by USA, in the air</title>") == 2
    assert "aircraft with an infrared sensor" in drawn


def test_the_catalogue_knows_its_ships() -> None:
    systems = load("europe").systems
    assert {name for name, system in systems.items() if system.domain == "sea"} == {
        "aegis-ship-ia",
        "aegis-ship-ib",
    }
