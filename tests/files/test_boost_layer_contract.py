"""`plan --constellation --json` keeps its contract: docs/contracts/boost-layer.schema.json, nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model.boost_layer import BoostAnswer, document
from tests import answers
from tests.files.contract import contract, wrong

SCHEMA = contract("boost-layer")


def as_told(answer: BoostAnswer) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(document(answer), allow_nan=False))
    return told


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return as_told(answers.boost_layer())


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []
    assert told["reference"]["verdict"] == "in reach"
    assert [e["area"] for e in told["launches"]] == ["Tabriz area"]


def test_a_study_without_prices_keeps_it_too() -> None:
    told = as_told(api.boost_layer("first-light", "sbi-aps-2003", 3, jobs=1))
    assert wrong(told, SCHEMA) == []
    assert told["cost"]["constellation"]["procurement_musd"] is None
    assert (told["engagements"], told["interceptors_needed"]) == (3, 6)


@pytest.mark.parametrize(("path", "value"), [
    (("engagements",), 0), (("launches", 0, "verdict"), "maybe"), (("reference", "in_reach", "value"), -1.0),
    (("reference", "simulated", "enough"), 1.5), (("sweeps", "burn_s", "satellites", 0, "at"), "long"),
    (("cost", "constellation", "launch_musd"), 3.0),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(told)
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []
