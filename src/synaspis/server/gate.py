"""What every request and every connection must pass before anything else looks at it.

A page elsewhere may send requests here from a visitor's browser, or point a name of its own at this address
(DNS rebinding): so the name that was asked for must be ours, and the page that asks must be ours too. Answers
carry a content-security policy that lets a page load nothing but what comes from here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from synaspis.server.ledger import Ledger
from synaspis.server.limits import Limits, Meter

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
ENCODED: Final = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
ASKING: Final = ("GET", "HEAD")


@dataclass(frozen=True, kw_only=True)
class Names:
    """Under which names the server is reached (`127.0.0.1:8478`), first the one for links, and how."""

    hosts: tuple[str, ...]
    tls: bool

    @property
    def scheme(self) -> str:
        """`https` or `http`."""
        return "https" if self.tls else "http"

    @property
    def base(self) -> str:
        """What a link begins with."""
        return f"{self.scheme}://{self.hosts[0]}"

    @property
    def origins(self) -> frozenset[str]:
        """What a browser says of a page that came from here."""
        return frozenset(f"{self.scheme}://{host}" for host in self.hosts)


def why_not(names: Names, method: str, headers: list[tuple[bytes, bytes]]) -> tuple[int, str] | None:
    """Status and words of a refusal, None where it may pass. A connection has the method ""."""
    told = _values(headers, b"host")
    if len(told) != 1 or told[0].lower() not in names.hosts:
        return 421, "this server does not go by that name"
    asks = method in ASKING
    origins = _values(headers, b"origin")
    if len(origins) > 1 or any(origin not in names.origins for origin in origins):
        return 403, "a page from elsewhere may not ask here"
    if not asks and not origins:
        return 403, "a request that changes something must say which page it comes from"
    visits = asks and _values(headers, b"sec-fetch-mode") == ["navigate"]
    if not visits and not set(_values(headers, b"sec-fetch-site")) <= {"same-origin", "none"}:
        return 403, "a page from elsewhere may not ask here"
    return None


class Gate:
    """An ASGI application that lets through what may go to another."""

    def __init__(
        self, app: App, names: Names, limits: Limits, ledger: Ledger,
        known: Callable[[Scope], bool] = lambda _scope: False,
    ) -> None:  # fmt: skip
        """`known`: whether a request shows that it comes from somebody who was let in; others are metered."""
        self._known = known
        self._app, self.limits, self.ledger = app, limits, ledger
        self._names = names
        self._unknown = Meter(limits.unknown)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI 3.0 has it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = list(scope["headers"])
        refused = self._why_not(scope, headers)
        if refused is not None:
            status, words = refused
            self.ledger.refused("", words)
            await _refuse(scope, receive, send, status, words)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    def _why_not(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> tuple[int, str] | None:
        """Status and words of the refusal; None where nothing stands against it."""
        method = scope["method"] if scope["type"] == "http" else ""
        refused = why_not(self._names, method, headers)
        if refused is not None:
            return refused
        client = scope.get("client")
        if not self._known(scope) and not self._unknown.take(client[0] if client else ""):
            return 429, "too many requests; wait a little"
        return None

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on with its body, read whole and within bounds, and with our headers on the answer."""
        refused: tuple[int, str] | None = None
        try:
            body = await asyncio.wait_for(_body(receive, self.limits.body_bytes), self.limits.body_s)
        except TimeoutError:
            refused = 408, "the request did not come to its end"
        else:
            refused = (413, "this is longer than anything that is meant here") if body is None else None
        if refused is not None:
            self.ledger.refused("", refused[1])
            await _refuse(scope, receive, send, *refused)
            return
        told = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return told.pop() if told else await receive()

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                named = {name.lower() for name, _ in own}
                message["headers"] = [*own, *(pair for pair in ENCODED if pair[0] not in named)]
            await send(message)

        await self._app(scope, again, headed)


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body of a request; None where it is longer than `most`, or nobody is there any more."""
    body = b""
    while len(body) <= most:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body if len(body) <= most else None
    return None


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        if (await receive())["type"] == "websocket.connect":
            await send({"type": "websocket.close", "code": 1008})
        return
    body = json.dumps({"words": words}).encode()
    headers = [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *ENCODED,
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
