"""Checks documents against the contracts under docs/contracts: the part of JSON Schema that they use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).parents[2] / "docs" / "contracts"
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
    "null": type(None),
}  # fmt: skip
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required",
    "additionalProperties", "items", "enum", "oneOf", "minimum", "maximum", "format",
}  # fmt: skip


def contract(name: str) -> dict[str, Any]:
    """The schema of `name`."""
    found: dict[str, Any] = json.loads((CONTRACTS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def wrong(value: Any, contract: dict[str, Any], where: str = "document") -> list[str]:
    """What of the document `value` breaks `contract` (JSON Schema 2020-12)."""
    return _wrong(value, contract, contract.get("$defs", {}), where)


def _wrong(value: Any, schema: dict[str, Any], parts: dict[str, Any], where: str) -> list[str]:
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return _wrong(value, parts[schema["$ref"].removeprefix("#/$defs/")], parts, where)
    if "oneOf" in schema:
        fit = [s for s in schema["oneOf"] if not _wrong(value, s, parts, where)]
        return [] if len(fit) == 1 else [f"{where}: fits {len(fit)} of the choices"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{where}: {value!r}"]
    kind = TYPES[schema["type"]]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{where}: is no {schema['type']}"]
    if isinstance(value, dict):
        return _wrong_object(value, schema, parts, where)
    if isinstance(value, list):
        return [x for i, v in enumerate(value) for x in _wrong(v, schema["items"], parts, f"{where}[{i}]")]
    if value is not None and not isinstance(value, str | bool):
        low, high = schema.get("minimum", -float("inf")), schema.get("maximum", float("inf"))
        return [] if low <= value <= high else [f"{where}: {value} out of bounds"]
    return []


def _wrong_object(
    value: dict[str, Any], schema: dict[str, Any], parts: dict[str, Any], where: str
) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{where}: lacks {key}" for key in schema.get("required", ()) if key not in value]
    for key, inner in value.items():
        rule = properties.get(key, schema["additionalProperties"])
        found += [f"{where}: {key} is new"] if rule is False else _wrong(inner, rule, parts, f"{where}.{key}")
    return found
