"""Requests to a server of seats: who is let in, with what, and what a page may do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from synaspis.server.app import app
from synaspis.server.gate import HEADERS, Gate, Names
from synaspis.server.house import House
from synaspis.server.limits import Limits, Rate
from tests.server.seats import SECRET, Nothing, house, joined

ORIGIN = "http://127.0.0.1:8478"
APPS: dict[House, Gate] = {}


def ask(made: House, method: str, path: str, **more: Any) -> httpx.Response:
    """One request, as one of our own pages makes it unless told otherwise."""
    headers = {"Host": "127.0.0.1:8478", "Origin": ORIGIN, **more.pop("headers", {})}
    told = {name: value for name, value in headers.items() if value is not None}

    async def once() -> httpx.Response:
        if made not in APPS:
            APPS[made] = app(made)
        through = httpx.ASGITransport(APPS[made])
        async with httpx.AsyncClient(transport=through, base_url=ORIGIN) as client:
            return await client.request(method, path, headers=told, **more)

    return asyncio.run(once())


def test_from_a_link_to_a_seat_and_out_again() -> None:
    play = Nothing()
    made = house(play)
    link = made.link("POL")
    base, _, rest = link.partition("/#")
    seat, _, token = rest.partition(".")
    assert (base, seat) == (ORIGIN, "POL")
    said = ask(made, "POST", "/seats/POL/join", json={"invite": token})
    assert said.json() == {"seat": "POL", "title": "Poland", "path": "/seats/POL/"}
    cookie = said.headers["set-cookie"]
    for part in ("HttpOnly", "Path=/seats/POL/", "SameSite=strict"):
        assert part in cookie
    assert "Secure" not in cookie
    shown = {"Cookie": cookie.split(";")[0]}
    page = ask(made, "GET", "/seats/POL/", headers=shown)
    assert page.status_code == 200
    assert 'data-seat="POL" data-role="nation"' in page.text
    assert ask(made, "GET", "/seats/POL/still.json", headers=shown).json()["seat"] == "POL"
    assert play.taken == [("POL", True)]
    assert ask(made, "POST", "/seats/POL/leave", headers=shown).status_code == 200
    assert ask(made, "GET", "/seats/POL/still.json", headers=shown).status_code == 401
    assert play.taken == [("POL", True), ("POL", False)]


def test_over_tls_the_cookie_is_secure() -> None:
    made = house(Nothing(), names=Names(hosts=("127.0.0.1:8478",), tls=True))
    told = {"invite": made.doors.invite("POL")}
    said = ask(made, "POST", "/seats/POL/join", json=told, headers={"Origin": "https://127.0.0.1:8478"})
    assert said.headers["set-cookie"].startswith("__Secure-seat-8478=")
    assert "; Secure" in said.headers["set-cookie"]


def test_a_seat_is_empty_when_the_last_has_left() -> None:
    play = Nothing()
    made = house(play)
    one, other = joined(made, "POL"), joined(made, "POL")
    ask(made, "POST", "/seats/POL/leave", headers={"Cookie": one})
    assert play.taken == []
    ask(made, "POST", "/seats/POL/leave", headers={"Cookie": other})
    assert play.taken == [("POL", False)]


@pytest.mark.parametrize("path", ["/seats/DEU/still.json", "/seats/DEU/", "/seats/director/seats.json"])
def test_another_seats_cookie_opens_nothing(path: str) -> None:
    play = Nothing()
    made = house(play)
    said = ask(made, "GET", path, headers={"Cookie": joined(made, "POL")})
    made.ledger.close()
    assert said.status_code == 401
    assert SECRET not in said.text
    assert any("a cookie that does not open this seat" in what for _, what in play.noted)


def test_the_director_invites_and_revokes() -> None:
    play = Nothing()
    made = house(play)
    director = {"Cookie": joined(made, "director")}
    link = ask(made, "POST", "/seats/director/invite", json={"seat": "POL"}, headers=director).json()["link"]
    token = link.rpartition(".")[2]
    assert made.doors.count("POL") == (1, 0)
    poland = joined(made, "POL")
    told = ask(made, "GET", "/seats/director/seats.json", headers=director).json()["seats"]["POL"]
    assert told == {"title": "Poland", "links": 1, "sessions": 1, "connections": 0}
    said = ask(made, "POST", "/seats/director/revoke", json={"seat": "POL"}, headers=director)
    assert said.json() == {"seat": "POL", "links": 1, "sessions": 1}
    assert ask(made, "GET", "/seats/POL/still.json", headers={"Cookie": poland}).status_code == 401
    assert ask(made, "POST", "/seats/POL/join", json={"invite": token}).status_code == 403
    own = ask(made, "POST", "/seats/director/revoke", json={"seat": "director"}, headers=director)
    assert own.status_code == 409
    unknown = ask(made, "POST", "/seats/director/invite", json={"seat": "XXX"}, headers=director)
    assert unknown.status_code == 404
    for path in ("invite", "revoke"):
        said = ask(made, "POST", f"/seats/director/{path}", json={"seat": "POL"}, headers={"Cookie": poland})
        assert said.status_code == 401
    made.ledger.close()
    assert not any(token in what for _, what in play.noted)


def test_there_is_one_director() -> None:
    made = house(Nothing())
    joined(made, "director")
    said = ask(made, "POST", "/seats/director/join", json={"invite": made.doors.invite("director")})
    assert said.status_code == 403
    assert "directs this exercise already" in said.json()["words"]


CROSS = {
    "another name": ({"Host": "evil.example:8478"}, 421),
    "another port": ({"Host": "127.0.0.1:9999"}, 421),
    "no port": ({"Host": "127.0.0.1"}, 421),
    "another origin": ({"Origin": "http://evil.example"}, 403),
    "another port's page": ({"Origin": "http://127.0.0.1:9999"}, 403),
    "another scheme's page": ({"Origin": "https://127.0.0.1:8478"}, 403),
    "a page without origin": ({"Origin": "null"}, 403),
    "a cross-site request": ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403),
    "another port's script": ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
}


@pytest.mark.parametrize(("method", "path"), [("GET", "/seats/DEU/still.json"), ("POST", "/seats/DEU/leave")])
@pytest.mark.parametrize("case", CROSS)
def test_no_page_from_elsewhere_asks_here(case: str, method: str, path: str) -> None:
    play = Nothing()
    made = house(play)
    headers, status = CROSS[case]
    said = ask(made, method, path, headers={"Cookie": joined(made, "DEU"), **headers})
    made.ledger.close()
    assert said.status_code == status
    assert SECRET not in said.text
    assert said.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert [seat for seat, what in play.noted if what.startswith("refused")] == [""]
    assert made.doors.count("DEU")[1] == 1


def test_what_changes_something_must_say_where_it_comes_from() -> None:
    made = house(Nothing())
    cookie = {"Cookie": joined(made, "POL"), "Origin": None}
    assert ask(made, "GET", "/seats/POL/still.json", headers=cookie).status_code == 200
    assert ask(made, "POST", "/seats/POL/leave", headers=cookie).status_code == 403


def test_a_link_from_a_letter_may_be_followed() -> None:
    headers = {"Origin": None, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert ask(house(Nothing()), "GET", "/", headers=headers).status_code == 200


def test_every_answer_carries_the_policy() -> None:
    made = house(Nothing())
    for method, path in (("GET", "/"), ("GET", "/none"), ("POST", "/"), ("GET", "/assets/report.css")):
        said = ask(made, method, path)
        for name, value in HEADERS.items():
            if name != "cache-control":
                assert said.headers[name] == value
        assert "unsafe" not in said.headers["content-security-policy"]


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    made = house(Nothing())
    made.titles["POL"] = '"><script>alert(1)</script>'
    for path in ("/", "/seats/POL/"):
        text = ask(made, "GET", path, headers={"Cookie": joined(made, "POL")}).text
        assert text.count("<script") == 1
        assert "<style" not in text
        assert " style=" not in text


def test_a_built_file_is_sent_once() -> None:
    made = house(Nothing())
    first = ask(made, "GET", "/assets/report.css")
    assert first.headers["content-type"] == "text/css; charset=utf-8"
    again = ask(made, "GET", "/assets/report.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("../server/app.py", "%2e%2e/server/app.py", "none.js", "..%2f__init__.py"):
        assert ask(made, "GET", f"/assets/{name}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{", 422), (b"[" * 4000, 400), (b'{"invite": "\\ud800"}', 422), (b"\xff\xfe", 422),
        (b'{"invite": NaN}', 422), (b'{"invite": ""}', 422), (b'{"invite": "x", "more": 1}', 422),
        (b'{"invite": "' + b"x" * 4085 + b'"}', 413), (b"x" * 100_000, 413),
    ],
)  # fmt: skip
def test_a_body_that_is_nothing_is_refused_in_words(body: bytes, status: int) -> None:
    said = ask(
        house(Nothing()),
        "POST",
        "/seats/POL/join",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert said.status_code == status
    assert said.json()["words"]


def test_a_body_that_does_not_say_how_long_it_is_is_bounded_too() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000_000):
            yield b"x" * 1000

    assert ask(house(Nothing()), "POST", "/seats/POL/join", content=endless()).status_code == 413


def test_who_knocks_too_often_waits_and_others_do_not() -> None:
    made = house(Nothing(), Limits(requests=Rate(per_s=0.001, burst=3), unknown=Rate(per_s=0.001, burst=5)))
    poland, germany = joined(made, "POL"), joined(made, "DEU")
    path = "/seats/POL/still.json"
    told = [ask(made, "GET", path, headers={"Cookie": poland}).status_code for _ in range(5)]
    assert told == [200, 200, 200, 429, 429]
    said = ask(made, "GET", "/seats/DEU/still.json", headers={"Cookie": germany})
    assert said.status_code == 200


def test_a_cookie_that_opens_nothing_is_no_way_round_the_rate() -> None:
    made = house(Nothing(), Limits(unknown=Rate(per_s=0.001, burst=3)))
    poland = joined(made, "POL")
    told = [ask(made, "GET", "/", headers={"Cookie": "x=1"}).status_code for _ in range(4)]
    assert told == [200, 200, 200, 429]
    assert ask(made, "GET", "/seats/DEU/still.json", headers={"Cookie": poland}).status_code == 429
    assert ask(made, "GET", "/seats/POL/still.json", headers={"Cookie": poland}).status_code == 200
