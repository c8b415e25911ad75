"""Holds a document against a JSON Schema: the part of draft 2020-12 that the contracts use."""

from __future__ import annotations

from typing import Any

TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
    "null": type(None),
}  # fmt: skip
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required",
    "additionalProperties", "items", "enum", "oneOf", "minimum", "maximum", "format",
}  # fmt: skip


def wrong(
    value: Any, schema: dict[str, Any], where: str = "document", root: dict[str, Any] | None = None
) -> list[str]:
    """What breaks the schema."""
    whole = root or schema
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return wrong(value, whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], where, whole)
    if "oneOf" in schema:
        fit = [s for s in schema["oneOf"] if not wrong(value, s, where, whole)]
        return [] if len(fit) == 1 else [f"{where}: fits {len(fit)} of the choices"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{where}: {value!r}"]
    kind = TYPES[schema["type"]]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{where}: is no {schema['type']}"]
    if isinstance(value, dict):
        return _wrong_object(value, schema, where, whole)
    if isinstance(value, list):
        return [x for i, v in enumerate(value) for x in wrong(v, schema["items"], f"{where}[{i}]", whole)]
    if value is not None and not isinstance(value, str | bool):
        low, high = schema.get("minimum", -float("inf")), schema.get("maximum", float("inf"))
        return [] if low <= value <= high else [f"{where}: {value} out of bounds"]
    return []


def _wrong_object(
    value: dict[str, Any], schema: dict[str, Any], where: str, whole: dict[str, Any]
) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{where}: lacks {key}" for key in schema.get("required", ()) if key not in value]
    for key, inner in value.items():
        rule = properties.get(key, schema["additionalProperties"])
        found += [f"{where}: {key} is new"] if rule is False else wrong(inner, rule, f"{where}.{key}", whole)
    return found
