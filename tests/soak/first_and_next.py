"""The first run, which compiles, and the next, which does not: the same bytes. Takes some three minutes.

python -m tests.soak.first_and_next [CASE]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

RUN = """
import sys, synaspis
case = synaspis.load(sys.argv[1])
synaspis.write(case, synaspis.run(case, trials=50), sys.argv[2])
"""


def main(case: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XDG_CACHE_HOME": f"{folder}/cache"}
        runs = [Path(folder, name) for name in ("first", "next")]
        for run in runs:
            subprocess.run([sys.executable, "-c", RUN, case, str(run)], env=env, check=True)
        names = sorted(p.name for p in runs[0].iterdir() if p.name != "manifest.json")
        differ = [n for n in names if (runs[0] / n).read_bytes() != (runs[1] / n).read_bytes()]
    print(
        f"{case}: {len(names)} files, " + (f"different: {', '.join(differ)}" if differ else "the same bytes")
    )
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["first-light"]))
