"""Where a key such as `batteries.deveselu.rounds` leads in a case file's tree."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from synaspis.errors import Problem
from synaspis.files import words
from synaspis.files.editing import KINDS
from synaspis.files.reader import Column, columns, short_for
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.agreement import Agreement
from synaspis.model.case import CaseFile
from synaspis.model.sweep import PLAYING, SALVO, SCALE

RAID, AGREEMENTS, CLAUSES, CATALOG, EACH = "raid", "agreements", "clauses", "catalog.", "each"
SITES = ("sensors", "batteries")
ROOTS = ("date", "start_utc", "state_of_alert", "weather", "nations", *SITES, AGREEMENTS, CLAUSES)
FIXED = (RAID, "launch_areas", "assets", "threats")
"""What a raid is and what it is aimed at: inputs that no sweep varies."""
KEYS = (*PLAYING, SALVO, SCALE, *ROOTS, "catalog")
NAMES = ("name", "id", "code")


@dataclass
class Spot:
    """A value's place: `key` of the mapping `held`; or the item `node` of the list `held`, to be switched."""

    held: Any
    node: Node | None
    kind: str
    """`value`, `site`, `agreements` or `clause`."""
    name: str
    example: str = ""

    @property
    def is_switch(self) -> bool:
        """Whether it takes on and off."""
        return self.kind != "value"

    def put(self, value: Scalar) -> None:
        """Give the place a value."""
        self.held.keys.setdefault(self.name, value)
        self.held.pairs[self.name] = value


class Lost(Exception):
    """The path leads nowhere: what is wrong, and its mend."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def spots(root: Map, key: str, argument: str) -> tuple[list[Spot], list[Problem]]:
    """All that `key` leads to, or why it leads nowhere."""
    head, _, rest = key.partition(".")
    try:
        if head in FIXED:
            mend = f"vary how many missiles fly: {SALVO}, {SCALE}"
            raise Lost(
                "where a raid is aimed, from where, when and with what is an input, never varied", mend
            )
        if head not in ROOTS:
            raise Lost(f"there is no axis `{words.shown(head)}`", words.suggest(head, KEYS))
        if head == CLAUSES:
            return _clauses(root, rest), []
        column = next(c for c in columns(CaseFile) if c.name == head)
        return _value(root, column, rest), []
    except Lost as lost:
        return [], [Problem(f"{argument} {key}", 0, 0, lost.what, lost.mend)]


def _value(held: Map, column: Column, rest: str) -> list[Spot]:
    """Where `rest` leads from the value of `column` in `held`."""
    inside = typing.get_args(column.hint)
    if typing.get_origin(column.hint) is tuple and dataclasses.is_dataclass(inside[0]):
        listed = held.pairs.get(column.key)
        items = listed.items if isinstance(listed, List) else []
        kind = "site" if column.name in SITES else "clause" if column.name in KINDS else column.name
        noun: Any = inside[0]
        return _items([(listed, n, noun, kind) for n in items], rest, column.key)
    if dataclasses.is_dataclass(column.hint):
        node = held.pairs.get(column.key)
        if not isinstance(node, Map):
            raise Lost(f"the case says nothing of `{column.key}` that could be varied", "write it out first")
        return _field(node, typing.cast(Any, column.hint), rest, column.key)
    if typing.get_origin(column.hint) is not None:
        raise Lost(f"`{column.key}` is a list: only single values are varied", "vary something else of it")
    if rest:
        raise Lost(
            f"`{column.key}` is one value: there is no `{words.shown(rest)}` in it", "end the key there"
        )
    return [Spot(held, held.pairs.get(column.key), "value", column.key)]


Item = tuple[Any, Node, Any, str]
"""The list, the item, the noun that it is read as, and what it is when it is switched."""


def _items(found: Sequence[Item], rest: str, key: str) -> list[Spot]:
    """Where `rest` leads from the items of a list: the first word names one, or `each`."""
    named = {name: item for item in found for name in (_name(item[1]),) if name}
    if not named:
        raise Lost(f"the case has no `{key}`", "vary something else")
    if not rest:
        raise Lost(f"`{key}` is a list", f"name one, as {key}.{next(iter(named))}, or all: {key}.{EACH}")
    if rest == EACH or rest.startswith(EACH + "."):
        below = rest[len(EACH) + 1 :]
        return _each(found, below, key)
    fits = [n for n in named if rest == n or rest.startswith(n + ".")]
    if not fits:
        word = rest.partition(".")[0]
        raise Lost(f"`{key}` has no `{words.shown(word)}`", words.suggest(word, (*named, EACH)))
    name = max(fits, key=len)
    return _item(named[name], name, rest[len(name) + 1 :], f"{key}.{name}")


def _each(found: Sequence[Item], below: str, key: str) -> list[Spot]:
    """All items that can have what `below` names; of clauses only those that say it."""
    made: list[Spot] = []
    lost: Lost | None = None
    for item in found:
        try:
            told = _item(item, _name(item[1]), below, key)
        except Lost as error:
            lost = error
            continue
        made += [s for s in told if item[3] != "clause" or s.is_switch or s.node is not None]
    if made:
        return made
    raise lost or Lost(f"no clause says `{words.shown(below)}`", "name one that is to say it")


def _item(item: Item, name: str, rest: str, key: str) -> list[Spot]:
    listed, node, noun, kind = item
    if rest:
        return _field(_spelt(listed, node, noun), noun, rest, key)
    figures = [c.key for c in columns(noun) if c.hint in (int, float)]
    if kind not in ("site", AGREEMENTS, "clause"):
        raise Lost(f"`{key}` is no single value", f"name one, as {key}.{columns(noun)[-1].key}")
    return [Spot(listed, node, kind, name, f"{key}.{figures[0]}" if figures else "")]


def _field(node: Map, noun: Any, rest: str, key: str) -> list[Spot]:
    """Where `rest` leads within a mapping that is read as `noun`."""
    word, _, below = rest.partition(".")
    known = {c.key: c for c in columns(noun)}
    if word not in known or word in NAMES:
        may = [k for k in known if k not in NAMES]
        raise Lost(f"`{key}` has no `{words.shown(word)}`", words.suggest(word, may))
    return _value(node, known[word], below)


def _clauses(root: Map, rest: str) -> list[Spot]:
    """Where `rest` leads from the clauses of all agreements, by id."""
    listed = root.pairs.get(AGREEMENTS)
    found: list[Item] = []
    nouns = {c.name: typing.get_args(c.hint)[0] for c in columns(Agreement) if c.name in KINDS}
    agreements = listed.items if isinstance(listed, List) else []
    for agreement in (a for a in agreements if isinstance(a, Map)):
        for kind in KINDS:
            clauses = agreement.pairs.get(kind)
            items = clauses.items if isinstance(clauses, List) else []
            found += [(clauses, node, nouns[kind], "clause") for node in items]
    return _items(found, rest, CLAUSES)


def _name(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Map):
        for key in NAMES:
            found = node.pairs.get(key)
            if isinstance(found, Scalar):
                return found.text
    return ""


def _spelt(listed: List, node: Node, noun: Any) -> Map:
    """The item as a mapping: one written in short is spelt out in its list."""
    if isinstance(node, Map):
        return node
    made = Map(node.line, node.column)
    bare = short_for(columns(noun))
    if bare is None or not isinstance(node, Scalar):
        raise Lost("this item is written in a way in which nothing can be set", "spell it out in the case")
    made.pairs[bare.key], made.keys[bare.key] = node, node
    listed.items = [made if n is node else n for n in listed.items]
    return made
