"""DIS entity types of the modelled classes, from SISO-REF-010.

Read on 2026-11-23 from the enumerations that open-dis/opendis7-java generates from SISO-REF-010 (v28 of
2020-05-07 and v29 of 2021-05-19), emitter names also from tshark 4.0.17. Where a class has no entry that is
surely its own, the row is `generic`: kind, domain and what is above it in the tree are right, the rest is 0.
Threats are classes and belong to no country: country 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class EntityType(NamedTuple):
    """IEEE 1278.1-2012, 6.2.30: what an entity is. 0 is `other` in every place."""

    kind: int = 0
    domain: int = 0
    country: int = 0
    category: int = 0
    subcategory: int = 0
    specific: int = 0
    extra: int = 0

    def code(self) -> int:
        """The record's eight bytes as one unsigned number, as `dis_bulk` keeps types."""
        low = int.from_bytes(bytes([self.category, self.subcategory, self.specific, self.extra]), "big")
        return self.kind << 56 | self.domain << 48 | self.country << 32 | low

    @classmethod
    def of_code(cls, code: int) -> EntityType:
        """The type with this number."""
        record = code.to_bytes(8, "big")
        return cls(record[0], record[1], int.from_bytes(record[2:4], "big"), *record[4:])


@dataclass(frozen=True)
class Listed:
    """A row: the type, what the reference calls it, its unique id there (0: none), whether it is generic."""

    type: EntityType
    called: str
    uid: int = 0
    generic: bool = False


PLATFORM, MUNITION, EXPENDABLE, SENSOR = 1, 2, 8, 9
LAND, AIR, SURFACE, SPACE = 1, 2, 3, 5
ANTI_AIR, BATTLEFIELD_SUPPORT, STRATEGIC = 1, 9, 10
USA, FRANCE, ISRAEL, JAPAN, SOUTH_KOREA = 225, 71, 105, 110, 120
GUIDED = 1
DEFENCE_UNIT = 28
"""Category of land platforms: air defence and missile defence unit equipment."""

_SM3 = Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED, 27, 3), "Standard BMD (RIM-61)", 19489)
_AEGIS_SHIP = Listed(EntityType(PLATFORM, SURFACE, USA), "surface platform", generic=True)
_US_UNIT = Listed(
    EntityType(PLATFORM, LAND, USA, DEFENCE_UNIT), "Air Defense / Missile Defense Unit Equipment", 10679, True
)
_PATRIOT = Listed(EntityType(PLATFORM, LAND, USA, DEFENCE_UNIT, 2, 2), "Patriot Battery", 10695)
_THAAD = EntityType(PLATFORM, LAND, USA, DEFENCE_UNIT, 4)
_THAAD_RADAR = Listed(_THAAD._replace(specific=2), "THAAD Ground-Based Radar (GBR)", 10703)
_SHORT = Listed(
    EntityType(MUNITION, BATTLEFIELD_SUPPORT, 0, GUIDED), "guided battlefield support munition", generic=True
)
_LONG = Listed(EntityType(MUNITION, STRATEGIC, 0, GUIDED), "guided strategic munition", generic=True)
_US_RADAR = Listed(EntityType(SENSOR, LAND, USA), "sensor or emitter", generic=True)
_ISRAELI_ROUND = Listed(
    EntityType(MUNITION, ANTI_AIR, ISRAEL, GUIDED), "guided anti-air munition", generic=True
)
_ISRAELI_RADAR = Listed(EntityType(SENSOR, LAND, ISRAEL), "sensor or emitter", generic=True)
_ISRAELI_BATTERY = Listed(EntityType(PLATFORM, LAND, ISRAEL, DEFENCE_UNIT), "unit equipment", generic=True)
_WARNING = Listed(EntityType(PLATFORM, SPACE, USA, 2, 3), "Early Warning satellite", 12446)

