"""What of a case may be changed in an editor, and the changed case as a file.

Changed are clauses, sites and how many missiles a row of the raid has: what is in the case, and nothing that
is not. What comes back is read and checked as any case, and is exactly what was asked for, or an error.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synaspis import units
from synaspis.files import figure, words
from synaspis.files.reader import Column, columns
from synaspis.model.agreement import Agreement, Authority, Clause, Consent, Release
from synaspis.model.battery import Battery
from synaspis.model.case import Case, there
from synaspis.model.sensor import Sensor
from synaspis.model.threat import Firing
from synaspis.sharing.rules import in_force

KINDS = ("releases", "mandates", "authorities", "consents")
"""Transfers of technology are left out: no raid turns on them."""
LONGEST_VALUE = 40
HOLDS, FROM, OUT = "holds", "from", "out"
"""States of a clause: as the case has it, suspended from a day on, left out."""
THERE, AWAY = "there", "away"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that may be changed. `was` and what is given are text as in the file, in `unit`."""

    id: str
    key: str
    kind: str
    """`choice`, `number`, `whole` or `date`."""
    was: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    limits: str = ""
    column: Column | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A clause, a site or a row of the raid, with its fields by key and where it stands in the file."""

    what: str
    """`clause`, `site` or `salvo`."""
    noun: Clause | Sensor | Battery | Firing
    path: tuple[str | int, ...]
    fields: Mapping[str, Field]
    agreement: Agreement | None = None
    holds: bool = True
    """Whether the clause is in force, or the site there, on the case's day."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a field, by id, and its mend; "" where it belongs to no field."""

    field: str
    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is asked of a row: the fields that are not as they were, by key, as given."""

    row: Row
    now: Mapping[str, str]


def rows(case: Case) -> tuple[Row, ...]:
    """All that may be changed in `case`, in the order of its file."""
    found: list[Row] = []
    file = case.every_site
    for a, agreement in enumerate(file.agreements):
        for kind in KINDS:
            for c, clause in enumerate(getattr(agreement, kind)):
                found.append(_clause_row(case, agreement, clause, ("agreements", a, kind, c), len(found)))
    for i, sensor in enumerate(file.sensors):
        found.append(_site_row(case, sensor, ("sensors", i), len(found)))
    for i, battery in enumerate(file.batteries):
        found.append(_site_row(case, battery, ("batteries", i), len(found)))
    for i, firing in enumerate(file.raid):
        count = _figure(f"f{len(found)}", firing, "count")
        found.append(Row(what="salvo", noun=firing, path=("raid", i), fields={"count": count}))
    return tuple(found)


def _clause_row(case: Case, agreement: Agreement, clause: Clause, path: tuple[str | int, ...], n: int) -> Row:
    fields = {
        "state": Field(id=f"f{n}-state", key="state", kind="choice", was=HOLDS, choices=(HOLDS, FROM, OUT)),
        "from": Field(id=f"f{n}-from", key="from", kind="date", was=case.file.date.isoformat()),
    }
    if isinstance(clause, Release) and clause.effect == "permit":
        fields["delay_s"] = _figure(f"f{n}", clause, "delay_s")
    elif isinstance(clause, Authority | Consent):
        fields["decision_s"] = _figure(f"f{n}", clause, "decision_s")
    held = in_force(clause, agreement, case.file.date, case.file.state_of_alert)
    return Row(what="clause", noun=clause, path=path, fields=fields, agreement=agreement, holds=held)


def _site_row(case: Case, site: Sensor | Battery, path: tuple[str | int, ...], n: int) -> Row:
    is_there = there(site, case.file.date)
    was = THERE if is_there else AWAY
    fields = {
        "state": Field(id=f"f{n}-state", key="state", kind="choice", was=was, choices=(THERE, AWAY)),
    }
    for name in ("latitude_rad", "longitude_rad", "geostationary_longitude_rad"):
        if getattr(site, name, None) is not None:
            field = _figure(f"f{n}", site, name)
            fields[field.key] = field
    if isinstance(site, Battery):
        fields["rounds"] = _figure(f"f{n}", site, "rounds", case.systems[site.system].rounds)
    return Row(what="site", noun=site, path=path, fields=fields, holds=is_there)


def _figure(row: str, noun: Any, name: str, otherwise: float = 0.0) -> Field:
    """The field of a figure of `noun`, with `otherwise` where it has none."""
    column = next(c for c in columns(type(noun)) if c.name == name)
    value = getattr(noun, name)
    shown = otherwise if value is None else units.from_si(value, column.spec.unit)
    return Field(
        id=f"{row}-{column.key}",
        key=column.key,
        kind="whole" if column.hint is int else "number",
        was=f"{shown:.10g}",
        unit="" if column.spec.unit == "1" else column.spec.unit,
        limits=figure.limits(column.spec),
        column=column,
    )


def asked(every: tuple[Row, ...], given: Mapping[str, str]) -> tuple[list[Change], list[Fault]]:
    """What `given` (text by field id) changes in these rows, and all that is wrong with it by itself."""
    faults: list[Fault] = []
    changes = []
    known = {f.id for row in every for f in row.fields.values()}
    for name in given:
        if name not in known:
            what = f"there is no field `{words.shown(name)}`"
            faults.append(Fault(field="", what=what, mend="load the page again"))
    for row in every:
        now = {
            key: told
            for key, f in row.fields.items()
            for told in (given.get(f.id, f.was).strip(),)
            if told != f.was or (key == "from" and given.get(row.fields["state"].id) == FROM)
        }
        if row.what == "clause" and now.get("state") != FROM:
            now.pop("from", None)  # a day that nothing is suspended from
        for key, told in now.items():
            faults += _faults(row, row.fields[key], told)
        if now:
            changes.append(Change(row=row, now=now))
    if not changes and not faults:
        faults.append(Fault(field="", what="nothing is changed", mend="change a clause, a site or a salvo"))
    return changes, faults


def _faults(row: Row, field: Field, told: str) -> list[Fault]:
    """What is wrong with the text of one field."""

    def wrong(what: str, mend: str) -> list[Fault]:
        return [Fault(field=field.id, what=what, mend=mend)]

    shown = words.shown(told)
    if len(told) > LONGEST_VALUE or not told.isprintable():
        return wrong("this is longer than any value", "give a shorter one")
    if field.kind == "choice":
        if told not in field.choices:
            return wrong(f"`{shown}` is no choice", words.suggest(told, field.choices))
        return []
    if field.kind == "date":
        return _day_faults(row, field, told)
    value = words.number(told)
    unit = f" {field.unit}" if field.unit else ""
    mend = f"give a {'whole ' * (field.kind == 'whole')}number {field.limits}{unit}"
    if value is None:
        return wrong(f"`{shown}` is not a number" if told else "this is empty", mend)
    if not math.isfinite(value) or (field.kind == "whole" and value != int(value)):
        return wrong(f"this cannot be {shown}", mend)
    assert field.column is not None
    spec = field.column.spec
    if not (value > spec.above and spec.at_least <= value <= spec.at_most):
        return wrong(f"{shown}{unit} is outside what can be", mend)
    return []


def _day_faults(row: Row, field: Field, told: str) -> list[Fault]:
    day = words.date(told)
    if day is None:
        what = f"`{words.shown(told)}` is not a date" if told else "the day is missing"
        return [Fault(field=field.id, what=what, mend="write year-month-day, as 2024-12-01")]
    clause, agreement = row.noun, row.agreement
    assert isinstance(clause, Clause) and agreement is not None
    last = clause.until or agreement.until
    if last is not None and day > last:
        what = f"`{clause.id}` ends on {last} already"
        return [Fault(field=field.id, what=what, mend="give an earlier day")]
    first = clause.since or agreement.since
    if day <= first:
        what = f"`{clause.id}` begins on {first}: before that there is nothing to suspend"
        return [Fault(field=field.id, what=what, mend="give a later day, or leave the clause out")]
    return []


def stays(site: Sensor | Battery, day: dt.date, state: str) -> dict[str, dt.date]:
    """The dates of a site with which it is there on `day`, or away: those that must change."""
    if state == AWAY:
        yesterday, tomorrow = day - DAY, day + DAY
        if site.since is None or site.since <= yesterday:
            return {"until": yesterday}
        ended = site.until is not None and site.until < tomorrow
        return {"since": tomorrow, **({"until": tomorrow} if ended else {})}
    found = {}
    if site.since is not None and site.since > day:
        found["since"] = day
    if site.until is not None and site.until < day:
        found["until"] = day
    return found
