"""How uvicorn speaks websockets here: a client that reads nothing cannot keep its connection for that."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class Protocol(WebSocketsSansIOProtocol):
    """As uvicorn has it, but where a close cannot be said, as what was sent before waits still, it cuts."""

    async def send(self, message: Any) -> None:
        """As ASGI has it."""
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self.transport.abort()
            raise ClientDisconnected
        await super().send(message)
