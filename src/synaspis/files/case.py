"""Reads a case: the file, its names looked up in the catalogue, and everything checked at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from synaspis.errors import InputError, Problem
from synaspis.files import arrangements, based, catalog, checks, ephemerides, included, naming, tree, words
from synaspis.files.catalog import Catalog
from synaspis.files.facing import turned_away
from synaspis.files.ledger import ledger
from synaspis.files.ledger import problems as money_problems
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.files.tree import Map, Node, Scalar
from synaspis.model.battery import Interceptor, System
from synaspis.model.breakup import Breakup
from synaspis.model.case import FORMAT, Case, CaseFile, standing
from synaspis.model.nation import WarningPractice
from synaspis.model.sensor import Infrared, Radar, Sky
from synaspis.model.threat import OBJECTS, Firing, FlyingObject, Threat
from synaspis.sharing.idle import idle_clauses

SKY, BREAKUP = "standard-sky", "standard-breakup"
MOST_PROBLEMS = 200
"""A broken file can have a problem on every line; nobody reads more than these at a time."""

T = TypeVar("T")


def shipped_cases() -> tuple[str, ...]:
    """Names of the cases that ship, sorted."""
    folder = resources.files("synaspis.cases")
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".yaml")))


def load(path_or_name: str | os.PathLike[str]) -> Case:
    """The case in a file, or the shipped case of that name. InputError with every problem found."""
    case, problems = _open(path_or_name)
    if case is None or problems:
        raise InputError(problems)
    return case


def check(path_or_name: str | os.PathLike[str]) -> list[Problem]:
    """Every problem of a case, in file order; none where it can be run."""
    return _open(path_or_name)[1]


def with_types(case: Case, names: Iterable[str]) -> Case:
    """The case with battery types and radars of its catalogue made known beside those that it deploys.

    Names that the catalogue does not hold are left out.
    """
    known = shipped_with_own(case)
    systems = {**_nouns(known, (n for n in names if n in known.items), System), **case.systems}
    interceptors = _nouns(known, (s.interceptor for s in systems.values()), Interceptor)
    fitting = [*(n for n in names if n in known.items), *(s.radar for s in systems.values())]
    radars = {**_nouns(known, fitting, Radar), **case.radars}
    used = {*systems, *interceptors, *radars}
    entries = {n: known.items[n].entry for n in sorted({*used, *case.entries} & set(known.items))}
    return replace(
        case,
        systems=systems,
        interceptors={**interceptors, **case.interceptors},
        radars=radars,
        entries={**entries, **case.entries},
    )


def with_firings(case: Case, firings: Iterable[Firing]) -> Case:
    """The case with the classes of `firings`, and what flies with them, made known; its raid is the same."""
    known, every = catalog_of(case), tuple(firings)
    flying = (OBJECTS[kind] for f in every for kind in OBJECTS if getattr(f.objects, kind))
    # Classes of the case's own are those of its raid; the others are the catalogue's.
    names = (f.threat for f in every if f.threat not in case.threats)
    threats, objects = _nouns(known, names, Threat), _nouns(known, flying, FlyingObject)
    entries = {name: known.items[name].entry for name in sorted({*threats, *objects})}
    return replace(
        case,
        threats={**case.threats, **threats},
        objects={**case.objects, **objects},
        entries={**case.entries, **entries},
    )


def shipped_with_own(case: Case) -> Catalog:
    """The catalogue that the case was read with."""
    root, _ = tree.parse(case.text, case.name)
    return catalog.shipped() if root is None else _catalog(root, case.name)[0]


def resolve(
    data: bytes, file: str, raid: bool = True, folder: Path | None = None
) -> tuple[Case | None, list[Problem]]:
    """The case that `data` spells and the problems found; no case where there are any.

    `file` is what messages call it. Without `raid` it must hold none, as the case of a nation's node. Files
    that it names are in `folder`; where there is none it may name none.
    """
    root, problems = tree.parse(data, file)
    if root is None:
        return None, problems
    if newer := _of_newer_format(root, file):
        return None, newer
    if raid and based.is_based(root):
        return _spelt_out(root, file, data, problems, folder)
    whole, missed = included.take_in(root, data, file, folder)
    problems += missed
    if whole is None:
        return None, _first(sorted(problems))
    return resolved(root, whole, file, problems, raid)


def _of_newer_format(root: Node, file: str) -> list[Problem]:
    """That the file is written in an edition to come: of its keys nothing more can be said."""
    at = root.pairs.get("format") if isinstance(root, Map) else None
    edition = words.number(at.text) if isinstance(at, Scalar) else None
    if at is None or not isinstance(edition, int) or edition <= FORMAT:
        return []
    what = f"the case is written in edition {edition} of the format; this Synaspis reads {FORMAT}"
    return [
        Problem(file, at.line, at.column, what, "use the Synaspis that it was written with, or a newer one")
    ]


def resolved(
    root: Node, data: bytes, file: str, problems: Sequence[Problem] = (), raid: bool = True
) -> tuple[Case | None, list[Problem]]:
    """`resolve` of the tree that `data` was parsed to; agreements of the catalogue are spelt out in it."""
    known, own_problems = _catalog(root, file)
    reader = Reader(file)
    taken = arrangements.take(reader, root, known, own_sound=not own_problems)
    read, known = _read(reader, root, known, raid)
    problems = sorted({*problems, *own_problems, *reader.problems})
    if read is None or problems:
        return None, _first(problems)
    case = _case(read, known, data, taken)
    if problems := ephemerides.uncovered(reader, case):
        return None, problems
    every = replace(case, file=case.every_site)
    odd = [
        Problem(n.file or file, n.line, n.column, i.what, i.mend)
        for i in (*idle_clauses(every), *turned_away(every))
        for n in (reader.node(i.noun, i.field),)
    ]
    return replace(case, oddities=tuple(sorted(odd))), []


def _spelt_out(
    root: Node, file: str, data: bytes, problems: list[Problem], folder: Path | None
) -> tuple[Case | None, list[Problem]]:
    """As `resolve`, for a file that is based on a shipped case: problems stand where they were written."""
    whole, found = based.spelt(root, file, data, _shipped, shipped_cases())
    if whole is None or problems:
        return None, _first(sorted({*problems, *found}))
    case, found = resolve(whole.data, file, folder=folder)
    if case is None:
        return None, _first(sorted({whole.moved(p) for p in found}))
    return replace(case, oddities=tuple(sorted(whole.moved(p) for p in case.oddities))), []


def _shipped(name: str) -> tuple[bytes, str]:
    """The bytes of a shipped case, and what messages call it."""
    return (resources.files("synaspis.cases") / f"{name}.yaml").read_bytes(), f"synaspis/cases/{name}.yaml"


def _read(reader: Reader, root: Node, known: Catalog, raid: bool) -> tuple[CaseFile | None, Catalog]:
    """The case file, for use only while the reader has no problem, and `known` with its own classes."""
    with suppress(TooManyProblems):
        read = reader.noun(root, CaseFile, given=None if raid else {"raid": ()}, extra=("catalog",))
        if read.threats:
            # Sizing flies them: kernels are loaded only where a case needs that.
            from synaspis.files.own_threats import own_threats

            known = known.with_own(own_threats(reader, read, known))
        if isinstance(root, Map):
            naming.check_names(reader, read)
            naming.check_mentions(reader, root, known)
            checks.check_case(reader, read, known)
        return read, known
    return None, known


def _open(path_or_name: str | os.PathLike[str]) -> tuple[Case | None, list[Problem]]:
    given = os.fspath(path_or_name)
    shipped = shipped_cases()
    if given in shipped:
        return resolve(*_shipped(given))
    bare = not any(mark in given for mark in (os.sep, "/", "."))
    if bare and not os.path.lexists(given):
        mend = words.suggest(given, shipped) + " A file of your own is given by its path"
        return None, [Problem(given or "(nothing)", 1, 1, "no case of this name ships", mend)]
    data, problems = tree.read_bytes(Path(given), given)
    return (None, problems) if problems else resolve(data, given, folder=Path(given).parent)


def _catalog(root: Node, file: str) -> tuple[Catalog, list[Problem]]:
    """The shipped catalogue with the case's own entries over it."""
    known = catalog.shipped()
    node = root.pairs.get("catalog") if isinstance(root, Map) else None
    if node is None:
        return known, []
    own, reader = catalog.read(node, file)
    problems = reader.problems
    for name, item in own.items.items():
        kind = known.items[name].entry.kind if name in known.items else item.entry.kind
        if item.entry.kind != kind:
            where = reader.node(item.noun)
            what = f"`{name}` ships as a {kind}, not a {item.entry.kind}"
            problems.append(Problem(file, where.line, where.column, what, "rename it"))
    known = known.with_own(own)
    problems += money_problems(known, own, reader)
    return known, problems + catalog.unknown(known, ((file, m) for m in reader.mentions))


