"""Symbol codes of APP-6(D) and MIL-STD-2525D, and those of 2525C from which Cursor-on-Target takes its types.

Each modelled class has one. The context is always `exercise`, in which the standard calls a hostile a faker.
Source: the tables of MIL-STD-2525C and D as the package mil-std-2525 0.2.8 (MIT) has them, read on
2026-11-23. A missile's range class goes by its name (short, medium, ...). Where the standard has no entry
for a class the next above it stands: 2525D knows no glide vehicles, no cities and no intercepts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

FRIEND, NEUTRAL, HOSTILE = "friend", "neutral", "hostile"
VERSION: Final = "10"
"""MIL-STD-2525D, which APP-6(D) shares."""
EXERCISE: Final = "1"
"""Context: neither reality (0) nor simulation (2)."""
_SIDES: Final = {FRIEND: ("3", "D", "f"), NEUTRAL: ("4", "L", "n"), HOSTILE: ("6", "K", "h")}
"""Standard identity of 2525D, that of 2525C in an exercise, affiliation in Cursor-on-Target."""
_INSTALLATION: Final = "H"


@dataclass(frozen=True)
class Symbol:
    """What a thing is, by both editions, and whose it is.

    `set`, `entity` and the two modifiers are those of 2525D; `scheme`, `dimension` and `function` those of
    2525C. `cot` stands for the type of Cursor-on-Target where 2525C has no code that it takes over.
    """

    side: str
    set: str
    entity: str
    modifiers: str
    function: str
    scheme: str = "S"
    dimension: str = "A"
    cot: str = ""

    @property
    def code(self) -> str:
        """The 20 digits of 2525D."""
        identity = _SIDES[self.side][0]
        return f"{VERSION}{EXERCISE}{identity}{self.set}0000{self.entity}{self.modifiers}"

    @property
    def letters(self) -> str:
        """The 15 characters of 2525C."""
        ground = self.dimension == "G" and self.function.startswith("I")
        echelon = f"{_INSTALLATION if ground else '-'}----"
        return f"{self.scheme}{_SIDES[self.side][1]}{self.dimension}P{self.function.ljust(6, '-')}{echelon}"

    @property
    def type(self) -> str:
        """The type of Cursor-on-Target: `a`, affiliation, dimension and the function's letters."""
        return self.cot or "-".join(("a", _SIDES[self.side][2], self.dimension, *self.function))


def _air(function: str, modifiers: str, side: str = HOSTILE) -> Symbol:
    return Symbol(side, "02", "110000", modifiers, function)


def _space(function: str, modifiers: str, side: str = HOSTILE) -> Symbol:
    return Symbol(side, "06", "110000", modifiers, function)


def _orbit(modifiers: str) -> Symbol:
    return Symbol(FRIEND, "05", "110700", modifiers, "S", dimension="P")


def _ground(set_: str, entity: str, modifiers: str, function: str) -> Symbol:
    return Symbol(FRIEND, set_, entity, modifiers, function, dimension="G")


