"""A real exercise of two hundred tracks and thirty seats: from its step to the seat, and what it takes.

The room is that of `synaspis exercise`, of the case `europe` with a larger raid; it is served by the real
server in a process of its own, and those who look are other processes. Latencies are from when the clock of
the exercise comes to a step's time until a seat has read the frame with it. Steps that take long are begun
before that: `rooms_ahead` says by how much. And how long steps take in the two cases that ship.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from bench.network import quantile
from bench.seats import ROOT, looked_at
from synaspis.server.stream import TICK_S

Row = dict[str, float | str | None]

CONNECTIONS: Final = 30
MEASURED_S: Final = 20.0
SETTLES_S: Final = 6.0
"""By then it is known how long steps take."""
LARGE: Final = {"times": 4, "over_s": 240.0, "starts_s": 320.0, "settles_s": 30.0}
CASES: Final = {"europe": ("allied", 330.0), "first-light": ("allied", 330.0)}
"""Regime, and how long they are played."""


def bench() -> dict[str, Row]:
    """Milliseconds to a seat and for a step, tracks in a seat, the server's cores and memory."""
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    found = {**_served(), **_steps()}
    return {name: {"value": value, "unit": unit, **none} for name, (value, unit) in found.items()}


def _served() -> dict[str, tuple[float, str]]:
    told = measure()
    return {
        "rooms_tracks": (sorted(told["tracks"])[len(told["tracks"]) // 2], "tracks"),
        "rooms_p50": (1e3 * quantile(told["late_s"], 0.5), "ms"),
        "rooms_p99": (1e3 * quantile(told["late_s"], 0.99), "ms"),
        "rooms_ahead": (1e3 * quantile(told["ahead_s"], 0.5), "ms"),
        "rooms_step_p50": (1e3 * quantile(told["took_s"], 0.5), "ms"),
        "rooms_step_p99": (1e3 * quantile(told["took_s"], 0.99), "ms"),
        "rooms_cores": (told["cpu_s"] / told["measured_s"], "cores"),
        "rooms_memory": (told["memory_bytes"] / 2**20, "MiB"),
        "rooms_dropped": (told["dropped"], "frames"),
        "rooms_still": (told["still"], "frames"),
    }


def measure(measured_s: float = MEASURED_S, connections: int = CONNECTIONS) -> dict[str, Any]:
    """Run the exercise and those who look. `dropped`: frames that some seat did not get; `still`: that came
    with no step, as it was not done in time. Steps are due at whole beats of the machine's clock, each a beat
    after the one before: the first of them that any seat saw in its own beat says which."""
    what = {**LARGE, "connections": connections}
    told = looked_at("bench.rooms_parts", what, measured_s, settles_s=SETTLES_S)
    steps = {case_s: ns for case_s, *ns in told["steps"]}
    came = [(case_s, 1e-9 * came_ns) for case_s, came_ns in told["came_ns"] if case_s in steps]
    first_s = min(came_s // TICK_S * TICK_S - case_s for case_s, came_s in came)
    told["late_s"] = [came_s - first_s - case_s for case_s, came_s in came]
    told["ahead_s"] = [first_s + case_s - 1e-9 * ns[0] for case_s, ns in steps.items()]
    told["took_s"] = [1e-9 * (ns[1] - ns[0]) for ns in steps.values()]
    return told


def _steps() -> dict[str, tuple[float, str]]:
    """How long a step takes in the cases that ship, with nobody in the seats."""
    found = {}
    for name, (regime, until_s) in CASES.items():
        what = json.dumps({"name": name, "regime": regime, "until_s": until_s})
        words = [sys.executable, "-m", "bench.rooms_parts", "steps", what]
        done = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        took_s = json.loads(done.stdout)["took_s"]
        for share, word in ((0.5, "p50"), (0.99, "p99")):
            found[f"room_step_{name}_{word}"] = (1e3 * quantile(took_s, share), "ms")
    return found


if __name__ == "__main__":
    json.dump(bench(), sys.stdout, indent=2)
