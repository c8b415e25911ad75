"""summary.json keeps its contract: docs/contracts/run.schema.json describes it, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model.answers import CAUSES, SWITCHES
from synaspis.model.summary import summary
from tests.files.contract import contract, wrong
from tests.report.fake import fake_answer

SCHEMA = contract("run")


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
        assert wrong({k: v for k, v in document.items() if k != key}, SCHEMA) == [f"document: lacks {key}"]


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
