"""Compile kernels and tests once, before tests in two processes would each compile the same.

    python -m tests.warm

Does nothing where it was done for these kernels. What fails here is for the tests to tell.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from synaspis import kernels

MARK = "warm-for-tests"
BATCH = "from synaspis import api; api.run('first-light', trials=2)"
LIVE = """
from synaspis import api
for _ in api.unfold('first-light').events():
    pass
api.fly('mrbm-2000', (38.0, 46.3), (44.4, 26.1))
"""


def main() -> None:
    assert kernels.__file__  # importing it has named the cache
    mark = Path(os.environ["NUMBA_CACHE_DIR"]) / MARK
    if mark.is_file():
        return
    print("compiling kernels, once", file=sys.stderr)
    python, quiet = sys.executable, subprocess.DEVNULL
    commands = ((python, "-c", BATCH), (python, "-c", LIVE), (python, "-m", "pytest", "-q", "--collect-only"))
    parts = [subprocess.Popen(command, stdout=quiet, stderr=quiet) for command in commands]
    codes = [part.wait() for part in parts]
    if not any(codes):
        mark.touch()


if __name__ == "__main__":
    main()
