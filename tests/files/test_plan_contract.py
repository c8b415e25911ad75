"""`plan --json` keeps its contract: docs/contracts/plan.schema.json describes it, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model.plan import document
from tests import answers
from tests.files.contract import contract, wrong

SCHEMA = contract("plan")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return json.loads(json.dumps(document(answers.plan()), allow_nan=False))


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []


def test_a_clash_keeps_it_too() -> None:
    answer = api.plan("first-light", objective="cost", protect=0.999, trials=5, jobs=1)
    none = json.loads(json.dumps(document(answer), allow_nan=False))
    assert none["clash"]["constraints"] and none["binding"] == []
    assert wrong(none, SCHEMA) == []


def test_it_has_the_keys_that_tools_rely_on(told: dict[str, Any]) -> None:
    assert {"responsibility", "laydown", "gap", "binding"} <= set(told)
    assert told["responsibility"] and told["binding"]
    for r in told["responsibility"]:
        assert {"asset", "layer", "primary", "backup"} <= set(r)


@pytest.mark.parametrize(("path", "value"), [
    (("gap",), -0.1), (("objective",), "most"), (("responsibility", 0, "gets_through"), 1.5),
    (("responsibility", 0, "backup"), 3), (("binding", 0, "how"), "guessed"), (("cost_musd",), 4.0),
    (("played", "error"), None), (("extra",), 1),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(told)
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []
