"""Reads what `synaspis.track` is given beside its tables; notes every problem and goes on."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real

from synaspis.errors import Problem
from synaspis.files import words
from synaspis.files.arguments import say
from synaspis.model.measurement import Station


def _shown(given: object) -> str:
    return words.shown(repr(given))


def _several(given: object) -> tuple[object, ...] | None:
    """What is in a list or an array; None where it is none: text, a number, a mapping."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        return None
    try:
        return tuple(given)
    except TypeError:  # an array without a dimension
        return None


def table(problems: list[Problem], argument: str, given: object, *further: type) -> None:
    """Check that it is a path or a mapping of columns, or one of `further`."""
    if not isinstance(given, (str, os.PathLike, Mapping, *further)):
        say(problems, argument, f"is {_shown(given)}", "give a CSV or Parquet file, or a mapping of columns")


def times(problems: list[Problem], argument: str, given: object, latest_s: float) -> tuple[float, ...]:
    """Times in a list or an array, s, each from 0 to `latest_s`."""
    several, found = _several(given), []
    if several is None:
        say(problems, argument, f"is {_shown(given)}", "give a list of seconds")
    for time_s in several or ():
        number = isinstance(time_s, Real) and not isinstance(time_s, bool)
        value = float(time_s) if number and isinstance(time_s, Real) else math.nan
        if 0.0 <= value <= latest_s:
            found.append(value)
        else:
            say(problems, argument, f"has {_shown(time_s)}", f"give seconds from 0 to {latest_s:,.0f}")
    return tuple(found)


def workers(problems: list[Problem], argument: str, given: object) -> int | None:
    """How many are to work at once: a whole number above 0, or None."""
    if given is None:
        return None
    if isinstance(given, Integral) and not isinstance(given, bool) and int(given) > 0:
        return int(given)
    say(problems, argument, f"is {_shown(given)}", "give a whole number above 0, or None for all cores")
    return None


def names(problems: list[Problem], argument: str, given: object) -> tuple[str, ...]:
    """Names; a single one may stand alone."""
    several = (given,) if isinstance(given, str) else _several(given)
    if several is None:
        say(problems, argument, f"is {_shown(given)}", "give a list of names")
    found = tuple(name for name in several or () if isinstance(name, str))
    for name in several or ():
        if not isinstance(name, str):
            say(problems, argument, f"has {_shown(name)}", "give names of stations")
    return found


def stations(problems: list[Problem], argument: str, given: object) -> None:
    """Check that it is a path, or `Station` nouns."""
    if given is None:
        say(problems, argument, "is missing", "give a YAML list of stations, or `Station` nouns")
        return
    if isinstance(given, str | os.PathLike):
        return
    several = _several(given)
    if several is None:
        say(problems, argument, f"is {_shown(given)}", "give a YAML file of stations, or `Station` nouns")
    for one in several or ():
        if not isinstance(one, Station):
            say(problems, argument, f"has {_shown(one)}", "give `Station` nouns")
