"""The catalogue: public figures as YAML, read once, and its entries as nouns of the model."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from typing import Any

from synaspis.errors import InputError, Problem
from synaspis.files import tree, words
from synaspis.files.iso3166 import CODES
from synaspis.files.reader import Mention, Reader, TooManyProblems
from synaspis.files.tree import Map, Node, Scalar
from synaspis.model.arrangement import NOT, Arrangement
from synaspis.model.battery import Interceptor, System
from synaspis.model.booster import Booster
from synaspis.model.breakup import Breakup
from synaspis.model.economy import ARRANGEMENTS, Economy
from synaspis.model.fact import Entry
from synaspis.model.money import YEARS, Currency, Prices, Programme
from synaspis.model.nation import WarningPractice
from synaspis.model.sensor import WEATHERS, Infrared, Radar, Sky
from synaspis.model.space_interceptor import SpaceInterceptor
from synaspis.model.threat import BANDS, CATEGORIES, PHASES, FlyingObject, Threat

KINDS: Mapping[str, type[Any]] = {
    "threat": Threat,
    "object": FlyingObject,
    "radar": Radar,
    "infrared": Infrared,
    "interceptor": Interceptor,
    "system": System,
    "warning": WarningPractice,
    "sky": Sky,
    "booster": Booster,
    "arrangement": Arrangement,
    "space-interceptor": SpaceInterceptor,
    "breakup": Breakup,
    "economy": Economy,
    "programme": Programme,
    "prices": Prices,
    "currency": Currency,
}
Noun = (
    Threat
    | FlyingObject
    | Radar
    | Infrared
    | Interceptor
    | System
    | WarningPractice
    | Sky
    | Booster
    | Arrangement
    | SpaceInterceptor
    | Breakup
    | Economy
    | Programme
    | Prices
    | Currency
)

CERTAIN = 1e-6
"""How far the chances of all weathers may be from 1 in sum."""
_HEADER = ("kind", "title", "summary")
_MAPPED: dict[str, tuple[tuple[str, ...], ...]] = {
    "cross_section": (BANDS, PHASES),
    "p_kill": (CATEGORIES,),
    "weather": (WEATHERS,),
    "common_funding": (ARRANGEMENTS,),
    "index": (YEARS,),
    "rate": (YEARS,),
}
"""Which words the mapped figures may have as keys, level by level."""
_MAPPED_IN: Mapping[str, dict[str, tuple[tuple[str, ...], ...]]] = {"object": {"cross_section": (BANDS,)}}
"""The same where one kind of entry has other levels."""


@dataclass(frozen=True)
class Item:
    """A catalogue entry with its facts, and the noun made of it."""

    entry: Entry
    noun: Noun


@dataclass(frozen=True)
class Catalog:
    """Entries by name."""

    items: Mapping[str, Item]

    def names(self, *kinds: str) -> tuple[str, ...]:
        """Names of all entries, or of those of `kinds`, sorted."""
        return tuple(sorted(n for n, i in self.items.items() if not kinds or i.entry.kind in kinds))

    def get(self, name: str) -> Item:
        """The entry called `name`. InputError naming the nearest one where there is none."""
        item = self.items.get(name)
        if item is None:
            what = f"the catalogue has no entry `{words.shown(name)}`"
            raise InputError([Problem("catalog", 1, 1, what, words.suggest(name, self.names()))])
        return item

    def with_own(self, own: Catalog) -> Catalog:
        """This catalogue with the entries of `own` added; they replace those of the same name."""
        return Catalog({**self.items, **own.items})


@functools.cache
def shipped() -> Catalog:
    """The catalogue that ships, read on first use. InputError where a file of it is wrong."""
    items: dict[str, Item] = {}
    problems: list[Problem] = []
    mentions: list[tuple[str, Mention]] = []
    folder = resources.files("synaspis.catalog")
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".yaml"):
            continue
        file = f"synaspis/catalog/{path.name}"
        root, found = tree.parse(path.read_bytes(), file)
        problems += found
        if root is None:
            continue
        own, reader = read(root, file, taken=items)
        items.update(own.items)
        problems += reader.problems
        mentions += [(file, m) for m in reader.mentions]
    catalog = Catalog(items)
    problems += unknown(catalog, mentions)
    if problems:
        raise InputError(problems)
    return catalog


def entry(name: str) -> Entry:
    """The shipped entry called `name`, with all its facts. InputError where there is none."""
    return shipped().get(name).entry


def noun(name: str) -> Noun:
    """The shipped entry called `name` as a noun of the model. InputError where there is none."""
    return shipped().get(name).noun


def names(kind: str | None = None) -> tuple[str, ...]:
    """Names of the shipped entries, of one kind where given, sorted."""
    return shipped().names() if kind is None else shipped().names(kind)


def read(root: Node, file: str, taken: Collection[str] = ()) -> tuple[Catalog, Reader]:
    """The entries under `root` (keys `sources` and `entries`); problems stay in the reader."""
    reader = Reader(file, {})
    items: dict[str, Item] = {}
    with suppress(TooManyProblems):
        for name, node in _entries(reader, root, taken):
            item = _item(reader, name, node)
            if item is not None:
                items[name] = item
    return Catalog(items), reader


def _entries(reader: Reader, root: Node, taken: Collection[str]) -> Iterable[tuple[str, Node]]:
    if not isinstance(root, Map):
        reader.say(root, "a catalogue is a mapping", "give `sources` and `entries`")
        return ()
    for key, where in root.keys.items():
        if key not in ("sources", "entries"):
            reader.say(where, f"unknown key `{words.shown(key)}`", words.suggest(key, ("sources", "entries")))
    reader.sources = _sources(reader, root.pairs.get("sources"))
    entries = root.pairs.get("entries")
    if not isinstance(entries, Map):
        reader.say(entries or root, "`entries` is not a mapping", "give entries by name")
        return ()
    for name, where in entries.keys.items():
        if name in taken:
            reader.say(where, f"`{words.shown(name)}` is already an entry", "choose another name")
    return entries.pairs.items()


def unknown(catalog: Catalog, mentions: Iterable[tuple[str, Mention]]) -> list[Problem]:
    """A problem for each (file, mention) of an entry that `catalog` does not hold."""
    problems: list[Problem] = []
    names = {kind: catalog.names(kind) for kind in KINDS}
    names["hardware"] = catalog.names("system", "interceptor", "radar")
    for file, m in mentions:
        known = names[m.kind]
        if m.word not in known:
            what = f"unknown {m.kind} `{words.shown(m.word)}`"
            problems.append(Problem(file, m.line, m.column, what, words.suggest(m.word, known)))
    return problems


def _sources(reader: Reader, node: Node | None) -> dict[str, str]:
    if node is None:
        return {}
    if not isinstance(node, Map):
        reader.say(node, "`sources` is not a mapping", "give citations by a short name")
        return {}
    found = {}
    for name, value in node.pairs.items():
        if isinstance(value, Scalar) and value.text.strip() and not value.is_null:
            found[name] = " ".join(value.text.split())
        else:
            reader.say(value, f"the source `{words.shown(name)}` is not a text", "give one citation")
            found[name] = ""
    return found


def _item(reader: Reader, name: str, node: Node) -> Item | None:
    if not isinstance(node, Map):
        reader.say(
            node, f"`{words.shown(name)}` is not an entry", "give kind, title, summary and its figures"
        )
        return None
    header = {key: _header(reader, node, key) for key in _HEADER}
    kind = header["kind"]
    if kind not in KINDS:
        if kind:
            reader.say(node.pairs["kind"], f"unknown kind `{words.shown(kind)}`", words.suggest(kind, KINDS))
        return None
    cls = KINDS[kind]
    given = {"name": name}
    if any(f.name == "title" for f in dataclasses.fields(cls)):
        given["title"] = header["title"]
    before, first, mentioned = len(reader.problems), len(reader.facts), len(reader.mentions)
    made = reader.noun(node, cls, given=given, extra=_HEADER)
    _mapped_keys(reader, node, kind)
    if kind == "interceptor" and len(reader.problems) == before:
        _kill_chances(reader, made, node)
    if kind in ("threat", "object") and len(reader.problems) == before:
        _all_bands(reader, node, kind)
    if kind == "threat" and len(reader.problems) == before:
        _profile(reader, made, node)
    if kind == "radar" and len(reader.problems) == before:
        _fence(reader, made, node)
    if kind == "sky" and len(reader.problems) == before:
        _weather(reader, made, node)
    if kind == "breakup" and len(reader.problems) == before and made.lightest_kgpm2 > made.heaviest_kgpm2:
        reader.say(node.pairs["lightest"], "the lightest fragment is heavier than the heaviest", "swap them")
    if kind == "economy" and len(reader.problems) == before and made.nation not in CODES:
        what = f"unknown nation `{words.shown(made.nation)}`"
        reader.say(node.pairs["nation"], what, words.suggest(made.nation, sorted(CODES)))
    if kind == "arrangement":
        _parties(reader, made, mentioned)
        _clause_ids(reader, made)
    facts = tuple(dataclasses.replace(f, entry=name) for f in reader.facts[first:])
    return Item(
        Entry(name=name, kind=kind, title=header["title"], summary=header["summary"], facts=facts), made
    )


def _header(reader: Reader, node: Map, key: str) -> str:
    value = node.pairs.get(key)
    if isinstance(value, Scalar) and value.text.strip() and not value.is_null:
        return " ".join(value.text.split())
    reader.say(value or node, f"`{key}` is missing", f"give the entry's {key} in words")
    return ""


def _mapped_keys(reader: Reader, node: Map, kind: str) -> None:
    for key, levels in (_MAPPED | _MAPPED_IN.get(kind, {})).items():
        nodes = [node.pairs[key]] if key in node.pairs else []
        for allowed in levels:
            below: list[Node] = []
            for mapping in nodes:
                if isinstance(mapping, Map):
                    for word, where in mapping.keys.items():
                        if word not in allowed:
                            reader.say(
                                where, f"unknown key `{words.shown(word)}`", words.suggest(word, allowed)
                            )
                    below += mapping.pairs.values()
            nodes = below


def _all_bands(reader: Reader, node: Map, kind: str) -> None:
    """A cross-section holds for every band, and for every phase where it has phases: a case may need any."""
    table = node.pairs["cross_section"]
    below = table.pairs.values() if kind == "threat" and isinstance(table, Map) else ()
    for mapping, allowed in ((table, BANDS), *((phases, PHASES) for phases in below)):
        missing = [word for word in allowed if isinstance(mapping, Map) and word not in mapping.pairs]
        if missing:
            what = f"`cross_section` has nothing for `{missing[0]}`"
            reader.say(mapping, what, "give all of " + ", ".join(allowed))


def _profile(reader: Reader, made: Threat, node: Map) -> None:
    """A class has what its way of flying needs, and nothing of another's."""
    glides = made.flight in ("quasi-ballistic", "glide", "skip")
    cruises = made.flight == "cruise"
    for key, needed in (("stages", not cruises), ("glide", glides), ("cruise", cruises)):
        if needed and key not in node.pairs:
            reader.say(node, f"`{key}` is missing", f"a {made.flight} class has `{key}`")
        elif not needed and key in node.pairs:
            reader.say(
                node.keys[key], f"a {made.flight} class has no `{key}`", "take it away, or mend `flight`"
            )


