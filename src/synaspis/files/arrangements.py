"""Agreements that a case takes from the catalogue by name: each is spelt out where its `from` stands.

What is left out is left out safely. A clause goes where nobody is left whom it speaks of; it never comes
to hold for more than it says. A site that the case lacks is said, for a forbid on it would be lost.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from synaspis import units
from synaspis.files import naming, words
from synaspis.files.catalog import Catalog, shipped
from synaspis.files.reader import Column, Reader, TooManyProblems, columns
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.agreement import Clause, Condition
from synaspis.model.arrangement import NOT, Arrangement, Borrowed

MOST_TAKEN = 100
_OWN_WORDS = ("recipient", "owner", "host")
_PARTIES = ("nation", "party", "party-or-recipient", "party-or-own", "origin")
_SITES = {"deployed-sensor": "sensor", "battery": "battery", "site": "sensor or battery"}
_KINDS = ("releases", "mandates", "authorities", "consents", "transfers")

C = TypeVar("C", Clause, Condition)


def take(reader: Reader, root: Node, known: Catalog, own_sound: bool = True) -> tuple[str, ...]:
    """Spell out each `from` among the agreements under `root`, in place; the arrangements taken, sorted.

    Those of the case's own catalogue are only looked into where that is `own_sound`.
    """
    listed = root.pairs.get("agreements") if isinstance(root, Map) else None
    if not isinstance(listed, List):
        return ()
    taken: list[str] = []
    names = naming.known_names(root, known)
    with suppress(TooManyProblems):
        for i, node in enumerate(listed.items):
            if not isinstance(node, Map) or "from" not in node.pairs:
                continue
            arrangement = _named(reader, node.pairs["from"], known)
            if len(taken) == MOST_TAKEN:
                what = f"more than {MOST_TAKEN} agreements are taken from the catalogue"
                reader.say(node, what, f"give at most {MOST_TAKEN}")
                break
            broken = arrangement is not None and not own_sound and not _ships(arrangement)
            if arrangement is None or broken:
                listed.items[i] = _stub(node, known, names["nation"])
                continue
            taken.append(arrangement.name)
            borrowed = reader.noun(node, Borrowed, extra=("from",))
            listed.items[i] = _Taking(reader, node, arrangement, borrowed, names).spelt()
    return tuple(sorted(set(taken)))


def _ships(arrangement: Arrangement) -> bool:
    item = shipped().items.get(arrangement.name)
    return item is not None and item.noun is arrangement


def _named(reader: Reader, node: Node, known: Catalog) -> Arrangement | None:
    name = node.text if isinstance(node, Scalar) else ""
    item = known.items.get(name)
    if item is not None and isinstance(item.noun, Arrangement):
        return item.noun
    what = f"the catalogue has no arrangement `{words.shown(name)}`" if name else "`from` is not a name"
    reader.say(node, what, words.suggest(name, known.names("arrangement")))
    return None


def _stub(node: Map, known: Catalog, nations: tuple[str, ...]) -> Map:
    """What stands for an agreement that could not be taken, so that mentions of it are no further problem."""
    name = next((n.text for key in ("name", "from") if isinstance(n := node.pairs.get(key), Scalar)), "")
    if "name" not in node.pairs:
        name = words.nearest(name, known.names("arrangement")) or name
    given: dict[str, Any] = {"name": name or "?", "title": "?", "parties": nations[:1], "source": "?"}
    return _map({**given, "since": dt.date(words.EARLIEST, 1, 1)}, node)


@dataclass(frozen=True)
class _Taking:
    """One arrangement on its way into a case."""

    reader: Reader
    node: Map
    arrangement: Arrangement
    borrowed: Borrowed
    names: Mapping[str, tuple[str, ...]]

    def spelt(self) -> Map:
        """The agreement as the case would have it written; problems are noted in the reader."""
        before = len(self.reader.problems)
        self._check_words()
        a, where = self.arrangement, self.node.pairs["from"]
        kinds = {
            kind: [
                _spelt(fitted, where)
                for clause in getattr(a, kind)
                if clause.id not in self.borrowed.without
                for fitted in (self._fitted(clause, clause.id),)
                if fitted is not None
            ]
            for kind in _KINDS
        }
        if not any(kinds.values()) and len(self.reader.problems) == before:
            what = f"no clause of `{a.name}` speaks of this case"
            mend = f"add its parties ({', '.join(self._all(a.parties)[:6])}) to `nations`, or take it out"
            self.reader.say(where, what, mend)
        given = {
            "name": self.borrowed.name or a.name,
            "title": a.title,
            "parties": self._here(a.parties) or self.names["nation"][:1],
            "source": a.source,
            "since": a.since,
            "until": a.until,
        }
        made = _map(given, where)
        for kind, clauses in kinds.items():
            if clauses:
                _put(made, kind, List(where.line, where.column, list(clauses)), where)
        return made

    def _check_words(self) -> None:
        """What `sites` and `without` name is spoken of in the arrangement."""
        ids = [c.id for c in self.arrangement.clauses]
        for i, clause_id in enumerate(self.borrowed.without):
            if clause_id not in ids:
                what = f"`{self.arrangement.name}` has no clause `{words.shown(clause_id)}`"
                where = self.reader.node(self.borrowed, "without", i)
                self.reader.say(where, what, words.suggest(clause_id, ids))
        spoken = sorted({_site(s) for c in self.arrangement.clauses for s in _sites(c)})
        given = self.node.pairs.get("sites")
        for site in self.borrowed.sites:
            if site not in spoken and isinstance(given, Map):
                what = f"`{self.arrangement.name}` speaks of no site `{words.shown(site)}`"
                self.reader.say(given.keys[site], what, words.suggest(site, spoken, "leave `sites` out"))

    def _fitted(self, clause: C, clause_id: str) -> C | None:
        """`clause` with the parties and sites of the case; None where nobody is left whom it speaks of."""
        changed: dict[str, Any] = {}
        for column in columns(type(clause)):
            value = getattr(clause, column.name)
            if isinstance(value, Condition):
                changed[column.name] = self._fitted(value, clause_id)
                if changed[column.name] is None:
                    return None
            elif value and column.spec.names in _PARTIES:
                listed = value if isinstance(value, tuple) else (value,)
                here = self._here(listed, column.spec.names)
                # An order that waits for somebody must not stop waiting because the case leaves them out.
                if column.name in ("deciders", "veto"):
                    self._all_there(clause_id, column, listed, here)
                if not here and column.name != "onward":
                    return None
                changed[column.name] = here if isinstance(value, tuple) else here[0]
        before = len(self.reader.problems)
        for column in columns(type(clause)):
            if column.spec.names in _SITES:
                changed[column.name] = self._renamed(clause_id, column, getattr(clause, column.name))
        # What was said of its sites is not said again when the clause is read.
        return None if len(self.reader.problems) > before else dataclasses.replace(clause, **changed)

    def _all_there(
        self, clause_id: str, column: Column, parties: tuple[str, ...], here: tuple[str, ...]
    ) -> None:
        missing = [p for p in self._all(parties) if p not in here]
        if missing:
            what = f"`{clause_id}` of `{self.arrangement.name}` needs {missing[0]} (`{column.name}`)"
            mend = f"add {missing[0]} to `nations`, or leave the clause out: `without: [{clause_id}]`"
            self.reader.say(self.node.pairs["from"], what, mend)

    def _renamed(self, clause_id: str, column: Column, sites: tuple[str, ...]) -> tuple[str, ...]:
        """The case's own names of `sites`. One that it has not is said; no list is emptied, to mean all."""
        known, found = self.names[column.spec.names], []
        for site in sites:
            base, radar = _site(site), site[len(_site(site)) :]
            called = self.borrowed.sites.get(base, (base,))
            if not called:
                what, mend = f"`sites` has no name for `{base}`", f"give one, or `without: [{clause_id}]`"
                self.reader.say(self.reader.node(self.borrowed, "sites"), what, mend)
            for name in called:
                found.append(name + radar)
                if name + radar not in known:
                    self._lacking(clause_id, base, name + radar, _SITES[column.spec.names], known)
        return tuple(dict.fromkeys(found))

    def _lacking(self, clause_id: str, base: str, name: str, called: str, known: tuple[str, ...]) -> None:
        given = self.node.pairs.get("sites")
        if isinstance(given, Map) and base in given.pairs:
            where, near = given.pairs[base], words.suggest(name, known, "the case lists none")
            self.reader.say(where, f"the case has no {called} `{words.shown(name)}`", near)
            return
        what = f"`{clause_id}` of `{self.arrangement.name}` speaks of `{name}`; the case has no such {called}"
        named = f"say what it is called here: `sites: {{{base}: NAME}}`"
        mend = f"{named}, or leave it out: `without: [{clause_id}]`"
        self.reader.say(self.node.pairs["from"], what, mend)

    def _all(self, parties: tuple[str, ...]) -> tuple[str, ...]:
        """Nations behind `parties`, in the order given, whether the case has them or not."""
        groups = {a.name: a.members for a in self.arrangement.alliances}
        found: dict[str, None] = {}
        for party in parties:
            if party.startswith(NOT):
                inside = self._all((party[len(NOT) :],))
                found.update(dict.fromkeys(n for n in self.names["nation"] if n not in inside))
            else:
                found.update(dict.fromkeys(groups.get(party, (party,))))
        return tuple(found)

    def _here(self, parties: tuple[str, ...], kind: str = "party") -> tuple[str, ...]:
        """Those of `parties` that the case has; the words of the clauses stay."""
        known = self.names[kind] if kind == "origin" else (*self.names["nation"], *_OWN_WORDS)
        return tuple(p for p in self._all(parties) if p in known)


