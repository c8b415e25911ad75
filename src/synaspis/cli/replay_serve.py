"""`synaspis replay LOG` in the browser: the page, what ifs from any moment, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from synaspis.cli.replay_beside import Beside


def serve(port: int, shown: dict[str, Any], beside: Beside) -> None:
    """Serve until it is interrupted. ServerError where a library is missing or the port is taken."""
    from synaspis.network.processes import stopped_by_signals
    from synaspis.server import listening
    from synaspis.server.limits import Limits

    listening.needed()
    from synaspis.server.review_app import WhatIfs, encoded, review_app

    def plays(regime: str, from_s: float, told: Callable[[str, float], None]) -> dict[str, Any]:
        return beside.course(regime, from_s, told)

    at = listening.Place(port=port)
    socket = listening.bound(at)
    names = listening.names(at, socket.getsockname()[1])
    gate = review_app(shown["title"], encoded({**shown, "live": True}), WhatIfs(plays), names, Limits())
    with stopped_by_signals() as stop, listening.serving(gate, at, socket) as serving:
        print(f"In the browser: {names.base}/ (Ctrl-C ends)", flush=True)
        while serving.alive and not stop.wait(1.0):
            pass
