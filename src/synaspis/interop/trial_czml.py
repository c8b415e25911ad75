"""A run's trial as CZML: sites, missiles on their ways, and events while they are news."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Final

from synaspis.interop.czml import Colour, Packet, Scene, label, trail
from synaspis.interop.geojson import one_a_line
from synaspis.interop.telling import (
    NEWS_S,
    Path,
    Telling,
    event_facts,
    path_facts,
    placed,
    site_facts,
)
from synaspis.interop.volumes import fan, ring, satellites
from synaspis.model.answers import SceneEvent, SiteMark

SPEED: Final = 10.0
TRAIL_S: Final = 600.0
FRIEND: Final[Colour] = (29, 98, 150, 255)
THREAT: Final[Colour] = (181, 72, 43, 255)
NEUTRAL: Final[Colour] = (127, 143, 158, 255)
COLOURS: Final[Mapping[str, Colour]] = {"hit": FRIEND, "fired": FRIEND, "landed": THREAT, "missed": THREAT}
"""Of events; the others are neutral."""


def czml(told: Telling) -> str:
    """The document: one JSON list of packets."""
    from_s, to_s = told.span_s
    to_s += NEWS_S
    scene = Scene(told.name, told.starts, from_s, to_s, SPEED)
    scene.packets.append({"id": "about", "name": told.head["about"], "description": _words(told.head),
                          "properties": dict(told.head)})  # fmt: skip
    scene.folder("sites", "Sensors, batteries and places")
    for i, s in enumerate(filter(placed, told.sites)):
        scene.place(f"sites/{i}", s.name, s.latitude_deg, s.longitude_deg, FRIEND, parent="sites",
                    label=label(s.name, s.kind), **_sight(told, s), **_facts(site_facts(s)))  # fmt: skip
    satellites(scene, told)
    scene.folder("missiles", "Missiles")
    for i, p in enumerate(told.paths):
        _missile(scene, f"missiles/{i}", p)
    scene.folder("events", "Events")
    for i, e in enumerate(told.events):
        scene.packets.append(_event(scene, f"events/{i}", e, to_s))
    return one_a_line(scene.packets) + "\n"


def _sight(told: Telling, s: SiteMark) -> Packet:
    if s.kind == "radar" and s.name in told.elevations and s.reach_km > 0.0 and s.sector_deg > 0.0:
        return {"ellipsoid": fan(s, *told.elevations[s.name])}
    return {"ellipse": ring(s)} if s.kind == "battery" and s.reach_km > 0.0 else {}


def _missile(scene: Scene, name: str, p: Path) -> None:
    if len(p.samples) > 1:
        scene.moving(
            name, p.flight.threat, [p.samples], parent="missiles", **_facts(path_facts(p)),
            point={"pixelSize": 8, "color": {"rgba": list(THREAT)}}, path=trail(THREAT, TRAIL_S),
        )  # fmt: skip


def _event(scene: Scene, name: str, e: SceneEvent, end_s: float) -> Packet:
    until_s = end_s if e.kind == "landed" else min(e.time_s + NEWS_S, end_s)
    colour = COLOURS.get(e.kind, NEUTRAL)
    return {
        "id": name, "name": e.text, "parent": "events", "availability": scene.span(e.time_s, until_s),
        "position": {"cartographicDegrees": [e.longitude_deg, e.latitude_deg, round(1e3 * e.height_km, 1)]},
        "point": {"pixelSize": 10, "color": {"rgba": list(colour)}}, **_facts(event_facts(e)),
    }  # fmt: skip


def _facts(told: Mapping[str, Any]) -> Packet:
    return {"description": _words(told), "properties": dict(told)}


def _words(told: Mapping[str, Any]) -> str:
    """Lines of HTML, which viewers show; what is told is text there and nothing else."""
    return "<br>".join(f"{html.escape(key)}: {html.escape(str(value))}" for key, value in told.items())
