"""Reads which years are asked for, from a command's arguments or a caller's; says every problem at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synaspis.errors import InputError, Problem
from synaspis.files import arguments, words
from synaspis.model.case import Case
from synaspis.studies.timeline import Asked

MOST_YEARS = 60
_DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2})$")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def timeline_request(
    case: Case, first: str | int | None, last: str | int | None, on: str = "12-31",
    regimes: Sequence[str] | None = None, plans: Sequence[str] | None = None, trials: int = 300,
    seed: int = 1, shares: bool = False,
) -> Asked:  # fmt: skip
    """What is asked for. InputError with every problem. Regimes and plans: all of the case's where None."""
    problems: list[Problem] = []
    years = _years(problems, first, last)
    day = _day(problems, on)
    have = [r.name for r in case.file.regimes]
    for name in regimes or ():
        if name not in have:
            what = f"`{words.shown(name)}` is no regime of this case"
            arguments.say(problems, "--regime", what, words.suggest(name, have))
    planned = [p.name for p in case.file.timeline.plans]
    for name in plans or ():
        if name not in planned:
            what = f"`{words.shown(name)}` is no plan of this case"
            mend = words.suggest(name, planned, "the case has none; give some under `timeline: plans:`")
            arguments.say(problems, "--plan", what, mend)
    arguments.luck(problems, trials, seed)
    if problems or years is None or day is None:
        raise InputError(problems)
    return Asked(
        first=years[0], last=years[1], on=day, regimes=tuple(dict.fromkeys(regimes or have)),
        plans=tuple(dict.fromkeys(planned if plans is None else plans)), trials=trials, seed=seed,
        shares=shares,
    )  # fmt: skip


def _years(
    problems: list[Problem], first: str | int | None, last: str | int | None
) -> tuple[int, int] | None:
    one, other = _year(problems, "--from", first), _year(problems, "--to", last)
    if one is None or other is None:
        return None
    if one > other:
        what = f"ends in {other}, before it begins in {one}"
        arguments.say(problems, "--to", what, f"did you mean --from {other} --to {one}?")
    elif other - one >= MOST_YEARS:
        what = f"from {one} to {other} are {other - one + 1} years"
        arguments.say(problems, "--to", what, f"ask for at most {MOST_YEARS} at a time")
    return one, other


def _year(problems: list[Problem], argument: str, given: str | int | None) -> int | None:
    if given is None:
        arguments.say(problems, argument, "is not given", "give a year, as 2010")
        return None
    found = words.number(str(given).strip())
    if not isinstance(found, int):
        arguments.say(problems, argument, f"`{words.shown(str(given))}` is no year", "give a year, as 2010")
        return None
    # The day before a year's own is looked at too, and prices and dates of files have the same bounds.
    if not words.EARLIEST < found <= words.LATEST:
        mend = f"give a year from {words.EARLIEST + 1} to {words.LATEST}"
        arguments.say(problems, argument, f"is {found}", mend)
        return None
    return found


def _day(problems: list[Problem], given: str) -> tuple[int, int] | None:
    found = _DAY.match(given.strip())
    month, day = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= month <= 12 or not 1 <= day <= _LONGEST[month - 1]:
        what = f"`{words.shown(given)}` is no day of the year"
        arguments.say(problems, "--on", what, "give month and day, as 12-31")
        return None
    return month, day
