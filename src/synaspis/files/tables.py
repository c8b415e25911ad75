"""Reads tables: a CSV, JSON lines or Parquet file or columns in Python, as columns of text and numbers in SI.

A field that is no number never stops the reading; only what is wrong with the table as a whole (no file, no
such column) is an InputError. The columns are the attributes of a noun, with their units and keys.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis import units
from synaspis.errors import InputError, Problem
from synaspis.files import words
from synaspis.files.reader import Column, columns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = str | os.PathLike[str] | Mapping[str, Any]
Cells = dict[str, NDArray[Any]]
MOST_BYTES = 500_000_000
MOST_ROWS = 5_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Raw:
    """A table as it stands: N rows, where each stood (`rows`), its texts and its numbers, NaN where none is.

    `broken` says by row, counted from 0, what is malformed in it.
    """

    source: str
    rows: Ints
    texts: Mapping[str, NDArray[Any]]
    numbers: Mapping[str, Floats]
    broken: Mapping[int, str]


def read(table: Table, noun: type[Any], given: str, with_what: str) -> Raw:
    """The rows of `table` by the columns of `noun`. InputError where it is no such table.

    `table` is the path of a CSV, JSON lines or Parquet file, or a mapping of columns, called `given`;
    `with_what` ends the advice of what to give.
    """
    known = {column.key: column for column in columns(noun)}
    reader = _Reader(known, given, with_what)
    cells, rows, broken = reader.cells(table)
    reader.whole(cells)
    texts: Cells = {}
    numbers: dict[str, Floats] = {}
    for key, column in known.items():
        if column.hint is not float:
            texts[column.name] = np.array([str(x).strip() for x in cells[key]], dtype=object)
            continue
        numbers[column.name], wrong = _numbers(cells.get(key), rows.size, column)
        for i in np.flatnonzero(wrong).tolist():
            broken.setdefault(i, f"`{key}` is {words.shown(str(cells[key][i]))!r}, which is no number")
    return Raw(source=reader.source, rows=rows, texts=texts, numbers=numbers, broken=broken)


class _Reader:
    """One table being read; `source` is what messages call it."""

    def __init__(self, known: Mapping[str, Column], given: str, with_what: str) -> None:
        self.known, self.source = known, given
        self.needed = tuple(c.key for c in known.values() if c.required)
        self.mend = (
            "give a CSV, JSON lines or Parquet file with the columns " + ", ".join(self.needed) + with_what
        )

    def refuse(self, what: str, mend: str = "") -> InputError:
        """What is wrong with the table as a whole."""
        return InputError([Problem(self.source, 0, 0, what, mend or self.mend)])

    def cells(self, table: Table) -> tuple[Cells, Ints, dict[int, str]]:
        """Columns by heading, where each row stood, and the rows that are none."""
        if isinstance(table, str | os.PathLike):
            self.source = str(table)
            return self.file(Path(table))
        return self.given(table)

    def file(self, path: Path) -> tuple[Cells, Ints, dict[int, str]]:
        if not path.is_file():
            raise self.refuse("there is no such file")
        try:
            size = path.stat().st_size
            if size > MOST_BYTES:
                raise self.refuse(f"the file has {size:,} bytes", f"give at most {MOST_BYTES:,}")
            if path.suffix.lower() == ".parquet":
                return self.parquet(path)
            text = path.suffix.lower() in (".csv", ".jsonl")
            if not text:
                raise self.refuse("this is no table", "give a file ending in .csv, .jsonl or .parquet")
            told = path.read_bytes().decode("utf-8-sig", errors="replace")
            return self.csv(told) if path.suffix.lower() == ".csv" else self.json_lines(told)
        except (OSError, csv.Error) as error:
            raise self.refuse(f"it cannot be read: {error}") from error

    def csv(self, text: str) -> tuple[Cells, Ints, dict[int, str]]:
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
                    raise self.refuse(f"column `{words.shown(twice[0])}` stands twice", "keep one")
                continue
            if len(cells) != len(names):
                broken[len(rows)] = f"{len(cells)} fields, where the heading has {len(names)}"
                cells = [""] * len(names)
            if len(rows) >= MOST_ROWS:
                raise self.refuse(f"there are more than {MOST_ROWS:,} rows", "cut the table")
            rows.append(lines.line_num)
            found.append(cells)
        if not names:
            raise self.refuse("the file is empty")
        table = list(zip(*found, strict=True)) or [()] * len(names)
        made = {name: np.array(cells, dtype=object) for name, cells in zip(names, table, strict=True)}
        return made, np.array(rows, dtype=np.int64), broken

    def json_lines(self, text: str) -> tuple[Cells, Ints, dict[int, str]]:
        """Columns by key, the line of each row, and the lines that are no JSON object of plain values."""
        rows: list[int] = []
        found: list[dict[str, Any]] = []
        broken: dict[int, str] = {}
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                told = json.loads(line)
            except (ValueError, RecursionError):
                told = None
            plain = isinstance(told, dict) and not any(isinstance(v, dict | list) for v in told.values())
            if not plain:
                broken[len(rows)] = "this is no JSON object of plain values"
            if len(rows) >= MOST_ROWS:
                raise self.refuse(f"there are more than {MOST_ROWS:,} rows", "cut the table")
            rows.append(number)
            found.append({str(k).strip().lower(): v for k, v in told.items()} if plain else {})
        if not rows:
            raise self.refuse("the file is empty")
        names = dict.fromkeys((*self.needed, *(name for one in found for name in one)))
        cells = {name: _as_column([_cell(one.get(name)) for one in found]) for name in names}
        return cells, np.array(rows, dtype=np.int64), broken

    def parquet(self, path: Path) -> tuple[Cells, Ints, dict[int, str]]:
        import duckdb

        fixed: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        try:
            with duckdb.connect(config=fixed) as connection:
                made = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
        except duckdb.Error as error:
            raise self.refuse(f"this is no Parquet file: {str(error).splitlines()[0]}") from error
        cells: Cells = {}
        for name, column in made.items():
            cells[str(name).strip().lower()] = _unmasked(column)
        return cells, self.places(cells), {}

    def given(self, table: Mapping[str, Any]) -> tuple[Cells, Ints, dict[int, str]]:
        cells: Cells = {}
        for name, values in table.items():
            column = _unmasked(values) if isinstance(values, np.ndarray) else _as_column(values)
            if column.ndim != 1:
                raise self.refuse(f"`{words.shown(str(name))}` is no column", "give one value for each row")
            cells[str(name).strip().lower()] = column
        if len({column.size for column in cells.values()}) > 1:
            raise self.refuse("the columns are not of one length", "give one value for each row")
        return cells, self.places(cells), {}

    def places(self, cells: Cells) -> Ints:
        size = next((column.size for column in cells.values()), 0)
        if size > MOST_ROWS:
            raise self.refuse(f"there are more than {MOST_ROWS:,} rows", "cut the table")
        return np.arange(1, size + 1, dtype=np.int64)

    def whole(self, cells: Cells) -> None:
        """InputError with every column that is needed and missing, and every one that nobody knows."""
        problems = [
            Problem(self.source, 0, 0, f"there is no column `{key}`", self.mend)
            for key in self.needed
            if key not in cells
        ]
        problems += [
            Problem(
                self.source, 0, 0, f"unknown column `{words.shown(name)}`", words.suggest(name, self.known)
            )
            for name in cells
            if name not in self.known
        ]
        if problems:
            raise InputError(problems)


def _cell(value: Any) -> Any:
    """A value of JSON as a field: nothing for null."""
    return "" if value is None else value


def _unmasked(values: NDArray[Any]) -> NDArray[Any]:
    """A column with NaN or nothing where a value is masked."""
    if not isinstance(values, np.ma.MaskedArray):
        return np.asarray(values)
    hidden: Any = values
    real = values.dtype.kind == "f"
    found: NDArray[Any] = hidden.filled(np.nan) if real else hidden.astype(object).filled("")
    return found


def _as_column(values: Any) -> NDArray[Any]:
    if isinstance(values, str | bytes) or not hasattr(values, "__len__"):
        return np.array(values, dtype=object)
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def _numbers(cells: NDArray[Any] | None, size: int, column: Column) -> tuple[Floats, NDArray[np.bool_]]:
    """A column in SI, NaN where a field is empty or none is given, and which fields are no number."""
    found = np.full(size, np.nan)
    wrong = np.zeros(size, dtype=bool)
    if cells is None:
        return found, wrong
    if cells.dtype.kind in "iuf":
        found = cells.astype(np.float64)
    else:
        given = cells.tolist()
        try:
            found = np.array(["nan" if _nothing(x) else x for x in given], np.float64)
        except (TypeError, ValueError, OverflowError):
            found = np.empty(0)
        if found.shape != (size,):
            found = np.full(size, np.nan)
            for i, cell in enumerate(given):
                found[i], wrong[i] = _number(cell)
        # NumPy takes yes for one: whether a row has a number must not depend on other rows.
        wrong |= np.array([isinstance(x, bool | np.bool_) for x in given], dtype=bool)
        found[wrong] = np.nan
    with np.errstate(over="ignore"):
        return found * units.SI_OF[column.spec.unit][1], wrong


def _nothing(cell: Any) -> bool:
    return cell is np.ma.masked or (isinstance(cell, str) and not cell)


def _number(cell: Any) -> tuple[float, bool]:
    if cell is None or cell is np.ma.masked or (isinstance(cell, str) and not cell.strip()):
        return np.nan, False
    try:
        return float(cell), False
    except (TypeError, ValueError, OverflowError):
        return np.nan, True
