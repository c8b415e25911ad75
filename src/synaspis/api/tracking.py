"""Tracks from measurements."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.api.given import version
from synaspis.files.tables import Table
from synaspis.model.measurement import Measurements, Station
from synaspis.model.tracking import TrackingAnswer

if TYPE_CHECKING:
    from synaspis.tracking.manner import Association

Stations = str | os.PathLike[str] | Sequence[Station]


def track(
    measurements: Table | Measurements,
    stations: Stations | None = None,
    truth: Table | None = None,
    association: Association = "gnn",
    at_s: Sequence[float] | None = None,
    jobs: int | None = None,
    trusted: Sequence[str] = (),
) -> TrackingAnswer:
    """Tracks, impact and launch points and classes from a table of measurements (docs/measurements.md).

    `measurements` is a CSV, JSON lines or Parquet file, or columns in Python, and `stations` the YAML list of
    those who measured, or `Station` nouns. With `truth`, a table of where objects were, the tracks are held
    against it. `association` is `gnn` (each track one detection) or `jpda` (shares by chance). Pictures are
    of the times `at_s`; where None of those of the truth, or else of ten over the time measured. Rows that
    cannot be used are counted by reason. With stations that are `trusted`, by name, it is found from missiles
    in common what the others add to range and angles, and taken off (`biases`). `model.tracking.document`
    makes the answer plain JSON. InputError with what is wrong with the tables, stations or arguments.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments, truths
    from synaspis.files import measurements as tables
    from synaspis.files import stations as station_files
    from synaspis.studies import tracking

    problems: list[Problem] = []
    arguments.word(problems, "association", str(association), ("gnn", "jpda"))
    for time_s in at_s if at_s is not None else ():
        if not (isinstance(time_s, int | float) and math.isfinite(time_s)):
            arguments.say(problems, "at_s", f"has {time_s!r}", "give finite seconds")
    if stations is None and not isinstance(measurements, Measurements):
        arguments.say(problems, "stations", "is missing", "give a YAML list of stations, or `Station` nouns")
    if problems:
        raise InputError(problems)
    if isinstance(measurements, Measurements):
        read = measurements
    else:
        known = (
            station_files.read(Path(stations))
            if isinstance(stations, str | os.PathLike)
            else tuple(stations or ())
        )
        read = tables.read(measurements, known)
    _known(trusted, read.stations)
    real = None if truth is None else truths.read(truth)
    return tracking.track(read, real, association, at_s, version(), jobs_or_default(jobs), trusted)


def _known(trusted: Sequence[str], stations: Sequence[Station]) -> None:
    """InputError with every trusted name that is no station's."""
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments

    problems: list[Problem] = []
    names = [s.name for s in stations]
    for name in trusted:
        if name not in names:
            arguments.say(problems, "trusted", f"has {name!r}, which is no station", f"give some of {names}")
    if problems:
        raise InputError(problems)
