"""Reads a master scenario events list for a case: YAML, every problem at once, with line and mend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from synaspis.errors import InputError, Problem
from synaspis.files import case as cases
from synaspis.files import checks, naming, tree, words
from synaspis.files.plan_sites import on_their_soil
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.files.tree import Map, Node
from synaspis.model.case import Case
from synaspis.model.scenario import MAY_SAY, MOVES, MOVES_MAY, NEEDS, EventLine, MoveLine, Scenario, SpareLine
from synaspis.model.threat import Firing

MOST_INJECTS: Final = 1_000
MOST_SPARES: Final = 40
MOST_TURNS: Final = 20
MOST_SITES: Final = 100
_MEND: Final = "give the path of a YAML file with `injects`, and `spares` where missiles are to be launched"


def read(path: str | os.PathLike[str], case: Case) -> tuple[Scenario, Mapping[str, Firing]]:
    """The events list in a file, checked against the case, and by name what each of its spares flies.

    InputError with every problem found.
    """
    file = os.fspath(path)
    if not Path(file).is_file():
        raise InputError([Problem(file, 0, 0, "there is no such file", _MEND)])
    data, problems = tree.read_bytes(Path(file), file)
    if problems:
        raise InputError(problems)
    return resolve(data, file, case)


def resolve(data: bytes, file: str, case: Case) -> tuple[Scenario, Mapping[str, Firing]]:
    """As `read`, of bytes that messages call `file`."""
    root, problems = tree.parse(data, file)
    if root is None:
        raise InputError(problems)
    reader, found = Reader(file), Scenario()
    firings: dict[str, Firing] = {}
    with suppress(TooManyProblems):
        found = reader.noun(root, Scenario)
        if isinstance(root, Map):
            _names(reader, case)
            firings = _spares(reader, found, case)
            _events(reader, found, case)
            _moves(reader, found, case)
            _turns(reader, found, case)
    problems = sorted({*problems, *reader.problems})
    if problems:
        raise InputError(problems)
    return found, firings


def _names(reader: Reader, case: Case) -> None:
    """Names of the case's things are names in the case."""
    root, _ = tree.parse(case.text, case.name)
    # Classes of the case's own that its raid fires stand in no catalogue.
    reader.mentions[:] = [m for m in reader.mentions if m.kind != "threat" or m.word not in case.threats]
    if root is not None:
        naming.check_mentions(reader, root, cases.catalog_of(case))


def _spares(reader: Reader, found: Scenario, case: Case) -> dict[str, Firing]:
    """What each spare flies, one missile each; those of their own must be able to."""
    raid, firings = case.file.raid, dict[str, Firing]()
    if len(found.spares) > MOST_SPARES:
        reader.say(
            reader.node(found, "spares"),
            f"there are {len(found.spares)} spares",
            f"give at most {MOST_SPARES}",
        )
    own, named = [], set[str]()
    for spare in found.spares:
        if spare.name in named:
            reader.say(
                reader.node(spare, "name"), f"`{words.shown(spare.name)}` is named twice", "rename one"
            )
        named.add(spare.name)
        firing = _flown(reader, spare, raid)
        if firing is not None:
            firings[spare.name] = replace(firing, count=1, start_s=0.0)
        if spare.fires is not None:
            own.append(spare.fires)
    checks.check_aims(reader, replace(case.file, raid=tuple(own)), cases.catalog_of(case))
    return firings


def _flown(reader: Reader, spare: SpareLine, raid: tuple[Firing, ...]) -> Firing | None:
    if (spare.entry is None) == (spare.fires is None):
        what = "it is both" if spare.fires is not None else "nothing is said to fly"
        mend = "give either `entry`, the number of an entry of the raid, or `fires`"
        reader.say(reader.node(spare), f"spare `{words.shown(spare.name)}`: {what}", mend)
        return None
    if spare.fires is not None:
        _alone(reader, spare.fires)
        return spare.fires
    number = spare.entry or 0
    if number > len(raid):
        what = f"the raid has no entry {number}"
        reader.say(reader.node(spare, "entry"), what, f"give a number from 1 to {len(raid)}")
    return raid[number - 1] if 0 < number <= len(raid) else None


def _alone(reader: Reader, fires: Firing) -> None:
    """A spare is one missile, whose time is that of its launch."""
    node = reader.node(fires)
    for key in ("count", "start_s", "interval_s"):
        if isinstance(node, Map) and key in node.keys:
            reader.say(node.keys[key], f"a spare has no `{key}`: it is one missile", "leave it out")


