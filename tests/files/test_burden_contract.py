"""`burden --json` keeps its contract: docs/contracts/burden.schema.json describes it, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model.burden_document import document
from tests import answers
from tests.files.contract import contract, wrong

SCHEMA = contract("burden")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(document(answers.burden()), allow_nan=False))
    return made


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []


@pytest.mark.parametrize("asked", [
    {"members": ["ROU"]}, {"measure": "worst-nation", "amount_musd": 10.0}, {"regime": "national"},
])  # fmt: skip
def test_other_questions_keep_it_too(asked: dict[str, Any]) -> None:
    answer = api.burden("first-light", trials=5, jobs=1, **asked)
    assert wrong(json.loads(json.dumps(document(answer), allow_nan=False)), SCHEMA) == []


def test_it_has_the_keys_that_tools_rely_on(told: dict[str, Any]) -> None:
    assert {"members", "core", "nucleolus"} <= set(told)
    assert set(told["core"]) == {"stable", "excess"} and set(told["nucleolus"]) == set(told["members"])
    for m in told["members"].values():
        assert {"shapley", "banzhaf", "benefit", "burden", "pays", "free_rider_index"} <= set(m)
        assert set(m["pays"]) == {"common_funding", "gdp", "population", "benefit", "shapley", "equal"}


@pytest.mark.parametrize(("path", "value"), [
    (("measure",), "most"), (("members", "USA", "free_rider_index"), 1.5), (("core", "stable"), None),
    (("members", "USA", "burden", "low"), -1.0), (("members", "USA", "pays", "gdp"), "much"),
    (("members", "USA", "leaving", "verdict"), "perhaps"), (("bill", "assumed_share", "all"), 2.0),
    (("stability", "sweep", 0, "stable"), 1), (("extra",), 1),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(told)
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []
