"""A recording of measurements, heard by the nations of a case."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from synaspis.api.given import playable, version
from synaspis.errors import InputError, Problem
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.model.measurement import Measurements, Station

if TYPE_CHECKING:
    from synaspis.studies.heard import Hearing

TABLES = (".csv", ".jsonl", ".parquet")
MOST_BYTES = 200_000_000
SHOWN = 5


@dataclass(kw_only=True)
class _Read:
    """Measurements of a case's stations, and what was said of where they came from."""

    given: Measurements
    left_out: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)


def overhear(
    case: Case | str | os.PathLike[str],
    measurements: str | os.PathLike[str],
    regime: str | None = None,
    stations: Mapping[str, str] | None = None,
    starts: dt.datetime | None = None,
    seed: int = 1,
) -> Hearing:
    """A recording of measurements through the trackers and sharing rules of a case, under one regime.

    `measurements` is a table (.csv, .jsonl or .parquet, docs/measurements.md) whose sensors are the case's,
    or a recording of ASTERIX or DIS, captured or raw. `stations` says which radar of the case each source of
    a recording is: `{"25/10": "kurecik"}`, area and identification code, or site and application. `starts` is
    second 0 by the recording's clock (UTC, default: the case's). `events()` and `table()` of the answer tell
    what came of it. InputError with all that is wrong, or where no measurement can be used.
    """
    from synaspis.engine.stations import measured_by
    from synaspis.engine.world import world
    from synaspis.studies.heard import Hearing

    loaded = case if isinstance(case, Case) else load(case)
    playable(loaded, [regime] if regime else None, 1, seed)
    fielded = tuple(measured_by(s) for s in world(loaded, ()).stations)
    path = Path(measurements)
    if path.suffix.lower() in TABLES:
        read = _table(path, fielded, stations, starts)
    else:
        read = _recording(path, fielded, stations or {}, starts or loaded.file.starts)
    _some(path, read, fielded)
    return Hearing(
        loaded, regime or loaded.file.compare.headline or loaded.file.regimes[-1].name, read.given, seed,
        version(), left_out=dict(read.left_out), first=read.first, sources=dict(read.sources),
    )  # fmt: skip


def _table(
    path: Path, fielded: Sequence[Station], stations: Mapping[str, str] | None, starts: dt.datetime | None
) -> _Read:
    from synaspis.files import measurements as tables

    why = "a table names its sensors and counts its seconds from the raid's start itself"
    given = {"--stations": stations, "--second-0": starts}
    problems = [Problem(name, 0, 0, why, "leave it out") for name, it in given.items() if it is not None]
    if problems:
        raise InputError(problems)
    read = _Read(given=tables.read(path, fielded))
    _refused(read, lambda row: f"line {row}")
    names = [s.name for s in fielded]
    read.sources = Counter(names[s] for s in read.given.station.tolist())
    return read


def _recording(
    path: Path, fielded: Sequence[Station], named: Mapping[str, str], starts: dt.datetime
) -> _Read:
    from synaspis.files import measurements as tables
    from synaspis.interop import recorded_rows, recordings

    radars = {s.name: s for s in fielded if s.kind == "radar"}
    problems = _unnamed(named, radars)
    data = _bytes(problems, path)
    if problems:
        raise InputError(problems)
    try:
        found = recordings.read(data, starts)
    except ValueError as wrong:
        mend = "give a whole file, or a part of it"
        raise InputError([Problem(str(path), 0, 0, str(wrong), mend)]) from wrong
    told = recorded_rows.mapped(found, {source: radars[name] for source, name in named.items()})
    read = _Read(
        given=_with_errors(tables.read(told.columns, fielded), told.errors), left_out=found.left_out,
        first=found.first, sources=found.sources,
    )  # fmt: skip
    _refused(read, lambda row: told.at[row - 1])
    return read


def _unnamed(named: Mapping[str, str], radars: Mapping[str, Station]) -> list[Problem]:
    """What is wrong with the map from sources to radars."""
    from synaspis.files import arguments

    problems: list[Problem] = []
    for source, name in named.items():
        parts = source.split("/")
        if len(parts) != 2 or not all(p.isascii() and p.isdecimal() and int(p) < 65_536 for p in parts):
            mend = "give two numbers, as 25/10: area and identification code, or site and application"
            arguments.say(problems, "--stations", f"`{source}` is no source", mend)
        arguments.word(problems, "--stations", name, sorted(radars))
    return problems


def _bytes(problems: list[Problem], path: Path) -> bytes:
    if not path.is_file():
        problems.append(Problem(str(path), 0, 0, "there is no such file", "give a recording, or a table"))
        return b""
    size = path.stat().st_size
    if size > MOST_BYTES:
        problems.append(Problem(str(path), 0, 0, f"it has {size:,} bytes", f"give at most {MOST_BYTES:,}"))
        return b""
    return path.read_bytes()


def _with_errors(given: Measurements, errors: NDArray[np.float64]) -> Measurements:
    """The same with each row's own standard errors where there are some: `errors` (rows of the table, 4)."""
    own = errors[given.row - 1] if len(given.row) else np.empty((0, 4))
    covariance = given.covariance.copy()
    for part in range(own.shape[1]):
        told = np.isfinite(own[:, part]) & (own[:, part] > 0.0) & np.isfinite(covariance[:, part, part])
        covariance[told, part, part] = own[told, part] ** 2
    return replace(given, covariance=covariance)


def _refused(read: _Read, place: Callable[[int], str]) -> None:
    """Count the rows that the table's checks turned away, each reason with its first place."""
    read.left_out.update({reason: n for reason, n in read.given.counts.items() if n})
    for fallen in read.given.rejections:
        read.first.setdefault(fallen.reason, f"{place(fallen.row)}: {fallen.what}")


def _some(path: Path, read: _Read, fielded: Sequence[Station]) -> None:
    """InputError, with the counts, where no measurement can be used."""
    if len(read.given.time_s):
        return
    told = "; ".join(f"{n:,} {reason} (first: {read.first.get(reason, '')})"
                     for reason, n in read.left_out.most_common())  # fmt: skip
    sources = ", ".join(f"{source} with {n:,}" for source, n in Counter(read.sources).most_common(SHOWN))
    mend = f"give measurements of the case's sensors: {', '.join(s.name for s in fielded)}"
    if sources and read.left_out["outside"]:
        mend = "say when second 0 of the raid is by the recording's clock, as --second-0 2026-03-01T12:00:00"
    elif sources:
        radar = next((s.name for s in fielded if s.kind == "radar"), "RADAR")
        first = next(iter(Counter(read.sources).most_common(1)))[0]
        mend = (
            f"its sources are {sources}: say which radar of the case each is, as --stations {first}={radar}"
        )
    raise InputError(
        [Problem(str(path), 0, 0, f"no measurement can be used: {told or 'there is none'}", mend)]
    )
