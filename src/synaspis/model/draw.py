"""Ignorance: a case whose public figures are drawn from the bands in which sources differ.

A figure is drawn from a triangle on [low, high] with its top at the value, on a logarithmic scale where
the band spans more than a factor of 3. Its die is named by seed, entry, parameter and draw: draw 7 is
the same alone as among fifty, and another entry in the catalogue changes nothing. A band without width
never moves, so the conditions of a measurement (a cross-section of exactly 0.01 m2) stay as they are.

Figures of one entry that contradict each other are thrown again, all of that entry, with the next die:
altitudes and elevations out of order, and kill chances that no shot could have beside the two common
causes. That is a draw from the bands given that the entry can be. What a case file says is not drawn.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from synaspis import units
from synaspis.model.battery import Interceptor
from synaspis.model.breakup import Breakup
from synaspis.model.case import Case
from synaspis.model.fact import Entry, Fact
from synaspis.model.sensor import Radar, Sky

WIDE_BAND = 3.0
"""From this ratio of high to low a band is drawn on a logarithmic scale."""
MOST_THROWS = 200
"""Then the entry keeps its catalogue values: its bands hardly allow it at all."""

Name = tuple[str, str]
"""Entry and parameter of a figure."""
_COSTING = ("life", "cost_share")
_GROUPS = ("threats", "radars", "infrareds", "interceptors", "systems", "warnings", "objects")


def facts(case: Case) -> dict[Name, Fact]:
    """Every catalogue figure that the case uses, by entry and parameter."""
    return {(e.name, f.parameter): f for e in case.entries.values() for f in _drawn_facts(e)}


def _drawn_facts(entry: Entry) -> tuple[Fact, ...]:
    """Prices, and what spreads and shares them, stay as they are: no raid asks after them."""
    return tuple(f for f in entry.facts if f.unit != "musd" and f.parameter not in _COSTING)


def drawn(case: Case, seed: int, draw: int) -> Case:
    """The case with every catalogue figure drawn from its band. `draw` counts from 0."""
    return with_figures(case, figures(case, seed, draw))


def figures(case: Case, seed: int, draw: int) -> dict[Name, float]:
    """The drawn values, in each figure's own unit, by entry and parameter."""
    nouns = _nouns(case)
    found: dict[Name, float] = {}
    for entry in case.entries.values():
        values = _entry(entry, nouns[entry.name], seed, draw)
        found.update({(entry.name, parameter): value for parameter, value in values.items()})
    return found


def with_figures(case: Case, values: Mapping[Name, float]) -> Case:
    """The case with some of its figures set, in the catalogue's units; the others as they are.

    KeyError for a figure that the case does not use. A kill chance that the two common causes rule
    out is lowered to the highest that they allow.
    """
    known = facts(case)
    by_entry: dict[str, dict[str, float]] = {}
    for (entry, parameter), value in values.items():
        by_entry.setdefault(entry, {})[parameter] = units.to_si(value, known[entry, parameter].unit)
    nouns = _nouns(case)
    changed = {name: _capped(_set(nouns[name], si)) for name, si in by_entry.items()}
    groups: dict[str, Any] = {
        g: {n: changed.get(n, noun) for n, noun in getattr(case, g).items()} for g in _GROUPS
    }
    breakup = case.breakup and changed.get(case.breakup.name, case.breakup)
    return dataclasses.replace(case, **groups, sky=changed.get(case.sky.name, case.sky), breakup=breakup)


def with_values(noun: Any, values: Mapping[str, float]) -> Any:
    """`noun` with the figures at dotted paths (`stages.0.specific_impulse`) set, in SI. KeyError if none."""
    return _set(noun, values)


def noun_of(case: Case, entry: str) -> Any:
    """What the case makes of an entry of the catalogue. KeyError where it does not use it."""
    return _nouns(case)[entry]


def contradicting(case: Case, values: Mapping[Name, float], capped: bool = False) -> tuple[str, ...]:
    """Names of the entries whose figures cannot be true together where some are set to `values`.

    `capped`: once `with_figures` has lowered kill chances to what the common causes allow.
    """
    known, nouns = facts(case), _nouns(case)
    by_entry: dict[str, dict[str, float]] = {}
    for (entry, parameter), value in values.items():
        by_entry.setdefault(entry, {})[parameter] = units.to_si(value, known[entry, parameter].unit)
    made = {name: _set(nouns[name], si) for name, si in by_entry.items()}
    return tuple(n for n, noun in made.items() if not _holds_together(_capped(noun) if capped else noun))


