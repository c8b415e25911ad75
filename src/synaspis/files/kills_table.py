"""Reads a table of attacks from wherever it is kept: a CSV or YAML file, pairs, or columns.

All are brought into the form of a YAML list first, so that one reader finds what is wrong. In a CSV file a
problem's column is the field's number; a table that is no file counts its rows as lines.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from synaspis.errors import InputError, Problem
from synaspis.files import tree, words
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.kills import MOST_LAUNCHED, AttackRow, AttackTable

Table = str | os.PathLike[str] | Mapping[str, Any] | Sequence[Sequence[int]]
NEEDED = ("launched", "destroyed")
COLUMNS = (*NEEDED, "attack", "class")
GIVEN = "table"
"""Name of a table that is no file."""


def read(table: Table) -> AttackTable:
    """The table, checked. InputError with everything that is wrong with it."""
    if isinstance(table, str | os.PathLike):
        file, root, problems = _file(Path(table))
    else:
        file, problems = GIVEN, []
        root = _given(table)
    reader = Reader(file)
    rows: list[AttackRow] = []
    kinds: list[str] = []
    if root is not None:
        with suppress(TooManyProblems):
            for node in _rows(reader, root):
                row = reader.noun(node, AttackRow, extra=("class",))
                rows.append(row)
                kinds.append(_kind(reader, node))
                _possible(reader, row)
            _whole(reader, root, rows)
    problems = [*problems, *reader.problems]
    if problems:
        raise InputError(problems)
    return AttackTable(source=file, rows=tuple(rows), kind=tuple(kinds))


def _file(path: Path) -> tuple[str, Node | None, list[Problem]]:
    name = str(path)
    if not path.is_file():
        mend = "give the path of a CSV or YAML file with columns " + " and ".join(NEEDED)
        return name, None, [Problem(name, 0, 0, "there is no such file", mend)]
    data, problems = tree.read_bytes(path, name)
    if problems:
        return name, None, problems
    if path.suffix.lower() in (".yaml", ".yml"):
        root, problems = tree.parse(data, name)
        return name, root, problems
    if path.suffix.lower() != ".csv":
        return name, None, [Problem(name, 0, 0, "this is no table", "give a file ending in .csv or .yaml")]
    try:
        return name, *_csv(data.decode("utf-8-sig"), name)
    except (UnicodeDecodeError, csv.Error) as error:
        return name, None, [Problem(name, 1, 1, f"this is no CSV text: {error}", "save it as UTF-8 CSV")]


def _csv(text: str, file: str) -> tuple[Node, list[Problem]]:
    """The lines of a CSV file below its heading, separated by commas, semicolons or tabs."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    mark = max(",;\t", key=heading.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    root = List(1, 1)
    names: list[str] = []
    problems: list[Problem] = []
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = [cell.strip().lower() for cell in cells]
            problems = [
                Problem(file, lines.line_num, i + 1, f"column `{words.shown(n)}` stands twice", "keep one")
                for i, n in enumerate(names)
                if n and n in names[:i]
            ]
            continue
        row = Map(lines.line_num, 1)
        for i, cell in enumerate(cells):
            name = names[i] if i < len(names) else f"field {i + 1}"
            if cell.strip() or name in NEEDED:
                _set(row, name, Scalar(cell.strip(), name in NEEDED, lines.line_num, i + 1))
        root.items.append(row)
    return root, problems


def _set(row: Map, name: str, value: Node) -> None:
    row.pairs[name] = value
    row.keys[name] = Scalar(name, True, value.line, value.column)


def _given(table: Mapping[str, Any] | Sequence[Sequence[int]]) -> Node:
    """Pairs, attacks by name, or columns by name, as a list of rows."""
    if not isinstance(table, Mapping):
        return _made(table, 1)
    if set(NEEDED) & {str(k).lower() for k in table}:
        root = Map(1, 1)
        for name, values in table.items():
            _set(root, str(name).lower(), _made(values, 1))
        return root
    rows = List(1, 1)
    for i, (name, pair) in enumerate(table.items(), start=1):
        row = _made(pair, i)
        if isinstance(row, List):
            row = _of_pair(row)
        if isinstance(row, Map):
            _set(row, "attack", Scalar(str(name), False, i, 1))
        rows.items.append(row)
    return rows