def _events(reader: Reader, found: Scenario, case: Case) -> None:
    if found.case and found.case != case.name:
        what = f"this was written for the case `{words.shown(found.case)}`, not for `{case.name}`"
        reader.say(reader.node(found, "case"), what, "give it with its own case, or mend `case`")
    if len(found.injects) > MOST_INJECTS:
        what = f"there are {len(found.injects)} injects"
        reader.say(reader.node(found, "injects"), what, f"give at most {MOST_INJECTS}")
    terms = tuple(a.name for a in case.file.agreements)
    terms += tuple(c.id for a in case.file.agreements for c in a.clauses)
    launched: set[str] = set()
    for event in found.injects:
        _keys(reader, event)
        if event.time_s < found.starts_s:
            what = f"it is before the exercise begins, at {found.starts_s:.0f} s"
            reader.say(reader.node(event, "time_s"), what, "give a later time, or an earlier `starts_s`")
        if event.agreement and event.agreement not in terms:
            what = f"unknown agreement or clause `{words.shown(event.agreement)}`"
            reader.say(reader.node(event, "agreement"), what, words.suggest(event.agreement, terms))
        if event.spare and event.type == "launch":
            _launched(reader, event, list(dict.fromkeys(s.name for s in found.spares)), launched)


def _keys(reader: Reader, line: EventLine | MoveLine) -> None:
    """What its type needs is there, and nothing that belongs to another."""
    needs, may = (MOVES, MOVES_MAY) if isinstance(line, MoveLine) else (NEEDS, MAY_SAY)
    if line.type not in needs:
        return
    node = reader.node(line)
    for need in needs[line.type]:
        if not getattr(line, need):
            reader.say(node, f"`{need}` is missing", f"say what `{line.type}` is about: add `{need}`")
    every = {key for keys in (*needs.values(), *may.values()) for key in keys}
    for key, where in _given(node).items():
        if key in every - {*needs[line.type], *may.get(line.type, ())}:
            reader.say(where, f"`{line.type}` has no `{key}`", "leave it out, or mend `type`")


def _moves(reader: Reader, found: Scenario, case: Case) -> None:
    """Clauses and sites that the turns before the raid name are the case's."""
    clauses = tuple(c.id for a in case.file.agreements for c in a.clauses)
    sites = tuple(s.name for s in (*case.file.plan.sites, *found.sites))
    if len(found.before) > MOST_INJECTS:
        what = f"there are {len(found.before)} moves"
        reader.say(reader.node(found, "before"), what, f"give at most {MOST_INJECTS}")
    for line in found.before:
        _keys(reader, line)
        if line.clause and line.clause not in clauses:
            what = f"unknown clause `{words.shown(line.clause)}`"
            reader.say(reader.node(line, "clause"), what, words.suggest(line.clause, clauses))
        if line.site and line.site not in sites:
            what = f"unknown site `{words.shown(line.site)}`"
            mend = words.suggest(line.site, sites, "neither this list nor the case's `plan` has `sites`")
            reader.say(reader.node(line, "site"), what, mend)


def _turns(reader: Reader, found: Scenario, case: Case) -> None:
    """Not too many turns and sites; a site on its host's soil, under a name of its own."""
    for key, most in (("turns", MOST_TURNS), ("sites", MOST_SITES)):
        if len(getattr(found, key)) > most:
            what = f"there are {len(getattr(found, key))} {key}"
            reader.say(reader.node(found, key), what, f"give at most {most}")
    named = {s.name for s in case.file.plan.sites}
    for site in found.sites:
        if site.name in named:
            what = f"`{words.shown(site.name)}` is named twice, here or in the case's `plan`"
            reader.say(reader.node(site, "name"), what, "rename one")
        named.add(site.name)
    on_their_soil(reader, found.sites)


def _given(node: Node) -> Mapping[str, Node]:
    return node.keys if isinstance(node, Map) else {}


def _launched(reader: Reader, event: EventLine, spares: list[str], launched: set[str]) -> None:
    """A spare is one of the list, and flies once."""
    if event.spare not in spares:
        what = f"unknown spare `{words.shown(event.spare)}`"
        mend = words.suggest(event.spare, spares, "the list has no `spares`")
        reader.say(reader.node(event, "spare"), what, mend)
    elif event.spare in launched:
        what = f"`{words.shown(event.spare)}` is launched twice"
        reader.say(reader.node(event, "spare"), what, "keep one, or add another spare")
    launched.add(event.spare)
