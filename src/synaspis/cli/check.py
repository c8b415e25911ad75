"""`synaspis check CASE`: every problem of a case at once, or one calm line."""

from __future__ import annotations

import sys

from synaspis.errors import InputError
from synaspis.files.case import load
from synaspis.model.case import Case


def check_command(case: str) -> int:
    """Print every problem on standard error and return 2, or one line on standard output and return 0.

    Clauses that change nothing and stations that face away are no problem: they are said on standard error.
    """
    try:
        found = load(case)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    for odd in found.oddities:
        print(f"warning: {odd}", file=sys.stderr)
    print(f"{found.name}: no problem found ({contents(found)})")
    return 0


def contents(case: Case) -> str:
    """What a case holds, counted in words."""
    file = case.file
    counts = (
        (sum(f.count for f in file.raid), "missile", "missiles"),
        (len(file.batteries), "battery", "batteries"),
        (len(file.sensors), "sensor", "sensors"),
        (len(file.nations), "nation", "nations"),
        (len(file.agreements), "agreement", "agreements"),
        (len(file.regimes), "regime", "regimes"),
    )
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts)
