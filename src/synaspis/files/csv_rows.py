"""Rows of a case's list from a CSV file (RFC 4180): the header names the keys, units and all.

A cell becomes a node that knows its file, line and column, so that what is wrong with it is said there. Empty
cells are left out; a list's words stand in one cell, apart by spaces or semicolons.
"""

from __future__ import annotations

import csv
import re
import typing
from collections.abc import Iterator

from synaspis.errors import Problem
from synaspis.files import words
from synaspis.files.reader import MOST_PROBLEMS, Column, columns
from synaspis.files.tree import List, Map, Node, Scalar

MOST_ROWS = 5_000
LONGEST_CELL = 4_000
_APART = re.compile(r"[;\s]+")


class _Lines:
    """The text's lines, with what the row in hand was read from."""

    def __init__(self, text: str) -> None:
        self._lines = iter(text.splitlines(keepends=True))
        self.first, self.line, self.raw = 1, 0, ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.line += 1
        self.raw += line
        return line

    def begin(self) -> None:
        """A new row begins."""
        self.first, self.raw = self.line + 1, ""

    def places(self) -> list[tuple[int, int]]:
        """Line and column at which each cell of the row begins."""
        found, inside, quoted = [(self.first, 1)], False, False
        line, column, begins = self.first, 1, True
        for char in self.raw:
            column += 1
            if char == '"' and (begins or quoted):  # elsewhere it is a character as any other
                inside, quoted = not inside, True
            elif char == "\n":
                line, column = line + 1, 1
            elif char == "," and not inside:
                found.append((line, column))
                quoted = False
            begins = char == "," and not inside
        return found


def rows(text: str, file: str, noun: type, problems: list[Problem]) -> list[Node] | None:
    """The rows of `text` as mappings for a reader of `noun`; None where they cannot be told apart.

    What is wrong with their form goes to `problems`.
    """
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    found: list[Node] = []
    header: list[Column | None] = []
    before = len(problems)
    try:
        for cells in reader:
            places = lines.places()
            if cells and (len(cells) > 1 or cells[0].strip()):
                if not header:
                    header = _header(cells, places, file, noun, problems)
                    if len(problems) > before:
                        return None
                elif (row := _row(cells, places, header, file, problems)) is not None:
                    found.append(row)
            if len(found) > MOST_ROWS or len(problems) - before > MOST_PROBLEMS:
                break
            lines.begin()
    except csv.Error as error:
        mend = "is a quote missing, or one too many? A quote within a cell is written twice"
        problems.append(Problem(file, lines.first, 1, f"this is no row of a CSV file: {error}", mend))
    if len(found) > MOST_ROWS:
        what = f"there are more than {MOST_ROWS:,} rows"
        problems.append(Problem(file, lines.first, 1, what, "leave out what the case does not use"))
        return None
    if not header and len(problems) == before:
        problems.append(Problem(file, 1, 1, "the file is empty", "begin with a line that names the columns"))
    return found if header else None


def _header(
    cells: list[str], places: list[tuple[int, int]], file: str, noun: type, problems: list[Problem]
) -> list[Column | None]:
    known = {c.key: c for c in columns(noun)}
    found: list[Column | None] = []
    named: set[str] = set()

    def say(place: tuple[int, int], what: str, mend: str) -> None:
        problems.append(Problem(file, *place, what, mend))

    if len(cells) == 1 and ";" in cells[0]:
        say(places[0], "the columns stand apart by semicolons", "save it with commas, and points in numbers")
        return [None]
    for cell, place in zip(cells, places, strict=True):
        key = cell.strip()
        if key in named:
            say(place, f"the column `{words.shown(key)}` is given twice", "keep one")
        elif key not in known:
            say(place, f"unknown column `{words.shown(key)}`", words.suggest(key, known))
        found.append(None if key in named else known.get(key))
        named.add(key)
    for key, column in known.items():
        if column.required and key not in named:
            say(places[0], f"there is no column `{key}`", f"add it: {column.spec.meaning}")
    return found


def _row(
    cells: list[str],
    places: list[tuple[int, int]],
    header: list[Column | None],
    file: str,
    problems: list[Problem],
) -> Map | None:
    row = Map(*places[0], file=file)
    if len(cells) != len(header):
        what = f"the row has {len(cells)} cells, the header {len(header)}"
        mend = "put cells that hold a comma in quotes; leave empty ones empty"
        problems.append(Problem(file, *places[0], what, mend))
        return None
    for cell, place, column in zip(cells, places, header, strict=True):
        told = cell.strip()
        if column is None or not told:
            continue
        if len(told) > LONGEST_CELL:
            problems.append(Problem(file, *place, f"the cell has {len(told):,} characters", "shorten it"))
            continue
        row.keys[column.key] = Scalar(column.key, True, *place, file=file)
        row.pairs[column.key] = cell_node(told, place, column, file)
        row.size += row.pairs[column.key].size
    return row


def cell_node(told: str, place: tuple[int, int], column: Column, file: str) -> Node:
    """What a cell holds, as its column has it: what is a word stays one, whatever it looks like."""
    if typing.get_origin(column.hint) is tuple:
        items: list[Node] = [Scalar(w, False, *place, file=file) for w in _APART.split(told) if w]
        return List(*place, items, file=file)
    return Scalar(told, column.hint is not str, *place, file=file)