MISSILE: Final = _air("WM", "0000")
"""A missile of no category that is known."""
MISSILES: Final[Mapping[str, Symbol]] = MappingProxyType({
    "srbm": _air("WMB", "0612"),
    "mrbm": _air("WMB", "0613"),
    "irbm": _air("WMB", "0614"),
    "icbm": _air("WMB", "0616"),
    "rocket": _air("WMB", "0612"),
    "hgv": _air("WMS", "0213"),
    "cruise": _air("WMCM", "0700"),
})  # fmt: skip
"""By category of threat."""
BOOSTER: Final = _space("WMB", "0100")
"""A missile while it burns, in a study of the boost layer."""
INTERCEPTOR: Final = _air("WMSB", "0800", FRIEND)
_PATRIOT: Final = _air("WMSB", "0807", FRIEND)
_ARROW: Final = _space("WMSB", "0306", FRIEND)
_SM3: Final = _space("WMSB", "0310", FRIEND)
_IN_ORBIT: Final = _space("WMSB", "0312", FRIEND)
INTERCEPTORS: Final[Mapping[str, Symbol]] = MappingProxyType({
    "sm-3-ia": _SM3, "sm-3-ib": _SM3, "sm-3-iia": _SM3,
    "pac-3-cri": _PATRIOT, "pac-3-mse": _PATRIOT, "pac-2-gem-t": _PATRIOT,
    "arrow-2": _ARROW, "arrow-3": _ARROW,
    "gbi": _space("WMSB", "0307", FRIEND),
    "aster-30-b1": INTERCEPTOR, "cheongung-2": INTERCEPTOR, "stunner": INTERCEPTOR, "tamir": INTERCEPTOR,
    "sm-6": INTERCEPTOR,
    "thaad": _space("WMSB", "0311", FRIEND),
    "sbi-cbo-2026": _IN_ORBIT, "sbi-aps-2003": _IN_ORBIT,
})  # fmt: skip
RADAR: Final = _ground("15", "220300", "0000", "ESR")
_EARLY_WARNING: Final = replace(RADAR, modifiers="0300")
_UPGRADED: Final = replace(RADAR, modifiers="0700")
"""Upgraded early warning radar."""
RADARS: Final[Mapping[str, Symbol]] = MappingProxyType({
    **dict.fromkeys(
        ("an-tpy-2", "an-tpy-2-terminal", "an-tpy-6", "an-spy-1", "patriot-mpq-65", "arabel", "cheongung-mfr",
         "el-m-2084", "green-pine-b", "green-pine-c", "lrdr", "no-radar"), RADAR,
    ),
    "cobra-dane": _EARLY_WARNING, "j-fps-5": _EARLY_WARNING,
    "an-fps-132": _UPGRADED, "an-fps-132-three-face": _UPGRADED,
    "sbx": Symbol(FRIEND, "30", "121100", "2200", "", dimension="S"),
})  # fmt: skip
SATELLITE: Final = _orbit("0002")
AIRCRAFT: Final = Symbol(FRIEND, "01", "110116", "0000", "MFRW")
"""Airborne early warning."""
INFRARED: Final[Mapping[str, Symbol]] = MappingProxyType({
    "geo-infrared": _orbit("0502"), "heo-infrared": _orbit("0302"), "leo-tracker": _orbit("0102"),
    "airborne-infrared": AIRCRAFT,
})  # fmt: skip
BATTERY: Final = _ground("10", "130102", "0000", "UCDM")
"""Air defence, missile."""
_SHIP: Final = Symbol(FRIEND, "30", "120200", "2000", "CL", dimension="S")
"""Line combatant; ballistic missile defence, shooter."""
_SHIP_THAT_WATCHES: Final = replace(_SHIP, modifiers="2100")
"""Ballistic missile defence, long-range surveillance and track."""
BATTERIES: Final[Mapping[str, Symbol]] = MappingProxyType({"land": BATTERY, "sea": _SHIP})
"""By domain."""
PLACES: Final[Mapping[str, Symbol]] = MappingProxyType({
    "city": _ground("20", "110000", "0000", "I"),
    "base": _ground("20", "120802", "0000", "IB"),
})  # fmt: skip
OBJECTS: Final[Mapping[str, Symbol]] = MappingProxyType({
    "spent-body": _space("W", "0014"),
    "simple-decoy": Symbol(HOSTILE, "01", "130200", "0000", "WD"),
})  # fmt: skip
_POINT: Final = Symbol(FRIEND, "25", "131300", "0000", "GPRI", "G", "G", "b-m-p-s-m")
"""A point of interest, which Cursor-on-Target calls a spot on the map."""
_BURST: Final = Symbol(FRIEND, "40", "110600", "0000", "E", "O", "V", "b-m-p-s-m")
EVENTS: Final[Mapping[str, Symbol]] = MappingProxyType({
    "seen": _POINT, "known": _POINT, "ordered": _POINT,
    "fired": replace(_POINT, entity="131301"),  # launch event
    "hit": _BURST,
    "missed": replace(_POINT, side=HOSTILE),
    "failed": replace(_POINT, side=NEUTRAL),
    "landed": replace(_BURST, side=HOSTILE),
})  # fmt: skip


def of_site(kind: str, type_: str, domain: str = "land") -> Symbol:
    """Of a sensor, battery or place, as `SiteMark` has them; a kind that is not known is a place."""
    if kind == "radar":
        return _SHIP_THAT_WATCHES if domain == "sea" else RADARS.get(type_, RADAR)
    if kind == "battery":
        return BATTERIES.get(domain, BATTERY)
    if kind in ("satellite", "aircraft"):
        return INFRARED.get(type_, SATELLITE if kind == "satellite" else AIRCRAFT)
    return PLACES.get(kind, PLACES["city"])


def of_missile(category: str) -> Symbol:
    """Of an attacking missile, by the category of its class; any missile for one that is not known."""
    return MISSILES.get(category, MISSILE)


def of_interceptor(name: str) -> Symbol:
    """Of an interceptor in flight, by its name in the catalogue; any interceptor for another."""
    return INTERCEPTORS.get(name, INTERCEPTOR)


def of_event(kind: str) -> Symbol:
    """Of something that happened, by its kind; a point of interest for one that is not known."""
    return EVENTS.get(kind, _POINT)
