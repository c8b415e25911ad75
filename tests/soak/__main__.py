"""The long loads, one after the other: `python -m tests.soak [SHARE [NAME...]]`, 1 for all (about an hour).

Figures go to standard output as JSON, each load's with its date and commit; those of the last whole loads are
kept in docs/soak.json. A load that fails gives exit code 1, after the others have run.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time

PYTHON = sys.executable
WHOLE = ("same_bytes_first_and_next", "one_and_eight")
"""What cannot be made small: everything is compiled anew, and a raid is played to its end."""
GATEWAYS = ("entitled", "hostile", "over_the_bus")
"""Tests of `tests/network` that a soak makes longer."""


def loads(share: float) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Command and environment of each load, made small by `share`."""

    def count(whole: int) -> str:
        return str(max(1, round(whole * share)))

    rounds = count(20)
    properties = [PYTHON, "-m", "pytest", "-qq", "-k", "random or property or monotone or labels"]
    return {
        "closure": ([PYTHON, "-m", "tests.soak.closure", count(500)], {}),
        "short_burns": ([PYTHON, "-m", "tests.soak.short_burns", count(500)], {}),
        "correlations": ([PYTHON, "-m", "tests.soak.correlations", count(1000)], {}),
        "coalitions": ([PYTHON, "-m", "tests.soak.coalitions", count(1000)], {}),
        "hostile_cases": ([PYTHON, "-m", "tests.soak.hostile_cases", count(50_000)], {}),
        "same_bytes_first_and_next": ([PYTHON, "-m", "tests.soak.first_and_next", "first-light"], {}),
        "agreements": ([*properties, "tests/sharing"], {"SYNASPIS_SOAK": rounds}),
        "network": ([PYTHON, "-m", "tests.soak.network", str(share)], {}),
        "one_and_eight": ([PYTHON, "-m", "tests.soak.one_and_eight", "4"], {}),
        "exercise": ([PYTHON, "-m", "tests.soak.exercise", str(share)], {}),
        "noninterference": ([PYTHON, "-m", "tests.soak.noninterference", count(200)], {}),
        "gateways": (
            [PYTHON, "-m", "pytest", "-qq", *(f"tests/network/test_{n}.py" for n in GATEWAYS)],
            {"SYNASPIS_SOAK": count(100)},
        ),
        "sensitivity": (
            [
                PYTHON,
                "-m",
                "tests.soak.sensitivity",
                count(20),
                ("--write" if share >= 1.0 else "first-light"),
            ],
            {},
        ),
        "formats": (
            [PYTHON, "-m", "pytest", "-qq", "tests/interop", "-k", "mutated"],
            {"SYNASPIS_SOAK": count(100)},
        ),
        "pictures": ([*properties, "tests/engine", "tests/studies"], {"SYNASPIS_SOAK": rounds}),
    }


def main() -> None:
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    all_of = loads(share)
    chosen = sys.argv[2:] or [name for name in all_of if share >= 1.0 or name not in WHOLE]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    figures: dict[str, dict[str, object]] = {}
    for name in chosen:
        command, more = all_of[name]
        print(f"soaking: {name}", file=sys.stderr)
        started = time.perf_counter()
        done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True)
        figures[name] = {
            "date": dt.date.today().isoformat(),
            "commit": commit,
            "share": share,
            "passed": done.returncode == 0,
            "took_s": round(time.perf_counter() - started),
            "told": _told(done.stdout, done.stderr, done.returncode == 0),
        }
    print(json.dumps(figures, indent=2))
    sys.exit(not all(f["passed"] for f in figures.values()))


def _told(out: str, err: str, passed: bool) -> object:
    try:
        return json.loads(out)
    except ValueError:
        return (out if passed else out + err).strip().splitlines()[-1 if passed else -30 :]


if __name__ == "__main__":
    main()
