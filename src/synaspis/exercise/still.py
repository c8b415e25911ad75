"""What never changes in a seat: the map, the sites, the clauses, and who may decide."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from synaspis.engine.world import Station, World
from synaspis.exercise.inputs import DIRECTOR, OBSERVER
from synaspis.exercise.terms import AGREED, parties
from synaspis.exercise.wording import clause_words, leave_words, name_of
from synaspis.model.agreement import Clause
from synaspis.model.sensor import Radar
from synaspis.sharing.rules import Rules

Document = dict[str, Any]
_STREAMED = ("type", "facing_deg", "sector_deg")
"""Of a sensor, to who directs: streams tell it to other programs. A battery's type is its interceptor's."""


def titles(nations: Iterable[str]) -> dict[str, str]:
    """Every seat of a room and what it is called."""
    return {DIRECTOR: "Director", **{n: name_of(n) for n in nations}, OBSERVER: "Observer"}


def still(w: World, given: Rules, regime: str, seat: str) -> Document:
    """Of a nation's seat, the director's or the observer's, where `given` is in force. KeyError for another.

    `regime` is the one that was chosen: what was agreed on top of it is told to those whom it binds.
    """
    case = w.case
    told: Document = {
        "seat": seat, "title": titles(w.nations)[seat], "case": case.file.case,
        "case_title": case.file.title, "regime": regime, "regime_title": case.regime(regime).title,
        "nations": {n: name_of(n) for n in w.nations}, "me": seat,
        "places": {
            a.name: {
                **_at(a.latitude_rad, a.longitude_rad), "nation": a.nation, "people": round(a.population),
            }
            for a in w.assets
        },
        "clauses": {
            c.id: {"agreement": given.agreement_of.get(c.id, ""), "words": clause_words(c)}
            for c in given.clauses
            if _known(w, given, c, seat)
        },
    }  # fmt: skip
    everybodys = seat in (DIRECTOR, OBSERVER)
    told["sensors"] = _sensors(w, () if everybodys else (seat,))
    told["batteries"] = _batteries(w, () if everybodys else (seat,))
    told["sites"] = _sites(w, seat)
    if not everybodys:
        told["authority"] = leave_words(given, seat)
    if seat == DIRECTOR:
        told["launch_areas"] = {
            a.name: {**_at(a.latitude_rad, a.longitude_rad), "nation": a.nation}
            for a in case.file.launch_areas
        }
        told["missiles"] = {
            m.name: {"threat": m.threat.name, "status": m.threat.status, "area": m.launch.name,
                     "target": w.assets[m.target].name if m.target >= 0 else ""}
            for m in w.missiles
        }  # fmt: skip
    return told


def _known(w: World, given: Rules, c: Clause, seat: str) -> bool:
    """What nations agreed before the raid is known to those whom it binds; to an observer, where all are."""
    if seat == DIRECTOR or given.agreement_of.get(c.id) != AGREED:
        return True
    bound = parties(w.case, c)
    return set(w.nations) <= set(bound) if seat == OBSERVER else seat in bound


def _sensors(w: World, owners: Iterable[str]) -> Document:
    """Deployed sensors of some owners, and batteries' radars; a pattern of satellites is one."""
    found: Document = {}
    for s in w.stations:
        if s.owner in owners:
            found.setdefault(s.deployed, _sensor(s))
    return found


def _sensor(s: Station) -> Document:
    told: Document = {**_at(s.latitude_rad, s.longitude_rad), "type": s.type.name, "host": s.host}
    if isinstance(s.type, Radar):
        return {
            **told, "kind": "radar", "height_km": round(s.height_m / 1e3, 1),
            "facing_deg": round(math.degrees(s.facing_rad), 1),
            "sector_deg": round(math.degrees(s.type.sector_rad), 1),
            "reach_km": round(s.type.reference_range_m / 1e3),
        }  # fmt: skip
    return {**told, "kind": "infrared", "height_km": round(s.height_m / 1e3), "sector_deg": 360.0}


def _batteries(w: World, owners: Iterable[str]) -> Document:
    return {
        f.battery.name: {
            **_at(f.battery.latitude_rad, f.battery.longitude_rad), "type": f.battery.system,
            "domain": f.system.domain, "host": f.battery.host or f.battery.owner, "rounds": f.rounds,
            "reach_km": round(f.interceptor.range_m / 1e3),
        }
        for f in w.batteries
        if f.battery.owner in owners
    }  # fmt: skip


def _sites(w: World, me: str) -> Document:
    """Others' sensors and batteries as the case has them: public figures, known to all."""
    found: Document = {}
    for s in w.stations:
        if s.owner != me and s.battery < 0:
            kind = "radar" if isinstance(s.type, Radar) else "infrared"
            place: Document = {"owner": s.owner, "kind": kind, **_at(s.latitude_rad, s.longitude_rad)}
            if me == DIRECTOR:
                whole = _sensor(s)
                place |= {name: whole[name] for name in _STREAMED if name in whole}
            found.setdefault(s.deployed, place)
    for f in w.batteries:
        if f.battery.owner != me:
            there = _at(f.battery.latitude_rad, f.battery.longitude_rad)
            found[f.battery.name] = {
                "owner": f.battery.owner,
                "kind": "battery",
                "domain": f.system.domain,
                **there,
            }
            if me == DIRECTOR:
                found[f.battery.name]["type"] = f.interceptor.name
    return found


def _at(latitude_rad: float, longitude_rad: float) -> dict[str, float]:
    return {"lat": round(math.degrees(latitude_rad), 4), "lon": round(math.degrees(longitude_rad), 4)}