def throw(fact: Fact, u: float) -> float:
    """The figure at the share `u` of its triangle, in its own unit; a whole number stays one."""
    low, value, high = fact.low, fact.value, fact.high
    if low == high:
        return value
    if low > 0 and high / low > WIDE_BAND:
        found = math.exp(_triangle(math.log(low), math.log(value), math.log(high), u))
    else:
        found = _triangle(low, value, high, u)
    return min(max(found, low), high)


def die(seed: int, entry: str, parameter: str, draw: int, again: int = 0) -> float:
    """A uniform number in the open interval (0, 1), named by its arguments."""
    name = "\0".join(("figure", str(seed), f"{entry}.{parameter}", str(draw), str(again)))
    bits = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") >> 11
    return (bits + 0.5) / 9007199254740992.0


def _triangle(low: float, top: float, high: float, u: float) -> float:
    """The triangular distribution's quantile at `u`. Source: Kotz and van Dorp, Beyond Beta (2004), ch. 1."""
    width = high - low
    if u * width < top - low:
        return low + math.sqrt(u * width * (top - low))
    return high - math.sqrt((1.0 - u) * width * (high - top))


def _entry(entry: Entry, noun: Any, seed: int, draw: int) -> dict[str, float]:
    facts = _drawn_facts(entry)
    for again in range(MOST_THROWS):
        values = {f.parameter: throw(f, die(seed, entry.name, f.parameter, draw, again)) for f in facts}
        values = _whole(noun, values)
        si = {f.parameter: units.to_si(values[f.parameter], f.unit) for f in facts}
        if _holds_together(_set(noun, si)):
            return values
    return {f.parameter: f.value for f in facts}


def _nouns(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {n: noun for g in _GROUPS for n, noun in getattr(case, g).items()}
    alone = (case.sky, case.breakup)
    return {**found, **{noun.name: noun for noun in alone if noun is not None}}


def _whole(noun: Any, values: Mapping[str, float]) -> dict[str, float]:
    """`values` with those of whole-number fields rounded."""
    counts = {f.name for f in dataclasses.fields(noun) if isinstance(getattr(noun, f.name), int)}
    return {p: float(round(v)) if p in counts else v for p, v in values.items()}


def _set(part: Any, values: Mapping[str, float]) -> Any:
    """`part` (a noun, a tuple of nouns, a mapping or a number) with the figures at dotted paths, in SI."""
    if "" in values:
        return int(values[""]) if isinstance(part, int) else values[""]
    inside: dict[str, dict[str, float]] = {}
    for path, value in values.items():
        head, _, rest = path.partition(".")
        inside.setdefault(head, {})[rest] = value
    if isinstance(part, tuple):
        return tuple(_set(x, inside[str(i)]) if str(i) in inside else x for i, x in enumerate(part))
    if isinstance(part, Mapping):
        return {k: _set(x, inside[k]) if k in inside else x for k, x in part.items()}
    fields = {
        units.stem(f.name) if f.metadata["spec"].fact else f.name: f.name for f in dataclasses.fields(part)
    }
    changes = {fields[head]: _set(getattr(part, fields[head]), below) for head, below in inside.items()}
    return dataclasses.replace(part, **changes)


def _sound(i: Interceptor) -> float:
    """The chance that neither common cause spoils a shot."""
    return (1.0 - i.p_type_defect) * (1.0 - i.p_confusion)


def _engaged(i: Interceptor) -> Iterable[str]:
    return (c for c in i.engages if c in i.p_kill)


def _capped(noun: Any) -> Any:
    if not isinstance(noun, Interceptor):
        return noun
    engaged = set(_engaged(noun))
    chance = {c: min(p, _sound(noun)) if c in engaged else p for c, p in noun.p_kill.items()}
    return dataclasses.replace(noun, p_kill=chance)


def _holds_together(noun: Any) -> bool:
    """Whether the figures of one entry can be true together."""
    if isinstance(noun, Interceptor):
        return noun.minimum_altitude_m < noun.maximum_altitude_m and all(
            noun.p_kill[c] <= _sound(noun) for c in _engaged(noun)
        )
    if isinstance(noun, Radar):
        low, high = noun.search_rad
        return noun.minimum_elevation_rad <= low < high
    if isinstance(noun, Sky):
        breaks = [w.cloud_break_m for w in noun.weather.values()]
        return noun.trough_low_m < noun.trough_high_m and breaks == sorted(breaks)
    if isinstance(noun, Breakup):
        return noun.lightest_kgpm2 <= noun.heaviest_kgpm2
    return True
