"""Reads measurements: a CSV or Parquet file or columns, bad rows turned away one by one with a reason.

A row never stops the reading; only what is wrong with the table as a whole (no file, no such column) is an
InputError. What each row is asked stands in `measurement_checks`.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis import units
from synaspis.errors import InputError, Problem
from synaspis.files import measurement_checks, words
from synaspis.files.reader import Column, columns
from synaspis.model.measurement import Floats, Ints, MeasurementRow, Measurements, Station

Table = str | os.PathLike[str] | Mapping[str, Any]
GIVEN = "measurements"
MOST_BYTES = 500_000_000
MOST_ROWS = 5_000_000
_COLUMNS = {column.key: column for column in columns(MeasurementRow)}
_NEEDED = tuple(c.key for c in _COLUMNS.values() if c.required)
_MEND = "give a CSV or Parquet file with the columns " + ", ".join(_NEEDED) + " and what its sensors measure"


def read(table: Table, stations: Sequence[Station], now_s: float = np.inf) -> Measurements:
    """The rows of `table` that can be used, and why the others cannot. InputError where it is no table.

    `table` is the path of a CSV or Parquet file, or a mapping of columns. Rows stand in the order in which
    they came; one measured or received after `now_s` is from the future.
    """
    if isinstance(table, str | os.PathLike):
        source = str(table)
        cells, rows, broken = _file(Path(table), source)
    else:
        source = GIVEN
        cells, rows, broken = _given(table)
    _whole(cells, source)
    numbers: dict[str, Floats] = {}
    for key, column in _COLUMNS.items():
        if column.hint is float:
            numbers[column.name], wrong = _numbers(cells.get(key), rows.size, column)
            for i in np.flatnonzero(wrong).tolist():
                broken.setdefault(i, f"`{key}` is {words.shown(str(cells[key][i]))!r}, which is no number")
    sensors = np.array([str(x).strip() for x in cells["sensor"]], dtype=object)
    return measurement_checks.sift(source, stations, rows, sensors, numbers, broken, now_s)


Cells = dict[str, NDArray[Any]]


def _refuse(source: str, what: str, mend: str = _MEND) -> InputError:
    return InputError([Problem(source, 0, 0, what, mend)])


def _file(path: Path, source: str) -> tuple[Cells, Ints, dict[int, str]]:
    if not path.is_file():
        raise _refuse(source, "there is no such file")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refuse(source, f"the file has {size:,} bytes", f"give at most {MOST_BYTES:,}")
        if path.suffix.lower() == ".parquet":
            return _parquet(path, source)
        if path.suffix.lower() != ".csv":
            raise _refuse(source, "this is no table", "give a file ending in .csv or .parquet")
        return _csv(path.read_bytes().decode("utf-8-sig", errors="replace"), source)
    except (OSError, csv.Error) as error:
        raise _refuse(source, f"it cannot be read: {error}") from error


def _csv(text: str, source: str) -> tuple[Cells, Ints, dict[int, str]]:
    """Columns by heading, the line of each row, and the rows whose fields are too many or too few."""
    mark = max(",;\t", key=text.lstrip("\r\n").partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    names: list[str] = []
    rows: list[int] = []
    found: list[list[str]] = []
    broken: dict[int, str] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = [cell.strip().lower() for cell in cells]
            twice = sorted({n for n in names if names.count(n) > 1})
            if twice:
                raise _refuse(source, f"column `{words.shown(twice[0])}` stands twice", "keep one")
            continue
        if len(cells) != len(names):
            broken[len(rows)] = f"{len(cells)} fields, where the heading has {len(names)}"
            cells = [""] * len(names)
        if len(rows) >= MOST_ROWS:
            raise _refuse(source, f"there are more than {MOST_ROWS:,} rows", "cut the table")
        rows.append(lines.line_num)
        found.append(cells)
    if not names:
        raise _refuse(source, "the file is empty")
    table = list(zip(*found, strict=True)) or [()] * len(names)
    made = {name: np.array(cells, dtype=object) for name, cells in zip(names, table, strict=True)}
    return made, np.array(rows, dtype=np.int64), broken


def _parquet(path: Path, source: str) -> tuple[Cells, Ints, dict[int, str]]:
    import duckdb

    fixed: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        with duckdb.connect(config=fixed) as connection:
            made = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    except duckdb.Error as error:
        raise _refuse(source, f"this is no Parquet file: {str(error).splitlines()[0]}") from error
    cells: Cells = {}
    for name, column in made.items():
        if isinstance(column, np.ma.MaskedArray):
            hidden: Any = column
            real = column.dtype.kind == "f"
            column = hidden.filled(np.nan) if real else hidden.astype(object).filled("")
        cells[str(name).strip().lower()] = column
    return cells, _places(cells), {}


def _given(table: Mapping[str, Any]) -> tuple[Cells, Ints, dict[int, str]]:
    cells: Cells = {}
    for name, values in table.items():
        column = np.asarray(values) if isinstance(values, np.ndarray) else _as_column(values)
        if column.ndim != 1:
            raise _refuse(GIVEN, f"`{words.shown(str(name))}` is no column", "give one value for each row")
        cells[str(name).strip().lower()] = column
    if len({column.size for column in cells.values()}) > 1:
        raise _refuse(GIVEN, "the columns are not of one length", "give one value for each row")
    return cells, _places(cells), {}


def _as_column(values: Any) -> NDArray[Any]:
    if isinstance(values, str | bytes) or not hasattr(values, "__len__"):
        return np.array(values, dtype=object)
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def _places(cells: Cells) -> Ints:
    size = next((column.size for column in cells.values()), 0)
    if size > MOST_ROWS:
        raise _refuse(GIVEN, f"there are more than {MOST_ROWS:,} rows", "cut the table")
    return np.arange(1, size + 1, dtype=np.int64)


def _whole(cells: Cells, source: str) -> None:
    """InputError with every column that is needed and missing, and every one that nobody knows."""
    problems = [
        Problem(source, 0, 0, f"there is no column `{key}`", _MEND) for key in _NEEDED if key not in cells
    ]
    problems += [
        Problem(source, 0, 0, f"unknown column `{words.shown(name)}`", words.suggest(name, _COLUMNS))
        for name in cells
        if name not in _COLUMNS
    ]
    if problems:
        raise InputError(problems)


def _numbers(cells: NDArray[Any] | None, size: int, column: Column) -> tuple[Floats, NDArray[np.bool_]]:
    """A column in SI, NaN where a field is empty or none is given, and which fields are no number."""
    found = np.full(size, np.nan)
    wrong = np.zeros(size, dtype=bool)
    if cells is None:
        return found, wrong
    if cells.dtype.kind in "iuf":
        found = cells.astype(np.float64)
    else:
        try:
            found = np.array(
                ["nan" if isinstance(x, str) and not x else x for x in cells.tolist()], np.float64
            )
        except (TypeError, ValueError, OverflowError):
            found = np.empty(0)
        if found.shape != (size,):
            found = np.full(size, np.nan)
            for i, cell in enumerate(cells.tolist()):
                found[i], wrong[i] = _number(cell)
    with np.errstate(over="ignore"):
        return found * units.SI_OF[column.spec.unit][1], wrong


def _number(cell: Any) -> tuple[float, bool]:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return np.nan, False
    if isinstance(cell, bool | np.bool_):
        return np.nan, True
    try:
        return float(cell), False
    except (TypeError, ValueError, OverflowError):
        return np.nan, True