def _made(value: Any, line: int) -> Node:
    """Plain Python values as nodes; items of the outermost list stand on lines of their own."""
    if isinstance(value, Mapping):
        row = Map(line, 1)
        for i, (name, each) in enumerate(value.items(), start=1):
            _set(row, str(name).lower(), Scalar(str(each), not isinstance(each, str), line, i))
        return row
    if isinstance(value, Iterable) and not isinstance(value, str):
        found = List(line, 1)
        found.items = [_made(each, i) for i, each in enumerate(value, start=1)]
        for i, each in enumerate(found.items, start=1):
            if isinstance(each, List):
                for j, item in enumerate(each.items, start=1):
                    item.line, item.column = i, j
        return found
    return Scalar(str(value), not isinstance(value, str), line, 1)


def _rows(reader: Reader, root: Node) -> list[Node]:
    """The rows of a list, or of columns laid side by side."""
    if isinstance(root, List):
        return [_of_pair(item) if isinstance(item, List) else item for item in root.items]
    if not isinstance(root, Map):
        reader.say(root, "this is no table", "give a list of attacks, each with `launched` and `destroyed`")
        return []
    missing = [name for name in NEEDED if name not in root.pairs]
    for name in missing:
        reader.say(root, f"there is no column `{name}`", f"add it; the columns are {', '.join(COLUMNS)}")
    for name, where in root.keys.items():
        if name not in COLUMNS:
            reader.say(where, f"unknown column `{words.shown(name)}`", words.suggest(name, COLUMNS))
    columns = {name: node for name, node in root.pairs.items() if name in COLUMNS}
    flat = {name: node.items for name, node in columns.items() if isinstance(node, List)}
    for name in columns.keys() - flat.keys():
        reader.say(columns[name], f"`{name}` is no list", "give one value for each attack")
    longest = max(map(len, flat.values()), default=0)
    for name, items in flat.items():
        if len(items) != longest:
            what = f"`{name}` has {len(items)} values, another column {longest}"
            reader.say(columns[name], what, "give one value for each attack")
    if reader.problems:
        return []
    rows: list[Node] = []
    for i in range(longest):
        row = Map(flat[NEEDED[0]][i].line, flat[NEEDED[0]][i].column)
        for name, items in flat.items():
            _set(row, name, items[i])
        rows.append(row)
    return rows


def _of_pair(node: List) -> Node:
    """A pair (launched, destroyed) as a row; anything else stays, and will be said."""
    if len(node.items) != len(NEEDED):
        return node
    row = Map(node.line, node.column)
    for name, item in zip(NEEDED, node.items, strict=True):
        _set(row, name, item)
    return row


def _kind(reader: Reader, node: Node) -> str:
    value = node.pairs.get("class") if isinstance(node, Map) else None
    if value is None:
        return ""
    if not isinstance(value, Scalar):
        reader.say(value, "`class` is not a word", "name the class of missile, or leave it out")
        return ""
    return "" if value.is_null else value.text


def _possible(reader: Reader, row: AttackRow) -> None:
    if row.launched and row.destroyed > row.launched:
        what = f"{row.destroyed} of {row.launched} missiles destroyed"
        reader.say(reader.node(row, "destroyed"), what, "give at most as many as were launched")


def _whole(reader: Reader, root: Node, rows: Sequence[AttackRow]) -> None:
    if reader.problems:
        return
    if len(rows) < 2:
        reader.say(root, f"the table has {len(rows)} attack{'' if rows else 's'}", "give two attacks or more")
    total = sum(r.launched for r in rows)
    if total > MOST_LAUNCHED:
        reader.say(root, f"{total:,} missiles were launched in all", f"give at most {MOST_LAUNCHED:,}")
