"""What some nations would have to spend by themselves: the cheapest laydown of a part of the coalition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from synaspis.model.case import Case
from synaspis.model.plan import AloneAnswer, Price
from synaspis.studies.planning import tell
from synaspis.studies.planning.study import Request, choose


def alone(case: Case, request: Request, members: Sequence[str], jobs: int) -> AloneAnswer:
    """The cheapest laydown with which `members` alone protect `request.protect` of their own people."""
    made = choose(of_members(case, members), replace(request, members=tuple(members)), jobs)
    added = tuple(tell.added(made.big.candidates[c]) for c in made.first.added)
    reached = made.clash is None
    prices = [x.price for x in added if x.price is not None]
    cost = Price(
        value=sum(x.value for x in prices), low=sum(x.low for x in prices), high=sum(x.high for x in prices)
    )
    return AloneAnswer(
        members=tuple(members),
        goal=made.p.goal,
        protected=made.first.worth.total,
        cost=cost if reached else None,
        laydown=added,
        nearest=() if made.clash is None else made.clash.nearest,
    )


def of_members(case: Case, members: Sequence[str]) -> Case:
    """The case with the sites alone whose owner and host are members, and with nobody else's people."""
    inside = set(members)
    return replace(
        case,
        file=replace(
            case.file,
            sensors=tuple(s for s in case.file.sensors if {s.owner, s.host or s.owner} <= inside),
            batteries=tuple(b for b in case.file.batteries if {b.owner, b.host or b.owner} <= inside),
            assets=tuple(a if a.nation in inside else replace(a, population=0.0) for a in case.file.assets),
        ),
    )
