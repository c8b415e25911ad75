"""The log of a trial: rows of time, event, who, which missile, and a value."""

from __future__ import annotations

from synaspis.engine.heap import LOGGED
from synaspis.engine.layout import (
    LOG,
    N,
    State,
)
from synaspis.kernels.jit import lean_inlined


@lean_inlined
def note(state: State, time_s: float, kind: int, a: int, b: int, value: float) -> None:
    """Append to the log where there is one (a log of zero rows costs nothing)."""
    log, n = state[LOG], state[N]
    if n[LOGGED] < log.shape[0]:
        i = n[LOGGED]
        log[i, 0] = time_s
        log[i, 1] = kind
        log[i, 2] = a
        log[i, 3] = b
        log[i, 4] = value
        n[LOGGED] += 1
