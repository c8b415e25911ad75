"""`network`, its `status` and its `audit`, each with `--json`, keep their contracts, and say nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from synaspis.model.network_audit import document
from synaspis.model.network_status import totals_document
from synaspis.network.auditing import audit
from tests.files.contract import contract, wrong
from tests.network.test_auditing import played
from tests.report.network_views import totals


def plain(told: object) -> Any:
    return json.loads(json.dumps(msgspec.to_builtins(told), allow_nan=False))


def status() -> Any:
    """As `network status` prints it: a nation of the view has not answered."""
    v = totals().view
    return plain({"nations": {n.nation: n.status for n in v.nodes} | {"XXX": None}, "range": v.range})


def test_statuses_and_totals() -> None:
    assert wrong(status(), contract("network-status")) == []
    assert wrong(plain({"nations": {}, "range": None}), contract("network-status")) == []
    assert wrong(plain(totals_document(totals())), contract("network")) == []
    assert wrong(plain(totals_document(totals(finished=False, folder=""))), contract("network")) == []


def test_an_audit(tmp_path: Path) -> None:
    with played(tmp_path):
        pass
    for nation in ("AAA", "BBB", "DDD"):
        told = plain(document(audit(tmp_path / f"{nation}.journal")))
        assert wrong(told, contract("network-audit")) == []
    assert wrong(told | {"extra": 1}, contract("network-audit")) != []
    assert wrong({k: v for k, v in told.items() if k != "whole"}, contract("network-audit")) != []


@pytest.mark.parametrize(("path", "value"), [
    (("nations", "USA", "state"), "asleep"), (("nations", "USA", "own"), -1),
    (("nations", "USA", "own"), "3"),
    (("nations", "USA", "latency", "track", "p50_ms"), "fast"), (("nations", "USA", "secret"), 1),
    (("range", "launched"), None), (("missiles",), []), (("nations", "USA", "warned"), None),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(path: tuple[str, ...], value: object) -> None:
    broken = copy.deepcopy(status())
    inner = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, contract("network-status")) != []
