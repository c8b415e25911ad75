"""summary.json keeps its contract: docs/contracts/run.schema.json describes it, and nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from synaspis import api
from synaspis.model.answers import CAUSES, SWITCHES
from synaspis.model.summary import summary
from tests.report.fake import fake_answer

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "contracts" / "run.schema.json").read_text())
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
    "null": type(None),
}  # fmt: skip
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required",
    "additionalProperties", "items", "enum", "oneOf", "minimum", "maximum", "format",
}  # fmt: skip


def wrong(value: Any, schema: dict[str, Any], where: str = "summary") -> list[str]:
    """What breaks the schema: the part of JSON Schema 2020-12 that the contract uses."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return wrong(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], where)
    if "oneOf" in schema:
        fit = [s for s in schema["oneOf"] if not wrong(value, s, where)]
        return [] if len(fit) == 1 else [f"{where}: fits {len(fit)} of the choices"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{where}: {value!r}"]
    kind = TYPES[schema["type"]]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{where}: is no {schema['type']}"]
    if isinstance(value, dict):
        return _wrong_object(value, schema, where)
    if isinstance(value, list):
        return [x for i, v in enumerate(value) for x in wrong(v, schema["items"], f"{where}[{i}]")]
    if value is not None and not isinstance(value, str | bool):
        low, high = schema.get("minimum", -float("inf")), schema.get("maximum", float("inf"))
        return [] if low <= value <= high else [f"{where}: {value} out of bounds"]
    return []


def _wrong_object(value: dict[str, Any], schema: dict[str, Any], where: str) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{where}: lacks {key}" for key in schema.get("required", ()) if key not in value]
    for key, inner in value.items():
        rule = properties.get(key, schema["additionalProperties"])
        found += [f"{where}: {key} is new"] if rule is False else wrong(inner, rule, f"{where}.{key}")
    return found


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(json.dumps(summary(api.run("first-light", trials=60, jobs=1)), allow_nan=False))


def test_a_real_summary_keeps_the_contract(document: dict[str, Any]) -> None:
    assert wrong(document, SCHEMA) == []


def test_one_regime_alone_has_no_difference_and_keeps_the_contract() -> None:
    one = summary(api.run("first-light", regimes=["national"], trials=5, jobs=1))
    assert one["difference"] is None
    assert wrong(json.loads(json.dumps(one)), SCHEMA) == []


def test_the_made_up_answer_of_other_tests_keeps_it_too() -> None:
    assert wrong(json.loads(json.dumps(summary(fake_answer()))), SCHEMA) == []


@pytest.mark.parametrize(("path", "value"), [
    (("case",), 3), (("seed",), 1.5), (("trials",), 0), (("seed",), True), (("difference",), {}),
    (("regimes", "allied", "leakers"), 1.0), (("regimes", "allied", "p_no_leaker"), 1.5),
    (("regimes", "allied", "nations", "ROU", "warning_s"), None), (("regimes", "allied", "new"), 1.0),
    (("regimes", "allied", "lost"), [{"battery": "x"}]), (("regimes", "allied", "rounds", "deveselu"), "1"),
    (("difference", "clauses", 0, "group"), "luck"),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(document)
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []


def test_a_missing_key_is_seen(document: dict[str, Any]) -> None:
    for key in document:
        assert wrong({k: v for k, v in document.items() if k != key}, SCHEMA) == [f"summary: lacks {key}"]


def test_it_has_the_keys_that_tools_rely_on(document: dict[str, Any]) -> None:
    assert {"case", "seed", "trials", "version", "regimes", "difference"} <= set(document)
    assert set(SWITCHES) <= set(document["difference"])
    for regime in document["regimes"].values():
        assert {
            "leakers", "p_no_leaker", "protected_population", "population_at_risk", "covered_population",
            "rounds", "kills_by_layer", "nations", "shots_lost",
        } <= set(regime)  # fmt: skip
        assert {"mean", "p05", "p95"} <= set(regime["leakers"])
        assert set(regime["rounds"]) == {"deveselu", "bucharest-patriot"}
        assert set(regime["kills_by_layer"]) == {"midcourse", "terminal"}
        assert set(regime["shots_lost"]) == set(CAUSES)
        assert set(regime["nations"]) == {"ROU", "BGR"}
        for nation in regime["nations"].values():
            assert {"warning_s", "leakers_mean", "protected_population"} <= set(nation)
            assert {"p05", "p50", "p95"} <= set(nation["warning_s"])


def test_the_contract_offers_every_cause_and_switch() -> None:
    regime, difference = SCHEMA["$defs"]["regime"], SCHEMA["$defs"]["difference"]
    assert tuple(regime["properties"]["shots_lost"]["properties"]) == CAUSES
    assert tuple(SCHEMA["$defs"]["lost_shot"]["properties"]["cause"]["enum"]) == CAUSES
    assert set(SWITCHES) <= set(difference["properties"])
