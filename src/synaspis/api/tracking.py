"""Tracks from measurements."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.api.given import version
from synaspis.files.tables import Table
from synaspis.model.measurement import LATEST_S, Measurements, Station
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
    trusted: str | Sequence[str] = (),
) -> TrackingAnswer:
    """Tracks, impact and launch points and classes from a table of measurements (docs/measurements.md).

    `measurements` is a CSV, JSON lines or Parquet file, or columns in Python, and `stations` the YAML list of
    those who measured, or `Station` nouns. With `truth`, a table of where objects were, the tracks are held
    against it. `association` is `gnn` (each track one detection) or `jpda` (shares by chance). Pictures are
    of the times `at_s`, from 0 to 86,400; where None of those of the truth, or else of ten at which rows
    came. Rows that cannot be used are counted by reason. With stations that are `trusted`, by name, it is
    found from missiles in common what the others add to range and angles, and taken off (`biases`): from the
    whole table, so that the first pictures too rest on all of it. `synaspis.model.tracking.document` makes
    the answer plain JSON. InputError with what is wrong with the tables, stations or arguments.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments, track_asking, truths
    from synaspis.studies import tracking

    problems: list[Problem] = []
    track_asking.table(problems, "measurements", measurements, Measurements)
    if truth is not None:
        track_asking.table(problems, "truth", truth)
    arguments.word(problems, "association", str(association), ("gnn", "jpda"))
    times = None if at_s is None else track_asking.times(problems, "at_s", at_s, LATEST_S)
    workers = track_asking.workers(problems, "jobs", jobs)
    right = track_asking.names(problems, "trusted", trusted)
    if not isinstance(measurements, Measurements):
        track_asking.stations(problems, "stations", stations)
    if problems:
        raise InputError(problems)
    read = measurements if isinstance(measurements, Measurements) else _read(measurements, stations)
    _known(right, read.stations)
    real = None if truth is None else truths.read(truth)
    return tracking.track(read, real, association, times, version(), jobs_or_default(workers), right)


def _read(measurements: Table, stations: Stations | None) -> Measurements:
    from synaspis.files import measurements as tables
    from synaspis.files import stations as station_files

    if isinstance(stations, str | os.PathLike):
        return tables.read(measurements, station_files.read(Path(stations)))
    return tables.read(measurements, tuple(stations or ()))


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
