"""How fast DIS Entity State PDUs are written and read, in bulk and one by one; beside opendis where it is.

The peer is installed by `synaspis bench opendis`, into an environment of its own.
"""

from __future__ import annotations

import io
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.basilisk import PEERS, environment
from synaspis.interop import dis, dis_bulk
from synaspis.interop.dis_records import Clock, EntityId, EntityState, Head, StopFreeze
from synaspis.interop.dis_types import entity_type

Row = dict[str, float | str | None]

COUNT = 300_000
SINGLY = 5_000
ROUNDS = 5
RUN_LIMIT_S = 120


def states(count: int, seed: int = 1) -> dis_bulk.States:
    """Entity states anywhere within 9,000 km of the Earth's centre."""
    luck = np.random.default_rng(seed)

    def vectors(scale: float) -> np.ndarray:  # type: ignore[type-arg]
        return luck.uniform(-scale, scale, (count, 3)).astype(np.float32)

    return dis_bulk.States(
        exercise=np.full(count, 1, np.uint8),
        timestamp=luck.integers(0, 2**32, count, np.uint32),
        entity=luck.integers(1, 2**15, (count, 3), np.uint16),
        force=luck.integers(0, 3, count, np.uint8),
        type=np.full(count, entity_type("mrbm-1300").code(), np.uint64),
        algorithm=np.full(count, 2, np.uint8),
        marking=np.full(count, b"EX T", "S11"),
        velocity=vectors(3e3),
        location=luck.uniform(-9e6, 9e6, (count, 3)),
        orientation=vectors(1.0),
        acceleration=vectors(9.0),
        spin=vectors(0.1),
    )


def _rate(count: int, run: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return count / min(took)


def bench() -> dict[str, Row]:
    """`dis_encode`, `dis_decode`: entity states a second in bulk; `_one`: one by one."""
    many = states(COUNT)
    data = dis_bulk.encode_states(many)
    mixed = data + dis.encode(_stop())  # not all of one length: PDUs are found by walking
    few = data[: 144 * SINGLY]
    pdus: list[EntityState] = [p for p in dis.Reader(io.BytesIO(few)) if isinstance(p, EntityState)]
    rates = {
        "dis_encode": _rate(COUNT, lambda: dis_bulk.encode_states(many)),
        "dis_decode": _rate(COUNT, lambda: dis_bulk.decode_states(data)),
        "dis_decode_mixed": _rate(COUNT + 1, lambda: dis_bulk.decode_states(mixed)),
        "dis_encode_one": _rate(SINGLY, lambda: [dis.encode(pdu) for pdu in pdus]),
        "dis_decode_one": _rate(SINGLY, lambda: list(dis.Reader(io.BytesIO(few)))),
    }
    found: dict[str, Row] = {
        name: {"value": rate, "unit": "PDU/s", "peer": None, "peer_value": None, "ratio": None}
        for name, rate in rates.items()
    }
    try:
        theirs = _peer(few)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        found["dis_encode"]["note"] = (
            f"no peer ({type(problem).__name__}); synaspis bench opendis installs it"
        )
        return found
    for name, rate in rates.items():
        peer = theirs["encode_per_s" if "encode" in name else "decode_per_s"]
        found[name] |= {"peer": "opendis", "peer_value": peer, "ratio": rate / peer}
    return found


def _peer(pdus: bytes) -> dict[str, float]:
    """PDUs a second of opendis, one by one, as it has no other way."""
    python = environment(PEERS / "opendis.txt", make=False)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "pdus").write_bytes(pdus)
        task = {"pdus": str(folder / "pdus"), "size": 144, "rounds": ROUNDS}
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        command = [str(python), str(PEERS / "opendis_run.py"), str(folder / "task.json")]
        said = subprocess.run(command, check=True, timeout=RUN_LIMIT_S, capture_output=True, text=True)
    found: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return found


def _stop() -> StopFreeze:
    return StopFreeze(head=Head(exercise=1), origin=EntityId(), receiver=EntityId(), real_world=Clock())
