"""The document of the editor of a case: what may be changed, in words, and as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synaspis.files.editing import Field, Row
from synaspis.model.agreement import Agreement, Clause, Release
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.sensor import Sensor
from synaspis.model.threat import Firing
from synaspis.report.clauses import name_of, terms_words

KINDS = {"Release": "release", "Mandate": "mandate", "Authority": "authority", "Consent": "consent"}


def sheet_document(case: Case, rows: Sequence[Row]) -> dict[str, Any]:
    """Rows by list, in the case's order; every field with its id, its kind and its value as it was."""
    agreements: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.agreement is not None:
            held = agreements.setdefault(row.agreement.name, _agreement(case, row.agreement))
            held["clauses"].append(_clause(row))
    return {
        "case": case.name,
        "title": case.file.title,
        "date": case.file.date.isoformat(),
        "agreements": list(agreements.values()),
        "sites": [_site(case, row) for row in rows if row.what == "site"],
        "salvo": [_salvo(row) for row in rows if row.what == "salvo"],
        "nations": {n.code: name_of(n.code) for n in case.file.nations},
    }


def _agreement(case: Case, agreement: Agreement) -> dict[str, Any]:
    return {
        "name": agreement.name,
        "title": agreement.title,
        "parties": list(agreement.parties),
        "regimes": [r.name for r in case.file.regimes if agreement.name in r.agreements],
        "clauses": [],
    }


def _clause(row: Row) -> dict[str, Any]:
    clause = row.noun
    assert isinstance(clause, Clause)
    kind = KINDS[type(clause).__name__]
    if isinstance(clause, Release) and clause.effect == "forbid":
        kind = "refusal"
    return {
        "name": clause.id,
        "kind": kind,
        "words": clause.note,
        "terms": terms_words(clause),
        "assumed": clause.assumed,
        **_common(row),
    }


def _site(case: Case, row: Row) -> dict[str, Any]:
    site = row.noun
    assert isinstance(site, Sensor | Battery)
    name = site.type if isinstance(site, Sensor) else site.system
    return {
        "name": site.name,
        "kind": "sensor" if isinstance(site, Sensor) else "battery",
        "type": name,
        "owner": site.owner,
        "host": site.host or site.owner,
        **_common(row),
    }


def _salvo(row: Row) -> dict[str, Any]:
    firing = row.noun
    assert isinstance(firing, Firing)
    place = firing.target or "open ground"
    return {"name": place, "threat": firing.threat, "launch": firing.launch, **_common(row)}


def _common(row: Row) -> Mapping[str, Any]:
    return {"holds": row.holds, "fields": [_field(f) for f in row.fields.values()]}


def _field(f: Field) -> dict[str, Any]:
    return {
        "id": f.id,
        "key": f.key,
        "kind": f.kind,
        "was": f.was,
        "unit": f.unit,
        "choices": list(f.choices),
        "limits": f.limits,
    }
