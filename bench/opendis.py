"""DIS beside opendis (`opendis` on PyPI, BSD), which is installed first, into an environment of its own.

On request only (`synaspis bench opendis`); afterwards `synaspis bench dis` compares with it as well.
"""

from __future__ import annotations

import subprocess

from bench import dis
from bench.basilisk import PEERS, environment

ON_REQUEST = True


def bench() -> dict[str, dis.Row]:
    """As `bench.dis`, with its peer where that can be installed."""
    try:
        environment(PEERS / "opendis.txt")
    except (OSError, subprocess.SubprocessError) as problem:
        said = getattr(problem, "stderr", None) or str(problem)
        return {"dis_encode": {"note": f"skipped: opendis could not be installed here ({str(said)[-200:]})"}}
    return dis.bench()
