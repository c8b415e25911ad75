"""Free flight with J2 beside Basilisk, which propagates the same states: positions and speed.

On request only (`synaspis bench basilisk`): Basilisk is installed into an environment of its own, which takes
600 MB and the network once. Source of the peer: https://avslab.github.io/basilisk/, package `bsk` on PyPI.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.flight import moving
from synaspis.kernels import earth, flight

Floats = NDArray[np.float64]
Row = dict[str, float | str]

ON_REQUEST = True
COUNT = 256
STEPS = 1200
STEP_S = 1.0
INSTALL_LIMIT_S = 900
RUN_LIMIT_S = 300
PEERS = Path(__file__).resolve().parent / "peers"


def climbs(count: int, seed: int = 5) -> Floats:
    """States from 150 to 250 km, so steep that they stay above the air for 20 minutes: (N, 6) ECEF."""
    luck = np.random.default_rng(seed)
    return moving(luck, count, (150e3, 250e3), (6000.0, 7500.0), (60.0, 80.0), 1.0)


def turned(points: Floats, angle_rad: float) -> Floats:
    """Vectors (N, 3) turned eastward about the Earth's axis."""
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return points @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def inertial(states: Floats) -> Floats:
    """ECEF states in the inertial frame that coincides with ECEF at their time: (N, 6)."""
    spin = np.array([0.0, 0.0, earth.ROTATION_RADPS])
    return np.hstack([states[:, :3], states[:, 3:] + np.cross(spin, states[:, :3])])


def environment(requirements: Path, make: bool = True) -> Path:
    """The Python of the peer's environment, made if need be and `make`. OSError or SubprocessError."""
    mark = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:8]
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "synaspis" / "peers" / f"{requirements.stem}-{mark}"
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    done = folder / ".installed"
    if not done.exists() and not make:
        raise FileNotFoundError(folder)
    if not done.exists():
        print(f"installing {requirements.read_text().strip()} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(scripts / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "-r", str(requirements)], check=True, timeout=INSTALL_LIMIT_S, capture_output=True
        )
        done.touch()
    return scripts / "python"


def _peer(states: Floats) -> tuple[Floats, float]:
    """What Basilisk makes of inertial states: their ends, and the seconds it took."""
    python = environment(PEERS / "basilisk.txt")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        np.save(folder / "states.npy", states)
        task = {
            "states": str(folder / "states.npy"),
            "ends": str(folder / "ends.npy"),
            "step_s": STEP_S,
            "steps": STEPS,
            "gravity_m3ps2": earth.GRAVITY_M3PS2,
            "equatorial_radius_m": earth.EQUATORIAL_RADIUS_M,
            "j2": earth.J2,
        }
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        command = [str(python), str(PEERS / "basilisk_run.py"), str(folder / "task.json")]
        said = subprocess.run(command, check=True, timeout=RUN_LIMIT_S, capture_output=True, text=True)
        return np.load(folder / "ends.npy"), float(json.loads(said.stdout.splitlines()[-1])["seconds"])


def _ours(states: Floats) -> tuple[Floats, float]:
    """Our ends of ECEF states on one thread, without drag, and the seconds of the best of five."""
    beta, out = np.full(len(states), 1e4), np.empty_like(states)
    took = []
    for _ in range(6):
        start = time.perf_counter()
        flight.propagate_into(states, beta, STEP_S, STEPS, earth.ROTATION_RADPS, earth.J2, 0.0, out)
        took.append(time.perf_counter() - start)
    return out, min(took[1:])


def bench() -> dict[str, Row]:
    """`basilisk`: steps a second on one thread, Basilisk's, and the largest distance between the ends."""
    states = climbs(COUNT)
    try:
        theirs, peer_took = _peer(inertial(states))
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        said = getattr(problem, "stderr", None) or str(problem)
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        last = text.strip().splitlines()[-1] if text.strip() else type(problem).__name__
        return {"basilisk": {"note": f"skipped: Basilisk could not be installed or run here ({last})"}}
    ends, took = _ours(states)
    back = turned(theirs[:, :3], -earth.ROTATION_RADPS * STEP_S * STEPS)
    apart = float(np.linalg.norm(back - ends[:, :3], axis=1).max())
    value, peer = COUNT * STEPS / took, COUNT * STEPS / peer_took
    return {
        "basilisk": {
            "value": value, "unit": "steps/s", "peer": "Basilisk", "peer_value": peer, "ratio": value / peer,
            "agreement_m": apart,
        }
    }  # fmt: skip
