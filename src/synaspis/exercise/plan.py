"""The plan of an exercise: what the director has prepared, at which time, and the missiles kept for it.

A plan changes nothing but what its injects do: who plays a case without one plays the same raid. Spares are
inputs as the raid is: entries of the case's own, or written out in the list; nothing looks for them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from synaspis.exercise.inputs import (
    DIRECTOR,
    Agree,
    Bring,
    Deploy,
    Draft,
    EndTurn,
    FalseAlarm,
    Inform,
    Inject,
    Launch,
    Lose,
    Move,
    Preauthorise,
    Proposal,
    Suspend,
    Unreachable,
    WarnPublic,
    Weather,
)
from synaspis.files import scenario
from synaspis.files.case import with_firings
from synaspis.model.case import Case
from synaspis.model.planning import PlanSite
from synaspis.model.scenario import MOVES, EventLine, MoveLine
from synaspis.model.threat import Firing


class Timed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An inject at a time of the case's clock, and what the director is told with it."""

    time_s: float
    what: Inject
    note: str = ""


class Spare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One missile that flies only when it is launched."""

    name: str
    firing: Firing


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a seat did in the turns before the raid."""

    seat: str
    what: Move


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A turn before the raid: what may be put on the table in it, and how long it lasts, s of the exercise's
    clock; with 0 until the director ends it."""

    title: str = ""
    for_s: float = 0.0
    may: tuple[str, ...] = tuple(MOVES)


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is prepared: injects by their time, spares, when the raid's part begins on the case's clock, what
    was agreed before the exercise, and the turns that people play before the raid, with sites to deploy to
    beside those of the case. A `notional` exercise is told in pseudonyms: see `exercise.notional`."""

    injects: tuple[Timed, ...] = ()
    spares: tuple[Spare, ...] = ()
    starts_s: float = 0.0
    title: str = ""
    before: tuple[Said, ...] = ()
    turns: tuple[Turn, ...] = ()
    sites: tuple[PlanSite, ...] = ()
    notional: bool = False


def read(path: str | os.PathLike[str], case: Case) -> Plan:
    """The plan in a master scenario events list. InputError with every problem found."""
    found, firings = scenario.read(path, case)
    injects = [Timed(e.time_s, inject_of(e), e.note) for e in found.injects]
    return Plan(
        injects=tuple(sorted(injects, key=lambda timed: timed.time_s)),
        spares=tuple(Spare(name, firing) for name, firing in firings.items()),
        starts_s=found.starts_s, title=found.title, before=before_of(found.before),
        turns=tuple(Turn(t.title, t.for_s, t.may or tuple(MOVES)) for t in found.turns), sites=found.sites,
    )  # fmt: skip


def before_of(lines: Sequence[MoveLine]) -> tuple[Said, ...]:
    """The turns before the raid, in order: what is put on the table in each, who agrees, and its end."""
    turns = sorted({line.turn for line in lines})
    found: list[Said] = []
    for turn in turns:
        for line in [each for each in lines if each.turn == turn]:
            what = proposal_of(line)
            found.append(Said(line.nation, what))
            found += [Said(nation, Agree(named(line.nation, what))) for nation in line.agreed]
        found.append(Said(DIRECTOR, EndTurn()))
    return tuple(found)


def named(by: str, what: Proposal) -> str:
    """The id of what a nation puts on the table: it tells nothing of what else is there."""
    told = msgspec.json.encode((by, what))
    return f"p{hashlib.blake2b(told, digest_size=5).hexdigest()}"


def proposal_of(line: MoveLine) -> Proposal:
    """A line of the turns as what is put on the table."""
    match line.type:
        case "bring":
            return Bring(line.clause)
        case "draft":
            return Draft(
                line.owner, line.recipient, line.product, line.delay_s, line.threatened, line.purposes
            )
        case "deploy":
            return Deploy(line.unit, line.site)
        case "preauthorise":
            return Preauthorise(line.clause, line.alert)
        case "inform":
            return Inform(line.state)
        case _:
            return WarnPublic()


def inject_of(event: EventLine) -> Inject:
    """A line of the list as what happens."""
    how_long = {} if event.for_s is None else {"for_s": event.for_s}
    match event.type:
        case "lose":
            return Lose(event.station, event.lost)
        case "suspend":
            return Suspend(event.agreement, event.suspended)
        case "false_alarm":
            return FalseAlarm(event.station, **how_long)
        case "weather":
            return Weather(event.area, event.cloudy)
        case "unreachable":
            return Unreachable(event.nation, **how_long)
        case _:
            return Launch(event.spare)


def encoded(plan: Plan) -> bytes:
    """The plan as JSON, the same bytes for the same plan: for the record."""
    return msgspec.json.encode(plan)


def decoded(told: bytes) -> Plan:
    """The plan that `encoded` wrote. msgspec.ValidationError where it is none."""
    return msgspec.json.decode(told, type=Plan)


def with_spares(case: Case, plan: Plan) -> Case:
    """The case whose raid ends with the plan's spares, in their order, one missile each.

    Their dice are named as those of any missile, so that nothing else changes. What is made of it must not
    fly them before they are launched: see `exercise.injecting`.
    """
    if not plan.spares:
        return case
    firings = [s.firing for s in plan.spares]
    grown = with_firings(case, firings)
    return replace(grown, file=replace(case.file, raid=(*case.file.raid, *firings)))
