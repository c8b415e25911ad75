"""Figures of the catalogue set from outside: `catalog.ENTRY.figure=VALUE`, in the catalogue's unit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from synaspis import units
from synaspis.errors import Problem
from synaspis.files import figure, words
from synaspis.model.case import Case
from synaspis.model.declare import Spec
from synaspis.model.draw import Name, contradicting, facts, noun_of

WITHIN_BAND = ("threat", "object")
"""Kinds of entry whose figures stay within their bands: what flies is an input, not designed here."""


def split_figure(case: Case, key: str, value: str) -> tuple[Name, float]:
    """The figure and its value, for use only where `figure_problems` has none."""
    entry, parameter = _name(case, key)
    return (entry, parameter), float(words.number(value) or 0.0)


def figure_problems(case: Case, key: str, value: str, argument: str) -> list[Problem]:
    """What is wrong with one figure and its value."""

    def wrong(what: str, mend: str, whole: bool = False) -> list[Problem]:
        return [Problem(f"{argument} {key}" + (f"={value}" if whole else ""), 0, 0, what, mend)]

    known = facts(case)
    entry, parameter = name = _name(case, key)
    if entry not in case.entries:
        what = f"the case uses no entry `{words.shown(entry)}` of the catalogue"
        return wrong(what, words.suggest(entry, case.entries))
    if name not in known:
        what = f"`{entry}` has no figure `{words.shown(parameter)}`"
        return wrong(what, words.suggest(parameter, [p for e, p in known if e == entry]))
    fact, given = known[name], words.number(value)
    if given is None or not math.isfinite(given):
        return wrong(f"`{words.shown(value)}` is not a number", f"give a number in {fact.unit}", True)
    spec, held = _spec(noun_of(case, entry), parameter)
    if isinstance(held, int) and given != int(given):
        return wrong(f"`{value}` is not a whole number", f"give a whole number, as {round(given)}", True)
    if case.entries[entry].kind in WITHIN_BAND and not fact.low <= given <= fact.high:
        mend = f"give a value of its published band, from {fact.low:g} to {fact.high:g} {fact.unit}"
        return wrong("what flies is an input: it stays within its published band", mend, True)
    factor = units.to_si(1.0, fact.unit) / units.to_si(1.0, spec.unit or fact.unit)
    told = float(given) * factor
    if not (told > spec.above and spec.at_least <= told <= spec.at_most):
        return wrong(f"`{value}` is outside what can be", f"give a value {figure.limits(spec)}", True)
    if contradicting(case, {name: float(given)}):
        return wrong(f"the other figures of `{entry}` rule it out", "give a value nearer to its own", True)
    return []


def _name(case: Case, key: str) -> Name:
    told = key.removeprefix("catalog.")
    entry, _, parameter = told.partition(".")
    return entry, parameter


def _spec(noun: Any, parameter: str) -> tuple[Spec, Any]:
    """What a figure's field declares, and the value that it holds."""
    held, spec = noun, Spec("")
    for word in parameter.split("."):
        if isinstance(held, tuple):
            held = held[int(word)]
        elif isinstance(held, Mapping):
            held = held[word]
        else:
            field = next(
                f
                for f in dataclasses.fields(held)
                if word == (units.stem(f.name) if f.metadata["spec"].fact else f.name)
            )
            spec, held = field.metadata["spec"], getattr(held, field.name)
    return spec, held
