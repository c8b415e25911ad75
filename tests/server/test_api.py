"""The paths as their own description has them, tried by schemathesis with what it makes up."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from synaspis.server.app import app, inner
from synaspis.server.limits import Limits, Rate
from tests.server.seats import SECRET, TITLES, Nothing, house, joined

MANY = Rate(per_s=1e6, burst=1_000_000)
HOUSE = house(Nothing(), Limits(requests=MANY, unknown=MANY))


def _description() -> dict[str, Any]:
    """As the server would describe itself, with the seats that there are and one that is not."""
    told = inner(HOUSE).openapi()
    for path in told["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "seat":
                    parameter["schema"]["enum"] = [*TITLES, "XXX"]
                if parameter["name"] == "name":
                    parameter["schema"]["enum"] = ["report.css", "none.js"]
    return told


DESCRIBED = schemathesis.openapi.from_dict(_description())
DESCRIBED.app = app(HOUSE)
COOKIES = {seat: joined(HOUSE, seat) for seat in ("director", "POL")}
LEAVES = "/seats/{seat}/leave"
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def _tried(case: schemathesis.Case, cookie: str, host: str = "127.0.0.1:8478") -> None:
    headers = {"Host": host, "Origin": f"http://{host}", **({"Cookie": cookie} if cookie else {})}
    said = case.call(base_url=f"http://{host}", headers=headers)
    assert said.status_code < 500
    assert SECRET.encode() not in said.content  # only Germany knows it, and nobody here sits there
    assert said.headers["x-content-type-options"] == ["nosniff"]
    checks = [schemathesis.checks.not_a_server_error, status_code_conformance, response_schema_conformance]
    case.validate_response(said, checks=checks)


@DESCRIBED.parametrize()
@QUICK
def test_from_nobody(case: schemathesis.Case) -> None:
    _tried(case, "")


@DESCRIBED.parametrize()
@QUICK
def test_from_the_director(case: schemathesis.Case) -> None:
    if case.path != LEAVES:
        _tried(case, COOKIES["director"])


@DESCRIBED.parametrize()
@QUICK
def test_from_a_nation(case: schemathesis.Case) -> None:
    if case.path != LEAVES:
        _tried(case, COOKIES["POL"])


@DESCRIBED.parametrize()
@settings(QUICK, max_examples=3)
def test_from_a_page_elsewhere(case: schemathesis.Case) -> None:
    headers = {"Host": "127.0.0.1:8478", "Origin": "http://evil.example", "Cookie": COOKIES["director"]}
    said = case.call(base_url="http://127.0.0.1:8478", headers=headers)
    assert said.status_code in (403, 413)
