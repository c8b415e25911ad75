"""An exercise of a case: its room, its record and the session that plays them, new or gone on with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from synaspis.errors import JournalError
from synaspis.exercise.again import Playable, resolved
from synaspis.exercise.entries import Opened
from synaspis.exercise.plan import Plan
from synaspis.exercise.room import Room
from synaspis.exercise.session import Session
from synaspis.model.case import Case


def makes(opened: Opened) -> Playable:
    """The room of a record's first entry. JournalError where its plan is none of this version."""
    try:
        plan = msgspec.convert(opened.plan, Plan)
    except msgspec.ValidationError as problem:
        raise JournalError(f"the record's plan cannot be read: {problem}") from problem
    return Room(resolved(opened), opened.regime, opened.seed, plan)


def new(log: Path, case: Case, regime: str, seed: int, plan: Plan, speed: float) -> Session:
    """An exercise that waits to be started, with its record in `log`. JournalError where that cannot be."""
    return Session.open(log, case, regime, seed, makes, msgspec.to_builtins(plan), speed)


def again(log: Path) -> Session:
    """The exercise of a record that was not closed, paused where it stopped. JournalError as of `Record`."""
    return Session.resume(log, makes)
