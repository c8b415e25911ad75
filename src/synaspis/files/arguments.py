"""Reads what a command or a caller is given outside any file; notes every problem and goes on.

A problem of an argument has line 0, and the argument's name in place of a file's.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TypeVar

from synaspis.errors import Problem
from synaspis.files import catalog, words
from synaspis.files.catalog import Catalog
from synaspis.model.case import Case
from synaspis.model.space_interceptor import SpaceInterceptor
from synaspis.model.threat import Threat

Degrees = tuple[float, float]
Kind = TypeVar("Kind")
_SAME_DEG = 1e-6
MOST_TRIALS = 10_000_000
MOST_SEED = 2**63 - 1
"""Seeds are 64-bit integers; more trials than that no machine holds."""


def say(problems: list[Problem], argument: str, what: str, mend: str) -> None:
    """Note a problem of `argument`."""
    problems.append(Problem(argument, 0, 0, what, mend))


def word(problems: list[Problem], argument: str, given: str, choices: Sequence[str]) -> None:
    """Check that `given` is one of `choices`."""
    if given not in choices:
        say(problems, argument, f"`{words.shown(given)}` is none", words.suggest(given, choices))


def luck(problems: list[Problem], trials: int, seed: int) -> None:
    """Check how many draws are asked for, and the seed that names them."""
    if not 1 <= trials <= MOST_TRIALS:
        say(problems, "--trials", f"is {trials}", f"give a number from 1 to {MOST_TRIALS}, as 500")
    if not 0 <= seed <= MOST_SEED:
        say(problems, "--seed", f"is {seed}", f"give a number from 0 to {MOST_SEED}")


def threat(problems: list[Problem], name: str, case: Case | None = None) -> Threat | None:
    """The missile class called `name`: the case's own where it has one, else the catalogue's."""
    own = {} if case is None else case.threats
    if name in own:
        return own[name]
    return _entry(problems, "threat", name, Threat, "missile class", catalog.shipped(), own)


def space_interceptor(problems: list[Problem], name: str, have: Catalog) -> SpaceInterceptor | None:
    """The interceptor in orbit called `name`, of the catalogue that a case has."""
    return _entry(problems, "--interceptor", name, SpaceInterceptor, "interceptor in orbit", have)


def _entry(
    problems: list[Problem],
    argument: str,
    name: str,
    kind: type[Kind],
    said: str,
    have: Catalog,
    others: Collection[str] = (),
) -> Kind | None:
    """The catalogue's entry called `name`, or None with the problem noted; `others` may be meant too."""
    entry = have.items.get(name)
    if entry is not None and isinstance(entry.noun, kind):
        return entry.noun
    what = f"unknown {said} `{words.shown(name)}`"
    if entry is not None:
        what = f"`{name}` is a {entry.entry.kind}, not {'an' if said[0] in 'aeiou' else 'a'} {said}"
    known = {n for n, item in have.items.items() if isinstance(item.noun, kind)}
    say(problems, argument, what, words.suggest(name, sorted({*others, *known})))
    return None


def profile(problems: list[Problem], kind: Threat, shape: str, waypoints: bool) -> None:
    """Check that a prescribed profile is asked for no other shape, and that only cruise has waypoints."""
    if kind.prescribed and shape in ("lofted", "depressed"):
        what = f"`{kind.name}` flies one prescribed profile, none that is {shape}"
        say(problems, "--shape", what, "leave it out, or take a ballistic class")
    if waypoints and not kind.cruise:
        say(
            problems, "--via", f"`{kind.name}` flies no waypoints", "leave them out, or take a cruise missile"
        )


def two_places(
    problems: list[Problem], start: str | Degrees, end: str | Degrees
) -> tuple[Degrees, Degrees] | None:
    """Both places, or None with the problems noted: no places, off the globe, or one and the same."""
    one, other = place(problems, "--from", start), place(problems, "--to", end)
    if one is None or other is None:
        return None
    if _same(one, other):
        say(problems, "--to", "is the same place as `--from`", "give another place")
        return None
    return one, other


def _same(one: Degrees, other: Degrees) -> bool:
    apart = abs((one[1] - other[1] + 180.0) % 360.0 - 180.0)
    pole = 90.0 - abs(one[0]) < _SAME_DEG
    return abs(one[0] - other[0]) < _SAME_DEG and (pole or apart < _SAME_DEG)


def place(problems: list[Problem], argument: str, given: str | Degrees) -> Degrees | None:
    """(latitude, longitude) in degrees from a pair or from `39.28,125.87`; None with the problem noted."""
    if isinstance(given, str):
        parts = [part.strip() for part in given.split(",")]
        figures = [words.number(part) for part in parts]
        if len(parts) != 2 or None in figures:
            what = f"`{words.shown(given)}` is no place"
            say(problems, argument, what, "give latitude,longitude in degrees, as 39.28,125.87")
            return None
        latitude, longitude = (float(x) for x in figures if x is not None)
    else:
        latitude, longitude = float(given[0]), float(given[1])
    before = len(problems)
    if not -90.0 <= latitude <= 90.0:
        mend = "give degrees from -90 to 90"
        if abs(longitude) <= 90.0 < abs(latitude) <= 360.0:
            mend = f"latitude comes first: did you mean {longitude:g},{latitude:g}?"
        say(problems, argument, f"latitude is {_shown(latitude)}", mend)
    if not -180.0 <= longitude <= 360.0:
        say(problems, argument, f"longitude is {_shown(longitude)}", "give degrees from -180 to 360")
    return (latitude, longitude) if len(problems) == before else None


def _shown(value: float) -> str:
    return "not a number" if math.isnan(value) else f"{value:g}"
