"""Marks for pictures: which battery stands aboard a ship."""

from __future__ import annotations

from dataclasses import replace

from synaspis.files.case import load
from synaspis.studies.arena import arena
from synaspis.studies.marks import sites
from tests.engine.scene import first_light


def test_a_battery_of_a_system_at_sea_is_marked_so_and_no_other() -> None:
    case = first_light()
    afloat = replace(case.systems["aegis-ashore-ib"], domain="sea")
    marks = sites(arena(replace(case, systems={**case.systems, "aegis-ashore-ib": afloat}), 1))
    assert {m.name for m in marks if m.domain == "sea"} == {"deveselu"}
    assert {m.domain for m in sites(arena(case, 1))} == {"land"}


def test_the_catalogue_knows_its_ships() -> None:
    systems = load("europe").systems
    assert {name for name, system in systems.items() if system.domain == "sea"} == {"aegis-ship-ib"}