ENTITY_TYPES: dict[str, Listed] = {
    # interceptors
    "sm-3-ia": _SM3,
    "sm-3-ib": _SM3,
    "sm-3-iia": _SM3,
    "pac-3-cri": Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED, 16, 2), "PAC-3 (ERINT)", 19464),
    "pac-3-mse": Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED, 16), "MIM-104 Patriot", 19460, True),
    "pac-2-gem-t": Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED, 16, 1, 2), "GEM", 19463),
    "aster-30-b1": Listed(EntityType(MUNITION, ANTI_AIR, FRANCE, GUIDED, 2), "Aster 30", 21030),
    "thaad": Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED), "guided anti-air munition", 19406, True),
    "cheongung-2": Listed(
        EntityType(MUNITION, ANTI_AIR, SOUTH_KOREA, GUIDED), "guided anti-air munition", generic=True
    ),
    "sm-6": Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED), "guided anti-air munition", 19406, True),
    "sbi-cbo-2026": Listed(EntityType(MUNITION, ANTI_AIR, USA), "anti-air munition", generic=True),
    "sbi-aps-2003": Listed(EntityType(MUNITION, ANTI_AIR, USA), "anti-air munition", generic=True),
    "tamir": _ISRAELI_ROUND,
    "stunner": _ISRAELI_ROUND,
    "arrow-2": _ISRAELI_ROUND,
    "arrow-3": _ISRAELI_ROUND,
    "gbi": Listed(EntityType(MUNITION, ANTI_AIR, USA, GUIDED), "guided anti-air munition", 19406, True),
    # radars
    "an-tpy-2": _THAAD_RADAR,
    "an-tpy-2-terminal": _THAAD_RADAR,
    "an-spy-1": Listed(EntityType(SENSOR, SURFACE, USA), "sensor or emitter", generic=True),
    "an-fps-132": _US_RADAR,
    "an-fps-132-three-face": _US_RADAR,
    "cobra-dane": _US_RADAR,
    "lrdr": _US_RADAR,
    "sbx": Listed(EntityType(SENSOR, SURFACE, USA), "sensor or emitter", generic=True),
    "no-radar": Listed(EntityType(SENSOR, LAND), "sensor or emitter", generic=True),
    "el-m-2084": _ISRAELI_RADAR,
    "patriot-mpq-65": Listed(_PATRIOT.type, _PATRIOT.called, _PATRIOT.uid, True),
    "arabel": Listed(EntityType(SENSOR, LAND, FRANCE), "sensor or emitter", generic=True),
    "green-pine-b": _ISRAELI_RADAR,
    "green-pine-c": _ISRAELI_RADAR,
    "an-tpy-6": Listed(EntityType(SENSOR, LAND, USA), "sensor or emitter", generic=True),
    "j-fps-5": Listed(EntityType(SENSOR, LAND, JAPAN), "sensor or emitter", generic=True),
    "cheongung-mfr": Listed(EntityType(SENSOR, LAND, SOUTH_KOREA), "sensor or emitter", generic=True),
    # infrared
    "geo-infrared": _WARNING,
    "heo-infrared": _WARNING,
    "leo-tracker": Listed(EntityType(PLATFORM, SPACE, USA, 2), "Unmanned", 12431, True),
    "airborne-infrared": Listed(EntityType(PLATFORM, AIR), "air platform", generic=True),
    # batteries
    "aegis-ashore-ib": _US_UNIT,
    "aegis-ashore-iia": _US_UNIT,
    "aegis-ship-ia": _AEGIS_SHIP,
    "aegis-ship-ib": _AEGIS_SHIP,
    "aegis-ship-iia": _AEGIS_SHIP,
    "aegis-ship-sm-6": _AEGIS_SHIP,
    "aegis-guam": _US_UNIT,
    "patriot-mse": _PATRIOT,
    "patriot-cri": _PATRIOT,
    "patriot-gem-t": _PATRIOT,
    "sampt": Listed(EntityType(PLATFORM, LAND, FRANCE, DEFENCE_UNIT), "unit equipment", generic=True),
    "cheongung-2-battery": Listed(
        EntityType(PLATFORM, LAND, SOUTH_KOREA, DEFENCE_UNIT), "unit equipment", generic=True
    ),
    "thaad-battery": Listed(_THAAD, "Terminal High Altitude Area Defense (THAAD) System", 10701),
    "iron-dome": _ISRAELI_BATTERY,
    "davids-sling": _ISRAELI_BATTERY,
    "arrow-2-battery": _ISRAELI_BATTERY,
    "arrow-3-battery": _ISRAELI_BATTERY,
    "gmd": _US_UNIT,
    # threats, as classes
    "srbm-300": _SHORT,
    "srbm-600": _SHORT,
    "quasi-ballistic-500": _SHORT,
    "cruise-subsonic": _SHORT,
    "cruise-supersonic": _SHORT,
    "drone-one-way": _SHORT,
    "rocket-75": _SHORT,
    "rocket-300": _SHORT,
    "mrbm-1300": _LONG,
    "mrbm-2000": _LONG,
    "irbm-4500": _LONG,
    "irbm-4500-flown": _LONG,
    "icbm-liquid": _LONG,
    "icbm-solid": _LONG,
    "glide-mrbm": _LONG,
    # objects
    "spent-body": Listed(EntityType(MUNITION), "munition", generic=True),
    "simple-decoy": Listed(EntityType(EXPENDABLE), "expendable", generic=True),
}
"""By the name in the catalogue."""

_FIRED_BY = {
    "pac-3-mse": "patriot-mse", "pac-3-cri": "patriot-cri", "pac-2-gem-t": "patriot-gem-t",
    "aster-30-b1": "sampt", "thaad": "thaad-battery", "cheongung-2": "cheongung-2-battery", "gbi": "gmd",
    "tamir": "iron-dome", "stunner": "davids-sling", "arrow-2": "arrow-2-battery",
    "arrow-3": "arrow-3-battery",
}  # fmt: skip
_KINDS = {
    "radar": EntityType(SENSOR, LAND), "aircraft": EntityType(PLATFORM, AIR),
    "battery": EntityType(PLATFORM, LAND, 0, DEFENCE_UNIT),
}  # fmt: skip
"""What a site is where its class is not listed, by the kind that pictures give it."""

EMITTER_NAMES: dict[str, int] = {
    "an-tpy-2": 7333,
    "an-tpy-2-terminal": 7333,
    "an-spy-1": 7245,
    "patriot-mpq-65": 5577,
    "arabel": 8818,
}
"""Emitter names (UID 75) of radars, by the name in the catalogue. Others: 0, which names none."""


def entity_type(name: str) -> EntityType:
    """The type of a class of the catalogue; all zero (`other`) for one that is not listed."""
    row = ENTITY_TYPES.get(name)
    return row.type if row else EntityType()


def site_type(kind: str, type: str, domain: str) -> EntityType:
    """The type of a site as pictures have it: a battery goes by the interceptor that it fires."""
    if kind == "battery":
        if domain == "sea":
            return _AEGIS_SHIP.type if type.startswith("sm-3") else EntityType(PLATFORM, SURFACE)
        if type.startswith("sm-3"):
            return _US_UNIT.type
        row = ENTITY_TYPES.get(_FIRED_BY.get(type, ""))
    else:
        row = ENTITY_TYPES.get(type)
    return row.type if row else _KINDS.get(kind, EntityType())


def munition_type(name: str) -> EntityType:
    """The type of a missile's or an interceptor's class; a munition where it is not listed."""
    row = ENTITY_TYPES.get(name)
    return row.type if row else EntityType(MUNITION)
