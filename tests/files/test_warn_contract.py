"""`warn --json` keeps its contract: docs/contracts/warn.schema.json describes it, and nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from synaspis import api
from synaspis.model.early_warning import STAGES, Constellation, document
from tests.files.contract import wrong

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "contracts" / "warn.schema.json").read_text())


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    answer = api.warn("first-light", trials=20, jobs=1)
    return json.loads(json.dumps(document(answer), allow_nan=False))


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []


def test_one_regime_alone_keeps_it_too() -> None:
    answer = api.warn("first-light", regimes=["national"], trials=2, jobs=1)
    one = json.loads(json.dumps(document(answer), allow_nan=False))
    assert one["changes"] == []
    assert one["headline"] == one["against"] == "national"
    assert wrong(one, SCHEMA) == []


def test_it_has_the_keys_that_tools_rely_on(told: dict[str, Any]) -> None:
    for regime in told["regimes"].values():
        assert set(regime["nations"]) == {"ROU", "BGR"}
        for nation in regime["nations"].values():
            assert set(nation["warned_people"]) == {"90", "300", "600"}
            assert nation["assets"]
            for asset in nation["assets"].values():
                assert {*STAGES, "impact_s", "warning_s", "population", "because"} <= set(asset)
    sofia = told["regimes"]["national"]["nations"]["BGR"]["assets"]["Sofia"]
    assert sofia["alert_s"] is None  # never is null, never 0 and never left out
    assert told["regimes"]["allied"]["nations"]["BGR"]["assets"]["Sofia"]["because"]


def test_constellations_are_told_as_the_contract_says() -> None:
    one = Constellation(
        satellites=3, coverage_min=0, coverage_mean=0.8, persistent_stereo=False, stereo_share=0.2,
        worst_gap_s=9.0,
    )  # fmt: skip
    assert wrong(dict(vars(one)), {"$ref": "#/$defs/constellation", "$defs": SCHEMA["$defs"]}) == []


@pytest.mark.parametrize(("path", "value"), [
    (("trials",), 0), (("regimes", "allied", "title"), 3), (("changes", 0, "what"), "luck"),
    (("regimes", "allied", "nations", "ROU", "warned_people", "300"), -1.0),
    (("regimes", "allied", "nations", "ROU", "assets", "Bucharest", "alert_s"), "soon"),
    (("regimes", "allied", "nations", "ROU", "assets", "Bucharest", "rests_on"), {"nothing": []}),
    (("coverage", "mrbm-2000", "regimes", "allied", "ROU", "seen"), 1.5),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(told)
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, SCHEMA) != []
