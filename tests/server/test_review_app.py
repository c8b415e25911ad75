"""A review in the browser: what it serves, what ifs one at a time, and what it refuses."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import httpx
import pytest

from synaspis.errors import InputError, Problem
from synaspis.server.gate import HEADERS, Names
from synaspis.server.limits import Limits
from synaspis.server.review_app import WhatIfs, encoded, review_app

ORIGIN = "http://127.0.0.1:8479"
NAMES = Names(hosts=("127.0.0.1:8479",), tls=False)


def nothing(_regime: str, _from_s: float, _told: Any) -> dict[str, Any]:
    return {"from_s": 1.0}


def ask(what_ifs: WhatIfs, method: str, path: str, **more: Any) -> httpx.Response:
    shown = {"Host": "127.0.0.1:8479", "Origin": ORIGIN, "Authorization": "Bearer token"}
    headers = {**shown, **more.pop("headers", {})}
    gate = review_app("</title>", encoded({"live": True}), what_ifs, NAMES, Limits(), "token")

    async def once() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=ORIGIN) as client:
            told = {name: value for name, value in headers.items() if value is not None}
            return await client.request(method, path, headers=told, **more)

    return asyncio.run(once())


def until_idle(what_ifs: WhatIfs) -> dict[str, Any]:
    until_s = time.monotonic() + 10.0
    while (shown := what_ifs.shown())["now"] is not None and time.monotonic() < until_s:
        time.sleep(0.01)
    return shown


def test_the_page_asks_for_what_it_shows() -> None:
    page = ask(WhatIfs(nothing), "GET", "/")
    assert "<title>&lt;/title&gt;</title>" in page.text and 'src="/assets/replay.js"' in page.text
    assert page.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert ask(WhatIfs(nothing), "GET", "/replay.json").json() == {"live": True}
    assert ask(WhatIfs(nothing), "GET", "/assets/replay.js").status_code == 200


def test_one_what_if_at_a_time_and_all_that_were_found_stay() -> None:
    go, shares = threading.Event(), [0.25, 0.5]

    def plays(regime: str, from_s: float, told: Any) -> dict[str, Any]:
        told("as played", shares.pop(0))
        go.wait(10.0)
        return {"regime": regime, "from_s": from_s}

    what_ifs = WhatIfs(plays)
    first = ask(what_ifs, "POST", "/what-if", json={"regime": "national", "from_s": 60})
    assert first.status_code == 202 and first.json()["now"]["regime"] == "national"
    second = ask(what_ifs, "POST", "/what-if", json={"regime": "allied", "from_s": 60})
    assert second.status_code == 409 and "another is being played" in second.json()["words"]
    while not what_ifs.shown()["now"]["stage"]:
        time.sleep(0.01)
    assert ask(what_ifs, "GET", "/what-if").json()["now"]["share"] == 0.25
    go.set()
    assert until_idle(what_ifs)["found"] == [{"regime": "national", "from_s": 60.0}]
    assert what_ifs.ask("allied", 90.0)
    found = until_idle(what_ifs)["found"]
    assert [f["regime"] for f in found] == ["national", "allied"]


def test_it_can_be_stopped() -> None:
    def plays(_regime: str, _from_s: float, told: Any) -> dict[str, Any]:
        while True:
            told("as played", 0.1)
            time.sleep(0.01)

    what_ifs = WhatIfs(plays)
    assert what_ifs.ask("national", 1.0)
    assert ask(what_ifs, "POST", "/what-if/stop").status_code == 200
    assert until_idle(what_ifs) == {"now": None, "words": "stopped", "found": []}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InputError([Problem("--what-if", 0, 0, "no regime `x`", "give another")]), "no regime `x`"),
        (ValueError("900 s is not in it"), "900 s is not in it"),
        (RuntimeError("secret"), "it could not be played: RuntimeError"),
    ],
)
def test_what_is_wrong_is_said(error: Exception, words: str) -> None:
    def plays(_regime: str, _from_s: float, _told: Any) -> dict[str, Any]:
        raise error

    what_ifs = WhatIfs(plays)
    what_ifs.ask("x", 1.0)
    told = until_idle(what_ifs)
    assert words in told["words"] and "secret" not in told["words"] and told["found"] == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"json": {"regime": "x"}}, 422),
        ({"json": {"regime": "", "from_s": 1}}, 422),
        ({"json": {"regime": "x", "from_s": 1e300}}, 422),
        (
            {"content": b'{"regime": "x", "from_s": NaN}', "headers": {"Content-Type": "application/json"}},
            422,
        ),
        ({"json": {"regime": "x", "from_s": 1, "path": "/etc"}}, 422),
        ({"content": b"x" * 5000}, 413),
        ({"json": {"regime": "x", "from_s": 1}, "headers": {"Authorization": None}}, 401),
        ({"json": {"regime": "x", "from_s": 1}, "headers": {"Authorization": "Bearer tokem"}}, 401),
        ({"json": {"regime": "x", "from_s": 1}, "headers": {"Origin": "http://evil.example"}}, 403),
        ({"json": {"regime": "x", "from_s": 1}, "headers": {"Origin": None}}, 403),
        ({"json": {"regime": "x", "from_s": 1}, "headers": {"Host": "evil.example"}}, 421),
    ],
)
def test_what_nobody_means_plays_nothing(more: dict[str, Any], status: int) -> None:
    what_ifs = WhatIfs(nothing)
    assert ask(what_ifs, "POST", "/what-if", **more).status_code == status
    assert what_ifs.shown() == {"now": None, "words": "", "found": []}


@pytest.mark.parametrize("path", ["/replay.json", "/what-if"])
def test_who_has_not_the_link_is_shown_nothing(path: str) -> None:
    told = ask(WhatIfs(nothing), "GET", path, headers={"Authorization": None})
    assert told.status_code == 401 and told.json() == {"words": "open the link that the terminal printed"}
