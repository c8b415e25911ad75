"""The JSON Schemas of files that people write, derived from the fields that the reader reads.

`python -m synaspis.files.schema > docs/contracts/case.schema.json` writes the shipped copy of a case's; with
`exercise-plan` behind it, that of a master scenario events list.
"""

from __future__ import annotations

import datetime as dt
import inspect
import json
import math
import sys
import typing
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from synaspis.files import based, included
from synaspis.files.reader import Column, columns, short_for
from synaspis.model.arrangement import Borrowed
from synaspis.model.case import CaseFile
from synaspis.model.declare import Spec
from synaspis.model.scenario import Scenario

Schema = dict[str, Any]


def case_schema() -> Schema:
    """The schema (draft 2020-12) of a case file; editors can complete and check with it.

    It cannot say what holds between parts (names, reach, dates): `synaspis check` does.
    """
    parts: dict[str, Schema] = {}
    root = _noun(CaseFile, parts)
    root["properties"]["catalog"] = _own_catalog()
    for key in included.TABLES:
        root["properties"][key] = included.schema(root["properties"][key], key)
    agreements = root["properties"]["agreements"]
    agreements["items"] = {"anyOf": [agreements["items"], _borrowed(parts)]}
    parts["Based"] = _based(root["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Synaspis case",
        "if": {"type": "object", "required": [based.KEY]},
        "then": {"$ref": "#/$defs/Based"},
        "else": root,
        "$defs": dict(sorted(parts.items())),
    }


def _based(properties: Schema) -> Schema:
    """A case based on a shipped one; of things with names it gives the name and what is otherwise."""
    named = {"type": "string", "minLength": 1, "description": "shipped case that says all the rest"}
    thing = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    changed = {
        key: {
            "type": "array",
            "items": thing,
            "description": "the base's by name, and what is otherwise of them",
        }
        for key in based.NAMED
    }
    return {
        "type": "object",
        "description": "A case that is based on a shipped one and says only what is otherwise.",
        "additionalProperties": False,
        "required": [based.KEY],
        "properties": {based.KEY: named, **properties, **changed},
    }


def plan_schema() -> Schema:
    """The schema of the plan of an exercise: a master scenario events list."""
    parts: dict[str, Schema] = {}
    root = _noun(Scenario, parts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Synaspis plan of an exercise",
        **root,
        "$defs": dict(sorted(parts.items())),
    }


def text(of: str = "case") -> str:
    """The schema of a `case` or an `exercise-plan` as the text of its file."""
    made = plan_schema() if of == "exercise-plan" else case_schema()
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _noun(noun: Any, parts: dict[str, Schema]) -> Schema:
    wanted = columns(noun)
    return {
        "type": "object",
        "description": " ".join(inspect.cleandoc(noun.__doc__).split()),
        "additionalProperties": False,
        "required": [c.key for c in wanted if c.required],
        "properties": {c.key: {**_value(c, c.hint, parts), "description": _meaning(c.spec)} for c in wanted},
    }


def _value(column: Column, hint: Any, parts: dict[str, Schema]) -> Schema:
    origin = typing.get_origin(hint) or hint
    if origin is tuple:
        return _list(column, typing.get_args(hint)[0], parts)
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _value(column, typing.get_args(hint)[1], parts)}
    if is_dataclass(origin):
        return _part(hint, parts)
    if hint is dt.date:
        return {"type": "string", "format": "date"}
    if hint is bool:
        return {"type": "boolean"}
    if hint is str:
        return _word(column)
    return {"type": "integer" if hint is int else "number", **_limits(column.spec)}


def _word(column: Column) -> Schema:
    if column.spec.choices:
        return {"type": "string", "enum": list(column.spec.choices)}
    return {"type": "string", "minLength": 1} if column.required else {"type": "string"}


def _list(column: Column, hint: Any, parts: dict[str, Schema]) -> Schema:
    item = _value(column, hint, parts)
    listed: Schema = {"type": "array", "items": item}
    if column.required and column.spec.names != "agreement":
        listed["minItems"] = 1
    if column.spec.choices or column.spec.names:
        listed["uniqueItems"] = True
    return {"anyOf": [item, listed]} if hint is str else listed


def _part(noun: Any, parts: dict[str, Schema]) -> Schema:
    if noun.__name__ not in parts:
        parts[noun.__name__] = {}
        parts[noun.__name__] = _noun(noun, parts)
    reference: Schema = {"$ref": f"#/$defs/{noun.__name__}"}
    bare = short_for(columns(noun))
    return {"anyOf": [_value(bare, bare.hint, parts), reference]} if bare else reference


def _limits(spec: Spec) -> Schema:
    limits = {"exclusiveMinimum": spec.above, "minimum": spec.at_least, "maximum": spec.at_most}
    return {key: limit for key, limit in limits.items() if math.isfinite(limit)}


def _meaning(spec: Spec) -> str:
    return spec.meaning if spec.unit in ("", "1") else f"{spec.meaning} ({spec.unit})"


def _borrowed(parts: dict[str, Schema]) -> Schema:
    """An agreement taken from the catalogue; `from`, which Python keeps for itself, is no field."""
    parts["Borrowed"] = _noun(Borrowed, parts)
    named = {"type": "string", "minLength": 1, "description": "name of the arrangement in the catalogue"}
    parts["Borrowed"]["properties"] = {"from": named, **parts["Borrowed"]["properties"]}
    parts["Borrowed"]["required"] = ["from"]
    return {"$ref": "#/$defs/Borrowed"}


def _own_catalog() -> Schema:
    return {
        "type": "object",
        "description": "entries of this case's own, written as the catalogue's; they replace those that ship",
        "additionalProperties": False,
        "required": ["entries"],
        "properties": {
            "sources": {"type": "object", "additionalProperties": {"type": "string"}},
            "entries": {"type": "object", "additionalProperties": {"type": "object"}},
        },
    }


if __name__ == "__main__":
    sys.stdout.write(text(*sys.argv[1:2]))
