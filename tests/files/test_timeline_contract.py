"""`timeline --json` keeps its contract, docs/contracts/timeline.schema.json, which describes nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model.timeline import document
from tests.built_up import built_up
from tests.files.contract import contract, wrong

SCHEMA = contract("timeline")


def made(**asked: Any) -> dict[str, Any]:
    answer = api.timeline(built_up(**asked.pop("case", {})), trials=10, jobs=1, **asked)
    told: dict[str, Any] = json.loads(json.dumps(document(answer), allow_nan=False))
    return told


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return made(first_year=2008, last_year=2017, shares=True)


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []


def test_years_before_everything_and_sites_without_a_date_keep_it_too() -> None:
    early = made(first_year=1960, last_year=1961, case={"deveselu": ""})
    assert wrong(early, SCHEMA) == []
    (deveselu,) = (s for s in early["plans"][0]["sites"] if s["site"] == "deveselu")
    assert deveselu["happened"] is None and deveselu["late_days"] is None


def test_it_has_the_keys_that_tools_rely_on(told: dict[str, Any]) -> None:
    assert [y["year"] for y in told["years"]] == list(range(2008, 2018))
    for y in told["years"]:
        assert set(y["regimes"]) == {"national", "allied"}
        for regime in y["regimes"].values():
            assert {"protected_population", "warning_s", "cost"} <= set(regime)
            assert set(regime["cost"]) == {"value", "low", "high"}


@pytest.mark.parametrize(("path", "value"), [
    (("years", 9, "regimes", "allied", "cost"), 4.0), (("years", 9, "changes", 0, "kind"), "war"),
    (("years", 9, "regimes", "allied", "warning_s", "p50"), -1), (("years", 9, "raid", "mrbm-2000"), 0),
    (("plans", 0, "people_years", "allied", "protected_error"), -1.0), (("played",), 1.5),
    (("plans", 0, "sites", 0, "happened"), 3), (("extra",), 1),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(told)
    broken["years"][9]["changes"].append({
        "kind": "site", "name": "a", "title": "", "begins": True, "date": "2016-05-12", "source": "",
        "regimes": [],
    })  # fmt: skip
    assert wrong(broken, SCHEMA) == []
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []
