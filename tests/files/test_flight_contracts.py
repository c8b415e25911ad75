"""`fly --json` and `reconstruct --json` keep their contracts, in docs/contracts."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from synaspis import api
from synaspis.model import flown, reconstruction
from tests.files.contract import contract, wrong

TABRIZ, BUCHAREST = (38.08, 46.29), (44.43, 26.10)
FLIGHTS: dict[str, tuple[Any, ...]] = {
    "minimum-energy": ("mrbm-2000", TABRIZ, BUCHAREST),
    "depressed": ("mrbm-2000", TABRIZ, BUCHAREST, "depressed"),
    "glide": ("glide-mrbm", TABRIZ, BUCHAREST),
    "quasi-ballistic": ("quasi-ballistic-500", TABRIZ, (40.2, 44.5)),
    "cruise from the sea": ("cruise-subsonic", (43.0, 34.0), BUCHAREST),
}
CLAIMS: dict[str, tuple[Any, ...]] = {
    "consistent": (4475.0, 950.0, (39.28, 125.87), 76.0, (3240.0, 2400.0)),
    "no site": (600.0, 900.0),
    "impossible": (50.0, 5000.0, None, None, (600.0,)),
    "all round": (6200.0, 1000.0, (39.28, 125.87), 76.0),
    "in the air": (45.0, 400.0, "39.28,125.87", 76.0),
}


def flight(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(flown.document(api.fly(*FLIGHTS[name])), allow_nan=False))
    return found


def claim(name: str) -> dict[str, Any]:
    made = reconstruction.document(api.reconstruct(*CLAIMS[name]))
    found: dict[str, Any] = json.loads(json.dumps(made, allow_nan=False))
    return found


@pytest.mark.parametrize("name", FLIGHTS)
def test_a_flight_keeps_its_contract(name: str) -> None:
    assert wrong(flight(name), contract("fly")) == []


@pytest.mark.parametrize("name", CLAIMS)
def test_a_reconstruction_keeps_its_contract(name: str) -> None:
    assert wrong(claim(name), contract("reconstruct")) == []


@pytest.mark.parametrize(("made", "schema"), [(flight, "fly"), (claim, "reconstruct")])
def test_every_key_is_needed_and_no_other_allowed(made: Any, schema: str) -> None:
    document = made(next(iter(FLIGHTS if schema == "fly" else CLAIMS)))
    for key in document:
        short = {k: v for k, v in document.items() if k != key}
        assert wrong(short, contract(schema)) == [f"document: lacks {key}"]
    assert wrong(document | {"new": 1}, contract(schema)) == ["document: new is new"]


@pytest.mark.parametrize(("path", "value"), [
    (("time_s",), "900"), (("shape",), "high"), (("from",), [100.0, "x"]), (("overflown",), "IRN"),
    (("track", 0, "latitude_deg"), 91.0), (("stretches", 0, "share"), 1.5), (("reentry_angle_deg",), None),
    (("closure_error_m",), -1.0),
])  # fmt: skip
def test_the_checker_sees_what_is_wrong(path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(flight("minimum-energy"))
    inner: Any = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert wrong(broken, contract("fly")) != []