def _site(name: str) -> str:
    """The site of `name`, which may be a battery's own radar."""
    return name.partition("/")[0]


def _sites(clause: Clause) -> tuple[str, ...]:
    named = (getattr(clause, c.name) for c in columns(type(clause)) if c.spec.names in _SITES)
    return tuple(site for sites in named for site in sites)


def _spelt(noun: Any, at: Node) -> Map:
    """A noun as a case file spells it; what is empty, or as if left out, is left out."""
    return _map(
        {
            c.key: units.from_si(value, c.spec.unit) if c.spec.fact else value
            for c in columns(type(noun))
            for value in (getattr(noun, c.name),)
            if value and value != math.inf
        },
        at,
    )


def _map(given: Mapping[str, Any], at: Node) -> Map:
    made = Map(at.line, at.column)
    for key, value in given.items():
        if value is not None:
            _put(made, key, _node(value, at), at)
    return made


def _put(made: Map, key: str, value: Node, at: Node) -> None:
    made.pairs[key] = value
    made.keys[key] = Scalar(key, True, at.line, at.column)


def _node(value: Any, at: Node) -> Node:
    if isinstance(value, tuple):
        return List(at.line, at.column, [_node(v, at) for v in value])
    if dataclasses.is_dataclass(value):
        return _spelt(value, at)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", True, at.line, at.column)
    if isinstance(value, dt.date):
        return Scalar(value.isoformat(), True, at.line, at.column)
    number = isinstance(value, (int, float))
    return Scalar(repr(value) if number else str(value), number, at.line, at.column)
