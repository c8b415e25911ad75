"""How fast two places are joined: trajectories solved and flown a second, all classes and shapes."""

from __future__ import annotations

from tests.soak.closure import flown, pairs, trials

Row = dict[str, float | str]

COUNT = 2_000
THREADS = 2


def bench() -> dict[str, Row]:
    """`trajectories`: solved, flown and sampled every 10 s on two threads, best of three."""
    given = list(trials(pairs(COUNT // 21 + 1, seed=1)))[:COUNT]
    flown(given[:21])
    took = min(flown(given, THREADS)[1] for _ in range(3))
    return {"trajectories": {"value": COUNT / took, "unit": "trajectories/s"}}