def _fence(reader: Reader, made: Radar, node: Map) -> None:
    """A radar searches where it can look."""
    low, high = made.search_rad
    if low >= high:
        what = "the search fence holds no elevation that the radar sees"
        where = node.pairs.get("search_low") or node.pairs.get("search_high") or node
        reader.say(where, what, "give search_low < search_high, between the lowest and highest elevation")


def _weather(reader: Reader, made: Sky, node: Map) -> None:
    """All bands are there, from the lowest cloud break to the highest, and some weather is certain."""
    where = node.pairs["weather"]
    missing = [name for name in WEATHERS if name not in made.weather]
    if missing:
        reader.say(where, "`weather` has no " + ", ".join(missing), "give all of " + ", ".join(WEATHERS))
        return
    breaks = [made.weather[name].cloud_break_m for name in WEATHERS]
    if breaks != sorted(breaks):
        reader.say(where, "the cloud breaks of `weather` fall", "give them rising: " + ", ".join(WEATHERS))
    total = sum(w.probability for w in made.weather.values())
    if abs(total - 1.0) > CERTAIN:
        reader.say(where, f"the probabilities of `weather` sum to {total:.6g}", "make them sum to 1")


def _parties(reader: Reader, made: Arrangement, first: int) -> None:
    """Nations are those of ISO 3166 and groups are the entry's own; the case that takes it has the sites."""
    groups = [a.name for a in made.alliances]
    known = (*groups, *(NOT + g for g in groups))
    left = []
    for m in reader.mentions[first:]:
        nation = m.kind in ("nation", "origin")
        own = {"party-or-recipient": ("recipient",), "party-or-own": ("owner", "host")}.get(m.kind, ())
        if m.kind == "hardware":
            left.append(m)
        elif (nation or m.kind.startswith("party")) and m.word not in CODES:
            if not nation and m.word in (*known, *own):
                continue
            near = None if nation else words.nearest(m.word, known)
            mend = f"did you mean `{near}`?" if near else words.suggest(m.word, sorted(CODES))
            what = f"unknown nation{'' if nation else ' or alliance'} `{words.shown(m.word)}`"
            reader.say(Scalar(m.word, True, m.line, m.column), what, mend)
    reader.mentions[first:] = left
    for group in made.alliances:
        if group.name in (*CODES, "recipient", "owner", "host") or group.name.startswith(NOT):
            what = f"`{words.shown(group.name)}` is a nation's code or a word of the clauses"
            reader.say(reader.node(group, "name"), what, "name the group otherwise")
        for i, member in enumerate(group.members):
            if member in known:
                what = f"`{words.shown(member)}` is a group among the members of another"
                reader.say(reader.node(group, "members", i), what, "name its nations")


def _clause_ids(reader: Reader, made: Arrangement) -> None:
    """Each clause has an id of its own."""
    seen: set[str] = set()
    for clause in made.clauses:
        if clause.id and clause.id in seen:
            what = f"two clauses are called `{words.shown(clause.id)}`"
            reader.say(reader.node(clause, "id"), what, "rename one, or take one out")
        seen.add(clause.id)


def _kill_chances(reader: Reader, made: Interceptor, node: Map) -> None:
    """What `p_kill` says on average must be attainable by shots that neither common cause spoils."""
    table = node.pairs["p_kill"]
    sound = (1 - made.p_type_defect) * (1 - made.p_confusion)
    for category in made.engages:
        if category not in made.p_kill:
            reader.say(
                node.keys["p_kill"],
                f"`p_kill` has nothing for `{category}`, which it engages",
                f"add `{category}`, or take it off `engages`",
            )
        elif made.p_kill[category] > sound and isinstance(table, Map):
            what = f"`p_kill` of {made.p_kill[category]:g} cannot be reached"
            mend = f"give at most {sound:.3g} = (1 - p_type_defect) x (1 - p_confusion), or lower those"
            reader.say(table.pairs[category], what, mend)
