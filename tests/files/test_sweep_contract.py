"""`sweep --json` and `absorb --json` keep their contracts, which describe nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model import absorb, sweep
from tests.files.contract import contract, wrong


@pytest.fixture(scope="module")
def swept() -> dict[str, Any]:
    vary = {"raid.salvo": [1, 2], "sensors.kurecik": [True, False], "state_of_alert": ["crisis"]}
    answer = api.sweep("first-light", vary, trials=5, jobs=1)
    told: dict[str, Any] = json.loads(json.dumps(sweep.document(answer), allow_nan=False))
    return told


@pytest.fixture(scope="module")
def absorbed() -> dict[str, Any]:
    answer = api.absorb("first-light", confidence=0.5, most=2, trials=5, jobs=1)
    told: dict[str, Any] = json.loads(json.dumps(absorb.document(answer), allow_nan=False))
    return told


def test_real_documents_keep_the_contracts(swept: dict[str, Any], absorbed: dict[str, Any]) -> None:
    assert wrong(swept, contract("sweep")) == []
    assert wrong(absorbed, contract("absorb")) == []


def test_rows_hold_the_axes(swept: dict[str, Any]) -> None:
    assert swept["points"] == 4 and len(swept["rows"]) == 8
    seen = [(r["raid.salvo"], r["sensors.kurecik"], r["regime"]) for r in swept["rows"]]
    assert seen[0] == (1, "on", "national") and len(set(seen)) == 8


@pytest.mark.parametrize(("key", "value"), [
    ("p_no_leaker", 1.5), ("missiles", 0), ("leakers_mean", "few"), ("raid.salvo", [1]),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(swept: dict[str, Any], key: str, value: Any) -> None:
    broken = copy.deepcopy(swept)
    broken["rows"][0][key] = value
    assert wrong(broken, contract("sweep")) != []
