"""A case with changes, as the text of a file and as it is then read: both say what was asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from synaspis import units
from synaspis.errors import Problem, SynaspisError
from synaspis.files import arrangements, spans, tree, words
from synaspis.files.case import catalog_of, resolve
from synaspis.files.editing import DAY, FROM, KINDS, OUT, Change, Fault, stays
from synaspis.files.reader import Reader
from synaspis.files.spans import Drop, Path, Put, Step, Write
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.agreement import Agreement
from synaspis.model.battery import Battery
from synaspis.model.case import Case, CaseFile
from synaspis.model.sensor import Sensor


@dataclass(frozen=True, kw_only=True)
class Written:
    """The changed case: its file's text, as read, and whether layout and comments were kept."""

    data: bytes
    case: Case
    kept: bool


def written(
    case: Case, changes: Sequence[Change], head: Sequence[str], file: str
) -> tuple[Written | None, list[Fault]]:
    """`case` with `changes`, read and checked as any file; or all that is wrong, by field where it is one's.

    `head` are lines of comment for its top, `file` what messages call it. SynaspisError where what would be
    written is not what was asked for.
    """
    text = tree.decoded(case.text)
    root, _ = tree.parse(case.text, file)
    assert root is not None
    steps, fields = _steps(case, root, changes)
    told, made, kept = spans.changed(text, root, steps)
    said = "".join(f"# {' '.join(line.split())}\n" for line in head)
    data = (said + told).encode()
    read, problems = resolve(data, file)
    if read is None:
        for change in changes:  # what is said of a whole row goes to the first field changed in it
            row = spans.at(made, change.row.path) if change.row.what != "clause" else None
            if row is not None:
                fields.setdefault(id(row), change.row.fields[next(iter(change.now))].id)
        return None, _by_field(problems, data, made, fields)
    if read.every_site != _expected(case, changes):
        raise SynaspisError("the changed case could not be written as it is shown; change its file by hand")
    return Written(data=data, case=read, kept=kept), []


def _steps(case: Case, root: Node, changes: Sequence[Change]) -> tuple[list[Step], dict[int, str]]:
    """What to do to the file, and the field that each new node is of, by the node's id."""
    fields: dict[int, str] = {}
    steps: list[Step] = []

    def put(path: Path, key: str, value: str, field: str) -> None:
        node = Scalar(value, True, 0, 0)
        fields[id(node)] = field
        steps.append(Put(path, key, node))

    by_agreement: dict[int, list[Change]] = {}
    for change in changes:
        row = change.row
        if row.what == "clause":
            by_agreement.setdefault(int(row.path[1]), []).append(change)
            continue
        for key, value in change.now.items():
            if key != "state":
                put(row.path, key, value, row.fields[key].id)
                continue
            assert isinstance(row.noun, Sensor | Battery)
            for name, day in stays(row.noun, case.file.date, value).items():
                put(row.path, name, day.isoformat(), row.fields[key].id)
    for index, found in by_agreement.items():
        item = spans.at(root, ("agreements", index))
        if isinstance(item, Map) and "from" in item.pairs:
            steps += _borrowed(case, item, index, found, fields)
            continue
        for change in found:
            if change.now.get("state") == OUT:
                steps.append(Drop(change.row.path))
            else:
                for key, value, field in _terms(change):
                    put(change.row.path, key, value, field)
    return steps, fields


def _terms(change: Change) -> list[tuple[str, str, str]]:
    """Key, text and field of each of a clause's terms that change."""
    found = []
    for key, value in change.now.items():
        if key == "from":
            found.append(("until", _eve(value).isoformat(), change.row.fields[key].id))
        elif key != "state":
            found.append((key, value, change.row.fields[key].id))
    return found


def _eve(day: str) -> dt.date:
    told = words.date(day)
    assert told is not None
    return told - DAY