def _first(problems: list[Problem]) -> list[Problem]:
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    last = problems[MOST_PROBLEMS]
    rest = Problem(
        last.file, last.line, last.column, f"and {more} more problems from here on", "mend those above first"
    )
    return [*problems[:MOST_PROBLEMS], rest]


def _case(file: CaseFile, known: Catalog, data: bytes, taken: tuple[str, ...]) -> Case:
    systems = _nouns(known, (b.system for b in file.batteries), System)
    interceptors = _nouns(known, (s.interceptor for s in systems.values()), Interceptor)
    deployed = [s.type for s in file.sensors]
    radars = _nouns(known, [*deployed, *(s.radar for s in systems.values())], Radar)
    infrareds = _nouns(known, deployed, Infrared)
    threats = _nouns(known, (f.threat for f in file.raid), Threat)
    warnings = _nouns(known, (n.warning for n in file.nations), WarningPractice)
    flying = (OBJECTS[kind] for f in file.raid for kind in OBJECTS if getattr(f.objects, kind))
    objects = _nouns(known, flying, FlyingObject)
    declared = _nouns(known, (c for q in file.stability for c in q.classes), Threat)
    sky = _nouns(known, [SKY], Sky)
    asks = any(a.asks for agreement in file.agreements for a in agreement.authorities)
    used = sorted({*systems, *interceptors, *radars, *infrareds, *threats, *objects, *warnings, *sky,
                   *([BREAKUP] if asks else [])})  # fmt: skip
    digest = hashlib.sha256(data)
    for name in (*used, *taken, *sorted(set(declared) - set(used))):
        digest.update(repr(known.items[name]).encode())
    case = Case(
        file=file,
        threats=threats,
        radars=radars,
        infrareds=infrareds,
        interceptors=interceptors,
        systems=systems,
        warnings=warnings,
        objects=objects,
        sky=sky[SKY],
        ledger=ledger(known),
        entries={name: known.items[name].entry for name in used},
        sha256=digest.hexdigest(),
        text=data,
        declared=declared,
        declared_entries={name: known.items[name].entry for name in declared},
    )
    if standing(file, file.date) != file:
        case = replace(case.on(file.date), as_of=None)
    return with_map(case, known) if asks else case


def with_map(case: Case, known: Catalog | None = None) -> Case:
    """The case with the political map, and with the figures of how what is hit comes apart.

    `known` is the catalogue that the case was read with.
    """
    # Reading the map loads kernels: only where states under an intercept are asked about.
    from synaspis.files.borders import borders

    breakup = (known or catalog_of(case)).get(BREAKUP).noun
    assert isinstance(breakup, Breakup)
    return replace(case, borders=borders(), breakup=breakup)


def catalog_of(case: Case) -> Catalog:
    """The catalogue that the case was read with: the shipped one with the case's own entries over it."""
    root, _ = tree.parse(case.text, case.name)
    return catalog.shipped() if root is None else _catalog(root, case.name)[0]


def _nouns(known: Catalog, names: Iterable[str], kind: type[T]) -> Mapping[str, T]:
    """The entries of `names` that are of `kind`, each once, in the order given."""
    found: dict[str, Any] = {}
    for name in names:
        noun = known.items[name].noun
        if isinstance(noun, kind):
            found[name] = noun
    return found
