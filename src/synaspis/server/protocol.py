"""How uvicorn speaks here: a client that says or reads nothing cannot keep its connection for that."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD_S: Final = 10.0
"""The head of a request must have come whole so long after its beginning, or after the connection's."""


class Http(H11Protocol):
    """As uvicorn has it, but that it does not wait for ever for the head of a request."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As asyncio has it."""
        super().connection_made(transport)
        self._head = self.loop.call_later(HEAD_S, transport.abort)

    def data_received(self, data: bytes) -> None:
        """As asyncio has it."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._came()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """As asyncio has it."""
        self._came()
        super().connection_lost(exc)

    def _came(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None


class Protocol(WebSocketsSansIOProtocol):
    """As uvicorn has it, but where a close cannot be said, as what was sent before waits still, it cuts."""

    async def send(self, message: Any) -> None:
        """As ASGI has it."""
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self.transport.abort()
            raise ClientDisconnected
        await super().send(message)
