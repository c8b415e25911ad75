"""Reads the stations that measure: a YAML list, each with name, kind, place and standard errors."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from synaspis.errors import InputError, Problem
from synaspis.files import measurement_checks, tree
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.files.tree import List
from synaspis.model.measurement import Station

_MEND = "give the path of a YAML list of stations, each with `name`, `kind` and what it measures with"


def read(path: str | Path) -> tuple[Station, ...]:
    """The stations of a file, checked. InputError with everything that is wrong with them."""
    file = str(path)
    if not Path(path).is_file():
        raise InputError([Problem(file, 0, 0, "there is no such file", _MEND)])
    data, problems = tree.read_bytes(Path(path), file)
    root, more = (None, problems) if problems else tree.parse(data, file)
    if more:
        raise InputError(more)
    reader = Reader(file)
    found: list[Station] = []
    with suppress(TooManyProblems):
        if isinstance(root, List):
            found = [reader.noun(node, Station) for node in root.items]
        elif root is not None:
            reader.say(root, "this is no list of stations", _MEND)
    if reader.problems:
        raise InputError(reader.problems)
    measurement_checks.check_stations(found)
    return tuple(found)
