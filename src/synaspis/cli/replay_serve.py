"""`synaspis replay LOG` in the browser: the page, what ifs from any moment, until Ctrl-C."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from typing import Any

from synaspis.cli.replay_beside import Beside


def bound(port: int) -> socket.socket:
    """Where it will be served. ServerError where a library is missing or the port is taken."""
    from synaspis.server import listening

    listening.needed()
    return listening.bound(listening.Place(port=port))


def serve(at: socket.socket, shown: dict[str, Any], beside: Beside) -> None:
    """Serve until it is interrupted."""
    from synaspis.network.processes import stopped_by_signals
    from synaspis.server import listening
    from synaspis.server.limits import Limits
    from synaspis.server.review_app import WhatIfs, encoded, review_app

    def plays(regime: str, from_s: float, told: Callable[[str, float], None]) -> dict[str, Any]:
        return beside.course(regime, from_s, told)

    place = listening.Place(port=at.getsockname()[1])
    names, token = listening.names(place, place.port), secrets.token_urlsafe(32)
    document = encoded({**shown, "live": True})
    gate = review_app(shown["title"], document, WhatIfs(plays), names, Limits(), token)
    with stopped_by_signals() as stop, listening.serving(gate, place, at) as serving:
        print(f"In the browser: {names.base}/#{token} (Ctrl-C ends)", flush=True)
        while serving.alive and not stop.wait(1.0):
            pass
