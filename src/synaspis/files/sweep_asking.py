"""Reads which grid is asked for, from a command's arguments or a caller's; says every problem at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from synaspis.errors import InputError, Problem
from synaspis.files import arguments, words
from synaspis.files.arguments import MOST_SEED, MOST_TRIALS
from synaspis.files.reader import columns
from synaspis.files.varied import Variants
from synaspis.model.case import Case
from synaspis.model.sweep import PLAYING, REGIME, TRIALS, Axis, SweepRequest
from synaspis.model.threat import Firing

VARY = "--vary"
MOST_POINTS = 100_000
MOST_VALUES = 10_000
MOST_COUNT = next(int(c.spec.at_most) for c in columns(Firing) if c.name == "count")
"""Missiles that one row of a raid may have."""
_RANGE = re.compile(r"([0-9]{1,18})\.\.([0-9]{1,18})$")
SHAPE = "write KEY=VALUE,VALUE,..., as raid.salvo=4,8,16"


def sweep_request(
    case: Case, vary: Sequence[str] | Mapping[str, Sequence[object]], trials: int = 1000, seed: int = 1
) -> tuple[SweepRequest, Variants]:
    """What is asked for, and the cases that it takes. InputError with every problem.

    `vary` holds `KEY=VALUE,VALUE` each, or values by key. Regimes are all of the case's where none is varied.
    """
    problems: list[Problem] = []
    axes = _axes(problems, vary)
    variants = Variants(case, VARY)
    have = tuple(r.name for r in case.file.regimes)
    known: list[Axis] = []
    for axis in axes:
        if any(axis.key == other.key for other in known):
            arguments.say(problems, f"{VARY} {axis.key}", "stands twice", "put its values into one")
            continue
        known.append(axis)
        _repeats(problems, axis)
        if axis.key in PLAYING:
            _playing(problems, axis, have)
        else:
            problems += _tried(variants, axis)
    arguments.luck(problems, trials, seed)
    regimes = next((a.values for a in known if a.key == REGIME), have)
    asked = SweepRequest(axes=tuple(known), regimes=regimes, trials=trials, seed=seed)
    if not known and not problems:
        arguments.say(problems, VARY, "is not given", SHAPE)
    elif len(asked) > MOST_POINTS:
        arguments.say(problems, VARY, f"makes {len(asked):,} points", f"ask for at most {MOST_POINTS:,}")
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return asked, variants


def _axes(problems: list[Problem], vary: Sequence[str] | Mapping[str, Sequence[object]]) -> list[Axis]:
    if isinstance(vary, Mapping):
        return [Axis(key=key, values=tuple(_text(v) for v in values)) for key, values in vary.items()]
    found = []
    for given in vary:
        key, mark, told = given.partition("=")
        values = tuple(v for part in told.split(",") for v in _opened(part.strip()))
        if not mark or not key.strip():
            arguments.say(problems, VARY, f"`{words.shown(given)}` is no axis", SHAPE)
        elif "" in values:
            arguments.say(problems, f"{VARY} {key.strip()}", "a value is empty", SHAPE)
        elif len(values) > MOST_VALUES:
            what = f"has {len(values):,} values"
            arguments.say(problems, f"{VARY} {key.strip()}", what, f"give at most {MOST_VALUES:,}")
        else:
            found.append(Axis(key=key.strip(), values=values))
    return found


def _opened(part: str) -> Sequence[str]:
    """`1..4` as the whole numbers that it stands for; anything else as it is."""
    found = _RANGE.match(part)
    if found is None or not 0 <= int(found[2]) - int(found[1]) <= MOST_VALUES:
        return (part,)
    return [str(n) for n in range(int(found[1]), int(found[2]) + 1)]


def _text(value: object) -> str:
    """A value as a file spells it."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _repeats(problems: list[Problem], axis: Axis) -> None:
    seen: set[object] = set()
    for value in axis.values:
        number = words.number(value)
        told: object = value if number is None else float(number)
        if told in seen:
            arguments.say(problems, f"{VARY} {axis.key}", f"`{words.shown(value)}` stands twice", "keep one")
        seen.add(told)


def _playing(problems: list[Problem], axis: Axis, have: Sequence[str]) -> None:
    """Regimes that there are; whole numbers of trials and seeds."""
    for value in axis.values:
        argument = f"{VARY} {axis.key}={value}"
        if axis.key == REGIME:
            if value not in have:
                what = f"`{words.shown(value)}` is no regime of this case"
                arguments.say(problems, argument, what, words.suggest(value, have))
            continue
        low, high = (1, MOST_TRIALS) if axis.key == TRIALS else (0, MOST_SEED)
        number = words.number(value)
        if not isinstance(number, int) or not low <= number <= high:
            mend = f"give a whole number from {low} to {high}"
            arguments.say(problems, argument, f"`{words.shown(value)}` cannot be", mend)


def _tried(variants: Variants, axis: Axis) -> list[Problem]:
    """What is wrong with each value by itself; a key that leads nowhere is said once."""
    found: list[Problem] = []
    for value in axis.values:
        problems = variants.tried(((axis.key, value),))[1]
        found += problems
        if any(p.file == f"{VARY} {axis.key}" for p in problems):
            break
    return found


def absorb_request(
    case: Case,
    confidence: float,
    share: float,
    regimes: Sequence[str] | None,
    most: int,
    trials: int,
    seed: int,
) -> tuple[tuple[str, ...], Variants]:
    """The regimes asked for, and the cases with a multiple of the raid. InputError with every problem."""
    problems: list[Problem] = []
    have = tuple(r.name for r in case.file.regimes)
    for name in regimes or ():
        if name not in have:
            what = f"`{words.shown(name)}` is no regime of this case"
            arguments.say(problems, "--regime", what, words.suggest(name, have))
    if not 0.0 < confidence < 1.0:
        arguments.say(problems, "--confidence", f"is {confidence:g}", "give a chance between 0 and 1, as 0.9")
    if not 0.0 <= share < 1.0:
        arguments.say(problems, "--share", f"is {share:g}", "give a share from 0 up to 1, as 0.1")
    highest = MOST_COUNT // max((f.count for f in case.file.raid), default=1)
    if not 1 <= most <= highest:
        mend = f"give a whole number from 1 to {highest}: a row holds at most {MOST_COUNT} missiles"
        arguments.say(problems, "--most", f"is {most}", mend)
    arguments.luck(problems, trials, seed)
    if problems:
        raise InputError(problems)
    return tuple(dict.fromkeys(regimes or have)), Variants(case)
