"""The room that a record was opened with, built again from nothing but the record's first entry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from synaspis.errors import InputError, Problem
from synaspis.exercise.campaign import begun
from synaspis.exercise.entries import Opened
from synaspis.exercise.notional import Masked, Notional
from synaspis.exercise.plan import Plan, decoded, encoded
from synaspis.exercise.review import Review
from synaspis.exercise.room import Room
from synaspis.files.case import resolve
from synaspis.model.case import Case
from synaspis.server.play import Play


def case_of(opened: Opened) -> Case:
    """The case as it was read. InputError where this version does not read it."""
    case, problems = resolve(opened.case.encode(), opened.case_name)
    if case is None:
        raise InputError(problems)
    return case


def told_plan(plan: Plan) -> dict[str, Any]:
    """A plan as the first entry has it."""
    return msgspec.json.decode(encoded(plan), type=dict[str, Any])


def room_of(opened: Opened) -> Room:
    """The room at tick 0. InputError for a case or regime that this version does not know."""
    case = case_of(opened)
    refuse_unknown_regime(case, opened.regime)
    plan = decoded(msgspec.json.encode(opened.plan))
    return Room(case, opened.regime, opened.seed, plan, opened.secret)


def pseudonyms(opened: Opened) -> Notional | None:
    """What stands for each name in all that an exercise tells and exports; None where it is not notional."""
    plan = decoded(msgspec.json.encode(opened.plan))
    if not plan.notional:
        return None
    return Notional(begun(case_of(opened), opened.regime, opened.seed, plan).outcome()[0], opened.seed)


def in_pseudonyms(found: Review, names: Notional | None) -> Review:
    """A review as it is told: in pseudonyms where there are some, without the seed that they come from."""
    return found if names is None else replace(names.retold(found), seed=None)


def as_told(opened: Opened, play: Play) -> Play:
    """Seats as they are told: in pseudonyms where the exercise is notional."""
    found = pseudonyms(opened)
    return play if found is None else Masked(play, found)


def refuse_unknown_regime(case: Case, regime: str) -> None:
    """InputError where a case has no such regime."""
    names = [r.name for r in case.file.regimes]
    if regime not in names:
        mend = f"give one of {', '.join(names)}"
        raise InputError([Problem("--regime", 0, 0, f"the case has no regime `{regime}`", mend)])
