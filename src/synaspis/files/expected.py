"""Reads what a shipped case is expected to answer (`cases/expected/CASE.yaml`)."""

from __future__ import annotations

import string
from contextlib import suppress
from importlib import resources

from synaspis.errors import InputError
from synaspis.files import tree
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.model.expected import Expected


def expected(case: str) -> Expected | None:
    """The expectations of a shipped case, None where it has none. InputError with all that is wrong."""
    place = resources.files("synaspis.cases") / "expected" / f"{case}.yaml"
    return read(place.read_bytes(), f"synaspis/cases/expected/{case}.yaml") if place.is_file() else None


def read(data: bytes, file: str) -> Expected:
    """The expectations that `data` spells, `file` in messages. InputError with all that is wrong."""
    root, problems = tree.parse(data, file)
    if root is None:
        raise InputError(problems)
    reader = Reader(file)
    with suppress(TooManyProblems):
        made = reader.noun(root, Expected)
        if not reader.problems:
            _check(reader, made)
    if reader.problems:
        raise InputError(reader.problems)
    return made


def _check(reader: Reader, made: Expected) -> None:
    names = [e.name for e in made.expect]
    for e in made.expect:
        if e.low > e.high:
            reader.say(reader.node(e, "low"), f"{e.low:g} is above {e.high:g}", "give the lower end first")
        if names.count(e.name) > 1:
            reader.say(reader.node(e, "name"), f"`{e.name}` stands twice", "give each its own name")
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(made.finding) if name is not None}
    except ValueError as wrong:
        reader.say(reader.node(made, "finding"), f"its braces do not match: {wrong}", "write {name:.1f}")
        return
    for name in sorted(used - set(names)):
        mend = f"name one of these: {', '.join(names)}"
        reader.say(reader.node(made, "finding"), f"`{name}` is none of its figures", mend)
