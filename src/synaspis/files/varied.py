"""A case with some of its values set: each is put where its key leads, and the whole is read as any file.

A key is the path to a value in the case file, with dots: `batteries.deveselu.rounds`. An item of a list
goes by its name or id, or `each` for all of them; `clauses.ID` finds a clause wherever it stands. A path
that ends at a site, an agreement or a clause takes `on` and `off`. `catalog.ENTRY.figure` is a figure of
the catalogue, in the catalogue's unit. Of the raid only how many missiles fly may be set: where they are
aimed, when, and what flies with them are inputs that nothing here varies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from synaspis.errors import InputError, Problem
from synaspis.files import arrangements, tree, words
from synaspis.files.case import catalog_of, resolved
from synaspis.files.editing import AWAY, THERE, stays
from synaspis.files.figures_set import figure_problems, split_figure
from synaspis.files.reader import Reader
from synaspis.files.spans import copied
from synaspis.files.tree import List, Map, Scalar
from synaspis.files.varied_path import AGREEMENTS, CATALOG, RAID, Spot, spots
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.draw import with_figures
from synaspis.model.sensor import Sensor
from synaspis.model.sweep import SALVO, SCALE, Settings

ON, OFF = "on", "off"
_PUT = -1
"""Line of a value that was put there: of no file."""


class Variants:
    """The cases that settings make of one. `argument` is what messages call a setting by."""

    def __init__(self, case: Case, argument: str = "--vary") -> None:
        self.case, self.argument = case, argument
        root, _ = tree.parse(case.text, case.name)
        assert isinstance(root, Map)
        arrangements.take(Reader(case.name), root, catalog_of(case))
        self.root: Map = root

    def of(self, settings: Settings) -> Case:
        """The case with `settings`. InputError with every problem."""
        made, problems = self.tried(settings)
        if made is None:
            raise InputError(problems)
        return made

    def tried(self, settings: Settings) -> tuple[Case | None, list[Problem]]:
        """The case with `settings`, and what is wrong; no case where anything is."""
        if not settings:
            return self.case, []
        root = copied(self.root)
        assert isinstance(root, Map)
        problems: list[Problem] = []
        plain = [s for s in settings if not s[0].startswith(CATALOG)]
        # Sites are there or away on the day, so the day is set first.
        for number, (key, value) in enumerate(sorted(plain, key=lambda s: s[0] != "date")):
            problems += self._put(root, key, value, number)
        if problems:
            return None, problems
        made, said = resolved(root, self.case.text, self.case.name)
        if made is None:
            ordered = sorted(plain, key=lambda s: s[0] != "date")
            return None, list(dict.fromkeys(self._told(p, ordered) for p in said))
        drawn = [s for s in settings if s[0].startswith(CATALOG)]
        problems = [p for key, value in drawn for p in figure_problems(made, key, value, self.argument)]
        if problems:
            return None, problems
        made = with_figures(made, dict(split_figure(made, *s) for s in drawn))
        digest = hashlib.sha256(f"{self.case.sha256} {settings!r}".encode()).hexdigest()
        return replace(made, sha256=digest), []

    def _told(self, problem: Problem, settings: Sequence[tuple[str, str]]) -> Problem:
        """A problem of a value that was put there, by its argument; any other with the settings in mind."""
        if problem.line == _PUT:
            key, value = settings[problem.column]
            return replace(problem, file=f"{self.argument} {key}={value}", line=0, column=0)
        told = ", ".join(f"{key}={value}" for key, value in settings)
        return replace(problem, what=f"with {told}: {problem.what}")

    def _put(self, root: Map, key: str, value: str, number: int) -> list[Problem]:
        """Put `value` at every spot that `key` leads to; or what is wrong with the two."""
        argument = f"{self.argument} {key}={value}"
        if key in (SALVO, SCALE):
            return _salvo(root, key, value, argument, number)
        found, problems = spots(root, key, self.argument)
        for spot in found:
            if spot.is_switch:
                problems += _switch(self.case, root, spot, value, argument)
            else:
                spot.put(Scalar(value, True, _PUT, number))
        return list(dict.fromkeys(problems))


def _salvo(root: Map, key: str, value: str, argument: str, number: int) -> list[Problem]:
    """Every row of the raid with as many missiles, or with so many times its own in the same time."""
    count = words.number(value)
    if not isinstance(count, int) or count < 1:
        what = f"`{words.shown(value)}` is no whole number from 1 on"
        return [Problem(argument, 0, 0, what, "give how many missiles, as 4,8,16")]
    rows = root.pairs.get(RAID)
    for row in rows.items if isinstance(rows, List) else []:
        if not isinstance(row, Map):
            continue
        if key == SALVO:
            _set(row, "count", str(count), number)
            continue
        own, apart = _number(row, "count", 1.0), _number(row, "interval_s", 30.0)
        _set(row, "count", f"{own * count:.0f}", number)
        _set(row, "interval_s", repr(apart / count), number)
    return []


def _number(row: Map, key: str, otherwise: float) -> float:
    node = row.pairs.get(key)
    found = words.number(node.text) if isinstance(node, Scalar) else None
    return otherwise if found is None else float(found)


def _set(node: Map, key: str, text: str, number: int | None = None) -> None:
    """Give a key a value, which stands for itself or for the setting of that number."""
    value = Scalar(text, True, *((node.line, node.column) if number is None else (_PUT, number)))
    node.keys.setdefault(key, value)
    node.pairs[key] = value


def _switch(case: Case, root: Map, spot: Spot, value: str, argument: str) -> list[Problem]:
    """A site there or away, an agreement in or out of every regime, a clause in or out of its list."""
    if value not in (ON, OFF):
        what = f"`{words.shown(value)}` is neither on nor off"
        mend = f"give on,off, or one of its values as {spot.example}" if spot.example else "give on,off"
        return [Problem(argument, 0, 0, what, mend)]
    if spot.kind == "site":
        return _site(case, root, spot, value)
    if value == ON:
        return []
    if spot.kind == AGREEMENTS:
        regimes = root.pairs.get("regimes")
        for regime in regimes.items if isinstance(regimes, List) else []:
            listed = regime.pairs.get(AGREEMENTS) if isinstance(regime, Map) else None
            if isinstance(listed, List):
                listed.items = [n for n in listed.items if getattr(n, "text", "") != spot.name]
        return []
    spot.held.items = [n for n in spot.held.items if n is not spot.node]
    return []


def _site(case: Case, root: Map, spot: Spot, value: str) -> list[Problem]:
    """The dates of a site with which it is there, or away, on the file's day."""
    said = root.pairs.get("date")
    day = words.date(said.text) if isinstance(said, Scalar) else None
    file = case.every_site
    sites: tuple[Sensor | Battery, ...] = (*file.sensors, *file.batteries)
    site = next((s for s in sites if s.name == spot.name), None)
    if day is None or site is None or not isinstance(spot.node, Map):
        return []  # the reader says what is wrong
    for key, date in stays(site, day, THERE if value == ON else AWAY).items():
        _set(spot.node, key, date.isoformat())
    return []
