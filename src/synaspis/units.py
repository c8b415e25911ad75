"""Units at the edge: files speak km, degrees and minutes; everything inside is SI and radians."""

from __future__ import annotations

import math

SI_OF = {
    "m": ("m", 1.0),
    "km": ("m", 1000.0),
    "s": ("s", 1.0),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "yr": ("s", 31_557_600.0),
    "rad": ("rad", 1.0),
    "deg": ("rad", math.pi / 180.0),
    "urad": ("rad", 1e-6),
    "mps": ("mps", 1.0),
    "kmps": ("mps", 1000.0),
    "kg": ("kg", 1.0),
    "t": ("kg", 1000.0),
    "kgpm2": ("kgpm2", 1.0),
    "m2": ("m2", 1.0),
    "db": ("db", 1.0),
    "wpsr": ("wpsr", 1.0),
    "kwpsr": ("wpsr", 1000.0),
    "hz": ("hz", 1.0),
    "mhz": ("hz", 1e6),
    "musd": ("musd", 1.0),
    "musdpt": ("musdpt", 1.0),
    "usdpkg": ("musdpt", 1e-3),
    "people": ("", 1.0),
    "1": ("", 1.0),
}
"""Unit as files write it -> (SI suffix that field names carry, factor)."""

SI_SUFFIXES = frozenset(suffix for suffix, _ in SI_OF.values() if suffix)


def to_si(value: float, unit: str) -> float:
    """`value` in `unit` as SI. KeyError for an unknown unit."""
    return value * SI_OF[unit][1]


def from_si(value: float, unit: str) -> float:
    """An SI `value` as `unit`. KeyError for an unknown unit."""
    return value / SI_OF[unit][1]


def stem(field_name: str) -> str:
    """`reference_range_m` -> `reference_range`: the name without its SI suffix."""
    head, _, tail = field_name.rpartition("_")
    return head if head and tail in SI_SUFFIXES else field_name


def file_key(field_name: str, unit: str) -> str:
    """`reference_range_m`, `km` -> `reference_range_km`: how a case file spells the field."""
    return stem(field_name) if SI_OF[unit][0] == "" else f"{stem(field_name)}_{unit}"
