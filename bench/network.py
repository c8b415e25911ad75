"""Eight nations as processes over zenoh with certificates: how long from a measurement to others' pictures.

Each has a radar that sees its own 25 objects once a second, a tracker, a journal, and a gateway that gives
every track to all others. Latencies are between two readings of one machine's clock: from the moment when the
scan was due at its owner until the updated track is in another nation's picture.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import random
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from synaspis.model.agreement import Release
from synaspis.network import keys
from synaspis.sharing.rules import Rules

Row = dict[str, float | str | None]

NATIONS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")
TRACKS, MEASURED_S, SETTLING_S = 25, 20, 5
ROOT = Path(__file__).resolve().parents[1]
CASE = "ab" * 32
LATEST_S = 120.0
"""Beyond its own time, after which a process that says nothing is given up."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one process is told. Objects of a nation, seconds measured after `SETTLING_S`, and ports."""

    nation: str
    nations: tuple[str, ...]
    folder: str
    ports: Mapping[str, int]
    tracks: int
    measured_s: int


@dataclass(kw_only=True)
class Found:
    """What all processes together found: seconds of each delivery, and by nation what it used and counted.

    `use` has for each nation, second by second: resident memory (bytes), messages that wait to leave, to be
    written and to be taken.
    """

    tracks_s: list[float] = field(default_factory=list)
    alerts_s: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    refused: int = 0
    use: dict[str, list[list[int]]] = field(default_factory=dict)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed; NaN of none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else math.nan


def bench() -> dict[str, Row]:
    """8 nations, 200 tracks at 1 Hz: milliseconds to updated tracks and to alerts, and cores in use."""
    found = measure()
    none: Row = {"peer": None, "peer_value": None, "ratio": None}
    figures = {
        "network_track_p50": (1e3 * quantile(found.tracks_s, 0.5), "ms"),
        "network_track_p99": (1e3 * quantile(found.tracks_s, 0.99), "ms"),
        "network_alert_p50": (1e3 * quantile(found.alerts_s, 0.5), "ms"),
        "network_alert_p99": (1e3 * quantile(found.alerts_s, 0.99), "ms"),
        "network_deliveries": (len(found.tracks_s) / MEASURED_S, "1/s"),
        "network_cores": (found.cpu_s / MEASURED_S, "cores"),
    }
    return {name: {"value": value, "unit": unit, **none} for name, (value, unit) in figures.items()}


def measure(nations: Sequence[str] = NATIONS, tracks: int = TRACKS, measured_s: int = MEASURED_S) -> Found:
    """Run the nations for so long, on ports that are free. RuntimeError where a process fails."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        enrolled(folder, nations)
        ports = dict(zip(nations, free_ports(len(nations)), strict=True))
        plans = [
            Plan(
                nation=n, nations=tuple(nations), folder=temporary, ports=ports, tracks=tracks,
                measured_s=measured_s,
            )
            for n in nations
        ]  # fmt: skip
        from bench import network_node

        network_node.warm(network_node.scans(plans[0]))  # here first: eight would all compile the same
        return together(run(plans))


def enrolled(folder: Path, nations: Iterable[str]) -> None:
    """Keys and certificates of all, in one folder, in force from now on."""
    now = dt.datetime.now(dt.UTC)
    keys.make_authority(folder, now)
    for nation in nations:
        keys.make_key(folder, nation)
        keys.enrol(folder, keys.request_path(folder, nation), nation, now)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody uses now, below those that systems give to calls that go out."""
    found: list[int] = []
    for port in random.sample(range(20_000, 30_000), 10_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            break
    return found


def all_to_all(nations: Sequence[str]) -> Rules:
    """Everybody gives its alerts and tracks to all others."""
    everything = Release(
        id="all", effect="permit", owners=tuple(nations), recipients=tuple(nations), products=("track",)
    )
    return Rules(
        releases=(everything,), mandates=(), authorities=(), consents=(), agreement_of={"all": "treaty"}
    )


def run(plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """Start a process for each plan, have all begin at once, and return what each printed at its end."""
    command = [sys.executable, "-m", "bench.network_node"]
    processes = [
        subprocess.Popen(
            [*command, json.dumps(asdict(plan))], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for plan in plans
    ]  # fmt: skip
    try:
        await_ready(processes)
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        limit_s = SETTLING_S + plans[0].measured_s + LATEST_S
        return [json.loads(process.communicate(timeout=limit_s)[0]) for process in processes]
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.wait()


def await_ready(processes: Sequence[subprocess.Popen[str]], most_s: float = LATEST_S) -> None:
    """Until each has said so. RuntimeError where one has ended, or takes too long."""
    until_s = time.monotonic() + most_s
    for process in processes:
        assert process.stdout is not None
        while not select.select([process.stdout], [], [], 0.2)[0]:
            if time.monotonic() > until_s or any(p.poll() is not None for p in processes):
                raise RuntimeError("a process did not start")
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("a process did not start")


def together(told: Iterable[Mapping[str, Any]]) -> Found:
    """What all say, in one."""
    found = Found()
    for one in told:
        found.tracks_s += one["tracks_s"]
        found.alerts_s += one["alerts_s"]
        found.cpu_s += one["cpu_s"]
        found.refused += one["refused"]
        found.use[one["nation"]] = one["use"]
    return found


if __name__ == "__main__":
    print(json.dumps(bench(), indent=2))
