"""What something on the table would change, in words: how it is now under the regime, and how it would be."""

from __future__ import annotations

import math

from synaspis.exercise.terms import Terms
from synaspis.exercise.wording import clause_words, protocol_words
from synaspis.kernels.geodesic import geodesic
from synaspis.model.agreement import Authority, Clause, Consent, Release
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.sensor import Sensor
from synaspis.report.words import duration, listed
from synaspis.sharing.rules import Rules


def change(case: Case, given: Rules, terms: Terms) -> str:
    """A sentence or two for those whom it binds; from what the case lists, which all know."""
    told = []
    if terms.warns:
        now = next(n for n in case.file.nations if n.code == terms.warns)
        told.append(f"Now a warning reaches them in {duration(case.warnings[now.warning].dissemination_s)}.")
    if terms.moved is not None:
        told += _moved(case, terms.moved)
    elif terms.clause is not None:
        told.append(_now(given, terms.clause))
    if terms.narrow:
        told.append("It holds between those who say yes.")
    return " ".join(told)


def _now(given: Rules, clause: Clause) -> str:
    """What the regime says of the matter."""
    match clause:
        case Release():
            return _released(given, clause)
        case Authority():
            ways = [a for a in given.authorities if set(a.owners) & set(clause.owners)]
            return _said(
                "Now: ", [f"{a.id}, {protocol_words(a)}" for a in ways], "Now nothing lets them fire."
            )
        case Consent() if clause.owners:
            above = [c for c in given.consents if c.by == clause.by and set(c.owners) & set(clause.owners)]
            nothing = f"Now no clause says what {clause.by} consents to."
            return _said("Now: ", [f"{c.id}, {clause_words(c)}" for c in above], nothing)
        case _:
            return "Now no clause in force says so."


def _released(given: Rules, clause: Release) -> str:
    between = [c for o in clause.owners for r in clause.recipients if o != r for c in given.between(o, r)]
    permits = {c.id: c for c in between if c.effect == "permit"}
    nothing = f"Now the regime gives {listed(clause.recipients)} nothing of {listed(clause.owners)}."
    return _said("Now: ", [f"{c.id}, {clause_words(c)}" for c in permits.values()], nothing)


def _said(first: str, ways: list[str], nothing: str) -> str:
    return f"{first}{'; '.join(ways)}." if ways else nothing


def _moved(case: Case, unit: Battery | Sensor) -> list[str]:
    """How far it moves, and for a battery which places lie in its interceptor's reach, now and then."""
    units: tuple[Battery | Sensor, ...] = (*case.file.batteries, *case.file.sensors)
    stands = next(u for u in units if u.name == unit.name)
    host = stands.host or stands.owner
    told = [f"It moves {_apart_m(stands, unit) / 1e3:,.0f} km, from the soil of {host}."]
    if isinstance(unit, Battery):
        reach_m = case.interceptors[case.systems[unit.system].interceptor].range_m
        now, then = (_within(case, u, reach_m) for u in (stands, unit))
        both = f"lie {now}, then as now" if now == then else f"lie {now} now, and {then} then"
        told.append(f"Within {reach_m / 1e3:,.0f} km {both}.")
    return told


def _within(case: Case, unit: Battery | Sensor, reach_m: float) -> str:
    return listed(a.name for a in case.file.assets if _apart_m(unit, a) <= reach_m) or "no places"


def _apart_m(one: object, other: object) -> float:
    """Between two things that stand somewhere, along the ground."""
    places = [getattr(thing, f"{way}_rad") for thing in (one, other) for way in ("latitude", "longitude")]
    return float(geodesic(*places)[0]) if None not in places else math.nan
