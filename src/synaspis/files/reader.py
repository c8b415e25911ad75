"""Reads nodes into the frozen nouns of the model, as their fields' `Spec`s say.

One reader serves one file. It never stops at the first problem: a field that cannot be read gets
an empty value (`""`, NaN, 0, None, `()`), so that later checks can go on. What it returns is only
fit for use while `problems` is empty.

Case files spell a quantity with its unit (`range_km: 870`); the catalogue spells it without and
gives a whole figure (`range: {value: 870, unit: km, low: ..., high: ..., source: ...}`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import math
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from synaspis import units
from synaspis.errors import Problem
from synaspis.files import figure, words
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.declare import Spec
from synaspis.model.fact import Fact

T = TypeVar("T")
_NAMING = ("name", "id", "code", "case")
_LONGEST_NAME = 60
MOST_PROBLEMS = 400
"""Reading stops here: looking for the nearest word takes time, and a flood of problems helps nobody."""


@dataclass(frozen=True)
class Column:
    """One field of a noun as the reader sees it. `hint` has no `None` in it."""

    name: str
    key: str
    fact_key: str
    hint: Any
    spec: Spec
    required: bool
    optional: bool


@dataclass(frozen=True)
class Mention:
    """A word that names something of `kind`, and where it stands."""

    kind: str
    word: str
    line: int
    column: int
    file: str = ""
    """Of a file taken in by the one that is read; else empty."""


def columns(noun: Any) -> tuple[Column, ...]:
    """The fields of the dataclass `noun`, in order, with their types resolved."""
    return _columns(noun)


@functools.cache
def _columns(noun: Any) -> tuple[Column, ...]:
    hints = typing.get_type_hints(noun)
    found = []
    for field in dataclasses.fields(noun):
        spec: Spec = field.metadata["spec"]
        hint = hints[field.name]
        optional = isinstance(hint, types.UnionType)
        if optional:
            hint = next(a for a in typing.get_args(hint) if a is not type(None))
        bare = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        key = units.file_key(field.name, spec.unit) if spec.fact else field.name
        fact_key = units.stem(field.name) if spec.fact else field.name
        found.append(Column(field.name, key, fact_key, hint, spec, bare, optional))
    return tuple(found)


def short_for(wanted: Sequence[Column]) -> Column | None:
    """The field that a bare value stands for: the one word that is needed, or the first where all count."""
    needed = [c for c in wanted if c.required]
    if [c.hint for c in needed] == [str]:
        return needed[0]
    return wanted[0] if wanted and not needed and all(c.hint is int for c in wanted) else None


def empty(hint: Any) -> Any:
    """What stands for a value that could not be read."""
    origin: Any = typing.get_origin(hint) or hint
    if origin is tuple:
        return ()
    if origin is Mapping:
        return {}
    if dataclasses.is_dataclass(origin):
        hollow: Any = origin
        return hollow(**{c.name: empty(c.hint) for c in columns(hint)})
    return {str: "", float: math.nan, int: 0, bool: False}.get(origin)


class TooManyProblems(Exception):
    """The reader has noted `MOST_PROBLEMS` problems; they stay in it."""


class Reader:
    """Reads one file; `problems`, `mentions` and `facts` grow as it goes."""

    def __init__(self, file: str, sources: Mapping[str, str] | None = None) -> None:
        self.file = file
        self.sources = sources
        self.problems: list[Problem] = []
        self.mentions: list[Mention] = []
        self.facts: list[Fact] = []
        self._nodes: dict[int, tuple[object, Node]] = {}

    def say(self, node: Node, what: str, mend: str) -> None:
        """Note a problem at `node`. TooManyProblems when there are enough."""
        self.problems.append(Problem(node.file or self.file, node.line, node.column, what, mend))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblems

    def node(self, noun: object, name: str = "", item: int | None = None) -> Node:
        """Where `noun` was read, or its field `name`, or that field's item; the nearest there is."""
        node = self._nodes[id(noun)][1]
        if name and isinstance(node, Map):
            column = next(c for c in columns(type(noun)) if c.name == name)
            node = node.pairs.get(column.key) or node.pairs.get(column.fact_key) or node
        if item is not None and isinstance(node, List) and item < len(node.items):
            node = node.items[item]
        return node

    def noun(
        self,
        node: Node,
        kind: type[T],
        path: str = "",
        given: Mapping[str, Any] | None = None,
        extra: Collection[str] = (),
    ) -> T:
        """`node` as a `kind`. `given` are fields already known, `extra` keys that others read."""
        values: dict[str, Any] = dict(given or {})
        wanted = [c for c in columns(kind) if c.name not in values]
        if isinstance(node, Scalar) and not node.is_null:
            node = self._short(node, wanted)
        if isinstance(node, Map):
            self._unknown(node, wanted, extra)
            for column in wanted:
                values[column.name] = self._field(node, column, path, kind)
        else:
            keys = [self._key(c) for c in wanted if c.required] or [self._key(c) for c in wanted]
            self.say(
                node,
                f"{_called(node)} stands where a mapping belongs",
                "give keys and values: " + ", ".join(keys),
            )
            values.update({c.name: empty(c.hint) for c in wanted})
        made = kind(**{k: v for k, v in values.items() if v is not dataclasses.MISSING})
        self._nodes[id(made)] = (made, node)
        return made

    def _key(self, column: Column) -> str:
        return column.key if self.sources is None else column.fact_key

    def _short(self, node: Scalar, wanted: list[Column]) -> Node:
        """A bare word or number stands for a noun of which it says all that must be said."""
        bare = short_for(wanted)
        if bare is None or (bare.hint is int and words.number(node.text) is None):
            return node
        short = Map(node.line, node.column, file=node.file)
        short.pairs[self._key(bare)] = node
        short.keys[self._key(bare)] = node
        return short

    def _unknown(self, node: Map, wanted: list[Column], extra: Collection[str]) -> None:
        known = [self._key(c) for c in wanted] + list(extra)
        for key, where in node.keys.items():
            if key not in known:
                self.say(where, f"unknown key `{words.shown(key)}`", words.suggest(key, known))

    def _field(self, node: Map, column: Column, path: str, kind: type) -> Any:
        key = self._key(column)
        value = node.pairs.get(key)
        if value is None or (isinstance(value, Scalar) and value.is_null and not column.required):
            if not column.required:
                return dataclasses.MISSING
            self.say(node, f"`{key}` is missing", f"add `{key}`: {column.spec.meaning}{_in(column.spec)}")
            return empty(column.hint)
        if isinstance(value, Scalar) and value.is_null:
            self.say(value, f"`{key}` is empty", f"give {column.spec.meaning}{_in(column.spec)}")
            return empty(column.hint)
        return self._value(value, column, column.hint, f"{path}.{key}" if path else key, key)

    def _value(self, node: Node, column: Column, hint: Any, path: str, key: str) -> Any:
        origin = typing.get_origin(hint) or hint
        if origin is tuple:
            return self._tuple(node, column, typing.get_args(hint)[0], path, key)
        if origin is Mapping:
            return self._mapping(node, column, typing.get_args(hint)[1], path, key)
        if dataclasses.is_dataclass(hint):
            return self.noun(node, typing.cast(type, hint), path)
        if column.spec.fact and self.sources is not None:
            return self._figure(node, column, hint, path, key)
        if not isinstance(node, Scalar):
            self.say(node, f"`{key}` is {_called(node)}", f"give {_kind(hint)}: {column.spec.meaning}")
            return empty(hint)
        if hint is str:
            return self._word(node, column, key)
        if hint is bool:
            return self._flag(node, key)
        if hint is dt.date:
            return self._date(node, key)
        return self._number(node, column.spec, hint, key)

    def _tuple(self, node: Node, column: Column, hint: Any, path: str, key: str) -> tuple[Any, ...]:
        items = node.items if isinstance(node, List) else [node]
        if isinstance(node, Map) or (isinstance(node, Scalar) and dataclasses.is_dataclass(hint)):
            self.say(node, f"`{key}` is {_called(node)}", f"give a list: {column.spec.meaning}")
            return ()
        # A regime with no agreement is a floor to compare with; every other needed list must hold something.
        if not items and column.required and column.spec.names != "agreement":
            what = "the raid has no missile" if key == "raid" else f"`{key}` is empty"
            self.say(node, what, f"give at least one: {column.spec.meaning}")
        seen: dict[str, Scalar] = {}
        for item in items:
            if isinstance(item, Scalar) and (column.spec.names or column.spec.choices):
                first = seen.setdefault(item.text, item)
                if first is not item:
                    self.say(item, f"`{key}` names `{words.shown(item.text)}` twice", "keep one")
        return tuple(self._value(item, column, hint, f"{path}.{i}", key) for i, item in enumerate(items))

    def _mapping(self, node: Node, column: Column, hint: Any, path: str, key: str) -> dict[str, Any]:
        if not isinstance(node, Map):
            self.say(node, f"`{key}` is {_called(node)}", f"give a mapping: {column.spec.meaning}")
            return {}
        if not node.pairs:
            self.say(node, f"`{key}` is empty", f"give {column.spec.meaning}")
        return {k: self._value(v, column, hint, f"{path}.{k}", k) for k, v in node.pairs.items()}

    def _word(self, node: Scalar, column: Column, key: str) -> str:
        spec = column.spec
        if node.plain and (words.number(node.text) is not None or words.flag(node) is not None):
            self.say(
                node, f"`{key}` is {node.text}, not a word", f'if it is one, put it in quotes: "{node.text}"'
            )
            return ""
        if spec.choices and node.text not in spec.choices:
            self.say(
                node, f"`{key}` cannot be `{words.shown(node.text)}`", words.suggest(node.text, spec.choices)
            )
            return ""
        if column.name in _NAMING and (len(node.text) > _LONGEST_NAME or "\n" in node.text):
            self.say(
                node, f"`{key}` is too long", f"give a name of one line, at most {_LONGEST_NAME} characters"
            )
            return ""
        if not node.text.strip() and column.required:
            self.say(node, f"`{key}` is empty", f"give {spec.meaning}")
        if spec.names and node.text:
            self.mentions.append(Mention(spec.names, node.text, node.line, node.column, node.file))
        return node.text

    def _flag(self, node: Scalar, key: str) -> bool:
        value = words.flag(node)
        if value is None:
            self.say(node, f"`{key}` is `{words.shown(node.text)}`, not true or false", "write true or false")
        return bool(value)

    def _date(self, node: Scalar, key: str) -> dt.date | None:
        day = words.date(node.text)
        if day is None:
            self.say(
                node,
                f"`{key}` is `{words.shown(node.text)}`, not a date",
                f"write year-month-day, from {words.EARLIEST} to {words.LATEST}, as 2024-12-01",
            )
        return day

    def _number(self, node: Scalar, spec: Spec, hint: Any, key: str) -> Any:
        value = figure.number(self, node, key, _in(spec), whole=hint is int)
        if value is None or not figure.within(self, node, spec, value, key):
            return empty(hint)
        return value if hint is int else units.to_si(float(value), spec.unit)

    def _figure(self, node: Node, column: Column, hint: Any, path: str, key: str) -> Any:
        fact = figure.read(self, node, column.spec, path, key, whole=hint is int)
        if fact is None:
            return empty(hint)
        self.facts.append(fact)
        return int(fact.value) if hint is int else units.to_si(fact.value, fact.unit)


def _called(node: Node) -> str:
    if isinstance(node, List):
        return "a list"
    if isinstance(node, Map):
        return "a mapping"
    return "nothing" if node.is_null else f"`{words.shown(node.text)}`"


def _kind(hint: Any) -> str:
    return {str: "a word", int: "a whole number", float: "a number", bool: "true or false"}.get(
        hint, "a date"
    )


def _in(spec: Spec) -> str:
    return f", in {spec.unit}" if spec.unit not in ("", "1", "people") else ""
