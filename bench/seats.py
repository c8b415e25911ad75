"""Thirty seats and 200 tracks, twice a second: from the engine's step to the seat, and what the server takes.

The server is a process with an engine that moves every track at every step; those who look are processes of
their own. Latencies are between two readings of one machine's clock: from when the engine's step is there to
be shown until the seat has read the frame with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.network import quantile

Row = dict[str, float | str | None]

SEATS: Final = 30
TRACKS: Final = 200
MEASURED_S: Final = 20.0
LOOKERS: Final = 3
"""Processes among which those who look are dealt out."""
ROOT: Final = Path(__file__).resolve().parents[1]


def bench() -> dict[str, Row]:
    """Milliseconds to a seat, the server's cores and memory, and frames that did not come."""
    told = measure()
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    figures = {
        "seats_p50": (1e3 * quantile(told["late_s"], 0.5), "ms"),
        "seats_p99": (1e3 * quantile(told["late_s"], 0.99), "ms"),
        "seats_cores": (told["cpu_s"] / told["measured_s"], "cores"),
        "seats_memory": (told["memory_bytes"] / 2**20, "MiB"),
        "seats_frames": (len(told["late_s"]) / MEASURED_S, "1/s"),
        "seats_dropped": (told["dropped"], "frames"),
    }
    return {name: {"value": value, "unit": unit, **none} for name, (value, unit) in figures.items()}


def measure(
    seats: int = SEATS, tracks: int = TRACKS, measured_s: float = MEASURED_S, lookers: int = LOOKERS
) -> dict[str, Any]:
    """Run the server and those who look. `dropped`: frames that some seat did not get, or with no step."""
    told = looked_at("bench.seats_parts", {"seats": seats, "tracks": tracks}, measured_s, lookers)
    shown_ns = dict(told["shown_ns"])
    told["late_s"] = [1e-9 * (came_ns - shown_ns[case_s]) for case_s, came_ns in told["came_ns"]]
    told["dropped"] += told["still"]
    return told


def looked_at(
    module: str, what: dict[str, Any], measured_s: float, lookers: int = LOOKERS, settles_s: float = 2.0
) -> dict[str, Any]:
    """Run the server that a module's `serve` is, with those who look: what it says at its end, and they.

    They begin to measure `settles_s` after all seats are open.
    """
    server = _started(module, "serve", what)
    try:
        told = json.loads(server.stdout.readline())
        dealt = [told["cookies"][i::lookers] for i in range(lookers)]
        looking = [
            _started(
                "bench.seats_parts",
                "look",
                {
                    "base": told["base"],
                    "cookies": cookies,
                    "measured_s": measured_s,
                    "settles_s": settles_s,
                },
            )
            for cookies in dealt
            if cookies
        ]
        for one in looking:
            one.stdout.readline()  # all of its seats are open
        server.stdin.write("begin\n")
        server.stdin.flush()
        for one in looking:
            one.stdin.write("begin\n")
            one.stdin.flush()
        seen = [json.loads(one.communicate(timeout=measured_s + settles_s + 60.0)[0]) for one in looking]
        used = json.loads(server.communicate(input="end\n", timeout=60.0)[0])
    finally:
        server.kill()
    counted = {name: sum(one[name] for one in seen) for name in ("dropped", "still", "bytes")}
    return {"came_ns": [pair for one in seen for pair in one["came_ns"]], **counted, **used}


def _started(module: str, part: str, what: dict[str, Any]) -> subprocess.Popen[str]:
    words: Sequence[str] = [sys.executable, "-m", module, part, json.dumps(what)]
    return subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    json.dump(bench(), sys.stdout, indent=2)
