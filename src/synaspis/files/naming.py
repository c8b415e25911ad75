"""Names in a case: each defined once, and each that is used defined somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from synaspis.files import words
from synaspis.files.catalog import Catalog
from synaspis.files.iso3166 import CODES
from synaspis.files.ledger import currencies
from synaspis.files.reader import Reader
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.case import CaseFile
from synaspis.model.money import DOLLAR

_CALLED = {
    "party": "nation or alliance",
    "party-or-recipient": "nation or alliance",
    "party-or-own": "nation or alliance",
    "hardware": "battery type, interceptor or radar",
    "origin": "launch area, or nation with one",
    "launch_area": "launch area",
    "launch-state": "state with a launch area",
    "deployed": "sensor or battery in this case",
    "asset": "asset",
    "deployed-sensor": "sensor in this case",
    "site": "sensor or battery in this case",
    "sensor": "sensor type",
    "system": "battery type",
    "interceptor": "interceptor type",
    "threat": "missile class",
    "class": "missile class of the catalogue",
    "warning": "warning practice",
    "protected": "nation or asset",
    "payer": "nation or alliance",
}
"""What messages call the kinds of thing that a `Spec` names."""


def known_names(root: Node, catalog: Catalog) -> Mapping[str, tuple[str, ...]]:
    """The names that each kind of mention may use, in the case's order."""
    nations = _defined(root, "nations", "code")
    parties = nations + _defined(root, "alliances", "name")
    batteries = _defined(root, "batteries", "name")
    own = _defined(root, "threats", "name")
    sensors = _defined(root, "sensors", "name") + tuple(f"{b}/radar" for b in batteries)
    return {
        "nation": nations,
        "party": parties,
        "party-or-recipient": (*parties, "recipient"),
        "party-or-own": (*parties, "owner", "host"),
        "hardware": catalog.names("system", "interceptor", "radar"),
        "origin": tuple(
            dict.fromkeys(
                (*_defined(root, "launch_areas", "name"), *_defined(root, "launch_areas", "nation"))
            )
        ),
        "battery": batteries,
        "deployed-sensor": sensors,
        "site": (*sensors, *batteries),
        "deployed": _defined(root, "sensors", "name") + batteries,
        "asset": _defined(root, "assets", "name"),
        "launch_area": _defined(root, "launch_areas", "name"),
        "launch-state": _defined(root, "launch_areas", "nation"),
        "agreement": _defined(root, "agreements", "name"),
        "regime": _defined(root, "regimes", "name"),
        "sensor": catalog.names("radar", "infrared"),
        "system": catalog.names("system"),
        "threat": catalog.names("threat"),
        "class": tuple(n for n in catalog.names("threat") if n not in own),
        "warning": catalog.names("warning"),
        "interceptor": catalog.names("interceptor"),
        # Who pays need not be a nation of the case: a co-developer, or a third state that reacts.
        "payer": (*parties, *(code for code in sorted(CODES) if code not in nations)),
        "currency": (DOLLAR, *sorted(currencies(catalog))),
        "protected": (*nations, *_defined(root, "assets", "name")),
    }


def check_mentions(reader: Reader, root: Node, catalog: Catalog) -> None:
    """Every name that is used is defined; the mend gives the nearest that is."""
    known = known_names(root, catalog)
    sets = {kind: frozenset(names) for kind, names in known.items()}
    for m in reader.mentions:
        if m.word not in sets[m.kind]:
            what = f"unknown {_CALLED.get(m.kind, m.kind)} `{words.shown(m.word)}`"
            mend = words.suggest(m.word, known[m.kind], "the case lists none")
            if m.kind in ("nation", "party", "party-or-recipient") and m.word in CODES:
                mend = f"add {m.word} to `nations`"
            reader.say(Scalar(m.word, True, m.line, m.column, file=m.file), what, mend)


def check_names(reader: Reader, file: CaseFile) -> None:
    """Every name is given once, and nothing shares a name with what it could be mistaken for."""
    for nation in file.nations:
        if nation.code and nation.code not in CODES:
            mend = words.suggest(nation.code, CODES)
            if not mend.startswith("did"):
                mend = "give an ISO 3166 alpha-3 code, as ROU"
            reader.say(reader.node(nation, "code"), f"`{words.shown(nation.code)}` is no country code", mend)
    _once(reader, [*_named(file.nations, "nation", "code"), *_named(file.alliances, "alliance")])
    sites = [*_named(file.sensors, "sensor"), *_named(file.batteries, "battery")]
    _once(reader, sites)
    for noun, _, attribute in sites:
        if "/" in getattr(noun, attribute):
            reader.say(
                reader.node(noun, "name"), "`/` in a name is kept for a battery's own radar", "leave it out"
            )
    for alliance in file.alliances:
        if alliance.name in ("recipient", "owner", "host"):
            what = f"`{alliance.name}` is a word of the clauses"
            reader.say(reader.node(alliance, "name"), what, "name it otherwise")
    _once(reader, _named(file.assets, "asset"))
    _once(reader, _named(file.launch_areas, "launch area"))
    _once(reader, _named(file.threats, "missile class"))
    _once(reader, _named(file.agreements, "agreement"))
    _once(reader, _named(file.regimes, "regime"))
    _once(reader, _named(file.plan.sites, "site"))
    _once(reader, _named(file.timeline.plans, "plan"))
    _once(reader, _named(file.costs, "line of cost", "id"))
    clauses = [c for a in file.agreements for c in a.clauses]
    _once(reader, _named(clauses, "clause", "id"))


_Named = tuple[Any, str, str]


def _named(nouns: Iterable[Any], kind: str, attribute: str = "name") -> list[_Named]:
    return [(noun, kind, attribute) for noun in nouns if getattr(noun, attribute)]


def _once(reader: Reader, named: Iterable[_Named]) -> None:
    first: dict[str, _Named] = {}
    for noun, kind, attribute in named:
        name = getattr(noun, attribute)
        if name not in first:
            first[name] = (noun, kind, attribute)
            continue
        other, other_kind, other_attribute = first[name]
        first_node = reader.node(other, other_attribute)
        line = f"{first_node.line} of {first_node.file}" if first_node.file else str(first_node.line)
        what = f"two things are called `{words.shown(name)}`: this {kind} and the {other_kind} on line {line}"
        reader.say(reader.node(noun, attribute), what, "rename one, or take one out")


def _defined(root: Node, section: str, key: str) -> tuple[str, ...]:
    """Names defined in a section, taken from the nodes so that a broken item still counts."""
    found: dict[str, None] = {}
    listed = root.pairs.get(section) if isinstance(root, Map) else None
    for item in listed.items if isinstance(listed, List) else ():
        name = item.pairs.get(key) if isinstance(item, Map) else item
        if isinstance(name, Scalar) and name.text:
            found.setdefault(name.text)
    return tuple(found)