def _borrowed(
    case: Case, item: Map, index: int, changes: Sequence[Change], fields: dict[int, str]
) -> list[Step]:
    """Steps for an agreement of the catalogue: clauses are left out by name, or it is spelt out."""
    out = [str(getattr(c.row.noun, "id", "")) for c in changes if c.now.get("state") == OUT]
    agreement = changes[0].row.agreement
    assert agreement is not None
    if len(out) == len(changes) and len(out) < len(agreement.clauses):
        before = item.pairs.get("without")
        had = before.items if isinstance(before, List) else [before] if isinstance(before, Scalar) else []
        listed: list[Node] = [*had, *(Scalar(name, False, 0, 0) for name in out)]
        return [Put(("agreements", index), "without", List(0, 0, listed))]
    spelt = _spelt(case, index)
    for change in changes:
        clause = spans.at(spelt, change.row.path[2:])
        assert isinstance(clause, Map)
        for key, value, field in _terms(change):
            node = Scalar(value, True, 0, 0)
            fields[id(node)] = field
            clause.pairs[key] = node
            clause.keys.setdefault(key, Scalar(key, True, 0, 0))
    gone = [c.row.path for c in changes if c.now.get("state") == OUT]
    for path in sorted(gone, key=lambda p: -int(p[-1])):
        held = spans.at(spelt, path[2:-1])
        assert isinstance(held, List)
        del held.items[int(path[-1])]
    for kind in KINDS:
        if isinstance(listed_ := spelt.pairs.get(kind), List) and not listed_.items:
            del spelt.pairs[kind]
    return [Write(("agreements", index), spelt)]


def _spelt(case: Case, index: int) -> Map:
    """An agreement of the catalogue as the case would have it written."""
    root, _ = tree.parse(case.text, case.name)
    assert root is not None
    arrangements.take(Reader(case.name), root, catalog_of(case))
    found = spans.at(root, ("agreements", index))
    assert isinstance(found, Map)
    return found


def _expected(case: Case, changes: Sequence[Change]) -> CaseFile:
    """The case file with the changes, from what was read and not from its text."""
    file = case.every_site
    lists: dict[str, list[Any]] = {
        name: list(getattr(file, name)) for name in ("agreements", "sensors", "batteries", "raid")
    }
    gone: dict[int, set[str]] = {}
    for change in changes:
        row = change.row
        if row.what == "clause" and change.now.get("state") == OUT:
            gone.setdefault(int(row.path[1]), set()).add(str(getattr(row.noun, "id", "")))
            continue
        values = _values(change, case.file.date)
        if row.what == "clause":
            at, kind, index = int(row.path[1]), str(row.path[2]), int(row.path[3])
            clauses = list(getattr(lists["agreements"][at], kind))
            clauses[index] = replace(clauses[index], **values)
            lists["agreements"][at] = replace(lists["agreements"][at], **{kind: tuple(clauses)})
        else:
            group, index = str(row.path[0]), int(row.path[1])
            lists[group][index] = replace(lists[group][index], **values)
    for at, names in gone.items():
        lists["agreements"][at] = _without(lists["agreements"][at], names)
    told: dict[str, Any] = {name: tuple(held) for name, held in lists.items()}
    return replace(file, **told)


def _without(agreement: Agreement, names: set[str]) -> Agreement:
    kept: dict[str, Any] = {
        kind: tuple(c for c in getattr(agreement, kind) if c.id not in names) for kind in KINDS
    }
    return replace(agreement, **kept)


def _values(change: Change, day: dt.date) -> Mapping[str, Any]:
    """The new values of a noun's attributes, in SI."""
    found: dict[str, Any] = {}
    for key, value in change.now.items():
        field = change.row.fields[key]
        if key == "from":
            found["until"] = _eve(value)
        elif key == "state" and value != FROM:
            noun = change.row.noun
            assert isinstance(noun, Sensor | Battery)
            found.update(stays(noun, day, value))
        elif field.column is not None:
            number = words.number(value)
            assert number is not None
            whole = field.kind == "whole"
            unit = field.column.spec.unit
            found[field.column.name] = int(number) if whole else units.to_si(float(number), unit)
    return found


def _by_field(problems: Sequence[Problem], data: bytes, made: Node, fields: Mapping[int, str]) -> list[Fault]:
    """The problems, each with the field whose value stands where it was found."""
    root, _ = tree.parse(data, "")
    places: dict[tuple[int, int], str] = {}
    if root is not None:
        _place(made, root, fields, places)
    found = []
    for p in problems:
        field = places.get((p.line, p.column), "")
        what = p.what if field else f"line {p.line}: {p.what}"
        found.append(Fault(field=field, what=what, mend=p.mend))
    return found


def _place(made: Node, read: Node, fields: Mapping[int, str], places: dict[tuple[int, int], str]) -> None:
    """Where in the file each new node came to stand: both trees have the same shape."""
    if id(made) in fields:
        places[(read.line, read.column)] = fields[id(made)]
    if isinstance(made, List) and isinstance(read, List):
        for one, other in zip(made.items, read.items, strict=False):
            _place(one, other, fields, places)
    elif isinstance(made, Map) and isinstance(read, Map):
        for key, one in made.pairs.items():
            if key in read.pairs:
                _place(one, read.pairs[key], fields, places)
